"""The number of projects for every combination of values: every count comes from a Cube."""

from collections import Counter, namedtuple
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import count
from typing import Any, NamedTuple, cast

from django.db.models import Func, IntegerField, TextField
from django.db.models.functions import Cast

from .columns import PROJECT_TABLE
from .vocabulary import BY_SOURCE, NOT_STATED, REGION_COLUMNS, Scope

# The column with the basis of a dimension's value.
BASES = {
    dimension: PROJECT_TABLE.bases[column.name]
    for dimension, column in PROJECT_TABLE.facets.items()
    if column.name in PROJECT_TABLE.bases
}
_CLOSED = {name: column for name, column in PROJECT_TABLE.facets.items() if column.vocabulary}
# The dimensions that a cube can count by, in the order of the pages: bases come last.
VOCABULARIES: dict[str, Any] = {
    name: _CLOSED[name].allowed for name in sorted(_CLOSED, key=lambda one: one in BASES.values())
}
COMBINED_COLUMNS = tuple(name for name in VOCABULARIES if not _CLOSED[name].several)
_FIELDS = (*COMBINED_COLUMNS, *REGION_COLUMNS.values(), "projects")
_Values: Any = cast(Any, namedtuple("_Values", _FIELDS))


class Combination(_Values):
    """A combination of values, in COMBINED_COLUMNS and REGION_COLUMNS, with its `projects`."""

    __slots__ = ()


# A project's combination as one text, "youth|regional|...|01000", computed in the query: grouping
# by it takes PostgreSQL 15 a third of the time that grouping by twelve columns takes. It is no
# column of the database, since Django cannot change a generated column when a vocabulary comes.
# Django takes milliseconds to compile a Concat of as many columns.
COMBINATION = Func(
    *COMBINED_COLUMNS,
    Func(
        *(Cast(column, IntegerField()) for column in REGION_COLUMNS.values()),
        template="%(expressions)s",
        arg_joiner=" || ",
    ),
    template="%(expressions)s",
    arg_joiner=" || '|' || ",
    output_field=TextField(),
)


def says_nothing(dimension: str, values: Iterable[str], is_of_region: bool) -> bool:
    """Return whether every project meets a condition; no global project has a region."""
    if dimension not in _WITHOUT_OTHERS:
        return False
    every = _WITHOUT_OTHERS[dimension]
    return {*values} >= (every - {Scope.GLOBAL} if is_of_region else every)


# Every project has one of these values.
_WITHOUT_OTHERS = {name: {*VOCABULARIES[name].values} for name in ("priority_area", "scope")}


def is_without_region(dimension: str, values: Iterable[str]) -> bool:
    """Return whether a condition asks only for projects without a region."""
    return dimension == "region" and {*values} == {NOT_STATED}


def is_stated(dimension: str, values: Mapping[str, Any]) -> bool:
    """Return whether a source states the dimension of a project with these values by column.

    That a project has no region is stated if a source makes it global.
    """
    is_global = dimension == "region" and values["scope"] == Scope.GLOBAL
    return values[BASES[dimension]] in BY_SOURCE or (is_global and is_stated("scope", values))


def stated(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a project's values by column, NOT_STATED for those that no source states."""
    found = dict(values)
    for dimension, basis in BASES.items():
        column = PROJECT_TABLE.facets[dimension]
        if not is_stated(dimension, values):
            unstated: Any = [NOT_STATED] if column.several else NOT_STATED
            found |= {column.name: unstated, basis: NOT_STATED}
    return found


def is_unclassified(column: str, known: Mapping[str, Any]) -> bool:
    """Return whether a column is empty since the entry is not classified as the report does.

    `known` are its values as `stated` has them. An entry in the matrix has an area at least.
    """
    columns = {PROJECT_TABLE.facets[one].name for one in ("priority_area", "scope", "region")}
    is_empty = column in columns and NOT_STATED in known.get(column, "")
    return is_empty and known["priority_area"] == NOT_STATED


# Ways to group a cube that are kept at a time.
MOST_KEPT = 64
# A bit for each value. A combination is one number, and meets a condition if both have a bit in
# common: a page asks for hundreds of parts of a cube, each of some thousand combinations.
_places = count()
_BITS = {name: {one: 1 << next(_places) for one in _CLOSED[name].labels} for name in VOCABULARIES}
_BITS_OF_COLUMNS: dict[str, dict[Any, int]] = {
    **{name: _BITS[name] for name in COMBINED_COLUMNS},
    **{column: {True: _BITS["region"][region]} for region, column in REGION_COLUMNS.items()},
}
_WHOLE = {name: sum(bits.values()) for name, bits in _BITS.items()}


@dataclass(frozen=True, eq=False, slots=True)
class Coded:
    """A combination for counting: the bits of its values, and of those that a source states.

    `blank` has all bits of the dimensions whose value no source states.
    """

    bits: int
    values: tuple
    stated: int
    blank: int


def _code(combination: Combination) -> Coded:
    bits = blank = 0
    for column, bits_of_values in _BITS_OF_COLUMNS.items():
        bits |= bits_of_values.get(getattr(combination, column), 0)
    stated = bits
    for dimension, basis in BASES.items():
        if not is_stated(dimension, combination._asdict()):
            unstated = _BITS[dimension][NOT_STATED] | _BITS[basis][NOT_STATED]
            stated = stated & ~_WHOLE[dimension] | unstated
            bits, blank = bits | unstated, blank | _WHOLE[dimension]
    for dimension in COMBINED_COLUMNS:
        if getattr(combination, dimension) == NOT_STATED:
            blank |= _WHOLE[dimension]
    return Coded(bits, combination[:-1], stated, blank)


@lru_cache(maxsize=10_000)
def coded(combination: str, is_of_other_report: bool) -> Coded:
    """Return a combination, as the database has it, for counting.

    What is said of another report's matrix says nothing of that of the report that is shown.
    """
    *values, regions = combination.split("|")
    found = Combination._make([*values, *(flag == "1" for flag in regions), 0])
    return _code(found._replace(in_matrix=NOT_STATED) if is_of_other_report else found)


Counted = tuple[Coded, int]  # with a number of projects


class Stated(NamedTuple):
    """How many projects meet conditions by what a source states of them.

    `could` counts besides those that may meet them, since nothing is stated; `blanks`, by
    dimension, those that meet all others and state nothing in that one.
    """

    sure: int
    could: int
    blanks: dict[str, int]


class Cube:
    """Counts of projects per combination, narrowed and added up in memory."""

    def __init__(self, combinations: Iterable[Combination]) -> None:
        self._counted: list[Counted] = [(_code(one), one.projects) for one in combinations]
        self._counts: dict[str, dict[str, int]] = {}
        self._by: dict[frozenset[str], Cube] = {}
        self._where: dict[tuple, Cube] = {}

    @classmethod
    def counted(cls, counts: Iterable[Counted]) -> "Cube":
        cube = cls(())
        cube._counted = [*counts]
        return cube

    @cached_property
    def combinations(self) -> tuple[Combination, ...]:
        return tuple(Combination._make((*one.values, projects)) for one, projects in self._counted)

    def by(self, dimensions: Iterable[str]) -> "Cube":
        """Return the same projects by these dimensions only, in one walk over all combinations.

        What is counted for many values of them then walks the few that are left. It is kept: a
        cube serves many questions.
        """
        key = frozenset(dimensions)
        if key not in self._by:
            if len(self._by) >= MOST_KEPT:
                self._by.clear()
            mask = sum(_WHOLE[dimension] for dimension in key)
            sums: Counter[tuple[int, int, int]] = Counter()
            for code, projects in self._counted:
                sums[code.bits & mask, code.stated & mask, code.blank & mask] += projects
            self._by[key] = Cube.counted(
                (Coded(bits, (), stated, blank), projects)
                for (bits, stated, blank), projects in sums.items()
            )
        return self._by[key]

    def where(self, conditions: Mapping[str, Iterable[str]]) -> "Cube":
        """Return the cube of the projects that meet every condition.

        `conditions` map a dimension to values: a project has at least one of them. No values are no
        condition. It is kept, as `by` keeps its own: the values of a facet share most conditions.
        """
        wanted = tuple((one, _wanted(one, values)) for one, values in conditions.items() if values)
        if wanted not in self._where:
            if len(self._where) >= MOST_KEPT:
                self._where.clear()
            counted = self._counted
            for _dimension, bits in wanted:
                counted = [one for one in counted if one[0].bits & bits]
            self._where[wanted] = Cube.counted(counted)
        return self._where[wanted]

    def stated(self, conditions: Iterable[Mapping[str, Iterable[str]]]) -> Stated:
        """Return how many projects meet all conditions; a filled-in value is not stated."""
        wanted = [
            (dimension, _wanted(dimension, values), _WHOLE[dimension])
            for condition in conditions
            for dimension, values in condition.items()
            if values
        ]
        sure = could = 0
        blanks: Counter[str] = Counter()
        for combination, projects in self._counted:
            unmet, are_several = "", False
            for dimension, bits, whole in wanted:
                if combination.stated & bits:
                    continue
                if not combination.blank & whole:
                    break
                are_several = are_several or unmet not in ("", dimension)
                unmet = dimension
            else:
                if not unmet:
                    sure += projects
                    continue
                could += projects
                if not are_several:
                    blanks[unmet] += projects
        asked = dict.fromkeys(dimension for dimension, _bits, _whole in wanted)
        return Stated(sure, could, {one: blanks[one] for one in asked if one in blanks})

    def complete(self, dimensions: Iterable[str]) -> "Cube":
        """Return the cube of the projects whose sources state all these dimensions."""
        asked = sum(_WHOLE[dimension] for dimension in dimensions)
        return Cube.counted(one for one in self._counted if not one[0].blank & asked)

    @cached_property
    def total(self) -> int:
        """Projects, each counted once."""
        return sum(projects for _one, projects in self._counted)

    def counts(self, dimension: str) -> dict[str, int]:
        """Return projects per value, zeros included; one in two regions counts under both."""
        if dimension not in self._counts:
            # There are few different bits of one dimension.
            whole, bits = _WHOLE[dimension], _BITS[dimension]
            by_bits: Counter[int] = Counter()
            for combination, projects in self._counted:
                by_bits[combination.bits & whole] += projects
            self._counts[dimension] = {
                value: sum(projects for found, projects in by_bits.items() if found & bits[value])
                for value in VOCABULARIES[dimension].values
            }
        return self._counts[dimension]


def _wanted(dimension: str, values: Iterable[str]) -> int:
    """Return the bits of these values; nothing meets an unknown one."""
    bits = 0
    for value in values:
        bits |= _BITS[dimension].get(value, 0)
    return bits
