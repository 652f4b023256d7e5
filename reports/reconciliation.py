"""The register's counts against a report's published figures."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.asking.filters import ProjectFilter
from projects.cube import DIMENSIONS, Cube
from projects.models import Project
from projects.vocabulary import Scope

from .models import Comparator, Figure, Report, Unit

# The report whose paragraph 25 can be read in two ways.
AMBIGUOUS = "A/72/621"
# About: within one in twenty of the published figure.
TOLERANCE = 0.05


@dataclass(frozen=True)
class Comparison:
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


def reconcile(report: Report, cube: Cube | None = None, edition=None) -> list[Comparison]:
    """Return every figure of the report beside the register's count, in the report's order.

    `cube` is that of the whole register, or of the edition, if it is at hand.
    """
    cube = Project.every.of_edition(edition).cube() if cube is None else cube
    return [_compare(figure, counted, cube) for figure, counted in _filters(report, edition)]


def published(report: Report | None) -> dict[str, int]:
    """Return the report's exact figures in projects or mentions, by their filters."""
    figures = report.figures.all() if report else []
    return {figure.query: figure.value for figure in figures if figure.is_of_projects}


def changed_by(report: Report, before: Cube, after: Cube) -> list[Comparison]:
    """Return the figures that do not differ from one cube and do from the other.

    Only figures that a cube can answer are looked at.
    """
    changed = []
    for figure, counted in _filters(report):
        in_cube = figure.unit in (Unit.PROJECTS, Unit.MENTIONS)
        if in_cube and counted.is_valid() and counted.is_of_vocabularies:
            comparison = _compare(figure, counted, after)
            if comparison.agrees is False and _compare(figure, counted, before).agrees:
                changed.append(comparison)
    return changed


def _filters(report: Report, edition=None) -> Iterator[tuple[Figure, ProjectFilter]]:
    directory = None
    for figure in report.figures.all():
        counted = figure.filter(directory, edition)
        directory = counted.directory
        yield figure, counted


def _compare(figure: Figure, counted: ProjectFilter, cube: Cube) -> Comparison:
    if not counted.is_valid():
        why = _("not comparable: %s") % " ".join(counted.messages)
        return Comparison(figure, figure.query, None, None, why, "")
    label, query = _label(figure, counted), counted.filter_query
    unknown = _unknown(figure, counted)
    if unknown:
        register = _count(figure, counted, cube)
        return Comparison(figure, label, register, None, unknown, query)
    register = _count(figure, counted, cube)
    agrees = _agrees(figure, register)
    return Comparison(figure, label, register, agrees, _state(figure, register, agrees), query)


def _label(figure: Figure, counted: ProjectFilter) -> str:
    words = "; ".join(counted.condition_words)
    if figure.unit in (Unit.ENTITIES, Unit.COUNTRIES):
        unit = str(figure.get_unit_display())
        return ": ".join(filter(None, [unit[:1].upper() + unit[1:], words]))
    return words[:1].upper() + words[1:] if words else _("All projects")


def _count(figure: Figure, counted: ProjectFilter, cube: Cube) -> int:
    if figure.unit in (Unit.ENTITIES, Unit.COUNTRIES):
        return counted.qs.distinct_links(figure.unit)
    found = cube.where(counted.conditions) if counted.is_of_vocabularies else counted.cube
    if figure.unit == Unit.MENTIONS:
        by_region = found.counts("region")
        asked = counted.conditions.get("region", DIMENSIONS["region"].values)
        return sum(by_region[region] for region in asked)
    return found.total


def _unknown(figure: Figure, counted: ProjectFilter) -> str:
    """Why entities or countries cannot be counted: of some projects none is stated."""
    if figure.unit not in (Unit.ENTITIES, Unit.COUNTRIES):
        return ""
    without = counted.qs.without_link(figure.unit).count()
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


def literal_reading(report: Report, comparisons: list[Comparison], cube: Cube) -> list[Comparison]:
    """Return the figures in mentions beside the register's regional projects alone.

    That is how paragraph 25 of A/72/621 reads word for word ("Of all the regional projects");
    other reports have no such reading, and the list is empty.
    Never comparable: the figures add up to more mentions than so few projects can carry.
    """
    if report.symbol != AMBIGUOUS:
        return []
    regional = cube.where({"scope": [Scope.REGIONAL]})
    literal = []
    for comparison in comparisons:
        if comparison.figure.unit == Unit.MENTIONS:
            counted = comparison.figure.filter([])
            if counted.is_valid() and "region" in counted.conditions:
                found = regional.where(counted.conditions).total
                query = counted.narrowed(scope=[Scope.REGIONAL.value])
                literal.append(
                    Comparison(
                        comparison.figure,
                        comparison.label,
                        found,
                        None,
                        _("not comparable"),
                        query,
                    )
                )
    return literal


def all_agree(comparisons: list[Comparison]) -> bool:
    """Return whether there are figures, and all of them agree."""
    return bool(comparisons) and all(comparison.agrees for comparison in comparisons)


def verdict(comparisons: list[Comparison]) -> str:
    """Return in a sentence how many of the figures agree, and how many cannot be compared."""
    if not comparisons:
        return _("no figure has been entered yet")
    agree = sum(comparison.agrees is True for comparison in comparisons)
    unknown = sum(comparison.agrees is None for comparison in comparisons)
    sentence = ngettext(
        "%(agree)d of %(all)d figure agrees",
        "%(agree)d of %(all)d figures agree",
        len(comparisons),
    ) % {"agree": agree, "all": len(comparisons)}
    if unknown:
        sentence += ", " + _("%d cannot be compared") % unknown
    return sentence
