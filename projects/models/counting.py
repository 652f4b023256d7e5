"""How projects are counted: as a cube, and by what they are linked with."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple, Self

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Count, F, TextField, Value
from django.db.models.functions import Concat, Substr

from ..cube import Cube
from ..vocabulary import NOT_COUNTED
from .ordering import OrderedQuerySet

# Of so many years a facet shows what there is: a mistyped date must not make it endless.
MOST_YEARS = 100
# So often parts are counted by themselves; a page does it three times.
FEW = 15
# The years of a project's dates; either may be empty.
YEARS = tuple(Substr(date, 1, 4) for date in ("start_date", "end_date"))


def _years(spans: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """Return projects per year from (first year, last year, projects); either may be empty."""
    found: Counter[int] = Counter()
    for start, end, count in spans:
        first, last = int(start or end), int(end or start)
        for year in range(max(first, last - MOST_YEARS), last + 1):
            found[year] += count
    return {f"{year:04}": found[year] for year in sorted(found)[-MOST_YEARS:]}


def _cubes(projects: models.QuerySet, *columns) -> dict[tuple, Cube]:
    """Return the cube of the projects per values of these columns, by one grouped query."""
    found: dict[tuple, list[tuple[str, int]]] = {}
    counted = projects.values_list("combination", *columns).annotate(count=Count("pk"))
    for combination, *values, count in counted.iterator():
        found.setdefault(tuple(values), []).append((combination, count))
    return {values: Cube.counted(counts) for values, counts in found.items()}


# A facet of links to the cube of each of its values: an entity's primary key, a country's code, a
# year; None for those without.
LinkCubes = dict[str, dict[Any, Cube]]
# Dimensions with the values of which a project has at least one, as Cube.where takes them.
_Conditions = Mapping[str, Iterable[str]]


class LinkedCounts:
    """How many of some projects have an entity, a country, a year: in all, or of a part.

    Each is counted when it is first asked for, and then known. In all is a third of the work: for
    parts they are counted by combination, and no part asks the database again.
    """

    def __init__(self, projects: "CountedQuerySet", of_register: int | None = None):
        self._projects = projects.order_by()
        # SQLite looks up each link by itself either way.
        vendor = connections[projects.db].vendor
        self._of_register = of_register if vendor == "postgresql" else None
        self._asked = 0

    def pays(self) -> bool:
        """Return whether to ask for a part: not yet when few have wanted to.

        To count a part by itself takes a quarter of counting all by combination, or less.
        """
        self._asked += 1
        return self._asked > FEW

    def entity_counts(self, conditions: _Conditions | None = None) -> dict[int | None, int]:
        """Return the same as that of the projects that meet the conditions, of all without any."""
        if conditions is None:
            return self._of_all_entities
        return {entity: count for (entity,), count in _within(self._entities, conditions)}

    def country_counts(
        self, conditions: _Conditions | None = None
    ) -> list[tuple[str | None, str | None, int]]:
        """Return the same as that of the projects that meet the conditions, of all without any."""
        if conditions is None:
            return self._of_all_countries
        return [(code, name, n) for (code, name), n in _within(self._countries, conditions)]

    def year_counts(self, conditions: _Conditions | None = None) -> dict[str, int]:
        """Return the same as that of the projects that meet the conditions, of all without any."""
        if conditions is None:
            return self._of_all_years
        return _years((start, end, n) for (start, end), n in _within(self._spans, conditions))

    @cached_property
    def assigned(self) -> LinkCubes:
        """The cubes of those of which something is assigned, per entity, country and year."""
        return self._projects.assigned({}).link_cubes()

    @cached_property
    def _of_all_entities(self):
        if self._of_register is not None:
            return dict(self._projects.counts_of_register(self._of_register, "entities"))
        return self._projects.entity_counts()

    @cached_property
    def _of_all_countries(self):
        if self._of_register is not None:
            total = self._of_register
            return self._projects.counts_of_register(total, "countries", "code", "name")
        return self._projects.country_counts()

    @cached_property
    def _of_all_years(self):
        return self._projects.year_counts()

    @cached_property
    def _entities(self) -> dict[tuple, Cube]:
        return _cubes(self._projects, "entities")

    @cached_property
    def _countries(self) -> dict[tuple, Cube]:
        return _cubes(self._projects, "countries__code", "countries__name")

    @cached_property
    def _spans(self) -> dict[tuple, Cube]:
        return _cubes(self._projects.dated(), *YEARS)

    @property
    def cubes(self) -> dict[int | None, Cube]:
        """The cube of the projects per primary key of an entity, None for those without."""
        return {entity: cube for (entity,), cube in self._entities.items()}


def _within(cubes: Mapping[tuple, Cube], conditions: _Conditions) -> Iterator[tuple[tuple, int]]:
    for values, cube in cubes.items():
        if count := cube.meeting(conditions):
            yield values, count


class LinkTotals(NamedTuple):
    """How many of some projects have each entity, country and year.

    Each as the method of CountedQuerySet of its name returns it.
    """

    entity_counts: dict[int | None, int]
    country_counts: list[tuple[str | None, str | None, int]]
    year_counts: dict[str, int]


# Rows of projects are long: what the three counts need of them is taken out once.
_TOTALS = """
WITH found (pk, first, last, part) AS MATERIALIZED ({found})
SELECT 'entity', entity_id, '', '', part, COUNT(*) FROM found
    LEFT JOIN {entities} ON project_id = pk GROUP BY entity_id, part
UNION ALL
SELECT 'country', 0, code, name, part, COUNT(*) FROM found
    LEFT JOIN {links} ON project_id = pk LEFT JOIN {countries} AS one ON one.id = country_id
    GROUP BY code, name, part
UNION ALL
SELECT 'year', 0, first, last, part, COUNT(*) FROM found
    WHERE first <> '' OR last <> '' GROUP BY first, last, part
"""

# Nearly all rows are of the live register: all links are counted, and those of the few others, of
# which there is an index, taken off. To look up each link's project takes more than twice as long.
_OF_REGISTER = """
WITH others AS (
    SELECT id FROM {projects} WHERE edition_id IS NOT NULL OR review::text IN %(not_counted)s
), theirs AS (
    SELECT project_id, {key} AS pk FROM {links} JOIN others ON others.id = project_id
)
SELECT {columns} projects FROM (
    SELECT pk, SUM(part)::bigint AS projects FROM (
        SELECT {key} AS pk, COUNT(*) AS part FROM {links} GROUP BY 1
        UNION ALL SELECT pk, -COUNT(*) FROM theirs GROUP BY 1
        UNION ALL SELECT NULL, %(total)s - COUNT(*)
            FROM (SELECT DISTINCT project_id FROM {links}) AS linked
        UNION ALL SELECT NULL, COUNT(DISTINCT project_id) FROM theirs
    ) AS parts GROUP BY pk
) AS found LEFT JOIN {directory} AS one ON one.id = pk WHERE projects > 0
"""


class CountedQuerySet(OrderedQuerySet):
    """Projects, of which there are so many."""

    def cube(self, of_words: bool = False) -> Cube:
        """Return the cube of these projects, by one grouped query; say if words narrow them.

        These are in whole rows, which SQLite would read in the order of the index of combinations:
        at 100,000 projects that takes four times as long as in their own.
        """
        by = (
            Concat("combination", Value(""), output_field=TextField())
            if of_words
            else F("combination")
        )
        counts = self.order_by().values_list(by).annotate(count=Count("*"))
        return Cube.counted(counts)

    def distinct_links(self, name: str) -> int:
        """Return how many different entities or countries these projects have between them."""
        return self.order_by().filter(**{f"{name}__isnull": False}).values(name).distinct().count()

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

    def dated(self) -> Self:
        """Return the projects of which a date is stated."""
        return self.exclude(start_date="", end_date="")

    def year_counts(self) -> dict[str, int]:
        """Return projects per year in which they ran, the years in order; at most 100 of them."""
        spans = self.order_by().dated().values_list(*YEARS)
        # Not of the key: the index of dates does not have it.
        return _years(spans.annotate(count=Count("*")))

    def counts_of_register(self, total: int, name: str, *columns: str) -> list[tuple]:
        """Return (columns, projects) of all that the live register is linked with, None without.

        Only for PostgreSQL; `total` is how many projects that has. The column is the primary key,
        where none is asked for.
        """
        field: Any = self.model._meta.get_field(name)
        sql = _OF_REGISTER.format(
            links=field.remote_field.through._meta.db_table,
            key=field.m2m_reverse_name(),
            projects=self.model._meta.db_table,
            directory=field.related_model._meta.db_table,
            columns="".join(f"one.{column}, " for column in columns or ("id",)),
        )
        with connections[self.db].cursor() as cursor:
            not_counted = tuple(map(str, NOT_COUNTED))
            cursor.execute(sql, {"total": total, "not_counted": not_counted})
            return cursor.fetchall()

    def link_totals(self) -> LinkTotals:
        """Return how many have each entity, country and year, by one query that finds them once."""
        rows = self._linked(Value("", output_field=TextField()))
        return LinkTotals(
            {entity: n for kind, entity, _code, _name, _part, n in rows if kind == "entity"},
            [(code, name, n) for kind, _key, code, name, _part, n in rows if kind == "country"],
            _years((first, last, n) for kind, _, first, last, _part, n in rows if kind == "year"),
        )

    def link_cubes(self) -> LinkCubes:
        """Return the cubes per entity, country and year, by one query that finds them once."""
        counted: dict[str, dict[Any, list]] = {"entity": {}, "country": {}, "year": {}}
        rows = self._linked(F("combination"))
        for kind, entity, one, other, combination, count in rows:
            years = _years([(one, other, count)]) if kind == "year" else ()
            for value in years or [entity if kind == "entity" else one]:
                counted[kind].setdefault(value, []).append((combination, count))
        return {
            kind: {value: Cube.counted(counts) for value, counts in found.items()}
            for kind, found in counted.items()
        }

    def _linked(self, part: F | Value) -> list[tuple]:
        """Return what `_TOTALS` counts, by these parts of the projects."""
        found = self.order_by().values_list("pk", *YEARS, part).query.get_compiler(self.db)
        try:
            sql, parameters = found.as_sql()
        except EmptyResultSet:
            return []
        tables = {
            "entities": self.model.entities.through._meta.db_table,
            "links": self.model.countries.through._meta.db_table,
            "countries": self.model.countries.rel.model._meta.db_table,
        }
        with connections[self.db].cursor() as cursor:
            cursor.execute(_TOTALS.format(found=sql, **tables), parameters)
            return cursor.fetchall()

    def linked_counts(self, of_register: int | None = None) -> LinkedCounts:
        """Return the counts of entities, countries and years of these projects and their parts.

        Say how many they are, if they are the whole live register.
        """
        return LinkedCounts(self, of_register)

    def entity_cubes(self) -> dict[int | None, Cube]:
        """Return the cube per primary key of an entity, None for projects without."""
        return {entity: cube for (entity,), cube in _cubes(self.order_by(), "entities").items()}
