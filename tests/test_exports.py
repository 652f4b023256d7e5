"""Files: safe to open, lossless, streamed."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from projects.exports import rows as exports
from projects.models import Country, Entity, Project


def csv_of() -> bytes:
    return b"".join(exports.write_csv(Project.objects.order_by("number")))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("|calc", "'|calc"),
        ("%0a", "'%0a"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("''=1", "'''=1"),
        ("'quoted'", "'quoted'"),
        ("plain - text", "plain - text"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_could_run_is_defused_and_restored(text, cell):
    assert exports.defuse(text) == cell
    assert exports.restore(cell) == text


@given(text=st.text(alphabet="'=+-@|% \t\nab＝", max_size=8))
def test_defusing_loses_nothing(text):
    assert exports.restore(exports.defuse(text)) == text


def test_a_file_read_back_gives_the_same_bytes(make_project):
    make_project(
        "PVE-001",
        title='=HYPERLINK("http://x")',
        summary='Two\nlines, "quoted"; and more',
        methodology="'-already",
        link="https://example.org/?a=1,2",
        entities=["UN-Women", "OCT"],
        countries=Country.objects.filter(code__in=["KEN", "CIV"]),
        regions=["asia", "africa"],
        start_date="2017-06",
    )
    make_project("PVE-002", title="’Ünïcode – 日本")
    first = csv_of()
    lines = io.StringIO(first.decode("utf-8-sig"), newline="")
    read = list(exports.read_csv(lines))
    row = dict(zip(exports.NAMES, read[0], strict=True))
    assert row["title"] == '=HYPERLINK("http://x")'
    assert row["methodology"] == "'-already"
    assert row["regions"] == ["africa", "asia"]
    assert row["countries"] == ["CIV", "KEN"]
    assert row["entities"] == ["OCT", "UN-Women"]
    assert read == list(exports.rows(Project.objects.order_by("number")))
    Project.objects.all().delete()
    for values in read:
        row = dict(zip(exports.NAMES, values, strict=True))
        entities = Entity.objects.filter(acronym__in=row.pop("entities"))
        countries = Country.objects.filter(code__in=row.pop("countries"))
        regions, updated_at = row.pop("regions"), row.pop("updated_at")
        project = Project(**row)
        project.regions = regions
        project.save()
        project.entities.set(entities)
        project.countries.set(countries)
        Project.objects.filter(pk=project.pk).update(updated_at=updated_at)
    assert csv_of() == first


def test_the_whole_register_reads_back(register):
    lines = io.StringIO(csv_of().decode("utf-8-sig"), newline="")
    assert list(exports.read_csv(lines)) == list(exports.rows(Project.objects.order_by("number")))


def test_another_header_is_refused():
    with pytest.raises(ValueError, match="The header is “title,reference”; expected “reference,"):
        list(exports.read_csv(io.StringIO("title,reference\r\n")))


@pytest.mark.parametrize(("cells", "found"), [(["x"] * 18, 18), (["x"] * 20, 20)])
def test_a_line_with_more_or_fewer_cells_is_refused(cells, found):
    text = ",".join(exports.NAMES) + "\r\n" + ",".join(cells) + "\r\n"
    with pytest.raises(ValueError, match=f"Line 2 has {found} cells; expected 19"):
        list(exports.read_csv(io.StringIO(text, newline="")))


def test_a_head_request_builds_no_file(register, client, django_assert_num_queries):
    with django_assert_num_queries(1):  # the directory of entities, to check the filter
        assert client.head("/projects/export.xlsx").status_code == 200


def test_a_workbook_has_text_not_formulas(make_project, client):
    make_project("PVE-001", title="=1+1", summary="#N/A", methodology="+1")
    response = client.get("/projects/export.xlsx?q=pve")
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert book.sheetnames == ["Projects", "Dictionary", "About"]
    sheet = book["Projects"]
    assert [(c.value, c.data_type) for c in sheet[2]][1:3] == [("=1+1", "s"), ("#N/A", "s")]
    assert sheet["O2"].value == "+1"
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:S2"


def test_a_workbook_carries_dictionary_and_origin(register, client):
    response = client.get("/projects/export.xlsx?scope=global")
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    dictionary = list(book["Dictionary"].values)
    assert dictionary[0] == ("Column", "Meaning", "Allowed value", "Label")
    assert ("scope", "Geographic scope, as grouped in paragraph 25", "global", "Global") in (
        dictionary
    )
    assert {row[0] for row in dictionary[1:]} == set(exports.NAMES)
    about = dict(book["About"].values)
    assert about["Query"] == "82 projects: global in scope"
    assert about["Projects"] == 82
    assert about["Source"].startswith("A/72/621, paras. 22, 24 and 25, and the paragraphs")
    assert "says nothing about the project" in about["Allocation"]
    assert (
        "scope_basis",
        "How the scope is known",
        "stated",
        "Stated: The source says so.",
    ) in dictionary
    assert "grants no licence" in about["Licence"]
    assert about["Date"].endswith("UTC")


def test_characters_that_xml_cannot_carry_are_shown_as_replaced(make_project):
    make_project("PVE-001", title="Bell \x07 rings")
    with exports.write_xlsx(Project.objects.all(), "1 project", "none") as file:
        assert load_workbook(file)["Projects"]["B2"].value == "Bell \ufffd rings"


def test_json_is_raw(make_project, client):
    make_project("PVE-001", title="=1+1", summary="é")
    content = b"".join(client.get("/projects/export.json").streaming_content)
    assert json.loads(content)["results"][0]["title"] == "=1+1"
    assert "é" in content.decode()


def test_an_empty_result_is_a_file_with_a_header(register, client):
    content = b"".join(client.get("/projects/export.csv?q=zzz").streaming_content)
    assert content.decode("utf-8-sig").count("\r\n") == 1
    data = json.loads(b"".join(client.get("/projects/export.json?q=zzz").streaming_content))
    assert (data["count"], data["results"]) == (0, [])


def test_every_batch_is_whole(make_project, monkeypatch):
    monkeypatch.setattr(exports, "_BATCH", 3)
    for number in range(1, 11):
        make_project(f"PVE-{number:03}", entities=["OCT", f"E{number}"])
    read = list(csv.DictReader(io.StringIO(csv_of().decode("utf-8-sig"), newline="")))
    assert [row["entities"] for row in read] == [f"E{n};OCT" for n in range(1, 11)]
