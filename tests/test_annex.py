"""A sheet of projects on its way in: matched with entries, previewed, imported as any file."""

import re
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.history import data_version
from projects.imports import batches
from projects.imports.lines import Refused
from projects.models import Batch, Project

from .annex import (
    NEW,
    PUBLISHED,
    Walk,
    csv_sheet,
    figures,
    importer,
    matrix,
    rows_of,
    walked,
)
from .conftest import member, publish_waiting
from .pages import text_of

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("register")]


def matches_of(walk) -> list:
    return [one.match for one in walk.page.context["page_rows"]]


SCHOOLS = NEW | {"Project title": "Schools"}


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
    assert [one.how for one in found] == ["new", "new", "same"]
    assert found[2].entry.reference == "PVE-001"
    page = " ".join(walk.page.content.decode().split())
    assert page.count("PVE-001 of UNESCO has the same title") == 2
    # Somebody may know better.
    walk.post({"entry-0": "PVE-001"})
    assert walk.page.context["matching"].matches[0].entry.reference == "PVE-001"


def test_a_row_is_next_to_its_entry_and_what_is_to_be_looked_at_comes_first(admin_client):
    same = NEW | {"Project title": "Youth Solidarity Fund", "Lead entity": "UNAOC", "Region": ""}
    same |= {"Scope": "Global", "Priority area": "Other areas"}
    other = NEW | {"Project title": "Tech Against Terrorism", "Lead entity": "CTED"}
    other |= {"Priority area": "Strategic communications, the Internet and social media"}
    unknown = NEW | {"Project title": "Nothing of its area is known", "Priority area": ""}
    walk = walked(admin_client, rows_of(NEW, unknown, other, same))
    assert [one.match.place for one in walk.page.context["page_rows"]] == [3, 2, 0, 1]
    text = text_of(admin_client, walk.address)
    first, _, rest = text.partition("Please check")[2].partition("The same area, other values")
    second, _, rest = rest.partition("The others")
    # Of an entry that is there, what both say of it; what is filled in nobody says.
    said = "5 Youth Solidarity Fund UNAOC Other areas Global"
    assert f"{said} Youth Solidarity Fund UNAOC Empowering youth Title and entity are" in first
    page = walk.page.content.decode()
    assert "<strong>Other areas</strong>" in page
    assert "Tech Against Terrorism CTED Strategic communications, the" in second
    assert "<strong>National</strong>" in page
    # A new one stands alone.
    assert "2 Radio for dialogue UNESCO Empowering youth National Africa — New" in rest
    assert "3 Nothing of its area is known UNESCO National Africa — New" in rest
    # What somebody said is looked at.
    walk.post({"entry-3": "PVE-005"})
    assert [one.match.place for one in walk.page.context["page_rows"]] == [2, 0, 1, 3]


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
    assert walk.page.context["matching"].counts == {"new": 2}

    def refused(said: str, **sent: str) -> None:
        walk.post({name.replace("_", "-"): value for name, value in sent.items()})
        assert walk.page.status_code == 400
        assert said in walk.page.content.decode()

    def chosen() -> list[str]:
        matches = walk.page.context["matching"].matches
        return [one.entry.reference for one in matches if one.how == "chosen"]

    twice = "PVE-003 is given for two rows."
    refused("The register has no PVE-999.", entry_0="PVE-999")
    refused(twice, entry_0="PVE-003", entry_1="PVE-003")
    # Nobody knows what a placeholder is.
    refused("PVE-052 is a placeholder. Leave it empty for a new entry.", entry_1="52")
    # Nor is it by saying so one after the other.
    walk.post({"entry-0": "pve-003"})
    assert chosen() == ["PVE-003"]
    assert "You chose it" in walk.page.content.decode()
    refused(twice, entry_1="PVE-003")
    walk.post({"was-0": "PVE-003", "entry-0": "4", "entry-1": "PVE-003"})
    assert chosen() == ["PVE-004", "PVE-003"]
    base = walk.address.removesuffix("match/")
    for step, go_on in (("translate/?again=yes", walk.translate), ("map/", walk.map)):
        walk.address = f"{base}{step}"
        walk.go(admin_client.get(walk.address))
        go_on()
        assert (walk.step, chosen()) == ("match", ["PVE-004", "PVE-003"])
    # Without the first row, what was said of the second is still said of that one.
    walk.address = f"{base}map/"
    walk.go(admin_client.get(walk.address))
    walk.map(**{"sheet-0-lines": "2"})
    assert "The headings changed." in walk.page.content.decode()
    walk.map(**{"column-0-is_of": "title"})
    assert (walk.step, chosen()) == ("match", ["PVE-003"])


def test_a_row_is_a_new_entry_if_somebody_chooses_it_and_not_since_its_entry_is_gone(admin_client):
    same = {"Project title": "Education for Justice", "Lead entity": "UNODC"}
    walk = walked(admin_client, rows_of(NEW | same))
    walk.post({"was-0": "PVE-003", "entry-0": "PVE-004"})
    (found,) = walk.page.context["matching"].matches
    assert (found.how, found.entry.reference) == ("chosen", "PVE-004")
    Project.published.get(reference="PVE-004").delete()
    walk.go(admin_client.get(walk.address))
    (found,) = walk.page.context["matching"].matches
    assert (found.how, found.entry.reference) == ("same", "PVE-003")
    walk.post({"was-0": "PVE-003", "entry-0": ""})
    (found,) = walk.page.context["matching"].matches
    assert (found.how, found.entry) == ("chosen", None)
    walk.match()
    assert walk.page.context["preview"].counts["added"] == 1


def test_rows_that_look_like_one_project_are_named_and_any_row_can_be_left_out(admin_client):
    other = NEW | {"Project title": "RADIO: for dialogue!", "Scope": "Global"}
    walk = walked(admin_client, rows_of(NEW, SCHOOLS, other))
    asked = [(one.place, one.double and one.double.place) for one in matches_of(walk)]
    assert asked == [(0, 2), (2, 0), (1, None)]
    text = re.sub(r"\s+", " ", walk.page.content.decode())
    assert "The same title and entity as row 2" in text
    left_out = {"was-2": "", "entry-2": "", "leave-2": "yes"}
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
    assert walk.page.context["differences"] == []
    walk.match(is_complete="yes")
    batch = walk.confirm()
    # The others are new, and published with those that are there.
    assert batch.added == 212 and not Project.live.filter(review="draft").exists()
    assert figures() == PUBLISHED
    address = lacking.get_absolute_url()
    page = client.get(address)
    assert page.status_code == 200
    assert "This entry is set aside" in page.content.decode()
    # A reviewer can count it again, and undoing the import does.
    sent = {"action": "count_again", "_selected_action": [lacking.pk]}
    publish_waiting(admin_client.post("/admin/projects/project/", sent)["Location"])
    assert Project.published.get(pk=lacking.pk).review == "reviewed"
    with pytest.raises(Refused, match=lacking.reference):
        batches.undo(batch)


def test_who_may_not_delete_projects_publishes_no_sheet_that_sets_entries_aside(editor):
    walk = walked(editor, rows_of(NEW))
    walk.match(is_complete="yes")
    assert len(walk.send().state.set_aside) == 12
    may_not = importer(Client(), "review_project")
    assert "It sets entries aside, and you may not delete projects." in text_of(
        may_not, walk.address
    )
    may_not.post(walk.address, {"digest": Batch.objects.get().digest, "reason": "x"})
    assert Project.published.described().count() == 12
    publish_waiting(walk.address)
    assert Project.published.described().get().title == "Radio for dialogue"
    # What is set aside leaves its place to a placeholder.
    assert figures() == PUBLISHED


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
    walk.match(is_complete="yes")
    # It is sent, and its sender cannot publish it.
    batch = walk.send()
    assert "<strong>Waits for a second person</strong>" in walk.page.content.decode()
    assert not walk.send().applied_at
    assert (public(), data_version()) == (before, version)
    walk.client = reviewer
    walk.go(reviewer.get(walk.address))
    assert walk.page.context["differences"] == []
    batch = walk.send()
    assert (batch.added, batch.changed, batch.by_name) == (212, 12, "reviewer")
    assert data_version() > version
    assert figures() == PUBLISHED
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
    # And back as a whole.
    walk.client = member("Reviewers", "second")
    walk.go(walk.client.post(f"/admin/projects/batch/{batch.pk}/undo/", {"reason": "Too early"}))
    assert {pk: one.snapshot() for pk, one in Project.live.in_bulk().items()} == snapshots


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
    assert (batch.added, batch.changed, batch.state.set_aside) == (50, 0, [])
    added = Project.live.filter(title__startswith="Radio ")
    assert {(one.review, one.in_matrix) for one in added} == {("draft", "no")}
    assert [one.scope_basis for one in added.order_by("number")] == bases
    rest = Project.live.exclude(pk__in=added)
    assert {one.reference: one.snapshot() for one in rest} == before
    # A column can say it of each row.
    each = [{"in_matrix": one, "Project title": f"TV {one}"} for one in ("yes", "no", "")]
    walk = Walk(admin_client, "z.csv", rows_of(*(NEW | {"in_matrix": ""} | one for one in each)))
    walk.map(**{"all-in_matrix": "no"})
    walk.translate()
    said = [(one.how, one.in_matrix) for one in walk.page.context["matching"].matches]
    assert said == [("new", "yes"), ("new", "no"), ("new", "no")]


def test_a_row_that_begins_after_the_report_takes_no_place_unless_somebody_says_so(admin_client):
    begin = ("2017-12", "2017-12-02", "2018", "2019-05")
    rows = [NEW | {"Project title": f"Radio {one}", "Start date": one} for one in begin]
    walk = walked(admin_client, rows_of(*(NEW | {"Start date": ""} | one for one in rows)))

    def in_matrix() -> list[str]:
        return [one.in_matrix for one in walk.page.context["matching"].matches]

    assert in_matrix() == ["yes", "not-stated", "not-stated", "not-stated"]
    text = " ".join(walk.page.content.decode().split())
    assert "Begins in 2018, after A/72/621 of 2017-12-01" in text
    # Somebody says that one is in it all the same, and which entry another one is.
    walk.post({"in-matrix-1": "yes", "entry-2": "PVE-003"})
    assert in_matrix() == ["yes", "yes", "yes", "not-stated"]
    walk.match()
    preview = walk.page.context["preview"]
    assert (preview.problems, preview.counts["added"]) == ([], 3)
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
    assert "<li>Other areas: 33 published in A/72/621, 33 now, 35 after this change.</li>" in page
    # Without those that are too many the rest has the published totals.
    new = [n for n, one in enumerate(annex + more) if one["title"].startswith("More ")]
    walk.post({f"leave-{n}": "yes" for n in new} | {"is_complete": "yes"})
    assert "more than A/72/621" not in walk.page.content.decode()
    assert walk.page.context["differences"] == []
    walk.post({f"was-{n}": "-" for n in new})
    walk.post({"as_drafts": "yes"})
    assert "more than A/72/621" not in walk.page.content.decode()
    # The described entries keep their places, and their titles are known.
    assert walk.page.context["matching"].counts == {"same": 12, "new": 218}
    assert walk.page.context["differences"] == []


@pytest.mark.postgresql
def test_a_complete_sheet_takes_every_place_and_no_placeholder_goes(admin_client):
    known = {one.reference for one in Project.live.all()}
    walk = walked(admin_client, csv_sheet(matrix(Random(3))))
    assert walk.page.context["matching"].counts == {"same": 12, "new": 211}
    assert walk.page.context["differences"] == []
    assert "Figures that change:" not in walk.page.content.decode()
    walk.match()
    assert walk.page.context["differences"] == []
    batch = walk.confirm()
    assert (batch.added, batch.changed) == (211, 12)
    assert figures() == PUBLISHED
    # None is left over, none was deleted, and none has another number.
    left = Project.live.filter(provenance="counted").order_by("number")
    assert [*left.values_list("reference", "review")] == [
        (f"PVE-{n:03}", "set-aside") for n in range(13, 224)
    ]
    new = {one.reference for one in Project.live.all()} - known
    assert new == {f"PVE-{n}" for n in range(224, 435)}
    assert Project.live.count() == 434
    assert Project.published.filter(holds_place=True).count() == 223


@pytest.mark.parametrize("share", [20, 110, 222])
def test_every_part_of_a_sheet_leaves_the_totals_as_published(admin_client, share):
    random = Random(share)
    annex = matrix(random)
    titles = {one.title for one in Project.published.described()}
    there = [row for row in annex if row["title"] in titles]
    part = there + random.sample([row for row in annex if row not in there], share - 12)
    walk = walked(admin_client, csv_sheet(part))
    assert walk.page.context["differences"] == []
    walk.match()
    assert walk.page.context["differences"] == []
    walk.confirm()
    assert figures() == PUBLISHED
    assert Project.published.filter(provenance="counted").count() == 223 - share


def test_a_project_more_than_the_report_counts_is_named_with_all_that_it_moves(admin_client):
    more = {"title": "Radio for dialogue", "entities": "UNESCO", "area": "Empowering youth"}
    more |= {"scope": "National", "regions": ["Africa"], "status": ""}
    annex = [*matrix(Random(3)), more]
    said = [
        "Empowering youth: 27 published in A/72/621, 27 now, 28 after this change.",
        "National: 75 published in A/72/621, 75 now, 76 after this change.",
        "Africa: 61 published in A/72/621, 61 now, 62 after this change.",
    ]
    walk = walked(admin_client, csv_sheet(annex))
    for step in ("match", "preview"):
        assert walk.step == step
        assert walk.page.context["differences"] == said
        page = walk.page.content.decode()
        assert page.count("Figures that change:") == 1
        for sentence in said:
            assert page.count(f"<li>{sentence}</li>") == 1
        if step == "match":
            walk.match()
    walk.confirm()
    assert figures() == [224, 40, 31, 29, 28, 23, 22, 18, 33, 82, 66, 76, 62, 55, 22, 12, 3]
