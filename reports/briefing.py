"""A briefing on any list or figure: a Word document of two to four pages, for a meeting."""

import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import Any

from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from docx.document import Document
from docx.oxml import parse_xml
from docx.shared import Mm, Pt

from projects.asking import Asked, Links, ProjectFilter, Rows, Selection, Words
from projects.asking.activities import kinds_of
from projects.asking.fields import ChoiceField
from projects.asking.filters import taking
from projects.asking.phrases import may_match
from projects.asking.reference import edition_words, moment_of, version_of
from projects.asking.sentences import stopped
from projects.citations import labelled, sentences
from projects.exports import TERMS, Footnotes, add_table, new_document, saved, snapshot
from projects.listing import Listing, file_name_of
from projects.pages import RefusedAsText
from projects.profile import Profile
from projects.text import in_xml, separated, with_basis
from projects.views import Export

from .breakdowns import BREAKDOWNS, breakdown, breakdowns
from .cards import png_of
from .comparison import Side, paired, sentence
from .cross_table import cross_table
from .files import download
from .illustrations import series_of
from .images import Shape, bars, caption_of, register_of, source_of
from .linked_data import heading_of
from .queries import ComparisonQuery, CrossTableFilter, Layout
from .series import NO_LINE, series

CROSS_TABLE = "cross-table"
FIGURES = [(slug, slug) for slug in (*BREAKDOWNS, CROSS_TABLE)]
CHART, WIDTH, FIRST_COLUMN = Shape("", 1600, None, 23), 170, 50
SMALL = Pt(7)
MOST_COLUMNS = 6  # of numbers in the size of other texts
MOST_ACTIVITIES = 12  # described, that two pages have room for
# With its title and sentence.
Figure = tuple[str, str, Callable[[Document], None] | None]
STYLES = {"answer": "Subtitle", "h1": "Heading 1", "li": "List Bullet"}


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
    """A briefing on the projects that match, or on a figure, as a Word file."""

    reader_class = BriefingFilter

    def read(self, query: QueryDict) -> Any:
        self.is_table = query.get("figure") == CROSS_TABLE
        return (TableBriefingFilter if self.is_table else BriefingFilter)(query)

    @snapshot()
    def answer(self, extension: str) -> HttpResponseBase:
        selection = self.selection
        if self.is_table:
            return briefing(_table(selection), selection)
        return briefing(_chart(selection), selection, numbers=breakdowns(selection))


class ComparisonBriefing(RefusedAsText):
    """A briefing on two sets of projects, as a Word file."""

    reader_class = ComparisonQuery

    @snapshot()
    def answer(self, extension: str) -> HttpResponseBase:
        a, b = self.reader.cleaned_data["a"], self.reader.cleaned_data["b"]
        pairs = paired(a, b, self.reader.in_shares)
        figure = " · ".join(pairs[0].names), sentence(a, b), None
        return briefing(figure, a, b, template="reports/briefing_comparison.xml", pairs=pairs)


class SeriesBriefing(RefusedAsText):
    """A briefing on what each report counts, as a Word file."""

    @snapshot()
    def answer(self, extension: str) -> HttpResponseBase:
        steps, title = series(), _("What each report counts")
        rows = [labelled(one.report, one.with_unit) for one, *_others in steps]
        draw = partial(_draw, svg=series_of(replace(CHART, unit=30), ""), title=title, rows=rows)
        shown = (title, str(NO_LINE), draw), Selection(Asked())
        return briefing(*shown, template="reports/briefing_series.xml", steps=steps)


def briefing(
    figure: Figure, *selections: Selection, template: str = "reports/briefing.xml", **known: Any
) -> HttpResponseBase:
    """Return a document: the answer with a figure, then what is behind it, by the template."""
    (title, said, draw), asked = figure, max((s.asked for s in selections), key=moment_of)
    document = new_document(title, moment_of(asked))
    notes = Footnotes(document)
    known |= {"parts": [_part(one, len(selections)) for one in selections], "terms": TERMS}
    known |= {"title": title, "sentence": said, "is_drawn": bool(draw)}
    text = render_to_string(template, known)
    for element in parse_xml(in_xml(" ".join(text.split()))):
        if draw and element.tag == "figure":
            draw(document)
        elif element.tag == "table":
            widths = [float(width) for width in element.get("widths").split()]
            fill = partial(_fill, notes=notes)
            add_table(document, element.get("title"), widths, [*map(list, element)], fill)
        else:
            line = document.add_paragraph(style=STYLES.get(element.tag))
            line.paragraph_format.page_break_before = bool(element.get("page"))
            _write(line, element, notes)
    name = file_name_of(f"briefing-{version_of(asked)}-{title}", {})
    return download(saved(document), name.lower(), "docx")


def _fill(cell: Any, element: Any, notes: Footnotes) -> None:
    """Write what a cell has: its paragraphs, or its words as one."""
    for number, content in enumerate(element.findall("p") or [element]):
        line = cell.add_paragraph() if number else cell.paragraphs[0]
        line.style = content.get("style", "Table Text")
        _write(line, content, notes)


def _write(line: Any, element: Any, notes: Footnotes) -> None:
    """Write the words of an element, with those of its parts that are bold or footnotes."""
    line.add_run((element.text or "").lstrip())
    for part in element:
        if part.tag == "note":
            notes.refer(line, "".join(part.itertext()))
        else:
            font = line.add_run("".join(part.itertext()).lstrip()).font
            font.bold = font.cs_bold = part.tag == "b" or None
        line.add_run(part.tail)


def _part(selection: Selection, of: int) -> dict[str, Any]:
    """Return what there is to say of one of several selections, in its share of the room."""
    asked, words, answer = selection.asked, Words(selection), selection.answer
    listing, shown = Listing(words, Links(asked)), _described(selection, of)
    return {
        "name": Side(selection).name if of > 1 else "",
        "selection": selection,
        "words": words,
        "shown": shown,
        "described": answer.activities,
        "kinds": stopped(kinds_of(answer)) if answer.activities else "",
        "left": answer.activities - len(shown),
        "closed": listing.closed,
        "may_be": may_match("in_matrix", answer.may_be) if answer.may_be else "",
        "missing": Counter(label for one in shown for label in one.missing).items(),
        "register": register_of(selection),
        "edition": edition_words(asked) if asked.edition else "",
    }


def _described(selection: Selection, of: int) -> list[Profile]:
    """Return the described activities that match by what is stated, as many as have room."""
    rows, most = Rows(selection), MOST_ACTIVITIES // of
    found = chain.from_iterable(one.for_detail()[:most] for one in (rows.placed, rows.others))
    return [Profile(project, selection) for project in islice(found, most)]


def _chart(selection: Selection) -> Figure:
    asked, words = selection.asked, Words(selection)
    unasked = (slug for slug, (name, _title) in BREAKDOWNS.items() if name not in asked.conditions)
    one = breakdown(asked.layout.get("figure") or next(unasked, "priority-area"), selection)
    caption = caption_of(one, selection)
    svg = bars(one.lines, replace(caption, headline="", subtitle=""), CHART)  # which is above it
    rows = [labelled(row.label, with_basis(row.answer.short, row.answer.basis)) for row in one.rows]
    picture = partial(_draw, svg=svg, title=one.title, rows=rows, source=source_of(selection))
    # Nothing is drawn of numbers that are all 0.
    draw = picture if any(row.bar.end for row in one.rows) else None
    if "figure" in asked.layout:
        return caption.headline or caption.title, one.sentence, draw
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
    draw = partial(_write_table, title=title, grid=grid_of(found), notes=found.notes[1:])
    return title, found.sentence, draw


def _write_table(document: Document, title: str, grid: list[list[str]], notes: list[str]) -> None:
    """Write the table with its longer side downwards."""
    grid = grid if len(grid) >= len(grid[0]) else [[*column] for column in zip(*grid, strict=True)]
    others = len(grid[0]) - 1
    widths = [FIRST_COLUMN, *[(WIDTH - FIRST_COLUMN) / others] * others]

    def write(cell: Any, text: str) -> None:
        run = cell.paragraphs[0].add_run(in_xml(text.removeprefix("? ")))
        run.font.size = SMALL if others > MOST_COLUMNS else None

    add_table(document, title, widths, grid, write)
    for note in notes:
        document.add_paragraph(note)
