"""What a query string asks of the records: the same for pages, files and the API."""

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ..asking import Asked
from ..asking.faceted import FacetedQuery, matching
from ..asking.fields import ChoiceField, FacetField, YearField
from ..asking.published import shown
from ..asking.selection import countries, directory
from ..changes import PageQuery
from ..models import cached
from ..text import fold
from .dates import When, dates_of, when, years_of
from .models import Record
from .profile import ON_PAGES, SPEAKS_OF_IT, slug_of, when_in_words
from .reading import PAGES
from .records import attributions, counted

SORTS: dict[str, tuple[Any, Callable[[Record], str]]] = {
    "title": (_("Title"), lambda one: fold(one.title)),
    "start": (_("Start"), lambda one: dates_of(one.reading)[0]),
    "end": (_("End"), lambda one: dates_of(one.reading)[1]),
    "publisher": (_("Publisher"), lambda one: fold(one.reading.publisher)),
}
# The most that the register's own search names.
NAMED = 5
Values = dict[str, dict[str, str]]


def _values_of(record: Record, day: str) -> Values:
    """Return the values of each facet of a record, each with its name there."""
    read, time, said = record.reading, when(record.reading, day), record.reading.speaks_of_it
    return {
        "publisher": {slug_of(read.publisher) or PAGES: read.publisher or str(ON_PAGES)},
        "country": _by_slug((each["code"], each["name"]) for each in read.countries),
        "entity": _by_slug((each["code"], each["code"] or each["name"]) for each in read.entities),
        "donor": _by_slug(("", name) for name in read.donors),
        "when": {time.value: when_in_words(time)},
        "speaks_of_it": _by_slug([(said, str(SPEAKS_OF_IT.get(said, "")))]),
        "year": {year: year for year in years_of(read)},
    }


def _by_slug(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return names by their code, or by what addresses have of them; none without a letter."""
    found = {code or slug_of(name): name for code, name in named}
    return {slug: name for slug, name in found.items() if slug}


@cached
def _values_of_all(day: str, _language: str) -> dict[str, Values]:
    """Return the values of every record that is counted, by its key."""
    return {one.key: _values_of(one, day) for one in counted()}


def values_of_all() -> dict[str, Values]:
    return _values_of_all(shown().date, get_language() or "")


class PublishedField(FacetField):
    """Names that records have, as their addresses have them."""

    pattern = r"[\w-]+"
    allowed = _("a name that a record has, with hyphens, e.g. government-of-japan")


class ElsewhereQuery(FacetedQuery):
    """A query of the records; its facets have the values that the records have."""

    publisher = PublishedField(label=_("Publisher"))
    country = PublishedField(label=_("Country"))
    entity = PublishedField(label=_("Entity"))
    donor = PublishedField(label=_("Donor"))
    when = FacetField(label=_("When it ran"), choices=[(one.value, "") for one in When])
    speaks_of_it = FacetField(
        label=_("Whether it speaks of violent extremism"),
        choices=[(slug, "") for slug in SPEAKS_OF_IT],
    )
    year = YearField(label=_("Year"))

    FACETS = ("publisher", "country", "entity", "donor", "when", "speaks_of_it", "year")
    # Those that are open on the page.
    FIRST = ("publisher", "when")
    ALL = _("All projects elsewhere")

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        for name, field in self.fields.items():
            if isinstance(field, PublishedField):
                # Callables: read only when a value is given.
                field.choices = lambda name=name: self._known(name)

    def _known(self, facet: str) -> list[tuple[str, str]]:
        """Return what may be asked for: what records have, and the directory's countries too."""
        known = dict(self.named[facet])
        if facet == "country":
            known = {**dict.fromkeys(countries(), ""), **known}
        elif facet == "entity":
            known = {**{one.acronym: "" for one in directory()}, **known}
        return list(known.items())

    @cached_property
    def every(self) -> list[Record]:
        return counted()

    @cached_property
    def values(self) -> dict[str, Values]:
        return values_of_all()

    def values_of(self, facet: str, record: Record) -> Collection[str]:
        return self.values[record.key][facet]

    @cached_property
    def named(self) -> Values:
        """The values that records have of each facet, by name."""
        named: Values = {name: {} for name in self.FACETS}
        for values in self.values.values():
            for facet, names in values.items():
                for slug, name in names.items():
                    named[facet].setdefault(slug, name)
        local = countries()
        named["country"] = {slug: local.get(slug, one) for slug, one in named["country"].items()}
        return {
            facet: dict(sorted(names.items(), key=lambda one: fold(one[1])))
            for facet, names in named.items()
        }

    def offered(self, facet: str) -> Collection[tuple[str, Any]]:
        return self.named[facet].items()

    @cached_property
    def found(self) -> list[Record]:
        """The records that match, in the order asked for; those without the value are last."""
        asked = (self.cleaned_data.get("sort") or ["title"])[0]
        key = SORTS[asked.removeprefix("-")][1]
        found = sorted(self._found(), key=key, reverse=asked.startswith("-"))
        return sorted(found, key=lambda one: not key(one))

    @property
    def facets(self) -> list[dict[str, Any]]:
        opened = (*self.FIRST, *self.asked_for)
        return [{**one, "is_open": one["name"] in opened} for one in super().facets]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.asked_for.items() for value in values]

    @property
    def suffix(self) -> str:
        """The query string of the same records, without the page: files have all."""
        asked = self.data.copy()
        asked.pop("page", None)
        return f"?{asked.urlencode()}" if asked else ""


class SortedQuery(ElsewhereQuery):
    sort = ChoiceField(choices=[(f"{sign}{name}", "") for name in SORTS for sign in ("", "-")])


class ElsewherePage(PageQuery, SortedQuery):
    """A page of the records."""


def also_elsewhere(asked: Asked) -> dict[str, Any]:
    """Return the records that a question to the register finds too, and the way to all of them.

    Of its entities, countries and words: nothing else is known of them. Nothing for a question
    that has other conditions, and nothing for an edition.
    """
    chosen = dict(asked.conditions)
    if asked.edition or not asked.is_filtered or chosen.keys() - {"entity", "country"}:
        return {}
    pairs = [*(("q", one) for one in asked.queries)]
    pairs += [(name, one) for name, some in chosen.items() for one in some]
    values = values_of_all()
    records = matching(counted(), lambda name, one: values[one.key][name], asked.queries, chosen)
    first = records[:NAMED] if asked.queries else []
    of_first = {"first": first, "attributions": attributions(first)}
    return {"number": len(records), "suffix": f"?{urlencode(pairs)}", **of_first}
