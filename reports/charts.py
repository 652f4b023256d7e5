"""A breakdown as a Plotly figure: a plain dictionary that static/js/charts.js draws.

The only module that knows Plotly's vocabulary. It is written as data, without the plotly package,
which costs 0.2 s to import and adds 6.5 KB of template to a figure; the tests validate every
figure with that package.
"""

from html import escape
from textwrap import wrap

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.vocabulary import Provenance

from .breakdowns import Breakdown, Row

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


def bar(breakdown: Breakdown, address: str, source: str) -> dict:
    """Return a figure of horizontal bars, longest first, divided by provenance.

    Of each provenance, what was allocated is a hatched piece of its own; each piece leads to just
    the projects that it counts. `address` is that of the list, to which their query is added: it
    stands in the customdata. `source`, and how much was allocated, is printed below the chart.
    """
    rows = sorted(breakdown.rows, key=lambda row: -row.count)
    labels = [_label(row.label) for row in rows]
    traces = []
    for part in breakdown.legend:
        parts = [p for row in rows for p in row.parts if p.provenance == part.provenance]
        marker = MARKERS[part.provenance]
        pattern = HATCH | {"bgcolor": marker["color"], "fgcolor": HATCHES[part.provenance]}
        if part.documented:
            links = [_link(address, p.documented_query) for p in parts]
            counts = [p.documented for p in parts]
            traces.append(_bars(str(part.label), labels, counts, links, marker))
        if part.allocated:
            links = [_link(address, p.allocated_query) for p in parts]
            counts = [p.allocated for p in parts]
            name = _("%s, allocated") % part.label
            traces.append(_bars(name, labels, counts, links, marker | {"pattern": pattern}))
    totals = {
        "type": "scatter",
        "mode": "text",
        "y": labels,
        "x": [max(row.count, row.published or 0) for row in rows],
        "text": [f" {row.count}" for row in rows],
        "textposition": "middle right",
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    if breakdown.has_published:
        traces.append(_ticks(rows, labels))
    return {"data": [*traces, totals], "layout": _layout(breakdown, labels, source)}


def _bars(name: str, labels: list[str], counts: list[int], links: list, marker: dict) -> dict:
    """A piece of every bar."""
    return {
        "type": "bar",
        "orientation": "h",
        "name": escape(name, quote=False),
        "y": labels,
        "x": counts,
        "customdata": links,
        "marker": marker,
        "hovertemplate": "%{y}<br>%{fullData.name}: %{x}<extra></extra>",
    }


def _ticks(rows: list[Row], labels: list[str]) -> dict:
    """The report's figures, as a tick across each bar."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": str(_("Published")),
        "y": labels,
        "x": [row.published for row in rows],
        "marker": {"symbol": "line-ns-open", "size": 26, "color": "#1b2733", "line": {"width": 3}},
        # Its reach would cover the end of the bar, which is to be clicked.
        "hoverinfo": "skip",
    }


def _layout(breakdown: Breakdown, labels: list[str], source: str) -> dict:
    lines = sum(1 + max(1, label.count("<br>")) for label in labels)
    return {
        "title": {
            "text": "<br>".join(wrap(escape(str(breakdown.title), quote=False), 44)),
            "font": {"size": 15},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "pad": {"l": 8},
        },
        "barmode": "stack",
        "bargap": 0.35,
        "height": 174 + 22 * lines,
        "margin": {"l": 10, "r": 36, "t": 64, "b": 80},
        "font": {"family": "system-ui, sans-serif", "size": 12, "color": "#1b2733"},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "xaxis": {
            "rangemode": "tozero",
            "fixedrange": True,
            "gridcolor": "#dde4ea",
        },
        "yaxis": {
            "automargin": True,
            "autorange": "reversed",
            "fixedrange": True,
            "ticksuffix": " ",
            "categoryorder": "array",
            "categoryarray": labels,
        },
        # The page has a legend of its own, with links; a downloaded image shows this one.
        "showlegend": False,
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        "annotations": [
            {
                "text": _source(breakdown, source),
                "xref": "paper",
                "yref": "paper",
                "x": 1,
                "y": 0,
                "yanchor": "top",
                "yshift": -28,
                "xanchor": "right",
                "align": "right",
                "showarrow": False,
                "font": {"size": 10, "color": "#4a5a68"},
            }
        ],
    }


def _source(breakdown: Breakdown, source: str) -> str:
    lines = wrap(source, 60)
    if breakdown.allocated:
        counts = {"allocated": breakdown.allocated, "projects": breakdown.projects}
        lines.append(_("%(allocated)d of %(projects)d projects are placed by allocation") % counts)
    return "<br>".join(escape(line, quote=False) for line in lines)


def _label(text: str) -> str:
    return "<br>".join(escape(line, quote=False) for line in wrap(str(text), LABEL_WIDTH))


def _link(address: str, query: str | None) -> str | None:
    return None if query is None else f"{address}?{query}"


def describe(breakdown: Breakdown) -> str:
    """Return in a sentence or two what a reader would see in the chart."""
    if not breakdown.total:
        return _("Bar chart without bars: no project is counted.")
    ranked = sorted(breakdown.rows, key=lambda row: -row.count)
    listed = ", ".join(f"{row.label} {row.count}" for row in ranked)
    total = ngettext("%d project", "%d projects", breakdown.projects) % breakdown.projects
    if breakdown.in_mentions:
        mentions = ngettext("%d mention", "%d mentions", breakdown.total) % breakdown.total
        total = _("%(mentions)s by %(projects)s") % {"mentions": mentions, "projects": total}
    shares = ", ".join(
        _("%(label)s %(count)d (%(allocated)d allocated)") % part.__dict__
        if part.allocated
        else f"{part.label} {part.count}"
        for part in breakdown.legend
    )
    return _(
        "Bar chart of %(total)s, longest bar first: %(rows)s. Projects by provenance: %(shares)s."
    ) % {
        "total": total,
        "rows": listed,
        "shares": shares,
    }
