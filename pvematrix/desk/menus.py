"""Menus with a search of their own, which without scripts are lists of all that can be chosen.

Django's have the chosen options in them, and ask for the others by script.
"""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.utils.html import format_html
from django.utils.translation import gettext as _


class Menu(AutocompleteSelect):
    """One of what there is."""

    def optgroups(self, name, value, attrs=None):
        return forms.Select.optgroups(self, name, value, attrs)


class MenuOfSeveral(AutocompleteSelectMultiple):
    """Any number of what there is."""

    def optgroups(self, name, value, attrs=None):
        return forms.SelectMultiple.optgroups(self, name, value, attrs)

    def render(self, name, value, attrs=None, renderer=None):
        how = _("Hold down “Control”, or “Command” on a Mac, to select more than one.")
        menu = super().render(name, value, attrs, renderer)
        return format_html('{}<noscript><div class="help">{}</div></noscript>', menu, how)
