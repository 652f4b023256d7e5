"""PDF tables: read page by page, shown for checking, and imported as any sheet."""

import io
import zlib
from random import Random

import pytest
from django.core.management import CommandError, call_command

from projects.imports.files import read_any
from projects.imports.lines import Refused
from projects.models import Project
from reports.models import Report
from reports.reconciliation import reconcile

from .annex import HEADINGS, Walk, matrix
from .files import NEW, as_sheet, csv_of, pdf_of, pdf_with, upload

pytestmark = pytest.mark.long

HEAD = ["Title", "Lead entity", "Scope"]


def read(content: bytes) -> list:
    return [*read_any("x.pdf", io.BytesIO(content))]


def refusal(content: bytes) -> str:
    """Why a file is refused, by the process that reads it."""
    with pytest.raises(Refused) as error:
        upload("x.pdf", content, {}, read=as_sheet)
    return str(error.value)


def test_the_rows_of_a_pdf_are_numbered_through():
    content = pdf_of(
        [HEAD, ["Radio for “all”", "UNESCO", "Global"], ["Schools", "", "National (Kenya)"]],
        [HEAD, ["Côte à côte", "UNDP", "Global"]],
    )
    assert read(content) == [
        (0, [""]),
        (1, HEAD),
        (2, ["Radio for “all”", "UNESCO", "Global"]),
        (3, ["Schools", "", "National (Kenya)"]),
        (4, HEAD),
        (5, ["Côte à côte", "UNDP", "Global"]),
    ]
    # A cell over several rows is in each of them, an empty one is not.
    content = pdf_of([HEAD, ["One", "UNESCO", "Global"], [None, "Two", ""]])
    assert [cells for _number, cells in read(content)[2:]] == [
        ["One", "UNESCO", "Global"],
        ["One", "Two"],
    ]
    # Columns without lines are told by what is white all the way down.
    rows = [HEAD, ["Radio for all who listen", "UNESCO", "Global"], ["Schools", "UNDP", "National"]]
    assert [cells for _number, cells in read(pdf_of(rows, ruled=False))[1:]] == rows


def scanned() -> bytes:
    """A page with lines on it and no text."""
    return pdf_of([], more=b"20 20 m 90 20 l S 20 40 m 90 40 l S")


def locked() -> bytes:
    """A PDF that asks for a password which nobody has."""
    plain = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >>" % (b"o" * 32, b"u" * 32)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 0 /Kids [] >>", plain]
    return pdf_with(objects, b"/Encrypt 3 0 R /ID [(a) (b)]")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (scanned(), "No table with lines and text was found in the PDF."),
        (locked(), "The file is encrypted. Save it without a password."),
        (b"%PDF-1.7\nnothing of the kind", "The file is broken. "),
        (pdf_of([HEAD])[:300], "The file is broken. "),
        (csv_of(NEW), "The name “x.pdf” does not fit the content. Allowed: .csv"),
    ],
    ids=["scanned", "locked", "no PDF", "cut off", "a CSV"],
)
def test_what_cannot_be_read_is_refused_by_name(content, message):
    assert refusal(content).startswith(message)


def test_a_pdf_of_too_many_pages_is_refused(settings):
    settings.IMPORT_LIMITS = settings.IMPORT_LIMITS | {"pages": 2}
    assert refusal(pdf_of(*[[HEAD]] * 3)) == "The PDF has 3 pages. At most 2 are allowed."


@pytest.mark.apart
def test_a_pdf_that_unpacks_to_more_than_memory_is_refused():
    packed = zlib.compress(b" " * 400_000_000, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    assert refusal(pdf_with(objects)) == (
        "Reading the file takes more than 300000000 bytes. Send only its table, as CSV."
    )


@pytest.mark.apart
def test_a_pdf_that_takes_too_long_is_refused(settings):
    settings.IMPORT_LIMITS = settings.IMPORT_LIMITS | {"pdf_seconds": 1}
    many = b"".join(b"%d %d m %d 790 l S\n" % (n % 997, n % 7, n % 991) for n in range(60_000))
    assert refusal(pdf_of([HEAD], more=many)).startswith(
        "Reading the file takes more than 1 seconds. Send only its table, as CSV."
    )


def test_pages_that_refer_to_themselves_are_no_trap():
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>",
    ]
    assert refusal(pdf_with(objects)).startswith("No table with lines and text")


def test_the_command_leaves_pdf_to_the_desk(register, tmp_path):
    (tmp_path / "x.pdf").write_bytes(pdf_of([HEAD]))
    with pytest.raises(CommandError, match="A PDF can only be imported at the desk"):
        call_command("import_projects", str(tmp_path / "x.pdf"))


@pytest.mark.apart
def test_an_annex_as_pdf_is_checked_row_by_row_and_leaves_every_figure(register, admin_client):
    annex = matrix(Random(5))
    lines = [
        [
            *("", row["title"], row["entities"], row["area"], row["scope"]),
            *("; ".join(row["regions"]), row["status"]),
        ]
        for row in annex
    ]
    head = [*HEADINGS]
    content = pdf_of(*([head, *lines[start : start + 45]] for start in range(0, 223, 45)))
    walk = Walk(admin_client, "annex.pdf", content)
    assert walk.step == "map"
    walk.map()
    rows = walk.address.replace(walk.step, "sheet") + "?all=yes&page=9"
    assert "All 223 rows" in (page := admin_client.get(rows).content.decode())
    assert page.count(f">{annex[222]['title']}</td>") == 1
    walk.translate()
    walk.match(is_complete="yes")
    counts = walk.page.context["preview"].counts
    assert (counts["added"], counts["changed"]) == (211, 12)
    walk.confirm()
    assert all(one.agrees for one in reconcile(Report.published.basis()))
    last = Project.published.get(title=annex[222]["title"])
    assert last.get_priority_area_display() == annex[222]["area"]
