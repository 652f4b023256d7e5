"""A spreadsheet with other columns: these are mapped, values translated, rows matched.

What comes out is a file in the register's columns, which is imported as any. Nothing but the desk
imports this package.
"""
