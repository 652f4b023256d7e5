"""Attachments of entries; like history, they stay when the entry is deleted."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..history import NO_LINKS, Links, RecordedModel, RecordedQuerySet, Snapshot, account
from ..text import validate_one_line, validate_plain_text
from .project import Project


class Attachment(models.Model):
    """Something that staff attached to an entry; the public does not see it.

    The database has no constraint on the entry, which can be deleted and restored; `reference`
    names it.
    """

    project = models.ForeignKey(
        Project,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("project"),
    )
    reference = models.CharField(_("reference"), max_length=40)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = account(_("by"))
    # Stays when the account goes.
    by_name = models.CharField(_("by"), max_length=150)

    class Meta:
        abstract = True


class ByProject:
    """Mixed into a queryset of attachments."""

    def by_project(self: Any, keys: Collection[int]) -> dict[int, list[Any]]:
        """Return what is attached to entries by these primary keys, oldest first."""
        found: dict[int, list[Any]] = {key: [] for key in keys}
        for one in self.filter(project__in=keys).order_by("pk"):
            found[one.project_id].append(one)
        return found


class CommentQuerySet(ByProject, models.QuerySet["Comment"]):
    def unanswered_by(self, account: Any, waiting: models.QuerySet) -> "CommentQuerySet":
        """Return the comments on these entries that the account has not answered or acted on."""
        own = self.model.objects.filter(project=OuterRef("project"), by=account)
        entries = waiting.filter(pk=OuterRef("project"), last_at__lt=OuterRef("at"))
        unanswered = self.filter(Exists(entries), ~Exists(own.filter(pk__gte=OuterRef("pk"))))
        return unanswered.order_by("pk")


class Comment(Attachment):
    text = models.CharField(max_length=1000, validators=[validate_plain_text])

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ["add"]

    def __str__(self) -> str:
        return f"{self.reference}: {self.text}"


class EvidenceQuerySet(ByProject, RecordedQuerySet):
    """Files without their bytes; written only with a revision."""


class EvidenceFile(models.Model):
    """The bytes of a file, once for all entries that have it; in the database for backups."""

    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.sha256


class Evidence(Attachment, RecordedModel):
    """A file that is the source of an entry: attached and removed, never changed.

    History stores its name and SHA-256, not its bytes, and is not public.
    """

    identifier = "reference"

    file = models.ForeignKey(
        EvidenceFile, models.PROTECT, to_field="sha256", related_name="+", verbose_name=_("SHA-256")
    )
    name = models.CharField(_("file"), max_length=150, validators=[validate_one_line])
    size = models.PositiveIntegerField()
    page = models.CharField(max_length=40, blank=True, validators=[validate_one_line])

    objects = models.Manager.from_queryset(EvidenceQuerySet)()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]
        default_permissions = ["view", "add", "delete"]
        constraints = [models.UniqueConstraint(fields=["project", "file"], name="evidence_once")]

    def __str__(self) -> str:
        return f"{self.reference}: {self.name}"

    @property
    def document(self) -> str:
        """The name of the document, which the source of a confirmed entry has."""
        return self.name.removesuffix(".pdf")

    @classmethod
    def snapshot_columns(cls) -> Collection[str]:
        return ("reference", "file", "page", "size", "sha256")

    def snapshot(self, links: Links = NO_LINKS) -> Snapshot:
        own = {"reference": self.reference, "file": self.name, "page": self.page}
        return own | {"size": self.size, "sha256": self.file_id}

    @classmethod
    def is_public(cls, snapshot: Snapshot | None) -> bool:
        return False
