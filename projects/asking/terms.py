"""The words of a search, as they are searched for and as they are marked in results."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from ..text import EMPTY_LINE, LETTERS, fold, words_of

# A phrase is in quotes; a quote within a word is a letter like any other.
_TERM = re.compile(r'"([^"]*\w[^"]*)"(?!\S)|“([^”]*\w[^”]*)”(?!\S)|(\S+)')
# A word of fewer letters and digits is no beginning of a longer one.
SHORTEST_BEGINNING = 4
# How many characters of a text are shown before its first match, and in all.
BEFORE_FIND, LONGEST_EXCERPT = 40, 120


def terms_of(query: str) -> list[str]:
    """Return what a search looks for in texts that `searchable` made.

    A word, " youth", may be the beginning of one; a short word, " un ", and a phrase in quotes,
    " civic skills ", are whole. Signs are none: "Net-Med" gives " net med".
    """
    terms = []
    for straight, curly, word in _TERM.findall(fold(query)):
        phrase = straight or curly
        if words := words_of(phrase or word):
            terms.append(_term(words, is_phrase=bool(phrase)))
    return terms


def finding(queries: Iterable[str]) -> Callable[[str], bool]:
    """Return a test whether a searchable text has every term of one of the searches, if any."""
    sought = [terms_of(query) for query in queries]
    return lambda text: (
        not sought or any(terms and all(map(text.__contains__, terms)) for terms in sought)
    )


def is_joined(words: str) -> bool:
    """Return whether the script has no capitals: these write words together, or articles."""
    return any(unicodedata.category(letter) == "Lo" for letter in words)


def _term(words: str, is_phrase: bool) -> str:
    if is_joined(words):
        return words
    if is_phrase or len(words.replace(" ", "")) < SHORTEST_BEGINNING:
        return f" {words} "
    return f" {words}"


@lru_cache(maxsize=4_000)
def _letters(character: str) -> str:
    return fold(character).translate(LETTERS)


def marked(text: str, terms: Collection[str]) -> list[tuple[str, bool]]:
    """Return the text in pieces, each with whether one of the terms occurs there."""
    if not terms:
        return [(text, False)]
    # Folding changes the number of characters: `places` has the origin of each.
    folded, places = " ", [0]
    ends = {found.start() for found in EMPTY_LINE.finditer(text)}
    for place, character in enumerate(text):
        for letter in " \n " if place in ends else _letters(character):
            if letter != " " or folded[-1] != " ":
                folded += letter
                places.append(place)
    folded += " "
    is_marked = [False] * len(text)
    for term in terms:
        words = term.strip()
        start = folded.find(term)
        while start >= 0:
            first = folded.index(words, start)
            end = first + len(words)
            for place in range(places[first], places[end - 1] + 1):
                is_marked[place] = True
            start = folded.find(term, end)
    runs = groupby(zip(is_marked, text, strict=True), key=itemgetter(0))
    return [("".join(letter for _found, letter in run), is_found) for is_found, run in runs]


def excerpt(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Return the part of a marked text with its first match, nothing without a match."""
    first = next((place for place, (_text, is_found) in enumerate(pieces) if is_found), None)
    if first is None:
        return []
    before = "".join(text for text, _is_found in pieces[:first])
    words = before[-BEFORE_FIND:].partition(" ")[2] if len(before) > BEFORE_FIND else before
    shown = [(f"… {words}" if words != before else words, False)]
    room = LONGEST_EXCERPT - len(words)
    for text, is_found in pieces[first:]:
        if len(text) > room:
            cut = text[:room].rpartition(" ")[0]
            shown.append((f"{cut} …", is_found and bool(cut)))
            break
        shown.append((text, is_found))
        room -= len(text)
    return [(text, is_found) for text, is_found in shown if text]
