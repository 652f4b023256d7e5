"""In: files of other publishers, whose projects nobody says are counted, and judgements.
Out: pages, files and charts of their own; nothing that counts imports it.
May import: all floors below it.
"""
