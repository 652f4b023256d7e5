"""A breakdown as a Plotly figure, which static/js/charts.js draws.

The only module that knows Plotly's vocabulary. Making a figure takes 15 to 25 ms, so each is kept
by the content of what it shows; plotly itself takes 0.2 s to import, so views import this module
when a figure is asked for.
"""

from functools import lru_cache
from html import escape
from textwrap import wrap

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from projects.vocabulary import Provenance

from .breakdowns import Breakdown, Part, Row

# United Nations blue for what is documented, pale for what is only counted.
MARKERS = {
    Provenance.COUNTED: {"color": "#cfeaf7", "line": {"color": "#0077a8", "width": 1}},
    Provenance.NAMED: {"color": "#009edb", "line": {"color": "#005f87", "width": 1}},
    Provenance.CONFIRMED: {"color": "#003f5c", "line": {"color": "#003f5c", "width": 1}},
}
# What was allocated is hatched, in a colour that shows on the bar's: never colour alone.
HATCH = {"shape": "/", "size": 7, "solidity": 0.25}
HATCHES = {
    Provenance.COUNTED: "#0077a8",
    Provenance.NAMED: "#ffffff",
    Provenance.CONFIRMED: "#ffffff",
}
LABEL_WIDTH = 24  # characters


@lru_cache(maxsize=256)
def bar(breakdown: Breakdown, address: str, source: str, language: str = "en") -> str:
    """Return, as JSON, a figure of horizontal bars, longest first, divided by provenance.

    Of each provenance, what was allocated is a hatched piece of its own; each piece leads to just
    the projects that it counts. `address` is that of the list, to which their query is added: it
    stands in the customdata. `source`, and how much was allocated, is printed below the chart.
    `language` is that of the texts.
    """
    rows = sorted(breakdown.rows, key=lambda row: -row.count)
    labels = [_label(row.label) for row in rows]
    # "none" is a template without anything; None would be Plotly's own, of 6.5 KB.
    figure = go.Figure(layout=go.Layout(template="none"))
    for part in breakdown.legend:
        parts = [p for row in rows for p in row.parts if p.provenance == part.provenance]
        _add_pieces(figure, part, parts, labels, address)
    if breakdown.has_published:
        _add_ticks(figure, rows, labels)
    figure.add_scatter(
        mode="text",
        y=labels,
        x=[max(row.count, row.published or 0) for row in rows],
        text=[f" {row.count}" for row in rows],
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    _lay_out(figure, breakdown, labels, source)
    return figure.to_json()


def _add_pieces(
    figure: go.Figure, part: Part, parts: list[Part], labels: list[str], address: str
) -> None:
    """Add what has one provenance to every bar: the documented piece, then the allocated one."""
    marker = MARKERS[Provenance(part.provenance)]
    fill = HATCHES[Provenance(part.provenance)]
    pattern = HATCH | {"bgcolor": marker["color"], "fgcolor": fill}
    documented = [(one.documented, one.documented_query) for one in parts]
    allocated = [(one.allocated, one.allocated_query) for one in parts]
    for pieces, name, style in (
        (documented, part.label, marker),
        (allocated, _("%s, allocated") % part.label, marker | {"pattern": pattern}),
    ):
        if any(count for count, _query in pieces):
            figure.add_bar(
                orientation="h",
                name=escape(name, quote=False),
                y=labels,
                x=[count for count, _query in pieces],
                customdata=[None if q is None else f"{address}?{q}" for _count, q in pieces],
                marker=style,
                hovertemplate="%{y}<br>%{fullData.name}: %{x}<extra></extra>",
            )


def _add_ticks(figure: go.Figure, rows: list[Row], labels: list[str]) -> None:
    """Add the report's figures, as a tick across each bar."""
    figure.add_scatter(
        mode="markers",
        name=_("Published"),
        y=labels,
        x=[row.published for row in rows],
        marker={"symbol": "line-ns-open", "size": 26, "color": "#1b2733", "line": {"width": 3}},
        # Its reach would cover the end of the bar, which is to be clicked.
        hoverinfo="skip",
    )


def _lay_out(figure: go.Figure, breakdown: Breakdown, labels: list[str], source: str) -> None:
    lines = sum(1 + max(1, label.count("<br>")) for label in labels)
    figure.update_layout(
        title={
            "text": "<br>".join(wrap(escape(breakdown.title, quote=False), 44)),
            "font": {"size": 15},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "pad": {"l": 8},
        },
        barmode="stack",
        bargap=0.35,
        height=174 + 22 * lines,
        margin={"l": 10, "r": 36, "t": 64, "b": 80},
        font={"family": "system-ui, sans-serif", "size": 12, "color": "#1b2733"},
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        # The page has a legend of its own, with links; a downloaded image shows this one.
        showlegend=False,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
    )
    figure.update_xaxes(rangemode="tozero", fixedrange=True, gridcolor="#dde4ea")
    figure.update_yaxes(
        automargin=True,
        autorange="reversed",
        fixedrange=True,
        ticksuffix=" ",
        categoryorder="array",
        categoryarray=labels,
    )
    figure.add_annotation(
        text=_source(breakdown, source),
        xref="paper",
        yref="paper",
        x=1,
        y=0,
        yanchor="top",
        yshift=-28,
        xanchor="right",
        align="right",
        showarrow=False,
        font={"size": 10, "color": "#4a5a68"},
    )


def _source(breakdown: Breakdown, source: str) -> str:
    lines = wrap(source, 60)
    if breakdown.allocated:
        counts = {"allocated": breakdown.allocated, "projects": breakdown.projects}
        lines.append(_("%(allocated)d of %(projects)d projects are placed by allocation") % counts)
    return "<br>".join(escape(line, quote=False) for line in lines)


def _label(text: str) -> str:
    return "<br>".join(escape(line, quote=False) for line in wrap(str(text), LABEL_WIDTH))
