"""What several templates share: the frame, the error pages, the parts of the desk's forms."""

import re

from django.template.loader import render_to_string

from projects.models import Project

from .conftest import ROOT

LIST = ("/projects/", "Go to the register")
PAGES = {
    "400": ("This request cannot be answered", "The address or the request is malformed.", LIST),
    "403": ("Not allowed", "You do not have permission to see this page.", LIST),
    "403_csrf": (
        "This form has expired",
        "Go back, reload the page and send the form again.",
        LIST,
    ),
    "404": ("Page not found", "This page does not exist.", LIST),
    "429": (
        "Too many attempts",
        "Wait 15 minutes, then try again.",
        ("/accounts/login/", "Log in"),
    ),
    "500": (
        "Something went wrong",
        "The server met an error. It has been logged; try again later.",
        LIST,
    ),
    "503": (
        "Somebody else is saving at the moment",
        "Nothing was saved. Go back: what you typed is still there. Try again in a minute.",
        None,
    ),
}


def test_an_error_page_says_what_happened_and_leads_on():
    """Django renders some of them without a request."""
    for name, (problem, advice, way_out) in PAGES.items():
        html = render_to_string(f"{name}.html", {"exception": "Resolver404", "minutes": 15})
        main = html[html.index("<main") : html.index("</main>")]
        assert f"<title>{problem} · PVE matrix</title>" in html
        assert f"<h1>{problem}</h1>" in main
        assert f"<p>{advice}</p>" in main
        links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', main)
        assert links == ([way_out] if way_out else [])


def test_what_was_not_found_is_said_as_text():
    html = render_to_string("404.html", {"exception": "No <b> & no more"})
    assert "<p>No &lt;b&gt; &amp; no more</p>" in html


def test_the_header_says_where_one_is(register, client):
    for address, entry in {
        "/": ("page", "Overview"),
        "/projects/?scope=national": ("page", "Projects"),
        "/projects/PVE-001/": ("true", "Projects"),
        "/projects/changes/": ("true", "Projects"),
        "/reports/": ("page", "Figures"),
        "/reports/compare/": ("true", "Figures"),
        "/reports/scope/": ("true", "Figures"),
        "/reports/a-72-621/": ("true", "Figures"),
        "/reports/a-72-621/text/": ("true", "The report"),
        "/statements/": ("true", "The report"),
        "/entities/UNESCO/": ("true", "The report"),
        "/statements/E07/": ("true", "The report"),
        "/editions/reconstruction-2017-12/": ("true", "About and data"),
        "/api/": ("true", "About and data"),
        "/nothing-here/": None,
    }.items():
        html = client.get(address).content.decode()
        header = html[html.index("<header") : html.index("</header>")]
        header = header.partition('<details id="languages"')[0]
        marked = re.findall(r'aria-current="(\w+)">([^<]+)</a>', header)
        assert marked == ([entry] if entry else []), address


def test_the_reason_is_asked_alike_everywhere(register, admin_client):
    project = Project.published.first()
    html = admin_client.get(f"/admin/projects/project/{project.pk}/delete/").content.decode()
    assert html.count('<label for="id_reason" class="required">Reason:</label>') == 1
    assert html.count('id="id_reason"') == 1
    for path in (ROOT / "templates").rglob("*.html"):
        if path.name != "_reason.html":
            assert 'name="reason"' not in path.read_text(encoding="utf-8"), path
