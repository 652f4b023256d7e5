"""What staff do at the desk, in a real Chromium, with clicks, pages and saves counted."""

import re

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import expect

from projects.history import recording
from projects.models import Project
from reports.models import Report
from reports.reconciliation import reconcile

from .test_login import code_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


class Steps:
    """Counts what somebody does, and what the browser does then.

    A click is one of the mouse, into a field and on a menu too; pages are those that come after
    the first; saves are the forms that were sent and changed something.
    """

    def __init__(self, page):
        self.page, self.clicks, self.pages, self.sent = page, 0, 0, []
        page.on("framenavigated", self._count)
        page.on("request", self._note)

    def _count(self, frame):
        # A place in the same page is none of its own.
        if frame == self.page.main_frame and "#" not in frame.url:
            self.pages += 1

    def _note(self, request):
        if request.method == "POST":
            self.sent.append(re.sub("[0-9]+", "N", request.url.partition("/admin")[2]))

    def click(self, target, **how):
        self.clicks += 1
        target.click(**how)

    def write(self, target, words):
        """Click into a field, and write over what is there; not where the cursor is already."""
        # The browser puts it into a field when it has drawn the page, which takes a frame.
        self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
        )
        if not target.evaluate("one => one === document.activeElement"):
            self.click(target)
        target.fill(words)

    def choose(self, target, option):
        """Open a menu, and choose from it."""
        self.clicks += 1
        target.select_option(label=option)


@pytest.fixture
def as_(at_the_desk):
    """Return a function that opens the desk as somebody of a group, and counts from there."""

    def open_(group, address="/admin/", **options):
        name = group.lower()
        user, made = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        if made:
            user.groups.add(Group.objects.get(name=group))
        page = at_the_desk(address, name=name, **options)
        return page, Steps(page)

    return open_


def changed_by(name: str, reference: str, **values) -> Project:
    """A published entry that somebody changed."""
    user = User.objects.create_user(name, is_staff=True)
    project = Project.published.get(reference=reference)
    with recording(by=user, reason="Letter of the Organization"):
        for field, value in values.items():
            setattr(project, field, value)
        project.save()
    return project


def as_published() -> int:
    """How many of the report's figures the register has."""
    return sum(bool(one.agrees) for one in reconcile(Report.published.basis()))


# Task 23: an account for a colleague; task 14: the colleague's first login, by the link.


def test_tasks_23_and_14_an_account_and_its_first_login(as_, visit, settings):
    page, steps = as_("Managers")
    steps.click(page.locator("#content-main .model-account").get_by_role("link", name="Add"))
    steps.write(page.get_by_label("Username"), "amina")
    steps.write(page.get_by_label("Email address"), "amina@example.org")
    steps.click(page.get_by_role("radio", name=re.compile("^Editors")))
    steps.click(page.get_by_role("button", name="Save", exact=True).first)
    link = page.get_by_label("Link:").input_value()
    # Desk, form, link: all that is said of the account stands on one page, and is sent once.
    assert (steps.clicks, steps.pages, len(steps.sent)) == (4, 2, 1)
    amina = User.objects.get(username="amina")
    assert (amina.is_staff, [one.name for one in amina.groups.all()]) == (True, ["Editors"])

    settings.STAFF_SECOND_FACTOR = True
    page = visit(re.sub("^https?://[^/]+", "", link))
    steps = Steps(page)
    for label in ("New password:", "New password confirmation:"):
        steps.write(page.get_by_label(label), "tangerine lamp violet")
    steps.click(page.get_by_role("button", name="Set the password"))
    steps.write(page.get_by_label("Username"), "amina")
    steps.write(page.get_by_label("Password"), "tangerine lamp violet")
    steps.click(page.get_by_role("button", name="Log in"))
    key = page.locator("#key").inner_text()
    steps.write(page.get_by_label("Authenticator code"), code_of(key))
    steps.click(page.get_by_role("button", name="Activate"))
    expect(page.locator(".codes code")).to_have_count(10)
    steps.click(page.get_by_role("link", name="The desk", exact=True))
    expect(page.get_by_role("link", name="Identify a project")).to_be_visible()
    assert (steps.clicks, steps.pages, len(steps.sent)) == (9, 4, 3)


# Task 15: a counted entry is identified.


def test_task_15_a_project_is_identified_with_one_save(as_):
    page, steps = as_("Editors")
    steps.click(page.get_by_role("link", name="Identify a project"))
    steps.write(page.get_by_label("Title"), "Youth clubs against violent extremism")
    steps.write(
        page.get_by_label("Source:"), "UNDP, annual report 2017, p. 3, https://undp.org/2017"
    )
    steps.choose(page.locator("#id_priority_area"), "Empowering youth")
    steps.choose(page.locator("#id_scope"), "National")
    steps.click(page.get_by_label("Africa", exact=True))
    steps.click(page.get_by_label("stated by the source"))
    steps.choose(page.locator("#id_in_matrix"), "Yes")
    steps.click(page.locator("#id_entities + .select2"))
    page.get_by_role("searchbox").last.fill("undp")
    steps.click(page.get_by_role("option", name="UNDP").first)
    steps.click(page.get_by_role("button", name="Find its place"))
    first = page.locator(".place").first
    expect(first).to_contain_text("All totals stay.")
    steps.click(first.get_by_role("button", name="Describe"))
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    # Looking for the place saves nothing.
    assert steps.sent == ["/projects/project/identify/", "/projects/project/N/change/?identify=N"]
    assert (steps.clicks, steps.pages) == (12, 3)
    described = Project.live.get(title="Youth clubs against violent extremism")
    assert (described.provenance, described.scope_basis) == ("confirmed", "stated")
    assert as_published() == 17


# Task 18: a change is reviewed, another sent back.


def test_task_18_changes_are_seen_before_they_are_approved_or_sent_back(as_):
    for reference in ("PVE-001", "PVE-002"):
        changed_by(f"writer-{reference}", reference, methodology="Training of trainers")
    page, steps = as_("Reviewers")
    waiting = page.locator("#to-review")
    expect(waiting).to_contain_text("Waiting for you: 2")
    expect(waiting).to_contain_text("writer-PVE-001, 0 minutes ago")
    steps.click(waiting.get_by_role("link", name="PVE-001"))
    expect(page.locator("ins")).to_have_text("Training of trainers")
    expect(page.locator(".review")).to_contain_text("Letter of the Organization")
    expect(page.locator("#content")).to_contain_text("No figure of the report is at stake.")
    steps.click(page.get_by_role("button", name="Sign this change off"))
    # It leads to what waits next.
    expect(page.get_by_role("heading", level=2).first).to_contain_text("PVE-002")
    assert (steps.clicks, steps.pages, len(steps.sent)) == (2, 2, 1)
    steps.write(page.get_by_label("What its author should do"), "Say which source.")
    steps.click(page.get_by_role("button", name="Send back"))
    expect(page.get_by_text("Nothing else waits for your review.")).to_be_visible()
    assert (steps.clicks, steps.pages, len(steps.sent)) == (4, 3, 2)
    states = Project.published.filter(number__lte=2).order_by("number")
    assert [one.review for one in states] == ["reviewed", "changed"]


# Task 20: thirty entries get the same entity.


def test_task_20_thirty_entries_get_an_entity_within_eight_clicks(as_):
    page, steps = as_("Editors")
    steps.click(page.locator("#content-main").get_by_role("link", name="Projects", exact=True))
    boxes = page.locator("#result_list tbody").get_by_role("checkbox")
    steps.click(boxes.nth(15))
    steps.click(boxes.nth(44), modifiers=["Shift"])
    expect(page.locator(".action-counter")).to_have_text("30 of 50 selected")
    steps.choose(page.get_by_label("Action:"), "Set values of the entries chosen")
    steps.click(page.get_by_role("button", name="Go"))
    expect(page.get_by_label("Entities:")).to_be_focused()
    steps.write(page.get_by_label("Entities:"), "UN Women")
    steps.click(page.get_by_role("button", name="Show what would change"))
    expect(page.get_by_text("30 projects to change")).to_be_visible()
    steps.write(page.get_by_label("Reason"), "Letter of UN-Women")
    steps.click(page.get_by_role("button", name="Import"))
    expect(page.get_by_text("The import is done.")).to_be_visible()
    assert (steps.clicks, steps.pages, len(steps.sent)) == (8, 4, 3)
    assert Project.published.filter(entities__acronym="UN-Women", review="changed").count() == 30
