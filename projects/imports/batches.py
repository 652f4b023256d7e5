"""Imports: what a file would add and change, shown before it is done, done whole or not at all.

A file becomes a batch that waits: its lines, and a digest of what the preview showed. Confirming
plans once more and writes only if the digest is still the same.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import IO, Any

from django.db import IntegrityError
from django.db.models import F, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..columns import ROWS_AT_ONCE
from ..history import OF_SAME_RECORD, Revision, Snapshot, recording, signed
from ..locks import queue_up
from ..models import Batch, Correction, Project, SecondPerson
from ..models.batch import AnnexState
from ..text import printable
from ..vocabulary import NOT_COUNTED, Review
from .items import ADDED, CHANGED
from .lines import SHEET, Line, Refused, as_kept, kept_lines
from .plan import DeskChanges, Plan, lock
from .previews import Preview, add_to_digest, plan_of, preview
from .sandbox import read_apart
from .writing import Write, name_entities, take_back, write

# The references in the name of what a page of the desk changed.
REFERENCES_NAMED = 3
CHANGED_SINCE = gettext_lazy("The register changed meanwhile. Look again.")


def delete_unconfirmed() -> int:
    """Delete the files that nobody confirmed or sent for a week; return how many these were."""
    old = timezone.now() - timedelta(days=7)
    forgotten = Batch.objects.filter(applied_at=None, digest="", at__lt=old)
    deleted, _by_model = forgotten.delete()
    return deleted


def waiting() -> Any:
    """Return the imports that nobody confirmed yet, by all uploaders."""
    found = Batch.objects.filter(kind=Batch.Kind.IMPORT, applied_at=None)
    return found.defer("content", "sheet").prefetch_related("prepared_by")


def send(batch: Batch, shown: Preview, digest: str, reason: str) -> None:
    """Let a batch wait for a reviewer; raises ValidationError for the reason, and Refused."""
    Batch._meta.get_field("reason").run_validators(reason)
    if shown.digest != digest or not shown.can_be_applied:
        raise Refused(CHANGED_SINCE)
    batch.state.sent_back = {}
    batch.state.waits = True
    batch.reason, batch.digest = reason, preview(batch).digest
    batch.keep("reason", "digest")


def send_back(batch: Batch, by: Any, sentence: str) -> None:
    batch.digest = ""
    batch.state.sent_back = {"by": by.get_username(), "sentence": sentence}
    batch.state.waits = False
    batch.keep("digest")


def take_over(batch: Batch, by: Any) -> None:
    """Make an import that waits somebody else's; it keeps whose it was."""
    batch.by, batch.by_name, batch.digest = by, by.get_username(), ""
    batch.save(update_fields=["by", "by_name", "digest"])
    batch.prepared_by.add(by)


def refusal(user: Any, batch: Batch) -> str:
    """Return why somebody may not confirm a batch of projects, "" if they may."""
    aside, coming = batch.state.set_aside, batch.state.entities
    if aside and not user.has_perm("projects.delete_project"):
        return _("It sets entries aside, and you may not delete projects.")
    if coming and not user.has_perm("projects.add_entity"):
        text = _("The directory lacks %s, and you may not add entities to it.")
        return text % ", ".join(coming)
    return ""


def upload(
    name: str,
    file: IO[bytes],
    options: Mapping[str, Any],
    by: Any = None,
    mapped: bool | None = None,
) -> Batch:
    """Keep the lines of an open file as a batch that waits for confirmation; raises Refused.

    One of other columns than the register's, which `mapped` allows, waits with its sheets; so does
    any that is to be mapped all the same.
    """
    name = printable(name)
    content = read_apart(name, file, mapped)
    if next(kept_lines(content), (-1, []))[0] == SHEET:
        return wait(name, options, by, sheet=content)
    options = {**options, "csv": not name.lower().endswith(".xlsx")}
    rows = len(Plan(content, AnnexState.of(options)).references)
    if not rows:
        raise Refused(_("There is no row below the header."))
    return wait(name, {**options, "rows": rows}, by, content=content)


def wait(name: str, options: Mapping[str, Any], by: Any, **lines: bytes) -> Batch:
    """Keep what was read of a file, `content` or `sheet`, as a batch that waits."""
    delete_unconfirmed()
    batch = Batch.objects.create(
        kind=Batch.Kind.IMPORT,
        file_name=name[:200],
        options=options,
        **signed(by),
        **lines,
    )
    if by:
        batch.prepared_by.add(by)
    return batch


def hold_changes(
    changes: list[dict[str, Any]], by: Any, reason: str, name: str = "", **options: Any
) -> Batch:
    """Keep what a page of the desk changed as a batch that waits for a second person.

    `options` are the correction that it applies, or the slug of the report that it makes the basis.
    """
    keys = [one["new"]["reference"] for one in changes]
    named = ", ".join(keys[:REFERENCES_NAMED]) + (" …" if len(keys) > REFERENCES_NAMED else "")
    batch = wait(name or named, {**options, "changes": changes, "waits": True}, by)
    batch.reason, batch.digest = reason, preview(batch).digest
    batch.save(update_fields=["reason", "digest"])
    return batch


def _replaced(text: str, wanted: Mapping[str, str]) -> str:
    """Return a cell with other texts for it, its lines or its parts; all else of it stays."""
    for signs in (r"(\Z)", r"(\n)", r"([;\n])"):
        parts = re.split(signs, text)
        if any(part.strip() in wanted for part in parts):
            return "".join(wanted.get(part.strip(), part) for part in parts)
    return text


def change_cells(batch: Batch, wanted: Mapping[tuple[int, str], Mapping[str, str]]) -> None:
    """Write texts in place of others into cells of a kept file, by its rows and our columns."""
    columns = Plan(bytes(batch.content), batch.state).columns

    def changed() -> Iterator[Line]:
        for row, cells in kept_lines(bytes(batch.content)):
            padded = [*cells, *[""] * (len(columns) - len(cells))]
            pairs = zip(padded, [*columns, *padded[len(columns) :]], strict=True)
            yield row, [_replaced(text, wanted.get((row, column), {})) for text, column in pairs]

    batch.content, batch.digest = as_kept(changed()), ""
    batch.save(update_fields=["content", "digest"])


def apply(batch: Batch, digest: str, by: Any = None, reason: str = "") -> Batch:
    """Write what the preview with that digest showed, in one transaction; return the batch.

    Raises ValidationError for a reason that is too long or no plain text; Refused, and writes
    nothing, if it was confirmed before, or if the register or the file would now give another
    result.
    """
    Batch._meta.get_field("reason").run_validators(reason)
    applied = Correction.objects.filter(state=Correction.State.OPEN)
    correction = applied.filter(pk=batch.state.correction or 0).first()
    if correction:
        reason = correction.credited(reason)
    try:
        with recording(by=by, reason=reason or batch.file_name, batch=batch) as recorder:
            queue_up()
            locked = Batch.objects.select_for_update().get(pk=batch.pk)
            if locked.applied_at:
                raise Refused(_("This import was confirmed already."))
            plan, written = plan_of(locked), hashlib.sha256()
            if unknown := ", ".join(plan.unknown):
                raise Refused(f"{_('Unknown columns:')} {unknown}")
            name_entities(locked)
            lock(plan.references)
            write(_writes(plan, written), recorder, locked)
            if written.hexdigest() != digest:
                raise Refused(CHANGED_SINCE)
            if correction:
                correction.settle(Correction.State.APPLIED, locked.by)
            finish(locked, reason, by)
            return locked
    except IntegrityError:
        # Somebody added a project with the same reference between the plan and the writing.
        raise Refused(CHANGED_SINCE) from None


def _writes(plan: Plan | DeskChanges, digest: Any) -> Iterator[Write]:
    """Yield what the rows of a plan write, and add it to the digest; raises Refused on problems."""
    for item in plan.items():
        if item.problems or (item.is_unknown and not plan.adds_unknown):
            raise Refused(CHANGED_SINCE)
        if item.kind in (ADDED, CHANGED):
            add_to_digest(digest, item)
            yield Write(item.pk, item.old, item.new)


def finish(batch: Batch, reason: str, by: Any) -> None:
    """Keep that the batch is done, why and by whom; what it was made of is not needed any more."""
    if batch.digest:
        batch.state.sent_by = batch.by_name
    batch.reason, batch.by = reason, by
    batch.by_name = by.get_username() if by else ""
    batch.content, batch.sheet, batch.applied_at = b"", b"", timezone.now()
    batch.save()


def undo(batch: Batch, by: Any = None, reason: str = "", rest: bool = False) -> Batch:
    """Undo an import as a whole, or the `rest` of it; return the batch that did it.

    Raises Refused if it was undone already, or if the content of its rows changed since: the
    message names these rows. The rest is what did not change.
    """
    undoing = Batch(kind=Batch.Kind.UNDO, undoes=batch, by=by)
    with recording(by=by, reason=reason, batch=undoing) as recorder:
        queue_up()
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        is_done = locked.kind == Batch.Kind.IMPORT and locked.applied_at
        if not is_done or Batch.objects.filter(undoes=locked).exists():
            raise Refused(_("This import was undone already, or not confirmed."))
        revisions = _revisions_of(locked)
        rows = Project.live.filter(
            pk__in=revisions.of_model(Project).order_by().values("object_id")
        )
        len(rows.select_for_update().values_list("pk"))  # from here on nobody else changes them
        touched = changed_since(locked)
        if touched and not rest:
            raise Refused(text_of_changed(touched))
        revisions = revisions.exclude(pk__in=touched)
        if not revisions.exists():
            raise Refused(_("All of its rows were changed since: nothing is left to undo."))
        undoing.save()
        of_projects = revisions.of_model(Project)
        back = of_projects.values_list("object_id", "now", "old").iterator(chunk_size=ROWS_AT_ONCE)
        write((Write(*row) for row in back), recorder, undoing)
        others = revisions.exclude(pk__in=of_projects.order_by().values("pk"))
        take_back(others, undoing, keep_used=rest)
        undoing.state.second_look = True
        finish(undoing, reason, by)
        return undoing


def set_aside(project: Project, by: Any, reason: str) -> Batch:
    """Set an entry aside at once, as a batch that is listed for a second look.

    Bringing it back waits for a second person. Raises Refused if it is no entry of lists, and for
    who wrote or published it, unless one person suffices.
    """
    batch = Batch(kind=Batch.Kind.IMPORT, by=by, options={"second_look": True})
    batch.file_name = _("Set aside: %s") % project.key
    with recording(by=by, reason=reason, batch=batch) as recorder:
        queue_up()
        locked = Project.live.select_for_update().get(pk=project.pk)
        if locked.is_counted or locked.review in NOT_COUNTED:
            raise Refused(_("Only an entry of the lists can be set aside."))
        if SecondPerson.is_needed() and Revision.objects.of(locked).filter(by=by).exists():
            raise Refused(_("You wrote or published it: somebody else sets it aside."))
        batch.save()
        old = locked.snapshot()
        write([Write(locked.pk, old, {**old, "review": Review.SET_ASIDE.value})], recorder, batch)
        finish(batch, reason, by)
    return batch


def _revisions_of(batch: Batch) -> Any:
    """Return what a batch did, each revision with its record as it is `now`."""
    last = Revision.objects.filter(**OF_SAME_RECORD).order_by("-pk").values("new")[:1]
    return Revision.objects.filter(batch=batch).order_by("pk").annotate(now=Subquery(last))


def changed_since(batch: Batch) -> dict[int, str]:
    """Return the keys of the records whose content is not that of the import, by its revisions.

    A review changes no content; to set an entry aside, or to count it again, does.
    """
    versions = _revisions_of(batch).values_list("pk", "key", "new", "now")
    found = versions.exclude(new=F("now")).iterator(chunk_size=ROWS_AT_ONCE)
    return {pk: key for pk, key, new, now in found if _content(new) != _content(now)}


def _content(snapshot: Snapshot | None) -> Snapshot | None:
    if snapshot is None:
        return None
    return {**snapshot, "review": snapshot.get("review") == Review.SET_ASIDE}


def text_of_changed(touched: dict[int, str]) -> str:
    keys = ", ".join([*touched.values()][:10])
    return ngettext(
        "%(count)d row was changed since: %(keys)s.",
        "%(count)d rows were changed since: %(keys)s.",
        len(touched),
    ) % {"count": len(touched), "keys": keys if len(touched) <= 10 else f"{keys} …"}
