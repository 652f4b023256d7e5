"""Quotations: the words of a source from which a value of a project was read."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..citations import cited
from ..columns import QUOTABLE
from ..history import RecordedQuerySet, recording
from ..text import validate_one_line
from ..vocabulary import facts_of_report
from .base import NEEDED, Frozen, RuledModel, allowed_values, rule
from .conditions import LIVE
from .edition import Edition
from .fields import several_lines
from .project import Project

# “Words” (document, para. N). The place has no quotation mark, the words may.
WITH_PLACE = re.compile(r"[“\"](.*)[”\"] *\((.+)\)", re.DOTALL)
PLACE = re.compile(r"(.+), paras?\. ([0-9]+(?:(?:, | and )[0-9]+)*)")
_ORDER = [*QUOTABLE]
_A_SYMBOL, _SOME_NUMBERS = _("Document symbol, e.g. A/74/677."), _("Numbers, e.g. 34 or 44, 45.")


def symbol_of_report() -> str:
    return str(facts_of_report()["symbol"])


class QuotationQuerySet(RecordedQuerySet["Quotation"]):
    """Quotations; written only with a revision, and never in an edition."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        objs = list(objs)
        copies = Project.every.filter(pk__in={one.project_id for one in objs}).exclude(LIVE)
        editions = Edition.objects.filter(pk__in=copies.values("edition"))
        if sealed := [one for one in editions if one.is_sealed]:
            raise Frozen(f"Nothing can be added to {', '.join(map(str, sealed))}: it is published.")
        return super().bulk_create(objs, *args, **kwargs)

    def _refuse_frozen(self) -> None:
        if self.filter(project__edition__isnull=False).exists():
            raise Frozen("Quotations of an edition are among these: they never change.")

    def get_by_natural_key(self, *key: str) -> "Quotation":
        reference, field = key
        return self.get(project__edition=None, project__reference=reference, field=field)

    def by_project(self, keys: Iterable[int] | models.QuerySet) -> dict[int, list["Quotation"]]:
        """Return the quotations of projects by primary key, in the order of the fields."""
        found: dict[int, list[Quotation]] = {}
        for one in sorted(self.filter(project__in=keys), key=lambda one: _ORDER.index(one.field)):
            found.setdefault(one.project_id, []).append(one)
        return found


class Quotation(RuledModel):
    """A source's words, from which one field was read; part of its project's versions and rows."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="quotations", verbose_name=_("project")
    )
    field = models.CharField(_("field"), max_length=20, choices=list(QUOTABLE.items()))
    words = several_lines(
        _("words"), 1000, _("Exactly as the source has them, without quotation marks."), blank=False
    )
    document = models.CharField(
        _("document"),
        max_length=100,
        default=symbol_of_report,
        validators=[
            validate_one_line,
            RegexValidator(r'[“”"\n]|, paras?\. [0-9]', _A_SYMBOL, inverse_match=True),
        ],
        help_text=_A_SYMBOL,
    )
    paragraphs = models.CharField(
        _("paragraphs"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[0-9]+(, [0-9]+)*\Z", _SOME_NUMBERS)],
        help_text=_SOME_NUMBERS,
    )

    objects = models.Manager.from_queryset(QuotationQuerySet)()

    class Meta:
        ordering = ["project", "field"]
        constraints = [
            rule("quotation_field", "field", allowed_values(QUOTABLE), Q(field__in=[*QUOTABLE])),
            rule("quotation_words", "words", NEEDED, ~Q(words__regex=r"^\s*\Z")),
            rule("quotation_document", "document", NEEDED, ~Q(document="")),
            models.UniqueConstraint(
                fields=["project", "field"],
                name="quotation_once",
                violation_error_code="field",
                violation_error_message=_("The project already has words for this field."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.reference}, {self.get_field_display()}: “{self.words}”"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.project.check_can_change()
        with recording() as recorder:
            recorder.touch_stored(self.project)
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.project.check_can_change()
        with recording() as recorder:
            recorder.touch_stored(self.project)
            return super().delete(*args, **kwargs)

    def clean(self) -> None:
        # In one line, also where the source has several.
        self.words = " ".join(self.words.split())

    def natural_key(self) -> tuple[str, str]:
        return (self.project.reference, self.field)

    natural_key.dependencies = ["projects.project"]  # type: ignore[attr-defined]  # for dumpdata

    @classmethod
    def of(cls, project: Any, field: str, text: str) -> "Quotation":
        """Return the unchecked quotation of a text: “words” (document, para. N).

        `project` is a primary key, or None. Raises ValidationError for another text.
        """
        match = WITH_PLACE.fullmatch(text)
        if match is None:
            raise ValidationError(_("Not a quotation: “words” (document, para. N)."))
        words, place = match.groups()
        with_paragraphs = PLACE.fullmatch(place)
        document, paragraphs = with_paragraphs.groups() if with_paragraphs else (place, "")
        values = {"words": words, "document": document}
        values["paragraphs"] = paragraphs.replace(" and ", ", ")
        return cls(project_id=project, field=field, **values)

    @property
    def with_place(self) -> str:
        """The words with their place, untranslated, for history and files."""
        plural = "s" if "," in self.paragraphs else ""
        place = f"{self.document}, para{plural}. {self.paragraphs}"
        return f"“{self.words}” ({place if self.paragraphs else self.document})"

    @property
    def as_data(self) -> dict[str, str]:
        names = ("field", "words", "document", "paragraphs")
        return {name: getattr(self, name) for name in names}

    @property
    def place(self) -> str:
        """The document and the paragraphs of the words."""
        return cited(self.document, self.paragraphs)
