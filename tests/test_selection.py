"""What there is of what is asked for: its counts, its rows, and what is said of it in words."""

from dataclasses import replace

import pytest

from projects.asking import Asked, Panel, Selection
from projects.asking.selection import whole_links
from projects.editions import publish
from projects.models import Country, Edition, data_version, reading_at

from .pages import text_of

FIRST = Edition(slug="first", name="First edition", sha256="ab12")


def all_open(asked: Asked) -> Asked:
    """The same with every facet of the panel open."""
    return replace(asked, opened=tuple(asked.facets))


def facets_of(asked: Asked) -> dict[str, list]:
    selection = Selection(asked)
    return {facet: selection.facet(facet) for facet in asked.facets}


def totals(links) -> list[dict[str, int]]:
    """How many projects have each entity, country and year."""
    return [
        {value: cube.total for value, cube in found.items()}
        for found in map(links.of, ("entity", "country", "year"))
    ]


@pytest.mark.postgresql
def test_links_of_the_register_leave_out_drafts_editions_and_what_is_set_aside(make_project):
    kenya, mali = (Country.objects.get(code=code) for code in ("KEN", "MLI"))
    dates = {"start_date": "2016-05", "end_date": "2017"}
    make_project("PVE-001", entities=["CTED", "UNESCO"], countries=[kenya, mali], **dates)
    make_project("PVE-002", entities=["UNESCO"], countries=[kenya], start_date="2017")
    make_project("PVE-003", title="100% other", end_date="2015")
    publish(Edition(slug="x", name="X", date="2026", note="n"))
    make_project("PVE-004", entities=["UNESCO"])
    make_project("PVE-005", review="draft", entities=["OCT", "CTED"], countries=[kenya], **dates)
    make_project("PVE-006", review="set-aside", entities=["CTED"], countries=[mali])
    make_project("PVE-007", review="draft")
    assert totals(whole_links()) == [
        {"CTED": 1, "UNESCO": 3, "not-stated": 1},
        {"KEN": 2, "MLI": 1, "not-stated": 2},
        {"2015": 1, "2016": 1, "2017": 2, "not-stated": 1},
    ]
    make_project("PVE-008", entities=["CTED"], countries=[mali])
    assert totals(whole_links(Edition.objects.get(slug="x"))) == [
        {"CTED": 1, "UNESCO": 2, "not-stated": 1},
        {"KEN": 2, "MLI": 1, "not-stated": 1},
        {"2015": 1, "2016": 1, "2017": 2},
    ]
    assert totals(Selection(Asked.of(queries=["100%"])).links)[2] == {"2015": 1}
    assert totals(Selection(Asked.of(queries=["zzz"])).links) == [{}, {}, {}]


# Words


def test_what_there_is_without_a_condition_is_said_with_its_state(register, client):
    page = text_of(client, "/projects/?scope=global&region=africa&priority_area=youth")
    assert "Priority area: Empowering youth: 0" not in page
    assert "Scope: Global: 0–27 (not stated) without this filter" in page
    assert "Region: Africa: 0–27 (not stated) without this filter" in page


# Of every kind: areas are stated here and scopes assigned, words and links are narrower.
SAID_IN_THE_PANEL = [
    {},
    {"scope": ["national"]},
    {"priority_area": ["youth"]},
    {"region": ["africa"]},
    {"region": ["not-stated"]},
    {"scope": ["national"], "priority_area": ["youth"]},
    {"scope": ["global", "regional", "national"], "status": ["ongoing"]},
    {"scope": ["national"], "entity": ["UNESCO"]},
    {"scope": ["national"], "entity": ["UNESCO", "not-stated"], "year": ["2016"]},
    {"region": ["africa"], "country": ["not-stated"]},
    {"scope": ["regional"], "queries": ["project"]},
    {"scope": ["regional"], "queries": ["workshops"]},
    {"scope": ["regional"], "queries": ["project"], "entity": ["not-stated"]},
    {"entity": ["UNESCO"], "status": ["ongoing"]},
]


@pytest.mark.parametrize("wanted", SAID_IN_THE_PANEL, ids=str)
def test_every_count_in_the_panel_has_the_state_of_the_list_it_links_to(register, wanted):
    asked = Asked.of(**wanted)
    with reading_at(data_version()):
        for facet in Panel(Selection(all_open(asked))).facets:
            for one in facet.values:
                answer = Selection(asked.but(**{facet.name: [one.slug]})).answer
                known, listed = (
                    (found.state, found.short, found.in_matrix, found.may_be, found.others)
                    for found in (one.answer, answer)
                )
                assert known == listed, (facet.name, one.slug)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"scope": ["regional"]},
        {"region": ["africa", "not-stated"], "priority_area_basis": ["stated"]},
        {"priority_area": ["youth", "gender"], "scope": ["national", "global"]},
        {"provenance": ["named"], "status": ["ongoing"]},
        {"entity": ["UNESCO"]},
        {"entity": ["UNESCO", "not-stated"], "scope": ["global"]},
        {"country": ["KEN"]},
        {"year": ["2015"], "region": ["asia"]},
        {"year": ["2015"], "country": ["KEN"]},
        {"queries": ["project"], "scope": ["regional"]},
    ],
)
def test_cached_counts_are_those_of_the_database(make_project, asked):
    kenya = [Country.objects.get(code="KEN")]
    dates = {"start_date": "2014-03", "end_date": "2016"}
    make_project("PVE-001", ["UNESCO", "OCT"], kenya, ["africa"], scope="national", **dates)
    make_project("PVE-002", ["UNESCO"], [], ["africa", "asia"], start_date="2015", status="ongoing")
    make_project("PVE-003", [], kenya, [], priority_area="gender", end_date="2015-12-01")
    make_project("PVE-004", [], [], [], scope="regional", priority_area="gender", summary="project")
    make_project("PVE-005", ["OCT"], kenya, ["asia"], review="draft", **dates)
    by_database = facets_of(Asked.of(**asked))
    with reading_at(data_version()):
        # At first alone; then parts are cached.
        for _time in range(8):
            assert facets_of(Asked.of(**asked)) == by_database
    assert any(one.answer.filed for one in by_database["year"])
