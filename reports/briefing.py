"""A briefing on any list: a Word document of two to four pages, for a meeting."""

from collections import Counter
from itertools import chain, islice
from typing import Any

from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from docx.oxml import parse_xml

from projects.asking import Links, Rows, Selection, Words
from projects.asking.activities import kinds_of
from projects.asking.filters import ProjectFilter
from projects.asking.phrases import may_match
from projects.asking.reference import edition_words, moment_of, version_of
from projects.asking.sentences import stopped
from projects.exports import TERMS, Footnotes, add_table, new_document, saved, snapshot
from projects.listing import Listing, file_name_of
from projects.profile import Profile
from projects.text import in_xml
from projects.views import Export

from .breakdowns import breakdowns
from .files import download
from .images import register_of
from .overview import heading_of

MOST_ACTIVITIES = 12  # described, that two pages have room for
STYLES = {"answer": "Subtitle", "h1": "Heading 1", "li": "List Bullet"}


class Briefing(Export):
    """A briefing on the projects that match, as a Word file."""

    # It has no columns to choose.
    reader_class = ProjectFilter

    @snapshot()
    def answer(self, extension: str) -> HttpResponseBase:
        """Return a document: the answer with numbers, then what is behind it, by the template."""
        known = said_of(self.selection)
        document = new_document(known["title"], moment_of(self.asked))
        notes = Footnotes(document)

        def fill(cell: Any, element: Any) -> None:
            """Write what a cell has: its paragraphs, or its words as one."""
            for number, content in enumerate(element.findall("p") or [element]):
                line = cell.add_paragraph() if number else cell.paragraphs[0]
                line.style = content.get("style", "Table Text")
                _write(line, content, notes)

        text = render_to_string("reports/briefing.xml", known)
        for element in parse_xml(in_xml(" ".join(text.split()))):
            if element.tag == "table":
                widths = [float(width) for width in element.get("widths").split()]
                add_table(document, element.get("title"), widths, [*map(list, element)], fill)
            else:
                line = document.add_paragraph(style=STYLES.get(element.tag))
                line.paragraph_format.page_break_before = bool(element.get("page"))
                _write(line, element, notes)
        name = file_name_of(f"briefing-{version_of(self.asked)}-{known['title']}", {})
        return download(saved(document), name.lower(), extension)


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


def said_of(selection: Selection) -> dict[str, Any]:
    """Return what there is to say of the projects that are asked for."""
    asked, words, answer = selection.asked, Words(selection), selection.answer
    printed, rows = selection.answers.printed, Rows(selection)
    found = chain.from_iterable(
        one.for_detail()[:MOST_ACTIVITIES] for one in (rows.placed, rows.others)
    )
    # Described activities that match by what is stated, as many as have room.
    shown = [Profile(project, selection) for project in islice(found, MOST_ACTIVITIES)]
    return {
        "title": words.subject or heading_of(printed)[0],
        "words": words,
        "answer": answer,
        "printed": printed,
        "numbers": breakdowns(selection),
        "shown": shown,
        "kinds": stopped(kinds_of(answer)) if answer.activities else "",
        "left": answer.activities - len(shown),
        "closed": Listing(words, Links(asked)).closed,
        "may_be": may_match("in_matrix", answer.may_be) if answer.may_be else "",
        "missing": Counter(label for one in shown for label in one.missing).items(),
        "register": register_of(selection),
        "edition": edition_words(asked) if asked.edition else "",
        "terms": TERMS,
    }
