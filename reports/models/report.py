"""Reports, and the figures that they published about the register."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from projects.asking import Asked, ProjectFilter, query_of
from projects.asking.answers import Published
from projects.history import RecordedManager, RecordedModel, Snapshot, recording
from projects.models import Edition
from projects.models.fields import PartialDateField, WebAddressField, one_line
from projects.text import day_in_words, is_link

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


class ReportManager(RecordedManager):
    def with_figures(self):
        """Return the reports with their figures, those the register is kept equal to first."""
        return self.prefetch_related("figures").order_by("-is_basis", "-date", "symbol")

    def basis(self):
        """Return the newest report that the register is kept equal to, or None."""
        return self.with_figures().filter(is_basis=True).first()


class Report(RecordedModel):
    identifier = "symbol"

    slug = models.SlugField(
        _("slug"),
        unique=True,
        validators=[validate_free_slug],
        help_text=_("Stands in the web address, e.g. a-72-621. It never changes."),
    )
    symbol = one_line(
        _("symbol"),
        50,
        _("Document symbol, e.g. A/72/621, or a short name if it has none."),
        blank=False,
        unique=True,
    )
    title = one_line(_("title"), 300, blank=False)
    date = PartialDateField(
        _("date"),
        max_length=10,
        help_text=_("As precise as the document: 2018, 2018-06 or 2018-06-28."),
    )
    link = WebAddressField(_("link"), max_length=500, blank=True)
    is_basis = models.BooleanField(
        _("the register is kept equal to it"),
        default=False,
        help_text=_(
            "Ticked: the overview says whether the register equals this report, and a staff edit "
            "that would make a figure differ asks first. Leave empty for other documents."
        ),
    )

    objects = ReportManager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-date"]

    def __str__(self):
        return self.symbol

    @property
    def day(self) -> str:
        return day_in_words(self.date)

    def get_absolute_url(self):
        return reverse("report-detail", args=[self.slug])

    @property
    def links_to_document(self) -> bool:
        return is_link(self.link)

    def natural_key(self):
        return (self.symbol,)

    def delete(self, *args, **kwargs):
        # One by one, so that history records each figure.
        with recording():
            for figure in self.figures.all():
                figure.delete()
            return super().delete(*args, **kwargs)


class Unit(models.TextChoices):
    PROJECTS = "projects", _("projects")
    MENTIONS = "mentions", _("counts by region")
    ENTITIES = "entities", _("entities")
    COUNTRIES = "countries", _("countries")


class Comparator(models.TextChoices):
    EQUAL = "=", _("exactly")
    AT_LEAST = "≥", _("at least")
    MORE_THAN = ">", _("more than")
    ABOUT = "≈", _("about")


class Figure(RecordedModel):
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
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, default=Unit.PROJECTS)
    comparator = models.CharField(
        _("comparator"), max_length=1, choices=Comparator.choices, default=Comparator.EQUAL
    )
    value = models.PositiveIntegerField(_("published figure"))
    date = PartialDateField(
        _("date"),
        max_length=10,
        blank=True,
        help_text=_("When the figure held, if the document says; else empty."),
    )

    objects = RecordedManager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "query", "unit"],
                name="figure_once",
                violation_error_message=_("This report already has a figure for that filter."),
            ),
            models.CheckConstraint(name="figure_unit", condition=Q(unit__in=Unit.values)),
            models.CheckConstraint(
                name="figure_comparator", condition=Q(comparator__in=Comparator.values)
            ),
        ]

    def __str__(self):
        counted = self.query or _("all")
        return f"{counted}: {self.get_comparator_display()} {self.value} {self.get_unit_display()}"

    @classmethod
    def key_of(cls, snapshot: Snapshot) -> str:
        return f"{snapshot['report']}: {snapshot['query'] or _('all')}, {snapshot['unit']}"[:100]

    def clean(self):
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

    @property
    def is_of_projects(self) -> bool:
        counts = self.unit in (Unit.PROJECTS, Unit.MENTIONS)
        return counts and self.comparator == Comparator.EQUAL

    def asked(self, edition: Edition | None = None) -> Asked:
        """Return the figure's query; raises ValidationError if it is no longer allowed."""
        return Asked.from_query(self.query, edition)


def published_figures() -> Published:
    """Return the figures of the newest report that the register is kept equal to."""
    found = Figure.objects.filter(report__is_basis=True).select_related("report")
    figures = list(found.order_by("-report__date", "report__symbol", "position"))
    if not figures:
        return Published()
    report = figures[0].report
    exact = [one for one in figures if one.is_of_projects and one.report_id == report.pk]
    return Published(
        report.symbol,
        report.date,
        {
            (dimension, value): (figure.value, figure.paragraph)
            for figure in exact
            for dimension, _equals, value in [figure.query.partition("=")]
        },
    )
