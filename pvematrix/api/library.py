"""The report by the API: statements, documents and paragraphs, reports and figures."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from reports import models
from reports.library.statements import StatementQuery, TextQuery
from reports.library.text import text_found
from reports.queries import EditionQuery
from reports.reconciliation import reconcile

from .readers import Numbered, Paged
from .shapes import SHAPES
from .views import OneRecord, Records, Row


class OfReport(Records):
    tag = _("The report")


class Statements(OfReport):
    summary = _("Statements, by kind.")
    shape = "Statement"
    forms: Any = (Paged, StatementQuery)
    order = ("kind", "position", "code")

    def records(self) -> Iterable[Any]:
        return self.reader.found


class OneStatement(OneRecord, Statements):
    def records(self) -> Any:
        return models.Statement.published.of_kinds()


class Documents(OfReport):
    summary = _("Documents, by slug.")
    shape = "Document"

    def records(self) -> QuerySet[Any]:
        return models.Document.objects.annotate(paragraph_count=Count("paragraphs"))

    def row(self, record: Any) -> Row:
        return {**super().row(record), "paragraphs": record.paragraph_count}


class Paragraphs(OfReport):
    summary = _("Paragraphs and footnotes of a document, or those that have the words given.")
    shape = "Paragraph"
    forms: Any = (Paged, TextQuery, Numbered)
    order = ("position",)

    @property
    def slug(self) -> str:
        return self.kwargs["slug"]

    @cached_property
    def document(self) -> models.Document:
        found = models.Document.objects.filter(slug=self.slug).first()
        if found is None:
            raise Http404
        return found

    def records(self) -> Iterable[Any]:
        found, numbers = text_found(self.document, self.reader.is_found), self.parameters["number"]
        if not (found or self.document.paragraphs.exists()):
            raise Http404(_("The register does not have the text of %s.") % self.document)
        return [one for one in found if not numbers or {one.number, one.carried_by} & {*numbers}]


class Reports(OfReport):
    summary = _("Reports, by slug.")
    shape = "Report"
    model = models.Report


class OneReport(OneRecord, Reports):
    shape = "ReportWithFigures"
    forms = (EditionQuery,)

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
