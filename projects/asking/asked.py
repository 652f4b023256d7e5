"""A query to the register as a value: made by the reader of a query string, or by code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..columns import PROJECT_TABLE, Table
from ..cube import BASES, VOCABULARIES, is_without_region, says_nothing
from ..models import Edition
from ..vocabulary import BY_SOURCE, NOT_STATED, Provenance

# The facets with few values, each a classification: there are too many countries.
CLASSIFICATIONS = tuple(
    facet for facet in PROJECT_TABLE.facets if facet not in ("country", *BASES.values())
)
FACETS = (*CLASSIFICATIONS, "country", "year", *BASES.values())
# How an entry is known, which is no property of the project.
KNOWLEDGE = tuple(
    facet for facet in FACETS if facet != "year" and PROJECT_TABLE.facets[facet].group == "known"
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
    of the filled-in table, and answers count them as an example. `layout` has the parameters of a
    single page, e.g. the rows and columns of a cross-table.
    """

    conditions: Conditions = field(default_factory=lambda: MappingProxyType({}))
    queries: tuple[str, ...] = ()
    edition: Edition | None = None
    sort: str = "reference"
    page: int = 1
    per_page: int = PAGE_SIZES[0]
    columns: tuple[str, ...] = ()
    filled_in: bool = False
    layout: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, edition: Edition | None = None, **wanted) -> "Asked":
        """Return a query from facets with their values, `queries`, `sort` …"""
        return cls(edition=edition).but(**wanted)

    def but(self, **changes) -> "Asked":
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
        there = {*self.table.facets, *(["year"] if "start_date" in self.table.names else [])}
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

    def known_by(self) -> set[str]:
        """Return the classifications that decide whether a project is found; "no region" is not."""
        is_of_region = "region" in self.conditions
        return {
            facet
            for facet, values in self.conditions.items()
            if facet in BASES
            and not is_without_region(facet, values)
            and not says_nothing(facet, values, is_of_region)
        }

    def with_value(self, facet: str, value: str) -> "Asked | None":
        """Return a copy with only this value of a facet; None if only others are asked for."""
        chosen = self.conditions.get(facet, ())
        return None if chosen and value not in chosen else self.but(**{facet: [value]})

    def only_stated(self) -> "Asked | None":
        """Return a copy without the projects that match by a filled-in value.

        None if no query can ask for it: projects with a stated region and those without any have
        no basis in common.
        """
        regions = self.conditions.get("region", ())
        if len(regions) > 1 and NOT_STATED in regions:
            return None
        stated = self
        for column in {BASES[dimension] for dimension in self.known_by()}:
            asked = stated.conditions.get(column, BY_SOURCE)
            kept = [basis for basis in asked if basis in BY_SOURCE]
            stated = stated.but(**{column: kept}) if kept else stated
        return stated

    def only_described(self) -> "Asked | None":
        """Return a copy with only described activities, by what is stated; None if no query can."""
        stated = self.only_stated()
        asked = self.conditions.get("provenance", tuple(Provenance.values))
        kinds = [one for one in asked if one != Provenance.COUNTED]
        return stated.but(provenance=kinds) if stated and kinds else None


def _in_order(facet: str, chosen: Iterable[str]) -> tuple[str, ...]:
    """Return a facet's values in the order of their vocabulary, open ones alphabetically."""
    if facet in OPEN_FACETS:
        return tuple(sorted(set(chosen), key=lambda one: (one == NOT_STATED, one.casefold())))
    return tuple(sorted(set(chosen), key=_places(facet).__getitem__))


@cache
def _places(facet: str) -> dict[str, int]:
    return {value: place for place, (value, _label) in enumerate(facet_choices(facet))}


def facet_choices(facet: str) -> list[tuple[str, Any]]:
    more = [(NOT_STATED, _("Not stated"))] if facet == "region" else []
    return [*VOCABULARIES[facet].choices, *more]
