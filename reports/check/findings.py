"""What can be found of a number in a text: a mark, a finding, and passages with the same words."""

import operator
import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, takewhile
from typing import Any

from django.db.models import TextChoices
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.citations import CitedText, filled
from projects.text import fold, words_of

from ..library.text import SENTENCE
from ..models import Figure, Report, Unit
from .claims import Claim, Token
from .reading import Sentence, prose

# The words after a number that its unit is among.
_UNIT_WITHIN = 6
_WORD = re.compile(r"\w+")


class Mark(TextChoices):
    PRINTED = "printed", gettext_lazy("Printed")
    FOLLOWS = "follows", gettext_lazy("Follows from the report")
    DIFFERS = "differs", gettext_lazy("Differs")
    UNKNOWN = "cannot-be-known", gettext_lazy("Cannot be known")
    OTHER_SOURCE = "other-source", gettext_lazy("Other source")
    NOT_RECOGNISED = "not-recognised", gettext_lazy("Not recognised")


@dataclass(frozen=True)
class Finding:
    """A statement of a text, its mark and why; `instead` is what can be said in its place."""

    mark: Mark
    reason: Any = ""
    source: Any = ""
    instead: Any = ""
    start: int = 0
    end: int = 0
    said: str = field(default="", repr=False)

    def as_data(self) -> dict[str, Any]:
        place = {"start": self.start, "end": self.end, "text": self.said, "mark": self.mark.value}
        texts = {"reason": self.reason, "source": self.source, "instead": self.instead}
        return place | {name: str(text) or None for name, text in texts.items()}


def not_understood() -> Finding:
    reason = _("It is not clear what the number counts, so nothing is said about it.")
    return Finding(Mark.NOT_RECOGNISED, reason)


@dataclass(frozen=True)
class Passage:
    """A text with numbers: a paragraph of the report, or what a source of a figure says.

    A text means it if at least this many words around a number are the same.
    """

    text: str
    least: int
    paragraph: str = ""
    figure: Figure | None = None

    @cached_property
    def words(self) -> list[str]:
        return [fold(one) for one in _WORD.findall(self.text)]

    @cached_property
    def numbers(self) -> list[tuple[int, float]]:
        found = ((place, _number(one)) for place, one in enumerate(self.words))
        return [(place, number) for place, number in found if number is not None]

    def alike(self, place: int, left: list[str], right: list[str], clause: int) -> int:
        """Return how many words are the same: before the place, counted back, and after it.

        It is 0 where others follow within the words of the number's clause: they count another
        thing of the same list.
        """
        preceding = islice(reversed(self.words), len(self.words) - place, None)
        following = islice(self.words, place + 1, None)
        before = sum(takewhile(bool, map(operator.eq, preceding, left)))
        after = sum(takewhile(bool, map(operator.eq, following, right)))
        is_whole = after >= min(clause, self.least, len(self.words) - place - 1)
        return before + after if is_whole else 0

    def sentence_with(self, number: float) -> str:
        found = SENTENCE.findall(self.text)
        return next((one for one in found if number in map(_number, _WORD.findall(one))), "")


def _number(word: str) -> float | None:
    if word.isdecimal():
        return float(word)
    kind, _is, value = prose().get(word, "").partition("=")
    return float(value) if kind == "number" else None


def with_source(said: Any, place: Any) -> CitedText:
    return filled(_("%(said)s (%(place)s)."), {"said": said, "place": place})


def of_other_report(
    sentence: Sentence, token: Token, claim: Claim | None, report: Report
) -> Finding | None:
    """Return what is found of a number with the unit of a figure of a report that is named."""
    after = words_of(sentence.text[token.end :]).split()[:_UNIT_WITHIN]
    for one in report.figures.all():
        if _units(one) & {*after}:
            if one.value == token.number:
                return of_figure(one, True)
            if claim and claim.conditions is not None and one.unit == Unit.PROJECTS:
                return of_figure(one, False)
    return None


def _units(figure: Figure) -> set[str]:
    """Return the last word of its number with the unit, in the language of now and in English."""
    with_unit = figure.with_unit
    with translation.override("en"):
        return {words_of(text).split()[-1] for text in (with_unit, figure.with_unit)}


def of_figure(figure: Figure, is_same: bool) -> Finding:
    """Return what another report counts, which is compared with nothing here."""
    source = capfirst(figure.report.called or figure.report.title)
    known = {"figure": figure.with_unit, "of": _(figure.counted)}
    said = filled(_("Another report’s count: %(figure)s (%(of)s)."), known)
    if not is_same:
        return Finding(Mark.DIFFERS, _("The source has another number."), source, said)
    return Finding(Mark.OTHER_SOURCE, said, source)
