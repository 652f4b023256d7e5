"""Reports: their figures and classifications, and what the register says about them."""

from collections.abc import Iterable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Max, Q, Subquery
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.text import get_text_list
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from projects.asking import Asked, ProjectFilter, query_of
from projects.asking.answers import Published
from projects.history import RecordedManager, RecordedModel, Snapshot, recording
from projects.models import Edition
from projects.models.base import Frozen, RuledModel, chosen, one_of, rule
from projects.models.fields import PartialDateField, WebAddressField, one_line
from projects.models.reviewed import PublishedRecords, ReviewedModel, ReviewedQuerySet, review_field
from projects.text import day_in_words, is_link, validate_plain_text
from projects.vocabulary import Review

# In place of a report's slug: a draft that is compared with none.
NO_REPORT = "nothing"


def validate_free_slug(slug: str) -> None:
    """Raise ValidationError for a slug that is the address of another page under /reports/."""
    try:
        page = resolve(f"{reverse('report-list')}{slug}/").url_name
    except Resolver404:
        return  # no slug at all, as another validator says
    if page != "report-detail" or slug == NO_REPORT:
        raise ValidationError(
            _("“%(slug)s” is the address of another page: choose another."), params={"slug": slug}
        )


def language_field() -> models.CharField:
    return models.CharField(
        _("language"),
        max_length=10,
        default="en",
        validators=[RegexValidator(r"^[a-z]{2,3}(-[A-Za-z]{2,4})?\Z", _("A code, e.g. en or fr."))],
        help_text=_("The language of the register’s own words about the report, e.g. en."),
    )


def _is_in_language(one: "Category | Note") -> bool:
    return one.language == get_language()


class ReportQuerySet(ReviewedQuerySet):
    def with_figures(self) -> Self:
        """Return the reports with their figures, those the register is kept equal to first.

        They know what the first of these counts.
        """
        basis = Report.published.filter(is_basis=True).order_by("-date", "symbol")
        counted = Subquery(basis.values("population")[:1])
        reports = self.prefetch_related("figures").annotate(basis_population=counted)
        return reports.order_by("-is_basis", "-date", "symbol")

    def basis(self):
        """Return the newest report that the register is kept equal to, or None."""
        return self.with_figures().filter(is_basis=True).first()

    def of(self, edition: Edition | None):
        """Return the report that was the basis of an edition, or is that of the register."""
        if not (edition and edition.report):
            return self.basis()
        report: Any = self.with_figures().filter(slug=edition.report).first()
        if report:
            report.is_of_edition = True
        return report


class Report(ReviewedModel):
    identifier = "symbol"
    basis_population: str | None = None
    # Whether it was asked for as the report that an edition was made from.
    is_of_edition = False

    symbol = one_line(
        _("symbol"),
        50,
        _("Document symbol, e.g. A/74/677, or a short name if it has none."),
        blank=False,
        unique=True,
    )
    slug = models.SlugField(
        _("slug"),
        unique=True,
        validators=[validate_free_slug],
        help_text=_("Stands in the web address, e.g. a-74-677. It never changes."),
    )
    title = one_line(_("title"), 300, blank=False)
    publisher = one_line(_("publisher"), 200, _("Who published it."))
    date = PartialDateField(
        _("date"),
        max_length=10,
        help_text=_(
            "As precise as the document: 2018, 2018-06 or 2018-06-28; of an undated one, that of "
            "the event that it belongs to."
        ),
    )
    is_undated = models.BooleanField(
        _("undated"),
        default=False,
        help_text=_("The document has no date: the date above is that of its event."),
    )
    called = one_line(
        _("called"),
        100,
        _("What sentences call it, e.g. the Secretary-General’s report A/74/677; else its symbol."),
    )
    link = WebAddressField(_("link"), max_length=500, blank=True)
    population = one_line(
        _("population"),
        300,
        _("What it counts, e.g. ongoing and completed projects on preventing violent extremism."),
        blank=False,
    )
    language = language_field()
    words = one_line(
        _("words"),
        500,
        _("The words that introduce its counts, with {number} in place of the total."),
    )
    words_of_one = one_line(
        _("words for one"), 500, _("The same for a single project; empty: the same words.")
    )
    is_basis = models.BooleanField(
        _("the register is kept equal to it"),
        default=False,
        help_text=_(
            "Ticked: the overview says whether the register equals this report, and a staff edit "
            "that would make a figure differ asks first. Leave empty for other documents."
        ),
    )

    review = review_field()

    published = PublishedRecords.from_queryset(ReportQuerySet)()
    live = models.Manager.from_queryset(ReportQuerySet)()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-date"]
        constraints = [one_of("report_review", "review", Review)]
        permissions = [("choose_basis", "Can choose the basis, and change published reports")]

    def __str__(self):
        return self.symbol

    @property
    def day(self) -> str:
        day = day_in_words(self.date)
        return _("%s (the document is undated)") % day if self.is_undated else day

    def get_absolute_url(self):
        return reverse("report-detail", args=[self.slug])

    @property
    def links_to_document(self) -> bool:
        return is_link(self.link)

    def paragraphs_of(self, classification: str) -> str:
        """Return where the report prints its figures of a classification, or of all projects."""
        found: list[str] = []
        for figure in self.figures.all():
            if figure.classified[0] == classification:
                found += [one for one in figure.paragraph.split(", ") if one not in found]
        return ", ".join(found)

    @classmethod
    def after_change(cls, pk, old, new):
        # Whether it is the basis is nothing that it says: no review is needed.
        if old and {**old, "is_basis": new["is_basis"]} == new:
            return new
        return super().after_change(pk, old, new)

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
        known = {"symbol": self.symbol, "editions": get_text_list(editions, str(_("and")))}
        return (
            _("%(symbol)s is the report of an edition, which never changes: %(editions)s.") % known
        )

    def meaning_of(self, classification: str, slug: str) -> str:
        """Return what the report says that a value of its classification is about."""
        category = self.words_for.get((classification, slug))
        return category.meaning if category else ""

    @property
    def words_for(self) -> dict[tuple[str, str], "Category"]:
        """Its values by classification and slug, those in the reader's language if there are."""
        models.prefetch_related_objects([self], "categories")  # read once
        found = sorted(self.categories.all(), key=_is_in_language)
        return {(one.classification, one.slug): one for one in found}

    @property
    def noted(self) -> dict[str, "Note"]:
        """Its notes by topic, those in the reader's language if there are."""
        models.prefetch_related_objects([self], "notes")  # read once
        return by_topic(self.notes.all())

    def natural_key(self):
        return (self.symbol,)

    def delete(self, *args, **kwargs):
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
    def is_public(cls, snapshot):
        return bool(snapshot) and Report.published.filter(symbol=snapshot["report"]).exists()


class Category(PartOfReport):
    """A value of a classification that a report has, such as a priority area or a pillar."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="categories", verbose_name=_("report")
    )
    classification = models.SlugField(
        _("classification"), help_text=_("For example priority_area, scope, region or pillar.")
    )
    slug = models.SlugField(_("slug"), help_text=_("Names the value, e.g. youth."))
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("The place in the report’s order, from 1.")
    )
    label = one_line(_("label"), 200, blank=False)
    words = one_line(
        _("words"),
        500,
        _("How the report counts it, e.g. {number} projects focus on empowering youth."),
    )
    words_of_one = one_line(
        _("words for one"), 500, _("The same for a single project; empty: the same words.")
    )
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
                violation_error_code="slug",
                violation_error_message=_("The classification already has this value."),
            ),
        ]

    def __str__(self):
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
    BODIES = "bodies", _("What it says of its bodies")
    CONCLUSIONS = "conclusions", _("What may not be concluded")


class Note(PartOfReport):
    """What the register says about a report, in paragraphs with an empty line between them."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="notes", verbose_name=_("report")
    )
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices)
    language = language_field()
    text = models.TextField(_("text"), validators=[validate_plain_text])

    objects = RecordedManager()

    class Meta:
        verbose_name = _("note on a report")
        verbose_name_plural = _("notes on reports")
        ordering = ["report", "topic", "language"]
        constraints = [
            one_of("note_topic", "topic", Topic),
            rule("note_text", "text", _("A note has a text."), ~Q(text="")),
            models.UniqueConstraint(
                fields=["report", "topic", "language"],
                name="note_once",
                violation_error_code="topic",
                violation_error_message=_("The report already has this note in that language."),
            ),
        ]

    def __str__(self):
        return f"{self.report}: {self.get_topic_display()}"

    @classmethod
    def key_of(cls, snapshot: Snapshot) -> str:
        return f"{snapshot['report']}: {snapshot['topic']}, {snapshot['language']}"

    @property
    def paragraphs(self) -> list[str]:
        return self.text.replace("\r\n", "\n").split("\n\n")


def by_topic(notes: Iterable[Note]) -> dict[str, Note]:
    """Return the notes by topic, those in the reader's language if there are."""
    return {one.topic: one for one in sorted(notes, key=_is_in_language)}


class Unit(models.TextChoices):
    PROJECTS = "projects", _("projects")
    MENTIONS = "mentions", _("counts by region")
    ENTITIES = "entities", _("entities")
    COUNTRIES = "countries", _("countries")
    INITIATIVES = "initiatives", _("initiatives")
    DOLLARS = "usd-requested", _("US dollars requested")
    PER_CENT = "per-cent", _("per cent")


class Comparator(models.TextChoices):
    EQUAL = "=", _("exactly")
    AT_LEAST = "≥", _("at least")
    MORE_THAN = ">", _("more than")
    ABOUT = "≈", _("about")


class Flag(models.TextChoices):
    """Observation statuses of SDMX that a figure has which counts something else."""

    BREAK = "B", _("break in the series")
    DEFINITION = "D", _("definition differs")


class Figure(PartOfReport):
    """A published number, and the filter that counts the same in the register."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="figures", verbose_name=_("report")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("The place of the figure in the report, from 1.")
    )
    paragraph = models.CharField(
        _("paragraphs"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[0-9]+(, [0-9]+)*\Z", _("Numbers, e.g. 24 or 22, 24."))],
        help_text=_("Where the report prints it, e.g. 24 or 22, 24; empty without paragraphs."),
    )
    query = models.CharField(
        _("filter"),
        max_length=500,
        blank=True,
        help_text=_(
            "Which projects it counts, as in the list’s address, e.g. "
            "scope=national&region=africa; empty for all projects."
        ),
    )
    category = one_line(
        _("category"),
        100,
        _("Of a classification that the register does not have, e.g. pillar=measures; else empty."),
    )
    unit = chosen(_("unit"), 20, Unit)
    comparator = models.CharField(
        _("comparator"), max_length=1, choices=Comparator.choices, default=Comparator.EQUAL
    )
    value = models.PositiveBigIntegerField(_("published figure"))
    date = PartialDateField(
        _("date"),
        max_length=10,
        blank=True,
        help_text=_("When the figure held, if the document says; else empty."),
    )
    population = one_line(
        _("population"), 300, _("What it counts, if not what the report counts as a whole.")
    )
    words = one_line(_("words"), 500, _("The words of the document that give the figure."))
    address = WebAddressField(
        _("address"), max_length=500, blank=True, help_text=_("If it is not that of the report.")
    )
    how_seen = one_line(
        _("how seen"), 200, _("Where the words were read, e.g. page, or a copy of this page.")
    )

    objects = RecordedManager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "query", "category", "unit"],
                name="figure_once",
                violation_error_message=_("This report already has a figure for that filter."),
            ),
            models.CheckConstraint(name="figure_unit", condition=Q(unit__in=Unit.values)),
            rule(
                "figure_per_cent",
                "value",
                _("A share is at most 100 per cent."),
                ~Q(unit=Unit.PER_CENT) | Q(value__lte=100),
            ),
            models.CheckConstraint(
                name="figure_comparator", condition=Q(comparator__in=Comparator.values)
            ),
        ]

    def __str__(self):
        counted = self.category or self.query or _("all")
        return f"{counted}: {self.get_comparator_display()} {self.value} {self.get_unit_display()}"

    @classmethod
    def key_of(cls, snapshot: Snapshot) -> str:
        counted = snapshot.get("category") or snapshot["query"] or _("all")
        return f"{snapshot['report']}: {counted}, {snapshot['unit']}"[:100]

    def clean(self):
        self._check_category()
        # In canonical form, so that the same filter cannot be a second figure.
        self.query = self.query.strip().removeprefix("?")
        reader = ProjectFilter(QueryDict(self.query))
        if not reader.is_valid():
            raise ValidationError({"query": reader.messages})
        if reader.asked.edition:
            error = _("A figure is compared with the live register: leave the edition out.")
            raise ValidationError({"query": error})
        self.query = query_of(reader.asked.narrowing)
        try:
            # The canonical form can be longer than the typed one.
            Figure._meta.get_field("query").run_validators(self.query)
        except ValidationError as error:
            raise ValidationError({"query": error.messages}) from error
        report = getattr(self, "report", None)
        if report and not (self.address or self.paragraph or report.link):
            source = _("Give the address where it was read, or the paragraph.")
            raise ValidationError({"address": source})
        if report and report.pk:
            self.check_parts(report.figures.exclude(pk=self.pk))

    def save(self, *args, **kwargs):
        if not self.position:
            last = Figure.objects.filter(report=self.report).aggregate(last=Max("position"))
            self.position = (last["last"] or 0) + 1
        super().save(*args, **kwargs)

    def check_parts(self, others: Iterable["Figure"]) -> None:
        """Raise ValidationError for more than an exact total, or for less than one of its parts."""
        for other in others if isinstance(self.value, int) else ():
            for part, total in ((self, other), (other, self)):
                if part.value > total.value and part._is_part_of(total):
                    known = {"part": part, "total": total}
                    error = _("A part is more than its total: %(part)s; %(total)s.") % known
                    raise ValidationError({"value": error})

    def _is_part_of(self, total: "Figure") -> bool:
        mine, wider = self._conditions, total._conditions
        return (
            self.unit == total.unit
            and total.comparator == Comparator.EQUAL
            and self.comparator != Comparator.ABOUT
            and all(name in mine and {*mine[name]} <= {*wider[name]} for name in wider)
        )

    @property
    def _conditions(self) -> dict[str, list[str]]:
        return dict([*QueryDict(self.query).lists(), *QueryDict(self.category).lists()])

    def _check_category(self) -> None:
        report = getattr(self, "report", None)
        if not self.category or not report:
            return
        stored = report.categories.all() if report.pk else []
        known = [f"{one.classification}={one.slug}" for one in stored]
        if self.category not in known:
            raise ValidationError(
                {"category": _("The report has no such value: add it to its classifications.")}
            )

    @property
    def classified(self) -> tuple[str, str]:
        """The classification and the value that it counts; empty texts for all projects."""
        classification, _equals, slug = (self.category or self.query).partition("=")
        return classification, slug

    @property
    def counted(self) -> str:
        """What it counts, in words."""
        return self.population or self.report.population

    @property
    def is_of_register(self) -> bool:
        """Whether it counts what the register does: else it is compared with nothing."""
        same = bool(self.counted) and self.counted == self.report.basis_population
        return self.report.is_own or same

    @property
    def flags(self) -> list[str]:
        return [] if self.is_of_register else Flag.values

    @property
    def source(self) -> str:
        """The address where it was read, empty if the register has none."""
        return self.address or (self.report.link if self.report.links_to_document else "")

    @property
    def printed(self) -> str:
        """The figure as its source prints it, e.g. "27", "more than 270" or "194 million"."""
        value, (millions, rest) = str(self.value), divmod(self.value, 1_000_000)
        if self.unit == Unit.DOLLARS and not rest:
            value = _("%d million") % millions
        if self.comparator == Comparator.EQUAL:
            return value
        known = {"comparator": self.get_comparator_display(), "value": value}
        return _("%(comparator)s %(value)s") % known

    @property
    def is_of_projects(self) -> bool:
        counts = self.unit in (Unit.PROJECTS, Unit.MENTIONS) and not self.category
        return counts and self.comparator == Comparator.EQUAL

    def asked(self, edition: Edition | None = None) -> Asked:
        """Return the figure's query; raises ValidationError if it is no longer allowed."""
        return Asked.from_query(self.query, edition)


def published_figures(slug: str = "") -> Published:
    """Return the figures of a report, or of the newest that the register is kept equal to."""
    of = {"report__slug": slug} if slug else {"report__is_basis": True}
    found = Figure.objects.filter(report__in=Report.published.all(), **of).select_related("report")
    figures = list(found.order_by("-report__date", "report__symbol", "position"))
    if not figures:
        return Published()
    report = figures[0].report
    exact = [one for one in figures if one.is_of_projects and one.report_id == report.pk]
    return Published(
        report.symbol,
        report.date,
        {figure.classified: (figure.value, figure.paragraph) for figure in exact},
        report,
        {figure.classified: figure.population for figure in exact if figure.population},
    )


def days_of_reports() -> dict[str, str]:
    """Return the date of every report by its symbol."""
    return dict(Report.published.order_by().values_list("symbol", "date"))
