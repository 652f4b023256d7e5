"""The base of reviewed records: only staff see drafts, and changes wait to be signed off."""

from collections.abc import Collection
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import review
from ..history import (
    NO_LINKS,
    OF_SAME_RECORD,
    Links,
    RecordedQuerySet,
    Revision,
    Snapshot,
    account,
    recorded_by_caller,
)
from ..text import validate_one_line
from ..vocabulary import NOT_COUNTED, TO_REVIEW, Review
from .base import RegisterModel, chosen


def review_field() -> models.CharField:
    return chosen(None, 10, Review, default=Review.DRAFT, editable=False)


class ReviewedQuerySet(RecordedQuerySet):
    def published(self) -> Self:
        return self.exclude(review__in=NOT_COUNTED)

    def with_last_revision(self) -> Self:
        """Return the records with `seen`, and `last_at` and `last_by` without undone imports."""
        of_it = Revision.objects.of_model(self.model).filter(object_id=OuterRef("pk"))
        written = of_it.order_by("-pk").standing()
        return self.with_seen().annotate(
            last_at=Subquery(written.values("at")[:1]),
            last_by=Subquery(written.values("by_name")[:1]),
        )

    def waiting(self) -> Self:
        """Return the drafts and changes that wait for review."""
        return self.filter(review__in=TO_REVIEW)

    def sent_back(self) -> Self:
        """Return the records whose last revision has a reviewer's objection."""
        return self.filter(pk__in=self._objected())

    def to_review(self) -> Self:
        """Return those that no reviewer has sent back."""
        return self.exclude(pk__in=self._objected())

    def written_by(self, account: Any) -> Self:
        """Return the waiting records that the account changed since they were last reviewed."""
        return self.filter(self._written_by(account))

    def not_written_by(self, account: Any) -> Self:
        """Return the waiting records that the account may review."""
        return self.exclude(self._written_by(account))

    # By keys, from the few objections and from one person's revisions: a query of each record would
    # take ten times as long where many wait.
    def _objected(self) -> models.QuerySet:
        same = Revision.objects.filter(**OF_SAME_RECORD)
        objected = Revision.objects.filter(pk__in=Objection.objects.values("revision"))
        last = objected.of_model(self.model).filter(~Exists(same.filter(pk__gt=OuterRef("pk"))))
        return last.order_by().values("object_id")

    def _written_by(self, account: Any) -> Q:
        revisions = Revision.objects.of_model(self.model).standing()
        # Versions without a review state are older than reviews: they were public.
        reviewed = Q(new__review=Review.REVIEWED.value) | Q(new__isnull=False) & ~Q(
            new__has_key="review"
        )
        same = revisions.filter(reviewed, object_id=OuterRef("object_id"), pk__gte=OuterRef("pk"))
        changed = self.model._base_manager.filter(review=Review.CHANGED)
        written = revisions.filter(by=account).order_by().values("object_id")
        since = written.filter(~Exists(same), object_id__in=changed.order_by().values("pk"))
        # No version of a draft was ever reviewed.
        return Q(review=Review.DRAFT, pk__in=written) | Q(pk__in=since)


class PublishedRecords(models.Manager):
    """What the public sees: a model's first manager, which is Django's default."""

    def get_queryset(self) -> Any:
        records: Any = super().get_queryset()
        return records.published()


class ReviewedModel(RegisterModel):
    """A record that is a draft until somebody who did not write it publishes it.

    Its models have the field `review` and two managers: `published`, the default, is public, `live`
    has the drafts too.
    """

    review: models.CharField
    published: Any
    live: Any

    class Meta:
        abstract = True

    @classmethod
    def is_public(cls, snapshot: Snapshot | None) -> bool:
        return snapshot is not None and review.is_public(snapshot)

    @classmethod
    def is_public_change(cls, old: Snapshot | None, new: Snapshot | None) -> bool:
        return review.is_public_change(old, new)

    @classmethod
    def after_change(cls, pk: int, old: Snapshot | None, new: Snapshot) -> Snapshot:
        state = review.state_after(old, new)
        if state == new["review"]:
            return new
        with recorded_by_caller("the revision that is being written says so"):
            cls.live.filter(pk=pk).update(review=state)
        return {**new, "review": state.value}

    @property
    def key(self) -> str:
        """The record's name in addresses and history."""
        return str(getattr(self, self.identifier))

    @property
    def is_draft(self) -> bool:
        return bool(self.review == Review.DRAFT)

    @property
    def is_reviewed(self) -> bool:
        return self.review not in TO_REVIEW

    @classmethod
    def snapshot_columns(cls) -> Collection[str]:
        return [*super().snapshot_columns(), "review"]

    def snapshot(self, links: Links = NO_LINKS) -> Snapshot:
        return {**super().snapshot(links), "review": str(self.review)}

    def apply(self, snapshot: Snapshot) -> None:
        """Set the values to those of a snapshot, but for its review state."""
        if self._state.adding:
            self.review = review.state_when_brought_back(snapshot)
        super().apply({name: value for name, value in snapshot.items() if name != "review"})

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        super().validate_unique(exclude)
        # Django checks uniqueness with the default manager, which hides drafts.
        name = self.identifier
        field: Any = self._meta.get_field(name)
        if not field.unique or name in (exclude or ()):
            return
        if type(self).live.filter(**{name: self.key}).exclude(pk=self.pk).exists():
            raise ValidationError({name: self.unique_error_message(type(self), (name,))})


class Objection(models.Model):
    """A reviewer's sentence on a revision, for staff; the next revision waits for review again."""

    revision = models.OneToOneField(Revision, models.CASCADE)
    sentence = models.CharField(max_length=300, validators=[validate_one_line])
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = account(_("by"))
    # Stays when the account goes.
    by_name = models.CharField(_("by"), max_length=150)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.revision.key}: {self.sentence}"
