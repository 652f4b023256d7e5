"""What there is of what is asked for: rows, counts, and how much of it rests on allocation."""

from dataclasses import dataclass
from functools import cached_property

from ..cube import BASES, VOCABULARIES, Cube
from ..models import Entity, Project, ProjectQuerySet
from ..text import fold
from ..vocabulary import DOCUMENTED, ENTITY_NOT_STATED, REGION_NOT_STATED
from .answers import Answer, Answers, published
from .asked import FACETS, Asked

# The facets of which a project can have several values: adding them up gives mentions.
MANY_VALUED = frozenset({"region", "entity"})


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet: what it counts if it were the only one chosen there, in projects."""

    slug: str
    count: int
    chosen: bool


class Selection:
    """The projects that are asked for; each number costs its query when it is first looked at."""

    def __init__(self, asked: Asked, entities: list[Entity] | None = None):
        self.asked = asked
        if entities is not None:
            self.entities = entities

    @cached_property
    def entities(self) -> list[Entity]:
        """Every entity of the directory, in the order of their acronyms."""
        return list(Entity.objects.order_by("search_text"))

    @property
    def whole(self) -> ProjectQuerySet:
        """The whole edition, or the whole live register."""
        return Project.every.of_edition(self.asked.edition)

    @property
    def searched(self) -> ProjectQuerySet:
        """The projects that the searches find, whatever the conditions."""
        if not self.asked.queries:
            return self.whole
        queries = [fold(query).split() for query in self.asked.queries]
        return self.whole.search(queries, {one.pk: one.search_text for one in self.entities})

    @cached_property
    def rows(self) -> ProjectQuerySet:
        """The projects asked for, in the order asked for."""
        return self.searched.in_facets(self.asked.conditions).in_order(self.asked.sort)

    @cached_property
    def before_vocabularies(self) -> Cube:
        """The cube after search and entity, before the conditions that a cube can answer."""
        entity = self.asked.conditions.get("entity", ())
        return self.searched.in_facets({"entity": entity}).cube()

    @cached_property
    def cube(self) -> Cube:
        """The cube of the projects asked for."""
        return self.before_vocabularies.where(self.asked.vocabulary_conditions())

    @cached_property
    def answers(self) -> Answers:
        """How each number is known that can be asked of these projects."""
        return Answers(self.asked, self.before_vocabularies, published())

    @cached_property
    def answer(self) -> Answer:
        """How many projects are asked for, and how that is known."""
        return self.answers.of()

    @property
    def total(self) -> int:
        """How many projects are asked for."""
        return self.cube.total

    @cached_property
    def facets(self) -> dict[str, list[FacetValue]]:
        """Every facet with all its values, each with its count, zeros too."""
        found = {}
        for facet in FACETS:
            if facet == "entity":
                counts = self._entity_counts()
            else:
                conditions = self.asked.vocabulary_conditions(facet)
                found_otherwise = self.before_vocabularies.where(conditions)
                counts = found_otherwise.counts(facet)
                if facet == "region":
                    counts = counts | {REGION_NOT_STATED: found_otherwise.without_region}
            chosen = self.asked.conditions.get(facet, ())
            found[facet] = [
                FacetValue(slug, count, slug in chosen) for slug, count in counts.items()
            ]
        return found

    def _entity_counts(self) -> dict[str, int]:
        counts = self.searched.in_facets(self.asked.vocabulary_conditions()).entity_counts()
        by_acronym = {entity.acronym: counts.get(entity.pk, 0) for entity in self.entities}
        return by_acronym | {ENTITY_NOT_STATED: counts.get(None, 0)}

    def entity_cubes(self) -> dict[str, Cube]:
        """Return the cube of the projects asked for per entity, those without any included."""
        found = self.rows.entity_combinations()
        cubes = {entity.acronym: Cube(found.get(entity.pk, [])) for entity in self.entities}
        return cubes | {ENTITY_NOT_STATED: Cube(found.get(None, []))}

    @property
    def documented(self) -> int:
        """Projects that are in the result by what a source supports.

        Not the rest of the allocated: one without any region is found in none by either.
        """
        bases = [BASES[facet] for facet in self.asked.known_by if facet in BASES]
        return self.cube.where(dict.fromkeys(bases, DOCUMENTED)).total

    def without(self, facet: str) -> int:
        """Return how many projects there would be without a facet's condition, or the search."""
        if facet == "q":
            return self.whole.in_facets(self.asked.conditions).cube().total
        if facet in VOCABULARIES:
            conditions = self.asked.vocabulary_conditions(facet)
            return self.before_vocabularies.where(conditions).total
        return self.searched.in_facets(self.asked.vocabulary_conditions()).cube().total
