"""What is said of a number: literal sentences everywhere, and nothing that is only filled in."""

import io
import re
from collections import Counter
from copy import copy
from dataclasses import replace
from html import unescape
from random import Random

import pytest
from django.utils.html import escape
from docx import Document

from projects.asking import Asked, Selection
from projects.asking.answers import Answers
from projects.asking.published import published
from projects.asking.selection import directory
from projects.cube import VOCABULARIES, Combination, Cube
from projects.history import unrecorded
from projects.models import Project
from projects.vocabulary import REGION_COLUMNS
from pvematrix.desk.affected_figures import of_deleting
from reports.models import Report
from reports.reconciliation import reconcile

from .conftest import describe
from .pages import body, objects, text_of, total_of
from .random_table import combination_of_project
from .ranges_oracle import PUBLISHED

pytestmark = pytest.mark.usefixtures("register")

REGIONS = "region=africa&region=mena&region=asia&region=europe&region=americas"
SENTENCES = {
    "entity=UNESCO": (
        "4 described activities of UNESCO. How many of the 223 projects are UNESCO's is not stated."
    ),
    "entity=UNESCO&scope=global": (
        "Described activities (scope: Global; entity: UNESCO): 1. Possibly 2 more match: their "
        "scope is not stated. How many of the 223 projects match is not stated."
    ),
    "ends=2022": (
        "1 described activity ends in 2022. Possibly 11 more match: their end is not stated. How "
        "many of the 223 projects match is not stated."
    ),
    "q=media&priority_area=communications": (
        "Described activities (priority area: Strategic communications, the Internet and social "
        "media; search: “media”): 1. Placeholders are not searched."
    ),
    "provenance=counted&priority_area=youth&region=africa": (
        "24 placeholders on empowering youth. How many match is not stated (region: Africa)."
    ),
    REGIONS: (
        "Projects in Africa, in the Middle East and North Africa, in Asia, in Europe or in the "
        "Americas: not stated; A/72/621's totals allow 61 to 141 if its counts by region "
        "(A/72/621, para. 25) are of regional and national projects, and 61–66 if they are of "
        "regional projects alone."
    ),
    "region=africa&scope=regional": (
        "Projects in Africa, regional in scope: not stated; A/72/621's totals allow 0 to 61 if its "
        "counts by region (A/72/621, para. 25) are of regional and national projects, and 61 if "
        "they are of regional projects alone."
    ),
    "region=africa&scope=global": (
        "Projects in Africa, global in scope: 0; in this register a global project has no region."
    ),
    "priority_area=other&status=planned": (
        "Described activities (priority area: Other areas; status: Planned): 0. The report counts "
        "33 projects there, “ongoing, planned or completed”, and gives no breakdown (A/72/621, "
        "para. 24)."
    ),
    "priority_area=youth&priority_area=gender": (
        "49 projects on empowering youth or on gender equality and empowering women: 27 + 22, both "
        "in A/72/621, para. 24."
    ),
    "priority_area=youth": "27 projects on empowering youth (A/72/621, para. 24).",
    "priority_area=youth&region=africa": (
        "Projects on empowering youth in Africa: not stated; A/72/621's totals allow 0 to 27."
    ),
    "scope=not-stated": (
        "218 entries state no scope (7 described activities and 211 placeholders)."
    ),
}


@pytest.mark.parametrize("query", SENTENCES)
def test_page_citation_api_and_word_say_the_same(client, query):
    sentence = SENTENCES[query]
    page = client.get(f"/projects/?{query}")
    html = page.content.decode()
    shown = re.search(r'id="sentence" tabindex="-1">(.*?)</p>', html)[1]
    assert unescape(re.sub("<[^>]+>", "", shown)).replace("\xa0", " ") == sentence
    # What leaves the page names the report.
    leaving = sentence if "A/72/621" in sentence else f"{sentence} Report: A/72/621."
    assert leaving in page.context["citation"]
    assert page.context["printed_sentence"] == leaving
    assert client.get(f"/api/v1/answers/?{query}").json()["sentence"] == leaving
    word = Document(io.BytesIO(body(client.get(f"/projects/export.docx?{query}"))))
    assert any(sentence in paragraph.text for paragraph in word.paragraphs)


def test_a_range_that_is_printed_or_copied_names_what_it_counts(client):
    said = escape(SENTENCES["priority_area=youth&region=africa"])
    html = client.get("/projects/?priority_area=youth&region=africa").content.decode()
    assert f'<meta name="description" content="{said} ' in html
    assert f"· {said}</p>" in html and f"readonly>{said}" in html
    # Of entries the panel says so, between published numbers and ranges.
    whole = client.get("/projects/?open=status").content.decode()
    assert '<span class="count">219 <small>entries</small></span>' in whole
    # Pressed on a phone, the button says what the list answers.
    assert 'data-show="Show 0–27 (not stated)"' in html
    html = client.get("/projects/?priority_area=youth").content.decode()
    assert 'data-show="Show 27 (para. 24)"' in html


@pytest.mark.postgresql
@pytest.mark.parametrize("said", ["no", "not-stated", "yes"])
def test_an_added_entry_is_counted_in_the_table_only_if_it_is_in_the_matrix(client, said):
    added = copy(Project.published.get(reference="PVE-001"))
    added.pk, added.reference, added.number, added.in_matrix = None, "PVE-224", 224, said
    added.report, added.holds_place = "a-72-621" if said == "yes" else "", False
    added.save()
    page = text_of(client, "/projects/")
    rows = client.get("/api/v1/projects/").json()
    assert (rows["rows"], rows["rows_of_report"]) == (223 if said == "yes" else 224, 223)
    # It displaces a placeholder.
    assert "223 projects (A/72/621, paras. 22 and 24)." in page
    assert "This register now has" not in page
    assert Project.published.filter(holds_place=True, priority_area="youth").count() == 27
    assert Project.published.get(reference="PVE-224").holds_place == (said == "yes")
    answer = client.get("/api/v1/answers/?priority_area=youth&filled_in=yes").json()["answer"]
    assert (answer["number"], answer["filled_in"]) == (27, 27)
    compared = reconcile(Report.published.basis())
    assert sum(bool(one.agrees) for one in compared) == 17
    assert of_deleting(Project.published.get(reference="PVE-224")) == []


def test_one_entry_more_than_the_report_counts_is_said(client):
    describe(28)
    assert (
        "Published: 27 projects on empowering youth (A/72/621, para. 24). This register now has 28 "
        "such entries."
    ) in text_of(client, "/projects/?priority_area=youth")
    assert (
        "Published: 223 projects (A/72/621, paras. 22 and 24). This register now has 224 such "
        "entries."
    ) in text_of(client, "/projects/")
    # None of the twelve finds room there any more.
    assert not Project.published.get(reference="PVE-001").holds_place
    assert of_deleting(Project.published.get(reference="PVE-224")) == [
        "Empowering youth: 27 published in A/72/621, 28 now, 27 after this change."
    ]


def test_regions_are_counts_not_projects(client):
    sentence = (
        "153 counts by region (A/72/621, para. 25). A project can be counted in several regions; "
        "how many projects they are is not stated. Africa has 61 (40 %) of the 153 counts "
        "(A/72/621, para. 25)."
    )
    page = client.get("/reports/region/")
    assert sentence in page.content.decode()
    title = "Africa has 61 of the 153 counts (A/72/621, para. 25)"
    assert f"<title>{title} · PVE matrix</title>" in page.content.decode()
    assert sentence in page.context["citation"]
    answer = client.get("/api/v1/answers/region/").json()
    assert answer["shown"] == sentence
    assert (answer["total"]["state"], answer["total"]["number"]) == ("published", 153)


def test_what_is_shown_has_its_own_state(client):
    """Of a published total, numbers that the report does not print are not published."""
    for address in ("/reports/region/?priority_area=youth", "/reports/cross-table/"):
        page = client.get(address)
        sentence = page.context["printed_sentence"]
        assert "totals allow" in sentence
        assert sentence in page.context["citation"]
        assert escape(sentence) in page.content.decode().partition("og:title")[2][:400]
    table = client.get("/reports/cross-table.csv").content.decode("utf-8-sig").splitlines()
    assert table[4] == (
        "Empowering youth,0–27 (not stated),0–27 (not stated),0–27 (not stated),27 (para. 24)"
    )
    answer = client.get("/api/v1/answers/region/?priority_area=youth").json()
    assert (answer["total"]["state"], answer["total"]["low"], answer["total"]["high"]) == (
        *("range", 0),
        91,  # 27 + 27 + 22 + 12 + 3
    )


def test_directories_have_a_state(client):
    known = client.get("/api/v1/entities/UNESCO/").json()["answer"]
    assert (known["state"], known["low"], known["high"]) == ("described", 0, None)
    kinds = ("in_matrix", "may_be", "others")
    assert [known[name] for name in kinds] == [0, 4, 0]
    kenya = client.get("/api/v1/countries/KEN/").json()["answer"]
    assert [kenya[name] for name in kinds] == [0, 0, 0]
    figure = client.get("/api/v1/reports/a-72-621/").json()["figures"][0]
    assert (figure["register"], figure["register_state"]) == (223, "entries")


def test_the_example_is_there_only_if_asked_for(client):
    query = "priority_area=youth&region=africa"
    assert "filled_in" not in client.get(f"/api/v1/answers/?{query}").json()["answer"]
    asked = client.get(f"/api/v1/answers/?{query}&filled_in=yes").json()["answer"]
    assert asked["filled_in"] == 7
    html = client.get(f"/projects/?{query}").content.decode()
    assert "No described activity matches" in html
    assert '<a href="?priority_area=youth&amp;region=africa&amp;filled_in=yes">An example' in html
    html = client.get(f"/projects/?{query}&filled_in=yes").content.decode()
    assert total_of(html) == 7
    assert '<td data-label="Regions" class="">Africa</td>' in html


# Whatever the filled-in table

WORDS = ("media", "youth", "network", "project", "women", "PVE", "UNESCO")
CHOICES = {
    **{name: [*VOCABULARIES[name].values] for name in VOCABULARIES if name != "regions_basis"},
    "region": [*VOCABULARIES["region"].values, "not-stated"],
    "country": ["KEN", "not-stated"],
    **{name: ["2013", "2017"] for name in ("year", "starts", "ends")},
    "queries": WORDS,
}

NO_DATE = {
    "year": {"start_date": "", "end_date": ""},
    "starts": {"start_date": ""},
    "ends": {"end_date": ""},
}


def random_query(random: Random) -> Asked:
    choices = CHOICES | {"entity": [*(one.acronym for one in directory()), "not-stated"]}
    wanted = {}
    for facet in random.sample([*choices], random.choice([1, 2, 2, 3])):
        most = min(len(choices[facet]), 3)
        wanted[facet] = random.sample([*choices[facet]], random.randint(1, most))
    return Asked.of(**wanted)


Table = dict[int, Combination]


def filled_in_again(projects: list[Project], random: Random) -> list[Project]:
    """The register with other filled-in values that add up to the same published totals."""
    table = [copy(one) for one in projects]
    filled = [one for one in table if one.scope_basis == "allocated"]
    known = [one for one in table if one.scope_basis != "allocated"]
    left = {
        scope: number - sum(one.scope == scope for one in known)
        for scope, number in PUBLISHED["scope"].items()
    }
    scopes = [scope for scope, number in left.items() for _n in range(number)]
    random.shuffle(scopes)
    # What a source places in a region is not global.
    located = [place for place, one in enumerate(filled) if one.regions and not one.is_counted]
    while any(scopes[place] == "global" for place in located):
        random.shuffle(scopes)
    for one, scope in zip(filled, scopes, strict=True):
        one.scope = scope
    open_ = [one for one in table if one.provenance == "counted"]
    for one in open_:
        one.regions, one.regions_basis = [], ""
    local = [one for one in open_ if one.scope != "global"]
    mentions = [
        region
        for region, number in PUBLISHED["region"].items()
        for _n in range(number - sum(region in one.regions for one in table))
    ]
    random.shuffle(mentions)
    for place, region in enumerate(mentions):
        if place < len(local):
            one = local[place]
        else:
            one = random.choice([one for one in local if region not in one.regions])
        one.regions, one.regions_basis = [*one.regions, region], "allocated"
    return table


def table_of(projects: list[Project]) -> Table:
    return {one.pk: combination_of_project(one, 0) for one in projects}


def cube_of(table: Table, keys) -> Cube:
    counted = Counter(table[key] for key in keys)
    return Cube(one._replace(projects=number) for one, number in counted.items())


@pytest.mark.long
def test_another_filled_in_table_changes_no_answer():
    random = Random(20261128)
    projects = list(Project.published.order_by("number"))
    shipped, printed = table_of(projects), published()
    tables = [table_of(filled_in_again(projects, random)) for _n in range(50)]
    for table in tables:
        whole = cube_of(table, table)
        counts = {name: whole.counts(name) for name in ("scope", "region")}
        assert counts == {name: PUBLISHED[name] for name in counts}

    wholes = {id(table): cube_of(table, table) for table in [shipped, *tables]}

    def answered(asked, table, found, blanks):
        whole = wholes[id(table)]
        base = whole if len(found) == len(table) else cube_of(table, found)
        answer = Answers(asked, base, printed, whole, lambda of: cube_of(table, blanks[of])).of()
        # All that is said of it, but for the example.
        return replace(answer, filed=0), answer.differs

    states = set()
    for _n in range(300):
        asked = random_query(random)
        opened = asked.open_conditions()
        found = Selection(Asked.of(queries=asked.queries, **opened)).rows
        keys = [*found.order_by().values_list("pk", flat=True)]
        blanks = {}
        for facet in opened:
            others = {name: values for name, values in opened.items() if name != facet}
            nothing = others if facet in NO_DATE else others | {facet: ["not-stated"]}
            rows = Selection(Asked.of(queries=asked.queries, **nothing)).rows
            rows = rows.filter(**NO_DATE.get(facet, {}))
            blanks[facet] = [*rows.order_by().values_list("pk", flat=True)]
        expected = answered(asked, shipped, keys, blanks)
        # The test asks as the site does.
        assert expected[0] == replace(Selection(asked).answer, filed=0)
        states.add(expected[0].state)
        for table in tables:
            assert answered(asked, table, keys, blanks) == expected, asked
    assert states == {"published", "range", "described", "entries"}


@pytest.mark.long
def test_when_all_are_confirmed_nothing_is_left_open(client):
    with unrecorded("the test sets the scene"):
        known = {"provenance": "confirmed", "in_matrix": "yes", "scope_basis": "stated"}
        Project.published.update(**known, status="completed", start_date="2015", end_date="2017")
        local = Project.published.exclude(scope="global")
        local.exclude(**dict.fromkeys(REGION_COLUMNS.values(), False)).update(
            regions_basis="stated"
        )
        # Three described activities have no region.
        local.filter(regions_basis="").update(in_asia=True, regions_basis="stated")
        kenya = Selection(Asked()).whole.model.countries.rel.model.objects.get(code="KEN")
        unesco = next(one for one in directory() if one.acronym == "UNESCO")
        for project in Project.published.all():
            project.countries.set([kenya])
            if not project.entities.exists():
                project.entities.set([unesco])
    for query in (
        "priority_area=youth&region=africa",
        "priority_area=youth&scope=national",
        f"{REGIONS}&scope=regional",
        REGIONS,
        "entity=UNESCO",
        "status=completed&priority_area=youth",
        "country=KEN",
        "year=2016&scope=global",
    ):
        answer = client.get(f"/api/v1/answers/?{query}").json()
        known = answer["answer"]
        assert "not stated" not in answer["sentence"]
        assert "not stated" not in client.get(f"/projects/?{query}").context["words"].sentence
        assert (known["low"], known["why"]) == (known["high"], "confirmed"), query
        assert known["low"] == len(objects(client, query))
    for slug in ("priority-area", "scope", "region"):
        for row in client.get(f"/api/v1/answers/{slug}/?scope=national").json()["rows"]:
            assert row["state"] == "published" or row["why"] in ("confirmed", "rule")


def test_what_somebody_typed_is_no_citation(register, client):
    typed = "{cite:A/72/621#para-24}"
    page = client.get("/projects/", {"scope": "global", "q": typed}).content.decode()
    answer = page[page.index('id="sentence"') :].partition("</p>")[0]
    assert "cite:A/72/621#para-24}" in answer
    assert "<a" not in answer


def test_the_panel_has_the_values_of_open_facets_only(client):
    html = client.get("/projects/?scope=national").content.decode()
    boxes = {*re.findall(r'<input type="checkbox" id="[^"]+" name="(\w+)"', html)} - {"columns"}
    assert boxes == {"priority_area", "scope"}
    assert 'href="?scope=national&amp;open=region&amp;open=country#facet-place"' in html
    html = client.get("/projects/?scope=national&open=region").content.decode()
    boxes = {*re.findall(r'<input type="checkbox" id="[^"]+" name="(\w+)"', html)} - {"columns"}
    assert boxes == {"priority_area", "scope", "region"}
    # Filters keep it open; no other address has it.
    assert '<input type="hidden" name="open" value="region">' in html
    assert '<link rel="canonical" href="http://testserver/projects/?scope=national">' in html
    assert "export.csv?scope=national&amp;open" not in html
    wrong = client.get("/projects/?open=galactic")
    assert wrong.status_code == 400
    assert client.get("/projects/export.csv?open=region").status_code == 400
