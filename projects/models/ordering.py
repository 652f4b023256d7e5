"""The order of projects: their sorts, their neighbours and their pages."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Case, F, Q, SmallIntegerField, Value, When

from ..cube import VOCABULARIES
from .narrowing import NarrowedQuerySet, occurs

if TYPE_CHECKING:
    from .project import Project


def _vocabulary_order(dimension: str) -> Case:
    values = VOCABULARIES[dimension].values
    return Case(
        *(When(**{dimension: value, "then": Value(place)}) for place, value in enumerate(values)),
        output_field=SmallIntegerField(),
    )


AREA_ORDER, SCOPE_ORDER, STATUS_ORDER = map(_vocabulary_order, ("priority_area", "scope", "status"))
# The keys of each sort; equal projects are in the order of their numbers.
SORTS = {
    "reference": F("number"),
    "title": F("title_sort"),
    "priority_area": AREA_ORDER,
    "scope": SCOPE_ORDER,
    "status": STATUS_ORDER,
    "updated": F("updated_at"),
}
_UPWARDS = ("edition_id", "sort_key", "number")
_DOWNWARDS = tuple(f"-{key}" for key in _UPWARDS)
RELEVANCE = "relevance"


def _sort_key(sort: str, terms: Iterable[str]):
    """Return a sort's key; relevance counts the terms outside the title."""
    name = sort.removeprefix("-")
    if name != RELEVANCE:
        return SORTS[name]
    key: Any = Value(0, output_field=SmallIntegerField())
    for term in dict.fromkeys(terms):
        key += Case(
            When(occurs(term, "title_sort"), then=Value(0)),
            When(occurs(term), then=Value(1)),
            default=Value(2),
            output_field=SmallIntegerField(),
        )
    return key


class OrderedQuerySet(NarrowedQuerySet):
    def in_order(self, sort: str, terms: Iterable[str] = ()) -> Self:
        """Return the projects in the order of a `sort` parameter, e.g. "-title".

        The terms, folded, are those of the search, for "relevance".
        """
        # By edition, which is the same in every row, because the indexes begin with it.
        order = _DOWNWARDS if sort.startswith("-") else _UPWARDS
        return self.alias(sort_key=_sort_key(sort, terms)).order_by(*order)

    def neighbours(
        self, project: "Project", sort: str, terms: Iterable[str] = ()
    ) -> tuple["Project | None", "Project | None"]:
        """Return the projects just before and after this one, None at an end."""
        sort_key, number = project.number, project.number
        if sort.removeprefix("-") != "reference":
            sort_key, number = self.place_of(project.pk, sort, terms)
        projects = self.alias(sort_key=_sort_key(sort, terms))
        steps = [(_DOWNWARDS, "lt"), (_UPWARDS, "gt")]
        if sort.startswith("-"):
            steps.reverse()
        found = []
        for order, beyond in steps:
            ordered = projects.order_by(*order)
            later = ordered.filter(**{f"sort_key__{beyond}": sort_key})
            if sort.removeprefix("-") == "reference":
                found.append(later.first())
                continue
            # Two queries: for both conditions at once PostgreSQL reads all rows before.
            equal = ordered.filter(sort_key=sort_key, **{f"number__{beyond}": number})
            found.append(equal.first() or later.first())
        before, after = found
        return before, after

    def place_of(self, key: int, sort: str, terms: Iterable[str] = ()) -> tuple[Any, int]:
        """Return the place of the project with that primary key: sort key, number."""
        places = self.model.every.annotate(sort_key=_sort_key(sort, terms))
        return places.values_list("sort_key", "number").get(pk=key)

    def beyond(self, place: tuple[Any, int], sort: str, terms: Iterable[str] = ()) -> Self:
        """Return the projects after a place, which may have no project any more."""
        sort_key, number = place
        way = "lt" if sort.startswith("-") else "gt"
        # The first condition is redundant, but an index answers it.
        return self.alias(sort_key=_sort_key(sort, terms)).filter(
            Q(**{f"sort_key__{way}e": sort_key}),
            Q(**{f"sort_key__{way}": sort_key}) | Q(**{f"number__{way}": number}),
        )
