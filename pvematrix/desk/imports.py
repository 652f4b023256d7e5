"""Imports at the desk: upload, preview, confirm, undo."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple
from itertools import chain
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from projects.annex.annex import Annex
from projects.exports import write_lines
from projects.history import RecordedModel
from projects.imports import batches
from projects.imports.batches import ITEMS_SHOWN, Preview
from projects.imports.lines import Refused, too_many_bytes
from projects.imports.plan import ADDED, CHANGED, Item
from projects.imports.template import import_template
from projects.models import Batch, Project
from projects.pages import CONTENT_TYPES
from reports import imports as records

from . import affected_figures
from .annex import due, map_columns, match_rows, show_sheet, translate
from .forms import SAY_WHAT, FileForm, ReasonForm, UploadForm, takes_file
from .lists import ListedLookupsAdmin, ReadOnly, require

security = logging.getLogger("pvematrix.security")
# Each statement or plan is written to be shown, and once more when it is confirmed: some
# milliseconds.
MOST_RECORDS = 1000
TITLES = {
    "": _("Import projects"),
    "statements": _("Import statements"),
    "plans": _("Import plans"),
    "reports": _("Import reports"),
}


def _importer(batch: Batch) -> Any:
    return records if records.table_of(batch) else batches


def _file(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _csv(name: str, rows: Iterable[tuple]) -> HttpResponseBase:
    lines = write_lines(rows)
    return _file(StreamingHttpResponse(lines, content_type=CONTENT_TYPES["csv"]), name)


def _of_sheet(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Return a method for a page about a sheet that the user has uploaded."""

    def checked(self: "BatchAdmin", request, pk):
        require(self.has_import_permission(request))
        batch = get_object_or_404(Batch, pk=pk, kind=Batch.Kind.IMPORT, applied_at=None)
        # Of a file in the register's columns only the values may be asked about.
        is_asked = view is translate and batch.content and not records.table_of(batch)
        if not batch.sheet and not is_asked:
            raise Http404
        if batch.by != request.user:
            return self._of_another(request, batch)
        return view(request, Annex(batch), self.own_page)

    return checked


class BatchAdmin(ReadOnly, ListedLookupsAdmin):
    own_pages = [
        ("import/", "upload_view", "projects_batch_import"),
        ("import/template.xlsx", "template_view", "projects_batch_template"),
        *(
            (f"import/{table}/{file}", view, f"projects_batch_{table}{name}", {"table": table})
            for table in records.MODELS
            for file, view, name in (
                ("", "upload_view", ""),
                ("template.xlsx", "template_view", "_form"),
            )
        ),
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

    def get_queryset(self, request):
        done = super().get_queryset(request).exclude(applied_at=None)
        return done.defer("content", "sheet").select_related("undoes", "undone_by")

    def has_import_permission(self, request) -> bool:
        return request.user.has_perm("projects.import_projects")

    def has_undo_permission(self, request, batch: Batch | None = None) -> bool:
        """Return whether the user may undo imports; of a batch of records, what it did."""
        table = records.table_of(batch) if batch else ""
        done = {ADDED: batch.added, CHANGED: batch.changed} if batch else {}
        undoes = request.user.has_perm("projects.undo_batch")
        return undoes and not (table and records.refusal(request.user, table, done))

    def _tables(self, request) -> dict[str, Any]:
        """Return of what the user may import files, with the titles of the pages for it."""
        may, user = records.may, request.user
        return {
            table: title
            for table, title in TITLES.items()
            if self.has_import_permission(request)
            if not table or any(may(user, table, kind) for kind in (ADDED, CHANGED))
        }

    def changelist_view(self, request, extra_context=None):
        extra = {"tables": self._tables(request)}
        return super().changelist_view(request, extra | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        batch = self.get_object(request, unquote(object_id))
        undoable = batch and batch.kind == Batch.Kind.IMPORT and not hasattr(batch, "undone_by")
        may_undo = undoable and self.has_undo_permission(request, batch)
        extra = {"may_undo": may_undo, "batch": batch}
        if batch and may_undo:
            extra["touched"] = touched = batches.changed_since(batch)
            extra["changed_since"] = batches.text_of_changed(touched) if touched else ""
            extra["differences"] = affected_figures.of_undoing(batch, touched)
        if batch and "moved" in batch.options:
            extra |= affected_figures.before_and_after(())
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def _log_refusal(self, request, name: str, error: Refused) -> None:
        security.warning("import_refused", extra={"request": request, "detail": f"{name}: {error}"})

    # Exempt only until it is known whether the user may import: `_upload` checks the token.
    @method_decorator(csrf_exempt)
    def upload_view(self, request, table: str = ""):
        """Take a file of those who may import, if it is not too large, before anything is read."""
        require(table in self._tables(request))
        form_class = FileForm if table else UploadForm
        if not takes_file(request, settings.IMPORT_LIMITS["bytes"]):
            error = too_many_bytes()
            self._log_refusal(request, "", error)
            messages.error(request, str(error))
            return self._upload_page(request, form_class(), table, status=413)
        return self._upload(request, form_class, table)

    @method_decorator(csrf_protect)
    def _upload(self, request, form_class: type[FileForm], table: str):
        """Redirect a file to its preview; a refused file is named, with the reason."""
        form = form_class(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                batch = self._batch(request, form, table, file)
                step = "map" if batch.sheet else "preview"
                return redirect(f"admin:projects_batch_{step}", batch.pk)
            except Refused as error:
                self._log_refusal(request, file.name, error)
                form.add_error("file", str(error))
        return self._upload_page(request, form, table, status=400 if form.errors else 200)

    @staticmethod
    def _batch(request, form: FileForm, table: str, file) -> Batch:
        if table:
            return records.upload(table, file.name, file, request.user, MOST_RECORDS)
        options: dict[str, Any] = {"only": form.cleaned_data["only"] or None, "ignored": []}
        return batches.upload(file.name, file, options, request.user, form.cleaned_data["mapped"])

    def _upload_page(self, request, form: FileForm, table: str, status: int):
        context = {"form": form, "table": table, "tables": self._tables(request)}
        waiting = [one for one in batches.waiting() if records.table_of(one) == table]
        context["files"] = [one for one in waiting if one.by_id == request.user.pk]
        context["of_others"] = [one for one in waiting if one.by_id != request.user.pk]
        return self.own_page(request, "import_upload", TITLES[table], context, status)

    def preview_view(self, request, pk):
        """Show what the batch would do; a POST with the digest of the preview does it.

        What the public would see of a sheet waits for a reviewer, who publishes it here.
        """
        require(self.has_import_permission(request))
        batch = get_object_or_404(Batch, pk=pk, kind=Batch.Kind.IMPORT)
        table = records.table_of(batch)
        require(table in self._tables(request))
        publishes = self._publishes(request.user, batch)
        if not batch.applied_at and batch.by != request.user and not publishes:
            return self._of_another(request, batch)
        if step := due(request, batch):
            return redirect(f"admin:projects_batch_{step}", pk)
        if request.method == "POST" and self._store_answer(request, batch):
            return redirect(request.path)
        given = request.POST if request.method == "POST" else None
        form = ReasonForm(given, initial={"reason": batch.reason})
        if request.method == "POST" and form.is_valid():
            return self._apply(request, batch, form.cleaned_data["reason"])
        tidied = {"tidied": Annex(batch).tidied()} if batch.sheet else {}
        preview = _importer(batch).preview(batch, **tidied)
        is_file = not (batch.sheet or table or batch.options.get("set"))
        if is_file and preview.problems and Annex(batch).to_answer():
            return redirect("admin:projects_batch_translate", pk)
        sends = bool(batch.sheet) and preview.is_public and not publishes
        context = {
            "table": table,
            "another": f"admin:projects_batch_{table or 'import'}",
            "batch": batch,
            "form": form,
            "shown": ITEMS_SHOWN,
            "preview": preview,
            "refusal": "" if sends else self._refusal(request.user, batch, preview.counts),
            "publishes": publishes,
            "sends": sends,
            "moved_on": batch.digest not in ("", preview.digest),
            "groups": self._in_words(preview, records.MODELS.get(table, Project)),
        }
        if batch.sheet:
            context |= affected_figures.before_and_after(preview.moved)
        else:
            context["differences"] = affected_figures.of_moving(preview.moved)
        title = f"{TITLES[table]}: {batch.file_name}"
        return self.own_page(request, "import_preview", title, context)

    def _in_words(self, preview: Preview, model: type[RecordedModel]) -> list[tuple]:
        """Return the first items of each kind, each with its changes as the desk says them."""
        desk: Any = self.admin_site.get_model_admin(model)
        return [
            (kind, label, [(one, [*map(desk.in_words, one.changes)]) for one in found])
            for kind, label in ((CHANGED, _("To change")), (ADDED, _("To add")))
            if (found := preview.first[kind])
        ]

    @staticmethod
    def _publishes(user, batch: Batch) -> bool:
        """Return whether it waits for the user, who did not send it, to publish it."""
        is_other = batch.applied_at is None and batch.by != user
        return bool(batch.digest) and is_other and user.has_perm("projects.review_project")

    def _apply(self, request, batch: Batch, reason: str):
        digest = request.POST.get("digest", "")
        publishes = self._publishes(request.user, batch)
        if publishes and "send_back" in request.POST:
            if reason == batch.reason:
                messages.error(request, SAY_WHAT)
                return redirect(request.path)
            batches.send_back(batch, request.user, reason)
            messages.success(request, _("%s is sent back.") % batch.file_name)
            return redirect("admin:index")
        try:
            shown = batches.preview(batch) if batch.sheet and not publishes else Preview()
            if shown.is_public:
                batches.send(batch, shown, digest, reason)
                return redirect(request.path)
            if refusal := self._refusal(request.user, batch, {}):
                raise Refused(refusal)
            _importer(batch).apply(batch, digest, request.user, reason)
        except Refused as error:
            self._log_refusal(request, batch.file_name, error)
            messages.error(request, str(error))
            return redirect(request.path)
        messages.success(request, _("The import is done."))
        return redirect("admin:projects_batch_change", batch.pk)

    @staticmethod
    def _refusal(user, batch: Batch, counts: Mapping[str, int]) -> str:
        """Return why somebody may not confirm a batch that writes these counts, "" if they may."""
        table = records.table_of(batch)
        return records.refusal(user, table, counts) if table else batches.refusal(user, batch)

    def _of_another(self, request, batch: Batch):
        """Show whose import it is, and offer to take it over; nothing of a POST is done."""
        if request.method == "POST":
            security.warning("permission_refused", extra={"request": request})
        status = 403 if request.method == "POST" else 200
        title = f"{_('Imports by others')}: {batch.file_name}"
        return self.own_page(request, "import_of_another", title, {"batch": batch}, status)

    @method_decorator(require_POST)
    def take_over_view(self, request, pk):
        batch = self._waiting(request, pk)
        if batch.by != request.user:
            detail = f"{batch}: {batch.by_name or '-'} -> {request.user.get_username()}"
            batches.take_over(batch, request.user)
            security.warning("import_taken_over", extra={"request": request, "detail": detail})
        return redirect("admin:projects_batch_preview", pk)

    def discard_view(self, request, pk):
        batch = self._waiting(request, pk)
        if batch.by != request.user:
            return self._of_another(request, batch)
        if request.method == "POST":
            security.warning("import_discarded", extra={"request": request, "detail": str(batch)})
            batch.delete()
            messages.success(request, _("“%s” is deleted.") % batch.file_name)
            return redirect("admin:index")
        title = f"{_('Discard')}: {batch.file_name}"
        return self.own_page(request, "import_discard", title, {"batch": batch})

    @staticmethod
    def _store_answer(request, batch: Batch) -> bool:
        """Store the request's answer to what the preview asked; return whether it has one."""
        if "ignore" in request.POST:
            asked = set(request.POST.getlist("ignore"))
            headings = _importer(batch).plan_of(batch).headings
            batch.options["ignored"] = [one for one in headings if one in asked]
        elif "add_unknown" in request.POST:
            batch.options["add_unknown"] = True
        else:
            return False
        batch.save(update_fields=["options"])
        return True

    def _waiting(self, request, pk) -> Batch:
        require(self.has_import_permission(request))
        batch = get_object_or_404(Batch, pk=pk, kind=Batch.Kind.IMPORT, applied_at=None)
        require(records.table_of(batch) in self._tables(request))
        return batch

    def _previewed(self, request, pk) -> Batch:
        batch = self._waiting(request, pk)
        if not batch.content:
            raise Http404
        return batch

    def changes_view(self, request, pk):
        batch = self._previewed(request, pk)
        table = records.table_of(batch)
        items: Iterable[Item]
        if table:
            items = chain(*records.preview(batch, most=MOST_RECORDS).first.values())
        else:
            items = batches.plan_of(batch).items()
        return _csv(f"changes-{pk}.csv", self._changes(items, table))

    def _changes(self, items: Iterable[Item], table: str) -> Iterator[tuple]:
        desk: Any = self.admin_site.get_model_admin(records.MODELS.get(table, Project))
        yield "row", "reference", "column", "now", "then"
        for item in items:
            if item.kind in (ADDED, CHANGED):
                for change in map(desk.in_words, item.changes):
                    yield item.row, item.reference, change.column, change.old, change.new

    def problems_view(self, request, pk):
        batch = self._previewed(request, pk)
        problems = [astuple(problem) for problem in _importer(batch).preview(batch).problems]
        return _csv(f"faults-{pk}.csv", [("row", "column", "value", "message"), *problems])

    def template_view(self, request, table: str = ""):
        """Return the workbook to send to entities, or that for statements, plans or reports."""
        require(table in self._tables(request))
        workbook = records.template(table) if table else import_template()
        name = f"pve-{table or 'projects'}-template.xlsx"
        return _file(HttpResponse(workbook, content_type=CONTENT_TYPES["xlsx"]), name)

    def undo_view(self, request, pk):
        require(self.has_undo_permission(request))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        batch = get_object_or_404(Batch, pk=pk)
        require(self.has_undo_permission(request, batch))
        form = ReasonForm(request.POST)
        try:
            if not form.is_valid():
                raise Refused(form.problem)
            rest = "rest" in request.POST
            undoing = batches.undo(batch, request.user, form.cleaned_data["reason"], rest)
        except Refused as error:
            messages.error(request, str(error))
            return redirect("admin:projects_batch_change", pk)
        messages.success(request, _("The import is undone."))
        return redirect("admin:projects_batch_change", undoing.pk)
