"""A page's table as a file: the same cells, and their source."""

from collections.abc import Mapping
from typing import IO, Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase

from projects.columns import Table
from projects.exports import write_lines
from projects.history import text_of
from projects.pages import CONTENT_TYPES


def flat(data: Mapping) -> dict[str, str | int | None]:
    """Return data for a line of a file: lists joined by semicolons."""
    return {k: "; ".join(map(str, v)) if isinstance(v, list) else v for k, v in data.items()}


def as_download(response: HttpResponseBase, name: str, extension: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="pve-{name}.{extension}"'
    return response


def download(content: bytes | IO[bytes], name: str, extension: str) -> HttpResponseBase:
    """Return bytes, or an open file that is closed when it is sent, as a file of that name."""
    response: Any = HttpResponse if isinstance(content, bytes) else FileResponse
    return as_download(response(content, content_type=CONTENT_TYPES[extension]), name, extension)


def csv_file(grid: list[list], name: str) -> HttpResponseBase:
    return download(b"".join(write_lines(grid)), name, "csv")


def records_file(rows: list[dict], table: Table, name: str) -> HttpResponseBase:
    """Return records by the names of a table's columns as CSV."""
    lines = [[text_of(row[name]) for name in table.names] for row in rows]
    return download(b"".join(write_lines([table.names, *lines], table.free_text)), name, "csv")
