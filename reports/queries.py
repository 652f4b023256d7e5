"""The parameters of pages about the register, besides its filters or instead of them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking import FACET_LABELS, Asked, ProjectFilter, query_of
from projects.asking.fields import ChoiceField, QueryForm, WordsField, without_tracking
from projects.asking.filters import ProjectForm, taking
from projects.asking.reference import version_of
from projects.asking.selection import Selection, edition_called, edition_choices
from projects.list_filters import ListFilter
from projects.listing import file_name_of
from projects.models import Edition
from projects.ranges import PUBLISHED_DIMENSIONS
from projects.vocabulary import Region

DIMENSION_CHOICES = [(dimension, FACET_LABELS[dimension]) for dimension in PUBLISHED_DIMENSIONS]
COMPARED_FIRST = (Region.AFRICA, Region.MENA)
DEFAULT_ROWS, DEFAULT_COLUMNS = "priority_area", "scope"


class QueryField(forms.Field):
    """A query string of the list, encoded as one value; cleaned, it is a Selection."""

    widget = forms.MultipleHiddenInput
    allowed = ""

    def clean(self, value: list[str] | None) -> Selection:
        given = value or [""]
        if len(given) > 1:
            raise forms.ValidationError(_("given %d times, allowed once") % len(given))
        pasted = QueryDict(given[0].removeprefix("?"))
        reader = ListFilter(without_tracking(pasted))
        if not reader.is_valid():
            raise forms.ValidationError([one.sentence for one in reader.problems])
        return reader.selection


class ComparisonQuery(QueryForm):
    """Two sets of projects; each is the whole register if only the other is given."""

    a = QueryField()
    b = QueryField()

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors and not any(self.data.getlist("a") + self.data.getlist("b")):
            for side, region in zip("ab", COMPARED_FIRST, strict=True):
                self.cleaned_data[side] = Selection(Asked.of(None, region=[region]))
        return self.cleaned_data

    @property
    def sides(self) -> tuple[Selection, Selection]:
        return self.cleaned_data["a"], self.cleaned_data["b"]

    @property
    def file_name(self) -> str:
        sides = {name: [query_of(self.cleaned_data[name].asked)] for name in ("a", "b")}
        asked = {name: values for name, values in sides.items() if values != [""]}
        return file_name_of(f"comparison-{version_of(Asked())}", asked)


class EditionQuery(QueryForm):
    edition = ChoiceField(choices=edition_choices)

    @property
    def edition_asked(self) -> Edition | None:
        return edition_called("".join(self.cleaned_data["edition"]))


class SuggestionQuery(EditionQuery):
    q = WordsField(required=False)
    field_order = ("q", "edition")


@dataclass(frozen=True)
class Layout:
    """The dimensions of a two-way table."""

    rows: str
    columns: str

    @classmethod
    def of(cls, given: Mapping[str, list[str]]) -> "Layout":
        """Return the layout with defaults; scopes as rows go with areas."""
        chosen = {one.name: given[one.name][0] for one in fields(cls) if given.get(one.name)}
        rows = chosen.setdefault("rows", DEFAULT_ROWS)
        chosen.setdefault("columns", DEFAULT_ROWS if rows == DEFAULT_COLUMNS else DEFAULT_COLUMNS)
        return cls(**chosen)

    @property
    def dimensions(self) -> tuple[str, str]:
        return self.rows, self.columns


class CrossTableForm(ProjectForm):
    """Refuses a table of a dimension with itself."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            layout = Layout.of(self.cleaned_data)
            if layout.rows == layout.columns:
                self.add_error("columns", _("“%s” is already in the rows") % layout.columns)
        return self.cleaned_data


class CrossTableFilter(ProjectFilter):
    layout: tuple[str, ...] = ("rows", "columns")

    rows = taking(ChoiceField, choices=DIMENSION_CHOICES, label=gettext_lazy("Rows"))
    columns = taking(ChoiceField, choices=DIMENSION_CHOICES, label=gettext_lazy("Columns"))

    class Meta(ProjectFilter.Meta):
        form = CrossTableForm

    @property
    def chosen(self) -> Layout:
        return Layout.of(self.form.cleaned_data)

    @property
    def selectors(self) -> list[tuple]:
        chosen, fields = vars(self.chosen), self.form.fields
        return [
            (
                name,
                fields[name].label,
                [(value, label, value == selected) for value, label in fields[name].choices],
            )
            for name, selected in chosen.items()
        ]
