"""The register's counts against a report's published figures."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.asking import Asked, Selection, query_of, table_cube, whole_cube
from projects.asking.answer import State
from projects.asking.answers import IN_MATRIX, PLACEHOLDERS
from projects.asking.phrases import conditions_in_words, subject_of
from projects.asking.published import edition_shown, shown
from projects.citations import labelled, sentences
from projects.cube import VOCABULARIES, Cube
from projects.history import Revision
from projects.models import Edition
from projects.ranges import PUBLISHED_DIMENSIONS
from projects.vocabulary import Comparator

from .models import Figure, Report, Unit

COUNTED_FROM_CUBE = (Unit.PROJECTS, Unit.MENTIONS)
LINKED = (Unit.ENTITIES, Unit.COUNTRIES)


@dataclass(frozen=True)
class Reconciled:
    """A published figure and the register's count; `agrees` is None if they cannot be compared."""

    figure: Figure
    label: str
    register: int | None
    agrees: bool | None
    state: str
    query: str

    @property
    def register_state(self) -> str | None:
        return None if self.register is None else State.ENTRIES.value


def reconcile(report: Report, edition: Edition | None = None) -> list[Reconciled]:
    """Return every figure with the register's count, in the report's order."""
    cube = table_cube(edition)
    return [_compare(figure, cube, edition) for figure in report.figures.all()]


@dataclass(frozen=True)
class Corrected:
    """A published number that was corrected; `edition` is the last one from before that."""

    label: str
    old: int
    new: int
    at: datetime
    edition: Edition | None


def corrected(report: Report, dimension: str = "") -> list[Corrected]:
    """Return the report's numbers that were corrected, the newest first; of one dimension alone."""
    of_report = {"is_public": True, "old__report": report.symbol, "new__report": report.symbol}
    revisions = Revision.objects.of_model(Figure).filter(**of_report).order_by("-pk")
    changed = [one for one in revisions if "value" in (change.column for change in one.changes)]
    editions = list(Edition.objects.filter(report=report.slug)) if changed else []
    figures = {one.pk: one for one in report.figures.all()} if changed else {}
    numbers = []
    for rev in changed:
        figure = figures.get(rev.object_id)
        if figure and dimension in ("", figure.classified[0]):
            before = next((edition for edition in editions if edition.published_at <= rev.at), None)
            label, old, new = _label(figure, figure.asked()), rev.old or {}, rev.new or {}
            numbers.append(Corrected(label, old["value"], new["value"], rev.at, before))
    return numbers


def _compare(figure: Figure, cube: Cube, edition: Edition | None = None) -> Reconciled:
    try:
        asked = figure.asked(edition)
    except ValidationError as error:
        why = _("not comparable: %s") % " ".join(error.messages)
        return Reconciled(figure, figure.query, None, None, why, "")
    label, query = _label(figure, asked), query_of(asked)
    if counted := _something_else(figure):
        return Reconciled(figure, label, None, None, _("not compared: counts %s") % counted, query)
    selection = Selection(asked)
    if not _counts_the_same(figure, selection):
        why = _("not compared: not stated for every project")
        return Reconciled(figure, label, None, None, why, query)
    register = _count(figure, selection, cube)
    if unknown := _unknown(figure, selection):
        return Reconciled(figure, label, register, None, unknown, query)
    same = agrees(figure, register)
    if not same and not figure.report.is_own:
        # Its numbers are of another day: differing from them is no error.
        state = _("a count made on another day, not comparable")
        return Reconciled(figure, label, register, None, state, query)
    return Reconciled(figure, label, register, same, _state(figure, register, same), query)


def _something_else(figure: Figure) -> str:
    """Return what a figure counts that the register does not count, else an empty text."""
    if not figure.comparable:
        return figure.counted
    if figure.unit not in (*COUNTED_FROM_CUBE, *LINKED):
        return figure.get_unit_display()
    return figure.category


def _counts_the_same(figure: Figure, selection: Selection) -> bool:
    """Return whether the register counts what a figure does.

    It counts each project by one area, scope or region, placeholders included; by several only if
    sources state them all.
    """
    facets = selection.asked.conditions.keys()
    if figure.unit in LINKED:
        return True
    if not selection.asked.is_of_vocabularies or not facets <= {*PUBLISHED_DIMENSIONS}:
        return False
    # How the regions of placeholders are filled in says nothing of several, or of no exact number.
    is_apart = (
        figure.unit == Unit.PROJECTS and len(facets) < 2 and facets <= {"priority_area", "scope"}
    )
    return is_apart or figure.is_total or selection.answers.is_all_stated


def _label(figure: Figure, asked: Asked) -> str:
    is_of_projects = figure.unit in COUNTED_FROM_CUBE and figure.comparable
    # Of a region alone the counts are projects.
    if figure.unit == Unit.MENTIONS and [*asked.conditions] != ["region"]:
        is_of_projects = False
    if not is_of_projects:
        unit = capfirst(figure.get_unit_display())
        words = conditions_in_words(tuple(asked.conditions.items()), asked.queries)
        return labelled(unit, words) if words else unit
    return subject_of(asked) or _("All projects")


def _count(figure: Figure, selection: Selection, cube: Cube) -> int:
    if figure.unit in LINKED:
        linked, _without = selection.linked(figure.unit)
        return linked
    conditions = selection.asked.conditions
    of_whole = selection.asked.is_of_vocabularies
    counted = cube.where(conditions) if of_whole else selection.cube
    if figure.unit == Unit.MENTIONS:
        by_region = counted.counts("region")
        regions = conditions.get("region", VOCABULARIES["region"].values)
        # "Not stated" is no region, so it has no mentions.
        return sum(by_region.get(region, 0) for region in regions)
    return counted.total


def _unknown(figure: Figure, selection: Selection) -> str:
    """Return why entities or countries cannot be counted: some projects state none."""
    if figure.unit not in LINKED:
        return ""
    _linked, without = selection.linked(figure.unit)
    if not without:
        return ""
    return ngettext(
        "not comparable: %(count)d project has no %(unit)s stated",
        "not comparable: %(count)d projects have no %(unit)s stated",
        without,
    ) % {"count": without, "unit": figure.get_unit_display()}


def agrees(figure: Figure, register: int) -> bool:
    return Comparator(figure.comparator).agrees(register, figure.value)


def _state(figure: Figure, register: int, same: bool) -> str:
    if same:
        return _("agrees")
    if figure.comparator == Comparator.EQUAL:
        return _("differs by %s") % f"{register - figure.value:+d}".replace("-", "−")
    return _("differs: not %s") % figure.printed


def all_agree(compared: list[Reconciled]) -> bool | None:
    if all(one.agrees is None for one in compared):
        return None
    return all(one.agrees for one in compared)


def verdict(report: Report, compared: list[Reconciled]) -> str:
    """Return in words how many figures agree.

    That those of the basis agree verifies nothing as long as a placeholder is left: the table was
    made to fit them. Once all projects are described it is a check.
    """
    agree = sum(one.agrees is True for one in compared)
    moved = sum(one.agrees is False for one in compared)
    unknown = len(compared) - agree - moved
    values = {"symbol": report.symbol, "all": len(compared), "agree": agree}
    if not compared:
        return _("No figure has been entered yet.")
    if unknown == len(compared):
        text = ngettext(
            "The %(all)d figure of %(symbol)s cannot be compared.",
            "None of the %(all)d figures of %(symbol)s can be compared.",
            len(compared),
        )
        return text % values
    every, whole = whole_cube(edition_shown()), shown().whole
    is_built = report.is_own and every.where(PLACEHOLDERS).total
    said = [_("%(agree)d of %(all)d totals agree with the report.") % values]
    if agree == len(compared) and (is_built or not report.is_own):
        text = ngettext(
            "The %(all)d total agrees with the report.",
            "All %(all)d totals agree with the report.",
            len(compared),
        )
        said = [text % values]
    if is_built and not moved:
        said.append(
            ngettext(
                "It was used to build this table.", "They were used to build this table.", agree
            )
        )
    if report.is_own and whole <= every.where(IN_MATRIX).total:
        said.insert(0, ngettext("%d is described.", "All %d are described.", whole) % whole)
    if moved:
        said.append(ngettext("%d has changed.", "%d have changed.", moved) % moved)
    if unknown:
        text = ngettext("%d cannot be compared.", "%d cannot be compared.", unknown)
        said.append(text % unknown)
    return sentences(said)
