"""The desk's header and its first page: what waits for the user, and the work on the register."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from django.db.models import Count, Max
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from projects import gate
from projects.asking.published import published
from projects.duplicates import probable_duplicates
from projects.history import Action, Revision
from projects.imports.batches import waiting
from projects.models import (
    Batch,
    Comment,
    Correction,
    Objection,
    Project,
    SecondPerson,
    is_placeholder,
)
from projects.models.reviewed import ReviewedModel
from projects.vocabulary import TO_REVIEW
from reports.models import Report, Statement
from reports.reconciliation import reconcile

from .corrections import describing
from .lists import desk_address
from .review import WAITING_FOR
from .revisions import OF_MOMENT

# Pages of the header, and commands: label, the name of the address, and the right to see it.
_PAGES = [
    (gettext_lazy("Projects"), "projects_project_changelist", "projects.view_project"),
    (gettext_lazy("Import"), "projects_batch_import", "projects.import_projects"),
    (gettext_lazy("Review"), "review", "projects.review_project"),
    (gettext_lazy("Corrections"), "projects_correction_changelist", "projects.view_correction"),
    (gettext_lazy("Elsewhere"), "elsewhere_record_changelist", "elsewhere.view_record"),
    (gettext_lazy("Statements"), "reports_statement_changelist", "reports.view_statement"),
    (gettext_lazy("Reports"), "reports_report_changelist", "reports.view_report"),
    (gettext_lazy("Editions"), "projects_edition_changelist", "projects.view_edition"),
]
_COMMANDS = [
    (gettext_lazy("Add a project"), "projects_project_add", "projects.add_project"),
    (gettext_lazy("Import a file"), "projects_batch_import", "projects.import_projects"),
    (
        gettext_lazy("Import projects elsewhere"),
        "elsewhere_record_import",
        "projects.import_projects",
    ),
    (gettext_lazy("Publish an edition"), "projects_edition_add", "projects.publish_edition"),
]

# The entries of a kind shown on the first page and on that of what waits for review.
ENTRIES_NAMED, TO_REVIEW_NAMED = 5, 100
CHANGES_NAMED = 8

# The models that are reviewed, and the permission to write them.
WRITTEN_BY: dict[type[ReviewedModel], str] = {
    Project: "projects.change_project",
    Statement: "reports.change_statement",
    Report: "reports.change_report",
}


def number_to_review() -> int:
    first, *others = [one.live.waiting().to_review().order_by().values("pk") for one in WRITTEN_BY]
    return int(first.union(*others, all=True).count())


def commands(user: Any) -> list[tuple[str, str]]:
    """Return the labels and addresses of the commands that the user may give."""
    allowed = [one for one in _COMMANDS if user.has_perm(one[2])]
    found = [(str(label), reverse(f"admin:{name}")) for label, name, _right in allowed]
    if (whole := published().whole) and user.has_perm("projects.add_project"):
        address = f"{desk_address(Project, 'add')}?{describing()}"
        found.insert(1, (gettext("Describe one of the %d") % whole, address))
    return found


def pages(request: HttpRequest) -> list[tuple[str, str, int, bool]]:
    """Return the label and address of the header's pages, what waits, and which is shown."""
    opened = Correction.objects.filter(state=Correction.State.OPEN)
    numbers = {"review": number_to_review, "projects_correction": opened.count}
    shown, header = str(getattr(request.resolver_match, "url_name", "")), []
    for label, name, right in _PAGES:
        if request.user.has_perm(right):
            kind = "_".join(name.split("_")[:2])
            waiting = numbers[kind]() if kind in numbers else 0
            header.append((str(label), reverse(f"admin:{name}"), waiting, shown.startswith(kind)))
    return header


def entries(
    waits_for: str, models: Iterable[Any], account: Any, page: str, most: int = ENTRIES_NAMED
) -> dict[str, Any]:
    """Return the first of the records that a list finds, the longest waiting first, and how many.

    Each has its `address` and a reviewer's objection, if any. `lists` are (number, kind, address),
    if there are more than the first.
    """
    _label, find = WAITING_FOR[waits_for]
    first, lists = list[Any](), []
    for model in models:
        # One query: to count many and to find the first of them takes the same time.
        in_order = find(model.live.waiting(), account).with_seen().order_by("seen", "pk")
        if keys := list(in_order.values_list("pk", flat=True)):
            first += model.live.filter(pk__in=keys[:most]).with_last_revision()
            address = f"{desk_address(model, 'changelist')}?waits_for={waits_for}"
            lists.append((len(keys), str(model._meta.verbose_name_plural), address))
    first = sorted(first, key=attrgetter("seen"))[:most]
    objections = Objection.objects.filter(revision__in=[one.seen for one in first])
    sent_back = {objection.revision_id: objection for objection in objections}
    for record in first:
        record.address = desk_address(type(record), page, record.pk)
        record.sent_back = sent_back.get(record.seen)
    total = sum(count for count, _kind, _address in lists)
    return {"count": total, "first": first, "lists": lists if total > len(first) else []}


def inbox(account: Any) -> dict[str, Any]:
    """Return what waits for the account, and how many drafts and changes wait for anybody."""
    may = account.has_perm
    counts = {
        model: dict(model.live.waiting().order_by().values_list("review").annotate(Count("pk")))
        for model in WRITTEN_BY
    }
    there = [model for model, of_states in counts.items() if of_states]
    written = [model for model in there if may(WRITTEN_BY[model])]
    boxes: dict[str, Any] = {
        "waits": _waits(counts),
        "sent_back": entries("my-answer", written, account, "change"),
        "own_drafts": entries("my-work", written, account, "change"),
    }
    imports = list(waiting())
    if may("projects.review_project"):
        boxes["to_review"] = entries("my-review", there, account, "review")
        is_needed = SecondPerson.is_needed()
        boxes["to_publish"] = [one for one in imports if gate.may_publish(account, one, is_needed)]
        looks = Batch.objects.filter(options__second_look=True).exclude(by=account)
        boxes["second_looks"] = looks.defer("content", "sheet").select_related("undoes")
    if may("projects.change_project"):
        own = Project.live.waiting().written_by(account).with_last_revision()
        boxes["comments"] = Comment.objects.unanswered_by(account, own)
    if may("projects.import_projects"):
        boxes["files"] = [one for one in imports if one.by_id == account.pk]
    if may("projects.change_correction"):
        boxes["corrections"] = Correction.objects.filter(state=Correction.State.OPEN).count()
    return boxes


def _waits(counts: Mapping[Any, Mapping[str, int]]) -> list[tuple[str, str, int]]:
    """Return (label, address, count) of the waiting drafts and changes of each kind."""
    return [
        (
            f"{capfirst(model._meta.verbose_name_plural)}: {state.label}",
            f"{desk_address(model, 'changelist')}?review__exact={state}",
            of_kind[state],
        )
        for model, of_kind in counts.items()
        for state in TO_REVIEW
        if state in of_kind
    ]


def _changes(account: Any) -> list[tuple[datetime, Any, str, str]]:
    """Return the newest changes: when, the revision or import, its page, where to undo only it."""
    revisions = Revision.objects.of_model(Project)
    acts = revisions.filter(batch=None).acts().order_by("-last")[:CHANGES_NAMED]
    numbers = dict(acts.values_list("last", "number"))
    newest: Any = revisions.filter(pk__in=numbers)
    of_same = revisions.filter(object_id__in=[one.object_id for one in newest]).order_by()
    # To restore the version before an older change would undo the later ones as well.
    last = dict(of_same.values_list("object_id").annotate(Max("pk")))
    may_restore = account.has_perm("projects.change_project")
    changes = list[tuple[datetime, Any, str, str]]()
    for revision in newest:
        page = desk_address(Revision, "change", revision.pk)
        is_last = revision.action == Action.CHANGED and last[revision.object_id] == revision.pk
        is_last = is_last and not is_placeholder(revision.new)  # which nobody edits any more
        if numbers[revision.pk] > 1:
            revision.number, is_last = numbers[revision.pk], False
            page = f"{desk_address(Revision, 'changelist')}?{urlencode({OF_MOMENT: revision.at})}"
        undo = f"{page}?side=old#side" if may_restore and is_last else ""
        changes.append((revision.at, revision, page, undo))
    imports = Batch.objects.filter(applied_at__isnull=False).select_related("undoes", "undone_by")
    unread = [f"{one}{name}" for one in ("", "undoes__") for name in ("content", "sheet")]
    may_undo = account.has_perm("projects.undo_batch")
    for done in imports.defer(*unread).order_by("-applied_at")[:CHANGES_NAMED]:
        page = desk_address(Batch, "change", done.pk)
        is_undone = done.kind == Batch.Kind.UNDO or hasattr(done, "undone_by")
        undo = "" if is_undone or not may_undo else f"{page}#undo"
        changes.append((done.applied_at or done.at, done, page, undo))
    return sorted(changes, key=itemgetter(0), reverse=True)[:CHANGES_NAMED]


def work(account: Any) -> dict[str, Any]:
    report = Report.published.basis()
    comparisons = [one for one in reconcile(report) if one.agrees is not None] if report else []
    return {
        "duplicates": len(probable_duplicates()),
        "changes": _changes(account),
        "report": report,
        "compared": len(comparisons),
        "equal": sum(one.agrees is True for one in comparisons),
        "differing": [one for one in comparisons if one.agrees is False],
    }
