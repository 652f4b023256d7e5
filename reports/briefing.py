"""A briefing on any list or figure: a Word document of two to four pages, for a meeting."""

import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import IO, Any

from django.http import FileResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from docx.document import Document
from docx.oxml import parse_xml
from docx.shared import Mm, Pt

from projects.asking import ProjectFilter, Selection, Words
from projects.asking.fields import ChoiceField
from projects.asking.filters import taking
from projects.asking.words import edition_words, is_named, moment_of
from projects.exports import TERMS, Footnotes, new_document, saved, snapshot
from projects.pages import CONTENT_TYPES
from projects.profile import Profile
from projects.text import in_xml
from projects.views import Export
from projects.vocabulary import Provenance

from .breakdowns import BREAKDOWNS, Breakdown, breakdown
from .cards import png_of
from .images import Caption, Shape, bars, caption_of, register_of
from .queries import CrossTableFilter, layout_of

CROSS_TABLE = "cross-table"
FIGURES = [(slug, slug) for slug in (*BREAKDOWNS, CROSS_TABLE)]
CHART, WIDTH, FIRST_COLUMN = Shape("", 1600, None, 30), 170, 50
ANSWER_SIZE, SMALL = Pt(14), Pt(7)
MOST_COLUMNS = 6  # of numbers in the size of other texts
# The described activities that two pages have room for, and their letters.
MOST_ACTIVITIES, MOST_LETTERS = 20, 9_000
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
        is_table = query.get("figure") == CROSS_TABLE
        return (TableBriefingFilter if is_table else BriefingFilter)(query)

    def docx(self):
        with snapshot():
            file = write_briefing(Selection(self.asked))
        return FileResponse(file, content_type=CONTENT_TYPES["docx"])


def write_briefing(selection: Selection) -> IO[bytes]:
    """Return an open temporary file: the answer with a figure, then what is behind it."""
    is_table = selection.asked.layout.get("figure") == CROSS_TABLE
    title, sentence, draw = (_table if is_table else _chart)(selection)
    document = new_document(title, moment_of(selection.asked))
    notes = Footnotes(document)
    text = render_to_string("reports/briefing.xml", _context(selection, sentence))
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
    return saved(document)


def _context(selection: Selection, sentence: str) -> dict[str, Any]:
    asked, counts = selection.asked, selection.listed.cube.counts("provenance")
    described = counts[Provenance.NAMED] + counts[Provenance.CONFIRMED]
    shown = [*_described(selection)]
    return {
        "selection": selection,
        "words": Words(selection),
        "sentence": sentence,
        "shown": shown,
        "described": described,
        "perhaps_counted": counts[Provenance.NAMED],
        "left": described - len(shown),
        "placeholders": counts[Provenance.COUNTED],
        "missing": Counter(label for one in shown for label in one.missing).items(),
        "register": register_of(selection),
        "edition": edition_words(asked) if asked.edition else "",
        "terms": TERMS,
    }


def _described(selection: Selection) -> Iterator[Profile]:
    """Yield the described activities that match by what is stated, as many as have room."""
    rows = selection.listed.rows.exclude(provenance=Provenance.COUNTED)
    letters = 0
    for project in rows.for_detail()[:MOST_ACTIVITIES]:
        profile = Profile(project, selection)
        texts = [project.title, project.summary, *(one.value for one in profile.known)]
        texts += [one.words for one in project.quoted.values()]
        letters += sum(map(len, texts))
        if letters > MOST_LETTERS:
            return
        yield profile


Figure = tuple[str, str, Callable[[Document], None]]  # with its title and sentence


def _chart(selection: Selection) -> Figure:
    asked, words = selection.asked, Words(selection)
    unasked = (slug for slug, (name, _title) in BREAKDOWNS.items() if name not in asked.conditions)
    one = breakdown(asked.layout.get("figure") or next(unasked, "priority-area"), selection)
    caption = caption_of(one, selection)
    draw = partial(_draw, one=one, caption=replace(caption, subtitle=""))  # which is above it
    if "figure" in asked.layout:
        return caption.title, one.sentence, draw
    # A sentence that does not name what is counted follows its subject.
    subject = "" if is_named(selection.answer) else f"{words.projects}: "
    title = words.subject or _("United Nations projects on preventing violent extremism")
    return title, f"{subject}{words.sentence}", draw


def _draw(document: Document, one: Breakdown, caption: Caption) -> None:
    png = png_of(bars(one.lines, caption, CHART))
    rows = [f"{row.label}: {row.answer.short} ({row.answer.basis})" for row in one.rows]
    drawn = document.add_picture(io.BytesIO(png), Mm(WIDTH))
    drawn._inline.docPr.set("descr", in_xml(f"{one.title}: {'; '.join(rows)}."))


def _table(selection: Selection) -> Figure:
    from .cross_table import Layout, cross_table  # noqa: PLC0415 - pandas, when asked for

    layout = layout_of({name: [value] for name, value in selection.asked.layout.items()})
    found = cross_table(selection, Layout(**layout))
    names = {"rows": found.rows_label, "columns": found.columns_label}
    title = _("%(rows)s by %(columns)s") % names
    whole = ": ".join(filter(None, [title, Words(selection).subject]))
    return whole, found.sentence, partial(_write_table, grid=found.grid, notes=found.notes[1:])


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
