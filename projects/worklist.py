"""What would make the register better: entries by what they lack, and probable duplicates."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, utils

from .models import Project
from .querysets import ProjectQuerySet
from .vocabulary import ENTITY_NOT_STATED, Basis, Provenance

# Titles at least so alike, of 100, are probably of one project.
ALIKE = 88
# A word in more titles than this says nothing about any of them.
COMMON = 30


@dataclass(frozen=True)
class Task:
    """A kind of work: which entries it concerns, and the public list's query for them, if any."""

    label: str
    find: Callable[[ProjectQuerySet], ProjectQuerySet]
    query: str = ""


TASKS = {
    "identify": Task(
        _("Counted entries to identify"),
        lambda projects: projects.filter(provenance=Provenance.COUNTED),
        f"provenance={Provenance.COUNTED.value}",
    ),
    "allocated": Task(
        _("Allocated classifications to confirm"),
        lambda projects: projects.filter(
            Q(priority_area_basis=Basis.ALLOCATED)
            | Q(scope_basis=Basis.ALLOCATED)
            | Q(regions_basis=Basis.ALLOCATED)
        ),
    ),
    "no-entity": Task(
        _("Entries without entity"),
        lambda projects: projects.without_link("entities"),
        f"entity={ENTITY_NOT_STATED}",
    ),
    "no-source": Task(
        _("Entries without source"),
        lambda projects: projects.without_source(),
    ),
    "no-dates": Task(
        _("Entries without dates"),
        lambda projects: projects.filter(start_date="", end_date=""),
    ),
    "contradicting": Task(
        _("Status that contradicts the dates"),
        lambda projects: projects.contradicting_dates(timezone.now().date()),
    ),
}


@dataclass(frozen=True)
class Count:
    """How many published entries a task concerns."""

    slug: str
    label: str
    count: int
    query: str


def counts() -> list[Count]:
    """Return every task with the number of published entries that it concerns."""
    return [
        Count(slug, task.label, task.find(Project.objects.all()).count(), task.query)
        for slug, task in TASKS.items()
    ]


@dataclass(frozen=True)
class Pair:
    """Two entries of one entity, or without any, whose titles are `likeness` of 100 alike."""

    first: Project
    second: Project
    likeness: int


def probable_duplicates() -> list[Pair]:
    """Return pairs of published, described entries that are probably one project, likest first.

    Only entries that share a rare word of their titles, and an entity if both state one, are
    compared: comparing all with all would take hours for a large register.
    """
    described = Project.objects.exclude(provenance=Provenance.COUNTED)
    projects = list(described.only("reference", "title").prefetch_related("entities"))
    titles = {project.pk: utils.default_process(project.title) for project in projects}
    pairs = [
        Pair(one, other, round(likeness))
        for one, other in _candidates(projects, titles)
        if (likeness := fuzz.token_sort_ratio(titles[one.pk], titles[other.pk])) >= ALIKE
    ]
    return sorted(pairs, key=lambda pair: (-pair.likeness, pair.first.number, pair.second.number))


def _candidates(projects: list[Project], titles: dict[int, str]) -> Iterator[tuple]:
    by_word = defaultdict(list)
    for project in projects:
        for word in set(titles[project.pk].split()):
            by_word[word].append(project)
    entities = {
        project.pk: {entity.pk for entity in project.entities.all()} for project in projects
    }
    seen = set()
    for sharing in by_word.values():
        if len(sharing) > COMMON:
            continue
        for one, other in combinations(sharing, 2):
            ours, theirs = entities[one.pk], entities[other.pk]
            if (one.pk, other.pk) not in seen and (ours & theirs or not ours or not theirs):
                seen.add((one.pk, other.pk))
                yield one, other
