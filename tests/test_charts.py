"""Charts: a breakdown as a Plotly figure, small, valid, built once, and true to its counts."""

import json
from dataclasses import replace

import plotly.graph_objects as go
import plotly.offline
import pytest

from projects.cube import Cube
from reports import charts
from reports.breakdowns import Breakdown, Line
from reports.images import Caption

from .conftest import ROOT
from .pages import figures_of
from .small import SMALL
from .test_breakdowns import of, printing


@pytest.fixture(autouse=True)
def no_figure_kept():
    """Each test begins without any figure that another one asked for."""
    charts.figure.cache_clear()


CAPTION = Caption("Projects by scope", "17 projects.", "A/72/621, para. 25")


def figure_of(one: Breakdown) -> dict:
    return json.loads(charts.figure(one.lines, CAPTION))


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
    assert published["hovertext"][0] == (
        "3 of the 17 projects (18 %) are global in scope (A/72/621, para. 25)"
    )
    assert (numbers["x"], numbers["text"]) == ([3, 7, 7], [" 3 ", " 7 ", " 7 "])
    # The page has a heading of its own.
    assert figure["layout"]["meta"] == {
        "title": "Projects by scope",
        "subtitle": "17 projects.",
        "source": "A/72/621, para. 25",
    }
    assert "title" not in figure["layout"] and "annotations" not in figure["layout"]


def test_a_range_is_outlined_from_its_least_to_its_most_and_both_are_written():
    confirmed = Cube([one._replace(in_matrix="yes") for one in SMALL.combinations])
    figure = figure_of(of("scope", confirmed, priority_area=["gender"]))
    ranges, least, most = figure["data"]
    assert bars_of(figure) == {"Not stated": [(0, 3), (2, 5), (0, 7)]}
    assert ranges["marker"] == {"color": "#ffffff", "line": {"color": "#5b6b78", "width": 1.5}}
    assert (least["x"], least["text"]) == ([0, 2, 0], [" 0 ", " 2 ", " 0 "])
    assert least["textposition"] == ["middle right", "middle left", "middle right"]
    assert (most["x"], most["text"]) == ([3, 7, 7], [" 3 ", " 7 ", " 7 "])


def test_two_sides_have_a_bar_each_in_every_row():
    sides = (of("scope", priority_area=["gender"]), of("scope"))
    lines = tuple(
        Line(pair[0].label, tuple(replace(row.bar, side=n) for n, row in enumerate(pair)))
        for pair in zip(*(side.rows for side in sides), strict=True)
    )
    figure = json.loads(charts.figure(lines, CAPTION))
    bars = [trace for trace in figure["data"] if trace["type"] == "bar"]
    assert [(one["name"], one["meta"], one["offsetgroup"]) for one in bars] == [
        ("Not stated", "range", "0"),
        ("Published", "published second", "1"),
    ]
    assert [one["marker"]["color"] for one in bars] == ["#ffffff", "#0a5a9466"]
    assert figure["layout"]["barmode"] == "group"


def test_a_tick_is_where_the_register_has_another_number_than_the_report():
    figure = figure_of(of("scope", printed=printing(global_=5)))
    bars, ticks, _numbers = figure["data"]
    assert (bars["name"], bars["x"]) == ("Published", [5, 7, 7])
    assert (ticks["name"], ticks["x"]) == ("Entries of this register", [3, None, None])


def test_no_text_is_markup_in_the_chart():
    one = of("scope")
    bold = replace(one.rows[1], label="<b>Regional</b> & more")
    figure = figure_of(replace(one, rows=(one.rows[0], bold, one.rows[2])))
    assert figure["data"][0]["y"][1] == "&lt;b&gt;Regional&lt;/b&gt; &amp; more"


def test_the_same_breakdown_is_built_once(monkeypatch):
    first = charts.figure(of("scope").lines, CAPTION)
    monkeypatch.setattr(go, "Figure", None)
    # A breakdown of its own, of equal content.
    assert charts.figure(of("scope", Cube(SMALL.combinations[::-1])).lines, CAPTION) == first
    assert charts.figure.cache_info()[:2] == (1, 1)


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
