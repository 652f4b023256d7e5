"""The report by the API: statements, documents and paragraphs, reports and figures."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from reports import models
from reports.library.text import text_found
from reports.queries import EditionQuery
from reports.reconciliation import reconcile

from .readers import ParagraphsQuery, StatementsQuery
from .shapes import SHAPES
from .views import OneRecord, Records, Row


class OfReport(Records):
    tag = _("The report")


class Statements(OfReport):
    summary = _("Statements, by kind.")
    shape = "Statement"
    reader_class = StatementsQuery
    order = ("kind", "position", "code")

    def records(self) -> Iterable[Any]:
        return self.reader.found


class OneStatement(OneRecord, Statements):
    def records(self) -> Any:
        return models.Statement.published.of_kinds()


class Paragraphs(OfReport):
    summary = _("Paragraphs and footnotes, word for word.")
    shape = "Paragraph"
    reader_class = ParagraphsQuery

    def records(self) -> Iterable[models.Paragraph]:
        asked, numbers = self.parameters["document"], {*self.parameters["number"]}
        documents = models.Document.objects.with_text()
        for document in documents.filter(slug__in=asked) if asked else documents:
            for one in text_found(document, self.reader.is_found):
                if not numbers or {one.number, one.carried_by} & numbers:
                    yield one

    def place_of(self, record: models.Paragraph) -> list[Any]:
        return [record.document.slug, record.position]

    def row(self, record: models.Paragraph) -> Row:
        return super().row(record) | {"document": record.document.slug}


class Reports(OfReport):
    summary = _("Reports, by slug.")
    shape = "Report"
    model = models.Report


class OneReport(OneRecord, Reports):
    shape = "ReportWithFigures"
    reader_class = EditionQuery

    def records(self) -> QuerySet[Any]:
        return models.Report.published.with_figures()

    def row(self, record: Any) -> Row:
        edition = self.reader.edition_asked
        record.is_of_edition = bool(edition and edition.report == record.slug)
        compared = ("label", "register", "register_state", "agrees")
        figures = [
            {
                name: getattr(total if name in compared else total.figure, name)
                for name in SHAPES["Figure"]["properties"]
            }
            | {"population": total.figure.counted, "address": total.figure.source}
            for total in reconcile(record, edition=edition)
        ]
        return {**super().row(record), "figures": figures}
