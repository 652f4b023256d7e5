"""What is said about the register: overview, breakdowns, the published report."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from projects.history import unrecorded
from projects.models import Project
from reports.models import Figure, Report

from .conftest import describe
from .pages import DESCRIBED, figures_of, text_of

PARTS = f"211 placeholders and 12 {DESCRIBED}"


def test_the_overview_says_what_how_many_how_sure_and_what_can_be_read(register, client):
    text = text_of(client, "/")
    assert "223 United Nations-supported projects on preventing violent extremism" in text
    assert (
        "By December 2017 the Office of Counter-Terrorism had mapped 223 projects; the "
        "Secretary-General’s report prints only their totals. It also describes 12 activities, and "
        "does not say whether they are among the 223."
    ) in text
    assert "All 17 totals agree with the report. They were used to build this table." in text
    assert "One square is one project A circle below is a described activity. No source" in text
    assert "4 described activities may be among them" in text
    assert "A/72/621, para. 24. Figures of 1 December 2017." in text
    assert "Paragraph 25 says “of all the regional projects”; this register reads it as" in text
    # Where a project can be counted twice that is said, not how many are: the report does not say.
    assert "A project in two regions is counted in each; in this register a global project" in text
    assert len(figures_of(client, "/")) == 3


def test_the_overview_gives_all_away_in_one_row_below_its_title(register, client):
    html = client.get("/").content.decode()
    row = html[html.index('<div class="tools">') : html.index('<form class="ask"')]
    assert [text.strip() for text in re.findall(r"<summary[^>]*>([^<]+)<", row)] == [
        *("Download", "Share"),
    ]
    assert re.findall(r'href="(/(?:projects/export|reports/)[^"]*)"', row) == [
        *("/projects/export.xlsx", "/projects/export.docx", "/projects/export.csv"),
        *("/reports/priority-area.csv", "/reports/priority-area/picture.svg"),
        *("/reports/scope.csv", "/reports/scope/picture.svg"),
        *("/reports/region.csv", "/reports/region/picture.svg"),
    ]


def test_the_overview_draws_what_is_published_and_what_is_described(register, client):
    html = client.get("/").content.decode()
    blocks = re.search(r'<ul class="blocks">(.*?)</ul>', html, re.DOTALL)[1].split("<li>")[1:]
    known = [
        (
            re.search(r"priority_area=(\w+)", block)[1],
            re.search(r"<bdi>(\d+)<", block)[1],
            re.findall(r'url\(#\w+\)" d="([^"]+)"', block),
            re.findall(r"<small>(\d+) described activit", block),
        )
        for block in blocks
    ]
    assert [(area, number, *described) for area, number, _drawn, described in known] == [
        ("governance", "40"),
        ("education", "31", "2"),
        ("dialogue", "29", "2"),
        ("youth", "27", "3"),
        ("communications", "23", "4"),
        ("gender", "22"),
        ("communities", "18", "1"),
        ("other", "33"),
    ]
    # Eight squares to a row: five rows; three rows and three squares, and three circles.
    assert known[0][2] == ["M0 0H96V60H0Z"]
    assert known[3][2] == ["M0 0H96V36H36V48H0Z", "M0 0H96V0H36V12H0Z"]
    assert "3 described activities may be among them" in " ".join(blocks[3].split())
    # One bar of all scopes; regions as long as their numbers.
    parts = re.findall(
        r'<svg x="([\d.]+)%" width="([\d.]+)%"><a href="/projects/.scope=(\w+)"', html
    )
    assert parts == [
        ("0.00", "36.77", "global"),
        ("36.77", "29.60", "regional"),
        ("66.37", "33.63", "national"),
    ]
    lengths = re.search(r'<ul class="lengths">(.*?)</ul>', html, re.DOTALL)[1]
    assert re.findall(r'width="([\d.]+)"', lengths) == ["61.0", "55.0", "22.0", "12.0", "3.0"]


def test_the_first_of_each_area_is_among_the_cards_of_the_overview(register, client):
    html = client.get("/").content.decode()
    cards = re.search(r'<ul class="cards">(.*?)</ul>', html, re.DOTALL)[1]
    assert re.findall(r"/projects/(PVE-\d+)/", cards) == [
        *("PVE-001", "PVE-003", "PVE-006", "PVE-008", "PVE-012", "PVE-002"),
        *("PVE-004", "PVE-007", "PVE-009", "PVE-005", "PVE-010", "PVE-011"),
    ]
    assert cards.count("<p>") == 6
    quoted = re.search(r'<ul class="quotations">(.*?)</ul>', html, re.DOTALL)[1]
    assert re.findall(r"/statements/(\w+)/", quoted) == ["G03", "G07", "G20"]


def test_the_question_of_the_overview_opens_the_list(register, client):
    html = client.get("/").content.decode()
    form = re.search(r'<form class="ask" action="/projects/">.*?</form>', html, re.DOTALL)[0]
    found = re.findall(r'<select name="(\w+)".*?>(.*?)</select>', form, re.DOTALL)
    offered = {name: re.findall(r'value="(\w*)">([^<]+)<', options) for name, options in found}
    assert offered["priority_area"][4] == ("youth", "on empowering youth")
    assert offered["scope"][:2] == [("", "of any scope"), ("global", "global in scope")]
    assert [phrase for _slug, phrase in offered["region"]] == [
        *("anywhere", "in Africa", "in the Middle East and North Africa", "in Asia", "in Europe"),
        "in the Americas",
    ]
    assert "61 projects in Africa" in text_of(
        client, "/projects/?priority_area=&scope=&region=africa"
    )
    for name, options in offered.items():
        for slug, _phrase in options:
            assert client.get(f"/projects/?{name}={slug}").status_code == 200


def test_after_an_edit_the_published_number_comes_first(register, client):
    describe(34, priority_area="other")
    text = text_of(client, "/")
    assert "223 United Nations-supported projects" in text
    assert "224 projects" not in text
    assert "15 of 17 totals agree with the report. 2 have changed." in text
    assert "All projects: 223 published; this register now has 224" in text
    assert "33 A/72/621 para. 24 34 entries here" in text
    assert "82 A/72/621 para. 25" in text
    text = text_of(client, "/reports/a-72-621/")
    assert "para. 24 Projects in other areas 33 34 differs by +1" in text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", f"A table of 223 entries made to fit the totals in A/72/621: {PARTS}."),
        ("/editions/", f"A table of 223 entries made to fit the totals in A/72/621: {PARTS}."),
        (
            "/projects/PVE-001/",
            "The report does not say whether it is one of the 223. If it is, it is one of the 27 "
            "on empowering youth (our reading).",
        ),
    ],
)
def test_the_described_activities_are_not_told_as_part_of_the_223(register, client, address, words):
    assert words in text_of(client, address)


def test_the_basis_of_its_area_decides_what_a_described_activity_may_be_one_of(register, client):
    project = Project.published.get(reference="PVE-001")
    project.priority_area_basis = "stated"
    project.save()
    text = text_of(client, "/projects/PVE-001/")
    assert "If it is, it is one of the 27 on empowering youth. “The UNESCO Networks of" in text


def test_what_is_worldwide_follows_from_a_source_only(register, client):
    assert "Regions Worldwide" in text_of(client, "/projects/PVE-010/")
    assert "Not known Scope, Regions, Countries," in text_of(client, "/projects/PVE-011/")


def test_a_report_without_figures_agrees_with_nothing(register, client, capsys):
    with unrecorded("the test sets the scene"):
        Figure.objects.all().delete()
    assert "No figure has been entered yet." in text_of(client, "/reports/a-72-621/")
    assert "totals agree" not in text_of(client, "/")
    with pytest.raises(SystemExit):
        call_command("reconcile")


def test_a_report_cannot_take_the_address_of_another_page():
    with pytest.raises(ValidationError, match="is the address of another page"):
        Report(slug="scope", symbol="A/1", title="T", date="2020-01-01").clean_fields()


@pytest.mark.postgresql
@pytest.mark.parametrize("values", [{"unit": "x"}, {"comparator": "<"}, {"query": ""}])
def test_the_database_refuses_a_wrong_or_second_figure(register, values):
    report = Report.published.get(symbol="A/72/621")
    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.create(**{"report": report, "query": "status=planned", "value": 1} | values)


def test_the_report_page_has_every_figure_and_both_readings(register, client):
    text = text_of(client, "/reports/a-72-621/")
    assert "All 17 totals agree with the report." in text
    assert "paras. 22 and 24 All projects 223 223 agrees" in text
    assert "para. 25 Projects in the Middle East and North Africa 55 55 agrees" in text
    assert "The table above follows the second reading." in text
    assert "not comparable" not in text


def test_reconcile_prints_the_same_and_exits_1_on_a_difference(register, capsys):
    call_command("reconcile")
    printed = capsys.readouterr().out
    assert "A/72/621: All 17 totals agree with the report." in printed
    assert re.search(r"para\. 25 +Projects in Africa +published +61 +register +61 +agrees", printed)
    describe(34, priority_area="other")
    with pytest.raises(SystemExit) as ended:
        call_command("reconcile", "A/72/621")
    assert ended.value.code == 1
    assert "differs by +1" in capsys.readouterr().out


def test_a_figures_filter_is_kept_as_the_list_writes_it(register, admin_client):
    report = Report.published.get(symbol="HLC 2018")
    query = "?sort=title&scope=national&scope=global&page=2"
    figure = Figure(report=report, position=9, query=query, unit="projects", value=1)
    figure.full_clean()
    assert figure.query == "scope=global&scope=national"
    figure.save()
    again = Figure(report=report, query="scope=national&scope=global", unit="projects", value=1)
    with pytest.raises(
        ValidationError, match="The report has this figure: scope=global&scope=national"
    ):
        again.full_clean()


def test_comparators(register, client):
    report = Report.published.get(symbol="A/72/621")
    with unrecorded("the test sets the scene"):
        report.figures.exclude(query="").delete()
    for comparator, value, said in (
        ("≥", 223, "agrees"),
        ("≥", 224, "differs: not at least 224"),
        (">", 222, "agrees"),
        (">", 223, "differs: not more than 223"),
        ("≈", 230, "agrees"),
        ("≈", 300, "differs: not about 300"),
        ("=", 223, "agrees"),
        ("=", 224, "differs by −1"),
    ):
        with unrecorded("the test sets the scene"):
            report.figures.update(comparator=comparator, value=value)
        assert said in text_of(client, "/reports/a-72-621/")


def test_a_figure_may_ask_for_anything_that_the_list_can(register, client):
    report = Report.published.get(symbol="A/72/621")
    for query, unit, value in (
        ("entity=UNESCO", "projects", 4),
        ("q=net-med", "projects", 1),
        ("scope=national&region=mena", "projects", 52),
        ("scope=regional", "mentions", 79),
        ("provenance=named", "entities", 8),
    ):
        report.figures.create(query=query, unit=unit, value=value, position=50)
    text = text_of(client, "/reports/a-72-621/")
    assert (
        "18 of 22 totals agree with the report. They were used to build this table. 4 cannot be "
        "compared."
    ) in text
    assert "Entities: provenance: Described 8 8 agrees" in text
    # The register fills in regions and scopes, and states no entity of placeholders.
    mena = "Projects in the Middle East and North Africa, national in scope 52 —"
    assert f"{mena} not compared: not stated for every project" in text
    assert "Entity: UNESCO 4 — not compared: not stated for every project" in text


def test_a_figure_with_a_filter_that_no_longer_holds_is_not_comparable(register, client):
    report = Report.published.get(symbol="A/72/621")
    report.figures.create(query="entity=GONE", unit="projects", value=1, position=99)
    text = text_of(client, "/reports/a-72-621/")
    assert (
        "entity=GONE 1 — not comparable: entity: no project of this register names “GONE”" in text
    )
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("scope=galactic", "scope: “galactic” is not allowed. Allowed: global, regional"),
        # As an address writes it, each é is six characters.
        ("q=" + "é" * 198, "at most 500 characters (it has 1190)"),
    ],
)
def test_a_figure_needs_a_valid_filter(register, query, message):
    figure = Figure(report=Report.published.get(symbol="A/72/621"), query=query, value=1)
    with pytest.raises(ValidationError) as error:
        figure.full_clean()
    assert message in error.value.message_dict["query"][0]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "scope=national",
            "75 of the 223 projects (34 %) are national in scope (A/72/621, para. 25).",
        ),
        (
            "region=mena",
            "The Middle East and North Africa has 55 (36 %) of the 153 counts (A/72/621, para. "
            "25).",
        ),
        ("priority_area=youth&region=africa", ""),
        ("", ""),
    ],
)
def test_a_published_number_can_be_copied_as_a_share_of_all(register, client, query, said):
    html = client.get(f"/projects/?{query}").content.decode()
    found = re.findall(r'<textarea id="in-share" rows="2" readonly>([^<]*)</textarea>', html)
    assert found == ([said] if said else [])


def test_a_table_has_shares_of_published_numbers_alone(register, client):
    text = text_of(client, "/reports/region/")
    assert "Region Counts of 153 counts Africa 61 A/72/621 para. 25 40 % Middle East" in text
    for query in ("region=africa", "entity=UNESCO", "provenance=counted"):
        html = client.get(f"/reports/scope/?{query}").content.decode()
        table = html.partition('<table class="bars">')[2].partition("</table>")[0]
        assert "National" in table and " %" not in table and "of 2" not in table


def test_a_corrected_number_is_dated_and_links_the_edition_before(register, client):
    figure = Figure.objects.get(report__slug="a-72-621", query="priority_area=youth")
    figure.words = "Empowering youth (27 projects)"
    figure.save()
    assert "Corrected on" not in text_of(client, "/reports/a-72-621/")
    figure.value = 28
    figure.save()
    day = date_format(timezone.now(), "j F Y")
    said = (
        f"Corrected on {day}: Projects on empowering youth, 28 instead of 27. The edition before:"
    )
    for page in ("/reports/a-72-621/", "/reports/priority-area/"):
        assert f"{said} Reconstruction of A/72/621, corrected (November 2026)" in text_of(
            client, page
        )
        assert '<a href="/editions/reconstruction-2026-11/">' in client.get(page).content.decode()
    for page in ("/reports/scope/", "/reports/hlc-2018/"):
        assert "Corrected on" not in text_of(client, page)
