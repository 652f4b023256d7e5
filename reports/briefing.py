"""A briefing on any list or figure: a Word document of two to four pages, for a meeting."""

import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import Any

from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from docx.document import Document
from docx.oxml import parse_xml
from docx.shared import Mm, Pt

from projects.asking import Asked, Links, ProjectFilter, Rows, Selection, Words
from projects.asking.activities import kinds_of
from projects.asking.fields import ChoiceField
from projects.asking.filters import taking
from projects.asking.reference import edition_words, moment_of, version_of
from projects.asking.sentences import stopped
from projects.citations import labelled, sentences
from projects.exports import TERMS, Footnotes, new_document, saved, snapshot
from projects.listing import Listing, file_name_of
from projects.pages import RefusedAsText
from projects.profile import Profile
from projects.text import in_a_row, in_xml, separated, with_basis
from projects.views import Export

from .breakdowns import BREAKDOWNS, breakdown
from .cards import png_of
from .comparison import Side, most_telling
from .cross_table import cross_table
from .files import download
from .illustrations import caption_of_pair, series_of
from .images import Shape, bars, caption_of, register_of, source_of
from .linked_data import heading_of
from .queries import ComparisonQuery, CrossTableFilter, Layout
from .series import NO_LINE, series

CROSS_TABLE = "cross-table"
FIGURES = [(slug, slug) for slug in (*BREAKDOWNS, CROSS_TABLE)]
CHART, WIDTH, FIRST_COLUMN = Shape("", 1600, None, 30), 170, 50
ANSWER_SIZE, SMALL = Pt(14), Pt(7)
MOST_COLUMNS = 6  # of numbers in the size of other texts
# The described activities that two pages have room for, and their letters.
MOST_ACTIVITIES, MOST_LETTERS = 20, 9_000
Figure = tuple[str, str, Callable[[Document], None]]  # with its title and sentence
STYLES = {"h1": "Heading 1", "h2": "Heading 2", "li": "List Bullet"}


class BriefingFilter(ProjectFilter):
    """The filters, and the figure of the first page; by default of what is not filtered."""

    layout = ("figure",)

    figure = taking(ChoiceField, choices=FIGURES)


class TableBriefingFilter(CrossTableFilter):
    """The same for the two-way table, which has a layout, but none that was made at random."""

    layout = ("figure", "rows", "columns", "view", "percent")

    table = None
    figure = taking(ChoiceField, choices=FIGURES)


class BriefingDocument(Export):
    reader_class = BriefingFilter

    def read(self, query):
        self.is_table = query.get("figure") == CROSS_TABLE
        return (TableBriefingFilter if self.is_table else BriefingFilter)(query)

    @snapshot()
    def answer(self, extension):
        return briefing((_table if self.is_table else _chart)(self.selection), self.selection)


class ComparisonBriefing(RefusedAsText):
    reader_class = ComparisonQuery

    @snapshot()
    def answer(self, extension):
        a, b = self.reader.cleaned_data["a"], self.reader.cleaned_data["b"]
        drawn = most_telling(a, b, self.reader.in_shares)
        caption, title = caption_of_pair(a, b, drawn), " · ".join(drawn.names)
        svg = bars(drawn.lines, replace(caption, headline="", subtitle=""), CHART, drawn.names)
        rows = [labelled(one.label, in_a_row(bar.text for bar in one.bars)) for one in drawn.lines]
        draw = partial(_draw, svg=svg, title=caption.title, rows=rows, source=caption.source)
        return briefing((title, caption.subtitle, draw), a, b)


class SeriesBriefing(RefusedAsText):
    @snapshot()
    def answer(self, extension):
        steps, title = series(), _("What each report counts")
        rows = [labelled(one.report, one.with_unit) for one, *_others in steps]
        draw = partial(_draw, svg=series_of(CHART, ""), title=title, rows=rows)
        shown = (title, str(NO_LINE), draw), Selection(Asked())
        return briefing(*shown, template="reports/briefing_series.xml", steps=steps)


def briefing(
    figure: Figure, *selections: Selection, template: str = "reports/briefing.xml", **known: Any
) -> HttpResponseBase:
    """Return a document: the answer with a figure, then what is behind it, by the template."""
    (title, sentence, draw), asked = figure, max((s.asked for s in selections), key=moment_of)
    document = new_document(title, moment_of(asked))
    notes = Footnotes(document)
    known |= {"parts": [_part(one, len(selections)) for one in selections], "terms": TERMS}
    text = render_to_string(template, known | {"sentence": sentence})
    for element in parse_xml(in_xml(" ".join(text.split()))):
        if element.tag == "figure":
            draw(document)
            continue
        line = document.add_paragraph((element.text or "").lstrip(), STYLES.get(element.tag))
        line.paragraph_format.page_break_before = bool(element.get("page"))
        for part in element:
            if part.tag == "note":
                notes.refer(line, part.text)
            else:
                line.add_run(part.text).bold = True
            line.add_run(part.tail)
        if element.tag == "answer":
            line.runs[0].font.size = ANSWER_SIZE
    name = file_name_of(f"briefing-{version_of(asked)}-{title}", {})
    return download(saved(document), name.lower(), "docx")


def _part(selection: Selection, of: int) -> dict[str, Any]:
    """Return what there is to say of one of several selections, in its share of the room."""
    asked, words, described = selection.asked, Words(selection), selection.answer.activities
    listing, shown = Listing(words, Links(asked)), [*_described(selection, of)]
    return {
        "name": Side(selection).name if of > 1 else "",
        "selection": selection,
        "words": words,
        "shown": shown,
        "described": described,
        "kinds": stopped(kinds_of(selection.answer)) if described else "",
        "left": described - len(shown),
        "closed": listing.closed,
        "missing": Counter(label for one in shown for label in one.missing).items(),
        "register": register_of(selection),
        "edition": edition_words(asked) if asked.edition else "",
    }


def _described(selection: Selection, of: int) -> Iterator[Profile]:
    """Yield the described activities that match by what is stated, as many as have room."""
    rows, most, letters = Rows(selection), MOST_ACTIVITIES // of, 0
    found = chain.from_iterable(one.for_detail()[:most] for one in (rows.placed, rows.others))
    for project in islice(found, most):
        profile = Profile(project, selection)
        texts = [project.title, project.summary, *(one.value for one in profile.known)]
        texts += [one.words for one in project.quoted.values()]
        letters += sum(map(len, texts))
        if letters > MOST_LETTERS // of:
            return
        yield profile


def _chart(selection: Selection) -> Figure:
    asked, words = selection.asked, Words(selection)
    unasked = (slug for slug, (name, _title) in BREAKDOWNS.items() if name not in asked.conditions)
    one = breakdown(asked.layout.get("figure") or next(unasked, "priority-area"), selection)
    caption = caption_of(one, selection)
    svg = bars(one.lines, replace(caption, headline="", subtitle=""), CHART)  # which is above it
    rows = [labelled(row.label, with_basis(row.answer.short, row.answer.basis)) for row in one.rows]
    draw = partial(_draw, svg=svg, title=one.title, rows=rows, source=source_of(selection))
    if "figure" in asked.layout:
        return caption.title, one.sentence, draw
    title = words.subject or heading_of(selection.answers.printed)[0]
    return title, words.sentence, draw


def _draw(document: Document, svg: str, title: str, rows: Sequence[str], source: str = "") -> None:
    said = labelled(title, separated(rows)), source
    drawn = document.add_picture(io.BytesIO(png_of(svg)), Mm(WIDTH))
    drawn._inline.docPr.set("descr", in_xml(sentences(map(stopped, filter(None, said)))))


def _table(selection: Selection) -> Figure:
    from .frames import grid_of  # noqa: PLC0415 - pandas takes 0.3 s to load

    layout = Layout.of({name: [value] for name, value in selection.asked.layout.items()})
    found = cross_table(selection, layout)
    subject = Words(selection).subject
    title = labelled(found.title, subject) if subject else found.title
    return title, found.sentence, partial(_write_table, grid=grid_of(found), notes=found.notes[1:])


def _write_table(document: Document, grid: list[list[str]], notes: list[str]) -> None:
    """Write the table with its longer side downwards."""
    grid = grid if len(grid) >= len(grid[0]) else [[*column] for column in zip(*grid, strict=True)]
    others = len(grid[0]) - 1
    table = document.add_table(len(grid), others + 1, style="Table Grid")
    table.table_direction = True if get_language_bidi() else None
    widths = [FIRST_COLUMN, *[(WIDTH - FIRST_COLUMN) / others] * others]
    for place, (row, texts) in enumerate(zip(table.rows, grid, strict=True)):
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            run = cell.paragraphs[0].add_run(in_xml(text.removeprefix("? ")))
            run.bold, cell.width = not place, Mm(width)
            run.font.size = SMALL if others > MOST_COLUMNS else None
    for note in notes:
        document.add_paragraph(note)
