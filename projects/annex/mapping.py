"""The mapping of a sheet: which of its columns is which of ours, and the rows that this gives.

A sheet is stored as it was read (`files.read_any`). What its columns mean is a Layout, stored
with the batch, and under a name for the next sheet that looks the same.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, groupby, islice, pairwise

from django.conf import settings
from openpyxl.utils import get_column_letter

from ..columns import PROJECT_TABLE, SEPARATOR
from ..imports.lines import HEADER_WITHIN, SHEET, Line, keep_lines, kept_lines
from ..imports.names import rows_of
from ..imports.reading import OF_SECTIONS
from ..text import letters_and_digits, without_unseen
from ..vocabulary import Provenance

# The rows of a sheet that are shown of it at least, and the most that are looked at for them.
SAMPLE, LOOKED_AT = 6, 300
# The name of a column without a heading, by its place.
_UNNAMED = re.compile("Column ([A-Z]+)")
# Among the values of a row: that it is national, and names countries and no region.
LACKS_REGION = "lacks_region"
# Every way to write “nothing” is shorter than this.
LONGEST_NOTHING = 30
# What a column of a sheet, the heading of a section or the name of a sheet can be.
TARGETS = ["reference", *PROJECT_TABLE.correctable, *PROJECT_TABLE.bases.values()]
# What ends a table or a section of it, and is no project; and what is below it, alone in its line.
_TOTAL = re.compile(
    r"(?:grand |sub-?)?totals?\s*(?:$|[:(=0-9–-]|(?:number|of|for)\b)|(?:итого|المجموع|合计|总计)",
    re.I,
)
_FOOTER = re.compile(r"(?:sources?|notes?)\s*:", re.I)
# Texts of one line; and texts that, like values, can be a way to write “nothing”.
ONE_LINE = ("reference", "title", "source", "link")
OR_NOTHING = ("summary", "methodology", "link")
# What can be the same of all rows.
CONSTANTS = ("in_matrix", "source", "provenance", *OF_SECTIONS, *PROJECT_TABLE.bases.values())


@dataclass
class Layout:
    """What a sheet's parts mean.

    `headers` has the first and last line of the headings by the names of the sheets that are read;
    `columns` our columns by headings; `down` the headings below which an empty cell stands for
    what is above it; `sections` and `names` what the headings of sections and the names of sheets
    say; `constants` what is the same of all rows; `headings` texts that are headings of sections.
    """

    headers: dict[str, list[int]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    down: list[str] = field(default_factory=list)
    sections: str = ""
    names: str = ""
    constants: dict[str, str] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)

    @property
    def said(self) -> set[str]:
        found = {*self.columns.values(), self.sections, self.names, *self.constants}
        return found - {""}


@dataclass(frozen=True)
class SheetColumn:
    """A column; `sample` has some rows' places and what they have in it, the same rows of each."""

    heading: str
    sample: list[tuple[str, str]]
    empty: int


@dataclass
class Row:
    """A row of a sheet: its place, and its texts by our columns.

    One that is a `heading` of a section says nothing of a project. `tidied` has, by our columns,
    what the sheet has for texts that are read otherwise, `was` for those somebody wrote instead.
    """

    sheet: str
    number: int
    texts: dict[str, str]
    heading: str = ""
    tidied: dict[str, str] = field(default_factory=dict)
    was: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.sheet} {self.number}"

    @property
    def has_name(self) -> bool:
        return bool(self.texts.get("title") or self.texts.get("reference"))


def sheets_of(content: bytes) -> Iterator[tuple[str, Iterator[Line]]]:
    """Yield the name and the lines of every sheet, to be read one after the other."""
    name = ""

    def named(line: Line) -> str:
        nonlocal name
        number, cells = line
        if number == SHEET:
            name = cells[0]
        return name

    for sheet, lines in groupby(kept_lines(content), key=named):
        yield sheet, (line for line in lines if line[0] > SHEET)


@cache
def _synonyms() -> dict[str, str]:
    called = {name: PROJECT_TABLE.by_name[name].synonyms.split(SEPARATOR) for name in TARGETS}
    return {
        letters_and_digits(one): name
        for name, synonyms in called.items()
        for one in (name, *filter(None, synonyms))
    }


def column_called(heading: str) -> str:
    """Return our column that a heading means, or nothing: by the whole of it, or by its last."""
    known = _synonyms()
    whole = known.get(letters_and_digits(heading), "")
    return whole or known.get(letters_and_digits(heading.rpartition(" · ")[2]), "")


def headings(upper: list[str], lower: list[str] | None = None) -> list[str]:
    """Return the headings of one or two lines, each different: "Geography · Scope"."""
    lower = [""] * len(upper) if lower is None else lower
    width = max(len(upper), len(lower))
    padded = ([*row, *[""] * (width - len(row))] for row in (upper, lower))
    found: list[str] = []
    for pair in zip(*padded, strict=True):
        parts = dict.fromkeys(" ".join(one.split()) for one in pair if one.strip())
        found.append(" · ".join(parts))
    seen: Counter[str] = Counter()
    for place, heading in enumerate(found):
        seen[heading] += 1
        if heading and seen[heading] > 1:
            found[place] = f"{heading} ({seen[heading]})"
    return found


def header_in(head: list[Line]) -> list[int]:
    """Return the first and last line of what looks most like headings of ours, or nothing."""

    def known(names: list[str]) -> int:
        return len({column_called(name) for name in names} - {""})

    found = [(known(headings(cells)), -number, [number, number]) for number, cells in head]
    for (number, cells), (below, more) in pairwise(head):
        two = known(headings(cells, more))
        # Two lines only if each of them has headings that the other lacks.
        if two > max(known(headings(cells)), known(headings(more))):
            found.append((two, -number, [number, below]))
    best = max(found, default=(0, 0, []))
    return best[2] if best[0] > 1 else []


def _header(lines: Iterator[Line], header: list[int]) -> list[str]:
    rows = []
    for number, cells in lines:
        if number >= header[0]:
            rows.append(cells)
        if number >= header[1]:
            break
    return headings(rows[0], rows[-1] if len(rows) > 1 else None) if rows else []


def _called(names: list[str]) -> list[str]:
    more = settings.IMPORT_LIMITS["columns"] - len(names)
    places = enumerate([*names, *[""] * more], start=1)
    return [name or f"Column {get_column_letter(place)}" for place, name in places]


def named(headings: Iterable[str]) -> set[str]:
    """Return the headings that are written in a sheet: they identify the next one like it."""
    return {heading for heading in headings if not _UNNAMED.fullmatch(heading)}


def as_sheet(content: bytes) -> bytes:
    """Return the lines of a file in the register's columns as those of a sheet."""
    lines = io.BytesIO()
    keep_lines(chain([(SHEET, [""])], kept_lines(content)), lines)
    return lines.getvalue()


def of_register(sheet: bytes) -> Layout:
    """Return what the columns of such a sheet mean, as their names say."""
    _sheet, (number, cells) = islice(kept_lines(sheet), 2)
    columns = {one: PROJECT_TABLE.column_of(one) for one in headings(cells)}
    return Layout({"": [number, number]}, columns)


def propose(content: bytes) -> Layout:
    """Return what a sheet's parts probably mean, by the tables of what columns are called."""
    layout = Layout()
    for name, lines in sheets_of(content):
        if header := header_in(list(islice(lines, HEADER_WITHIN))):
            layout.headers[name] = header
    layout.columns = columns_called(content, layout.headers)
    layout.constants = {"provenance": Provenance.CONFIRMED.value}
    return layout


def columns_called(content: bytes, headers: Mapping[str, list[int]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns_of(content, headers):
        name = column_called(column.heading)
        if name and (name not in found.values() or PROJECT_TABLE.by_name[name].several):
            found[column.heading] = name
    return found


def columns_of(content: bytes, headers: Mapping[str, list[int]]) -> list[SheetColumn]:
    """Return the columns of the sheets that have these headings, with a sample of their rows.

    One without a heading is there if it has values. Sampled are the first rows, and of those that
    follow each that has something where all before it are empty.
    """
    sample: list[tuple[str, dict[str, str]]] = []
    looked_at: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    headed: set[str] = set()
    for name, lines in sheets_of(content):
        if name not in headers:
            continue
        names = _header(lines, headers[name])
        called = _called(names)
        headed.update(names)
        looked_at.update(dict.fromkeys(called, 0))
        for number, cells in islice(lines, LOOKED_AT):
            if _section(cells) or _repeats(cells, names):
                continue
            pairs = zip(called, cells, strict=False)
            texts = {one: " ".join(text.split()) for one, text in pairs if text.strip()}
            if len(sample) < SAMPLE or not all(filled[one] for one in texts):
                sample.append((f"{name} {number}".strip(), texts))
            looked_at.update(called)
            filled.update(texts.keys())
    return [
        SheetColumn(
            heading,
            [(place, texts.get(heading, "")) for place, texts in sample],
            count - filled[heading],
        )
        for heading, count in looked_at.items()
        if heading in headed or filled[heading]
    ]


def _repeats(cells: list[str], names: list[str]) -> bool:
    """Return whether a line has the headings again."""
    return "".join(cells[:1]).split() == "".join(names[:1]).split() and headings(cells) == names


def _section(cells: list[str]) -> str:
    """Return the heading that is alone in a line, or nothing."""
    texts = [cell for cell in cells if cell.strip()]
    return " ".join(texts[0].split()) if len(texts) == 1 else ""


def sections_of(content: bytes, layout: Layout) -> list[str]:
    found: dict[str, None] = {}
    for name, lines in sheets_of(content):
        if name in layout.headers:
            names = _header(lines, layout.headers[name])
            if len([one for one in names if one]) > 1:
                found |= {text: None for _number, cells in lines if (text := _section(cells))}
    return [text for text in found if not (_TOTAL.match(text) or _FOOTER.match(text))]


def rows(content: bytes, layout: Layout) -> Iterator[Row]:
    """Yield the rows of the sheets that are read: headings and those without a name too."""
    for name, lines in sheets_of(content):
        if name in layout.headers:
            yield from _rows_of(name, lines, layout)


def _rows_of(sheet: str, lines: Iterator[Line], layout: Layout) -> Iterator[Row]:
    names = _header(lines, layout.headers[sheet])
    called = _called(names)
    read = [
        (n, one, layout.columns[one]) for n, one in enumerate(called) if layout.columns.get(one)
    ]
    above: dict[str, str] = {}
    section = ""
    for number, cells in lines:
        row = Row(sheet, number, {})
        alone = _section(cells)
        first = next((" ".join(cell.split()) for cell in cells if cell.strip()), "")
        ends = bool(_TOTAL.match(first) or _FOOTER.match(alone))
        if len(names) > 1 and (ends or _is_heading(layout, called, cells)):
            row.heading = first
            section = section if ends else alone
            yield row
            continue
        if _repeats(cells, names):
            continue
        for place, heading, column in read:
            written = cells[place].strip() if place < len(cells) else ""
            if heading in layout.down:
                written = above[heading] = written or above.get(heading, "")
            _add(row, column, written)
        for column, text in ((layout.sections, section), (layout.names, sheet)):
            if column and not row.texts.get(column):
                row.texts[column] = text
        _tidy(row)
        for column, text in layout.constants.items():
            row.texts[column] = row.texts.get(column) or text
        yield row


@cache
def _nothing() -> frozenset[str]:
    """Return what is written where there is nothing to say, as it is compared: "n/a", a dash."""
    return frozenset(
        letters_and_digits(one["written"])
        for one in rows_of("values")
        if one["column"] == "any" and not one["read_as"]
    ) | {""}


def _tidy(row: Row) -> None:
    """Read texts without what copying brings along, and as nothing where they say nothing."""
    for column, text in row.texts.items():
        tidied = without_unseen(text)
        if column in ONE_LINE:
            tidied = " ".join(tidied.split())
        if column in OR_NOTHING and len(tidied) < LONGEST_NOTHING:
            tidied = "" if letters_and_digits(tidied) in _nothing() else tidied
        if tidied != text:
            row.texts[column], row.tidied[column] = tidied, text


def _is_heading(layout: Layout, called: list[str], cells: list[str]) -> bool:
    """Return whether a line has one text, and that is the heading of a section.

    It is none in a column that is filled down. Where headings say nothing, a title alone is a
    project about which the sheet knows nothing else, but for texts that are known to be headings.
    """
    filled = [place for place, cell in enumerate(cells) if cell.strip()]
    if len(filled) != 1:
        return False
    if _section(cells) in layout.headings:
        return True
    column = called[filled[0]] if filled[0] < len(called) else ""
    is_name = layout.columns.get(column) in ("title", "reference")
    return column not in layout.down and bool(layout.sections or not is_name)


def _add(row: Row, column: str, text: str) -> None:
    was, known = row.texts.get(column, ""), PROJECT_TABLE.by_name[column]
    if was and text and (known.several or known.free_text):
        row.texts[column] = f"{was}{SEPARATOR if known.several else ''} {text}"
    else:
        row.texts[column] = was or text
