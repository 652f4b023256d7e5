"""The header's menu, the tabs of the report's pages, and the names of browsers."""

from typing import NamedTuple

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ..pages import PAGES

register = template.Library()
# By what User-Agent has of each; those of most others have "Chrome" and "Safari" as well.
_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrome/": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}
TABS = {page.name: page for page in PAGES if page.tab}


class Entry(NamedTuple):
    """`current` is "page", "true" on a page below it, or empty."""

    label: str | Promise
    address: str
    current: str


@register.simple_tag(takes_context=True)
def header_entries(context):
    # Some error pages are rendered without a request.
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    here = match.url_name or "" if match else ""
    entries = []
    for page in PAGES:
        if page.menu is None:
            continue
        is_below = here.startswith(page.menu) or (page.name in TABS and here in TABS)
        current = "page" if here == page.name else "true" if is_below else ""
        entries.append(Entry(page.title, reverse(page.name), current))
    return entries


@register.simple_tag(takes_context=True)
def report_tabs(context):
    """Return the tabs: the contents, the texts that can be read here, the other pages."""
    texts = [
        (_("Text of %(document)s") % {"document": document}, next(iter(known.values()))[0])
        for document, known in context.get("texts", {}).items()
    ]
    if len(texts) == 1:
        texts = [(_("Text"), texts[0][1])]
    first, *others = [(page.tab, reverse(name)) for name, page in TABS.items()]
    tabs = [(label, address.partition("#")[0]) for label, address in (first, *texts, *others)]
    here = context["request"].path
    return [Entry(label, address, "page" if address == here else "") for label, address in tabs]


@register.filter
def browser(user_agent: str) -> str:
    """Return the names of browser and system, or what the header says if both are unknown."""
    names = [
        next((name for mark, name in known.items() if mark in user_agent), "")
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, names)) or user_agent
