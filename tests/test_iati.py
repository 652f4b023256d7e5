"""IATI 2.03: the file is valid by the standard's own schema and codelists, and invents nothing."""

import os
import subprocess
import sys
from functools import cache

import pytest
from lxml import etree

from projects.editions import publish
from projects.exports.iati import ALPHA_2, codes
from projects.models import Country, Edition

from .conftest import ROOT
from .pages import body

FILE = "/projects/export.iati.xml"
STANDARD = ROOT / "tests/data/iati"
ORGANIZATION = "XM-DAC-41114 40 United Nations Development Programme"
# Long lists, of which the file has one value.
ALONE = {"FileFormat": {"text/html"}, "Language": {"en"}}
# What every entry has that can be reported.
WHOLE = {
    "provenance": "confirmed",
    "summary": "What it does.",
    "status": "ongoing",
    "start_date": "2017-06-24",
    "source": "Letter of 3 May 2026",
}
OURS = "{http://testserver/about/#iati}"


@pytest.fixture(autouse=True)
def reporting(settings):
    """Somebody reports."""
    settings.IATI_REPORTING_ORG = ORGANIZATION


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(file=str(STANDARD / "iati-activities-schema.xsd"))


@cache
def codelist(name: str) -> set[str]:
    return {one.text for one in etree.parse(STANDARD / f"{name}.xml").iter("code")}


def activities(client, query: str = ""):
    """The root of the file, which is held to the schema and to every codelist that is here."""
    response = client.get(f"{FILE}{query}")
    assert response.status_code == 200
    root = etree.fromstring(body(response))
    schema().assertValid(root)
    for mapping in etree.parse(STANDARD / "mapping.xml").getroot():
        name, condition = mapping.find("codelist").get("ref"), mapping.findtext("condition")
        path = mapping.findtext("path")
        for value in root.xpath(path.replace("/@", f"[{condition}]/@") if condition else path):
            assert value in (ALONE.get(name) or codelist(name)), (path, value)
    return root


def left_out(root) -> dict[str, str]:
    return {one.get("reference"): one.get("lacks") for one in root.iter(f"{OURS}project")}


def test_an_activity_has_what_the_entry_has(make_project, client):
    kenya = Country.objects.get(code="KEN")
    make_project(
        "PVE-007",
        **WHOLE | {"status": "completed", "end_date": "2018-01-31", "scope": "national"},
        title="<b>Youth</b> & “peace”\x07 – 日本",
        methodology="Workshops",
        entities=["UNESCO", "UNDP"],
        regions=["africa"],
        countries=[kenya],
    )
    (activity,) = activities(client).iter("iati-activity")
    assert activity.findtext("iati-identifier") == "XM-DAC-41114-PVE-007"
    reporter = activity.find("reporting-org")
    assert dict(reporter.attrib) == {"ref": "XM-DAC-41114", "type": "40", "secondary-reporter": "1"}
    assert reporter.findtext("narrative") == "United Nations Development Programme"
    assert activity.findtext("title/narrative") == "<b>Youth</b> & “peace”\ufffd – 日本"
    assert [one.text for one in activity.findall("description/narrative")] == [
        "What it does.",
        "Workshops",
    ]
    assert [
        (one.get("role"), one.get("ref"), one.findtext("narrative"))
        for one in activity.iter("participating-org")
    ] == [("4", "XM-DAC-41114", "Name of UNDP"), ("4", "XM-DAC-41304", "Name of UNESCO")]
    assert activity.find("activity-status").get("code") == "4"
    assert [dict(one.attrib) for one in activity.iter("activity-date")] == [
        {"type": "2", "iso-date": "2017-06-24"},
        {"type": "4", "iso-date": "2018-01-31"},
    ]
    assert activity.find("activity-scope").get("code") == "4"
    assert dict(activity.find("recipient-country").attrib) == {"code": "KE"}
    # The region of a country that receives is none in addition.
    assert activity.find("recipient-region") is None
    sector = activity.find("sector")
    assert dict(sector.attrib) == {
        "code": "youth",
        "vocabulary": "99",
        "vocabulary-uri": "http://testserver/about/#columns",
    }
    assert sector.findtext("narrative") == "Empowering youth"
    page = activity.find("document-link")
    assert page.get("url") == "http://testserver/projects/PVE-007/"
    assert page.findtext("description/narrative") == "The entry rests on: Letter of 3 May 2026"


def places_of(activity) -> list[tuple]:
    """Who receives, and where it takes place."""
    assert not activity.xpath(".//@percentage")
    return [
        (one.tag, one.get("code") or one.find("location-id").get("code"), one.get("vocabulary"))
        for one in activity
        if one.tag in ("recipient-country", "recipient-region", "location")
    ]


def test_who_receives_is_said_without_shares(make_project, client):
    """Several recipients of a vocabulary have to have percentages, which nobody knows."""
    two = Country.objects.filter(code__in=["KEN", "UGA"])
    whole = WHOLE | {"entities": ["UNDP"]}
    make_project("PVE-001", **whole, countries=two)
    make_project("PVE-002", **whole, regions=["africa"])
    make_project("PVE-003", **whole, regions=["mena"], regions_basis="inferred")
    make_project("PVE-004", **whole, regions=["africa", "mena"], countries=two)
    root = activities(client)
    found = [places_of(one) for one in root.iter("iati-activity")]
    countries = [("location", "KE", None), ("location", "UG", None)]
    assert found == [
        [("recipient-region", "global", "99"), *countries],
        [("recipient-region", "298", "1"), ("recipient-region", "africa", "99")],
        [("recipient-region", "mena", "99")],
        [("recipient-region", "africa;mena", "99"), *countries],
    ]
    ours = root.xpath("//recipient-region[@vocabulary = 99]/narrative/text()")
    assert ours == [
        "Global",
        "Africa",
        "Middle East and North Africa (read from the text)",
        "Africa; Middle East and North Africa",
    ]


def test_a_note_on_a_name_goes_with_it(make_project, client):
    kosovo = Country.objects.create(code="XKX", name="Kosovo", note="A footnote.")
    make_project("PVE-001", **WHOLE, scope="national", entities=["UNDP"], countries=[kosovo])
    recipient = activities(client).find("iati-activity/recipient-country")
    assert (recipient.get("code"), recipient.findtext("narrative")) == (
        "XK",
        "Kosovo (A footnote.)",
    )


LACKS = {
    "PVE-101": ({"provenance": "named"}, "confirmation"),
    "PVE-102": ({"summary": " "}, "summary"),
    "PVE-103": ({"entities": []}, "entity"),
    "PVE-104": ({"status": "not-stated"}, "status"),
    "PVE-105": ({"start_date": "2017-06"}, "start"),
    "PVE-106": ({"end_date": "2018"}, "end"),
    "PVE-107": ({"start_date": "2999-01-01"}, "past"),
    "PVE-108": ({"priority_area_basis": "allocated"}, "area"),
    "PVE-109": ({"scope": "national"}, "place"),
    "PVE-110": ({"scope_basis": "allocated", "start_date": ""}, "start place"),
    "PVE-111": ({"regions": ["asia"], "regions_basis": "allocated"}, "place"),
}


def test_who_lacks_something_is_left_out_and_listed_with_it(make_project, client):
    make_project("PVE-100", **WHOLE, entities=["UNDP"])
    for reference, (changes, _lacks) in LACKS.items():
        make_project(reference, **{**WHOLE, "entities": ["UNDP"], **changes})
    make_project("PVE-112", **WHOLE, review="draft")
    root = activities(client)
    assert [one.text for one in root.iter("iati-identifier")] == ["XM-DAC-41114-PVE-100"]
    assert left_out(root) == {reference: lacks for reference, (_changes, lacks) in LACKS.items()}
    # Counts first: how many of how many, by what they lack, then each.
    (others,) = root.iter(f"{OURS}left-out")
    assert dict(others.attrib) == {"projects": "11", "of": "12"}
    assert [one.tag.removeprefix(OURS) for one in others] == ["reason"] * 9 + ["project"] * 11
    counted = [(one.get("lacks"), one.get("projects")) for one in others[:9]]
    assert counted == [
        *(("confirmation", "1"), ("summary", "1"), ("entity", "1"), ("status", "1")),
        *(("start", "2"), ("end", "1"), ("past", "1"), ("area", "1"), ("place", "3")),
    ]
    assert others[3].text == "No status is stated."
    assert left_out(activities(client, "?status=ongoing")).keys() == {
        f"PVE-{number}" for number in (101, 102, 103, 105, 106, 107, 108, 109, 110, 111)
    }


def test_what_was_assigned_is_never_said(make_project, client):
    make_project(
        "PVE-001",
        **WHOLE | {"scope": "national", "scope_basis": "allocated"},
        regions=["asia"],
        regions_basis="stated",
        entities=["UNDP"],
    )
    activity = activities(client).find("iati-activity")
    assert activity.find("activity-scope") is None


def test_with_nothing_to_export_it_says_why(register, client):
    """The schema has no file without an activity."""
    response = client.get(f"{FILE}?priority_area=youth")
    assert (response.status_code, response["Content-Type"]) == (404, "text/plain; charset=utf-8")
    first, count, empty, *lines = body(response).decode().splitlines()
    assert first == "No project asked for has what IATI 2.03 requires."
    assert (count, empty) == ("27 of 27: It is not confirmed from a source.", "")
    assert (len(lines), lines[0]) == (27, "PVE-001: It is not confirmed from a source.")
    head = client.head(FILE)
    assert (head.status_code, body(head)) == (404, b"")


def test_without_an_organization_there_is_no_file_and_no_link_to_it(register, client, settings):
    assert FILE in client.get("/projects/").content.decode()
    settings.IATI_REPORTING_ORG = ""
    response = client.get(FILE)
    assert (response.status_code, response["Content-Type"]) == (404, "text/plain; charset=utf-8")
    assert response.content.decode() == (
        "This site has no IATI file: IATI_REPORTING_ORG is not set.\n"
    )
    assert FILE not in client.get("/projects/?scope=global").content.decode()
    assert client.get(f"{FILE}?scope=galactic").status_code == 400


def test_an_edition_links_to_its_own_pages(make_project, client):
    make_project("PVE-001", **WHOLE, entities=["UNDP"])
    publish(Edition(slug="may-2026", name="May 2026", date="2026-05", note="x"))
    root = activities(client, "?edition=may-2026")
    page = root.find("iati-activity/document-link").get("url")
    assert page == "http://testserver/projects/PVE-001/?edition=may-2026"
    published_at = f"{Edition.objects.get().published_at:%Y-%m-%dT%H:%M:%SZ}"
    assert root.get("generated-datetime") == published_at


def test_it_is_a_file_like_the_others(make_project, client, django_assert_num_queries):
    for number in range(1, 4):
        make_project(f"PVE-00{number}", **WHOLE, entities=["UNDP"], regions=["asia"])
    response = client.get(f"{FILE}?region=asia")
    assert response["Content-Type"] == "application/xml"
    assert response["Content-Disposition"].endswith('-region-asia.iati.xml"')
    again = {"If-None-Match": response["ETag"]}
    body(response)
    assert client.get(f"{FILE}?region=asia", headers=again).status_code == 304
    head = client.head(f"{FILE}?region=asia")
    assert (head.status_code, body(head)) == (200, b"")
    # The data version; entities and countries; twice the confirmed, with both links; the others,
    # and how many there are; two for how many rows the file has, which says how it is sent.
    with django_assert_num_queries(13):
        body(client.get(FILE))


def test_every_code_is_of_the_standards_codelists():
    lists = {
        "status": "ActivityStatus",
        "start_date": "ActivityDateType",
        "end_date": "ActivityDateType",
        "scope": "ActivityScope",
        "region": "Region",
    }
    for ours, theirs in lists.items():
        assert codes(ours)
        assert {*codes(ours).values()} <= codelist(theirs)
    assert {line.split(",")[1] for line in ALPHA_2.read_text().split()[1:]} <= codelist("Country")


@pytest.mark.long
@pytest.mark.parametrize("said", ["UNDP", "XM-DAC-41114 99 UNDP", "XM-DAC-41114 40"])
def test_a_site_does_not_start_with_half_an_organization(said):
    ended = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**os.environ, "DEBUG": "on", "IATI_REPORTING_ORG": said},
        capture_output=True,
        text=True,
    )
    assert "IATI_REPORTING_ORG is not an organization’s IATI identifier" in ended.stderr
