"""What a search finds, and what is marked in what it found."""

import pytest

from projects.asking import Asked, Selection
from projects.asking.terms import marked, terms_of
from projects.models import Country


def found(*queries: str, **wanted) -> list[str]:
    rows = Selection(Asked.of(queries=queries, **wanted)).rows
    return [project.reference for project in rows]


@pytest.fixture
def few(make_project):
    """Three projects that say who, what and when in words of their own."""
    make_project("PVE-001", title="Peace-building for young women", entities=["UN-Women"])
    make_project(
        "PVE-002",
        title="Schools",
        summary="Resilience of young people, by peace building.",
        regions=["africa"],
        countries=[Country.objects.get(code="KEN")],
        start_date="2016-03",
        end_date="2018",
    )
    make_project("PVE-003", title="People, young", start_date="2017-05-01", regions=["asia"])


# Words


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("Youth  MED", ["youth", "med"]),
        ('"Civic  Engagement" skills', ["civic engagement", "skills"]),
        ("“Civic Engagement”", ["civic engagement"]),
        ("UN-Women", ["un women"]),
        ("UN‑Women UN–Women", ["un women", "un women"]),  # no break, en dash
        # What is no phrase and joins nothing is looked for as it is.
        ('"youth', ['"youth']),
        ('5"x7"', ['5"x7"']),
        ("- pre- -x", ["-", "pre-", "-x"]),
        ('""', ['""']),
        ("É", ["e"]),
    ],
)
def test_the_terms_of_a_query(query, terms):
    assert terms_of(query) == terms


@pytest.mark.parametrize(
    ("text", "terms", "shown"),
    [
        ("Young Peacebuilders", ["peace"], "Young [Peace]builders"),
        ("École à Zürich", ["ecole", "zurich"], "[École] à [Zürich]"),
        ("NET-MED Youth", ["net med"], "[NET-MED] Youth"),
        ("ﬁnance", ["fi"], "[ﬁ]nance"),
        ("aaa", ["aa", "a"], "[aaa]"),
        ("nothing", [], "nothing"),
        ("", ["x"], ""),
    ],
)
def test_what_was_found_is_marked_as_it_is_written(text, terms, shown):
    pieces = marked(text, terms)
    assert "".join(f"[{piece}]" if is_found else piece for piece, is_found in pieces) == shown


def test_phrases_and_hyphens(few):
    assert found("peace-building") == ["PVE-001", "PVE-002"]
    assert found('"peace building"') == ["PVE-001", "PVE-002"]
    assert found("peace building young") == ["PVE-001", "PVE-002"]
    assert found('"young people"') == ["PVE-002"]
    assert found("young people") == ["PVE-002", "PVE-003"]
    assert found('"people young"') == []
    assert found("un-women") == found('"UN Women"') == ["PVE-001"]
    # Signs that a database would take for patterns are signs.
    assert found('"young_people"') == found("p%e") == found('"young % people"') == []


def test_relevance_counts_the_words_in_titles(few):
    assert found("young people", sort="relevance") == ["PVE-003", "PVE-002"]
    assert found("young", sort="relevance") == ["PVE-001", "PVE-003", "PVE-002"]
    assert found("un-women", "resilience", sort="relevance") == ["PVE-002", "PVE-001"]
    selection = Selection(Asked.of(queries=["young"], sort="relevance"))
    middle = selection.rows[1]
    around = selection.rows.neighbours(middle, "relevance", selection.all_terms)
    assert [one.reference for one in around] == ["PVE-001", "PVE-002"]


# Countries and years


def test_countries_and_years(few):
    assert found(country=["KEN"]) == ["PVE-002"]
    assert found(country=["not-stated"]) == ["PVE-001", "PVE-003"]
    assert found(country=["KEN", "not-stated"]) == ["PVE-001", "PVE-002", "PVE-003"]
    assert found(year=["2015"]) == found(year=["2019"]) == []
    assert found(year=["2016"]) == found(year=["2018"]) == ["PVE-002"]
    # Of the third only the start is stated.
    assert found(year=["2017"]) == ["PVE-002", "PVE-003"]


def test_the_panel_shows_the_countries_and_years_that_occur(few):
    facets = Selection(Asked.of(region=["africa"], year=["2030"])).facets
    assert [(one.slug, one.count, one.chosen) for one in facets["year"]] == [
        ("2016", 1, False),
        ("2017", 1, False),
        ("2018", 1, False),
        ("2030", 0, True),
    ]
    facets = Selection(Asked()).facets
    assert [(one.slug, one.count, one.name) for one in facets["country"]] == [
        ("KEN", 1, "Kenya"),
        ("not-stated", 2, ""),
    ]


def test_a_mistyped_date_does_not_make_the_facet_endless(make_project):
    make_project("PVE-001", start_date="0001", end_date="9999")
    years = [one.slug for one in Selection(Asked()).facets["year"]]
    assert (len(years), years[0], years[-1]) == (100, "9900", "9999")


def test_the_list_marks_what_was_found(few, client):
    page = client.get("/projects/?q=young").content.decode()
    assert "Peace-building for <mark>young</mark> women" in page
    assert 'href="?q=young&amp;sort=relevance">Best matches first</a>' in page
