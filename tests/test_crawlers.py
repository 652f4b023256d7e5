"""What search engines find: the projects, and not the filters' endless links."""

import re

import pytest

from projects.history import unrecorded
from projects.models import Project
from reports.models import Statement

from .declared import MENUS


def test_robots_keeps_crawlers_from_filters_and_staff(client, db):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (
        "User-agent: *\n"
        "Disallow: /*?\n"
        "Allow: /projects/export.*?edition=\n"
        "Disallow: /admin/\n"
        "Disallow: /accounts/\n"
        "Sitemap: http://testserver/sitemap.xml\n"
    )


@pytest.mark.long
def test_the_sitemap_lists_what_everybody_sees(register, client):
    index = client.get("/sitemap.xml").content.decode()
    assert re.findall("<loc>(.*?)</loc>", index) == [
        "http://testserver/sitemap-pages.xml",
        "http://testserver/sitemap-projects.xml",
        "http://testserver/sitemap-statements.xml",
        "http://testserver/sitemap-records.xml",
    ]
    with unrecorded("the test sets the scene"):
        Project.published.filter(reference="PVE-002").update(review="draft")
        Statement.published.filter(code="G02").update(review="draft")
    projects = client.get("/sitemap-projects.xml").content.decode()
    assert projects.count("<loc>http://testserver/projects/") == 222
    assert projects.count("<loc>http://testserver/fr/projects/") == 222
    assert "<loc>http://testserver/projects/PVE-001/</loc>" in projects
    assert "PVE-002" not in projects
    statements = client.get("/sitemap-statements.xml").content.decode()
    found = re.findall("<loc>http://testserver(.*?)</loc>", statements)
    assert len([one for one in found if one.startswith("/statements/")]) == 291
    assert {"/statements/E07/", "/entities/UNESCO/"} <= set(found)
    assert "/statements/G02/" not in found
    records = client.get("/sitemap-records.xml").content.decode()
    assert "<loc>http://testserver/reports/a-72-621/</loc>" in records
    for edition in ("reconstruction-2017-12", "reconstruction-2026-11"):
        assert f"<loc>http://testserver/editions/{edition}/</loc>" in records
    every = re.findall("<loc>(.*?)</loc>", client.get("/sitemap-pages.xml").content.decode())
    pages = [one for one in every if not re.match("http://testserver/(ar|zh|fr|ru|es)/", one)]
    assert len(every) == 6 * len(pages) - 5  # the page of the API is in English only
    named = [address for menu in MENUS.values() for address in menu if "#" not in address]
    assert {*pages} == {f"http://testserver{one}" for one in named}


def test_a_filtered_view_names_one_address_in_any_order(register, client):
    html = client.get("/projects/?sort=-title&page=1&per_page=50&region=africa").content.decode()
    assert '<link rel="canonical" href="http://testserver/projects/?region=africa">' in html
    sentence = "61 projects in Africa (A/72/621, para. 25)."
    assert f'<meta property="og:title" content="{sentence}">' in html
    assert f'<meta name="description" content="{sentence} 223 United Nations-supported' in html
    html = client.get("/projects/PVE-004/").content.decode()
    assert '<meta property="og:title" content="PVE-004: Workshops adapting UNESCO' in html
    assert '<meta name="description" content="Workshops adapting UNESCO guidance' in html
