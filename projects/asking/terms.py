"""The words of a search, as they are searched for and as they are marked in results."""

import re
from collections.abc import Collection
from functools import lru_cache

from ..text import fold, spaced

# A phrase is in quotes; a quote within a word is a letter like any other.
_TERM = re.compile(r'"([^"]*\w[^"]*)"(?!\S)|“([^”]*\w[^”]*)”(?!\S)|(\S+)')
# How many characters of a text are shown before its first match, and in all.
BEFORE_FIND, LONGEST_EXCERPT = 40, 120
_SEAM = re.compile(r"(?<=\w)[-‐–](?=\w)")


def terms_of(query: str) -> list[str]:
    """Return the folded words and quoted phrases of a search, with spaces for hyphens."""
    found = []
    for straight, curly, word in _TERM.findall(fold(query)):
        term = straight or curly or word
        found.append(" ".join(spaced(term).split()) if _is_of_words(term) else term)
    return found


def _is_of_words(term: str) -> bool:
    return bool(_SEAM.search(term)) or " " in term


def marked(text: str, terms: Collection[str]) -> list[tuple[str, bool]]:
    """Return the text in pieces, each with whether one of the terms occurs there."""
    if not terms:
        return [(text, False)]
    # Folding changes the number of characters: `places` has the origin of each.
    folded, places = "", []
    for place, character in enumerate(text):
        piece = _folded(character)
        folded += piece
        places += [place] * len(piece)
    found = [False] * len(text)
    for term in map(spaced, terms):
        start = folded.find(term)
        while term and start >= 0:
            end = start + len(term)
            for place in range(places[start], places[end - 1] + 1):
                found[place] = True
            start = folded.find(term, end)
    pieces: list[tuple[str, bool]] = []
    for character, is_found in zip(text, found, strict=True):
        if pieces and pieces[-1][1] == is_found:
            pieces[-1] = (pieces[-1][0] + character, is_found)
        else:
            pieces.append((character, is_found))
    return pieces


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    return spaced(fold(character))


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
