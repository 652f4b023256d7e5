"""Bars as a Plotly figure, which static/js/charts.js draws.

The only module that uses Plotly's terms. A figure takes 15 to 25 ms, so each is cached by its
content; plotly takes 0.2 s to import, so it is loaded for the first figure.
"""

from functools import lru_cache
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from projects.asking.answer import STATE_LABELS, State

from .breakdowns import Bar, Line
from .images import INK, PAPER, Caption, painted

if TYPE_CHECKING:
    import plotly.graph_objects as go

LABEL_WIDTH = 24  # characters


def charted(lines: tuple[Line, ...], caption: Caption) -> HttpResponse:
    """Return lines as a Plotly figure, in JSON."""
    drawn = figure(lines, caption, get_language() or "")
    return HttpResponse(drawn, content_type="application/json")


@lru_cache(maxsize=256)
def figure(lines: tuple[Line, ...], caption: Caption, language: str = "en") -> str:
    """Return, as JSON, a figure of horizontal bars in the order of the lines.

    The page has the caption and a legend: the figure has the caption as its `meta`. The customdata
    of a bar is where its projects are listed; its offset group is its place in its line.
    `language`, that of the texts, is part of the cache's key.
    """
    import plotly.graph_objects as go  # noqa: PLC0415 - it takes 0.2 s to load

    labels = [_lines(line.label, LABEL_WIDTH) for line in lines]
    meta = {"title": caption.title, "subtitle": caption.subtitle, "source": caption.source}
    # "none" is a template without anything; None would be Plotly's own, of 6.5 KB.
    drawn = go.Figure(layout=go.Layout(template="none", meta=meta))
    for place, bars in enumerate(zip(*(line.bars for line in lines), strict=True)):
        for state in State:
            _add_bars(drawn, state, bars, labels, place)
        _add_ticks(drawn, bars, labels)
        _add_ends(drawn, bars, labels)
    rows = sum(
        1 + max(len(line.bars), label.count("<br>"))
        for line, label in zip(lines, labels, strict=True)
    )
    _lay_out(drawn, labels, rows)
    return drawn.to_json()


def _add_bars(
    figure: "go.Figure", state: State, bars: tuple[Bar, ...], labels: list[str], place: int
) -> None:
    there = next((bar for bar in bars if bar.state == state), None)
    if there is None:
        return
    spans = [(bar.start, bar.length) if bar.state == state else (0, 0) for bar in bars]
    fill, outline, opacity = painted(there)
    figure.add_bar(
        orientation="h",
        name=str(STATE_LABELS[state]),
        # What its colour is called in the page's styles.
        meta=f"{state.value} second" if opacity < 1 else state.value,
        offsetgroup=str(place),
        y=labels,
        base=[start for start, _length in spans],
        x=[length for _start, length in spans],
        customdata=[bar.address or None for bar in bars],
        marker={
            "color": f"{fill}{round(255 * opacity):02x}" if opacity < 1 else fill,
            "line": {"color": outline, "width": 1.5},
        },
        hovertext=[escape(bar.sentence, quote=False) for bar in bars],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _add_ticks(figure: "go.Figure", bars: tuple[Bar, ...], labels: list[str]) -> None:
    if all(bar.filed is None for bar in bars):
        return
    figure.add_scatter(
        mode="markers",
        name=_("Entries of this register"),
        meta="ink",
        y=labels,
        x=[bar.filed for bar in bars],
        marker={"symbol": "line-ns-open", "size": 26, "color": INK, "line": {"width": 3}},
        # Its hover area would cover the end of the bar, which readers click.
        hoverinfo="skip",
    )


def _add_ends(figure: "go.Figure", bars: tuple[Bar, ...], labels: list[str]) -> None:
    """Write the number after each bar, and the least of a range before it."""
    before, after = zip(*(bar.ends for bar in bars), strict=True)
    # Where a range begins at the axis, its least is written inside, where there is room.
    next_to = ["middle left" if bar.start else "middle right" for bar in bars]
    sides = ([bar.start for bar in bars], before, next_to), ([bar.end for bar in bars], after, None)
    for at, texts, position in sides:
        if any(texts):
            figure.add_scatter(
                mode="text",
                orientation="h",
                offsetgroup=str(bars[0].side or 0),
                y=labels,
                x=at,
                text=[f" {text} " if text else "" for text in texts],
                textposition=position or "middle right",
                cliponaxis=False,
                hoverinfo="skip",
            )


def _lay_out(figure: "go.Figure", labels: list[str], rows: int) -> None:
    figure.update_layout(
        barmode="group",
        scattermode="group",
        bargap=0.35,
        scattergap=0.35,
        height=70 + 22 * rows,
        margin={"l": 10, "r": 44, "t": 8, "b": 32},
        font={"family": "system-ui, sans-serif", "size": 12, "color": INK},
        paper_bgcolor=PAPER,
        plot_bgcolor=PAPER,
        showlegend=False,
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


def _lines(text: str, width: int) -> str:
    """Return a text in lines that touch the axis on neither side."""
    return "\u00a0<br>\u00a0".join(escape(line, quote=False) for line in wrap(text, width))
