"""Text for the next report: what its basis prints, in the report's own words.

Numbers follow the United Nations Editorial Manual ("Numbers, dates and time", www.un.org/dgacm):
under 10 in words, from 10 in figures, in one sentence all as the highest; none begins a sentence.
What the report does not state is a range, never a single number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import apnumber
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from projects.asking import Asked, Links, Selection, Words
from projects.asking.answer import State
from projects.asking.links import pairs_of, parameters_of
from projects.asking.reference import citation, moment_of, sourced, version_of
from projects.asking.sentences import sentence_about
from projects.citations import filled, labelled, official_address, sentences
from projects.cube import VOCABULARIES
from projects.exports import Footnotes, new_document, saved
from projects.listing import file_name_of
from projects.models import Edition
from projects.pages import FilteredView, RefusedAsText
from projects.ranges import PUBLISHED_DIMENSIONS
from projects.text import all_of, capitalized, in_xml, isolated
from projects.vocabulary import NOT_STATED

from .files import download
from .models import Category, Figure, Report, Topic
from .queries import DraftFilter
from .reconciliation import agrees, figures_of_projects, other_figures

HIGHEST_IN_WORDS = 9
NUMBER = "{number}"  # its place in words of the report
# The report's words before what it counts by each dimension.
BEGINNINGS = dict(
    zip(PUBLISHED_DIMENSIONS, ("areas_begin", "scopes_begin", "regions_begin"), strict=True)
)
FOOTNOTE_MARK = "¹"  # in plain text


@dataclass(frozen=True)
class Piece:
    """Some words or a number; `old` is the other source's number, empty unless it differs."""

    text: str
    old: str = ""


@dataclass(frozen=True)
class Drafted:
    """A draft, and `notes` for its footnote.

    `compared` of its `numbers` figures are in the other source.
    """

    paragraphs: tuple[tuple[Piece, ...], ...]
    notes: tuple[str, ...]
    numbers: int
    compared: int

    @property
    def differs(self) -> bool:
        return any(piece.old for piece in chain(*self.paragraphs))

    @property
    def texts(self) -> list[str]:
        return ["".join(piece.text for piece in pieces) for pieces in self.paragraphs]


class Drafter:
    """Writes the report's sentences on what is asked for.

    `others` are the figures to compare with, by dimension and value.
    """

    def __init__(
        self, selection: Selection, report: Report, others: Mapping[tuple[str, str], Figure]
    ) -> None:
        self.selection, self.report, self.others = selection, report, others
        self.conditions = selection.asked.conditions
        self.printed = selection.answers.printed
        self.categories = report.words_for

    def drafted(self) -> Drafted:
        words = self.report.words, self.report.words_of_one
        areas = [*self._clauses([("", "")], [words]), *self._counted("priority_area")]
        spread = [*self._counted("scope"), *self._counted("region")]
        # As in the report: focus areas, then geographic spread.
        paragraphs = [[*areas, *spread]] if self.conditions else [areas, spread]
        keys = [("", ""), *chain(*self._shown.values())]
        is_said = len(keys) > 1 and len(self.conditions) < 2
        if not is_said or self.selection.answer.state != State.PUBLISHED:
            paragraphs[0].append([Piece(sentence_about(Asked(), self.selection.answer))])
        return Drafted(
            tuple(tuple(_series(one, " ", " ")) for one in paragraphs if one),
            tuple(filter(None, (self._reading(), self._register(keys)))),
            len(keys),
            sum(key in self.others for key in keys),
        )

    @cached_property
    def _shown(self) -> dict[str, list[tuple[str, str]]]:
        """The printed figures that are asked for, by dimension: all if nothing is."""
        asked = self.conditions or dict.fromkeys(PUBLISHED_DIMENSIONS, ())
        return {
            dimension: [
                (dimension, value)
                for value in chosen or VOCABULARIES[dimension].values
                if (dimension, value) in self.printed.figures
            ]
            for dimension, chosen in asked.items()
            # Of regions by scope the answer has both readings, in one sentence.
            if dimension != "region" or not chosen or "scope" not in asked
        }

    @property
    def lacks_words(self) -> bool:
        """Whether the words of a number that is shown, or those before it, are not entered."""
        keys = [*chain(*self._shown.values())]
        begun = [self._begin(dimension) for dimension, shown in self._shown.items() if shown]
        said = [self.categories.get(key, Category()).words for key in keys]
        return not all(NUMBER in words for words in (self.report.words, *said)) or not all(begun)

    def _begin(self, dimension: str) -> str:
        return getattr(self.report, BEGINNINGS[dimension])

    def _counted(self, dimension: str) -> Iterator[list[Piece]]:
        """Yield the sentences on the values of a dimension, those with an introduction apart."""
        keys = self._shown.get(dimension, [])
        apart = [key for key in keys if self.categories[key].introduction]
        series = [key for key in keys if key not in apart]
        begin = self._begin(dimension)
        between, last = ("; ", _("; and ")) if begin.endswith(":") else (", ", _(" and "))
        if begin.endswith(":") and self.conditions:
            # Not all values follow.
            begin = _("Of these,")
        if dimension == "scope" and "priority_area" in self._shown and self.conditions:
            # Those of the areas were the last.
            begin = _("Of the %d,") % self.printed.whole
        if series:
            words = [self._words(key, key == series[0]) for key in series]
            clauses = self._clauses(series, words)
            yield [Piece(f"{begin} "), *_series(clauses, between, last), Piece(".")]
        for key in apart:
            [clause] = self._clauses([key], [self._words(key, True)])
            introduction = self.categories[key].introduction
            said = f"{introduction} {clause[0].text}" if series else capfirst(clause[0].text)
            yield [Piece(said), *clause[1:], Piece(".")]

    def _words(self, key: tuple[str, str], is_first: bool) -> tuple[str, str]:
        """Return the words of a number, and of a single project."""
        category = self.categories[key]
        if not is_first and category.words_after:
            return category.words_after, category.words_after
        return category.words, category.words_of_one or category.words

    def _clauses(
        self, keys: Sequence[tuple[str, str]], texts: Sequence[tuple[str, str]]
    ) -> list[list[Piece]]:
        numbers = [self.printed.figures[key][0] for key in keys]
        in_figures = any(number > HIGHEST_IN_WORDS for number in numbers)
        clauses = []
        for key, number, (words, of_one) in zip(keys, numbers, texts, strict=True):
            before, _number, after = (of_one if number == 1 and of_one else words).partition(NUMBER)
            other = self.others.get(key)
            old = "" if other is None or agrees(other, number) else other.printed
            written = str(number if in_figures else apnumber(number))
            clauses.append([Piece(before), Piece(written, old), Piece(after)])
        return clauses

    def _reading(self) -> str:
        """Return how the counts by region are read, if they are shown and there is a note on it."""
        note = self.report.noted.get(Topic.READING)
        return note.said if note and self._shown.get("region") else ""

    def _register(self, keys: Sequence[tuple[str, str]]) -> str:
        """Return what the register now has where it has other numbers than the report."""
        whole = Selection(Asked.of(self.selection.asked.edition)).answers
        counted = []
        for dimension, value in keys:
            answer = whole.of({dimension: [value]}) if dimension else whole.of()
            if answer.differs:
                number = answer.filed
                entries = ngettext("%d entry", "%d entries", number) % number
                if dimension:
                    label = VOCABULARIES[dimension](value).label
                    names = {"entries": entries, "label": label}
                    entries = _("%(entries)s under “%(label)s”") % names
                counted.append(entries)
        return _("This register now has %s.") % all_of(counted) if counted else ""


def _series(items: Sequence[list[Piece]], between: str, last: str) -> list[Piece]:
    pieces = [*items[0]]
    for place, item in enumerate(items[1:], start=2):
        pieces += [Piece(last if place == len(items) else between), *item]
    return pieces


class Draft(FilteredView):
    """Paragraphs for the next report; `extension` txt gives them as plain text."""

    reader_class = DraftFilter

    def answer(self, extension: str = "") -> HttpResponseBase:
        drafted = self.drafted
        if extension:
            text = self.refusal
            if drafted:
                text = "\n\n".join([*filter(None, [self.preface]), *drafted.texts])
                text = f"{text}{FOOTNOTE_MARK}\n\n{FOOTNOTE_MARK} {self.footnote}"
            file = HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8")
            return self.named_in_english(file)
        old, place = self.reader.compared_with, self.selection.answers.printed["cited"]
        context = self.context() | {
            "refusal": self.refusal,
            "after": filled(_("The text below is written after %(place)s."), {"place": place}),
            "drafted": drafted,
            "footnote": self.footnote,
            "selectors": self.reader.selectors,
            "hidden": pairs_of(self.asked.narrowing.but(edition=None)),
            "old": old,
            "inexact": other_figures(old) if isinstance(old, Report) else [],
        }
        return render(self.request, "reports/draft.html", context)

    @cached_property
    def refusal(self) -> str:
        """Why there is no draft; empty if there is one."""
        if not self.selection.answers.printed.whole:
            return _("No report has been entered yet.")
        conditions = self.asked.conditions
        is_of_others = self.asked.queries or conditions.keys() - PUBLISHED_DIMENSIONS
        if is_of_others or NOT_STATED in chain(*conditions.values()):
            return _("There is text for priority areas, scopes and regions only.")
        if self._drafter.lacks_words:
            text = _("There is no text: the words in which %s counts this have not been entered.")
            return text % self._drafter.report
        return ""

    @property
    def preface(self) -> str:
        """The reader's language says that the draft is in English; empty in English."""
        if not self.drafted or get_language() == settings.LANGUAGE_CODE:
            return ""
        address = official_address(self.selection.answers.printed.symbol)
        official = capitalized(labelled(_("official text"), isolated(address))) if address else ""
        return sentences([_("This text is in English."), official])

    def named_in_english(self, file: HttpResponseBase) -> HttpResponseBase:
        """Return a file, whose text is in English if there is a draft."""
        if self.drafted:
            file["Content-Language"] = settings.LANGUAGE_CODE
        return file

    @cached_property
    def drafted(self) -> Drafted | None:
        if self.refusal:
            return None
        with translation.override(settings.LANGUAGE_CODE):  # that of the report's words
            return self._drafter.drafted()

    @cached_property
    def _drafter(self) -> "Drafter":
        old, others = self.reader.compared_with, {}
        if isinstance(old, Edition):
            printed = Selection(self.asked.but(edition=old)).answers.printed.figures
            others = {key: Figure(value=number) for key, (number, _place) in printed.items()}
        elif old:
            others = figures_of_projects(old)
        return Drafter(self.selection, Report.published.of(self.asked.edition), others)

    @property
    def footnote(self) -> str:
        if not self.drafted:
            return ""
        words = Words(self.selection)
        with translation.override(settings.LANGUAGE_CODE):
            page = f"{reverse('draft')}{Links(self.asked).filter_suffix}"
            address = self.request.build_absolute_uri(page)
            sentence = sourced(words.sentence, self.asked)
            source = citation(self.asked, address, sentence)
            return sentences([source, *self.drafted.notes])


class DraftDocument(RefusedAsText, Draft):
    """The text for your report as a Word file, with a footnote."""

    def answer(self, extension: str = "docx") -> HttpResponseBase:
        document = new_document(_("Text for your report"), moment_of(self.asked))
        footnotes = Footnotes(document)
        if said := self.refusal or self.preface:
            document.add_paragraph(in_xml(said))
        for text in self.drafted.texts if self.drafted else []:
            paragraph = document.add_paragraph(in_xml(text), "English")
        if self.footnote:
            style = "FootnoteEnglish" if self.preface else "footnotetext"
            footnotes.refer(paragraph, self.footnote, style)
        name = file_name_of(f"draft-{version_of(self.asked)}", parameters_of(self.asked))
        return self.named_in_english(download(saved(document), name, "docx"))
