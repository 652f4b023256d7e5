"""What there is of what is asked for: rows, counts, and how much of it rests on allocation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from ..cube import BASES, VOCABULARIES, Cube
from ..models import (
    Edition,
    Entity,
    LinkCubes,
    LinkedCounts,
    LinkTotals,
    Project,
    ProjectQuerySet,
    at_hand,
)
from ..vocabulary import COUNTRY_NOT_STATED, ENTITY_NOT_STATED, REGION_NOT_STATED
from .answers import Answer, Answers, State, published
from .asked import FACETS, OPEN_FACETS, Asked, Conditions
from .terms import terms_of

# The facets of which a project can have several values: adding them up gives mentions.
MANY_VALUED = frozenset({"region", "entity", "country", "year"})

# To know of each entity, country and year whether its number is a reconstruction costs as much as
# to count them. In a register of more projects all are, where one of them may be.
MOST_BY_VALUE = 20_000


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet: what it counts if it were the only one chosen there, in projects.

    `name` is what an acronym or a code stands for.
    """

    slug: str
    count: int
    chosen: bool
    name: str = ""


@at_hand
def directory() -> list[Entity]:
    """Return every entity of the directory, in the order of their acronyms."""
    return list(Entity.objects.order_by("search_text"))


@at_hand
def editions() -> list[Edition]:
    """Return every edition, newest first."""
    return list(Edition.objects.all())


@at_hand
def whole_cube(edition: Edition | None = None) -> Cube:
    """Return the cube of the whole edition, or of the whole live register."""
    return Project.every.of_edition(edition).cube()


@at_hand
def whole_linked_counts(edition: Edition | None = None) -> LinkedCounts:
    """Return what the projects of the whole edition, or of the live register, are linked with."""
    of_register = whole_cube(edition).total if edition is None else None
    return Project.every.of_edition(edition).linked_counts(of_register)


class Selection:
    """The projects that are asked for; each number costs its query when it is first looked at."""

    def __init__(self, asked: Asked):
        self.asked = asked

    @cached_property
    def entities(self) -> list[Entity]:
        return directory()

    @property
    def whole(self) -> ProjectQuerySet:
        return Project.every.of_edition(self.asked.edition)

    def _found(self, conditions: Conditions) -> ProjectQuerySet:
        """Return the projects that the searches find, with these conditions."""
        # These stand first: where no index helps, words are looked for in fewer texts.
        narrowed = self.whole.in_facets(conditions)
        if not self.asked.queries:
            return narrowed
        return narrowed.search(self.terms, self._entity_texts)

    @cached_property
    def terms(self) -> list[list[str]]:
        """The words and phrases of each search."""
        return [terms_of(query) for query in self.asked.queries]

    @cached_property
    def all_terms(self) -> list[str]:
        """The words and phrases of all searches, each once."""
        return list(dict.fromkeys(chain.from_iterable(self.terms)))

    @property
    def _entity_texts(self) -> dict[int, str]:
        return {one.pk: one.search_text for one in self.entities}

    def count_each(self, others: Sequence[Asked]) -> list[Answer | int]:
        """Return how many projects others ask for, of the same register, by one query.

        The cube of the whole register answers those that only vocabularies narrow. Of the rest
        it is only counted how many there are.
        """
        parts = [
            ([terms_of(query) for query in one.queries], one.conditions)
            for one in others
            if not one.is_of_vocabularies
        ]
        counts = iter(self.whole.count_each(parts, self._entity_texts))
        return [
            Answers(one, whole_cube(self.asked.edition), published()).of()
            if one.is_of_vocabularies
            else next(counts)
            for one in others
        ]

    @cached_property
    def rows(self) -> ProjectQuerySet:
        return self._found(self.asked.conditions).in_order(self.asked.sort, self.all_terms)

    @cached_property
    def before_vocabularies(self) -> Cube:
        """The cube after search and open facets, before the conditions that a cube can answer."""
        if self.asked.is_of_vocabularies:
            return whole_cube(self.asked.edition)
        return self._found(self.asked.open_conditions()).cube(bool(self.asked.queries))

    @cached_property
    def cube(self) -> Cube:
        return self.before_vocabularies.where(self.asked.vocabulary_conditions())

    @cached_property
    def answers(self) -> Answers:
        """How each number is known that can be asked of these projects."""
        return Answers(self.asked, self.before_vocabularies, published())

    @cached_property
    def answer(self) -> Answer:
        return self.answers.of()

    @property
    def total(self) -> int:
        return self.cube.total

    @cached_property
    def facets(self) -> dict[str, list[FacetValue]]:
        """Every facet with all its values, each with its count, zeros too."""
        found = {}
        names: dict[str, str] = {}
        for facet in FACETS:
            chosen = self.asked.conditions.get(facet, ())
            if facet in OPEN_FACETS:
                counts, names = getattr(self, f"_{facet}_counts")()
                counts = counts | {slug: 0 for slug in chosen if slug not in counts}
            else:
                conditions = self.asked.vocabulary_conditions(facet)
                found_otherwise = self.before_vocabularies.where(conditions)
                counts = found_otherwise.counts(facet)
                if facet == "region":
                    counts = counts | {REGION_NOT_STATED: found_otherwise.without_region}
            found[facet] = [
                FacetValue(slug, count, slug in chosen, names.get(slug, ""))
                for slug, count in counts.items()
            ]
        return found

    @property
    def of_no_entity(self) -> int:
        """How many more projects there are that state no entity, where some are asked for."""
        asked_for = self.asked.conditions.get("entity", (ENTITY_NOT_STATED,))
        if ENTITY_NOT_STATED in asked_for:
            return 0
        return next(one.count for one in self.facets["entity"] if one.slug == ENTITY_NOT_STATED)

    def _without(self, facet: str) -> ProjectQuerySet:
        others = {name: values for name, values in self.asked.conditions.items() if name != facet}
        return self._found(others)

    @cached_property
    def _link_totals(self) -> LinkTotals:
        """The counts of each open facet that has no condition."""
        return self._found(self.asked.conditions).link_totals()

    def _counts_without(self, facet: str, name: str) -> Any:
        """Return counts of this name of what there is without an open facet's condition.

        By the database, unless nothing but vocabularies narrows it.
        """
        others = self.asked.but(**{facet: ()})
        if others.is_of_vocabularies:
            linked, conditions = whole_linked_counts(self.asked.edition), others.conditions
            if not conditions:
                return getattr(linked, name)()
            if linked.pays():
                return getattr(linked, name)(conditions)
        if self.asked.conditions.get(facet):
            return getattr(self._without(facet), name)()
        return getattr(self._link_totals, name)

    def _entity_counts(self) -> tuple[dict[str, int], dict[str, str]]:
        counts = self._counts_without("entity", "entity_counts")
        by_acronym = {entity.acronym: counts.get(entity.pk, 0) for entity in self.entities}
        names = {entity.acronym: entity.name for entity in self.entities}
        return by_acronym | {ENTITY_NOT_STATED: counts.get(None, 0)}, names

    def _country_counts(self) -> tuple[dict[str, int], dict[str, str]]:
        """Return those that occur, by name, and those without any."""
        found = self._counts_without("country", "country_counts")
        named = sorted((name, code, count) for code, name, count in found if code and name)
        none = sum(count for code, _name, count in found if code is None)
        counts = {code: count for _name, code, count in named}
        return counts | {COUNTRY_NOT_STATED: none}, {code: name for name, code, _count in named}

    def _year_counts(self) -> tuple[dict[str, int], dict[str, str]]:
        return self._counts_without("year", "year_counts"), {}

    def entity_cubes(self) -> dict[str, Cube]:
        """Return the cube before vocabularies per entity, that of projects without any included."""
        nothing = Cube([])
        if self.asked.is_of_vocabularies:
            found = whole_linked_counts(self.asked.edition).cubes
        else:
            found = self._found(self.asked.open_conditions()).entity_cubes()
        cubes = {entity.acronym: found.get(entity.pk, nothing) for entity in self.entities}
        return cubes | {ENTITY_NOT_STATED: found.get(None, nothing)}

    def linked(self, name: str) -> tuple[int, int]:
        """Return how many entities or countries the projects have, and how many projects none."""
        if not self.asked.is_of_vocabularies:
            return self.rows.distinct_links(name), self.rows.without_link(name).count()
        if name == "entities":
            counts = self._counts_without("entity", "entity_counts")
        else:
            found = self._counts_without("country", "country_counts")
            counts = {code: count for code, _name, count in found}
        return len(counts.keys() - {None}), counts.get(None, 0)

    def without(self, facet: str) -> Answer:
        """Return how many projects there would be without a facet's condition, or the search."""
        if facet in VOCABULARIES:
            return self.answers_without(facet).of()
        asked = self.asked.but(**{"queries" if facet == "q" else facet: ()})
        return Selection(asked).answer

    def answers_without(self, facet: str) -> Answers:
        """Return the answers to what is asked without the condition of a facet of a vocabulary."""
        asked = self.asked.but(**{facet: ()})
        return Answers(asked, self.before_vocabularies, self.answers.printed)

    def reconstructed(self, facet: str) -> set[str]:
        """Return the values of an open facet of which the number is a reconstruction.

        A project of which nothing is assigned makes no number less known: only the others count.
        In a register of more than MOST_BY_VALUE, all if any may be.
        """
        asked = self.asked.but(**{facet: ()})
        if not BASES.keys() & asked.conditions.keys():
            return set()
        if facet not in self.asked.conditions and self._is_known(self.before_vocabularies):
            return set()
        if whole_cube(asked.edition).total > MOST_BY_VALUE:
            return {one.slug for one in self.facets[facet]}
        found = self._unknown(whole_linked_counts(asked.edition).assigned[facet])
        if found and not asked.is_of_vocabularies:
            # What a search and other links find is less.
            is_chosen = facet in self.asked.conditions
            narrowed = self._assigned(asked) if is_chosen else self._assigned_links
            found = self._unknown(narrowed[facet])
        if facet == "entity":
            acronyms = {entity.pk: entity.acronym for entity in self.entities}
            found = {acronyms.get(value) for value in found}
        return {value or ENTITY_NOT_STATED for value in found}

    @cached_property
    def _assigned_links(self) -> LinkCubes:
        """What is assigned, before the conditions that a cube can answer."""
        return self._assigned(self.asked)

    def _assigned(self, asked: Asked) -> LinkCubes:
        found = self._found(asked.open_conditions())
        return found.assigned(asked.vocabulary_conditions()).link_cubes()

    def _unknown(self, cubes: Mapping[Any, Cube]) -> set:
        return {value for value, cube in cubes.items() if not self._is_known(cube)}

    def _is_known(self, base: Cube) -> bool:
        """Return whether, of these, no number of what is asked for is a reconstruction."""
        return self.answers.of(base=base).state != State.RECONSTRUCTION
