"""Citations: markers where texts are written, words in the reader's language where they are read.

`{cite:A/74/677#para-8,9}` cites two paragraphs of a document, `{cite:A/74/677#fn-4}` a footnote.
Other words than the sign follow a bar: `{cite:A/74/677#para-8|the eighth paragraph}`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from .text import all_of, followed_by, isolated, left_to_right

MARKER = re.compile(r"\{cite:([^#{}|]*)#((?:para|fn)-[0-9]+(?:,(?:fn-)?[0-9]+)*)(?:\|([^{}|]+))?\}")
# The number of a paragraph, or of a footnote with "fn" before it, as records have them.
PLACES = re.compile(r"(?:fn)?[0-9]+")
# A citation alone in its English form, as the column `source` has it: three digits at most, so
# that no run is too long.
_IN_ENGLISH = re.compile(r"([^,;]+), paras?\. ([0-9]{1,3}(?:(?:–|, | and )[0-9]{1,3})*)")
_RUN = re.compile(r"([0-9]+)(?:–([0-9]+))?")
# More numbers than these have the plural of these, also where it ends in one.
_MANY = 5


@dataclass(frozen=True)
class Citation:
    """What a marker cites; `said` are the words that it has instead of a sign and numbers."""

    document: str
    paragraphs: tuple[int, ...] = ()
    footnotes: tuple[int, ...] = ()
    said: str = ""

    def pieces(self, here: str = "", space: str = " ") -> Iterator[tuple[str, str]]:
        """Yield the words, each with the place that it is of: "24", "fn4", or "" for none.

        The document `here`, which the reader knows, is not named. Of a single place all words are.
        `space` is between a sign and its numbers.
        """
        places = [*map(str, self.paragraphs), *(f"fn{one}" for one in self.footnotes)]
        pieces = [*self._pieces(here, space)]
        if len(places) == 1 or self.said:
            pieces = [(self.said or "".join(words for words, _place in pieces), places[0])]
        yield from pieces

    def _pieces(self, here: str, space: str) -> Iterator[tuple[str, str]]:
        signs = {
            "": ngettext("para. %s", "paras. %s", min(len(self.paragraphs), _MANY)),
            "fn": ngettext("footnote %s", "footnotes %s", min(len(self.footnotes), _MANY)),
        }
        parts = [] if self.document in ("", here) else [[(isolated(self.document), "")]]
        for kind, numbers in (("", self.paragraphs), ("fn", self.footnotes)):
            if numbers:
                before, _numbers, after = signs[kind].replace(" ", space).partition("%s")
                split = re.split("([0-9]+)", _in_runs(numbers))
                linked = [(one, f"{kind}{one}" if one.isdigit() else "") for one in split]
                parts.append([(before, ""), *linked, (after, "")])
        for place, part in enumerate(parts):
            yield from [(followed_by("", ""), "")] if place else []
            yield from part


def marker(document: str, paragraphs: str) -> str:
    """Return the marker of paragraphs as records have them: "22, 24"; without any, the document."""
    once = dict.fromkeys(PLACES.findall(paragraphs))
    found = sorted(once, key=lambda place: place.startswith("fn"))
    places = ",".join(found).replace("fn", "fn-")
    if not places:
        return document
    kind = "" if places.startswith("fn") else "para-"
    return f"{{cite:{re.sub('[#{}|]', ' ', document)}#{kind}{places}}}"


def read(found: re.Match[str]) -> Citation:
    """Return the citation of a match of `MARKER`."""
    document, places, said = found.groups()
    paragraphs, _sign, footnotes = f",{places}".replace("para-", "").partition("fn-")
    numbers = [tuple(map(int, re.findall("[0-9]+", one))) for one in (paragraphs, footnotes)]
    return Citation(document, numbers[0], numbers[1], said or "")


def in_words(text: str) -> str:
    """Return a text with words in place of its markers."""
    return MARKER.sub(lambda found: "".join(words for words, _place in read(found).pieces()), text)


def cited(document: str, paragraphs: str) -> "CitedText":
    """Return a citation: "A/74/677, paras. 8 and 9"; without paragraphs, the document."""
    return CitedText(marker(document, paragraphs))


def official_address(document: Any) -> str:
    """Return where the official text of a document is in the reader's language, but for English."""
    symbol, language = str(document or ""), (get_language() or "en").partition("-")[0]
    is_there = language != "en" and re.match(r"[AES]/", symbol)
    return f"https://undocs.org/{language}/{symbol}" if is_there else ""


class CitedText(str):
    """A text in words, in the language in which it was made; pages link what it cites.

    `marked` is the same with markers.
    """

    marked: str

    def __new__(cls, text: Any) -> "CitedText":
        made = super().__new__(cls, in_words(marked(text)))
        made.marked = marked(text)
        return made

    def __str__(self) -> str:
        return self  # as SafeString does, so that templates and lazy texts keep the markers


def marked(text: Any) -> str:
    """Return a text with its markers; any other text as it is."""
    return getattr(text, "marked", None) or str.__str__(str(text))


@dataclass(frozen=True)
class _Marked:
    known: Any

    def __getitem__(self, name: str) -> Any:
        value = self.known[name]
        if isinstance(value, int):
            return value
        # What somebody typed is no marker.
        text = str(value)
        is_ours = isinstance(text, CitedText)
        return marked(text) if is_ours else text.replace("{cite:", "{\N{WORD JOINER}cite:")


def filled(text: Any, known: Any) -> CitedText:
    """Return a text with the values that its placeholders name; what they cite can be linked."""
    return CitedText(marked(text) % _Marked(known))


def sentences(texts: Iterable[Any]) -> CitedText:
    """Return sentences one after the other, as the language writes them, but for empty ones."""
    said, *others = [marked(one) for one in texts if one] or [""]
    for one in others:
        # Translators: two sentences.
        said = _("%(first)s %(next)s") % {"first": said, "next": one}
    return CitedText(said)


def without_stop(sentence: Any) -> CitedText:
    """Return a sentence as a title: without its full stop."""
    return CitedText(marked(sentence).rstrip(".。"))


def author() -> str:
    """Return who publishes the register, as the setting PUBLISHER says, else the site's name."""
    return settings.PUBLISHER.partition(" ")[2] or _("PVE matrix")


def labelled(label: Any, value: Any) -> CitedText:
    """Return a label and its value: "Region: Africa"."""
    return filled(_("%(facet)s: %(value)s"), {"facet": label, "value": value})


def place_of(source: str) -> tuple[str, str]:
    """Return document and paragraphs ("44, 45, 46, 52") of a citation in its English form.

    Both are empty where the text is anything else: free text is not searched.
    """
    match = _IN_ENGLISH.fullmatch(source.strip())
    if not match:
        return "", ""
    runs = (range(int(first), int(last or first) + 1) for first, last in _RUN.findall(match[2]))
    paragraphs = ", ".join(map(str, sorted({number for run in runs for number in run})))
    return (match[1], paragraphs) if paragraphs else ("", "")


def validate_markers(text: str) -> None:
    """Raise ValidationError for what begins as a marker and is none."""
    if "{cite:" in MARKER.sub("", text):
        raise ValidationError(
            _("A citation is written so: {cite:A/74/677#para-8}, or {cite:A/74/677#fn-4}.")
        )


def _in_runs(numbers: Iterable[int]) -> str:
    """Return numbers in runs: "44–46 and 52"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words: list[str] = []
    for run in runs:
        words += [left_to_right(f"{run[0]}–{run[-1]}")] if len(run) > 2 else map(str, run)
    return all_of(words)
