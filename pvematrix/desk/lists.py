"""Base classes and filters of the desk's lists: an address can use only what they offer."""

from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking.asked import facet_choices
from projects.asking.fields import LONGEST_QUERY, MOST_WORDS
from projects.pages import CONTENT_TYPES
from projects.text import Wording, fold
from projects.vocabulary import NOT_STATED
from reports.library.statements import named_entities

from .forms import FORM_ONLY_FIELDS, Extra

# The search parameters of lists and of autocomplete fields.
_SEARCHES = (SEARCH_VAR, "term")
# The most digits of a database key.
_LONGEST_KEY = 18


def refuse_impossible_addresses(request: HttpRequest) -> None:
    """Raise BadRequest for an address with a NUL or a long search, which a database refuses.

    PostgreSQL refuses NUL. Django makes conditions of each word, and SQLite takes a thousand.
    """
    if any("\0" in value for values in request.GET.lists() for value in values[1]):
        raise BadRequest(_("The address has a NUL character."))
    for name in _SEARCHES:
        text = fold(request.GET.get(name, ""))
        if len(text) > LONGEST_QUERY or len(text.split()) > MOST_WORDS:
            raise BadRequest(
                _("%(parameter)s: search for at most %(length)d characters and %(words)d words.")
                % {"parameter": name, "length": LONGEST_QUERY, "words": MOST_WORDS}
            )


def desk_address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def done(request: HttpRequest, text: Any, *to: Any) -> HttpResponseRedirect:
    """Redirect, and say there what was done."""
    messages.success(request, text)
    return redirect(*to)


def refused(request: HttpRequest, text: Any, *to: Any) -> HttpResponseRedirect:
    """Redirect, and say there why nothing was done."""
    messages.error(request, text)
    return redirect(*to)


def named(file_name: str) -> dict[str, str]:
    """Return the headers with which a browser stores an answer under a name."""
    return {"Content-Disposition": f'attachment; filename="{file_name}"'}


def csv_file(file_name: str, lines: Iterable[bytes]) -> StreamingHttpResponse:
    headers = named(file_name)
    return StreamingHttpResponse(lines, content_type=CONTENT_TYPES["csv"], headers=headers)


def require(permission: bool) -> None:
    if not permission:
        raise PermissionDenied


def _refuse_no_key(value: str) -> None:
    if not (value.isascii() and value.isdigit() and len(value) <= _LONGEST_KEY):
        raise BadRequest(_("“%s” is no key of a record.") % value[:40])


def without_fields(fieldsets: Any, left_out: Collection[Any]) -> list:
    return [
        (name, {**options, "fields": [one for one in options["fields"] if one not in left_out]})
        for name, options in fieldsets
    ]


class Menu(AutocompleteSelect):
    """A menu with a search, which has all options: Django's loads them by script only."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> list[Any]:
        return forms.Select.optgroups(self, name, value, attrs)


class MenuOfSeveral(AutocompleteSelectMultiple):
    def optgroups(self, name: str, value: Any, attrs: Any = None) -> list[Any]:
        return forms.SelectMultiple.optgroups(self, name, value, attrs)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        how = _("Hold down “Control”, or “Command” on a Mac, to select more than one.")
        menu = super().render(name, value, attrs, renderer)
        return format_html('{}<noscript><div class="help">{}</div></noscript>', menu, how)


class ListedLookupsAdmin(admin.ModelAdmin):
    """A list that an address narrows only by the filters that it offers.

    Django would allow regular expressions, and fields that nobody may see. `own_pages` are added
    to those of Django's admin: address, method and name. Forms with names and addresses of persons
    are `is_personal`: the browser saves nothing of them.
    """

    own_pages: list[tuple[str, str, str]] = []
    is_personal = False

    def get_urls(self) -> list[Any]:
        own = [page for one in type(self).__mro__ for page in vars(one).get("own_pages", ())]
        guarded = self.admin_site.admin_view
        urls = [
            path(address, guarded(getattr(self, view)), name=name.format(self.opts))
            for address, view, name in own
        ]
        return [*urls, *super().get_urls()]

    def own_page(
        self, request: HttpRequest, template: str, title: Wording, context: dict, status: int = 200
    ) -> TemplateResponse:
        frame = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/{template}.html", frame | context, status=status)

    def reason_page(
        self, request: HttpRequest, act: Any, record: Any, field: Any, said: Any, **more: Any
    ) -> TemplateResponse:
        """Show what an act means, and ask for its reason."""
        context = {"original": record, "field": field, "said": said, "act": act, **more}
        return self.own_page(request, "with_reason", f"{act}: {record}", context)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("projects.import_projects")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        editable = self.has_change_permission(request, obj) if obj else True
        return fieldsets if editable else without_fields(fieldsets, FORM_ONLY_FIELDS)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        # Django's redirect, /admin/r/…, checks no permission.
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        field, _sign, how = lookup.replace("__id__", "__", 1).partition("__")
        # A filter is a class, a field, or both.
        filters = [one[0] if isinstance(one, tuple) else one for one in self.list_filter]
        offered = [getattr(one, "parameter_name", one) for one in filters]
        return field in offered and how in ("", "exact", "isnull", "gte", "lt")

    def changelist_view(self, request: HttpRequest, extra_context: Extra = None) -> HttpResponse:
        # Django does not check the keys of chosen rows.
        for value in request.POST.getlist(ACTION_CHECKBOX_NAME):
            _refuse_no_key(value)
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Django does not check the keys that are chosen.
        for name in (*self.autocomplete_fields, *(one.name for one in self.opts.many_to_many)):
            for value in filter(None, request.POST.getlist(name)):
                _refuse_no_key(value)
        return super().changeform_view(request, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", Menu(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", MenuOfSeveral(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        # Django does not check the keys in an address either: ?entities=x.
        initial = super().get_changeform_initial_data(request)
        for field in self.opts.get_fields():
            value = initial.get(field.name) if field.is_relation else None
            for key in [value] if isinstance(value, str) else value or []:
                _refuse_no_key(key)
        return initial


class FoldedSearchAdmin(ListedLookupsAdmin):
    """An admin that searches as the public list does, without case and accents."""

    search_fields = ["search_text"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return super().get_search_results(request, queryset, fold(search_term))


class ReadOnly:
    """Mixed into an admin: nobody edits its records, not even a superuser."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_change_permission = has_delete_permission = has_add_permission


class RegionFilter(admin.SimpleListFilter):
    """Those with a value that a source states, or none."""

    title = gettext_lazy("region")
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return facet_choices(self.parameter_name)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        asked = [slug for slug, _label in self.lookup_choices if slug == self.value()]
        return queryset.in_facets({self.parameter_name: asked})


class ScopeFilter(RegionFilter):
    title = gettext_lazy("scope")
    parameter_name = "scope"


class EntityFilter(RegionFilter):
    title = gettext_lazy("entity")
    parameter_name = "entity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*((one, one) for one in named_entities()), (NOT_STATED, _("Not stated"))]
