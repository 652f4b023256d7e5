"""The matching of a sheet's rows with the entries of the register, all at once.

A row is about an entry that is the same project; or else it describes one that is only counted, of
its area, whose scope and regions fit best; or else it is a new entry. Which rows describe which
entries is a transport problem. The counted entries that are left then take over scopes and regions
that were assigned, so that the published totals stay as long as they can: a second one.
"""

import json
import logging
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from itertools import combinations
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, utils

from ..asking.answers import Published
from ..cube import Cube
from ..imports.lines import Refused
from ..imports.sandbox import BUSY, TIMES_AS_LONG
from ..ranges import Totals
from ..text import letters_and_digits
from ..vocabulary import Region, Scope
from .mapping import Row
from .matches import LEFT_OUT, Entry, How, Match, Matching, Place

log = logging.getLogger(__name__)
# The least likeness, of 100, of the titles of one project; the most titles with a telling word.
LIKENESS, COMMON_WORD = 88, 30
# What it costs that a row describes an entry in another place: for a scope, for each region,
# for another area, and for a region in an entry that is assigned to be global.
_SCOPE, _REGION, _AREA, _IMPOSSIBLE = 2, 1, 100, 50


def match(
    rows: Iterable[tuple[Row, dict[str, Any]]],
    register: list[Entry],
    report: Published,
    chosen: Mapping[int, str],
    is_complete: bool,
) -> Matching:
    """Return which rows, each with its values, are about which entries of the register.

    The totals of the `report` are to stay; `chosen` has references by the places of rows, empty
    for a new entry, or LEFT_OUT or IN_MATRIX; `is_complete` says that a project which the sheet
    lacks is none. Only rows in the matrix describe counted entries; one that begins after the
    report is not in it, unless somebody chose an entry for it, or IN_MATRIX.
    Raises Refused if solving takes too long.
    """
    kept = (one for one in enumerate(rows) if chosen.get(one[0]) != LEFT_OUT)
    found = Matching([Match(place, *one) for place, one in kept])
    for one in found.matches:
        begins = one.values.get("start_date", "")
        later = bool(report.date) and begins > report.date[: len(begins)]
        one.is_late = later and one.is_in_matrix
        if one.is_late and not chosen.get(one.place):
            del one.values["in_matrix"]
    _name_doubles(found.matches)
    free = {entry.reference: entry for entry in register}
    _match_named(found.matches, free, chosen)
    titles = {
        one.reference: utils.default_process(one.title)
        for one in free.values()
        if not one.is_only_counted
    }
    _match_titles(found.matches, free, titles)
    _match_counted(found.matches, free, is_complete)
    if is_complete:
        found.set_aside = [one for one in free.values() if one.counts and not one.is_only_counted]
    found.left = {one: one.place for one in free.values() if one.is_only_counted}
    if report.totals and found.left and any(one.is_in_matrix for one in found.matches):
        found.left = _balanced(found, register, report.totals)
    return found


def _match_named(matches: list[Match], free: dict[str, Entry], chosen: Mapping[int, str]) -> None:
    for one in matches:
        given = one.values.get("reference", "").upper()
        reference = chosen.get(one.place)
        # A chosen entry that is gone by now is matched as if it had not been chosen.
        if reference == "" or reference in free:
            one.how, one.entry = How.CHOSEN, free.pop(reference, None)
        elif given:
            one.how, one.entry = How.GIVEN, free.pop(given, None)


def _waiting(matches: list[Match]) -> list[Match]:
    return [one for one in matches if one.entry is None and one.how == How.NEW]


def _title_of(match: Match) -> str:
    return str(utils.default_process(match.values.get("title", "")))


def _match_titles(matches: list[Match], free: dict[str, Entry], titles: Mapping[str, str]) -> None:
    """Match rows with entries of the same title or one like it, the most alike first."""
    # A whole title is telling, however common its words.
    named: dict[str, set[str]] = defaultdict(set)
    by_word: dict[str, set[str]] = defaultdict(set)
    for reference, title in titles.items():
        named[title].add(reference)
        for word in title.split():
            by_word[word].add(reference)
    alike: list[tuple[float, int, str]] = []
    waiting = {one.place: one for one in _waiting(matches)}
    for one in waiting.values():
        title = _title_of(one)
        sharing = [by_word[word] for word in title.split() if word in by_word]
        telling = [references for references in sharing if len(references) <= COMMON_WORD]
        same = named.get(title, set()) if title else set()
        for reference in sorted(same.union(*telling)):
            score = fuzz.token_sort_ratio(title, titles[reference], score_cutoff=LIKENESS)
            if score and _may_be_of(one, free[reference].entities):
                alike.append((-score, one.place, reference))
            elif reference in same:
                one.namesake = free[reference]
    for score, place, reference in sorted(alike):
        one = waiting[place]
        if one.entry is None and reference in free:
            one.entry, one.how, one.likeness = free.pop(reference), How.SAME, round(-score)
            if titles[reference] == _title_of(one):
                one.namesake = None


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


def _match_counted(matches: list[Match], free: dict[str, Entry], across_areas: bool) -> None:
    """Let the rows that are left describe counted entries, as many as there are, fitting best."""
    rows: dict[Place, list[Match]] = defaultdict(list)
    there: dict[Place, list[Entry]] = defaultdict(list)
    for one in _waiting(matches):
        if one.is_in_matrix:
            rows[one.wanted].append(one)
    for entry in free.values():
        if entry.is_only_counted:
            there[entry.place].append(entry)
    wanted, places = list(rows), list(there)
    costs = [
        (n, m, _cost(one, other))
        for n, one in enumerate(wanted)
        for m, other in enumerate(places)
        if one.area == other.area or (across_areas and one.area)
    ]
    if not costs:
        return
    flows = solve_apart(
        "transport",
        supply=[len(rows[one]) for one in wanted],
        demand=[len(there[one]) for one in places],
        costs=costs,
    )
    for (n, m, _price), flow in zip(costs, flows, strict=True):
        for _time in range(flow):
            one, entry = rows[wanted[n]].pop(0), there[places[m]].pop(0)
            one.entry, one.how = free.pop(entry.reference), How.DESCRIBES


def _cost(wanted: Place, there: Place) -> int:
    cost = 0 if wanted.area == there.area else _AREA
    if not wanted.scope and wanted.regions and there.scope == Scope.GLOBAL:
        cost += _IMPOSSIBLE
    return cost + _difference(wanted, there)


def _difference(one: Place, other: Place) -> int:
    scope = _SCOPE if one.scope and one.scope != other.scope else 0
    return scope + _REGION * len(one.regions ^ other.regions)


def _kinds() -> list[Place]:
    """Return the possible places of a counted entry, without areas.

    A national one is in one region, a regional one in one or more.
    """
    every = [frozenset(some) for n in range(1, 6) for some in combinations(Region.values, n)]
    return [
        Place("", Scope.GLOBAL.value, frozenset()),
        *(Place("", Scope.NATIONAL.value, one) for one in every if len(one) == 1),
        *(Place("", Scope.REGIONAL.value, one) for one in every),
    ]


def _balanced(found: Matching, register: list[Entry], totals: Totals) -> dict[Entry, Place]:
    """Return the places of the entries left with which totals differ least, changing fewest."""
    now = Cube(one.combination for one in register if one.counts)
    left = [one.combination._replace(projects=-1) for one in found.left]
    fixed = Cube([*now.combinations, *found.moved(), *left])
    kinds = _kinds()
    groups: dict[Place, list[Entry]] = defaultdict(list)
    for entry in found.left:
        groups[entry.place._replace(area="")].append(entry)
    flows = solve_apart(
        "balance",
        counts=[len(entries) for entries in groups.values()],
        costs=[[_difference(kind, place) for kind in kinds] for place in groups],
        totals=_totals_of_kinds(totals.without(fixed), kinds),
    )
    after = {}
    for group, (place, entries) in enumerate(groups.items()):
        flow = flows[group * len(kinds) : (group + 1) * len(kinds)]
        becomes = [kind for kind, number in zip(kinds, flow, strict=True) for _n in range(number)]
        # Those that stay what they are come first, so that the others are the last ones.
        becomes.sort(key=partial(_difference, other=place))
        for entry, kind in zip(entries, becomes, strict=True):
            after[entry] = kind._replace(area=entry.place.area)
    return after


def _totals_of_kinds(needed: Totals, kinds: list[Place]) -> list[tuple[list[int], int]]:
    of_scopes = [
        ([n for n, kind in enumerate(kinds) if kind.scope == scope], number)
        for scope, number in needed.scopes.items()
    ]
    of_regions = [
        ([n for n, kind in enumerate(kinds) if region in kind.regions], number)
        for region, number in needed.regions.items()
    ]
    return of_scopes + of_regions


# What solving takes at most: seconds of computing, bytes of addresses (most of them never used).
_SOLVING = {"seconds": 30, "memory": 2_000_000_000, "bytes": 40_000_000}


def solve_apart(problem: str, **given: Any) -> list[int]:
    """Return what `assignment` finds for a problem of its; raises Refused if it takes too long."""
    return _solved(json.dumps({"problem": problem, "limits": _SOLVING, "given": given}))


# The page of the entries, its form and the preview ask the same.
@lru_cache(maxsize=4)
def _solved(problem: str) -> list[int]:
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and numbers only
            [sys.executable, "-m", f"{__package__}.assignment"],
            input=problem,
            capture_output=True,
            text=True,
            cwd=settings.BASE_DIR,
            # One thread, or each would want its own memory.
            env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            timeout=_SOLVING["seconds"] * TIMES_AS_LONG,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused(BUSY) from None
    if done.returncode:
        log.error("Matching ended with %d: %s", done.returncode, done.stderr.strip())
        raise Refused(_("Matching the rows takes more time or memory than is allowed."))
    found: list[int] = json.loads(done.stdout)
    return found
