"""Charts: a breakdown as a Plotly figure, small, valid, built once, and true to its counts."""

import json
from dataclasses import replace

import plotly.graph_objects as go
import plotly.offline
import pytest

from projects.cube import Cube
from projects.history import unrecorded
from projects.models import Project
from reports import charts
from reports.breakdowns import Breakdown
from reports.images import Caption

from .conftest import ROOT
from .pages import figures_of
from .small import GLOBAL, REGIONAL, SMALL
from .test_breakdowns import DOCUMENTED_AREA, DOCUMENTED_SCOPE, of, printing

KNOWN = Cube([GLOBAL, REGIONAL])  # nothing of it was assigned
SOURCE = "A/72/621, para. 25; pvematrix register, 2 January 2026"


@pytest.fixture(autouse=True)
def no_figure_kept():
    """Each test begins without any figure that another one asked for."""
    charts.bar.cache_clear()


def figure_of(one: Breakdown, source: str = SOURCE) -> dict:
    return json.loads(drawn(one, source))


def drawn(one: Breakdown, source: str = SOURCE, language: str = "en") -> str:
    caption = Caption(one.title, one.answer.words, source)
    return charts.bar(one, "/projects/", caption, language)


def bars_of(figure: dict) -> dict[str, list[int]]:
    """The pieces of the bars by the names of their traces."""
    return {trace["name"]: trace["x"] for trace in figure["data"] if trace["type"] == "bar"}


# What is drawn


def test_bars_of_the_whole_register_are_all_published_and_sorted_by_length():
    figure = figure_of(of("scope"))
    published, numbers = figure["data"]
    assert published["y"] == ["Regional", "National", "Global"]
    assert (published["name"], published["x"]) == ("Published", [7, 7, 3])
    assert published["customdata"] == [
        "/projects/?scope=regional",
        "/projects/?scope=national",
        "/projects/?scope=global",
    ]
    assert published["hovertext"][0] == "7 projects, published in A/72/621, para. 25"
    assert published["marker"] == {"color": "#003f5c", "line": {"color": "#003f5c", "width": 1.5}}
    assert (numbers["x"], numbers["text"]) == ([7, 7, 3], [" 7", " 7", " 3"])
    layout = figure["layout"]
    assert layout["barmode"] == "stack"
    assert layout["xaxis"]["rangemode"] == "tozero"
    assert layout["yaxis"]["categoryarray"] == ["Regional", "National", "Global"]
    (regions, _numbers) = figure_of(of("region"))["data"]
    assert regions["y"][2:4] == ["Middle East and North<br>Africa", "Europe"]


def test_bars_of_a_combination_are_outlined_behind_what_is_documented():
    documented, assigned, numbers = figure_of(of("scope", priority_area=["youth"]))["data"]
    assert documented["y"] == ["Regional", "Global", "National"]
    assert (documented["name"], documented["x"]) == ("Documented", [0, 3, 0])
    assert (assigned["name"], assigned["x"]) == ("Reconstruction", [5, 0, 0])
    # Next to a bar is what is known.
    assert (numbers["x"], numbers["text"]) == ([5, 3, 0], [" 0–5", " 0–3", " 0–7"])
    said = "0 documented; 0–5 possible (reconstruction: 5)"
    assert (documented["hovertext"][0], assigned["hovertext"][0]) == (said, said)
    assert documented["marker"] == {"color": "#009edb", "line": {"color": "#005f87", "width": 1.5}}
    assert assigned["marker"] == {"color": "#ffffff", "line": {"color": "#5b6b78", "width": 1.5}}
    assert documented["customdata"][1] == (
        f"/projects/?priority_area=youth&scope=global&{DOCUMENTED_AREA}&{DOCUMENTED_SCOPE}"
    )
    # No filter lists who is there by one assignment or another: it links to the whole bar.
    assert assigned["customdata"][0] == "/projects/?priority_area=youth&scope=regional"
    # A bar that no filter lists is no link.
    published, assigned, _numbers = figure_of(of("region", region=["mena"]))["data"]
    assert (published["name"], published["x"]) == ("Published", [0, 5, 0, 0, 0])
    assert published["customdata"][1] == "/projects/?region=mena"
    assert (assigned["name"], assigned["x"]) == ("Reconstruction", [5, 0, 0, 0, 0])
    assert assigned["customdata"][0] is None


def test_of_what_the_report_says_nothing_the_range_is_a_question_mark():
    figure = figure_of(of("scope", status=["not-stated"]))
    assert bars_of(figure) == {"Reconstruction": [7, 5, 0]}
    assert figure["data"][-1]["text"] == [" ?", " ?", " ?"]
    # Where nothing was assigned, all are documented.
    figure = figure_of(of("scope", KNOWN, queries=["a"]))
    assert bars_of(figure) == {"Documented": [3, 2, 0]}
    assert figure["data"][-1]["text"] == [" 3", " 2", " 0"]


def test_a_tick_is_only_where_the_register_differs_from_the_published_figure():
    figure = figure_of(of("scope", printed=printing(global_=5, regional=6)))
    bars, ticks, numbers = figure["data"]
    assert (bars["name"], bars["x"]) == ("Published", [7, 7, 3])
    assert (ticks["name"], ticks["mode"]) == ("Published figure", "markers")
    assert ticks["x"] == [6, None, 5]
    # The number is the published one, beyond the longer of both.
    assert (numbers["x"], numbers["text"]) == ([7, 7, 5], [" 6", " 7", " 5"])
    assert bars["hovertext"][2] == "5 published in A/72/621, para. 25, 3 counted here"
    # Where only a value that is asked for is published, it alone has one.
    figure = figure_of(of("scope", printed=printing(global_=5), scope=["global"]))
    ticks, numbers = figure["data"][-2:]
    assert (ticks["name"], ticks["x"]) == ("Published figure", [5, None, None])
    assert (numbers["x"][0], numbers["text"][0]) == (5, " 5")


def test_no_text_is_markup_in_the_chart():
    one = of("scope")
    bold = replace(one.rows[1], label="<b>Regional</b> & more")
    one = replace(one, title="<i>Scope</i> & more", rows=(one.rows[0], bold, one.rows[2]))
    figure = figure_of(one, source="<a href='x'>A</a>")
    assert figure["layout"]["title"]["text"] == "&lt;i&gt;Scope&lt;/i&gt; &amp; more"
    assert figure["data"][0]["y"][0] == "&lt;b&gt;Regional&lt;/b&gt; &amp; more"
    assert figure["layout"]["annotations"][0]["text"] == "&lt;a href='x'&gt;A&lt;/a&gt;"


# How it is made


def test_the_same_breakdown_is_built_once(register, client, monkeypatch):
    first = drawn(of("scope"))
    # Of an edition, the source names no day.
    edition, area = "edition=reconstruction-2017-12", "priority_area=youth"
    shown = client.get(f"/reports/scope/figure.json?{edition}&{area}").json()
    assert charts.bar.cache_info()[:2] == (0, 2)
    monkeypatch.setattr(charts.go, "Figure", None)
    # A breakdown of its own, of equal content.
    assert drawn(of("scope", Cube(SMALL.combinations[::-1]))) == first
    # Asked for in another order and with a page, it is the same breakdown.
    other = f"/reports/scope/figure.json?{area}&per_page=50&{edition}"
    assert client.get(other).json() == shown
    assert charts.bar.cache_info()[:2] == (2, 2)


def test_the_served_plotly_is_the_one_that_validates():
    version = plotly.offline.get_plotlyjs_version()
    vendored = list((ROOT / "static/vendor").glob("plotly-*.js"))
    assert [file.name for file in vendored] == [f"plotly-basic-{version}.min.js"]
    assert f"v{version}" in vendored[0].read_text(encoding="utf-8")[:100]
    assert version in (ROOT / "static/vendor/README.md").read_text()


# The register as it ships


@pytest.mark.parametrize("query", ["", "scope=national", "q=zzz", "provenance=named"])
def test_figures_are_valid_plotly_of_plain_lists(register, client, query):
    for slug in ("priority-area", "scope", "region"):
        (figure,) = figures_of(client, f"/reports/{slug}/?{query}")
        go.Figure(figure)  # raises for an attribute or value that Plotly does not know
        assert "bdata" not in json.dumps(figure)
        assert len(json.dumps(figure)) < 6500


def test_the_bars_of_the_overview_are_all_published(register, client):
    areas, scopes, regions = figures_of(client, "/")
    assert bars_of(areas) == {"Published": [40, 31, 29, 27, 23, 22, 18, 33]}
    assert bars_of(scopes) == {"Published": [82, 75, 66]}
    assert bars_of(regions) == {"Published": [61, 55, 22, 12, 3]}
    for figure in (areas, scopes, regions):
        assert figure["data"][0]["marker"]["color"] == "#003f5c"
        # No tick where nothing differs.
        assert [trace.get("name") for trace in figure["data"]] == ["Published", None]
    # After an edit it is made again.
    Project.published.filter(scope="global").first().delete()
    assert bars_of(client.get("/reports/scope/figure.json").json()) == {"Published": [81, 75, 66]}


def test_a_chart_says_what_is_filtered_how_that_is_known_and_its_source(register, client):
    """In the figure itself, so that a picture of it says it too."""

    def said(query):
        layout = figures_of(client, f"/reports/scope/{query}")[0]["layout"]
        title, source = layout["title"], layout["annotations"][0]["text"]
        texts = (title["text"], title["subtitle"]["text"], source)
        return [text.replace("<br>", " ") for text in texts]

    title, subtitle, source = said("?priority_area=youth&region=africa")
    assert title == "Projects by scope: Empowering youth, in Africa"
    assert subtitle == "0 documented; 0–27 possible (reconstruction: 6)"
    assert source.startswith("pvematrix register, ")
    end = "a reconstruction, of which the report publishes nothing; range beside it"
    assert source.endswith(end)
    assert "A/72/621" not in source
    title, subtitle, source = said("")
    assert title == "Projects by scope"
    assert subtitle == "223 projects, published in A/72/621, paras. 22 and 24"
    assert source.startswith("A/72/621, para. 25; pvematrix register, ")
    assert "Outlined" not in source


def test_a_chart_of_regions_says_of_what_the_counts_are(register, client):
    def subtitle(query):
        (figure,) = figures_of(client, f"/reports/region/{query}")
        return figure["layout"]["title"]["subtitle"]["text"].replace("<br>", " ")

    assert subtitle("") == (
        "Counts, published in A/72/621, para. 25: a project in two regions is counted in each"
    )
    assert subtitle("?priority_area=youth") == (
        "Projects that have a region: 1 documented; 0–27 possible (reconstruction: 16)"
    )
    # A register that left the report does not show what is published there.
    with unrecorded("the test sets the scene"):
        Project.published.filter(in_americas=True).first().delete()
    assert subtitle("").startswith("Projects that have a region: 2 documented; ")
