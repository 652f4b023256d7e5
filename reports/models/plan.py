"""Plans of action that staff register: the report names no national one."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Country
from projects.models.base import chosen, one_of, rule
from projects.models.fields import PartialDateField, WebAddressField, one_line, optional
from projects.models.reviewed import PublishedRecords, ReviewedModel, ReviewedQuerySet, review_field
from projects.text import day_in_words, searchable
from projects.vocabulary import Review

from .columns import PLAN_TABLE
from .kinds import Level, PlanStatus, WithLists, areas_field, projects_field


class Plan(WithLists, ReviewedModel):
    identifier = "slug"
    changes_page = "plan-changes"
    table = PLAN_TABLE

    slug = models.CharField(
        _("slug"),
        max_length=50,
        unique=True,
        # Small letters distinguish it, in corrections, from the keys of projects and statements.
        validators=[
            RegexValidator(
                r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
                _("Small letters, digits and single hyphens, e.g. kenya-2016."),
            )
        ],
        help_text=_("Part of the web address; it never changes."),
    )
    title = one_line(_("title"), 300, blank=False)
    level = chosen(_("level"), 20, Level)
    country = optional(Country, _("country"))
    organization = one_line(_("organization"), 200, PLAN_TABLE.by_name["organization"].meaning)
    status = chosen(_("status"), 20, PlanStatus, default=PlanStatus.UNKNOWN)
    adopted_on = PartialDateField(_("adopted on"), max_length=10, blank=True)
    areas = areas_field()
    projects = projects_field()
    source = one_line(_("source"), 300, blank=False)
    link = WebAddressField(_("link"), max_length=500, blank=True)

    review = review_field()

    published = PublishedRecords.from_queryset(ReviewedQuerySet)()
    live = models.Manager.from_queryset(ReviewedQuerySet)()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["title", "slug"]
        constraints = [
            one_of("plan_level", "level", Level),
            one_of("plan_status", "status", PlanStatus),
            one_of("plan_review", "review", Review),
            models.CheckConstraint(name="plan_source", condition=~Q(source="")),
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

    def get_absolute_url(self):
        return f"{reverse('plans')}#{self.slug}"

    @property
    def owner(self) -> str:
        return self.country.local_name if self.country else self.organization

    @property
    def searched(self) -> str:
        """The text in which searches find it."""
        return searchable(self.title, self.owner, self.source)

    @property
    def day(self) -> str:
        return day_in_words(self.adopted_on)
