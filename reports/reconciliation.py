"""The register's counts against a report's published figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.cube import DIMENSIONS, Cube
from projects.vocabulary import Scope

from .models import Comparator, Dimension, Figure

# About: within one in twenty of the published figure.
TOLERANCE = 0.05


@dataclass(frozen=True)
class Comparison:
    """A published figure beside the register's count.

    `agrees` is None when the two cannot be compared; `state` says in words how they compare;
    `query` lists the projects that the register counts.
    """

    figure: Figure
    register: int
    agrees: bool | None
    state: str
    query: str


def reconcile(figures: Iterable[Figure], cube: Cube) -> list[Comparison]:
    """Return every figure beside what the cube of the whole register counts, in given order.

    Units: projects; mentions for regions.
    """
    counts = {dimension: cube.counts(dimension) for dimension in DIMENSIONS}
    counts[Dimension.TOTAL] = {"": cube.total}
    comparisons = []
    for figure in figures:
        register = counts[figure.dimension][figure.slug]
        agrees = _agrees(figure, register)
        state = _state(figure, register, agrees)
        comparisons.append(Comparison(figure, register, agrees, state, _query(figure)))
    return comparisons


def _agrees(figure: Figure, register: int) -> bool:
    if figure.comparator == Comparator.AT_LEAST:
        return register >= figure.value
    if figure.comparator == Comparator.ABOUT:
        return abs(register - figure.value) <= TOLERANCE * figure.value
    return register == figure.value


def _state(figure: Figure, register: int, agrees: bool) -> str:
    if agrees:
        return _("equal") if register == figure.value else _("agrees")
    difference = register - figure.value
    return _("differs by %+d") % difference


def literal_reading(figures: Iterable[Figure], cube: Cube) -> list[Comparison]:
    """Return the region figures beside the register's regional projects alone.

    That is how paragraph 25 reads word for word ("Of all the regional projects"). Never
    comparable: the figures add up to more mentions than so few projects can carry.
    """
    regional = cube.where({"scope": [Scope.REGIONAL]}).counts("region")
    return [
        Comparison(
            figure,
            regional[figure.slug],
            None,
            _("not comparable"),
            _query(figure, scope=Scope.REGIONAL.value),
        )
        for figure in figures
        if figure.dimension == Dimension.REGION
    ]


def _query(figure: Figure, **conditions: str) -> str:
    return urlencode(conditions | ({figure.dimension: figure.slug} if figure.slug else {}))


def all_agree(comparisons: list[Comparison]) -> bool:
    """Return whether there are figures, and all of them agree."""
    return bool(comparisons) and all(comparison.agrees for comparison in comparisons)


def verdict(comparisons: list[Comparison]) -> str:
    """Return in a sentence how many of the figures agree."""
    if not comparisons:
        return _("no figure has been entered yet")
    agree = sum(comparison.agrees is True for comparison in comparisons)
    return ngettext(
        "%(agree)d of %(all)d figure agrees",
        "%(agree)d of %(all)d figures agree",
        len(comparisons),
    ) % {"agree": agree, "all": len(comparisons)}
