"""Where a text is cited, the way to what is cited, with its first words."""

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

# What is shown of a paragraph where it is cited, in characters.
SHOWN = 160
# After a document and a word such as "paras.": the numbers, with what stands between them.
_LIST = r"[0-9]+(?:(?:–|,\s|\s\w+\s)[0-9]+)*"
NUMBERS = rf",\s[^\d\s]+\s{_LIST}"


class Cited(NamedTuple):
    """A paragraph or footnote that can be cited: where it stands, and its first words."""

    address: str
    words: str


Texts = Mapping[str, Mapping[str, Cited]]


def texts(request) -> dict[str, Any]:
    """Return, for templates, every paragraph by document and number; read when one is cited."""
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
    """Return a text in which every paragraph and footnote that is known leads to its words.

    A single one is linked with its document, "A/72/621, para. 24", of several each number.
    `rest` makes HTML of what stands between.
    """
    # Most texts cite nothing, and need not know what could be cited.
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
    """Return a text in which each number of a paragraph leads to its words.

    The numbers are those of footnotes with the sign that these have, "fn".
    """
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
