"""What the register's report says of a number in a text: a mark with its reason and its source.

A number is that of an `Answer`: the same question has the same number here as everywhere. One that
merely fits a printed number is nothing; where it is not sure what a number counts, nothing is said.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from itertools import accumulate, chain
from typing import Any

from django.utils.translation import gettext as _

from projects.asking import Asked, Selection
from projects.asking.answer import Answer, State
from projects.asking.asked import OPEN_FACETS
from projects.asking.phrases import of_all
from projects.asking.published import published
from projects.asking.sentences import sentence_about
from projects.citations import CitedText, cited, filled
from projects.text import quoted, words_of
from projects.vocabulary import Comparator

from ..library.text import SENTENCE
from ..models import Paragraph, Report
from ..models.document import Document
from .claims import Claim, Token
from .findings import (
    Finding,
    Mark,
    Passage,
    not_understood,
    of_figure,
    of_other_report,
    with_source,
)
from .reading import LEFT_OUT, QUOTED, SYMBOL, YEAR, Sentence, sentences_in

# The most characters of a text, and statements in it.
LONGEST, MOST = 20_000, 500
# The words around a number that a paragraph has too, or the source of a figure; of a quotation.
_AROUND, _AROUND_FIGURE, _QUOTED = 8, 5, 4
# The part of a quotation's words that a sentence of the report has too.
_ALIKE = 0.6


class Checker:
    """Checks texts against the report that the register is kept equal to."""

    def __init__(self) -> None:
        self.report = published()
        self.known: dict[frozenset, Answer | None] = {}
        # Claims of a text are often of the same answer.
        self.about = cache(partial(sentence_about, Asked()))
        self.is_narrow, self.left = False, MOST
        documents = Document.objects.with_text().filter(symbol=self.report.symbol)
        self.paragraphs = [*Paragraph.objects.filter(document__in=documents)]
        self.texts = [(one.number, f" {words_of(one.text)} ") for one in self.paragraphs]
        reports = Report.published.with_figures()
        self.others = [one for one in reports if one.symbol != self.report.symbol]
        self.called = {name.casefold(): one for one in self.others for name in names_of(one)}
        longest = sorted(map(re.escape, self.called), key=len, reverse=True)
        self.names = re.compile("|".join([*longest, "(?!)"]), re.IGNORECASE)
        self.figures = [figure for one in self.others for figure in one.figures.all()]
        self.passages = [
            *(Passage(one.text, _AROUND, one.number) for one in self.paragraphs),
            *(Passage(one.words, _AROUND_FIGURE, figure=one) for one in self.figures if one.words),
        ]

    def check(self, text: str) -> list[Finding]:
        """Return what is found in a text, in its order."""
        found: list[Finding] = []
        self.is_narrow, self.left = False, MOST
        for sentence in sentences_in(text, self.report.symbol, self.names):
            # In a new paragraph "these" are no longer what the last sentence named.
            self.is_narrow = self.is_narrow and not re.match(r"\s*\n", sentence.text)
            found += self._of_sentence(sentence)
        found.sort(key=lambda one: (one.start, -one.end))
        # What is within another statement is a part of it.
        ends = accumulate((one.end for one in found), max, initial=0)
        apart = (one for one, end in zip(found, ends, strict=False) if one.start >= end)
        return [replace(one, said=text[one.start : one.end]) for one in apart]

    def _of_sentence(self, sentence: Sentence) -> Iterator[Finding]:
        quotations = [*self._quotations(sentence)]
        yield from quotations
        quoted_at = [(one.start, one.end) for one in quotations]
        claims = {one.at: one for one in sentence.claims}
        # "Of these, 27" after a sentence on something narrower than all projects.
        is_open = self.is_narrow and "pronoun" in sentence.kinds
        if claims:
            self.is_narrow = any(one.conditions for one in claims.values())
        name = self.names.search(sentence.text)
        named = self.called[name[0].casefold()] if name else None
        for token in sentence.tokens:
            at = sentence.start + token.start
            if token.kind != "number" or any(start <= at < end for start, end in quoted_at):
                continue
            if not self.left:
                return
            self.left -= 1
            claim = claims.get(token.start)
            found = self._of_words(sentence, token, named)
            if not found and named:
                found = of_other_report(sentence, token, claim, named)
            if not found and claim:
                every = [*claims.values()]
                found = not_understood() if is_open else self._of_claim(sentence, claim, every)
            if not found and token.start in sentence.next_to_terms:
                found = not_understood()
            if found:
                place: Token | Claim = token
                if claim and claim.conditions is not None:
                    place = claim
                start, end = sentence.start + place.start, sentence.start + place.end
                yield replace(found, start=start, end=end)

    def _place(self, paragraphs: str) -> CitedText:
        return cited(self.report.symbol, paragraphs)

    def _quotations(self, sentence: Sentence) -> Iterator[Finding]:
        """Yield the quotations of the report: compared with its text, word for word."""
        named, symbols = sentence.paragraphs, SYMBOL.findall(sentence.text)
        is_of_report = self.report.symbol in symbols or (
            not symbols and bool(named or "basis" in sentence.kinds)
        )
        for one in QUOTED.finditer(sentence.text) if self.texts else ():
            parts = [*filter(None, map(words_of, LEFT_OUT.split(one[0])))]
            if len(" ".join(parts).split()) < _QUOTED:
                continue
            places = [n for n, text in self.texts if all(f" {part} " in text for part in parts)]
            place = self._place(", ".join(places))
            found = Finding(Mark.PRINTED, _("The report has these words."), place)
            if not places:
                found = self._not_printed(self.report.symbol, self._nearest(parts))
            elif named and not {*named} & {*places}:
                missing = self._place(", ".join(named))
                found = self._not_printed(missing, with_source(one[0], place), place)
            if self.left and (places or is_of_report):
                self.left -= 1
                start = sentence.start + one.start()
                yield replace(found, start=start, end=start + len(one[0]))

    def _not_printed(self, place: Any, instead: Any, source: Any = "") -> Finding:
        reason = filled(_("These words are not in %(place)s."), {"place": place})
        return Finding(Mark.DIFFERS, reason, source or self.report.symbol, instead)

    @cached_property
    def _sentences(self) -> list[tuple[set[str], str, str]]:
        return [
            ({*words_of(said).split()}, said, one.number)
            for one in self.paragraphs
            for said in SENTENCE.findall(one.text)
        ]

    def _nearest(self, parts: list[str]) -> str:
        """Return the sentence of the report that has most of these words, quoted."""
        words = {*" ".join(parts).split()}
        alike = [(len(words & known), said, number) for known, said, number in self._sentences]
        count, said, number = max(alike)
        is_near = count >= _ALIKE * len(words)
        return with_source(quoted(said), self._place(number)) if is_near else ""

    def _of_words(self, sentence: Sentence, token: Token, named: Report | None) -> Finding | None:
        """Return what is printed where the words around the number are those of a source."""
        left, right, clause = sentence.around(token)
        alike = [
            (same, number == token.number, number, one)
            for one in self.passages
            for place, number in one.numbers
            if (same := one.alike(place, left, right, clause)) >= one.least
        ]
        if not alike:
            return None
        _same, is_same, number, passage = max(alike, key=lambda one: one[:2])
        if passage.figure:
            is_own = passage.figure.report_id == getattr(named, "pk", None)
            return of_figure(passage.figure, is_same) if is_same or is_own else None
        if sentence.places - {*passage.words} or self._other_years(sentence):
            return None  # it is not said of this place, or of this day
        place = self._place(passage.paragraph)
        instead = with_source(quoted(passage.sentence_with(number)), place)
        if is_same:
            found = Finding(Mark.PRINTED, _("The report has these words."), place)
            return self._in_its_place(sentence, found, [passage.paragraph], instead)
        known = {"place": place, "number": f"{number:g}"}
        reason = filled(_("In these words %(place)s has %(number)s."), known)
        return Finding(Mark.DIFFERS, reason, place, instead)

    def _other_years(self, sentence: Sentence) -> set[str]:
        return {*YEAR.findall(sentence.text)} - {self.report.date[:4]}

    def _in_its_place(
        self, sentence: Sentence, found: Finding, paragraphs: list[str], instead: Any
    ) -> Finding:
        """Return what is found, or that the sentence names other paragraphs for it."""
        named = sentence.paragraphs
        if not named or not paragraphs or {*named} & {*paragraphs}:
            return found
        place = self._place(", ".join(named))
        reason = filled(_("%(place)s does not have this number."), {"place": place})
        return replace(found, mark=Mark.DIFFERS, reason=reason, instead=instead)

    def _answer(self, conditions: Mapping[str, frozenset[str]]) -> Answer | None:
        """Return the register's answer; None of several entities, countries or years."""
        key = frozenset(conditions.items())
        if key not in self.known:
            in_cube = {one: values for one, values in conditions.items() if one not in OPEN_FACETS}
            linked = [
                (one, value) for one in {*conditions} - {*in_cube} for value in conditions[one]
            ]
            selection, answer = Selection(Asked.of(None, **in_cube)), None
            if not linked:
                answer = selection.answer
            elif len(linked) == 1 and linked[0][0] in ("entity", "country"):
                answer = selection.answer_with(*linked[0])
            self.known[key] = answer
        return self.known[key]

    def _of_claim(self, sentence: Sentence, claim: Claim, every: list[Claim]) -> Finding:
        years = self._other_years(sentence)
        is_named = "basis" in sentence.kinds or self.report.symbol in sentence.text
        if claim.conditions is None or not self.report.whole or (years and not is_named):
            return not_understood()
        if not (claim.conditions or claim.is_share or claim.number == self.report.whole):
            said = claim.comparator, claim.number
            is_about = is_named or "population" in sentence.kinds
            for one in self.figures:
                if is_about and said == (one.comparator, one.value) and said[0] != Comparator.EQUAL:
                    return of_figure(one, True)
            parts = parts_of(claim, every)
            total = self._answer(parts) if parts else None
            if total and total.number == claim.number:
                return self._compared(sentence, claim, total)
            if parts or not is_about:
                return not_understood()
        answer = self._answer(claim.conditions)
        if answer is None:
            return not_understood()
        return (self._share if claim.is_share else self._compared)(sentence, claim, answer)

    def _compared(self, sentence: Sentence, claim: Claim, answer: Answer) -> Finding:
        said, place = self.about(answer), self._source_of(answer)
        ranges = [one for one in (answer.range, answer.literal) if one]
        possible = {n for one in ranges for n in range(one.low, one.high + 1)}
        if answer.of_whole is not None:
            possible = {answer.of_whole, *possible}
        fits: set[bool | None] = {claim.fits(number) for number in possible}
        if answer.number is not None and answer.of_whole is None:
            # The report prints "more than 12".
            fits = {
                (claim.comparator == answer.comparator and claim.number == answer.number) or None
            }
        if fits == {True}:
            is_said = claim.comparator in (answer.comparator, Comparator.ABOUT)
            is_printed = is_said and (answer.number, 1) == (claim.number, len(answer.printed))
            found = Finding(Mark.FOLLOWS, said, place)
            if is_printed:
                found = Finding(Mark.PRINTED, _("The number is in the report."), place)
            return self._in_its_place(sentence, found, answer.paragraphs, said)
        if fits == {False} and answer.state in (State.PUBLISHED, State.RANGE):
            reason = _("The report has another number.")
            if answer.number is None:
                reason = _("The report’s totals do not allow this number.")
            return Finding(Mark.DIFFERS, reason, place, said)
        if answer.of_whole is not None:
            return not_understood()
        if answer.state == State.RANGE:
            reason = _("The report’s totals allow several numbers.")
            return Finding(Mark.UNKNOWN, reason, place, said)
        return Finding(Mark.UNKNOWN, _("The report does not count this."), self.report.symbol, said)

    def _source_of(self, answer: Answer) -> CitedText:
        """Return where the report prints the number, or the totals that limit it."""
        facets = [facet for facet, _values in answer.conditions]
        return self._place(answer.paragraph or self.report.paragraphs(*facets))

    def _share(self, sentence: Sentence, claim: Claim, answer: Answer) -> Finding:
        """Return what is true of per cent of all projects; of regions nothing is."""
        said, place = sentence_about(Asked(), answer), self._source_of(answer)
        if answer.is_open:
            reason = _("The report’s totals allow several numbers.")
            return Finding(Mark.UNKNOWN, reason, place, said)
        if not (claim.of_whole and answer.number and claim.conditions) or answer.is_of_region:
            return not_understood()
        share = 100 * answer.number / self.report.whole
        if counted := of_all(answer, in_share=True):
            said = with_source(counted, place)
        is_exact = claim.comparator in (Comparator.EQUAL, Comparator.ABOUT)
        if claim.fits(round(share, int(claim.number % 1 > 0)) if is_exact else share):
            return self._in_its_place(
                sentence, Finding(Mark.FOLLOWS, said, place), answer.paragraphs, said
            )
        if is_exact and abs(share - claim.number) < 1:
            return not_understood()  # cut off, not rounded
        return Finding(Mark.DIFFERS, _("The report has another number."), place, said)


def parts_of(whole: Claim, every: Iterable[Claim]) -> dict[str, frozenset[str]]:
    """Return the areas, or the scopes, of all numbers after one that is their total."""
    parts = [one.conditions for one in every if one.at > whole.at and one.conditions]
    facets = {facet for one in parts for facet in one}
    if len(facets) != 1 or len(parts) < 2:
        return {}
    facet = facets.pop()
    return {facet: frozenset(chain.from_iterable(one[facet] for one in parts))}


def names_of(report: Report) -> list[str]:
    return [*filter(None, (report.symbol, report.title.partition(":")[0], report.called))]


@dataclass(frozen=True)
class Checked:
    """A text with what is found in it."""

    text: str = field(repr=False)  # so that no log has it

    @cached_property
    def findings(self) -> list[Finding]:
        return Checker().check(self.text)

    @property
    def pieces(self) -> list[tuple[str, Finding | None]]:
        """The text in pieces, each with the finding that it is about, if any."""
        found, start = list[tuple[str, Finding | None]](), 0
        for one in self.findings:
            found += [(self.text[start : one.start], None), (one.said, one)]
            start = one.end
        return [*found, (self.text[start:], None)]

    @property
    def counted(self) -> list[tuple[Mark, int]]:
        """The marks that there are, each with how many statements have it."""
        marks = Counter(one.mark for one in self.findings)
        return [(mark, marks[mark]) for mark in Mark if marks[mark]]

    def as_data(self) -> dict[str, Any]:
        return {
            "characters": len(self.text),
            "marks": {mark.value: number for mark, number in self.counted},
            "statements": [one.as_data() for one in self.findings],
        }
