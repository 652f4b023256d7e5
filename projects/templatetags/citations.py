"""Template tags for texts that cite paragraphs, for words that were searched, and for facets.

`texts` in the context has the address and first words of each paragraph that can be read here, by
document and number.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import quote, urlsplit

from django import template
from django.template.defaultfilters import urlize
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..asking import words
from ..languages import english, in_language, named
from ..text import (
    CITED_NUMBERS,
    FOOTNOTES,
    LIST_OF_NUMBERS,
    cited,
    date_in_words,
    paragraphs_in_words,
)

# What a page is called in a list of references: the first of these that it has.
_TITLES = ("printed_title", "printed_sentence", "project", "edition", "report")
# As notes write it in the six languages.
_PARAGRAPHS = r"(?:[Pp]aragraph(?:e?s?)|[Pp]árrafos?|[Пп]ункт\w*|الفقر\w+|第)\s?"
_REFERENCES = {"bib": "BibTeX", "ris": "RIS", "json": "CSL-JSON"}
Paragraphs = Mapping[str, tuple[str, str]]
# What `read` names, and what its words are of.
Marked = tuple[str, str]

register = template.Library()
register.simple_tag(words.with_marks)
register.filter(english)
register.filter(named)


_with_web_addresses = partial(urlize, autoescape=True)


@register.filter
def english_quotation(text):
    """Return words of a source with their marks, which in a page from right to left are theirs."""
    return english(format_html("“{}”", text))


@register.simple_tag(takes_context=True)
def cite(context, text, paragraphs=None, read="", here=""):
    """Return a text, or with `paragraphs` a symbol and these, with links to their words.

    The links mark the words of `read`, as the page of a paragraph takes it. A paragraph of the
    document `here`, which the page names, is "¶ 34".
    """
    words = str(text) if paragraphs is None else cited(str(text), str(paragraphs))
    return linked(words, context.get("texts", {}), marked=(str(read), str(read)), here=str(here))


@register.simple_tag(takes_context=True)
def cite_english(context, text, **more):
    """Return a text of the data as `cite` does."""
    return english(cite(context, text, **more))


@register.simple_tag(takes_context=True)
def cite_words(context, text, read, of):
    """Return a text as `cite_and_link` on a page about the report; links name what `read` is of."""
    here, texts = str(context.get("the_report", "")), context.get("texts", {})
    return linked(str(text), texts, _with_web_addresses, (read, str(of)), here)


@register.simple_tag(takes_context=True)
def cite_and_link(context, text):
    """Return a text as `cite` does, with links for web addresses too."""
    return linked(str(text), context.get("texts", {}), _with_web_addresses)


@register.simple_tag(takes_context=True)
def cite_numbers(context, document, paragraphs, read=""):
    """Return a document's paragraph numbers as links to their words, marked as `cite` does."""
    known = context.get("texts", {}).get(str(document), {})
    return linked_numbers(str(paragraphs), known, marked=(str(read), str(read)))


@register.simple_tag(takes_context=True)
def cite_note(context, document, text, here=""):
    """Return a text with links from "paragraph 24", which is of the document, and as `cite`."""
    texts = context.get("texts", {})
    paragraphs = texts.get(str(document), {})
    pieces = re.split(rf"({_PARAGRAPHS}{LIST_OF_NUMBERS})", text)
    found = [
        linked_numbers(piece, paragraphs) if place % 2 else linked(piece, texts, here=here)
        for place, piece in enumerate(pieces)
    ]
    return format_html_join("", "{}", [(piece,) for piece in found])


@register.simple_tag(takes_context=True)
def cite_described(context, document, text):
    """Return a text of OpenAPI as `cite_note` does, with what is in backticks as code."""
    found = [
        format_html("<code>{}</code>", piece) if place % 2 else cite_note(context, document, piece)
        for place, piece in enumerate(str(text).split("`"))
    ]
    return format_html_join("", "{}", [(piece,) for piece in found])


@register.inclusion_tag("projects/_facet_values.html", takes_context=True)
def facet_values(context, facet, values, unnamed=()):
    """Show a facet's values as boxes to tick; `unnamed` entities are not named in the report."""
    known = {"facet": facet, "values": values, "unnamed": unnamed}
    return {**known, "entity_page": context.get("entity_page")}


def linked(
    text: str,
    texts: Mapping[str, Paragraphs],
    rest: Callable[[str], str] = conditional_escape,
    marked: Marked = ("", ""),
    here: str = "",
) -> SafeString:
    """Return a text with links to every known paragraph and footnote that it cites.

    A single one is linked with its document, of several each number; the document `here` is not
    named. `rest` makes HTML of the other text.
    """
    # Most texts cite nothing: then `texts` is not read from the database.
    if not re.search(CITED_NUMBERS, text) or not texts:
        return format_html("{}", rest(text))
    documents = "|".join(re.escape(document) for document in texts)
    notes = re.escape(FOOTNOTES % {"place": "", "notes": ""}) + LIST_OF_NUMBERS
    pieces = []
    end = 0
    for found in re.finditer(rf"({documents})(?:({notes})|({CITED_NUMBERS})({notes})?)", text):
        name, numbers, cited_notes = found[1], found[3] or "", found[2] or found[4] or ""
        if name == here:
            name, numbers = "", re.sub(r"^[,،]\s\S+\s", "¶ ", numbers)
            cited_notes = cited_notes if numbers else cited_notes.removeprefix(", ")
        citation = _citation(name, numbers, cited_notes, texts[found[1]], marked)
        pieces += [rest(text[end : found.start()]), citation]
        end = found.end()
    return format_html_join("", "{}", [(piece,) for piece in [*pieces, rest(text[end:])]])


def linked_numbers(
    text: str, paragraphs: Paragraphs, sign: str = "", marked: Marked = ("", "")
) -> SafeString:
    """Return a text with links from the numbers of paragraphs, or of footnotes with sign "fn"."""
    parts = re.split("([0-9]+)", text)
    links = [(_link(part, f"{sign}{part}", paragraphs, marked),) for part in parts]
    return format_html_join("", "{}", links)


def _citation(
    document: str, numbers: str, notes: str, paragraphs: Paragraphs, marked: Marked
) -> SafeString:
    places = [*re.findall("[0-9]+", numbers), *(f"fn{one}" for one in re.findall("[0-9]+", notes))]
    if len(places) == 1:
        return _link(f"{document}{numbers}{notes}", places[0], paragraphs, marked)
    return format_html(
        "{}{}{}",
        document,
        linked_numbers(numbers, paragraphs, marked=marked),
        linked_numbers(notes, paragraphs, "fn", marked),
    )


def _link(text: str, place: str, paragraphs: Paragraphs, marked: Marked) -> SafeString:
    if place not in paragraphs:
        return format_html("{}", text)
    address, words = paragraphs[place]
    read, of = marked
    if read and place.isdigit():
        # Below the address of the text the paragraph has a page of its own.
        address = f"{address.partition('#')[0]}{place}/?{urlencode({'read': read})}"
    number = place.removeprefix("fn")
    name = paragraphs_in_words(number) if number == place else _("footnote %s") % number
    # A number alone says nothing in a list of links, where two can mark words of one paragraph.
    is_number = text.strip("¶ ").isdigit()
    name = f"{name}: {of}" if of else name
    named = format_html(' aria-label="{}"', name) if is_number or of else ""
    link = '<a class="cited" href="{}" data-words="{}"{}>{}</a>'
    return format_html(link, address, words, named, text)


@register.filter(name="in_language")
def address_in_language(address, language):
    parts = urlsplit(address)
    return parts._replace(path=in_language(parts.path, language)).geturl()


@register.filter
def day(moment):
    return date_in_words(moment) if moment else ""


@register.simple_tag
def today():
    return date_in_words(timezone.now())


@register.simple_tag
def official(document):
    """Return a link to the official text of what is quoted, in the page's language."""
    symbol, language = str(document or ""), (get_language() or "en").partition("-")[0]
    if language == "en" or not re.match(r"[AES]/", symbol):
        return ""
    address = f"https://undocs.org/{language}/{symbol}"
    link = '<a class="quiet" href="{}" rel="noopener" hreflang="{}">{}</a>'
    return format_html(link, address, language, _("official text"))


@register.filter
def in_bibtex(text):
    """Return a text whose signs BibTeX does not take for its own."""
    return re.sub(r"([#$%&_])", r"\\\1", re.sub(r"[\\{}~^\"]", " ", str(text)))


@register.simple_tag(takes_context=True)
def citation_files(context):
    """Return the citation as (label, name, address), where the address has the file itself."""
    title = next((context[one] for one in _TITLES if context.get(one)), "")
    edition = getattr(context.get("asked"), "edition", None)
    today = timezone.now()
    known = {
        "title": title,
        "address": context["page_address"],
        "edition": edition,
        "issued": edition.published_at if edition else today,
        "today": today,
    }
    files = {one: render_to_string(f"projects/citation.{one}", known) for one in _REFERENCES}
    return [
        (_REFERENCES[one], f"pvematrix.{one}", f"data:text/plain;charset=utf-8,{quote(text)}")
        for one, text in files.items()
    ]
