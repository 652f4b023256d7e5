"""What there is of what is asked for: its counts, its rows, and what is said of it in words."""

from datetime import date

import pytest

from projects.asking import Asked, Panel, Selection, Words
from projects.asking.answers import Answer
from projects.asking.selection import whole_links
from projects.asking.words import (
    citation,
    condition_words,
    sentence_about,
)
from projects.editions import publish
from projects.models import Country, Edition, data_version, reading_at
from projects.ranges import Range

from .pages import text_of
from .small import SMALL

FIRST = Edition(slug="first", name="First edition", sha256="ab12")


def totals(links) -> list[dict[str, int]]:
    """How many projects have each entity, country and year."""
    return [
        {value: cube.total for value, cube in found.items()}
        for found in (links.entity, links.country, links.year)
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
        {"2015": 1, "2016": 1, "2017": 2},
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


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"scope": ["regional", "national"]}, ["regional or national in scope"]),
        ({"region": ["africa", "mena"]}, ["in Africa or in the Middle East and North Africa"]),
        ({"priority_area": ["youth"]}, ["Empowering youth"]),
        ({"status": ["not-stated"]}, ["with status “Not stated”"]),
        ({"entity": ["UN-Women", "not-stated"]}, ["UN-Women or entity not stated"]),
        ({"region": ["africa", "not-stated"]}, ["in Africa or in no stated region"]),
        ({"regions_basis": ["allocated"]}, ["with regions known as “Assigned to fit the totals”"]),
        ({"country": ["KEN", "not-stated"]}, ["in country KEN or Not stated"]),
        ({"year": ["2018", "2017"]}, ["running in 2017 or 2018"]),
        ({"queries": ["Net-Med", "É"]}, ["matching “Net-Med” or “É”"]),
        # What was asked first does not matter: the area stands first, bases and searches last.
        (
            {"queries": ["x"], "scope_basis": ["stated"], "priority_area": ["youth"]},
            ["Empowering youth", "with a scope known as “Stated”", "matching “x”"],
        ),
    ],
)
def test_conditions_in_words(wanted, words):
    assert condition_words(Asked.of(**wanted)) == words


PRINTED = {"published": 1, "paragraph": "25", "symbol": "A/1"}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(8, 0, range=Range(0, 27)), "0 documented; 0–27 possible (reconstruction: 8)"),
        (Answer(8, 2, range=Range(3, 3)), "2 documented; 3 possible (reconstruction: 8)"),
        (Answer(8, 1), "1 documented; range not known from the report (reconstruction: 8)"),
        (Answer(8, 8, is_certain=True), "8 documented"),
        (Answer(1, 0, **PRINTED), "1 project, published in A/1, para. 25"),
        (Answer(3, 3, **PRINTED), "1 published in A/1, para. 25, 3 counted here"),
        (
            Answer(0, 0, **PRINTED | {"published": 0, "paragraph": "22, 24"}),
            "0 projects, published in A/1, paras. 22 and 24",
        ),
    ],
)
def test_the_sentence_says_how_its_number_is_known(answer, words):
    asked = Asked.of(scope=["national"], priority_area=["youth"])
    assert sentence_about(asked, answer) == f"Empowering youth, national in scope: {words}"
    assert sentence_about(Asked(), answer) == words


@pytest.mark.parametrize(
    ("asked", "sentence", "subject", "cited"),
    [
        (
            Asked.of(scope=["national"]),
            "National in scope: 75 documented",
            "Projects by scope",
            "Projects by scope. pvematrix, register of United Nations projects on preventing "
            "violent extremism, current register. National in scope: 75 documented. "
            "http://pve.example/?x. Accessed on 2 January 2026.",
        ),
        (
            Asked.of(FIRST),
            "",
            "PVE-001: NET-MED",
            "PVE-001: NET-MED. pvematrix, register of United Nations projects on preventing "
            "violent extremism, edition “First edition”. http://pve.example/?x (SHA-256 ab12). "
            "Accessed on 2 January 2026.",
        ),
    ],
)
def test_a_view_is_cited_with_what_it_shows_where_and_when(asked, sentence, subject, cited):
    today = date(2026, 1, 2)
    assert citation(asked, "http://pve.example/?x", sentence, subject, today) == cited


def test_a_chip_for_every_value_and_search_links_to_the_rest():
    asked = Asked.of(scope=["national", "global"], scope_basis=["stated"], queries=["a", "b"])
    chips = Words(Selection(asked)).chips
    assert [(chip.label, chip.query) for chip in chips] == [
        ("“a”", "q=b&scope=global&scope=national&scope_basis=stated"),
        ("“b”", "q=a&scope=global&scope=national&scope_basis=stated"),
        ("Global", "q=a&q=b&scope=national&scope_basis=stated"),
        ("National", "q=a&q=b&scope=global&scope_basis=stated"),
        ("Basis of the scope: Stated", "q=a&q=b&scope=global&scope=national"),
    ]


def test_an_empty_result_offers_the_removals_that_help(register):
    asked = Asked.of(scope=["global"], region=["asia", "africa"], priority_area=["gender"])
    selection = Selection(asked)
    selection.before_vocabularies = SMALL
    removals = Words(selection).removals
    assert [(one.label, one.count, one.query) for one in removals] == [
        ("Scope: Global", 9, "priority_area=gender&region=africa&region=asia"),
    ]


def test_what_there_is_without_a_condition_is_said_with_its_state(register, client):
    page = text_of(client, "/projects/?scope=global&region=africa&priority_area=youth")
    assert "Priority area: Empowering youth: 0 documented, 0 possible without this" not in page
    assert "Scope: Global: 0 documented, 0–27 possible without this filter" in page
    assert "Region: Africa: 0 documented, 0–27 possible without this filter" in page


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
        for facet, _label, values in Panel(Selection(asked)).facets:
            for one in values:
                answer = Selection(asked.but(**{facet: [one.slug]})).answer
                is_known = answer.state != "reconstruction"
                assert one.possible == ("" if is_known else answer.possible), (facet, one.slug)
                assert one.count == answer.reconstruction


def possible(facet: str, **wanted) -> dict[str, tuple[int, str]]:
    """Return the counts of a facet that are reconstructions, with what they may be."""
    facets = {name: values for name, _label, values in Panel(Selection(Asked.of(**wanted))).facets}
    return {one.slug: (one.count, one.possible) for one in facets[facet] if one.possible}


UNKNOWN = "range not known from the report"


def test_a_count_in_the_panel_says_if_it_is_a_reconstruction(register):
    assert possible("status", scope=["national"]) == {
        "ongoing": (1, UNKNOWN),
        "not-stated": (74, UNKNOWN),
    }
    # Of projects of these five entities a scope was assigned: they may be national.
    assert possible("entity", scope=["national"]) == {
        **dict.fromkeys(["CTITF-WGC", "OCT", "UNAOC", "UNESCO", "UNODC"], (0, UNKNOWN)),
        "not-stated": (74, UNKNOWN),
    }
    assert possible("country", scope=["national"]) == {"not-stated": (75, UNKNOWN)}
    assert possible("scope_basis", scope=["national"]) == {"allocated": (74, UNKNOWN)}
    assert possible("scope", scope=["national"], priority_area=["youth"])["national"] == (
        8,
        "0–27 possible",
    )
    assert "OGPRtoP" not in possible("entity", scope=["national"])  # its one is documented
    # That the area is youth, a source says of each.
    assert possible("status", priority_area=["youth"]) == {}
    assert possible("entity", priority_area=["youth"]) == {}
    assert possible("status") == {}


@pytest.mark.postgresql
def test_the_states_of_links_cost_no_query_of_their_own(register, django_assert_num_queries):
    with reading_at(data_version()):
        _ = Panel(Selection(Asked.of(scope=["national"]))).facets
        for scope in ("regional", "global"):
            with django_assert_num_queries(0):
                _ = Panel(Selection(Asked.of(scope=[scope]))).facets
        asked = Asked.of(scope=["national"], queries=["project"])
        # The projects with the word.
        with django_assert_num_queries(1):
            _ = Panel(Selection(asked)).facets


@pytest.mark.postgresql
def test_a_link_with_an_assigned_value_is_counted_as_a_reconstruction(make_project):
    kenya, mali = (Country.objects.get(code=code) for code in ("KEN", "MLI"))
    links = {"entities": ["UNESCO", "CTED"], "countries": [kenya]}
    make_project("PVE-001", scope_basis="allocated", start_date="2015", end_date="2016", **links)
    make_project("PVE-002", entities=["UNESCO"], countries=[mali], start_date="2016")
    make_project("PVE-003", entities=["OCT"], priority_area_basis="allocated")
    assert possible("entity", scope=["global"]) == {"UNESCO": (2, UNKNOWN), "CTED": (1, UNKNOWN)}
    assert possible("country", scope=["global"]) == {"KEN": (1, UNKNOWN)}
    assert possible("year", scope=["global"]) == {"2015": (1, UNKNOWN), "2016": (2, UNKNOWN)}
    # It could be national, though it is counted as global.
    assert possible("entity", scope=["national"]) == {
        "UNESCO": (0, UNKNOWN),
        "CTED": (0, UNKNOWN),
    }
    # Of what a search or another link finds, nothing is assigned.
    assert possible("entity", scope=["global"], country=["MLI"]) == {}
    assert possible("country", scope=["global"], queries=["PVE-002"]) == {}
    assert possible("entity", priority_area=["youth"]) == {"OCT": (1, UNKNOWN)}


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
    by_database = Selection(Asked.of(**asked)).facets
    with reading_at(data_version()):
        # At first alone; then parts are cached.
        for _time in range(8):
            assert Selection(Asked.of(**asked)).facets == by_database
    assert any(one.count for one in by_database["year"])
