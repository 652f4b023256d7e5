"""The overview as a picture, and pictures as PNG: the cards that other sites show for a link."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from resvg_py import svg_to_bytes

from .images import (
    DESCRIBED,
    FONTS,
    PAPER,
    PUBLISHED,
    QUIET,
    SMALL,
    Caption,
    Drawing,
    Mark,
    Shape,
    lines_of,
    mark_of,
    to_svg,
    width_of,
    with_footer,
    with_header,
)
from .overview import ACROSS, PITCH, Block, Cells

# Shipped, since a server may have no fonts: Latin, Greek and Cyrillic, Arabic, and the 3,755 most
# frequent signs of Chinese (GB 2312, level 1) with those of countries. Licence: fonts/OFL.txt. A
# line is drawn in one of them: those of Arabic and Chinese have Latin letters (tests/fonts.py).
_FILES = sorted(map(str, FONTS.glob("*.ttf")))
# What a square with its gap has at least, relative to the height of letters.
LEAST = 0.35
NUMBER = 1.5  # the size of numbers
# The looks of what is drawn in blocks (overview.key_of). A circle in a square has a light edge.
CIRCLE = 0.5
LOOKS = {
    "published": mark_of(PUBLISHED, PUBLISHED, radius=0.2),
    "described inside": mark_of(DESCRIBED, PAPER, radius=CIRCLE),
    "described": mark_of(DESCRIBED, DESCRIBED, radius=CIRCLE),
}


def blocks_image(
    blocks: Sequence[Block], key: Sequence[tuple[str, str]], caption: Caption, shape: Shape
) -> str:
    """Return the blocks of the overview as SVG: numbers, names, and their squares and circles."""
    drawing = None
    while drawing is None:
        drawing = _blocks(blocks, key, caption, shape)
        shape = replace(shape, unit=shape.unit * 0.95)
    return to_svg(with_footer(drawing, caption))


def _blocks(
    blocks: Sequence[Block], key: Sequence[tuple[str, str]], caption: Caption, shape: Shape
) -> Drawing | None:
    """Return a drawing; None where letters are so large that they leave no room for squares."""
    drawing = with_header(caption, shape)
    drawing.key((LOOKS[look], words) for look, words in key)
    across = 4 if shape.width > 0.9 * (shape.height or 0) else 2
    lines = [blocks[first : first + across] for first in range(0, len(blocks), across)]
    below = with_footer(Drawing(shape), caption).y
    room = ((shape.height or shape.width) - drawing.y - below) / len(lines)
    width, size, top = drawing.inner / across, SMALL * shape.unit, drawing.y
    longest = max(len(lines_of(row.label, width - size, size)) for row, *_cells in blocks)
    names = (1.3 * longest + 0.7) * size
    most = max(sum(one.height for one in block[1::2] if one) / PITCH for block in blocks) or 1
    numbers = NUMBER * (0.5 + max(width_of(row.answer.short) for row, *_cells in blocks))
    wide, high = width - (numbers + 1) * shape.unit, room - names - shape.unit
    pitch = min(wide / ACROSS, high / most)
    if pitch < LEAST * shape.unit:
        return None
    for line in lines:
        for place, (row, squares, inside, circles) in enumerate(line):
            x, drawing.y = place * width, top
            drawing.write(row.label, SMALL, QUIET, x, width - size)
            drawing.y = top + names - 0.4 * shape.unit
            drawing.write(row.answer.short, NUMBER, PUBLISHED, x)
            at, y = drawing.left + x + numbers * shape.unit, top + names
            drawing.marks += _cells(squares, at, y, pitch, LOOKS["published"])
            drawing.marks += _cells(inside, at, y, pitch, LOOKS["described inside"])
            y += pitch / PITCH * squares.height if squares else 0
            drawing.marks += _cells(circles, at, y, pitch, LOOKS["described"])
        top += room
    drawing.y = top
    return drawing


def _cells(cells: Cells | None, x: float, y: float, pitch: float, look: Mark) -> Iterator[Mark]:
    size = (0.7 if look.radius == CIRCLE else 0.84) * pitch
    for place in range(cells.number if cells else 0):
        row, column = divmod(place, ACROSS)
        left, top = (start + (n + 0.5) * pitch - size / 2 for start, n in ((x, column), (y, row)))
        yield replace(look, x=left, y=top, width=size, height=size, radius=size * look.radius)


def numbers_image(figures: list[tuple[str, str]], caption: Caption, shape: Shape) -> str:
    """Return numbers next to each other as SVG, each above its words."""
    while (drawing := _numbers(figures, caption, shape)).y > (shape.height or drawing.y):
        shape = replace(shape, unit=shape.unit * 0.98)
    return to_svg(drawing)


def _numbers(figures: list[tuple[str, str]], caption: Caption, shape: Shape) -> Drawing:
    drawing = with_header(caption, shape)
    width, top, lowest = drawing.inner / len(figures), drawing.y, 0.0
    longest = max(width_of(number) for number, _words in figures)
    size = min(2.2, width / drawing.unit / (longest + 0.5))
    for place, (number, words) in enumerate(figures):
        drawing.y = top
        drawing.write(number, size, PUBLISHED, place * width)
        drawing.write(words, SMALL, QUIET, place * width, width - drawing.unit)
        lowest = max(lowest, drawing.y)
    drawing.y = lowest + 0.6 * drawing.unit
    return with_footer(drawing, caption)


@lru_cache(maxsize=32)
def png_of(svg: str) -> bytes:
    return svg_to_bytes(
        svg_string=svg, skip_system_fonts=True, font_files=_FILES, font_family="Noto Sans"
    )
