"""The mapping of a sheet: which of its columns is which of ours, as its layout says.

A sheet is stored as it was read (`files.read_any`). What its columns mean is a Layout, stored
with the batch, and under a name for the next sheet that looks the same.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, islice, pairwise

from django.conf import settings
from django.utils import translation
from openpyxl.utils import get_column_letter

from ..columns import PROJECT_TABLE, SEPARATOR
from ..imports.lines import HEADER_WITHIN, SHEET, Line, as_kept, kept_lines
from ..imports.meanings import OF_SECTIONS
from ..imports.reading import Translator
from ..text import fold, letters_and_digits
from ..vocabulary import Provenance
from .sheet import ADDRESS, COLOUR, Sheet, alone, headings, is_ditto, is_footer, is_total

# The rows of a sheet that are shown of it at least, and the most that are looked at for them.
SAMPLE, LOOKED_AT = 6, 300
# The name of a column without a heading, by its place.
_UNNAMED = re.compile("Column ([A-Z]+)")
# What a column of a sheet, the heading of a section or the name of a sheet can be.
TARGETS = ["reference", *PROJECT_TABLE.correctable, *PROJECT_TABLE.bases.values()]
# The symbol of a report in a heading; what stands between the two languages of one.
_SYMBOL = re.compile(r"\b[A-Z]+/[0-9]+/[0-9]+\b")
_BETWEEN = re.compile(r"[/()·,:?¿]|\s[-–]\s")
# What a heading is about that is no column of ours, though a part of it may be called so.
_NOT_OURS = re.compile(
    "donor|bailleur|donante|fund|budget|presupuesto|cost|contact|mail|phone|previous|former|province"
)
# A date that may not say which number is the day's.
DAY_OR_MONTH = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2((?:19|20)[0-9]{2})")
_MONTHS = 12
# What can be the same of all rows.
CONSTANTS = ("in_matrix", "source", "provenance", *OF_SECTIONS, *PROJECT_TABLE.bases.values())


@dataclass
class Layout:
    """What a sheet's parts mean.

    `headers` has the first and last line of the headings by the names of the sheets that are read;
    `columns` our columns by headings; `down` the headings below which an empty cell stands for
    what is above it, `ditto` those where a sign of repetition does, `day_first` those where
    03/09/2016 is in September; `sections` and `names` what the headings of sections and the names
    of sheets say; `constants` what is the same of all rows; `headings` the headings of sections.
    """

    headers: dict[str, list[int]] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    down: list[str] = field(default_factory=list)
    ditto: list[str] = field(default_factory=list)
    day_first: list[str] = field(default_factory=list)
    sections: str = ""
    names: str = ""
    constants: dict[str, str] = field(default_factory=dict)
    headings: list[str] = field(default_factory=list)

    @property
    def said(self) -> set[str]:
        found = {*self.columns.values(), self.sections, self.names, *self.constants}
        return found - {""}


@dataclass
class SheetColumn:
    """A column; `sample` has some rows' places and what they have in it, the same rows of each.

    How many of its cells are `empty`, a sign of repetition (`ditto`), or a date that does not say
    which number is the day's (`unclear`); and in how many others the day or the month comes first.
    `colours` are the texts of the column of colours, and how many rows have each.
    """

    heading: str
    sample: list[tuple[str, str]] = field(default_factory=list)
    empty: int = 0
    is_hidden: bool = False
    ditto: int = 0
    unclear: int = 0
    day_first: int = 0
    month_first: int = 0
    colours: Counter[str] = field(default_factory=Counter)

    def add(self, text: str) -> None:
        """Count what a cell of it says of the column."""
        self.ditto += is_ditto(text)
        if self.heading == COLOUR:
            self.colours[text] += 1
        if found := DAY_OR_MONTH.fullmatch(text):
            one, other = int(found[1]), int(found[3])
            self.day_first += one > _MONTHS
            self.month_first += other > _MONTHS
            self.unclear += one != other and max(one, other) <= _MONTHS

    @property
    def of_colours(self) -> list[tuple[str, int]]:
        return self.colours.most_common()


@cache
def _synonyms() -> dict[str, str]:
    """Return our columns by everything they are called, and by their labels in six languages."""
    called = {name: PROJECT_TABLE.by_name[name].synonyms.split(SEPARATOR) for name in TARGETS}
    names = {
        letters_and_digits(synonym): name
        for name, synonyms in called.items()
        for synonym in (name, *filter(None, synonyms))
    }
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for name in TARGETS:
                names.setdefault(letters_and_digits(str(PROJECT_TABLE.by_name[name].label)), name)
    return names


def column_called(heading: str) -> str:
    """Return our column that a heading means, or nothing.

    It is known as a whole, by its last line, or by a part of it: of "Portée / Level" by the first,
    of "Portée Level" by both.
    """
    synonyms = _synonyms()
    bare = _SYMBOL.sub("", heading)
    last = bare.rpartition(" · ")[2]
    parts = () if _NOT_OURS.search(fold(last)) else _BETWEEN.split(last)
    for text in (bare, last, *parts):
        if name := synonyms.get(letters_and_digits(text)):
            return name
    words = last.split()
    for place in range(1, len(words)):
        halves = (" ".join(words[:place]), " ".join(words[place:]))
        half_name, other = (synonyms.get(letters_and_digits(half), "") for half in halves)
        if half_name and half_name == other:
            return half_name
    return ""


def header_in(head: list[Line]) -> list[int]:
    """Return the first and last line of what looks most like headings of ours, or nothing."""

    def known(names: list[str]) -> int:
        return len({column_called(name) for name in names} - {""})

    candidates = [(known(headings(cells)), -number, [number, number]) for number, cells in head]
    for (number, cells), (below, more) in pairwise(head):
        two = known(headings(cells, more))
        # Two lines only if each of them has headings that the other lacks.
        if two > max(known(headings(cells)), known(headings(more))):
            candidates.append((two, -number, [number, below]))
    best = max(candidates, default=(0, 0, []))
    return best[2] if best[0] > 1 else []


def every_heading(names: list[str]) -> list[str]:
    more = settings.IMPORT_LIMITS["columns"] - len(names)
    places = enumerate([*names, *[""] * more], start=1)
    return [name or f"Column {get_column_letter(place)}" for place, name in places]


def named(headings: Iterable[str]) -> set[str]:
    """Return the headings that are written in a sheet: they identify the next one like it."""
    return {heading for heading in headings if not _UNNAMED.fullmatch(heading)}


def as_sheet(content: bytes) -> bytes:
    """Return the lines of a file in the register's columns as those of a sheet."""
    return as_kept(chain([(SHEET, [""])], kept_lines(content)))


def of_register(sheet: bytes) -> Layout:
    """Return what the columns of such a sheet mean, as their names say."""
    _sheet, (number, cells) = islice(kept_lines(sheet), 2)
    columns = {one: PROJECT_TABLE.column_of(one) for one in headings(cells)}
    return Layout({"": [number, number]}, columns)


def propose(sheets: list[Sheet]) -> Layout:
    """Return what the parts of sheets probably mean, by the tables of what columns are called."""
    layout = Layout()
    for sheet in sheets:
        if header := header_in(sheet.lines[:HEADER_WITHIN]):
            layout.headers[sheet.name] = header
    layout.columns = columns_called(sheets, layout.headers)
    layout.constants = {"provenance": Provenance.CONFIRMED.value}
    columns = columns_of(sheets, layout.headers)
    # Some dates say that the day comes first, and none says otherwise.
    first = [one for one in columns if one.unclear and one.day_first and not one.month_first]
    layout.day_first = [one.heading for one in first]
    layout.ditto = [one.heading for one in columns if one.ditto]
    return layout


def columns_called(sheets: list[Sheet], headers: Mapping[str, list[int]]) -> dict[str, str]:
    """Return our columns by the headings that probably mean them; none that is hidden.

    The addresses behind a column are the link, unless another column has it; colours are the
    status if the legend says which.
    """
    called: dict[str, str] = {}
    columns = [one for one in columns_of(sheets, headers) if not one.is_hidden]
    for column in columns:
        name = column_called(column.heading)
        if name and (name not in called.values() or PROJECT_TABLE.by_name[name].several):
            called[column.heading] = name
    for column in columns:
        of = column.heading.removesuffix(ADDRESS % "")
        may_link = of != column.heading and called.get(of, "") in ("", "title", "link")
        if may_link and (called.get(of) == "link" or "link" not in called.values()):
            called = {heading: "" if name == "link" else name for heading, name in called.items()}
            called[column.heading] = "link"
        if column.colours and "status" not in called.values() and _are_statuses(column.colours):
            called[column.heading] = "status"
    return called


def _are_statuses(texts: Iterable[str]) -> bool:
    known = Translator()
    return all(known.written("status", one).reading for one in texts)


def columns_of(sheets: list[Sheet], headers: Mapping[str, list[int]]) -> list[SheetColumn]:
    """Return the columns of the sheets that have these headings, with a sample of their rows.

    One without a heading is there if it has values. Sampled are the first rows, and of those that
    follow each that has something where all before it are empty.
    """
    sample: list[tuple[str, dict[str, str]]] = []
    looked_at, filled = Counter[str](), Counter[str]()
    columns: dict[str, SheetColumn] = {}
    headed: set[str] = set()
    for sheet in sheets:
        header = headers.get(sheet.name)
        if not header:
            continue
        names = sheet.headings(header)
        called, legend = every_heading(names), sheet.legend(header)
        headed.update(names)
        hidden = {called[place - 1] for place in sheet.marks.hidden_columns}
        below, end = sheet.table(header)
        for line in below[:LOOKED_AT]:
            number, cells = line
            if number >= end or alone(cells) or is_total(cells) or repeats_headings(cells, names):
                continue
            pairs = sheet.texts(called, line, legend).items()
            texts = {one: " ".join(text.split()) for one, text in pairs if text.strip()}
            if len(sample) < SAMPLE or not all(filled[one] for one in texts):
                sample.append((f"{sheet.name} {number}".strip(), texts))
            looked_at.update(called)
            filled.update(texts.keys())
            for heading, text in texts.items():
                column = columns.setdefault(heading, SheetColumn(heading))
                column.add(text)
                column.is_hidden |= heading in hidden
        for heading in called:
            columns.setdefault(heading, SheetColumn(heading, is_hidden=heading in hidden))
    shown = [one for name, one in columns.items() if name in headed or filled[name]]
    for column in shown:
        column.sample = [(place, texts.get(column.heading, "")) for place, texts in sample]
        column.empty = looked_at[column.heading] - filled[column.heading]
    return sorted(shown, key=lambda one: _place_of(one.heading, [*looked_at]))


def _place_of(heading: str, called: list[str]) -> tuple[int, bool]:
    """Return where a column is shown: addresses behind the column that has them, colours last."""
    of = heading.removesuffix(ADDRESS % "")
    return (called.index(of) if of in called else len(called)), of != heading


def repeats_headings(cells: list[str], names: list[str]) -> bool:
    """Return whether a line has the headings again."""
    return "".join(cells[:1]).split() == "".join(names[:1]).split() and headings(cells) == names


def sections_of(sheets: list[Sheet], layout: Layout) -> list[str]:
    """Return the texts that are alone in a line of a table: its headings of sections, say."""
    found: dict[str, None] = {}
    for sheet in sheets:
        header = layout.headers.get(sheet.name)
        if header and len([one for one in sheet.headings(header) if one]) > 1:
            below, end = sheet.table(header)
            found |= {text: None for n, cells in below if n < end and (text := section_in(cells))}
    return [*found]


def section_in(cells: list[str]) -> str:
    """Return the text that is alone in a line, if that neither is a total nor ends a table."""
    return "" if is_total(cells) or is_footer(cells) else alone(cells)
