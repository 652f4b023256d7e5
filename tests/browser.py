"""A real Chromium for tests: it opens pages as a visitor, or at the desk."""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import sync_playwright

# The shell, which has no windows, opens a page in a third of the time.
PROGRAMS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(os.path.exists, PROGRAMS), PROGRAMS[0])
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run --num-raster-threads=1 "
    # All pages of a context are of one site: one process draws them, and is kept.
    "--renderer-process-limit=1 --disable-site-isolation-trials "
    # What runs once on a page is not worth compiling, nor its memory tidying: a seventh of axe.
    "--js-flags=--no-opt,--min-semi-space-size=32,--max-semi-space-size=64"
)


# Marks the first that is visible of what looks alike: colours, sizes, classes, state and kind of
# text, and those of all that it stands in. What is written in it has the same contrast in all.
MARK_LOOKS = """() => {
  for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
  const looks = new Map(), numbers = new Map(), marked = new Set();
  for (const one of document.querySelectorAll("body, body *")) {
    const style = getComputedStyle(one);
    const words = [...one.childNodes].map(({data = ""}) => data).join("");
    const look = [
      looks.get(one.parentNode), one.tagName, one.getAttribute("class"), style.color, style.opacity,
      style.backgroundColor, style.backgroundImage, style.textShadow, style.fontSize,
      style.fontWeight, style.position, style.textDecorationLine, one.ariaDisabled,
      one.disabled || one.control?.disabled, Boolean(one.value), Math.min(words.trim().length, 2),
      /[\\p{L}\\p{N}]/u.test(words),
    ].join();
    if (!numbers.has(look)) numbers.set(look, numbers.size);
    looks.set(one, numbers.get(look));
    const first = !marked.has(look) && one.checkVisibility({visibilityProperty: true});
    one.toggleAttribute("data-looks", first);
    if (first) marked.add(look);
  }
}"""
# The contrast of every word took two thirds of the time.
OF_EACH_LOOK = """axe.configure({rules: [
  {id: 'color-contrast', selector: '[data-looks]'},
  {id: 'link-in-text-block', selector: 'a[href][data-looks]'},
]})"""


def violations(page, *rules: str) -> list:
    """Return the rules (all, or these) that axe finds broken on the page, each with its places.

    The contrast is that of one of each look: 25 alike rows of a list are told by the first.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT + OF_EACH_LOOK)
    page.evaluate(MARK_LOOKS)
    return page.evaluate(
        # No rule that is asked needs the style sheets read once more.
        "only => axe.run({resultTypes: ['violations'], preload: false, "
        "...(only.length ? {runOnly: only} : {})})"
        ".then(({violations}) => violations.map("
        "({id, nodes}) => [id, nodes.map(({target}) => target.join(' '))]))",
        rules,
    )


def fits(page, *widths: int) -> None:
    """Check that nothing scrolls sideways; the window keeps the last of the widths."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)


def is_accessible_and_fits(page, *widths: int) -> None:
    """Check the page at these widths, and with axe at the last of them."""
    fits(page, *widths)
    assert violations(page) == [], page.url


class Steps:
    """Counts what somebody does: a click, a key, words typed in one go, a choice from a menu."""

    def __init__(self, page):
        self.page = page
        self.taken = 0

    def click(self, target):
        self.taken += 1
        target.click()

    def press(self, *keys):
        for key in keys:
            self.taken += 1
            # Nobody presses a key before the page is there: its scripts would not have it.
            self.page.wait_for_load_state()
            self.page.keyboard.press(key)

    def type(self, words):
        self.taken += 1
        self.page.keyboard.type(words)

    def write(self, target, words):
        self.taken += 1
        # Nor does anybody write before the page is there.
        self.page.wait_for_load_state()
        target.fill(words)

    def attach(self, target, file):
        self.taken += 1
        target.set_input_files(file)

    def choose(self, target, option):
        self.taken += 1
        target.select_option(label=option)

    def tab_to(self, target, key="Tab"):
        """Press the key until the target has the focus."""
        for _press in range(60):
            self.press(key)
            if target.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"not reached by 60 keys: {target}")


@pytest.fixture(scope="session")
def chromium():
    """The browser of this process."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(f"no Chromium at {CHROMIUM}")
        pytest.skip(f"no Chromium at {CHROMIUM} (Debian: chromium-headless-shell)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def context(chromium, live_server):
    """The context of all tests that need none of their own; it does not fetch a file again.

    Its first page stays open, and with it the process that draws the others. No page of other rows
    is taken for one of these: `DataVersion.mark` is another, and with it the ETag.
    """
    kept = chromium.new_context()
    kept.new_page().goto(f"{live_server.url}/static/js/search.js")
    return kept


@pytest.fixture
def visit(chromium, context, live_server, register):
    """Return a function that opens an address; afterwards nothing may have gone wrong in it.

    Wrong is: an error or a violated policy on the console, a request to another host. Pages with
    other options than these have a context of their own; in the others is who came last.
    """
    # Attempts to log in are counted there, and no end of a test takes them back.
    cache.clear()
    apart, wrong = [], []

    def note(message):
        # The page of a 400, 404 or 429 is itself reported as a failed load.
        if message.type in ("error", "warning") and not re.search("status of 4[02]", message.text):
            wrong.append(message.text)

    def note_request(request):
        own = (live_server.url, "data:", "blob:")
        if not request.url.startswith(own):
            wrong.append(f"request to {request.url}")

    def open_(address, width=1280, cookies=(), permissions=(), **options):
        into = context
        if options:
            into = chromium.new_context(**options)
            apart.append(into)
        into.add_cookies([cookie | {"url": live_server.url} for cookie in cookies])
        if permissions:
            into.grant_permissions(permissions)
        page = into.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.on("console", note)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", note_request)
        page.goto(live_server.url + address)
        return page

    yield open_
    for one in apart:
        one.close()
    first, *others = context.pages
    for page in others:
        page.close()
    first.evaluate("localStorage.clear()")
    context.clear_cookies()
    context.clear_permissions()
    assert wrong == []


@pytest.fixture
def at_the_desk(visit):
    """Return a function that opens an address of the desk as a superuser."""

    def open_(address, name="chief", **options):
        user, _made = User.objects.get_or_create(
            username=name, defaults={"is_staff": True, "is_superuser": True}
        )
        client = Client()
        client.force_login(user)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        return visit(address, cookies=[cookie], **options)

    return open_
