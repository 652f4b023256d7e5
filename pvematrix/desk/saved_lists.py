"""The desk's list of projects: chosen columns, and lists saved under a name."""

import re
from collections.abc import Sequence
from copy import copy
from typing import ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import (
    IS_FACETS_VAR,
    IS_POPUP_VAR,
    TO_FIELD_VAR,
    IncorrectLookupParameters,
)
from django.contrib.admin.utils import label_for_field
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR, ChangeList
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpResponseNotAllowed, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from projects.models import SavedList

from .bulk import BulkAdmin
from .lists import refuse_impossible_addresses, require

# The columns in an address, and each one in the form that chooses them.
COLUMNS_VAR, COLUMN_VAR = "columns", "column"
# Parameters that are not part of a saved list.
_PASSING = (PAGE_VAR, ALL_VAR, ERROR_FLAG, IS_FACETS_VAR, IS_POPUP_VAR, TO_FIELD_VAR, COLUMN_VAR)
# The most lists of one person.
MOST_LISTS = 50


class ColumnsList(ChangeList):
    """A list whose columns are a parameter, which is no filter."""

    def get_filters_params(self, params=None):
        found = super().get_filters_params(params)
        found.pop(COLUMNS_VAR, None)
        return found


def _query_of(given: QueryDict) -> str:
    """Return the filters, columns and order of a list's address."""
    query = QueryDict(mutable=True)
    for name in sorted(given):
        if name not in _PASSING and (given[name] or name != ORDER_VAR):
            query[name] = str(given[name])
    return query.urlencode(safe=",")


class SavedListForm(forms.ModelForm):
    class Meta:
        model = SavedList
        fields = ["name", "is_shared", "query"]
        widgets = {"query": forms.HiddenInput}


class SavedListsAdmin(BulkAdmin):
    # Those that can be chosen besides the reference; `list_display` is the default.
    columns: ClassVar[Sequence[str]] = ()
    own_pages = [
        ("lists/save/", "save_list_view", "projects_savedlist_save"),
        ("lists/<int:pk>/", "list_view", "projects_savedlist_open"),
        ("lists/<int:pk>/delete/", "delete_list_view", "projects_savedlist_delete"),
    ]

    def get_changelist(self, request, **kwargs):
        return ColumnsList

    def get_list_display(self, request):
        asked = request.GET.get(COLUMNS_VAR, "")
        if not asked:
            return self.list_display
        chosen = dict.fromkeys(["reference", *asked.split(",")])
        unknown = [name for name in chosen if name not in (*self.columns, "reference")]
        if unknown:
            allowed = ", ".join(self.columns)
            text = _("There is no column “%s”.") % unknown[0][:40]
            raise BadRequest(f"{text} {_('Allowed: %s.') % allowed}")
        return list(chosen)

    def changelist_view(self, request, extra_context=None):
        require(self.has_view_or_change_permission(request))
        if request.method != "POST" and COLUMN_VAR in request.GET:
            return redirect(f"{self._list_address}?{self._with_columns(request)}")
        columns = self.get_list_display(request)
        names = dict.fromkeys([*columns[1:], *self.columns])
        query = _query_of(request.GET)
        extra = {
            "columns": [
                (name, capfirst(str(label_for_field(name, self.model, self))), name in columns)
                for name in names
            ],
            "saved_lists": list(SavedList.objects.offered_to(request.user)),
            "list_query": query,
            "parameters": [*QueryDict(query).items()],
            "list_form": SavedListForm(initial={"query": query}),
        }
        return super().changelist_view(request, extra | (extra_context or {}))

    @property
    def _list_address(self) -> str:
        return reverse("admin:projects_project_changelist")

    def _with_columns(self, request) -> str:
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
        return _query_of(query)

    def _problem(self, request, query: str) -> str:
        asked = copy(request)
        asked.method, asked.GET = "GET", QueryDict(query)
        try:
            refuse_impossible_addresses(asked)
            found = self.get_changelist_instance(asked)
        except BadRequest as error:
            return str(error)
        except (IncorrectLookupParameters, SuspiciousOperation):
            return _("The list has no such filter: %s.") % query[:200]
        for spec in found.filter_specs:
            if isinstance(spec, admin.SimpleListFilter) and spec.value() is not None:
                offered = [str(value) for value, _label in spec.lookup_choices]
                value = str(spec.value())
                if value not in offered:
                    return _("The list has no such filter: %s.") % f"{spec.title}: {value[:40]}"
        return ""

    def save_list_view(self, request):
        require(self.has_view_or_change_permission(request))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = SavedListForm(request.POST)
        if form.is_valid():
            others = SavedList.objects.filter(by=request.user)
            if problem := self._problem(request, form.cleaned_data["query"]):
                form.add_error(None, problem)
            elif others.exclude(name=form.cleaned_data["name"]).count() >= MOST_LISTS:
                text = _("You have %d lists already: delete one first.") % MOST_LISTS
                form.add_error(None, text)
            else:
                values = {name: form.cleaned_data[name] for name in ("query", "is_shared")}
                SavedList.objects.update_or_create(
                    by=request.user,
                    name=form.cleaned_data["name"],
                    defaults=values | {"at": timezone.now()},
                )
                messages.success(request, _("“%s” is saved.") % form.cleaned_data["name"])
                return redirect(f"{self._list_address}?{form.cleaned_data['query']}")
        return self.own_page(request, "save_list", _("Save this list"), {"form": form}, 400)

    def list_view(self, request, pk):
        require(self.has_view_or_change_permission(request))
        one = get_object_or_404(SavedList.objects.offered_to(request.user), pk=pk)
        if problem := self._problem(request, one.query):
            messages.error(request, f"{one.name}: {problem}")
            return redirect(self._list_address)
        return redirect(f"{self._list_address}?{one.query}")

    def delete_list_view(self, request, pk):
        require(self.has_view_or_change_permission(request))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        one = get_object_or_404(SavedList, pk=pk, by=request.user)
        one.delete()
        messages.success(request, _("“%s” is deleted.") % one.name)
        return redirect(self._list_address)
