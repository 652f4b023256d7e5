"""The parts of the report: its sections, and how many statements each page has."""

from collections import Counter
from itertools import pairwise

from django.urls import reverse

from ..models import STATEMENT_PAGES, Paragraph, Statement
from .text import Passage, held


def sections(found: list[Passage]) -> list[tuple[Paragraph, str, list[str]]]:
    """Return the first paragraph below each heading, the numbers of all, and what they hold."""
    starts = [place for place, one in enumerate(found) if one.part or one.section]
    made = []
    for start, end in pairwise([*starts, len(found)]):
        ends = (found[start].paragraph.number, found[end - 1].paragraph.number)
        places = "–".join(dict.fromkeys(ends))
        made.append((found[start].paragraph, places, held(found[start:end])))
    return made


def counts(said: list[Statement]) -> dict[str, int]:
    """Return how many of these statements, if of the report, each page has, by its address."""
    kinds = Counter(one.kind for one in said if one.is_of_report)
    return {
        reverse(name): sum(map(kinds.__getitem__, found)) for name, found in STATEMENT_PAGES.items()
    }
