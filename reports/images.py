"""A chart as an SVG file of 1600 × 900: it has its title, state, source, date and colours."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from textwrap import wrap
from unicodedata import east_asian_width

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language_bidi, ngettext
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
PUBLISHED, DESCRIBED, OUTLINE = "#0a5a94", "#d0700e", "#5b6b78"
# Fill and outline of each state of a number.
PAINTS = {
    State.PUBLISHED: (PUBLISHED, PUBLISHED),
    State.RANGE: (PAPER, OUTLINE),
    State.DESCRIBED: (DESCRIBED, DESCRIBED),
    State.ENTRIES: ("#c9d3da", OUTLINE),
}
# The second bar of a comparison has the hue of the first, and this opacity.
SECOND = 0.4
WIDTH, HEIGHT, MARGIN = 1600, 900, 45
# Of names, which are left of the bars; of letters, which become smaller until all has room; and of
# small print, relative to letters.
NAMES, LETTERS, SMALL = 540, 30, 0.85
MOST_LINES = 12


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
    """A line of text that begins or, if `is_end`, ends at `x`."""

    x: float
    y: float
    size: float
    words: str
    colour: str = INK
    is_end: bool = False

    @property
    def mirrored(self) -> "Text":
        """The line where writing runs to the left; English has a direction of its own."""
        is_arabic = any("\u0600" <= sign <= "\u06ff" for sign in self.words)
        isolate = "\u2067" if is_arabic else "\u2066"
        words = f"{isolate}{self.words}\u2069"
        return replace(self, x=WIDTH - self.x, is_end=not self.is_end, words=words)


@dataclass(frozen=True)
class Mark:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    outline: str
    opacity: float = 1


@dataclass
class Drawing:
    """A picture in progress, with letters as high as `unit`; `y` is where the next line goes."""

    unit: float
    y: float = 0
    texts: list[Text] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def write(
        self, text: str, size: float = 1, colour: str = INK, x: float = MARGIN, width: float = 0
    ) -> None:
        """Write a text below the last, in as many lines as it needs."""
        height = size * self.unit
        for line in lines_of(text, (width or WIDTH - MARGIN - x) / height):
            self.y += 1.3 * height
            self.texts.append(Text(x, self.y, height, line, colour))


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


def address_of(request: HttpRequest) -> str:
    """Return where a picture's page is, without http://, in an order that no Arabic changes."""
    page, query = request.path.rpartition("/")[0], request.GET.urlencode()
    return isolated(f"{request.get_host()}{page}/{'?' if query else ''}{query}")


def width_of(text: str) -> float:
    """Return about how wide a text is, relative to the height of its letters."""
    return sum(1 if east_asian_width(sign) in "FW" else 0.58 for sign in text)


def lines_of(text: str, width: float) -> list[str]:
    """Return a text in lines of about that width, relative to the height of its letters."""
    most = max(1, int(width * len(text) / width_of(text))) if text else 1
    return wrap(text.replace(" %", "\u00a0%"), most)


def painted(bar: Bar) -> tuple[str, str, float]:
    """Return the fill, outline and opacity of a bar, in the hue of what it counts."""
    is_second = bar.side and bar.state != State.RANGE
    return (*PAINTS[bar.state], SECOND if is_second else 1)


def _key(bars: Sequence[Bar]) -> list[tuple[tuple[str, str, float], str]]:
    """Return what the looks of bars mean."""
    outlined = _("Outlined: not stated; from the least to the most that the totals allow")
    labels = {**STATE_LABELS, State.RANGE: outlined}
    there = {bar.state for bar in bars}
    return [((*PAINTS[state], 1), str(labels[state])) for state in State if state in there]


def picture(lines: Sequence[Line], caption: Caption) -> str:
    """Return bars as SVG."""
    unit: float = LETTERS
    while (drawing := _drawn(lines, caption, unit)) is None:
        unit *= 0.95
    if get_language_bidi():
        drawing.marks = [replace(one, x=WIDTH - one.x - one.width) for one in drawing.marks]
        drawing.texts = [one.mirrored for one in drawing.texts]
    context = {"drawing": drawing, "width": WIDTH, "height": HEIGHT, "paper": PAPER}
    return render_to_string("reports/image.svg", context)


def _drawn(lines: Sequence[Line], caption: Caption, unit: float) -> Drawing | None:
    """Return the picture with letters of that height; None where they leave no room for bars."""
    shown = lines[:MOST_LINES]
    bars = [bar for line in shown for bar in line.bars]
    left_out = len(lines) - len(shown)
    more = ngettext("%(counter)s more", "%(counter)s more", left_out) % {"counter": left_out}
    below = Drawing(unit)
    for text in (more if left_out else "", caption.source, caption.address):
        below.write(text, SMALL, QUIET)
    drawing = Drawing(unit, y=0.8 * unit, marks=[Mark(0, 0, WIDTH, 8, RULE, RULE)])
    if caption.headline:
        drawing.write(caption.title, 0.9, QUIET)
    drawing.write(caption.headline or caption.title, 1.35)
    drawing.write(caption.subtitle.removeprefix(caption.headline).strip(), 0.9, QUIET)
    for look, words in _key(bars):
        size = 0.75 * unit
        drawing.marks.append(Mark(MARGIN, drawing.y + 0.4 * unit, size, size, *look))
        drawing.write(words, SMALL, QUIET, MARGIN + 1.2 * unit)
    drawing.y += 0.6 * unit
    # Room for what is written before and after the longest bar.
    before, after = (
        (max((width_of(bar.ends[place]) for bar in bars), default=0) + 0.5) * unit
        for place in (0, 1)
    )
    zero = MARGIN + NAMES + unit + (before if any(bar.ends[0] for bar in bars) else 0)
    most = max((bar.end for bar in bars), default=0)
    scale = (WIDTH - MARGIN - after - zero) / (most or 1)
    end = HEIGHT - unit - below.y
    room = (end - drawing.y) / (len(shown) or 1)
    highest = max(len(lines_of(line.label, NAMES / unit)) for line in shown) if shown else 0
    if room < 1.4 * unit * max(highest, max((len(line.bars) for line in shown), default=1)):
        return None
    top = drawing.y
    for place, line in enumerate(shown):
        drawing.y = top + place * room
        thickness = 0.8 * room / len(line.bars)
        for number, bar in enumerate(line.bars):
            _draw(drawing, bar, (zero, scale), drawing.y + number * thickness, 0.9 * thickness)
        named = len(lines_of(line.label, NAMES / unit))
        drawing.y += 0.38 * room - (0.3 + 0.65 * named) * unit
        drawing.write(line.label, width=NAMES)
    drawing.y = end
    drawing.texts += [replace(text, y=text.y + end) for text in below.texts]
    return drawing


def _draw(
    drawing: Drawing, bar: Bar, axis: tuple[float, float], top: float, thickness: float
) -> None:
    zero, scale = axis
    x, width = zero + bar.start * scale, bar.length * scale
    drawing.marks.append(Mark(x, top, width, thickness, *painted(bar)))
    baseline, gap = top + thickness / 2 + 0.35 * drawing.unit, 0.3 * drawing.unit
    for text, at, is_end in zip(bar.ends, (x - gap, x + width + gap), (True, False), strict=True):
        if text:
            drawing.texts.append(Text(at, baseline, drawing.unit, text, is_end=is_end))
