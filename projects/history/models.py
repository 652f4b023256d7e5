"""Revisions: one row for every change of a recorded record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Count, Exists, F, Max, OuterRef, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..columns import SEPARATOR
from ..text import Wording

# A record's values by column: texts, numbers, booleans, lists of texts, texts by name.
Snapshot = Mapping[str, Any]


def account(label: Wording | None, blank: bool = False) -> models.ForeignKey:
    """Return a field for an account, empty once this is deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=blank,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=label,
    )


def signed(by: Any) -> dict[str, Any]:
    """Return an account and its name, which stays when the account goes, as fields."""
    return {"by": by, "by_name": by.get_username() if by else ""}


class Action(models.TextChoices):
    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    DELETED = "deleted", _("Deleted")


@dataclass(frozen=True)
class FieldChange:
    """A changed column; several values are joined as in the CSV."""

    column: str
    old: str
    new: str


def differences(
    old: Snapshot | None, new: Snapshot | None, order: Iterable[str] = ()
) -> list[FieldChange]:
    """Return the columns that differ between two snapshots; None is empty in all columns.

    They are in the order given, then in alphabetical order, since PostgreSQL does not keep that of
    snapshots.
    """
    was, became = _one_by_one(old or {}), _one_by_one(new or {})
    place = {name: number for number, name in enumerate(order)}
    return [
        FieldChange(column, was.get(column, ""), became.get(column, ""))
        for column in sorted(
            was.keys() | became.keys(), key=lambda name: (place.get(name, len(place)), name)
        )
        if was.get(column, "") != became.get(column, "")
    ]


def _one_by_one(snapshot: Snapshot) -> dict[str, str]:
    """Return the columns as texts, those of texts by name as "column.name"."""
    texts: dict[str, str] = {}
    for column, value in snapshot.items():
        if isinstance(value, Mapping):
            texts |= {f"{column}.{part}": text_of(one) for part, one in value.items()}
        else:
            texts[column] = text_of(value)
    return texts


def text_of(value: Any) -> str:
    if isinstance(value, list):
        return SEPARATOR.join(value)
    return "" if value is None else str(value)


# In a subquery: of the same record as the row outside.
OF_SAME_RECORD = {name: OuterRef(name) for name in ("content_type", "object_id")}


class RevisionQuerySet(models.QuerySet["Revision"]):
    def of_model(self, model: type[models.Model]) -> "RevisionQuerySet":
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def of_keys(self, keys: Iterable[str] | models.QuerySet) -> "RevisionQuerySet":
        return self.filter(key__in=keys)

    def of(self, record: models.Model) -> "RevisionQuerySet":
        """Return the revisions of one record, oldest first."""
        return self.of_model(type(record)).filter(object_id=record.pk).order_by("pk")

    def standing(self) -> "RevisionQuerySet":
        """Return the revisions without imports that were undone, and without their undoing.

        Without what came between the two either: only reviews do, and the record is the same. If
        the import added it, and its undoing deleted it, all stay.
        """
        undone = {f"batch__undoes__revisions__{name}": one for name, one in OF_SAME_RECORD.items()}
        undone["batch__undoes__revisions__pk__lte"] = OuterRef("pk")
        undoing = Revision.objects.filter(**OF_SAME_RECORD, **undone, pk__gte=OuterRef("pk"))
        return self.exclude(Exists(undoing.filter(new__isnull=False)))

    def acts(self) -> models.QuerySet:
        """Return the `last` revision, and numbers, of each that was imported or saved at once."""
        of_it = self.order_by().values("batch", moment=Case(When(batch=None, then=F("at"))))
        kinds, actions = (Count(name, distinct=True) for name in ("content_type", "action"))
        return of_it.annotate(last=Max("pk"), number=Count("pk"), kinds=kinds, actions=actions)


class Revision(models.Model):
    """One change of one record; `old` is None if it was added, `new` if it was deleted."""

    content_type = models.ForeignKey(
        ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of record")
    )
    object_id = models.BigIntegerField()
    key = models.CharField(_("reference"), max_length=100)
    action = models.CharField(max_length=10, choices=Action.choices)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = account(_("by"))
    # Stays when the account goes.
    by_name = models.CharField(_("by"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    batch = models.ForeignKey(
        "projects.Batch",
        null=True,
        on_delete=models.PROTECT,
        related_name="revisions",
        verbose_name=_("import"),
    )
    is_public = models.BooleanField(default=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ["view"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "id"], name="revision_by_record"),
            models.Index(fields=["content_type", "is_public", "id"], name="revision_public"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_action_display()}"

    @property
    def of_its_record(self) -> RevisionQuerySet:
        same = Revision.objects.filter(content_type=self.content_type_id, object_id=self.object_id)
        return same.order_by("pk")

    @property
    def record_model(self) -> type[Any] | None:
        # Django caches these, but would query the foreign key for each revision.
        return ContentType.objects.get_for_id(self.content_type_id).model_class()

    @property
    def changes(self) -> list[FieldChange]:
        model = self.record_model
        # Accounts, for example, are no records of the register.
        return getattr(model, "differences", differences)(self.old, self.new)
