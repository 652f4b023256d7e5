"""Files that somebody sends, made from their content."""

import csv
import io
from tempfile import TemporaryFile

from openpyxl import Workbook

from projects.imports import batches
from projects.imports.sandbox import Columns
from projects.models import Batch


def upload(name: str, content: bytes, options, by=None, columns=Columns.OURS) -> Batch:
    """The batch that waits once a file of this content was uploaded."""
    with TemporaryFile() as file:
        file.write(content)
        file.flush()
        return batches.upload(name, file, options, by, columns)


NEW = {
    "reference": "",
    "title": "A new project",
    "priority_area": "youth",
    "priority_area_basis": "stated",
    "scope": "national",
    "scope_basis": "stated",
    "regions": "africa",
    "regions_basis": "stated",
    "countries": "KEN",
    "entities": "UNDP",
    "status": "ongoing",
    "start_date": "2019-05",
    "provenance": "confirmed",
    "source": "A/73/1, para. 2",
}


def csv_of(*rows: dict, delimiter=",", encoding="utf-8") -> bytes:
    """A CSV file of these rows, with the columns of the first."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, rows[0].keys(), delimiter=delimiter)
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_of(*rows: list) -> bytes:
    """A workbook of one sheet with these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
