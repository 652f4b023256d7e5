"""Another table that a report's totals allow: with it in place of the filled-in one, what must not
change is compared."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations, product
from random import Random
from typing import Any

from projects.asking.answers import IN_MATRIX, Answers
from projects.columns import PROJECT_TABLE
from projects.cube import COMBINED_COLUMNS, Combination, Cube
from projects.ranges import LOCAL, Range, Totals
from projects.vocabulary import REGION_COLUMNS

Place = tuple[str, str]  # an area and a scope


def combination_of_project(project, count: int) -> Combination:
    columns = (*COMBINED_COLUMNS, *REGION_COLUMNS.values())
    return Combination._make([*(getattr(project, column) for column in columns), count])


def combination_of_row(row: Mapping, count: int) -> Combination:
    regions = (region in row["regions"] for region in REGION_COLUMNS)
    values = (row.get(name, PROJECT_TABLE.by_name[name].default) for name in COMBINED_COLUMNS)
    return Combination._make([*values, *regions, count])


class Transport:
    """A table whose row totals, column totals and fixed cells are known."""

    def __init__(self, rows: Mapping[str, int], columns: Mapping[str, int]):
        self.rows, self.columns = dict(rows), dict(columns)
        self.free = {*product(rows, columns)}
        sizes = range(1, len(columns) + 1)
        self._sets = [some for size in sizes for some in combinations(columns, size)]

    def fix(self, place: Place, number: int) -> None:
        row, column = place
        self.rows[row] -= number
        self.columns[column] -= number
        self.free.remove(place)

    def range_of(self, place: Place) -> Range:
        """Return the exact range of a free cell.

        A table fits if and only if no set of columns needs more than the rows have that share a
        free cell with it (Hall's theorem). Each set limits the cell from one side at most.
        """
        row, column = place
        others = self.free - {place}
        low, high = 0, min(self.rows[row], self.columns[column])
        for some in self._sets:
            sharing = {one for one, other in others if other in some}
            spare = sum(self.rows[one] for one in sharing) - sum(self.columns[one] for one in some)
            if column in some and row not in sharing:
                low = max(low, -spare)
            elif column not in some and row in sharing:
                high = min(high, spare)
        return Range(low, high)


def with_table_at_random(answers: Answers, number: int) -> Answers:
    """Return the answers with another filled-in table, the same for the same number.

    Cells are filled in a random order, each evenly from the range that is left: shuffled projects
    would come near the same table again and again, and look like an estimate. Confirmed projects
    that are in the matrix stay as the register has them. Without a table that fits nothing changes.
    """
    known = answers.table.where(IN_MATRIX)
    left = _left(answers.printed.totals, known)
    if left is None:
        return answers
    random = Random(number)
    transport = Transport(left.areas, left.scopes)
    projects: dict[Place, list[set[str]]] = {}
    for place in _shuffled(product(left.areas, left.scopes), random):
        allowed = transport.range_of(place)
        drawn = random.randint(allowed.low, allowed.high)
        transport.fix(place, drawn)
        projects[place] = [set() for _project in range(drawn)]
    local = [some for (_area, scope), some in projects.items() if scope in LOCAL]
    for region in _shuffled(left.regions, random):
        cells, mentions = _shuffled(local, random), left.regions[region]
        room = sum(map(len, cells))
        for cell in cells:
            room -= len(cell)
            drawn = random.randint(max(0, mentions - room), min(mentions, len(cell)))
            mentions -= drawn
            for project in random.sample(cell, drawn):
                project.add(region)
    counts = Counter(
        (*place, frozenset(regions)) for place, some in projects.items() for regions in some
    )
    made = [
        combination_of_row({"priority_area": area, "scope": scope, "regions": regions}, count)
        for (area, scope, regions), count in counts.items()
    ]
    table = Cube([*made, *known.combinations])
    return Answers(answers.asked, answers.base, answers.printed, table, answers.blank_of)


def _shuffled(values: Iterable[Any], random: Random) -> list[Any]:
    found = list(values)
    return random.sample(found, len(found))


def _left(totals: Totals | None, known: Cube) -> Totals | None:
    """Return the totals without these projects; None if no projects have what is left."""
    if totals is None:
        return None
    left = totals.without(known, known.where({"scope": LOCAL}))
    areas, scopes, regions = left.areas, left.scopes, left.regions
    local = sum(scopes[scope] for scope in LOCAL)
    fits = (
        bool(regions)
        and sum(areas.values()) == sum(scopes.values()) == left.projects
        and min(*areas.values(), *scopes.values(), *regions.values()) >= 0
        and max(regions.values(), default=0) <= local
    )
    return left if fits else None
