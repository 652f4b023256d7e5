"""In: what staff write in forms and send as files.
Out: pages of the admin, one module a subject; changes inside a recording, or held as a batch.
May import: reports, projects, and of the site login, models and served.
"""
