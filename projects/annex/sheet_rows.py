"""The rows of a sheet by our columns, as the layout of the sheet says; texts are tidied."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from ..columns import PROJECT_TABLE, SEPARATOR
from ..imports.names import rows_of
from ..text import letters_and_digits, without_unseen
from .mapping import DAY_OR_MONTH, Layout, every_heading, repeats_headings, section_in
from .sheet import Sheet, alone, is_ditto, is_footer, is_total

# Among the values of a row: that it is national or regional, and names countries and no region.
LACKS_REGION = "lacks_region"
# Every way to write “nothing” is shorter than this.
LONGEST_NOTHING = 30
# Texts of one line; and texts that, like values, can be a way to write “nothing”.
ONE_LINE = ("reference", "title", "source", "link")
OR_NOTHING = ("summary", "methodology", "link")


@dataclass
class Row:
    """A row of a sheet: its place, and its texts by our columns.

    One that is a `heading` of a section says nothing of a project. `tidied` has, by our columns,
    what the sheet has for texts that are read otherwise, `was` for those somebody wrote instead;
    `from_above` are those that a sign of repetition stands for, `unquoted` those of hidden columns.
    """

    sheet: str
    number: int
    texts: dict[str, str]
    heading: str = ""
    tidied: dict[str, str] = field(default_factory=dict)
    was: dict[str, str] = field(default_factory=dict)
    from_above: list[str] = field(default_factory=list)
    unquoted: list[str] = field(default_factory=list)
    is_hidden: bool = False

    @property
    def key(self) -> str:
        return f"{self.sheet} {self.number}"

    @property
    def has_name(self) -> bool:
        return bool(self.texts.get("title") or self.texts.get("reference"))


def rows(sheets: list[Sheet], layout: Layout) -> Iterator[Row]:
    """Yield the rows of the sheets that are read: headings and those without a name too."""
    for sheet in sheets:
        if header := layout.headers.get(sheet.name):
            yield from _rows_of(sheet, header, layout)


def _rows_of(sheet: Sheet, header: list[int], layout: Layout) -> Iterator[Row]:
    names = sheet.headings(header)
    called = every_heading(names)
    legend, (below, end) = sheet.legend(header), sheet.table(header)
    hidden = {called[place - 1] for place in sheet.marks.hidden_columns if place <= len(called)}
    above: dict[str, str] = {}
    section = ""
    for line in below:
        number, cells = line
        row = Row(sheet.name, number, {}, is_hidden=number in sheet.marks.hidden_rows)
        ends = number >= end or is_total(cells) or is_footer(cells)
        if len(names) > 1 and (ends or _is_heading(layout, called, cells)):
            row.heading = next(" ".join(cell.split()) for cell in cells if cell.strip())
            section = section if ends else alone(cells)
            yield row
            continue
        if repeats_headings(cells, names):
            continue
        texts = sheet.texts(called, line, legend)
        for heading, column in layout.columns.items():
            if not column or (heading not in texts and heading not in called):
                continue
            written = texts.get(heading, "").strip()
            if heading in layout.ditto and is_ditto(written):
                row.from_above.append(column)
                written = above.get(heading, "")
            elif heading in layout.down:
                written = written or above.get(heading, "")
            above[heading] = written
            row.unquoted += [column] if heading in hidden else []
            _add(row, column, written)
            if heading in layout.day_first and (date := DAY_OR_MONTH.fullmatch(written)):
                row.tidied[column] = written
                row.texts[column] = f"{date[4]}-{int(date[3]):02}-{int(date[1]):02}"
        for column, text in ((layout.sections, section), (layout.names, sheet.name)):
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
    if section_in(cells) in layout.headings:
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
