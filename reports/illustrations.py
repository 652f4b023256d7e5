"""The addresses of pictures: of breakdowns and of the matrix as SVG, of cards as PNG."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from projects.asking import Asked, Selection
from projects.asking.links import parameters_of
from projects.asking.reference import version_of
from projects.asking.sentences import stopped
from projects.citations import cited, labelled, sentences
from projects.listing import file_name_of
from projects.pages import FilteredData, QueryView, RefusedAsText
from projects.text import in_a_row, isolated, separated

from .breakdowns import BREAKDOWNS, Line, breakdown
from .cards import blocks_image, numbers_image, png_of
from .comparison import Pair, most_telling, paired, sentence
from .files import as_download
from .images import CARD, SHAPES, Axis, Caption, Shape, bars, caption_of, source_of
from .linked_data import heading_of
from .models import Flag
from .overview import blocks, described_in_words, key_of
from .queries import ComparisonPictureQuery, MatrixQuery, PictureFilter
from .series import NO_LINE, series, symbols_of

MATRIX, SERIES = "matrix", "series"
# The card of every page that shows no figure, and all cards.
SITE = MATRIX
CARDS = (SITE, SERIES, *BREAKDOWNS)
CARD_AGE = 3600  # seconds
MOST_COUNTS = 5  # that have room on a card


def matrix_of(selection: Selection, shape: Shape, address: str = "") -> str:
    """Return the overview as a picture: its heading, its squares and circles, and their key."""
    printed = selection.answers.printed
    squares, each = blocks(breakdown("priority-area", selection))
    number = len(printed.figures)
    text = ngettext(
        "%(symbol)s prints %(number)d total of these projects.",
        "%(symbol)s prints %(number)d totals of these projects.",
        number,
    )
    title, _language = heading_of(printed)
    prints = text % {"symbol": isolated(printed["symbol"]), "number": number} if number else ""
    said = sentences([prints, *described_in_words(selection)])
    source = source_of(selection, cited(printed.symbol, printed.paragraphs("", "priority_area")))
    caption = Caption(title, said, source, address=address)
    return blocks_image(squares, key_of(selection, each), caption, shape)


def svg_file(svg: str, name: str) -> HttpResponseBase:
    return as_download(HttpResponse(svg, content_type="image/svg+xml"), name, "svg")


def charted(
    lines: tuple[Line, ...], caption: Caption, axis: Axis | None = None
) -> HttpResponseBase:
    """Return lines as a Plotly figure, in JSON."""
    from .charts import figure  # noqa: PLC0415 - plotly is loaded when a chart is asked for

    drawn = figure(lines, caption, get_language() or "", axis)
    return HttpResponse(drawn, content_type="application/json")


def address_of(request: HttpRequest) -> str:
    """Return where a picture's page is, without http://, in an order that no Arabic changes."""
    page, asked = request.path.rpartition("/")[0] + "/", request.GET.copy()
    asked.pop("shape", None)
    for no_page in ("reports/matrix/", "cards/"):
        page = page.removesuffix(no_page)
    return isolated(f"{request.get_host()}{page}{'?' if asked else ''}{asked.urlencode()}")


def series_of(shape: Shape, subtitle: str | Promise = NO_LINE, address: str = "") -> str:
    figures, steps = [], series()[-MOST_COUNTS:]
    for figure, *_others in steps:
        words = labelled(figure.report.day, _(figure.counted))
        marks = in_a_row(figure.flags).replace(" ", "\u00a0")
        figures.append((figure.printed, f"{words} [{marks}]" if marks else words))
    key = stopped(separated(labelled(flag, flag.label) for flag in Flag))
    title = _("What each report counts")
    symbols = in_a_row(map(isolated, symbols_of(steps)))
    source = sentences([key, source_of(Selection(Asked()), symbols)])
    return numbers_image(figures, Caption(title, str(subtitle), source, address=address), shape)


class Picture(FilteredData):
    """A breakdown as a picture."""

    reader_class = PictureFilter

    def answer(self, slug: str, extension: str) -> HttpResponseBase:
        one = breakdown(slug, self.selection)
        shape = self.reader.shape_asked
        caption = replace(caption_of(one, self.selection), address=address_of(self.request))
        svg = bars(one.lines, caption, SHAPES[shape])
        name = file_name_of(f"{slug}-{version_of(self.asked)}", parameters_of(self.asked.narrowing))
        return svg_file(svg, f"{name}-{shape}")


def caption_of_pair(a: Selection, b: Selection, drawn: Pair) -> Caption:
    return Caption(" · ".join(drawn.names), sentence(a, b), source_of(a))


class ComparisonPicture(RefusedAsText):
    """Two sets of projects as a picture."""

    reader_class = ComparisonPictureQuery

    def answer(self, extension: str) -> HttpResponseBase:
        a, b = self.reader.cleaned_data["a"], self.reader.cleaned_data["b"]
        drawn = most_telling(paired(a, b, self.reader.in_shares), a, b)
        shape = self.reader.shape_asked
        caption = replace(caption_of_pair(a, b, drawn), address=address_of(self.request))
        svg = bars(drawn.lines, caption, SHAPES[shape], drawn.names)
        return svg_file(svg, f"{self.reader.file_name}-{shape}")


class MatrixPicture(RefusedAsText):
    """A square for each project, as a picture."""

    reader_class = MatrixQuery

    def answer(self, extension: str) -> HttpResponseBase:
        selection = Selection(Asked.of(self.reader.edition_asked))
        shape = self.reader.shape_asked
        name = f"matrix-{version_of(selection.asked)}-{shape}"
        return svg_file(matrix_of(selection, SHAPES[shape], address_of(self.request)), name)


class Card(QueryView):
    """The picture that other sites show for a page: of its figure, or of the register."""

    def answer(self, slug: str) -> HttpResponseBase:
        selection, address = Selection(Asked()), address_of(self.request)
        if slug in BREAKDOWNS:
            chart = breakdown(slug, selection)
            svg = bars(chart.lines, replace(caption_of(chart, selection), address=address), CARD)
        elif slug == SERIES:
            svg = series_of(CARD, address=address)
        else:
            svg = matrix_of(selection, CARD, address)
        response = HttpResponse(png_of(svg), content_type="image/png")
        response["Cache-Control"] = f"public, max-age={CARD_AGE}"
        return response
