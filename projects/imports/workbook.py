"""Workbooks: an XLSX file to lines, once it has no more rows and cells than are allowed."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple, range_boundaries

from .lines import FORMULA, Line, Marks, Refused, broken, encrypted, too_long

_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
_CELL = re.compile("[A-Z]{1,3}[1-9][0-9]{0,6}")
_RANGE = re.compile(f"{_CELL.pattern}:{_CELL.pattern}")
_TRUE = ("1", "true")
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


@dataclass
class Markup:
    """What the XML of a part says that openpyxl does not read of a large sheet.

    `formulas` are the places of cells that have one; `links` names addresses, which are `targets`
    of another part, by cells.
    """

    # Where the parser is.
    _row: int = 0
    _column: int = 0
    _cell: str | None = None
    merged: list[Merged] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    hidden_columns: list[int] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        get = attributes.get
        match name:
            case "mergeCell" if _RANGE.fullmatch(get("ref", "")):
                self.merged.append(Merged(*range_boundaries(attributes["ref"])))
            case "row":
                self._row, self._column = int(get("r") or self._row + 1), 0
                if get("hidden") in _TRUE:
                    self.hidden_rows.append(self._row)
            case "c":
                self._cell, self._column = get("r"), self._column + 1
            case "f":
                here = coordinate_to_tuple(self._cell) if self._cell else (self._row, self._column)
                self.formulas.add(here)
            case "col" if get("hidden") in _TRUE:
                most = settings.IMPORT_LIMITS["columns"]
                last = min(int(get("max", "0")), most)
                self.hidden_columns += range(int(get("min", "1")), last + 1)
            case "hyperlink" if "ref" in attributes:
                named = (one for key, one in attributes.items() if key.endswith(":id"))
                self.links[attributes["ref"]] = next(named, "")
            case "Relationship":
                self.targets[get("Id", "")] = get("Target", "")


class WorkbookSheet:
    """A visible sheet of a workbook, read row by row, as often as it is asked for.

    `marks` has what it has besides texts; its colours are those of the lines read so far.
    """

    def __init__(self, sheet: Any, markup: Markup, targets: dict[str, str]) -> None:
        self.sheet, self.name = sheet, sheet.title
        self.merged, self.formulas = markup.merged, markup.formulas
        self.marks = Marks(markup.hidden_columns, markup.hidden_rows)
        self._colours: dict[int, str] = {}
        for ref, name in markup.links.items():
            address = targets.get(name, "")
            if _CELL.fullmatch(ref) and address.startswith(("http://", "https://")):
                row, column = coordinate_to_tuple(ref)
                self.marks.links.setdefault(str(row), {})[str(column)] = address

    def _colour(self, cell: Any) -> str:
        """Return the colour that a cell is filled with, as RRGGBB or by its theme, "" for white."""
        style = getattr(cell, "_style_id", 0)
        if style not in self._colours:
            is_solid = style and cell.fill.fill_type == "solid"
            self._colours[style] = _colour_of(cell.fill.fgColor) if is_solid else ""
        return self._colours[style]

    def lines(self) -> Iterator[Line]:
        """Yield its rows as they are written; raises Refused, also in the middle."""
        try:
            self.sheet.reset_dimensions()  # what it says of its size is not to be trusted
            for number, row in enumerate(self.sheet.iter_rows(), start=1):
                colours = {colour: None for cell in row if (colour := self._colour(cell))}
                if colours:
                    self.marks.colours[str(number)] = "; ".join(colours)
                cells = enumerate(row, start=1)
                yield number, [_cell(one, (number, at) in self.formulas) for at, one in cells]
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
                area = coming.pop()
                begun.append((area, "".join(cells[area.left - 1 : area.left])))
            alone = len(begun) == 1 and sum(bool(cell.strip()) for cell in cells) == 1
            if not (alone and not open_):
                open_ += [(one, value) for one, value in begun if value.strip()]
            for area, value in open_:
                right = min(area.right, settings.IMPORT_LIMITS["columns"])
                cells += [""] * (right - len(cells))
                cells[area.left - 1 : right] = [value] * (right - area.left + 1)
            yield number, cells


def visible_sheets(file: IO[bytes]) -> list[WorkbookSheet]:
    """Return the visible sheets of a workbook, with the values that formulas had at last."""
    parts = _check_archive(file)
    try:
        book = load_workbook(file, read_only=True, keep_links=False, data_only=True)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except BROKEN as error:
        raise _broken(error) from None
    if not sheets:
        raise Refused(_("The file is empty."))
    visible = []
    for sheet in sheets:
        folder, _slash, part = sheet._worksheet_path.rpartition("/")
        linked = parts.get(f"{folder}/_rels/{part}.rels", Markup())
        markup = parts.get(sheet._worksheet_path, Markup())
        visible.append(WorkbookSheet(sheet, markup, linked.targets))
    return visible


def _check_archive(file: IO[bytes]) -> dict[str, Markup]:
    """Raise Refused for what is larger than it may be; return what the XML says, by part."""
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


def _check_markup(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Markup:
    """Return what the XML of a part says; raises Refused for too many rows or cells, and entities.

    Nothing else is built of it. What is too large to build otherwise is refused by `sandbox`.
    """
    limits = settings.IMPORT_LIMITS
    # Distinct texts, "si", can be as many as cells.
    left = {"row": limits["lines"], "c": limits["cells"], "si": limits["cells"]}
    markup = Markup()

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        markup.start(name, attributes)
        if name not in left:
            return
        left[name] -= 1
        if left["row"] < 0:
            raise too_long()
        if left[name] < 0:
            text = _("The workbook has more than the %d cells that are allowed. Save it as CSV.")
            raise Refused(text % limits["cells"])

    def doctype(*_declaration: Any) -> None:
        # No spreadsheet program declares XML entities.
        raise broken()

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = start, doctype
    try:
        with archive.open(part) as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        # What is no markup, a picture say, is read as such no further than to here by anybody.
        if part.filename.endswith((".xml", ".rels")):
            raise _broken(error) from None
    except BROKEN as error:
        raise _broken(error) from None
    return markup


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


def _colour_of(colour: Any) -> str:
    if colour.type == "rgb":
        return "" if colour.rgb[-6:] == "FFFFFF" else str(colour.rgb[-6:])
    return f"{colour.type} {colour.value}{colour.tint:+.1f}"


def _cell(cell: Any, is_formula: bool) -> str:
    value = cell.value
    if value is None:
        return FORMULA if is_formula else ""
    if cell.data_type in ("e", "b"):
        return f"{FORMULA}{value}"
    if isinstance(value, (datetime, date)):
        return _date(value, cell.number_format)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
