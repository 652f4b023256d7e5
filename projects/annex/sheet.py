"""A sheet as it was read: its lines, its headings, where its table ends, and what colours mean."""

import colorsys
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from openpyxl.utils import get_column_letter

from ..imports.lines import FORMULA, MARKS, SHEET, Line, Marks, kept_lines
from ..imports.names import rows_of
from ..text import fold

# What is below a table, alone in its line, besides what a total or a gap divides from it.
_FOOTER = re.compile(r"(?:sources?|notes?|n\.?b\.?)\s*:|\*", re.IGNORECASE)
# The most texts of a line that sums others up, besides numbers.
_MOST_OF_TOTAL = 2
_NUMBER = re.compile(r"[0-9.,\s]+")
# The columns of what a sheet has besides texts: its colours, and the addresses behind a column.
COLOUR, ADDRESS = "Colour of cells", "%s (link behind it)"
# Up to which hue a colour has a name, of 1; what is less saturated, or darker, is grey.
_HUES = ((0.04, "red"), (0.11, "orange"), (0.18, "yellow"), (0.47, "green"), (0.72, "blue"))
_GREY, _DARK, _PURPLE = 0.15, 0.1, 0.95


@dataclass
class Sheet:
    """A sheet as it was read: its name, its lines, and what it has besides texts.

    `unread` are the cells that are read as empty: an error, or a formula without a kept value.
    """

    name: str
    lines: list[Line] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    unread: list[str] = field(default_factory=list)

    def add(self, line: Line) -> None:
        number, cells = line
        if number == MARKS:
            self.marks = Marks.of(line)
            return
        for place, text in enumerate(cells, start=1):
            if text.startswith(FORMULA):
                is_truth = text[1:] in ("True", "False")
                cells[place - 1] = text[1:] if is_truth else ""
                self.unread += [] if is_truth else [f"{get_column_letter(place)}{number}"]
        self.lines.append(line)

    def headings(self, header: list[int]) -> list[str]:
        rows = [cells for number, cells in self.lines if header[0] <= number <= header[1]]
        return headings(rows[0], rows[-1] if len(rows) > 1 else None) if rows else []

    def table(self, header: list[int]) -> tuple[list[Line], int]:
        """Return the lines below the headings, and the number of the first that is no table's.

        What is alone in its line below all rows, after a total or a gap, is none: a legend, say.
        """
        below = [line for line in self.lines if line[0] > header[1]]
        full = (number for number, cells in below if not (alone(cells) or is_total(cells)))
        before = last = max(full, default=0)
        if not last:  # a list of titles
            return below, below[-1][0] + 1 if below else 0
        is_divided = False
        for number, cells in below:
            if number > last:
                is_divided |= number > before + 1 or is_total(cells)
                if is_divided and not is_total(cells):
                    return below, number
                before = number
        return below, before + 1

    def legend(self, header: list[int]) -> dict[str, str]:
        """Return what colours mean, by what stands below the table in a cell of that colour."""
        below, end = self.table(header)
        known = self.marks.colours
        found: dict[str, set[str]] = {}
        for number, cells in below:
            if number >= end and alone(cells):
                found.setdefault(known.get(str(number), ""), set()).add(alone(cells))
        return {one: texts.pop() for one, texts in found.items() if one and len(texts) == 1}

    def texts(self, called: list[str], line: Line, legend: Mapping[str, str]) -> dict[str, str]:
        """Return the texts of a line by headings, and by those of what it has besides texts."""
        number, cells = line
        texts = dict(zip(called, cells, strict=False))
        for place, address in self.marks.links.get(str(number), {}).items():
            if int(place) <= len(called):
                texts[ADDRESS % called[int(place) - 1]] = address
        # A cell of such a column can also have an address as its text.
        for n in {int(one) for links in self.marks.links.values() for one in links}:
            if n <= len(cells) and cells[n - 1].startswith(("http://", "https://", "www.")):
                texts.setdefault(ADDRESS % called[n - 1], cells[n - 1])
        if colours := self.marks.colours.get(str(number), ""):
            named = (legend.get(one) or colour_called(one) for one in colours.split("; "))
            texts[COLOUR] = "; ".join(named)
        return texts


def sheets_of(content: bytes) -> list[Sheet]:
    """Return the sheets of a file that was read, in its order."""
    found: list[Sheet] = []
    for line in kept_lines(content):
        if line[0] == SHEET:
            found.append(Sheet(line[1][0]))
        else:
            found[-1].add(line)
    return found


def headings(upper: list[str], lower: list[str] | None = None) -> list[str]:
    """Return the headings of one or two lines, each different: "Geography · Scope"."""
    lower = [""] * len(upper) if lower is None else lower
    width = max(len(upper), len(lower))
    padded = ([*row, *[""] * (width - len(row))] for row in (upper, lower))
    names: list[str] = []
    for pair in zip(*padded, strict=True):
        parts = dict.fromkeys(" ".join(one.split()) for one in pair if one.strip())
        names.append(" · ".join(parts))
    seen: Counter[str] = Counter()
    for place, heading in enumerate(names):
        seen[heading] += 1
        if heading and seen[heading] > 1:
            names[place] = f"{heading} ({seen[heading]})"
    return names


def alone(cells: list[str]) -> str:
    """Return the text that is alone in a line, or nothing."""
    texts = [cell for cell in cells if cell.strip()]
    return " ".join(texts[0].split()) if len(texts) == 1 else ""


def colour_called(code: str) -> str:
    """Return "green (C6EFCE)"; a theme's colour is not in the sheet, and has no name."""
    if len(code) != len("C6EFCE"):
        return f"colour ({code})"
    rgb = (int(code[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(*rgb)
    if saturation < _GREY or light < _DARK:
        return f"grey ({code})"
    name = next((name for most, name in _HUES if hue < most), "purple")
    return f"{'red' if hue > _PURPLE else name} ({code})"


@cache
def _listed(column: str) -> list[str]:
    return [fold(one["written"]) for one in rows_of("values") if one["column"] == column]


@cache
def _totals() -> re.Pattern[str]:
    """Return what begins a line that sums others up; a bare "total" needs a sign or a number."""
    subtotals, totals = ("|".join(map(re.escape, _listed(one))) for one in ("subtotal", "total"))
    sign = r"\s*(?:$|[:(=0-9–-]|(?:number|of|for|page)\b|.*[:=]\s*[0-9])"
    return re.compile(rf"(?:{subtotals})\b|(?:{totals}){sign}")


def is_total(cells: list[str]) -> bool:
    """Return whether a line sums others up: by its first text that is no number."""
    texts = [fold(" ".join(cell.split())) for cell in cells]
    words = [one for one in texts if one and not _NUMBER.fullmatch(one)]
    # A project of such a title says more.
    return 0 < len(words) <= _MOST_OF_TOTAL and bool(_totals().match(words[0]))


def is_footer(cells: list[str]) -> bool:
    return bool(_FOOTER.match(alone(cells)))


def is_ditto(text: str) -> bool:
    """Return whether a text stands for that of the cell above: a sign, or "idem"."""
    bare = fold(text.strip().strip("-– "))
    return bool(bare) and not {bare, bare.rstrip(".")}.isdisjoint(_listed("ditto"))
