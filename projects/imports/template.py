"""The workbook to send to entities: the columns to fill in, drop-downs, and instructions."""

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ..columns import PROJECT_TABLE, QUOTATIONS, Column
from ..exports import for_paper
from ..vocabulary import MEANINGS

# Rows that have drop-downs; more can be filled in.
ROWS_WITH_CHOICES = 1000


def import_template() -> bytes:
    """Return an XLSX file for projects: an empty table with drop-downs, and instructions."""
    table = PROJECT_TABLE
    book = Workbook()
    sheet = book.active
    sheet.title = _("Projects")
    columns = [table.by_name[name] for name in table.kept]
    sheet.append([column.name for column in columns])
    sheet.freeze_panes = "A2"
    for_paper(sheet, [column.width for column in columns])
    for place, column in enumerate(columns, start=1):
        letter = get_column_letter(place)
        sheet[f"{letter}1"].font = Font(bold=True)
        # As text, or a spreadsheet turns 2017-06 into a day.
        for cell in sheet[f"{letter}2:{letter}{ROWS_WITH_CHOICES}"]:
            cell[0].number_format = "@"
        if column.vocabulary and not column.several:
            slugs = ",".join(slug for slug, _label in column.vocabulary)
            choice = DataValidation(type="list", formula1=f'"{slugs}"', allow_blank=True)
            choice.add(f"{letter}2:{letter}{ROWS_WITH_CHOICES}")
            sheet.add_data_validation(choice)
    # The last one may be added; without it the words that the register quotes stay.
    _instructions(book, [*columns, QUOTATIONS])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _instructions(book: Workbook, columns: Sequence[Column]) -> None:
    sheet = book.create_sheet(_("Instructions"))
    for_paper(sheet, (22, 60, 70), head="6:6")
    for line in (
        _("Write only what a source says. Leave empty what none gives."),
        _("Leave “reference” empty for a new project."),
        _("Separate several values with semicolons."),
        _("An empty cell clears the value in the register. To keep values, delete the column."),
    ):
        sheet.append([line])
    sheet.append([])
    sheet.append([_("Column"), _("Meaning"), _("Allowed")])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for column in columns:
        allowed = "\n".join(
            f"{slug}: {MEANINGS.get(slug) or label}" for slug, label in column.vocabulary
        )
        sheet.append([column.name, str(column.meaning), allowed or str(column.allowed)])
        for cell in sheet[sheet.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
