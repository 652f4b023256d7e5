"""The panel of filters: every facet with its values and their counts."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from .answers import Answer
from .asked import KNOWLEDGE
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
    """A value with the answer to it as the only chosen one of its facet."""

    slug: str
    label: str
    answer: Answer
    chosen: bool
    name: str = ""

    @property
    def shown(self) -> str:
        return self.answer.short

    @property
    def basis(self) -> str:
        return self.answer.basis

    @property
    def state(self) -> str:
        return self.answer.state.value

    @property
    def finds_something(self) -> bool:
        return self.chosen or self.answer.short != "0"


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
    shown = [one for one in values if one.finds_something]
    return PanelFacet(name, label, shown, [one for one in values if not one.finds_something])


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
                        one.slug, label_of(facet, one.slug), one.answer, one.chosen, one.name
                    )
                    for one in values
                ],
            )
            for facet, values in self.selection.facets.items()
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
