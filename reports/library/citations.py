"""Links from citations in texts to the cited paragraphs, with their first words."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.functional import SimpleLazyObject
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language

from projects.models import at_hand

from ..models import Paragraph
from ..models.document import FOOTNOTES

# How many characters of a cited paragraph are shown.
SHOWN = 160
# The numbers after a document and a word such as "paras.".
_LIST = r"[0-9]+(?:(?:–|,\s|\s\w+\s)[0-9]+)*"
NUMBERS = rf",\s[^\d\s]+\s{_LIST}"


class Cited(NamedTuple):
    address: str
    words: str


Texts = Mapping[str, Mapping[str, Cited]]


def texts(request) -> dict[str, Any]:
    """Return every paragraph by document and number for templates; read when one is cited."""
    return {"texts": SimpleLazyObject(lambda: _texts(get_language()))}


@at_hand
def _texts(language: str | None) -> Texts:
    found: dict[str, dict[str, Cited]] = {}
    called = Coalesce(NullIf("document__symbol", Value("")), "document__title")
    for paragraph in Paragraph.objects.select_related("document").annotate(called=called):
        cited = Cited(paragraph.get_absolute_url(), Truncator(paragraph.text).chars(SHOWN))
        found.setdefault(paragraph.called, {})[paragraph.number] = cited
    return found


def linked(text: str, known: Texts, rest: Callable[[str], str] = conditional_escape) -> SafeString:
    """Return a text with links to every known paragraph and footnote that it cites.

    A single one is linked with its document, "A/72/621, para. 24", of several each number.
    `rest` makes HTML of the other text.
    """
    # Most texts cite nothing: then `known` is not read from the database.
    if not re.search(NUMBERS, str(text)) or not known:
        return format_html("{}", rest(text))
    documents = "|".join(re.escape(document) for document in known)
    notes = re.escape(FOOTNOTES % {"place": "", "notes": ""}) + _LIST
    pieces = []
    end = 0
    for found in re.finditer(rf"({documents})(?:({notes})|({NUMBERS})({notes})?)", str(text)):
        cited = _cited(found[1], found[3] or "", found[2] or found[4] or "", known[found[1]])
        pieces += [rest(text[end : found.start()]), cited]
        end = found.end()
    return format_html_join("", "{}", [(piece,) for piece in [*pieces, rest(text[end:])]])


def linked_numbers(text: str, paragraphs: Mapping[str, Cited], sign: str = "") -> SafeString:
    """Return a text with links from the numbers of paragraphs, or of footnotes with sign "fn"."""
    parts = re.split("([0-9]+)", text)
    links = [(_link(part, paragraphs.get(f"{sign}{part}")),) for part in parts]
    return format_html_join("", "{}", links)


def _cited(document: str, numbers: str, notes: str, paragraphs: Mapping[str, Cited]) -> SafeString:
    places = [*re.findall("[0-9]+", numbers), *(f"fn{one}" for one in re.findall("[0-9]+", notes))]
    if len(places) == 1:
        return _link(f"{document}{numbers}{notes}", paragraphs.get(places[0]))
    return format_html(
        "{}{}{}",
        document,
        linked_numbers(numbers, paragraphs),
        linked_numbers(notes, paragraphs, "fn"),
    )


def _link(text: str, cited: Cited | None) -> SafeString:
    if cited is None:
        return format_html("{}", text)
    return format_html('<a class="cited" href="{}" data-words="{}">{}</a>', *cited, text)
