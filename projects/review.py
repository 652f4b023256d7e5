"""Review: drafts become public, and changes are signed off, by somebody who did not write them.

A new entry is a draft; a change of a reviewed one waits for another review; bringing an entry back,
or restoring a version, publishes nothing.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .history import RecordedModel, Revision, Snapshot, differences, recorded_by_caller, recording
from .text import Wording
from .vocabulary import NOT_COUNTED, TO_REVIEW, Basis, Review

# In place of a deleted record, which no review has seen.
_NOTHING: Snapshot = {"review": ""}
CHOOSE_BASIS = gettext_lazy("Say whether the source states it or it is your reading.")


def is_public(snapshot: Snapshot) -> bool:
    return bool(snapshot.get("review") != Review.DRAFT)


def is_counted(snapshot: Snapshot) -> bool:
    """Return whether lists and totals include an entry with these values."""
    return snapshot["review"] not in NOT_COUNTED


def state_after(old: Snapshot | None, new: Snapshot) -> Review:
    """Return the state of an entry after a change; a reviewed one that changed waits again."""
    state = Review(new["review"])
    changed = old is not None and differences(old, {**new, "review": old["review"]})
    return Review.CHANGED if changed and state == Review.REVIEWED else state


def state_when_brought_back(snapshot: Snapshot) -> Review:
    """Return the state of a deleted entry that comes back: it waits, in public if it was public."""
    return Review.CHANGED if snapshot.get("review", Review.DRAFT) != Review.DRAFT else Review.DRAFT


def is_public_change(old: Snapshot | None, new: Snapshot | None) -> bool:
    """Return whether the change is public: not one of drafts, nor a mere sign-off."""
    was_public, is_now = (one is not None and is_public(one) for one in (old, new))
    if old is None or new is None or not was_public or old.get("review") == new.get("review"):
        return was_public or is_now
    moved = [change.column for change in differences(old, new)]
    return moved != ["review"] or Review.SET_ASIDE in (old.get("review"), new.get("review"))


def assigned_by_hand(
    old: Snapshot | None, new: Snapshot, bases: Mapping[str, str]
) -> list[tuple[str, Wording]]:
    """Return (basis, message) where a basis becomes "allocated"; `old` is None for a new entry."""
    return [
        (basis, CHOOSE_BASIS)
        for column, basis in bases.items()
        if new.get(column)
        and new.get(basis) == Basis.ALLOCATED
        and (old is None or old.get(basis) != Basis.ALLOCATED or old[column] != new[column])
    ]


def since_review(model: type[RecordedModel], keys: Collection[int]) -> dict[int, list[Revision]]:
    """Return the revisions since the last review by record, oldest first, without undone ones."""
    revisions_of: dict[int, list[Revision]] = {key: [] for key in keys}
    revisions = Revision.objects.of_model(model).filter(object_id__in=keys).standing()
    for revision in revisions.order_by("pk").select_related("objection", "batch"):
        # Versions without a review state are older than reviews: they were public.
        if (revision.new or _NOTHING).get("review", Review.REVIEWED) == Review.REVIEWED:
            revisions_of[revision.object_id].clear()
        else:
            revisions_of[revision.object_id].append(revision)
    return revisions_of


def sign_off(record: Any, by: Any, seen: int) -> None:
    """Publish a draft, or sign a change off, as of the revision number `seen`.

    Raises ValidationError for the reviewer's own work, and if somebody changed it after that.
    """
    with recording(by=by) as recorder:
        locked, _last = _locked_for_review(record, by, seen)
        # Not saved, so that the time of the last change stays.
        recorder.touch(locked, locked.snapshot())
        with recorded_by_caller("the recording that is open writes the revision"):
            type(record).live.filter(pk=locked.pk).update(review=Review.REVIEWED)


def count_again(record: Any, by: Any) -> None:
    """Count an entry that was set aside again; it waits for review. Raises ValidationError."""
    with recording(by=by) as recorder:
        locked = type(record).live.select_for_update().filter(pk=record.pk).first()
        if locked is None or locked.review != Review.SET_ASIDE:
            raise ValidationError(_("%s is not set aside.") % record.key)
        if locked.merged_into:
            names = {"reference": record.key, "other": locked.merged_into.reference}
            text = _("%(reference)s was merged into %(other)s: undo that import.")
            raise ValidationError(text % names)
        recorder.touch(locked, locked.snapshot())
        with recorded_by_caller("the recording that is open writes the revision"):
            type(record).live.filter(pk=locked.pk).update(review=Review.CHANGED)


def revision_to_send_back(record: Any, by: Any, seen: int) -> Revision:
    """Return the revision that `by` objects to, with its record locked.

    Raises ValidationError as `sign_off` does, and if it was sent back already.
    """
    locked, last = _locked_for_review(record, by, seen)
    if last is None:
        raise ValidationError(_("%s has no history.") % locked.key)
    if hasattr(last, "objection"):
        raise ValidationError(_("%s was already sent back.") % locked.key)
    return last


def _locked_for_review(record: Any, by: Any, seen: int) -> tuple[Any, Revision | None]:
    """Return the record, locked, and its last revision; raises ValidationError as `sign_off`."""
    stored = type(record).live.filter(pk=record.pk)
    locked = stored.select_for_update().first()
    if locked is None:
        raise ValidationError(_("%s has been deleted in the meantime.") % record.key)
    if locked.review == Review.SET_ASIDE:
        raise ValidationError(_("%s is set aside.") % locked.key)
    if locked.review not in TO_REVIEW:
        raise ValidationError(_("%s is already reviewed.") % locked.key)
    needed = apps.get_model("projects", "SecondPerson").is_needed()
    if needed and stored.written_by(by).exists():
        problem = _("You wrote this yourself: somebody else reviews it.")
        raise ValidationError(f"{locked.key}: {problem}")
    last = Revision.objects.of(locked).select_related("objection").last()
    if last is not None and last.pk > seen:
        problem = _("Somebody has changed it since you opened this page. Look at it again.")
        raise ValidationError(f"{locked.key}: {problem}")
    return locked, last
