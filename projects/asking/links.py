"""Query strings of what is asked for, and of what is near it."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.http import urlencode

from ..models import Edition
from ..models.ordering import RELEVANCE, SORTS
from .asked import FACETS, PAGE_SIZES, Asked


@dataclass(frozen=True)
class SortHead:
    """A sortable column: where its heading leads, and how it is sorted now, if it is."""

    name: str
    query: str
    direction: str


def parameters_of(asked: Asked) -> dict[str, list[str]]:
    """Return the parameters that ask for this, in one fixed order, without what is so anyway."""
    usual = Asked()
    found = {"q": list(asked.queries)}
    found |= {facet: list(values) for facet, values in asked.conditions.items()}
    if asked.edition:
        found["edition"] = [asked.edition.slug]
    for name in ("sort", "page", "per_page"):
        if getattr(asked, name) != getattr(usual, name):
            found[name] = [str(getattr(asked, name))]
    found["columns"] = list(asked.columns)
    found |= {name: [value] for name, value in asked.layout.items()}
    return {name: values for name, values in found.items() if values}


def query_of(asked: Asked) -> str:
    """Return the one query string that asks for this."""
    return urlencode(parameters_of(asked), doseq=True)


def suffix_of(asked: Asked) -> str:
    """Return the query string as an address takes it: with its question mark, or nothing."""
    return f"?{query}" if (query := query_of(asked)) else ""


def turned(asked: Asked, facet: str, value: str) -> str:
    """Return the query string with a facet's value asked for, or taken back if it is."""
    chosen = {*asked.conditions.get(facet, ())}
    return query_of(asked.narrowing.but(**{facet: chosen ^ {value}}))


def pairs_of(asked: Asked) -> list[tuple[str, str]]:
    """Return the parameters as (name, value), for the hidden fields of a form."""
    return [(name, value) for name, values in parameters_of(asked).items() for value in values]


@dataclass(frozen=True)
class Links:
    """Where a page about what is asked for can lead."""

    asked: Asked

    @cached_property
    def suffix(self) -> str:
        return suffix_of(self.asked)

    @cached_property
    def filter_query(self) -> str:
        """What is asked for, without how it is shown."""
        return query_of(self.asked.narrowing)

    @cached_property
    def filter_suffix(self) -> str:
        return suffix_of(self.asked.narrowing)

    @cached_property
    def list_suffix(self) -> str:
        """What is asked for, in the columns chosen, as an address of the list takes it."""
        return suffix_of(replace(self.asked.narrowing, columns=self.asked.columns))

    @property
    def first_page(self) -> str:
        """This view, from its first page."""
        return query_of(self.asked.but())

    @property
    def export_query(self) -> str:
        """An export: the same rows in the same order, all pages."""
        return query_of(self.asked.narrowing.but(sort=self.asked.sort))

    @property
    def documented(self) -> str | None:
        """Only what is there by no classification that was allocated, shown the same way."""
        documented = self.asked.only_documented()
        return None if documented is None else query_of(documented.but())

    @property
    def live(self) -> str:
        return query_of(self.asked.but(edition=None))

    def of(self, edition: Edition) -> str:
        return query_of(self.asked.but(edition=edition))

    @property
    def clear(self) -> str:
        """Everything, shown the same way."""
        return query_of(self.asked.but(queries=(), **dict.fromkeys(FACETS)))

    @property
    def sort_heads(self) -> dict[str, SortHead]:
        """By sortable column: the query string that sorts by it, or the other way if it does."""
        heads = {}
        for name in SORTS:
            direction = {name: "ascending", f"-{name}": "descending"}.get(self.asked.sort, "")
            other = f"-{name}" if direction == "ascending" else name
            heads[name] = SortHead(name, query_of(self.asked.but(sort=other)), direction)
        return heads

    @property
    def by_relevance(self) -> str:
        """The best matches of a search first; empty without a search, and if it is so already."""
        if not self.asked.queries or self.asked.sort == RELEVANCE:
            return ""
        return query_of(self.asked.but(sort=RELEVANCE))

    @property
    def page_sizes(self) -> list[tuple[int, str, bool]]:
        """The page sizes as (number, query string, whether it is the present one)."""
        return [
            (number, query_of(self.asked.but(per_page=number)), number == self.asked.per_page)
            for number in PAGE_SIZES
        ]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the filter form carries along unseen: more searches, edition, order, columns."""
        carried = Asked(
            queries=self.asked.queries[1:],
            edition=self.asked.edition,
            sort=self.asked.sort,
            per_page=self.asked.per_page,
            columns=self.asked.columns,
        )
        return pairs_of(carried)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What narrows the register, for a form that asks for more."""
        return pairs_of(self.asked.narrowing)
