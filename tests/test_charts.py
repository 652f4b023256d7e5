"""Charts: a breakdown as a Plotly figure, small, valid, built once, and true to its counts."""

import json
from dataclasses import replace

import plotly.graph_objects as go
import plotly.offline
import pytest

from projects.asking.answers import State
from projects.cube import Cube
from projects.history import unrecorded
from projects.models import Project
from reports import charts
from reports.breakdowns import Breakdown
from reports.captions import Caption

from .conftest import ROOT
from .pages import figures_of, total_of
from .small import EMPTY, GLOBAL, REGIONAL, SMALL
from .test_breakdowns import DOCUMENTED_AREA, DOCUMENTED_SCOPE, of, printing

pytestmark = pytest.mark.once

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


def test_bars_of_the_whole_register_are_all_published_and_stand_longest_first():
    published, numbers = figure_of(of("scope"))["data"]
    assert published["y"] == ["Regional", "National", "Global"]
    assert (published["name"], published["x"]) == ("Published", [7, 7, 3])
    assert published["customdata"] == [
        "/projects/?scope=regional",
        "/projects/?scope=national",
        "/projects/?scope=global",
    ]
    assert (numbers["x"], numbers["text"]) == ([7, 7, 3], [" 7", " 7", " 3"])
    (regions, _numbers) = figure_of(of("region"))["data"]
    assert regions["y"] == [
        "Africa",
        "Asia",
        "Middle East and North<br>Africa",
        "Europe",
        "Americas",
    ]
    assert (regions["name"], regions["x"]) == ("Published", [7, 7, 5, 0, 0])


def test_bars_of_a_combination_are_outlined_behind_what_is_documented():
    documented, assigned, numbers = figure_of(of("scope", priority_area=["youth"]))["data"]
    assert documented["y"] == ["Regional", "Global", "National"]
    assert (documented["name"], documented["x"]) == ("Documented", [0, 3, 0])
    assert (assigned["name"], assigned["x"]) == ("Reconstruction", [5, 0, 0])
    # Beside a bar stands what is known.
    assert (numbers["x"], numbers["text"]) == ([5, 3, 0], [" 0–5", " 0–3", " 0–7"])


def test_of_what_the_report_says_nothing_the_range_is_a_question_mark():
    figure = figure_of(of("scope", status=["not-stated"]))
    assert bars_of(figure) == {"Reconstruction": [7, 5, 0]}
    assert figure["data"][-1]["text"] == [" ?", " ?", " ?"]


def test_bars_of_which_nothing_was_assigned_are_documented():
    figure = figure_of(of("scope", KNOWN, queries=["a"]))
    assert bars_of(figure) == {"Documented": [3, 2, 0]}
    assert figure["data"][-1]["text"] == [" 3", " 2", " 0"]


def test_each_state_has_its_look():
    (published, *_) = figure_of(of("scope"))["data"]
    assert published["marker"] == {"color": "#003f5c", "line": {"color": "#003f5c", "width": 1.5}}
    documented, assigned, _numbers = figure_of(of("scope", priority_area=["youth"]))["data"]
    assert documented["marker"] == {"color": "#009edb", "line": {"color": "#005f87", "width": 1.5}}
    assert assigned["marker"] == {"color": "#ffffff", "line": {"color": "#5b6b78", "width": 1.5}}


def test_a_documented_piece_leads_to_just_what_is_documented():
    documented, assigned, _numbers = figure_of(of("scope", priority_area=["youth"]))["data"]
    assert documented["customdata"][1] == (
        f"/projects/?priority_area=youth&scope=global&{DOCUMENTED_AREA}&{DOCUMENTED_SCOPE}"
    )
    # No filter lists who is there by one assignment or another: it leads to the whole bar.
    assert assigned["customdata"][0] == "/projects/?priority_area=youth&scope=regional"


def test_a_bar_that_no_filter_lists_leads_nowhere():
    published, assigned, _numbers = figure_of(of("region", region=["mena"]))["data"]
    assert (published["name"], published["x"]) == ("Published", [0, 5, 0, 0, 0])
    assert published["customdata"][1] == "/projects/?region=mena"
    assert (assigned["name"], assigned["x"]) == ("Reconstruction", [5, 0, 0, 0, 0])
    assert assigned["customdata"][0] is None


def test_a_piece_says_how_its_number_is_known():
    published, _numbers = figure_of(of("scope"))["data"]
    assert published["hovertext"][0] == "7 projects, published in A/72/621, para. 25"
    documented, assigned, _numbers = figure_of(of("scope", priority_area=["youth"]))["data"]
    said = "0 documented; 0–5 possible (reconstruction: 5)"
    assert (documented["hovertext"][0], assigned["hovertext"][0]) == (said, said)


def test_bars_are_of_one_length_with_their_numbers_and_begin_at_nothing():
    layout = figure_of(of("scope"))["layout"]
    assert layout["barmode"] == "stack"
    assert layout["xaxis"]["rangemode"] == "tozero"
    assert layout["yaxis"]["categoryarray"] == ["Regional", "National", "Global"]


def test_a_tick_stands_only_where_the_register_differs_from_what_is_published():
    figure = figure_of(of("scope", printed=printing(global_=5, regional=6)))
    bars, ticks, numbers = figure["data"]
    assert (bars["name"], bars["x"]) == ("Published", [7, 7, 3])
    assert (ticks["name"], ticks["mode"]) == ("Published figure", "markers")
    assert ticks["x"] == [6, None, 5]
    # The number is the published one, beyond the longer of both.
    assert (numbers["x"], numbers["text"]) == ([7, 7, 5], [" 6", " 7", " 5"])
    assert bars["hovertext"][2] == "5 published in A/72/621, para. 25, 3 counted here"


def test_so_it_does_where_only_a_value_that_is_asked_for_is_published():
    figure = figure_of(of("scope", printed=printing(global_=5), scope=["global"]))
    ticks, numbers = figure["data"][-2:]
    assert (ticks["name"], ticks["x"]) == ("Published figure", [5, None, None])
    assert (numbers["x"][0], numbers["text"][0]) == (5, " 5")


def test_below_the_chart_stands_its_source_and_what_is_outlined():
    def below(one: Breakdown) -> str:
        return figure_of(one)["layout"]["annotations"][0]["text"].replace("<br>", " ")

    assert below(of("scope")) == SOURCE
    assert below(of("scope", priority_area=["youth"])) == (
        f"{SOURCE} Outlined: a reconstruction, of which the report publishes nothing; range beside "
        "it"
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
    (numbers,) = figure_of(of("scope", EMPTY, queries=["zzz"]))["data"]
    assert numbers["text"] == [" 0", " 0", " 0"]


# How it is made


def test_the_template_is_none():
    """Plotly's own would be 6.5 KB of every figure."""
    figure = figure_of(of("priority-area"))
    assert len(json.dumps(figure["layout"]["template"])) < 200
    assert len(json.dumps(go.Figure(layout={"barmode": "stack"}).to_plotly_json())) > 6000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MARKERS", {one: {"color": "#009edb", "colour": "red"} for one in State}),
        ("MARKERS", {one: {"color": "UN blue"} for one in State}),
    ],
)
def test_a_wrong_property_raises_instead_of_drawing_something_else(monkeypatch, name, value):
    with monkeypatch.context() as wrong:
        wrong.setattr(charts, name, value)
        with pytest.raises(ValueError, match=r"[Ii]nvalid"):
            figure_of(of("scope"))
    # And is not kept: set right, the same breakdown is drawn.
    assert figure_of(of("scope"))["data"][0]["x"] == [7, 7, 3]


def test_the_same_breakdown_is_built_once(monkeypatch):
    first = drawn(of("scope"))
    info = charts.bar.cache_info()
    assert (info.misses, info.hits) == (1, 0)
    monkeypatch.setattr(charts.go, "Figure", None)
    # A breakdown of its own, of equal content.
    again = drawn(of("scope", Cube(SMALL.combinations[::-1])))
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
        (of("scope", printed=printing(global_=5)), SOURCE, "en"),
        (of("scope"), "Another source", "en"),
        (of("scope"), SOURCE, "fr"),
    ):
        drawn(one, source, language)
    info = charts.bar.cache_info()
    assert (info.misses, info.hits) == (7, 0)


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
    assert bars_of(client.get("/reports/scope/figure.json").json()) == {"Published": [82, 75, 66]}
    Project.published.filter(scope="global").first().delete()
    assert bars_of(client.get("/reports/scope/figure.json").json()) == {"Published": [81, 75, 66]}
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


def test_by_one_facet_of_another_dimension_every_bar_is_outlined_with_its_range(register, client):
    (figure,) = figures_of(client, "/reports/priority-area/?scope=national")
    pieces = bars_of(figure)
    assert pieces.keys() == {"Documented", "Reconstruction"}
    assert sum(pieces["Documented"]) == 1
    assert sum(pieces["Documented"]) + sum(pieces["Reconstruction"]) == 75
    texts = dict(zip(figure["data"][-1]["y"], figure["data"][-1]["text"], strict=True))
    assert texts["Empowering youth"] == " 0–27"
    assert texts["Engaging communities"] == " 0–18"


def test_a_bar_leads_to_the_projects_that_it_counts(register, client):
    (figure,) = figures_of(client, "/reports/scope/?priority_area=youth")
    documented, assigned, _numbers = figure["data"]
    assert documented["y"] == ["Global", "Regional", "National"]
    assert (documented["name"], documented["x"]) == ("Documented", [0, 2, 0])
    assert (assigned["name"], assigned["x"]) == ("Reconstruction", [10, 7, 8])
    regional = "/projects/?priority_area=youth&scope=regional"
    assert documented["customdata"][1] == f"{regional}&{DOCUMENTED_AREA}&{DOCUMENTED_SCOPE}"
    assert total_of(client.get(documented["customdata"][1]).content.decode()) == 2
    assert assigned["customdata"][1] == regional
    assert total_of(client.get(assigned["customdata"][1]).content.decode()) == 9


def test_where_the_register_left_the_report_a_tick_says_what_is_published(register, client):
    with unrecorded("the test sets the scene"):
        Project.published.filter(reference="PVE-003").delete()
    (figure,) = figures_of(client, "/reports/scope/")
    bars, ticks, numbers = figure["data"]
    assert bars["y"] == ["Global", "National", "Regional"]
    assert (bars["name"], bars["x"]) == ("Published", [81, 75, 66])
    assert (ticks["name"], ticks["x"]) == ("Published figure", [82, None, None])
    assert numbers["text"] == [" 82", " 75", " 66"]
    # A part of the register has nothing published to stand beside.
    (figure,) = figures_of(client, "/reports/scope/?provenance=named")
    assert [trace.get("name") for trace in figure["data"]] == [
        *("Documented", "Reconstruction", None)
    ]


def test_a_chart_says_what_is_filtered_and_how_that_is_known(register, client):
    """In the figure itself, so that a picture of it says so too."""
    (figure,) = figures_of(client, "/reports/scope/?priority_area=youth&region=africa")
    title = figure["layout"]["title"]
    assert title["text"] == "Projects by scope: Empowering youth, in<br>Africa"
    assert title["subtitle"]["text"] == "0 documented; 0–27 possible (reconstruction: 6)"
    (figure,) = figures_of(client, "/reports/scope/")
    title = figure["layout"]["title"]
    assert title["text"] == "Projects by scope"
    assert title["subtitle"]["text"] == "223 projects, published in A/72/621, paras. 22 and 24"


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


def test_a_filtered_chart_does_not_name_the_report_as_its_source(register, client):
    (figure,) = figures_of(client, "/reports/scope/?priority_area=youth&region=africa")
    text = figure["layout"]["annotations"][0]["text"].replace("<br>", " ")
    assert text.startswith("pvematrix register, ")
    assert text.endswith("a reconstruction, of which the report publishes nothing; range beside it")
    assert "A/72/621" not in text
    (figure,) = figures_of(client, "/reports/scope/")
    text = figure["layout"]["annotations"][0]["text"]
    assert text.startswith("A/72/621, para. 25; pvematrix register, ")
    assert "Outlined" not in text
