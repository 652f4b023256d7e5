"""Where a text is cited, the way to what is cited, with its first words."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language

from projects.models import at_hand

from ..models import Paragraph

# What is shown of a paragraph where it is cited, in characters.
SHOWN = 160
# After a symbol and a word such as "paras.": the numbers, with what stands between them.
NUMBERS = r",\s[^\d\s]+\s[0-9]+(?:(?:–|,\s|\s\w+\s)[0-9]+)*"


class Cited(NamedTuple):
    """A paragraph that can be cited: where it stands, and its first words."""

    address: str
    words: str


Texts = Mapping[str, Mapping[str, Cited]]


def texts(request) -> dict[str, Any]:
    """Return, for templates, every paragraph by symbol and number; read when one is cited."""
    return {"texts": SimpleLazyObject(lambda: _texts(get_language()))}


@at_hand
def _texts(language: str | None) -> Texts:
    found: dict[str, dict[str, Cited]] = {}
    known = Paragraph.objects.exclude(document__symbol="").exclude(number__startswith="fn")
    for symbol, slug, number, text in known.values_list(
        "document__symbol", "document__slug", "number", "text"
    ):
        address = f"{reverse('document-text', args=[slug])}#para-{number}"
        found.setdefault(symbol, {})[number] = Cited(address, Truncator(text).chars(SHOWN))
    return found


def linked(text: str, known: Texts) -> SafeString:
    """Return a text in which every number of a paragraph that is known leads to its words.

    A single paragraph is linked with its document, "A/72/621, para. 24", of several each number.
    """
    # Most texts cite nothing, and need not know what could be cited.
    if not re.search(NUMBERS, str(text)) or not known:
        return format_html("{}", text)
    symbols = "|".join(re.escape(symbol) for symbol in known)
    pieces = []
    end = 0
    for found in re.finditer(rf"({symbols})({NUMBERS})", str(text)):
        pieces += [format_html("{}", text[end : found.start()]), _cited(found, known[found[1]])]
        end = found.end()
    return format_html_join("", "{}", [(piece,) for piece in [*pieces, text[end:]]])


def linked_numbers(text: str, paragraphs: Mapping[str, Cited]) -> SafeString:
    """Return a text in which each number of a paragraph leads to its words."""
    parts = re.split("([0-9]+)", text)
    return format_html_join("", "{}", [(_link(part, paragraphs.get(part)),) for part in parts])


def _cited(found: re.Match, paragraphs: Mapping[str, Cited]) -> SafeString:
    numbers = re.findall("[0-9]+", found[2])
    if len(numbers) == 1:
        return _link(found[0], paragraphs.get(numbers[0]))
    return format_html("{}{}", found[1], linked_numbers(found[2], paragraphs))


def _link(text: str, cited: Cited | None) -> SafeString:
    if cited is None:
        return format_html("{}", text)
    return format_html('<a class="cited" href="{}" data-words="{}">{}</a>', *cited, text)
