"""Sheets with columns of their own: mapped, translated, matched, and imported as any file."""

import csv
import io
from random import Random

import pytest
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given, settings
from hypothesis import strategies as st

from projects.cube import Cube
from projects.history import unrecorded
from projects.imports import batches
from projects.imports.files import read_any
from projects.imports.lines import Refused, keep_lines
from projects.imports.mapping import Layout, check, columns_of, propose, rows
from projects.imports.matches import entries
from projects.imports.matching import match
from projects.imports.tables import rows_of as rows_of_table
from projects.imports.translation import Translator
from projects.models import Batch, Country, Entity, Mapping, Project
from projects.ranges import Totals
from reports.models import Report
from reports.reconciliation import reconcile

from .annex import HEADINGS, Walk, csv_sheet, matrix, workbook
from .files import xlsx_of
from .pages import text_of

pytestmark = pytest.mark.once

AREAS = [40, 31, 29, 27, 23, 22, 18, 33]


def sheet(*lines: str, name: str = "x.csv") -> bytes:
    """A CSV file of these lines as a batch keeps it."""
    kept = io.BytesIO()
    keep_lines(read_any(name, io.BytesIO("\r\n".join(lines).encode())), kept)
    return kept.getvalue()


def book(*lines: list, merged=(), name: str = "x.xlsx", more=()) -> bytes:
    """A workbook of these rows, with merged cells, and more sheets, as a batch keeps it."""
    from openpyxl import load_workbook

    file = io.BytesIO(xlsx_of(*lines))
    made = load_workbook(file)
    for cells in merged:
        made.active.merge_cells(cells)
    for title, content in more:
        other = made.create_sheet(title)
        for line in content:
            other.append(line)
    again, kept = io.BytesIO(), io.BytesIO()
    made.save(again)
    keep_lines(read_any(name, again), kept)
    return kept.getvalue()


def figures() -> list[int | None]:
    """The register's counts beside the report's seventeen figures."""
    return [one.register for one in reconcile(Report.objects.basis())]


def texts(content: bytes, layout: Layout) -> list[dict]:
    """What the rows of a sheet say, without what is the same of all."""
    layout.constants = {}
    return [row.texts for row in rows(content, layout) if row.has_name]


# Mapping


def test_headings_are_found_below_a_title_and_in_two_lines():
    content = book(
        ["Draft matrix of projects"],
        [],
        ["Project", None, "Geography", None],
        ["Title of the project", "Lead entity", "Level", "Region(s)"],
        ["Radio for all", "UNESCO", "Regional", "Asia"],
        merged=("A1:D1", "A3:B3", "C3:D3"),
    )
    layout = propose(content)
    assert layout.headers == {"Sheet": [4, 4]}
    assert texts(content, layout) == [
        {"title": "Radio for all", "entities": "UNESCO", "scope": "Regional", "regions": "Asia"}
    ]


def test_two_lines_of_headings_that_complete_each_other_are_one():
    content = sheet("Title,Entity,Geography,", ",,Scope,Region", "Radio,UNESCO,Regional,Asia")
    layout = propose(content)
    assert layout.headers == {"": [1, 2]}
    assert layout.columns == {
        "Title": "title",
        "Entity": "entities",
        "Geography · Scope": "scope",
        "Region": "regions",
    }
    assert texts(content, layout) == [
        {"title": "Radio", "entities": "UNESCO", "scope": "Regional", "regions": "Asia"}
    ]


def test_merged_cells_stand_for_the_rows_below():
    content = book(
        ["Entity", "Title"],
        ["UNESCO", "One"],
        [None, "Two"],
        ["UNDP", "Three"],
        merged=("A2:A3",),
    )
    assert [row["entities"] for row in texts(content, propose(content))] == [
        "UNESCO",
        "UNESCO",
        "UNDP",
    ]


def test_empty_cells_stand_for_the_one_above_if_somebody_says_so():
    content = sheet("Entity,Title,Status", "UNESCO,One,Ongoing", ",Two,Ongoing", "UNDP,Three,")
    layout = propose(content)
    assert [row["entities"] for row in texts(content, layout)] == ["UNESCO", "", "UNDP"]
    layout.down = ["Entity"]
    assert [row["entities"] for row in texts(content, layout)] == ["UNESCO", "UNESCO", "UNDP"]


def test_a_column_without_a_heading_is_named_by_its_place():
    lines = ("Title,,Entity", "Radio,Kenya,UNESCO,,Ongoing", "Schools,,UNDP,,", "Councils,Mali")
    content = sheet(*lines)
    layout = propose(content)
    assert layout.columns == {"Title": "title", "Entity": "entities"}
    found = [(one.label, one.examples, one.empty) for one in columns_of(content, layout.headers)]
    assert found == [
        ("Title", ["Radio", "Schools", "Councils"], 0),
        ("Column B", ["Kenya", "Mali"], 1),
        ("Entity", ["UNESCO", "UNDP"], 1),
        ("Column E", ["Ongoing"], 2),
    ]
    layout.columns |= {"Column B": "countries", "Column E": "status"}
    layout.down = ["Column E"]
    assert texts(content, layout) == [
        {"title": "Radio", "countries": "Kenya", "entities": "UNESCO", "status": "Ongoing"},
        {"title": "Schools", "countries": "", "entities": "UNDP", "status": "Ongoing"},
        {"title": "Councils", "countries": "Mali", "entities": "", "status": "Ongoing"},
    ]


def test_headings_of_sections_and_names_of_sheets_say_what_their_rows_are():
    content = book(
        ["Title", "Entity"],
        ["I. Global projects"],
        ["One", "UNESCO"],
        ["II. Regional projects"],
        ["Two", "UNDP"],
        more=(("Youth", [["Title", "Entity"], ["Three", "UNODC"]]), ("Notes", [["See above"]])),
    )
    layout = propose(content)
    assert layout.headers == {"Sheet": [1, 1], "Youth": [1, 1]}
    layout.sections, layout.names = "scope", "priority_area"
    assert texts(content, layout) == [
        {"title": "One", "entities": "UNESCO", "scope": "I. Global projects"}
        | {"priority_area": "Sheet"},
        {"title": "Two", "entities": "UNDP", "scope": "II. Regional projects"}
        | {"priority_area": "Sheet"},
        {"title": "Three", "entities": "UNODC", "scope": "", "priority_area": "Youth"},
    ]


def test_a_title_alone_is_a_project_unless_headings_say_something():
    content = sheet(
        "Project title,Lead entity,Summary",
        "Radio,UNESCO,One",
        "Schools,,",
        ",,A note below",
        "Councils,UNDP,",
    )
    layout = propose(content)
    read = [(row.number, row.texts.get("title"), row.heading) for row in rows(content, layout)]
    assert read == [
        (2, "Radio", ""),
        (3, "Schools", ""),
        (4, None, "A note below"),
        (5, "Councils", ""),
    ]
    layout.sections = "scope"
    read = [(row.number, row.texts.get("scope"), row.heading) for row in rows(content, layout)]
    assert read == [
        (2, "", ""),
        (3, None, "Schools"),
        (4, None, "A note below"),
        (5, "A note below", ""),
    ]


def test_a_semicolon_sheet_with_commas_in_it_is_read():
    content = sheet("Project title;Lead entity", "Radio, and more;UNESCO", "Schools, too;UNDP")
    assert [row["title"] for row in texts(content, propose(content))] == [
        "Radio, and more",
        "Schools, too",
    ]


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        (Layout(), "Say in which rows the headings stand"),
        (Layout({"": [1, 1]}, {"A": "scope"}), "Say which column has the titles"),
        (Layout({"": [1, 1]}, {"A": "title", "B": "scope", "C": "scope"}), "Only one .*: scope"),
        (Layout({"": [1, 1]}, {"A": "title"}), "Say what the source of all rows is"),
        (
            Layout({"": [1, 1]}, {"A": "title", "B": "scope"}, constants={"source": "X"}),
            "Say how this is known: scope",
        ),
    ],
)
def test_a_layout_that_gives_no_entries_is_refused_by_name(layout, message):
    with pytest.raises(Refused, match=message):
        check(layout)


# Translation


@pytest.mark.parametrize(
    ("column", "text", "reading", "unknown"),
    [
        ("scope", "GLOBAL", {"scope": "global"}, []),
        ("scope", "II. Regional projects", {"scope": "regional"}, []),
        ("scope", "National (Kenya)", {"scope": "national", "countries": ["KEN"]}, []),
        ("scope", "Regional: Sahel", {"scope": "regional"}, ["Sahel"]),
        ("scope", "Regional - Africa", {"scope": "regional", "regions": ["africa"]}, []),
        ("scope", "Multi-country", {}, ["Multi-country"]),
        ("priority_area", "Pillar I", {}, ["Pillar I"]),
        ("priority_area", "D. Empowering youth", {"priority_area": "youth"}, []),
        ("regions", "Africa / Middle East and North Africa", {"regions": ["africa", "mena"]}, []),
        ("regions", "Central Asia", {}, ["Central Asia"]),
        ("regions", "Global", {}, []),
        ("countries", "The Gambia, Tanzania", {"countries": ["GMB", "TZA"]}, []),
        ("countries", "Kosovo (UNSCR 1244)", {"countries": ["XKX"]}, []),
        ("countries", "occupied Palestinian territory", {"countries": ["PSE"]}, []),
        ("countries", "Côte d'Ivoire and Mali", {"countries": ["CIV", "MLI"]}, []),
        ("countries", "Bosnia and Herzegovina", {"countries": ["BIH"]}, []),
        ("countries", "Republic of Korea; Congo", {"countries": ["COG", "KOR"]}, []),
        ("countries", "Кения / كينيا / 肯尼亚 / Kenia", {"countries": ["KEN"]}, []),
        ("countries", "Swaziland", {"countries": ["SWZ"]}, []),
        ("countries", "Atlantis, Kenya", {"countries": ["KEN"]}, ["Atlantis"]),
        ("countries", "n/a", {}, []),
        ("entities", "UN Women", {"entities": ["UN-Women"]}, []),
        ("entities", "UNESCO / UNOCT", {"entities": ["OCT", "UNESCO"]}, []),
        ("entities", "AoC", {"entities": ["UNAOC"]}, []),
        ("entities", "The Alliance", {}, ["The Alliance"]),
        ("entities", "UN Habitat; World Bank", {"entities": ["UN-Habitat", "WBG"]}, []),
        ("status", "not started", {"status": "planned"}, []),
        ("status", "on-going", {"status": "ongoing"}, []),
        ("status", "Suspended", {}, ["Suspended"]),
        ("start_date", "2016-06", {"start_date": "2016-06"}, []),
        ("start_date", "June 2016", {"start_date": "2016-06"}, []),
        ("start_date", "Jun-2016", {"start_date": "2016-06"}, []),
        ("start_date", "03/04/2016", {}, ["03/04/2016"]),
    ],
)
def test_what_is_written_is_read_or_asked_about(register, column, text, reading, unknown):
    written = Translator().written(column, text)
    assert (written.reading, written.unknown) == (reading, unknown)


# From the upload to the figures


@pytest.mark.long
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_complete_annex_leaves_every_figure_as_published(register, admin_client, kind):
    before = {one.reference: one.snapshot() for one in Project.live.all()}
    annex = matrix(Random(1))
    walk = Walk(admin_client, f"a.{kind}", csv_sheet(annex) if kind == "csv" else workbook(annex))
    assert walk.step == "map"
    walk.map()
    assert walk.step == "translate"
    assert [form.written.text for form in walk.readings if form.written.is_asked] == []
    walk.translate()
    assert walk.step == "match"
    walk.match(is_complete="yes")
    assert walk.step == "preview"
    assert walk.page.context["preview"].faults == []
    assert walk.page.context["preview"].counts == {
        "added": 0,
        "changed": 223,
        "unchanged": 0,
        "skipped": 0,
    }
    # Nothing is at stake, so that nothing is said of it.
    assert walk.page.context["differences"] == []
    batch = walk.confirm()
    assert figures() == [223, *AREAS, 82, 66, 75, 61, 55, 22, 12, 3]
    assert Project.published.cube().counts("provenance") == {
        "counted": 0,
        "named": 0,
        "confirmed": 223,
    }
    row = next(one for one in annex if one["scope"] == "National" and one["status"] == "on-going")
    project = Project.published.get(title=row["title"])
    assert project.get_priority_area_display() == row["area"]
    assert [str(one.label) for one in project.regions] == row["regions"]
    assert (project.status, project.source) == ("ongoing", "Draft annex, https://x.org/2017")
    assert (project.scope_basis, project.regions_basis) == ("stated", "stated")
    # And as a whole back again.
    batches.undo(batch)
    assert {one.reference: one.snapshot() for one in Project.live.all()} == before


def test_a_sheet_in_the_registers_columns_goes_straight_to_the_preview(register, admin_client):
    content = b"reference,title\r\nPVE-013,A new title\r\n"
    assert Walk(admin_client, "x.csv", content).step == "preview"
    assert Walk(admin_client, "x.csv", content, mapped="on").step == "map"


def rows_of(*projects: dict) -> bytes:
    """A CSV sheet of these projects; what they do not say is empty."""
    text = io.StringIO(newline="")
    head = [one for one in HEADINGS if one != "No."] + ["Country"]
    writer = csv.DictWriter(text, head, restval="")
    writer.writeheader()
    writer.writerows(projects)
    return text.getvalue().encode()


NEW = {
    "Project title": "Radio for dialogue",
    "Lead entity": "UNESCO",
    "Priority area": "Empowering youth",
    "Scope": "National",
    "Region": "Africa",
}


@pytest.mark.long
def test_rows_that_become_no_project_are_named(register, admin_client):
    lines = (
        "Project title,Lead entity",
        "Radio,UNESCO",
        "Schools,",
        ",Source: the entities",
        "Councils,UNDP",
    )
    walk = Walk(admin_client, "x.csv", "\r\n".join(lines).encode())
    walk.map()
    for step in ("translate", "match"):
        assert walk.step == step
        page = " ".join(walk.page.content.decode().split())
        assert "1 row is no project: a heading, or without a title" in page
        assert "4: heading “Source: the entities”" in page
        if step == "translate":
            walk.translate()
    titles = [one.values["title"] for one in walk.page.context["matching"].matches]
    assert titles == ["Radio", "Schools", "Councils"]


@pytest.mark.long
def test_a_row_describes_a_counted_entry_of_its_area_and_totals_stay(register, admin_client):
    before = figures()
    walk = Walk(admin_client, "x.csv", rows_of(NEW | {"Region": "Americas"}))
    walk.map()
    walk.translate()
    found = walk.page.context["matching"]
    # No counted youth project is assigned to be national in the Americas.
    assert found.matches[0].how == "describes"
    assert found.matches[0].entry.place.area == "youth"
    walk.match()
    walk.confirm()
    assert figures() == before
    project = Project.published.get(title="Radio for dialogue")
    assert (project.provenance, project.review) == ("confirmed", "changed")
    assert (project.scope, [*project.regions]) == ("national", ["americas"])
    # Others took over what it had; they still are only counted, and assigned.
    taken = Project.published.filter(review="changed").exclude(pk=project.pk)
    assert {(one.provenance, one.scope_basis) for one in taken} == {("counted", "allocated")}


@pytest.mark.long
def test_the_same_project_is_found_by_its_title_and_keeps_what_the_sheet_does_not_say(
    register, admin_client
):
    known = Project.published.exclude(provenance="counted").first()
    row = NEW | {"Project title": known.title.upper(), "Lead entity": "", "Status": "Completed"}
    walk = Walk(admin_client, "x.csv", rows_of(row))
    walk.map()
    walk.translate()
    found = walk.page.context["matching"].matches[0]
    assert (found.how, found.entry.reference) == ("same", known.reference)
    assert known.title in walk.page.content.decode()
    walk.match()
    walk.confirm()
    after = Project.published.get(reference=known.reference)
    assert (after.status, after.summary) == ("completed", known.summary)
    assert [*after.entities.all()] == [*known.entities.all()]


@pytest.mark.long
def test_the_same_title_of_another_entity_is_not_the_same_project(register, admin_client):
    known = Project.published.get(reference="PVE-001")
    assert [one.acronym for one in known.entities.all()] == ["UNESCO"]
    rows = [NEW | {"Project title": known.title, "Lead entity": one} for one in ("UNICEF", "UNDP")]
    walk = Walk(admin_client, "x.csv", rows_of(*rows, rows[0] | {"Lead entity": "UNESCO / UNDP"}))
    walk.map()
    walk.translate()
    found = walk.page.context["matching"].matches
    assert [one.how for one in found] == ["describes", "describes", "same"]
    assert found[2].entry.reference == "PVE-001"
    page = " ".join(walk.page.content.decode().split())
    assert page.count("PVE-001 has the same title, but is of UNESCO") == 2
    # Somebody may know better.
    walk.post({"entry-0": "PVE-001"})
    assert walk.page.context["matching"].matches[0].entry.reference == "PVE-001"


@pytest.mark.long
def test_a_row_stands_beside_its_entry_and_what_is_to_be_looked_at_comes_first(
    register, admin_client
):
    known = Project.published.get(reference="PVE-005")
    same = {"Project title": known.title, "Lead entity": "UNAOC", "Region": ""}
    same |= {"Scope": "Global", "Priority area": "Other areas"}
    unknown = NEW | {"Project title": "Nothing of its area is known", "Priority area": ""}
    walk = Walk(admin_client, "x.csv", rows_of(NEW, unknown, NEW | same))
    walk.map()
    walk.translate()
    assert [one.match.place for one in walk.page.context["page_rows"]] == [1, 2, 0]
    text = text_of(admin_client, walk.address)
    assert "2 rows are to be looked at, and stand first." in text
    first, _, rest = text.partition("To be looked at: ")[2].partition("The others")
    # A new one stands alone; of one that is there, what both say of it.
    assert "3 Nothing of its area is known UNESCO National Africa — New" in first
    said = "4 Youth Solidarity Fund UNAOC Other areas Global"
    assert f"{said} Youth Solidarity Fund UNAOC Empowering youth Global (assigned)" in first
    assert "<strong>Other areas</strong>" in walk.page.content.decode()
    assert "2 Radio for dialogue UNESCO Empowering youth National Africa Unident" in rest
    assert "Empowering youth National (assigned) Africa (assigned) Fits the area" in rest
    # What somebody said is looked at.
    walk.post({"entry-1": "PVE-020"})
    assert [one.match.place for one in walk.page.context["page_rows"]] == [2, 0, 1]


@pytest.mark.long
def test_more_rows_to_match_take_no_more_queries(register, admin_client):
    counted = []
    for number in (2, 40):
        rows = [NEW | {"Project title": f"Radio {n}"} for n in range(number)]
        walk = Walk(admin_client, "x.csv", rows_of(*rows))
        walk.map()
        walk.translate()
        with CaptureQueriesContext(connection) as seen:
            walk.go(admin_client.get(walk.address))
        assert len(walk.page.context["page_rows"]) == number
        counted.append(len(seen))
    assert counted[0] == counted[1]


@pytest.mark.long
def test_somebody_can_change_a_match_or_make_a_new_entry_of_it(register, admin_client):
    walk = Walk(admin_client, "x.csv", rows_of(NEW))
    walk.map()
    walk.translate()
    assert "Fits the area, scope and regions" in walk.page.content.decode()
    walk.post({"entry-0": "PVE-999"})
    assert walk.page.status_code == 400
    assert "The register has no PVE-999." in walk.page.content.decode()
    walk.post({"entry-0": "pve-020"})
    assert walk.page.context["matching"].matches[0].entry.reference == "PVE-020"
    assert walk.page.context["matching"].matches[0].how == "chosen"
    assert "You said so" in walk.page.content.decode()
    walk.post({"was-0": "PVE-020", "entry-0": ""})
    assert walk.page.context["matching"].matches[0].entry is None
    walk.match()
    assert walk.page.context["preview"].counts["added"] == 1
    walk.confirm()
    assert Project.live.get(title="Radio for dialogue").is_draft


@pytest.mark.long
def test_what_somebody_chose_stays_while_the_rows_are_the_same(register, admin_client):
    walk = Walk(admin_client, "x.csv", rows_of(NEW, NEW | {"Project title": "Schools"}))
    walk.map()
    walk.translate()
    walk.post({"entry-1": "PVE-020"})
    base = walk.address.removesuffix("match/")

    def again(step: str) -> None:
        walk.address = f"{base}{step}"
        walk.go(admin_client.get(walk.address))

    def chosen() -> list[str]:
        matches = walk.page.context["matching"].matches
        return [one.entry.reference for one in matches if one.how == "chosen"]

    again("translate/?again=yes")
    walk.translate()
    assert (walk.step, chosen()) == ("match", ["PVE-020"])
    again("map/")
    walk.map()
    assert (walk.step, chosen()) == ("match", ["PVE-020"])
    # Without the first row, what was said of the second would be said of nothing, or of another.
    again("map/")
    walk.map(**{"sheet-0-lines": "2"})
    assert "the references that you wrote for them are gone" in walk.page.content.decode()


@pytest.mark.long
def test_two_rows_cannot_be_about_one_entry(register, admin_client):
    walk = Walk(admin_client, "x.csv", rows_of(NEW, NEW | {"Project title": "Schools"}))
    walk.map()
    walk.translate()
    walk.post({"entry-0": "PVE-020", "entry-1": "PVE-020"})
    assert walk.page.status_code == 400
    assert "PVE-020 is given for two rows." in walk.page.content.decode()
    # Nor is it by saying so one after the other.
    walk.post({"entry-0": "PVE-020"})
    walk.post({"entry-1": "PVE-020"})
    assert walk.page.status_code == 400
    assert "PVE-020 is given for two rows." in walk.page.content.decode()
    walk.post({"was-0": "PVE-020", "entry-0": "PVE-021", "entry-1": "PVE-020"})
    found = [one.entry.reference for one in walk.page.context["matching"].matches]
    assert found == ["PVE-021", "PVE-020"]


@pytest.mark.long
def test_a_row_cannot_be_about_an_entry_that_the_sheet_names_for_another(register, admin_client):
    lines = b"Reference,Project title,Notes\r\nPVE-020,Radio,x\r\n,Schools,x\r\n"
    walk = Walk(admin_client, "x.csv", lines, mapped="on")
    walk.map()
    walk.post({"entry-1": "PVE-020"})
    assert walk.page.status_code == 400
    assert "PVE-020 is given for two rows." in walk.page.content.decode()


@pytest.mark.long
def test_an_entry_that_was_chosen_and_is_gone_is_no_new_one_by_choice(register, admin_client):
    walk = Walk(admin_client, "x.csv", rows_of(NEW))
    walk.map()
    walk.translate()
    walk.post({"entry-0": "PVE-020"})
    Project.published.get(reference="PVE-020").delete()
    walk.go(admin_client.get(walk.address))
    (found,) = walk.page.context["matching"].matches
    assert (found.how, found.entry.place.area) == ("describes", "youth")


@pytest.mark.long
def test_values_that_nobody_can_know_are_asked_about_and_remembered(register, admin_client):
    row = NEW | {
        "Priority area": "Pillar I",
        "Lead entity": "The Alliance",
        "Country": "Kosovo (UNSCR 1244)",
    }
    walk = Walk(admin_client, "x.csv", rows_of(row))
    walk.map(keep_as="The Office’s annex", **{"all-regions_basis": "inferred"})
    asked = [form.written.text for form in walk.readings if form.written.is_asked]
    assert asked == ["Pillar I", "The Alliance"]
    walk.translate()
    assert walk.page.status_code == 400
    assert walk.page.content.decode().count("Say what this means, or that it says nothing") == 2
    prefix = {form.written.text: form.prefix for form in walk.readings}
    area, entity = prefix["Pillar I"], prefix["The Alliance"]
    walk.translate(
        **{f"{area}-priority_area": "dialogue", f"{entity}-entities": "UNAOC"},
        **{f"{entity}-keep": "on"},
    )
    assert walk.step == "match"
    walk.match()
    batch = walk.confirm()
    project = Project.published.get(title="Radio for dialogue")
    assert (project.priority_area, project.regions_basis) == ("dialogue", "inferred")
    assert [one.acronym for one in project.entities.all()] == ["UNAOC"]
    assert "The Alliance" in Entity.objects.get(acronym="UNAOC").aliases.split(";")
    # What M49 has no code for came with it, and its footnote stands on the page.
    page = admin_client.get(project.get_absolute_url()).content.decode()
    assert "in the context of Security Council resolution 1244 (1999)" in page
    # The next sheet of the same headings is read so at once.
    assert Mapping.objects.get().name == "The Office’s annex"
    again = Walk(admin_client, "y.csv", rows_of(row | {"Project title": "Another"}))
    form = again.page.context["page"].form
    assert form["keep_as"].value() == "The Office’s annex"
    # Another sheet is another source.
    assert form["all-source"].value() is None
    again.map()
    assert again.step == "match"
    batches.undo(batch)
    assert "The Alliance" not in Entity.objects.get(acronym="UNAOC").aliases.split(";")
    assert not Country.objects.filter(code="XKX").exists()


@pytest.mark.long
def test_the_next_sheet_is_known_by_its_headings_and_what_has_none_by_its_place(
    register, admin_client
):
    lines = b"Project title,Lead entity,\r\nRadio,UNESCO,Kenya\r\n"
    walk = Walk(admin_client, "x.csv", lines)
    assert "Read as: Column C" in walk.page.content.decode()
    (place,) = [one.prefix for one in walk.page.context["page"].columns if one.shown == "Column C"]
    walk.map(keep_as="The Office’s annex", **{f"{place}-is_of": "countries"})
    walk.translate()
    assert walk.page.context["matching"].matches[0].values["countries"] == ["KEN"]
    # One more column without a heading is no other sheet.
    again = Walk(admin_client, "y.csv", lines + b"Schools,UNDP,Mali,,A note\r\n")
    shown = {one.shown: one["is_of"].value() for one in again.page.context["page"].columns}
    assert shown == {
        "Project title": "title",
        "Lead entity": "entities",
        "Column C": "countries",
        "Column E": "",
    }
    # Another heading is.
    other = Walk(admin_client, "z.csv", b"Project title,Entity,\r\nRadio,UNESCO,Kenya\r\n")
    assert other.page.context["page"].form["keep_as"].value() == ""
    assert {one["is_of"].value() for one in other.page.context["page"].columns} == {
        "title",
        "entities",
        "",
    }


@pytest.mark.long
def test_a_mapping_that_was_kept_can_be_deleted_and_stays_so(
    register, admin_client, client, django_user_model
):
    waiting = Walk(admin_client, "x.csv", rows_of(NEW))
    waiting.map(keep_as="The Office’s annex")
    user = django_user_model.objects.create_user("importer", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="import_projects"))
    client.force_login(user)
    walk = Walk(client, "y.csv", rows_of(NEW))
    address = f"{walk.address}?forget=The%20Office%E2%80%99s%20annex"
    assert f'href="{address.removeprefix(walk.address)}">Delete' in walk.page.content.decode()
    # It is asked first.
    page = client.get(address).content.decode()
    assert "Delete the mapping “The Office’s annex”?" in page
    assert "It cannot be brought back." in page
    assert Mapping.objects.exists()
    walk.go(client.post(address))
    assert "The mapping “The Office’s annex” is deleted." in walk.page.content.decode()
    assert walk.page.context["page"].form["keep_as"].value() == ""
    assert client.get(address).status_code == 404
    # Who is on the way with a sheet of it goes on, and does not bring it back.
    waiting.translate()
    assert waiting.step == "match"
    assert not Mapping.objects.exists()


@pytest.mark.long
def test_only_odd_dates_are_asked_about(register, admin_client):
    lines = (
        "Project title,Lead entity,Start date,End date",
        "Radio,UNESCO,2016-02-02,spring 2017",
        "Schools,UNESCO,2016,2017-06",
    )
    walk = Walk(admin_client, "x.csv", "\r\n".join(lines).encode())
    walk.map()
    texts = [form.written.text for form in walk.readings]
    assert texts == ["spring 2017", "UNESCO"]
    walk.translate(**{"0-end_date": "2017"})
    dates = [
        (one.values["start_date"], one.values["end_date"])
        for one in walk.page.context["matching"].matches
    ]
    assert dates == [("2016-02-02", "2017"), ("2016", "2017-06")]


@pytest.mark.long
def test_every_value_can_be_looked_at_again_page_by_page(register, admin_client, monkeypatch):
    monkeypatch.setattr("pvematrix.desk.annex.VALUES_A_PAGE", 2)
    walk = Walk(admin_client, "x.csv", rows_of(NEW | {"Status": "Ongoing"}))
    walk.map()
    buttons = []
    while walk.step == "translate":
        page = walk.page.content.decode()
        buttons.append([one for one in ("Next values", "Go on to the entries") if one in page])
        walk.translate()
    assert buttons == [["Next values"], ["Next values"], ["Go on to the entries"]]
    walk.address = walk.address.replace("match/", "translate/?again=yes")
    walk.go(admin_client.get(walk.address))
    seen = []
    for _page in range(3):
        seen += [form.written.text for form in walk.readings]
        last = {f"{form.prefix}-status": "completed" for form in walk.readings}
        walk.translate(**last)
    assert seen == ["Empowering youth", "National", "Africa", "UNESCO", "Ongoing"]
    assert walk.step == "match"
    assert walk.page.context["matching"].matches[0].values["status"] == "completed"
    page = admin_client.get(walk.address.replace("match/", "translate/?again=yes&page=2"))
    text = " ".join(page.content.decode().split())
    assert 'href="?again=yes&amp;page=1">Values before' in text
    assert 'href="?again=yes&amp;page=3">Values after' in text


@pytest.mark.long
@pytest.mark.parametrize("source", ["Draft annex of the Office, 2017", "A/72/621, para. 999"])
def test_a_source_that_cannot_be_looked_up_is_refused_where_it_is_said(
    register, admin_client, source
):
    said = "A confirmed entry needs a source that can be looked up"
    walk = Walk(admin_client, "x.csv", rows_of(NEW))
    walk.map(**{"all-source": source})
    assert (walk.step, walk.page.status_code) == ("map", 400)
    assert said in str(walk.page.context["page"].form.errors["all-source"])
    assert '<a href="#id_all-source">Look at: Source</a>' in walk.page.content.decode()
    assert not Batch.objects.get().options.get("is_mapped")
    walk.map(**{"all-source": "A/72/621, footnote 4"})
    assert walk.step == "translate"
    walk.translate()
    walk.match()
    assert walk.page.context["preview"].faults == []
    # Rows that have a link may each be looked up by it.
    walk = Walk(admin_client, "x.csv", b"Project title,Link\r\nRadio,https://x.org/a\r\n")
    walk.map(**{"all-source": source})
    assert walk.step == "match"
    # And what is not confirmed by it needs none.
    walk = Walk(admin_client, "x.csv", rows_of(NEW))
    walk.map(**{"all-source": source, "all-provenance": "named"})
    assert walk.step == "translate"


@pytest.mark.long
def test_regions_and_countries_can_be_the_same_of_all_rows(register, admin_client):
    sheet = b"Project title,Lead entity\r\nRadio,UNESCO\r\nSchools,UNDP\r\n"
    walk = Walk(admin_client, "x.csv", sheet)
    same = {"all-scope": "regional", "all-regions": ["africa", "asia"]}
    same |= {"all-countries": "Mali; The Gambia", "all-scope_basis": "stated"}
    walk.map(**same)
    assert "Say how this is known: regions" in walk.page.content.decode()
    walk.map(**same, **{"all-regions_basis": "stated", "keep_as": "West Africa"})
    assert {form.written.text for form in walk.readings if form.written.is_asked} == set()
    walk.translate()
    said = [
        (one.values["regions"], one.values["countries"])
        for one in walk.page.context["matching"].matches
    ]
    assert said == [(["africa", "asia"], ["GMB", "MLI"])] * 2
    # The next sheet of its kind has them again.
    again = Walk(admin_client, "y.csv", sheet)
    form = again.page.context["page"].form
    assert form["all-regions"].value() == ["africa", "asia"]
    assert form["all-countries"].value() == "Mali; The Gambia"
    html = again.page.content.decode()
    assert '<input type="checkbox" name="all-regions" value="asia"' in html
    # What a row says of itself is kept.
    walk = Walk(admin_client, "z.csv", rows_of(NEW))
    walk.map(**{"all-regions": ["asia"]})
    walk.translate()
    assert walk.page.context["matching"].matches[0].values["regions"] == ["africa"]


@pytest.mark.long
def test_line_breaks_and_what_says_nothing_are_no_faults(register, admin_client):
    lines = [
        ["Project title", "Lead entity", "Priority area", "Scope", "Link", "Start date", "Summary"],
        ["Radio for\ndialogue", "UNESCO", "Empowering youth", "Global", "n/a", "n/a", "One\nTwo"],
        ["Schools\u00a0for\u00adpeace", "UNDP", "Other areas", "Global", "TBC", "–", "N/A"],
        ["Village councils", "UNDP", "Other areas", "Global", "", "", "None of it is known"],
    ]
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    walk = Walk(admin_client, "x.csv", text.getvalue().encode())
    walk.map()
    assert [form.written.text for form in walk.readings if form.written.is_asked] == []
    walk.translate()
    walk.match()
    preview = walk.page.context["preview"]
    assert preview.faults == []
    said = {
        str(one): [(was, now) for was, now, _count in one.rows] for one in preview.readings.values()
    }
    assert said == {
        "2 cells of “title” tidied: spaces, line breaks, capitals": [
            ("Radio for\ndialogue", "Radio for dialogue"),
            ("Schools\u00a0for\u00adpeace", "Schools forpeace"),
        ],
        "2 cells of “link” that say nothing read as empty": [("n/a", ""), ("TBC", "")],
        "1 cell of “summary” that says nothing read as empty": [("N/A", "")],
    }
    walk.confirm()
    found = Project.live.filter(title__in=["Radio for dialogue", "Schools forpeace"])
    assert {(one.summary, one.link, one.start_date) for one in found} == {
        ("One\nTwo", "", ""),
        ("", "", ""),
    }


@pytest.mark.long
def test_an_entity_that_the_directory_lacks_comes_with_the_import(register, admin_client):
    walk = Walk(admin_client, "x.csv", rows_of(NEW | {"Lead entity": "UNESCO / GCERF"}))
    walk.map()
    (form,) = [form for form in walk.readings if form.written.is_asked]
    assert (form["new_acronym"].value(), form["entities"].value()) == ("GCERF", "UNESCO")
    name = "Global Community Engagement and Resilience Fund"
    walk.translate(**{f"{form.prefix}-new_name": name})
    walk.match()
    assert not Entity.objects.filter(acronym="GCERF").exists()
    batch = walk.confirm()
    project = Project.published.get(title="Radio for dialogue")
    assert sorted(one.acronym for one in project.entities.all()) == ["GCERF", "UNESCO"]
    assert Entity.objects.get(acronym="GCERF").name == name
    batches.undo(batch)
    assert not Entity.objects.filter(acronym="GCERF").exists()


@pytest.mark.long
def test_a_new_entity_is_known_on_every_page_that_follows(register, admin_client):
    other = NEW | {"Project title": "Schools", "Lead entity": "GCERF"}
    alias = NEW | {"Project title": "Councils", "Lead entity": "The Alliance"}
    sheet = rows_of(NEW | {"Lead entity": "UNESCO / GCERF"}, other, alias)
    walk = Walk(admin_client, "x.csv", sheet)
    walk.map(keep_as="The Office’s annex")
    name = "Global Community Engagement and Resilience Fund"
    said = {form.written.text: form.prefix for form in walk.readings}
    walk.translate(
        **{f"{said['UNESCO / GCERF']}-new_name": name},
        **{f"{said['GCERF']}-new_name": name},
        **{f"{said['The Alliance']}-entities": "UNAOC", f"{said['The Alliance']}-keep": "on"},
    )
    assert walk.step == "match"
    # Back at the values, what was said stands there and can be sent again.
    base = walk.address.removesuffix("match/")
    walk.address = f"{base}translate/?again=yes"
    walk.go(admin_client.get(walk.address))
    fields = {
        form.written.text: tuple(form[name].value() for name in ("entities", "new_acronym"))
        for form in walk.readings
        if form.written.column == "entities"
    }
    assert fields == {
        "UNESCO / GCERF": ("UNESCO", "GCERF"),
        "GCERF": ("", "GCERF"),
        "The Alliance": ("UNAOC", ""),
    }
    walk.translate()
    assert walk.page.status_code == 200
    # The same file again is read by the mapping; nobody is asked once more.
    again = Walk(admin_client, "y.csv", sheet)
    again.map()
    assert again.step == "match"
    again.match()
    assert [*again.page.context["preview"].faults] == []
    batch = again.confirm()
    assert Entity.objects.get(acronym="GCERF").name == name
    assert "The Alliance" in Entity.objects.get(acronym="UNAOC").aliases.split(";")
    named = Project.live.filter(entities__acronym="GCERF").values_list("title", flat=True)
    assert {*named} == {"Radio for dialogue", "Schools"}
    batches.undo(batch)
    assert not Entity.objects.filter(acronym="GCERF").exists()


@pytest.mark.long
def test_a_reading_whose_entity_is_gone_is_asked_about_again(register, admin_client):
    Entity.objects.create(acronym="GCERF", name="Global Fund")
    walk = Walk(admin_client, "x.csv", rows_of(NEW | {"Lead entity": "GCERF"}))
    walk.map(keep_as="The Office’s annex")
    walk.translate()
    Entity.objects.get(acronym="GCERF").delete()
    again = Walk(admin_client, "y.csv", rows_of(NEW | {"Lead entity": "GCERF"}))
    again.map()
    assert again.step == "translate"
    assert [form.written.unknown for form in again.readings] == [["GCERF"]]


@pytest.mark.long
def test_an_entity_of_the_wider_system_comes_when_a_row_names_it(register, admin_client, client):
    assert not Entity.objects.filter(acronym__in=["UNICRI", "OCHA"]).exists()
    walk = Walk(admin_client, "x.csv", rows_of(NEW | {"Lead entity": "UNESCO / UNICRI"}))
    walk.map()
    assert [form.written.text for form in walk.readings if form.written.is_asked] == []
    said = "UNICRI: United Nations Interregional Crime and Justice Research Institute. The report"
    assert said in walk.page.content.decode()
    walk.translate()
    walk.match()
    assert not Entity.objects.filter(acronym="UNICRI").exists()
    batch = walk.confirm()
    project = Project.published.get(title="Radio for dialogue")
    assert sorted(one.acronym for one in project.entities.all()) == ["UNESCO", "UNICRI"]
    assert Entity.objects.get(acronym="UNICRI").acronym_from == "in-use"
    # It is in the facet, marked, and its page and the directory say what the report does not.
    name = "United Nations Interregional Crime and Justice Research Institute"
    assert f"UNICRI {name} (not named in the report)" in text_of(client, "/projects/")
    assert text_of(client, "/projects/").count("not named in the report") == 1
    assert "UNICRI not named in the report ×" in text_of(client, "/projects/?entity=UNICRI")
    assert "UNICRI (not named in the report)" in text_of(walk.client, "/admin/projects/project/")
    assert "The report does not name it." in client.get("/entities/UNICRI/").content.decode()
    directory = client.get("/entities/").content.decode()
    assert "Entities that the report does not name" in directory
    # No other of them came along.
    assert Entity.objects.count() == 17
    batches.undo(batch)
    assert not Entity.objects.filter(acronym="UNICRI").exists()


@pytest.mark.long
def test_who_may_not_add_entities_cannot_let_one_come(register, client, django_user_model):
    user = django_user_model.objects.create_user("importer", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="import_projects"))
    client.force_login(user)
    walk = Walk(client, "x.csv", rows_of(NEW | {"Lead entity": "UNICRI"}))
    walk.map()
    walk.translate()
    assert walk.page.status_code == 400
    assert "The directory lacks UNICRI, and you may not add" in walk.page.content.decode()


@pytest.mark.long
def test_nor_confirm_one_that_another_let_come(register, admin_client, client, django_user_model):
    user = django_user_model.objects.create_user("importer", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="import_projects"))
    client.force_login(user)
    walk = Walk(admin_client, "x.csv", rows_of(NEW | {"Lead entity": "UNICRI"}))
    walk.map()
    walk.translate()
    walk.match()
    walk.client = client
    assert not walk.confirm().applied_at
    assert "The directory lacks UNICRI, and you may not add" in walk.page.content.decode()
    assert not Entity.objects.filter(acronym="UNICRI").exists()


def test_entities_of_the_wider_system_are_none_that_the_report_names_and_say_whence(register):
    rows = rows_of_table("un_entities")
    assert len(rows) == len({one["acronym"] for one in rows}) == 63
    assert Translator().new_entities.keys() == {one["acronym"] for one in rows}
    for one in rows:
        assert one["source"]
        Entity(acronym=one["acronym"], name=one["name"], aliases=one["aliases"]).full_clean()


@pytest.mark.long
def test_a_described_entry_that_a_complete_sheet_lacks_is_set_aside(register, admin_client, client):
    annex = matrix(Random(2), described=11)
    titles = {row["title"] for row in annex}
    (lacking,) = Project.published.exclude(provenance="counted").exclude(title__in=titles)
    walk = Walk(admin_client, "a.csv", csv_sheet(annex))
    walk.map()
    walk.translate()
    walk.post({"is_complete": "yes"})
    assert [one.reference for one in walk.page.context["matching"].set_aside] == [lacking.reference]
    assert all(after.agrees for _before, after in walk.page.context["figures"])
    walk.match(is_complete="yes")
    batch = walk.confirm()
    # One of the 223 is new: a draft, until a reviewer publishes it.
    assert Project.live.get(review="draft").title in titles
    address = lacking.get_absolute_url()
    page = client.get(address)
    assert page.status_code == 200
    assert "This entry is set aside" in page.content.decode()
    assert lacking.title not in client.get(f"/projects/?q={lacking.reference}").content.decode()
    assert Project.published.count() == 222
    assert "set-aside" in client.get(f"{address}changes/").content.decode()
    # A reviewer can count it again, and undoing the import does.
    sent = {"action": "count_again", "_selected_action": [lacking.pk]}
    admin_client.post("/admin/projects/project/", sent)
    assert Project.published.get(pk=lacking.pk).review == "changed"
    with pytest.raises(Refused, match=lacking.reference):
        batches.undo(batch)


@pytest.mark.long
def test_only_who_may_delete_projects_can_set_entries_aside(register, client, django_user_model):
    from django.contrib.auth.models import Group

    editor = django_user_model.objects.create_user("editor", password="x", is_staff=True)
    editor.groups.add(Group.objects.get(name="Editors"))
    client.force_login(editor)
    walk = Walk(client, "x.csv", rows_of(NEW))
    walk.map()
    walk.translate()
    walk.match(is_complete="yes")
    assert walk.page.context["preview"].counts["changed"] < 12
    assert not walk.page.context["batch"].options["set_aside"]


@pytest.mark.long
def test_a_register_that_changed_since_the_matching_is_matched_anew(register, admin_client):
    walk = Walk(admin_client, "x.csv", rows_of(NEW))
    walk.map()
    walk.translate()
    walk.match()
    digest = walk.page.context["preview"].digest
    preview = walk.address
    project = Project.published.get(reference="PVE-200")
    project.title = "Somebody else’s"
    project.save()
    walk.go(admin_client.post(preview, {"digest": digest, "reason": "x"}))
    assert walk.step == "match"
    assert "The register changed since the rows were matched" in walk.page.content.decode()
    assert not Project.live.filter(title="Radio for dialogue").exists()


@pytest.mark.long
def test_a_page_that_is_out_of_date_is_not_taken_for_another(register, admin_client):
    walk = Walk(admin_client, "x.csv", rows_of(NEW))
    walk.map(**{"column-0-about": "Lead entity"})
    assert walk.page.status_code == 400
    assert "This page is out of date" in walk.page.content.decode()
    walk.go(admin_client.get(walk.address))
    walk.map()
    walk.translate(**{"0-about": "Something else"})
    assert walk.page.status_code == 400
    assert "This page is out of date" in walk.page.content.decode()


@pytest.mark.long
def test_steps_that_are_not_due_lead_to_the_one_that_is(register, admin_client):
    walk = Walk(admin_client, "x.csv", rows_of(NEW))
    base = walk.address.removesuffix("map/")
    for step in ("translate", "match", "preview"):
        walk.go(admin_client.get(f"{base}{step}/"))
        assert walk.step == "map"
    assert admin_client.get(f"{base}faults.csv").status_code == 404


def test_a_file_that_waits_is_found_again_by_who_sent_it(register, admin_client):
    walk = Walk(admin_client, "x.csv", rows_of(NEW))
    link = f'href="{walk.address.replace("map/", "preview/")}">x.csv</a>'
    for page in ("/admin/", "/admin/projects/batch/import/"):
        html = admin_client.get(page).content.decode()
        assert "Your files that wait" in html and link in html
    # What somebody else sent waits for them.
    Batch.objects.update(by=None)
    assert "Your files that wait" not in admin_client.get("/admin/").content.decode()


# Totals, for many sheets

REGION_NAMES = {"Africa": "africa", "Middle East and North Africa": "mena", "Asia": "asia"}
REGION_NAMES |= {"Europe": "europe", "Americas": "americas"}


def matched(annex: list[dict], complete: bool):
    """The register's totals after a sheet, all of it published, and the matching."""
    translator = Translator()
    register = entries()
    totals = Totals(
        223,
        Project.published.cube().counts("priority_area"),
        {"global": 82, "regional": 66, "national": 75},
        {"africa": 61, "mena": 55, "asia": 22, "europe": 12, "americas": 3},
    )
    given = []
    for row in annex:
        area = translator.written("priority_area", row["area"]).reading
        named = translator.written("entities", row["entities"]).reading
        regions = [REGION_NAMES[region] for region in row["regions"]]
        values = {"title": row["title"], "scope": row["scope"].lower(), **area, **named}
        given.append((None, {**values, "regions": regions}))
    found = match(given, register, totals, {}, complete)
    now = Cube(one.combination for one in register if one.counts)
    after = Cube([*now.combinations, *found.moved()])
    return (
        found,
        {
            "all": after.total,
            **{
                f"{name} {value}": count
                for name in ("priority_area", "scope", "region")
                for value, count in after.counts(name).items()
            },
        },
        {
            "all": now.total,
            **{
                f"{name} {value}": count
                for name in ("priority_area", "scope", "region")
                for value, count in now.counts(name).items()
            },
        },
    )


@pytest.mark.long
@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), described=st.integers(0, 12))
def test_every_complete_sheet_with_the_published_totals_brings_back_exactly_these(
    register, seed, described
):
    found, after, published = matched(matrix(Random(seed), described), complete=True)
    assert after == published
    assert len(found.set_aside) == 12 - described
    assert found.left == {}
    # Each entry once.
    named = [one.entry.reference for one in found.matches if one.entry]
    assert len(named) == len(set(named)) == 211 + described


@pytest.mark.long
@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), share=st.integers(1, 222), described=st.integers(0, 3))
def test_every_part_of_such_a_sheet_leaves_scopes_and_regions_as_published(
    register, seed, share, described
):
    random = Random(seed)
    annex = matrix(random, described)
    part = random.sample(annex, share)
    found, after, published = matched(part, complete=False)
    differ = {name for name in after if after[name] != published[name]}
    # Only what has no counted entry of its area any more is new, and adds to the totals.
    if not found.counts["new"]:
        assert not {name for name in differ if not name.startswith("priority_area")}
    assert all(one.place.area == place.area for one, place in found.left.items())


# As the report prints them, in the words of the desk.
PUBLISHED = {
    "All projects": 223,
    "Strengthening good governance, human rights and the rule of law": 40,
    "Education, skills development and employment facilitation": 31,
    "Dialogue and conflict prevention": 29,
    "Empowering youth": 27,
    "Strategic communications, the Internet and social media": 23,
    "Gender equality and empowering women": 22,
    "Engaging communities": 18,
    "Other areas": 33,
    "Global in scope": 82,
    "Regional in scope": 66,
    "National in scope": 75,
    "In Africa": 61,
    "In the Middle East and North Africa": 55,
    "In Asia": 22,
    "In Europe": 12,
    "In the Americas": 3,
}


def counted() -> dict[str, int]:
    """The same of the register, each counted by the database alone."""
    there = Project.published.order_by()
    areas = ("governance", "education", "dialogue", "youth", "communications", "gender")
    conditions = [
        {},
        *({"priority_area": area} for area in (*areas, "communities", "other")),
        *({"scope": scope} for scope in ("global", "regional", "national")),
        *({f"in_{one}": True} for one in ("africa", "mena", "asia", "europe", "americas")),
    ]
    counts = [there.filter(**one).count() for one in conditions]
    return dict(zip(PUBLISHED, counts, strict=True))


@pytest.mark.long
@settings(max_examples=5)
@given(seed=st.integers(0, 10**6), share=st.integers(1, 222), described=st.integers(0, 12))
@example(seed=3, share=20, described=0)
@example(seed=4, share=222, described=3)
def test_of_every_part_of_such_a_sheet_the_page_names_exactly_the_figures_that_will_differ(
    register, admin_client, seed, share, described
):
    with transaction.atomic():
        random = Random(seed)
        part = random.sample(matrix(random, described), share)
        walk = Walk(admin_client, "a.csv", csv_sheet(part))
        walk.map()
        walk.translate()
        told = walk.page.content.decode()
        walk.match()
        walk.confirm()
        with unrecorded("a reviewer publishes what is new"):
            Project.live.filter(review="draft").update(review="reviewed")
        differ = [name for name, count in counted().items() if count != PUBLISHED[name]]
        if differ:
            agree = f"{17 - len(differ)} of 17 figures are as in A/72/621."
            assert agree in told
            assert f"These differ: {'; '.join(differ)}.</strong>" in told
        else:
            assert "All 17 figures of A/72/621 are matched.</strong>" in told
        transaction.set_rollback(True)
