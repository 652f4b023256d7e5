"""A sheet of projects on its way in: matched with entries, previewed, imported as any file."""

import re
import subprocess
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.annex.matching import solve_apart as solve
from projects.history import Revision, data_version
from projects.imports import batches
from projects.imports.lines import Refused
from projects.models import Batch, Project

from .annex import NEW, Walk, csv_sheet, figures, importer, matrix, rows_of, walked
from .pages import text_of

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("register", "solved_here")]


def matches_of(walk) -> list:
    return [one.match for one in walk.page.context["page_rows"]]


SCHOOLS = NEW | {"Project title": "Schools"}


@pytest.mark.apart
def test_a_sheet_in_the_registers_columns_goes_straight_to_the_preview(admin_client):
    content = b"reference,title\r\nPVE-013,A new title\r\n"
    assert Walk(admin_client, "x.csv", content).step == "preview"
    assert Walk(admin_client, "x.csv", content, mapped="on").step == "map"


def test_headings_totals_and_footers_are_no_rows_and_a_column_wins_over_a_heading(admin_client):
    lines = (
        *("Project title,Lead entity,Scope", "UNDP projects,,", "Radio,UNESCO,Global"),
        *("Schools,,Global", "Sub-total: 2,,", "Councils,,Global", "Grand total: 3 projects,,"),
        "Note: as the entities sent it,,",
    )
    walk = Walk(admin_client, "x.csv", "\r\n".join(lines).encode())
    assert walk.page.context["page"].form["sections"].value() == "entities"
    walk.map()
    matches = walk.page.context["matching"].matches
    said = [(one.values["title"], one.values["entities"]) for one in matches]
    assert said == [("Radio", ["UNESCO"]), ("Schools", ["UNDP"]), ("Councils", ["UNDP"])]
    assert [(row.number, row.heading) for row in walk.page.context["left_out"]] == [
        (2, "UNDP projects"),
        (5, "Sub-total: 2"),
        (7, "Grand total: 3 projects"),
        (8, "Note: as the entities sent it"),
    ]
    for step in ("translate/?again=yes", "match/"):
        text = text_of(admin_client, walk.address.replace("match/", step))
        assert "4 rows are no projects" in text
        assert "8: “Note: as the entities sent it”" in text


def test_a_row_describes_a_counted_entry_of_its_area_and_totals_stay(admin_client):
    before = figures()
    walk = walked(admin_client, rows_of(NEW | {"Region": "Americas"}))
    found = walk.page.context["matching"]
    # No counted youth project is assigned to be national in the Americas.
    assert found.matches[0].how == "describes"
    assert found.matches[0].entry.place.area == "youth"
    walk.match()
    batch = walk.confirm()
    changed = Revision.objects.filter(batch=batch).values("object_id")
    assert figures() == before
    project = Project.published.get(title="Radio for dialogue")
    assert (project.provenance, project.review) == ("confirmed", "reviewed")
    assert (project.scope, [*project.regions]) == ("national", ["americas"])
    # Others took over what it had; they still are only counted, and assigned.
    taken = Project.published.filter(pk__in=changed).exclude(pk=project.pk)
    assert {(one.provenance, one.scope_basis) for one in taken} == {("counted", "allocated")}


def test_the_same_project_is_found_by_its_title_and_keeps_what_the_sheet_does_not_say(admin_client):
    known = Project.published.exclude(provenance="counted").first()
    row = NEW | {"Project title": known.title.upper(), "Lead entity": "", "Status": "Completed"}
    walk = walked(admin_client, rows_of(row))
    found = walk.page.context["matching"].matches[0]
    assert (found.how, found.entry.reference) == ("same", known.reference)
    assert known.title in walk.page.content.decode()
    walk.match()
    walk.confirm()
    after = Project.published.get(reference=known.reference)
    assert (after.status, after.summary) == ("completed", known.summary)
    assert [*after.entities.all()] == [*known.entities.all()]


def test_the_same_title_of_another_entity_is_not_the_same_project(admin_client):
    known = Project.published.get(reference="PVE-001")
    assert [one.acronym for one in known.entities.all()] == ["UNESCO"]
    rows = [NEW | {"Project title": known.title, "Lead entity": one} for one in ("UNICEF", "UNDP")]
    walk = walked(admin_client, rows_of(*rows, rows[0] | {"Lead entity": "UNESCO / UNDP"}))
    found = walk.page.context["matching"].matches
    assert [one.how for one in found] == ["describes", "describes", "same"]
    assert found[2].entry.reference == "PVE-001"
    page = " ".join(walk.page.content.decode().split())
    assert page.count("PVE-001 of UNESCO has the same title") == 2
    # Somebody may know better.
    walk.post({"entry-0": "PVE-001"})
    assert walk.page.context["matching"].matches[0].entry.reference == "PVE-001"


def test_a_row_is_next_to_its_entry_and_what_is_to_be_looked_at_comes_first(admin_client):
    known = Project.published.get(reference="PVE-005")
    same = {"Project title": known.title, "Lead entity": "UNAOC", "Region": ""}
    same |= {"Scope": "Global", "Priority area": "Other areas"}
    unknown = NEW | {"Project title": "Nothing of its area is known", "Priority area": ""}
    walk = walked(admin_client, rows_of(NEW, unknown, NEW | same))
    assert [one.match.place for one in walk.page.context["page_rows"]] == [1, 2, 0]
    text = text_of(admin_client, walk.address)
    first, _, rest = text.partition("Please check")[2].partition("The others")
    # A new one stands alone; of one that is there, what both say of it.
    assert "3 Nothing of its area is known UNESCO National Africa — New" in first
    said = "4 Youth Solidarity Fund UNAOC Other areas Global"
    assert f"{said} Youth Solidarity Fund UNAOC Empowering youth Global (filled in)" in first
    assert "<strong>Other areas</strong>" in walk.page.content.decode()
    assert "2 Radio for dialogue UNESCO Empowering youth National Africa Unident" in rest
    assert "Empowering youth National (filled in) Africa (filled in) Fits the area" in rest
    # What somebody said is looked at.
    walk.post({"entry-1": "PVE-020"})
    assert [one.match.place for one in walk.page.context["page_rows"]] == [2, 0, 1]


def test_more_rows_to_match_take_no_more_queries(admin_client):
    counted = []
    for number in (2, 20):
        rows = [NEW | {"Project title": f"Radio {n}"} for n in range(number)]
        walk = walked(admin_client, rows_of(*rows))
        with CaptureQueriesContext(connection) as seen:
            walk.go(admin_client.get(walk.address))
        assert len(walk.page.context["page_rows"]) == number
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_somebody_can_change_a_match_and_it_stays(admin_client):
    walk = walked(admin_client, rows_of(NEW, SCHOOLS))
    assert "Fits the area, scope and regions" in walk.page.content.decode()

    def refused(said: str, **sent: str) -> None:
        walk.post({name.replace("_", "-"): value for name, value in sent.items()})
        assert walk.page.status_code == 400
        assert said in walk.page.content.decode()

    def chosen() -> list[str]:
        matches = walk.page.context["matching"].matches
        return [one.entry.reference for one in matches if one.how == "chosen"]

    twice = "PVE-020 is given for two rows."
    refused("The register has no PVE-999.", entry_0="PVE-999")
    refused(twice, entry_0="PVE-020", entry_1="PVE-020")
    # Nor is it by saying so one after the other.
    walk.post({"entry-0": "pve-020"})
    assert chosen() == ["PVE-020"]
    assert "You chose it" in walk.page.content.decode()
    refused(twice, entry_1="PVE-020")
    walk.post({"was-0": "PVE-020", "entry-0": "21", "entry-1": "PVE-020"})
    assert chosen() == ["PVE-021", "PVE-020"]
    base = walk.address.removesuffix("match/")
    for step, go_on in (("translate/?again=yes", walk.translate), ("map/", walk.map)):
        walk.address = f"{base}{step}"
        walk.go(admin_client.get(walk.address))
        go_on()
        assert (walk.step, chosen()) == ("match", ["PVE-021", "PVE-020"])
    # Without the first row, what was said of the second is still said of that one.
    walk.address = f"{base}map/"
    walk.go(admin_client.get(walk.address))
    walk.map(**{"sheet-0-lines": "2"})
    assert "The headings changed." in walk.page.content.decode()
    walk.map(**{"column-0-is_of": "title"})
    assert (walk.step, chosen()) == ("match", ["PVE-020"])


def test_a_row_cannot_be_about_an_entry_that_the_sheet_names_for_another(admin_client):
    lines = b"Reference,Project title,Notes\r\nPVE-020,Radio,x\r\n,Schools,x\r\n"
    walk = Walk(admin_client, "x.csv", lines, mapped="on")
    walk.map()
    walk.post({"entry-1": "PVE-020"})
    assert walk.page.status_code == 400
    assert "PVE-020 is given for two rows." in walk.page.content.decode()


def test_a_row_is_a_new_entry_if_somebody_chooses_it_and_not_since_its_entry_is_gone(admin_client):
    walk = walked(admin_client, rows_of(NEW))
    walk.post({"entry-0": "PVE-020"})
    Project.published.get(reference="PVE-020").delete()
    walk.go(admin_client.get(walk.address))
    (found,) = walk.page.context["matching"].matches
    assert (found.how, found.entry.place.area) == ("describes", "youth")
    walk.post({"was-0": found.entry.reference, "entry-0": ""})
    assert walk.page.context["matching"].matches[0].entry is None
    walk.match()
    assert walk.page.context["preview"].counts["added"] == 1
    walk.confirm()
    assert Project.live.get(title="Radio for dialogue").review == "reviewed"


def test_rows_that_look_like_one_project_are_named_and_any_row_can_be_left_out(admin_client):
    other = NEW | {"Project title": "RADIO: for dialogue!", "Scope": "Global"}
    walk = walked(admin_client, rows_of(NEW, SCHOOLS, other))
    asked = [(one.place, one.double and one.double.place) for one in matches_of(walk)]
    assert asked == [(0, 2), (2, 0), (1, None)]
    text = re.sub(r"\s+", " ", walk.page.content.decode())
    assert "The same title and entity as row 2" in text
    left_out = {"was-2": "PVE-021", "entry-2": "PVE-021", "leave-2": "yes"}
    walk.post(left_out)
    assert [one.place for one in matches_of(walk)] == [0, 1]
    assert re.search(r'name="leave-2"[^>]* checked>\s+4: RADIO', walk.page.content.decode())
    # It can be taken back, and stays while nobody does.
    walk.post({"was-2": "-"})
    assert len(matches_of(walk)) == 3
    walk.post(left_out)
    walk.match(**{"was-2": "-", "leave-2": "yes"})
    assert sum(walk.page.context["preview"].counts.values()) == 2


def test_a_described_entry_that_a_complete_sheet_lacks_is_set_aside(admin_client, client):
    annex = matrix(Random(2), described=11)
    titles = {row["title"] for row in annex}
    (lacking,) = Project.published.exclude(provenance="counted").exclude(title__in=titles)
    walk = walked(admin_client, csv_sheet(annex))
    walk.post({"is_complete": "yes"})
    assert [one.reference for one in walk.page.context["matching"].set_aside] == [lacking.reference]
    assert all(after.agrees for _before, after in walk.page.context["figures"])
    walk.match(is_complete="yes")
    batch = walk.confirm()
    # One of the 223 is new, and published with the others.
    assert batch.added == 1 and not Project.live.filter(review="draft").exists()
    assert figures()[0] == 223
    address = lacking.get_absolute_url()
    page = client.get(address)
    assert page.status_code == 200
    assert "This entry is set aside" in page.content.decode()
    assert lacking.title not in client.get(f"/projects/?q={lacking.reference}").content.decode()
    assert "set-aside" in client.get(f"{address}changes/").content.decode()
    # A reviewer can count it again, and undoing the import does.
    sent = {"action": "count_again", "_selected_action": [lacking.pk]}
    admin_client.post("/admin/projects/project/", sent)
    assert Project.published.get(pk=lacking.pk).review == "changed"
    with pytest.raises(Refused, match=lacking.reference):
        batches.undo(batch)


def test_a_sheet_of_another_is_neither_changed_nor_confirmed_until_it_is_taken_over(
    editor, reviewer, lines
):
    walk = walked(reviewer, rows_of(NEW))
    walk.match(is_complete="yes")
    batch = Batch.objects.get()
    for step in ("map", "translate", "sheet", "match", "preview"):
        page = f"/admin/projects/batch/{batch.pk}/{step}/"
        assert "reviewer uploaded it on " in text_of(editor, page)
        assert editor.post(page, {"go_on": "yes"}).status_code == 403
    lines()
    walk.client = editor
    walk.go(editor.post(f"/admin/projects/batch/{batch.pk}/take-over/"))
    assert [(line["event"], line["user"], line["detail"]) for line in lines()] == [
        ("import_taken_over", "editor", f"Import {batch.pk}: x.csv: reviewer -> editor")
    ]
    # What it sets aside, somebody publishes who may.
    assert len(walk.send().options["set_aside"]) == 12
    may_not = importer(Client(), "review_project")
    page = f"/admin/projects/batch/{batch.pk}/preview/"
    assert "It sets entries aside, and you may not delete projects." in text_of(may_not, page)
    sent = {"digest": Batch.objects.get().digest, "reason": "x"}
    may_not.post(page, sent)
    assert Project.published.count() == 223
    reviewer.post(page, sent)
    assert Project.published.count() == 211


PUBLIC = (
    *("/", "/projects/", "/projects/export.csv", "/projects/changes/", "/entities.csv"),
    *("/reports/a-72-621/", "/api/v1/projects/"),
)


def test_a_sheet_becomes_public_in_one_act_of_a_reviewer(editor, reviewer, client):
    def public() -> list[bytes]:
        pages = [client.get(address) for address in PUBLIC]
        assert {page.status_code for page in pages} == {200}
        return [b"".join(page) for page in pages]

    before, version, snapshots = public(), data_version(), Project.live.in_bulk()
    snapshots = {pk: one.snapshot() for pk, one in snapshots.items()}
    annex = matrix(Random(2), described=11)
    annex[0]["entities"] = "UNICRI"
    row = next(one for one in annex if one["scope"] == "National" and one["status"] == "on-going")
    walk = walked(editor, csv_sheet(annex))
    walk.post({"is_complete": "yes"})
    after = [one.register for _before, one in walk.page.context["figures"]]
    assert after == [223, 40, 31, 29, 27, 23, 22, 18, 33, 82, 66, 75, 61, 55, 22, 12, 3]
    walk.match(is_complete="yes")
    # It is sent, and its sender cannot publish it.
    batch = walk.send()
    assert "<strong>Waits for a reviewer</strong>" in walk.page.content.decode()
    assert not walk.send().applied_at
    verdict = "After publication: All 17 totals agree with the report."
    for step in ("map", "translate", "match", "preview"):
        suffix = "?again=yes" if step == "translate" else ""
        page = editor.get(f"/admin/projects/batch/{batch.pk}/{step}/{suffix}")
        assert [one.register for _before, one in page.context["figures"]] == after
        assert verdict in page.content.decode()
    assert (public(), data_version()) == (before, version)
    # A reviewer finds it, sends it back with a reason, and it is sent again.
    address = f"/admin/projects/batch/{batch.pk}/preview/"
    assert f'href="{address}">x.csv</a>' in reviewer.get("/admin/").content.decode()
    walk.client, walk.address = reviewer, address
    walk.go(reviewer.get(address))
    assert [one.register for _before, one in walk.page.context["figures"]] == after
    walk.post({"send_back": "yes", "reason": "The annex came"})
    assert "Say what is missing or wrong." in walk.page.content.decode()
    walk.post({"send_back": "yes", "reason": "Name the page"})
    assert "Sent back by reviewer: Name the page" in editor.get(address).content.decode()
    walk.client, walk.address = editor, address
    walk.go(editor.get(address))
    walk.send()
    # What somebody changes meanwhile is seen first.
    walk.client = reviewer
    walk.go(reviewer.get(address))
    seen = walk.page.context["preview"].digest
    one = Project.published.get(reference="PVE-200")
    one.title = "Somebody else’s"
    one.save()
    walk.post({"digest": seen, "reason": "x"})
    assert "The register changed meanwhile. Look again." in walk.page.content.decode()
    assert verdict in walk.page.content.decode() and not Batch.objects.get().applied_at
    one.title = snapshots[one.pk]["title"]
    one.save()
    before, version = public(), data_version()
    walk.go(reviewer.get(address))
    batch = walk.send()
    assert (batch.added, batch.changed, batch.by_name) == (1, 223, "reviewer")
    assert data_version() > version
    assert figures() == after
    provenance = Project.published.cube().counts("provenance")
    assert provenance == {"counted": 0, "named": 0, "confirmed": 223}
    project = Project.published.get(title=row["title"])
    assert project.get_priority_area_display() == row["area"]
    assert [str(one.label) for one in project.regions] == row["regions"]
    assert (project.status, project.source) == ("ongoing", "Draft annex, https://x.org/2017")
    assert (project.scope_basis, project.regions_basis) == ("stated", "stated")
    assert not Project.live.filter(review="draft").exists()
    page = walk.page.content.decode()
    assert "editor sent it, and reviewer published it." in page
    assert "All 17 totals agree with the report." in page
    # And back as a whole.
    walk.go(reviewer.post(f"/admin/projects/batch/{batch.pk}/undo/", {"reason": "Too early"}))
    there = {pk: one.snapshot() for pk, one in Project.live.in_bulk().items()}
    there[one.pk]["review"] = snapshots[one.pk]["review"]
    assert there == snapshots


def test_a_file_waits_for_who_sent_it_at_the_step_that_is_due(admin_client):
    walk = Walk(admin_client, "x.csv", rows_of(NEW | {"Priority area": "Pillar I"}))
    base = walk.address.removesuffix("map/")
    for step in ("translate", "match", "preview"):
        walk.go(admin_client.get(f"{base}{step}/"))
        assert walk.step == "map"
    assert admin_client.get(f"{base}faults.csv").status_code == 404
    for page in ("/admin/", "/admin/projects/batch/import/"):
        html = admin_client.get(page).content.decode()
        assert "Your unfinished imports" in html and f'href="{base}preview/">x.csv</a>' in html
    # A page that is out of date is not taken for another.
    walk.map(**{"column-0-about": "Lead entity"})
    assert walk.page.status_code == 400
    assert "Somebody has changed it since you opened this page." in walk.page.content.decode()
    walk.go(admin_client.get(walk.address))
    walk.map()
    walk.translate(**{"0-about": "Something else"})
    assert walk.page.status_code == 400
    assert "Somebody has changed it since you opened this page." in walk.page.content.decode()
    # What somebody else sent waits for them.
    Batch.objects.update(by=None)
    assert "Your unfinished imports" not in admin_client.get("/admin/").content.decode()


def test_only_rows_that_are_said_to_be_of_the_matrix_take_a_place(admin_client):
    # Invented rows, each with its own basis.
    bases = ["inferred", "stated"] * 25
    rows = [
        NEW | {"Project title": f"Radio {n}", "scope_basis": one} for n, one in enumerate(bases)
    ]
    walk = Walk(admin_client, "x.csv", rows_of(*rows))
    page = " ".join(walk.page.content.decode().split())
    assert page.index("These rows are") < page.index("Headings in rows")
    assert "the matrix that A/72/621 counts" in page
    # Nothing is preset, and it has to be answered.
    assert walk.page.context["page"].of_matrix.value() is None
    walk.map(**{"all-in_matrix": "", "keep_as": "Others"})
    assert (walk.page.status_code, walk.step) == (400, "map")
    before = {one.reference: one.snapshot() for one in Project.live.all()}
    walk.map(**{"all-in_matrix": "no", "all-scope_basis": "", "keep_as": "Others"})
    walk.translate()
    assert "The sheet has every project" not in walk.page.content.decode()
    # Who says all the same that it is complete sets nothing aside.
    walk.match(is_complete="yes")
    assert walk.page.context["preview"].counts["added"] == 50
    batch = walk.confirm()
    assert (batch.added, batch.changed, batch.options["set_aside"]) == (50, 0, [])
    added = Project.live.filter(title__startswith="Radio ")
    assert {(one.review, one.in_matrix) for one in added} == {("draft", "no")}
    assert [one.scope_basis for one in added.order_by("number")] == bases
    rest = Project.live.exclude(pk__in=added)
    assert {one.reference: one.snapshot() for one in rest} == before
    # The next sheet like it is asked again; a column can say it of each row.
    again = Walk(admin_client, "y.csv", rows_of(rows[0]))
    assert again.page.context["page"].of_matrix.value() is None
    each = [{"in_matrix": one, "Project title": f"TV {one}"} for one in ("yes", "no", "")]
    walk = Walk(admin_client, "z.csv", rows_of(*(NEW | {"in_matrix": ""} | one for one in each)))
    walk.map(**{"all-in_matrix": "no"})
    walk.translate()
    assert [one.how for one in walk.page.context["matching"].matches] == ["describes", "new", "new"]


def test_a_row_that_begins_after_the_report_takes_no_place_unless_somebody_says_so(admin_client):
    begin = ("2017-12", "2017-12-02", "2018", "2019-05")
    rows = [NEW | {"Project title": f"Radio {one}", "Start date": one} for one in begin]
    walk = walked(admin_client, rows_of(*(NEW | {"Start date": ""} | one for one in rows)))

    def entries() -> list[str]:
        found = walk.page.context["matching"].matches
        return [one.entry.place.area if one.entry else "" for one in found]

    assert entries() == ["youth", "", "", ""]
    text = " ".join(walk.page.content.decode().split())
    assert text.count("It is in the matrix") == 3
    assert "Begins in 2018, after A/72/621 of 2017-12-01" in text
    assert text.index("Radio 2018") < text.index("The others") < text.index("Radio 2017-12<")
    # Somebody says that one is in it all the same, and which entry another one is.
    walk.post({"in-matrix-1": "yes", "entry-2": "PVE-020"})
    assert entries() == ["youth", "youth", "governance", ""]
    walk.match()
    preview = walk.page.context["preview"]
    assert (preview.problems, preview.counts["added"]) == ([], 1)
    walk.confirm()
    said = {
        one.title: (one.in_matrix, one.review)
        for one in Project.live.filter(title__startswith="Radio ")
    }
    assert said["Radio 2017-12-02"][0] == said["Radio 2018"][0] == "yes"
    assert said["Radio 2019-05"] == ("not-stated", "draft")


def test_a_sheet_with_too_many_rows_says_which_and_offers_three_ways_on(admin_client):
    annex = matrix(Random(1))
    governance = "Strengthening good governance, human rights and the rule of law"
    areas = [governance] * 5 + ["Other areas"] * 2
    more = [dict(annex[0], title=f"More {n}", area=one, entities="") for n, one in enumerate(areas)]
    walk = walked(admin_client, csv_sheet(annex + more))
    said = f"The sheet has 230 projects, 7 more than A/72/621: 5 {governance}; 2 Other areas."
    page = walk.page.content.decode()
    for way in ("Import it as it is", "Leave rows out", "All as new drafts"):
        assert way in page.partition(said)[2]
    # Seven found no place. Without those that are too many the rest has the published totals.
    walk.post({"is_complete": "yes"})
    assert [one.entry for one in matches_of(walk)].count(None) == 7
    new = [n for n, one in enumerate(annex + more) if one["title"].startswith("More ")]
    walk.post({f"leave-{n}": "yes" for n in new} | {"is_complete": "yes"})
    assert "more than A/72/621" not in walk.page.content.decode()
    assert all(after.agrees for _before, after in walk.page.context["figures"])
    walk.post({f"was-{n}": "-" for n in new})
    sent = {f"leave-{n}": "yes" for n, one in enumerate(annex) if one["area"] == "Empowering youth"}
    walk.post(dict(list(sent.items())[:2]))
    said = f"5 more than A/72/621: 5 {governance}; 2 Other areas; and fewer of other areas."
    assert said in walk.page.content.decode()
    walk.post({"as_drafts": "yes"})
    assert "more than A/72/621" not in walk.page.content.decode()
    # The described entries keep their places, and their titles are known.
    counts = walk.page.context["matching"].counts
    assert (counts["same"], counts["new"], counts["describes"]) == (12, 216, 0)


def test_what_was_matched_falls_with_another_register_or_choice(admin_client):
    walk = walked(admin_client, rows_of(NEW, SCHOOLS))
    walk.match()
    assert (walk.step, sum(walk.page.context["preview"].counts.values())) == ("preview", 2)
    preview, digest = walk.address, walk.page.context["preview"].digest
    project = Project.published.get(reference="PVE-200")
    project.title = "Somebody else’s"
    project.save()
    walk.post({"digest": digest, "reason": "x"})
    assert walk.step == "preview"
    assert "The register changed meanwhile. Look again." in walk.page.content.decode()
    assert not Project.live.filter(title="Radio for dialogue").exists()
    walk.address = preview.replace("preview", "match")
    walk.post({"leave-1": "yes"})
    # The preview is not that of the choice before.
    walk.go(admin_client.get(preview))
    assert walk.step == "match"


def test_the_same_matching_is_solved_once(monkeypatch):
    asked = []

    def run(*args, **given):
        asked.append(given["input"])
        return subprocess.CompletedProcess(args, 0, "[1]", "")

    monkeypatch.setattr(subprocess, "run", run)
    for supply in (7, 7, 8, 7):
        assert solve("transport", supply=[supply]) == [1]
    assert len(asked) == 2
