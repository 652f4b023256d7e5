"""What an analyst does with the register, in a real Chromium, with the steps counted."""

import json
import re

import pytest
from playwright.sync_api import expect

from .test_browser import EVERYTHING, YOUTH, chromium, visit  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def test_columns_are_chosen_in_place_and_stay(visit):  # noqa: F811
    page = visit("/projects/?priority_area=youth")
    heads = page.locator("thead th")
    page.get_by_text("Columns", exact=True).click()
    page.locator("#columns").get_by_label("Status").check()
    expect(heads.last).to_have_text("Status")
    expect(page.locator("#columns").get_by_label("Status")).to_be_focused()
    page.locator("#columns").get_by_label("Scope", exact=True).uncheck()
    expect(heads).to_have_count(6)
    expect(page).to_have_url(
        re.compile(
            r"\?priority_area=youth&columns=title&columns=priority_area&columns=regions"
            r"&columns=entities&columns=status$"
        )
    )
    page.get_by_label("Global").check()
    expect(page.get_by_label("Global")).to_be_focused()
    expect(heads).to_have_count(6)
    # All of them scroll in their own frame, under a head that stays; the page does not.
    unchecked = page.locator("#columns [type=checkbox]:not(:checked)")
    for name in unchecked.evaluate_all("boxes => boxes.map((box) => box.value)"):
        page.locator(f"#column-{name}").check()
        expect(page).to_have_url(re.compile(f"columns={name}(&|$)"))
    expect(heads).to_have_count(19)
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    frame = page.locator(".found .wide")
    frame.evaluate("frame => frame.scrollTo(200, 300)")
    top = frame.bounding_box()["y"]
    assert abs(page.locator("thead").bounding_box()["y"] - top) < 2 or (
        abs(heads.first.bounding_box()["y"] - top) < 2
    )


def test_columns_are_chosen_without_scripts(visit):  # noqa: F811
    page = visit("/projects/?scope=national", java_script_enabled=False)
    page.get_by_text("Columns", exact=True).click()
    for name in ("Priority area", "Scope", "Regions", "Entities"):
        page.locator("#columns").get_by_label(name, exact=True).uncheck()
    page.get_by_role("button", name="Show these columns").click()
    expect(page.locator("thead th")).to_have_text(["Reference ▲", "Title"])
    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("link", name="The usual columns").click()
    expect(page.locator("thead th")).to_have_count(6)
    expect(page.get_by_text("Saved views")).to_be_hidden()


def test_views_are_saved_in_this_browser_only(visit):  # noqa: F811
    page = visit("/projects/?priority_area=youth&sort=-title&columns=status&page=2")
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.get_by_text("Saved views").click()
    box = page.locator("#views")
    expect(box.get_by_label("Save this view as")).to_have_value("Empowering youth")
    box.get_by_label("Save this view as").fill("<b>Youth</b>, by title")
    box.get_by_role("button", name="Save").click()
    expect(box.get_by_role("status")).to_have_text("Saved: <b>Youth</b>, by title")
    assert [one for one in sent if "favicon" not in one] == []
    # Another page of the site, and a filter in place: it is still there.
    page.goto(page.url.split("?")[0])
    page.get_by_label("Global").check()
    expect(page).to_have_url(re.compile(r"\?scope=global$"))
    page.get_by_text("Saved views").click()
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
    page.get_by_text("Saved views").click()
    assert box.get_by_role("link").get_attribute("href") == (
        "?priority_area=youth&sort=-title&columns=status"
    )
    # What somebody else put there is not shown, and breaks nothing.
    for value in ("{}", "[{}]", "no JSON", json.dumps([{"name": "A", "query": 1}])):
        page.evaluate("value => localStorage.setItem('views', value)", value)
        page.reload()
        expect(page.locator("#views li")).to_have_count(0)
        expect(page.locator("#sentence")).to_have_text(YOUTH)


def test_a_long_facet_has_a_box_that_finds_values(visit):  # noqa: F811
    page = visit("/projects/")
    page.locator("#facet-entity > summary").click()
    facet = page.locator("#facet-entity")
    box = facet.get_by_label("Find in Entity")
    expect(page.get_by_label(re.compile("^Find in "))).to_have_count(1)
    box.press_sequentially("countèr-terrorism comm")
    labels = facet.locator("li:visible label > span:first-child")
    # By acronym or by name, those that find nothing too.
    expect(labels).to_have_text([re.compile("^CTC "), re.compile("^CTED ")])
    expect(facet.get_by_role("status")).to_have_text("Values left: 2")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/projects/$"))
    box.fill("unesco")
    facet.get_by_role("checkbox", name=re.compile("UNESCO")).check()
    expect(page.locator("#sentence")).to_have_text("UNESCO: 4 documented")
    # The page has changed: the box is there once, and all values are.
    expect(box).to_have_value("")
    plain = visit("/projects/", java_script_enabled=False)
    plain.locator("#facet-entity > summary").click()
    expect(plain.get_by_label("Find in Entity")).to_have_count(0)
    expect(plain.locator("#facet-entity li").first).to_be_visible()


def test_the_first_project_is_four_keys_from_the_top(visit):  # noqa: F811
    page = visit("/projects/?priority_area=youth&sort=title")
    for key in ("Tab", "Tab", "Enter", "Tab"):
        page.keyboard.press(key)
    expect(page.locator("tbody tr:first-child .title a")).to_be_focused()
    # And the next one is a key away; the sorting heads stand before them.
    page.keyboard.press("Tab")
    expect(page.locator("tbody tr:nth-child(2) .title a")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#sort-scope")).to_be_focused()
