"""Plans of action: imported, kept, corrected and had as files as statements are."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from projects.history import Revision
from projects.models import Batch, Correction
from reports.models import Plan

from .conftest import member
from .files import confirm
from .files import send as send_rows
from .pages import body, csv_rows, submit, text_of
from .test_statement_review import filled

pytestmark = pytest.mark.usefixtures("register")
UPLOAD = "/admin/projects/batch/import/plans/"
HEAD = [
    *("slug", "title", "level", "country", "organization", "status", "adopted_on", "areas"),
    *("projects", "source", "link"),
]
KENYA = [
    *("kenya-2016", "=Strategy", "national_plan", "KEN", "", "adopted", "2016-09"),
    *("youth;gender", "PVE-001", "A/74/677, para. 9", "https://example.org/kenya"),
]
IGAD = ["igad-2018", "Zonal strategy", "regional_plan", "", "IGAD", "", "", "", "", "A/74/677", ""]


def publish(client, rows) -> None:
    """Import plans, and publish them as a reviewer does."""
    imported(client, rows)
    for plan in Plan.live.all():
        plan.review = "reviewed"
        plan.save()


@pytest.fixture
def published(editor):
    publish(editor, [KENYA, IGAD])


def send(client, rows):
    """Upload rows, and return the address of the preview."""
    return send_rows(client, "plans", HEAD, rows, "plans.csv").url


def imported(client, rows):
    return confirm(client, send(client, rows), "From the report of 2019")


@pytest.mark.postgresql
def test_plans_are_shown_confirmed_and_undone(editor, client):
    page = send(editor, [KENYA, IGAD])
    text = text_of(editor, page)
    assert "To add: 2 To change: 0 Unchanged: 0" in text
    assert (
        "kenya-2016 · =Strategy" in text
        and "Country — KEN" in text
        and "Status — Not stated" in text
    )
    assert not Plan.live.exists()
    imported(editor, [KENYA, IGAD])
    plan = Plan.live.get(slug="kenya-2016")
    assert (plan.review, plan.country.name, plan.adopted_on) == ("draft", "Kenya", "2016-09")
    revision = Revision.objects.get(key="kenya-2016")
    assert (revision.by_name, revision.reason) == ("editor", "From the report of 2019")
    assert "=Strategy" not in text_of(client, "/plans/")
    undo = f"/admin/projects/batch/{Batch.objects.get(added=2).pk}/undo/"
    member("Reviewers", "reviewer").post(undo, {"reason": "By mistake"})
    assert not Plan.live.exists()


@pytest.mark.long
def test_what_is_downloaded_can_be_sent_back(published, client):
    assert body(client.get("/plans.csv")).decode("utf-8-sig").splitlines() == [
        ",".join(HEAD),
        "kenya-2016,'=Strategy,national_plan,KEN,,adopted,2016-09,youth;gender,PVE-001,"
        '"A/74/677, para. 9",https://example.org/kenya',
        "igad-2018,Zonal strategy,regional_plan,,IGAD,unknown,,,,A/74/677,",
    ]
    data = client.get("/plans.json").json()
    assert (data["count"], data["results"][0]["title"]) == (2, "=Strategy")
    workbook = body(client.get("/plans.xlsx"))
    book = load_workbook(io.BytesIO(workbook))
    assert book.sheetnames == ["Plans of action", "Codes", "Dictionary", "About"]
    cell = book["Plans of action"]["B2"]
    assert (cell.value, cell.data_type) == ("=Strategy", "s")
    assert dict(book["About"].values)["Query"] == "Plans"
    reviewer = member("Reviewers", "second")
    for name, file in (("back.csv", body(client.get("/plans.csv"))), ("back.xlsx", workbook)):
        page = reviewer.post(UPLOAD, {"file": SimpleUploadedFile(name, file)}).url
        assert "To add: 0 To change: 0 Unchanged: 2" in text_of(reviewer, page)
    template = body(reviewer.get(f"{UPLOAD}template.xlsx"))
    sheet = load_workbook(io.BytesIO(template)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == HEAD


@pytest.mark.long
def test_a_correction_of_a_plan_is_reported_and_applied(published, client):
    page = "/plans/kenya-2016/correct/"
    assert f'href="{page}"' in client.get("/plans/").content.decode()
    assert "Adopted on 2016-09" in text_of(client, page)
    said = {"column": "adopted_on", "value": "2016-09-07", "source": "The plan, p. 1"}
    assert client.post(page, {**said, "value": "in May"}).status_code == 400
    receipt = client.post(page, said).url
    number = Correction.objects.get().pk
    assert receipt == f"{page}{number}/"
    assert "Staff will check the source." in text_of(client, receipt)
    reviewer = member("Reviewers", "second")
    plan = Plan.live.get(slug="kenya-2016")
    apply = f"/admin/reports/plan/{plan.pk}/change/?correction={number}"
    assert apply in reviewer.get(f"/admin/projects/correction/{number}/change/").content.decode()
    submit(reviewer, apply, filled(reviewer, apply))
    assert Plan.live.get(slug="kenya-2016").adopted_on == "2016-09-07"
    assert "the correction was made" in text_of(client, receipt)
    assert client.get("/plans/x/correct/").status_code == 404
    for column in HEAD:
        known = client.get(page, {"column": column}).status_code
        assert known == (400 if column == "slug" else 200), column


def test_page_files_and_api_have_the_same_plans(published, client):
    answer = client.get("/api/v1/plans/").json()
    assert [row["slug"] for row in answer["results"]] == ["igad-2018", "kenya-2016"]
    igad, kenya = answer["results"]
    assert (answer["count"], answer["next"], list(kenya)) == (2, None, HEAD)
    assert kenya == {
        **{"slug": "kenya-2016", "title": "=Strategy", "level": "national_plan", "country": "KEN"},
        **{"organization": "", "status": "adopted", "adopted_on": "2016-09"},
        **{"areas": ["youth", "gender"], "projects": ["PVE-001"]},
        **{"source": "A/74/677, para. 9", "link": "https://example.org/kenya"},
    }
    assert (igad["country"], igad["organization"], igad["areas"]) == (None, "IGAD", [])
    assert client.get("/api/v1/plans/kenya-2016/").json() == kenya
    few = client.get("/api/v1/plans/igad-2018/?fields=title&fields=status").json()
    assert few == {"slug": "igad-2018", "title": "Zonal strategy", "status": "unknown"}
    lists = ("areas", "projects")
    lines = [row | {one: ";".join(row[one]) for one in lists} for row in (kenya, igad)]
    assert client.get("/plans.json").json() == {"count": 2, "results": lines}
    cells = [{name: cell or "" for name, cell in line.items()} for line in lines]
    assert csv_rows(client.get("/plans.csv")) == [cells[0] | {"title": "'=Strategy"}, cells[1]]
    page = client.get("/plans/").content.decode()
    assert re.findall(r'<tr id="([a-z0-9-]+)">', page) == ["kenya-2016", "igad-2018"]


@pytest.mark.postgresql
def test_plans_are_found_like_statements_and_shown_with_their_projects(published, client):
    found = '<a href="/plans/?q=kenya#registered">1 registered plan of action mentions it.</a>'
    assert found in client.get("/projects/?q=kenya").content.decode()
    suggestion = {"kind": "Plan", "label": "=Strategy", "address": "/plans/#kenya-2016"}
    for typed in ("kenya", "strat"):
        assert suggestion in client.get(f"/suggestions.json?q={typed}").json()["suggestions"]
    text = text_of(client, "/projects/PVE-001/")
    assert "Plans of action that it supports =Strategy (Kenya) (A/74/677, para. 9)" in text
    assert "Plans of action that it supports" not in text_of(client, "/projects/PVE-002/")
    for query, slugs in (
        ("q=zebra", []),
        ("q=KENYA", ["kenya-2016"]),
        ("priority_area=gender&priority_area=other", ["kenya-2016"]),
        ("priority_area=dialogue", []),
        ("q=strategy&kind=", ["kenya-2016", "igad-2018"]),
        ("kind=measure", []),
    ):
        page = client.get(f"/plans/?{query}").content.decode()
        assert re.findall(r'<tr id="([a-z0-9-]+)">', page) == slugs, query
        assert ("No plan found." in page) == (not slugs)
        data = client.get(f"/plans.json?{query}").json()
        assert [one["slug"] for one in data["results"]] == slugs, query
    assert (
        'href="/plans.csv?priority_area=gender"'
        in client.get("/plans/?priority_area=gender").content.decode()
    )
    file = body(client.get("/plans.csv?q=igad")).decode("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in file] == ["slug", "igad-2018"]
    # What finds a plan alone is not called nothing.
    assert "Nothing found" not in client.get("/plans/?q=igad").content.decode()


@pytest.mark.long
def test_a_draft_has_no_page_of_its_own(editor, client):
    imported(editor, [KENYA])
    for page in ("correct/", "changes/"):
        assert client.get(f"/plans/kenya-2016/{page}").status_code == 404
    assert client.get("/plans.json").json()["count"] == 0
    assert client.get("/api/v1/plans/").json() == {"count": 0, "next": None, "results": []}
    assert client.get("/api/v1/plans/kenya-2016/").status_code == 404
