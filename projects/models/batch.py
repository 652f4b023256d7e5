"""Imports: batches, which are made and undone together, and how sheets of one kind are read."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..history import RecordedManager
from ..text import day_in_words
from .base import RegisterModel
from .fields import PartialDateField, account, one_line


class Batch(models.Model):
    """An import, or the undoing of one; while it waits, `content` is its file.

    `digest` is that of its preview, if it was sent to a reviewer who publishes it.
    """

    class Kind(models.TextChoices):
        IMPORT = "import", _("Import")
        UNDO = "undo", _("Undo")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    content = models.BinaryField(blank=True, default=bytes)
    # A sheet as it was read, until its columns are mapped and the import is confirmed.
    sheet = models.BinaryField(blank=True, default=bytes)
    options = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    deleted = models.PositiveIntegerField(default=0)
    reason = one_line(_("reason"), 300)
    by = account(_("by"), blank=True)
    by_name = models.CharField(_("by"), max_length=150, blank=True)
    # Who uploaded, took over or sent it: somebody else publishes it.
    prepared_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", editable=False, verbose_name=_("prepared by")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        default_permissions = ["view"]
        permissions = [
            ("import_projects", _("Can import projects")),
            ("undo_batch", _("Can undo an import")),
        ]

    def __str__(self):
        if self.undoes:
            known = {"number": self.undoes.pk, "file": self.undoes.file_name}
            return str(_("Undo of import %(number)d (%(file)s)") % known)
        return f"{self.get_kind_display()} {self.pk}: {self.file_name}"


class SecondPerson(RegisterModel):
    """Whether a second person publishes what waits; there is one row, which Managers change."""

    identifier = "name"

    name = models.CharField(max_length=20, unique=True, default="second-person")
    reviews = models.BooleanField(_("a second person reviews"), default=True)
    since = PartialDateField(_("one suffices since"), max_length=10, blank=True)
    why = one_line(_("why one suffices"), 300, _("Public, on the page about the data"))

    objects = RecordedManager()

    class Meta:
        verbose_name = _("second person")
        verbose_name_plural = _("second person")
        default_permissions = ["view", "change"]

    def __str__(self) -> str:
        return str(_("A second person reviews"))

    def clean(self):
        if not self.reviews and not (self.since and self.why):
            raise ValidationError(_("Say since when one person suffices, and why."))

    @property
    def since_in_words(self) -> str:
        return day_in_words(self.since)

    @classmethod
    def is_needed(cls) -> bool:
        return not cls.objects.filter(reviews=False).exists()


class Mapping(models.Model):
    """`layout` is that of `annex.mapping`; `readings` are values by column and written text."""

    name = one_line(
        _("name"),
        100,
        _("The same name again replaces it."),
        blank=False,
        unique=True,
    )
    layout = models.JSONField(default=dict)
    readings = models.JSONField(default=dict, blank=True)
    by = account(_("by"))
    by_name = models.CharField(_("by"), max_length=150, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
