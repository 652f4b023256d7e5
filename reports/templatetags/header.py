"""The entries of the site's header."""

from typing import NamedTuple

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

# Label, address name, and how the address names of the pages below it begin.
ENTRIES: tuple[tuple[Promise, str, tuple[str, ...]], ...] = (
    (_("Overview"), "overview", ()),
    (_("Projects"), "project-list", ("project-", "change-log", "correction-received")),
    (_("Compare"), "compare", ()),
    (_("Cross-table"), "cross-table", ()),
    (_("Reports"), "report-list", ("breakdown", "draft", "report-detail")),
    (
        _("The report"),
        "contents",
        ("document-text", "library", "evidence", "event", "plan", "entit", "statement"),
    ),
    (_("Editions"), "edition-list", ("edition-", "changes")),
    (_("About"), "about", ("quality",)),
)


class Entry(NamedTuple):
    """`current` is "page", "true" on a page below it, or empty."""

    label: Promise
    address: str
    current: str


@register.simple_tag(takes_context=True)
def header_entries(context):
    # Some error pages are rendered without a request.
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    here = match.url_name or "" if match else ""
    entries = []
    for label, name, below in ENTRIES:
        current = "page" if here == name else "true" if here.startswith(below) else ""
        entries.append(Entry(label, reverse(name), current))
    return entries


@register.simple_tag(takes_context=True)
def texts_to_read(context):
    """Return each document whose text is here, with the address of the text."""
    return [
        (document, next(iter(known.values()))[0].partition("#")[0])
        for document, known in context.get("texts", {}).items()
    ]
