"""What the desk's lists share: an address narrows them by what they offer, and nothing else."""

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import BadRequest
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _

from projects.asking.fields import LONGEST_QUERY, MOST_WORDS
from projects.text import fold

# The parameters by which lists, and fields that complete what one types, are searched.
_SEARCHES = (SEARCH_VAR, "term")
# No database's key is longer.
_LONGEST_KEY = 18


def refuse_impossible_addresses(request) -> None:
    """Raise BadRequest for an address that a database could not answer.

    That is one with a NUL, which PostgreSQL compares with nothing, and a search for more words than
    the public list takes: Django makes conditions of each, of which SQLite takes a thousand.
    """
    if any("\0" in value for values in request.GET.lists() for value in values[1]):
        raise BadRequest(_("The address holds a NUL character."))
    for name in _SEARCHES:
        text = fold(request.GET.get(name, ""))
        if len(text) > LONGEST_QUERY or len(text.split()) > MOST_WORDS:
            raise BadRequest(
                _("%(parameter)s: search for at most %(length)d characters and %(words)d words.")
                % {"parameter": name, "length": LONGEST_QUERY, "words": MOST_WORDS}
            )


def _refuse_no_key(value: str) -> None:
    if not (value.isascii() and value.isdigit() and len(value) <= _LONGEST_KEY):
        raise BadRequest(_("“%s” is no key of a record.") % value[:40])


class Menu(AutocompleteSelect):
    """A menu with a search of its own, which without scripts lists all that can be chosen.

    Django's has the chosen options in it, and asks for the others by script.
    """

    def optgroups(self, name, value, attrs=None):
        return forms.Select.optgroups(self, name, value, attrs)


class MenuOfSeveral(AutocompleteSelectMultiple):
    """The same for any number of them."""

    def optgroups(self, name, value, attrs=None):
        return forms.SelectMultiple.optgroups(self, name, value, attrs)

    def render(self, name, value, attrs=None, renderer=None):
        how = _("Hold down “Control”, or “Command” on a Mac, to select more than one.")
        menu = super().render(name, value, attrs, renderer)
        return format_html('{}<noscript><div class="help">{}</div></noscript>', menu, how)


class ListedLookupsAdmin(admin.ModelAdmin):
    """An address narrows the list by what the list's filters offer, and by nothing else.

    Django would try any lookup on any field: also regular expressions, and fields nobody may see.
    `own_pages` are those that Django's admin does not have: address, method, and name.
    """

    own_pages: list[tuple[str, str, str]] = []

    def get_urls(self):
        own = [page for one in type(self).__mro__ for page in vars(one).get("own_pages", ())]
        return [
            *(
                path(address, self.admin_site.admin_view(getattr(self, view)), name=name)
                for address, view, name in own
            ),
            *super().get_urls(),
        ]

    def own_page(self, request, template: str, title, context: dict, status=200):
        """Return a page of `templates/admin/` in the frame of this table."""
        frame = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/{template}.html", frame | context, status=status)

    def get_view_on_site_url(self, obj=None):
        # Straight there: Django's way round, /admin/r/…, asks nobody whether they may see it.
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def lookup_allowed(self, lookup, value, request):
        field, _sign, how = lookup.replace("__id__", "__", 1).partition("__")
        offered = [getattr(one, "parameter_name", one) for one in self.list_filter]
        return field in offered and how in ("", "exact", "isnull", "gte", "lt")

    def changelist_view(self, request, extra_context=None):
        # Django takes the chosen rows at their word.
        for value in request.POST.getlist(ACTION_CHECKBOX_NAME):
            _refuse_no_key(value)
        return super().changelist_view(request, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        # It shows a form with errors again, and looks up what was chosen by typing.
        for name in self.autocomplete_fields:
            for value in filter(None, request.POST.getlist(name)):
                _refuse_no_key(value)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", Menu(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs.setdefault("widget", MenuOfSeveral(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request):
        # So it does with what an address fills in: ?entities=x.
        initial = super().get_changeform_initial_data(request)
        for field in self.opts.get_fields():
            value = initial.get(field.name) if field.is_relation else None
            for key in [value] if isinstance(value, str) else value or []:
                _refuse_no_key(key)
        return initial


class ReadOnly:
    """What nobody edits, not even a superuser."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyAdmin(ReadOnly, ListedLookupsAdmin):
    """A table that the application writes."""
