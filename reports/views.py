"""What is said about the register: overview, breakdowns, the published report, and about."""

from csp.decorators import csp_replace
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from projects.asking.filters import ProjectFilter
from projects.exports.rows import COLUMNS, TERMS, facts
from projects.models import Edition, Project
from projects.views import FilteredData, FilteredView, UnfilteredView
from projects.vocabulary import MEANINGS, Basis, Provenance, Scope
from projects.worklist import counts, probable_duplicates
from pvematrix.desk.site import described

from . import charts, files
from .breakdowns import BREAKDOWNS, Breakdown, breakdown, breakdowns
from .comparison import difference, paired, side
from .cross_table import cross_table
from .draft import figures, paragraphs
from .filters import ComparisonQuery, CrossTableFilter, DraftQuery
from .models import Report
from .reconciliation import all_agree, literal_reading, published, reconcile, verdict


def _charted(one: Breakdown, projects: ProjectFilter) -> dict:
    """What a page or an embedding needs to show a breakdown as chart and table."""
    # The report publishes no filtered figures: it is no source of them.
    published_in = _("A/72/621, para. %s") % one.paragraph
    origin = projects.sentence if projects.is_filtered else published_in
    source = f"{origin}; {_register(projects)}"
    return {
        "id": f"figure-{one.slug}",
        "breakdown": one,
        "figure": charts.bar(one, reverse("project-list"), source),
        "description": charts.describe(one),
        "register": _register(projects),
    }


def _register(projects: ProjectFilter) -> str:
    """Which register an image or an embedding shows, in words."""
    if projects.of_edition:
        return _("pvematrix register, edition “%s”") % projects.of_edition
    return _("pvematrix register, live, %s") % f"{timezone.now():%Y-%m-%d}"


class Overview(FilteredView):
    """The total, the three breakdowns, and whether the register equals the newest report."""

    def answer(self):
        report = Report.objects.basis()
        whole = self.filter.projects.cube() if self.filter.is_filtered else self.filter.cube
        comparisons = reconcile(report, whole, self.filter.of_edition) if report else []
        context = {
            "filter": self.filter,
            "scopes": [
                (Scope(slug).label, count)
                for slug, count in self.filter.cube.counts("scope").items()
            ],
            "provenance": self.filter.cube.counts("provenance"),
            "charts": [
                _charted(one, self.filter) for one in breakdowns(self.filter, published(report))
            ],
            "report": report,
            "agrees": all_agree(comparisons),
            "verdict": verdict(comparisons),
        }
        return render(self.request, "reports/overview.html", context)


class ReportList(UnfilteredView):
    """Every page that says something about the register, and the published reports."""

    def answer(self):
        cube = Project.objects.cube()
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
        one = breakdown(slug, self.filter, published(Report.objects.basis()))
        context = {
            "filter": self.filter,
            "chart": _charted(one, self.filter),
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
        return getattr(self, extension)(breakdown(slug, self.filter))

    def json(self, one: Breakdown):
        rows = [{"slug": row.slug, "label": row.label, "count": row.count} for row in one.rows]
        return JsonResponse({"total": one.total, "unit": one.unit, "rows": rows})

    def csv(self, one: Breakdown):
        rows = [[row.slug, row.label, row.count] for row in one.rows]
        name = f"{one.slug}-{self.filter.version}"
        return files.csv_file([["slug", "label", one.unit], *rows], name)


class CrossTablePage(FilteredView):
    """Two dimensions at once, as a table."""

    filter_class = CrossTableFilter

    def answer(self):
        context = {"filter": self.filter, "table": cross_table(self.filter)}
        return render(self.request, "reports/cross_table.html", context)


class CrossTableData(FilteredData):
    """The cross-table exactly as it is shown, as a file."""

    filter_class = CrossTableFilter

    def answer(self, extension):
        table = cross_table(self.filter)
        known = facts(self.filter.sentence, self.filter.total, self.filter.edition_words)
        known |= self.filter.shown_as
        if extension == "json":
            return files.json_file(table.grid, known)
        write = {"csv": files.csv_file, "xlsx": files.xlsx_file}[extension]
        return write(table.grid, f"cross-table-{self.filter.version}", known)


class Comparison(FilteredView):
    """Two filtered registers side by side."""

    filter_class = ComparisonQuery

    def answer(self):
        a, b = self.filter.cleaned_data["a"], self.filter.cleaned_data["b"]
        context = {
            "a": side("A", a),
            "b": side("B", b),
            "difference": difference(a.total, b.total),
            "breakdowns": paired(a, b),
        }
        return render(self.request, "reports/comparison.html", context)

    def refuse(self):
        """Return the 400 with both queries as they were asked, to be mended."""
        asked = {"faults": self.filter.messages, "asked": self.request.GET}
        return render(self.request, "reports/comparison_refused.html", asked, status=400)


class Draft(FilteredView):
    """Paragraphs for the next report; `extension` txt gives them as plain text."""

    def get(self, request, extension=""):
        self.filter = DraftQuery(request.GET, Report.objects.with_figures(), Edition.objects.all())
        if not self.filter.is_valid():
            return self.refuse()
        cube = Project.every.of_edition(self.filter.of_edition).cube()
        old = self.filter.compared_with
        published_before = (
            figures(Project.every.of_edition(old).cube())
            if isinstance(old, Edition)
            else published(old)
        )
        drafted = paragraphs(cube, published_before, self.footer())
        if extension:
            text = "\n\n".join(paragraph.text for paragraph in drafted) + "\n"
            return HttpResponse(text, content_type="text/plain; charset=utf-8")
        context = {"paragraphs": drafted, "draft": self.filter, "old": old}
        context["differs"] = any(paragraph.differs for paragraph in drafted)
        return render(request, "reports/draft.html", context)

    def footer(self) -> str:
        """Return what ends every paragraph: date, edition and address of its figures."""
        address = self.request.build_absolute_uri(reverse("draft"))
        edition = self.filter.of_edition
        if edition:
            address = f"{address}?edition={edition.slug}"
            known = {"edition": edition, "date": edition.date, "address": address}
            return _("(Register of %(date)s, edition “%(edition)s”; %(address)s)") % known
        known = {"date": date_format(timezone.now(), "j F Y"), "address": address}
        return _("(Register of %(date)s, live; %(address)s)") % known


class ReportDetail(UnfilteredView):
    """A published report, figure by figure, beside the register."""

    def answer(self, slug):
        report = get_object_or_404(Report.objects.with_figures(), slug=slug)
        cube = Project.objects.cube()
        comparisons = reconcile(report, cube)
        context = {
            "report": report,
            "comparisons": comparisons,
            "agrees": all_agree(comparisons),
            "verdict": verdict(comparisons),
            "literal": literal_reading(report, comparisons, cube),
            "mentions": sum(cube.counts("region").values()),
            "with_region": cube.with_region,
            "regional_projects": cube.counts("scope")[Scope.REGIONAL],
        }
        return render(self.request, "reports/report_detail.html", context)


class Quality(UnfilteredView):
    """How good the register is: the same numbers as on the desk, for everybody."""

    def answer(self):
        done, total = described()
        context = {
            "tasks": counts(),
            "duplicates": len(probable_duplicates()),
            "done": done,
            "total": total,
        }
        return render(self.request, "reports/quality.html", context)


class About(UnfilteredView):
    """Where the data comes from, what is known how, and what each column means."""

    def answer(self):
        context = {
            "columns": COLUMNS,
            "terms": TERMS,
            "provenance": [(value, MEANINGS[value]) for value in Provenance],
            "bases": [(value, MEANINGS[value]) for value in Basis],
        }
        return render(self.request, "reports/about.html", context)
