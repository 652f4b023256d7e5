"""What a report prints besides its totals is published, wherever it is asked for.

The report is tests/data/third_report.json: of its 100 projects it prints 9 national ones on youth
(para. 16), more than 12 of UNESCO (para. 15), and at least 6 on gender in Africa (para. 17).
"""

import pytest
from django.core.management import call_command

from projects import places
from projects.history import move_data_version, unrecorded
from projects.imports.lines import Refused
from projects.models import Project
from reports.basis import make_basis
from reports.models import Figure, Report

from .conftest import ROOT
from .pages import csv_lines, text_of

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("third")]
THIRD = ROOT / "tests" / "data" / "third_report.json"
NATIONAL_YOUTH = "priority_area=youth&scope=national"
GENDER_IN_AFRICA = "priority_area=gender&region=africa"
PRINTED = {
    NATIONAL_YOUTH: "9 projects on empowering youth are national in scope (S/2031/9, para. 16).",
    "entity=UNESCO": "Projects (entity: UNESCO): more than 12 (S/2031/9, para. 15).",
    GENDER_IN_AFRICA: (
        "Projects on gender equality and empowering women in Africa: at least 6 (S/2031/9, para. "
        "17)."
    ),
}


@pytest.fixture
def third(register):
    call_command("loaddata", THIRD, verbosity=0)
    make_basis("s-2031-9")


def write(model, values: dict, **of) -> None:
    """Change what the third report prints."""
    slug = "slug" if model is Report else "report__slug"
    with unrecorded("the test sets the scene"):
        model._base_manager.filter(**{slug: "s-2031-9"}, **of).update(**values)
    move_data_version()


def answer_to(client, query: str) -> dict:
    return client.get(f"/api/v1/answers/?{query}").json()


@pytest.mark.parametrize(
    ("query", "number", "comparator", "low", "paragraph"),
    [
        (NATIONAL_YOUTH, 9, "=", None, "16"),
        ("entity=UNESCO", 12, ">", 13, "15"),
        (GENDER_IN_AFRICA, 6, "≥", 6, "17"),
    ],
)
def test_list_answer_and_copies_have_the_printed_number(
    client, query, number, comparator, low, paragraph
):
    sentence = PRINTED[query]
    response = client.get(f"/projects/?{query}")
    assert sentence in text_of(client, f"/projects/?{query}")
    assert sentence in response.context["citation"]
    assert answer_to(client, query)["sentence"] == sentence
    found = answer_to(client, query)["answer"]
    assert (found["state"], found["number"], found["comparator"]) == (
        *("published", number, comparator),
    )
    assert (found["low"], found["high"], found["paragraphs"]) == (low, None, [paragraph])


def test_about_twelve_bounds_nothing(client):
    write(Figure, {"comparator": "≈"}, query=NATIONAL_YOUTH)
    found = answer_to(client, NATIONAL_YOUTH)
    assert found["sentence"] == (
        "Projects on empowering youth, national in scope: about 9 (S/2031/9, para. 16)."
    )
    assert (found["answer"]["low"], found["answer"]["high"]) == (None, None)
    others = answer_to(client, "priority_area=youth&scope=global&scope=regional")["answer"]
    assert (others["low"], others["high"]) == (0, 12)


def test_cells_facets_and_breakdowns_have_it(client):
    lines = csv_lines(client.get("/reports/cross-table.csv?rows=priority_area&columns=scope"))
    cells = {tuple(line[:2]): line[2:7] for line in lines[1:]}
    assert cells["youth", "national"] == ["published", "9", "=", "16", ""]
    assert cells["youth", "global"][:3] == ["range", "", ""]
    text = text_of(client, "/reports/cross-table/?rows=priority_area&columns=scope")
    assert "S/2031/9 prints some of these numbers: each range is what its totals allow." in text
    assert "publishes no table" not in text
    assert "each 0–3 not stated 9 S/2031/9 para. 16 12 S/2031/9 para. 12" in text
    text = text_of(client, "/reports/cross-table/?rows=priority_area&columns=region")
    assert "≥ 6 S/2031/9 para. 17 each 0–9 not stated" in text
    text = text_of(client, "/reports/cross-table/?rows=region&columns=scope")
    assert "S/2031/9 publishes no table of “Region” by “Scope”" in text
    assert "Empowering youth 9: para. 16" in text_of(client, f"/projects/?{NATIONAL_YOUTH}")
    rows = client.get("/reports/scope.json?priority_area=youth").json()["rows"]
    assert [(row["slug"], row["number"], row["low"], row["high"]) for row in rows] == [
        *(("global", None, 0, 3), ("regional", None, 0, 3), ("national", 9, None, None)),
    ]


def test_a_sum_of_printed_combinations_is_published(client):
    report = Report.published.get(slug="s-2031-9")
    of_gender = {"query": "priority_area=gender&scope=national", "unit": "projects"}
    report.figures.create(**of_gender, value=4, paragraph="18", position=40)
    query = f"{NATIONAL_YOUTH}&priority_area=gender"
    assert answer_to(client, query)["sentence"] == (
        "13 projects on empowering youth or on gender equality and empowering women are national "
        "in scope: 9 + 4, both in S/2031/9, paras. 16 and 18."
    )


def test_what_is_left_of_a_printed_total_follows(client):
    found = answer_to(client, "priority_area=youth&scope=global&scope=regional")
    assert found["sentence"] == (
        "Projects on empowering youth, global or regional in scope: 3; S/2031/9's totals allow no "
        "other number."
    )


def test_a_file_has_a_row_for_each_that_is_counted_and_none_where_nobody_knows(client):
    head, *lines = csv_lines(client.get(f"/projects/export.csv?{NATIONAL_YOUTH}"))
    assert len(lines) == 9
    row = dict(zip(head, lines[0], strict=True))
    assert row["source"] == "S/2031/9, para. 16"
    assert (row["priority_area_basis"], row["scope_basis"]) == ("counted-as", "counted-as")
    refused = client.get("/projects/export.csv?entity=UNESCO")
    assert refused.status_code == 409
    assert refused.content.decode().startswith(
        "Projects (entity: UNESCO): more than 12 (S/2031/9, para. 15). There are no rows to list."
    )


def test_of_an_entity_there_is_a_row_for_each_that_no_source_describes(client):
    write(Figure, {"comparator": "="}, query="entity=UNESCO")
    head, *lines = csv_lines(client.get("/projects/export.csv?entity=UNESCO"))
    found = [dict(zip(head, line, strict=True)) for line in lines]
    assert len(found) == 12
    assert (found[0]["title"], found[0]["entities"]) == (
        *("Project 1 of 12 (entity: UNESCO)", "UNESCO"),
    )


def test_it_is_compared_with_nothing_that_was_filled_in_or_described_elsewhere(client):
    text = text_of(client, "/reports/s-2031-9/")
    for figure, printed in {
        "Projects on empowering youth, national in scope": "9",
        "Entity: UNESCO": "more than 12",
        "Projects on gender equality and empowering women in Africa": "at least 6",
    }.items():
        assert f"{figure} {printed} — not compared: not stated for every project" in text
    assert (
        "17 of 20 totals agree with the report. They were used to build this table. 3 cannot be "
        "compared."
    ) in text
    assert "have changed since the report" not in text_of(client, "/")


def test_it_says_that_it_describes_none(client):
    text = text_of(client, "/")
    assert "It describes none of them. 12 described activities may be among the 100." in text
    assert not Project.published.filter(holds_place=True, provenance="named").exists()


def test_a_placeholder_cites_the_paragraph_of_its_areas(client):
    placeholder = Project.published.filter(provenance="counted", report="s-2031-9").first()
    assert placeholder.source == "S/2031/9, para. 12"
    text = text_of(client, placeholder.get_absolute_url())
    assert "one of the 20" in text and "S/2031/9, para. 12" in text and "16" not in text


def test_other_readings_of_its_regions(client):
    def answer(query):
        return client.get(f"/api/v1/answers/?{query}").json()["answer"]

    both = answer("scope=regional&region=africa")
    assert (both["reading"], both["low"], both["high"]) == ("regional-and-national", 30, 40)
    assert both["word_for_word_why"] is None
    write(Report, {"regions_are_of": "regional"})
    write(Figure, {"value": 38}, query="region=africa")
    places.update()
    alone = answer("scope=regional&region=africa")
    assert (alone["reading"], alone["low"], alone["high"]) == ("regional", 38, 38)
    none = answer("scope=national&region=africa")
    assert (none["state"], none["low"], none["high"]) == ("range", None, None)
    assert answer_to(client, "region=africa")["sentence"] == (
        "38 projects in Africa (S/2031/9, para. 14). Its counts by region are of regional projects "
        "alone."
    )
    assert "Regional projects by region" in text_of(client, "/reports/region/")


@pytest.mark.parametrize(
    ("of", "number", "most"), [("regional-and-national", 71, 70), ("regional", 41, 40)]
)
def test_a_region_with_more_projects_than_can_have_one_is_refused(of, number, most):
    make_basis("a-72-621")
    write(Report, {"regions_are_of": of})
    write(Figure, {"value": 1}, unit="mentions")
    write(Figure, {"value": number}, query="region=africa")
    with pytest.raises(Refused) as refused:
        make_basis("s-2031-9")
    assert str(refused.value) == (
        f"S/2031/9 cannot be the basis: it counts {number} projects under “Africa”, and at most "
        f"{most} can have a region."
    )


@pytest.mark.parametrize("total", [5, 160])
def test_regions_may_add_up_to_any_number(total):
    make_basis("a-72-621")
    if total == 5:
        write(Figure, {"value": 1}, unit="mentions")
    make_basis("s-2031-9")
    made = Project.published.filter(provenance="counted")
    columns = ("in_africa", "in_mena", "in_asia", "in_europe", "in_americas")
    assert sum(made.filter(**{one: True}).count() for one in columns) == total
    assert made.count() == 100


INEXACT = "/ /reports/region/ /reports/region.json /reports/region.csv /projects/"


def test_a_region_of_no_exact_number_is_published_and_compared_with_nothing(client):
    write(Figure, {"comparator": ">"}, query="region=africa")
    places.update()
    for address in (*INEXACT.split(), "/reports/region/picture.svg", "/reports/compare/"):
        assert client.get(address).status_code == 200, address
    assert answer_to(client, "region=africa")["sentence"] == (
        "Projects in Africa: more than 60 (S/2031/9, para. 14)."
    )
    text = text_of(client, "/reports/s-2031-9/")
    assert "Projects in Africa more than 60 — not compared: not stated for every project" in text
    assert "16 of 20 totals agree with the report." in text and "has changed" not in text
    assert "have changed since the report" not in text_of(client, "/")


def test_a_number_of_several_regions_is_compared_with_nothing(client):
    report = Report.published.get(slug="s-2031-9")
    query = "region=africa&region=mena"
    report.figures.create(query=query, unit="projects", value=65, paragraph="19", position=41)
    assert answer_to(client, query)["sentence"] == (
        "65 projects in Africa or in the Middle East and North Africa (S/2031/9, para. 19)."
    )
    assert "17 of 21 totals agree with the report." in text_of(client, "/reports/s-2031-9/")


def test_a_comparison_has_the_printed_number(client):
    text = text_of(client, "/reports/compare/?a=entity%3DUNESCO&b=entity%3DUNDP")
    assert "A: Projects (entity: UNESCO): more than 12 (S/2031/9, para. 15)." in text
    assert "each has is not stated" not in text


def test_what_counts_the_regions_of_others_bounds_nothing(client):
    write(Report, {"regions_are_of": "regional"})
    for region, number in (("africa", 5), ("asia", 15), ("europe", 14)):
        write(Figure, {"value": number}, query=f"region={region}")
    report = Report.published.get(slug="s-2031-9")
    report.figures.create(
        query="scope=national&region=africa", unit="projects", value=20, paragraph="20", position=42
    )
    query = "scope=regional&region=africa&region=asia&region=europe"
    found = answer_to(client, query)
    assert (found["answer"]["low"], found["answer"]["high"]) == (15, 34)
    assert found["sentence"].endswith("Its counts by region are of regional projects alone.")


def test_what_counts_something_else_is_no_number_of_its_projects(client):
    write(Figure, {"population": "completed courses of 2029"}, query=NATIONAL_YOUTH)
    assert answer_to(client, NATIONAL_YOUTH)["answer"]["state"] == "range"
    rest = answer_to(client, "priority_area=youth&scope=global")["answer"]
    assert (rest["low"], rest["high"]) == (0, 12)


def test_a_sum_over_areas_and_scopes_is_published(client):
    report = Report.published.get(slug="s-2031-9")
    for place, (area, scope, number) in enumerate(
        (("youth", "regional", 2), ("gender", "national", 4), ("gender", "regional", 3)), 50
    ):
        query = f"priority_area={area}&scope={scope}"
        values = {"query": query, "unit": "projects", "value": number, "paragraph": "18"}
        report.figures.create(**values, position=place)
    query = "priority_area=youth&priority_area=gender&scope=national&scope=regional"
    found = answer_to(client, query)["answer"]
    assert (found["number"], found["sum_of"]) == (18, [2, 9, 3, 4])


def test_a_printed_number_of_an_entity_bounds_what_has_it_and_its_parts(client):
    both = answer_to(client, "entity=UNESCO&entity=UNDP")["answer"]
    assert (both["state"], both["low"], both["high"]) == ("described", 13, None)
    write(Figure, {"comparator": "="}, query="entity=UNESCO")
    part = answer_to(client, "entity=UNESCO&status=completed")["answer"]
    assert (part["low"], part["high"]) == (0, 12)


def test_the_files_of_entities_have_it(client):
    head, *lines = csv_lines(client.get("/entities.csv"))
    rows = {line[0]: dict(zip(head, line, strict=True)) for line in lines}
    names = ("state", "comparator", "paragraphs", "number", "low")
    assert [rows["UNESCO"][name] for name in names] == ["published", ">", "15", "12", "13"]
    assert [rows["UNDP"][name] for name in names] == ["described", "", "", "", "0"]
