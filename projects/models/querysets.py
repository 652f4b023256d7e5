"""Every read of the register has its name here, and so have the three ways of seeing it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    SmallIntegerField,
    Value,
    When,
)

from ..cube import VOCABULARIES, Combination, Cube, combination_from
from ..history import RecordedQuerySet
from ..vocabulary import (
    ENTITY_NOT_STATED,
    REGION_COLUMNS,
    REGION_NOT_STATED,
    REPORT_DATE,
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
        """Return the projects that everybody sees: without drafts."""
        return self.exclude(review=Review.DRAFT)

    def search(
        self, queries: Iterable[Collection[str]], entities: Mapping[int, str]
    ) -> "ProjectQuerySet":
        """Return the projects in which every word of at least one query occurs.

        `queries` are collections of folded words. A word occurs in the reference, title, summary or
        methodology, or in the acronym or name of an entity; anywhere, also inside a longer word.
        `entities` are the folded texts of all entities by their keys.
        """
        found = Q()
        for words in queries:
            # Words that occur in the same entities are one condition on links: it costs the most.
            by_entities: dict[frozenset[int], Q] = {}
            for word in _without_implied(words):
                keys = frozenset(key for key, text in entities.items() if word in text)
                occurs = Q(search_text__contains=word)
                by_entities[keys] = by_entities.get(keys, Q()) & occurs
            found |= Q(
                *(
                    in_text | self._linked_with(keys) if keys else in_text
                    for keys, in_text in by_entities.items()
                )
            )
        return self.filter(found)

    def _linked_with(self, entities: Iterable[int]) -> Q:
        # Not `pk__in`: of more links than its memory holds, PostgreSQL makes no table to look
        # them up in, and reads all of them for each project.
        links = self.model.entities.through.objects.filter(project=OuterRef("pk"))
        return Q(Exists(links.filter(entity__in=sorted(entities))))

    def in_facets(self, conditions: Mapping[str, Collection[str]]) -> "ProjectQuerySet":
        """Return the projects that have, of every facet, at least one of the values asked for.

        No condition joins another table, so none can multiply rows.
        """
        projects = self
        for facet, values in conditions.items():
            if not values:
                continue
            if facet == "region":
                chosen = Q()
                for value in values:
                    if value == REGION_NOT_STATED:
                        chosen |= ~Q(scope=Scope.GLOBAL) & NO_REGION
                    else:
                        chosen |= Q(**{REGION_COLUMNS[value]: True})
            elif facet == "entity":
                links = self.model.entities.through.objects.filter(project=OuterRef("pk"))
                chosen = Q(Exists(links.filter(entity__acronym__in=values)))
                if ENTITY_NOT_STATED in values:
                    chosen |= Q(~Exists(links))
            else:
                chosen = Q(**{f"{facet}__in": values})
            projects = projects.filter(chosen)
        return projects

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

    def entity_combinations(self) -> dict[int | None, list[Combination]]:
        """Return the combinations per primary key of an entity, None for projects without."""
        counts = self.order_by().values_list("entities", "combination").annotate(count=Count("*"))
        found: dict[int | None, list[Combination]] = {}
        for entity, combination, count in counts:
            found.setdefault(entity, []).append(combination_from(combination, count))
        return found

    def in_order(self, sort: str) -> "ProjectQuerySet":
        """Return the projects in the order that a `sort` parameter names, e.g. "-title"."""
        descending = "-" if sort.startswith("-") else ""
        # The edition is the same in every row. It is named because the indexes begin with it, and
        # PostgreSQL does not see that rows of no edition are in the order of the rest.
        return self.alias(sort_key=SORTS[sort.removeprefix("-")]).order_by(
            *(f"{descending}{key}" for key in ("edition_id", "sort_key", "number"))
        )

    def neighbours(
        self, project: "Project", sort: str
    ) -> tuple["Project | None", "Project | None"]:
        """Return the projects just before and after this one in that order, None at an end."""
        key = SORTS[sort.removeprefix("-")]
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

    def for_list(self) -> "ProjectQuerySet":
        """Return the projects with what a line of the register shows."""
        return self.prefetch_related("entities")

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
