"""What the query string of a list may have besides filters: its columns, and what is open."""

from dataclasses import replace
from functools import cached_property
from typing import Any

from django.forms import Form
from django.utils.functional import Promise

from .asking import Asked, ProjectFilter
from .asking.fields import FacetField
from .asking.filters import taking
from .asking.phrases import FACET_LABELS
from .asking.selection import edition_called


class ColumnsField(FacetField):
    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        return [name for name, _label in self.choices if name in chosen]


class ListFilter(ProjectFilter):
    columns = taking(ColumnsField)

    @cached_property
    def form(self) -> Form:
        form = super().form
        form.fields["columns"].choices = self._columns
        return form

    def _columns(self) -> list[tuple[str, str | Promise]]:
        edition = edition_called(self.data.get("edition", ""))
        return [(column.name, column.label) for column in Asked.of(edition).table.columns]

    @cached_property
    def asked(self) -> Asked:
        return replace(super().asked, columns=tuple(self.form.cleaned_data["columns"]))


class PanelFilter(ListFilter):
    """The list, whose panel shows the values of open facets."""

    # Also those that an edition lacks: a link to one keeps what is open here.
    open = taking(ColumnsField, choices=[*FACET_LABELS.items()])

    @cached_property
    def asked(self) -> Asked:
        asked = super().asked
        opened = [one for one in self.form.cleaned_data["open"] if one in asked.facets]
        return replace(asked, opened=tuple(opened))
