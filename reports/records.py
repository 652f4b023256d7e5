"""Statements, figures, entities and countries as files."""

from dataclasses import replace
from typing import Any

from django.apps import apps
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.asking import Asked
from projects.asking.links import parameters_of
from projects.asking.reference import version_of
from projects.codes import alpha_2
from projects.exports import TERMS, write_xlsx
from projects.history import text_of
from projects.listing import file_name_of
from projects.pages import FilteredData, RefusedAsText

from .data_package import FILES, KNOWN
from .files import download, records_file
from .library.statements import StatementQuery
from .models import FIGURE_TABLE, Report


class StatementData(RefusedAsText):
    """The statements that are asked for, as CSV or XLSX."""

    reader_class = StatementQuery

    def answer(self, extension: str) -> HttpResponseBase:
        title, _path, table = FILES["statements"]
        snapshots = (one.snapshot() for one in self.reader.found)
        rows = [{name: values[name] for name in table.names} for values in snapshots]
        given = self.reader.cleaned_data.items()
        asked = {name: sorted(values) for name, values in given if values}
        file_name = file_name_of(f"statements-{version_of(Asked())}", asked)
        if extension == "csv":
            return records_file(rows, table, file_name)
        grid = [[text_of(cell) for cell in row.values()] for row in rows]
        about = {
            _("Query"): self.reader.sentence,
            str(title): str(len(grid)),
            _("Date"): timezone.now().strftime("%Y-%m-%d %H:%M UTC"),
            _("Source"): _("The source that each row names"),
            _("Reading"): _(
                "Titles, kinds and tags are our reading of the words, unless marked as stated."
            ),
            _("Licence"): str(TERMS),
        }
        return download(write_xlsx(str(title), table, grid, about), file_name, extension)


class FigureData(RefusedAsText):
    """The figures that reports publish."""

    def answer(self, name: str, extension: str) -> HttpResponseBase:
        rows = [
            {
                **{name: getattr(figure, name, "") for name in FIGURE_TABLE.names},
                **{name: getattr(report, name) for name in ("symbol", "title", "publisher")},
                "report": report.slug,
                "report_date": report.date,
                "undated": "yes" if report.is_undated else "",
                "comparable": "yes" if figure.comparable else "no",
                "population": figure.counted,
                "address": figure.source,
            }
            for report in Report.published.with_figures().order_by("slug")
            for figure in report.figures.all()
        ]
        return records_file(rows, FIGURE_TABLE, f"{name}-{version_of(Asked())}")


class DirectoryData(FilteredData):
    """The entities or countries, with the answer for each; those of a filter, if there is one."""

    def answer(self, name: str, extension: str) -> HttpResponseBase:
        asked, selection = self.asked, self.selection
        table, facet = FILES[name].table, {"entities": "entity", "countries": "country"}[name]
        if asked.filled_in:
            table = replace(table, columns=(*table.columns, KNOWN[-1]))
        rows = []
        records: Any = apps.get_model(table.model)._default_manager
        for record in records.public().values():
            answer = selection.answer_with(facet, record[table.identifier])
            if asked.is_filtered and answer.short == "0":
                continue
            codes = {"alpha_2": alpha_2(str(record.get("code")))}
            values = record | codes | answer.as_data(asked.filled_in)
            rows.append({column: values[column] for column in table.names})
        file_name = file_name_of(f"{name}-{version_of(asked)}", parameters_of(asked))
        return records_file(rows, table, file_name)
