"""Which of the words that are known are nearest to one that is not."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from ..text import fold

# Of 100: two letters in the wrong order, or one that is missing, in a word of four.
LIKENESS = 70


def nearest(word: str, known: Iterable[str], most: int = 1) -> list[str]:
    """Return those of the known words that are like this one, likest first, at most so many.

    Capitals and accents make no difference. To a number none is like: 10 is not meant for 100.
    """
    folded = fold(word)
    if not any(character.isalpha() for character in folded):
        return []
    choices = {one: fold(one) for one in known}
    found = process.extract(folded, choices, scorer=fuzz.ratio, score_cutoff=LIKENESS, limit=most)
    return [one for _folded, _likeness, one in found]
