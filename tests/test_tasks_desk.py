"""The first login of a new account, in a real Chromium, with clicks, pages and saves counted.

What staff do at the desk is in tests/tasks.md.
"""

import re

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import expect

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

    def click(self, target):
        self.clicks += 1
        target.click()

    def write(self, target, words):
        """Click into a field, and write over what is there; not where the cursor is already."""
        # The browser puts it into a field when it has drawn the page, which takes a frame.
        self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
        )
        if not target.evaluate("one => one === document.activeElement"):
            self.click(target)
        target.fill(words)


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
    steps.click(page.get_by_role("button", name="Choose your password"))
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
