"""Queries of records by words and by facets: the same for pages, files and the API."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..citations import labelled
from ..text import any_of, quoted, separated
from .fields import QueryForm, WordsField
from .selection import FacetValue
from .terms import finding

# Returns the values of a facet that a record has.
ValuesOf = Callable[[str, Any], Collection[str]]


def matching(
    records: Iterable[Any],
    values_of: ValuesOf,
    queries: Collection[str],
    chosen: Mapping[str, Collection[str]],
) -> list[Any]:
    """Return the records with one of the searches, and one of the values of each facet chosen."""
    is_found, wanted = finding(queries), {name: {*some} for name, some in chosen.items() if some}
    return [
        record
        for record in records
        if (not queries or is_found(record.searched))
        and not any(some.isdisjoint(values_of(name, record)) for name, some in wanted.items())
    ]


class FacetedQuery(QueryForm):
    """A query of records: of `every` one without it. `FACETS` are the fields of their values."""

    FACETS: tuple[str, ...]
    # What is asked for if nothing is, in words.
    ALL: Any
    every: Any
    values_of: Any

    q = WordsField(required=False, label=_("Search"))

    def offered(self, facet: str) -> Iterable[tuple[str, Any]]:
        """Return the values of a facet that can be chosen, with their labels."""
        return self.fields[facet].choices

    def _found(self, without: str = "") -> list[Any]:
        chosen = {name: self.cleaned_data[name] for name in self.FACETS if name != without}
        return matching(self.every, self.values_of, self.cleaned_data["q"], chosen)

    @cached_property
    def found(self) -> list[Any]:
        return self._found()

    @property
    def facets(self) -> list[dict[str, Any]]:
        """The facets that records have, with their values, for the tag of facets.

        Each value is counted as if it were the only one chosen of its facet.
        """
        facets = []
        for name in self.FACETS:
            records, chosen = self._found(without=name), self.cleaned_data[name]
            counts = Counter(slug for one in records for slug in self.values_of(name, one))
            values = [
                FacetValue(slug, str(label), str(counts[slug]), slug in chosen)
                for slug, label in self.offered(name)
            ]
            there = chosen or any(self.values_of(name, one) for one in self.every)
            if len(values) > 1 and there:
                facets.append({"name": name, "label": self.fields[name].label, "values": values})
        return facets

    @property
    def sentence(self) -> str:
        """What is asked for, in words."""
        said = [labelled(self.fields["q"].label, quoted(one)) for one in self.cleaned_data["q"]]
        for name in self.FACETS:
            if chosen := self.cleaned_data[name]:
                labels = dict(self.offered(name))
                named = any_of(str(labels.get(one, one)) for one in chosen)
                said.append(labelled(self.fields[name].label, named))
        return separated(said) or str(self.ALL)

    @property
    def asked_for(self) -> dict[str, list[str]]:
        """The values that were asked for, by parameter, for the names of files."""
        names = ("q", *self.FACETS)
        return {name: sorted(self.cleaned_data[name]) for name in names if self.cleaned_data[name]}

    @property
    def is_filtered(self) -> bool:
        return bool(self.asked_for)
