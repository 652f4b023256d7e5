"""The panel of filters: every facet with its values, their counts, and how it folds."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from ..cube import BASES
from ..ranges import PUBLISHED_DIMENSIONS
from .answers import Answer, State
from .asked import OPEN_FACETS
from .selection import Selection
from .words import FACET_LABELS, label_of

# The group of the facets that say how something is known.
KNOWLEDGE = ("provenance", *BASES.values())
# A facet with more values than this shows those that find nothing behind "more".
MANY_VALUES = 8
# One with more than this has a box that finds some of them.
LOOKED_THROUGH = 10
# The groups that are open before anything is chosen.
OPEN_AT_FIRST = ("priority_area", "scope", "region")


@dataclass(frozen=True)
class PanelValue:
    """A value in the panel of filters, with its count in projects, and what that may be.

    `possible` is empty where the count is no reconstruction; `name` is what an acronym stands for.
    """

    slug: str
    label: str
    count: int
    chosen: bool
    possible: str = ""
    name: str = ""


@dataclass(frozen=True)
class PanelFacet:
    """A facet in the panel: the values that matter first, and the others."""

    name: str
    label: str
    shown: list[PanelValue]
    more: list[PanelValue]

    @property
    def is_long(self) -> bool:
        """Whether its values are too many to be looked through."""
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
    """The facets of a selection, for its filters and its pickers."""

    def __init__(self, selection: Selection):
        self.selection = selection
        self.asked = selection.asked

    @cached_property
    def facets(self) -> list[tuple[str, str, list[PanelValue]]]:
        """Every facet as (name, label, values); each value with its count, zeros too."""
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
        """The facets as the panel folds them; open is what is chosen in, and the main ones."""
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
        """Return what the counts of those values may be that are reconstructions, in words.

        What is counted is the value alone, whatever else of its facet is chosen.
        """
        if facet in OPEN_FACETS:
            of_nothing_published = Answer(0, 0).possible
            return dict.fromkeys(self.selection.reconstructed(facet), of_nothing_published)
        if not self.asked.is_filtered:
            return {}
        others = self.selection.answers_without(facet)
        if facet not in PUBLISHED_DIMENSIONS and others.of().is_certain:
            # Of these values none is ever assigned.
            return {}
        answers = {slug: others.of({facet: [slug]}) for slug in slugs}
        return {
            slug: answer.possible
            for slug, answer in answers.items()
            if answer.state == State.RECONSTRUCTION
        }
