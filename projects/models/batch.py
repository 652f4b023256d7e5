"""Imports: batches, which are made and undone together, and how sheets of one kind are read."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .fields import account, one_line


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
