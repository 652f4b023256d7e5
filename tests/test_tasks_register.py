"""What an analyst does with the register, in a real Chromium, with the steps counted."""

import json
import re

import pytest
from playwright.sync_api import expect

from projects.columns import PROJECT_TABLE

from .browser import Steps, fits, is_accessible_and_fits
from .test_browser import YOUTH

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

UNESCO = (
    "4 described activities of UNESCO. How many of the 223 projects are UNESCO's is not stated."
)
ALL_COLUMNS = "columns=" + "&columns=".join(PROJECT_TABLE.names)


# Task 1: projects on youth in Africa, and what of it can be relied on.


def expect_what_is_known_of_youth_in_africa(page):
    expect(page.locator(".answered bdi")).to_have_text("0–27")
    expect(page.locator(".answered p")).to_have_text(
        ["Projects on empowering youth in Africa: not stated; A/72/621's totals allow 0 to 27."]
    )
    expect(page.locator(".answer")).to_be_in_viewport()
    expect(page.locator(".quote")).to_contain_text("How many are both is not stated.")
    # Without scripts the address has the open facets too.
    expect(page).to_have_url(
        re.compile(r"\?(q=&)?(open=region&open=country&)?priority_area=youth&region=africa$")
    )


def test_task_1_by_keyboard(visit):
    page = visit("/projects/")
    steps = Steps(page)
    steps.press("Tab", "Enter")  # past the header
    steps.tab_to(page.locator("#priority_area-youth"))
    steps.press("Space")
    expect(page.locator("#sentence")).to_have_text(YOUTH)
    steps.tab_to(page.get_by_text("Region and country"))
    steps.press("Enter")
    expect(page.locator("summary#open-place")).to_be_focused()
    steps.tab_to(page.locator("#region-africa"))
    steps.press("Space")
    expect_what_is_known_of_youth_in_africa(page)
    # One of them is the link to the projects elsewhere.
    assert steps.taken == 19


def test_task_1_on_a_phone_without_scripts(visit):
    page = visit("/projects/", width=390, java_script_enabled=False)
    steps = Steps(page)
    steps.click(page.get_by_text("Filters", exact=True))
    # To open a facet loads the page: what is chosen before is not applied yet.
    steps.click(page.get_by_text("Region and country"))
    steps.click(page.get_by_label("Empowering youth"))
    steps.click(page.locator("#region-africa"))
    button = page.get_by_role("button", name="Apply")
    expect(button).to_be_in_viewport(ratio=1)
    steps.click(button)
    expect_what_is_known_of_youth_in_africa(page)
    expect(page.get_by_label("Empowering youth")).to_be_hidden()
    assert steps.taken == 5


# What the list keeps and folds.


def test_columns_are_chosen_in_place_and_stay(visit):
    page = visit("/projects/?priority_area=youth")
    heads = page.locator("thead th")
    page.get_by_text("View", exact=True).click()
    page.get_by_text("Columns", exact=True).click()
    page.locator("#columns").get_by_label("Status").check()
    expect(heads.filter(has_text="Status")).to_have_count(1)
    expect(page.locator("#columns").get_by_label("Status")).to_be_focused()
    page.locator("#columns").get_by_label("Scope", exact=True).uncheck()
    expect(heads).to_have_count(6)
    expect(page).to_have_url(
        re.compile(
            r"\?priority_area=youth&columns=title&columns=priority_area&columns=entities"
            r"&columns=status&columns=in_matrix$"
        )
    )
    page.locator("#facet-scope > a").click()
    expect(page.locator("details#facet-scope[open]")).to_be_visible()
    page.get_by_label("Regional").check()
    # The address is that of the list that is shown: before it comes, the old one is.
    expect(page).to_have_url(re.compile("&scope=regional$"))
    expect(page.get_by_label("Regional")).to_be_focused()
    expect(page.locator("tbody th")).to_have_text([re.compile("^Networks"), re.compile("^Young")])
    expect(heads).to_have_count(6)


def open_views(page):
    page.get_by_text("View", exact=True).click()
    page.get_by_text("Saved views").click()


def test_views_are_saved_in_this_browser_only(visit):
    page = visit("/projects/?priority_area=youth&sort=-title&columns=status")
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    open_views(page)
    box = page.locator("#views")
    expect(box.get_by_label("Save this view as")).to_have_value("Projects on empowering youth")
    box.get_by_label("Save this view as").fill("<b>Youth</b>, by title")
    box.get_by_role("button", name="Save").click()
    expect(box.get_by_role("status")).to_have_text("Saved: <b>Youth</b>, by title")
    assert [one for one in sent if "favicon" not in one] == []
    # Another page of the site, and a filter in place: it is still there.
    page.goto(page.url.split("?")[0])
    page.locator("#facet-scope > a").click()
    expect(page.locator("details#facet-scope[open]")).to_be_visible()
    page.get_by_label("Global").check()
    expect(page).to_have_url(re.compile(r"\?scope=global$"))
    open_views(page)
    box.get_by_label("Save this view as").fill("Global ones")
    page.keyboard.press("Enter")
    expect(box.get_by_role("link")).to_have_text(["<b>Youth</b>, by title", "Global ones"])
    box.get_by_role("link", name="<b>Youth</b>").click()
    expect(page).to_have_url(re.compile(r"\?priority_area=youth&sort=-title&columns=status$"))
    expect(page.locator("#sentence")).to_have_text(YOUTH)
    # Saved again under a name, it takes its place.
    box.get_by_label("Save this view as").fill("Global ones")
    box.get_by_role("button", name="Save").click()
    expect(box.get_by_role("link")).to_have_count(2)
    box.get_by_role("button", name="Delete the view “<b>Youth</b>, by title”").click()
    expect(box.get_by_role("link")).to_have_text(["Global ones"])
    expect(box.get_by_label("Save this view as")).to_be_focused()
    page.reload()
    open_views(page)
    assert box.get_by_role("link").get_attribute("href") == (
        "?priority_area=youth&sort=-title&columns=status"
    )
    # What somebody else put there is not shown, and breaks nothing.
    for value in ("{}", "[{}]", "no JSON", json.dumps([{"name": "A", "query": 1}])):
        page.evaluate("value => localStorage.setItem('views', value)", value)
        page.reload()
        expect(page.locator("#views li")).to_have_count(0)
        expect(page.locator("#sentence")).to_have_text(YOUTH)


def test_a_long_facet_has_a_box_that_finds_values(visit):
    page = visit("/projects/")
    page.locator("#facet-entity > a").click()
    expect(page.locator("details#facet-entity[open]")).to_be_visible()
    facet = page.locator("#facet-entity")
    box = facet.get_by_label("Find in Entity")
    expect(page.get_by_label(re.compile("^Find in "))).to_have_count(1)
    box.press_sequentially("countèr-terrorism comm")
    labels = facet.locator("li:visible label > span:first-child")
    # By acronym or by name, those that find nothing too.
    expect(labels).to_have_text([re.compile(r"^CTC\s"), re.compile(r"^CTED\s")])
    expect(facet.get_by_role("status")).to_have_text("Values left: 2")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/projects/$"))
    box.fill("unesco")
    facet.get_by_role("checkbox", name=re.compile("UNESCO")).check()
    expect(page.locator("#sentence")).to_have_text(UNESCO)
    # The page has changed: the box is there once, and all values are.
    expect(box).to_have_value("")
    plain = visit("/projects/", java_script_enabled=False)
    plain.locator("#facet-entity > a").click()
    expect(plain.locator("details#facet-entity[open]")).to_be_visible()
    expect(plain.get_by_label("Find in Entity")).to_have_count(0)
    expect(plain.locator("#facet-entity li").first).to_be_visible()


# However it is looked at.

LOOKED_AT = [
    "/projects/",
    "/projects/?priority_area=youth&region=africa",
    f"/projects/?q=unesco&{ALL_COLUMNS}",
    "/projects/changes/?scope=national",
    "/projects/PVE-001/",
    "/projects/PVE-109/",
]


WIDTHS = (1920, 1280, 390, 320)


@pytest.mark.parametrize(("language", "direction"), [("", "ltr"), ("/ar", "rtl")])
def test_every_width_fits_in_both_directions(visit, live_server, language, direction):
    page = visit("/robots.txt")
    for address in LOOKED_AT:
        page.goto(f"{live_server.url}{language}{address}")
        expect(page.locator("html")).to_have_attribute("dir", direction)
        fits(page, *WIDTHS)


def test_what_opens_is_accessible_and_fits(visit):
    page = visit("/projects/?entity=UNESCO")
    page.get_by_text("Share", exact=True).click()
    is_accessible_and_fits(page, *WIDTHS)
    page.get_by_text("Download", exact=True).click()
    expect(page.locator("#link")).to_be_hidden()
    is_accessible_and_fits(page, *WIDTHS)
    open_views(page)
    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#views li")).to_have_count(1)
    fits(page, *WIDTHS)
    page.locator("#panel > summary").click()
    expect(page.get_by_label("Find in Entity")).to_be_visible()
    is_accessible_and_fits(page, *WIDTHS)
