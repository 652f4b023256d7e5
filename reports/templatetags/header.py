"""The entries of the site's header, and which of them the page that is shown belongs to."""

from typing import NamedTuple

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

# Label, address, and how the addresses of the pages that belong to it are named in the beginning.
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
    """An entry of the header; `current` is "page", "true" for a page below it, or empty."""

    label: Promise
    address: str
    current: str


@register.simple_tag(takes_context=True)
def header_entries(context):
    """Return the header's entries; some error pages are made without a request."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    here = match.url_name or "" if match else ""
    entries = []
    for label, name, below in ENTRIES:
        current = "page" if here == name else "true" if here.startswith(below) else ""
        entries.append(Entry(label, reverse(name), current))
    return entries
