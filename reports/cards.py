"""The matrix as a picture, and pictures as PNG: the cards that other sites show for a link."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from resvg_py import svg_to_bytes

from projects.asking.answer import State
from projects.cube import Cube
from projects.vocabulary import PriorityArea, Provenance

from .images import (
    LETTER,
    PAINTS,
    QUIET,
    Caption,
    Drawing,
    Mark,
    Shape,
    to_svg,
    with_footer,
    with_header,
)

# Shipped, since a server may have no fonts: Latin, Greek and Cyrillic, Arabic, and the 3,755 most
# frequent signs of Chinese (GB 2312, level 1) with those of countries. Licence: fonts/OFL.txt.
FONTS = sorted(str(path) for path in (Path(__file__).parent / "fonts").glob("*.ttf"))
# Above this number of projects strips are drawn, since single squares show nothing.
MOST_SQUARES = 2000
LONGEST_NAME = 70  # letters of an area's name with its number
STRIP = 14  # height
# Fill and outline of each provenance's squares, as in static/css/pages.css.
SQUARES = {
    Provenance.CONFIRMED: PAINTS[State.PUBLISHED],
    Provenance.NAMED: PAINTS[State.DESCRIBED],
    Provenance.COUNTED: ("#7fcbea", "#7fcbea"),
}


def matrix_image(
    cube: Cube,
    figures: list[tuple[str, str]],
    numbers: Mapping[PriorityArea, str],
    caption: Caption,
    shape: Shape,
) -> str:
    """Return the entries of a cube by area as SVG, below figures of (number, how it is known).

    `numbers` are the areas'. Each entry is a square; above MOST_SQUARES they are strips.
    """
    drawing = with_header(caption, shape)
    _write_figures(drawing, figures)
    counts = cube.counts("priority_area")
    longest = max(counts.values()) or 1
    room = ((shape.height or shape.width) - drawing.y - 3.4 * shape.unit) / len(PriorityArea)
    # Names are above the squares, or left of them where there is little height.
    name_width = 0.5 * drawing.inner if room < 2 * shape.unit else 0
    unit = min(
        0.9 * shape.unit, 0.4 * room, (name_width or drawing.inner) / (LETTER * LONGEST_NAME)
    )
    for area in PriorityArea:
        bottom, x = drawing.y + room, drawing.left + name_width
        drawing.y += 0.2 * room if name_width else 0
        name = f"{numbers[area]} {area.label}"
        drawing.write(name, unit / shape.unit, width=drawing.inner - name_width)
        parts = cube.where({"priority_area": [area]}).counts("provenance")
        height = (drawing.inner - name_width) / longest
        if not name_width:
            height = min(height, room - 1.7 * unit)
        top = drawing.y - 0.8 * height if name_width else drawing.y + 0.4 * unit
        marks = _projects(parts, x, top, height, as_squares=cube.total <= MOST_SQUARES)
        drawing.marks += marks
        drawing.y = bottom
    drawing.y -= 0.3 * shape.unit
    drawing.key(
        (*SQUARES[one], str(one.label)) for one in SQUARES if cube.counts("provenance")[one]
    )
    return to_svg(with_footer(drawing, caption))


def numbers_image(figures: list[tuple[str, str]], caption: Caption, shape: Shape) -> str:
    """Return numbers next to each other as SVG, each above its words."""
    drawing = with_header(caption, shape)
    _write_figures(drawing, figures)
    return to_svg(with_footer(drawing, caption))


def _write_figures(drawing: Drawing, figures: list[tuple[str, str]]) -> None:
    width, top, lowest = drawing.inner / len(figures), drawing.y, 0.0
    longest = max(len(number) for number, _words in figures)
    size = min(2.2, width / (LETTER * (longest + 1) * drawing.unit))
    for place, (number, words) in enumerate(figures):
        drawing.y = top
        drawing.write(number, size, x=place * width)
        drawing.write(words, 0.8, QUIET, place * width, width - drawing.unit)
        lowest = max(lowest, drawing.y)
    drawing.y = lowest + 0.6 * drawing.unit


def _projects(
    parts: Mapping[str, int], x: float, top: float, pitch: float, as_squares: bool
) -> Iterator[Mark]:
    for provenance, (fill, outline) in SQUARES.items():
        count = parts[provenance]
        if as_squares:
            for place in range(count):
                size = 0.8 * pitch
                yield Mark(x + place * pitch, top, size, size, fill, outline)
        elif count:
            yield Mark(x, top, count * pitch, STRIP, fill, outline)
        x += count * pitch


@lru_cache(maxsize=32)
def png_of(svg: str) -> bytes:
    return svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=FONTS, font_family="Noto Sans"
    )
