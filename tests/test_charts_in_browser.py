"""Charts, tabs, pictures, what a page gives away, and presentations, in a real Chromium."""

import re

import pytest
from playwright.sync_api import expect

from .browser import fits, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

SLUGS = ("priority-area", "scope", "region")
AFRICA = "61 projects in Africa (A/72/621, para. 25)"
CLIPBOARD = ["clipboard-read", "clipboard-write"]


def watched(page, figure):
    """Wait until the browser has said of this figure, as the script hears it, if it is near."""
    page.locator(figure).evaluate(
        "figure => new Promise(done => new IntersectionObserver(done).observe(figure))"
    )


def test_the_overview_draws_a_chart_when_it_is_chosen_and_not_before(visit):
    page = visit("/")
    figures = []
    page.on("request", lambda request: "figure.json" in request.url and figures.append(request.url))
    for slug in SLUGS:
        page.locator(f"#{slug}").scroll_into_view_if_needed()
        watched(page, f"#{slug}")
    assert page.locator("script[src*=plotly]:not([data-plotly])").count() == 0
    for slug in SLUGS:
        page.locator(f"#{slug}").get_by_role("tab", name="Chart").click()
        chart = page.locator(f"#{slug} figure[data-drawn]")
        expect(chart.locator(".trace.bars .point").first).to_be_visible()
    assert page.locator("script[src*=plotly]:not([data-plotly])").count() == 1
    assert len(figures) == 3


def test_on_a_telephone_the_table_serves_until_the_chart_is_chosen(visit):
    page = visit("/reports/scope/", width=390, has_touch=True, is_mobile=True)
    expect(page.locator("table.bars")).to_be_visible()
    watched(page, ".breakdown")
    assert page.locator("script[src*=plotly]:not([data-plotly])").count() == 0
    page.get_by_role("tab", name="Chart").click()
    expect(page.locator("figure[data-drawn] .trace.bars .point").first).to_be_visible()


def test_chart_and_table_are_tabs(visit):
    page = visit("/reports/scope/")
    chart, table = page.locator("figure[data-drawn]"), page.locator("table.bars")
    expect(page.get_by_role("tab")).to_have_text(["Chart", "Table"])
    expect(chart).to_be_visible()
    expect(table).to_be_hidden()
    page.get_by_role("tab", name="Chart").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Table")).to_be_focused()
    expect(page.get_by_role("tab", name="Table")).to_have_attribute("aria-selected", "true")
    expect(table).to_be_visible()
    expect(chart).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(chart).to_be_visible()
    expect(page.get_by_role("tab", name="Table")).to_have_attribute("tabindex", "-1")


@pytest.mark.parametrize(
    ("missing", "status", "body"),
    [("**/figure.json*", 200, "{"), ("**/plotly-basic*", 429, "Too many")],
)
def test_where_a_chart_does_not_arrive_the_page_reports_it_and_asks_again(
    visit, missing, status, body
):
    page = visit("/reports/scope/")
    page.route(missing, lambda route: route.fulfill(status=status, body=body))
    page.reload()
    expect(page.locator("table.bars")).to_be_visible()
    page.get_by_role("tab", name="Chart").click()
    failed = page.get_by_role("alert")
    expect(failed).to_contain_text(
        "The chart could not be loaded. The table shows the same figures."
    )
    page.get_by_role("tab", name="Table").click()
    expect(failed).to_be_hidden()
    page.get_by_role("tab", name="Chart").click()
    expect(failed).to_be_visible()
    page.unroute(missing)
    failed.get_by_role("button", name="Try again").click()
    expect(page.locator("figure[data-drawn] .trace.bars .point").first).to_be_visible()
    expect(page.get_by_text("The chart did not arrive")).to_be_hidden()
    expect(page.get_by_role("tab", name="Chart")).to_be_focused()


def test_without_scripts_tables_and_pictures_are_there(visit):
    page = visit("/reports/scope/?region=africa", java_script_enabled=False)
    expect(page.locator("#scope table.bars")).to_be_visible()
    page.goto(page.url.replace("/reports/scope/?region=africa", "/"))
    for slug, picture in zip(SLUGS, (".blocks", ".reach", ".lengths"), strict=True):
        expect(page.locator(f"#{slug} {picture}")).to_be_visible()
        expect(page.locator(f"#{slug} table.bars")).to_be_hidden()
        page.locator(f"#{slug} summary").click()
        expect(page.locator(f"#{slug} table.bars")).to_be_visible()
        expect(page.locator(f"#{slug} figure.chart")).to_be_hidden()
    expect(page.get_by_role("tab")).to_have_count(0)
    # What is asked is answered by the list.
    page.locator("form.ask select[name=scope]").select_option("global")
    page.get_by_role("button", name="See the list").click()
    expect(page).to_have_url(re.compile(r"/projects/\?priority_area=&scope=global&region=$"))


def test_a_bar_an_area_and_a_part_open_the_list(visit):
    page = visit("/")
    page.locator("#region").get_by_role("tab", name="Chart").click()
    bar = page.locator("#region figure[data-drawn] .trace.bars .point").first
    expect(bar).to_be_visible()
    box = bar.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page).to_have_title(f"{AFRICA} · PVE matrix")
    for piece, place in {
        ".blocks li:nth-child(4)": "priority_area=youth",
        ".reach svg:nth-child(2)": "scope=regional",
    }.items():
        page.go_back()
        page.locator(piece).click()
        expect(page).to_have_url(re.compile(rf"/projects/\?{place}$"))


def test_charts_are_dark_where_the_page_is(visit):
    page = visit("/reports/scope/", color_scheme="dark")
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    chart = page.locator("figure[data-drawn] .main-svg").first
    expect(chart).to_have_css("background-color", paper)
    page.emulate_media(color_scheme="light")
    expect(chart).to_have_css("background-color", "rgb(255, 255, 255)")


# On a telephone what is elsewhere, with its sentence, needs 200 more.
@pytest.mark.parametrize(("width", "most"), [(1280, 2800), (390, 5100)])
def test_the_overview_is_short_and_accessible(visit, width, most):
    page = visit("/", width=width)
    assert page.evaluate("document.documentElement.scrollHeight") <= most
    expect(page.locator(".cards li:visible")).to_have_count(6)
    for scheme, rules in {"light": [], "dark": ["color-contrast"]}.items():
        page.emulate_media(color_scheme=scheme)
        fits(page, 320 if width < 800 else 1920, width)
        assert violations(page, *rules) == [], scheme
    page.evaluate("document.documentElement.dir = 'rtl'")
    fits(page, width)
    assert violations(page) == []


def test_what_a_view_gives_away_is_copied(visit):
    page = visit("/reports/scope/?region=africa", permissions=CLIPBOARD)
    for label, copied in {
        "Link that never changes": r".+/scope/\?region=africa&edition=reconstruction-2026-11",
        "Suggested citation": r"PVE matrix\. Projects by scope\. Register of United Nations .+",
        "In a sentence": re.escape(
            f"{AFRICA}. The report does not give their scope. "
            "For each part, its totals allow a range."
        ),
    }.items():
        page.evaluate("document.querySelector('#announcement').textContent = ''")
        if not page.get_by_label(label, exact=True).is_visible():
            page.locator("#share > summary").click()
        page.get_by_label(label, exact=True).locator("xpath=following-sibling::button").click()
        expect(page.locator("#announcement")).to_have_text("Copied")
        assert re.fullmatch(copied, page.evaluate("navigator.clipboard.readText()"))
