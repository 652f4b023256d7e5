"""In: a spreadsheet with other columns than ours, and what somebody says of its texts.
Out: a file in the register’s columns, which is imported as any; only the desk asks for it.
May import: text, vocabulary, columns, history, models, asking, places, evidence, imports.
"""
