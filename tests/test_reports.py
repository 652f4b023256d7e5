"""What is said about the register: overview, breakdowns, charts, the published report."""

import json
import re
from html import unescape
from pathlib import Path

import plotly.graph_objects as go
import plotly.offline
import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from projects.asking import Asked, Selection
from projects.history import unrecorded
from projects.models import Project
from reports.breakdowns import breakdown, describe
from reports.models import Figure, Report

from .conftest import ROOT
from .pages import text_of


def figures_of(client, address) -> list[dict]:
    """The Plotly figures that a page asks for."""
    html = client.get(address).content.decode()
    found = re.findall(r'<figure class="chart" data-figure="([^"]+)"', html)
    return [client.get(unescape(one)).json() for one in found]


def of(query: str, slug: str):
    return breakdown(slug, Selection(Asked.from_query(query)))


def test_the_overview_has_the_three_breakdowns_and_the_verdict(register, client):
    text = text_of(client, "/")
    assert "223 projects on preventing violent extremism" in text
    assert "82 global" in text
    assert "12 described by the report, 0 confirmed by staff, 211 only counted." in text
    assert "The register equals A/72/621: 17 of 17 figures agree" in text
    assert "153 mentions by 141 projects" in text
    assert "Projects by priority area A/72/621, para. 24" in text
    assert "Projects by scope A/72/621, para. 25" in text
    assert len(figures_of(client, "/")) == 3


def test_a_filtered_overview_says_so_and_still_compares_the_whole_register(register, client):
    text = text_of(client, "/?scope=national")
    assert "75 projects: national in scope" in text
    assert "This overview is filtered" in text
    assert "17 of 17 figures agree" in text


def test_an_edit_shows_at_once(register, client):
    project = Project.published.get(reference="PVE-109")
    project.priority_area = "gender"
    project.save()
    text = text_of(client, "/")
    assert "The register differs from A/72/621: 15 of 17 figures agree" in text
    text = text_of(client, "/reports/a-72-621/")
    assert "24 Empowering youth 27 26 differs by -1" in text
    assert "24 Gender equality and empowering women 22 23 differs by +1" in text


def test_a_filtered_breakdown_says_how_much_rests_on_allocation(register, client):
    text = text_of(client, "/reports/region/?priority_area=youth")
    assert "17 of the 17 projects" not in text
    assert "16 of the 17 projects counted here have their place by a classification" in text
    assert "The report publishes no such combination." in text
    assert "no such combination" not in text_of(client, "/reports/scope/")
    assert "24 of the 27 projects counted here" in text_of(client, "/?priority_area=youth")


def test_a_report_without_figures_agrees_with_nothing(register, client, capsys):
    with unrecorded("the test sets the scene"):
        Figure.objects.all().delete()
    assert "no figure has been entered yet" in text_of(client, "/reports/a-72-621/")
    assert "The register equals" not in text_of(client, "/")
    with pytest.raises(SystemExit):
        call_command("reconcile")


@pytest.mark.parametrize("values", [{"unit": "x"}, {"comparator": "<"}, {"query": ""}])
def test_the_database_refuses_a_wrong_or_second_figure(register, values):
    report = Report.objects.get(symbol="A/72/621")
    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.create(**{"report": report, "query": "status=planned", "value": 1} | values)


def test_a_report_cannot_take_the_address_of_another_page(register):
    report = Report(slug="scope", symbol="A/1", title="T", date="2020-01-01")
    with pytest.raises(ValidationError, match="is the address of another page"):
        report.full_clean()


def test_the_report_page_has_every_figure_and_both_readings(register, client):
    text = text_of(client, "/reports/a-72-621/")
    assert "17 of 17 figures agree" in text
    assert "22, 24 All projects 223 223 equal" in text
    assert "25 In Middle East and North Africa 55 55 equal" in text
    assert "153 mentions by 141 projects, of which 66 are regional" in text
    assert "25 In Africa 61 32 not comparable" in text
    html = client.get("/reports/a-72-621/").content.decode()
    assert 'href="/projects/?scope=regional&amp;region=africa">32<' in html


def test_reconcile_prints_the_same_and_exits_1_on_a_difference(register, capsys):
    call_command("reconcile")
    printed = capsys.readouterr().out
    assert "A/72/621: 17 of 17 figures agree." in printed
    assert re.search(r"para\. 25 +In Africa +published +61 +register +61 +equal", printed)
    assert re.search(r"In Africa +published +61 +register +32 +not comparable", printed)
    assert (
        "153 mentions by 66 projects would put at least 50 of them in both of the two largest"
    ) in printed
    Project.published.get(reference="PVE-223").delete()
    with pytest.raises(SystemExit) as ended:
        call_command("reconcile", "A/72/621")
    assert ended.value.code == 1
    assert "differs by -1" in capsys.readouterr().out


def test_reconcile_names_the_reports_there_are(register):
    with pytest.raises(
        CommandError, match=r"no report “A/1”\. Reports: HLC 2018, A/72/621"
    ) as error:
        call_command("reconcile", "A/1")
    assert error.value.returncode == 2


def test_a_figures_filter_is_kept_as_the_list_writes_it(register, admin_client):
    report = Report.objects.get(symbol="HLC 2018")
    figure = Figure(
        report=report,
        position=9,
        query="?sort=title&scope=national&scope=global&page=2",
        unit="projects",
        value=1,
    )
    figure.full_clean()
    assert figure.query == "scope=global&scope=national"
    figure.save()
    again = Figure(report=report, query="scope=national&scope=global", unit="projects", value=1)
    with pytest.raises(ValidationError, match="already has a figure for that filter"):
        again.full_clean()


def test_the_conference_page_is_compared_as_far_as_it_can_be(register, client, capsys):
    text = text_of(client, "/reports/hlc-2018/")
    assert "0 of 3 figures agree, 2 cannot be compared" in text
    assert "All projects > 270 223 differs: not more than 270" in text
    assert "Entities 16 8 not comparable: 211 projects have no entities stated" in text
    assert "Countries 84 0 not comparable: 223 projects have no countries stated" in text
    with pytest.raises(SystemExit):
        call_command("reconcile", "HLC 2018")
    assert "published >270" in capsys.readouterr().out
    text = text_of(client, "/reports/")
    assert "HLC 2018, Prevention of violent extremism" in text
    assert "0 of 3 figures agree" in text
    assert "17 of 17 figures agree" in text


def test_comparators(register, client):
    report = Report.objects.get(symbol="A/72/621")
    with unrecorded("the test sets the scene"):
        report.figures.exclude(query="").delete()
    for comparator, value, said in (
        ("≥", 200, "agrees"),
        ("≥", 223, "equal"),
        ("≥", 224, "differs: not at least 224"),
        (">", 222, "agrees"),
        (">", 223, "differs: not more than 223"),
        ("≈", 230, "agrees"),
        ("≈", 300, "differs: not about 300"),
        ("=", 223, "equal"),
        ("=", 224, "differs by -1"),
    ):
        with unrecorded("the test sets the scene"):
            report.figures.update(comparator=comparator, value=value)
        assert said in text_of(client, "/reports/a-72-621/")


def test_a_figure_may_ask_for_anything_that_the_list_can(register, client):
    report = Report.objects.get(symbol="A/72/621")
    for query, unit, value in (
        ("entity=UNESCO", "projects", 4),
        ("q=net-med", "projects", 1),
        ("scope=national&region=africa", "projects", 29),
        ("scope=regional", "mentions", 78),
        ("provenance=named", "entities", 8),
    ):
        report.figures.create(query=query, unit=unit, value=value, position=50)
    text = text_of(client, "/reports/a-72-621/")
    assert "22 of 22 figures agree" in text
    assert "Entities: named 8 8 equal" in text
    assert "National in scope; in Africa 29 29 equal" in text


def test_a_figure_with_a_filter_that_no_longer_holds_is_not_comparable(register, client):
    report = Report.objects.get(symbol="A/72/621")
    report.figures.create(query="entity=GONE", value=1, position=99)
    text = text_of(client, "/reports/a-72-621/")
    assert "entity=GONE 1 — not comparable: entity: “GONE” is not allowed" in text
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("scope=galactic", "scope: “galactic” is not allowed. Allowed: global, regional"),
        ("scoep=national", "“scoep=national” is not a parameter"),
        # As an address writes it, each é is six characters.
        ("q=" + "é" * 198, "at most 500 characters (it has 1190)"),
    ],
)
def test_a_figure_needs_a_valid_filter(register, query, message):
    figure = Figure(report=Report.objects.get(symbol="A/72/621"), query=query, value=1)
    with pytest.raises(ValidationError) as error:
        figure.full_clean()
    assert message in error.value.message_dict["query"][0]


def test_a_breakdown_of_mentions_is_never_added_up_to_projects(register):
    regions = of("", "region")
    assert (regions.unit, regions.total, regions.projects) == ("mentions", 153, 141)
    assert [(row.slug, row.count) for row in regions.rows] == [
        ("africa", 61),
        ("mena", 55),
        ("asia", 22),
        ("europe", 12),
        ("americas", 3),
    ]


def test_a_region_beside_those_asked_for_has_no_link(register):
    rows = {row.slug: row for row in of("region=africa", "region").rows}
    assert rows["africa"].query == "region=africa"
    assert rows["africa"].count == 61
    assert rows["mena"].query is None
    assert rows["mena"].count == 5


def test_the_longest_bar_is_full(register):
    assert [(row.slug, row.share) for row in of("", "scope").rows] == [
        ("global", "100.0"),
        ("regional", "80.5"),
        ("national", "91.5"),
    ]
    assert [row.share for row in of("q=zzz", "scope").rows] == ["0.0", "0.0", "0.0"]


@pytest.mark.parametrize("slug", ["priority-area", "scope", "region"])
@pytest.mark.parametrize("query", ["", "scope=national", "q=zzz", "provenance=named"])
def test_figures_are_valid_plotly_of_plain_lists(register, client, slug, query):
    (figure,) = figures_of(client, f"/reports/{slug}/?{query}")
    go.Figure(figure)  # raises for an attribute or value that Plotly does not know
    assert "bdata" not in json.dumps(figure)
    assert len(json.dumps(figure)) < 6000


def test_a_bar_links_to_the_projects_that_it_counts(register, client):
    (figure,) = figures_of(client, "/reports/scope/?priority_area=youth")
    counted, named = figure["data"][0], figure["data"][1]
    assert counted["y"] == ["Global", "Regional", "National"]
    assert (counted["name"], counted["x"]) == ("Counted, allocated", [9, 7, 8])
    assert named["x"] == [1, 2, 0]
    assert named["customdata"][1] == (
        "/projects/?priority_area=youth&scope=regional&provenance=named"
    )
    assert "2 projects" in text_of(client, named["customdata"][1])
    assert counted["customdata"][1] == (
        "/projects/?priority_area=youth&scope=regional&provenance=counted&scope_basis=allocated"
    )
    assert "7 projects" in text_of(client, counted["customdata"][1])


def test_bars_are_sorted_with_the_published_figure_as_a_tick(register, client):
    (figure,) = figures_of(client, "/reports/scope/")
    counted, _named, ticks, totals = figure["data"]
    assert counted["y"] == ["Global", "National", "Regional"]
    assert (ticks["name"], ticks["x"]) == ("Published", [82, 75, 66])
    assert totals["text"] == [" 82", " 75", " 66"]
    with unrecorded("the test sets the scene"):
        Project.published.filter(reference="PVE-003").delete()
    (figure,) = figures_of(client, "/reports/scope/")
    assert figure["data"][2]["x"] == [82, 75, 66]
    assert figure["data"][3]["text"] == [" 81", " 75", " 66"]
    # A part of the register has nothing published to stand beside.
    (figure,) = figures_of(client, "/reports/scope/?provenance=named")
    assert [trace.get("name") for trace in figure["data"]] == ["Named", None]


def test_what_was_allocated_is_hatched(register, client):
    areas, scopes, _regions = figures_of(client, "/")
    assert "pattern" not in areas["data"][0]["marker"]  # the areas of counted projects are stated
    assert scopes["data"][0]["marker"]["pattern"]["shape"] == "/"
    assert "pattern" not in scopes["data"][1]["marker"]
    # One that is documented leaves the others hatched; its piece stands beside theirs.
    project = Project.published.filter(scope="global", provenance="counted").first()
    project.scope_basis = "stated"
    project.save()
    (figure,) = figures_of(client, "/reports/scope/")
    known, allocated = figure["data"][:2]
    assert (known["name"], known["x"]) == ("Counted", [1, 0, 0])
    assert (allocated["name"], allocated["x"]) == ("Counted, allocated", [74, 74, 62])
    # Each leads to just its own projects.
    asked = "/projects/?scope=global&provenance=counted"
    assert known["customdata"][0] == f"{asked}&scope_basis=stated&scope_basis=inferred"
    assert "1 project: " in text_of(client, known["customdata"][0])
    assert allocated["customdata"][0] == f"{asked}&scope_basis=allocated"
    assert "74 projects: " in text_of(client, allocated["customdata"][0])
    assert "pattern" not in known["marker"]
    assert allocated["marker"]["pattern"]["bgcolor"] == known["marker"]["color"]
    text = text_of(client, "/reports/scope/")
    assert "Counted 211 (Counted, 1 documented, Counted, 210 allocated)" in text


def test_where_a_chart_rests_on_allocation_it_leads_to_what_is_documented(register, client):
    page = client.get("/reports/region/?scope=regional").content.decode()
    address = "scope=regional&region=africa&region=mena&region=asia&region=europe&region=americas"
    address += "&scope_basis=stated&scope_basis=inferred"
    address += "&regions_basis=stated&regions_basis=inferred"
    link = re.search(r'<a href="/projects/\?([^"]+)">Show the 2 that are documented</a>', page)
    assert link[1].replace("&amp;", "&") == address
    assert "2 projects: regional in scope; in Africa" in text_of(client, f"/projects/?{address}")


def test_a_filtered_chart_does_not_name_the_report_as_its_source(register, client):
    (figure,) = figures_of(client, "/reports/scope/?priority_area=youth&region=africa")
    text = figure["layout"]["annotations"][0]["text"].replace("<br>", " ")
    assert text.startswith("7 projects: in Africa; empowering youth; pvematrix register, live, 20")
    assert text.endswith("7 of 7 projects are placed by allocation")
    assert "A/72/621, para. 25" not in text_of(client, "/?priority_area=youth")
    (figure,) = figures_of(client, "/reports/scope/")
    text = figure["layout"]["annotations"][0]["text"]
    assert text.startswith("A/72/621, para. 25; pvematrix register, live, 20")


def test_only_an_embedded_chart_may_be_framed(register, client):
    framed = client.get("/embed/scope/?priority_area=youth")
    assert framed.status_code == 200
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    text = text_of(client, "/embed/scope/?priority_area=youth")
    assert "27 projects: empowering youth" in text
    assert "Published totals: A/72/621, para. 25. Counts: pvematrix register, live, 20" in text
    assert client.get("/embed/scope/?scope=galactic").status_code == 400
    assert client.get("/embed/nothing/").status_code == 404
    page = client.get("/reports/scope/?priority_area=youth")
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert "http://testserver/embed/scope/?priority_area=youth" in page.content.decode()


def test_the_chart_has_a_text_alternative(register):
    assert describe(of("", "region")) == (
        "Bar chart of 153 mentions by 141 projects, longest bar first: Africa 61, Middle East and "
        "North Africa 55, Asia 22, Europe 12, Americas 3. Projects by provenance: Counted 136 "
        "(136 allocated), Named 5 (3 allocated)."
    )
    assert describe(of("provenance=named", "scope")) == (
        "Bar chart of 12 projects, longest bar first: Global 7, Regional 4, National 1. "
        "Projects by provenance: Named 12."
    )
    assert describe(of("q=zzz", "scope")) == ("Bar chart without bars: no project is counted.")


def test_the_served_plotly_is_the_one_that_validates():
    version = plotly.offline.get_plotlyjs_version()
    vendored = list(Path(ROOT / "static/vendor").glob("plotly-basic-*.min.js"))
    assert [file.name for file in vendored] == [f"plotly-basic-{version}.min.js"]
    assert f"v{version}" in vendored[0].read_text(encoding="utf-8")[:100]
    assert version in (ROOT / "static/vendor/README.md").read_text()
