"""The panel of filters: every facet with its values and their counts."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from .asked import KNOWLEDGE
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
    **{"region": "place", "country": "place", "status": "when", "year": "when"},
    **dict.fromkeys(KNOWLEDGE, "known"),
}


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    values: list[FacetValue]

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
    is_open: bool


class Panel:
    def __init__(self, selection: Selection):
        self.selection = selection

    @cached_property
    def facets(self) -> list[Facet]:
        facets = self.selection.facets.items()
        return [Facet(name, str(FACET_LABELS[name]), values) for name, values in facets]

    @property
    def groups(self) -> list[Group]:
        by_group: dict[str, list[Facet]] = {}
        for one in self.facets:
            if one.values:
                by_group.setdefault(GROUPS.get(one.name, one.name), []).append(one)
        labels = {
            "place": _("Region and country"),
            "when": _("Status and year"),
            "known": _("How it is known"),
        }
        opened = {*OPEN_AT_FIRST, *self.selection.asked.conditions}
        return [
            Group(
                name,
                labels.get(name, facets[0].label),
                facets,
                not opened.isdisjoint(one.name for one in facets),
            )
            for name, facets in by_group.items()
        ]
