"""Template tags for texts that cite paragraphs and for words that were searched.

`texts` in the context has the address and first words of each paragraph that can be read here, by
document and number.
"""

import re
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from html import unescape
from typing import Any
from urllib.parse import quote, urlsplit

from django import template
from django.template.context import Context
from django.template.defaultfilters import urlize
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .. import citations
from ..asking import words
from ..asking.reference import register_name
from ..citations import author, labelled, official_address, without_stop
from ..languages import english, entity_acronym, in_language
from ..text import date_in_words, in_a_row, quoted, separated

NO_BREAK = "\N{NO-BREAK SPACE}"
Paragraphs = Mapping[str, tuple[str, str]]
# The words that the page of a paragraph marks, as its parameter `read` has them, and their name.
Read = tuple[str, str]

register = template.Library()
register.simple_tag(words.with_marks)
register.filter(english)
register.filter(entity_acronym)
register.filter(in_a_row)
register.filter(quoted)
register.filter(separated)


@register.simple_tag
def colon() -> str:
    """Return what the reader's language has between a label and its value."""
    return citations.labelled("", "")


@register.simple_tag
def comma() -> str:
    """Return what the reader's language has between the items of a list."""
    return in_a_row(["", ""])


@register.filter
def english_quotation(text: str) -> SafeString:
    """Return words of a source in the quotation marks of the reader's language."""
    return format_html(_("“%s”").replace("%s", "{}"), english(text))


@register.simple_tag(takes_context=True)
def cite(context: Context, text: Any, paragraphs: Any = None, **named: Any) -> str:
    """Return a text, or with `paragraphs` a symbol and these, with links from what it cites.

    The links mark the words of `read`, as the page of a paragraph takes it; with `of` they have a
    name. The document `here`, which the page names, is not named again.
    """
    found = text if paragraphs is None else citations.cited(str(text), str(paragraphs))
    read, here = str(named.get("read", "")), str(named.get("here", ""))
    return linked(found, context.get("texts") or {}, (read, str(named.get("of", read))), here)


@register.simple_tag(takes_context=True)
def cite_words(context: Context, text: Any, read: str, of: str) -> str:
    """Return a text as `cite` does on a page about the report; one that cites nothing as it is."""
    if not isinstance(text, citations.CitedText):
        return urlize(str(text), autoescape=True)
    return cite(context, text, read=read, of=of, here=context.get("the_report", ""))


def linked(
    text: str,
    texts: Mapping[str, Paragraphs],
    words_read: Read = ("", ""),
    here: str = "",
) -> SafeString:
    """Return a text with a link from each known paragraph and footnote that its markers cite.

    A single one is linked with its document, of several each number. Free text is not searched.
    """
    text = str(text)
    if not isinstance(text, citations.CitedText):
        return format_html("{}", text)
    said = text.marked
    pieces: list[str] = []
    end = 0
    for marker in citations.MARKER.finditer(said):
        citation = citations.read(marker)
        paragraphs = texts.get(citation.document, {})
        pieces += [said[end : marker.start()]]
        pieces += [_link(*one, paragraphs, words_read) for one in citation.pieces(here, NO_BREAK)]
        end = marker.end()
    return format_html_join("", "{}", [(piece,) for piece in [*pieces, said[end:]]])


def _link(text: str, place: str, paragraphs: Paragraphs, words_read: Read) -> SafeString:
    if place not in paragraphs:
        return format_html("{}", text)
    address, words = paragraphs[place]
    read, of = words_read
    if read and place.isdigit():
        # Below the address of the text the paragraph has a page of its own.
        address = f"{address.partition('#')[0]}{place}/?{urlencode({'read': read})}"
    name = citations.cited("", place)
    # A number alone says nothing in a list of links, where two can mark words of one paragraph.
    name = labelled(name, of) if of else name
    named = format_html(' aria-label="{}"', name) if text.isdigit() or of else ""
    link = '<a class="cited" href="{}" data-words="{}"{}>{}</a>'
    return format_html(link, address, words, named, text)


@register.filter(name="in_language")
def address_in_language(address: str, language: str) -> str:
    parts = urlsplit(address)
    return parts._replace(path=in_language(parts.path, language)).geturl()


@register.filter
def day(moment: date | None) -> str:
    return date_in_words(moment) if moment else ""


@register.simple_tag
def today() -> str:
    return date_in_words(timezone.now())


@register.simple_tag
def official(document: Any) -> str:
    """Return a link to the official text of what is quoted, in the page's language."""
    address, language = official_address(document), (get_language() or "").partition("-")[0]
    link = '<a class="quiet" href="{}" rel="noopener" hreflang="{}">{}</a>'
    return format_html(link, address, language, _("official text")) if address else ""


@register.filter
def in_bibtex(text: Any) -> str:
    """Return a text whose signs BibTeX does not take for its own."""
    return re.sub(r"([#$%&_])", r"\\\1", re.sub(r"[\\{}~^\"]", " ", str(text)))


@register.simple_tag(takes_context=True)
def bibtex(context: Context) -> str:
    """Return the page's citation for BibTeX: an address that has the file itself."""
    edition = getattr(context.get("asked"), "edition", None)
    today, address = timezone.now(), context["page_address"]
    version = edition.slug if edition else f"{today:%Y-%m-%d}"
    said = context.get("printed_sentence") or context.get("source_in_words", "")
    notes = [f"{edition.name}, SHA-256 {edition.sha256}"] if edition else []
    name = context.get("cited_as") or unescape(context["page_title"])
    values = {
        # Two pages that are cited on a day never share one.
        "key": f"pvematrix-{version}-{sha256(address.encode()).hexdigest()[:12]}",
        "author": author(),
        "register": register_name(),
        "title": labelled(_("PVE matrix"), name),
        "address": address,
        "note": separated(filter(None, [without_stop(said), *notes])),
        "issued": edition.published_at if edition else today,
        "today": today,
    }
    file = render_to_string("projects/citation.bib", values)
    return f"data:text/plain;charset=utf-8,{quote(file)}"
