"""Reports: their figures and classifications, and what the register says about them."""

from collections.abc import Iterable
from copy import copy
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q, Subquery
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from projects.citations import CitedText, validate_markers
from projects.history import RecordedManager, RecordedModel, Snapshot, recording
from projects.models import Edition
from projects.models.base import Frozen, RuledModel, one_of
from projects.models.fields import PartialDateField, WebAddressField, one_line
from projects.models.reviewed import PublishedRecords, ReviewedModel, ReviewedQuerySet, review_field
from projects.text import all_of, day_in_words, validate_plain_text
from projects.vocabulary import RegionsOf, Review


def validate_free_slug(slug: str) -> None:
    """Raise ValidationError for a slug that is the address of another page under /reports/."""
    try:
        page = resolve(f"{reverse('report-list')}{slug}/").url_name
    except Resolver404:
        return  # no slug at all, as another validator says
    if page != "report-detail":
        raise ValidationError(
            _("“%(slug)s” is the address of another page: choose another."), params={"slug": slug}
        )


def language_field() -> models.CharField:
    return models.CharField(
        _("language"),
        max_length=10,
        default="en",
        validators=[RegexValidator(r"^[a-z]{2,3}(-[A-Za-z]{2,4})?\Z", _("A code, e.g. en or fr."))],
        help_text=_("A code, e.g. en or fr."),
    )


def _is_in_language(one: "Report | Category | Note") -> bool:
    return one.language == get_language()


def _translated(one: "Note") -> Any:
    """Return it in the reader's language, if the catalogue of that has its text."""
    if _is_in_language(one) or (known := gettext(one.text)) == one.text:
        return one
    found = copy(one)
    found.text, found.language = known, get_language() or ""
    return found


class ReportQuerySet(ReviewedQuerySet):
    def with_figures(self) -> Self:
        """Return the reports with their figures, those the register is kept equal to first.

        They know what the first of these counts.
        """
        basis = Report.published.filter(is_basis=True).order_by("-date", "symbol")
        counted = Subquery(basis.values("population")[:1])
        reports = self.prefetch_related("figures").annotate(basis_population=counted)
        return reports.order_by("-is_basis", "-date", "symbol")

    def basis(self) -> Any:
        """Return the newest report that the register is kept equal to, or None."""
        return self.with_figures().filter(is_basis=True).first()

    def of(self, edition: Edition | None) -> Any:
        """Return the report that was the basis of an edition, or is that of the register."""
        if not (edition and edition.report):
            return self.basis()
        report: Any = self.with_figures().filter(slug=edition.report).first()
        if report:
            report.is_of_edition = True
        return report


class Report(ReviewedModel):
    identifier = "symbol"
    is_derived_from = True
    basis_population: str | None = None
    # Whether it was asked for as the report that an edition was made from.
    is_of_edition = False

    symbol = one_line(
        _("symbol"),
        50,
        _("Its symbol, e.g. A/74/677, or a short name"),
        blank=False,
        unique=True,
    )
    slug = models.SlugField(
        _("slug"),
        unique=True,
        validators=[validate_free_slug],
        help_text=_("Part of the web address; it never changes."),
    )
    title = one_line(_("title"), 300, blank=False)
    publisher = one_line(_("publisher"), 200)
    date = PartialDateField(
        _("date"),
        max_length=10,
        help_text=_("As precise as the source: 2017, 2017-06 or 2017-06-24."),
    )
    is_undated = models.BooleanField(
        _("undated"),
        default=False,
        help_text=_("The document has no date; the date is that of its event."),
    )
    called = one_line(
        _("called"),
        100,
        _("Its name in sentences; if empty, its symbol."),
    )
    link = WebAddressField(_("link"), max_length=500, blank=True)
    population = one_line(
        _("population"),
        300,
        _("What is counted, in words"),
        blank=False,
    )
    language = language_field()
    heading = one_line(
        _("heading"),
        200,
        _("What it counts, in short, with {number}; if empty, the number and the population."),
    )
    regions_are_of = models.CharField(
        _("its regions count"),
        max_length=30,
        choices=RegionsOf.choices,
        default=RegionsOf.BOTH,
        help_text=_("The projects that its numbers by region are of."),
    )
    regions_read_as = models.CharField(
        _("or, read otherwise"),
        max_length=30,
        choices=RegionsOf.choices,
        blank=True,
        help_text=_("If its text can be read in another way, as a note explains."),
    )
    is_basis = models.BooleanField(
        _("the register must agree with it"),
        default=False,
        help_text=_(
            "The overview compares the register with this report, and an edit that would change a "
            "figure asks first."
        ),
    )

    review = review_field()

    published = PublishedRecords.from_queryset(ReportQuerySet)()
    live = models.Manager.from_queryset(ReportQuerySet)()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-date"]
        constraints = [
            one_of("report_review", "review", Review),
            one_of("report_regions_are_of", "regions_are_of", RegionsOf),
            one_of("report_regions_read_as", "regions_read_as", RegionsOf, blank=True),
        ]
        permissions = [("choose_basis", "Can choose the basis, and change published reports")]

    def __str__(self) -> str:
        return self.symbol

    @property
    def day(self) -> str:
        day = day_in_words(self.date)
        return _("%s (the document is undated)") % day if self.is_undated else day

    def get_absolute_url(self) -> str:
        return reverse("report-detail", args=[self.slug])

    def headed(self, number: int) -> tuple[str, str]:
        """Return how many it counts of what, and the language of that; empty for the reader's."""
        written = self.heading or self.population
        text = gettext(written)
        language = "" if text != written or _is_in_language(self) else self.language
        text = text if "{number}" in text else f"{{number}} {text}"
        return text.replace("{number}", str(number)), language

    def paragraphs_of(self, classification: str) -> str:
        """Return where the report prints its figures of a classification, or of all projects."""
        found: list[str] = []
        for figure in self.figures.all():
            if figure.classified[0] == classification:
                found += [one for one in figure.paragraph.split(", ") if one not in found]
        return ", ".join(found)

    @classmethod
    def after_change(cls, pk: int, old: Snapshot | None, new: Snapshot) -> Snapshot:
        # Whether it is the basis is nothing that it says: no review is needed.
        if old and {**old, "is_basis": new["is_basis"]} == new:
            return new
        return super().after_change(pk, old, new)

    @classmethod
    def moves(cls, old: Snapshot | None, new: Snapshot | None) -> bool:
        """Return whether another report may be the basis."""
        return not (old and new) or any(old[one] != new[one] for one in ("is_basis", "review"))

    @property
    def is_own(self) -> bool:
        """Whether it is the report that the register, or the edition asked for, is made from."""
        return self.is_basis or self.is_of_edition

    @property
    def kept_because(self) -> str:
        """Why it cannot be deleted; empty if it can."""
        if self.is_basis:
            return _("The register is kept equal to %s: choose another basis first.") % self
        editions = [str(one) for one in Edition.objects.filter(report=self.slug)]
        if not editions:
            return ""
        names = {"symbol": self.symbol, "editions": all_of(editions)}
        return (
            _("%(symbol)s is the report of an edition, which never changes: %(editions)s.") % names
        )

    def meaning_of(self, classification: str, slug: str) -> str:
        """Return what the report says that a value of its classification is about."""
        models.prefetch_related_objects([self], "categories")  # read once
        named = (
            one
            for one in sorted(self.categories.all(), key=_is_in_language, reverse=True)
            if (one.classification, one.slug) == (classification, slug)
        )
        return next((one.meaning for one in named), "")

    @property
    def noted(self) -> dict[str, "Note"]:
        """Its notes by topic, those in the reader's language if there are."""
        models.prefetch_related_objects([self], "notes")  # read once
        return by_topic(self.notes.all())

    def natural_key(self) -> tuple[str]:
        return (self.symbol,)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.kept_because:
            raise Frozen(self.kept_because)
        # One by one, so that history records each.
        with recording():
            for one in (*self.figures.all(), *self.categories.all(), *self.notes.all()):
                one.delete()
            return super().delete(*args, **kwargs)


class PartOfReport(RuledModel, RecordedModel):
    """A record that is as public as its report."""

    class Meta:
        abstract = True

    @classmethod
    def is_public(cls, snapshot: Snapshot | None) -> bool:
        return bool(snapshot and Report.published.filter(symbol=snapshot["report"]).exists())


class Category(PartOfReport):
    """A value of a classification that a report has, such as a priority area or a pillar."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="categories", verbose_name=_("report")
    )
    classification = models.SlugField(
        _("classification"), help_text=_("For example priority_area, scope, region or pillar.")
    )
    slug = models.SlugField(_("slug"))
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Its place in the order, from 1")
    )
    label = one_line(_("label"), 200, blank=False)
    meaning = one_line(_("meaning"), 500, _("What it is about, e.g. empowering youth."))
    language = language_field()

    objects = RecordedManager()

    class Meta:
        verbose_name = _("value of a classification")
        verbose_name_plural = _("values of classifications")
        ordering = ["report", "classification", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "classification", "slug", "language"],
                name="category_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.classification}={self.slug}"

    @classmethod
    def key_of(cls, snapshot: Snapshot) -> str:
        return f"{snapshot['report']}: {snapshot['classification']}={snapshot['slug']}"[:100]


class Topic(models.TextChoices):
    ORIGIN = "origin", _("Where the figures come from")
    READINGS = "readings", _("Two readings of its counts by region")
    STATUS = "status", _("What cannot be compared")
    EXAMPLE = "example", _("An example of a range")
    READING = "reading", _("How its counts by region are read, in a sentence")
    TABLE = "table", _("How the table of entries was made")
    OMISSIONS = "omissions", _("What is not built, and why")
    LIBRARY = "library", _("What its practices and lessons are")
    BODIES = "bodies", _("What it says of the bodies that it names")
    CONCLUSIONS = "conclusions", _("What may not be concluded")


class Note(PartOfReport):
    """What the register says about a report, in paragraphs with an empty line between them."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="notes", verbose_name=_("report")
    )
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices)
    language = language_field()
    text = models.TextField(
        _("text"),
        validators=[validate_plain_text, validate_markers],
        help_text=_("A citation is written so: {cite:A/74/677#para-8}."),
    )

    objects = RecordedManager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes on reports")
        ordering = ["report", "topic", "language"]
        constraints = [
            one_of("note_topic", "topic", Topic),
            models.CheckConstraint(name="note_text", condition=~Q(text="")),
            models.UniqueConstraint(
                fields=["report", "topic", "language"],
                name="note_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_topic_display()}"

    @classmethod
    def key_of(cls, snapshot: Snapshot) -> str:
        return f"{snapshot['report']}: {snapshot['topic']}, {snapshot['language']}"

    @property
    def said(self) -> CitedText:
        """The text with its citations in words."""
        return CitedText(self.text)

    @property
    def paragraphs(self) -> list[CitedText]:
        return [CitedText(one) for one in self.text.replace("\r\n", "\n").split("\n\n")]


def by_topic(notes: Iterable[Note]) -> dict[str, Note]:
    """Return the notes by topic, those in the reader's language if there are."""
    return {one.topic: _translated(one) for one in sorted(notes, key=_is_in_language)}
