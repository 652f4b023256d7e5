"""Charts, tabs, pictures, what a page gives away, and presentations, in a real Chromium."""

import re
import struct
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .browser import violations
from .test_browser import click_bar

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

SLUGS = ("priority-area", "scope", "region")
AFRICA = "61 projects in Africa (¶ 25)"
CLIPBOARD = ["clipboard-read", "clipboard-write"]


def watched(page, figure):
    """Wait until the browser has said of this figure, as the script hears it, if it is near."""
    page.locator(figure).evaluate(
        "figure => new Promise(done => new IntersectionObserver(done).observe(figure))"
    )


def test_a_chart_is_drawn_when_it_comes_near_the_screen_and_not_before(visit):
    page = visit("/")
    expect(page.locator("#area-youth")).to_be_visible()
    watched(page, "#priority-area")
    assert page.locator("script[src*=plotly]:not([data-plotly])").count() == 0
    for slug in SLUGS:
        page.locator(f"#{slug}").scroll_into_view_if_needed()
        chart = page.locator(f"#{slug} figure[data-drawn]")
        expect(chart).to_be_visible()
        expect(chart.locator(".trace.bars .point").first).to_be_visible()
    assert page.locator("script[src*=plotly]:not([data-plotly])").count() == 1


def test_figures_are_asked_for_one_after_another(visit):
    page = visit("/about/")
    page.set_viewport_size({"width": 1280, "height": 6000})
    open_requests, most = set(), []

    def began(request):
        if "figure.json" in request.url:
            open_requests.add(request.url)
            most.append(len(open_requests))

    page.on("request", began)
    page.on("requestfinished", lambda request: open_requests.discard(request.url))
    page.goto(page.url.replace("/about/", "/?scope=regional&q=united"))
    expect(page.locator("figure[data-figure][data-drawn]")).to_have_count(3)
    assert most == [1, 1, 1]


def test_on_a_telephone_the_picture_serves_until_the_chart_is_chosen(visit):
    page = visit("/reports/scope/", width=390, has_touch=True, is_mobile=True)
    expect(page.locator(".picture")).to_be_visible()
    watched(page, ".breakdown")
    assert page.locator("script[src*=plotly]:not([data-plotly])").count() == 0
    page.get_by_role("tab", name="Chart").click()
    expect(page.locator("figure[data-drawn] .trace.bars .point").first).to_be_visible()


def test_chart_table_and_picture_are_tabs(visit):
    page = visit("/reports/scope/")
    chart, table = page.locator("figure[data-drawn]"), page.locator("table.bars")
    expect(chart).to_be_visible()
    expect(table).to_be_hidden()
    expect(page.locator(".picture")).to_be_hidden()
    page.get_by_role("tab", name="Chart").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Table")).to_be_focused()
    expect(page.get_by_role("tab", name="Table")).to_have_attribute("aria-selected", "true")
    expect(table).to_be_visible()
    expect(chart).to_be_hidden()
    page.keyboard.press("End")
    expect(page.locator(".picture")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(chart).to_be_visible()
    expect(page.get_by_role("tab", name="Table")).to_have_attribute("tabindex", "-1")


def test_a_tab_that_somebody_chose_stays_chosen(visit):
    page = visit("/")
    page.get_by_role("tablist", name="Projects by scope").get_by_role("tab", name="Table").click()
    page.locator("#in-africa").click()
    expect(page).to_have_title(f"{AFRICA} · PVE matrix")
    page.locator("#scope").scroll_into_view_if_needed()
    expect(page.locator("#scope table.bars")).to_be_visible()
    watched(page, "#scope")
    expect(page.locator("#scope table.bars")).to_be_visible()


@pytest.mark.parametrize(
    ("missing", "status", "body"),
    [("**/figure.json*", 200, "{"), ("**/plotly-basic*", 429, "Too many")],
)
def test_where_a_chart_does_not_arrive_the_page_reports_it_and_asks_again(
    visit, missing, status, body
):
    page = visit("/reports/scope/", service_workers="block")
    page.route(missing, lambda route: route.fulfill(status=status, body=body))
    page.reload()
    expect(page.locator(".picture")).to_be_visible()
    page.get_by_role("tab", name="Chart").click()
    failed = page.get_by_role("alert")
    expect(failed).to_contain_text("The chart did not arrive. Table and picture show the same.")
    page.get_by_role("tab", name="Table").click()
    expect(failed).to_be_hidden()
    page.get_by_role("tab", name="Chart").click()
    expect(failed).to_be_visible()
    page.unroute(missing)
    failed.get_by_role("button", name="Try again").click()
    expect(page.locator("figure[data-drawn] .trace.bars .point").first).to_be_visible()
    expect(page.get_by_text("The chart did not arrive")).to_be_hidden()
    expect(page.get_by_role("tab", name="Chart")).to_be_focused()


def test_without_scripts_table_and_picture_are_there(visit):
    page = visit("/?region=africa", java_script_enabled=False)
    for slug in SLUGS:
        expect(page.locator(f"#{slug} table.bars")).to_be_visible()
        expect(page.locator(f"#{slug} .picture svg")).to_be_visible()
        expect(page.locator(f"#{slug} figure.chart")).to_be_hidden()
    expect(page.get_by_role("tab")).to_have_count(0)


def test_a_bar_filters_the_page_in_place_and_takes_it_back(visit):
    page = visit("/")
    page.locator("#region").scroll_into_view_if_needed()
    bars = page.locator("#region figure[data-drawn] .trace.bars").first.locator(".point")
    expect(bars.first).to_be_visible()
    click_bar(page, bars.first)
    expect(page).to_have_url(re.compile(r"/\?region=africa$"))
    expect(page).to_have_title(f"{AFRICA} · PVE matrix")
    expect(page.locator("#in-africa")).to_have_attribute("aria-current", "true")
    # Everything follows: the matrix, the other charts.
    expect(page.locator("#area-youth + .number")).to_have_text("0–27")
    page.go_back()
    expect(page).to_have_title("Overview · PVE matrix")
    expect(page.locator("#area-youth + .number")).to_have_text("27")
    page.go_forward()
    expect(page.locator("#area-youth + .number")).to_have_text("0–27")
    page.locator("#region").scroll_into_view_if_needed()
    expect(bars.first).to_be_visible()
    click_bar(page, bars.first)
    expect(page).to_have_title("Overview · PVE matrix")
    expect(page).to_have_url(re.compile(r"/$"))


def test_a_row_and_a_tile_filter_in_place_by_keyboard_and_keep_the_focus(visit):
    page = visit("/")
    page.locator("#area-youth").press("Enter")
    expect(page).to_have_url(re.compile(r"/\?priority_area=youth$"))
    expect(page.locator("#area-youth")).to_be_focused()
    page.locator("#in-africa").press("Enter")
    expect(page).to_have_url(re.compile(r"/\?priority_area=youth&region=africa$"))
    expect(page.locator("#in-africa")).to_be_focused()
    page.locator("#area-youth").press("Enter")
    expect(page).to_have_url(re.compile(r"/\?region=africa$"))
    page.locator("#in-africa").press("Enter")
    expect(page).to_have_url(re.compile(r"/$"))


def test_a_picture_is_saved_as_png_and_copied(visit):
    page = visit("/reports/region/?priority_area=youth", permissions=CLIPBOARD)
    sizes = {"wide": (1600, 900), "square": (1080, 1080), "page": (1240, 1754)}
    for shape, size in sizes.items():
        page.get_by_label("shape of the picture").select_option(shape)
        with page.expect_download() as download:
            page.get_by_role("button", name="PNG").click()
        name = download.value.suggested_filename
        assert re.fullmatch(rf"pve-region-\d{{4}}-\d\d-\d\d-priority_area-youth-{shape}\.png", name)
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert struct.unpack(">II", content[16:24]) == size
    page.get_by_role("button", name="Copy picture").click()
    expect(page.locator("#announcement")).to_have_text("Picture copied")
    kinds = page.evaluate(
        "navigator.clipboard.read().then((all) => all.flatMap((one) => one.types))"
    )
    assert kinds == ["image/png"]


def test_what_a_view_gives_away_is_copied(visit):
    page = visit("/reports/scope/?region=africa", permissions=CLIPBOARD)
    page.get_by_text("Share and cite").click()
    for label, copied in {
        "Pinned link": r".+/reports/scope/\?region=africa&edition=reconstruction-2017-12",
        "Suggested citation": r"Projects by scope\. pvematrix, register of United Nations .+",
        "In a sentence": re.escape(
            f"{AFRICA}. By scope the report states nothing of them: its totals allow the ranges."
        ),
        "Code to embed this chart in another page": r"<iframe src=\".+/embed/scope/\?region=.+",
    }.items():
        page.evaluate("document.querySelector('#announcement').textContent = ''")
        page.get_by_label(label, exact=True).locator("xpath=following-sibling::button").click()
        expect(page.locator("#announcement")).to_have_text("Copied")
        assert re.fullmatch(copied, page.evaluate("navigator.clipboard.readText()"))


def test_charts_are_presented_on_the_whole_screen_one_at_a_time(visit):
    page = visit("/")
    page.get_by_role("button", name="Present").click()
    stage = page.get_by_role("dialog", name="Presentation")
    expect(stage).to_be_visible()
    expect(page.locator("#stage > :fullscreen")).to_be_visible()
    image = stage.get_by_role("img")
    expect(image).to_have_accessible_name("What they work on")
    expect(stage).to_contain_text("1 / 4")
    page.keyboard.press("ArrowRight")
    expect(image).to_have_accessible_name("Projects by priority area")
    page.keyboard.press("End")
    expect(stage).to_contain_text("4 / 4")
    expect(image).to_have_accessible_name("Regional and national projects by region")
    page.keyboard.press("ArrowRight")
    expect(stage).to_contain_text("4 / 4")
    page.keyboard.press("ArrowLeft")
    expect(stage).to_contain_text("3 / 4")
    loaded = "document.querySelector('#stage img').decode().then(() => true)"
    assert page.evaluate(loaded)
    page.keyboard.press("Escape")
    expect(stage).to_be_hidden()
    expect(page.get_by_role("button", name="Present")).to_be_focused()


def test_every_tab_is_accessible(visit):
    page = visit("/reports/region/?priority_area=youth")
    for name in ("Table", "Picture", "Chart"):
        page.get_by_role("tab", name=name).click()
        if name == "Chart":
            expect(page.locator("figure[data-drawn]")).to_be_visible()
        else:  # the chart is drawn on other pages that axe looks at
            assert violations(page) == []
        page.emulate_media(color_scheme="dark")
        assert violations(page, "color-contrast") == []
        page.emulate_media(color_scheme="light")
