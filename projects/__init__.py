"""In: what the report counts, what staff and files say of projects, and readers’ questions.
Out: records with their history, answers with their state, lists, pages and files.
May import: no other app: it is the lowest of the three.
"""
