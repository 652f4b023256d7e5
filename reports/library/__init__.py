"""In: the report’s paragraphs, and statements that were read from documents.
Out: pages, files and a search of what the report says, word for word.
May import: projects, and of reports the models, overview, breakdowns and reconciliation.
"""
