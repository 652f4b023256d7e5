"""What the basis report does not say of a project, by the words of its text; where else to look."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from projects.asking import whole_cube
from projects.asking.answers import PLACEHOLDERS
from projects.asking.published import shown
from projects.elsewhere.records import counted
from projects.models import Project
from projects.pages import QueryView, record_or_404
from projects.text import quoted, searchable

from .elsewhere import CHARTS
from .models import Document

# What readers ask of a project: how the words on it begin, and how those that only border on it.
# They are English: nothing is claimed of a text in another language.
WORDS = {
    "budget": ("budget, cost, dollar, expenditure", "funding"),
    "donors": ("donor, funded, financ", "funding"),
    "results": ("result, outcome, achiev, evaluat", "produced, demonstrated, impact"),
    "partners": ("implementing partner, executing agenc, contractor", "partner"),
}


def texts_of_basis() -> QuerySet[Document]:
    """Return the document that is the basis report, if the register has its text in English."""
    about = shown().about
    symbol = about.symbol if about and about.language == "en" else None
    return Document.objects.with_text().filter(symbol=symbol)


def _looked_for(words: tuple[str, str], texts: list[tuple[str, str]]) -> dict[str, Any]:
    """Return whether no word on a question is in the text, and where each of its words is."""
    places = {
        word: ", ".join(number for number, text in texts if f" {word}" in text)
        for word in ", ".join(words).split(", ")
    }
    return {
        "is_silent": not any(places[word] for word in words[0].split(", ")),
        "absent": [quoted(f"{word}…") for word, where in places.items() if not where],
        "there": [(quoted(f"{word}…"), where) for word, where in places.items() if where],
    }


class NotSaid(QueryView):
    """What readers ask that the basis report does not say; with another basis it is not there."""

    def answer(self, slug: str) -> HttpResponse:
        document = record_or_404(texts_of_basis(), slug=slug)
        texts = [(one.number, searchable(one.text)) for one in document.paragraphs.all()]
        described, records = Project.published.described(), counted()
        context = {
            "document": document,
            "words": {question: _looked_for(words, texts) for question, words in WORDS.items()},
            "described": described.count(),
            "with_country": described.exclude(countries=None).count(),
            "with_date": described.exclude(start_date="", end_date="").count(),
            "charts": {slug: CHARTS[slug](records, ()).sentence for slug in CHARTS if records},
            "placeholders": whole_cube().where(PLACEHOLDERS).total,
        }
        return render(self.request, "reports/not_said.html", context)
