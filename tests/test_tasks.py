"""The tasks of tests/tasks.md in a real Chromium, and how large and how far its pages are."""

import re
from functools import reduce

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Locator, expect

from projects.history import recording
from projects.models import Batch, Correction, Project
from reports.models import Report
from reports.reconciliation import reconcile

from .browser import Steps
from .conftest import ROOT
from .test_annex_sheets import SHEETS, matched
from .test_evidence import PDF

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

_HEAD, _RULE, *LINES = re.findall(r"^\| (.+) \|$", (ROOT / "tests/tasks.md").read_text(), re.M)
TASKS = [line.split(" | ") for line in LINES]
OF_STAFF = [task for task in TASKS if task[3].startswith("as ")]
OF_VISITORS = [task for task in TASKS if task not in OF_STAFF]


def named(place, words: str) -> Locator:
    """The first that is visible of what can be pressed, and begins with these words."""
    words = re.escape(words).replace("/", r"\/")  # which ends an expression of JavaScript
    name = re.compile(f"^{words}")
    roles = ("link", "button", "checkbox", "radio", "spinbutton")
    found = [place.get_by_role(role, name=name) for role in roles]
    found.append(place.locator("summary").filter(has_text=re.compile(rf"^\s*{words}")))
    return reduce(Locator.or_, found).locator("visible=true").first


def of_staff(group: str) -> str:
    """Make what the tasks of staff begin with; return the name of somebody of the group."""
    for reference in ("PVE-001", "PVE-002"):
        writer = User.objects.create_user(f"writer of {reference}", is_staff=True)
        project = Project.published.get(reference=reference)
        project.methodology = "Training of trainers"
        with recording(by=writer, reason="Letter of the Organization"):
            project.save()
    Correction.objects.create(reference="PVE-003", column="summary", value="Radio", source="Page 2")
    user = User.objects.create_user(group.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user.username


def take(taken: Steps, place, step: str) -> None:
    """Take one step; what is pressed is in the place, what is filled in has that label."""
    verb, _space, what = step.partition(" ")
    label, _colon, value = what.partition(": ")
    labelled = taken.page.get_by_label(re.compile(f"^{re.escape(label)}(:|$)"))
    fields = taken.page.locator("input, select, textarea").and_(labelled)
    field = fields.locator("visible=true").first
    if verb == "click":
        taken.click(named(place, what))
    elif verb == "press":
        if what == "ArrowDown":
            expect(taken.page.get_by_role("option").first).to_be_visible()
        taken.press(what)
    elif verb == "choose":
        taken.choose(field, value)
    elif verb == "write":
        taken.write(field, value)
    elif verb == "paste":  # a table, as Excel copies it
        taken.write(field, (ROOT / "tests/data" / value).read_text(encoding="utf-8"))
    elif verb == "tick":  # of a value of a sheet
        taken.click(place.get_by_role("group", name=label).get_by_label(value))
    elif verb == "attach":
        sheet, file = SHEETS / value, {"name": value, "mimeType": "application/pdf"}
        taken.attach(field, sheet if sheet.exists() else {**file, "buffer": PDF})
    else:
        taken.type(what)


CLIPBOARD = ["clipboard-read", "clipboard-write"]


def walk(page, place, task, steps: list[str]) -> None:
    """Take the steps of the task on its first page; look for what has to be there afterwards."""
    _name, _start, width, _steps, most, appears, must_not = task
    if width == "1280" and page.locator(".breakdown:not([data-closed]) [data-figure]").count():
        expect(page.locator("[data-drawn]")).to_be_visible()  # Tab reaches its bars
    taken = Steps(page)
    for step in steps:
        take(taken, place, step)
    for words in appears.split(" · "):
        expect(page.locator("main")).to_contain_text(words)
    for words in must_not.split(" · "):
        expect(page.locator("main")).not_to_contain_text(words)
    assert taken.taken <= int(most)


def expect_that_no_figure_moved() -> None:
    assert sum(bool(one.agrees) for one in reconcile(Report.published.basis())) == 17


@pytest.mark.parametrize("first", range(4))
def test_a_task_of_a_visitor_takes_few_steps(visit, live_server, subtests, first):
    page = visit("/robots.txt", permissions=CLIPBOARD)
    for task in OF_VISITORS[first::4]:
        name, start, width, steps, *_expected = task
        with subtests.test(task=name):
            page.set_viewport_size({"width": int(width), "height": 900})
            page.goto(live_server.url + start)
            walk(page, page, task, steps.split(" · "))
    expect_that_no_figure_moved()


@pytest.mark.parametrize("task", OF_STAFF, ids=lambda task: task[0])
def test_a_task_of_staff_takes_few_steps(at_the_desk, client, task):
    _name, start, width, steps, *_expected = task
    first, *others = steps.split(" · ")
    group = first.removeprefix("as ")
    page = at_the_desk(start, name=of_staff(group), width=int(width), permissions=CLIPBOARD)
    if others[0].startswith("after "):
        client.force_login(User.objects.get(username=group.lower()))
        matched(client, others.pop(0).removeprefix("after "))
        Batch.objects.all().delete()
    walk(page, page.locator("main"), task, others)
    expect_that_no_figure_moved()


def test_the_first_project_is_at_most_33_stops_from_the_top(visit):
    page = visit("/projects/")
    steps = Steps(page)
    steps.tab_to(page.locator("tbody .title a").first)
    # Two of them are the languages and the link to the projects elsewhere.
    assert steps.taken <= 33


def test_the_page_of_a_project_is_little_more_than_a_screen(visit):
    page = visit("/projects/PVE-001/")
    assert page.evaluate("document.documentElement.scrollHeight") <= 1150


# The most that a page is high before anything on it is opened; the full text is as long as it is.
WALL = 6_000
LISTED = 3_000


def test_a_long_page_of_the_report_has_a_list_that_stays_and_none_is_a_wall(visit, live_server):
    page = visit("/report/")
    addresses = ("/report/", "/statements/?kind=finding", "/entities/", "/reports/")
    more = ("/statements/", "/entities/UNESCO/", "/api/", "/about/", "/reports/a-72-621/text/")
    for address in (*addresses, *more):
        page.goto(live_server.url + address)
        height = page.evaluate("document.documentElement.scrollHeight")
        assert height <= WALL or address.endswith("/text/"), (address, height)
        if height > LISTED:
            page.mouse.wheel(0, 2_000)
            contents = page.locator("nav.toc")
            expect(contents.get_by_role("link").first).to_be_in_viewport()


@pytest.mark.parametrize("address", ["/", "/projects/", "/projects/PVE-001/"])
def test_a_page_needs_at_most_two_sheets_of_paper_and_has_no_dead_words(visit, address):
    page = visit(address)
    pages = re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True))
    assert len(pages) <= 2
    page.emulate_media(media="print")
    for words in ("Download", "Share", "Report a correction", "Can you help?", "All changes"):
        expect(page.get_by_text(words, exact=True).locator("visible=true")).to_have_count(0)
    expect(page.locator(".printed")).to_contain_text(address)
