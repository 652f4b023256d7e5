"""The rows of a workbook's first sheet: a program of its own, whose time and memory are bounded.

`python sheet.py TEMPLATE SECONDS BYTES` reads rows as CSV and writes the workbook: TEMPLATE, an
XLSX file that has everything but these rows, with each cell as text. It needs nothing but Python,
so that it starts at once, and holds few rows at a time.
"""

import csv
import re
import resource
import shutil
import sys
import zipfile
from collections.abc import Iterable, Iterator
from html import escape
from itertools import count, islice

FIRST_SHEET = "xl/worksheets/sheet1.xml"
_END_OF_ROWS = b"</sheetData>"
# Letters of columns: as many as a table can have that a person reads.
_LETTERS = [f"{first}{last}" for first in ("", "A", "B") for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
_ROWS_AT_ONCE = 200
# What has to be written in another way, or is not kept by a reader of XML unless it is asked to; in
# cells that are joined by "|".
_HARD = re.compile(r"[&<>\x00-\x1f\ufffe\uffff]|(?:^|\|)\s|\s(?:\||$)")
# What XML does not carry, and what is shown for it.
_NOT_IN_XML, _SHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"), "\ufffd"


def as_xml(rows: Iterable[list[str]]) -> Iterator[str]:
    """Yield the rows as a sheet has them from its second line on, without the empty cells."""
    for number, row in zip(count(2), rows, strict=False):
        text, texts = "<t>", row
        if _HARD.search("|".join(row)):
            text = '<t xml:space="preserve">'
            texts = [escape(_NOT_IN_XML.sub(_SHOWN, cell), quote=False) for cell in row]
        cells = [
            f'<c r="{letters}{number}" t="inlineStr"><is>{text}{cell}</t></is></c>'
            for letters, cell in zip(_LETTERS, texts, strict=False)
            if cell
        ]
        yield f'<row r="{number}">{"".join(cells)}</row>'


def fill(template: str, rows: Iterable[list[str]], into) -> None:
    """Write the template to an open file, with these rows in its first sheet."""
    with (
        zipfile.ZipFile(template) as old,
        # The level that costs a third of the usual one's time, for a tenth more bytes.
        zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=2) as new,
    ):
        for part in old.namelist():
            with old.open(part) as there, new.open(part, "w", force_zip64=True) as sheet:
                if part != FIRST_SHEET:
                    shutil.copyfileobj(there, sheet)
                    continue
                before, end, after = there.read().rpartition(_END_OF_ROWS)
                sheet.write(before)
                waiting = as_xml(rows)
                while some := "".join(islice(waiting, _ROWS_AT_ONCE)):
                    sheet.write(some.encode())
                sheet.write(end + after)


if __name__ == "__main__":
    seconds, memory = map(int, sys.argv[2:])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Elsewhere an address space cannot be bounded.
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with open(0, encoding="utf-8", newline="") as lines, open(1, "wb") as book:
        fill(sys.argv[1], csv.reader(lines), book)
