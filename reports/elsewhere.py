"""Projects elsewhere in charts: countries, dates, money and donors, as they are published."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking.answer import State
from projects.asking.published import shown
from projects.asking.selection import countries
from projects.citations import labelled, sentences
from projects.elsewhere.dates import dates_of, span
from projects.elsewhere.models import Record
from projects.elsewhere.profile import KINDS_OF_MONEY, amount_in_words
from projects.elsewhere.queries import ElsewhereQuery, values_of_all
from projects.elsewhere.records import attributions, introduction
from projects.elsewhere.views import ElsewhereList
from projects.exports import write_lines
from projects.listing import file_name_of
from projects.pages import QueryView, RefusedAsText
from projects.text import date_in_words, followed_by, isolated, separated

from .breakdowns import Bar, Line
from .charts import charted
from .files import as_download, download
from .images import ELSEWHERE, Axis, Caption, address_of, picture

# What fewer records than this have is in the table alone; and the most that are drawn.
LEAST_DRAWN, MOST_DRAWN = 2, 100
# The money of UNDP ends in the middle of a year, that of the commit that was read.
_PART_OF = "2018"


# Parameters and values of a query.
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Chart:
    """What is drawn of the records: lines of bars, and the same as a table.

    `sentence` says how many records have what it draws. A row is a label, the address of its
    records or of its record, and its cells below the other heads.
    """

    slug: str
    title: str
    sentence: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    lines: tuple[Line, ...]
    names: tuple[str, ...] = ()
    axis: Axis | None = None
    in_money: bool = False

    # It shows no number of the register.
    states: ClassVar[tuple[str, ...]] = ()
    has_difference: ClassVar[bool] = False

    @property
    def table(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """The rows with cells for people: amounts have the reader's separators."""
        if not self.in_money:
            return [*self.rows]
        return [
            (label, address, tuple(map(amount_in_words, cells)))
            for label, address, cells in self.rows
        ]


def _bar(end: float, text: str, label: str, address: str = "", side: int = 0) -> Bar:
    named = f"{label}: {text}"
    return Bar(State.ENTRIES, 0, end, ("", text), named, address, side=ELSEWHERE + side)


@dataclass(frozen=True)
class ByValue:
    """How many records have each value of a facet, the most first; called, it is their chart."""

    facet: str
    title: Any
    head: Any
    sentence: Any

    def __call__(self, records: list[Record], pairs: Pairs = ()) -> Chart:
        values = values_of_all()
        named: dict[str, str] = {}
        counts = Counter[str]()
        for record in records:
            for value, name in values[record.key][self.facet].items():
                named.setdefault(value, name)
                counts[value] += 1
        named |= {one: countries()[one] for one in named.keys() & countries().keys()}
        ordered = sorted(counts.items(), key=lambda one: (-one[1], named[one[0]].casefold()))
        page = reverse("elsewhere")
        others = [one for one in pairs if one[0] != self.facet]
        # Values of one facet are alternatives: with one of them no address has both.
        addresses = {
            value: f"{page}?{urlencode([*others, (self.facet, value)])}"
            if len(others) == len(pairs)
            else ""
            for value in named
        }
        rows = [(named[value], addresses[value], number) for value, number in ordered]
        drawn = [one for one in rows if one[2] >= LEAST_DRAWN] or rows
        having = sum(bool(values[one.key][self.facet]) for one in records)
        return Chart(
            slug=self.facet,
            title=str(self.title),
            sentence=self.sentence % {"number": having, "all": len(records)},
            head=(str(self.head), _("Projects")),
            rows=tuple((label, address, (str(number),)) for label, address, number in rows),
            lines=tuple(
                Line(label, (_bar(number, str(number), label, address),))
                for label, address, number in drawn[:MOST_DRAWN]
            ),
        )


def _years(day: date) -> float:
    """Return a day as a number of years, of 365 days each."""
    return day.year + (day.timetuple().tm_yday - 1) / 365


def by_dates(records: list[Record], _pairs: Pairs = ()) -> Chart:
    """Return a line for each project of a data set, from its start to its end."""
    dated = [one for one in records if one.reading.publisher and all(dates_of(one.reading))]
    dated.sort(key=lambda one: dates_of(one.reading))
    spans = [(one, *dates_of(one.reading)) for one in dated]
    spans = [one for one in spans if span(one[1])[0] <= span(one[2])[1]]
    first = min((span(start)[0].year for _one, start, _end in spans), default=0)
    last = max((span(end)[1].year for _one, _start, end in spans), default=0)
    day, lines = shown().date, []
    for record, start, end in spans[:MOST_DRAWN]:
        begins, ends = _years(span(start)[0]) - first, _years(span(end)[1]) - first
        words = f"{record.title}: {start} – {end}"
        address = record.get_absolute_url()
        bar = Bar(State.ENTRIES, begins, ends, ("", ""), words, address, side=ELSEWHERE)
        lines.append(Line(record.title, (bar,)))
    mark = None
    if len(day) > len("YYYY-MM"):  # a year or a month has no place on the axis
        mark = _years(span(day)[0]) - first, date_in_words(span(day)[0])
    text = _(
        "For %(number)d of %(all)d records, a publisher’s data give a start date and an end date."
    )
    return Chart(
        slug="dates",
        title=_("When they ran"),
        sentence=text % {"number": len(dated), "all": len(records)},
        head=(_("Project"), _("Start"), _("End")),
        rows=tuple((one.title, one.get_absolute_url(), (start, end)) for one, start, end in spans),
        lines=tuple(lines),
        axis=Axis(first, last + 1, mark) if spans else None,
    )


def by_year(records: list[Record], _pairs: Pairs = ()) -> Chart:
    """Return budget and expenditure of the outputs that speak of violent extremism, by year."""
    with_money = [one for one in records if one.reading.outputs and one.reading.money]
    sums: dict[tuple[str, str], Decimal] = {}
    for record in with_money:
        for amount in record.reading.money:
            if amount["currency"] == "USD":
                key = amount["year"], amount["kind"]
                sums[key] = sums.get(key, Decimal()) + Decimal(amount["amount"])
    kinds = [one for one in KINDS_OF_MONEY if any(kind == one for _year, kind in sums)]
    lines, rows = [], []
    for year in sorted({year for year, _kind in sums}):
        label = year
        if year == _PART_OF:
            part = _("Part of %(year)s, as published in the version of the data used here")
            label = part % {"year": year}
        cells, drawn = [], []
        for place, kind in enumerate(kinds):
            total = sums.get((year, kind), Decimal())
            text, name = amount_in_words(str(total)), f"{label}, {KINDS_OF_MONEY[kind]}"
            cells.append(f"{total:f}")
            drawn.append(_bar(float(total), text, name, side=1 - place % 2))
        rows.append((label, "", tuple(cells)))
        lines.append(Line(label, tuple(drawn)))
    text = _(
        "%(number)d of %(all)d records have an output whose own text speaks of violent extremism, "
        "with its money. US dollars; negative amounts are as published."
    )
    names = tuple(str(KINDS_OF_MONEY[kind]) for kind in kinds)
    return Chart(
        slug="money",
        title=_("Budget and expenditure by year"),
        sentence=text % {"number": len(with_money), "all": len(records)},
        head=(_("Year"), *names),
        rows=tuple(rows),
        lines=tuple(lines),
        names=tuple(reversed(names)),
        in_money=True,
    )


CHARTS: dict[str, Callable[[list[Record], Pairs], Chart]] = {
    "country": ByValue(
        "country",
        gettext_lazy("By country"),
        gettext_lazy("Country"),
        gettext_lazy(
            "%(number)d of %(all)d records name a country; each is counted in all of its "
            "countries. Countries of one record are in the table."
        ),
    ),
    "dates": by_dates,
    "money": by_year,
    "donor": ByValue(
        "donor",
        gettext_lazy("By donor"),
        gettext_lazy("Donor"),
        gettext_lazy(
            "%(number)d of %(all)d records name a donor; the source gives no amount per donor. "
            "Donors of one record are in the table."
        ),
    ),
}


def caption_of(chart: Chart, found: Iterable[Record]) -> Caption:
    """Return the words that a picture has: what it is, and whom to name."""
    register = followed_by(_("PVE matrix"), isolated(date_in_words(timezone.now())))
    source = separated([*attributions(found), register])
    said = sentences([chart.sentence, _("They are not counted here.")])
    return Caption(labelled(_("Projects elsewhere"), chart.title), said, source, chart.sentence)


class ElsewhereAndCharts(ElsewhereList):
    """Projects that other publishers describe, 50 on a page; none is counted."""

    template_name = "reports/elsewhere_list.html"


class ElsewhereCharts(QueryView):
    """The records that are asked for in four charts, each with its table."""

    reader_class = ElsewhereQuery

    def answer(self) -> HttpResponse:
        records, suffix = self.reader.found, self.reader.suffix
        charts = []
        for slug, drawn in CHARTS.items():
            chart = drawn(records, self.reader.pairs)
            if chart.rows:
                charts.append(
                    {
                        "breakdown": chart,
                        "figure": f"{reverse('elsewhere-chart', args=[slug, 'json'])}{suffix}",
                        "csv": f"{reverse('elsewhere-chart', args=[slug, 'csv'])}{suffix}",
                        "svg": f"{reverse('elsewhere-chart', args=[slug, 'svg'])}{suffix}",
                    }
                )
        said = introduction(self.reader.every)
        context = self.cited(said) | {
            "reader": self.reader,
            "charts": charts,
            "introduction": said,
            "attributions": attributions(records),
        }
        return render(self.request, "reports/elsewhere_charts.html", context)


class ElsewhereChart(RefusedAsText):
    """A chart's figure, picture or table as a file."""

    reader_class = ElsewhereQuery

    def answer(self, slug: str, extension: str) -> HttpResponseBase:
        chart = CHARTS[slug](self.reader.found, self.reader.pairs)
        return getattr(self, extension)(chart, caption_of(chart, self.reader.found))

    def json(self, chart: Chart, caption: Caption) -> HttpResponseBase:
        return charted(chart.lines, caption, chart.axis)

    def svg(self, chart: Chart, caption: Caption) -> HttpResponseBase:
        caption = replace(caption, address=address_of(self.request))
        drawn = picture(chart.lines, caption, chart.names, chart.axis)
        return download(drawn.encode(), self._name_of(chart), "svg")

    def csv(self, chart: Chart, caption: Caption) -> HttpResponseBase:
        lines = [[*chart.head], *([label, *cells] for label, _address, cells in chart.rows)]
        facts = [[], [_("What it is"), caption.subtitle], [_("Source"), caption.source]]
        response = self.file_of(write_lines([*lines, *facts]), len(lines), "csv")
        return as_download(response, self._name_of(chart), "csv")

    def _name_of(self, chart: Chart) -> str:
        name = f"elsewhere-{chart.slug}-{timezone.now():%Y-%m-%d}"
        return file_name_of(name, self.reader.asked_for)
