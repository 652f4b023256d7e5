"""What the report does not say of its projects: no claim that a word of its text contradicts."""

import re

import pytest
from django.core.management import call_command

from projects.elsewhere.models import Record
from projects.history import recording, unrecorded
from projects.history.data_version import cached_in_process
from projects.models import Project
from reports.basis import make_basis
from reports.models import Document, Paragraph
from reports.not_said import WORDS

from .conftest import ROOT
from .pages import queries_of, text_of

pytestmark = pytest.mark.usefixtures("register")
PAGE = "/reports/a-72-621/not-said/"
CLAIMS = [
    "A/72/621 prints no budget of a project.",
    "A/72/621 names no donor of a project.",
    "A/72/621 gives no results for the projects that it counts.",
    "A/72/621 names no country of a project that it only counts.",
    "A/72/621 names no implementing partner of a project.",
    "A/72/621 prints no start and no end of a project that it only counts.",
]


def test_the_page_says_what_the_report_does_not_and_where_words_border_on_it(client):
    text = text_of(client, PAGE)
    for claim in CLAIMS:
        assert claim in text
    begins = (
        "No word of its English text begins like any of these: “budget…”, “cost…”, “dollar…”, "
        "“expenditure…”."
    )
    assert f"{begins} It has “funding…” in para. 37." in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "0 of 12 described activities name one." in text
    assert "2 of 12 described activities have a start or an end." in text
    # The paragraphs are linked, and nothing is typed: the name of the report is that of the data.
    html = client.get(PAGE).content.decode()
    for number in (16, 34, 36, 37):
        assert f'href="/reports/a-72-621/text/#para-{number}"' in html
    for name in ("reports/not_said.py", "templates/reports/not_said.html"):
        assert "A/72/621" not in (ROOT / name).read_text(encoding="utf-8")
    assert "Do you know one of the 223 projects that is not described here?" in text


def test_the_words_are_not_in_the_paragraphs_and_the_bordering_ones_are():
    texts = " ".join(Paragraph.objects.values_list("text", flat=True)).casefold()
    for on_it, near in WORDS.values():
        assert [word for word in on_it.split(", ") if re.search(rf"\b{word}", texts)] == []
        assert [word for word in near.split(", ") if not re.search(rf"\b{word}", texts)] == []


def test_projects_elsewhere_are_numbered_as_in_their_charts(client):
    text = text_of(client, PAGE)
    charts = text_of(client, "/elsewhere/charts/")
    for sentence in (
        "52 of 72 records name a donor; the source gives no amount per donor.",
        "59 of 72 records name a country; each is counted in all of its countries.",
        "For 34 of 72 records, a publisher’s data give a start date and an end date.",
        "29 of 72 records have an output whose own text speaks of violent extremism",
    ):
        assert sentence in text
        assert sentence in charts
    html = client.get(PAGE).content.decode()
    assert 'href="/elsewhere/charts/#h-donor"' in html


def test_without_projects_elsewhere_none_is_numbered(client):
    with unrecorded("the test sets the scene"):
        Record.objects.all().delete()
    assert "records" not in text_of(client, PAGE)


def test_the_page_is_in_the_menu_of_the_report(client):
    link = f'<a href="{PAGE}">What the report does not say</a>'
    assert link in client.get("/report/").content.decode()


@pytest.mark.long
def test_another_basis_has_the_page_only_with_its_own_text(client):
    call_command("loaddata", ROOT / "tests/data/second_report.json", verbosity=0)
    make_basis("a-90-1")
    assert client.get(PAGE).status_code == 404
    assert "does not say" not in client.get("/report/").content.decode()
    document = Document.objects.create(slug="a-90-1", symbol="A/90/1", title="Invented for tests")
    Paragraph.objects.create(
        document=document, number="7", text="The donors paid the budget.", position=1
    )
    address = "/reports/a-90-1/not-said/"
    text = text_of(client, address).replace("\N{NO-BREAK SPACE}", " ")
    # What its text speaks of is not denied.
    assert "A/90/1 prints no budget" not in text
    assert "A/90/1 names no donor" not in text
    assert "It has “budget…” in para. 7." in text
    assert "A/90/1 names no implementing partner of a project." in text
    assert "A/72/621" not in text.partition("What readers ask")[2].partition("Where else")[0]
    assert f'<a href="{address}">' in client.get("/report/").content.decode()


def test_the_page_costs_no_more_queries_with_more_entries(client):
    cached_in_process.cache_clear()  # as after the changes
    few = queries_of(client, PAGE)
    with recording(reason="For a test"):
        for number in range(1, 13):
            project = Project.published.get(number=number)
            project.start_date = "2017"
            project.save()
    assert queries_of(client, PAGE) == few <= 14
    assert "12 of 12 described activities have a start or an end." in text_of(client, PAGE)
