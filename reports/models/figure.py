"""Figures: what a report prints, with the filter that counts the same in the register."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Max, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from projects.asking import Asked, ProjectFilter, query_of
from projects.asking.answers import merged
from projects.asking.asked import FACETS, KNOWLEDGE
from projects.asking.published import PrintedNumber, Published, condition_set
from projects.citations import cited
from projects.history import RecordedManager, Snapshot
from projects.models import Edition
from projects.models.base import chosen, rule
from projects.models.fields import PartialDateField, WebAddressField, one_line
from projects.ranges import PUBLISHED_DIMENSIONS
from projects.vocabulary import Comparator, RegionsOf

from .columns import FIGURE_TABLE, PARAGRAPHS, QUERY
from .kinds import MILLIONS, UNITS, Unit
from .report import PartOfReport, Report

# What projects are counted by; how entries are known is nothing that a report prints.
COUNTED_BY = {*FACETS} - {*KNOWLEDGE}
_MEANINGS = {one.name: one.meaning for one in FIGURE_TABLE.columns}


class Figure(PartOfReport):
    """A published number, and the filter that counts the same in the register."""

    is_derived_from = True

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="figures", verbose_name=_("report")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_MEANINGS["position"]
    )
    paragraph = models.CharField(
        _("paragraphs"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[0-9]+(, [0-9]+)*\Z", PARAGRAPHS)],
        help_text=PARAGRAPHS,
    )
    query = models.CharField(
        _("filter"),
        max_length=500,
        blank=True,
        help_text=QUERY,
    )
    category = one_line(_("category"), 100, _MEANINGS["category"])
    unit = chosen(_("unit"), 20, Unit)
    comparator = models.CharField(
        _("comparator"), max_length=1, choices=Comparator.choices, default=Comparator.EQUAL
    )
    value = models.PositiveBigIntegerField(_("published figure"))
    date = PartialDateField(
        _("date"),
        max_length=10,
        blank=True,
        help_text=_MEANINGS["date"],
    )
    population = one_line(_("population"), 300, _("Only if it differs from that of the report"))
    words = one_line(_("words"), 500, _MEANINGS["words"])
    address = WebAddressField(
        _("address"), max_length=500, blank=True, help_text=_MEANINGS["address"]
    )
    how_seen = one_line(_("how seen"), 200, _MEANINGS["how_seen"])

    objects = RecordedManager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "query", "category", "unit"], name="figure_once"
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

    def __str__(self) -> str:
        counted = self.category or self.query or _("all")
        return f"{counted}: {self.get_comparator_display()} {self.value} {self.get_unit_display()}"

    @classmethod
    def key_of(cls, snapshot: Snapshot) -> str:
        counted = snapshot.get("category") or snapshot["query"] or _("all")
        return f"{snapshot['report']}: {counted}, {snapshot['unit']}"[:100]

    @classmethod
    def moves(cls, old: Snapshot | None, new: Snapshot | None) -> bool:
        return True  # maybe a total of the report that placeholders are made for

    def clean(self) -> None:
        self._check_category()
        # In canonical form, so that the same filter cannot be a second figure.
        self.query = self.query.strip().removeprefix("?")
        reader = ProjectFilter(QueryDict(self.query))
        if not reader.is_valid():
            raise ValidationError({"query": reader.messages})
        if reader.asked.edition:
            error = _("Leave the edition out: a figure is compared with the current register.")
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.position:
            last = Figure.objects.filter(report=self.report).aggregate(last=Max("position"))
            self.position = (last["last"] or 0) + 1
        super().save(*args, **kwargs)

    def check_parts(self, others: Iterable["Figure"]) -> None:
        """Raise ValidationError for a figure that is there, or a part of more than its total."""
        for other in others if isinstance(self.value, int) else ():
            is_of_unit = self.unit == other.unit or (self.is_of_projects and other.is_of_projects)
            if is_of_unit and self._conditions == other._conditions:
                raise ValidationError({"query": _("The report has this figure: %s.") % other})
            for part, total in ((self, other), (other, self)):
                if part.value > total.value and part._is_part_of(total):
                    names = {"part": part, "total": total}
                    error = _("A part is more than its total: %(part)s; %(total)s.") % names
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
        """The classification and the value that it counts; empty texts for all projects.

        Of a combination of values it is the query, and no value.
        """
        if "&" in self.query and not self.category:
            return self.query, ""
        classification, _equals, slug = (self.category or self.query).partition("=")
        return classification, slug

    @property
    def counted(self) -> str:
        """What it counts, in words."""
        return self.population or self.report.population

    @property
    def comparable(self) -> bool:
        """Whether it counts what the register does: else it is compared with nothing."""
        same = bool(self.counted) and self.counted == self.report.basis_population
        return self.report.is_own or same

    @property
    def source(self) -> str:
        """The address where it was read, empty if the register has none."""
        return self.address or self.report.link

    @property
    def place(self) -> str:
        return cited(str(self.report), self.paragraph)

    @property
    def printed(self) -> str:
        """The figure as its source prints it, e.g. "27", "more than 270" or "194 million"."""
        text = ngettext("%(number)s million", "%(number)s million", self._millions)
        return self._compared(text % self._numbers if self._millions else self.value)

    @property
    def with_unit(self) -> str:
        """The same with its unit: "more than 270 projects"."""
        unit = UNITS[MILLIONS if self._millions else self.unit]
        return self._compared(unit % self._numbers)

    @property
    def _numbers(self) -> dict[str, int | str]:
        """The number for texts; Chinese counts in hundreds of millions."""
        number = self._millions or self.value
        return {"number": number, "count": number, "hundred_millions": f"{self.value / 1e8:g}"}

    @property
    def _millions(self) -> int:
        millions, rest = divmod(self.value, 1_000_000)
        return millions if self.unit == Unit.DOLLARS and not rest else 0

    def _compared(self, value: int | str) -> str:
        if self.comparator == Comparator.EQUAL:
            return str(value)
        known = {"comparator": self.get_comparator_display(), "value": value}
        return _("%(comparator)s %(value)s") % known

    @property
    def is_of_projects(self) -> bool:
        # Of a single region its counts are projects as well: each has it once.
        is_region = self.unit == Unit.MENTIONS and len(self._conditions.get("region", ())) == 1
        return (self.unit == Unit.PROJECTS or is_region) and not self.category

    @property
    def is_total(self) -> bool:
        """Whether it is an exact number of all projects, or of one area, scope or region."""
        dimension, slug = self.classified
        is_single = dimension == "" or (dimension in PUBLISHED_DIMENSIONS and bool(slug))
        return self.is_of_projects and self.comparator == Comparator.EQUAL and is_single

    def asked(self, edition: Edition | None = None) -> Asked:
        """Return the figure's query; raises ValidationError if it is no longer allowed."""
        return _asked(self.query).but(edition=edition)


# Queries of vocabularies alone, which are allowed whatever the register has.
_allowed: dict[str, Asked] = {}


def _asked(query: str) -> Asked:
    if query in _allowed:
        return _allowed[query]
    reader = ProjectFilter(QueryDict(query))
    if not reader.is_valid():
        raise ValidationError([problem.sentence for problem in reader.problems])
    if reader.asked.is_of_vocabularies:
        _allowed[query] = reader.asked
    return reader.asked


def published_figures(slug: str = "") -> Published:
    """Return the figures of a report, or of the newest that the register is kept equal to."""
    of = {"report__slug": slug} if slug else {"report__is_basis": True}
    every = Figure.objects.filter(report__in=Report.published.all(), **of).select_related("report")
    figures = list(every.order_by("-report__date", "report__symbol", "position"))
    if not figures:
        return Published()
    report = figures[0].report
    own = [one for one in figures if one.is_of_projects and one.report_id == report.pk]
    totals = [one for one in own if one.is_total]
    return Published(
        report.symbol,
        report.date,
        {one.classified: (one.value, one.paragraph) for one in totals},
        report,
        {one.classified: one.population for one in totals if one.population},
        {
            condition_set(merged([one._conditions])): PrintedNumber(
                one.value, one.paragraph, one.comparator
            )
            for one in own
            if not one.is_total and one._conditions.keys() <= COUNTED_BY and not one.population
        },
        RegionsOf(report.regions_are_of),
        RegionsOf(report.regions_read_as) if report.regions_read_as else None,
    )


def days_of_reports() -> dict[str, str]:
    """Return the date of every report by its symbol."""
    return dict(Report.published.order_by().values_list("symbol", "date"))
