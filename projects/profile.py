"""The facts about one project that its page shows, each with its state and source."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .asking import Asked, Selection, query_of
from .asking.answers import Answer, Answers, published
from .asking.selection import whole_cube, whole_links
from .asking.words import subject_of
from .columns import PROJECT_TABLE
from .cube import Cube
from .models import Entity, Project, Quotation
from .text import day_in_words
from .vocabulary import DOCUMENTED, REPORT_DATE, Basis, Provenance, Scope

MOST_LIKE = 5  # similar projects


@dataclass(frozen=True)
class Fact:
    """A fact in words; `basis` is empty if it has none, `value` if no source states one."""

    label: str | Promise
    value: str
    basis: str = ""
    quotation: Quotation | None = None
    entities: tuple[Entity, ...] = ()

    @property
    def is_assigned(self) -> bool:
        return self.basis == Basis.ALLOCATED

    @property
    def is_missing(self) -> bool:
        """Whether no source says anything of it."""
        return not self.value or self.is_assigned

    @property
    def state(self) -> str | Promise:
        if not self.value:
            return _("Not stated")
        return Basis(self.basis).label if self.basis else _("From the source")


@dataclass(frozen=True)
class Card:
    label: str | Promise
    facts: list[Fact]


@dataclass(frozen=True)
class Related:
    """Projects with something in common: what, how many, and the query that lists them."""

    label: str
    answer: Answer
    query: str


class Profile:
    def __init__(self, project: Project, selection: Selection):
        self.project = project
        self.selection = selection

    @cached_property
    def cards(self) -> list[Card]:
        entities = tuple(self.project.entities.all())
        who = Fact(_("Entities"), ", ".join(one.acronym for one in entities), entities=entities)
        return [
            Card(_("Who"), [who]),
            Card(_("What"), [self._fact("priority_area"), self._fact("methodology")]),
            Card(_("Where"), [self._fact("scope"), self._fact("regions"), self._fact("countries")]),
            Card(_("When"), [self._fact(name) for name in ("status", "start_date", "end_date")]),
        ]

    @property
    def facts(self) -> list[Fact]:
        return [fact for card in self.cards for fact in card.facts]

    @property
    def known(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.value]

    @property
    def missing(self) -> list[str]:
        """The labels of the facts that no source states; an assigned value is not stated."""
        return [str(fact.label) for fact in self.facts if fact.is_missing]

    def _fact(self, name: str) -> Fact:
        project, column = self.project, PROJECT_TABLE.by_name[name]
        basis = PROJECT_TABLE.bases.get(name, "")
        known = getattr(project, basis) if basis else ""
        if name == "regions" and project.scope == Scope.GLOBAL:
            known = project.scope_basis  # that it has none follows from its scope
        quotation = None if known == Basis.ALLOCATED else project.quoted.get(name)
        return Fact(column.label, self._values[name], known, quotation)

    @cached_property
    def _values(self) -> dict[str, str]:
        project = self.project
        regions = ", ".join(str(region.label) for region in project.regions)
        if not regions and project.scope == Scope.GLOBAL:
            regions = _("None: the project is global")
        return {
            "priority_area": str(project.get_priority_area_display()),
            "methodology": project.methodology,
            "scope": str(project.get_scope_display()),
            "regions": regions,
            "countries": ", ".join(country.name_and_note for country in project.countries.all()),
            "status": self._status(),
            "start_date": day_in_words(project.start_date),
            "end_date": day_in_words(project.end_date),
        }

    def _status(self) -> str:
        """Return the status, with the report's date where only the report states it."""
        project = self.project
        status = str(project.get_status_display()) if project.has_status else ""
        if not status or project.provenance == Provenance.CONFIRMED:
            return status
        known = {"status": status, "date": date_format(REPORT_DATE, "j F Y")}
        return _("%(status)s, as at %(date)s") % known

    @cached_property
    def related(self) -> list[Related]:
        """What the project has in common with others according to a source; its area first."""
        edition = self.selection.asked.edition
        whole = Answers(Asked.of(edition), whole_cube(edition), published())
        by_source = [
            {facet: [value]}
            for facet, basis, values in (
                ("priority_area", self.project.priority_area_basis, [self.project.priority_area]),
                ("region", self.project.regions_basis, self.project.regions),
            )
            if basis in DOCUMENTED
            for value in values
        ]
        area, *regions = by_source if by_source else [{}]
        both = [{**area, **one} for one in regions if "priority_area" in area]
        found = [self._related(one, whole.of(one)) for one in [*by_source, *both]]
        return [*found, *self._of_entities(whole)]

    def _related(self, conditions: dict, answer: Answer) -> Related:
        asked = Asked.of(None, **conditions)
        edition = self.selection.asked.edition
        return Related(subject_of(asked), answer, query_of(asked.but(edition=edition)))

    def _of_entities(self, whole: Answers) -> Iterable[Related]:
        entities = self.project.entities.all()
        if not entities:
            return
        found = whole_links(self.selection.asked.edition).entity
        # An entry that is set aside may be the only one of an entity.
        nobody = Cube([])
        for entity in entities:
            conditions = {"entity": [entity.acronym]}
            cube = found.get(entity.acronym, nobody)
            answers = Answers(Asked.of(None, **conditions), cube, whole.printed)
            yield self._related(conditions, answers.of())

    @cached_property
    def like(self) -> list[Project]:
        """A few described projects with the same entities or area."""
        return list(self.selection.whole.like(self.project)[:MOST_LIKE])
