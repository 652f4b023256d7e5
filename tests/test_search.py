"""What a search finds, what it offers besides, and what is marked in what it found."""

import pytest

from projects.asking import Asked, Offers, Selection, query_of
from projects.asking.terms import marked, terms_of
from projects.models import Country, Entity
from reports.library.search import known_words


def offers(*queries: str, **wanted) -> Offers:
    return Offers(Selection(Asked.of(queries=queries, **wanted)))


def said(found) -> list[tuple[str, int, str]]:
    return [(one.label, one.number, one.query) for one in found]


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
        ("Youth  MED", [" youth", " med "]),  # of four letters others may begin with
        ('"Civic  Engagement" skills', [" civic engagement ", " skills"]),
        ("UN‑Women UN–Women", [" un women", " un women"]),  # no break, en dash
        ('"youth a/72/621', [" youth", " a 72 621"]),
        ("pre\u00advention", [" prevention"]),  # a soft hyphen
        ('- & % ""', []),
        ("Молодёжь ООН", [" молодежь", " оон "]),
        # Scripts without capitals write words together, or articles and endings.
        ("青年 الشباب", ["青年", "الشباب"]),
    ],
)
def test_the_terms_of_a_query(query, terms):
    assert terms_of(query) == terms


@pytest.mark.parametrize(
    ("text", "terms", "shown"),
    [
        ("Young Peacebuilders", [" peace"], "Young [Peace]builders"),
        ("École à Zürich", [" ecole", " zurich"], "[École] à [Zürich]"),
        ("NET-MED Youth", [" net med"], "[NET-MED] Youth"),
        ("ﬁnance", [" fi"], "[ﬁ]nance"),
        ("young, young people", [" young "], "[young], [young] people"),
        ("联合国青年战略", ["青年"], "联合国[青年]战略"),
        ("", [" x "], ""),
    ],
)
def test_what_was_found_is_marked_as_it_is_written(text, terms, shown):
    pieces = marked(text, terms)
    assert "".join(f"[{piece}]" if is_found else piece for piece, is_found in pieces) == shown


@pytest.mark.postgresql
def test_phrases_and_hyphens(few):
    assert found("peace-building") == ["PVE-001", "PVE-002"]
    assert found('"peace building"') == ["PVE-001", "PVE-002"]
    assert found("peace building young") == ["PVE-001", "PVE-002"]
    assert found('"young people"') == ["PVE-002"]
    assert found("young people") == ["PVE-002", "PVE-003"]
    assert found('"people young"') == ["PVE-003"]  # a comma is between them
    assert found('"young peop"') == []
    assert found("un-women") == found('"UN Women"') == ["PVE-001"]
    # Signs are none of the words, also those that a database takes for patterns.
    assert found('"young_people"') == found('"young % people"') == ["PVE-002"]
    assert found("p%e") == found("%") == found("_ &") == []


@pytest.mark.postgresql
def test_words_are_whole_or_begin_with_four_letters(make_project, client):
    make_project("PVE-001", title="Peaceful schools", summary="Working on the Mediterranean")
    make_project("PVE-002", title="Media and peace", entities=["UNESCO"])
    texts = {"summary": "联合国青年战略; الشباب والسلام", "methodology": "Sport"}
    make_project("PVE-003", title="Unidentified women", **texts)
    unesco = Entity.objects.get(acronym="UNESCO")
    unesco.aliases = "Alias"
    unesco.save()
    assert (found("sport"), found("alias")) == (["PVE-003"], [])
    assert found("peace") == found("peac") == ["PVE-001", "PVE-002"]
    assert found("pea") == found("eace") == found("school peacekeeping") == []
    assert found("med") == found("edit") == found("un women") == []
    assert found("media") == ["PVE-002"]
    assert found("medi") == ["PVE-001", "PVE-002"]
    assert found("name of unes") == found("unes") == ["PVE-002"]
    assert found("nam") == found("nesco") == []
    # Part of a text where no words are set apart, or where articles are not.
    assert found("青年") == found("شباب") == found('"青年战略"') == ["PVE-003"]
    assert found("青年会") == []
    # Whole words first, then those that are in the title.
    make_project("PVE-004", title="Peacekeepers", summary="For peace")
    assert found("peace", sort="relevance") == ["PVE-002", "PVE-004", "PVE-001"]


@pytest.mark.postgresql
def test_placeholders_are_found_by_their_reference_alone(register, client):
    for words in ("unidentified", "project 6 of 27", "empowering", "pve", "041", "PVE-01", "PVE-1"):
        assert found(words) == [], words
    assert found("youth") == ["PVE-001", "PVE-005"]
    assert found("PVE-041") == found("pve-041", region=[]) == ["PVE-041"]
    assert found("PVE-041 unidentified") == found("PVE-041", "zebra", scope=["global"]) == []
    assert found("PVE-041", "youth") == ["PVE-001", "PVE-005", "PVE-041"]
    edition = "edition=reconstruction-2017-12"
    opened = {
        "q=PVE-041": "/projects/PVE-041/",
        "q=pve-001&sort=title": "/projects/PVE-001/",
        f"q=PVE-041&{edition}": f"/projects/PVE-041/?{edition}",
    }
    for query, address in opened.items():
        response = client.get(f"/projects/?{query}")
        assert (response.status_code, response["Location"]) == (302, address)
    offered = '<a href="/projects/PVE-001/?q=PVE-1">PVE-001: '
    assert offered in client.get("/projects/?q=PVE-1").content.decode()
    for query in ("q=PVE-999", "q=PVE-041&scope=national", "q=PVE-041&q=youth"):
        assert client.get(f"/projects/?{query}").status_code == 200, query


def test_a_paragraph_is_shown(register, client):
    shown = '<p><a href="/reports/a-72-621/text/#para-34">A/72/621, para. 34</a></p>'
    for typed in ("para 34", "Paragraph 34", "para. 34", "¶ 34", "paragraphe 034", "34"):
        page = client.get("/projects/", {"q": typed}).content.decode()
        assert page.index(shown) < page.index("“Education is one") < page.index("<h2>"), typed
        suggested = client.get("/suggestions.json", {"q": typed}).json()["suggestions"]
        assert suggested[0] == {
            "kind": "Paragraph",
            "label": "A/72/621, para. 34",
            "address": "/reports/a-72-621/text/#para-34",
        }
    for typed in ("para 999", "para", "part 34"):
        assert "#para-" not in client.get("/projects/", {"q": typed}).content.decode(), typed


@pytest.mark.postgresql
def test_nothing_found_begins_with_what_was_meant_and_offers_no_files(few, client):
    page = client.get("/projects/?q=resiliance").content.decode()
    assert page.index("Did you mean:") < page.index("No described activity has this word.")
    assert "/projects/export.csv" not in page
    assert "/projects/export.csv" in client.get("/projects/?q=resilience").content.decode()


# Countries and years


@pytest.mark.postgresql
def test_countries_and_years(few):
    assert found(country=["KEN"]) == ["PVE-002"]
    assert found(country=["not-stated"]) == ["PVE-001", "PVE-003"]
    assert found(country=["KEN", "not-stated"]) == ["PVE-001", "PVE-002", "PVE-003"]
    assert found(year=["2015"]) == found(year=["2019"]) == []
    assert found(year=["2016"]) == found(year=["2018"]) == ["PVE-002"]
    # Of the third only the start is stated.
    assert found(year=["2017"]) == ["PVE-002", "PVE-003"]
    assert found(starts=["2016"]) == ["PVE-002"]
    assert found(starts=["2016", "2017"]) == ["PVE-002", "PVE-003"]
    assert found(ends=["2018"]) == found(ends=["2018"], starts=["2016"]) == ["PVE-002"]
    assert found(ends=["2017"]) == found(ends=["2018"], starts=["2017"]) == []


@pytest.mark.postgresql
def test_the_panel_shows_the_countries_and_years_that_occur(few):
    years = Selection(Asked.of(region=["africa"], year=["2030"])).facet("year")
    assert [(one.slug, one.answer.filed, one.chosen) for one in years] == [
        ("2016", 1, False),
        ("2017", 1, False),
        ("2018", 1, False),
        ("2030", 0, True),
    ]
    there = Selection(Asked()).facet("country")
    assert [(one.slug, one.answer.filed, one.label) for one in there] == [
        ("KEN", 1, "Kenya"),
        ("not-stated", 2, "Not stated"),
    ]
    # The label is the name, which the panel has once.
    assert [one.name for one in there] == ["", ""]


@pytest.mark.postgresql
def test_a_mistyped_date_does_not_make_the_facet_endless(make_project):
    make_project("PVE-001", start_date="0001", end_date="9999")
    years = [one.slug for one in Selection(Asked()).facet("year")]
    assert (len(years), years[0], years[-1]) == (100, "9900", "9999")


# Offers


@pytest.mark.parametrize(
    ("query", "short", "asked"),
    [
        ("africa", "61", "region=africa"),
        ("North Africa", "55", "region=mena"),
        ("unesco", "4", "entity=UNESCO"),
        ("office of counter terrorism", "1", "entity=OCT"),
        ("human rights", "40", "priority_area=governance"),
        ("youth africa", "0–27", "priority_area=youth&region=africa"),
        ("Kenya", "0", "country=KEN"),
        ("KEN", "0", "country=KEN"),
        ("how many projects are there", "223", ""),
    ],
)
def test_words_that_are_a_question_are_answered(register, query, short, asked):
    found = offers(query)
    assert (found.answer.selection.answer.short, query_of(found.answer.asked)) == (short, asked)
    assert (found.filters, found.nearest) == ([], [])


def test_a_question_is_asked_within_the_filters_in_force(register):
    chosen = offers("africa", scope=["national"], region=["asia"])
    assert chosen.answer.selection.answer.short == "0–61"
    assert query_of(chosen.answer.asked) == "scope=national&region=africa"
    assert offers("africa", "youth").answer is None


def test_words_that_are_filters_are_offered_with_the_others_or_alone(register):
    # One of them with the other word still searched for.
    assert said(offers("tech global").filters) == [("Scope: Global", "1", "q=tech&scope=global")]
    # No described activity is of one of them and has the other word.
    area, africa = "Priority area: Empowering youth", "Region: Africa"
    assert said(offers("youth zzz africa").filters) == [
        (f"{area} and {africa}", "0–27, not stated", "priority_area=youth&region=africa"),
        (area, "27, para. 24", "priority_area=youth"),
        (africa, "61, para. 25", "region=africa"),
    ]
    assert said(offers("zzz africa", region=["africa"]).filters) == []


def test_a_number_is_that_of_a_project_or_of_none(register):
    for query in ("PVE-1", "pve 1", "1", "PVE-001", "pve1"):
        assert offers(query).project.reference == "PVE-001", query
    for query in ("PVE-999", "0", "1 2", "one", "1" * 30):
        assert offers(query).project is None, query


@pytest.mark.postgresql
def test_what_is_near_is_offered_with_its_count(few, make_project):
    assert said(offers("resiliance").nearest) == [("“resilience”", "1", "q=resilience")]
    # Words that are a question have its number.
    answered = ("“young people”", "27, para. 24", "q=young+people")
    assert said(offers("yuong poeple").nearest)[0] == answered
    assert said(offers("resilience").nearest) == []  # it is found
    make_project("PVE-004", title="Écoles de N’Djaména")
    assert said(offers("ndjamena").nearest) == [("“n’djamena”", "1", "q=n%E2%80%99djamena")]
    assert said(offers("écolse").nearest) == [("“ecoles”", "31, para. 24", "q=ecoles")]


@pytest.mark.parametrize(
    ("query", "spelled"),
    [
        ("educaton", ["“education”"]),
        ("comunicatons", ["“communications”"]),  # two, of many letters
        ("yotuhs", ["“youths”"]),  # a swap is one edit
        ("yotuhn", []),  # two, of few letters
        ("Sahel", []),
        ("practices", []),  # a word of the report
        ("igualdad", []),  # a word of a name in another language
    ],
)
def test_a_correction_is_near_and_no_known_word_is_corrected(register, query, spelled):
    found = Offers(Selection(Asked.of(queries=[query])), known_words()).nearest
    assert [one.label for one in found] == spelled


@pytest.mark.postgresql
def test_words_may_be_of_the_text_and_of_entities_together(make_project):
    make_project("PVE-001", title="Peace", entities=["UNESCO"])
    make_project("PVE-002", title="War", entities=["UNDP"])
    make_project("PVE-003", title="Neither")
    for words, expected in {
        "unesco": ["PVE-001"],
        "unesco peace": ["PVE-001"],
        "name of": ["PVE-001", "PVE-002"],
        "unesco undp": [],
        "name unesco unes": ["PVE-001"],
        "peace peac war": [],
        "unes pve-001": ["PVE-001"],
        "undp pve-001": [],
    }.items():
        assert found(words) == expected, words
    assert found("unesco", "undp") == ["PVE-001", "PVE-002"]


@pytest.mark.postgresql
def test_the_list_shows_what_is_offered_and_marks_what_was_found(few, client):
    page = client.get("/projects/?q=peace+africa").content.decode()
    assert '<a href="?q=peace&amp;region=africa">Region: Africa (1)</a>' in page
    page = client.get("/projects/?q=young").content.decode()
    assert "Peace-building for <mark>young</mark> women" in page
    assert 'href="?q=young&amp;sort=relevance">Best matches first</a>' in page
    page = client.get("/projects/?q=resiliance").content.decode()
    assert '<a href="?q=resilience">“resilience”</a> (1)' in page
    assert "<mark>" not in client.get("/projects/").content.decode()


@pytest.mark.postgresql
def test_offers_cost_as_many_queries_for_any_search(
    register, client, django_assert_max_num_queries
):
    for words in ("africa", "youth africa unesco national ongoing human rights"):
        with django_assert_max_num_queries(24):
            client.get("/projects/", {"q": words})
