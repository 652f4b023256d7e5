"""Workbooks: an XLSX file to lines, once nothing in it is larger than what reads it can bear."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from .lines import FORMULA, Line, Refused, broken, encrypted, too_long

_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
_RANGE = re.compile("[A-Z]{1,3}[1-9][0-9]{0,6}:[A-Z]{1,3}[1-9][0-9]{0,6}")
# Parts of a workbook that are not read row by row, by any name.
SMALL_PART = 4_000_000
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


@dataclass(frozen=True)
class Merged:
    """Cells that show one value: that of the first, at the top and to the left."""

    left: int
    top: int
    right: int
    bottom: int


class WorkbookSheet:
    """A visible sheet of a workbook, read row by row, as often as it is asked for."""

    def __init__(self, sheet: Any, merged: list[Merged]):
        self.sheet, self.merged = sheet, merged

    @property
    def name(self) -> str:
        return self.sheet.title

    def lines(self) -> Iterator[Line]:
        """Yield its rows as they are written; raises Refused, also in the middle."""
        try:
            self.sheet.reset_dimensions()  # what it says of its size is not to be trusted
            for number, row in enumerate(self.sheet.iter_rows(), start=1):
                yield number, [_cell(cell) for cell in row]
        except BROKEN as error:
            raise _broken(error) from None

    def filled_lines(self) -> Iterator[Line]:
        """Yield its rows, with merged text in each of the merged cells.

        Text that alone fills a row is a title, and is there once.
        """
        coming = sorted(self.merged, key=lambda one: one.top, reverse=True)
        open_: list[tuple[Merged, str]] = []
        for number, row in self.lines():
            cells = list(row)
            open_ = [(one, value) for one, value in open_ if one.bottom >= number]
            begun = []
            while coming and coming[-1].top <= number:
                one = coming.pop()
                begun.append((one, "".join(cells[one.left - 1 : one.left])))
            alone = len(begun) == 1 and sum(bool(cell.strip()) for cell in cells) == 1
            if not (alone and not open_):
                open_ += [(one, value) for one, value in begun if value.strip()]
            for one, value in open_:
                right = min(one.right, settings.IMPORT_LIMITS["columns"])
                cells += [""] * (right - len(cells))
                cells[one.left - 1 : right] = [value] * (right - one.left + 1)
            yield number, cells


def visible_sheets(file: IO[bytes]) -> list[WorkbookSheet]:
    merged = _check_archive(file)
    try:
        book = load_workbook(file, read_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except BROKEN as error:
        raise _broken(error) from None
    if not sheets:
        raise Refused(_("The file is empty."))
    return [WorkbookSheet(one, merged.get(one._worksheet_path, [])) for one in sheets]


def _check_archive(file: IO[bytes]) -> dict[str, list[Merged]]:
    """Raise Refused for what is larger than it may be; return what is merged, by part."""
    limits = settings.IMPORT_LIMITS
    try:
        archive = zipfile.ZipFile(file)
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise broken() from None
    if any(part.flag_bits & 1 for part in parts):
        raise encrypted()
    if "xl/workbook.xml" not in archive.namelist():
        raise broken()
    total = sum(part.file_size for part in parts)
    if total > limits["unpacked"] or len(parts) > limits["parts"]:
        text = _("The workbook unpacks to %(found)d bytes. At most %(allowed)d are allowed.")
        raise Refused(text, found=total, allowed=limits["unpacked"])
    merged = {}
    for part in parts:
        # These are read in bulk, at many times their size; those two row by row.
        streamed = part.filename.startswith("xl/worksheets/") or "sharedStrings" in part.filename
        bulky = part.filename.endswith((".xml", ".rels")) and part.file_size > SMALL_PART
        if bulky and not streamed:
            raise _too_large(part.filename)
        merged[part.filename] = _check_markup(archive, part)
    return merged


# A row, or a text that cells share, is built in memory as a whole: so much of it is allowed.
_MOST_ELEMENTS, _MOST_TEXT = 50_000, 4_000_000
# An element's start is held until it ends, and looked through again with every piece of it.
_LONGEST_START, _PIECE = 1_000_000, 65_536
# What Excel allows: in a cell, and so in an attribute; in a number format; in a formula.
_LONGEST_ATTRIBUTE, _LONGEST_FORMAT, _LONGEST_FORMULA = 32_767, 255, 8_192
_MOST_ATTRIBUTES = 1_000


class _Markup:
    """Looks through XML without building anything, and refuses what would be too large to build."""

    def __init__(self, name: str):
        self.name, self.limits = name, settings.IMPORT_LIMITS
        self.fed = self.elements = self.text = self.strings = 0
        self.counts = dict.fromkeys(("row", "si", "c"), 0)
        self.most = {
            "row": self.limits["lines"],
            "c": self.limits["cells"],
            # Distinct texts can be as many as cells.
            "si": self.limits["cells"],
        }
        # The formula that is being read: its length, and the name by which cells share it.
        self.formula, self.shared_as = 0, ""
        # How long the shared formulas are, and how much is written by copying them to cells.
        self.shared: dict[str, int] = {}
        self.copied = 0
        # What is merged, as "A2:A9"; as many as one row may have elements.
        self.merged: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype

    def read(self, file: IO[bytes]) -> None:
        """Look through the file; raises Refused, and expat's error where it is not XML."""
        while piece := file.read(_PIECE):
            self.parser.Parse(piece, False)
            self.fed += len(piece)
            if self.fed - self.parser.CurrentByteIndex > _LONGEST_START:
                raise _too_large(self.name)
        self.parser.Parse(b"", True)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name in self.counts:
            self.count(name)
        self.elements += 1
        if self.elements > _MOST_ELEMENTS or len(attributes) > _MOST_ATTRIBUTES:
            raise _too_large(self.name)
        for attribute, value in attributes.items():
            most = _LONGEST_FORMAT if attribute == "formatCode" else _LONGEST_ATTRIBUTE
            if len(value) > most:
                raise _too_large(self.name)
        if name == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
        if name == "f":
            self.formula, self.shared_as = 0, attributes.get("si", "")

    def count(self, name: str) -> None:
        if name != "c":
            self.elements, self.text = 0, 0
        self.counts[name] += 1
        if self.counts[name] <= self.most[name]:
            return
        if name == "row":
            raise too_long()
        text = _("The workbook has more than the %d cells that are allowed. Save it as CSV.")
        raise Refused(text % self.most[name])

    def characters(self, text: str) -> None:
        self.text += len(text)
        self.formula += len(text)
        if self.counts["si"]:
            self.strings += len(text)
        if self.text > _MOST_TEXT or self.strings > self.limits["bytes"]:
            raise _too_large(self.name)

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] != "f":
            return
        if self.shared_as and self.formula:
            self.shared[self.shared_as] = self.formula
        # Reading writes it again for every cell that shares it.
        self.copied += self.shared.get(self.shared_as, 0)
        if self.formula > _LONGEST_FORMULA or self.copied > _MOST_TEXT:
            raise _too_large(self.name)

    def doctype(self, *_declaration) -> None:
        # No spreadsheet program declares XML entities.
        raise broken()


def _too_large(part: str) -> Refused:
    text = _("“%s” of the workbook is too large to read. Remove what is beyond the table.")
    return Refused(text % part)


def _check_markup(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> list[Merged]:
    markup = _Markup(part.filename)
    try:
        with archive.open(part) as file:
            markup.read(file)
        return [Merged(*range_boundaries(ref)) for ref in markup.merged if _RANGE.fullmatch(ref)]
    except expat.ExpatError as error:
        # What is no markup, a picture say, is read as such no further than to here by anybody.
        if part.filename.endswith((".xml", ".rels")):
            raise _broken(error) from None
        return []
    except BROKEN as error:
        raise _broken(error) from None


def _broken(error: Exception) -> Refused:
    if getattr(error, "code", None) == _NO_MEMORY:
        raise MemoryError from error
    return broken()


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
