"""Charts: a breakdown as a Plotly figure, small, valid, built once, and true to its counts."""

import json
from dataclasses import replace

import plotly.graph_objects as go
import plotly.offline
import pytest

from projects.cube import Cube
from reports import charts
from reports.breakdowns import Breakdown
from reports.images import Caption

from .conftest import ROOT
from .pages import figures_of
from .small import SMALL
from .test_breakdowns import of, printing

SOURCE = "A/72/621, para. 25; pvematrix register, 2 January 2026"


@pytest.fixture(autouse=True)
def no_figure_kept():
    """Each test begins without any figure that another one asked for."""
    charts.bar.cache_clear()


def figure_of(one: Breakdown, source: str = SOURCE) -> dict:
    return json.loads(drawn(one, source))


def drawn(one: Breakdown, source: str = SOURCE, language: str = "en") -> str:
    caption = Caption(one.title, one.sentence, source)
    return charts.bar(one, "/projects/", caption, language)


def bars_of(figure: dict) -> dict[str, list[tuple[int, int]]]:
    """Where the bars begin and how long they are, by the names of their traces."""
    return {
        trace["name"]: list(zip(trace["base"], trace["x"], strict=True))
        for trace in figure["data"]
        if trace["type"] == "bar"
    }


def test_published_bars_are_in_the_order_of_the_report():
    figure = figure_of(of("scope"))
    published, numbers = figure["data"]
    assert published["y"] == ["Global", "Regional", "National"]
    assert bars_of(figure) == {"Published": [(0, 3), (0, 7), (0, 7)]}
    assert published["customdata"][0] == "/projects/?scope=global"
    assert published["hovertext"][0] == "3 projects are global in scope (¶ 25)"
    assert (numbers["x"], numbers["text"]) == ([3, 7, 7], [" 3", " 7", " 7"])


def test_a_range_is_outlined_from_its_least_to_its_most():
    confirmed = Cube([one._replace(in_matrix="yes") for one in SMALL.combinations])
    figure = figure_of(of("scope", confirmed, priority_area=["gender"]))
    ranges, numbers = figure["data"]
    assert bars_of(figure) == {"Not stated": [(0, 3), (2, 5), (0, 7)]}
    assert ranges["marker"] == {"color": "#ffffff", "line": {"color": "#5b6b78", "width": 1.5}}
    assert (numbers["x"], numbers["text"]) == ([3, 7, 7], [" 0–3", " 2–7", " 0–7"])


def test_a_tick_is_where_the_register_has_another_number_than_the_report():
    figure = figure_of(of("scope", printed=printing(global_=5)))
    bars, ticks, _numbers = figure["data"]
    assert (bars["name"], bars["x"]) == ("Published", [5, 7, 7])
    assert (ticks["name"], ticks["x"]) == ("Entries of this register", [3, None, None])


def test_no_text_is_markup_in_the_chart():
    one = of("scope")
    bold = replace(one.rows[1], label="<b>Regional</b> & more")
    one = replace(one, title="<i>Scope</i> & more", rows=(one.rows[0], bold, one.rows[2]))
    figure = figure_of(one, source="<a href='x'>A</a>")
    assert figure["layout"]["title"]["text"] == "&lt;i&gt;Scope&lt;/i&gt; &amp; more"
    assert figure["data"][0]["y"][1] == "&lt;b&gt;Regional&lt;/b&gt; &amp; more"
    assert figure["layout"]["annotations"][0]["text"] == "&lt;a href='x'&gt;A&lt;/a&gt;"


def test_the_same_breakdown_is_built_once(monkeypatch):
    first = drawn(of("scope"))
    monkeypatch.setattr(charts.go, "Figure", None)
    # A breakdown of its own, of equal content.
    assert drawn(of("scope", Cube(SMALL.combinations[::-1]))) == first
    assert charts.bar.cache_info()[:2] == (1, 1)


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
