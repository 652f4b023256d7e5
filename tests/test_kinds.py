"""Three kinds of described entries: in the matrix, perhaps in it, not in it."""

import io
import re
from zipfile import ZipFile

import pytest
from django.core.management import call_command

from projects import places
from projects.imports.batches import undo
from projects.models import Project
from reports.basis import make_basis

from .conftest import saved
from .pages import csv_rows, text_of
from .test_second_report import SECOND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

OF_UNDP = {
    "provenance": "confirmed",
    "scope": "",
    "scope_basis": "",
    "licence": "CC BY 4.0",
    "attribution": "UNDP, open.undp.org",
    "entities": ["UNDP"],
}
NO_AREA = {"priority_area": "", "priority_area_basis": ""}


@pytest.fixture
def three():
    """One of each kind, by sources of UNDP; the last has no area."""
    rows = [
        ("PVE-224", {"in_matrix": "yes", "report": "a-72-621"}),
        ("PVE-225", {"priority_area": "dialogue", "priority_area_basis": "inferred"}),
        ("PVE-226", {"in_matrix": "no", "report": "a-72-621", **NO_AREA}),
    ]
    for reference, values in rows:
        source = f"https://example.org/{reference}"
        known = {**OF_UNDP, "title": f"Project {reference}", "source": source, "link": source}
        saved(reference, **known | values)
    places.update()


def said_of(client, query: str) -> str:
    return client.get(f"/api/v1/answers/?{query}").json()["sentence"]


def kinds_of(client, query: str) -> list[int]:
    answer = client.get(f"/api/v1/answers/?{query}").json()["answer"]
    assert "described" not in answer
    return [answer[one] for one in ("in_matrix", "may_be", "others")]


@pytest.mark.usefixtures("three")
def test_a_number_has_three_kinds_which_are_never_added(client):
    assert kinds_of(client, "") == [1, 13, 1]
    assert kinds_of(client, "entity=UNDP") == [1, 1, 1]
    assert kinds_of(client, "priority_area=youth") == [1, 3, 0]
    assert kinds_of(client, "priority_area=youth&region=africa") == [0, 0, 0]
    assert kinds_of(client, "in_matrix=no") == [0, 0, 1]
    assert said_of(client, "entity=UNDP") == (
        "3 described activities of UNDP (1 is in the matrix, 1 may be, 1 is not). "
        "How many of the 223 projects are UNDP's is not stated. Report: A/72/621."
    )
    Project.every.get(reference="PVE-224").delete()
    places.update()
    assert said_of(client, "entity=UNDP") == (
        "2 described activities of UNDP (1 may be in the matrix, 1 is not). "
        "How many of the 223 projects are UNDP's is not stated. Report: A/72/621."
    )


@pytest.mark.usefixtures("three")
def test_the_overview_draws_what_is_in_the_matrix_and_nothing_of_what_is_not(client):
    text = text_of(client, "/")
    assert (
        "It also describes 12 activities, and does not say whether they are among the 223. "
        "1 of the 223 is described here. 1 more described activity may be one of the 223. "
        "1 other project is described here."
    ) in text
    assert "1 of them is described here 3 described activities may be among them" in text
    html = client.get("/").content.decode()
    # Youth has a circle in a square; eight areas have squares, six have circles below.
    assert len(re.findall(r'fill="url\(#square\)"', html)) == 8
    assert len(re.findall(r'fill="url\(#circle\)"', html)) == 1 + 5


@pytest.mark.usefixtures("three")
def test_a_list_says_how_many_are_of_the_report(client):
    text = text_of(client, "/projects/")
    assert "15 entries: 12 in the report, 3 from other sources." in text
    assert "1 other project" in text
    assert "Figures of 1 December 2017." not in text
    assert "Figures of 1 December 2017." in text_of(client, "/projects/?entity=UNESCO")
    assert "3 entries: 3 from other sources." in text_of(client, "/projects/?entity=UNDP")


@pytest.mark.usefixtures("three")
def test_the_page_of_each_answers_first_whether_it_is_one_of_the_223(client):
    for reference, said in {
        "PVE-001": "The report does not say whether it is one of the 223. If it is, it is one of "
        "the 27 on empowering youth",
        "PVE-111": "It is a placeholder for one of the 27 on empowering youth (A/72/621, para. 24)",
        "PVE-224": "Yes, says its source: https://example.org/PVE-224. It is one of the 27 on "
        "empowering youth.",
        "PVE-225": "No source says whether it is one of the 223. If it is, it is one of the 29 on "
        "dialogue and conflict prevention (our reading).",
        "PVE-226": "No, says its source: https://example.org/PVE-226.",
    }.items():
        text = text_of(client, f"/projects/{reference}/")
        assert f"Is it one of the 223? {said}" in text, reference
        assert text.index("Is it one of the 223? ") < text.index("Priority area"), reference


@pytest.mark.usefixtures("three")
def test_what_is_not_in_the_matrix_may_have_no_area(client):
    text = text_of(client, "/projects/PVE-226/")
    assert "Priority area Not classified Not stated Scope Not classified" in text
    assert "Other areas" not in text
    (row,) = csv_rows(client.get("/projects/export.csv?in_matrix=no"))
    said = {row[one] for one in ("priority_area", "priority_area_basis", "scope", "regions")}
    assert said == {"not-stated"}
    # No value of the facet counts it: its area is not stated.
    areas = client.get("/api/v1/answers/priority-area/?in_matrix=no").json()["rows"]
    assert {(one["entries"], one["others"]) for one in areas} == {(None, 0)}
    assert kinds_of(client, "priority_area=other") == [0, 0, 0]


@pytest.mark.usefixtures("three")
def test_a_licence_is_on_page_in_files_and_in_briefings(client):
    assert "Licence: CC BY 4.0, UNDP, open.undp.org." in text_of(client, "/projects/PVE-224/")
    rows = csv_rows(client.get("/projects/export.csv?entity=UNDP"))
    found = {(row["licence"], row["attribution"]) for row in rows}
    assert found == {("CC BY 4.0", "UNDP, open.undp.org")}
    briefing = client.get("/projects/export.docx?entity=UNDP").getvalue()
    table = ZipFile(io.BytesIO(briefing)).read("word/document.xml").decode()
    assert "https://example.org/PVE-224; CC BY 4.0, UNDP, open.undp.org" in table


@pytest.mark.usefixtures("three")
def test_under_another_basis_it_is_not_stated(client):
    call_command("loaddata", SECOND, verbosity=0)
    batch = make_basis("a-90-1")
    assert kinds_of(client, "entity=UNDP") == [0, 3, 0]
    assert kinds_of(client, "in_matrix=no") == [0, 0, 0]
    for reference in ("PVE-224", "PVE-226"):
        text = text_of(client, f"/projects/{reference}/")
        assert "Is it one of the 100? No source says whether it is one of the 100." in text
    said = {row["in_matrix"] for row in csv_rows(client.get("/projects/export.csv?entity=UNDP"))}
    assert said == {"not-stated"}
    undo(batch, reason="It was a trial")
    assert kinds_of(client, "entity=UNDP") == [1, 1, 1]
    (row,) = csv_rows(client.get("/projects/export.csv?in_matrix=no"))
    assert row["reference"] == "PVE-226"


def test_a_reference_finds_a_placeholder_and_no_activity(client):
    assert said_of(client, "q=PVE-111") == (
        "1 placeholder has the reference PVE-111. Report: A/72/621."
    )
    assert said_of(client, "in_matrix=no") == (
        "No source says of any entry that it is not in the matrix. Of 12 entries no source says "
        "whether they are in the matrix. Report: A/72/621."
    )
