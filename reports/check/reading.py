"""Reads a draft: its sentences, and what each says next to a number.

A number is read only next to words that the register knows, by the recognizer of searches: what it
knows is a condition, `prose.csv` has what says nothing of what is counted, and any other word means
that nothing is claimed of the number. Dates, money, pages and symbols are no numbers here.
"""

import csv
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from projects.asking.recognized import key_of, pieces
from projects.languages import searched_as
from projects.text import fold, words_of

from .claims import CONDITIONS, HIDDEN, Claim, Token, claims_in, parts_of_chunk, without_asides

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
_DECIMALS = re.compile(r"(?<=[0-9])[.,][0-9]{1,2}(?=\s*(?:%|per\s?cent))")
_BOUNDARY = re.compile(r"[,;:()\[\]—–،؛，；：（）、]")


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
            plain = pattern.sub(lambda found: HIDDEN * len(found[0]), plain)
        decimals = {one.start(): one[0][1:] for one in _DECIMALS.finditer(plain)}
        plain = _DECIMALS.sub(lambda found: HIDDEN * len(found[0]), plain)
        at = 0
        for said, meaning in pieces(plain, prose()):
            start = plain.index(said, at)
            before, at = plain[at:start], start + len(said)
            kind, _is, value = meaning.partition("=")
            if kind == "number":
                value = f"{value}.{decimals[at]}" if at in decimals else value
                rest = plain[at : at + 6].lstrip(f"{HIDDEN} \u00a0\u202f")
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
        for token in without_asides(self.tokens):
            if not found or _BOUNDARY.search(token.before) or token.kind == "break":
                found.append([])
            found[-1].append(token)
        return [part for chunk in found for part in parts_of_chunk(chunk)]

    @cached_property
    def next_to_terms(self) -> set[int]:
        """The places of the numbers that have a term of the register next to them."""
        known = (part for part in self.chunks if CONDITIONS & {one.kind for one in part})
        return {one.start for part in known for one in part if one.kind == "number"}

    @cached_property
    def claims(self) -> list[Claim]:
        """What is said with each number, in the order of the sentence."""
        return [*claims_in(self.chunks)] if {"project", "number"} <= self.kinds else []


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
