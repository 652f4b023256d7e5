"""Imports at the desk: upload, preview, confirm, undo."""

import logging
from collections.abc import Callable
from dataclasses import astuple
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.core.validators import FileExtensionValidator
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from projects.exports import write_lines
from projects.imports.annex import Annex
from projects.imports.batches import ITEMS_SHOWN, apply, plan_of, preview, undo, upload
from projects.imports.files import EXTENSIONS
from projects.imports.lines import Refused
from projects.imports.plan import ADDED, CHANGED
from projects.imports.sandbox import Columns
from projects.imports.template import import_template
from projects.models import Batch
from projects.pages import CONTENT_TYPES

from . import stakes
from .annex import AnnexAdmin
from .forms import ReasonForm

security = logging.getLogger("pvematrix.security")
# What a form's other fields and the marks between them take at most.
_FORM_AROUND_FILE = 100_000


class UploadForm(forms.Form):
    """A file, and which of its rows are wanted."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV (UTF-8) or XLSX. With other columns than those of an export, you say on the next "
            "page what they are."
        ),
        validators=[FileExtensionValidator(EXTENSIONS)],
        widget=forms.FileInput(attrs={"accept": ",".join(f".{one}" for one in EXTENSIONS)}),
    )
    mapped = forms.BooleanField(
        label=gettext_lazy("Say what its columns are, even if they look like the register’s"),
        required=False,
    )
    only = forms.ChoiceField(
        label=gettext_lazy("Rows"),
        required=False,
        choices=[
            ("", gettext_lazy("Add new projects and change those there are")),
            (ADDED, gettext_lazy("Only add new projects")),
            (CHANGED, gettext_lazy("Only change projects there are")),
        ],
    )


class BatchAdmin(AnnexAdmin):
    """Imports, and what became of them."""

    list_display = ["__str__", "at", "by_name", "reason", "added", "changed", "deleted"]
    list_filter = ["kind", "at"]
    fields = ["kind", "file_name", "reason", "at", "by_name", "added", "changed", "deleted"]

    def get_queryset(self, request):
        batches = super().get_queryset(request).exclude(applied_at=None)
        return batches.defer("content", "sheet").select_related("undoes", "undone_by")

    def has_import_permission(self, request) -> bool:
        """Return whether the user may import."""
        return request.user.has_perm("projects.import_projects")

    def has_undo_permission(self, request) -> bool:
        """Return whether the user may undo an import."""
        return request.user.has_perm("projects.undo_batch")

    def get_urls(self):
        roads: list[tuple[str, Callable[..., HttpResponseBase], str]] = [
            ("import/", self.upload_view, "projects_batch_import"),
            ("import/template.xlsx", self.template_view, "projects_batch_template"),
            ("<int:pk>/preview/", self.preview_view, "projects_batch_preview"),
            ("<int:pk>/faults.csv", self.faults_view, "projects_batch_faults"),
            ("<int:pk>/undo/", self.undo_view, "projects_batch_undo"),
        ]
        return [
            *(path(road, self.admin_site.admin_view(view), name=n) for road, view, n in roads),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        extra = {"may_import": self.has_import_permission(request)}
        return super().changelist_view(request, extra | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        batch = self.get_object(request, unquote(object_id))
        undoable = batch and batch.kind == Batch.Kind.IMPORT and not hasattr(batch, "undone_by")
        may_undo = undoable and self.has_undo_permission(request)
        extra = {"may_undo": may_undo, "batch": batch}
        if batch and may_undo:
            extra["differences"] = stakes.of_undoing(batch)
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def _page(self, request, template: str, context: dict, status: int = 200):
        common = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, template, common | context, status=status)

    def _allow(self, allowed: bool) -> None:
        if not allowed:
            raise PermissionDenied

    def _refused(self, request, name: str, error: Refused) -> None:
        security.warning("import_refused", extra={"request": request, "detail": f"{name}: {error}"})

    # Exempt only until it is known whether a file is taken: `_upload` looks at the token.
    @method_decorator(csrf_exempt)
    def upload_view(self, request):
        """Take a file of those who may import, if it is not too large, before anything is read."""
        self._allow(self.has_import_permission(request))
        most = settings.IMPORT_LIMITS["bytes"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > most + _FORM_AROUND_FILE:
            error = Refused(_("The file has more than the %d bytes that are allowed.") % most)
            self._refused(request, "", error)
            messages.error(request, str(error))
            return self._upload_page(request, UploadForm(), status=413)
        request.upload_handlers = [TemporaryFileUploadHandler(request)]
        return self._upload(request)

    @method_decorator(csrf_protect)
    def _upload(self, request):
        """Lead a file to its preview; a file that is refused is named, with the reason."""
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                options: dict[str, Any] = {"only": form.cleaned_data["only"] or None, "ignored": []}
                columns = Columns.MAPPED if form.cleaned_data["mapped"] else Columns.ANY
                batch = upload(file.name, file, options, request.user, columns)
                step = "map" if batch.sheet else "preview"
                return redirect(f"admin:projects_batch_{step}", batch.pk)
            except Refused as error:
                self._refused(request, file.name, error)
                form.add_error("file", str(error))
        return self._upload_page(request, form, status=400 if form.errors else 200)

    def _upload_page(self, request, form: UploadForm, status: int):
        context = {"form": form, "title": _("Import projects")}
        return self._page(request, "admin/import_upload.html", context, status)

    def preview_view(self, request, pk):
        """Show what the batch would do; a POST with the digest of what was shown does it."""
        self._allow(self.has_import_permission(request))
        batch = get_object_or_404(Batch, pk=pk, kind=Batch.Kind.IMPORT)
        if batch.applied_at:
            messages.error(request, _("This import was confirmed already."))
            return redirect("admin:projects_batch_change", pk)
        if batch.sheet and not Annex(batch).is_matched:
            if batch.content:
                text = _("The register changed since the rows were matched. Look at them again.")
                messages.warning(request, text)
            return redirect("admin:projects_batch_match", pk)
        if request.method == "POST" and self._answers(request, batch):
            return redirect(request.path)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                apply(batch, request.POST.get("digest", ""), request.user, reason)
            except Refused as error:
                self._refused(request, batch.file_name, error)
                messages.error(request, str(error))
                return redirect(request.path)
            messages.success(request, _("The import is done."))
            return redirect("admin:projects_batch_change", pk)
        shown = preview(batch)
        context = {
            "title": _("Preview of “%s”") % batch.file_name,
            "batch": batch,
            "form": form,
            "shown": ITEMS_SHOWN,
            "preview": shown,
            "differences": stakes.of_moving(shown.moved),
        }
        return self._page(request, "admin/import_preview.html", context)

    @staticmethod
    def _answers(request, batch: Batch) -> bool:
        """Return whether the request answers what the preview asked; the answer is kept."""
        if "ignore" in request.POST:
            asked = set(request.POST.getlist("ignore"))
            batch.options["ignored"] = [h for h in plan_of(batch).unknown if h in asked]
        elif "add_unknown" in request.POST:
            batch.options["add_unknown"] = True
        else:
            return False
        batch.save(update_fields=["options"])
        return True

    def faults_view(self, request, pk):
        """Return all faults of a waiting batch as CSV."""
        self._allow(self.has_import_permission(request))
        batch = get_object_or_404(Batch, pk=pk, kind=Batch.Kind.IMPORT, applied_at=None)
        if not batch.content:
            raise Http404
        faults = [astuple(fault) for fault in preview(batch).faults]
        lines = write_lines([("row", "column", "value", "message"), *faults])
        response = HttpResponse(b"".join(lines), content_type=CONTENT_TYPES["csv"])
        response["Content-Disposition"] = f'attachment; filename="faults-{pk}.csv"'
        return response

    def template_view(self, request):
        """Return the workbook to send to entities."""
        self._allow(self.has_import_permission(request))
        response = HttpResponse(import_template(), content_type=CONTENT_TYPES["xlsx"])
        response["Content-Disposition"] = 'attachment; filename="pve-projects-template.xlsx"'
        return response

    def undo_view(self, request, pk):
        """Undo an import as a whole."""
        self._allow(self.has_undo_permission(request))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        batch = get_object_or_404(Batch, pk=pk)
        form = ReasonForm(request.POST)
        if not form.is_valid():
            messages.error(request, form.fault)
            return redirect("admin:projects_batch_change", pk)
        try:
            undoing = undo(batch, request.user, form.cleaned_data["reason"])
        except Refused as error:
            messages.error(request, str(error))
            return redirect("admin:projects_batch_change", pk)
        messages.success(request, _("The import is undone, as a whole."))
        return redirect(reverse("admin:projects_batch_change", args=[undoing.pk]))
