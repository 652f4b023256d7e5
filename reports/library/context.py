"""What templates of every app can show of the report; Django's settings name the function."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.text import Truncator
from django.utils.translation import get_language

from projects.asking.published import edition_shown, shown
from projects.models import cached

from ..models import Document, Note, Paragraph, Report
from ..models.report import by_topic
from ..overview import description
from .statements import named_entities

# How many characters of a cited paragraph are shown.
SHOWN = 120


def of_the_report(request: HttpRequest) -> dict[str, Any]:
    """Return the report that texts speak of, the paragraphs that can be cited, and more.

    Also what the register is, in a sentence. Each is read when a template shows it. Others are
    names of addresses that templates of the register link to.
    """
    return {
        "about_page": "about",
        "changes_page": "changes",
        "register_in_words": SimpleLazyObject(lambda: description(edition_shown())),
        "entity_page": "entity",
        "basis": SimpleLazyObject(shown),
        "the_report": SimpleLazyObject(_the_report),
        "the_notes": SimpleLazyObject(_the_notes),
        "texts": SimpleLazyObject(lambda: _texts(get_language())),
        "entities_not_named": SimpleLazyObject(
            lambda: [acronym for acronym, is_named in named_entities().items() if not is_named]
        ),
    }


@cached
def _the_report() -> str:
    return str(Document.objects.filter(is_the_report=True).first() or "")


def _the_notes() -> dict[str, Note]:
    """Return the notes on the report whose text the register has."""
    symbols = Document.objects.filter(is_the_report=True).values("symbol")
    reports = Report.published.filter(symbol__in=symbols)
    return by_topic(Note.objects.filter(report__in=reports).select_related("report"))


@cached
def _texts(language: str | None) -> dict[str, dict[str, tuple[str, str]]]:
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for paragraph in Paragraph.objects.select_related("document"):
        words = Truncator(paragraph.text).chars(SHOWN)
        there = found.setdefault(str(paragraph.document), {})
        there[paragraph.number] = (paragraph.get_absolute_url(), words)
    return found
