"""Editions: the register as it was published under a name."""

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ..columns import DATE, PROJECT_TABLE, QUOTATION_TABLE, Table
from ..history import RecordedManager
from ..text import day_in_words
from .base import NEEDED, Frozen, RegisterModel, rule, this_second
from .fields import NOT_A_DATE, PARTIAL_DATE, PartialDateField, one_line, several_lines

# In place of an edition's slug, for the register as it is now.
LIVE_SLUG = "live"


class Edition(RegisterModel):
    """A published register, with its own rows, which never change."""

    identifier = "slug"

    slug = models.SlugField(
        _("slug"),
        unique=True,
        help_text=_("In web addresses, e.g. 2026-december. It never changes."),
    )
    name = one_line(_("name"), 100, blank=False, unique=True)
    date = PartialDateField(
        _("date"),
        max_length=10,
        help_text=DATE,
    )
    note = several_lines(
        _("note"),
        2000,
        _("Its sources, and what changed since the edition before."),
        blank=False,
    )
    published_at = models.DateTimeField(_("published"), default=this_second, editable=False)
    count = models.PositiveIntegerField(_("projects"), default=0, editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)
    # Empty without quotations, as in all editions from before there were any.
    quotations_sha256 = models.CharField(
        _("SHA-256 of its quotations"), max_length=64, blank=True, editable=False
    )

    # The columns of its files, and the slug of the report that was the basis: later columns, and
    # another basis, do not change an edition.
    columns = models.JSONField(default=list, editable=False)
    quotation_columns = models.JSONField(default=list, editable=False)
    report = models.CharField(max_length=50, blank=True, editable=False)
    # Its CSV has filled-in values: it was published before rows said only what is known.
    has_filled_in = models.BooleanField(default=False, editable=False)

    objects = RecordedManager()

    class Meta:
        ordering = ["-date", "-published_at", "-pk"]
        default_permissions = ["view"]
        permissions = [("publish_edition", _("Can publish an edition"))]
        constraints = [
            rule(
                "edition_slug",
                "slug",
                format_lazy(_("“{slug}” is reserved for the current register."), slug=LIVE_SLUG),
                ~Q(slug=LIVE_SLUG),
            ),
            rule("edition_name", "name", NEEDED, ~Q(name__regex=r"^\s*\Z")),
            rule("edition_date", "date", NOT_A_DATE, Q(date__regex=PARTIAL_DATE)),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def check(cls, **kwargs: Any) -> list[CheckMessage]:
        """Return an error, too, for each edition with a column that the tables do not have."""
        errors = super().check(**kwargs)
        try:
            editions = list(cls.objects.all())
        except DatabaseError:
            return errors  # no database yet, or one that is still to be migrated
        for edition in editions:
            unknown = [
                *sorted({*edition.columns} - {*PROJECT_TABLE.names}),
                *sorted({*edition.quotation_columns} - {*QUOTATION_TABLE.names}),
            ]
            if unknown:
                text = (
                    f"The edition “{edition.slug}” has columns that the tables in "
                    f"projects/columns.py do not have: {', '.join(unknown)}."
                )
                hint = "An edition never changes: its columns can be neither renamed nor removed."
                errors.append(Error(text, hint=hint, id="projects.E001"))
        return errors

    @property
    def day(self) -> str:
        return day_in_words(self.date)

    @property
    def is_sealed(self) -> bool:
        """Whether it has its fingerprint: then no row can be added."""
        return self.sha256 != ""

    @property
    def project_table(self) -> Table:
        return PROJECT_TABLE.of(self.columns)

    @property
    def quotation_table(self) -> Table:
        return QUOTATION_TABLE.of(self.quotation_columns)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Frozen(f"The edition “{self}” is published and cannot be deleted.")

    def check_can_change(self) -> None:
        if not self._state.adding:
            raise Frozen(f"The edition “{self}” is published and cannot change.")
