"""Statements as files."""

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.asking import Asked
from projects.asking.reference import version_of
from projects.exports import TERMS, write_xlsx
from projects.history import text_of
from projects.listing import file_name_of
from projects.pages import RefusedAsText

from .data_package import STATEMENTS
from .files import download, records_file
from .library.statements import StatementQuery


class StatementData(RefusedAsText):
    """The statements that are asked for, as CSV or XLSX."""

    reader_class = StatementQuery

    def answer(self, extension: str) -> HttpResponseBase:
        table = STATEMENTS.table
        snapshots = (one.snapshot() for one in self.reader.found)
        rows = [{name: values[name] for name in table.names} for values in snapshots]
        given = self.reader.cleaned_data.items()
        asked = {name: sorted(values) for name, values in given if values}
        file_name = file_name_of(f"{STATEMENTS.name}-{version_of(Asked())}", asked)
        if extension == "csv":
            return records_file(rows, table, file_name)
        grid = [[text_of(cell) for cell in row.values()] for row in rows]
        title, about = str(STATEMENTS.title), self._facts(len(grid))
        return download(write_xlsx(title, table, grid, about), file_name, extension)

    def _facts(self, count: int) -> dict[str, str]:
        return {
            _("Query"): self.reader.sentence,
            str(STATEMENTS.title): str(count),
            _("Date"): timezone.now().strftime("%Y-%m-%d %H:%M UTC"),
            _("Source"): _("The source that each row names"),
            _("Reading"): _(
                "Titles, kinds and tags are our reading of the words, unless marked as stated."
            ),
            _("Licence"): str(TERMS),
        }
