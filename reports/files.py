"""A table of a page as a file: the same cells, and below them where they come from."""

from django.http import FileResponse, HttpResponse, JsonResponse
from openpyxl import Workbook

from projects.exports import add_about, head_cells, saved, write_lines
from projects.pages import CONTENT_TYPES


def disposition(name: str, extension: str) -> str:
    """Return the value of a Content-Disposition header for a file to keep."""
    return f'attachment; filename="pve-{name}.{extension}"'


def csv_file(grid: list[list], name: str, facts: dict[str, str] | None = None) -> HttpResponse:
    """Return the grid as CSV; `facts` follow after an empty line."""
    lines = [*grid, *([[], *facts.items()] if facts else [])]
    response = HttpResponse(b"".join(write_lines(lines)), content_type=CONTENT_TYPES["csv"])
    response["Content-Disposition"] = disposition(name, "csv")
    return response


def xlsx_file(grid: list[list[str]], name: str, facts: dict[str, str]) -> FileResponse:
    """Return the grid as a workbook, numbers as numbers; `facts` are its sheet "About"."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Table")
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 60
    sheet.append(head_cells(sheet, grid[0]))
    for line in _with_numbers(grid[1:]):
        sheet.append(line)
    add_about(book, facts)
    response = FileResponse(saved(book), content_type=CONTENT_TYPES["xlsx"])
    response["Content-Disposition"] = disposition(name, "xlsx")
    return response


def json_file(grid: list[list[str]], facts: dict[str, str]) -> JsonResponse:
    """Return the facts and, under "table", the grid as JSON, numbers as numbers."""
    table = [grid[0], *_with_numbers(grid[1:])]
    return JsonResponse({**facts, "table": table}, json_dumps_params={"ensure_ascii": False})


def _with_numbers(lines: list[list[str]]) -> list[list[str | int]]:
    return [
        [label, *(int(text) if text.isdecimal() else text for text in cells)]
        for label, *cells in lines
    ]
