"""What waits for a second person: a change that moves a place in the matrix, or many entries.

Such a change is kept as a batch, whichever page made it, and somebody who did not prepare it
publishes it. All else is public at once.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .history import Recorded, Snapshot
from .models import Project, SecondPerson
from .places import basis_report, entry_of
from .review import is_public_change

# The most public entries that one act changes at once.
MOST_AT_ONCE = 10

Versions = tuple[Snapshot | None, Snapshot | None]


class Waits(Exception):
    """Raised to roll a change back that waits; `changes` are its entries with both versions."""

    def __init__(self, changes: list[dict[str, Any]]) -> None:
        super().__init__("It waits for a second person.")
        self.changes = changes


def waits(versions: Iterable[Versions]) -> bool:
    """Return whether a change from these versions of entries to those waits for a second person."""
    slug, public = basis_report()[0], 0
    for pair in versions:
        was, becomes = (entry_of(one, slug) if one else None for one in pair)
        if was != becomes:
            return True
        public += is_public_change(*pair)
    return public > MOST_AT_ONCE


def check(found: list[Recorded]) -> None:
    """Raise Waits if what a recording found waits for a second person."""
    versions = [(pk, old, new) for model, pk, old, new in found if model is Project]
    if waits((old, new) for _pk, old, new in versions):
        if any(new is None for _pk, _old, new in versions):
            raise ValidationError(_("It holds a place in the matrix: set it aside instead."))
        raise Waits([{"pk": pk, "old": old, "new": new} for pk, old, new in versions])


def may_publish(user: Any, batch: Any, is_needed: bool | None = None) -> bool:
    """Return whether somebody may publish a batch that waits: who had no hand in it.

    `is_needed` says whether a second person is, if that is known.
    """
    if not (batch.digest and batch.applied_at is None):
        return False
    if user not in batch.prepared_by.all():
        return bool(user.has_perm("projects.review_project"))
    return not (SecondPerson.is_needed() if is_needed is None else is_needed)
