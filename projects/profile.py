"""The facts about one project that its page shows, each with its state and source."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from . import evidence
from .asking import Selection
from .asking.words import ON_AREA
from .columns import PROJECT_TABLE, Column
from .languages import english
from .models import Entity, Project, Quotation
from .text import day_in_words
from .vocabulary import BY_SOURCE, MEANINGS, Basis, Provenance, Scope

MOST_LIKE = 3  # similar projects
MOST_SQUARES = 200  # with more nothing can be seen


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
    def state(self) -> str | Promise:
        if not self.value:
            return _("Not stated")
        return Basis(self.basis or Basis.STATED).label


# The order of the facts by the group of their columns, and the groups that are shown elsewhere.
GROUPS = ["who", "what", "where", "when", ""]
ELSEWHERE = ("head", "known")


class Profile:
    filled_in = MEANINGS[Basis.ALLOCATED]

    def __init__(self, project: Project, selection: Selection):
        self.project = project
        self.selection = selection

    @cached_property
    def facts(self) -> list[Fact]:
        columns = [one for one in self.selection.asked.table.columns if one.group not in ELSEWHERE]
        return [self._fact(one) for one in sorted(columns, key=lambda c: GROUPS.index(c.group))]

    @property
    def known(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.value]

    @property
    def missing(self) -> list[str]:
        """The labels of the facts that no source states; an assigned value is not stated."""
        return [str(one.label) for one in self.facts if not one.value or one.is_assigned]

    def _fact(self, column: Column) -> Fact:
        project, name = self.project, column.name
        basis = PROJECT_TABLE.bases.get(name, "")
        known = getattr(project, basis) if basis else ""
        if name == "regions" and project.scope == Scope.GLOBAL:
            # That it has none follows from its scope, if a source states that.
            known = project.scope_basis if project.is_worldwide else ""
        quotation = None if known == Basis.ALLOCATED else project.quoted.get(name)
        entities = tuple(project.entities.all()) if name == "entities" else ()
        return Fact(column.label, self._value(column), known, quotation, entities)

    def _value(self, column: Column) -> str:
        project, value = self.project, getattr(self.project, column.name)
        match column.name:
            case "entities":
                return ", ".join(entity.acronym for entity in value.all())
            case "countries":
                return ", ".join(country.name_and_note for country in value.all())
            case "regions":
                regions = ", ".join(str(region.label) for region in value)
                return _("Worldwide") if project.is_worldwide else regions
            case "start_date" | "end_date":
                return day_in_words(value)
        label = "" if value == column.default else str(column.labels.get(value, english(value)))
        if not label or column.name != "status" or project.provenance == Provenance.CONFIRMED:
            return label
        # Only the report that it cites states it.
        symbol, _comma, _paragraphs = project.source.partition(",")
        printed = self.selection.answers.printed
        is_known = symbol == printed.symbol
        day = printed.day if is_known else day_in_words(evidence.read_days().get(symbol, ""))
        return _("%(status)s, as at %(date)s") % {"status": label, "date": day}

    @property
    def of_area(self) -> int:
        """The number that the report prints for its area; 0 where no source says the area."""
        area = "priority_area", self.project.priority_area
        figure = self.selection.answers.printed.figures.get(area)
        return figure[0] if figure and self.project.priority_area_basis in BY_SOURCE else 0

    @property
    def if_counted(self) -> str:
        """Return whether it is one of the report's projects; empty for confirmed entries."""
        project, printed = self.project, self.selection.answers.printed
        which = {"number": self.of_area, "area": ON_AREA[project.priority_area]}
        if project.provenance == Provenance.COUNTED and self.of_area:
            return _("It is one of the %(number)d %(area)s.") % which
        if project.provenance != Provenance.NAMED or not printed.whole:
            return ""
        known = _("The report does not say whether it is one of the %d.") % printed.whole
        if not self.of_area:
            return known
        is_stated = project.priority_area_basis == Basis.STATED
        text = (
            _("If it is, it is one of the %(number)d %(area)s.")
            if is_stated
            else _("If it is, it is one of the %(number)d %(area)s (our reading).")
        )
        return f"{known} {text % which}"

    @property
    def squares(self) -> range:
        """One for each project that the report counts in its area; none of them is this one."""
        return range(self.of_area if self.if_counted and self.of_area <= MOST_SQUARES else 0)

    @cached_property
    def like(self) -> list[Project]:
        """A few described projects with the same entities or area."""
        found = self.selection.whole.like(self.project)
        return list(found.prefetch_related("entities")[:MOST_LIKE])
