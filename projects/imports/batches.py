"""Imports: what a file would add and change, shown before it is done, done whole or not at all.

A file becomes a batch that waits: its lines, and a digest of what the preview showed. Confirming
plans once more and writes only if the digest is still the same.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..cube import Cell, cell_in
from ..history.recorder import Batch, Recorder, Revision, find, recording
from ..models import Country, Entity, Project, this_second
from ..text import is_control, validate_plain_text
from ..vocabulary import Review
from .files import Refused, read_lines
from .plan import ADDED, CHANGED, SKIPPED, UNCHANGED, Fault, Item, Plan, Reading

_BATCH = 2000
# A page shows so many of each kind in full.
SHOWN = 100
CHANGED_SINCE = gettext_lazy(
    "The register changed since the preview: nothing was written. Look again."
)


@dataclass
class Preview:
    """What a waiting batch would do: counts, the first of each kind, all faults, a digest."""

    counts: dict[str, int] = field(
        default_factory=lambda: {ADDED: 0, CHANGED: 0, UNCHANGED: 0, SKIPPED: 0}
    )
    first: dict[str, list[Item]] = field(default_factory=lambda: {ADDED: [], CHANGED: []})
    readings: list[Reading] = field(default_factory=list)
    reading_count: int = 0
    faults: list[Fault] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    digest: str = ""
    # Where published projects stand in the cube, less where they stood.
    moved: list[Cell] = field(default_factory=list)
    # Whether there are more faults than are looked for; nothing was counted after that.
    more_faults: bool = False

    @property
    def can_be_applied(self) -> bool:
        """Whether nothing is wrong or unanswered, and there is something to do."""
        return not self.faults and not self.unknown and self.writes > 0

    @property
    def writes(self) -> int:
        """How many projects would be written."""
        return self.counts[ADDED] + self.counts[CHANGED]


def upload(name: str, content: bytes, options: dict, by=None) -> Batch:
    """Keep the lines of a file as a batch that waits for confirmation; raises Refused."""
    name = "".join(sign for sign in name if not is_control(sign))
    lines = list(read_lines(name, content))
    options = options | {"csv": not name.lower().endswith(".xlsx")}
    if not Plan(lines, options).lines:
        raise Refused(_("There is no row below the header."))
    # Files that nobody confirmed are not kept.
    old = timezone.now() - timedelta(days=7)
    Batch.objects.filter(applied_at=None, at__lt=old).delete()
    return Batch.objects.create(
        kind=Batch.Kind.IMPORT,
        file_name=name[:200],
        content=zlib.compress(json.dumps(lines, ensure_ascii=False).encode(), level=1),
        options=options,
        by=by,
        by_name=by.get_username() if by else "",
    )


def plan_of(batch: Batch) -> Plan:
    """Return what the batch's lines would do."""
    return Plan(json.loads(zlib.decompress(bytes(batch.content))), batch.options)


def preview(batch: Batch) -> Preview:
    """Return what confirming the batch would do, and remember it as what was shown."""
    plan, shown, digest = plan_of(batch), Preview(), hashlib.sha256()
    shown.unknown = [h for h in plan.unknown if h not in batch.options.get("ignored", [])]
    for item in plan.items():
        shown.counts[item.kind] += 1
        shown.faults += item.faults
        if len(shown.faults) >= settings.IMPORT_LIMITS["faults"]:
            shown.more_faults = True
            break
        shown.reading_count += len(item.readings)
        shown.readings += item.readings[: SHOWN - len(shown.readings)]
        if item.kind in shown.first:
            _digest(digest, item)
            if item.old and item.old["review"] != Review.DRAFT and not item.faults:
                shown.moved += [cell_in(item.new), cell_in(item.old, -1)]
            if len(shown.first[item.kind]) < SHOWN:
                shown.first[item.kind].append(item)
    shown.digest = digest.hexdigest()
    return shown


def _digest(digest, item: Item) -> None:
    digest.update(json.dumps([item.reference, item.old, item.new]).encode())


def apply(batch: Batch, digest: str, by=None, reason: str = "", progress=None) -> Batch:
    """Write what the preview with that digest showed, in one transaction; return the batch.

    Raises ValidationError for a reason that is no plain text; Refused, and writes nothing, if it
    was confirmed before, or if the register or the file would now give another result. `progress`
    is told the number of rows done.
    """
    validate_plain_text(reason)
    try:
        return _apply(batch, digest, by, reason[:300], progress)
    except IntegrityError:
        # Somebody added a project with the same reference between the plan and the writing.
        raise Refused(CHANGED_SINCE) from None


def _apply(batch: Batch, digest: str, by, reason: str, progress) -> Batch:
    with recording(by=by, reason=reason or batch.file_name, batch=batch) as recorder:
        _queue_up()
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if locked.applied_at:
            raise Refused(_("This import was confirmed already."))
        plan, found = plan_of(locked), hashlib.sha256()
        if [h for h in plan.unknown if h not in locked.options.get("ignored", [])]:
            raise Refused(_("The file has unknown columns: %s.") % ", ".join(plan.unknown))

        plan.lock()

        def writes() -> Iterator[tuple[int | None, dict | None, dict | None]]:
            for item in plan.items():
                if item.faults:
                    raise Refused(_("The file has faults: nothing was written."))
                if item.kind in (ADDED, CHANGED):
                    _digest(found, item)
                    yield item.pk, item.old, item.new

        _write(writes(), recorder, locked, progress)
        if found.hexdigest() != digest:
            raise Refused(CHANGED_SINCE)
        _finish(locked, reason, by)
        return locked


def _queue_up() -> None:
    """Let imports write one after the other, so that none waits for a row of one that waits."""
    Batch.objects.select_for_update().order_by("pk").first()


def _finish(batch: Batch, reason: str, by) -> None:
    batch.reason, batch.by = reason, by
    batch.by_name = by.get_username() if by else ""
    batch.content, batch.applied_at = b"", timezone.now()
    batch.save()


def undo(batch: Batch, by=None, reason: str = "") -> Batch:
    """Undo an import as a whole; return the batch that did it.

    Raises Refused if it was undone already, or if something touched its rows since: the message
    says which.
    """
    undoing = Batch(kind=Batch.Kind.UNDO, undoes=batch, by=by)
    with recording(by=by, reason=reason, batch=undoing) as recorder:
        _queue_up()
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if locked.kind != Batch.Kind.IMPORT or not locked.applied_at:
            raise Refused(_("Only an import that was confirmed can be undone."))
        if Batch.objects.filter(undoes=locked).exists():
            raise Refused(_("This import was undone already."))
        revisions = Revision.objects.filter(batch=locked).order_by("pk")
        rows = Project.live.filter(pk__in=revisions.order_by().values("object_id"))
        len(rows.select_for_update().values_list("pk"))  # from here on nobody else changes them
        later = Revision.objects.filter(
            model=OuterRef("model"), object_id=OuterRef("object_id"), pk__gt=OuterRef("pk")
        )
        touched = revisions.filter(Exists(later))
        if count := touched.count():
            keys = ", ".join(touched.values_list("key", flat=True)[:10])
            raise Refused(
                ngettext(
                    "%(count)d row was changed since, so it stands in the way: %(keys)s.",
                    "%(count)d rows were changed since, so they stand in the way: %(keys)s.",
                    count,
                )
                % {"count": count, "keys": keys if count <= 10 else f"{keys} …"}
            )
        undoing.save()
        back = revisions.values_list("object_id", "new", "old").iterator(chunk_size=_BATCH)
        _write(back, recorder, undoing)
        _finish(undoing, reason, by)
        return undoing


def _write(
    writes: Iterable[tuple[int | None, dict | None, dict | None]],
    recorder: Recorder,
    batch: Batch,
    progress=None,
) -> None:
    """Write (primary key, old snapshot, new snapshot) of projects, some thousand at a time.

    Adds where old is None, deletes where new is None.
    """
    entities = dict(Entity.objects.values_list("acronym", "pk"))
    countries = dict(Country.objects.values_list("code", "pk"))
    counts = {"added": 0, "changed": 0, "deleted": 0}
    waiting = iter(writes)
    now, done = this_second(), 0
    while some := list(islice(waiting, _BATCH)):
        gone = [pk for pk, _old, new in some if new is None]
        kept = [(pk, old, new) for pk, old, new in some if new is not None]
        before = Project.live.select_for_update().in_bulk([pk for pk, old, _n in kept if old])
        projects = []
        for pk, old, new in kept:
            project = before[pk] if old else Project(pk=pk)
            project.apply(new)
            project.review, project.updated_at = new["review"], now
            projects.append(project)
        _upsert(projects, [old is not None for _pk, old, _new in kept])
        for through, name, model, known in (
            (Project.entities.through, "entities", Entity, entities),
            (Project.countries.through, "countries", Country, countries),
        ):
            relinked = [
                (project.pk, new[name])
                for project, (_pk, old, new) in zip(projects, kept, strict=True)
                if new[name] != (old or {}).get(name, [])
            ]
            keys = [*gone, *(pk for pk, _values in relinked)]
            through.objects.filter(project__in=keys).delete()
            attribute = "entity_id" if name == "entities" else "country_id"
            through.objects.bulk_create(
                [
                    through(project_id=pk, **{attribute: known.get(value) or _had(model, value)})
                    for pk, values in relinked
                    for value in values
                ],
                batch_size=_BATCH,
            )
        Project.live.filter(pk__in=gone).delete()
        keys = iter([project.pk for project in projects])
        recorder.write_all(
            (Project, pk if new is None else next(keys), old, new) for pk, old, new in some
        )
        counts["deleted"] += len(gone)
        counts["changed"] += sum(old is not None for _pk, old, _new in kept)
        counts["added"] += sum(old is None for _pk, old, _new in kept)
        done += len(some)
        if progress:
            progress(done)
    batch.added, batch.changed, batch.deleted = (counts[k] for k in ("added", "changed", "deleted"))


def _had(model, identifier: str) -> int:
    """Return the key of what was called so, since an undone row may speak of it."""
    try:
        return find(model, identifier).pk
    except ValidationError as error:
        raise Refused(error.messages[0]) from None


def _upsert(projects: list[Project], exists: list[bool]) -> None:
    old = [project for project, there in zip(projects, exists, strict=True) if there]
    new = [project for project, there in zip(projects, exists, strict=True) if not there]
    Project.live.bulk_create(new, batch_size=_BATCH)
    written = [
        f.name for f in Project._meta.concrete_fields if not f.primary_key and not f.generated
    ]
    # One statement for all, where bulk_update would write a condition for every cell.
    Project.live.bulk_create(
        old,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=written,
    )
