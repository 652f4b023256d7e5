"""The site in a real Chromium, as its users meet it."""

import io
import os
import re
from pathlib import Path
from random import Random

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from PIL import Image
from playwright.sync_api import expect

from projects.history import Revision, recording
from projects.imports import batches as imports
from projects.models import Objection, Project
from pvematrix import pages
from reports.models import Report

from .annex import faulty, matrix, workbook
from .browser import fits, is_accessible_and_fits, violations
from .declared import MENUS
from .files import as_sheet, upload
from .test_login import code_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

EVERYTHING = "223 projects (A/72/621, paras. 22 and 24)."
YOUTH = "27 projects on empowering youth (A/72/621, para. 24)."
NATIONAL_YOUTH = (
    "Projects on empowering youth, national in scope: not stated; A/72/621's totals allow 0 to 27."
)
# A page of each kind; other tests look at the overview, the list, charts, projects and changes.
KINDS = [
    "/projects/?edition=reconstruction-2017-12&scope=national",
    "/projects/?scope=galactic&page=x&nothing=1&sort=size&edition=none",
    "/projects/?page=99",
    "/projects/PVE-001/correct/",
    "/projects/PVE-011/",
    "/reports/",
    "/reports/priority-area/",
    "/reports/cross-table/",
    "/reports/cross-table/?rows=entity&columns=region&scope=regional&view=range",
    "/reports/compare/?a=scope%3Dnational&b=scope%3Dregional%26q%3DPVE",
    "/reports/compare/?a=scope%3Dgalactic&b=region%3Dasia",
    "/reports/a-72-621/",
    "/reports/a-72-621/text/",
    "/reports/hlc-2018/",
    "/report/",
    "/entities/",
    "/entities/UNESCO/",
    "/editions/",
    "/editions/reconstruction-2017-12/",
    "/editions/reconstruction-2017-12/changes/live/",
    "/about/",
    "/api/",
    "/check/",
    "/nothing-here/",
]
# What is on these, others have: tests in other languages look at them too.
PAGES = [
    *KINDS,
    "/projects/?scope=regional&q=united&sort=-title",
    "/projects/?scope=global&region=africa",
    "/projects/PVE-001/?edition=reconstruction-2017-12",
    "/projects/PVE-001/changes/",
    "/reports/region/",
    "/reports/scope/?priority_area=youth",
    "/reports/cross-table/?view=described",
]
SEARCHED = [
    "/reports/region/?scope=regional&scope_basis=stated&scope_basis=inferred",
    "/reports/a-72-621/text/?q=women",
    "/statements/?q=zebra",
    "/entities/CTITF-WGC/",
    "/statements/?page=2",
    "/statements/E07/",
    "/statements/E07/correct/",
]
# The types of pages that are in neither; other tests look at some of them in one look.
TYPES = [
    "/",
    "/projects/",
    "/projects/?region=africa",
    "/projects/PVE-001/",
    "/projects/PVE-120/",
    "/projects/PVE-001/changes/",
    "/projects/changes/",
    "/elsewhere/",
    "/elsewhere/undp/00094760/",
    "/reports/region/",
    "/reports/a-72-621/text/34/",
]


def test_every_page_of_the_site_is_among_those():
    looked_at = {one.partition("?")[0] for one in (*PAGES, *SEARCHED, *TYPES)}
    routes = {f"/{one.route}" for one in pages.PAGES if one.view}
    of_records = {
        *("/reports/a-72-621/", "/reports/a-72-621/text/"),
        *("/reports/priority-area/", "/reports/scope/", "/reports/region/"),
    }
    named = {address for menu in MENUS.values() for address in menu if "#" not in address}
    assert routes == named - of_records
    assert routes - looked_at == set()


def test_a_change_of_filter_applies_itself_and_back_works(visit):
    page = visit("/projects/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    expect(page).to_have_url(re.compile("#main$"))
    expect(page.locator("#announcement")).to_have_text("")
    page.get_by_label("Empowering youth").check()
    expect(page.locator("#sentence")).to_have_text(YOUTH)
    expect(page).to_have_url(re.compile(r"/projects/\?priority_area=youth$"))
    expect(page).to_have_title(f"{YOUTH.removesuffix('.')} · PVE matrix")
    expect(page.get_by_label("Empowering youth")).to_be_focused()
    expect(page.locator("#announcement")).to_have_text(YOUTH)
    page.keyboard.press("Tab")
    page.locator("#facet-scope > a").click()
    expect(page.locator("details#facet-scope[open]")).to_be_visible()
    page.get_by_label("National").focus()
    page.keyboard.press("Space")
    expect(page.locator("#sentence")).to_have_text(NATIONAL_YOUTH)
    page.go_back()
    expect(page.locator("#sentence")).to_have_text(YOUTH)
    expect(page.get_by_label("National")).not_to_be_checked()
    page.go_back()
    expect(page.locator("#sentence")).to_have_text(EVERYTHING)
    page.go_forward()
    expect(page.locator("#sentence")).to_have_text(YOUTH)


def test_facets_open_in_place_and_stay_as_they_are(visit):
    page = visit("/projects/?sort=title")
    page.locator("#open-when").click()
    expect(page.locator("#open-when")).to_be_focused()
    expect(page.locator("#facet-when")).to_have_attribute("open", "")
    # No address has it, and of the list nothing new is said.
    expect(page).to_have_url(re.compile(r"/projects/\?sort=title$"))
    expect(page.locator("#announcement")).to_have_text("")
    # What was chosen and opened a moment ago is not lost.
    page.evaluate(
        """for (const id of ["priority_area-youth", "open-scope", "open-entity"])
            document.getElementById(id).click();"""
    )
    expect(page.locator("details#facet-entity[open]")).to_be_visible()
    expect(page.locator("details#facet-scope[open]")).to_be_visible()
    expect(page.locator("#sentence")).to_have_text(YOUTH)
    expect(page).to_have_url(re.compile(r"\?sort=title&priority_area=youth$"))
    # Closed by hand it stays closed, whatever is asked for next.
    page.locator("summary#open-scope").click()
    page.get_by_role("link", name="Empowering youth remove").click()
    expect(page.locator("#sentence")).to_have_text(EVERYTHING)
    expect(page.locator("details#facet-entity[open]")).to_be_visible()
    expect(page.locator("details#facet-scope:not([open])")).to_be_visible()


def test_focus_and_typing_survive_a_change(visit):
    page = visit("/projects/?scope=national&scope=global")
    page.get_by_role("link", name="Title", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("sort=title"))
    expect(page.locator("#sort-title")).to_be_focused()
    page.get_by_role("link", name="Global remove").click()
    expect(page.locator("#sentence")).to_have_text(
        "75 projects are national in scope (A/72/621, para. 25)."
    )
    expect(page.locator("#sentence")).to_be_focused()
    waiting = []
    page.route("**/projects/?*", lambda route: waiting.append(route))
    with page.expect_request("**/projects/?*"):
        page.get_by_label("Empowering youth").check()
    page.get_by_label("Search the register").type("peace")
    for route in waiting:
        route.continue_()
    expect(page.locator("#sentence")).to_have_text(NATIONAL_YOUTH)
    expect(page.get_by_label("Search the register")).to_have_value("peace")


def test_nothing_scrolls_sideways_at_any_width(visit):
    page = visit("/projects/?q=" + "W" * 150)
    fits(page, 1280)
    for address in ("/projects/", "/reports/a-72-621/", "/reports/priority-area/", "/"):
        page = visit(address)
        fits(page, 320, 360, 600, 768, 800, 960, 1000, 1024, 1100, 1250, 1281, 1920)
        if address == "/projects/":
            counts = page.locator(".count:visible").all()
            assert len({count.bounding_box()["height"] for count in counts}) == 1


def test_a_chart_says_in_text_what_it_shows_and_keeps_its_height(visit):
    page = visit("/reports/scope/")
    expect(page.locator("figure[data-drawn]")).to_be_visible()
    expect(page.locator(".plot")).to_have_attribute(
        "aria-label", "82 of the 223 projects are global in scope: Chart"
    )
    # What each bar shows is a link of its own, next in order.
    expect(page.locator(".plot + .presses a")).to_have_text(
        [
            "82 of the 223 projects (37 %) are global in scope (A/72/621, para. 25)",
            "66 of the 223 projects (30 %) are regional in scope (A/72/621, para. 25)",
            "75 of the 223 projects (34 %) are national in scope (A/72/621, para. 25)",
        ]
    )
    before = page.locator(".plot").bounding_box()["height"]
    for width in (1000, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        plot, drawn = page.locator(".plot"), page.locator(".plot svg").first
        expect(drawn).to_have_attribute("width", str(plot.evaluate("plot => plot.clientWidth")))
    assert page.locator(".plot").bounding_box()["height"] == before
    assert page.locator(".plot svg").first.bounding_box()["height"] == before


def test_a_view_is_shared_where_the_browser_has_a_way(visit):
    page = visit("/projects/?scope=national&priority_area=youth")
    page.get_by_text("Share", exact=True).click()
    expect(page.get_by_role("button", name="Share…")).to_be_hidden()
    page.add_init_script(
        "navigator.share = (given) => { window.shared = given; return Promise.resolve(); }"
    )
    page.goto(page.url)
    page.get_by_text("Share", exact=True).click()
    page.get_by_role("button", name="Share…").click()
    shared = page.evaluate("window.shared")
    assert shared["title"] == page.title()
    assert shared["url"].endswith("/projects/?priority_area=youth&scope=national")


def test_the_filters_are_a_sheet_on_a_phone_that_says_what_it_will_show(visit):
    page = visit("/projects/", width=390)
    expect(page.get_by_label("Empowering youth")).to_be_hidden()
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Empowering youth").check()
    expect(page.get_by_role("button", name="Show 27 (para. 24)")).to_be_in_viewport(ratio=1)
    page.locator("#priority_area-gender").check()
    button = page.get_by_role("button", name="Show 49 (para. 24)")
    expect(button).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("Filters (2)")).to_be_in_viewport()
    # Nothing else can be reached behind it.
    assert (
        page.locator("header.site, footer.site, .answer p, .projects").evaluate_all(
            "all => all.filter((one) => one.checkVisibility()).length"
        )
        == 0
    )
    page.get_by_text("How it is known").click()
    page.locator("#regions_basis-not-stated").scroll_into_view_if_needed()
    expect(button).to_be_in_viewport(ratio=1)
    button.click()
    expect(page.get_by_label("Empowering youth")).to_be_hidden()
    expect(page.locator("#sentence")).to_be_focused()
    # It is the card with the same numbers that shows where one is.
    expect(page.get_by_role("region", name="Answer")).to_be_in_viewport()
    expect(page.get_by_role("region", name="Answer")).to_have_css("outline-style", "solid")
    expect(
        page.get_by_role("link", name="Gender equality and empowering women remove")
    ).to_be_visible()
    # A project is a card: its title, how it is known, and each value with its label.
    cards = page.locator("tbody tr")
    expect(cards).to_have_count(3)
    expect(cards.first).to_have_text(re.compile("^\\s*PVE-001\\s+Networks of Mediterranean"))
    page.goto(page.url.partition("?")[0] + "?priority_area=youth&provenance=counted")
    expect(cards).to_have_count(24)
    heights = cards.evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    assert max(heights) < 170
    expect(cards.first.locator("td").nth(1)).to_have_css("display", "inline-block")
    expect(cards.first).to_have_text(re.compile("^\\s*PVE-109\\s+Unidentified project 4 of 27"))


def test_a_pasted_text_is_checked_without_scripts(visit):
    page = visit("/check/", java_script_enabled=False)
    page.get_by_label("Your text").fill("The matrix has 72 national projects, and 27 on youth.")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("link", name="[Differs]")).to_be_visible()
    row = page.get_by_role("row", name="72 national projects")
    expect(row).to_contain_text("75 projects are national in scope (A/72/621, para. 25).")
    with page.expect_download() as download:
        page.get_by_role("button", name="Word with comments").click()
    assert download.value.suggested_filename == "pve-check.docx"
    # What is accessible is seen with scripts.
    page = visit("/check/")
    page.get_by_label("Your text").fill("The matrix has 72 national projects, and 27 on youth.")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("link", name="[Differs]")).to_be_visible()
    is_accessible_and_fits(page, 390, 1280)


def test_the_header_is_one_row_and_opens_on_a_phone_without_scripts(visit):
    page = visit("/statements/", java_script_enabled=False)
    header = page.locator("header.site")
    for width in (1200, 1440, 1536, 1920, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        assert header.bounding_box()["height"] <= 64, width
        expect(header.get_by_text("UN projects to prevent violent extremism")).to_be_visible()
        expect(page.get_by_role("button", name="Menu")).to_be_hidden()
    for width in (800, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert header.bounding_box()["height"] <= 56, width
    page.get_by_role("button", name="Menu").click()
    entries = page.get_by_role("navigation", name="Site").get_by_role("link")
    # Five pages and six languages, at 320 pixels without a second press.
    expect(entries).to_have_count(11)
    for entry in entries.all():
        expect(entry).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(entries.first).to_be_hidden()
    header.get_by_role("button", name="Search").click()
    page.get_by_label("Search the register").fill("journalists")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/projects/.q=journalists"))


def test_on_a_phone_the_search_is_typed_into_at_once(visit):
    page = visit("/", width=390)
    page.get_by_role("banner").get_by_role("button", name="Search").first.click()
    page.keyboard.type("unesco")
    expect(page.get_by_role("option", name="Networks of Mediterranean Youth")).to_be_visible()
    expect(page.get_by_label("Search the register")).to_have_value("unesco")


# Light, wide and English is each page; another width, scheme or direction is every third.
OTHER_LOOKS = [(390, "dark", ""), (390, "light", "/ar"), (1280, "dark", "/ar")]


@pytest.mark.parametrize("first", range(6))
def test_every_page_is_accessible_and_fits_a_phone(visit, live_server, first):
    page = visit("/robots.txt")
    for place, address in [*enumerate([*KINDS, *SEARCHED, *TYPES])][first::6]:
        width, scheme, language = OTHER_LOOKS[(place // 6 + place) % 3]
        if address == "/api/":  # which is in English only
            language = ""
        looks = [((390, 1280), "light", ""), ((width,), scheme, language)]
        for widths, scheme, language in looks:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": widths[-1], "height": 900})
            page.goto(f"{live_server.url}{language}{address}")
            if page.locator(".breakdown:not([data-closed]) figure.chart").count():
                # A chart is drawn when it comes near the screen.
                page.locator(".breakdown").first.scroll_into_view_if_needed()
                expect(page.locator("figure[data-drawn]").first).to_be_visible()
            is_accessible_and_fits(page, *widths)
            # Links are as large as a finger needs; no rule of axe asks that unless it is named.
            assert violations(page, "target-size") == [], (page.url, scheme)


def keep_picture(page, name):
    """Keep what the window shows, for the guides, in the folder that PICTURES names."""
    if folder := os.environ.get("PICTURES"):
        page.mouse.move(0, 0)
        shown = Image.open(io.BytesIO(page.screenshot()))
        shown.quantize(64).save(Path(folder) / f"{name}.png", optimize=True)


def test_the_annex_comes_in_within_twelve_clicks(at_the_desk, tmp_path, live_server):
    annex = matrix(Random(3))
    faulty(annex)
    (tmp_path / "annex.xlsx").write_bytes(workbook(annex))
    page = at_the_desk("/admin/projects/batch/import/")
    clicks = []

    def click(name):
        clicks.append(name)
        page.get_by_role("button", name=name).click()

    clicks.append("File")
    page.get_by_label("File").set_input_files(tmp_path / "annex.xlsx")
    click("Show what would change")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Columns: annex.xlsx")
    expect(page.get_by_label("Read as: Scope")).to_have_value("scope")
    keep_picture(page, "annex-columns")
    # What only a person can say: which projects these are, and where it comes from.
    clicks.append("These rows are")
    page.get_by_label("the matrix that A/72/621 counts").check()
    page.get_by_label("Source").fill("Draft annex, https://x.org/2017")
    for basis in ("priority area", "scope", "regions"):
        page.get_by_label(f"Basis of the {basis}").select_option("stated")
    page.get_by_label("Keep this mapping as").fill("The Office’s annex")
    click("Go on to the values")
    # What a pillar is, an entity that is new, a place whose row has its region too.
    expect(page.get_by_text("3 values are unclear or not known.")).to_be_visible()
    pillar = page.get_by_role("group", name="“Pillar I”")
    pillar.get_by_label("Priority area").select_option("Dialogue and conflict prevention")
    gcerf = page.get_by_role("group", name="“GCERF”")
    expect(gcerf.get_by_label("Acronym of a new entity")).to_have_value("GCERF")
    gcerf.get_by_label("Name of a new entity").fill(
        "Global Community Engagement and Resilience Fund"
    )
    sahel = page.get_by_role("group", name="“Sahel”")
    expect(sahel.get_by_role("checkbox", name="Africa").first).not_to_be_checked()
    click("Accept the proposals of this page")
    expect(heading).to_have_text("Entries: annex.xlsx")
    expect(page.get_by_text("12 rows have the titles of entries")).to_be_visible()
    page.get_by_label("The sheet has every project").check()
    keep_picture(page, "annex-entries")
    click("Go on to the preview")
    expect(page.get_by_text("To change: 12")).to_be_visible()
    page.get_by_label("Reason").fill("The annex came")
    click("Send to a second person")
    expect(page.get_by_text("Waits for a second person")).to_be_visible()
    page = at_the_desk("/admin/", name="another")
    clicks.append("annex.xlsx")
    page.get_by_role("link", name="annex.xlsx").click()
    click("Publish")
    expect(page.get_by_text("The import is done.")).to_be_visible()
    assert len(clicks) <= 12
    page.goto(f"{live_server.url}/reports/a-72-621/")
    expect(page.get_by_text("17 of 17 totals agree with the report.").first).to_be_visible()


def test_a_report_with_five_figures_is_written_in_one_form(at_the_desk):
    page = at_the_desk("/admin/reports/report/add/")
    report = {
        **{"symbol": "A/91/1", "title": "An invented report", "date": "2031-06-01"},
        **{"link": "https://example.org/a-91-1", "population": "invented projects"},
    }
    for name, typed in report.items():
        # Typed, since the slug follows the symbol.
        page.locator(f"#id_{name}").press_sequentially(typed)
    expect(page.locator("#id_slug")).to_have_value("a911")
    lines = [
        "All projects\t\t\t194,000,000\tUS dollars requested\t7",
        "All projects\t\tmore than\t12\tentities\t8",
        "Region\tAfrica\t\t9\t\t9",
        "Priority area × Scope\tEmpowering youth × National\t≥\t140\tper cent\t9",
    ]
    for name, cell in zip(("dimension", "value"), ("All projects", "60"), strict=True):
        page.locator(f"#id_figures-0-{name}").fill(cell)
    box = page.get_by_label("Paste a table from Word or Excel")
    box.fill("\n".join(lines))
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".field-value .errorlist")).to_have_text("A share is at most 100 per cent.")
    page.locator("#id_figures-4-value").fill("40")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("status").first).to_contain_text(
        "No errors. Figures that can be saved: 5."
    )
    expect(box).to_have_value("")
    page.locator(".new-figures").evaluate("figures => figures.scrollIntoView()")
    keep_picture(page, "report-form")
    is_accessible_and_fits(page, 1280, 390)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("“A/91/1” was added successfully.")).to_be_visible()
    found = [*Report.live.get(slug="a911").figures.values_list("position", "value", "unit")]
    assert (len(found), found[1]) == (5, (2, 194_000_000, "usd-requested"))


def test_a_reviewer_works_through_what_waits_by_keys(at_the_desk):
    for reference in ("PVE-001", "PVE-002", "PVE-003"):
        project = Project.published.get(reference=reference)
        with recording(reason="For a test"):
            project.title = f"{project.title}, again"
            project.save()
    first = Project.published.get(reference="PVE-001")
    page = at_the_desk(f"/admin/projects/project/{first.pk}/review/")
    heading = page.get_by_role("heading", level=2).first

    def shows(reference):
        expect(heading).to_contain_text(reference)
        # The scripts that read the keys come after the heading.
        page.wait_for_load_state()

    page.keyboard.press("j")
    shows("PVE-002")
    page.keyboard.press("k")
    shows("PVE-001")
    page.keyboard.press("a")
    shows("PVE-002")
    page.keyboard.press("s")
    page.keyboard.type("Say which source.")
    page.keyboard.press("Enter")
    shows("PVE-003")
    assert Objection.objects.get().sentence == "Say which source."
    page.get_by_label("Keyboard shortcuts:").uncheck()
    page.keyboard.press("a")
    page.reload()
    shows("PVE-003")
    states = Project.published.filter(number__lte=3).order_by("number")
    assert [one.review for one in states] == ["reviewed", "changed", "changed"]


def test_staff_log_in_with_a_second_factor(visit, live_server, client, django_user_model, settings):
    settings.STAFF_SECOND_FACTOR = True
    cache.clear()  # failures of other tests: a server's test leaves them there
    django_user_model.objects.create_superuser("root", password="secret")

    def check_page(heading):
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        is_accessible_and_fits(page, 1280, 390)

    page = visit("/admin/projects/entity/")
    page.get_by_label("Username").fill("root")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("form .errorlist")).to_contain_text("are not correct")
    check_page("Log in")
    page.goto(f"{live_server.url}/admin/projects/entity/")
    page.get_by_label("Username").fill("root")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_alt_text("QR code")).to_be_visible()
    assert page.evaluate("document.querySelector('img.qr').naturalWidth") > 0
    key = page.locator("#key").inner_text()
    page.get_by_label("Authenticator code").fill("000000")
    page.get_by_role("button", name="Activate").click()
    expect(page.locator("form .errorlist")).to_contain_text("Incorrect code.")
    check_page("Set up the second factor")
    page.get_by_label("Authenticator code").fill(code_of(key))
    page.get_by_role("button", name="Activate").click()
    check_page("Recovery codes")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_text().split() == codes
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").split() == codes
    page.get_by_role("link", name="Second factor").click()
    check_page("Second factor")
    expect(page.locator("main")).to_contain_text("10 unused codes are left.")
    page.get_by_role("link", name="Change password").click()
    check_page("Change password")
    page.get_by_role("link", name="The desk").click()
    expect(page.get_by_role("heading", name="The desk")).to_be_visible()

    # The code of the set-up is used up; the next one counts already.
    for code in (code_of(key, 1), codes[0]):
        page.locator("#user-tools summary").click()
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_role("button", name="Log out")).to_be_hidden()
        page.goto(f"{live_server.url}/admin/projects/entity/")
        page.get_by_label("Username").fill("root")
        page.get_by_label("Password").fill("secret")
        page.get_by_role("button", name="Log in").click()
        check_page("Second factor")
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Entities")


def test_the_desks_own_pages_are_accessible(at_the_desk):
    project = Project.published.get(reference="PVE-001")
    with recording(reason="For a test"):
        project.title = "NET-MED"
        project.save()
    lines = b"reference,title,scope,entities,Budget\r\n"
    lines += b"PVE-002,Peacebuilders,galactic,un women,1\r\nPVE-999,New,,,\r\n"
    chief = User.objects.create_superuser("chief")
    batch = upload("file.csv", lines, {"ignored": []}, chief)
    content = (
        b"Project title,Lead entity,Level\r\nRadio,GCERF,National (Kenya)\r\nSchools,,Local\r\n"
    )
    sheet = upload("sheet.csv", content, {}, chief, read=as_sheet)
    applied = upload("file.csv", b"reference,title\r\nPVE-002,Peace\r\n", {"ignored": []})
    imports.apply(applied, imports.preview(applied).digest)
    revision = Revision.objects.get(key="PVE-001")
    desk = at_the_desk("/admin/")
    # A page that nobody listens to: axe itself tries what the policy forbids in Django's forms.
    page = desk.context.new_page()

    for address in (
        f"/admin/projects/batch/{batch.pk}/preview/",
        f"/admin/projects/batch/{sheet.pk}/map/",
        f"/admin/projects/batch/{applied.pk}/change/",
        f"/admin/projects/project/{project.pk}/history/",
        f"/admin/projects/revision/{revision.pk}/change/",
        f"/admin/projects/project/{project.pk}/review/",
    ):
        page.goto(desk.url.removesuffix("/admin/") + address)
        is_accessible_and_fits(page, 390, 1280)
    # Pages that only a form leads to.
    page.goto(f"{desk.url}projects/batch/{sheet.pk}/map/")
    page.get_by_label("the matrix that A/72/621 counts").check()
    page.get_by_label("Source").fill("An annex, https://x.org/2017")
    for basis in ("priority area", "scope", "regions"):
        page.get_by_label(f"Basis of the {basis}").select_option("stated")
    page.get_by_role("button", name="Go on to the values").click()
    expect(page.get_by_role("group", name="“Local”")).to_be_visible()
    is_accessible_and_fits(page, 390, 1280)
    # Enter accepts nothing that is proposed; what is refused shows its other meanings.
    page.get_by_role("textbox", name="Entities:").press("Enter")
    expect(page.get_by_text("2 values need an answer.")).to_be_visible()
    is_accessible_and_fits(page, 390, 1280)
    page.get_by_role("group", name="“GCERF”").get_by_label("Ignore this value").check()
    local = page.get_by_role("group", name="“Local”")
    local.get_by_role("checkbox", name="National", exact=True).check()
    page.get_by_role("button", name="Go on to the entries").click()
    # Nor does it change how regions are read.
    with page.expect_navigation():
        page.get_by_label("Reference: Radio").press("Enter")
    expect(page.get_by_role("button", name="Leave their region empty")).to_be_visible()
    expect(page.get_by_role("table", name="Entries")).to_be_visible()
    is_accessible_and_fits(page, 390, 1280)
    page.goto(f"{desk.url}projects/edition/add/")
    page.get_by_label("Name").fill("Second")
    page.get_by_label("Date").fill("2026")
    page.get_by_label("Note").fill("For a test")
    page.get_by_role("button", name="Preview edition").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Publish: Second")
    is_accessible_and_fits(page, 390, 1280)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Second")
    with recording(reason="For a test"):
        project.title = "NET-MED, again"
        project.save()
    page.goto(desk.url + "projects/project/?review__exact=changed")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("review")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    is_accessible_and_fits(page, 390, 1280)


def test_suggestions_are_chosen_by_keyboard(visit):
    page = visit("/projects/")
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Search")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("afri")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.first).to_have_text("Africa Region")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#announcement")).to_have_text(re.compile(r"Suggestions: \d+"))
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-0")
    # The arrow goes round, Escape closes and leaves what was typed.
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("afri")
    box.press_sequentially("c")
    expect(options.first).to_have_text("Africa Region")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/projects/\?region=africa$"))
    expect(page.locator("#region-africa")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("address", ["/", "/projects/", "/ar/projects/PVE-001/"])
def test_suggestions_open_below_their_box(visit, address, width):
    page = visit(address)
    page.set_viewport_size({"width": width, "height": 800})
    page.keyboard.press("/")
    page.keyboard.type("a")
    listed = page.get_by_role("listbox")
    expect(listed).to_be_in_viewport(ratio=1)
    box, found = page.locator("#site-q").bounding_box(), listed.bounding_box()
    assert 0 <= found["y"] - box["y"] - box["height"] < 16
    assert found["x"] <= box["x"] + box["width"] and box["x"] <= found["x"] + found["width"]


def test_the_search_box_is_pressed_and_searches_within_what_is_shown_after_a_change(visit):
    page = visit("/about/")
    # The key that goes to the box is a letter in it.
    page.keyboard.press("/")
    page.keyboard.type("a/?")
    expect(page.get_by_label("Search the register")).to_have_value("a/?")
    page.get_by_label("Search the register").fill("")
    page.get_by_label("Search the register").press_sequentially("net-med")
    page.get_by_role("option", name=re.compile("PVE-001")).click()
    expect(page).to_have_url(re.compile("/projects/PVE-001/$"))
    page.goto(page.url.replace("PVE-001/", "?sort=title"))
    page.locator("#facet-scope > a").click()
    expect(page.locator("details#facet-scope[open]")).to_be_visible()
    page.get_by_label("National").check()
    expect(page).to_have_url(re.compile("scope=national"))
    page.keyboard.press("/")
    page.keyboard.type("unesc")
    expect(page.get_by_role("option").first).to_contain_text("UNESCO")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/projects/\?scope=national&sort=title&q=unesc$"))
