"""The register as a table: one list of columns, one iterator of rows, and the writers over it."""

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import islice, product

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ..columns import COLUMNS, FREE_TEXT, NAMES, SEVERAL
from ..cube import REGION_COLUMNS
from ..models import Project
from ..vocabulary import MEANINGS, Region

TERMS = gettext_lazy(
    "The figures come from United Nations document A/72/621. The United Nations holds the rights "
    "in its documents; its terms of use apply (www.un.org/en/about-us/terms-of-use). This register "
    "is not an official United Nations publication and grants no licence to the data."
)


_BATCH = 2000
_REGIONS = {
    flags: [region for region, flag in zip(Region.values, flags, strict=True) if flag]
    for flags in product((False, True), repeat=len(Region.values))
}


def rows(projects) -> Iterator[list]:
    """Yield one list of cells per project, in the order of COLUMNS and of the queryset."""
    return (row for _key, row in keyed_rows(projects))


def keyed_rows(projects) -> Iterator[tuple[int, list]]:
    """Yield (primary key, cells) per project, in the order of COLUMNS and of the queryset.

    Cells are strings; those of a column with several values are lists of strings. Reads from one
    database cursor in constant memory; entities and countries come batch by batch.
    """
    first = NAMES.index("regions")
    plain = [name for name in NAMES if name not in ("regions", "countries", "entities")]
    fields = [*plain[:first], *REGION_COLUMNS.values(), *plain[first:], "pk"]
    last = first + len(REGION_COLUMNS)
    # Within a transaction PostgreSQL streams from the cursor; outside one it would first copy the
    # whole result. On SQLite a transaction would keep every writer waiting, and is not needed.
    with transaction.atomic() if connection.vendor == "postgresql" else nullcontext():
        found = projects.values_list(*fields).iterator(chunk_size=_BATCH)
        while batch := list(islice(found, _BATCH)):
            keys = [row[-1] for row in batch]
            countries = _linked(Project.countries.through, keys, "country__code")
            entities = _linked(Project.entities.through, keys, "entity__acronym")
            for row in batch:
                key = row[-1]
                yield (
                    key,
                    [
                        *row[:first],
                        _REGIONS[row[first:last]],
                        row[last],
                        countries.get(key, []),
                        entities.get(key, []),
                        *row[last + 1 : -2],
                        f"{row[-2].isoformat()[:19]}Z",
                    ],
                )


def _linked(through, keys: list[int], value: str) -> dict[int, list[str]]:
    first, last = min(keys), max(keys)
    # Rows in the order of their references have keys side by side: asking for the span is much
    # cheaper than for two thousand keys one by one. What it finds besides is not looked up.
    close = last - first < 4 * len(keys)
    condition = {"project__gte": first, "project__lte": last} if close else {"project__in": keys}
    linked: dict[int, list[str]] = {}
    for key, name in through.objects.filter(**condition).values_list("project_id", value):
        linked.setdefault(key, []).append(name)
    for names in linked.values():
        names.sort(key=str.casefold)  # the directory's order: codes and acronyms are ASCII
    return linked


# CSV

# A cell that a spreadsheet could run: optional apostrophes and spaces, then a sign that starts a
# formula in a spreadsheet or a command in its older exchange formats; full-width signs included.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n|%＝＋－＠]")


def defuse(text: str) -> str:
    """Return the text as a CSV cell carries it: with one ' before what could run as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def restore(cell: str) -> str:
    """Return the text that `defuse` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def write_csv(projects) -> Iterator[bytes]:
    """Yield the table as UTF-8 with BOM, comma, CRLF and RFC 4180 quoting, some rows at a time."""
    yield ("\ufeff" + ",".join(NAMES) + "\r\n").encode()
    table = rows(projects)
    while batch := list(islice(table, 500)):
        for row in batch:
            for place in SEVERAL:
                row[place] = ";".join(row[place])
            for place in FREE_TEXT:
                if row[place]:
                    row[place] = defuse(row[place])
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows(batch)
        yield buffer.getvalue().encode()


def read_csv(file: Iterable[str]) -> Iterator[list]:
    """Yield the cells of a file that `write_csv` wrote, as `rows` gave them.

    `file` is text opened with encoding "utf-8-sig" and newline "". Raises ValueError when the
    header is not the table's, or when a row has more or fewer cells.
    """
    table = csv.reader(file, strict=True)
    header = next(table, [])
    if header != NAMES:
        raise ValueError(
            _("The header is “%(found)s”; expected “%(expected)s”.")
            % {"found": ",".join(header), "expected": ",".join(NAMES)}
        )
    for row in table:
        if len(row) != len(NAMES):
            raise ValueError(
                _("Line %(line)d has %(found)d cells; expected %(expected)d.")
                % {"line": table.line_num, "found": len(row), "expected": len(NAMES)}
            )
        for place in FREE_TEXT:
            row[place] = restore(row[place])
        for place in SEVERAL:
            row[place] = row[place].split(";") if row[place] else []
        yield row


# JSON


def write_json(projects, count: int, filters: dict[str, list[str]]) -> Iterator[bytes]:
    """Yield {"count", "filters", "generated_at", "results"}: arrays where a cell has several."""
    head = {"count": count, "filters": filters, "generated_at": _now()}
    yield (json.dumps(head, ensure_ascii=False)[:-1] + ', "results": [').encode()
    table = rows(projects)
    separator = "\n"
    while batch := list(islice(table, 500)):
        lines = ",\n".join(
            json.dumps(dict(zip(NAMES, row, strict=True)), ensure_ascii=False) for row in batch
        )
        yield (separator + lines).encode()
        separator = ",\n"
    yield b"\n]}\n"


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# XLSX


def write_xlsx(projects, sentence: str, edition: str):
    """Return an open temporary file that holds a workbook: the table, "Dictionary" and "About".

    `sentence` says in words what was asked for, `edition` of which edition.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Projects"))
    sheet.freeze_panes = "B2"
    for place, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.append(head_cells(sheet, NAMES))
    count = 0
    for row in rows(projects):
        count += 1
        for place in SEVERAL:
            row[place] = ";".join(row[place])
        for place in FREE_TEXT:
            row[place] = _text(sheet, row[place])
        sheet.append(row)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{count + 1}"
    _dictionary(book)
    add_about(book, facts(sentence, count, edition))
    return saved(book)


def saved(book):
    """Return the workbook as an open temporary file, from its start; whoever sends it closes it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closing it here would delete it
    book.save(file)
    file.seek(0)
    return file


def _text(sheet, text: str):
    """A cell that is text whatever it looks like; what XML cannot carry becomes U+FFFD."""
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
    if text[:1] not in "=#":
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def head_cells(sheet, titles: Iterable[str]) -> list[WriteOnlyCell]:
    """Return the titles as bold cells of a write-only sheet."""
    cells = [WriteOnlyCell(sheet, str(title)) for title in titles]
    for cell in cells:
        cell.font = Font(bold=True)
    return cells


def _dictionary(book) -> None:
    sheet = book.create_sheet("Dictionary")
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCD", (20, 60, 40, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(head_cells(sheet, (_("Column"), _("Meaning"), _("Allowed value"), _("Label"))))
    for column in COLUMNS:
        if not column.vocabulary:
            sheet.append([column.name, str(column.meaning), str(column.allowed), ""])
        for slug, label in column.vocabulary:
            meaning = MEANINGS.get(slug)
            text = f"{label}: {meaning}" if meaning else str(label)
            sheet.append([column.name, str(column.meaning), slug, text])


def facts(sentence: str, count: int, edition: str) -> dict[str, str]:
    """Return where a file comes from: query and edition in words, how many, when, source, terms."""
    return {
        _("Query"): sentence,
        _("Projects"): str(count),
        _("Edition"): edition,
        _("Date"): timezone.now().strftime("%Y-%m-%d %H:%M UTC"),
        _("Source"): _("A/72/621, paras. 22, 24 and 25, and the paragraphs that each row names"),
        _("Allocation"): _(
            "A classification whose basis is “allocated” was assigned only so that totals equal "
            "paragraphs 24 and 25. It says nothing about the project."
        ),
        _("Licence"): str(TERMS),
    }


def add_about(book, known: dict[str, str]) -> None:
    """Add the sheet "About" to a write-only workbook, a line for each fact."""
    sheet = book.create_sheet("About")
    sheet.column_dimensions["A"].width = 20
    sheet.column_dimensions["B"].width = 100
    for name, fact in known.items():
        text = int(fact) if fact.isdecimal() else _text(sheet, fact)
        sheet.append([*head_cells(sheet, [name]), text])
