"""Files that somebody sends, made from their content."""

import csv
import io
from functools import partial
from itertools import pairwise
from tempfile import TemporaryFile

from django.core.management import CommandError, call_command
from openpyxl import Workbook

from projects.imports import batches
from projects.models import Batch


def upload(name: str, content: bytes, options, by=None, read=batches.upload) -> Batch:
    """The batch that waits once a file of this content was uploaded."""
    with TemporaryFile() as file:
        file.write(content)
        file.flush()
        return read(name, file, options, by)


as_sheet = partial(batches.upload, mapped=False)
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
    "source": "A/70/674, para. 2",
}


def csv_of(*rows: dict, delimiter=",", encoding="utf-8") -> bytes:
    """A CSV file of these rows, with the columns of the first."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, rows[0].keys(), delimiter=delimiter)
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode(encoding)


def confirm(client, page: str, reason="The Plan of Action"):
    """Confirm what a preview shows."""
    digest = client.get(page).context["preview"].digest
    return client.post(page, {"digest": digest, "reason": reason})


def command(name: str, file, *options) -> tuple[int, list[str]]:
    """Run a command that imports a file: its exit status, and the lines that it prints."""
    said = io.StringIO()
    try:
        call_command(name, file, *options, stdout=said, stderr=said)
    except SystemExit as ended:
        return ended.code, said.getvalue().splitlines()
    except CommandError as refused:
        return refused.returncode, [str(refused)]
    return 0, said.getvalue().splitlines()


def xlsx_of(*rows: list) -> bytes:
    """A workbook of one sheet with these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def pdf_of(*pages: list[list[str | None]], ruled: bool = True, more: bytes = b"") -> bytes:
    """A PDF with a table on each page: with lines around its cells, or between its rows only.

    A cell that is None is spanned by the one above it. `more` is drawn on each page besides.
    """
    contents = [_drawn(rows, ruled) + more for rows in pages]
    kids = b" ".join(b"%d 0 R" % (4 + 2 * place) for place in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for place, content in enumerate(contents):
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9000 %d] /Contents %d 0 R"
            b" /Resources << /Font << /F 3 0 R >> >> >>" % (_HIGH, 5 + 2 * place),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    return pdf_with(objects)


def pdf_with(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalog."""
    out, starts = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (size, trailer)
        + b"startxref\n%d\n%%%%EOF\n" % len(out)
    )


# Points: how high a page is, how high a row, how wide a sign at most.
_HIGH, _ROW, _SIGN = 800, 14, 4.5


def _drawn(rows: list[list[str | None]], ruled: bool) -> bytes:
    drawn = []
    # Each column is as wide as its longest text.
    lefts = [20.0]
    for texts in zip(*rows, strict=True):
        lefts.append(lefts[-1] + 10 + _SIGN * max(len(text or "") for text in texts))
    for line, row in enumerate(rows):
        top = _HIGH - 40 - line * _ROW
        for text, (left, right) in zip(row, pairwise(lefts), strict=True):
            if text is not None:
                drawn.append(f"{left} {top} m {right} {top} l S")
                signs = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
                drawn.append(f"BT /F 7 Tf {left + 3} {top - 10} Td ({signs}) Tj ET")
            for side in (left, right) if ruled else ():
                drawn.append(f"{side} {top} m {side} {top - _ROW} l S")
    foot = _HIGH - 40 - len(rows) * _ROW
    drawn.append(f"20 {foot} m {lefts[-1]} {foot} l S" if rows else "")
    return "\n".join(drawn).encode("cp1252")
