"""The results of a query: rows, counts, and how each number is known."""

from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..columns import PROJECT_TABLE
from ..cube import VOCABULARIES, Cube
from ..languages import country_name, country_names, entity_acronym
from ..models import Counting, Country, Edition, Entity, LinkCubes, Project, ProjectQuerySet, cached
from ..models.conditions import YEARS
from ..models.querysets import MOST_YEARS, Cubes, cubes_of
from ..text import searchable
from ..vocabulary import NOT_STATED
from .answer import Answer
from .answers import DESCRIBED_BY_SOURCE, OF_REPORT, Answers, merged
from .asked import OPEN_FACETS, Asked, Conditions, facet_choices
from .published import published
from .terms import terms_of


@dataclass(frozen=True)
class FacetValue:
    """A value and what it finds alone; `name` is the full name of an acronym or a code."""

    slug: str
    label: str
    shown: str
    chosen: bool
    name: str = ""
    answer: Any = None  # an Answer, of projects

    @property
    def finds_something(self) -> bool:
        return self.chosen or self.shown != "0"


@cached
def directory() -> list[Entity]:
    return list(Entity.objects.public().order_by("search_text"))


@cached
def entity_texts() -> dict[int, str]:
    """Return the searchable text of every entity by its key."""
    return {one.pk: searchable(one.search_text) for one in directory()}


@cached
def editions() -> list[Edition]:
    return list(Edition.objects.all())


def edition_choices() -> list[tuple[str, str]]:
    return [(one.slug, one.name) for one in editions()]


def edition_called(slug: str) -> Edition | None:
    return next((one for one in editions() if one.slug == slug), None) if slug else None


@cached
def cubes(edition: Edition | None = None) -> Cubes:
    return Project.every.of_edition(edition).cubes()


def whole_cube(edition: Edition | None = None) -> Cube:
    return cubes(edition)[0]


def table_cube(edition: Edition | None = None) -> Cube:
    """Return the cube of the entries and placeholders that hold a place in the report's matrix."""
    return cubes(edition)[1]


@cached
def _counting(edition: Edition | None) -> dict[int, Counting]:
    return Project.every.of_edition(edition).counting()


@cached
def whole_links(edition: Edition | None = None) -> LinkCubes:
    return LinkCubes(_counting(edition).values())


def countries() -> dict[str, str]:
    """Return the reader's name of every country by its code, in the order of the names."""
    return _countries(get_language() or "")


@cached
def _countries(language: str) -> dict[str, str]:
    order = {code: place for place, code in enumerate(country_names(language))}
    stored = sorted(Country.objects.order_by().values_list("name", "code"))
    if language != settings.LANGUAGE_CODE:
        stored.sort(key=lambda one: order.get(one[1], len(order)))
    return {code: country_name(code, name) for name, code in stored}


def label_of(facet: str, slug: str) -> str:
    if slug == NOT_STATED:
        return _("Not stated")
    if facet == "country":
        return countries().get(slug, slug)
    if facet == "entity":
        return entity_acronym(slug)
    return slug if facet in OPEN_FACETS else str(PROJECT_TABLE.facets[facet].labels[slug])


class Selection:
    """The projects that a query asks for; each number is counted when it is first read."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked

    @property
    def whole(self) -> ProjectQuerySet:
        return Project.every.of_edition(self.asked.edition)

    def _found(self, conditions: Conditions) -> ProjectQuerySet:
        # Facets first, so that words are looked for in fewer texts where no index helps.
        narrowed = self.whole.in_facets(conditions, self.asked.filled_in)
        return narrowed.search(self.terms, entity_texts()) if self.asked.queries else narrowed

    @cached_property
    def terms(self) -> list[list[str]]:
        return [terms_of(query) for query in self.asked.queries]

    @cached_property
    def all_terms(self) -> list[str]:
        return list(dict.fromkeys(chain.from_iterable(self.terms)))

    @cached_property
    def conditions(self) -> Conditions:
        """The conditions as the answer has them, without what every project meets."""
        return dict(merged([self.asked.conditions]))

    @cached_property
    def rows(self) -> ProjectQuerySet:
        """The entries that match by what is stated, or by the values of the filled-in table."""
        found = self._found(self.conditions)
        return found.in_order(self.asked.order, self.all_terms)

    @cached_property
    def _counted(self) -> list[Counting]:
        """What each project is counted by, before the conditions that a cube can answer."""
        known = _counting(self.asked.edition)
        found = self._found(self.asked.open_conditions()).order_by().values_list("pk", flat=True)
        # A project that was added since is counted under the next data version.
        return [known[key] for key in found if key in known]

    @cached_property
    def _cubes(self) -> Cubes:
        """The cubes after searches and open facets."""
        if self.asked.is_of_vocabularies:
            return cubes(self.asked.edition)
        counts = Counter(one[:3] for one in self._counted)
        return cubes_of((*known, number) for known, number in counts.items())

    @cached_property
    def before_vocabularies(self) -> Cube:
        """The cube after searches and open facets, before the conditions that a cube can answer."""
        return self._cubes[0]

    @cached_property
    def cube(self) -> Cube:
        return self.before_vocabularies.where(self.asked.vocabulary_conditions())

    @cached_property
    def answers(self) -> Answers:
        return self._answers_to(self.asked)

    def _answers_to(self, asked: Asked) -> Answers:
        edition = self.asked.edition
        return Answers(
            asked,
            self.before_vocabularies,
            published(edition),
            table_cube(edition),
            cache(lambda facet: self._links_without(facet).of(facet).get(NOT_STATED, Cube(()))),
        )

    @cached_property
    def answer(self) -> Answer:
        return self.answers.of()

    def answer_with(self, facet: str, value: str) -> Answer:
        """Return the answer for the projects that have this entity or country as well."""
        cube = self.links.of(facet).get(value, Cube(()))
        return self.answers.of({facet: [value]}, base=cube)

    @property
    def _wanted(self) -> Conditions:
        """The conditions of `rows` that a cube can answer."""
        conditions = self.conditions.items()
        return {facet: values for facet, values in conditions if facet in VOCABULARIES}

    @cached_property
    def total(self) -> int:
        """The number of `rows`."""
        if self.asked.filled_in:
            return self.before_vocabularies.where(self._wanted).total
        return self.before_vocabularies.stated([self._wanted]).sure

    @cached_property
    def placed(self) -> int:
        """The number of described `rows` that hold a place in the report's matrix."""
        return self._cubes[1].where(DESCRIBED_BY_SOURCE).stated([self._wanted]).sure

    @cached_property
    def of_report(self) -> int:
        """The number of described `rows` that are activities of the report's own text."""
        every, _placed, of_other_reports = (
            one.where(OF_REPORT).stated([self._wanted]).sure for one in self._cubes
        )
        return every - of_other_reports

    def facet(self, facet: str) -> list[FacetValue]:
        """Return the values of a facet, each with the answer that it has next to the others."""
        chosen = self.asked.conditions.get(facet, ())
        answers = self.answers_without(facet)
        counted = {
            slug: answers.of({facet: [slug]}, base=base)
            for slug, base in self._bases(facet).items()
        }
        full_names = self._names(facet) if facet == "entity" else {}
        return [
            FacetValue(
                slug,
                label_of(facet, slug),
                answer.short,
                slug in chosen,
                full_names.get(slug, ""),
                answer,
            )
            for slug, answer in counted.items()
        ]

    def offered(self, facet: str) -> list[tuple[str, str]]:
        """Return the values of a facet with their labels, and count none of them."""
        return [(slug, label_of(facet, slug)) for slug in self._bases(facet)]

    def _bases(self, facet: str) -> dict[str, Cube | None]:
        """Return the values of a facet; those of an open one with the cubes that count them."""
        if facet not in OPEN_FACETS:
            return dict.fromkeys(slug for slug, _label in facet_choices(facet))
        cubes = self._links_without(facet).of(facet)
        slugs = [*self._names(facet), NOT_STATED]
        if facet != "entity":
            narrowing = self.asked.vocabulary_conditions()
            wanted = [{facet: values} for facet, values in narrowing.items()]
            statements = ((slug, cube.stated(wanted)) for slug, cube in cubes.items())
            there = {slug for slug, known in statements if known.sure or known.could}
            if facet in YEARS:
                slugs = sorted(there - {NOT_STATED})[-MOST_YEARS:]
            else:
                slugs = [slug for slug in slugs if slug in (*there, NOT_STATED)]
        slugs += [slug for slug in self.asked.conditions.get(facet, ()) if slug not in slugs]
        return {slug: cubes.get(slug, Cube(())) for slug in slugs}

    def _names(self, facet: str) -> dict[str, str]:
        """Return the full names of entities and countries."""
        if facet == "entity":
            return {entity.acronym: entity.local_name for entity in directory()}
        return countries() if facet == "country" else {}

    @cached_property
    def links(self) -> LinkCubes:
        """The cubes per entity, country and year, before the conditions that a cube can answer."""
        if self.asked.is_of_vocabularies:
            return whole_links(self.asked.edition)
        return LinkCubes(self._counted)

    def _links_without(self, facet: str) -> LinkCubes:
        if facet in self.asked.conditions:
            return Selection(self.asked.but(**{facet: ()})).links
        return self.links

    def linked(self, name: str) -> tuple[int, int]:
        """Return the number of entities or countries, and of projects without any."""
        conditions = self.asked.vocabulary_conditions().items()
        wanted = [{facet: values} for facet, values in conditions]
        cubes = self.links.of("entity" if name == "entities" else "country")
        counts = {slug: cube.stated(wanted).sure for slug, cube in cubes.items()}
        without = counts.pop(NOT_STATED, 0)
        return sum(map(bool, counts.values())), without

    def without(self, facet: str) -> Answer:
        """Return the answer without a facet's condition, or without the "queries"."""
        if facet in VOCABULARIES:
            return self.answers_without(facet).of()
        return Selection(self.asked.but(**{facet: ()})).answer

    def answers_without(self, facet: str) -> Answers:
        return self._answers_to(self.asked.but(**{facet: ()}))
