"""In: rows of a table, by one iterator for every format.
Out: CSV, XLSX and Word files, in constant memory where the format allows it.
May import: text, citations, vocabulary, columns, models.
"""

from .csv import defuse, restore_cell, write_csv, write_lines
from .rows import Keyed, batched, in_blocks, keyed_rows, laid_out, snapshot
from .word import Footnotes, add_table, new_document
from .xlsx import (
    TERMS,
    add_about,
    facts,
    for_paper,
    name_book,
    refuse_too_many,
    saved,
    write_xlsx,
)
