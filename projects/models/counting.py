"""Counting projects by entity, country and year."""

from collections.abc import Iterable
from functools import cached_property

from django.db.models import Count
from django.db.models.functions import Substr

from ..cube import Cube
from ..vocabulary import NOT_STATED
from .querysets import ProjectQuerySet

MOST_YEARS = 100  # of a project: a mistyped date must not give thousands


class LinkCubes:
    """The cubes of projects per entity, country and year, counted when first used.

    A project with two entities is counted under both.
    """

    def __init__(self, projects: ProjectQuerySet):
        self._projects = projects.order_by().with_combination()

    @cached_property
    def entity(self) -> dict[str, Cube]:
        """By acronym, or NOT_STATED."""
        return self._by("entities__acronym")

    @cached_property
    def country(self) -> dict[str, Cube]:
        """By code, or NOT_STATED."""
        return self._by("countries__code")

    @cached_property
    def year(self) -> dict[str, Cube]:
        """By each year of a project's dates, in order."""
        spans = (Substr(date, 1, 4) for date in ("start_date", "end_date"))
        counted = self._projects.dated().values_list("combination", *spans)
        return _cubes(
            (year, combination, count)
            for combination, start, end, count in counted.annotate(count=Count("pk"))
            for year in _years(int(start or end), int(end or start))
        )

    def _by(self, name: str) -> dict[str, Cube]:
        counted = self._projects.values_list(name, "combination").annotate(count=Count("pk"))
        return _cubes((value or NOT_STATED, *counts) for value, *counts in counted)


def _years(first: int, last: int) -> Iterable[str]:
    return (f"{year:04}" for year in range(max(first, last - MOST_YEARS), last + 1))


def _cubes(counted: Iterable[tuple[str, str, int]]) -> dict[str, Cube]:
    """Return the cube of each value, sorted, from (value, combination, projects)."""
    found: dict[str, list[tuple[str, int]]] = {}
    for value, combination, count in counted:
        found.setdefault(value, []).append((combination, count))
    return {value: Cube.counted(found[value]) for value in sorted(found)}
