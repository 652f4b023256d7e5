"""The rules between a project's columns, for the database and for snapshots."""

from collections.abc import Callable, Iterator

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..history import Snapshot
from ..text import Wording
from ..vocabulary import BY_SOURCE, InMatrix, Scope
from .base import rule
from .conditions import NO_REGION

# An end that contains the start ("2017" after "2017-06") is allowed.
DATES_IN_ORDER = (
    Q(start_date="")
    | Q(end_date="")
    | Q(end_date__gte=F("start_date"))
    | Q(start_date__startswith=F("end_date"))
)


def _ends_before_it_starts(row: Snapshot) -> bool:
    start, end = row["start_date"], row["end_date"]
    return bool(start and end) and end < start and not start.startswith(end)


# A constraint of the database, and the same for a snapshot: the database would need a query for
# each rule and row of a file. A test compares the two.
CrossRule = tuple[models.CheckConstraint, Callable[[Snapshot], bool]]


def _with_basis(name: str, column: str, message: Wording, nothing: Q) -> CrossRule:
    """Return the rule that a column has a basis if it has a value, and only then."""
    basis = f"{column}_basis"
    without = Q(**{basis: ""})
    condition = (nothing & without) | (~nothing & ~without)
    return (
        rule(name, basis, message, condition),
        lambda row: bool(row[column]) != bool(row[basis]),
    )


CROSS_RULES: tuple[CrossRule, ...] = (
    (
        rule(
            "project_global_no_region",
            "scope",
            _("A global project has no region: clear the regions or change the scope."),
            ~Q(scope=Scope.GLOBAL) | NO_REGION,
        ),
        lambda row: row["scope"] == Scope.GLOBAL and bool(row["regions"]),
    ),
    _with_basis(
        "project_priority_area_basis_if_area",
        "priority_area",
        _("Give the basis of the priority area; leave it empty when there is no area."),
        Q(priority_area=""),
    ),
    _with_basis(
        "project_scope_basis_if_scope",
        "scope",
        _("Give the basis of the scope; leave it empty when there is no scope."),
        Q(scope=""),
    ),
    _with_basis(
        "project_regions_basis_if_regions",
        "regions",
        _("Give the basis of the regions; leave it empty when there is no region."),
        NO_REGION,
    ),
    (
        rule(
            "project_dates_in_order",
            "end_date",
            _("The end date is before the start date."),
            DATES_IN_ORDER,
        ),
        _ends_before_it_starts,
    ),
)


def area_problem(in_matrix: str, basis: str) -> Wording:
    """Return why an entry cannot be in the matrix, whose places are by area; empty if it can."""
    if in_matrix == InMatrix.YES and basis not in BY_SOURCE:
        return _("In the matrix: say its area, as the source states it or as you read it.")
    return ""


def row_problems(row: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield (column, message) for every rule that a snapshot breaks."""
    for constraint, is_broken in CROSS_RULES:
        if is_broken(row):
            yield str(constraint.violation_error_code), str(constraint.violation_error_message)
    if problem := area_problem(row["in_matrix"], row["priority_area_basis"]):
        yield "priority_area", str(problem)
