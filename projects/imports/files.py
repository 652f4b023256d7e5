"""Reading a file that somebody sent: CSV or XLSX to lines of text cells, or a refusal by name.

Nothing here trusts the file. What it may cost is bounded before it is parsed: a workbook by the
sizes that its archive declares (which reading then enforces), a table by rows and columns while it
is read. The limits are settings and are named in the messages.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, islice
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from ..columns import PROJECT_TABLE
from ..text import letters_and_digits

# The header may stand below a title, not further down than this.
HEADER_WITHIN = 10
# Parts of a workbook that are not read row by row, whatever they are called.
SMALL_PART = 4_000_000
# Marks a cell that holds a formula, an error or a truth value; no text that is allowed begins so.
FORMULA = "\x1d"
# What reading a broken archive or its XML raises.
BROKEN = (
    ParseError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    EOFError,
    OSError,
    KeyError,
    IndexError,
    TypeError,
    ValueError,
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Refused(Exception):
    """The file as a whole cannot be imported; the message says why and what is allowed."""


Line = tuple[int, list[str]]


def check_size(size: int) -> None:
    """Raise Refused for a file of more bytes than are allowed; ask before reading it."""
    allowed = settings.IMPORT_LIMITS["bytes"]
    if size > allowed:
        raise Refused(
            _("The file has %(found)d bytes; allowed are %(allowed)d.")
            % {"found": size, "allowed": allowed}
        )


def read_lines(name: str, content: bytes) -> Iterator[Line]:
    """Yield (line number, cells) for every line of the file that is not blank, header first.

    Cells are text: dates of a workbook as YYYY-MM-DD, whole numbers without a fraction. Raises
    Refused, also in the middle of the file.
    """
    limits = settings.IMPORT_LIMITS
    check_size(len(content))
    if not content.strip():
        raise Refused(_("The file is empty."))
    if content.startswith(_OLD_OFFICE):
        raise Refused(
            _(
                "The file is an encrypted workbook, or one of the old format .xls. Save it as "
                ".xlsx without a password, or as CSV."
            )
        )
    is_workbook = content.startswith(b"PK")
    extension = name.rpartition(".")[2].lower()
    if extension not in ("csv", "txt", "tsv", "xlsx") or is_workbook != (extension == "xlsx"):
        kind = _("a workbook or another archive") if is_workbook else _("text or something else")
        raise Refused(
            _("“%(name)s” does not fit its content, %(kind)s. Allowed: .csv, .tsv, .txt, .xlsx.")
            % {"name": name, "kind": kind}
        )
    lines = _workbook(content) if is_workbook else _text_lines(content)
    return _from_header(_within(lines, limits))


def _within(lines: Iterator[Line], limits: dict) -> Iterator[Line]:
    rows = characters = 0
    for number, cells in lines:
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            # Rows that a workbook skips are counted too: one cell far down costs as much.
            if number > limits["rows"] + HEADER_WITHIN:
                raise _too_long(limits)
            continue
        rows += 1
        if rows > limits["rows"] + HEADER_WITHIN:
            raise _too_long(limits)
        if len(cells) > limits["columns"]:
            raise Refused(
                _("Row %(row)d has %(found)d columns; allowed are %(allowed)d.")
                % {"row": number, "found": len(cells), "allowed": limits["columns"]}
            )
        # Cells of a workbook can share a text; kept, each has its own.
        characters += sum(map(len, cells))
        if characters > limits["bytes"]:
            raise Refused(
                _("The file’s cells have more than the %d characters that are allowed.")
                % limits["bytes"]
            )
        longest = max(len(cell) for cell in cells)
        if longest > limits["cell"]:
            raise Refused(
                _("Row %(row)d has a cell of %(found)d characters; allowed are %(allowed)d.")
                % {"row": number, "found": longest, "allowed": limits["cell"]}
            )
        yield number, cells


def _too_long(limits: dict) -> Refused:
    return Refused(_("The file has more than the %d rows that are allowed.") % limits["rows"])


def column_of(heading: str) -> str:
    """Return the column that a heading names, or nothing; capitals, spaces and signs aside."""
    return _HEADINGS.get(letters_and_digits(heading), "")


_HEADINGS = {letters_and_digits(name): name for name in PROJECT_TABLE.names}


def _known(cells: list[str]) -> int:
    return sum(bool(column_of(cell)) for cell in cells)


def _from_header(lines: Iterator[Line]) -> Iterator[Line]:
    first = list(islice(lines, HEADER_WITHIN))
    for place, (_number, cells) in enumerate(first):
        if _known(cells) > 1:
            return chain(first[place:], lines)
    raise Refused(
        _("No header was found in the first %(number)d rows. Expected columns: %(names)s.")
        % {"number": HEADER_WITHIN, "names": ", ".join(PROJECT_TABLE.names)}
    )


def _text_lines(content: bytes) -> Iterator[Line]:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    if encoding == "utf-8-sig" and b"\0" in content:
        raise Refused(_("The file is not text: it contains NUL bytes."))

    def lines() -> Iterator[str]:
        try:
            yield from io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
        except UnicodeDecodeError:
            # The wrapper counts from the start of its chunk; name the place in the file.
            place = _first_not_utf8(content)
            raise Refused(
                _(
                    "The file is not UTF-8 (byte 0x%(byte)02X in line %(line)d); probably it is "
                    "Windows-1252. Save it as “CSV UTF-8”, or as .xlsx."
                )
                % {"byte": content[place], "line": content.count(b"\n", 0, place) + 1}
            ) from None

    text = lines()
    head = list(islice(text, HEADER_WITHIN))
    delimiter = max(
        ",;\t",
        key=lambda sign: max((_known(row) for row in _split(iter(head), sign)), default=0),
    )
    reader = csv.reader(chain(head, text), delimiter=delimiter, strict=True)
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refused(
                _("Line %(line)d cannot be read as CSV: %(error)s.")
                % {"line": reader.line_num, "error": error}
            ) from None
        yield first, cells


def _split(lines: Iterator[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []


def _first_not_utf8(content: bytes) -> int:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _workbook(content: bytes) -> Iterator[Line]:
    _check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise Refused(_("The workbook has no visible sheet."))
        sheet = sheets[0]
        sheet.reset_dimensions()  # what it says of its size is not to be trusted
        for number, row in enumerate(sheet.iter_rows(), start=1):
            yield number, [_cell(cell) for cell in row]
    except (
        ParseError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        OSError,
        EOFError,
    ) as e:
        raise Refused(_("The workbook is broken: %s.") % (e or type(e).__name__)) from None


def _check_archive(content: bytes) -> None:
    limits = settings.IMPORT_LIMITS
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Refused(_("The file is not a whole workbook: its archive is broken.")) from None
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(_("The workbook is encrypted. Save it without a password."))
    if "xl/workbook.xml" not in archive.namelist():
        raise Refused(_("The file is an archive, but not a workbook (.xlsx)."))
    total = sum(part.file_size for part in parts)
    if total > limits["unpacked"] or len(parts) > limits["parts"]:
        raise Refused(
            _(
                "The workbook unpacks to %(found)d bytes in %(parts)d parts; allowed are "
                "%(allowed)d bytes in %(most)d parts."
            )
            % {
                "found": total,
                "parts": len(parts),
                "allowed": limits["unpacked"],
                "most": limits["parts"],
            }
        )
    for part in parts:
        # These are read in bulk, at many times their size; those two row by row.
        streamed = part.filename.startswith("xl/worksheets/") or "sharedStrings" in part.filename
        bulky = part.filename.endswith((".xml", ".rels")) and part.file_size > SMALL_PART
        if bulky and not streamed:
            raise Refused(
                _("The workbook’s “%(name)s” has %(found)d bytes; allowed are %(most)d.")
                % {"name": part.filename, "found": part.file_size, "most": SMALL_PART}
            )
        if part.filename.endswith((".xml", ".rels")):
            _check_markup(archive, part)


# A row, or a text that rows share, is built in memory as a whole: so much of it is allowed.
_RECORDS = ("row", "si")
_MOST_ELEMENTS, _MOST_TEXT = 50_000, 4_000_000


class _Markup:
    """Looks through XML without building anything, and refuses what would be too large to build."""

    def __init__(self, name: str):
        self.name, self.elements, self.text, self.records = name, 0, 0, 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype

    def start(self, tag: str, _attributes) -> None:
        record = tag.rpartition(":")[2]
        if record in _RECORDS:
            self.elements, self.text = 0, 0
            self.records += 1
            most = settings.IMPORT_LIMITS["rows"] + HEADER_WITHIN
            # Distinct texts can be as many as cells; rows only as many as are allowed.
            if self.records > most * (1 if record == "row" else 20):
                raise _too_long(settings.IMPORT_LIMITS)
        self.elements += 1
        if self.elements > _MOST_ELEMENTS:
            raise self.too_large()

    def characters(self, text: str) -> None:
        self.text += len(text)
        if self.text > _MOST_TEXT:
            raise self.too_large()

    def doctype(self, *_declaration) -> None:
        raise Refused(_("The workbook declares XML entities, which no spreadsheet does."))

    def too_large(self) -> Refused:
        return Refused(
            _("The workbook’s “%s” has a row too large to read: remove what is beyond the table.")
            % self.name
        )


def _check_markup(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    markup = _Markup(part.filename)
    try:
        with archive.open(part) as file:
            while chunk := file.read(65_536):
                markup.parser.Parse(chunk, False)
            markup.parser.Parse(b"", True)
    except (*BROKEN, expat.ExpatError) as error:
        raise Refused(_("The workbook is broken: %s.") % type(error).__name__) from None


def _date(value: date, number_format: str) -> str:
    """Return a date as precisely as its cell shows it: a spreadsheet makes a day of 2017-06."""
    shown = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format.lower())
    text = value.isoformat()[:10]
    if "d" in shown or value.day > 1:
        return text
    if "m" in shown or value.month > 1:
        return text[:7]
    return text[:4] if "y" in shown else text


def _cell(cell) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e", "b"):
        return f"{FORMULA}{value}"
    if isinstance(value, (datetime, date)):
        return _date(value, cell.number_format)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
