"""Imports: batches, which are made and undone together, and how sheets of one kind are read."""

from collections.abc import Mapping as Stored
from dataclasses import dataclass, field, fields
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ..history import RecordedManager, account
from ..text import day_in_words
from .base import RegisterModel
from .fields import PartialDateField, one_line


@dataclass
class AnnexState:
    """What is stored of a batch on its way, besides its lines; nothing else reads or writes it.

    A change adds a field with a default: what was stored before is read as it is.
    """

    # Of a file: which rows to import (`only`), headings that were left out (`ignored`), whether
    # references that the register lacks are new projects, whether it is CSV, how many rows it has.
    only: str | None = None
    ignored: list[str] = field(default_factory=list)
    add_unknown: bool = False
    csv: bool = False
    rows: int = 0
    # Of a sheet: `layout` is that of `annex.mapping`, kept under the name `mapping` or found by
    # `read_by`; `readings` are what was said of texts, by column; `cells` and `chosen` what was
    # written and chosen for rows, by their keys; whether the region of a row that names none is
    # read from its countries (`reads_regions`).
    layout: dict[str, Any] | None = None
    is_mapped: bool = False
    mapping: str = ""
    read_by: str = ""
    readings: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    cells: dict[str, dict[str, str]] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    is_complete: bool = False
    reads_regions: bool = True
    # At which change of the register its rows were matched, and the entries that it lacks.
    matched_at: int | None = None
    set_aside: list[str] = field(default_factory=list)
    # What comes into the directories with it.
    entities: dict[str, str] = field(default_factory=dict)
    countries: list[str] = field(default_factory=list)
    # Whether it waits for a second person, who sent it, and who sent it back with which sentence;
    # whether somebody still has to look at what was done.
    waits: bool = False
    sent_by: str = ""
    sent_back: dict[str, str] = field(default_factory=dict)
    second_look: bool | None = None
    # Of a page of the desk: its changes, the correction that they apply, the report that becomes
    # the basis.
    changes: list[dict[str, Any]] | None = None
    correction: int | None = None
    basis: str | None = None
    # Of a file of projects elsewhere.
    table: str = ""
    problems: list[dict[str, Any]] = field(default_factory=list)
    read_on: str = ""
    said: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Stored[str, Any]) -> "AnnexState":
        """Return what was stored; what no field is called any more is left where it is."""
        return cls(**{one.name: stored[one.name] for one in fields(cls) if one.name in stored})

    def as_stored(self) -> dict[str, Any]:
        usual = vars(AnnexState())
        return {name: value for name, value in vars(self).items() if value != usual[name]}


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

    def __str__(self) -> str:
        if self.undoes:
            known = {"number": self.undoes.pk, "file": self.undoes.file_name}
            return str(_("Undo of import %(number)d (%(file)s)") % known)
        return f"{self.get_kind_display()} {self.pk}: {self.file_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.options = self.state.as_stored()
        super().save(*args, **kwargs)

    @cached_property
    def state(self) -> AnnexState:
        return AnnexState.of(self.options)

    def keep(self, *names: str) -> None:
        """Store its state, and fields of these names."""
        self.save(update_fields=["options", *names])


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

    def clean(self) -> None:
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
