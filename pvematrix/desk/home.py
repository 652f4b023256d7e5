"""The desk's first page: what waits for the user, and the work on the register."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from projects.asking import whole_cube
from projects.history import Action, Revision
from projects.imports.batches import waiting
from projects.models import Batch, Comment, Correction, Objection, Project, SavedList
from projects.models.reviewed import ReviewedModel
from projects.vocabulary import TO_REVIEW, PriorityArea, Provenance
from projects.worklist import described, probable_duplicates, work_left
from reports.models import Plan, Report, Statement
from reports.reconciliation import reconcile

from .lists import desk_address
from .review import WAITING_FOR

# The entries of a kind shown here; the list has all.
ENTRIES_NAMED = 5
CHANGES_NAMED = 8

# The models that are reviewed, and the permission to write them.
WRITTEN_BY: dict[type[ReviewedModel], str] = {
    Project: "projects.change_project",
    Statement: "reports.change_statement",
    Plan: "reports.change_plan",
    Report: "reports.change_report",
}


@dataclass(frozen=True)
class Entry:
    """A record that waits, the link to it, and a reviewer's objection."""

    record: Any
    address: str
    sent_back: Objection | None = None


@dataclass(frozen=True)
class Entries:
    """Waiting records of all kinds: their number, and the first of them.

    `lists` are (number, kind, address), if there are more than the first.
    """

    count: int
    first: list[Entry]
    lists: list[tuple[int, str, str]]


def _entries(models: Iterable[type[ReviewedModel]], waits_for: str, account, page: str) -> Entries:
    count, first, lists = 0, list[Any](), []
    _label, find = WAITING_FOR[waits_for]
    for model in models:
        records = find(model.live.waiting(), account)
        if of_kind := records.count():
            count += of_kind
            address = f"{desk_address(model, 'changelist')}?waits_for={waits_for}"
            lists.append((of_kind, str(model._meta.verbose_name_plural), address))
        first += records.order_by("last_at", "pk")[:ENTRIES_NAMED]
    # Records without a revision are the oldest.
    first.sort(key=lambda one: (one.last_at is not None, one.last_at))
    first = first[:ENTRIES_NAMED]
    objections = Objection.objects.filter(revision__in=[one.seen for one in first])
    by_revision = {objection.revision_id: objection for objection in objections}
    return Entries(
        count,
        [
            Entry(one, desk_address(type(one), page, one.pk), by_revision.get(one.seen))
            for one in first
        ],
        lists if count > len(first) else [],
    )


def waiting_for(account) -> dict[str, Any]:
    found: dict[str, Any] = {"saved_lists": list(SavedList.objects.offered_to(account))}
    imports = list(waiting())
    if account.has_perm("projects.review_project"):
        found["to_review"] = _entries(WRITTEN_BY, "my-review", account, "review")
        found["to_publish"] = [one for one in imports if one.digest and one.by_id != account.pk]
    written = [model for model, permission in WRITTEN_BY.items() if account.has_perm(permission)]
    if written:
        found["sent_back"] = _entries(written, "my-answer", account, "change")
        found["own_drafts"] = _entries(written, "my-work", account, "change")
    if account.has_perm("projects.change_project"):
        entries = Project.live.waiting().written_by(account)
        comments = Comment.objects.unanswered_by(account, entries)
        found["comments"] = {"count": comments.count(), "first": comments[:ENTRIES_NAMED]}
    if account.has_perm("projects.import_projects"):
        found["files"] = [one for one in imports if one.by_id == account.pk]
    if account.has_perm("projects.change_correction"):
        found["corrections"] = Correction.objects.filter(state=Correction.State.OPEN).count()
    return found


def _waits() -> list[tuple[str, str, int]]:
    """Return (label, address, count) of all waiting drafts and changes of each kind."""
    labels = {
        Project: (_("Drafts to publish"), _("Changes to sign off")),
        Statement: (_("Drafts of statements"), _("Changes of statements")),
        Plan: (_("Drafts of plans"), _("Changes of plans")),
        Report: (_("Drafts of reports"), _("Changes of reports")),
    }
    found = []
    for model, of_states in labels.items():
        waiting = model.live.filter(review__in=TO_REVIEW).order_by()
        counts = dict(waiting.values_list("review").annotate(count=Count("pk")))
        for state, label in zip(TO_REVIEW, of_states, strict=True):
            address = f"{desk_address(model, 'changelist')}?review__exact={state.value}"
            if model is Project or counts.get(state):
                found.append((label, address, counts.get(state, 0)))
    return found


def _changes() -> list[tuple[Revision, bool]]:
    """Return the newest changes, and whether restoring the version before undoes only this one."""
    changes, later = list[tuple[Revision, bool]](), set[int]()
    newest = Revision.objects.of_model(Project).select_related("batch").order_by("-pk")
    for one in newest[:CHANGES_NAMED]:
        # A change by an import is undone with the whole import.
        is_last = one.object_id not in later and not one.batch
        changes.append((one, is_last and one.action == Action.CHANGED))
        later.add(one.object_id)
    return changes


def areas() -> list[tuple[str, int, int]]:
    cube = whole_cube()
    every = cube.counts("priority_area")
    counted = cube.where({"provenance": [Provenance.COUNTED]}).counts("priority_area")
    return [(str(area.label), every[area] - counted[area], every[area]) for area in PriorityArea]


def work() -> dict[str, Any]:
    report = Report.published.basis()
    comparisons = [one for one in reconcile(report) if one.agrees is not None] if report else []
    return {
        "tasks": work_left(),
        "described": described(),
        "areas": areas(),
        "duplicates": len(probable_duplicates()),
        "waits": _waits(),
        "batches": Batch.objects.exclude(applied_at=None).defer("content")[:5],
        "changes": _changes(),
        "report": report,
        "compared": len(comparisons),
        "equal": sum(one.agrees is True for one in comparisons),
        "differing": [one for one in comparisons if one.agrees is False],
    }
