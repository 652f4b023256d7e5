"""Records that may be the same as an entry or as another record: likeness decides nothing."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz, utils

from ..models import Project, cached
from .dates import years_of
from .models import Judgement, Record
from .reading import Reading
from .records import every

# Of 100: the least likeness of two titles, and of two in the same country; the most pairs shown.
_LIKENESS, _WITH_COUNTRY, _MOST = 75, 55, 100


@dataclass(frozen=True)
class Compared:
    """What two records, or a record and an entry, are compared by."""

    key: str
    title: str
    words: str
    countries: frozenset[str]
    years: frozenset[str]
    record: Record | None = None


@dataclass(frozen=True)
class Pair:
    """A record, what it may be the same as, and what the two share."""

    one: Compared
    other: Compared
    likeness: int
    countries: list[str]
    years: list[str]


def likely_pairs() -> list[Pair]:
    """Return pairs that nobody judged yet, likest first, at most a hundred.

    Titles are compared where countries, if both state some, and years, if both state some, meet.
    """
    judged = set(Judgement.objects.values_list("key", flat=True))
    records = [_of_record(one) for one in every() if one.key not in judged]
    by_country: dict[str, list[Compared]] = defaultdict(list)
    for record in records:
        for code in record.countries or {""}:
            by_country[code].append(record)
    seen: dict[tuple[str, str], Pair] = {}
    for some in by_country.values():
        with_entries = ((one, other) for one in some for other in _entries())
        for record, other in [*combinations(some, 2), *with_entries]:
            if (record.key, other.key) not in seen and (pair := _compared(record, other)):
                seen[record.key, other.key] = pair
    return sorted(seen.values(), key=lambda one: -one.likeness)[:_MOST]


def _of(
    key: str, title: str, codes: Iterable[str], dates: Reading, record: Record | None = None
) -> Compared:
    words, years = utils.default_process(title), frozenset(years_of(dates))
    return Compared(key, title, words, frozenset(filter(None, codes)), years, record)


def _of_record(one: Record) -> Compared:
    codes = (each["code"] for each in one.reading.countries)
    return _of(one.key, one.title, codes, one.reading, one)


@cached
def _entries() -> list[Compared]:
    def of_entry(one: Project) -> Compared:
        dates = Reading("", "", "", [], start=one.start_date, end=one.end_date)
        return _of(one.reference, one.title, (each.code for each in one.countries.all()), dates)

    return [*map(of_entry, Project.published.described().prefetch_related("countries"))]


def _compared(one: Compared, other: Compared) -> Pair | None:
    for ours, theirs in ((one.countries, other.countries), (one.years, other.years)):
        if ours and theirs and not ours & theirs:
            return None
    likeness = round(fuzz.token_sort_ratio(one.words, other.words))
    if likeness < (_WITH_COUNTRY if one.countries & other.countries else _LIKENESS):
        return None
    shared = sorted(one.countries & other.countries), sorted(one.years & other.years)
    return Pair(one, other, likeness, *shared)
