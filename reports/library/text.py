"""The text of a document, and what is connected with each paragraph."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import Count
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from projects.asking import Asked, Selection
from projects.asking.answer import Answer
from projects.asking.words import with_marks
from projects.citations import cited
from projects.models import Project, Quotation
from projects.text import searchable, words_of
from projects.vocabulary import Provenance

from ..breakdowns import BREAKDOWNS
from ..models import LEARNED, PLACES, Document, Kind, Paragraph, Report, Statement
from ..models.document import LEFT_OUT
from ..reconciliation import Reconciled, reconcile

# The digits of a footnote's mark in a text.
MARKS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
# Up to its stop, with the marks of footnotes and quotations that follow it.
SENTENCE = re.compile(rf"\S.*?(?:[.?!][”{MARKS}]*(?=\s+[A-Z“]|\s*\Z)|\Z)", re.DOTALL)

# A figure that a paragraph prints, with the register's count, how that is known, and the figure's
# per cent of the report's largest.
Printed = tuple[Reconciled, Answer | None, int]


@dataclass
class Passage:
    """A paragraph with its footnotes, the headings above it, and what refers to it.

    `charts` are the breakdowns of its `figures`; `counted` is the number of entries that are only
    counted there; `named` are bodies and documents, `statements` all others.
    """

    paragraph: Paragraph
    terms: Collection[str]
    before: Paragraph | None = None
    after: Paragraph | None = None
    part: str = ""
    section: str = ""
    notes: list[Paragraph] = field(default_factory=list)
    figures: list[Printed] = field(default_factory=list)
    charts: list[tuple[str, Any]] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    counted: int = 0
    named: list[Statement] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    @property
    def words(self) -> SafeString:
        """The paragraph with marks at the `terms` of a search, and links to its footnotes."""
        return linked_to_notes(with_marks(self.paragraph.text, self.terms), self.notes)

    @property
    def held(self) -> list[str]:
        return held([self])

    @property
    def has_lesson(self) -> bool:
        return any(one.kind in LEARNED for one in self.statements)


# Made once: each is a class of its own, which takes half a millisecond. They are lazy because a
# language may leave the number out of the form of one.
_ACTIVITIES = ngettext_lazy("%d activity", "%d activities")
_TOTALS = ngettext_lazy("%d total", "%d totals")
_LESSONS = ngettext_lazy("%d lesson or practice", "%d lessons and practices")
_STATEMENTS = ngettext_lazy("%d statement", "%d statements")
_OTHER_STATEMENTS = ngettext_lazy("%d other statement", "%d other statements")


def held(passages_here: list[Passage]) -> list[str]:
    """Return what was read from paragraphs, each thing counted once, e.g. "4 activities"."""
    activities = {each.pk for one in passages_here for each in one.projects}
    said = {each.pk: each.kind for one in passages_here for each in (*one.statements, *one.named)}
    lessons = sum(kind in LEARNED for kind in said.values())
    totals = {each[0].figure.pk for one in passages_here for each in one.figures}
    words = [
        (len(activities), _ACTIVITIES),
        (len(totals), _TOTALS),
        (lessons, _LESSONS),
        (len(said) - lessons, _OTHER_STATEMENTS if lessons else _STATEMENTS),
    ]
    return [label % number for number, label in words if number]


def words_read(document: Document, read: str) -> list[str]:
    """Return the words that a statement, or a project's value, was read from; numbers as such."""
    if read[:1].isdigit():
        return read.split(",")
    key, _dot, name = read.partition(".")
    projects = Project.published.filter(reference=key)
    quoted = Quotation.objects.filter(project__in=projects, field=name, document=document.symbol)
    said = Statement.published.filter(code=read, document=document)
    found = [*quoted.values_list("words", flat=True), *said.values_list("quotation", flat=True)]
    return [piece for words in found for piece in words.split(LEFT_OUT) if piece]


def passages(
    document: Document,
    said: Iterable[Statement],
    is_found: Callable[[str], bool] = bool,
    terms: Collection[str] = (),
) -> list[Passage]:
    """Return a document's paragraphs whose folded text is found, with statements out of `said`."""
    by_number: dict[str, Passage] = {}
    for paragraph in document.paragraphs.all():
        if paragraph.is_footnote:
            by_number[paragraph.carried_by].notes.append(paragraph)
            by_number[paragraph.number] = by_number[paragraph.carried_by]
            continue
        by_number[paragraph.number] = Passage(paragraph, terms)
    _attach_references(document, by_number, said)
    texts = [one for number, one in by_number.items() if number == one.paragraph.number]
    for passage, other in pairwise(texts):
        passage.after, other.before = other.paragraph, passage.paragraph
    sought = [
        passage
        for passage in texts
        if is_found(searchable(passage.paragraph.text, *(note.text for note in passage.notes)))
    ]
    _set_headings(sought)
    return sought


def sentences_read(project: Project) -> list[tuple[str, SafeString]]:
    """Return the sentences that a project was read from, by their place, with the words marked.

    Where the text is not in the register, or has other words, these are the quoted words alone.
    """
    quoted: dict[str, list[Quotation]] = {}
    for quotation in project.quoted.values():
        quoted.setdefault(quotation.place, []).append(quotation)
    documents = {one.document for one in project.quoted.values()}
    texts: dict[tuple[str, str], str] = {
        (symbol, number): text
        for symbol, number, text in Paragraph.objects.filter(
            document__symbol__in=documents
        ).values_list("document__symbol", "number", "text")
    }
    passages_read = []
    for place, quotations in quoted.items():
        numbers = quotations[0].paragraphs.split(", ")
        text = " ".join(texts.get((quotations[0].document, number), "") for number in numbers)
        # The title names the project; nothing was read from it.
        words = [one.words for one in quotations]
        read = [one.words for one in quotations if one.field != "title"] or words
        passage = _sentences_with(text, words) or LEFT_OUT.join(dict.fromkeys(words))
        passages_read.append((place, with_marks(passage, [f" {words_of(one)} " for one in read])))
    return passages_read


def _sentences_with(text: str, words: list[str]) -> str:
    """Return the sentences of a text that have some of the words; empty if not all are found."""
    passage, last = "", -1
    for place, sentence in enumerate(SENTENCE.findall(text)):
        if any(one in sentence for one in words):
            between = " " if place == last + 1 else LEFT_OUT
            passage, last = f"{passage}{between if passage else ''}{sentence}", place
    return passage if all(one in passage for one in words) else ""


def text_found(document: Document, is_found: Callable[[str], bool]) -> list[Paragraph]:
    """Return the paragraphs of a document whose folded text is found, then their footnotes."""
    every = list(document.paragraphs.all())
    texts: dict[str, list[str]] = {}
    for one in every:
        texts.setdefault(one.carried_by or one.number, []).append(one.text)
    found = {number for number, parts in texts.items() if is_found(searchable(*parts))}
    return [one for one in every if (one.carried_by or one.number) in found]


def linked_to_notes(text: str, notes: list[Paragraph]) -> SafeString:
    notes_of = {note.number.removeprefix("fn"): note for note in notes}
    pieces = []
    for piece in re.split(f"([{MARKS}]+)", conditional_escape(text)):
        number = piece.translate(str.maketrans(MARKS, "0123456789"))
        shown = SafeString(piece)
        if number != piece and number in notes_of:
            name = _("Footnote %(number)s") % {"number": number}
            link = '<a href="#{}" aria-label="{}">{}</a>'
            shown = format_html(link, notes_of[number].anchor, name, shown)
        pieces.append((shown,))
    return format_html_join("", "{}", pieces)


def _set_headings(passages: list[Passage]) -> None:
    part = section = ""
    for one in passages:
        paragraph = one.paragraph
        if paragraph.part != part:
            part, section = paragraph.part, ""
            one.part = f"{part}. {paragraph.part_heading}"
        if paragraph.section and paragraph.section != section:
            section = paragraph.section
            one.section = f"{section.rpartition('.')[2]}. {paragraph.section_heading}"


def _attach_references(
    document: Document, by_number: dict[str, Passage], said: Iterable[Statement]
) -> None:
    _attach_figures(document, by_number)
    entries = Project.published.filter(cited_document=document.symbol)
    quoting = Project.published.filter(quotations__document=document.symbol)
    described = (entries | quoting).exclude(provenance=Provenance.COUNTED).distinct()
    for project in described.prefetch_related("quotations"):
        for passage in _at(_cited(document, project), by_number):
            passage.projects.append(project)
    counted = entries.filter(provenance=Provenance.COUNTED).order_by()
    for places, count in counted.values_list("cited_paragraphs").annotate(Count("pk")):
        for passage in _at(PLACES.findall(places), by_number):
            passage.counted += count
    for statement in (one for one in said if one.document_id == document.pk):
        for passage in _at(statement.places, by_number):
            is_named = statement.kind in (Kind.BODY, Kind.DOCUMENT)
            (passage.named if is_named else passage.statements).append(statement)


def _at(numbers: Iterable[str], found: dict[str, Passage]) -> list[Passage]:
    """Return the passages with these paragraphs and footnotes, each once."""
    passages = [found[number] for number in numbers if number in found]
    return [*{id(one): one for one in passages}.values()]


def _attach_figures(document: Document, found: dict[str, Passage]) -> None:
    report = Report.published.with_figures().filter(symbol=document.symbol).first()
    if report is None:
        return
    for printed in _printed(report):
        for one in _at(PLACES.findall(printed[0].figure.paragraph), found):
            one.figures.append(printed)
    for slug, (dimension, title) in BREAKDOWNS.items() if report.is_basis else ():
        for one in _at(PLACES.findall(report.paragraphs_of(dimension)), found):
            one.charts.append((slug, title))


def _printed(report: Report) -> list[Printed]:
    selection = Selection(Asked())
    most = max((figure.value for figure in report.figures.all()), default=0) or 1
    printed: list[Printed] = []
    for compared in reconcile(report):
        asked = compared.figure.asked() if compared.query or not compared.figure.query else None
        answer = None
        is_counted = compared.figure.is_of_projects if report.is_basis else compared.figure.is_total
        if asked and asked.is_of_vocabularies and is_counted:
            answer = selection.answers.of(asked.conditions)
        printed.append((compared, answer, round(100 * compared.figure.value / most)))
    return printed


def _cited(document: Document, project: Project) -> set[str]:
    quoted = [one.paragraphs for one in project.quotations.all() if one.document == document.symbol]
    own = [project.cited_paragraphs] if project.cited_document == document.symbol else []
    return {number for places in (*own, *quoted) for number in PLACES.findall(places)}


def sections(found: list[Passage]) -> Sequence[tuple[Paragraph, str, list[str]]]:
    """Return the first paragraph below each heading, the place of all, and what they hold."""
    starts = [place for place, one in enumerate(found) if one.part or one.section]
    made = []
    for start, end in pairwise([*starts, len(found)]):
        places = cited("", ", ".join(one.paragraph.number for one in found[start:end]))
        made.append((found[start].paragraph, places, held(found[start:end])))
    return made
