"""A query to the register as a value: made by the reader of a query string, or by code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from ..columns import PROJECT_TABLE, Table
from ..cube import BASES, VOCABULARIES
from ..models import Edition
from ..models.conditions import YEARS
from ..vocabulary import COUNTED_AS, NOT_STATED, Basis

# The facets with few values, each a classification: there are too many countries.
CLASSIFICATIONS = tuple(
    facet for facet in PROJECT_TABLE.facets if facet not in ("country", *BASES.values())
)
FACETS = (*CLASSIFICATIONS, "country", *YEARS, *BASES.values())
# How an entry is known, which is no property of the project.
KNOWLEDGE = tuple(
    facet for facet in FACETS if facet not in YEARS and PROJECT_TABLE.facets[facet].group == "known"
)
# A project can have several values of these facets, so their sums are mentions.
MANY_VALUED = frozenset({"region", "entity", "country", "year"})
# Facets without a vocabulary, which a cube cannot answer.
OPEN_FACETS = tuple(facet for facet in FACETS if facet not in VOCABULARIES)
PAGE_SIZES = (25, 50, 100, 500)

Conditions = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Asked:
    """Which projects are asked for, and how they are shown.

    A project has at least one of the values of each facet in `conditions`, and matches at least one
    of the `queries`. `edition` is None for the live register. With `filled_in`, lists show the rows
    of the filled-in table, and answers count them as an example; with `described`, only entries
    that a source describes. `layout` has the parameters of a single page, e.g. the rows and columns
    of a cross-table.
    """

    conditions: Conditions = field(default_factory=lambda: MappingProxyType({}))
    queries: tuple[str, ...] = ()
    edition: Edition | None = None
    sort: str = "reference"
    page: int = 1
    per_page: int = PAGE_SIZES[0]
    columns: tuple[str, ...] = ()
    filled_in: bool = False
    described: bool = False
    layout: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    # The facets that are open, besides those that always are; in no address but that of the page.
    opened: tuple[str, ...] = ()

    @classmethod
    def of(cls, edition: Edition | None = None, **wanted: Any) -> "Asked":
        """Return a query from facets with their values, `queries`, `sort` …"""
        return cls(edition=edition).but(**wanted)

    def but(self, **changes: Any) -> "Asked":
        """Return a copy, from its first page, with other facets, `queries`, `edition`, `sort` …"""
        facets = {name: changes.pop(name) for name in FACETS if name in changes}
        if facets:
            ordered = {name: _in_order(name, chosen or ()) for name, chosen in facets.items()}
            conditions = {**self.conditions, **ordered}
            kept = {name: conditions[name] for name in FACETS if conditions.get(name)}
            changes["conditions"] = MappingProxyType(kept)
        if "queries" in changes:
            changes["queries"] = tuple(changes["queries"])
        return replace(self, **{"page": 1, **changes})

    @property
    def table(self) -> Table:
        return self.edition.project_table if self.edition else PROJECT_TABLE

    @property
    def facets(self) -> list[str]:
        """The facets that the columns of the edition, or of the register, answer."""
        there = {*self.table.facets, *(YEARS if "start_date" in self.table.names else ())}
        return [facet for facet in FACETS if facet in there]

    @property
    def narrowing(self) -> "Asked":
        """The query without how the projects are shown."""
        return Asked(self.conditions, self.queries, self.edition)

    @property
    def is_filtered(self) -> bool:
        return bool(self.conditions or self.queries)

    @property
    def is_of_vocabularies(self) -> bool:
        """Whether a cube of the whole register or edition can answer it."""
        return not self.queries and not self.open_conditions()

    def open_conditions(self) -> Conditions:
        conditions = self.conditions.items()
        return {facet: values for facet, values in conditions if facet in OPEN_FACETS}

    def vocabulary_conditions(self) -> Conditions:
        """Return the conditions that a cube can answer."""
        conditions = self.conditions.items()
        return {facet: values for facet, values in conditions if facet in VOCABULARIES}

    @property
    def order(self) -> str:
        """The key of the rows: a filled-in value sorts as one only in the filled-in table."""
        name = self.sort.removeprefix("-")
        if not self.filled_in or name not in BASES:
            return self.sort
        return self.sort.replace(name, f"filled_in_{name}")

    def with_value(self, facet: str, value: str) -> "Asked | None":
        """Return a copy with only this value of a facet; None if only others are asked for."""
        chosen = self.conditions.get(facet, ())
        return None if chosen and value not in chosen else self.but(**{facet: [value]})


def _in_order(facet: str, chosen: Iterable[str]) -> tuple[str, ...]:
    """Return a facet's values in the order of their vocabulary, open ones alphabetically."""
    if facet in OPEN_FACETS:
        return tuple(sorted(set(chosen), key=lambda one: (one == NOT_STATED, one.casefold())))
    return tuple(sorted(set(chosen), key=_places(facet).__getitem__))


@cache
def _places(facet: str) -> dict[str, int]:
    return {value: place for place, value in enumerate(PROJECT_TABLE.facets[facet].labels)}


def facet_choices(facet: str) -> list[tuple[str, Any]]:
    """Return the values that can be asked for; filled-in ones only with the filled-in table."""
    labels = PROJECT_TABLE.facets[facet].labels.items()
    return [one for one in labels if one[0] not in (Basis.ALLOCATED, COUNTED_AS)]
