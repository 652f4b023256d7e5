"""The figures of the report that a change affects, in sentences."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from projects.asking import table_cube
from projects.asking.answers import published
from projects.columns import ROWS_AT_ONCE
from projects.cube import Combination, Cube, combination_of_project, combination_of_row
from projects.history import Revision, Snapshot
from projects.models import Batch, Project
from projects.review import is_counted, is_in_table
from projects.vocabulary import NOT_COUNTED, InMatrix, Review
from reports.models import Report
from reports.reconciliation import reconcile, verdict

# An entry, or a version of it; None where there is none, or where it is not counted.
_Entry = Project | Snapshot | None
WOULD_CHANGE = gettext_lazy(
    "%(label)s: %(value)d published in %(symbol)s, %(now)d now, %(after)d after this change."
)
CHANGED_SINCE = gettext_lazy(
    "%(label)s: %(value)d published in %(symbol)s, %(now)d before, %(after)d now."
)


def of_saving(*projects: Project) -> list[str]:
    """Return a sentence for every figure that saving these projects changes."""
    counted = [one for one in projects if one.review not in NOT_COUNTED and not one._state.adding]
    stored = Project.published.in_bulk([one.pk for one in counted])
    return of_moving(_moved((stored.get(one.pk), one) for one in counted))


def of_deleting(project: Project) -> list[str]:
    return of_moving([] if project.review in NOT_COUNTED else _moved([(project, None)]))


def of_restoring(pk: int, snapshot: Snapshot) -> list[str]:
    now = Project.live.filter(pk=pk).first()
    is_there = is_counted(snapshot) if now is None else now.review not in NOT_COUNTED
    return of_moving(_moved([(now, snapshot)]) if is_there else [])


def of_undoing(batch: Batch, but_for: Collection[int]) -> list[str]:
    undone = Revision.objects.of_model(Project).filter(batch=batch).exclude(pk__in=but_for)
    revisions = undone.values_list("new", "old").iterator(chunk_size=ROWS_AT_ONCE)
    return of_moving(_moved((_counted(new), _counted(old)) for new, old in revisions))


def of_reviewing(waiting: Iterable[tuple[Project, Snapshot | None]]) -> list[str]:
    """Return a sentence for every figure that these entries change.

    Drafts will change it when they are published; changes of entries have changed it already.
    """
    drafts, undone = list[tuple[_Entry, _Entry]](), list[tuple[_Entry, _Entry]]()
    for project, was in waiting:
        if project.review == Review.DRAFT:
            drafts.append((None, project))
        else:
            undone.append((project, _counted(was)))
    now = table_cube()
    before = Cube([*now.combinations, *_moved(undone)])
    return [*of_moving(_moved(drafts)), *_sentences(before, now, CHANGED_SINCE)]


def of_moving(combinations: Iterable[Combination]) -> list[str]:
    moved = list(combinations)
    if not moved:
        return []
    before = table_cube()
    return _sentences(before, Cube([*before.combinations, *moved]))


def before_and_after(combinations: Iterable[Combination] | None) -> dict[str, Any]:
    """Return each figure now and after these have moved, the verdict, and which will differ."""
    report = Report.published.basis()
    if report is None or combinations is None:
        return {}
    before = table_cube()
    after = reconcile(report, Cube([*before.combinations, *combinations]))
    return {
        "figures": list(zip(reconcile(report, before), after, strict=True)),
        "verdict": verdict(report, after),
        "differing": [one.label for one in after if one.agrees is False],
    }


def since(before: Cube) -> list[str]:
    """Return a sentence for every figure that has changed since this cube."""
    return _sentences(before, table_cube(), CHANGED_SINCE)


def _counted(snapshot: Snapshot | None) -> Snapshot | None:
    return snapshot if snapshot and is_counted(snapshot) else None


def _moved(changes: Iterable[tuple[_Entry, _Entry]]) -> list[Combination]:
    """Return the combinations that come and go where one entry, or version, replaces the other."""
    whole, moved = published().whole, Counter[Combination]()
    for change in changes:
        for one, count in zip(change, (-1, 1), strict=True):
            if isinstance(one, Project):
                if is_in_table(one.in_matrix, one.reference, whole):
                    moved[combination_of_project(one)] += count
            elif one is not None:
                in_matrix = one.get("in_matrix", InMatrix.NOT_STATED)
                if is_in_table(in_matrix, one["reference"], whole):
                    moved[combination_of_row(one)] += count
    return [one._replace(projects=count) for one, count in moved.items() if count]


def _sentences(before: Cube, after: Cube, text: Promise = WOULD_CHANGE) -> list[str]:
    report = Report.published.basis()
    if report is None:
        return []
    return [
        str(text)
        % {
            "label": one.label,
            "value": one.figure.value,
            "symbol": report.symbol,
            "now": was.register,
            "after": one.register,
        }
        # In either direction: a total that comes nearer by chance deserves a look too.
        for was, one in zip(reconcile(report, before), reconcile(report, after), strict=True)
        if was.register != one.register
    ]
