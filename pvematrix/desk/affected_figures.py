"""The figures of the report that a change affects, in sentences."""

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from projects.asking import table_cube
from projects.asking.answers import published, showing
from projects.columns import ROWS_AT_ONCE
from projects.cube import Combination, Cube, combination_of_project, combination_of_row
from projects.history import Revision, Snapshot
from projects.models import Batch, Project
from projects.review import is_counted, is_in_table
from projects.vocabulary import NOT_COUNTED, InMatrix, Review
from reports.models import Report
from reports.reconciliation import reconcile, verdict

WOULD_CHANGE = gettext_lazy(
    "%(label)s: %(value)d published in %(symbol)s, %(now)d now, %(after)d after this change."
)
CHANGED_SINCE = gettext_lazy(
    "%(label)s: %(value)d published in %(symbol)s, %(now)d before, %(after)d now."
)


def of_saving(*projects: Project) -> list[str]:
    """Return a sentence for every figure that saving these projects changes."""
    moved: list[Combination] = []
    with showing(None):  # so that the report is read once
        for project in projects:
            if project._state.adding or project.review in NOT_COUNTED:
                continue
            saved = Project.published.filter(pk=project.pk)
            was = [gone for one in saved for gone in _of_project(one, -1)]
            now = _of_project(project)
            if was != [one._replace(projects=-1) for one in now]:
                moved += [*now, *was]
    return of_moving(moved)


def of_deleting(project: Project) -> list[str]:
    if project.review in NOT_COUNTED:
        return []
    return of_moving(_of_project(project, -1))


def of_restoring(pk: int, snapshot: Snapshot) -> list[str]:
    now = Project.live.filter(pk=pk).first()
    if not (is_counted(snapshot) if now is None else now.review not in NOT_COUNTED):
        return []
    was = [] if now is None else _of_project(now, -1)
    return of_moving([*_of_row(snapshot), *was])


def of_undoing(batch: Batch, but_for: Collection[int]) -> list[str]:
    moved: list[Combination] = []
    undone = Revision.objects.of_model(Project).filter(batch=batch).exclude(pk__in=but_for)
    revisions = undone.values_list("old", "new")
    with showing(None):  # the same
        for old, new in revisions.iterator(chunk_size=ROWS_AT_ONCE):
            for snapshot, count in ((old, 1), (new, -1)):
                if snapshot and is_counted(snapshot):
                    moved += _of_row(snapshot, count)
    return of_moving(moved)


def of_reviewing(waiting: Iterable[tuple[Project, Snapshot | None]]) -> list[str]:
    """Return a sentence for every figure that these entries change.

    Drafts will change it when they are published; changes of entries have changed it already.
    """
    drafts: list[Combination] = []
    undone: list[Combination] = []
    with showing(None):  # the same
        for project, was in waiting:
            if project.review == Review.DRAFT:
                drafts += _of_project(project)
                continue
            undone += _of_project(project, -1)
            if was and is_counted(was):
                undone += _of_row(was)
    now = table_cube()
    before = Cube([*now.combinations, *undone])
    return [*of_moving(drafts), *_sentences(before, now, CHANGED_SINCE)]


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


def _of_project(project: Project, count: int = 1) -> list[Combination]:
    """Return the combination of an entry if it is one of those that make up the total."""
    is_placed = is_in_table(project.in_matrix, project.reference, published().whole)
    return [combination_of_project(project, count)] if is_placed else []


def _of_row(snapshot: Snapshot, count: int = 1) -> list[Combination]:
    known = snapshot.get("in_matrix", InMatrix.NOT_STATED), snapshot["reference"]
    is_placed = is_in_table(*known, published().whole)
    return [combination_of_row(snapshot, count)] if is_placed else []


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
