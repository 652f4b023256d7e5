"""What a document published about the register: a report, and its figures one by one."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.cube import DIMENSIONS

RESERVED = ("priority-area", "scope", "region", "cross-table")


def validate_free_slug(slug: str) -> None:
    """Raise ValidationError for a slug that is the address of another page under /reports/."""
    if slug in RESERVED:
        raise ValidationError(
            _("“%(slug)s” is taken. Choose another than: %(taken)s."),
            params={"slug": slug, "taken": ", ".join(RESERVED)},
        )


class ReportManager(models.Manager):
    def get_by_natural_key(self, symbol):
        return self.get(symbol=symbol)

    def newest(self):
        """Return the report with the latest date, or None; its figures are fetched too."""
        return self.prefetch_related("figures").order_by("-date", "symbol").first()


class Report(models.Model):
    """A document that publishes totals of the register."""

    slug = models.SlugField(
        _("slug"),
        unique=True,
        validators=[validate_free_slug],
        help_text=_("Stands in the web address, e.g. a-72-621. It never changes."),
    )
    symbol = models.CharField(
        _("symbol"), max_length=50, unique=True, help_text=_("Document symbol, e.g. A/72/621.")
    )
    title = models.CharField(_("title"), max_length=300)
    date = models.DateField(_("date"), help_text=_("The date printed on the document."))

    objects = ReportManager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-date"]

    def __str__(self):
        return self.symbol

    def get_absolute_url(self):
        return reverse("report-detail", args=[self.slug])

    def natural_key(self):
        return (self.symbol,)


class Dimension(models.TextChoices):
    """What a figure counts by."""

    TOTAL = "total", _("All projects")
    PRIORITY_AREA = "priority_area", _("Priority area")
    SCOPE = "scope", _("Scope")
    REGION = "region", _("Region")


class Comparator(models.TextChoices):
    EQUAL = "=", _("exactly")
    AT_LEAST = "≥", _("at least")
    ABOUT = "≈", _("about")


def _of_its_dimension() -> Q:
    condition = Q(dimension=Dimension.TOTAL, slug="")
    for dimension in (Dimension.PRIORITY_AREA, Dimension.SCOPE, Dimension.REGION):
        condition |= Q(dimension=dimension, slug__in=DIMENSIONS[dimension].values)
    return condition


class Figure(models.Model):
    """One published number, and what it counts in the register."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="figures", verbose_name=_("report")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("The place of the figure in the report, from 1.")
    )
    paragraph = models.CharField(
        _("paragraphs"),
        max_length=20,
        validators=[RegexValidator(r"^[0-9]+(, [0-9]+)*\Z", _("Numbers, e.g. 24 or 22, 24."))],
        help_text=_("Where the report prints it, e.g. 24 or 22, 24."),
    )
    dimension = models.CharField(_("dimension"), max_length=20, choices=Dimension.choices)
    slug = models.CharField(
        _("value"),
        max_length=20,
        blank=True,
        help_text=_("The slug of the area, scope or region; empty for all projects."),
    )
    comparator = models.CharField(
        _("comparator"), max_length=1, choices=Comparator.choices, default=Comparator.EQUAL
    )
    value = models.PositiveIntegerField(_("published figure"))

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "dimension", "slug"],
                name="figure_once",
                violation_error_message=_("This report already has a figure for that value."),
            ),
            models.CheckConstraint(
                name="figure_dimension",
                condition=_of_its_dimension(),
                violation_error_message=_("Choose a value of the dimension."),
            ),
            models.CheckConstraint(
                name="figure_comparator", condition=Q(comparator__in=Comparator.values)
            ),
        ]

    def __str__(self):
        return f"{self.label}: {self.get_comparator_display()} {self.value}"

    def clean(self):
        if self.dimension and self.slug not in self.allowed_slugs:
            allowed = ", ".join(filter(None, self.allowed_slugs)) or _("leave it empty")
            raise ValidationError(
                {
                    "slug": _("“%(slug)s” is not a value of this dimension. Allowed: %(allowed)s.")
                    % {"slug": self.slug, "allowed": allowed}
                }
            )

    @property
    def allowed_slugs(self) -> list[str]:
        """The slugs that the figure's dimension has; one empty slug for all projects."""
        return DIMENSIONS[self.dimension].values if self.dimension in DIMENSIONS else [""]

    @property
    def label(self) -> str:
        """What is counted, in words."""
        if self.dimension in DIMENSIONS:
            return str(dict(DIMENSIONS[self.dimension].choices).get(self.slug, self.slug))
        return str(Dimension.TOTAL.label)
