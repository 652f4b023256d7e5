"""The panel of filters: every facet with its values and their counts."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from ..ranges import PUBLISHED_DIMENSIONS
from .answers import Answer, State
from .asked import KNOWLEDGE, OPEN_FACETS
from .selection import Selection
from .words import FACET_LABELS, label_of

# A facet with more values hides those that find nothing behind "more".
MANY_VALUES = 8
# A facet with more values has a search box.
LOOKED_THROUGH = 10
# The groups that are open before anything is chosen.
OPEN_AT_FIRST = ("priority_area", "scope", "region")


@dataclass(frozen=True)
class PanelValue:
    """A value with its count in projects, and for a reconstruction the possible range."""

    slug: str
    label: str
    count: int
    chosen: bool
    possible: str = ""
    name: str = ""


@dataclass(frozen=True)
class PanelFacet:
    name: str
    label: str
    shown: list[PanelValue]
    more: list[PanelValue]

    @property
    def is_long(self) -> bool:
        return len(self.shown) + len(self.more) > LOOKED_THROUGH


@dataclass(frozen=True)
class PanelGroup:
    name: str
    label: str
    facets: list[PanelFacet]
    is_open: bool


def _folded(name: str, label: str, values: list[PanelValue]) -> PanelFacet:
    if len(values) <= MANY_VALUES:
        return PanelFacet(name, label, values, [])
    shown = [one for one in values if one.count or one.chosen]
    return PanelFacet(
        name, label, shown, [one for one in values if not one.count and not one.chosen]
    )


class Panel:
    def __init__(self, selection: Selection):
        self.selection = selection
        self.asked = selection.asked

    @cached_property
    def facets(self) -> list[tuple[str, str, list[PanelValue]]]:
        """Every facet as (name, label, values)."""
        return [
            (
                facet,
                str(FACET_LABELS[facet]),
                [
                    PanelValue(
                        one.slug,
                        label_of(facet, one.slug),
                        one.count,
                        one.chosen,
                        possible.get(one.slug, ""),
                        one.name,
                    )
                    for one in values
                ],
            )
            for facet, values in self.selection.facets.items()
            for possible in [self._possible(facet, [one.slug for one in values])]
        ]

    @property
    def groups(self) -> list[PanelGroup]:
        facets = {name: _folded(name, label, values) for name, label, values in self.facets}
        by_group = {
            name: [one]
            for name, one in facets.items()
            if name not in KNOWLEDGE and (one.shown or one.more)
        }
        known = {"known": [facets[name] for name in KNOWLEDGE]}
        return [
            PanelGroup(
                name,
                str(_("How it is known")) if name == "known" else members[0].label,
                members,
                name in OPEN_AT_FIRST or any(one.name in self.asked.conditions for one in members),
            )
            for name, members in {**by_group, **known}.items()
        ]

    def _possible(self, facet: str, slugs: list[str]) -> dict[str, str]:
        """Return the possible ranges, in words, of the values whose counts are reconstructions.

        Each value is counted as if it were the only one chosen of its facet.
        """
        if facet in OPEN_FACETS:
            of_nothing_published = Answer(0, 0).possible
            return dict.fromkeys(self.selection.reconstructed(facet), of_nothing_published)
        if not self.asked.is_filtered:
            return {}
        others = self.selection.answers_without(facet)
        if facet not in PUBLISHED_DIMENSIONS and others.of().is_certain:
            # These values are never allocated.
            return {}
        answers = {slug: others.of({facet: [slug]}) for slug in slugs}
        return {
            slug: answer.possible
            for slug, answer in answers.items()
            if answer.state == State.RECONSTRUCTION
        }
