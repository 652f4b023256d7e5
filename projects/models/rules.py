"""The rules between a project's columns, for the database and for snapshots."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..history import Snapshot
from ..vocabulary import Scope
from .base import rule
from .conditions import NO_REGION

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# An end that contains the start ("2017" after "2017-06") is allowed.
DATES_IN_ORDER = (
    Q(start_date="")
    | Q(end_date="")
    | Q(end_date__gte=F("start_date"))
    | Q(start_date__startswith=F("end_date"))
)


@dataclass(frozen=True)
class CrossRule:
    """A rule between columns, as a constraint of the database and for a snapshot.

    The database would need a query for each rule and row of a file. A test compares the two.
    """

    name: str
    column: str
    message: "StrOrPromise"
    condition: Q
    is_broken: Callable[[Snapshot], bool]

    @property
    def constraint(self) -> models.CheckConstraint:
        return rule(self.name, self.column, self.message, self.condition)


def _ends_before_it_starts(row: Snapshot) -> bool:
    start, end = row["start_date"], row["end_date"]
    return bool(start and end) and end < start and not start.startswith(end)


CROSS_RULES = (
    CrossRule(
        "project_global_no_region",
        "scope",
        _("A global project has no region: clear the regions or change the scope."),
        ~Q(scope=Scope.GLOBAL) | NO_REGION,
        lambda row: row["scope"] == Scope.GLOBAL and bool(row["regions"]),
    ),
    CrossRule(
        "project_regions_basis_if_regions",
        "regions_basis",
        _("Give the basis of the regions; leave it empty when there is no region."),
        (NO_REGION & Q(regions_basis="")) | (~NO_REGION & ~Q(regions_basis="")),
        lambda row: bool(row["regions"]) != bool(row["regions_basis"]),
    ),
    CrossRule(
        "project_dates_in_order",
        "end_date",
        _("The end date is before the start date."),
        DATES_IN_ORDER,
        _ends_before_it_starts,
    ),
)


def row_problems(row: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield (column, message) for every rule that a snapshot breaks."""
    for one in CROSS_RULES:
        if one.is_broken(row):
            yield one.column, str(one.message)
