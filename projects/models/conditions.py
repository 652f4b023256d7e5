"""What rows of projects have to meet, and the keys that they are sorted by."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Case, F, Q, SmallIntegerField, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan, LessThan

from ..columns import PROJECT_TABLE
from ..cube import BASES, VOCABULARIES
from ..vocabulary import BY_SOURCE, REGION_COLUMNS, Scope

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


def _unstated(dimension: str) -> Q:
    """Return the condition that `is_stated` of the cube is false."""
    found = ~Q(**{f"{BASES[dimension]}__in": BY_SOURCE})
    if dimension == "region":
        found &= ~Q(scope=Scope.GLOBAL, scope_basis__in=BY_SOURCE)
    return found


# By column, and that of its basis: no source states the value.
UNSTATED = {
    column: _unstated(dimension)
    for dimension, basis in BASES.items()
    for column in (PROJECT_TABLE.facets[dimension].name, basis)
} | {"in_matrix": Q(is_of_other_report=True)}


def ran_in(year: str) -> Q:
    """Return the condition that a project ran in a year: between both dates, or that of one."""
    begun, over = Q(start_date__lt=f"{year}~"), Q(end_date__lt=year)  # "~" is after "-"
    only_start = Q(end_date="", start_date__startswith=year)
    only_end = Q(start_date="", end_date__startswith=year)
    both = ~Q(start_date="") & ~Q(end_date="") & begun & ~over
    return both | only_start | only_end


# By facet of years, the condition that a project has one.
YEARS: dict[str, Callable[[str], Q]] = {
    "year": ran_in,
    "starts": lambda year: Q(start_date__startswith=year),
    "ends": lambda year: Q(end_date__startswith=year),
}


def _vocabulary_order(dimension: str, unstated: Q | None = None, last: int = 99) -> Case:
    """Return the place of a value in its vocabulary; `last` is that of what no source states."""
    values = enumerate(VOCABULARIES[dimension].values)
    return Case(
        *([When(unstated, then=Value(last))] if unstated else []),
        *(When(**{dimension: value, "then": Value(place)}) for place, value in values),
        default=Value(last) if dimension != "status" else None,
        output_field=SmallIntegerField(),
    )


STATUS_ORDER = _vocabulary_order("status")
# The keys of each sort; equal projects are in the order of their numbers.
SORTS = {
    "reference": F("number"),
    "title": F("title_sort"),
    "priority_area": _vocabulary_order("priority_area", UNSTATED["priority_area"]),
    "scope": _vocabulary_order("scope", UNSTATED["scope"]),
    "status": STATUS_ORDER,
    "updated": F("updated_at"),
}
# Others of the same names: downwards what is not stated is last, too; of the filled-in table.
_OTHERS = {
    **{f"-{one}": _vocabulary_order(one, UNSTATED[one], -1) for one in ("priority_area", "scope")},
    **{f"filled_in_{one}": _vocabulary_order(one) for one in ("priority_area", "scope")},
}
RELEVANCE = "relevance"


def sort_key(sort: str, terms: Iterable[str]) -> Any:
    """Return a sort's key; relevance adds up how well each term matches."""
    name = sort.removeprefix("-")
    if name != RELEVANCE:
        return _OTHERS.get(sort) or (SORTS | _OTHERS)[name]
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
