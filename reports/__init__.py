"""In: reports with their figures and texts, and the register’s answers.
Out: breakdowns, tables, charts, pictures, editions’ pages and files that cite their source.
May import: projects.
"""
