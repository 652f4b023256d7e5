"""The addresses of pictures: of breakdowns and of the matrix as SVG, of cards as PNG."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from projects.asking import Asked, Selection
from projects.asking.links import parameters_of
from projects.asking.reference import version_of
from projects.asking.selection import cubes, table_cube
from projects.asking.sentences import stopped
from projects.citations import labelled, sentences
from projects.listing import file_name_of
from projects.pages import FilteredData, QueryView, RefusedAsText
from projects.text import in_a_row, separated
from projects.vocabulary import PriorityArea, Provenance

from .breakdowns import BREAKDOWNS, Line, breakdown
from .cards import matrix_image, numbers_image, png_of
from .comparison import Pair, most_telling, sentence
from .files import as_download
from .images import CARD, SHAPES, Axis, Caption, Shape, bars, caption_of, source_of
from .linked_data import entries_of, heading_of
from .models import Flag
from .queries import ComparisonPictureQuery, MatrixQuery, PictureFilter
from .series import NO_LINE, series, symbols_of

MATRIX, SERIES = "matrix", "series"
# The card of every page that shows no figure, and all cards.
SITE = MATRIX
CARDS = (SITE, SERIES, *BREAKDOWNS)
CARD_AGE = 3600  # seconds
MOST_COUNTS = 5  # that have room on a card


def matrix_of(selection: Selection, shape: Shape) -> str:
    answer, printed = selection.answer, selection.answers.printed
    cube = table_cube(selection.asked.edition)
    projects = ngettext("project, %(state)s", "projects, %(state)s", selection.total)
    figures = [(answer.short, projects % {"state": answer.basis})]
    entries = entries_of(cubes(selection.asked.edition), printed.whole)
    figures += [(str(number), words) for number, words in entries]
    numbers = {
        area: selection.answers.of({"priority_area": [area.value]}).short for area in PriorityArea
    }
    title, _language = heading_of(printed)
    text = _("One square is one entry of a table of the projects that %s counts")
    if cube.counts("provenance")[Provenance.COUNTED]:
        text = _("One square is one entry of a table made to fit the totals in %s")
    subtitle, source = text % printed.symbol, source_of(selection)
    return matrix_image(cube, figures, numbers, Caption(title, subtitle, source), shape)


def svg_file(svg: str, name: str) -> HttpResponseBase:
    return as_download(HttpResponse(svg, content_type="image/svg+xml"), name, "svg")


def charted(
    lines: tuple[Line, ...], caption: Caption, axis: Axis | None = None
) -> HttpResponseBase:
    """Return lines as a Plotly figure, in JSON."""
    from .charts import figure  # noqa: PLC0415 - plotly is loaded when a chart is asked for

    drawn = figure(lines, caption, get_language() or "", axis)
    return HttpResponse(drawn, content_type="application/json")


def series_of(shape: Shape, subtitle: str | Promise = NO_LINE) -> str:
    figures, steps = [], series()[-MOST_COUNTS:]
    for one, *_others in steps:
        words = labelled(one.report.day, _(one.counted))
        figures.append((one.printed, f"{words} [{in_a_row(one.flags)}]" if one.flags else words))
    key = stopped(separated(labelled(flag, flag.label) for flag in Flag))
    title = _("What each report counts")
    source = sentences([key, source_of(Selection(Asked()), in_a_row(symbols_of(steps)))])
    return numbers_image(figures, Caption(title, str(subtitle), source), shape)


class Picture(FilteredData):
    reader_class = PictureFilter

    def answer(self, slug, extension):
        one = breakdown(slug, self.selection)
        shape = self.reader.shape_asked
        svg = bars(one.lines, caption_of(one, self.selection), SHAPES[shape])
        name = file_name_of(f"{slug}-{version_of(self.asked)}", parameters_of(self.asked.narrowing))
        return svg_file(svg, f"{name}-{shape}")


def caption_of_pair(a: Selection, b: Selection, drawn: Pair) -> Caption:
    known = {"by": drawn.sides[0].dimension_label.lower(), "names": " · ".join(drawn.names)}
    return Caption(_("%(names)s: by %(by)s") % known, sentence(a, b), source_of(a))


class ComparisonPicture(RefusedAsText):
    reader_class = ComparisonPictureQuery

    def answer(self, extension):
        a, b = self.reader.cleaned_data["a"], self.reader.cleaned_data["b"]
        drawn = most_telling(a, b, self.reader.in_shares)
        shape = self.reader.shape_asked
        svg = bars(drawn.lines, caption_of_pair(a, b, drawn), SHAPES[shape], drawn.names)
        return svg_file(svg, f"{self.reader.file_name}-{shape}")


class MatrixPicture(RefusedAsText):
    reader_class = MatrixQuery

    def answer(self, extension):
        selection = Selection(Asked.of(self.reader.edition_asked))
        shape = self.reader.shape_asked
        name = f"matrix-{version_of(selection.asked)}-{shape}"
        return svg_file(matrix_of(selection, SHAPES[shape]), name)


class Card(QueryView):
    """The picture that other sites show for a page: of its figure, or of the register."""

    def answer(self, slug):
        selection = Selection(Asked())
        if slug in BREAKDOWNS:
            one = breakdown(slug, selection)
            svg = bars(one.lines, caption_of(one, selection), CARD)
        else:
            svg = series_of(CARD) if slug == SERIES else matrix_of(selection, CARD)
        response = HttpResponse(png_of(svg), content_type="image/png")
        response["Cache-Control"] = f"public, max-age={CARD_AGE}"
        return response
