"""The named reads of the register, its cubes per link, and its three managers."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from ..columns import PROJECT_TABLE, ROWS_AT_ONCE
from ..cube import COMBINATION, Coded, Cube, coded
from ..vocabulary import NOT_STATED, REGION_COLUMNS, Provenance, Review
from .base import Frozen
from .conditions import LIVE, UNSTATED, YEARS, occurs, sort_key
from .reviewed import ReviewedQuerySet

MOST_YEARS = 100  # of a project: a mistyped date must not give thousands
_UPWARDS = ("edition_id", "sort_key", "number")
_DOWNWARDS = tuple(f"-{key}" for key in _UPWARDS)
_REFERENCE = re.compile(" pve ([0-9]{3,12})")


class Counting(NamedTuple):
    """A project's combination, and the values of the open facets that it is counted under."""

    combination: Coded
    holds_place: bool
    is_of_other_report: bool
    entity: list[str]
    country: list[str]
    year: tuple[str, ...]
    starts: tuple[str, ...]
    ends: tuple[str, ...]


# Of all projects, of those that hold a place in the report's matrix, and of those that another
# report than the one that is shown describes or whose matrix they are said of.
Cubes = tuple[Cube, Cube, Cube]


def cubes_of(found: Iterable[tuple[Coded, bool, bool, int]]) -> Cubes:
    """Return the cubes of combinations, each with the two flags of `Counting` and a number."""
    rows = [*found]
    return (
        Cube.counted((one, count) for one, _placed, _is_other, count in rows),
        Cube.counted((one, count) for one, placed, _is_other, count in rows if placed),
        Cube.counted((one, count) for one, _placed, is_other, count in rows if is_other),
    )


class ProjectQuerySet(ReviewedQuerySet):
    """Projects; written only with a revision, and never in an edition."""

    model: Any  # Project, which is made with this

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        objs = list(objs)
        if sealed := {one.edition for one in objs if one.edition_id and one.edition.is_sealed}:
            raise Frozen(f"Nothing can be added to {', '.join(map(str, sealed))}: it is published.")
        return super().bulk_create(objs, *args, **kwargs)

    def write_over(self, projects: Collection[Any], fields: Collection[str]) -> None:
        """Store these fields of projects that there are, with the revisions of the caller."""
        # One statement for all, where bulk_update would write a condition for every cell.
        known = {"update_conflicts": True, "unique_fields": ["id"], "update_fields": fields}
        self.bulk_create(projects, batch_size=ROWS_AT_ONCE, **known)

    def _refuse_frozen(self) -> None:
        if self.order_by().exclude(LIVE).exists():
            raise Frozen("Rows of an edition are among these: they never change.")

    def search(
        self,
        queries: Collection[Collection[str]],
        entities: Mapping[int, str],
        of_placeholders: bool = False,
    ) -> Self:
        """Return the projects that have all terms of at least one query, if there is any.

        Terms are those of `terms_of`, and `entities` searchable texts by key. Each term occurs in
        `search_text` or in the text of an entity, or is the reference of the project or of one
        that was merged into it. The titles of placeholders are the register's own words, and found
        only if these are asked for.
        """
        matches, links = Q(pk__in=[]) if queries else Q(), self.model.entities.through
        for terms in filter(None, queries):
            # Terms of the same entities share a condition on links, which are expensive.
            by_entities: dict[frozenset[int], Q] = {}
            conditions = Q()
            for term in _without_implied(terms):
                if number := _REFERENCE.fullmatch(term.rstrip()):
                    named = {"reference": f"PVE-{number[1]}"}
                    merged = self.model.live.filter(**named).values("merged_into")
                    conditions &= Q(**named) | Q(pk__in=merged)
                    continue
                keys = frozenset(key for key, text in entities.items() if term in text)
                by_entities[keys] = by_entities.get(keys, Q()) & occurs(term)
            if by_entities and not of_placeholders:
                conditions &= ~Q(provenance=Provenance.COUNTED)
            matches |= conditions & Q(
                *(
                    in_text | _linked(links, Q(entity__in=sorted(keys))) if keys else in_text
                    for keys, in_text in by_entities.items()
                )
            )
        return self.filter(matches)

    def in_facets(self, conditions: Mapping[str, Collection[str]], filled_in: bool = False) -> Self:
        """Return those with a value of every facet asked for; no joins, which multiply rows.

        A value that the register filled in counts only with `filled_in`.
        """
        asked = [one for one in conditions.items() if one[1]]
        return self.filter(*(self._one_of(*one, filled_in) for one in asked))

    def _one_of(self, facet: str, values: Collection[str], filled_in: bool) -> Q:
        if facet in YEARS:
            return Q(*map(YEARS[facet], values), _connector=Q.OR)
        column = PROJECT_TABLE.facets[facet]
        if column.linked_by:
            chosen = Q(**{f"{facet}__{column.linked_by}__in": values})
            return _linked(getattr(self.model, column.name).through, chosen, NOT_STATED in values)
        unstated = UNSTATED.get(column.name)
        if facet == "region":
            regions = (Q(**{REGION_COLUMNS[one]: True}) for one in values if one != NOT_STATED)
            matches = Q(Q(pk__in=()), *regions, _connector=Q.OR)
        else:
            matches = Q(**{f"{facet}__in": values})
        if unstated is None:
            return matches
        matches = matches if filled_in else matches & ~unstated
        return matches | unstated if NOT_STATED in values else matches

    def in_order(self, sort: str, terms: Iterable[str] = (), backwards: bool = False) -> Self:
        """Return the projects in the order of `sort`, e.g. "-title"; `terms` for "relevance"."""
        # By edition, which is the same in every row, because the indexes begin with it.
        order = _DOWNWARDS if sort.startswith("-") != backwards else _UPWARDS
        return self.alias(sort_key=sort_key(sort, terms)).order_by(*order)

    def neighbours(self, project: Any, sort: str, terms: Iterable[str] = ()) -> tuple[Any, Any]:
        """Return the projects just before and after this one, None at an end."""
        place = self.place_of(project.pk, sort, terms)
        before, after = (
            self.in_order(sort, terms, backwards).beyond(place, sort, terms, backwards).first()
            for backwards in (True, False)
        )
        return before, after

    def place_of(self, key: int, sort: str, terms: Iterable[str] = ()) -> tuple[Any, int]:
        """Return the place of the project with that primary key: sort key, number."""
        places = self.model.every.annotate(sort_key=sort_key(sort, terms))
        return places.values_list("sort_key", "number").get(pk=key)

    def beyond(
        self,
        place: tuple[Any, int],
        sort: str,
        terms: Iterable[str] = (),
        backwards: bool = False,
    ) -> Self:
        """Return the projects after a place (before it: `backwards`), which may be empty now."""
        key, number = place
        way = "lt" if sort.startswith("-") != backwards else "gt"
        # The first condition is redundant, but an index answers it.
        return self.alias(sort_key=sort_key(sort, terms)).filter(
            Q(**{f"sort_key__{way}e": key}),
            Q(**{f"sort_key__{way}": key}) | Q(**{f"number__{way}": number}),
        )

    def described(self) -> Self:
        """Return the entries, without placeholders."""
        return self.exclude(provenance=Provenance.COUNTED)

    def cube(self) -> Cube:
        """Return the cube of these projects, by one grouped query."""
        return self.cubes()[0]

    def cubes(self) -> Cubes:
        """Return the same, the cube of those that hold a place, and that of other reports'."""
        rows, by = self.order_by().with_combination(), ("holds_place", "is_of_other_report")
        counts = rows.values_list("combination", *by).annotate(count=Count("pk"))
        return cubes_of((coded(one, other), placed, other, n) for one, placed, other, n in counts)

    def counting(self) -> dict[int, Counting]:
        """Return what each project is counted by, by primary key, with one query."""
        columns = ("combination", "holds_place", "is_of_other_report", "start_date", "end_date")
        linked = ("entities__acronym", "countries__code")
        counted: dict[int, Counting] = {}
        rows = self.order_by().with_combination().values_list("pk", *columns, *linked)
        for key, combination, placed, is_other, start, end, entity, country in rows:
            counting = counted.get(key)
            if counting is None:
                first, last = start[:4], end[:4]
                years = _years(first, last), _years(first, ""), _years("", last)
                code = coded(combination, is_other)
                counting = counted[key] = Counting(code, placed, is_other, [], [], *years)
            # Each entity comes with each country.
            for values, value in ((counting.entity, entity), (counting.country, country)):
                if (value or NOT_STATED) not in values:
                    values.append(value or NOT_STATED)
        return counted

    def with_combination(self) -> Any:  # a queryset whose rows have a `combination`
        return self.annotate(combination=COMBINATION)

    def of_edition(self, edition: Any) -> Self:
        """Return the published projects of an edition (None: the live register), by reference."""
        return self.published().filter(edition=edition).in_order("reference")

    def with_page(self) -> Self:
        """Return the projects that have a page, also those set aside."""
        return self.exclude(review=Review.DRAFT)

    def merged(self) -> Self:
        """Return the entries that were merged into others, which are read with them."""
        return self.exclude(merged_into=None).select_related("merged_into")

    def references(self) -> models.QuerySet:
        return self.order_by().values("reference")

    def like(self, project: Any) -> Self:
        links = self.model.entities.through.objects
        same = links.filter(project=OuterRef("pk"), entity__in=project.entities.all())
        described = self.described().exclude(pk=project.pk)
        return described.filter(Q(priority_area=project.priority_area) | Exists(same))

    def newest_texts(self, most: int) -> Iterator[str]:
        described = self.described().in_order("-reference")
        texts = described.values_list("title", "summary", "methodology")
        yield from map(" ".join, texts[:most].iterator())

    def for_detail(self) -> Self:
        return self.prefetch_related("entities", "countries", "quotations")


def _without_implied(words: Iterable[str]) -> list[str]:
    different = dict.fromkeys(words)
    return [
        word for word in different if not any(word in other for other in different if other != word)
    ]


def _linked(through: Any, chosen: Q, without: bool = False) -> Q:
    # Not `pk__in`: with more links than fit in its memory PostgreSQL does not hash them, but reads
    # all of them for each project.
    links = through.objects.filter(project=OuterRef("pk"))
    found = Q(Exists(links.filter(chosen)))
    return found | Q(~Exists(links)) if without else found


class LinkCubes:
    """The cubes per entity, country and year; a project with two entities is counted under both."""

    def __init__(self, projects: Collection[Counting]) -> None:
        self._projects = projects
        self._cubes: dict[str, dict[str, Cube]] = {}

    def of(self, facet: str) -> dict[str, Cube]:
        """Return the cubes by acronym, code or year, in order; those of none under NOT_STATED."""
        if facet not in self._cubes:
            counted: dict[str, Counter[Coded]] = {}
            for one in self._projects:
                for value in getattr(one, facet):
                    counted.setdefault(value, Counter())[one.combination] += 1
            ordered = sorted(counted.items())
            self._cubes[facet] = {value: Cube.counted(some.items()) for value, some in ordered}
        return self._cubes[facet]


@cache
def _years(start: str, end: str) -> tuple[str, ...]:
    if not (start or end):
        return (NOT_STATED,)
    first, last = int(start or end), int(end or start)
    return tuple(f"{year:04}" for year in range(max(first, last - MOST_YEARS), last + 1))


# Every row: the live register, its drafts, and all editions.
EveryManager = models.Manager.from_queryset(ProjectQuerySet)


class LiveManager(EveryManager):
    def get_queryset(self) -> Any:
        return super().get_queryset().filter(LIVE)

    def get_by_natural_key(self, reference: str) -> Any:
        return self.get(reference=reference)


class PublishedManager(LiveManager):
    def get_queryset(self) -> Any:
        return super().get_queryset().published()
