"""The columns of the desk's list of projects, which its address chooses."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.admin.options import IS_FACETS_VAR, IS_POPUP_VAR, TO_FIELD_VAR
from django.contrib.admin.utils import label_for_field
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR, ChangeList
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .forms import Extra
from .lists import require
from .merging import MergingAdmin

# The columns in an address, and each one in the form that chooses them.
COLUMNS_VAR, COLUMN_VAR = "columns", "column"
# Columns by their names in older addresses.
FORMER = {"priority_area": "area"}
# Parameters that another choice of columns drops.
_PASSING = (PAGE_VAR, ALL_VAR, ERROR_FLAG, IS_FACETS_VAR, IS_POPUP_VAR, TO_FIELD_VAR, COLUMN_VAR)


class ColumnsList(ChangeList):
    """A list whose columns are a parameter, which is no filter."""

    def get_filters_params(self, params: dict[str, Any] | None = None) -> dict[str, Any]:
        found = super().get_filters_params(params)
        found.pop(COLUMNS_VAR, None)
        return found


def _query_of(given: QueryDict) -> QueryDict:
    """Return the filters, columns and order of a list's address."""
    query = QueryDict(mutable=True)
    for name in sorted(given):
        if name not in _PASSING and (given[name] or name != ORDER_VAR):
            query[name] = str(given[name])
    return query


class ColumnsAdmin(MergingAdmin):
    # Those that can be chosen besides the reference; `list_display` is the default.
    columns: ClassVar[Sequence[str]] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ColumnsList]:
        return ColumnsList

    def get_list_display(self, request: HttpRequest) -> Any:
        asked = request.GET.get(COLUMNS_VAR, "")
        if not asked:
            return self.list_display
        chosen = dict.fromkeys(["reference", *(FORMER.get(one, one) for one in asked.split(","))])
        unknown = [name for name in chosen if name not in (*self.columns, "reference")]
        if unknown:
            allowed = ", ".join(self.columns)
            text = _("There is no column “%s”.") % unknown[0][:40]
            raise BadRequest(f"{text} {_('Allowed: %s.') % allowed}")
        return list(chosen)

    def changelist_view(self, request: HttpRequest, extra_context: Extra = None) -> HttpResponse:
        require(self.has_view_or_change_permission(request))
        if request.method != "POST" and COLUMN_VAR in request.GET:
            return redirect(f"{request.path}?{self._with_columns(request)}")
        columns = self.get_list_display(request)
        names = dict.fromkeys([*columns[1:], *self.columns])
        extra = {
            "columns": [
                (name, capfirst(str(label_for_field(name, self.model, self))), name in columns)
                for name in names
            ],
            "parameters": [*_query_of(request.GET).items()],
        }
        return super().changelist_view(request, extra | (extra_context or {}))

    def _with_columns(self, request: HttpRequest) -> str:
        """Return the query of the list with the chosen columns, in the order it has now."""
        before = self.get_list_display(request)
        after = [*dict.fromkeys(["reference", *request.GET.getlist(COLUMN_VAR)])]
        # The order parameter has the positions of columns, from 1.
        ordered = [
            f"{sign}{after.index(name) + 1}"
            for sign, place in re.findall("(-?)([0-9]{1,3})", request.GET.get(ORDER_VAR, ""))
            for name in before[max(0, int(place) - 1) : int(place)]
            if name in after
        ]
        query = request.GET.copy()
        query[COLUMNS_VAR], query[ORDER_VAR] = ",".join(after), ".".join(ordered)
        return _query_of(query).urlencode(safe=",")
