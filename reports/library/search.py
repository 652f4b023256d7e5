"""What the report and other sources say of the words that projects are searched for."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.http import urlencode

from projects.asking import Asked
from projects.asking.terms import finding
from projects.models import cached
from projects.text import fold, searchable
from projects.vocabulary import NOT_STATED

from ..models import Paragraph, Statement

_PARAGRAPH = re.compile(r"(?:¶|para(?:graph|graphe|grafo)?s?\.?)\s*0*([1-9][0-9]{0,3})")


class Source(NamedTuple):
    """What texts are: the paragraphs of a document, by its slug and name, or one of those below."""

    document: str
    name: str


REPORT, ELSEWHERE = (Source("", name) for name in ("report", "elsewhere"))


def said_of_search(asked: Asked) -> dict[str, Any]:
    """Return how many texts have the words searched for, and the entities; none for an edition."""
    if asked.edition:
        return {}
    entities = [one for one in asked.conditions.get("entity", ()) if one != NOT_STATED]
    if not asked.queries:
        return {"entities": entities}
    is_found = finding(asked.queries)
    counts = {source: sum(map(is_found, texts)) for source, texts in _texts().items()}
    found = {source: number for source, number in counts.items() if number}
    return {
        "entities": entities,
        "paragraphs": paragraphs_asked(asked.queries),
        "count": found.pop(REPORT, 0),
        "elsewhere": found.pop(ELSEWHERE, 0),
        "texts": [
            (source.name, reverse("document-text", args=[source.document]), number)
            for source, number in found.items()
        ],
        "query": urlencode([("q", query) for query in asked.queries]),
    }


def paragraphs_asked(queries: Iterable[str]) -> list[Paragraph]:
    """Return the paragraphs whose number is a whole search: "para 34", "¶ 34"."""
    numbers = [found[1] for query in queries if (found := _PARAGRAPH.fullmatch(fold(query)))]
    if not numbers:
        return []
    return list(Paragraph.objects.filter(number__in=numbers).select_related("document"))


@cached
def _texts() -> dict[Source, list[str]]:
    found: dict[Source, list[str]] = defaultdict(list)
    for one in Statement.published.of_kinds():
        found[REPORT if one.is_of_report else ELSEWHERE].append(one.searched)
    paragraphs: dict[tuple[Source, str], list[str]] = defaultdict(list)
    for part in Paragraph.objects.select_related("document"):
        source = Source(part.document.slug, str(part.document))
        # A footnote belongs to its paragraph.
        paragraphs[source, part.carried_by or part.number].append(part.text)
    for (source, _number), parts in paragraphs.items():
        found[source].append(searchable(*parts))
    return found
