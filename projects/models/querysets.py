"""Every read of the register has its name here, and so have the three ways of seeing it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    SmallIntegerField,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Replace, Substr
from django.db.models.lookups import Contains

from ..cube import VOCABULARIES, Combination, Cube, combination_from
from ..history import RecordedQuerySet, Revision
from ..text import HYPHENS, spaced
from ..vocabulary import (
    COUNTRY_NOT_STATED,
    ENTITY_NOT_STATED,
    NOT_COUNTED,
    REGION_COLUMNS,
    REGION_NOT_STATED,
    REPORT_DATE,
    TO_REVIEW,
    Provenance,
    Review,
    Scope,
    Status,
)
from .base import Frozen

if TYPE_CHECKING:
    from .project import Project


def _vocabulary_order(dimension: str) -> Case:
    values = VOCABULARIES[dimension].values
    return Case(
        *(When(**{dimension: value, "then": Value(place)}) for place, value in enumerate(values)),
        output_field=SmallIntegerField(),
    )


# What each sort compares; equal projects follow their reference.
SORTS = {
    "reference": F("number"),
    "title": F("title_sort"),
    "priority_area": _vocabulary_order("priority_area"),
    "scope": _vocabulary_order("scope"),
    "status": _vocabulary_order("status"),
    "updated": F("updated_at"),
}
RELEVANCE = "relevance"
# Of so many years a facet shows what there is: a mistyped date must not make it endless.
MOST_YEARS = 100


def _occurs(term: str, column: str = "search_text") -> Q:
    """Return the condition that a folded word or phrase occurs; a hyphen there is a space here."""
    words = term.split(" ")
    found = Q(*(Q(**{f"{column}__contains": word}) for word in words))
    if len(words) == 1:
        return found
    text: F | Replace = F(column)
    for hyphen in HYPHENS:
        text = Replace(text, Value(hyphen), Value(" "), output_field=TextField())
    # After the words themselves, which cost less to look for.
    return found & Q(Contains(text, term))


def _sort_key(sort: str, terms: Iterable[str]):
    """Return what a sort compares; relevance counts the terms outside the title."""
    if sort != RELEVANCE:
        return SORTS[sort.removeprefix("-")]
    key: Any = Value(0, output_field=SmallIntegerField())
    for term in dict.fromkeys(terms):
        key += Case(
            When(_occurs(term, "title_sort"), then=Value(0)),
            When(_occurs(term), then=Value(1)),
            default=Value(2),
            output_field=SmallIntegerField(),
        )
    return key


# The rows of the register as it is now, drafts among them: those of no edition.
LIVE = Q(edition=None)
NO_REGION = Q(**dict.fromkeys(REGION_COLUMNS.values(), False))


def _contradiction_on(when: date) -> Q:
    """Return the condition that a status cannot be true on that day, by the project's dates."""
    day = when.isoformat()

    def past(field: str) -> Q:
        # A year or month that is not over is not past yet.
        begun = Q(**{f"{field}__in": ["", day[:4], day[:7]]})
        return Q(**{f"{field}__lt": day}) & ~begun

    future_start, future_end = Q(start_date__gt=day), Q(end_date__gt=day)
    return (
        Q(status=Status.PLANNED) & (past("start_date") | past("end_date"))
        | Q(status=Status.ONGOING) & (future_start | past("end_date"))
        | Q(status=Status.COMPLETED) & (future_start | future_end)
    )


def _without_implied(words: Iterable[str]) -> list[str]:
    """Return the words but those that occur wherever another of them does, being a part of it."""
    different = dict.fromkeys(words)
    return [
        word for word in different if not any(word in other for other in different if other != word)
    ]


def _within(year: str) -> Q:
    """Return the condition that a project ran in a year, as far as its dates are stated.

    With both dates that is from one to the other, with one of them only its own year.
    """
    begun, over = Q(start_date__lt=f"{year}~"), Q(end_date__lt=year)  # "~" is after "-"
    only_start = Q(end_date="", start_date__startswith=year)
    only_end = Q(start_date="", end_date__startswith=year)
    both = ~Q(start_date="") & ~Q(end_date="") & begun & ~over
    return both | only_start | only_end


def _years(spans: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """Return projects per year from (first year, last year, projects); either may be empty."""
    found: Counter[int] = Counter()
    for start, end, count in spans:
        first, last = int(start or end), int(end or start)
        for year in range(max(first, last - MOST_YEARS), last + 1):
            found[year] += count
    return {f"{year:04}": found[year] for year in sorted(found)[-MOST_YEARS:]}


# Projects by the columns of a combination, then by the values of something else.
_ByCombination = dict[tuple, list[tuple[tuple, int]]]


def _by_combination(projects: models.QuerySet, *columns) -> _ByCombination:
    found: _ByCombination = {}
    counted = projects.values_list("combination", *columns).annotate(count=Count("pk"))
    for combination, *values, count in counted:
        key = combination_from(combination, count)[:-1]
        found.setdefault(key, []).append((tuple(values), count))
    return found


@dataclass(frozen=True)
class LinkedCounts:
    """How many projects of each combination have an entity, a country, a span of years.

    With a cube it answers what its projects have of these, without asking the database.
    """

    entities: _ByCombination
    countries: _ByCombination
    spans: _ByCombination

    def entity_counts(self, cube: Cube) -> dict[int | None, int]:
        """Return the same as that of the cube's projects."""
        return {entity: count for (entity,), count in _within_cube(self.entities, cube)}

    def country_counts(self, cube: Cube) -> list[tuple[str | None, str | None, int]]:
        """Return the same as that of the cube's projects."""
        return [(code, name, count) for (code, name), count in _within_cube(self.countries, cube)]

    def year_counts(self, cube: Cube) -> dict[str, int]:
        """Return the same as that of the cube's projects."""
        return _years((start, end, n) for (start, end), n in _within_cube(self.spans, cube))


def _within_cube(counts: _ByCombination, cube: Cube) -> Iterable[tuple[tuple, int]]:
    found: Counter[tuple] = Counter()
    for one in cube.combinations:
        for values, count in counts.get(one[:-1], ()):
            found[values] += count
    return found.items()


class ProjectQuerySet(RecordedQuerySet["Project"]):
    """Projects, read by name; written only where a revision is kept, and never in an edition."""

    # Writing. Rows of an edition refuse it even where no revision is asked for.

    def update(self, **kwargs):
        self._refuse_frozen()
        return super().update(**kwargs)

    def delete(self):
        self._refuse_frozen()
        return super().delete()

    delete.queryset_only = True  # type: ignore[attr-defined]  # as in RecordedQuerySet

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        if sealed := {one.edition for one in objs if one.edition_id and one.edition.is_sealed}:
            raise Frozen(f"Nothing can be added to {', '.join(map(str, sealed))}: it is published.")
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs, *args, **kwargs):
        objs = list(objs)
        # Before the transaction that Django opens for it.
        if any(one.edition_id for one in objs):
            raise Frozen("Rows of an edition are among these: they never change.")
        return super().bulk_update(objs, *args, **kwargs)

    def _refuse_frozen(self) -> None:
        if self.order_by().exclude(LIVE).exists():
            raise Frozen("Rows of an edition are among these: they never change.")

    # Reading

    def of_edition(self, edition) -> "ProjectQuerySet":
        """Return the published projects of an edition, None for the live register, by reference."""
        return self.published().filter(edition=edition).in_order("reference")

    def published(self) -> "ProjectQuerySet":
        """Return the projects that are listed and counted: no drafts, and none set aside."""
        return self.exclude(review__in=NOT_COUNTED)

    def with_page(self) -> "ProjectQuerySet":
        """Return the projects that have a page: those listed, and those set aside."""
        return self.exclude(review=Review.DRAFT)

    def set_aside(self) -> "ProjectQuerySet":
        """Return the projects that are not counted any more, and keep their pages."""
        return self.filter(review=Review.SET_ASIDE)

    def with_last_revision(self) -> "ProjectQuerySet":
        """Return the projects, each with its last revision's number, time and author's name.

        They are called `seen`, `last_at` and `last_by`; without any revision `seen` is 0.
        """
        last = self._revisions().order_by("-pk")
        return self.annotate(
            seen=Coalesce(Subquery(last.values("pk")[:1]), 0),
            last_at=Subquery(last.values("at")[:1]),
            last_by=Subquery(last.values("by_name")[:1]),
        )

    def waiting(self) -> "ProjectQuerySet":
        """Return the drafts and changes that wait for review, each with its last revision."""
        return self.filter(review__in=TO_REVIEW).with_last_revision()

    def sent_back(self) -> "ProjectQuerySet":
        """Return those of `waiting` projects of which the last revision met an objection."""
        objected = Revision.objects.filter(pk=OuterRef("seen"), objection__isnull=False)
        return self.filter(Exists(objected))

    def to_review(self) -> "ProjectQuerySet":
        """Return those of `waiting` projects that no reviewer has sent back."""
        objected = Revision.objects.filter(pk=OuterRef("seen"), objection__isnull=False)
        return self.exclude(Exists(objected))

    def written_by(self, account) -> "ProjectQuerySet":
        """Return the projects that the account changed since they were last reviewed."""
        return self.filter(Exists(self._written_since_review(account)))

    def not_written_by(self, account) -> "ProjectQuerySet":
        """Return the projects that the account may review: others changed them since the last."""
        return self.exclude(Exists(self._written_since_review(account)))

    def _revisions(self):
        return Revision.objects.of_model(self.model).filter(object_id=OuterRef("pk"))

    def _written_since_review(self, account):
        same = Revision.objects.of_model(self.model).filter(object_id=OuterRef("object_id"))
        reviewed_later = same.filter(pk__gte=OuterRef("pk"), new__review=Review.REVIEWED.value)
        return self._revisions().filter(~Exists(reviewed_later), by=account)

    def search(
        self, queries: Iterable[Collection[str]], entities: Mapping[int, str]
    ) -> "ProjectQuerySet":
        """Return the projects in which every word of at least one query occurs.

        `queries` are collections of folded words. A word occurs in the reference, title, summary or
        methodology, or in the acronym or name of an entity; anywhere, also inside a longer word.
        `entities` are the folded texts of all entities by their keys.
        """
        return self.filter(self._found_by(queries, entities))

    def _found_by(self, queries: Iterable[Collection[str]], entities: Mapping[int, str]) -> Q:
        texts = {key: (text, spaced(text)) for key, text in entities.items()}
        found = Q()
        for terms in queries:
            # Terms that occur in the same entities are one condition on links: it costs the most.
            by_entities: dict[frozenset[int], Q] = {}
            for term in _without_implied(terms):
                keys = frozenset(
                    key for key, text in texts.items() if any(term in one for one in text)
                )
                by_entities[keys] = by_entities.get(keys, Q()) & _occurs(term)
            found |= Q(
                *(
                    in_text | self._linked_with(keys) if keys else in_text
                    for keys, in_text in by_entities.items()
                )
            )
        return found

    def _linked_with(self, entities: Iterable[int]) -> Q:
        # Not `pk__in`: of more links than its memory holds, PostgreSQL makes no table to look
        # them up in, and reads all of them for each project.
        links = self.model.entities.through.objects.filter(project=OuterRef("pk"))
        return Q(Exists(links.filter(entity__in=sorted(entities))))

    def in_facets(self, conditions: Mapping[str, Collection[str]]) -> "ProjectQuerySet":
        """Return the projects that have, of every facet, at least one of the values asked for.

        No condition joins another table, so none can multiply rows.
        """
        return self.filter(self._having(conditions))

    def _having(self, conditions: Mapping[str, Collection[str]]) -> Q:
        return Q(*(self._one_of(facet, values) for facet, values in conditions.items() if values))

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

    def references(self) -> models.QuerySet:
        """Return the references of these projects, for another query to ask for."""
        return self.order_by().values("reference")

    def numbered(self, number: int) -> "ProjectQuerySet":
        """Return the project whose reference carries this number, if there is one."""
        return self.filter(number=number)

    def like(self, project: "Project") -> "ProjectQuerySet":
        """Return the other described projects of its entities or of its area, by reference."""
        links = self.model.entities.through.objects
        same = links.filter(project=OuterRef("pk"), entity__in=project.entities.all())
        described = self.exclude(provenance=Provenance.COUNTED).exclude(pk=project.pk)
        return described.filter(Q(priority_area=project.priority_area) | Exists(same))

    def beside(self, project: "Project") -> dict[str, tuple[int, int]]:
        """Return by provenance how many projects of its area there are, and how many before it."""
        same = self.order_by().filter(priority_area=project.priority_area)
        before = Count("pk", filter=Q(number__lt=project.number))
        counted = same.values_list("provenance").annotate(count=Count("pk"), before=before)
        return {provenance: (count, ahead) for provenance, count, ahead in counted}

    def newest_texts(self, most: int) -> Iterator[str]:
        """Yield the folded texts of the described projects that came last, at most so many."""
        described = self.exclude(provenance=Provenance.COUNTED).order_by("-number")
        yield from described.values_list("search_text", flat=True)[:most].iterator()

    def count_each(
        self,
        parts: Sequence[tuple[Iterable[Collection[str]], Mapping[str, Collection[str]]]],
        entities: Mapping[int, str],
    ) -> list[int]:
        """Return how many of these projects each search with its conditions finds, by one query."""
        counts = {
            f"part_{place}": Count(
                "pk", filter=self._found_by(queries, entities) & self._having(conditions) or None
            )
            for place, (queries, conditions) in enumerate(parts)
        }
        return list(self.order_by().aggregate(**counts).values()) if counts else []

    def cube(self) -> Cube:
        """Return the cube of these projects, by one grouped query."""
        counts = self.order_by().values_list("combination").annotate(count=Count("*"))
        return Cube(combination_from(*counted) for counted in counts)

    def distinct_links(self, name: str) -> int:
        """Return how many different entities or countries these projects have between them."""
        return self.order_by().filter(**{f"{name}__isnull": False}).values(name).distinct().count()

    def without_link(self, name: str) -> "ProjectQuerySet":
        """Return the projects without any entity, or without any country."""
        return self.filter(**{f"{name}__isnull": True})

    def without_source(self) -> "ProjectQuerySet":
        """Return the projects of which no source is cited."""
        return self.filter(source__regex=r"^\s*\Z")

    def contradicting_dates(self, today: date) -> "ProjectQuerySet":
        """Return the projects whose status cannot be true on that day, by their own dates.

        What rests on the report alone is judged on the day of the report: it says no more.
        """
        confirmed = Q(provenance=Provenance.CONFIRMED)
        return self.filter(
            confirmed & _contradiction_on(today) | ~confirmed & _contradiction_on(REPORT_DATE)
        )

    def entity_counts(self) -> dict[int | None, int]:
        """Return projects per primary key of an entity, and under None those without one.

        A project with two entities is counted under both.
        """
        return dict(self.order_by().values_list("entities").annotate(count=Count("pk")))

    def country_counts(self) -> list[tuple[str | None, str | None, int]]:
        """Return (code, name, projects) of every country that occurs, without one under None.

        A project in two countries is counted under both.
        """
        countries = self.order_by().values_list("countries__code", "countries__name")
        return list(countries.annotate(count=Count("pk")))

    def year_counts(self) -> dict[str, int]:
        """Return projects per year in which they ran, the years in order; at most 100 of them."""
        years = [Substr(date, 1, 4) for date in ("start_date", "end_date")]
        dated = self.order_by().exclude(start_date="", end_date="")
        return _years(dated.values_list(*years).annotate(count=Count("pk")))

    def linked_counts(self) -> "LinkedCounts":
        """Return counts of entities, countries and years by combination, by three queries."""
        projects = self.order_by()
        years = [Substr(date, 1, 4) for date in ("start_date", "end_date")]
        dated = projects.exclude(start_date="", end_date="")
        return LinkedCounts(
            _by_combination(projects, "entities"),
            _by_combination(projects, "countries__code", "countries__name"),
            _by_combination(dated, *years),
        )

    def entity_combinations(self) -> dict[int | None, list[Combination]]:
        """Return the combinations per primary key of an entity, None for projects without."""
        counts = self.order_by().values_list("entities", "combination").annotate(count=Count("*"))
        found: dict[int | None, list[Combination]] = {}
        for entity, combination, count in counts:
            found.setdefault(entity, []).append(combination_from(combination, count))
        return found

    def in_order(self, sort: str, terms: Iterable[str] = ()) -> "ProjectQuerySet":
        """Return the projects in the order that a `sort` parameter names, e.g. "-title".

        Of the order "relevance" the terms are those that were searched for, folded.
        """
        descending = "-" if sort.startswith("-") else ""
        # The edition is the same in every row. It is named because the indexes begin with it, and
        # PostgreSQL does not see that rows of no edition are in the order of the rest.
        return self.alias(sort_key=_sort_key(sort, terms)).order_by(
            *(f"{descending}{key}" for key in ("edition_id", "sort_key", "number"))
        )

    def neighbours(
        self, project: "Project", sort: str, terms: Iterable[str] = ()
    ) -> tuple["Project | None", "Project | None"]:
        """Return the projects just before and after this one in that order, None at an end."""
        key = _sort_key(sort, terms)
        projects = self.alias(sort_key=key)
        place = self.model.every.annotate(sort_key=key).values_list("sort_key", "number")
        sort_key, number = place.get(pk=project.pk)
        after = projects.filter(
            Q(sort_key__gt=sort_key) | Q(sort_key=sort_key, number__gt=number)
        ).order_by("edition_id", "sort_key", "number")
        before = projects.filter(
            Q(sort_key__lt=sort_key) | Q(sort_key=sort_key, number__lt=number)
        ).order_by("-edition_id", "-sort_key", "-number")
        if sort.startswith("-"):
            before, after = after, before
        return before.first(), after.first()

    def for_list(self, linked: Iterable[str]) -> "ProjectQuerySet":
        """Return the projects with what a line of the register shows of other tables."""
        return self.prefetch_related(*linked)

    def for_detail(self) -> "ProjectQuerySet":
        """Return the projects with what a project's own page shows."""
        return self.prefetch_related("entities", "countries", "quotations")


ProjectManager = models.Manager.from_queryset(ProjectQuerySet)


class EveryManager(ProjectManager):
    """Every row that there is: the live register, its drafts, and all editions."""


class LiveManager(EveryManager):
    """The live register with its drafts, as staff see it: without the rows of editions."""

    def get_queryset(self):
        return super().get_queryset().filter(LIVE)

    def get_by_natural_key(self, reference):
        return self.get(reference=reference)


class PublishedManager(LiveManager):
    """The live register as everybody sees it."""

    def get_queryset(self):
        return super().get_queryset().published()
