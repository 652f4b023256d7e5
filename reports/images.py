"""SVG pictures that can be used alone: they have their title, state, source, date and colours.

A page shows one next to its table and offers it as a file; as PNG it is the page's card.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language_bidi, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from projects.asking import Selection
from projects.asking.answer import STATE_LABELS, State
from projects.asking.phrases import subject_of
from projects.asking.reference import sourced
from projects.citations import cited, labelled
from projects.text import date_in_words, followed_by, isolated

from .breakdowns import Bar, Breakdown, Line

# Colours by what they mean, as in static/css/tokens.css.
INK, QUIET, PAPER, RULE = "#12202b", "#51626f", "#ffffff", "#009edb"
PUBLISHED, DESCRIBED, OUTLINE, OF_ELSEWHERE = "#0a5a94", "#d0700e", "#5b6b78", "#5b4b9a"
# Fill and outline of each state of a number.
PAINTS = {
    State.PUBLISHED: (PUBLISHED, PUBLISHED),
    State.RANGE: (PAPER, OUTLINE),
    State.DESCRIBED: (DESCRIBED, DESCRIBED),
    State.ENTRIES: ("#c9d3da", OUTLINE),
}
# Sides of bars: two of a comparison, and from ELSEWHERE on two amounts of projects elsewhere. The
# second of two has the hue of the first, and this opacity.
ELSEWHERE, SECOND = 2, 0.4
FONTS = Path(__file__).parent / "fonts"
# A line ends after a space or hyphen, or after a Chinese sign: not after what opens or before what
# closes.
_END = re.compile(
    r"(?<= )(?=\S)|(?<=[^\W\d]-)(?=[^\W\d])"
    r"|(?<=[\u2e80-\u9fff\uff00-\uffef])(?<![（《])(?![\s，。；：、）”》])"
)
# All but the signs that isolate words from those around them, and pairs of these.
_NO_ISOLATE, _ISOLATED = re.compile("[^\u2066-\u2069]"), re.compile("[\u2066-\u2068]\u2069")
_ARABIC = re.compile("[\u0600-\u06ff]")
# Small print: 20 pixels on a slide of 1280 by 720. Of more than MOST_LINES lines the last are left
# out before letters become smaller.
SMALL, MOST_LINES = 0.85, 8


@dataclass(frozen=True)
class Shape:
    """A picture's size, and `unit`, its text's; without a `height` it is as high as its content."""

    label: str | Promise
    width: int
    height: int | None
    unit: float


SHAPES = {
    "wide": Shape(gettext_lazy("16:9, for slides"), 1600, 900, 30),
    "square": Shape(gettext_lazy("Square"), 1080, 1080, 26),
    "page": Shape(gettext_lazy("A4 page"), 1240, 1754, 38),
}
CARD = Shape("", 1200, 630, 24)
# Next to a table: as wide as a telephone; wider pages enlarge it.
COLUMN = Shape("", 480, None, 17)


@dataclass(frozen=True)
class Caption:
    """The words inside a picture or chart, so that it can be copied alone.

    A `headline` states what is seen: a picture has the title above it, and the subtitle below,
    without that sentence if it is the first. Its page is at `address`.
    """

    title: str
    subtitle: str
    source: str
    headline: str = ""
    address: str = ""


@dataclass(frozen=True)
class Text:
    """A text in lines of (baseline, words) that begin or, if `is_end`, end at `x`."""

    x: float
    size: float
    lines: tuple[tuple[float, str], ...]
    colour: str = INK
    is_end: bool = False

    @property
    def isolate(self) -> str:
        """The sign before a line of a picture that is mirrored: English has its own direction."""
        return "\u2067" if any(_ARABIC.search(words) for _y, words in self.lines) else "\u2066"


@dataclass(frozen=True)
class Mark:
    """A rectangle, with corners of a `radius`; half its width makes a circle."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    outline: str
    opacity: float = 1
    radius: float = 0


@dataclass(frozen=True)
class Axis:
    """Years below bars, which begin at `first`; a mark after that many years, with its words."""

    first: int
    last: int
    mark: tuple[float, str] | None = None


@dataclass
class Drawing:
    """A picture in progress; `y` is where the next line goes."""

    shape: Shape
    y: float = 0
    texts: list[Text] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    links: list[tuple[Bar, float, float]] = field(default_factory=list)  # with top and height

    @property
    def unit(self) -> float:
        return self.shape.unit

    @property
    def left(self) -> float:
        return (1.5 if self.shape.height else 0.4) * self.unit

    @property
    def inner(self) -> float:
        return self.shape.width - 2 * self.left

    def write(
        self, text: str, size: float = 1, colour: str = INK, x: float = 0, width: float = 0
    ) -> None:
        """Write a text below the last, in as many lines as it needs; `x` is from the left edge."""
        height = size * self.unit
        lines = []
        for line in lines_of(text, width or self.inner, height):
            self.y += 1.3 * height
            lines.append((self.y, line))
        self.texts.append(Text(self.left + x, height, tuple(lines), colour))

    def key(self, entries: Iterable[tuple[Mark, str]]) -> None:
        """Write the key to the marks: entries of (mark, words); the mark has no place yet."""
        for mark, words in entries:
            size, top = 0.75 * self.unit, self.y + 0.3 * self.unit
            self.write(words, SMALL, QUIET, 1.1 * self.unit, self.inner - 1.1 * self.unit)
            radius = size * mark.radius
            placed = replace(mark, x=self.left, y=top, width=size, height=size, radius=radius)
            self.marks.append(placed)
        self.y += 0.5 * self.unit


def caption_of(one: Breakdown, selection: Selection) -> Caption:
    subject, source = subject_of(selection.asked), register_of(selection)
    title = labelled(one.title, subject)
    if not selection.asked.is_filtered:
        # The report publishes no filtered figures, so it is not their source.
        source = source_of(selection, cited(selection.answers.printed.symbol, one.paragraph))
    sentence = sourced(one.sentence, selection.asked)
    headline = one.headline if one.headline != one.title else ""
    return Caption(title if subject else one.title, sentence, source, headline)


def register_of(selection: Selection) -> str:
    known = {"register": _("PVE matrix"), "edition": selection.asked.edition}
    if selection.asked.edition:
        return _("%(register)s, edition “%(edition)s”") % known
    return followed_by(known["register"], isolated(date_in_words(timezone.now())))


def source_of(selection: Selection, place: str = "") -> str:
    report = place or selection.answers.printed["symbol"]
    known = {"symbol": report, "register": register_of(selection)}
    return _("Source: %(symbol)s; %(register)s") % known


@cache
def _widths() -> dict[str, int]:
    """Return the widths of signs, in thousandths of the height of letters."""
    return json.loads((FONTS / "widths.json").read_text())


def width_of(text: str) -> float:
    """Return how wide a text is, relative to the height of its letters.

    Signs without a width, as the Chinese, are as wide as they are high.
    """
    return sum(_widths().get(sign, 1000) for sign in text) / 1000


def lines_of(text: str, width: float, size: float) -> list[str]:
    """Return a text in lines of a width, without a number or % after a space at the beginning."""
    most, lines, end = width / size, [""], 0.0
    for words in _END.split(re.sub(r" (?=[\d%])", "\u00a0", text)):
        # What is wider than a line, as an address may be, ends anywhere.
        for piece in [words] if width_of(words.rstrip()) <= most else words:
            if lines[-1] and end + width_of(piece.rstrip()) > most:
                # The other half of a quotation is isolated too.
                lines.append(_ISOLATED.sub("", _NO_ISOLATE.sub("", lines[-1])))
                lines[-2] += "\u2069" * len(lines[-1])
                end = 0
            lines[-1] += piece
            end += width_of(piece)
    return [line.replace("\u00a0", " ").strip() for line in lines]


def bars(
    lines: Sequence[Line],
    caption: Caption | None,
    shape: Shape,
    sides: Sequence[str] = (),
    axis: Axis | None = None,
) -> str:
    """Return bars as SVG, as large as the shape allows; `sides` name the bars of a line of two.

    Without a `caption` it has no key either: the page around it has both.
    """
    frame = _Frame(caption, shape, sides, axis)
    drawing = _bars(lines, frame)
    while shape.height and drawing.y > shape.height and shape.unit > 10:
        if len(lines) > MOST_LINES:
            lines, frame = lines[:-1], replace(frame, left_out=frame.left_out + 1)
        else:
            shape = replace(shape, unit=shape.unit * 0.98)
            frame = replace(frame, shape=shape)
        drawing = _bars(lines, frame)
    if shape.height:
        # Spare height makes the bars thicker.
        spare = (shape.height - drawing.y) / (sum(len(line.bars) for line in lines) or 1)
        drawing = _bars(lines, frame, min(spare, 1.5 * shape.unit))
    return to_svg(drawing)


@dataclass(frozen=True)
class _Frame:
    """What bars are drawn in."""

    caption: Caption | None
    shape: Shape
    sides: Sequence[str]
    axis: Axis | None
    left_out: int = 0  # lines that have no room


def _bars(lines: Sequence[Line], frame: _Frame, more: float = 0) -> Drawing:
    caption, axis = frame.caption, frame.axis
    drawing = with_header(caption, frame.shape) if caption else Drawing(frame.shape)
    drawn = [bar for line in lines for bar in line.bars]
    if caption:
        drawing.key(_meanings(drawn, frame.sides))
    # Names are left of the bars, or above them next to a table.
    names = 0.36 * drawing.inner if frame.shape.height else 0
    # Room for what is written before and after the longest bar.
    before, after = (
        (max((width_of(bar.ends[place]) for bar in drawn), default=0) + 0.5) * drawing.unit
        for place in (0, 1)
    )
    zero = drawing.left + (before if any(bar.ends[0] for bar in drawn) else 0)
    zero += names + drawing.unit if names else 0
    width = drawing.left + drawing.inner - after - zero
    most = axis.last - axis.first if axis else max((bar.end for bar in drawn), default=0)
    scale = width / (most or 1)
    if axis:
        _draw_years(drawing, axis, zero, scale)
    began = drawing.y
    thickness = 0.9 * drawing.unit + more
    for line in lines:
        top = drawing.y
        name = 1.3 * drawing.unit * len(lines_of(line.label, names or drawing.inner, drawing.unit))
        high = len(line.bars) * (thickness + 0.15 * drawing.unit)
        drawing.y += max(0, high - name) / 2 - 0.15 * drawing.unit if names else 0.2 * drawing.unit
        drawing.write(line.label, width=names)
        drawing.y = top + (max(0, name - high) / 2 if names else name + 0.55 * drawing.unit)
        bottom = max(drawing.y + high, top + name)
        for bar in line.bars:
            _draw(drawing, bar, zero, scale, thickness)
            drawing.y += thickness + 0.15 * drawing.unit
            if not caption:
                drawing.links.append((bar, top, drawing.y - top))
            top = drawing.y
        drawing.y = bottom + 0.2 * drawing.unit
    if axis and axis.mark:
        x = zero + axis.mark[0] * scale
        thin = 0.1 * drawing.unit
        drawing.marks.append(Mark(x, began, thin, drawing.y - began, INK, INK))
    if frame.left_out:
        text = ngettext("%(counter)s more", "%(counter)s more", frame.left_out)
        drawing.write(text % {"counter": frame.left_out}, SMALL, QUIET)
    return with_footer(drawing, caption) if caption else drawing


def _draw_years(drawing: Drawing, axis: Axis, zero: float, scale: float) -> None:
    """Write the first years of an axis, every second one, and the words of its mark above."""
    size = SMALL * drawing.unit
    if axis.mark:
        drawing.y += 1.3 * size
        at = zero + axis.mark[0] * scale
        is_end = at > drawing.shape.width / 2
        drawing.texts.append(Text(at, size, ((drawing.y, axis.mark[1]),), is_end=is_end))
    drawing.y += 1.3 * size
    for year in range(axis.first, axis.last, 2):
        x = zero + (year - axis.first) * scale
        drawing.texts.append(Text(x, size, ((drawing.y, str(year)),), QUIET))
    drawing.y += 0.4 * size


def painted(bar: Bar) -> tuple[str, str, float]:
    """Return the fill, outline and opacity of a bar, in the hue of what it counts."""
    is_elsewhere = (bar.side or 0) >= ELSEWHERE
    fill, outline = (OF_ELSEWHERE,) * 2 if is_elsewhere else PAINTS[bar.state]
    is_second = (bar.side or 0) % 2 and bar.state != State.RANGE
    return fill, outline, SECOND if is_second else 1


def _draw(drawing: Drawing, bar: Bar, zero: float, scale: float, thickness: float) -> None:
    fill, outline, opacity = painted(bar)
    x, width = zero + bar.start * scale, bar.length * scale
    drawing.marks.append(Mark(x, drawing.y, width, thickness, fill, outline, opacity))
    baseline, gap = drawing.y + thickness / 2 + 0.35 * drawing.unit, 0.3 * drawing.unit
    places = ((x - gap, True), (x + width + gap, False))
    for text, (at, is_end) in zip(bar.ends, places, strict=True):
        if text:
            drawing.texts.append(Text(at, drawing.unit, ((baseline, text),), is_end=is_end))


# A mark for a key, whose radius is relative to its width.
mark_of = partial(Mark, 0, 0, 0, 0)
# Where the bar of a side is in its line.
_PLACES = (gettext_lazy("(upper bar)"), gettext_lazy("(lower bar)"), "", "")


def _meanings(drawn: Sequence[Bar], sides: Sequence[str]) -> list[tuple[Mark, str]]:
    sided = {bar.side: painted(bar) for bar in drawn if bar.side is not None}
    meanings = [
        (mark_of(*sided[side]), f"{name} {_PLACES[side]}")
        for side, name in zip(sorted(sided), sides, strict=False)
    ]
    outlined = _("Outlined: not stated; from the least to the most that the totals allow")
    labels = {**STATE_LABELS, State.RANGE: outlined}
    there = {bar.state for bar in drawn if (bar.side or 0) < ELSEWHERE}
    there &= {State.RANGE} if sides else there
    return meanings + [
        (mark_of(*PAINTS[state]), str(labels[state])) for state in State if state in there
    ]


def with_header(caption: Caption, shape: Shape) -> Drawing:
    drawing = Drawing(shape, y=0.8 * shape.unit)
    drawing.marks.append(Mark(0, 0, shape.width, 0.25 * shape.unit, RULE, RULE))
    if caption.headline:
        drawing.write(caption.title, 0.9, QUIET)
    drawing.write(caption.headline or caption.title, 1.35)
    drawing.y += 0.2 * shape.unit
    if said := caption.subtitle.removeprefix(caption.headline).strip():
        drawing.write(said, 0.9, QUIET)
    drawing.y += 0.3 * shape.unit
    return drawing


def with_footer(drawing: Drawing, caption: Caption) -> Drawing:
    drawing.y += 0.3 * drawing.unit
    drawing.write(caption.source, SMALL, QUIET)
    if caption.address:
        drawing.write(caption.address, SMALL, QUIET)
    drawing.y += 0.8 * drawing.unit
    return drawing


def to_svg(drawing: Drawing) -> str:
    height, is_rtl = drawing.shape.height or round(drawing.y), get_language_bidi()
    if is_rtl:
        # Mirrored: texts and bars begin at the right, which is the end of a line to what makes PNG.
        width = drawing.shape.width
        drawing.marks = [replace(one, x=width - one.x - one.width) for one in drawing.marks]
        drawing.texts = [replace(t, x=width - t.x, is_end=not t.is_end) for t in drawing.texts]
    context = {"drawing": drawing, "height": height, "paper": PAPER, "is_rtl": is_rtl}
    return render_to_string("reports/image.svg", context)
