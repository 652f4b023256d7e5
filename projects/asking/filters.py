"""The reader of query strings to the register."""

from collections.abc import Iterable
from copy import deepcopy
from functools import cache, cached_property, partial
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import Field, Form
from django.utils.translation import gettext as _

from ..cube import BASES
from ..models import Project
from ..models.conditions import RELEVANCE, SORTS, YEARS
from ..vocabulary import NOT_STATED, Basis
from .asked import FACETS, PAGE_SIZES, Asked, facet_choices
from .fields import (
    ChoiceField,
    CountryField,
    EntityField,
    FacetField,
    PageField,
    Problem,
    QueryForm,
    WordsField,
    YearField,
)
from .selection import Selection, countries, directory, edition_called, edition_choices


def taking(field: type[Field], **kwargs: Any) -> django_filters.Filter:
    found = django_filters.Filter(**kwargs)
    found.field_class = field
    return found


def taking_facet(facet: str) -> django_filters.Filter:
    # Callables: the choices are read only when a value is given.
    match facet:
        case "entity":
            return taking(EntityField, choices=lambda: _slugs(one.acronym for one in directory()))
        case "country":
            return taking(CountryField, choices=lambda: _slugs(countries()))
        case _ if facet in YEARS:
            return taking(YearField)
    field = BasisField if facet in BASES.values() else FacetField
    return taking(field, choices=partial(facet_choices, facet))


def _slugs(values: Iterable[str]) -> list[tuple[str, str]]:
    return [(slug, slug) for slug in (*values, NOT_STATED)]


class BasisField(FacetField):
    """Bases; that of filled-in values is one with the filled-in table alone."""

    renamed = {Basis.ALLOCATED.value: NOT_STATED}

    def validate(self, value: list[str]) -> None:
        super().validate([one for one in value if one not in self.renamed])


class ProjectForm(QueryForm):
    """Refuses a filter by a column that the edition lacks, or by what was filled in."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        filled_in, described = map(self.cleaned_data.get, ("filled_in", "described"))
        if filled_in and described:
            self.add_error("described", _("filled_in=yes asks for the whole filled-in table"))
            self.fields["described"] = FacetField()  # whose message names no allowed value
        for name in () if filled_in else BASES.values():
            if Basis.ALLOCATED in (self.cleaned_data.get(name) or ()):
                self.add_error(name, _("“allocated” is allowed with filled_in=yes only"))
        edition = edition_called("".join(self.cleaned_data.get("edition", ())))
        lacking = {*FACETS}.difference(Asked.of(edition).facets)
        for name in (*FACETS, "sort") if lacking else ():
            values = self.cleaned_data.get(name) or ()
            columns = [name] if name in FACETS else [one.removeprefix("-") for one in values]
            if values and not lacking.isdisjoint(columns):
                self.add_error(name, _("the edition “%s” has no such column") % edition)
                self.fields[name] = FacetField()  # whose message names no allowed value
        return self.cleaned_data


class ProjectFilter(django_filters.FilterSet):
    """What a query string asks of the register; nothing else reads one.

    Check `is_valid()` before reading anything else: FilterSet would answer an invalid query with
    every row. If it is false, read `problems`.
    """

    edition = taking(ChoiceField, choices=edition_choices)
    filled_in = taking(ChoiceField, choices=[("yes", "")])
    described = taking(ChoiceField, choices=[("yes", "")])
    sort = taking(
        ChoiceField,
        choices=[
            *((f"{sign}{name}", "") for name in SORTS for sign in ("", "-")),
            (RELEVANCE, ""),
        ],
    )
    page = taking(PageField)
    per_page = taking(ChoiceField, choices=[(str(number), str(number)) for number in PAGE_SIZES])

    # Parameters of a single page.
    layout: tuple[str, ...] = ()

    class Meta:
        model = Project
        fields: tuple[str, ...] = ()
        form = ProjectForm

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        facets = {facet: taking_facet(facet) for facet in FACETS}
        return {"q": taking(WordsField), **facets, **super().get_filters()}

    @classmethod
    @cache
    def _form_class(cls) -> type[QueryForm]:
        filters = deepcopy(cls.base_filters)  # each keeps its field, which would be copied with it
        return type("Form", (cls._meta.form,), {name: one.field for name, one in filters.items()})

    def get_form_class(self) -> type[Form]:
        # Making fields is what costs most of reading a query; these depend on nothing of it.
        return self._form_class()

    @property
    def problems(self) -> list[Problem]:
        return self.form.problems

    @property
    def messages(self) -> list[str]:
        return self.form.messages

    @cached_property
    def asked(self) -> Asked:
        if not self.is_valid():
            raise ValueError("; ".join(self.messages))
        given = self.form.cleaned_data

        def one(name: str, usual: str) -> str:
            return (given.get(name) or [usual])[0]

        return Asked.of(
            edition_called(one("edition", "")),
            queries=given.get("q", ()),
            sort=one("sort", "reference"),
            page=int(one("page", "1")),
            per_page=int(one("per_page", str(PAGE_SIZES[0]))),
            filled_in=bool(given.get("filled_in")),
            described=bool(given.get("described")),
            layout={name: given[name][0] for name in self.layout if given[name]},
            **{facet: given.get(facet, ()) for facet in FACETS},
        )

    @cached_property
    def selection(self) -> Selection:
        return Selection(self.asked)

    @property
    def qs(self) -> QuerySet[Project]:
        return self.selection.rows
