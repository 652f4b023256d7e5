"""Probable duplicates: entries with like titles."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz, utils

from .models import Project, cached, data_version, reading_at

LIKENESS_THRESHOLD = 88  # of 100: the titles are probably of one project
COMMON_WORD = 30  # titles: a word in more of them is ignored


@dataclass(frozen=True)
class Duplicate:
    first: Project
    second: Project
    likeness: int


def probable_duplicates() -> list[Duplicate]:
    """Return pairs of published, described entries that are probably one project, likest first.

    Cached by data version. Only entries that share a rare word of their titles, and an entity if
    both state one, are compared: all pairs would take hours in a large register.
    """
    with reading_at(data_version()):
        found = _alike()
    projects = Project.published.in_bulk({pk for *pair, _likeness in found for pk in pair})
    return [Duplicate(projects[one], projects[other], likeness) for one, other, likeness in found]


@cached
def _alike() -> list[tuple[int, int, int]]:
    described = Project.published.described().order_by("number")
    titles = {
        pk: utils.default_process(title) for pk, title in described.values_list("pk", "title")
    }
    entities = defaultdict(set)
    links = Project.entities.through.objects.filter(project__in=described.order_by())
    for pk, entity in links.values_list("project_id", "entity_id"):
        entities[pk].add(entity)
    pairs = [
        (this, other, round(likeness))
        for this, other in _candidates(titles, entities)
        if (likeness := fuzz.token_sort_ratio(titles[this], titles[other])) >= LIKENESS_THRESHOLD
    ]
    return sorted(pairs, key=lambda pair: -pair[2])


def _candidates(titles: dict[int, str], entities: dict[int, set[int]]) -> Iterator[tuple[int, int]]:
    by_word = defaultdict(list)
    for pk, title in titles.items():
        for word in set(title.split()):
            by_word[word].append(pk)
    seen = set()
    for sharing in by_word.values():
        if len(sharing) > COMMON_WORD:
            continue
        for this, other in combinations(sharing, 2):
            ours, theirs = entities[this], entities[other]
            if (this, other) not in seen and (ours & theirs or not ours or not theirs):
                seen.add((this, other))
                yield this, other
