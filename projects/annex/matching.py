"""The matching of a sheet's rows with the entries of the register, all at once.

A row is about an entry that is the same project, by its reference, or by its title and entities; or
else it is a new entry. Of placeholders nothing is known, so no row is about one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz, utils

from ..text import letters_and_digits
from .matches import LEFT_OUT, Entry, How, Match, Matching
from .sheet_rows import Row

# The least likeness, of 100, of the titles of one project; the most titles with a telling word.
LIKENESS, COMMON_WORD = 88, 30


def match(
    rows: Iterable[tuple[Row, dict[str, Any]]],
    register: list[Entry],
    date: str,
    chosen: Mapping[int, str],
    is_complete: bool,
) -> Matching:
    """Return which rows, each with its values, are about which entries of the register.

    `chosen` has references by the places of rows, empty for a new entry, or LEFT_OUT or IN_MATRIX;
    `is_complete` says that a project which the sheet lacks is none. A row that begins after the
    `date` of the report is not in its matrix, unless somebody chose an entry for it, or IN_MATRIX.
    """
    kept = (one for one in enumerate(rows) if chosen.get(one[0]) != LEFT_OUT)
    matching = Matching([Match(place, *one) for place, one in kept])
    for row_match in matching.matches:
        begins = row_match.values.get("start_date", "")
        later = bool(date) and begins[: len(date)] > date[: len(begins)]
        row_match.is_late = later and row_match.is_in_matrix
        if row_match.is_late and not chosen.get(row_match.place):
            del row_match.values["in_matrix"]
    _name_doubles(matching.matches)
    free = {entry.reference: entry for entry in register}
    _match_named(matching.matches, free, chosen)
    _match_titles(matching.matches, free)
    if is_complete:
        matching.set_aside = [one for one in free.values() if one.holds_place]
    return matching


def _match_named(matches: list[Match], free: dict[str, Entry], chosen: Mapping[int, str]) -> None:
    for one in matches:
        given = one.values.get("reference", "").upper()
        reference = chosen.get(one.place)
        # A chosen entry that is gone by now is matched as if it had not been chosen.
        if reference == "" or reference in free:
            one.how, one.entry = How.CHOSEN, free.pop(reference, None)
        elif given:
            one.how, one.entry = How.GIVEN, free.pop(given, None)


def _title_of(match: Match) -> str:
    return str(utils.default_process(match.values.get("title", "")))


def _match_titles(matches: list[Match], free: dict[str, Entry]) -> None:
    """Match rows with entries of the same title or one like it, the most alike first."""
    titles = {one.reference: utils.default_process(one.title) for one in free.values()}
    # A whole title is telling, however common its words.
    named: dict[str, set[str]] = defaultdict(set)
    by_word: dict[str, set[str]] = defaultdict(set)
    for reference, title in titles.items():
        named[title].add(reference)
        for word in title.split():
            by_word[word].add(reference)
    alike: list[tuple[float, int, str]] = []
    waiting = {one.place: one for one in matches if one.how == How.NEW}
    for new in waiting.values():
        title = _title_of(new)
        sharing = [by_word[word] for word in title.split() if word in by_word]
        telling = [references for references in sharing if len(references) <= COMMON_WORD]
        same = named.get(title, set()) if title else set()
        for reference in sorted(same.union(*telling)):
            score = fuzz.token_sort_ratio(title, titles[reference], score_cutoff=LIKENESS)
            if score and _may_be_of(new, free[reference].entities):
                alike.append((-score, new.place, reference))
            elif reference in same:
                new.namesake = free[reference]
    for score, place, reference in sorted(alike):
        new = waiting[place]
        if new.entry is None and reference in free:
            new.entry, new.how, new.likeness = free.pop(reference), How.SAME, round(-score)
            if titles[reference] == _title_of(new):
                new.namesake = None


def _name_doubles(matches: list[Match]) -> None:
    titled: dict[str, list[Match]] = defaultdict(list)
    for one in matches:
        if title := letters_and_digits(one.values.get("title", "")):
            titled[title].append(one)
    for same in titled.values():
        for one, other in combinations(same, 2):
            if _may_be_of(one, frozenset(other.values.get("entities", ()))):
                one.double, other.double = one.double or other, other.double or one


def _may_be_of(match: Match, theirs: frozenset[str]) -> bool:
    """Return whether the entities allow that a row is about an entry: one of both, or none."""
    ours = set(match.values.get("entities", ()))
    return bool(ours & theirs) or not ours or not theirs
