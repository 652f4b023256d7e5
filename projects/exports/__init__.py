"""Files of a table: one iterator of rows, and a writer for each format over it."""

from .csv import csv_lines, plain_lines, write_csv, write_lines
from .docx import MOST_PROJECTS, write_docx
from .formula import defuse, restore_cell
from .iati import IatiReport, NothingToReport, Organization, write_iati, write_left_out
from .json import write_json
from .rows import keyed_rows, rows, snapshot
from .word import Footnotes, new_document
from .xlsx import TERMS, NotMade, add_about, facts, head_cells, saved, write_xlsx
