"""Reads a draft: its sentences, and what each says next to a number.

A number is read only next to words that the register knows, by the recognizer of searches: what it
knows is a condition, `prose.csv` has what says nothing of what is counted, and any other word means
that nothing is claimed of the number. Dates, money, pages and symbols are no numbers here.
"""

import csv
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise, takewhile
from pathlib import Path

from projects.asking.asked import FACETS, KNOWLEDGE
from projects.asking.recognized import key_of, pieces
from projects.languages import searched_as
from projects.text import fold, words_of
from projects.vocabulary import TOLERANCE, Comparator

_WORD = re.compile(r"\w+")
# The most words around a number that are compared.
_NEAR = 40
_PROSE = Path(__file__).parent / "prose.csv"
# A number after one of these begins no sentence.
_ABBREVIATIONS = "para paras par pars párr párrs no nos art arts vol ch fig sec approx п пп № ст"
_NO_END = "".join(rf"(?<!\b{one}\.)" for one in _ABBREVIATIONS.split())
_SENTENCE = re.compile(
    rf"\S.*?(?:[.!?][”\"»)\]]*(?=\s+[A-ZÀ-ÖØ-ÞА-Я“«\"(\[]|{_NO_END}\s+[0-9]|\s*\Z)|[。！？؟]|(?=\n)|\Z)",
    re.DOTALL,
)
QUOTED = re.compile(
    r"“([^“”]+)”|«([^«»]+)»|„([^„“”]+)[“”]|(?<!\w)\"([^\"\n]+)\"(?!\w)|「([^「」]+)」"
)
# Where a quotation leaves words out.
LEFT_OUT = re.compile(r"\[?(?:…|\.\.\.)\]?")
SYMBOL = re.compile(r"\b[A-Z]{1,4}(?:/[A-Z0-9][A-Za-z0-9.-]*){1,4}\b")
YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAYS = r"[0-9]{1,2}(?:\s*(?:[–-]|and|et|y|и)\s*[0-9]{1,2})?"
_AMOUNT = r"\b[0-9][0-9.,]{0,15}"
_MILLIONS = r"(?:\s?(?:thousand|million|billion|m|bn|k)\b)?"
# What has digits and is no number of projects. Lengths stay, so that places do.
_NO_NUMBER = re.compile(
    rf"(?:https?://|www\.)\S+|\S{{1,64}}@\S{{1,64}}|{SYMBOL.pattern}|[0-9]{{1,4}}/[0-9]{{1,4}}"
    rf"|(?:US|USD|EUR)?\s?[$€£¥]\s?{_AMOUNT}{_MILLIONS}"
    rf"|{_AMOUNT}{_MILLIONS}\s?(?:US\s+dollars?|dollars?|euros?|USD|EUR|[$€£])"
    rf"|{_AMOUNT}\s?(?:thousand|million|billion|bn)\b"
    rf"|{_DAYS}\s+(?:de\s+|of\s+)?{_MONTH}\b|{_MONTH}\s+{_DAYS}\b"
    rf"|{_DAYS}\s+(?:de\s+)?[^\W\d_]{{3,12}}\s+(?:de\s+|del\s+)?(?:19|20)[0-9]{{2}}\b"
    r"|\b(?:19|20)[0-9]{2}(?:\s?[–/-]\s?[0-9]{2,4})?\b"
    r"|\b(?:pages?|pp?\.|articles?|art\.|volumes?|vol\.|no\.|nos\.|n°|№|chapters?|sections?|tables?"
    r"|figures?|annex|résolutions?|resolutions?|footnotes?|notes?|goals?|lines?|rooms?)\s?"
    r"[0-9]{1,4}(?:\s?[–-]\s?[0-9]{1,4})?"
    r"|[0-9]{1,4}(?:st|nd|rd|th|er|e|º|ª)\b|[0-9]{1,2}:[0-9]{2}|\+[0-9][0-9 ()-]{5,20}"
    r"|[0-9]{1,4}\s?(?:–|—|-|to|à|a)\s?[0-9]{1,4}(?![0-9])|[0-9]{1,4}-(?=[a-z])|[0-9]{5,}"
    r"|\b[0-9]{1,3}(?:[,.\u00a0\u202f][0-9]{3})+\b"
    r"|[0-9]{1,4}[.,][0-9]+(?!\s?(?:%|per\s?cent))",
    re.IGNORECASE,
)
# In place of what is no number: it is no letter, and of the same length.
_HIDDEN = "¤"
_DECIMALS = re.compile(r"(?<=[0-9])[.,][0-9]{1,2}(?=\s*(?:%|per\s?cent))")
_BOUNDARY = re.compile(r"[,;:()\[\]—–،؛，；：（）、]")
# What a number can be of: the register's facets, but not how its own entries are known.
_CONDITIONS = {*FACETS} - {*KNOWLEDGE}
# They are nouns as well: "75 young women" are no projects.
_NOUNS = {"priority_area", "region", "country", "entity"}
# What may be between a number and "projects".
_BEFORE_PROJECT = _CONDITIONS | {"and", "population"}
# After these a number belongs to the words before.
_OPENING = {*"(:（："}
_SAYS_NOTHING = {
    *("ignored", "how-many", "filler", "source", "basis", "population", "of", "and", "break"),
    *("project", "comparator", "number", "pronoun"),
}


@dataclass(frozen=True)
class Token:
    """A name, a word or a number with its place in the sentence; `value` is a slug or a number."""

    start: int
    end: int
    kind: str
    value: str = ""
    before: str = ""  # the signs between it and the one before
    digits_end: int = 0  # of a number, without "per cent"

    @property
    def is_share(self) -> bool:
        return self.kind == "number" and self.value.endswith("%")

    @property
    def number(self) -> float:
        return float(self.value.rstrip("%"))


@dataclass(frozen=True)
class Claim:
    """What a sentence says with a number; `conditions` are None where it is not understood.

    `of_whole` is whether the text names all projects as what a share is of.
    """

    start: int
    end: int
    number: float
    at: int  # the place of the number
    comparator: str = Comparator.EQUAL.value
    is_share: bool = False
    conditions: Mapping[str, frozenset[str]] | None = None
    of_whole: bool = False

    def fits(self, number: float) -> bool | None:
        """Return whether this is true of a number; None where "about" is a matter of taste."""
        match self.comparator:
            case ">":
                return number > self.number
            case "≥":
                return number >= self.number
            case "<":
                return number < self.number
            case "≤":
                return number <= self.number
            case "≈":
                away = abs(number - self.number)
                return away <= TOLERANCE * number or (None if away <= number / 5 else False)
        return number == self.number


@dataclass
class Sentence:
    """A sentence of a draft, with its place there."""

    start: int
    text: str
    symbol: str = ""  # of the report
    names: re.Pattern = _NO_NUMBER  # of other reports

    @cached_property
    def tokens(self) -> list[Token]:
        return [*_with_number_words(self._tokens())]

    def _tokens(self) -> Iterator[Token]:
        plain = self.text
        for pattern in (self.names, paragraphs_named(), _NO_NUMBER):
            plain = pattern.sub(lambda found: _HIDDEN * len(found[0]), plain)
        decimals = {one.start(): one[0][1:] for one in _DECIMALS.finditer(plain)}
        plain = _DECIMALS.sub(lambda found: _HIDDEN * len(found[0]), plain)
        at = 0
        for said, meaning in pieces(plain, prose()):
            start = plain.index(said, at)
            before, at = plain[at:start], start + len(said)
            kind, _is, value = meaning.partition("=")
            if kind == "number":
                value = f"{value}.{decimals[at]}" if at in decimals else value
                rest = plain[at : at + 6].lstrip(f"{_HIDDEN} \u00a0\u202f")
                value += "%" if rest.startswith(("%", "٪")) else ""
            yield Token(start, at, kind or "unknown", value, before, at)

    @cached_property
    def words(self) -> list[tuple[int, str]]:
        """Its words, folded, each with its place."""
        return [(one.start(), fold(one[0])) for one in _WORD.finditer(self.text)]

    def around(self, token: Token) -> tuple[list[str], list[str], int]:
        """Return the words before a number, the last first, those after it, and its clause's."""
        before = bisect_left(self.words, (token.start, ""))
        after = bisect_left(self.words, (token.digits_end, ""))
        near = slice(max(before - _NEAR, 0), before), slice(after, after + _NEAR)
        left, right = ([word for _place, word in self.words[one]] for one in near)
        # As far as words are compared: the rest of a long sentence costs as much as all of it.
        end = self.words[after + _NEAR][0] if after + _NEAR < len(self.words) else None
        clause = _BOUNDARY.split(self.text[token.digits_end : end], maxsplit=1)[0]
        return left[::-1], right, len(_WORD.findall(clause))

    @cached_property
    def kinds(self) -> set[str]:
        return {one.kind for one in self.tokens}

    @cached_property
    def places(self) -> set[str]:
        """The words of the regions and countries that it names."""
        named = (one for one in self.tokens if one.kind in ("region", "country"))
        return {word for one in named for word in words_of(self.text[one.start : one.end]).split()}

    @cached_property
    def paragraphs(self) -> list[str]:
        """The paragraphs that it names, but for those of another document."""
        found, last = [], 0
        for one in paragraphs_named().finditer(self.text):
            symbols = SYMBOL.findall(self.text[last : one.start()])
            last = one.end()
            found.append((symbols[-1] if symbols else "", re.findall(r"[0-9]+", one[0])))
        return [
            number for symbol, numbers in found if symbol in ("", self.symbol) for number in numbers
        ]

    @cached_property
    def chunks(self) -> list[list[Token]]:
        """Its tokens between commas and the like, and between "and" where both sides count."""
        found: list[list[Token]] = []
        for token in _without_asides(self.tokens):
            if not found or _BOUNDARY.search(token.before) or token.kind == "break":
                found.append([])
            found[-1].append(token)
        return [part for chunk in found for part in _parts(chunk)]

    @cached_property
    def next_to_terms(self) -> set[int]:
        """The places of the numbers that have a term of the register next to them."""
        known = (part for part in self.chunks if _CONDITIONS & {one.kind for one in part})
        return {one.start for part in known for one in part if one.kind == "number"}

    @cached_property
    def claims(self) -> list[Claim]:
        """What is said with each number, in the order of the sentence."""
        return [*_claims(self.chunks)] if {"project", "number"} <= self.kinds else []


def sentences_in(text: str, symbol: str, names: re.Pattern) -> Iterator[Sentence]:
    """Yield the sentences of a text; a quotation is in one of them.

    `symbol` is that of the report, `names` finds those of others.
    """
    start = 0
    for one in _SENTENCE.finditer(text):
        said = text[start : one.end()]
        if said.count("“") <= said.count("”") and said.count("«") <= said.count("»"):
            yield Sentence(start, said, symbol, names)
            start = one.end()
    if text[start:].strip():
        yield Sentence(start, text[start:], symbol, names)


@cache
def prose() -> dict[str, str]:
    """Return the meanings of words that drafts have, and searches have not, by their keys."""
    with _PROSE.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    known = {word: row["means"] for row in rows for word in row["words"].split(";")}
    return {key_of(word): meaning for word, meaning in known.items()} | known


@cache
def paragraphs_named() -> re.Pattern:
    """Return what finds numbers of paragraphs, by the words that searches have for them."""
    words = [word for word, meaning in searched_as().items() if meaning == "paragraph"]
    long = "|".join(sorted((one for one in words if len(one) > 3), key=len, reverse=True))
    # "par" is French for "by" as well.
    short = "|".join(one for one in words if len(one) <= 3 and one.isalpha())
    numbers = r"[0-9]+(?:\s*(?:,|–|-|and|et|y|и|و|和|to)\s*[0-9]+)*"
    names = rf"(?<!\w)(?:(?:{long})\.?|(?:{short})\.)\s*"
    return re.compile(rf"{names}{numbers}|第\s*{numbers}\s*段", re.IGNORECASE)


def _with_number_words(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield "twenty" and "seven" as one number, and per cent with theirs."""
    last: Token | None = None
    for one in tokens:
        if last and one.kind == "share":
            last = replace(last, end=one.end, value=f"{last.value}%")
        elif last and one.kind in ("number", "unit") and _are_one(last, one):
            last = replace(
                last, end=one.end, value=str(int(last.number + one.number)), digits_end=one.end
            )
        else:
            if last:
                yield last
            last = one if one.kind == "number" else None
            if not last:
                yield one
    if last:
        yield last


def _are_one(tens: Token, units: Token) -> bool:
    is_pair = tens.number in range(20, 100, 10) and units.number in range(1, 10)
    return is_pair and not tens.is_share and units.before.strip() in ("", "-", "\u2011")


def _without_asides(tokens: list[Token]) -> Iterator[Token]:
    """Yield the tokens but for a number in brackets after another: "27 (12 per cent)"."""
    is_aside = False
    for before, one, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        closes = one.before.strip().removeprefix(")") if is_aside else one.before
        is_pair = before and before.kind == one.kind == "number"
        is_aside = bool(is_pair and one.before.strip() == "(" and after and ")" in after.before)
        if not is_aside:
            yield replace(one, before=closes)


def _parts(chunk: list[Token]) -> Iterator[list[Token]]:
    """Yield the parts of a chunk between "and", as far as each has a number."""
    at = [place for place, one in enumerate(chunk) if one.kind == "number"]
    start = 0
    for left, right in pairwise(at):
        ands = [n for n in range(left, right) if chunk[n].kind == "and"]
        # Not of "27 and 22 projects".
        if ands and right - left > 2:
            yield chunk[start : ands[0]]
            start = ands[0]
    yield chunk[start:]


def _conditions(tokens: Iterable[Token]) -> dict[str, set[str]]:
    """Return what the words say of the projects; who counts them is none of theirs."""
    tokens = [*tokens]
    counts = any(one.kind == "source" for one in tokens)
    found: dict[str, set[str]] = {}
    for one in tokens:
        if one.kind in _CONDITIONS and not (counts and one.kind == "entity"):
            found.setdefault(one.kind, set()).add(one.value)
    return found


def _is_known(tokens: list[Token], has_area: bool) -> bool:
    """Return whether each word is a condition, says nothing, or names what a condition is.

    "Human rights" are a part of an area, whose number they do not have without its name.
    """
    for place, one in enumerate(tokens):
        around = [each.kind for each in tokens[max(place - 1, 0) : place + 4]]
        is_named = (one.kind == "dimension" and {*around} & _CONDITIONS) or (
            one.kind == "part" and has_area
        )
        if one.kind not in _SAYS_NOTHING and one.kind not in _CONDITIONS and not is_named:
            return False
    return True


def _has_area(chunks: list[list[Token]]) -> list[bool]:
    """Return of each chunk whether it names an area, or parts of the one before that does."""
    found = [False]
    for chunk in chunks:
        kinds = {one.kind for one in chunk}
        found.append("priority_area" in kinds or ("part" in kinds and found[-1]))
    return found[1:]


def _is_of_projects(tokens: list[Token], number: int) -> bool:
    """Return whether the number counts projects, as far as what follows it says."""
    between = [*takewhile(lambda one: one.kind in _BEFORE_PROJECT, tokens[number + 1 :])]
    after = tokens[number + 1 + len(between) :][:1]
    if after and after[0].kind == "project":
        return True
    is_noun = any(one.kind in _NOUNS for one in between)
    return not is_noun and not (after and after[0].kind in ("dimension", "number"))


def _claims(chunks: list[list[Token]]) -> Iterator[Claim]:
    """Yield what is said with each number.

    What is said before all numbers is said of each; what is said after one is said of that one, and
    of "27 of these" what is said of the one before. Numbers alone in a row belong to nobody knows
    what: then nothing is sure.
    """
    numbered = [any(one.kind == "number" for one in chunk) for chunk in chunks]
    areas, last = _has_area(chunks), -1
    lead: dict[str, set[str]] = {}
    extra: list[dict[str, set[str]]] = [{} for _chunk in chunks]
    is_sure = not any(one.kind == "unsure" for chunk in chunks for one in chunk)
    for place, chunk in enumerate(chunks):
        said = _conditions(chunk)
        opens = chunk[0].before.strip()[-1:] in _OPENING
        if numbered[place]:
            is_bare = all(one.kind in ("number", "and", "project") for one in chunk)
            is_sure = is_sure and not (is_bare and place and numbered[place - 1] and not opens)
            last = place
            continue
        is_aside = any(one.kind in ("source", "basis") for one in chunk)
        # Of a date or a page nobody knows what else is said there.
        has_other = bool(said) and any(_HIDDEN in one.before for one in chunk[1:])
        is_sure = is_sure and not has_other and (is_aside or _is_known(chunk, areas[place]))
        after = chunks[place + 1] if numbered[place + 1 : place + 2] == [True] else []
        if said and after and after[0].before.strip()[-1:] in _OPENING and not _conditions(after):
            extra[place + 1] = said
        elif last < 0:
            lead = _both(lead, said)
        else:
            extra[last] = _both(extra[last], said)
    before: dict[str, set[str]] = {}
    for place, chunk in enumerate(chunks):
        if numbered[place]:
            more = _both(lead, extra[place])
            kinds = {one.kind for one in chunk}
            if "pronoun" in kinds:
                more = _both(more, before)
            # "27 projects on youth, 12 in Europe": of all, or of the 27?
            is_clear = "project" in kinds or {*before} <= {*more, *_conditions(chunk)}
            is_read = is_sure and is_clear and _is_known(chunk, areas[place])
            found = [*_claims_of(chunk, more, is_read)]
            yield from found
            before = {k: {*v} for one in found[:1] for k, v in (one.conditions or {}).items()}
            if chunk[0].kind == "of" and "project" in kinds:
                lead = _both(lead, before)


def _both(one: dict[str, set[str]], other: dict[str, set[str]]) -> dict[str, set[str]]:
    return {facet: one.get(facet, set()) | other.get(facet, set()) for facet in {**one, **other}}


def _claims_of(chunk: list[Token], more: dict[str, set[str]], is_read: bool) -> Iterator[Claim]:
    at = [place for place, one in enumerate(chunk) if one.kind == "number"]
    is_part = len(at) == 2 and chunk[at[0] + 1].kind == "of"
    is_read = is_read and (len(at) == 1 or is_part)
    end = next((n for n in range(at[-1], len(chunk)) if chunk[n].kind == "project"), None)
    # The words between the number of the whole and "projects" are said of the whole.
    whole = chunk[at[1] : end] if is_part else []
    for place in at:
        number = chunk[place]
        is_whole = bool(is_part and place == at[1])
        is_counted = is_read and (
            number.is_share or _is_of_projects(chunk, place) or (is_part and bool(end))
        )
        if not is_counted and all(one.kind != "project" for one in chunk):
            continue
        conditions = _both(more, _conditions(whole if is_whole else chunk))
        before = chunk[place - 1] if place else None
        start, stop = chunk[0].start, chunk[-1].end
        if is_part:
            start, stop = (
                (chunk[at[1]].start, chunk[end or -1].end)
                if is_whole
                else (start, chunk[at[1] - 1].end)
            )
        yield Claim(
            start,
            stop,
            number.number,
            number.start,
            before.value if before and before.kind == "comparator" else Comparator.EQUAL.value,
            number.is_share,
            {facet: frozenset(values) for facet, values in conditions.items()}
            if is_counted
            else None,
            number.is_share and _is_of_whole(chunk, place),
        )


def _is_of_whole(chunk: list[Token], share: int) -> bool:
    """Return whether per cent are said to be of all projects."""
    after = [one for one in chunk[share + 1 :] if one.kind != "ignored"]
    if not after or after[0].kind != "of":
        return False
    named = [*takewhile(lambda one: one.kind != "project", after)]
    return len(named) < len(after) and not _conditions(named)
