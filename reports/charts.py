"""A breakdown as a Plotly figure, which static/js/charts.js draws.

The only module that uses Plotly's terms. A figure takes 15 to 25 ms, so each is cached by its
content; plotly takes 0.2 s to import, so views import this module only for a figure.
"""

from functools import lru_cache
from html import escape
from textwrap import wrap

import plotly.graph_objects as go
from django.utils.translation import gettext as _

from projects.asking.answers import STATE_LABELS, State

from .breakdowns import Breakdown, Row, span_of
from .images import INK, PAINTS, PAPER, QUIET, Caption

MARKERS = {
    state: {"color": fill, "line": {"color": outline, "width": 1.5}}
    for state, (fill, outline) in PAINTS.items()
}
LABEL_WIDTH = 24  # characters


@lru_cache(maxsize=256)
def bar(breakdown: Breakdown, address: str, caption: Caption, language: str = "en") -> str:
    """Return, as JSON, a figure of horizontal bars in the report's order, a range from its least.

    The customdata of a bar links to its projects below `address`, the list's; its id is its row's
    slug. `language`, that of the texts, is part of the cache's key.
    """
    rows = [*breakdown.rows]
    labels = [_lines(row.label, LABEL_WIDTH) for row in rows]
    # "none" is a template without anything; None would be Plotly's own, of 6.5 KB.
    figure = go.Figure(layout=go.Layout(template="none"))
    for state in State:
        _add_bars(figure, state, rows, labels, address)
    if any(row.answer.differs for row in rows):
        _add_ticks(figure, rows, labels)
    figure.add_scatter(
        mode="text",
        y=labels,
        x=[span_of(row.answer)[1] for row in rows],
        text=[f" {row.answer.short}" for row in rows],
        textposition="middle right",
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    _lay_out(figure, breakdown, labels, caption)
    return figure.to_json()


def _add_bars(
    figure: go.Figure, state: State, rows: list[Row], labels: list[str], address: str
) -> None:
    if all(row.answer.state != state for row in rows):
        return
    spans = [span_of(row.answer) if row.answer.state == state else (0, 0) for row in rows]
    figure.add_bar(
        orientation="h",
        name=str(STATE_LABELS[state]),
        meta=state.value,
        y=labels,
        base=[start for start, _end in spans],
        x=[end - start for start, end in spans],
        ids=[row.slug for row in rows],
        customdata=[None if row.query is None else f"{address}?{row.query}" for row in rows],
        marker=MARKERS[state],
        hovertext=[escape(row.sentence, quote=False) for row in rows],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _add_ticks(figure: go.Figure, rows: list[Row], labels: list[str]) -> None:
    figure.add_scatter(
        mode="markers",
        name=_("Entries of this register"),
        meta="ink",
        y=labels,
        x=[row.answer.filed if row.answer.differs else None for row in rows],
        marker={"symbol": "line-ns-open", "size": 26, "color": INK, "line": {"width": 3}},
        # Its hover area would cover the end of the bar, which readers click.
        hoverinfo="skip",
    )


def _lay_out(figure: go.Figure, breakdown: Breakdown, labels: list[str], caption: Caption) -> None:
    lines = sum(1 + max(1, label.count("<br>")) for label in labels)
    below = _source(breakdown, caption.source)
    title = _lines(caption.title, 44)
    subtitle = _lines(caption.subtitle, 60)
    # The margin includes one line of each; more of them need more room.
    above = 84 + 18 * title.count("<br>") + 14 * subtitle.count("<br>")
    # Room for the axis and for every line of the source.
    bottom = max(80, 44 + 14 * (1 + below.count("<br>")))
    figure.update_layout(
        title={
            "text": title,
            "subtitle": {"text": subtitle, "font": {"size": 12, "color": QUIET}},
            "font": {"size": 15},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "pad": {"l": 8},
        },
        barmode="overlay",
        bargap=0.35,
        height=30 + above + bottom + 22 * lines,
        margin={"l": 10, "r": 36, "t": above, "b": bottom},
        font={"family": "system-ui, sans-serif", "size": 12, "color": INK},
        paper_bgcolor=PAPER,
        plot_bgcolor=PAPER,
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
        text=below,
        xref="paper",
        yref="paper",
        x=1,
        y=0,
        yanchor="top",
        yshift=-28,
        xanchor="right",
        align="right",
        showarrow=False,
        font={"size": 10, "color": QUIET},
    )


def _source(breakdown: Breakdown, source: str) -> str:
    lines = [_lines(source, 60)]
    if any(row.answer.state == State.RANGE for row in breakdown.rows):
        outlined = _("Outlined: not stated; from the least to the most that the totals allow")
        lines.append(_lines(outlined, 60))
    return "<br>".join(lines)


def _lines(text: str, width: int) -> str:
    return "<br>".join(escape(line, quote=False) for line in wrap(text, width))
