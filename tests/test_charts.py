"""Charts: a breakdown as a Plotly figure, small, valid, built once, and true to its counts."""

import json
from dataclasses import replace

import plotly.graph_objects as go
import plotly.offline
import pytest

from projects.asking import Asked, Selection
from projects.cube import Cube
from projects.history import unrecorded
from projects.models import Project
from projects.vocabulary import Provenance
from reports import charts
from reports.breakdowns import Breakdown, breakdown

from .conftest import ROOT
from .pages import figures_of, text_of
from .small import EMPTY, GLOBAL, SMALL

SOURCE = "A/72/621, para. 25; pvematrix register, live, 2026-01-02"


@pytest.fixture(autouse=True)
def no_figure_kept():
    """Each test begins without any figure that another one asked for."""
    charts.bar.cache_clear()


def of(slug: str, cube: Cube = SMALL, published=None, **wanted) -> Breakdown:
    """A breakdown of a cube at hand, which no database is asked for."""
    selection = Selection(Asked.of(**wanted))
    selection.before_vocabularies = cube
    return breakdown(slug, selection, published)


def figure_of(one: Breakdown, source: str = SOURCE) -> dict:
    return json.loads(charts.bar(one, "/projects/", source))


# What is drawn


def test_bars_stand_longest_first_and_divide_by_provenance_and_by_what_was_allocated():
    allocated, named, confirmed, totals = figure_of(of("scope"))["data"]
    assert allocated["y"] == ["Regional", "National", "Global"]
    assert (allocated["name"], allocated["x"]) == ("Counted only, allocated", [5, 7, 0])
    assert (named["name"], named["x"]) == ("Described", [0, 0, 3])
    assert (confirmed["name"], confirmed["x"]) == ("Confirmed", [2, 0, 0])
    assert (totals["x"], totals["text"]) == ([7, 7, 3], [" 7", " 7", " 3"])


def test_the_documented_piece_stands_before_the_allocated_one_of_the_same_provenance():
    asia, africa = figure_of(of("region"))["data"][:2]
    assert asia["y"] == ["Africa", "Asia", "Middle East and North<br>Africa", "Europe", "Americas"]
    assert (asia["name"], asia["x"]) == ("Counted only", [0, 7, 0, 0, 0])
    assert (africa["name"], africa["x"]) == ("Counted only, allocated", [5, 0, 5, 0, 0])


def test_only_what_was_allocated_is_hatched_in_the_colour_of_its_provenance():
    known, allocated = figure_of(of("region"))["data"][:2]
    assert "pattern" not in known["marker"]
    assert allocated["marker"]["pattern"]["shape"] == "/"
    assert allocated["marker"]["pattern"]["bgcolor"] == known["marker"]["color"] == "#cfeaf7"


def test_a_piece_leads_to_just_its_projects_and_to_nothing_where_no_filter_lists_them():
    allocated, named, *_others = figure_of(of("scope"))["data"]
    assert allocated["customdata"] == [
        "/projects/?scope=regional&provenance=counted&scope_basis=allocated",
        "/projects/?scope=national&provenance=counted&scope_basis=allocated",
        None,
    ]
    assert named["customdata"][2] == "/projects/?scope=global&provenance=named"
    (pieces, *_others) = figure_of(of("region", region=["mena"]))["data"]
    assert pieces["x"] == [5, 5, 0, 0, 0]
    assert pieces["customdata"][:2] == [
        None,
        "/projects/?region=mena&provenance=counted&regions_basis=allocated",
    ]


def test_bars_are_of_one_length_with_their_numbers_and_begin_at_nothing():
    layout = figure_of(of("scope"))["layout"]
    assert layout["barmode"] == "stack"
    assert layout["xaxis"]["rangemode"] == "tozero"
    assert layout["yaxis"]["categoryarray"] == ["Regional", "National", "Global"]


def test_published_figures_are_ticks_and_the_number_stands_beyond_the_longer_of_both():
    published = {"scope=global": 5, "scope=regional": 6}
    *_bars, ticks, totals = figure_of(of("scope", published=published))["data"]
    assert (ticks["name"], ticks["mode"]) == ("Published", "markers")
    assert ticks["x"] == [6, None, 5]
    assert totals["x"] == [7, 7, 5]
    assert totals["text"] == [" 7", " 7", " 3"]


def test_below_the_chart_stands_its_source_and_how_much_was_allocated():
    def below(one: Breakdown) -> str:
        return figure_of(one)["layout"]["annotations"][0]["text"].replace("<br>", " ")

    assert below(of("scope")) == SOURCE
    assert below(of("scope", priority_area=["youth"])) == (
        f"{SOURCE} 5 of 8 projects are placed by allocation"
    )


def test_no_text_is_markup_in_the_chart():
    one = of("scope")
    bold = replace(one.rows[1], label="<b>Regional</b> & more")
    one = replace(one, title="<i>Scope</i> & more", rows=(one.rows[0], bold, one.rows[2]))
    figure = figure_of(one, source="<a href='x'>A</a>")
    assert figure["layout"]["title"]["text"] == "&lt;i&gt;Scope&lt;/i&gt; &amp; more"
    assert figure["data"][0]["y"][0] == "&lt;b&gt;Regional&lt;/b&gt; &amp; more"
    assert figure["layout"]["annotations"][0]["text"] == "&lt;a href='x'&gt;A&lt;/a&gt;"


def test_a_chart_of_nothing_has_no_bars():
    (totals,) = figure_of(of("scope", EMPTY))["data"]
    assert totals["text"] == [" 0", " 0", " 0"]


# How it is made


def test_the_template_is_none():
    """Plotly's own would be 6.5 KB of every figure."""
    figure = figure_of(of("priority-area"))
    assert len(json.dumps(figure["layout"]["template"])) < 200
    assert len(json.dumps(go.Figure(layout={"barmode": "stack"}).to_plotly_json())) > 6000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HATCH", {"shape": "/", "thickness": 7}),
        ("HATCH", {"shape": "diagonal"}),
        ("MARKERS", {one: {"color": "#009edb", "colour": "red"} for one in Provenance}),
        ("MARKERS", {one: {"color": "UN blue"} for one in Provenance}),
    ],
)
def test_a_wrong_property_raises_instead_of_drawing_something_else(monkeypatch, name, value):
    with monkeypatch.context() as wrong:
        wrong.setattr(charts, name, value)
        with pytest.raises(ValueError, match=r"[Ii]nvalid"):
            figure_of(of("scope"))
    # And is not kept: set right, the same breakdown is drawn.
    assert figure_of(of("scope"))["data"][0]["x"] == [5, 7, 0]


def test_the_same_breakdown_is_built_once(monkeypatch):
    first = charts.bar(of("scope"), "/projects/", SOURCE)
    info = charts.bar.cache_info()
    assert (info.misses, info.hits) == (1, 0)
    monkeypatch.setattr(charts.go, "Figure", None)
    # A breakdown of its own, of equal content.
    again = charts.bar(of("scope", Cube(SMALL.combinations[::-1])), "/projects/", SOURCE)
    info = charts.bar.cache_info()
    assert (info.misses, info.hits) == (1, 1)
    assert again == first


def test_what_is_drawn_differently_is_built_anew():
    other = Cube([GLOBAL._replace(projects=4), *SMALL.combinations[1:]])
    for one, source, language in (
        (of("scope"), SOURCE, "en"),
        (of("scope", other), SOURCE, "en"),
        (of("scope", status=["ongoing"]), SOURCE, "en"),
        (of("region"), SOURCE, "en"),
        (of("scope"), "Another source", "en"),
        (of("scope"), SOURCE, "fr"),
    ):
        charts.bar(one, "/projects/", source, language)
    info = charts.bar.cache_info()
    assert (info.misses, info.hits) == (6, 0)


def test_a_second_view_builds_no_figure(register, client, monkeypatch):
    # Of an edition, the source names no day.
    address = "/reports/scope/figure.json?edition=reconstruction-2017-12&priority_area=youth"
    first = client.get(address).json()
    monkeypatch.setattr(charts.go, "Figure", None)
    # Asked for in another order and with a page, it is the same breakdown.
    other = (
        "/reports/scope/figure.json?priority_area=youth&per_page=50&edition=reconstruction-2017-12"
    )
    assert client.get(other).json() == first
    info = charts.bar.cache_info()
    assert (info.misses, info.hits) == (1, 1)


def test_after_an_edit_the_figure_is_built_anew(register, client):
    assert client.get("/reports/scope/figure.json").json()["data"][-1]["text"][0] == " 82"
    Project.published.filter(scope="global").first().delete()
    assert client.get("/reports/scope/figure.json").json()["data"][-1]["text"][0] == " 81"
    assert charts.bar.cache_info().misses == 2


def test_the_served_plotly_is_the_one_that_validates():
    version = plotly.offline.get_plotlyjs_version()
    vendored = list((ROOT / "static/vendor").glob("plotly-*.js"))
    assert [file.name for file in vendored] == [f"plotly-basic-{version}.min.js"]
    assert f"v{version}" in vendored[0].read_text(encoding="utf-8")[:100]
    assert version in (ROOT / "static/vendor/README.md").read_text()


# The register as it ships


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
    assert (counted["name"], counted["x"]) == ("Counted only, allocated", [9, 7, 8])
    assert named["x"] == [0, 2, 0]
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
    counted, *_described, ticks, totals = figure["data"]
    assert counted["y"] == ["Global", "National", "Regional"]
    assert (ticks["name"], ticks["x"]) == ("Published", [82, 75, 66])
    assert totals["text"] == [" 82", " 75", " 66"]
    with unrecorded("the test sets the scene"):
        Project.published.filter(reference="PVE-003").delete()
    (figure,) = figures_of(client, "/reports/scope/")
    assert figure["data"][-2]["x"] == [82, 75, 66]
    assert figure["data"][-1]["text"] == [" 81", " 75", " 66"]
    # A part of the register has nothing published to stand beside.
    (figure,) = figures_of(client, "/reports/scope/?provenance=named")
    assert [trace.get("name") for trace in figure["data"]] == [
        *("Described", "Described, allocated", None)
    ]


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
    assert (known["name"], known["x"]) == ("Counted only", [1, 0, 0])
    assert (allocated["name"], allocated["x"]) == ("Counted only, allocated", [74, 74, 62])
    # Each leads to just its own projects.
    asked = "/projects/?scope=global&provenance=counted"
    assert known["customdata"][0] == f"{asked}&scope_basis=stated&scope_basis=inferred"
    assert "1 project: " in text_of(client, known["customdata"][0])
    assert allocated["customdata"][0] == f"{asked}&scope_basis=allocated"
    assert "74 projects: " in text_of(client, allocated["customdata"][0])
    assert "pattern" not in known["marker"]
    assert allocated["marker"]["pattern"]["bgcolor"] == known["marker"]["color"]
    text = text_of(client, "/reports/scope/")
    assert "Counted only 211 (Counted only, 1 documented, Counted only, 210 allocated)" in text


def test_a_filtered_chart_does_not_name_the_report_as_its_source(register, client):
    (figure,) = figures_of(client, "/reports/scope/?priority_area=youth&region=africa")
    text = figure["layout"]["annotations"][0]["text"].replace("<br>", " ")
    assert text.startswith("6 projects: in Africa; empowering youth; pvematrix register, live, 20")
    assert text.endswith("6 of 6 projects are placed by allocation")
    assert "A/72/621, para. 25" not in text_of(client, "/?priority_area=youth")
    (figure,) = figures_of(client, "/reports/scope/")
    text = figure["layout"]["annotations"][0]["text"]
    assert text.startswith("A/72/621, para. 25; pvematrix register, live, 20")
