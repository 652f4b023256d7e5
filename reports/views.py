"""The pages about the register: overview, breakdowns, comparisons, reports, about."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.asking import Selection, whole_cube
from projects.asking.answers import PLACEHOLDERS
from projects.asking.links import parameters_of, suffix_of
from projects.asking.offers import Suggestion, is_named, suggested
from projects.asking.published import shown
from projects.asking.reference import dated, edition_words, moment_of, sourced, version_of
from projects.asking.selection import directory
from projects.columns import PROJECT_TABLE
from projects.elsewhere.profile import profiles
from projects.elsewhere.records import attributions, counted, examples, introduction
from projects.exports import TERMS, facts, snapshot
from projects.listing import file_name_of
from projects.models import SecondPerson
from projects.pages import (
    FilteredData,
    FilteredView,
    QueryView,
    RefusedAsText,
    record_or_404,
)
from projects.vocabulary import MEANINGS, Provenance

from . import files
from .breakdowns import Breakdown, as_rows, breakdown
from .charts import charted
from .cross_table import cross_table
from .data_package import dataset
from .images import address_of, caption_of, picture
from .library.search import known_words, targets
from .library.statements import statements_suggested
from .models import Figure, Report, Unit
from .overview import (
    CARDS,
    QUESTION,
    blocks,
    described_in_words,
    described_projects,
    heading_of,
    key_of,
    learned,
    parts,
    quotations,
)
from .queries import (
    CrossTableFilter,
    SuggestionQuery,
)
from .reconciliation import all_agree, corrected, reconcile, verdict


def _charted(one: Breakdown, selection: Selection) -> dict:
    figure = reverse("figure", args=[one.slug, "json"])
    return {
        "breakdown": one,
        "figure": f"{figure}{suffix_of(selection.asked.narrowing)}",
    }


class Overview(FilteredView):
    """All projects at a glance. With a query it is the list, which has all that was here once."""

    api = ""  # the name of the address where programs begin

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.GET:
            address = f"{reverse('project-list')}?{request.GET.urlencode()}"
            return redirect(address, permanent=True)
        return super().get(request, *args, **kwargs)

    def answer(self) -> HttpResponseBase:
        report = Report.published.basis()
        counts = self.selection.cube.counts("provenance")
        compared = reconcile(report) if report else []
        areas, scopes, regions = (
            _charted(breakdown(slug, self.selection), self.selection)
            for slug in ("priority-area", "scope", "region")
        )
        squares, each = blocks(areas["breakdown"])
        heading, language = heading_of(shown())
        context = self.context() | {
            "question": QUESTION,
            "charts": [areas, scopes, regions],
            "areas": areas | {"blocks": squares, "key": key_of(self.selection, each)},
            "scopes": scopes | {"parts": parts(scopes["breakdown"])},
            "regions": regions,
            "report": report,
            "heading": heading,
            "heading_language": language,
            "described": described_in_words(self.selection),
            "placeholders": counts[Provenance.COUNTED],
            "verdict": verdict(report, compared) if report else "",
            "moved": [one for one in compared if one.agrees is False],
            "projects": described_projects(),
            "cards": CARDS,
            "learned": learned().count(),
            "quotations": quotations(),
            "elsewhere": introduction(counted()),
            "of_elsewhere": profiles(examples()),
            "attributions": attributions(examples()),
            "dataset": dataset(self.request.build_absolute_uri, api=self.api),
        }
        return render(self.request, "reports/overview.html", context)


class Suggestions(RefusedAsText):
    """What a search box suggests; `pages` are the site's, each with its title and location."""

    reader_class = SuggestionQuery
    pages: Sequence[Any] = ()

    def answer(self, extension: str) -> HttpResponseBase:
        typed = " ".join(self.reader.cleaned_data["q"])
        edition = self.reader.edition_asked
        words = () if edition else known_words()
        suggestions = [*suggested(typed, edition, words)] if typed else []
        if typed and not edition:
            suggestions = [*targets(typed, self.pages), *suggestions, *statements_suggested(typed)]
        suggestions += [
            Suggestion(_("Page"), str(page.title), page.location)
            for page in self.pages
            if is_named(typed, page.title) and page.location
        ]
        return JsonResponse({"suggestions": [one.as_data() for one in dict.fromkeys(suggestions)]})


class ReportList(QueryView):
    """Each published report with what it counts: no two count the same."""

    def answer(self) -> HttpResponseBase:
        found = Report.published.with_figures().order_by("date", "symbol")
        context = {"reports": [(one, _whole(one)) for one in found]}
        return render(self.request, "reports/report_list.html", context)


def _whole(report: Report) -> Figure | None:
    """Return what a report counts in all, in projects if it does."""
    whole = [one for one in report.figures.all() if not (one.query or one.category)]
    return min(
        whole, key=lambda one: one.unit not in (Unit.PROJECTS, Unit.INITIATIVES), default=None
    )


class BreakdownDetail(FilteredView):
    """One breakdown: chart, table, the report's paragraph."""

    def answer(self, slug: str) -> HttpResponseBase:
        figure = breakdown(slug, self.selection)
        context = self.context(figure.headline, sentence=figure.sentence) | {
            "printed_title": figure.with_place,
            "chart": _charted(figure, self.selection),
            "corrected": corrected(shown().about, figure.dimension) if shown().about else [],
        }
        return render(self.request, "reports/breakdown.html", context)


class BreakdownData(FilteredData):
    """A breakdown as a table, or with its sentence as data."""

    @snapshot()
    def answer(self, slug: str, extension: str) -> HttpResponseBase:
        return getattr(self, extension)(breakdown(slug, self.selection))

    def json(self, one: Breakdown) -> HttpResponseBase:
        filled_in = self.asked.filled_in
        total, rows = one.total.as_data(filled_in), as_rows(one, filled_in)
        sentence = sourced(one.sentence, self.asked)
        data = {"sentence": sentence, "total": total, "unit": one.unit, "rows": rows}
        return JsonResponse(data | dated(self.asked))

    def csv(self, one: Breakdown) -> HttpResponseBase:
        rows = [files.flat(row) for row in as_rows(one, self.asked.filled_in)]
        name = file_name_of(f"{one.slug}-{version_of(self.asked)}", parameters_of(self.asked))
        return files.csv_file([list(rows[0]), *(list(row.values()) for row in rows)], name)


class BreakdownFigure(FilteredData):
    """One breakdown as a Plotly figure, which pages request when its chart scrolls near."""

    def answer(self, slug: str, extension: str) -> HttpResponseBase:
        one = breakdown(slug, self.selection)
        return charted(one.lines, caption_of(one, self.selection))


class BreakdownPicture(FilteredData):
    """A breakdown as a picture."""

    def answer(self, slug: str, extension: str) -> HttpResponseBase:
        one = breakdown(slug, self.selection)
        caption = replace(caption_of(one, self.selection), address=address_of(self.request))
        name = file_name_of(f"{slug}-{version_of(self.asked)}", parameters_of(self.asked.narrowing))
        return files.download(picture(one.lines, caption).encode(), name, extension)


class CrossTablePage(FilteredView):
    """The two-way table."""

    reader_class = CrossTableFilter

    def answer(self) -> HttpResponseBase:
        layout = self.reader.chosen
        table = cross_table(self.selection, layout)
        context = self.context(table.title, sentence=table.sentence) | {
            "table": table,
            "selectors": self.reader.selectors,
        }
        return render(self.request, "reports/cross_table.html", context)


class CrossTableData(FilteredData):
    """The two-way table, and how each of its numbers is known."""

    reader_class = CrossTableFilter
    says_when = True

    @snapshot()
    def answer(self, extension: str) -> HttpResponseBase:
        from .frames import csv_of, grid_of, xlsx_of  # noqa: PLC0415 - pandas loads in 0.3 s

        layout = self.reader.chosen
        table = cross_table(self.selection, layout, self.asked.filled_in)
        sentence, edition = sourced(table.sentence, self.asked), edition_words(self.asked)
        about = facts(sentence, edition, moment_of(self.asked))
        about[_("Notes")] = " ".join(table.notes)
        if extension == "json":
            data = {**about, "table": grid_of(table), "numbers": table.numbers}
            return JsonResponse(data, json_dumps_params={"ensure_ascii": False})
        name = file_name_of(f"cross-table-{version_of(self.asked)}", parameters_of(self.asked))
        write = csv_of if extension == "csv" else xlsx_of
        return files.download(write(table, about), name, extension)


class ReportDetail(QueryView):
    """A published report, figure by figure, next to the register if it counts the same."""

    def answer(self, slug: str) -> HttpResponseBase:
        report = record_or_404(Report.published.with_figures(), slug=slug)
        compared = reconcile(report)
        said = verdict(report, compared)
        context = self.cited(said, symbols=[report.symbol]) | {
            "report": report,
            "comparisons": compared,
            "corrected": corrected(report),
            "agrees": all_agree(compared),
            "verdict": said,
            "notes": report.noted,
            "places": report.paragraphs_of("region"),
        }
        return render(self.request, "reports/report_detail.html", context)


class About(QueryView):
    """Where the data comes from, what it is not, and the data dictionary."""

    api = ""  # the name of the address of the page about the API

    def answer(self) -> HttpResponseBase:
        report = shown().about
        bases = PROJECT_TABLE.by_name["scope_basis"].labels
        context = {
            "api": self.api,
            "notes": report.noted if report else {},
            "columns": PROJECT_TABLE.columns,
            "terms": TERMS,
            "provenance": [(value, MEANINGS[value]) for value in Provenance],
            "bases": [(label, MEANINGS[value]) for value, label in bases.items()],
            "entities": directory(),
            "placeholders": whole_cube().where(PLACEHOLDERS).total,
            "one_suffices": SecondPerson.objects.filter(reviews=False).first(),
        }
        return render(self.request, "reports/about.html", context)
