"""Query strings of a query, and of similar ones."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.http import urlencode

from ..models import Edition
from ..models.conditions import RELEVANCE, SORTS
from .asked import FACETS, PAGE_SIZES, Asked


@dataclass(frozen=True)
class SortHead:
    """A sortable column: the query string that sorts by it, and its present direction, if any."""

    name: str
    query: str
    direction: str


def parameters_of(asked: Asked) -> dict[str, list[str]]:
    """Return the parameters that ask for this, in one fixed order, without default values."""
    usual = Asked()
    parameters = {"q": list(asked.queries)}
    parameters |= {facet: list(values) for facet, values in asked.conditions.items()}
    if asked.edition:
        parameters["edition"] = [asked.edition.slug]
    for name in ("sort", "page", "per_page"):
        if getattr(asked, name) != getattr(usual, name):
            parameters[name] = [str(getattr(asked, name))]
    parameters["columns"] = list(asked.columns)
    for name in ("filled_in", "described"):
        parameters[name] = ["yes"] if getattr(asked, name) else []
    parameters |= {name: [value] for name, value in asked.layout.items()}
    return {name: values for name, values in parameters.items() if values}


def query_of(asked: Asked) -> str:
    return urlencode(parameters_of(asked), doseq=True)


def suffix_of(asked: Asked) -> str:
    return f"?{query}" if (query := query_of(asked)) else ""


def pairs_of(asked: Asked) -> list[tuple[str, str]]:
    return [(name, value) for name, values in parameters_of(asked).items() for value in values]


@dataclass(frozen=True)
class Links:
    """The query strings that a page about a query links to."""

    asked: Asked

    @cached_property
    def suffix(self) -> str:
        return suffix_of(self.asked)

    @cached_property
    def filter_query(self) -> str:
        return query_of(self.asked.narrowing)

    @cached_property
    def filter_suffix(self) -> str:
        return suffix_of(self.asked.narrowing)

    @property
    def first_page(self) -> str:
        return query_of(self.asked.but())

    @property
    def exported(self) -> Asked:
        """The rows of the files, and their order."""
        kept = {name: getattr(self.asked, name) for name in ("sort", "filled_in", "described")}
        return self.asked.narrowing.but(**kept)

    @property
    def export_query(self) -> str:
        return query_of(self.exported)

    @property
    def filled_in(self) -> str:
        """The rows of the filled-in table."""
        return query_of(self.asked.but(filled_in=True, described=False))

    @property
    def live(self) -> str:
        return query_of(self.asked.but(edition=None))

    def of(self, edition: Edition) -> str:
        return query_of(self.asked.but(edition=edition))

    @property
    def clear(self) -> str:
        return query_of(self.asked.but(queries=(), **dict.fromkeys(FACETS)))

    @property
    def sort_heads(self) -> dict[str, SortHead]:
        heads = {}
        for name in SORTS:
            direction = {name: "ascending", f"-{name}": "descending"}.get(self.asked.sort, "")
            other = f"-{name}" if direction == "ascending" else name
            heads[name] = SortHead(name, query_of(self.asked.but(sort=other)), direction)
        return heads

    @property
    def by_relevance(self) -> str:
        """Best matches first; empty without a search, and if they are sorted so already."""
        if not self.asked.queries or self.asked.sort == RELEVANCE:
            return ""
        return query_of(self.asked.but(sort=RELEVANCE))

    @property
    def page_sizes(self) -> list[tuple[int, str, bool]]:
        """The page sizes as (number, query string, whether it is the current one)."""
        return [
            (number, query_of(self.asked.but(per_page=number)), number == self.asked.per_page)
            for number in PAGE_SIZES
        ]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The hidden fields of the filter form: searches, edition, order, columns."""
        return pairs_of(replace(self.asked.but(layout={}), conditions={}))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return pairs_of(self.asked.narrowing)
