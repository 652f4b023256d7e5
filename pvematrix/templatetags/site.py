"""The header's menu, the lists of its index pages, and what other sites show of a page."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

from projects.languages import in_language, is_translated

from ..pages import MENUS, PAGES

register = template.Library()


class Entry(NamedTuple):
    """`current` is "page", "true" on a page below it, or empty."""

    label: str | Promise
    address: str
    current: str
    note: str | Promise = ""


@register.simple_tag(takes_context=True)
def header_entries(context: Context) -> list[Entry]:
    here = _name_of(context)
    menu = next((page.menu for page in PAGES if page.name == here), None)
    if menu is None:
        menu = next((name for name, below in MENUS.items() if here.startswith(below)), "")
    current = {menu: "true", here: "page"}
    indexes = [page for page in PAGES if page.name == page.menu and not page.part]
    return [
        Entry(one.label or one.title, one.location, current.get(one.name, "")) for one in indexes
    ]


@register.simple_tag(takes_context=True)
def menu_pages(context: Context) -> list[Entry]:
    """Return the other pages of the menu whose index this page is."""
    here = _name_of(context)
    pages = [one for one in PAGES if one.menu == here and (one.name != here or one.part)]
    located = [(page, page.location) for page in pages]
    return [Entry(page.title, to, "", page.note) for page, to in located if to]


@register.simple_tag(takes_context=True)
def languages(context: Context) -> list[tuple[str, str, str]]:
    """Return the code, the name and the address of the page in each language that it exists in.

    A page that was not found links to the overview in another language.
    """
    request = context.get("request")
    if not request or not is_translated(request.path) or len(settings.LANGUAGES) == 1:
        return []
    here = context.get("page_address") or request.path
    parts = urlsplit(here if request.resolver_match else reverse("overview"))
    return [
        (code, name, parts._replace(path=in_language(parts.path, code)).geturl())
        for code, name in settings.LANGUAGES
    ]


def _name_of(context: Context) -> str:
    """Return the name of the address; some error pages are rendered without a request."""
    match = getattr(context.get("request"), "resolver_match", None)
    return match.url_name or "" if match else ""


@register.simple_tag(takes_context=True)
def page_title(context: Context) -> str:
    """Return the page's block `title`, which Django renders in one place only."""
    return context.render_context[BLOCK_CONTEXT_KEY].get_block("title").render(context)


# As Open Graph has languages, each with a territory.
LOCALES = {"ar": "ar_AR", "en": "en_GB", "es": "es_ES", "fr": "fr_FR", "ru": "ru_RU"}
LOCALES["zh-hans"] = "zh_CN"


class Social(NamedTuple):
    """What other sites show of a page: its address, a picture, a title and sentence of PAGES."""

    address: str
    picture: str
    title: str | Promise = ""
    sentence: str | Promise = ""

    @property
    def locale(self) -> str:
        return LOCALES.get(get_language() or "", "")


@register.simple_tag(takes_context=True)
def social(context: Context) -> Social:
    request = context["request"]
    name = request.resolver_match.url_name
    # Pages of one view differ in their addresses.
    named = (one for one in PAGES if one.name == name and not one.part)
    page = next((one for one in named if not one.slug or one.location == request.path), None)
    return Social(
        context.get("canonical") or request.build_absolute_uri(request.path),
        request.build_absolute_uri(static("card.png")),
        *((page.title, page.note) if page else ()),
    )
