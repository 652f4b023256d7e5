"""The desk in a real Chromium: what its keepers type, lose and find again."""

import re
from random import Random

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from projects.history import recording
from projects.models import Batch, Project

from .annex import faulty, matrix, workbook
from .browser import is_accessible_and_fits, violations
from .files import NEW, csv_of
from .waiting import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

# Of lists and forms, which share a template, those with something of their own.
RECORDS = ("projects/edition", "reports/statement", "reports/figure", "auth/group")
LISTS = (
    *("projects", "projects/project", "projects/batch", "projects/correction"),
    *("projects/revision", "reports/statement", "pvematrix/account"),
)


def first_of(model: str) -> int:
    return apps.get_model(model.replace("/", "."))._base_manager.order_by("pk").first().pk


def change_page(reference: str = "PVE-001") -> str:
    return f"/admin/projects/project/{Project.live.get(reference=reference).pk}/change/"


def drafts_in(page) -> int:
    return page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('draft:')).length")


def questions_of(page) -> list[str]:
    """The kinds of the questions that the browser asks from now on; each is accepted."""
    asked = []

    def accept(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    return asked


def end_the_session() -> None:
    """End every session, as time does; its owner knows the password."""
    chief = User.objects.get(username="chief")
    chief.set_password("tangerine lamp violet")
    chief.save()
    Session.objects.all().delete()


def log_in_again(page) -> None:
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill("tangerine lamp violet")
    page.get_by_role("button", name="Log in").click()


def test_what_was_typed_is_there_again_after_a_login_in_between(at_the_desk):
    page = at_the_desk(change_page())
    page.get_by_label("Title").fill("Typed at night")
    page.get_by_label("Reason for the change").fill("Letter")
    page.get_by_text("Add another Quotation").click()
    page.locator("textarea[name$=-words], input[name$=-words]").nth(-2).fill("some words")
    end_the_session()
    page.get_by_role("button", name="Save", exact=True).first.click()
    log_in_again(page)
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
    expect(page.locator("#faults")).to_contain_text("What is wrong:")
    expect(page.locator("#drafts")).to_be_hidden()
    page.locator("textarea[name$=-words], input[name$=-words]").nth(-2).fill("")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    until(lambda: drafts_in(page) == 0)


def test_what_is_typed_next_to_an_older_draft_is_kept_as_well(at_the_desk):
    page = at_the_desk(change_page())
    address = page.url
    questions_of(page)
    title = page.get_by_label("Title")
    for typed in ("AAAA", "BBBB"):
        title.fill(typed)
        page.goto("about:blank")
        page.goto(address)
    restore = page.get_by_role("button", name="Restore it")
    expect(restore).to_have_count(2)
    expect(page.locator("#drafts p.quiet")).to_have_text(["Title: AAAA", "Title: BBBB"])
    title.fill("CCCC")
    for typed in ("AAAA", "BBBB"):
        restore.first.click()
        expect(title).to_have_value(typed)
    expect(page.locator("#drafts")).to_be_hidden()
    page.get_by_label("Reason for the change").fill("Letter")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    # What was not saved is offered still.
    page.goto(address)
    for typed in ("CCCC", "AAAA"):
        restore.first.click()
        expect(title).to_have_value(typed)
    page.reload()
    for left in (1, 0):
        page.get_by_role("button", name="Discard it").first.click()
        expect(restore).to_have_count(left)
    assert drafts_in(page) == 0


def test_the_first_page_names_each_draft_once_with_what_was_typed(at_the_desk):
    page = at_the_desk(change_page())
    address, home = page.url, page.url.split("projects/")[0]
    questions_of(page)
    for title, date in (("Workshop", "soon"), ("Workshop", "soon"), ("Seminar", "later")):
        page.goto(address)
        page.get_by_label("Title").fill(title)
        page.locator("#id_start_date").fill(date)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#faults")).to_contain_text("is not a date")
        # The form that was refused goes on from what it was sent, and from nothing else.
        page.get_by_label("Reason for the change").fill("Letter")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#faults li")).to_have_count(1)
    page.goto(home)
    unsaved = page.get_by_role("table", name="Typed here, not saved")
    expect(unsaved.get_by_role("rowheader")).to_have_text([re.compile("^PVE-001: ")] * 2)
    expect(unsaved.locator("td:nth-child(2)")).to_have_text(
        [
            "Title: Seminar · Start date: later · Reason for the change: Letter",
            "Title: Workshop · Start date: soon · Reason for the change: Letter",
        ]
    )
    written = re.compile(r"^\d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d$")
    expect(unsaved.locator("td:nth-child(3)")).to_have_text([written, written])
    is_accessible_and_fits(page, 390, 1280)


def test_what_was_typed_of_an_import_goes_once_it_is_sent_or_done(at_the_desk, tmp_path):
    (tmp_path / "two.csv").write_bytes(csv_of(NEW, NEW | {"reference": "PVE-001"}))
    page = at_the_desk("/admin/projects/batch/import/")
    questions_of(page)
    home = page.url.split("projects/")[0]

    def upload_and_type() -> None:
        page.goto(f"{home}projects/batch/import/")
        page.get_by_label("File").set_input_files(tmp_path / "two.csv")
        page.get_by_role("button", name="Show what would change").click()
        page.get_by_label("Reason").fill("From UNDP")

    upload_and_type()
    page.get_by_role("button", name="Send to a second person").click()
    expect(page.get_by_text("Waits for a second person")).to_be_visible()
    assert drafts_in(page) == 0
    upload_and_type()
    page.goto(home)
    unsaved = page.get_by_role("table", name="Typed here, not saved")
    expect(unsaved.get_by_role("link")).to_have_text(["Import projects: two.csv"])
    Batch.objects.latest("pk").delete()
    page.reload()
    expect(unsaved).to_be_hidden()
    assert drafts_in(page) == 0


def test_on_a_phone_the_header_and_the_buttons_leave_room(at_the_desk):
    page = at_the_desk(change_page(), width=390)
    high = "(name) => document.querySelector(name).getBoundingClientRect().height"
    assert page.evaluate(high, "#header") <= 81
    assert page.evaluate(high, ".submit-row.bar") <= 45
    # The pages scroll.
    last = page.locator("#pages").get_by_role("link", name="Editions")
    last.focus()
    expect(last).to_be_in_viewport(ratio=1)


def test_leaving_a_changed_form_asks_and_logging_out_clears_what_was_typed(at_the_desk):
    page = at_the_desk(change_page())
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        (dialog.dismiss if len(asked) == 1 else dialog.accept)()

    page.on("dialog", answer)
    page.get_by_label("Title").click()
    page.keyboard.type("More ")
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_label("Title")).to_have_value(re.compile("More "))
    assert asked == ["beforeunload"]
    assert drafts_in(page) == 1
    page.locator("#user-tools summary").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Username")).to_be_visible()
    assert asked == ["beforeunload", "beforeunload"]
    assert drafts_in(page) == 0


def test_what_was_typed_of_a_new_entry_is_offered_again(at_the_desk):
    page = at_the_desk(change_page("PVE-109"))
    asked = questions_of(page)
    page.get_by_role("link", name="Describe one of the 223").click()
    page.get_by_label("Title").click()
    page.keyboard.type("Youth clubs")
    page.get_by_role("link", name="Home").click()
    unsaved = page.get_by_role("table", name="Typed here, not saved")
    unsaved.get_by_role("link", name="Add project").click()
    page.get_by_role("button", name="Restore it").click()
    expect(page.get_by_label("Title")).to_have_value("Youth clubs")
    expect(page.locator("#id_in_matrix")).to_have_value("yes")
    assert (drafts_in(page), asked) == (1, ["beforeunload"])
    page.get_by_role("textbox", name="Source:").fill("A/72/621, para. 34")
    page.locator("#id_priority_area_basis").select_option("stated")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist")).to_contain_text("was added successfully")
    assert (drafts_in(page), asked) == (0, ["beforeunload"])
    assert Project.live.get(title="Youth clubs").priority_area == "youth"


def test_a_comment_and_the_sentence_for_sending_back_are_saved_like_a_record(at_the_desk):
    with recording(by=User.objects.create_user("writer")):
        project = Project.live.get(reference="PVE-001")
        project.title = "Another title"
        project.save()
    page = at_the_desk(change_page())
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("Add a comment").fill("Page 12 has the dates.")
    end_the_session()
    page.get_by_role("button", name="Add the comment").click()
    log_in_again(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Comments")
    expect(page.get_by_label("Add a comment")).to_have_value("")
    # It is of the entry, on whichever of its pages it was begun.
    page.get_by_role("link", name="Home").click()
    page.get_by_role("link", name="Comments: PVE-001: Another title").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change project")
    page.get_by_role("button", name="Restore it").click()
    expect(page.get_by_label("Add a comment")).to_have_value("Page 12 has the dates.")
    expect(page.get_by_label("Add a comment")).to_be_focused()
    page.get_by_role("button", name="Add the comment").click()
    expect(page.locator(".messagelist")).to_contain_text("Your comment is saved.")
    assert drafts_in(page) == 0
    page.goto(page.url.replace("/change/", "/review/"))
    page.get_by_label("What its author should do").fill("Name the page")
    page.get_by_label("Add a comment").fill("I asked for the page.")
    page.get_by_role("button", name="Send back").click()
    expect(page.locator(".messagelist")).to_contain_text("PVE-001 is sent back")
    # What was sent is gone, and the comment waits.
    assert drafts_in(page) == 1


def test_what_is_typed_on_the_pages_of_an_annex_is_saved_until_the_next_page(at_the_desk, tmp_path):
    annex = matrix(Random(3))
    faulty(annex)
    (tmp_path / "annex.xlsx").write_bytes(workbook(annex))
    page = at_the_desk("/admin/projects/batch/import/")
    page.on("dialog", lambda dialog: dialog.accept())
    restore = page.get_by_role("button", name="Restore it")

    def go(name):
        # The next page can have the message of this one: what follows is done on the next.
        with page.expect_navigation():
            page.get_by_role("button", name=name).click()

    page.get_by_label("File").set_input_files(tmp_path / "annex.xlsx")
    go("Show what would change")
    page.get_by_label("the matrix that A/72/621 counts").check()
    page.get_by_label("Source").fill("Draft annex, https://x.org/2017")
    for basis in ("priority area", "scope", "regions"):
        page.get_by_label(f"Basis of the {basis}").select_option("stated")
    page.get_by_label("Read as: State").select_option("Leave out")
    end_the_session()
    go("Go on to the values")
    log_in_again(page)
    expect(page.get_by_label("Source")).to_have_value("")
    restore.click()
    expect(page.get_by_label("Source")).to_have_value("Draft annex, https://x.org/2017")
    expect(page.get_by_label("Read as: State")).to_have_value("")
    page.get_by_label("Read as: State").select_option("Status")
    go("Go on to the values")
    assert drafts_in(page) == 0
    pillar = page.get_by_role("group", name="“Pillar I”").get_by_label("Priority area")
    pillar.select_option("Dialogue and conflict prevention")
    page.get_by_role("link", name="Home").click()
    page.get_by_role("link", name="Values: annex.xlsx").click()
    expect(pillar).to_have_value("")
    restore.click()
    expect(pillar).to_have_value("dialogue")
    # Refused: it stands in the form and is still kept, of its value.
    go("Go on to the entries")
    expect(page.locator(".errornote")).to_have_text("2 values need an answer.")
    assert drafts_in(page) == 1


def test_what_was_typed_of_a_value_is_not_offered_for_another(at_the_desk, tmp_path):
    (tmp_path / "two.csv").write_text("Project title,Scope\nA,Narnia\nB,Oz\n")
    page = at_the_desk("/admin/projects/batch/import/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("File").set_input_files(tmp_path / "two.csv")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_label("other projects").check()
    page.get_by_label("Source").fill("Draft annex, https://x.org/2017")
    page.get_by_label("Basis of the scope").select_option("stated")
    page.get_by_role("button", name="Go on to the values").click()
    page.get_by_role("group", name="“Narnia”").get_by_label("Scope").select_option("National")
    address = page.url
    batch = Batch.objects.get()
    batch.state.readings = {"scope": {"Narnia": {"scope": "global"}}}
    batch.save()
    page.goto(address)
    expect(page.get_by_role("group", name="“Narnia”")).to_have_count(0)
    expect(page.get_by_role("group", name="“Oz”").get_by_label("Scope")).to_have_value("")
    expect(page.locator("#drafts")).to_be_hidden()
    # The sheet is one stop of the Tab key; others lead through it and into its cells.
    page.get_by_role("link", name="Row by row").click()
    expect(page.get_by_role("link", name="All 2 rows")).to_be_visible()
    is_accessible_and_fits(page, 390, 1280)
    page.get_by_role("link", name="All 2 rows").focus()
    for key in ("Tab", "ArrowDown", "Home", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    title = page.get_by_role("textbox", name="Title, 3")
    expect(title).to_be_focused()
    page.keyboard.insert_text("Radio")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_have_text("1 cell is stored.")
    expect(title).to_have_value("Radio")


def test_of_an_account_nothing_typed_is_saved_but_leaving_asks(at_the_desk):
    page = at_the_desk("/admin/pvematrix/account/add/")
    asked = questions_of(page)
    page.get_by_label("Email address").click()
    page.keyboard.type("ann@x.org")
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("table", name="Latest changes")).to_be_visible()
    assert (drafts_in(page), asked) == (0, ["beforeunload"])


def test_a_draft_does_not_overwrite_what_others_wrote_meanwhile(at_the_desk):
    page = at_the_desk(change_page())
    page.get_by_label("Title").fill("Mine")
    page.get_by_label("Reason for the change").fill("Letter")
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
    expect(page.get_by_role("heading", level=1)).to_have_text("Somebody changed this meanwhile")
    page.get_by_role("radio", name="Mine").check()
    page.get_by_role("button", name="Save with these choices").click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    assert drafts_in(page) == 0


def test_a_form_with_problems_says_them_on_top_each_with_its_field(at_the_desk):
    page = at_the_desk(change_page())
    page.get_by_label("Title").fill("")
    page.get_by_label("Reason for the change").fill("Letter")
    page.locator("#id_start_date").fill("soon")
    page.get_by_role("button", name="Save", exact=True).first.click()
    problems = page.locator("#faults li")
    expect(problems).to_have_count(2)
    problems.first.get_by_role("link").click()
    expect(page).to_have_url(page.url.split("#")[0] + "#id_title")
    # The answer to the next try is read from its top, not from where that link led.
    page.keyboard.type("A title")
    page.keyboard.press("Enter")
    expect(problems).to_have_count(1)
    expect(problems).to_be_in_viewport()
    expect(page.get_by_label("Title")).not_to_be_focused()


def test_every_page_of_the_desk_is_accessible_and_fits_a_phone(at_the_desk, live_server):
    # A page that nobody listens to: axe itself tries what the policy forbids in Django's forms.
    page = at_the_desk("/admin/").context.new_page()
    chief = User.objects.get(username="chief")
    records = [
        *(f"/admin/{one}/" for one in LISTS),
        *(f"/admin/{one}/add/" for one in ("projects/project", "projects/edition")),
        *(f"/admin/{model}/{first_of(model)}/change/" for model in RECORDS),
        "/admin/projects/project/1/delete/",
    ]
    own = [
        "/admin/projects/project/duplicates/",
        *(f"/admin/projects/project/{one}/" for one in ("1/comments", "1/evidence", "1/review")),
        change_page("PVE-109"),
        f"/admin/pvematrix/account/{chief.pk}/change/",
        "/admin/pvematrix/account/add/",
        "/admin/projects/batch/import/",
        f"/admin/reports/statement/{first_of('reports/statement')}/review/",
    ]
    for place in records + own:
        page.goto(live_server.url + place)
        is_accessible_and_fits(page, 390, 1280)
        # The dark colours of other pages are Django's own.
        if place in own:
            page.emulate_media(color_scheme="dark")
            assert violations(page, "color-contrast") == [], place
            page.emulate_media(color_scheme="light")


def test_a_form_that_is_sent_says_that_it_works_and_is_sent_once(
    at_the_desk, live_server, tmp_path
):
    (tmp_path / "annex.csv").write_bytes(csv_of(NEW))
    # A page that nobody listens to: axe itself tries what the policy forbids in Django's forms.
    page = at_the_desk("/admin/").context.new_page()
    page.goto(f"{live_server.url}/admin/projects/batch/import/")
    page.get_by_label("File").set_input_files(tmp_path / "annex.csv")
    button = page.get_by_role("button", name="Show what would change")
    # As long as the answer takes.
    page.evaluate("stay = new AbortController()")
    page.evaluate(
        "addEventListener('submit', (event) => event.preventDefault(), {signal: stay.signal})"
    )
    button.click()
    expect(page.get_by_role("status")).to_have_text("Working…")
    expect(button).to_have_attribute("aria-disabled", "true")
    assert violations(page) == []
    page.evaluate("stay.abort(); dispatchEvent(new Event('pageshow'))")
    expect(page.get_by_role("status")).to_have_text("")
    button.dblclick()
    expect(page.get_by_text("To add: 1")).to_be_visible(timeout=60_000)
    # An impatient hand sent it twice; it arrived once.
    assert Batch.objects.count() == 1
