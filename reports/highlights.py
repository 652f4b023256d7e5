"""What the overview shows of single projects, and of what the report says was learned."""

from collections import Counter

from django.db.models.functions import Length

from projects.models import Project
from projects.vocabulary import Provenance

from .models import STATEMENT_PAGES, Kind, Statement

# On a wide screen the first CARDS have a card each.
MOST_PROJECTS, CARDS = 12, 6
MOST_QUOTATIONS = 3
# Characters: shorter ones need their context, longer ones are no longer read at a glance.
SHORTEST, LONGEST = 95, 160


def described_projects() -> list[Project]:
    """Return described projects, the first of each area before the second of any."""
    known = Project.published.exclude(provenance=Provenance.COUNTED).in_order("reference")
    columns = ("reference", "title", "summary", "priority_area", "edition_id")
    found = known.only(*columns).prefetch_related("entities")[:MOST_PROJECTS]
    rank: Counter[str] = Counter()
    places = {}
    for project in found:
        places[project] = rank[project.priority_area]
        rank[project.priority_area] += 1
    return sorted(places, key=lambda one: places[one])


def learned() -> int:
    """Return how many practices, lessons and experiences the report has."""
    return _learned().count()


def quotations() -> list[Statement]:
    """Return the first lessons that can be quoted alone."""
    lessons = _learned().filter(kind=Kind.LESSON).annotate(length=Length("quotation"))
    of_size = lessons.filter(length__gte=SHORTEST, length__lte=LONGEST)
    return [*of_size.select_related("document")[:MOST_QUOTATIONS]]


def _learned():
    return Statement.published.of_report().filter(kind__in=STATEMENT_PAGES["library"])
