"""Statements and plans as files, in the columns that imports take."""

from django.utils import timezone
from django.utils.translation import gettext as _

from projects.asking import Asked
from projects.asking.words import version_of
from projects.columns import Layout
from projects.exports import TERMS, write_xlsx
from projects.history import text_of
from projects.listing import file_name_of
from projects.pages import RefusedAsText

from .data_package import PLANS, STATEMENTS, Resource
from .files import download, records_file
from .library.statements import PlanQuery, StatementQuery


class RecordsData(RefusedAsText):
    """The records that are asked for, as CSV or XLSX."""

    resource: Resource

    def answer(self, extension):
        table = self.resource.table
        snapshots = (one.snapshot() for one in self.reader.records)
        rows = [{name: values[name] for name in table.names} for values in snapshots]
        given = self.reader.cleaned_data.items()
        asked = {name: sorted(values) for name, values in given if values}
        file_name = file_name_of(f"{self.resource.name}-{version_of(Asked())}", asked)
        if extension != "xlsx":
            return records_file(rows, table, file_name)
        grid = [[text_of(cell) for cell in row.values()] for row in rows]
        title, about = str(self.resource.title), self._facts(len(grid))
        return download(write_xlsx(title, Layout(table), grid, about), file_name, extension)

    def _facts(self, count: int) -> dict[str, str]:
        return {
            _("Query"): self.reader.sentence,
            str(self.resource.title): str(count),
            _("Date"): timezone.now().strftime("%Y-%m-%d %H:%M UTC"),
            _("Source"): _("The source that each row names"),
            _("Reading"): _(
                "Titles, kinds and tags are our reading of the words, unless marked as stated."
            ),
            _("Licence"): str(TERMS),
        }


class StatementData(RecordsData):
    reader_class = StatementQuery
    resource = STATEMENTS


class PlanData(RecordsData):
    """The registered plans, those of the page with the same query."""

    reader_class = PlanQuery
    resource = PLANS
