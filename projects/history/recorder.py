"""Writes a revision for every change of a RecordedModel: who, what, when and why.

`save`, `delete` and changes of links note the stored values; when the outermost `recording` ends,
the new values are compared with these, in the same transaction. Code paths past the models
(`update`, `bulk_create` …) are refused, unless `unrecorded` gives a reason.

Every public change moves the data version in the same transaction.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.db.models.signals import m2m_changed
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from ..columns import ROWS_AT_ONCE, Column, Table
from .data_version import move_data_version
from .models import Action, FieldChange, Revision, Snapshot, differences, signed, text_of

# Linked records by column.
Links = Mapping[str, Iterable[Any]]
NO_LINKS: Links = {}
# A record that a recording changed: its model, primary key, and values before and after.
Recorded = tuple[type["RecordedModel"], int, Snapshot | None, Snapshot | None]
Check = Callable[[list[Recorded]], None]


class NotRecorded(Exception):
    """A change would have left no revision behind, or its reason would be in none."""


class Recorder:
    """Notes the records touched while a `recording` is open, with their values before.

    `check` sees what changed before it is written, and may raise an exception.
    """

    def __init__(self, by: Any, reason: str, batch: Any, check: Check | None) -> None:
        self.by, self.reason, self.batch, self.check = by, reason, batch, check
        self.touched: dict[tuple[type[RecordedModel], int], Snapshot | None] = {}
        # Whether what is derived from the records may be another.
        self.is_moved = False

    def touch(self, record: "RecordedModel", old: Snapshot | None) -> None:
        self.touched.setdefault((type(record), record.pk), old)

    def touch_stored(self, record: "RecordedModel") -> None:
        """Note a record with its stored values, unless it was touched already."""
        if (type(record), record.pk) not in self.touched:
            self.touch(record, record.stored_snapshot())

    def write(self) -> None:
        changed, is_saved_again = list[Recorded](), False
        for (model, pk), old in self.touched.items():
            now = model._base_manager.filter(pk=pk).first()
            new = now.snapshot() if now else None
            if old != new:
                new = model.after_change(pk, old, new) if new else None
                changed.append((model, pk, old, new))
            else:
                # No revision, but the visible time of the last change is new.
                is_saved_again |= model.is_public(new)
        if self.check:
            self.check(changed)
        self.write_all(changed)
        if is_saved_again:
            move_data_version()
        for model, _pk, old, new in changed:
            model.after_recording(old, new)

    def write_all(self, changed: Iterable[Recorded]) -> None:
        """Write a revision for each (model, primary key, old snapshot, new snapshot)."""
        at, changed = timezone.now(), list(changed)
        self.is_moved |= any(model.moves(old, new) for model, _pk, old, new in changed)
        revisions = [
            Revision(
                content_type=ContentType.objects.get_for_model(model),
                object_id=pk,
                key=model.key_of(new or old or {}),
                action=Action.DELETED if new is None else Action.CHANGED if old else Action.ADDED,
                old=old,
                new=new,
                at=at,
                **signed(self.by),
                reason=self.reason,
                batch=self.batch,
                is_public=model.is_public_change(old, new),
            )
            for model, pk, old, new in changed
        ]
        Revision.objects.bulk_create(revisions, batch_size=ROWS_AT_ONCE)
        if any(revision.is_public for revision in revisions):
            move_data_version()


# What derives records from others, in the transaction of the change: apps put functions here.
derivations: list[Callable[[], None]] = []

_open: ContextVar[Recorder | None] = ContextVar("recorder", default=None)
_excuse: ContextVar[str] = ContextVar("excuse", default="")
_loading: ContextVar[bool] = ContextVar("loading", default=False)


@contextmanager
def _setting(variable: ContextVar[Any], value: Any) -> Iterator[None]:
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


@contextmanager
def recording(
    by: Any = None, reason: str = "", batch: Any = None, check: Check | None = None
) -> Iterator[Recorder]:
    """Record every change made inside as revisions, in one transaction.

    An inner one joins the outer, with its `by` and reason; raises NotRecorded if it gives another
    reason. Yields the recorder, whose reason can still be set.
    """
    outer = _open.get()
    if outer is not None:
        if reason not in ("", outer.reason):
            raise NotRecorded(f"“{reason}” inside a recording whose reason is “{outer.reason}”.")
        yield outer
        return
    recorder = Recorder(by, reason, batch, check)
    with _setting(_open, recorder), transaction.atomic():
        yield recorder
        recorder.write()
        for derive in derivations if recorder.is_moved else ():
            derive()


def open_recorder() -> Recorder:
    """Return the recorder of the recording that is open."""
    recorder = _open.get()
    assert recorder
    return recorder


def recorded_by_caller(why: str) -> AbstractContextManager[None]:
    """Allow `update()` and the like inside; the caller has the revisions written."""
    return _setting(_excuse, why)


@contextmanager
def unrecorded(why: str) -> Iterator[None]:
    """Allow `update()` and the like inside, in one transaction; moves the data version.

    `why` says what records the change instead of a revision.
    """
    with recorded_by_caller(why), transaction.atomic():
        yield
        move_data_version()


@contextmanager
def loading(why: str) -> Iterator[None]:
    """Allow a dump to be loaded inside, with records that can never change."""
    with _setting(_loading, True), unrecorded(why):
        yield


def _refuse(model: type[models.Model], call: str) -> None:
    if not _excuse.get():
        raise NotRecorded(
            f"{call} on {model._meta.label} would leave no revision: save or delete each record, "
            f'or say why none is needed: with unrecorded("…").'
        )


class RecordedQuerySet(models.QuerySet):
    """Refuses changes without a revision, outside of `unrecorded`."""

    def get_by_natural_key(self, *key: str) -> Any:
        model: Any = self.model
        (identifier,) = key
        # The default manager of some models hides drafts.
        return model._base_manager.get(**{model.identifier: identifier})

    def with_seen(self) -> Any:
        """Return the records with the number of their last revision as `seen`, 0 without any."""
        # Read with the row: read later, it could be of a change that the page does not show.
        of_it = Revision.objects.of_model(self.model).filter(object_id=OuterRef("pk"))
        return self.annotate(seen=Coalesce(Subquery(of_it.order_by("-pk").values("pk")[:1]), 0))

    def _refuse_frozen(self) -> None:
        """Raise an exception if some of the rows must not change."""

    def update(self, **kwargs: Any) -> int:
        self._refuse_frozen()
        _refuse(self.model, "update()")
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_frozen()
        _refuse(self.model, "delete()")
        return super().delete()

    delete.queryset_only = True  # type: ignore[attr-defined]  # Django's mark: not on managers

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        _refuse(self.model, "bulk_create()")
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> int:
        objs = list(objs)
        self.filter(pk__in=[one.pk for one in objs])._refuse_frozen()
        _refuse(self.model, "bulk_update()")
        return super().bulk_update(objs, *args, **kwargs)


RecordedManager = models.Manager.from_queryset(RecordedQuerySet)


class RecordedModel(models.Model):
    """A model whose changes are recorded; `identifier` is the column that names a record.

    `table` declares the columns of its exports, imports and corrections.
    """

    identifier: ClassVar[str]
    table: ClassVar[Table | None] = None
    # Whether other records are derived from it, so that some changes of it move these.
    is_derived_from: ClassVar[bool] = False

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.check_can_change()
        with recording() as recorder:
            if self.pk:
                recorder.touch_stored(self)
            super().save(*args, **kwargs)
            recorder.touch(self, None)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.check_can_change()
        with recording() as recorder:
            recorder.touch_stored(self)
            return super().delete(*args, **kwargs)

    def stored_snapshot(self) -> Snapshot | None:
        """Return the record's values in the database, None if it has none."""
        stored = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        return stored.snapshot() if stored else None

    def check_can_change(self) -> None:
        """Raise an exception if the record must not change."""

    @classmethod
    def key_of(cls, snapshot: Snapshot) -> str:
        return text_of(snapshot[cls.identifier])

    @classmethod
    def is_public(cls, snapshot: Snapshot | None) -> bool:
        return snapshot is not None

    @classmethod
    def is_public_change(cls, old: Snapshot | None, new: Snapshot | None) -> bool:
        return cls.is_public(old) or cls.is_public(new)

    @classmethod
    def differences(cls, old: Snapshot | None, new: Snapshot | None) -> list[FieldChange]:
        """Return the columns that differ between two versions, in the order of the table."""
        return differences(old, new, cls.table.names if cls.table else ())

    @classmethod
    def moves(cls, old: Snapshot | None, new: Snapshot | None) -> bool:
        """Return whether records are derived from what differs between two versions."""
        return False

    @classmethod
    def after_change(cls, pk: int, old: Snapshot | None, new: Snapshot) -> Snapshot:
        """Return the new snapshot of a changed record, with changes that follow from it."""
        return new

    @classmethod
    def after_recording(cls, old: Snapshot | None, new: Snapshot | None) -> None:
        """Called once a change's revision is written; it may still be rolled back."""

    @classmethod
    def _fields(cls) -> list[models.Field]:
        concrete = cls._meta.concrete_fields
        return [one for one in concrete if one.editable and not one.primary_key]

    @classmethod
    def _linking(cls) -> list[Column]:
        """Return the columns of linked records."""
        return [one for one in cls.table.columns if one.linked_by] if cls.table else []

    @classmethod
    def snapshot_columns(cls) -> Collection[str]:
        return [*(one.name for one in cls._fields()), *(one.name for one in cls._linking())]

    def snapshot(self, links: Links = NO_LINKS) -> Snapshot:
        """Return the record's values by column, for JSON; `links` replace the saved ones."""
        values: dict[str, Any] = {}
        for field in self._fields():
            value = getattr(self, field.name)
            if isinstance(value, RecordedModel):
                value = getattr(value, value.identifier)
            values[field.name] = value if value is None or isinstance(value, int) else str(value)
        for column in self._linking():
            linked = links.get(column.name, getattr(self, column.name).all())
            names = (getattr(one, column.linked_by) for one in linked)
            values[column.name] = sorted(names, key=str.casefold)
        return values

    def apply(self, snapshot: Snapshot) -> None:
        """Set the record's values to a snapshot's, without saving.

        Raises ValidationError if a record that it refers to no longer exists.
        """
        for field in self._meta.concrete_fields:
            if field.name in snapshot:
                value = snapshot[field.name]
                related = field.related_model
                if related and issubclass(related, RecordedModel) and value is not None:
                    value = find(related, value)
                setattr(self, field.name, value)

    def apply_links(self, snapshot: Snapshot) -> None:
        """Set the saved record's links to a snapshot's; raises ValidationError as `apply`."""
        for column in self._linking():
            other: Any = self._meta.get_field(column.name).related_model
            found = [find(other, key) for key in snapshot[column.name]]
            getattr(self, column.name).set(found)


@receiver(m2m_changed)
def record_links(sender: Any, instance: Any, action: str, reverse: bool, **_kwargs: Any) -> None:
    """Record a change of links with the record that has them; refuse it from their other side."""
    owner = sender._meta.auto_created
    if not (owner and issubclass(owner, RecordedModel)):
        return
    if reverse:
        _refuse(sender, "A change of links from their other side")
        return
    begins, recorder = action.startswith("pre_"), _open.get()
    if begins and not _loading.get():
        instance.check_can_change()
    if _excuse.get():
        return
    if recorder:
        recorder.touch_stored(instance)
    elif begins:
        instance.before_links = instance.stored_snapshot()
    else:
        with recording() as recorder:
            recorder.touch(instance, instance.before_links)


def find(model: type[RecordedModel], key: str) -> Any:
    """Return the record that has that key, or the only one that had it; else ValidationError."""
    record = model._base_manager.filter(**{model.identifier: key}).first()
    if record is not None:
        return record
    revisions = Revision.objects.of_model(model)
    had = revisions.filter(**{f"old__{model.identifier}": key}).values("object_id")
    candidates = list(model._base_manager.filter(pk__in=had)[:2])
    if len(candidates) == 1:
        return candidates[0]
    text = _("There is no %(kind)s “%(key)s”: restore it, or rename one to this.")
    raise ValidationError(text % {"kind": model._meta.verbose_name, "key": key})
