"""What rows of projects have to meet, and the keys that they are sorted by."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, F, Q, SmallIntegerField, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan, LessThan

from ..cube import BASES, VOCABULARIES
from ..vocabulary import NOT_STATED, REGION_COLUMNS, Basis, InMatrix, Provenance, Scope, Status

# The rows of the live register, with drafts.
LIVE = Q(edition=None)
NO_REGION = Q(**dict.fromkeys(REGION_COLUMNS.values(), False))


def occurs(term: str) -> Q:
    """Return the condition that a term of a search, as `terms_of` gives it, occurs."""
    if len(term) > 2:
        return Q(search_text__contains=term)
    # For what has no trigram PostgreSQL may read the whole index of trigrams, and then all rows.
    return Q(GreaterThan(StrIndex("search_text", Value(term)), 0))


def _in_title(term: str) -> Q:
    # The title is the first line.
    place, end = (StrIndex("search_text", Value(text)) for text in (term, "\n"))
    return Q(GreaterThan(place, 0), LessThan(place, end))


def in_table(whole: int) -> Q:
    """Return the condition of `review.is_in_table`."""
    made_with = Q(in_matrix=InMatrix.NOT_STATED)
    if whole:
        made_with &= Q(number__lte=whole)
    return Q(in_matrix=InMatrix.YES) | made_with


def in_region(slug: str) -> Q:
    if slug == NOT_STATED:
        is_stated = ~NO_REGION & ~Q(regions_basis=Basis.ALLOCATED)
        return ~is_stated & ~(Q(scope=Scope.GLOBAL) & ~Q(scope_basis=Basis.ALLOCATED))
    return Q(**{REGION_COLUMNS[slug]: True})


def filled_in(dimensions: Iterable[str]) -> Q:
    """Return the condition that any of these dimensions has a filled-in value."""
    found = Q(pk__in=())
    for dimension in dimensions:
        found |= Q(**{BASES[dimension]: Basis.ALLOCATED})
    return found


def ran_in(year: str) -> Q:
    """Return the condition that a project ran in a year: between both dates, or that of one."""
    begun, over = Q(start_date__lt=f"{year}~"), Q(end_date__lt=year)  # "~" is after "-"
    only_start = Q(end_date="", start_date__startswith=year)
    only_end = Q(start_date="", end_date__startswith=year)
    both = ~Q(start_date="") & ~Q(end_date="") & begun & ~over
    return both | only_start | only_end


def dates_contradict_status(today: str, reports: Mapping[str, str]) -> Q:
    """Return the condition that the dates contradict the status on that day.

    Of unconfirmed projects, on the day of the report that they cite: `reports` have the days, by
    symbol.
    """
    confirmed = Q(provenance=Provenance.CONFIRMED)
    found = confirmed & _contradiction_on(today)
    for symbol, day in reports.items():
        found |= ~confirmed & Q(source__startswith=symbol) & _contradiction_on(day)
    return found


def _contradiction_on(day: str) -> Q:
    def past(field: str) -> Q:
        # A current year or month is not past.
        begun = Q(**{f"{field}__in": ["", day[:4], day[:7]]})
        return Q(**{f"{field}__lt": day}) & ~begun

    future_start, future_end = Q(start_date__gt=day), Q(end_date__gt=day)
    return (
        Q(status=Status.PLANNED) & (past("start_date") | past("end_date"))
        | Q(status=Status.ONGOING) & (future_start | past("end_date"))
        | Q(status=Status.COMPLETED) & (future_start | future_end)
    )


def _vocabulary_order(dimension: str) -> Case:
    values = VOCABULARIES[dimension].values
    return Case(
        *(When(**{dimension: value, "then": Value(place)}) for place, value in enumerate(values)),
        output_field=SmallIntegerField(),
    )


AREA_ORDER, SCOPE_ORDER, STATUS_ORDER = map(_vocabulary_order, ("priority_area", "scope", "status"))
# The keys of each sort; equal projects are in the order of their numbers.
SORTS = {
    "reference": F("number"),
    "title": F("title_sort"),
    "priority_area": AREA_ORDER,
    "scope": SCOPE_ORDER,
    "status": STATUS_ORDER,
    "updated": F("updated_at"),
}
RELEVANCE = "relevance"


def sort_key(sort: str, terms: Iterable[str]):
    """Return a sort's key; relevance adds up how well each term matches."""
    name = sort.removeprefix("-")
    if name != RELEVANCE:
        return SORTS[name]
    key: Any = Value(0, output_field=SmallIntegerField())
    for term in dict.fromkeys(terms):
        whole = f"{term.rstrip()} " if term[0] == " " else term
        best_first = [_in_title(whole), occurs(whole)]
        if whole != term:
            best_first += [_in_title(term), occurs(term)]
        key += Case(
            *(When(one, then=Value(place)) for place, one in enumerate(best_first)),
            default=Value(4),  # it is in the name of an entity
            output_field=SmallIntegerField(),
        )
    return key
