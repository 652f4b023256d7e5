"""The report by the API: statements, plans, documents and paragraphs, reports and figures."""

from django.db.models import Count
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking import whole_cube
from reports import models
from reports.library.text import text_found
from reports.reconciliation import reconcile

from . import readers, shapes
from .views import ApiView, ListView, Row

THE_REPORT = gettext_lazy("The report")


def statement_row(one: models.Statement) -> Row:
    """Return a statement as the API gives it: its columns, lists as lists."""
    kept = one.snapshot()
    columns = {name: kept[name] for name in models.STATEMENT_TABLE.names}
    return {**columns, "areas": one.area_list, "projects": one.references}


class Statements(ListView):
    summary = gettext_lazy("The statements of a query, by kind, each kind in its order.")
    reader_class = readers.StatementsQuery
    answers = shapes.listed(shapes.Statement, shapes.Counted)
    tag = THE_REPORT

    def answer(self):
        found = sorted(([one.kind, one.position, one.code], one) for one in self.reader.found)
        return self.page_of([(place, statement_row(one)) for place, one in found])


class OneStatement(ApiView):
    summary = gettext_lazy("One statement.")
    reader_class = readers.OneStatementQuery
    answers = shapes.Statement
    tag = THE_REPORT

    def answer(self, code):
        found = models.Statement.published.of_kinds().filter(code=code).first()
        return self.one(
            statement_row(found) if found else None, _("There is no statement “%s”.") % code
        )


def plan_row(one: models.Plan) -> Row:
    """Return a plan as the API gives it: its columns, lists as lists."""
    kept = one.snapshot()
    columns = {name: kept[name] for name in models.PLAN_TABLE.names}
    return {**columns, "areas": one.area_list, "projects": one.references}


def _plans():
    return models.Plan.published.select_related("country")


class Plans(ListView):
    summary = gettext_lazy("The plans of action that staff registered from sources, by slug.")
    details = gettext_lazy(
        "The report names no national plan, so there is none until staff register one."
    )
    reader_class = readers.PlansQuery
    answers = shapes.listed(shapes.Plan, shapes.Counted)
    tag = THE_REPORT

    def answer(self):
        found = sorted(([one.slug], one) for one in _plans())
        return self.page_of([(place, plan_row(one)) for place, one in found])


class OnePlan(ApiView):
    summary = gettext_lazy("One plan of action.")
    reader_class = readers.OnePlanQuery
    answers = shapes.Plan
    tag = THE_REPORT

    def answer(self, slug):
        found = _plans().filter(slug=slug).first()
        return self.one(plan_row(found) if found else None, _("There is no plan “%s”.") % slug)


def document_row(one: models.Document) -> Row:
    """Return a document as the API gives it."""
    names = ("slug", "symbol", "title", "kind", "date", "address", "note")
    row = {name: getattr(one, name) for name in names}
    return {**row, "paragraphs": one.paragraph_count}  # type: ignore[attr-defined]  # annotated


def _documents():
    return models.Document.objects.annotate(paragraph_count=Count("paragraphs"))


def _no_document(slug: str) -> str:
    return _("There is no document “%s”.") % slug


class Documents(ListView):
    summary = gettext_lazy("The documents that the report names, or that staff cite, by slug.")
    reader_class = readers.DocumentsQuery
    answers = shapes.listed(shapes.Document, shapes.Counted)
    tag = THE_REPORT

    def answer(self):
        found = sorted(([one.slug], one) for one in _documents())
        return self.page_of([(place, document_row(one)) for place, one in found])


class OneDocument(ApiView):
    summary = gettext_lazy("One document.")
    reader_class = readers.OneDocumentQuery
    answers = shapes.Document
    tag = THE_REPORT

    def answer(self, slug):
        found = _documents().filter(slug=slug).first()
        return self.one(found and document_row(found), _no_document(slug))


class Paragraphs(ListView):
    summary = gettext_lazy(
        "The text of a document; with words, the paragraphs that have them, with their footnotes."
    )
    reader_class = readers.ParagraphsQuery
    answers = shapes.listed(shapes.Paragraph, shapes.Counted)
    tag = THE_REPORT

    def answer(self, slug):
        document = models.Document.objects.filter(slug=slug).first()
        if document is None:
            raise Http404(_no_document(slug))
        names = [name for name, _label in shapes.keys(shapes.Paragraph)]
        return self.page_of(
            [
                ([one.position], {name: getattr(one, name) for name in names})
                for one in text_found(document, self.reader.is_found)
            ]
        )


def report_row(report: models.Report) -> Row:
    """Return a report as the API gives it, without its figures."""
    names = ("slug", "symbol", "title", "date", "link", "is_basis")
    return {name: getattr(report, name) for name in names}


class Reports(ListView):
    summary = gettext_lazy("The documents that publish totals of the register, by slug.")
    reader_class = readers.ReportsQuery
    answers = shapes.listed(shapes.Report, shapes.Counted)
    tag = THE_REPORT

    def answer(self):
        found = sorted(([one.slug], one) for one in models.Report.objects.all())
        return self.page_of([(place, report_row(one)) for place, one in found])


class OneReport(ApiView):
    summary = gettext_lazy("One report, figure by figure, beside the register or an edition.")
    reader_class = readers.ReportQuery
    answers = shapes.ReportWithFigures
    tag = THE_REPORT

    def answer(self, slug):
        report = models.Report.objects.with_figures().filter(slug=slug).first()
        if report is None:
            raise Http404(_("There is no report “%s”.") % slug)
        row = report_row(report)
        if self.wants("figures"):
            edition = self.reader.edition_asked
            compared = reconcile(report, whole_cube(edition), edition)
            row["figures"] = [
                {
                    "paragraph": one.figure.paragraph,
                    "label": one.label,
                    "query": one.figure.query,
                    "unit": one.figure.unit,
                    "comparator": one.figure.comparator,
                    "value": one.figure.value,
                    "date": one.figure.date,
                    "register": one.register,
                    "agrees": one.agrees,
                }
                for one in compared
            ]
        return self.one(row, "")
