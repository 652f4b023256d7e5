"""Files of a table: one iterator of rows, and a writer for each format over it."""

from .csv import defuse, restore_cell, write_csv, write_lines
from .json import named_rows, write_ndjson
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
