"""The panel of filters: every facet with its values and their counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from ..models.conditions import YEARS
from .asked import KNOWLEDGE
from .links import pairs_of
from .phrases import FACET_LABELS
from .selection import FacetValue, Selection

# A facet with more values hides those that find nothing behind "more".
MANY_VALUES = 8
# A facet with more values has a search box.
LOOKED_THROUGH = 10
# The groups that are open before anything is chosen.
OPEN_AT_FIRST = ("priority_area",)
# Facets that have a group in common; another has one of its own.
GROUPS = {
    **{"region": "place", "country": "place"},
    **dict.fromkeys(("status", *YEARS), "when"),
    **dict.fromkeys(KNOWLEDGE, "known"),
}


@dataclass(frozen=True)
class Facet:
    """A facet with its values; a closed one has none, and a `query` that opens it."""

    name: str
    label: str
    values: list[FacetValue]
    query: str = ""

    @property
    def more(self) -> list[FacetValue]:
        """The values that are hidden at first."""
        is_long = len(self.values) > MANY_VALUES
        return [one for one in self.values if is_long and not one.finds_something]

    @property
    def shown(self) -> list[FacetValue]:
        more = {one.slug for one in self.more}
        return [one for one in self.values if one.slug not in more]

    @property
    def is_long(self) -> bool:
        return len(self.values) > LOOKED_THROUGH


@dataclass(frozen=True)
class Group:
    name: str
    label: str
    facets: list[Facet]
    query: str

    @property
    def is_open(self) -> bool:
        return any(not one.query for one in self.facets)


class Panel:
    """The facets that are open, and links that open the others, which are not counted."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.asked = selection.asked

    @cached_property
    def _query(self) -> str:
        return urlencode([*pairs_of(self.asked), *(("open", one) for one in self.asked.opened)])

    def _opening(self, facets: Iterable[str]) -> str:
        return "&".join(filter(None, [self._query, *(f"open={one}" for one in facets)]))

    @cached_property
    def facets(self) -> list[Facet]:
        opened = {*OPEN_AT_FIRST, *self.asked.conditions, *self.asked.opened}
        return [
            Facet(name, str(FACET_LABELS[name]), self.selection.facet(name))
            if name in opened
            else Facet(name, str(FACET_LABELS[name]), [], self._opening([name]))
            for name in self.asked.facets
        ]

    @property
    def groups(self) -> list[Group]:
        by_group: dict[str, list[Facet]] = {}
        for facet in self.facets:
            by_group.setdefault(GROUPS.get(facet.name, facet.name), []).append(facet)
        labels = {
            "place": _("Region and country"),
            "when": _("Status and year"),
            "known": _("How it is known"),
        }
        return [
            Group(
                name,
                labels.get(name, facets[0].label),
                facets,
                self._opening(one.name for one in facets if one.query),
            )
            for name, facets in by_group.items()
        ]
