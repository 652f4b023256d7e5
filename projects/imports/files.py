"""Reading a file that somebody sent to lines of text cells, or a refusal by name.

CSV or XLSX in known columns; with any columns, all sheets of a workbook, or a PDF.

Nothing here trusts the file. A workbook is bounded before it is parsed, by the sizes that its
archive declares (which reading then enforces) and by its rows and cells, a table while it is read.
The limits are settings and are named in the messages. What these bounds miss is met by the process
that the file is read in: `sandbox`.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, islice
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from ..columns import PROJECT_TABLE
from ..text import letters_and_digits
from .lines import HEADER_WITHIN, MARKS, SHEET, Line, Marks, Refused, too_long, too_many_bytes
from .workbook import WorkbookSheet, visible_sheets

EXTENSIONS = ("csv", "tsv", "txt", "xlsx", "pdf")
# Readers of PDF take a file that has this near its beginning.
_PDF = b"%PDF-"
# Stands below the head of what OCHA's tools read (hxlstandard.org/standard/1-1final/tagging).
_HXL_TAG = re.compile(r"\s*#[A-Za-z]\w*(\s*\+[A-Za-z]\w*)*\s*")
# What guesses are called.
_ENCODINGS = {"cp1252": "Windows-1252", "utf-16-le": "UTF-16"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_any(name: str, file: IO[bytes], mapped: bool | None = False) -> Iterator[Line]:
    """Yield (line number, cells) for every line of the file that is not blank.

    In the register's columns the header comes first: the first line with two of them. A file is in
    these if it has the reference among them, and is not to be `mapped` all the same, or if it may
    be no other (None). The tables of a PDF never are. Of another file, each sheet begins with a
    line of number 0 that has its name, and a merged cell is repeated in every cell that it covers.

    Cells are text: dates of a workbook as YYYY-MM-DD, whole numbers without a fraction. Raises
    Refused, also in the middle of the file.
    """
    start = first_bytes(name, file)
    if _PDF in start:
        if mapped is None:
            raise Refused(_("A PDF can only be imported at the desk. Send CSV or XLSX."))
        # It is large, and no web worker nor any other file needs it.
        from .pdf import pdf_lines  # noqa: PLC0415 - loaded only where a PDF is read

        return within_limits(chain([(SHEET, [""])], pdf_lines(file)))
    sheets = visible_sheets(file) if start.startswith(b"PK") else []
    marks = Marks()
    guess = None if mapped is None else marks
    lines = within_limits(sheets[0].lines() if sheets else text_lines(file, start, guess))
    if mapped is None:
        return from_header(lines)
    head = list(islice(lines, HEADER_WITHIN))
    # Where the encoding is a guess, somebody looks at it: on the page of the columns.
    if not mapped and not marks.encoding and _is_ours(head):
        return from_header(chain(head, lines))
    if not sheets:
        return chain([(SHEET, [""])], head, lines, [marks.line])
    return within_limits(chain.from_iterable(map(_with_marks, sheets)))


def _with_marks(sheet: WorkbookSheet) -> Iterator[Line]:
    yield SHEET, [sheet.name]
    yield from sheet.filled_lines()
    # Its colours are known by now.
    yield sheet.marks.line


def _is_ours(head: list[Line]) -> bool:
    found = [{PROJECT_TABLE.column_of(cell) for cell in cells} for _number, cells in head]
    return any("reference" in names and len(names - {""}) > 1 for names in found)


def first_bytes(name: str, file: IO[bytes]) -> bytes:
    """Return the file's first bytes; raises Refused for what is too large, empty or no table."""
    limits = settings.IMPORT_LIMITS
    size = file.seek(0, io.SEEK_END)
    if size > limits["bytes"]:
        raise too_many_bytes()
    file.seek(0)
    start = file.read(512)
    if not start.strip() and not file.read().strip():
        raise Refused(_("The file is empty."))
    file.seek(0)
    if start.startswith(_OLD_OFFICE):
        raise Refused(
            _("The file is encrypted, or an old .xls. Save it as .xlsx without a password.")
        )
    kind = "xlsx" if start.startswith(b"PK") else "pdf" if _PDF in start else ""
    extension = name.rpartition(".")[2].lower()
    if extension not in EXTENSIONS or kind != (extension if extension in ("xlsx", "pdf") else ""):
        text = _("The name “%s” does not fit the content. Allowed: .csv, .tsv, .txt, .xlsx, .pdf.")
        raise Refused(text % name)
    return start


def within_limits(lines: Iterator[Line]) -> Iterator[Line]:
    """Yield the lines that are not blank, of all sheets; raises Refused where they are too many.

    What of them is a heading is not known here: as many more are let through as may be headings.
    """
    limits = settings.IMPORT_LIMITS
    rows = characters = 0
    for number, cells in lines:
        if number in (SHEET, MARKS):
            yield number, cells
            continue
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            # Rows that a workbook skips are counted too: one cell far down costs as much.
            if number > limits["lines"]:
                raise too_long()
            continue
        rows += 1
        if rows > limits["rows"] + HEADER_WITHIN:
            raise too_long()
        if len(cells) > limits["columns"]:
            text = _("Row %(row)d has %(found)d columns. At most %(allowed)d are allowed.")
            raise Refused(text, row=number, found=len(cells), allowed=limits["columns"])
        # Cells of a workbook can share a text; kept, each has its own.
        characters += sum(map(len, cells))
        if characters > limits["bytes"]:
            raise Refused(
                _("The cells have more than the %d characters that are allowed.") % limits["bytes"]
            )
        longest = max(len(cell) for cell in cells)
        if longest > limits["cell"]:
            text = _(
                "Row %(row)d has a cell of %(found)d characters. At most %(allowed)d are allowed."
            )
            raise Refused(text, row=number, found=longest, allowed=limits["cell"])
        yield number, cells


def _known(cells: list[str]) -> int:
    known = {letters_and_digits(name) for name in PROJECT_TABLE.names}
    return sum(letters_and_digits(cell) in known for cell in cells)


def from_header(lines: Iterator[Line]) -> Iterator[Line]:
    first = list(islice(lines, HEADER_WITHIN))
    for place, (_number, cells) in enumerate(first):
        if _known(cells) > 1:
            header, *others = first[place:]
            return chain([header], _below(chain(others, lines)))
    text = _("No header was found in the first %(number)d rows. Expected columns: %(names)s.")
    raise Refused(text, number=HEADER_WITHIN, names=", ".join(PROJECT_TABLE.names))


def _below(lines: Iterator[Line]) -> Iterator[Line]:
    """Yield the lines below a header, but for a row of HXL tags; raises Refused for too many."""
    first = list(islice(lines, 1))
    if all(_HXL_TAG.fullmatch(cell) for _number, cells in first for cell in cells if cell.strip()):
        first = []
    for row, line in enumerate(chain(first, lines), start=1):
        if row > settings.IMPORT_LIMITS["rows"]:
            raise too_long()
        yield line


def _encoding_of(file: IO[bytes], start: bytes, marks: Marks | None) -> str:
    """Return how a text is encoded; a guess is kept in the `marks`, if there are any.

    A guess is UTF-16 without its mark, or Windows-1252, as spreadsheet programs in western Europe
    save CSV.
    """
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    content = file.read()
    file.seek(0)
    # Every second byte of it is 0 where letters are Latin.
    is_wide = start[1::2].count(0) * 2 > len(start[1::2])
    for guess in ("utf-8-sig", *(("utf-16-le",) if is_wide else ()), "cp1252"):
        with suppress(UnicodeDecodeError):
            text = content.decode(guess)
            if marks is None or guess == "utf-8-sig":
                break
            if "\0" not in text:
                marks.encoding = _ENCODINGS[guess]
                marks.examples = [one for one in text.splitlines() if not one.isascii()][:2]
                return guess
    return "utf-8-sig"


def text_lines(file: IO[bytes], start: bytes, marks: Marks | None) -> Iterator[Line]:
    """Yield the lines of a CSV file; if its encoding is a guess, that is kept in the `marks`.

    Without these, and for what is in none of the encodings, it raises Refused.
    """
    encoding = _encoding_of(file, start, marks)

    def lines() -> Iterator[str]:
        # Held on to: an unwanted wrapper closes the file.
        wrapper = io.TextIOWrapper(file, encoding=encoding, newline="")
        try:
            for number, line in enumerate(wrapper, start=1):
                if "\0" in line:
                    raise _not_text(0, number)
                yield line
        except UnicodeDecodeError:
            # The wrapper counts from the start of its chunk; name the place in the file.
            file.seek(0)
            for number, raw in enumerate(file, start=1):
                try:
                    raw.decode()
                except UnicodeDecodeError as error:
                    raise _not_text(raw[error.start], number) from None

    text = lines()
    head = list(islice(text, HEADER_WITHIN))
    delimiter = max(",;\t", key=lambda sign: _likeness_of_table(_split(iter(head), sign)))
    reader = csv.reader(chain(head, text), delimiter=delimiter, strict=True)
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = _("Line %(line)d cannot be read as CSV: %(error)s.")
            raise Refused(message, line=reader.line_num, error=error) from None
        yield first, cells


def _not_text(byte: int, line: int) -> Refused:
    text = _(
        "The file is not UTF-8 text (byte 0x%(byte)02X in line %(line)d). Save it as “CSV UTF-8”, "
        "or as .xlsx."
    )
    return Refused(text, byte=byte, line=line)


def _likeness_of_table(rows: list[list[str]]) -> tuple[int, int]:
    """Return how many of our headings a row has at most, and how many rows are equally long."""
    lengths = Counter(len(row) for row in rows if len(row) > 1)
    return max(map(_known, rows), default=0), max(lengths.values(), default=0)


def _split(lines: Iterator[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []
