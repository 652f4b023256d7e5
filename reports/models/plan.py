"""Plans of action that staff register: the report names no national one."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.history import RecordedManager
from projects.models import Country
from projects.models.base import RegisterModel, chosen, one_of, rule
from projects.models.fields import PartialDateField, WebAddressField
from projects.text import day_in_words, validate_one_line
from projects.vocabulary import PriorityArea

from .statement import areas_field, projects_field, split


class Level(models.TextChoices):
    """Of what a plan is."""

    NATIONAL = "national_plan", _("National")
    REGIONAL = "regional_plan", _("Regional")


class PlanStatus(models.TextChoices):
    """How far a plan is, by its source."""

    PREPARED = "in-preparation", _("In preparation")
    ADOPTED = "adopted", _("Adopted")
    ENDED = "ended", _("Ended")
    UNKNOWN = "unknown", _("Not stated")


class Plan(RegisterModel):
    """A national or regional plan of action to prevent violent extremism, from a source."""

    identifier = "slug"

    slug = models.SlugField(
        _("slug"), unique=True, help_text=_("Names the plan in addresses. It never changes.")
    )
    title = models.CharField(_("title"), max_length=300, validators=[validate_one_line])
    level = chosen(_("level"), 20, Level)
    country = models.ForeignKey(
        Country, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("country")
    )
    organization = models.CharField(
        _("organization"),
        max_length=200,
        blank=True,
        validators=[validate_one_line],
        help_text=_("The regional organization, if it is no country’s plan."),
    )
    status = chosen(_("status"), 20, PlanStatus, default=PlanStatus.UNKNOWN)
    adopted_on = PartialDateField(_("adopted on"), max_length=10, blank=True)
    areas = areas_field()
    projects = projects_field()
    source = models.CharField(_("source"), max_length=300, validators=[validate_one_line])
    link = WebAddressField(_("link"), max_length=500, blank=True)

    objects = RecordedManager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["title"]
        constraints = [
            one_of("plan_level", "level", Level),
            one_of("plan_status", "status", PlanStatus),
            rule("plan_source", "source", _("Name the source."), ~Q(source="")),
            rule(
                "plan_of_whom",
                "country",
                _("Name the country or the organization, and only one of them."),
                Q(country__isnull=False, organization="")
                | (Q(country__isnull=True) & ~Q(organization="")),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def day(self) -> str:
        """The day of adoption as a reader writes it, as precise as it is."""
        return day_in_words(self.adopted_on)

    @property
    def area_list(self) -> list[PriorityArea]:
        """The priority areas that it covers."""
        return [PriorityArea(one) for one in split(self.areas)]

    @property
    def references(self) -> list[str]:
        """The references of the projects that support it."""
        return split(self.projects)
