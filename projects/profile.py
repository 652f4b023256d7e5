"""The facts about one project that its page shows, each with its state and source."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from . import evidence
from .asking import Selection
from .asking.phrases import ON_AREA
from .citations import filled, sentences
from .columns import PROJECT_TABLE, Column
from .cube import is_unclassified
from .languages import english
from .models import Entity, Project, Quotation
from .text import day_in_words, in_a_row
from .vocabulary import NOT_STATED, Basis, InMatrix, Provenance, Scope

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
    def state(self) -> str | Promise:
        if not self.value or self.basis == NOT_STATED:
            return _("Not stated")
        return Basis(self.basis or Basis.STATED).label


# The order of the facts by the group of their columns.
GROUPS = ["who", "what", "where", "when", ""]


class Profile:
    def __init__(self, project: Project, selection: Selection) -> None:
        self.project = project
        self.selection = selection
        self.stated = project.stated()

    @cached_property
    def facts(self) -> list[Fact]:
        columns = self.selection.asked.table.facts
        return [self._fact(one) for one in sorted(columns, key=lambda c: GROUPS.index(c.group))]

    @property
    def known(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.value]

    @property
    def missing(self) -> list[str]:
        """The labels of the facts that no source states."""
        return [str(one.label) for one in self.facts if not one.value]

    def _fact(self, column: Column) -> Fact:
        project, name = self.project, column.name
        # That it has no region follows from its scope, if a source states that.
        of = "scope" if name == "regions" and self._is_worldwide else name
        basis = self.stated.get(PROJECT_TABLE.bases.get(of, ""), "")
        value = self._value(column)
        if not value and is_unclassified(name, self.stated):
            value, basis = _("Not classified"), NOT_STATED
        quotation = project.quoted.get(name) if value else None
        entities = tuple(project.entities.all()) if name == "entities" else ()
        return Fact(column.label, value, basis, quotation, entities)

    @property
    def _is_worldwide(self) -> bool:
        return self.stated["scope"] == Scope.GLOBAL

    def _value(self, column: Column) -> str:
        project, name = self.project, column.name
        value = self.stated.get(name, getattr(project, name))
        match name:
            case "entities":
                return in_a_row(entity.local_acronym for entity in value.all())
            case "countries":
                return in_a_row(country.name_and_note for country in value.all())
            case "regions":
                regions = in_a_row(column.labels[one] for one in value if one != NOT_STATED)
                return _("Worldwide") if self._is_worldwide else regions
            case "start_date" | "end_date":
                return day_in_words(value)
        is_stated = value not in (column.default, NOT_STATED)
        label = str(column.labels.get(value, english(value))) if is_stated else ""
        if not label or column.name != "status" or project.provenance == Provenance.CONFIRMED:
            return label
        # Only the report that it cites states it.
        printed, symbol = self.selection.answers.printed, self._symbol
        is_known = symbol == printed.symbol
        day = printed.day if is_known else day_in_words(evidence.read_days().get(symbol, ""))
        return _("%(status)s, as at %(date)s") % {"status": label, "date": day} if day else label

    @property
    def _symbol(self) -> str:
        """The document of the source: what it cites, or what is before its first comma."""
        return self.project.cited_document or self.project.source.partition(",")[0]

    @property
    def terms(self) -> str:
        """The licence of its source's data, and whom that wants to be named."""
        return in_a_row(filter(None, (self.project.licence, self.project.attribution)))

    @property
    def lacks_source(self) -> bool:
        """Whether it is confirmed without a title or a source of its own."""
        one = self.project
        is_confirmed = one.provenance == Provenance.CONFIRMED
        return is_confirmed and evidence.known_sources().lack(one.title, one.source, one.link)

    @property
    def source(self) -> str:
        """Its source with these terms, e.g. for a footnote."""
        return "; ".join(filter(None, (self.project.cited or self.project.source, self.terms)))

    @property
    def of_area(self) -> int:
        """The number that the report prints for its area; 0 where no source says the area."""
        area = "priority_area", self.stated["priority_area"]
        figure = self.selection.answers.printed.figures.get(area)
        return figure[0] if figure else 0

    @property
    def takes_corrections(self) -> bool:
        return not (self.selection.asked.edition or self.project.is_set_aside)

    @property
    def why_set_aside(self) -> str:
        """Return why no list has an entry that is set aside; empty for any other."""
        project, answers = self.project, self.selection.answers
        if not project.is_set_aside:
            return ""
        symbol = self._symbol
        values = {"symbol": symbol, "basis": answers.printed.symbol, "whole": self.of_area}
        values["area"] = ON_AREA.get(project.priority_area, "")
        if not project.is_counted:
            return _("This entry is set aside: it is in no list and no total.")
        if symbol != answers.printed.symbol:
            text = _(
                "It stood for a project that %(symbol)s counts; the register now shows %(basis)s."
            )
            return text % values
        text = _("%(symbol)s counts %(whole)d projects %(area)s. This number stands for none now.")
        return text % values

    @property
    def if_counted(self) -> str:
        """Return whether it is one of the report's projects; empty if that cannot be asked."""
        project, printed = self.project, self.selection.answers.printed
        if project.is_set_aside or not printed.whole:
            return ""
        said, is_stated = self.stated["in_matrix"], project.priority_area_basis == Basis.STATED
        is_confirmed = project.provenance == Provenance.CONFIRMED
        values = {
            "whole": printed.whole,
            "source": project.cited or project.source,
            "number": self.of_area,
            "area": ON_AREA.get(project.priority_area, ""),
        }
        of_area = _("It is one of the %(number)d %(area)s.")
        if project.is_counted:
            of_area = _("It is a placeholder for one of the %(number)d %(area)s (%(source)s).")
            texts = [of_area, _("Nothing else is known of it.")]
        elif self.lacks_source and said != NOT_STATED:
            texts, values["number"] = [_("Staff have stated it; the source is not named.")], 0
        elif said == InMatrix.NO:
            texts, values["number"] = [_("No, says its source: %(source)s.")], 0
        elif said == InMatrix.YES and is_confirmed:
            texts = [_("Yes, says its source: %(source)s."), of_area]
        else:
            is_of_report = project.provenance == Provenance.NAMED
            texts = [
                _("The report does not say whether it is one of the %(whole)d.")
                if is_of_report and not project.is_of_other_report
                else _("No source says whether it is one of the %(whole)d."),
                _("If it is, it is one of the %(number)d %(area)s.")
                if is_stated
                else _("If it is, it is one of the %(number)d %(area)s (our reading)."),
            ]
        return sentences(filled(text, values) for text in texts[: 2 if values["number"] else 1])

    @property
    def question(self) -> str:
        """Return the question that `if_counted` answers."""
        known = {"number": self.selection.answers.printed.whole}
        return _("Is it one of the %(number)s?") % known if self.if_counted else ""

    @property
    def in_short(self) -> str:
        """Return what leaves the page: what it is, and whether it is one of the report's."""
        known = self.project.summary or self.why_set_aside
        known = known or ("" if self.if_counted else str(self.project.provenance_meaning))
        return sentences(filter(None, (known, self.question, self.if_counted)))

    @property
    def has_meaning(self) -> bool:
        """Whether what its provenance means is not said by `if_counted`."""
        return not self.if_counted or self.project.provenance == Provenance.CONFIRMED

    @property
    def squares(self) -> range:
        """One for each project that the report counts in its area."""
        is_one = self.stated["in_matrix"] == InMatrix.NO or not self.if_counted
        return range(0 if is_one or self.of_area > MOST_SQUARES else self.of_area)

    @property
    def own_square(self) -> int:
        """The square of an entry that is one of these, which is the first; else -1."""
        is_sure = self.stated["in_matrix"] == InMatrix.YES
        return 0 if is_sure and self.project.provenance == Provenance.CONFIRMED else -1

    @property
    def like_called(self) -> str:
        """Return what the projects of `like` are; of a placeholder only the area is known."""
        if not self.project.is_counted:
            return _("Similar projects")
        return _("Described activities %(area)s") % {"area": ON_AREA[self.project.priority_area]}

    @cached_property
    def like(self) -> list[Project]:
        """A few described projects with the same entities or area."""
        found = self.selection.whole.like(self.project)
        return list(found.prefetch_related("entities")[:MOST_LIKE])
