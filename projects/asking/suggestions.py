"""Suggestions under a search box: projects, entities, filters."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ..models import Edition
from ..models.conditions import RELEVANCE
from ..text import letters_and_digits, words_of
from .asked import CLASSIFICATIONS, Asked, facet_choices
from .links import suffix_of
from .offers import Offers
from .selection import Selection, directory
from .words import FACET_LABELS

# At most this many of each kind.
MOST_SUGGESTIONS = 5


@dataclass(frozen=True)
class Suggestion:
    kind: str
    label: str
    address: str

    as_data = asdict


def is_named(typed: str, name: str | Promise) -> bool:
    """Return whether a word of the name, or its letters and digits together, begin with this."""
    begun = words_of(typed)
    if not begun:
        return False
    whole = letters_and_digits(str(name)).startswith(letters_and_digits(typed))
    return whole or f" {begun}" in f" {words_of(str(name))}"


def suggested(typed: str, edition: Edition | None) -> Iterator[Suggestion]:
    """Yield the entities and filters whose names begin with this, and the projects found by it."""
    selection = Selection(Asked.of(edition, queries=[typed], sort=RELEVANCE))
    yield from list(_entities(typed, selection))[:MOST_SUGGESTIONS]
    yield from list(_filters(typed, edition))[:MOST_SUGGESTIONS]
    numbered = Offers(selection).project
    found = [numbered] if numbered else []
    found += [one for one in selection.rows[:MOST_SUGGESTIONS] if one != numbered]
    suffix = suffix_of(Asked.of(edition))
    for project in found[:MOST_SUGGESTIONS]:
        yield Suggestion(_("Project"), str(project), f"{project.get_absolute_url()}{suffix}")


def _entities(typed: str, selection: Selection) -> Iterator[Suggestion]:
    for entity in directory():
        names = (entity.acronym, entity.name, *entity.other_names)
        if any(is_named(typed, name) for name in names):
            yield _filter("entity", entity.acronym, str(entity), selection.asked.edition)


def _filters(typed: str, edition: Edition | None) -> Iterator[Suggestion]:
    for facet in CLASSIFICATIONS:
        if facet == "entity":
            continue
        for slug, label in facet_choices(facet):
            if is_named(typed, label) or is_named(typed, slug):
                yield _filter(facet, slug, str(label), edition)


def _filter(facet: str, slug: str, label: str, edition: Edition | None) -> Suggestion:
    query = suffix_of(Asked.of(edition, **{facet: [slug]}))
    return Suggestion(str(FACET_LABELS[facet]), label, f"{reverse('project-list')}{query}")
