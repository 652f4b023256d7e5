"""The pages of the report itself, as a reader meets them."""

import gzip
import re
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from projects.history import unrecorded
from projects.models import Edition, Entity, Project
from reports.models import STATEMENT_TABLE, Document, Note, Paragraph, Statement, Topic

from .declared import MENUS
from .pages import body, book_of, csv_lines, csv_rows, markup_of, text_of

pytestmark = pytest.mark.usefixtures("register")
TEXT = "/reports/a-72-621/text/"
PAGES = {
    "/report/": 17,
    f"{TEXT}34/?read=G31": 13,
    "/statements/": 7,
    "/statements/?kind=finding": 8,
    "/statements/E07/": 9,
    "/entities/": 9,
    "/entities/UNESCO/": 13,
    "/statements/B22/": 10,
}


def section(client, number: str, query="") -> str:
    """A paragraph of the text with what is next to it, as HTML."""
    html = client.get(f"{TEXT}{query}").content.decode()
    found = re.search(rf'<section class="passage" id="{number}".*?</section>', html, re.DOTALL)
    assert found, number
    return found[0]


def passage(client, number: str) -> str:
    """The same as text."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", section(client, number))))


def shown(client, address) -> list[str]:
    """The codes of the statements that a page links to."""
    html = client.get(address).content.decode()
    return [*dict.fromkeys(re.findall(r'href="/statements/([A-Z]\d+)/"', html))]


# The text


def test_the_text_is_there_paragraph_by_paragraph(client):
    html = client.get(TEXT).content.decode()
    ids = re.findall(r' id="((?:para|fn)-\d+)"', html)
    assert [one for one in ids if one.startswith("para")] == [f"para-{n}" for n in range(1, 55)]
    assert [one for one in ids if one.startswith("fn")] == [f"fn-{n}" for n in range(1, 7)]
    text = unescape(re.sub("<[^>]+>", "", html))
    for one in Paragraph.objects.all():
        assert one.text in text, one.number
    assert [unescape(one) for one in re.findall("<h2>(.+?)</h2>", html)] == [
        "I. Introduction",
        "II. Drivers of violent extremism",
        "III. Implementation of General Assembly resolution 70/109 by the United Nations system",
        "IV. Observations and recommendations",
    ]
    assert "ST/AI/189/Add.9/Rev.2, para. 2 (b)" in html


def test_next_to_a_paragraph_is_what_rests_on_it(client):
    text = passage(client, "para-24")
    assert "Projects on empowering youth : 27 , agrees" in text
    assert "211 entries are counted here only" in text
    assert "Draft matrix of United Nations projects on preventing violent extremism" in text
    assert "Footnote 4:" in text
    text = passage(client, "para-34")
    assert "PVE-001 Networks of Mediterranean Youth (NET-MED Youth)" in text
    assert "PVE-011" in passage(client, "para-52")
    assert "PVE-011" in passage(client, "para-45")
    assert "PVE-011" not in passage(client, "para-47")


def test_a_mark_links_to_its_footnote(client):
    html = client.get(TEXT).content.decode()
    marks = re.findall(r'<a href="(#fn-\d)" aria-label="(Footnote \d)">(.)</a>', html)
    assert marks == [(f"#fn-{n}", f"Footnote {n}", mark) for n, mark in enumerate("¹²³⁴⁵⁶", 1)]
    # What marks no footnote stays as it is, and no text becomes markup.
    document = Document(slug="a-99-1", symbol="A/99/1")
    document.save()
    Paragraph(document=document, number="1", position=1, text="<b>10 m²,¹ done").save()
    note = {"number": "fn1", "position": 2, "carried_by": "1", "text": "So."}
    Paragraph(document=document, **note).save()
    html = client.get("/reports/a-99-1/text/").content.decode()
    assert '&lt;b&gt;10 m²,<a href="#fn-1" aria-label="Footnote 1">¹</a> done</p>' in html


def test_the_figures_of_a_paragraph_are_drawn_next_to_it(client):
    for number, figures, charts in (
        (24, ["100", "18", "14", "13", "12", "10", "10", "8", "15"], ["priority-area"]),
        (25, ["37", "30", "34", "27", "25", "10", "5", "1"], ["scope", "region"]),
        (26, [], []),
    ):
        found = section(client, f"para-{number}")
        bars = re.findall(r'<svg class="bar published".*?<rect width="(\d+)"', found, re.DOTALL)
        assert bars == figures
        assert re.findall(r'<a href="/reports/([a-z-]+)/">', found) == charts


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("query", "numbers", "marks"),
    [
        # As everywhere: words in quotes stand side by side, a hyphen is a space, several are OR.
        ("q=%22civic+engagement%22", ["34"], {"civic engagement"}),
        ("q=%22engagement+civic%22", [], set()),
        ("q=incitement+leaders", ["39", "49"], {"Incitement", "incitement", "Leaders", "leaders"}),
        ("q=municipalities&q=think+tanks", ["16", "22"], {"Municipalities", "think", "tanks"}),
    ],
)
def test_the_text_is_searched_as_projects_are(client, query, numbers, marks):
    html = client.get(f"{TEXT}?{query}").content.decode()
    assert re.findall(r'id="para-(\d+)"', html) == numbers
    assert f"{len(numbers)} paragraph" in html
    asked = unescape(re.search(r'name="q" maxlength="200" value="([^"]*)"', html)[1])
    assert asked == parse_qs(query)["q"][0]
    assert set(re.findall("<mark>(.+?)</mark>", html)) == marks
    address = f"/api/v1/paragraphs/?{query}"
    found = client.get(address).json()["results"]
    assert [one["number"] for one in found if one["number"].isdigit()] == numbers


@pytest.mark.long
def test_a_second_document_is_read_in_the_same_way(client):
    document = Document(slug="a-99-1", symbol="A/99/1")
    document.save()
    Paragraph(document=document, number="1", position=1, text="One thing.").save()
    project = Project.published.get(reference="PVE-001")
    project.source = "A/99/1, para. 1"
    project.save()
    html = client.get("/projects/PVE-001/").content.decode()
    link = '<a class="cited" href="/reports/a-99-1/text/#para-1" data-words="One thing.">'
    assert f"{link}A/99/1, para.\xa01</a>" in html
    # A slip: nothing lists all numbers up to the second one, and the source is shown as it is.
    project.source = "A/99/1, paras. 1–9999999999"
    project.save()
    assert "PVE-001" not in text_of(client, "/reports/a-99-1/text/")
    assert "Source: A/99/1, paras. 1–9999999999." in text_of(client, "/projects/PVE-001/")
    project.source = "A/99/1, paras. 1–999 and 1–999"
    project.save()
    assert len(project.cited_paragraphs.split(", ")) == 999
    assert "PVE-001" in text_of(client, "/reports/a-99-1/text/")


def test_a_footnote_and_a_document_without_a_symbol_are_cited_in_the_same_way(client):
    html = client.get("/about/").content.decode()
    link = re.search(
        r'<a class="cited" href="([^"]+)" data-words="([^"]+)">footnote\xa04</a>', html
    )
    assert link[1] == f"{TEXT}#fn-4"
    assert link[2].startswith("The draft matrix of United Nations projects")
    document = Document(slug="leaflet", title="A leaflet (2018)")
    document.save()
    Paragraph(document=document, number="1", position=1, text="One thing.").save()
    Paragraph(document=document, number="2", position=2, text="Another.").save()
    Paragraph(document=document, number="fn2", position=3, text="A note.", carried_by="1").save()
    project = Project.published.get(reference="PVE-001")
    project.source = "A leaflet (2018), paras. 1 and 2"
    project.save()
    html = client.get("/projects/PVE-001/").content.decode()
    to = '<a class="cited" href="/reports/leaflet/text/#'
    paragraphs = (
        f'A leaflet (2018), paras.\xa0{to}para-1" data-words="One thing." '
        f'aria-label="para. 1">1</a> and {to}para-2" data-words="Another." '
        'aria-label="para. 2">2</a>'
    )
    assert f"Source: {paragraphs}." in html
    # A note cites with markers. What it cites from elsewhere is no link.
    with unrecorded("the test sets the scene"):
        Note.objects.filter(topic=Topic.BODIES).update(
            text="{cite:A leaflet (2018)#para-1,2,fn-2}; {cite:A leaflet (2018)#fn-1}; "
            "{cite:A/74/677#para-3|The third}, {cite:A/74/677#para-3} and {cite:A/72/621#para-99}"
            " <b>"
        )
    html = client.get("/entities/").content.decode()
    footnote = f'footnote\xa0{to}fn-2" data-words="A note." aria-label="footnote 2">2</a>'
    assert (
        f"<p>{paragraphs}, {footnote}; A leaflet (2018), footnote\xa01; "
        "The third, A/74/677, para.\xa03 and para.\xa099 &lt;b&gt;</p>" in html
    )


@pytest.mark.parametrize(
    "source",
    [
        "A/74/677, para. 3, and A/72/621, para. 24",
        "UNDP, annual report 2017, p. 3; see {cite:A/72/621#para-24} <b>",
    ],
)
def test_what_is_no_citation_as_a_whole_is_shown_as_it_is(client, source):
    project = Project.published.get(reference="PVE-001")
    project.source = source
    project.save()
    html = client.get("/projects/PVE-001/").content.decode()
    assert f"Source: {escape(source)}." in html


# Citations


# The pages in other languages are the same ones.
TRANSLATED = ("/ar/", "/es/", "/fr/", "/ru/", "/zh/")


def different_statements() -> set[str]:
    """The codes of statements that differ in kind or in what else is known of them."""
    found = {}
    for one in Statement.published.order_by("position"):
        known = [bool(getattr(one, field.attname)) for field in Statement._meta.fields]
        several = "," in one.paragraphs
        found.setdefault((one.code[0], one.kind, several, *known), one.code)
    return {*found.values(), "E07"}


@pytest.mark.long
def test_every_paragraph_on_every_page_of_the_site_links_to_its_words(client):
    """Every page that is linked from the overview, filters aside but for these.

    Of the projects that are only counted, which differ by numbers alone, a few; of statements those
    that differ; of pages of a paragraph, which have the whole text, two; and of forms and changes
    those of one project and of one statement.
    """
    few = "|".join(different_statements())
    one_of_many = (
        r"/projects/PVE-(?!0[01])|/projects/PVE-(?!001)\d+/(?:correct|changes)/"
        rf"|/statements/(?!(?:{few})/)[A-Z]\d+/|/statements/(?!E07)\w+/(?:correct|changes)/"
        rf"|{TEXT}(?!24|34)\d+/"
    )
    anchors = {f"{TEXT}#{one.anchor}": one.text for one in Paragraph.objects.all()}
    text = client.get(TEXT).content.decode()
    assert {f"{TEXT}#{one}" for one in re.findall(r' id="((?:para|fn)-\d+)"', text)} == {*anchors}
    waiting = ["/", "/projects/?priority_area=youth", "/statements/?page=3"]
    seen, broken, raw = {*waiting}, [], []
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        # What is saved is no page: an edition’s file has no link on each citation, for its size.
        is_saved = "Content-Disposition" in response
        if is_saved or not response["Content-Type"].startswith("text/html"):
            body(response)
            continue
        assert response.status_code == 200, address
        html = response.content.decode()
        for target, words in re.findall(
            r'<a class="cited" href="([^"]+)" data-words="([^"]+)', html
        ):
            # What marks words is the page of a paragraph.
            target = re.sub(r"text/(\d+)/\?read=.*", r"text/#para-\1", target)
            if not anchors[target].startswith(unescape(words).removesuffix("…")):
                broken.append((address, target))
        raw += [(address, one) for one in re.findall(r".{0,20}(?:¶|\{cite:)", html)]
        for link in re.findall(r'href="(/[^"?#]*)', html):
            is_elsewhere = link.startswith(("/static/", "/admin/", "/accounts/", *TRANSLATED))
            if link not in seen and not is_elsewhere:
                seen.add(link)
                if not re.match(one_of_many, link):
                    waiting.append(link)
    assert (broken, raw) == ([], [])
    assert {"/projects/PVE-001/", "/entities/UNESCO/", "/statements/E07/", "/about/"} <= seen
    assert len(seen) > 300


# The pages


@pytest.mark.parametrize(("address", "queries"), PAGES.items())
def test_a_page_costs_few_queries_and_few_bytes(client, address, queries):
    ContentType.objects.get_for_models(*apps.get_models())  # which a process asks for once
    with CaptureQueriesContext(connection) as asked:
        html = client.get(address).content
    assert len(asked) == queries + 1  # which asks for the data version
    assert len(gzip.compress(html)) <= 12 * 1024


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("kind=experience", ["G01", "G26"]),
        ("entity=UNDP&priority_area=dialogue", ["G06"]),
        ("kind=experience&theme=T06", []),
        ("theme=T06", ["G31", "G32"]),
        ("medium=online", ["G33"]),
        # Its code and its entities are words of a statement too, but no phrase goes on from one to
        # another.
        ("q=g26+cted", ["G26"]),
        ("q=%22counter-terrorism+committee%22", ["G26"]),
        ("q=%22g26+cted%22", []),
    ],
)
def test_statements_are_narrowed(client, query, codes):
    kinds = "" if "kind" in query else "kind=practice&kind=lesson&kind=experience&"
    assert shown(client, f"/statements/?{kinds}{query}") == codes


def tabs(client, address: str) -> dict[str, tuple[str, str]]:
    """The number and the address of each tab; that of all statements has no number."""
    html = client.get(address).content.decode()
    (nav,) = re.findall(r'<nav class="kinds".*?</nav>', html, re.DOTALL)
    links = r'<a href="([^"]*)"[^>]*>\s*([^<]+?)\s*(?:<span class="count">(\d+)</span>)?</a>'
    return {label: (number, unescape(to)) for to, label, number in re.findall(links, nav)}


def test_each_kind_has_a_tab(client):
    found = tabs(client, "/statements/")
    assert [*found][:4] == ["All statements", "Practice", "Lesson", "Experience"]
    assert found["Lesson"] == ("12", "?kind=lesson")
    assert found["Event"] == ("27", "?kind=event")
    assert sum(int(number) for number, _to in found.values() if number) == 292
    # Other filters stay, the page does not; a kind that has nothing has no tab.
    found = tabs(client, "/statements/?q=women&kind=lesson&page=1")
    assert found["All statements"][1] == "?q=women"
    assert "Step of a project" not in found
    html = client.get("/statements/?q=women&kind=lesson").content.decode()
    assert '<input type="hidden" name="kind" value="lesson">' in html
    assert 'href="/statements.csv?q=women&amp;kind=lesson"' in html
    assert re.findall(r'aria-current="page">\s*(\w+)', html.partition("<h1>")[2]) == ["Lesson"]


def test_a_wrong_value_is_named(client):
    for query, says in (
        ("kind=rumour", "kind: “rumour” is not allowed. Allowed: practice, lesson, experience,"),
        ("q=%00", "character 1 is a control character"),
        ("scoep=x", "Allowed: q, kind, priority_area, entity, theme, medium, page."),
    ):
        response = client.get(f"/statements/?{query}")
        assert (response.status_code, says in response.content.decode()) == (400, True)


SAYS = {
    "/statements/V05/": [
        "part of Some 80 per cent joined within a year of introduction to the group",
        "recruits who joined within a year (not of all)",
    ],
    "/statements/B17/": [
        "Established by Office of Counter-Terrorism OCT",
        "Members International experts from around the world The report names none",
    ],
    # A document is quoted from one place and named in others.
    "/statements/K03/": [
        "Prevent Violent Extremism (A/70/674)” para. 5",
        "Named in paras. 5, 8, 17–22, 24, 26, 43 and 47.",
    ],
    "/entities/CTC/": [
        "1 described activity of CTC. How many of the 223 projects are CTC's is not stated. "
        "For 211 entries no entity is stated.",
    ],
    "/entities/CTITF-WGC/": [
        "CTED DPI OCT “is co-chaired by the Department of Public Information,",
        "The report names none of them.",
    ],
}


@pytest.mark.long
def test_what_pages_say(client):
    for address, said in SAYS.items():
        text = text_of(client, address)
        assert [words for words in said if words not in text] == [], address


def test_what_studies_found_has_its_caveats(client):
    assert "What may not be concluded" not in text_of(client, "/statements/?kind=lesson")
    address = "/statements/?kind=finding"
    text = text_of(client, address)
    places = [
        "What may not be concluded",
        "The report does not say from which countries they came.",
        "Nearly half",
        "recruits who joined within a year (not of all)",
    ]
    found = [text.index(one) for one in places]
    assert found == sorted(found)
    html = client.get(address).content.decode()
    bars = re.findall(r'<svg class="bar published".*?<rect width="(\d+)"', html, re.DOTALL)
    assert bars == ["80", "71"]
    # Only a share lacks how many were asked.
    lines = re.findall(r"<li><details>.*?</details>", html, re.DOTALL)
    cards = {re.search(r"/statements/(V\d+)/", one)[1]: one for one in lines}
    assert len(cards) == 9
    asked = [code for code, card in cards.items() if "How many were asked" in card]
    assert asked == ["V01", "V02", "V04", "V05", "V06", "V09", "V10"]
    unsaid = [code for code, card in cards.items() if "The source does not say" in card]
    assert unsaid == ["V05", "V09", "V10"]


def test_a_period_says_once_what_its_dates_share():
    for first, last, words in (
        ("2017-02-22", "2017-03-03", "22 February–3 March 2017"),
        ("2017-03", "2017-06", "March–June 2017"),
        ("2017-02-22", "2017-02-22", "22 February 2017"),
        ("2017-02", "", "February 2017"),
    ):
        assert Statement(date=first, end_date=last).day == words


def test_an_event_says_which_edition_answered(client):
    due = Statement.published.get(code="E22")
    due.answered_by = Edition.objects.get(slug="reconstruction-2017-12")
    due.full_clean()
    due.save()
    answer = '<a href="/editions/reconstruction-2017-12/">Reconstruction of A/72/621 (December'
    for address in ("/statements/?kind=event", "/statements/E22/"):
        assert answer in client.get(address).content.decode()
    results = client.get("/api/v1/statements/?kind=event&per_page=100").json()["results"]
    answers = {one["code"]: one["answered_by"] for one in results}
    assert (answers["E22"], answers["E23"]) == ("reconstruction-2017-12", None)
    lesson = Statement.published.get(code="G02")
    lesson.answered_by = Edition.objects.get(slug="reconstruction-2017-12")
    with pytest.raises(ValidationError, match="Only an event is answered"):
        lesson.full_clean()


def test_a_body_has_a_page_with_or_without_an_acronym(client):
    html = markup_of(client, "/entities/")
    assert len(re.findall(r'<span><a href="/statements/B\d\d/"', html)) == 7
    assert len(re.findall(r'<span><a href="/entities/[^"]+/">', html)) == 16
    # The Security Council, and the Envoy on Youth.
    codes = ["B22", "K04", "K05", "E04", "E08", "M16", "M20"]
    assert shown(client, "/statements/B22/") == codes
    assert shown(client, "/statements/B19/") == ["B19", "M21"]


def test_details_are_found_with_their_whole(client):
    html = client.get("/statements/S03/").content.decode()
    assert 'part of <a href="/statements/S02/">Desk review</a>' in html
    assert '<a href="/statements/S03/"' in client.get("/statements/S02/").content.decode()
    html = client.get("/statements/?q=overarching").content.decode()
    assert '<a href="/statements/R14/"' in html


def test_a_section_counts_a_total_that_two_paragraphs_print_once(client):
    assert "17 totals" in text_of(client, "/report/")
    assert "18 totals" not in text_of(client, "/report/")


def test_a_square_for_each_paragraph_says_what_was_read_from_it(client):
    html = client.get("/report/").content.decode()
    squares = re.findall(
        r'<a\s+class="([\w ]+) cited" href="([^"]+)"\s+aria-label="([^"]+)">(\d+)</a>',
        html,
    )
    assert [number for *_rest, number in squares] == [str(n) for n in range(1, 55)]
    assert squares[33] == (
        "activity lesson other",
        f"{TEXT}34/",
        "Paragraph 34: 4 activities, 3 lessons and practices, 10 other statements",
        "34",
    )
    assert squares[24][::2] == ("totals other", "Paragraph 25: 8 totals, 2 statements")
    assert squares[1][::2] == ("other", "Paragraph 2: 3 statements")
    text = text_of(client, "/report/")
    assert (
        "III.E. Contributing to education and skills development paras. 34 and 35 4 activities"
        in text
    )
    assert "III.G. Supporting the right to freedom of expression para. 40 1 activity" in text


@pytest.mark.long
def test_a_paragraph_has_a_page_that_marks_the_words_something_was_read_from(client):
    def marked(address: str) -> list[str]:
        html = client.get(f"{TEXT}{address}").content.decode()
        return [unescape(one) for one in re.findall("<mark>(.+?)</mark>", html)]

    assert marked("34/?read=PVE-001.scope") == ["in 10 countries around the Mediterranean"]
    assert marked("24/?read=27,22") == ["27", "22"]
    assert marked("3/?read=G02") == [
        "Over the past two decades, the international community has mainly sought to address this "
        "threat through security measures, which are essential in certain situations, but are "
        "rarely sufficient on their own"
    ]
    text = text_of(client, f"{TEXT}34/")
    assert "PVE-001 Networks of Mediterranean Youth (NET-MED Youth)" in text
    assert "Education is one of the most effective ways Lesson" in text
    html = client.get(f"{TEXT}34/").content.decode()
    assert re.findall(r'rel="(prev|next)" href="([^"]+)"', html) == [
        *(("prev", f"{TEXT}33/"), ("next", f"{TEXT}35/")),
    ]
    # From a value and from a number to its words.
    link = f'href="{TEXT}34/?read=PVE-001.scope"'
    assert link in client.get("/projects/PVE-001/").content.decode()
    link = f'href="{TEXT}24/?read=27"'
    assert link in client.get("/projects/?priority_area=youth").content.decode()
    assert link in client.get("/reports/priority-area/").content.decode()
    assert f'href="{TEXT}3/?read=G02"' in client.get("/statements/?kind=lesson").content.decode()


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("55/", 404, "A/72/621 has no paragraph 55."),
        ("34/?read=G99", 404, "No match for “G99”."),
        ("34/?read=x", 400, "read: “x” is not allowed. Allowed: a statement (G34), a project’s"),
        ("34/?q=x", 400, "Allowed: read."),
    ],
)
def test_a_wrong_paragraph_or_reading_is_named(client, address, status, says):
    response = client.get(f"{TEXT}{address}")
    assert (response.status_code, says in unescape(response.content.decode())) == (status, True)


@pytest.mark.parametrize("index", ["/reports/", "/report/", "/about/"])
def test_an_index_lists_the_pages_of_its_menu(client, index):
    html = client.get(index).content.decode()
    menu = re.search(r'<nav [^>]*aria-label="Site">(.*?)</ul>', html, re.DOTALL)[1]
    links = re.compile(r'<li><a href="(/[^"]*)"[^>]*>([^<]+?) ?<')
    called = [(address, pages[address]) for address, pages in MENUS.items()]
    called[2] = ("/reports/", "Figures")
    assert links.findall(menu) == called
    listed = re.search(r'<ul class="index">(.*?)</ul>', html, re.DOTALL)[1]
    assert links.findall(listed) == [*MENUS[index].items()][1:]


def test_a_register_without_the_text_reports_it(client):
    with unrecorded("the test sets the scene"):
        Statement.entities.through.objects.all().delete()
        Statement.published.filter(kind="detail").delete()
        Statement.published.update(parent=None)
        Statement.published.all().delete()
        Paragraph.objects.all().delete()
    assert "No text has been loaded yet." in text_of(client, "/report/")
    assert f'href="{TEXT}"' not in client.get("/statements/").content.decode()
    assert "The report, opened" not in text_of(client, "/")


def test_a_counted_project_has_what_is_said_of_it_too(client):
    assert "What other sources say" not in text_of(client, "/projects/PVE-100/")
    from_elsewhere("G48", "practice", "A practice of others", projects="PVE-100")
    text = text_of(client, "/projects/PVE-100/")
    assert (
        "What other sources say of it A practice of others (Practice): “Words of others.”" in text
    )


@pytest.mark.postgresql
@pytest.mark.long
def test_every_statement_is_in_one_list(client):
    html = client.get("/statements/").content.decode()
    assert 'rel="next" href="?page=2"' in html and 'rel="prev"' not in html
    pages = [shown(client, f"/statements/?page={number}") for number in range(1, 13)]
    assert [len(codes) for codes in pages] == [25] * 11 + [17]
    assert len({code for codes in pages for code in codes}) == 292


def from_elsewhere(code: str, kind: str, title: str, *acronyms: str, projects: str = "") -> None:
    """Add a reviewed statement that another source than the report makes."""
    said = {"quotation": "Words of others.", "source": "A/74/677, para. 9", "projects": projects}
    one = Statement(code=code, kind=kind, title=title, review="reviewed", **said)
    one.full_clean()
    one.save()
    one.entities.set(Entity.objects.filter(acronym__in=acronyms))


@pytest.mark.long
def test_what_other_sources_say_is_separate_and_last(client):
    from_elsewhere("G48", "practice", "A practice of others")
    from_elsewhere("B24", "body", "A body of others", "UNESCO")
    from_elsewhere("K19", "document", "A document of others")
    assert shown(client, "/statements/?kind=practice")[-2:] == ["G38", "G48"]
    assert shown(client, "/statements/?kind=document")[-2:] == ["K18", "K19"]
    assert "Organizations that other sources name A body of others" in text_of(client, "/entities/")
    text = text_of(client, "/entities/UNESCO/")
    report, others = text.split("What other sources say of it")
    assert "A body of others" in others and "A body of others" not in report
    assert "The report names no chairs" not in text_of(client, "/statements/B24/")


def test_an_entity_of_many_projects_shows_the_first(many_projects, client):
    many_projects(25)
    many_projects(5, start=1100)
    text = text_of(client, "/entities/OCT/")
    said = "30 described activities of OCT. How many of the 223 projects are OCT's is not stated. "
    said += "The first 25 are shown."
    assert said in text
    assert "PVE-1024 Project" in text
    assert "PVE-1100 Project" not in text


def test_an_entity_is_named_by_any_words_of_the_report(client):
    entity = Entity(acronym="WFP", name="World Food Programme")
    entity.save()
    from_elsewhere("E34", "event", "An event of others", "WFP")
    assert "The report does not name it." in text_of(client, "/entities/WFP/")
    unnamed = "Organizations that the report does not name WFP"
    assert unnamed in text_of(client, "/entities/")
    Statement.published.get(code="E07").entities.add(entity)
    assert "The report does not name it." not in text_of(client, "/entities/WFP/")
    assert unnamed not in text_of(client, "/entities/")


@pytest.mark.parametrize(
    ("query", "says", "links_to"),
    [
        ('q="expert retreat"', "3 statements of the report", "q=%22expert+retreat%22"),
        ("q=municipalities&q=think-tanks", "3 statements", "q=municipalities&amp;q=think-tanks"),
    ],
)
def test_a_search_of_projects_tells_of_statements(client, query, says, links_to):
    html = client.get(f"/projects/?{query}").content.decode()
    link = re.search(r'<a href="/statements/\?([^"]+)">([^<]+)</a>', html)
    assert link[1] == links_to
    assert link[2].startswith(says)
    found = int(says.split()[0])
    assert f"{found} statement" in text_of(client, f"/statements/?{unescape(link[1])}")


def test_a_search_of_projects_tells_of_paragraphs_but_no_edition_does(client):
    html = client.get("/projects/?q=sectarian").content.decode()
    link = f'<a href="{TEXT}?q=sectarian">1 paragraph of A/72/621 has these words.</a>'
    assert link in html
    assert "2 paragraphs of A/72/621 have these words." in text_of(
        client, "/projects/?q=municipalities&q=think-tanks"
    )
    edition = "edition=reconstruction-2017-12"
    for query in ("priority_area=youth", "q=zebra", f"q=sectarian&{edition}"):
        html = client.get(f"/projects/?{query}").content.decode()
        assert "these words" not in html and "/statements/?" not in html


def test_suggestions_have_statements_and_their_pages(client):
    def suggested(query: str) -> list[dict]:
        return client.get(f"/suggestions.json?q={query}").json()["suggestions"]

    retreat = (
        "Inter-agency expert retreat on the development of national and regional plans of action"
    )
    event = {"kind": "Event", "label": retreat, "address": "/statements/E07/"}
    assert suggested("retreat") == [event]
    page = {"kind": "Page", "label": "Statements", "address": "/statements/"}
    assert page in suggested("statements")
    assert suggested("retreat&edition=reconstruction-2017-12") == []


def test_the_list_links_to_the_entities_asked_for_and_to_each_of_the_facet(client):
    html = client.get("/projects/?entity=UNESCO&entity=not-stated").content.decode()
    assert '<a href="/entities/UNESCO/">What the report says of UNESCO</a>' in html
    html = client.get("/projects/?open=entity").content.decode()
    links = re.findall(r'<a href="/entities/([^/"]+)/" title="About ([^"]+)">', html)
    assert len(links) == 16
    assert all(address == named for address, named in links)
    assert client.get("/entities/CTITF-WGC/").status_code == 200


@pytest.mark.postgresql
def test_statements_are_files(client):
    rows = csv_rows(client.get("/statements.csv?kind=lesson"))
    assert len(rows) == 12
    assert rows[3]["entities"] == "UNDP"
    every = csv_lines(client.get("/statements.csv"))
    assert (len(every), every[0]) == (1 + 292, STATEMENT_TABLE.names)
    html = client.get("/statements/?kind=practice&kind=lesson&entity=UNDP").content.decode()
    asked = unescape(re.search(r'href="(/statements.csv[^"]+)"', html)[1])
    assert len(csv_rows(client.get(asked))) == 2
    book = book_of(client.get(asked.replace(".csv", ".xlsx")))
    about = dict(book["About"].values)
    assert about["Query"] == "Kind: Practice or Lesson; Entity: UNDP"
    assert (about["Statements"], about["Source"]) == (*(2, "The source that each row names"),)
