"""Links: the name of each makes sense alone, as a list of a page's links reads them."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest

from pvematrix.pages import PAGES

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.long]

# One of each kind of page that no table lists.
DETAILS = [
    *("/projects/PVE-001/", "/projects/PVE-100/", "/projects/?region=africa&entity=not-stated"),
    *("/projects/PVE-001/changes/", "/projects/PVE-001/correct/", "/statements/E07/"),
    *("/statements/B22/", "/statements/E07/", "/entities/UNESCO/", "/entities/UNDP/"),
    *("/reports/a-72-621/text/34/?read=PVE-001.scope", "/reports/hlc-2018/"),
    *("/editions/reconstruction-2017-12/", "/statements/?q=youth"),
    "/editions/reconstruction-2017-12/changes/reconstruction-2026-11/",
    "/reports/cross-table/?rows=priority_area&columns=scope&region=africa",
]
EMPTY = {"here", "more", "open", "this", "link", "show", "all", "next", "previous", "read", "page"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "rect", "use", "wbr"}


class Links(HTMLParser):
    """The addresses of a page's links by their accessible names."""

    def __init__(self, page: str, html: str):
        super().__init__()
        self.page = page
        self.found: dict[str, set[str]] = {}
        self.address = self.label = None
        self.hidden = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag == "a" and "href" in known:
            self.address, self.text = urljoin(self.page, known["href"]), ""
            self.label, self.title = known.get("aria-label"), known.get("title")
        elif tag not in VOID and (self.hidden or known.get("aria-hidden") == "true"):
            self.hidden += 1

    def handle_endtag(self, tag):
        if tag == "a" and self.address is not None:
            name = " ".join((self.label or self.text or self.title or "").split())
            self.found.setdefault(name, set()).add(self.address)
            self.address = None
        elif self.hidden and tag not in VOID:
            self.hidden -= 1

    def handle_data(self, data):
        if self.address is not None and not self.hidden:
            self.text += data


def test_the_name_of_every_link_makes_sense_alone(client):
    listed = dict.fromkeys(one.location for one in PAGES if not one.part)
    for page in (*listed, *DETAILS):
        response = client.get(page)
        assert response.status_code == 200, page
        found = Links(page, response.content.decode()).found
        assert {name: to for name, to in found.items() if len(to) > 1} == {}, page
        poor = [one for one in found if re.fullmatch(r"[\W\d]*", one) or one.lower() in EMPTY]
        assert poor == [], page
