"""Comments on entries, and files with their sources: staff see them, the public does not."""

import logging
from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from projects.evidence import (
    KEPT,
    LARGEST,
    LONGEST_NAME,
    attach,
    detach,
    known_sources,
    to_name,
)
from projects.history import Revision, signed
from projects.models import Comment, Evidence, EvidenceFile, Project
from projects.text import plain_newlines, validate_plain_text

from .forms import LineField, ReasonForm, takes_file
from .lists import done, refused, require
from .recorded import RecordedAdmin

security = logging.getLogger("pvematrix.security")
LONGEST_COMMENT = 1000
# The pages of an entry that show its comments.
PAGES = [(name, name) for name in ("change", "history", "review", "comments")]


class LinesField(forms.CharField):
    """A text of several lines; browsers send two characters for a line break, and count one."""

    def to_python(self, value: Any) -> str:
        return plain_newlines(super().to_python(value) or "")


class CommentForm(forms.Form):
    """A comment; `page` is the page on which it was written."""

    text = LinesField(
        label=_("Add a comment"),
        max_length=LONGEST_COMMENT,
        validators=[validate_plain_text],
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=_("Staff see it, the public does not. It cannot be changed."),
        error_messages={"required": _("Write the comment.")},
    )
    # The form of files on the same page has an "id_page" too.
    page = forms.ChoiceField(
        choices=PAGES, widget=forms.HiddenInput(attrs={"id": "id_comment_page"})
    )


class EvidenceForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A PDF of at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"empty": _("The file is empty.")},
    )
    name = LineField(
        label=_("Name of the document"),
        required=False,
        max_length=LONGEST_NAME - 4,
        help_text=_("Once the source names it, the public sees it. Empty: that of the file."),
    )
    page = LineField(label=_("Page"), required=False, max_length=40)


def removable(user: Any, files: Collection[Evidence]) -> set[int]:
    """Return the keys of the files that the user may remove: at least those they attached."""
    if user.has_perm("projects.delete_evidence"):
        return {one.pk for one in files}
    attaches = user.has_perm("projects.add_evidence")
    return {one.pk for one in files if attaches and one.by_id == user.pk}


def may_attach(request: HttpRequest, what: str, project: Project) -> bool:
    """Return whether the user may add to an entry; nothing is added to a placeholder."""
    return not project.is_counted and request.user.has_perm(f"projects.add_{what}")


def comments_context(request: HttpRequest, project: Project, page: str) -> dict[str, Any]:
    key, may_comment = project.pk, may_attach(request, "comment", project)
    form = CommentForm(initial={"page": page}) if may_comment else None
    return {"comments": Comment.objects.by_project([key])[key], "comment_form": form}


class AttachmentsAdmin(RecordedAdmin):
    own_pages = [
        ("<int:pk>/comments/", "comments_view", "projects_project_comments"),
        ("<int:pk>/evidence/", "evidence_view", "projects_project_evidence"),
        ("evidence/<int:pk>/file/", "file_view", "projects_evidence_file"),
        ("evidence/<int:pk>/take-away/", "remove_view", "projects_evidence_take_away"),
    ]

    def has_file_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("projects.view_evidence")

    def files_context(self, request: HttpRequest, project: Project) -> dict[str, Any]:
        if not self.has_file_permission(request):
            return {}
        files = Evidence.objects.by_project([project.pk])[project.pk]
        # What the source names already, if it does.
        name = {"name": project.source.rpartition(f", {KEPT}")[0]}
        form = EvidenceForm(initial=name) if may_attach(request, "evidence", project) else None
        removes = removable(request.user, files)
        return {"evidence": files, "removable": removes, "evidence_form": form}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if project := kwargs.get("obj"):
            context |= self.files_context(request, project)
            context |= comments_context(request, project, "change")
        return super().render_change_form(request, context, *args, **kwargs)

    def versions_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        context = super().versions_context(request, record)
        context |= comments_context(request, record, "history")
        if self.has_file_permission(request):
            context["of_files"] = Revision.objects.of_model(Evidence).of_keys([record.reference])
        return context

    def comments_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the comments on an entry; a POST adds one, and returns to its page."""
        project = self.record_to_see(request, pk)
        context = comments_context(request, project, "comments")
        if request.method == "POST":
            require(may_attach(request, "comment", project))
            context["comment_form"] = form = CommentForm(request.POST)
            if form.is_valid():
                Comment.objects.create(
                    project=project,
                    reference=project.reference,
                    text=form.cleaned_data["text"],
                    **signed(request.user),
                )
                to = f"admin:projects_project_{form.cleaned_data['page']}"
                return done(request, _("Your comment is saved."), to, project.pk)
        context["original"] = project
        return self.own_page(request, "comments", _("Comments"), context)

    # Exempt only until the size is checked: `_evidence` checks the token.
    @method_decorator(csrf_exempt)
    def evidence_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        project = self.record_to_see(request, pk)
        require(self.has_file_permission(request))
        if request.method == "POST":
            require(may_attach(request, "evidence", project))
            if not takes_file(request, LARGEST):
                problem = str(_("The file is larger than 20 MB."))
                self._log_refusal(request, project, problem)
                messages.error(request, problem)
                return self._evidence_page(request, project, status=413)
        return self._evidence(request, project)

    @method_decorator(csrf_protect)
    def _evidence(self, request: HttpRequest, project: Project) -> HttpResponse:
        if request.method != "POST":
            return self._evidence_page(request, project)
        form = EvidenceForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                file, name, page = (form.cleaned_data[one] for one in ("file", "name", "page"))
                made = attach(project, name or file.name, file, page, request.user)
            except ValidationError as error:
                self._log_refusal(request, project, error.messages[0])
                form.add_error("file", error)
            else:
                messages.success(request, _("“%s” is attached.") % made.name)
                if not known_sources().are_own(project.source, project.link, [made.document]):
                    messages.info(request, to_name(made.document))
                return redirect("admin:projects_project_change", project.pk)
        return self._evidence_page(request, project, form, status=400)

    def _log_refusal(self, request: HttpRequest, project: Project, problem: str) -> None:
        detail = f"{project.reference}: {problem}"
        security.warning("file_refused", extra={"request": request, "detail": detail})

    def _evidence_page(
        self,
        request: HttpRequest,
        project: Project,
        form: EvidenceForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = self.files_context(request, project)
        if form is not None:
            context["evidence_form"] = form
        context["original"] = project
        return self.own_page(request, "evidence", _("Files"), context, status)

    @method_decorator(require_safe)
    def file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return the file as a download, which no browser shows or runs."""
        require(self.has_file_permission(request))
        evidence = get_object_or_404(Evidence, pk=pk)
        stored = get_object_or_404(EvidenceFile, sha256=evidence.file_id)
        security.info("file_given", extra={"request": request, "detail": str(evidence)})
        response = HttpResponse(bytes(stored.content), content_type="application/pdf")
        response["Content-Disposition"] = content_disposition_header(True, evidence.name)
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["X-Content-Type-Options"] = "nosniff"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask why a file is removed from its entry; a POST with the reason removes it."""
        require(self.has_file_permission(request))
        evidence = get_object_or_404(Evidence, pk=pk)
        require(bool(removable(request.user, [evidence])))
        form = ReasonForm(request.POST if request.method == "POST" else None)
        project = Project.live.filter(pk=evidence.project_id).first()
        if form.is_valid():
            try:
                detach(evidence, request.user, form.cleaned_data["reason"])
            except ValidationError as error:
                return refused(request, error.messages[0], request.path)
            to = ("admin:projects_project_change", project.pk) if project else ("admin:index",)
            return done(request, _("“%s” is removed.") % evidence.name, *to)
        context = {"original": project, "one": evidence, "field": form["reason"]}
        return self.own_page(request, "take_away", _("Remove the file"), context)
