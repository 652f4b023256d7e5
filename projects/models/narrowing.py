"""Filters of projects: by words, facets and dates."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db.models import Count, Exists, F, OuterRef, Q, TextField, Value
from django.db.models.functions import Replace
from django.db.models.lookups import Contains

from ..cube import BASES
from ..text import LIKE_SPACES, spaced
from ..vocabulary import (
    COUNTRY_NOT_STATED,
    ENTITY_NOT_STATED,
    REGION_COLUMNS,
    REGION_NOT_STATED,
    REPORT_DATE,
    Basis,
    Provenance,
    Scope,
    Status,
)
from .reviewed import ReviewedQuerySet

if TYPE_CHECKING:
    from .project import Project

# The rows of the live register, with drafts.
LIVE = Q(edition=None)
NO_REGION = Q(**dict.fromkeys(REGION_COLUMNS.values(), False))


def occurs(term: str, column: str = "search_text") -> Q:
    """Return the condition that a folded word or phrase occurs; hyphens there are spaces here."""
    words = term.split(" ")
    found = Q(*(Q(**{f"{column}__contains": word}) for word in words))
    if len(words) == 1:
        return found
    text: F | Replace = F(column)
    for sign in LIKE_SPACES:
        text = Replace(text, Value(sign), Value(" "), output_field=TextField())
    # After the words themselves, which are cheaper to find.
    return found & Q(Contains(text, term))


def _contradiction_on(when: date) -> Q:
    """Return the condition that the dates contradict the status on that day."""
    day = when.isoformat()

    def past(field: str) -> Q:
        # A current year or month is not past.
        begun = Q(**{f"{field}__in": ["", day[:4], day[:7]]})
        return Q(**{f"{field}__lt": day}) & ~begun

    future_start, future_end = Q(start_date__gt=day), Q(end_date__gt=day)
    return (
        Q(status=Status.PLANNED) & (past("start_date") | past("end_date"))
        | Q(status=Status.ONGOING) & (future_start | past("end_date"))
        | Q(status=Status.COMPLETED) & (future_start | future_end)
    )


def _without_implied(words: Iterable[str]) -> list[str]:
    """Return the words without those that are part of another."""
    different = dict.fromkeys(words)
    return [
        word for word in different if not any(word in other for other in different if other != word)
    ]


def _allocated(bases: Iterable[str]) -> Q:
    return Q(*((basis, Basis.ALLOCATED) for basis in bases), _connector=Q.OR)


def _within(year: str) -> Q:
    """Return the condition that a project ran in a year: between both dates, or that of one."""
    begun, over = Q(start_date__lt=f"{year}~"), Q(end_date__lt=year)  # "~" is after "-"
    only_start = Q(end_date="", start_date__startswith=year)
    only_end = Q(start_date="", end_date__startswith=year)
    both = ~Q(start_date="") & ~Q(end_date="") & begun & ~over
    return both | only_start | only_end


class NarrowedQuerySet(ReviewedQuerySet["Project"]):
    model: type["Project"]

    def search(self, queries: Iterable[Collection[str]], entities: Mapping[int, str]) -> Self:
        """Return the projects in which every word of at least one query occurs.

        `queries` are collections of folded words, which occur in `search_text` or in that of an
        entity, also inside a longer word. `entities` are the folded texts of all entities by key.
        """
        return self.filter(self._found_by(queries, entities))

    def _found_by(self, queries: Iterable[Collection[str]], entities: Mapping[int, str]) -> Q:
        texts = {key: (text, spaced(text)) for key, text in entities.items()}
        found = Q()
        for terms in queries:
            # Terms of the same entities share a condition on links, which are expensive.
            by_entities: dict[frozenset[int], Q] = {}
            for term in _without_implied(terms):
                keys = frozenset(
                    key for key, text in texts.items() if any(term in one for one in text)
                )
                by_entities[keys] = by_entities.get(keys, Q()) & occurs(term)
            found |= Q(
                *(
                    in_text | self._linked_with(keys) if keys else in_text
                    for keys, in_text in by_entities.items()
                )
            )
        return found

    def _linked_with(self, entities: Iterable[int]) -> Q:
        # Not `pk__in`: with more links than fit in its memory PostgreSQL does not hash them, but
        # reads all of them for each project.
        links = self.model.entities.through.objects.filter(project=OuterRef("pk"))
        return Q(Exists(links.filter(entity__in=sorted(entities))))

    def in_facets(self, conditions: Mapping[str, Collection[str]]) -> Self:
        """Return the projects that have, of every facet, at least one of the values asked for.

        Without joins, which would multiply rows.
        """
        return self.filter(self._having(conditions))

    def _having(self, conditions: Mapping[str, Collection[str]]) -> Q:
        return Q(*(self._one_of(facet, values) for facet, values in conditions.items() if values))

    def assigned(self, conditions: Mapping[str, Collection[str]]) -> Self:
        """Return those with an assigned value that meet the conditions, or could.

        An assigned value could be any other; an assigned scope allows other regions.
        """
        could = Q()
        for facet, values in conditions.items():
            bases = [BASES[facet]] if facet in BASES else []
            if facet == "region":
                bases.append(BASES["scope"])
            could &= self._one_of(facet, values) | _allocated(bases)
        return self.filter(could & _allocated(BASES.values()))

    def _one_of(self, facet: str, values: Collection[str]) -> Q:
        chosen = Q()
        if facet == "region":
            for value in values:
                if value == REGION_NOT_STATED:
                    chosen |= ~Q(scope=Scope.GLOBAL) & NO_REGION
                else:
                    chosen |= Q(**{REGION_COLUMNS[value]: True})
            return chosen
        if facet == "year":
            for year in values:
                chosen |= _within(year)
            return chosen
        if facet == "entity":
            linked = self.model.entities.through.objects.filter(project=OuterRef("pk"))
            chosen = Q(Exists(linked.filter(entity__acronym__in=values)))
            return chosen | Q(~Exists(linked)) if ENTITY_NOT_STATED in values else chosen
        if facet == "country":
            links = self.model.countries.through.objects.filter(project=OuterRef("pk"))
            chosen = Q(Exists(links.filter(country__code__in=values)))
            return chosen | Q(~Exists(links)) if COUNTRY_NOT_STATED in values else chosen
        return Q(**{f"{facet}__in": values})

    def count_each(
        self,
        parts: Sequence[tuple[Iterable[Collection[str]], Mapping[str, Collection[str]]]],
        entities: Mapping[int, str],
    ) -> list[int]:
        """Return the number of projects that each search with its conditions finds, in one query.

        A union, so that each can use its own index.
        """
        counts = [
            self.search(queries, entities)
            .in_facets(conditions)
            .order_by()
            .values(part=Value(place))
            .annotate(count=Count("pk"))
            .values_list("part", "count")
            for place, (queries, conditions) in enumerate(parts)
        ]
        if not counts:
            return []
        found = dict(counts[0].union(*counts[1:], all=True))
        return [found.get(place, 0) for place in range(len(counts))]

    def contradicting_dates(self, today: date) -> Self:
        """Return the projects whose dates contradict their status on that day.

        Unconfirmed ones are as at the report's day.
        """
        confirmed = Q(provenance=Provenance.CONFIRMED)
        return self.filter(
            confirmed & _contradiction_on(today) | ~confirmed & _contradiction_on(REPORT_DATE)
        )
