"""Records of projects elsewhere, as they were published, and what people judge of them."""

import re
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..citations import CitedText, validate_markers
from ..history import RecordedManager
from ..models import Project, this_second
from ..models.base import NEEDED, RegisterModel, chosen, one_of, rule
from ..models.fields import one_line, several_lines
from ..text import REFERENCE, Wording, validate_one_line
from .reading import KEY_LENGTH, Reading


class Record(RegisterModel):
    """A project as another publisher published it; `published` is its Reading as JSON.

    It refers to no row of a directory by a key, so that loading one changes nothing elsewhere.
    """

    identifier = "key"
    # What holds of it now, by what is judged: `records.every` sets these.
    judgement: "Judgement | None" = None
    belongs_to = ""
    searched = ""

    key = models.CharField(_("number"), max_length=KEY_LENGTH, unique=True)
    data_set = models.CharField(_("data set"), max_length=KEY_LENGTH)
    published = models.TextField()
    sha256 = models.CharField("SHA-256", max_length=64)
    updated_at = models.DateTimeField(default=this_second, editable=False)

    objects = RecordedManager()

    class Meta:
        verbose_name = _("project elsewhere")
        verbose_name_plural = _("projects elsewhere")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def of(cls, reading: Reading) -> "Record":
        return cls(
            key=reading.key,
            data_set=reading.data_set,
            published=reading.as_json(),
            sha256=reading.sha256,
        )

    @cached_property
    def reading(self) -> Reading:
        return Reading.of_json(self.published)

    @property
    def title(self) -> str:
        return self.reading.titles[0]["text"]

    def get_absolute_url(self) -> str:
        return reverse("elsewhere-record", args=[self.reading.scheme, self.reading.identifier])


class Kind(models.TextChoices):
    """What a person can judge of a record."""

    NOT_KNOWN = "not-known", _("Not known")
    ONE_OF = "one-of", _("One of the projects that the report counts")
    NOT_ONE_OF = "not-one-of", _("Not one of the projects that the report counts")
    SAME = "same", _("The same as another")
    PART = "part", _("Part of another")


# Judgements that name what the record is the same as, or a part of.
OF_ANOTHER = (Kind.ONE_OF, Kind.SAME, Kind.PART)


class Judgement(RegisterModel):
    """What a person judges of a record, by its key: it stays when the record is loaded again.

    `other` is the reference of an entry or the key of another record. Without a source it is our
    reading.
    """

    identifier = "key"

    key = models.CharField(_("number"), max_length=KEY_LENGTH, unique=True)
    kind = chosen(_("judgement"), 12, Kind, default=Kind.NOT_KNOWN)
    other = models.CharField(
        _("the other"),
        max_length=KEY_LENGTH,
        blank=True,
        help_text=_("The reference of an entry, or the number of another record."),
    )
    why = several_lines(
        _("reason"),
        300,
        _("Public."),
        blank=False,
        validators=[validate_one_line, validate_markers],
    )
    source = one_line(_("source"), 300, _("Empty: our reading. Public."))
    by_name = models.CharField(_("by"), max_length=150, blank=True)
    at = models.DateTimeField(_("when"), default=this_second)

    objects = RecordedManager()

    class Meta:
        verbose_name = _("judgement of a project elsewhere")
        verbose_name_plural = _("judgements of projects elsewhere")
        ordering = ["key"]
        constraints = [
            one_of("judgement_kind", "kind", Kind),
            rule("judgement_why", "why", NEEDED, ~Q(why="")),
            rule(
                "judgement_source",
                "source",
                _("A document has to say that it is one of them."),
                ~Q(kind=Kind.ONE_OF) | ~Q(source=""),
            ),
            rule(
                "judgement_other",
                "other",
                _("Say which one, for this judgement only."),
                Q(kind__in=OF_ANOTHER) ^ Q(other=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_kind_display()}"

    @property
    def reason(self) -> CitedText:
        return CitedText(self.why)

    @property
    def is_of_entry(self) -> bool:
        return bool(re.match(REFERENCE, self.other))

    def clean(self) -> None:
        """Refuse what is no entry or record, and a circle of records."""
        super().clean()
        if self._state.adding and self.key and not Record.objects.filter(key=self.key).exists():
            raise ValidationError({"key": _("There is no record “%s”.") % self.key})
        if self.kind not in OF_ANOTHER or not self.other:
            return
        if self.is_of_entry:
            if not Project.live.described().filter(reference=self.other).exists():
                self._refuse(_("There is no entry “%s”."))
        elif self.kind == Kind.ONE_OF:
            self._refuse(_("“%s” is not the reference of an entry."))
        elif not Record.objects.filter(key=self.other).exists():
            self._refuse(_("There is no record “%s”."))
        else:
            self._refuse_circle()

    def _refuse_circle(self) -> None:
        others = dict(Judgement.objects.exclude(other="").values_list("key", "other"))
        place, passed = self.other, {self.key}
        while place in others and place not in passed:
            passed.add(place)
            place = others[place]
        if place in passed:
            self._refuse(_("“%s” is judged to be the same as this one, or a part of it."))

    def _refuse(self, text: Wording) -> None:
        raise ValidationError({"other": text % self.other})
