"""The desk in a real Chromium: what its keepers type, lose and find again."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from projects.history import recording
from projects.models import Project

from .test_browser import at_the_desk, chromium, visit  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

RECORDS = (
    "projects/project",
    "projects/entity",
    "projects/country",
    "projects/edition",
    "reports/document",
    "reports/paragraph",
    "reports/statement",
    "reports/report",
    "reports/figure",
    "auth/group",
)
LISTS = (
    "projects",
    *RECORDS,
    "projects/batch",
    "projects/correction",
    "projects/revision",
    "reports/plan",
    "pvematrix/account",
    "mfa/authenticator",
)


def first_of(model: str) -> int:
    return apps.get_model(model.replace("/", "."))._base_manager.order_by("pk").first().pk


def change_page(reference: str = "PVE-001") -> str:
    return f"/admin/projects/project/{Project.live.get(reference=reference).pk}/change/"


def drafts_in(page) -> int:
    return page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('draft:')).length")


def test_what_was_typed_is_there_again_after_a_login_in_between(at_the_desk):  # noqa: F811
    page = at_the_desk(change_page())
    chief = User.objects.get(username="chief")
    chief.set_password("tangerine lamp violet")
    chief.save()
    page.get_by_label("Title").fill("Typed at night")
    page.get_by_text("Add another Quotation").click()
    page.locator("textarea[name$=-words], input[name$=-words]").nth(-2).fill("some words")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill("tangerine lamp violet")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#drafts")).to_contain_text("You typed something here on")
    expect(page.get_by_label("Title")).not_to_have_value("Typed at night")
    page.get_by_role("button", name="Restore it").click()
    expect(page.get_by_label("Title")).to_have_value("Typed at night")
    expect(page.locator("textarea[name$=-words], input[name$=-words]").nth(-2)).to_have_value(
        "some words"
    )
    assert drafts_in(page) == 1
    # Saved without the words, which lack their place: what comes back is what was typed.
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("#faults")).to_contain_text("Not saved. What is wrong:")
    expect(page.locator("#drafts")).to_be_hidden()
    page.locator("textarea[name$=-words], input[name$=-words]").nth(-2).fill("")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    assert drafts_in(page) == 0


def test_leaving_a_changed_form_asks_and_logging_out_clears_what_was_typed(at_the_desk):  # noqa: F811
    page = at_the_desk(change_page())
    asked = []
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        if len(asked) == 1:
            dialog.dismiss()
        else:
            dialog.accept()

    page.on("dialog", answer)
    page.get_by_label("Title").click()
    page.keyboard.type("More ")
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_label("Title")).to_have_value(re.compile("More "))
    assert asked == ["beforeunload"]
    assert drafts_in(page) == 1
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Username")).to_be_visible()
    assert asked == ["beforeunload", "beforeunload"]
    assert drafts_in(page) == 0


def test_a_draft_does_not_overwrite_what_others_wrote_meanwhile(at_the_desk):  # noqa: F811
    page = at_the_desk(change_page())
    page.get_by_label("Title").fill("Mine")
    page.wait_for_function("Object.keys(localStorage).some((k) => k.startsWith('draft:'))")
    with recording():
        project = Project.live.get(reference="PVE-001")
        project.title = "Theirs"
        project.save()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("Theirs")
    page.get_by_role("button", name="Restore it").click()
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Somebody else changed this record meanwhile"
    )


def test_a_form_with_faults_says_them_on_top_each_with_its_field(at_the_desk):  # noqa: F811
    page = at_the_desk(change_page())
    page.get_by_label("Title").fill("")
    page.locator("#id_start_date").fill("soon")
    page.get_by_role("button", name="Save", exact=True).first.click()
    faults = page.locator("#faults li")
    expect(faults).to_have_count(2)
    faults.first.get_by_role("link").click()
    expect(page).to_have_url(page.url.split("#")[0] + "#id_title")


def test_every_page_of_the_desk_is_accessible_and_fits_a_phone(at_the_desk, live_server):  # noqa: F811
    # A page that nobody listens to: axe itself tries what the policy forbids in Django's forms.
    page = at_the_desk("/admin/").context.new_page()
    chief = User.objects.get(username="chief")
    places = [
        *(f"/admin/{one}/" for one in LISTS),
        *(f"/admin/{one}/add/" for one in ("projects/project", "projects/edition", "reports/plan")),
        *(f"/admin/projects/project/{one}/" for one in ("duplicates", "1/history", "1/delete")),
        f"{change_page('PVE-109')}?identify=1",
        "/admin/projects/project/identify/",
        f"/admin/pvematrix/account/{chief.pk}/change/",
        "/admin/pvematrix/account/add/",
        "/admin/projects/batch/import/",
        *(f"/admin/{model}/{first_of(model)}/change/" for model in RECORDS),
    ]
    wrong = {}
    for place in places:
        for width, scheme in ((1280, "light"), (1280, "dark"), (390, "light")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.goto(live_server.url + place)
            found = Axe().run(page).response["violations"]
            if found:
                named = [(one["id"], one["nodes"][0]["target"]) for one in found]
                wrong[place, width, scheme] = named
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong[place, width] = "wider than the window"
    assert wrong == {}


def test_a_project_is_identified_with_one_save(at_the_desk, live_server):  # noqa: F811
    page = at_the_desk("/admin/")
    page.get_by_role("link", name="Identify a project").click()
    page.get_by_label("Title").fill("Youth clubs against violent extremism")
    page.get_by_label("Source:").fill("UNDP, annual report 2017, p. 3")
    page.locator("#id_priority_area").select_option("youth")
    page.locator("#id_scope").select_option("national")
    page.get_by_label("Africa", exact=True).check()
    page.locator("#id_entities + .select2").click()
    page.get_by_role("searchbox").last.fill("undp")
    page.get_by_role("option", name="UNDP").first.click()
    page.get_by_label("Title").focus()
    page.get_by_role("button", name="Find its place").click()
    first = page.locator(".place").first
    expect(first).to_contain_text("All totals stay.")
    first.get_by_role("button", name="Describe").click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    described = Project.live.get(title="Youth clubs against violent extremism")
    assert described.provenance == "confirmed"
    page.goto(f"{live_server.url}/reports/a-72-621/")
    expect(page.locator("main")).to_contain_text("All 17 figures of A/72/621 are matched.")
