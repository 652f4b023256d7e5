"""In: query strings of programs and assistants, read-only, below /api/v1/.
Out: JSON, with a description by OpenAPI.
May import: reports, projects, and of the site errors and served.
"""
