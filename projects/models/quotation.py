"""Quotations: the words of a source from which a value of a project was read."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..history import RecordedManager
from ..text import cited, validate_plain_text
from .base import RegisterModel, rule
from .project import Project

# What of a project can be read from words: what classifies it, its name, its state and its dates.
QUOTABLE = {
    "title": _("title"),
    "priority_area": _("priority area"),
    "scope": _("scope"),
    "regions": _("regions"),
    "status": _("status"),
    "start_date": _("start date"),
    "end_date": _("end date"),
}


class QuotationManager(RecordedManager):
    def get_by_natural_key(self, reference, field):
        return self.get(project__edition=None, project__reference=reference, field=field)


class Quotation(RegisterModel):
    """What a source says, word for word, from which one field of a live project was read.

    An edition has its rows only; the words are shown with the live entry.
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="quotations", verbose_name=_("project")
    )
    field = models.CharField(_("field"), max_length=20, choices=list(QUOTABLE.items()))
    words = models.CharField(
        _("words"),
        max_length=1000,
        validators=[validate_plain_text],
        help_text=_("Exactly as the source has them, without quotation marks."),
    )
    document = models.CharField(
        _("document"),
        max_length=100,
        default="A/72/621",
        validators=[validate_plain_text],
        help_text=_("Document symbol, e.g. A/72/621."),
    )
    paragraphs = models.CharField(
        _("paragraphs"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[0-9]+(, [0-9]+)*\Z", _("Numbers, e.g. 34 or 44, 45."))],
        help_text=_("Where the words stand, e.g. 34; empty without paragraphs."),
    )

    objects = QuotationManager()

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        ordering = ["project", "field"]
        constraints = [
            rule(
                "quotation_field",
                "field",
                _("Choose a field that can be read from words."),
                Q(field__in=[*QUOTABLE]),
            ),
            rule("quotation_words", "words", _("Quote the words."), ~Q(words__regex=r"^\s*\Z")),
            rule("quotation_document", "document", _("A document is needed."), ~Q(document="")),
            models.UniqueConstraint(
                fields=["project", "field"],
                name="quotation_once",
                violation_error_code="field",
                violation_error_message=_("The project already has words for this field."),
            ),
        ]

    def __str__(self):
        return f"{self.project.reference}, {self.get_field_display()}: “{self.words}”"

    def natural_key(self):
        return (self.project.reference, self.field)

    natural_key.dependencies = ["projects.project"]  # type: ignore[attr-defined]  # for dumpdata

    @classmethod
    def key_of(cls, snapshot):
        return f"{snapshot['project']}: {snapshot['field']}"

    def snapshot(self):
        # By its reference: a title changes.
        return {**super().snapshot(), "project": self.project.reference}

    def apply(self, snapshot):
        # Of the live register, where `find` would look into editions as well.
        project = Project.live.filter(reference=snapshot["project"]).first()
        if project is None:
            raise ValidationError(
                _("There is no project “%s” any more: bring it back first.") % snapshot["project"]
            )
        super().apply({name: snapshot[name] for name in snapshot if name != "project"})
        self.project = project

    @property
    def place(self) -> str:
        """Where the words stand, e.g. "A/72/621, para. 34"."""
        return cited(self.document, self.paragraphs)
