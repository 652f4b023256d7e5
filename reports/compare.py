"""Two queries side by side: one table, a line for each value of area, scope and region."""

from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from projects.asking import FACET_LABELS, Asked, Selection, Words, query_of
from projects.asking.answer import State
from projects.asking.sentences import sentence_about
from projects.citations import CitedText, labelled, sentences
from projects.pages import QueryView, RefusedAsText
from projects.ranges import PUBLISHED_DIMENSIONS
from projects.text import separated

from .breakdowns import BREAKDOWNS, Line, Row, bar_of, breakdown
from .charts import charted
from .files import csv_file
from .images import Caption, source_of
from .queries import ComparisonQuery

SIDES = ("A", "B")


@dataclass(frozen=True)
class Compared:
    """A value of a facet, or all projects, with its row of each side."""

    filter: str
    facet: str
    rows: tuple[Row, Row]

    @property
    def label(self) -> str:
        return self.rows[0].label

    @property
    def known(self) -> str:
        a, b = (str(getattr(one.answer, "place", one.answer.basis)) for one in self.rows)
        return a if a == b else separated(map(labelled, SIDES, (a, b)))

    @property
    def line(self) -> Line:
        return Line(self.label, tuple(replace(row.bar, side=n) for n, row in enumerate(self.rows)))


def compared(*sides: Selection) -> list[Compared]:
    """Return the table: all projects of both sides, then those of each value."""
    wholes = []
    for one in sides:
        query = query_of(one.asked.narrowing)
        bar = bar_of(one.asked, one.answer, query)
        wholes.append(Row("", _("In total"), one.answer, bar, query))
    lines = [Compared("", "", (wholes[0], wholes[1]))]
    for slug, (name, _title) in BREAKDOWNS.items():
        for pair in zip(*(breakdown(slug, one).rows for one in sides), strict=True):
            lines.append(Compared(f"{name}={pair[0].slug}", str(FACET_LABELS[name]), pair))
    return lines


def name_of(side: Selection) -> str:
    return Words(side).subject or _("The whole register")


def title_of(*sides: Selection) -> str:
    return " · ".join(map(name_of, sides))


def sentence_of(*sides: Selection) -> CitedText:
    said = (sentence_about(one.asked, one.answer) for one in sides)
    return sentences(map(labelled, SIDES, said))


def choices(side: Selection) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what the form offers, in groups of (query, label); a side may be any other query."""
    whole, asked_for = Selection(Asked()), query_of(side.asked.narrowing)
    groups = [("", [("", _("The whole register"))])]
    for facet in (*PUBLISHED_DIMENSIONS, "entity", "country"):
        offered = whole.offered(facet)
        queries = [(query_of(Asked.of(None, **{facet: [slug]})), label) for slug, label in offered]
        groups.append((str(FACET_LABELS[facet]), queries))
    if asked_for not in {query for _label, offered in groups for query, _name in offered}:
        groups.insert(0, (_("As it is"), [(asked_for, name_of(side))]))
    return groups


class Compare(QueryView):
    """Two sets of projects side by side."""

    reader_class = ComparisonQuery

    def answer(self) -> HttpResponseBase:
        sides = self.reader.sides
        query = urlencode(self.asked_of(self.request), doseq=True)
        lines, named = (
            compared(*sides),
            [
                (letter, name_of(one), query_of(one.asked.narrowing), choices(one))
                for letter, one in zip("ab", sides, strict=True)
            ],
        )
        bars = (row.bar for one in lines for row in one.rows)
        ranges = {(one.state, "") for one in bars if one.end} & {(State.RANGE, "")}
        drawn = {"slug": "comparison", "title": title_of(*sides), "states": ranges}
        context = self.cited(sentence_of(*sides), query) | {
            "lines": lines,
            "sides": named,
            "chart": {
                "breakdown": drawn | {"lines": [one.line for one in lines]},
                "figure": f"{reverse('comparison-figure', args=['json'])}?{query}",
                "sides": named,
            },
            "selection": sides[0],
        }
        return render(self.request, "reports/comparison.html", context)

    def refuse(self) -> HttpResponse:
        """Return the 400 with both queries as they were asked, so that readers can fix them."""
        asked = {"problems": self.reader.problems, "asked": self.request.GET}
        return render(self.request, "reports/comparison_refused.html", asked, status=400)


class ComparisonFigure(RefusedAsText):
    """Two sets of projects as a Plotly figure."""

    reader_class = ComparisonQuery

    def answer(self, extension: str) -> HttpResponseBase:
        sides = self.reader.sides
        caption = Caption(title_of(*sides), sentence_of(*sides), source_of(sides[0]))
        return charted(tuple(one.line for one in compared(*sides)), caption)


class CompareData(RefusedAsText):
    """The numbers of two sets of projects, a line for each value of a filter."""

    reader_class = ComparisonQuery

    def answer(self, extension: str) -> HttpResponseBase:
        head = ["filter", "label", "a", "b", "how_known"]
        lines = [
            [one.filter, one.label, *(row.answer.short for row in one.rows), one.known]
            for one in compared(*self.reader.sides)
        ]
        return csv_file([head, *lines], self.reader.file_name)
