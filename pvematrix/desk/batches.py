"""A batch at the desk: its preview, what is done with it while it waits, and its undoing."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from projects import gate
from projects.annex.annex import Annex
from projects.elsewhere.imports import TABLE as ELSEWHERE
from projects.exports import write_lines
from projects.imports import batches, previews
from projects.imports.items import ADDED, CHANGED, Item
from projects.imports.lines import Refused
from projects.imports.previews import ITEMS_SHOWN, Preview
from projects.imports.template import import_template
from projects.models import Batch, Project, SecondPerson
from projects.pages import CONTENT_TYPES
from projects.text import in_xml
from reports.basis import make_basis

from . import affected_figures
from .annex import due, map_columns, match_rows, show_sheet, translate
from .forms import Extra, ReasonForm, UploadForm
from .imports import ImportsAdmin, security
from .lists import csv_file, done, named, refused, require
from .recorded import RecordedAdmin

# What an import of another table did, before such files went: its undoing needs the same rights.
_TABLES = {"statements": "statement", "reports": "figure"}


def _is_of_projects(batch: Batch) -> bool:
    return bool(batch.state.table != ELSEWHERE)


def _corrected(given: Mapping[str, str], preview: Preview) -> dict[tuple[int, str], dict[str, str]]:
    """Return what somebody wrote for wrong texts, by the rows that have them and their column."""
    found: dict[tuple[int, str], dict[str, str]] = {}
    for problem, rows in preview.different_problems:
        text = in_xml(given.get(f"to-{problem.column}-{rows[0]}", problem.value)).strip()
        if text != problem.value:
            for row in rows:
                found.setdefault((row, problem.column), {})[problem.value] = text
    return found


def _of_sheet(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return a method for a page about a sheet that the user has uploaded."""

    def checked(self: "BatchAdmin", request: HttpRequest, pk: int) -> HttpResponseBase:
        batch = self._waiting(request, pk)
        # Of a file in the register's columns only the values may be asked about.
        has_lines = batch.content and _is_of_projects(batch)
        if not batch.sheet and not (view is translate and has_lines):
            raise Http404
        if batch.by != request.user:
            return self._of_another(request, batch)
        return view(request, Annex(batch), self.own_page)

    return checked


class SecondPersonAdmin(RecordedAdmin):
    """Whether a second person publishes what waits: one row, which is never added or deleted."""

    fields = ["reviews", "since", "why", "reason", "seen"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_delete_permission = has_add_permission


class BatchAdmin(ImportsAdmin):
    upload_form = UploadForm
    own_pages = [
        ("import/", "upload_view", "projects_batch_import"),
        ("import/template.xlsx", "template_view", "projects_batch_template"),
        ("<int:pk>/map/", "map_view", "projects_batch_map"),
        ("<int:pk>/translate/", "translate_view", "projects_batch_translate"),
        ("<int:pk>/sheet/", "sheet_view", "projects_batch_sheet"),
        ("<int:pk>/match/", "match_view", "projects_batch_match"),
        ("<int:pk>/preview/", "preview_view", "projects_batch_preview"),
        ("<int:pk>/changes.csv", "changes_view", "projects_batch_changes"),
        ("<int:pk>/faults.csv", "problems_view", "projects_batch_faults"),
        ("<int:pk>/take-over/", "take_over_view", "projects_batch_take_over"),
        ("<int:pk>/discard/", "discard_view", "projects_batch_discard"),
        ("<int:pk>/undo/", "undo_view", "projects_batch_undo"),
    ]
    map_view, translate_view = _of_sheet(map_columns), _of_sheet(translate)
    sheet_view, match_view = _of_sheet(show_sheet), _of_sheet(match_rows)
    list_display = ["__str__", "applied_at", "by_name", "reason", "added", "changed", "deleted"]
    list_filter = ["kind", "applied_at"]
    fields = ["kind", "file_name", "reason", "applied_at", "by_name", "added", "changed", "deleted"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        done = super().get_queryset(request).exclude(applied_at=None)
        return done.defer("content", "sheet").select_related("undoes", "undone_by")

    def has_undo_permission(self, request: HttpRequest, batch: Batch | None = None) -> bool:
        """Return whether the user may undo imports; of a batch of records, what it did."""
        model = _TABLES.get(batch.state.table) if batch else None
        done = {"add": batch.added, "change": batch.changed} if batch and model else {}
        needed = [f"reports.{action}_{model}" for action, number in done.items() if number]
        return request.user.has_perms(["projects.undo_batch", *needed])

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Extra = None
    ) -> HttpResponse:
        batch = self.get_object(request, unquote(object_id))
        undoable = batch and batch.kind == Batch.Kind.IMPORT and not hasattr(batch, "undone_by")
        # What was set aside comes back by an action of the list, which waits.
        undoable = batch and undoable and batch.state.second_look is None
        may_undo = undoable and self.has_undo_permission(request, batch)
        may_look = batch and batch.state.second_look and batch.by != request.user
        may_look = may_look and request.user.has_perm("projects.review_project")
        if batch and may_look and request.method == "POST":
            batch.state.second_look = False
            batch.keep()
            return redirect("admin:index")
        extra = {"may_undo": may_undo, "may_look": may_look, "batch": batch}
        if batch:
            extra["prepared_by"] = batch.prepared_by.order_by("username")
        if batch and may_undo:
            extra["touched"] = touched = batches.changed_since(batch)
            extra["changed_since"] = batches.text_of_changed(touched) if touched else ""
            extra["differences"] = affected_figures.of_undoing(batch, touched)
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def hold(
        self, request: HttpRequest, file: UploadedFile, only: str, mapped: bool
    ) -> tuple[str, int]:
        options: dict[str, Any] = {"only": only or None, "ignored": []}
        former = self._replaced(request)
        mapped = mapped or bool(former)
        batch = batches.upload(file.name or "", file, options, request.user, mapped)
        if former:
            Annex(batch).take_over(Annex(former))
            batch.prepared_by.add(*former.prepared_by.all())
            former.delete()
        step = "map" if batch.sheet else "preview"
        step = "translate" if former and batch.state.is_mapped else step
        return f"admin:projects_batch_{step}", batch.pk

    @staticmethod
    def _replaced(request: HttpRequest) -> Batch | None:
        """Return the user's waiting sheet that the file replaces, if the address names one."""
        number = request.GET.get("replaces", "")
        mine = Batch.objects.filter(kind=Batch.Kind.IMPORT, applied_at=None, by=request.user.pk)
        found = mine.filter(pk=number).first() if re.fullmatch("[0-9]{1,9}", number) else None
        return found if found and found.sheet else None

    def upload_page(self, request: HttpRequest, form: UploadForm, status: int) -> HttpResponse:
        waiting = list(batches.waiting())
        context = {
            "form": form,
            "replaced": self._replaced(request),
            "files": [one for one in waiting if one.by_id == request.user.pk],
            "of_others": [one for one in waiting if one.by_id != request.user.pk],
        }
        return self.own_page(request, "import_upload", _("Import projects"), context, status)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what the batch would do; a POST with the digest of the preview does it.

        What waits for a second person is sent, and published here.
        """
        require(self.has_import_permission(request))
        batch = get_object_or_404(Batch, pk=pk, kind=Batch.Kind.IMPORT)
        publishes = gate.may_publish(request.user, batch)
        if not batch.applied_at and batch.by != request.user and not publishes:
            return self._of_another(request, batch)
        if not _is_of_projects(batch):
            return redirect("admin:elsewhere_record_preview", pk)
        return self._preview(request, batch, publishes)

    def _preview(self, request: HttpRequest, batch: Batch, publishes: bool) -> HttpResponse:
        if step := due(request, batch):
            return redirect(f"admin:projects_batch_{step}", batch.pk)
        if request.method == "POST" and self._store_answer(request, batch):
            return redirect(request.path)
        given = request.POST if request.method == "POST" else None
        form = ReasonForm(given, initial={"reason": batch.reason})
        if request.method == "POST" and form.is_valid():
            return self.apply(request, batch, form.cleaned_data["reason"], publishes)
        tidied = {"tidied": Annex(batch).tidied()} if batch.sheet else {}
        preview = previews.preview(batch, **tidied)
        is_file = bool(batch.content) and not batch.sheet
        if is_file and preview.problems and Annex(batch).to_answer():
            return redirect("admin:projects_batch_translate", batch.pk)
        context = self.confirmation(batch, form, preview, publishes)
        context |= {
            "shown": ITEMS_SHOWN,
            "refusal": "" if context["sends"] else batches.refusal(request.user, batch),
            "may_correct": bool(batch.content) and not batch.sheet,
            "moved_on": batch.digest not in ("", preview.digest),
            "groups": self._in_words(preview),
            "differences": affected_figures.in_words(preview.moved),
        }
        what = _("Import projects") if batch.content or batch.sheet else _("Change")
        title = f"{what}: {batch.file_name}"
        return self.own_page(request, "import_preview", title, context)

    def _in_words(self, preview: Preview) -> list[tuple]:
        """Return the first items of each kind, each with its changes as the desk says them."""
        desk: Any = self.admin_site.get_model_admin(Project)
        return [
            (kind, label, [(one, [*map(desk.in_words, one.changes)]) for one in found])
            for kind, label in ((CHANGED, _("To change")), (ADDED, _("To add")))
            if (found := preview.first[kind])
        ]

    def send(self, request: HttpRequest, batch: Batch, digest: str, reason: str) -> bool:
        shown = previews.preview(batch)
        if shown.waits:
            batches.send(batch, shown, digest, reason)
        return shown.waits

    def write(self, request: HttpRequest, batch: Batch, digest: str, reason: str) -> None:
        if refusal := batches.refusal(request.user, batch):
            raise Refused(refusal)
        if batch.state.basis is not None:
            make_basis(batch.state.basis, request.user, reason, batch)
        else:
            batches.apply(batch, digest, request.user, reason)

    def _of_another(self, request: HttpRequest, batch: Batch) -> HttpResponse:
        """Show whose import it is, and offer to take it over; nothing of a POST is done."""
        if request.method == "POST":
            security.warning("permission_refused", extra={"request": request})
        status = 403 if request.method == "POST" else 200
        title = f"{_('Imports by others')}: {batch.file_name}"
        return self.own_page(request, "import_of_another", title, {"batch": batch}, status)

    @method_decorator(require_POST)
    def take_over_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self._waiting(request, pk)
        if batch.by != request.user:
            detail = f"{batch}: {batch.by_name or '-'} -> {request.user.get_username()}"
            batches.take_over(batch, request.user)
            security.warning("import_taken_over", extra={"request": request, "detail": detail})
        return redirect("admin:projects_batch_preview", pk)

    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self._waiting(request, pk)
        if batch.by != request.user:
            return self._of_another(request, batch)
        if request.method == "POST":
            security.warning("import_discarded", extra={"request": request, "detail": str(batch)})
            batch.delete()
            return done(request, _("“%s” is deleted.") % batch.file_name, "admin:index")
        title = f"{_('Discard')}: {batch.file_name}"
        return self.own_page(request, "import_discard", title, {"batch": batch})

    @staticmethod
    def _store_answer(request: HttpRequest, batch: Batch) -> bool:
        """Store the request's answer to what the preview asked; return whether it has one."""
        if batch.state.changes is not None:
            return False  # of a page of the desk nothing is asked
        if "cells" in request.POST and batch.by == request.user and not batch.sheet:
            batches.change_cells(batch, _corrected(request.POST, previews.preview(batch)))
            return True
        if "ignore" in request.POST:
            asked = set(request.POST.getlist("ignore"))
            before, unknown = batch.state.ignored, previews.plan_of(batch).unknown
            batch.state.ignored = [one for one in (*before, *unknown) if one in asked]
        elif "add_unknown" in request.POST:
            batch.state.add_unknown = True
        else:
            return False
        batch.keep()
        return True

    def _waiting(self, request: HttpRequest, pk: int) -> Batch:
        require(self.has_import_permission(request))
        return get_object_or_404(Batch, pk=pk, kind=Batch.Kind.IMPORT, applied_at=None)

    def _previewed(self, request: HttpRequest, pk: int) -> Batch:
        batch = self._waiting(request, pk)
        # As of the preview; who takes the import over is logged.
        require(batch.by == request.user or gate.may_publish(request.user, batch))
        has_lines = batch.content and _is_of_projects(batch)
        if not (has_lines or batch.state.changes is not None):
            raise Http404
        return batch

    def changes_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        items = previews.plan_of(self._previewed(request, pk)).items()
        return csv_file(f"changes-{pk}.csv", write_lines(self._changes(items)))

    def _changes(self, items: Iterable[Item]) -> Iterator[tuple]:
        desk: Any = self.admin_site.get_model_admin(Project)
        yield "row", "reference", "column", "now", "then"
        for item in items:
            if item.kind in (ADDED, CHANGED):
                for change in map(desk.in_words, item.changes):
                    yield item.row, item.reference, change.column, change.old, change.new

    def problems_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        batch = self._previewed(request, pk)
        problems = [astuple(problem) for problem in previews.preview(batch).problems]
        lines = write_lines([("row", "column", "value", "message"), *problems])
        return csv_file(f"faults-{pk}.csv", lines)

    def template_view(self, request: HttpRequest) -> HttpResponse:
        """Return the workbook to send to entities."""
        require(self.has_import_permission(request))
        headers = named("pve-projects-template.xlsx")
        return HttpResponse(import_template(), content_type=CONTENT_TYPES["xlsx"], headers=headers)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(self.has_undo_permission(request))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        batch = get_object_or_404(Batch, pk=pk)
        require(self.has_undo_permission(request, batch))
        form = ReasonForm(request.POST)
        try:
            if not form.is_valid():
                raise Refused(form.problem)
            if batch.state.second_look is not None:
                raise Refused(_("Put the entry back in the list: a second person publishes that."))
            if batch.by == request.user and SecondPerson.is_needed():
                raise Refused(_("You published it: somebody else undoes it."))
            rest = "rest" in request.POST
            undoing = batches.undo(batch, request.user, form.cleaned_data["reason"], rest)
        except Refused as error:
            return refused(request, str(error), "admin:projects_batch_change", pk)
        return done(request, _("The import is undone."), "admin:projects_batch_change", undoing.pk)
