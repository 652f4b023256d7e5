"""The register's counts against a report's published figures."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.asking import Asked, Selection, query_of
from projects.asking.words import condition_words
from projects.cube import VOCABULARIES, Cube
from projects.models import Edition, Project
from projects.vocabulary import Scope

from .models import Comparator, Figure, Report, Unit

# The report whose paragraph 25 can be read in two ways.
READ_TWO_WAYS = "A/72/621"
# About: within one in twenty of the published figure.
TOLERANCE = 0.05


@dataclass(frozen=True)
class Reconciled:
    """A published figure beside the register's count.

    `label` says what is counted; `agrees` is None when the two cannot be compared; `state` says
    in words how they compare; `query` lists the projects counted.
    """

    figure: Figure
    label: str
    register: int | None
    agrees: bool | None
    state: str
    query: str


def reconcile(
    report: Report, cube: Cube | None = None, edition: Edition | None = None
) -> list[Reconciled]:
    """Return every figure of the report beside the register's count, in the report's order.

    `cube` is that of the whole register, or of the edition, if it is at hand.
    """
    cube = Project.every.of_edition(edition).cube() if cube is None else cube
    return [_compare(figure, cube, edition) for figure in report.figures.all()]


def published(report: Report | None) -> dict[str, int]:
    """Return the report's exact figures in projects or mentions, by their filters."""
    figures = report.figures.all() if report else []
    return {figure.query: figure.value for figure in figures if figure.is_of_projects}


def inexact_figures(report: Report) -> list[str]:
    """Return in words the figures that the report does not give exactly, or not in projects."""
    return [str(figure) for figure in report.figures.all() if not figure.is_of_projects]


@dataclass(frozen=True)
class Moved:
    """A published figure whose count in the register changes: what it is now, and what after."""

    figure: Figure
    label: str
    now: int
    after: int


def moved_by(report: Report, before: Cube, after: Cube) -> list[Moved]:
    """Return the figures of which the register's count differs between two cubes.

    In either direction, since totals that come nearer by chance are worth a look as well. Only
    figures that a cube can answer are looked at.
    """
    moved = []
    for figure in report.figures.all():
        if figure.unit not in (Unit.PROJECTS, Unit.MENTIONS):
            continue
        try:
            asked = figure.asked()
        except ValidationError:
            continue
        if not asked.is_of_vocabularies:
            continue
        selection = Selection(asked)
        counts = [_count(figure, selection, cube) for cube in (before, after)]
        if counts[0] != counts[1]:
            moved.append(Moved(figure, _label(figure, asked), *counts))
    return moved


def _compare(figure: Figure, cube: Cube, edition: Edition | None = None) -> Reconciled:
    try:
        asked = figure.asked(edition)
    except ValidationError as error:
        why = _("not comparable: %s") % " ".join(error.messages)
        return Reconciled(figure, figure.query, None, None, why, "")
    label, query = _label(figure, asked), query_of(asked)
    selection = Selection(asked)
    register = _count(figure, selection, cube)
    if unknown := _unknown(figure, selection):
        return Reconciled(figure, label, register, None, unknown, query)
    agrees = _agrees(figure, register)
    return Reconciled(figure, label, register, agrees, _state(figure, register, agrees), query)


def _label(figure: Figure, asked: Asked) -> str:
    words = "; ".join(condition_words(asked))
    if figure.unit in (Unit.ENTITIES, Unit.COUNTRIES):
        unit = str(figure.get_unit_display())
        return ": ".join(filter(None, [unit[:1].upper() + unit[1:], words]))
    return words[:1].upper() + words[1:] if words else _("All projects")


def _count(figure: Figure, selection: Selection, cube: Cube) -> int:
    if figure.unit in (Unit.ENTITIES, Unit.COUNTRIES):
        return selection.rows.distinct_links(figure.unit)
    conditions = selection.asked.conditions
    of_whole = selection.asked.is_of_vocabularies
    found = cube.where(conditions) if of_whole else selection.cube
    if figure.unit == Unit.MENTIONS:
        by_region = found.counts("region")
        regions = conditions.get("region", VOCABULARIES["region"].values)
        # What has no region has no mention of one either.
        return sum(by_region.get(region, 0) for region in regions)
    return found.total


def _unknown(figure: Figure, selection: Selection) -> str:
    """Why entities or countries cannot be counted: of some projects none is stated."""
    if figure.unit not in (Unit.ENTITIES, Unit.COUNTRIES):
        return ""
    without = selection.rows.without_link(figure.unit).count()
    if not without:
        return ""
    return ngettext(
        "not comparable: %(count)d project has no %(unit)s stated",
        "not comparable: %(count)d projects have no %(unit)s stated",
        without,
    ) % {"count": without, "unit": figure.get_unit_display()}


def _agrees(figure: Figure, register: int) -> bool:
    match figure.comparator:
        case Comparator.AT_LEAST:
            return register >= figure.value
        case Comparator.MORE_THAN:
            return register > figure.value
        case Comparator.ABOUT:
            return abs(register - figure.value) <= TOLERANCE * figure.value
    return register == figure.value


def _state(figure: Figure, register: int, agrees: bool) -> str:
    if agrees:
        return _("equal") if register == figure.value else _("agrees")
    if figure.comparator == Comparator.EQUAL:
        return _("differs by %+d") % (register - figure.value)
    known = {"comparator": figure.get_comparator_display(), "value": figure.value}
    return _("differs: not %(comparator)s %(value)d") % known


def literal_reading(report: Report, compared: list[Reconciled], cube: Cube) -> list[Reconciled]:
    """Return the figures in mentions beside the register's regional projects alone.

    That is how paragraph 25 of A/72/621 reads word for word ("Of all the regional projects");
    other reports have no such reading, and the list is empty.
    Never comparable: the register follows the other reading.
    """
    if report.symbol != READ_TWO_WAYS:
        return []
    regional = cube.where({"scope": [Scope.REGIONAL]})
    literal = []
    for one in compared:
        if one.figure.unit == Unit.MENTIONS and one.register is not None:
            asked = one.figure.asked()
            if "region" in asked.conditions:
                found = regional.where(asked.conditions).total
                query = query_of(asked.but(scope=[Scope.REGIONAL]))
                state = _("not comparable")
                literal.append(Reconciled(one.figure, one.label, found, None, state, query))
    return literal


def all_agree(compared: list[Reconciled]) -> bool:
    """Return whether there are figures, and all of them agree."""
    return bool(compared) and all(one.agrees for one in compared)


def headline(report: Report, compared: list[Reconciled], edition: Edition | None) -> str:
    """Return in a sentence whether the register, or an edition, equals the report, and how far."""
    equal = all_agree(compared)
    if edition:
        sentence = _("The edition equals %s") if equal else _("The edition differs from %s")
    else:
        sentence = _("The register equals %s") if equal else _("The register differs from %s")
    return f"{sentence % report.symbol}: {verdict(compared)}"


def verdict(compared: list[Reconciled]) -> str:
    """Return in a sentence how many of the figures agree, and how many cannot be compared."""
    if not compared:
        return _("no figure has been entered yet")
    agree = sum(one.agrees is True for one in compared)
    unknown = sum(one.agrees is None for one in compared)
    sentence = ngettext(
        "%(agree)d of %(all)d figure agrees",
        "%(agree)d of %(all)d figures agree",
        len(compared),
    ) % {"agree": agree, "all": len(compared)}
    if unknown:
        sentence += ", " + _("%d cannot be compared") % unknown
    return sentence
