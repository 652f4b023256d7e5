"""Who changed what, when and why: a revision for every change, whatever road it took.

Models whose changes are kept derive from RecordedModel. Their `save` and `delete` note what stood
before; when the outermost `recording` ends, what stands then is compared with it and written down,
with the entities and countries that were set meanwhile. All of it is one transaction.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..columns import NAMES
from ..text import validate_plain_text
from ..vocabulary import Review

_BATCH = 2000
_ORDER = {name: place for place, name in enumerate(NAMES)}


class Action(models.TextChoices):
    """What happened to a record."""

    ADDED = "added", gettext_lazy("Added")
    CHANGED = "changed", gettext_lazy("Changed")
    DELETED = "deleted", gettext_lazy("Deleted")


@dataclass(frozen=True)
class FieldChange:
    """A column of which the value changed; several values are joined as in the CSV."""

    column: str
    old: str
    new: str


def differences(old: dict | None, new: dict | None) -> list[FieldChange]:
    """Return the columns that differ between two snapshots; None has nothing in any column.

    In the order of exports, or of the alphabet: PostgreSQL does not keep that of the snapshots.
    """
    old, new = old or {}, new or {}
    return [
        FieldChange(column, text_of(old.get(column)), text_of(new.get(column)))
        for column in sorted({**old, **new}, key=lambda name: (_ORDER.get(name, len(_ORDER)), name))
        if text_of(old.get(column)) != text_of(new.get(column))
    ]


def text_of(value) -> str:
    """Return a snapshot's value as one text."""
    if isinstance(value, list):
        return ";".join(value)
    return "" if value is None else str(value)


class Batch(models.Model):
    """Changes made together: an import, or the undoing of one.

    `content` is the file of an import that waits for confirmation, `digest` stands for what its
    preview showed.
    """

    class Kind(models.TextChoices):
        IMPORT = "import", gettext_lazy("Import")
        UNDO = "undo", gettext_lazy("Undo")

    kind = models.CharField(gettext_lazy("kind"), max_length=10, choices=Kind.choices)
    file_name = models.CharField(gettext_lazy("file"), max_length=200, blank=True)
    content = models.BinaryField(blank=True, default=bytes)
    options = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    added = models.PositiveIntegerField(gettext_lazy("added"), default=0)
    changed = models.PositiveIntegerField(gettext_lazy("changed"), default=0)
    deleted = models.PositiveIntegerField(gettext_lazy("deleted"), default=0)
    reason = models.CharField(
        gettext_lazy("reason"), max_length=300, blank=True, validators=[validate_plain_text]
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=gettext_lazy("by"),
    )
    by_name = models.CharField(gettext_lazy("by"), max_length=150, blank=True)
    at = models.DateTimeField(gettext_lazy("when"), default=timezone.now)
    applied_at = models.DateTimeField(gettext_lazy("applied"), null=True, blank=True)
    undoes = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="undone_by",
        verbose_name=gettext_lazy("undoes"),
    )

    class Meta:
        verbose_name = gettext_lazy("batch")
        verbose_name_plural = gettext_lazy("batches")
        ordering = ["-pk"]
        default_permissions = ["view"]
        permissions = [
            ("import_projects", gettext_lazy("Can import projects")),
            ("undo_batch", gettext_lazy("Can undo an import")),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}: {self.file_name or self.undoes}"


class RevisionQuerySet(models.QuerySet):
    def of(self, record) -> "RevisionQuerySet":
        """Return the revisions of one record, oldest first."""
        return self.filter(model=record._meta.label_lower, object_id=record.pk).order_by("pk")

    def public(self) -> "RevisionQuerySet":
        """Return the revisions of projects that anybody may see, newest first."""
        return self.filter(model="projects.project", is_public=True).order_by("-pk")


class Revision(models.Model):
    """One change of one record: its values before and after, by whom, when, why, in which batch.

    `old` is None for a record that was added, `new` for one that was deleted.
    """

    model = models.CharField(gettext_lazy("kind of record"), max_length=40)
    object_id = models.BigIntegerField()
    key = models.CharField(gettext_lazy("record"), max_length=100)
    action = models.CharField(gettext_lazy("action"), max_length=10, choices=Action.choices)
    old = models.JSONField(gettext_lazy("before"), null=True)
    new = models.JSONField(gettext_lazy("after"), null=True)
    at = models.DateTimeField(gettext_lazy("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=gettext_lazy("by"),
    )
    # Stays when the account goes.
    by_name = models.CharField(gettext_lazy("by"), max_length=150, blank=True)
    reason = models.CharField(gettext_lazy("reason"), max_length=300, blank=True)
    batch = models.ForeignKey(
        Batch,
        null=True,
        on_delete=models.PROTECT,
        related_name="revisions",
        verbose_name=gettext_lazy("batch"),
    )
    is_public = models.BooleanField(default=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("revision")
        verbose_name_plural = gettext_lazy("revisions")
        ordering = ["-pk"]
        default_permissions = ["view"]
        indexes = [
            models.Index(fields=["model", "object_id", "id"], name="revision_by_record"),
            models.Index(fields=["model", "is_public", "id"], name="revision_public"),
        ]

    def __str__(self):
        return f"{self.key}: {self.get_action_display()}"

    def of_its_record(self) -> RevisionQuerySet:
        """Return all revisions of the same record, oldest first."""
        revisions = Revision.objects.filter(model=self.model, object_id=self.object_id)
        return revisions.order_by("pk")

    @property
    def changes(self) -> list[FieldChange]:
        """What changed, column by column."""
        return differences(self.old, self.new)

    @property
    def public_changes(self) -> list[FieldChange]:
        """What changed that everybody may see: the project, not its review."""
        return [change for change in self.changes if change.column != "review"]

    @property
    def public_action(self) -> str:
        """What happened, as the public sees it: an entry is added when its draft is published."""
        drafted = (self.old or {}).get("review") == Review.DRAFT
        published = drafted and (self.new or {}).get("review") == Review.REVIEWED
        return Action.ADDED if published else self.action


class Recorder:
    """Notes the records touched while a `recording` is open, with what stood before."""

    def __init__(self, by, reason: str, batch: Batch | None):
        self.by, self.reason, self.batch = by, reason, batch
        self.touched: dict[tuple[type, int], dict | None] = {}

    def touch(self, record, old: dict | None) -> None:
        """Note a record and what stood before, unless it was touched already."""
        self.touched.setdefault((type(record), record.pk), old)

    def write(self) -> None:
        """Write a revision for every record that now differs from what stood before."""
        found = []
        for (model, pk), old in self.touched.items():
            now = model._base_manager.filter(pk=pk).first()
            new = now.snapshot() if now else None
            if old != new:
                new = model.after_change(pk, old, new) if new else None
                found.append((model, pk, old, new))
        self.write_all(found)

    def write_all(self, found: Iterable[tuple[type, int, dict | None, dict | None]]) -> None:
        """Write a revision for each (model, primary key, old snapshot, new snapshot)."""
        at = timezone.now()
        Revision.objects.bulk_create(
            (
                Revision(
                    model=model._meta.label_lower,
                    object_id=pk,
                    key=model.key_of(new or old),
                    action=_action(old, new),
                    old=old,
                    new=new,
                    at=at,
                    by=self.by,
                    by_name=self.by.get_username() if self.by else "",
                    reason=self.reason,
                    batch=self.batch,
                    is_public=_is_public(model, old, new),
                )
                for model, pk, old, new in found
            ),
            batch_size=_BATCH,
        )


def _is_public(model, old: dict | None, new: dict | None) -> bool:
    """Whether everybody may see the change: not of drafts, and not a mere signing off."""
    if not (model.is_public(old) or model.is_public(new)):
        return False
    signed_off = model.is_public(old) and [c.column for c in differences(old, new)] == ["review"]
    return not signed_off


def _action(old: dict | None, new: dict | None) -> Action:
    if old is None:
        return Action.ADDED
    return Action.DELETED if new is None else Action.CHANGED


_open: ContextVar[Recorder | None] = ContextVar("recorder", default=None)


@contextmanager
def recording(by=None, reason: str = "", batch: Batch | None = None) -> Iterator[Recorder]:
    """Keep every change made inside as revisions, in one transaction.

    Inside another one it joins that: who and why are the outer one's. The recorder it gives lets
    the reason be said later.
    """
    outer = _open.get()
    if outer is not None:
        yield outer
        return
    recorder = Recorder(by, reason, batch)
    token = _open.set(recorder)
    try:
        with transaction.atomic():
            yield recorder
            recorder.write()
    finally:
        _open.reset(token)


class RecordedModel(models.Model):
    """A model of which every change is kept; `identifier` is the column that names a record."""

    identifier: str

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with recording() as recorder:
            old = self._stored_snapshot()
            super().save(*args, **kwargs)
            recorder.touch(self, old)

    def delete(self, *args, **kwargs):
        with recording() as recorder:
            recorder.touch(self, self._stored_snapshot())
            return super().delete(*args, **kwargs)

    def _stored_snapshot(self) -> dict | None:
        stored = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        return stored.snapshot() if stored else None

    @classmethod
    def key_of(cls, snapshot: dict) -> str:
        """Return what a snapshot's record is called."""
        return text_of(snapshot[cls.identifier])

    @classmethod
    def is_public(cls, snapshot: dict | None) -> bool:
        """Return whether anybody may see a record with these values."""
        return snapshot is not None

    @classmethod
    def after_change(cls, pk: int, old: dict | None, new: dict) -> dict:
        """Return the new snapshot of a record that changed, with what follows from the change."""
        return new

    def snapshot(self) -> dict:
        """Return the values of the record by column, as JSON can carry them."""
        values = {}
        for field in self._meta.concrete_fields:
            if field.editable and not field.primary_key:
                value = getattr(self, field.name)
                plain = value is None or isinstance(value, (str, int, bool))
                values[field.name] = value if plain else str(value)
        return values

    def apply(self, snapshot: dict) -> None:
        """Set the record's values to those of a snapshot, without saving it.

        Raises ValidationError, naming it, for something that it refers to and that is gone.
        """
        for field in self._meta.concrete_fields:
            if field.name in snapshot:
                value = snapshot[field.name]
                if field.is_relation and value is not None:
                    value = find(field.related_model, value)
                setattr(self, field.name, value)

    def apply_links(self, snapshot: dict) -> None:
        """Set what the record is linked with to a snapshot's, once it is saved."""


def find(model, key: str):
    """Return the record of that key, or that had it; raises ValidationError if there is none."""
    found = model._base_manager.filter(**{model.identifier: key}).first()
    if found is None:
        revisions = Revision.objects.filter(model=model._meta.label_lower)
        had = revisions.filter(**{f"old__{model.identifier}": key}).values("object_id")
        found = model._base_manager.filter(pk__in=had).first()
    if found is None:
        raise ValidationError(
            _("There is no %(kind)s “%(key)s” any more: bring it back first.")
            % {"kind": model._meta.verbose_name, "key": key}
        )
    return found


def restore(model, object_id: int, snapshot: dict):
    """Give a record the values of a snapshot again, a deleted one too; return it.

    Raises ValidationError if the values are no longer allowed.
    """
    with recording():
        record = model._base_manager.select_for_update().filter(pk=object_id).first()
        record = record or model(pk=object_id)
        record.apply(snapshot)
        record.full_clean()
        record.save()
        record.apply_links(snapshot)
        return record
