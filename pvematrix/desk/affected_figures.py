"""The published totals that a change moves, in sentences."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from projects.columns import PROJECT_TABLE, ROWS_AT_ONCE
from projects.history import Revision, Snapshot
from projects.models import Batch, Project
from projects.places import Entry, Moved, basis_report, entries_of, moved_totals, standing
from projects.vocabulary import Review

WOULD_CHANGE = gettext_lazy(
    "%(label)s: %(value)d published in %(symbol)s, %(now)d now, %(after)d after this change."
)
CHANGED_SINCE = gettext_lazy(
    "%(label)s: %(value)d published in %(symbol)s, %(now)d before, %(after)d now."
)


def of_deleting(project: Project) -> list[str]:
    return _sentences(entries_of([project.snapshot()]), [])


def of_restoring(pk: int, snapshot: Snapshot) -> list[str]:
    """Return a sentence for every total that these values of an entry move."""
    now = Project.live.filter(pk=pk).first()
    if now is None:
        return _sentences([], entries_of([snapshot]))
    after = {**snapshot, "review": now.review}
    return _sentences(entries_of([now.snapshot()]), entries_of([after]))


def of_undoing(batch: Batch, but_for: Collection[int]) -> list[str]:
    undone = Revision.objects.of_model(Project).filter(batch=batch).exclude(pk__in=but_for)
    versions = undone.values_list("new", "old")
    new, old = (
        entries_of(version[side] for version in versions.iterator(chunk_size=ROWS_AT_ONCE))
        for side in (0, 1)
    )
    return _sentences(new, old)


def of_reviewing(waiting: Iterable[tuple[Project, Snapshot | None]]) -> list[str]:
    """Return a sentence for every total that these entries move.

    Drafts will move it when they are published; changes of entries have moved it already.
    """
    drafts, was, became = list[Snapshot](), list[Snapshot | None](), list[Snapshot]()
    for project, before in waiting:
        if project.review == Review.DRAFT:
            drafts.append({**project.snapshot(), "review": Review.REVIEWED.value})
        else:
            was.append(before)
            became.append(project.snapshot())
    changed = _sentences(entries_of(was), entries_of(became), CHANGED_SINCE)
    return [*_sentences([], entries_of(drafts)), *changed]


def since(before: Collection[Entry]) -> list[str]:
    """Return a sentence for every total that has moved since these were the entries."""
    return _sentences(before, standing(), CHANGED_SINCE)


def in_words(moved: Iterable[Moved], text: Promise = WOULD_CHANGE) -> list[str]:
    symbol = basis_report()[1].symbol
    return [str(text) % {**_known(one), "symbol": symbol} for one in moved]


def _known(one: Moved) -> Mapping[str, Any]:
    label = PROJECT_TABLE.facets[one.dimension].labels[one.value]
    return {"label": label, "value": one.published, "now": one.before, "after": one.after}


def _sentences(
    before: Collection[Entry], after: Collection[Entry], text: Promise = WOULD_CHANGE
) -> list[str]:
    return in_words(moved_totals(before, after), text)
