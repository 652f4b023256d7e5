"""Review: drafts become public, and changes are signed off, by somebody who did not write them."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .history.recorder import Revision, recording
from .models import Project
from .vocabulary import Review


def authors(project: Project) -> set[int]:
    """Return the keys of the accounts that changed the project since it was last reviewed."""
    found: set[int] = set()
    for revision in Revision.objects.of(project).only("by_id", "old", "new"):
        if (revision.new or {}).get("review") == Review.REVIEWED:
            found.clear()
        elif revision.by_id:
            found.add(revision.by_id)
    return found


def sign_off(project: Project, by, seen: int) -> None:
    """Publish a draft, or sign a change off, as it stood after the revision of number `seen`.

    Raises ValidationError for one's own work, and for what somebody changed after that.
    """
    with recording(by=by) as recorder:
        locked = Project.live.select_for_update().filter(pk=project.pk).first()
        if locked is None:
            raise ValidationError(_("%s was deleted meanwhile.") % project.reference)
        if locked.review == Review.REVIEWED:
            raise ValidationError(_("%s is reviewed already.") % locked.reference)
        if by.pk in authors(locked):
            raise ValidationError(
                _("%s: you wrote this yourself; somebody else reviews it.") % locked.reference
            )
        if Revision.objects.of(locked).filter(pk__gt=seen).exists():
            raise ValidationError(
                _("%s was changed since this page was opened. Look at it again.") % locked.reference
            )
        # Not saved: the project itself does not change, nor when it last did.
        recorder.touch(locked, locked.snapshot())
        Project.live.filter(pk=locked.pk).update(review=Review.REVIEWED)
