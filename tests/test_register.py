"""The list and a project's page, as an analyst reads them."""

import re

import pytest

from projects.history import recording
from projects.models import Country, Project, Quotation

from .pages import markup_of, queries_of, references_in, text_of


def test_the_number_of_a_list_is_in_its_sentence_alone(register, client):
    for query, number, sentence in (
        ("", "223", "<b>223</b> projects (A/72/621, paras. 22 and 24)."),
        ("entity=UNESCO", "4", "<b>4</b> described activities of UNESCO."),
        ("priority_area=youth&region=africa", "", "<b>0–27</b> Projects on empowering youth in"),
        ("country=KEN", "", "<b>0</b> No described activity in Kenya."),
    ):
        html = client.get(f"/projects/?{query}").content.decode()
        card = html.partition('<div class="answered')[2].partition('<div class="tools">')[0]
        text = re.sub(r"<b></b>|<(?!/?b>)[^>]+>", "", card.replace("\xa0", " "))
        assert sentence in re.sub(r"\s+", " ", text), query
        assert "Figures of 1 December 2017." in html
        # Nowhere else as the number of entries or of what is published.
        assert f">{number or '0'} entr" not in html
        assert ">published<" not in html


def test_a_combination_has_a_sentence_to_copy_that_claims_no_more_than_the_report(register, client):
    quote = "27 projects on empowering youth; 61 projects in Africa (A/72/621, paras. 24 and 25)."
    for address in ("/projects/", "/reports/scope/"):
        text = text_of(client, f"{address}?region=africa&priority_area=youth")
        assert f"{quote} How many are both is not stated." in text
    for query in ("region=africa", "region=africa&priority_area=youth&q=solidarity"):
        assert "How many are" not in text_of(client, f"/projects/?{query}")
    assert (
        "27 projects on empowering youth; 75 projects are national in scope; 61 projects in Africa "
        "(A/72/621, paras. 24 and 25). How many projects meet all these conditions is not stated."
    ) in text_of(client, "/projects/?region=africa&priority_area=youth&scope=national")


def test_provenance_is_on_every_row_and_what_is_filled_in_on_none(register, client):
    html = client.get("/projects/").content.decode()
    assert html.count('<span class="provenance named">Described</span>') == 12
    # PVE-003 has no wording on geography.
    row = html[html.index(">PVE-003<") : html.index(">PVE-004<")]
    assert '<td data-label="Scope" class="quiet">Not stated</td>' in row
    assert '<td data-label="One of the 223?" class="quiet">Not stated</td>' in row
    html = client.get("/projects/?provenance=counted&per_page=50").content.decode()
    assert html.count('<span class="provenance counted">Counted, not described</span>') == 50
    assert html.count('<td data-label="Scope" class="quiet">Not stated</td>') == 50
    html = client.get("/projects/?filled_in=yes").content.decode()
    assert "The filled-in table is an example, one of many that the totals allow." in html
    row = html[html.index(">PVE-003<") : html.index(">PVE-004<")]
    assert '<td data-label="Scope" class="">Global</td>' in row
    assert '<abbr title="Middle East and North Africa">MENA</abbr>' in html


def test_an_empty_register_says_that_it_is_empty(make_project, client):
    text = text_of(client, "/projects/")
    assert "No projects yet" in text
    assert (
        "Published: 223 projects (A/72/621, paras. 22 and 24). This register now has 0 such entries"
        in text
    )
    for address in ("/", "/reports/region/", "/reports/a-72-621/", "/about/"):
        assert client.get(address).status_code == 200
    assert "differs by −223" in text_of(client, "/reports/a-72-621/")


def test_pager_headings_and_exports_keep_the_query(register, client):
    both = "provenance=named&provenance=counted"
    html = client.get(f"/projects/?{both}&page=2").content.decode()
    assert 'href="?provenance=named&amp;provenance=counted&amp;page=3"' in html
    assert '<strong aria-current="page">2</strong>' in html
    assert 'href="?provenance=counted&amp;provenance=named&amp;per_page=100"' in html
    # A heading sorts, then turns the order round.
    html = markup_of(client, "/projects/?provenance=counted&sort=title&page=2")
    kept = "?provenance=counted&amp;sort="
    assert f'aria-sort="ascending"><a id="sort-title" href="{kept}-title">' in html
    assert f'<a id="sort-scope" href="{kept}scope">' in html
    assert '<a class="clear" href="?sort=title">' in html
    # Files have the query and the order, but all pages.
    html = client.get(f"/projects/?{both}&sort=-title&page=2&per_page=25").content.decode()
    kept = "provenance=counted&amp;provenance=named&amp;sort=-title"
    assert f'href="/projects/export.csv?{kept}"' in html
    # A project's page, on the other hand, links back to just this one.
    lines = re.findall(r'class="title"><a href="/projects/PVE-\d+/([^"]*)"', html)
    assert lines == [f"?{kept}&amp;page=2"] * 25


def test_titles_are_escaped(make_project, client):
    make_project(title="<script>alert(1)</script> & co")
    for address in ("/projects/", "/projects/PVE-001/"):
        html = client.get(address).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in html


def test_a_line_is_short_and_a_search_shows_where_it_found(register, client):
    # Of all projects a line has no summary.
    assert "Seeks to empower" not in client.get("/projects/?per_page=100").content.decode()
    html = client.get("/projects/?priority_area=youth&per_page=100").content.decode()
    assert "<small>Seeks to empower young people with skills and opportunities for civic" in html
    row = client.get("/projects/?provenance=counted").content.decode()
    row = row[row.index(">PVE-020<") : row.index(">PVE-021<")]
    # The area has a column of its own, so that the placeholder need not repeat it.
    assert ">Unidentified project 8 of 40</a>" in row
    full = "Strengthening good governance, human rights and the rule of law"
    assert f'<abbr title="{full}">Governance</abbr>' in row
    html = client.get("/projects/?q=unesco+guidance").content.decode()
    assert "Workshops adapting <mark>UNESCO</mark> <mark>guidance</mark> on education" in html
    assert '<abbr title="United Nations Educational, Scientific and Cultural Organization">' in html
    assert "<mark>UNESCO</mark></abbr>" in html
    # What is in the summary is shown where it stands.
    html = client.get("/projects/?q=opportunities").content.decode()
    assert (
        "<small>… empower young people with skills and <mark>opportunities</mark> for civic "
        "engagement in 10 countries around the Mediterranean.</small>"
    ) in html


def test_values_not_stated_and_lists_are_in_their_columns(make_project, client):
    kenya = Country.objects.filter(code="KEN")
    make_project(
        countries=kenya, link="https://example.org/a", start_date="2017-06", regions=["asia"]
    )
    make_project("PVE-002", link="javascript:alert(1)")
    query = "&".join(
        f"columns={name}"
        for name in ("countries", "link", "start_date", "end_date", "status", "regions_basis")
    )
    text = text_of(client, f"/projects/?{query}")
    # In the order of the table.
    assert (
        "PVE-001 A project Described Stated Kenya Not stated June 2017 Not stated "
        "https://example.org/a"
    ) in text
    assert "None Not stated Not stated Not stated Not stated javascript:alert(1)" in text
    html = client.get(f"/projects/?{query}").content.decode()
    assert '<a href="https://example.org/a" rel="noopener nofollow">' in html
    assert 'href="javascript' not in html
    Project.live.get(reference="PVE-001").countries.add(Country.objects.get(code="CIV"))
    assert "Côte d’Ivoire, Kenya" in text_of(client, "/projects/PVE-001/")


@pytest.mark.postgresql
def test_order_is_the_same_everywhere(make_project, client):
    titles = ["zebra", "Ångström", "apple", "Éclair", "Zoo", "eclairs", "10 ways", "(note)", "ñu"]
    for number, title in enumerate(titles, start=1):
        make_project(f"PVE-{number:03}", title=title)
    make_project("PVE-1000", title="zz")
    html = client.get("/projects/?sort=title").content.decode()
    assert re.findall(r'class="title"><a [^>]+>([^<]+)</a>', html) == [
        *("(note)", "10 ways", "Ångström", "apple", "Éclair", "eclairs", "ñu", "zebra", "Zoo"),
        "zz",
    ]
    # References are in the order of their numbers.
    html = client.get("/projects/").content.decode()
    assert references_in(html)[-2:] == ["PVE-009", "PVE-1000"]


# One project


def test_a_named_project_has_every_fact_with_its_basis_and_source(register, client):
    text = text_of(client, "/projects/PVE-012/")
    assert "Projects › Engaging communities › PVE-012 Described" in text
    assert "Counter-Terrorism Committee workshops on comprehensive approaches" in text
    assert "Entities CTC (Counter-Terrorism Committee), CTED" in text
    assert "Regions Middle East and North Africa, Asia Our reading: “in North" in text
    assert "Not known Scope, Countries, Status, Start, End. Can you help? The title is " in text
    assert (
        "Is it one of the 223? The report does not say whether it is one of the 223. If it is, it "
        "is one of the 18 on engaging communities (our reading)."
    ) in text


def sentences_of(client, reference: str) -> list[str]:
    html = markup_of(client, f"/projects/{reference}/")
    return re.findall(r'<blockquote class="pull">(.*?) <cite>', html, re.DOTALL)


def test_the_sentence_that_a_project_was_read_from_has_marks_at_the_words(register, client):
    assert sentences_of(client, "PVE-001") == [
        "“The UNESCO Networks of Mediterranean Youth (NET-MED Youth) initiative <mark>seeks to "
        "empower young people with skills and opportunities for civic engagement</mark> <mark>in "
        "10 countries around the Mediterranean</mark>.”"
    ]
    # Two sentences of one paragraph, which follow each other.
    (both,) = sentences_of(client, "PVE-012")
    assert "</mark> during 2017. These workshops have demonstrated" in both
    assert sentences_of(client, "PVE-109") == []
    # A source whose text the register does not have: the words themselves.
    project = Project.published.get(reference="PVE-003")
    Quotation.of(project.pk, "scope", "“in all <b> countries” (A/1, para. 2)").save()
    assert sentences_of(client, "PVE-003")[1] == "“<mark>in all &lt;b&gt; countries</mark>”"


def test_a_counted_project_says_what_the_report_does_not(register, client):
    text = text_of(client, "/projects/PVE-109/")
    # What is asked first of an entry comes before its facts.
    assert (
        "Is it one of the 223? It is a placeholder for one of the 27 on empowering youth "
        "(A/72/621, para. 24). Nothing else is known of it. Priority area Empowering youth Stated "
        "Not known Entities, Methodology, Scope, Regions, Countries, Status, Start, End. Can you "
        "help? Unchanged since "
    ) in text
    assert "counted under Regional" not in text
    # What was assigned relates it to nothing.
    like = "Described activities on empowering youth Networks of Mediterranean Youth (NET-MED"
    assert like in text
    assert "Similar projects" not in text
    # Without regions because it is global; but that is assigned, so nothing is known of them.
    assert "Not known Scope, Regions, Countries, Start, End. Can" in text_of(
        client, "/projects/PVE-011/"
    )


def test_a_project_has_the_squares_of_its_area_and_similar_ones(register, client):
    html = markup_of(client, "/projects/PVE-002/")
    # Those that the report counts on youth, none of which is this one.
    assert html.count("<i>&nbsp;</i>") == 27
    assert 'href="/projects/?priority_area=youth">Empowering youth</a>' in html
    edition = "edition=reconstruction-2017-12"
    html = markup_of(client, f"/projects/PVE-001/?{edition}")
    assert f'href="/projects/?priority_area=youth&amp;{edition}">Empowering youth</a>' in html
    assert f'href="/projects/?entity=UNESCO&amp;{edition}">UNESCO</a>' in html
    assert f'href="/projects/PVE-004/?{edition}">Workshops adapting' in html
    assert "Unchanged since" not in html


def test_a_project_says_what_changed_in_it_last(register, client):
    assert "Unchanged since 28 November 2026. All changes " in text_of(client, "/projects/PVE-001/")
    project = Project.published.get(reference="PVE-001")
    for number in range(2):
        with recording(reason=f"Letter {number}"):
            project.title, project.methodology = f"Title {number}", f"Way {number}"
            project.save()
    text = text_of(client, "/projects/PVE-001/")
    assert ": Changed: Title, Methodology (Letter 1). All changes " in text
    assert "Letter 0" not in text


@pytest.mark.postgresql
def test_previous_next_and_the_way_back_keep_the_filter(register, client):
    html = markup_of(client, "/projects/PVE-002/?priority_area=youth&page=1")
    query = "?priority_area=youth"
    assert f'rel="prev" href="/projects/PVE-001/{query}"' in html
    assert f'rel="next" href="/projects/PVE-005/{query}"' in html
    assert f'<a href="/projects/{query}">← Back to the filtered list' in html
    html = client.get("/projects/PVE-002/?priority_area=youth&sort=-title").content.decode()
    assert 'rel="prev" href="/projects/PVE-005/?' in html  # Youth Solidarity Fund
    assert 'rel="next" href="/projects/PVE-001/?' in html  # Networks of Mediterranean Youth
    html = client.get("/projects/PVE-001/?sort=scope&scope=regional").content.decode()
    assert 'rel="prev"' not in html
    assert 'rel="next" href="/projects/PVE-002/?' in html


# Queries


@pytest.mark.postgresql
@pytest.mark.long
def test_queries_do_not_grow_with_rows(many_projects, client):
    most = {
        "/projects/": 14,
        "/projects/?per_page=100": 14,
        "/projects/?per_page=100&columns=countries&columns=entities&columns=status": 15,
        "/projects/?per_page=100&q=project&entity=OCT&region=africa&sort=title": 15,
        "/projects/PVE-1005/": 18,
        "/projects/PVE-1005/?region=africa&q=project": 18,
        "/": 11,
        "/reports/": 4,
        "/reports/region/": 6,
        "/reports/a-72-621/": 5,
        "/projects/?q=nothing&scope=global&entity=OCT": 27,
        "/reports/cross-table/?rows=priority_area": 4,
        "/reports/compare/?a=scope%3Dregional&b=entity%3DOCT%26q%3Dproject": 15,
        "/projects/changes/": 3,
        "/projects/changes/?scope=global&q=project&entity=OCT": 6,
        "/projects/PVE-1005/changes/": 3,
        "/projects/changes.atom": 2,
        "/projects/PVE-1005/correct/": 5,
    }
    many_projects(50)
    few = {address: queries_of(client, address) for address in most}
    many_projects(450, start=2000)
    assert Project.published.count() == 500
    for address, number in most.items():
        # One of them asks for the data version.
        assert queries_of(client, address) <= few[address] <= number + 1, address
