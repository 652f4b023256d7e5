"""Workbooks: an XLSX file to lines, once it has no more rows and cells than are allowed."""

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
    return {part.filename: _check_markup(archive, part) for part in parts}


def _check_markup(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> list[Merged]:
    """Return what is merged in a part; raises Refused for too many rows or cells, and for entities.

    Nothing is built of it. What is too large to build otherwise is refused by `sandbox`.
    """
    limits = settings.IMPORT_LIMITS
    # Distinct texts, "si", can be as many as cells.
    left = {"row": limits["lines"], "c": limits["cells"], "si": limits["cells"]}
    merged: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "mergeCell":
            merged.append(attributes.get("ref", ""))
        if name not in left:
            return
        left[name] -= 1
        if left["row"] < 0:
            raise too_long()
        if left[name] < 0:
            text = _("The workbook has more than the %d cells that are allowed. Save it as CSV.")
            raise Refused(text % limits["cells"])

    def doctype(*_declaration) -> None:
        # No spreadsheet program declares XML entities.
        raise broken()

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = start, doctype
    try:
        with archive.open(part) as file:
            parser.ParseFile(file)
        return [Merged(*range_boundaries(ref)) for ref in merged if _RANGE.fullmatch(ref)]
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
