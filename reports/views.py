"""What is said about the register: overview, breakdowns, the published report, and about."""

from csp.decorators import csp_replace
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from projects.asking import Selection, Words
from projects.asking.links import suffix_of
from projects.asking.words import dated, edition_words, version_of
from projects.columns import PROJECT_TABLE
from projects.exports import TERMS, facts
from projects.models import Edition, Entity, Project
from projects.pages import FilteredData, FilteredView, QueryView
from projects.vocabulary import MEANINGS, Basis, Provenance, Scope
from projects.worklist import described, work_left

from . import files
from .breakdowns import BREAKDOWNS, Breakdown, as_rows, breakdown, breakdowns, describe
from .draft import draft, published_figures
from .models import Report
from .queries import ComparisonQuery, CrossTableFilter, DraftQuery
from .reconciliation import (
    all_agree,
    headline,
    inexact_figures,
    literal_reading,
    published,
    reconcile,
    verdict,
)


def _charted(one: Breakdown, selection: Selection) -> dict:
    """What a page or an embedding needs to show a breakdown as chart and table."""
    figure = reverse("figure", args=[one.slug, "json"])
    return {
        "breakdown": one,
        "figure": f"{figure}{suffix_of(selection.asked.narrowing)}",
        "description": describe(one),
        "register": _register(selection),
    }


def _source(one: Breakdown, selection: Selection) -> str:
    """Where a figure comes from: the report publishes no filtered ones, it is no source of them."""
    published_in = _("A/72/621, para. %s") % one.paragraph
    origin = Words(selection).sentence if selection.asked.is_filtered else published_in
    return f"{origin}; {_register(selection)}"


def _register(selection: Selection) -> str:
    """Which register an image or an embedding shows, in words."""
    if selection.asked.edition:
        return _("pvematrix register, edition “%s”") % selection.asked.edition
    return _("pvematrix register, live, %s") % f"{timezone.now():%Y-%m-%d}"


class Overview(FilteredView):
    """The total, the three breakdowns, and whether the register equals the newest report."""

    def answer(self):
        report = Report.objects.basis()
        cube = self.selection.cube
        whole = self.selection.whole.cube() if self.asked.is_filtered else cube
        compared = reconcile(report, whole, self.asked.edition) if report else []
        context = self.context() | {
            "scopes": [
                (one.label, self.selection.answers.of({"scope": [one.value]})) for one in Scope
            ],
            "provenance": cube.counts("provenance"),
            "charts": [
                _charted(one, self.selection)
                for one in breakdowns(self.selection, published(report))
            ],
            "report": report,
            "agrees": all_agree(compared),
            "verdict": headline(report, compared, self.asked.edition) if report else "",
        }
        return render(self.request, "reports/overview.html", context)


class ReportList(QueryView):
    """Every page that says something about the register, and the published reports."""

    def answer(self):
        cube = Project.published.cube()
        context = {
            "breakdowns": [
                (slug, title, paragraph) for slug, (_name, title, paragraph) in BREAKDOWNS.items()
            ],
            "reports": [
                (report, verdict(reconcile(report, cube)))
                for report in Report.objects.with_figures()
            ],
        }
        return render(self.request, "reports/report_list.html", context)


class BreakdownDetail(FilteredView):
    """One breakdown as chart and table."""

    template_name = "reports/breakdown.html"

    def answer(self, slug):
        one = breakdown(slug, self.selection, published(Report.objects.basis()))
        context = self.context(one.title) | {
            "chart": _charted(one, self.selection),
            "embed": self.request.build_absolute_uri(reverse("embed", args=[slug])),
        }
        return render(self.request, self.template_name, context)


@method_decorator(xframe_options_exempt, name="dispatch")
@method_decorator(csp_replace({"frame-ancestors": ["*"]}), name="dispatch")
class Embed(BreakdownDetail):
    """One breakdown for other sites to frame: the chart, its table and its source."""

    template_name = "reports/embed.html"


class BreakdownData(FilteredData):
    """The figures of one breakdown as JSON or CSV."""

    def answer(self, slug, extension):
        return getattr(self, extension)(breakdown(slug, self.selection))

    def json(self, one: Breakdown):
        data = {"total": one.total, "unit": one.unit, "rows": as_rows(one)}
        return JsonResponse(data | dated(self.asked))

    def csv(self, one: Breakdown):
        rows = [list(row.values()) for row in as_rows(one)]
        name = f"{one.slug}-{version_of(self.asked)}"
        head = ["slug", "label", one.unit, *list(as_rows(one)[0])[3:]]
        return files.csv_file([head, *rows], name)


class BreakdownFigure(FilteredData):
    """One breakdown as a Plotly figure, for a page to ask for when its chart comes near."""

    def answer(self, slug, extension):
        from .charts import bar  # noqa: PLC0415 - plotly is loaded when a chart is asked for

        one = breakdown(slug, self.selection, published(Report.objects.basis()))
        address, source = reverse("project-list"), _source(one, self.selection)
        figure = bar(one, address, source, get_language() or "")
        return HttpResponse(figure, content_type="application/json")


class CrossTablePage(FilteredView):
    """Two dimensions at once, as a table."""

    reader_class = CrossTableFilter

    def answer(self):
        from .cross_table import Layout, cross_table  # noqa: PLC0415 - pandas, when asked for

        layout = Layout(**self.reader.chosen)
        table = cross_table(self.selection, layout)
        subject = _("%(rows)s by %(columns)s") % {
            "rows": table.rows_label,
            "columns": table.columns_label,
        }
        context = self.context(subject) | {
            "table": table,
            "layout": layout,
            "selectors": self.reader.selectors,
        }
        return render(self.request, "reports/cross_table.html", context)


class CrossTableData(FilteredData):
    """The cross-table exactly as it is shown, as a file."""

    reader_class = CrossTableFilter

    def answer(self, extension):
        from .cross_table import Layout, cross_table  # noqa: PLC0415 - pandas, when asked for

        table = cross_table(self.selection, Layout(**self.reader.chosen))
        sentence, edition = Words(self.selection).sentence, edition_words(self.asked)
        known = facts(sentence, self.selection.total, edition) | self.reader.shown_as
        if extension == "json":
            return files.json_file(table.grid, known, table.numbers)
        write = files.csv_file if extension == "csv" else files.xlsx_file
        return write(table.grid, f"cross-table-{version_of(self.asked)}", known, table.numbers)


class Compare(QueryView):
    """Two filtered registers side by side."""

    reader_class = ComparisonQuery

    def answer(self):
        from .comparison import paired, side, total_difference  # noqa: PLC0415 - pandas, when asked for

        a, b = self.reader.cleaned_data["a"], self.reader.cleaned_data["b"]
        context = {
            "a": side("A", a),
            "b": side("B", b),
            "difference": total_difference(a, b),
            "breakdowns": paired(a, b),
        }
        return render(self.request, "reports/comparison.html", context)

    def refuse(self):
        """Return the 400 with both queries as they were asked, to be mended."""
        asked = {"faults": self.reader.messages, "asked": self.request.GET}
        return render(self.request, "reports/comparison_refused.html", asked, status=400)


class Draft(QueryView):
    """Paragraphs for the next report; `extension` txt gives them as plain text."""

    def get(self, request, extension=""):
        self.reader = DraftQuery(request.GET, Report.objects.with_figures(), Edition.objects.all())
        return self.answer(extension) if self.reader.is_valid() else self.refuse()

    def answer(self, extension):
        address = self.request.build_absolute_uri(reverse("draft"))
        old = self.reader.compared_with
        known = published_figures(old) if isinstance(old, Edition) else published(old)
        drafted = draft(self.reader.drafted_edition, known, address)
        if extension:
            return HttpResponse(drafted.text, content_type="text/plain; charset=utf-8")
        context = {"paragraphs": drafted.paragraphs, "draft": self.reader, "old": old}
        context["differs"] = drafted.differs
        context["inexact"] = inexact_figures(old) if isinstance(old, Report) else []
        return render(self.request, "reports/draft.html", context)


class ReportDetail(QueryView):
    """A published report, figure by figure, beside the register."""

    def answer(self, slug):
        report = Report.objects.with_figures().filter(slug=slug).first()
        if report is None:
            raise Http404(_("There is no report “%s”.") % slug)
        cube = Project.published.cube()
        compared = reconcile(report, cube)
        context = {
            "report": report,
            "comparisons": compared,
            "agrees": all_agree(compared),
            "verdict": verdict(compared),
            "literal": literal_reading(report, compared, cube),
            "mentions": sum(cube.counts("region").values()),
            "with_region": cube.with_region,
            "regional_projects": cube.counts("scope")[Scope.REGIONAL],
        }
        return render(self.request, "reports/report_detail.html", context)


class Quality(QueryView):
    """How good the register is: the same numbers as on the desk, for everybody."""

    def answer(self):
        done, total = described()
        context = {
            "tasks": work_left(),
            "done": done,
            "total": total,
        }
        return render(self.request, "reports/quality.html", context)


class About(QueryView):
    """Where the data comes from, what is known how, and what each column means."""

    def answer(self):
        context = {
            "columns": PROJECT_TABLE.columns,
            "terms": TERMS,
            "provenance": [(value, MEANINGS[value]) for value in Provenance],
            "bases": [(value, MEANINGS[value]) for value in Basis],
            "entities": Entity.objects.order_by("search_text"),
        }
        return render(self.request, "reports/about.html", context)
