"""The history of all records at the desk: read and restored from; nobody edits it."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects import gate
from projects.evidence import attached, problem_of_restoring
from projects.history import Action, FieldChange, RecordedModel, Revision, recording, restore
from projects.models import Comment, Evidence, Project
from projects.places import queue_up

from ..models import Account
from . import affected_figures
from .attachments import removable
from .forms import UNSEEN, ReasonForm, last_revision, seen_by
from .lists import ListedLookupsAdmin, ReadOnly, desk_address
from .recorded import RecordedAdmin, held


class KindFilter(admin.RelatedOnlyFieldListFilter):
    """The changed kinds of records by name: content types have no order."""

    def field_choices(self, field, request, model_admin):
        kinds = super().field_choices(field, request, model_admin)
        return sorted(kinds, key=lambda kind: kind[1])


class RevisionAdmin(ReadOnly, ListedLookupsAdmin):
    list_display = ["at", "key", "content_type", "action", "by_name", "reason", "batch"]
    list_display_links = ["at", "key"]
    list_filter = ["action", ("content_type", KindFilter), "at"]
    search_fields = ["key", "reason", "by_name"]
    list_select_related = ["batch__undoes", "content_type"]
    fields = ["at", "key", "content_type", "action", "by_name", "reason", "batch"]
    list_per_page = 50
    show_full_result_count = False
    own_pages = [("<int:pk>/restore/", "restore_view", "projects_revision_restore")]

    def get_queryset(self, request):
        revisions = super().get_queryset(request)
        if request.user.has_perm("auth.view_user"):
            return revisions
        return revisions.exclude(content_type=ContentType.objects.get_for_model(Account))

    def lookup_allowed(self, lookup, value, request):
        # The page of a batch links to its changes.
        return lookup == "batch__id__exact" or super().lookup_allowed(lookup, value, request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        revision = self.get_object(request, unquote(object_id))
        extra = {"revision": revision, "may_restore": revision and self._may(request, revision)}
        if revision:
            extra["seen"] = revision.of_its_record.last().pk
            extra["changes"] = self._changes(revision)
            extra["affected"] = _affected(revision)
            # The reason that was typed before a version was refused.
            extra["field"] = ReasonForm(initial={"reason": request.GET.get("reason", "")})["reason"]
            if revision.record_model is Project:
                # A deleted entry has no other page for these.
                key = revision.object_id
                extra["comments"] = Comment.objects.by_project([key])[key]
                if request.user.has_perm("projects.view_evidence"):
                    extra["evidence"] = files = attached([key])[key]
                    extra["removable"] = removable(request.user, files)
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    @method_decorator(require_POST)
    def restore_view(self, request, pk):
        """Restore the version after this revision, or before it if `side` is old."""
        revision = get_object_or_404(Revision, pk=pk)
        model = revision.record_model
        if model is None or not self._may(request, revision):
            raise PermissionDenied
        back = f"{desk_address(Revision, 'change', pk)}?{_typed(request)}"
        deleted = revision.action == Action.DELETED
        snapshot = revision.old if deleted or request.POST.get("side") == "old" else revision.new
        form = ReasonForm(request.POST)
        try:
            if not form.is_valid():
                raise ValidationError(form.problem)
            if snapshot is None:
                raise ValidationError(_("There is no version before it was added."))
            problem = problem_of_restoring(revision, snapshot) if model is Project else ""
            if problem:
                raise ValidationError(problem)
            if "is_basis" in snapshot:
                # No version of a report makes it the basis: that is a batch, which waits.
                present = model._base_manager.filter(pk=revision.object_id).first()
                snapshot = {**snapshot, "is_basis": bool(present and present.is_basis)}
            with recording(by=request.user, reason=form.cleaned_data["reason"]) as recorder:
                recorder.check = gate.check
                if model.is_derived_from:
                    queue_up()  # before a row is locked
                record = restore(model, revision.object_id, snapshot)
                # The revision of the restoring is written when this block ends.
                last = last_revision(record)
                if last > seen_by(request, last):
                    raise ValidationError(UNSEEN)
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return redirect(back)
        except IntegrityError:
            messages.error(request, UNSEEN)
            return redirect(back)
        except gate.Waits as waits:
            return held(request, waits, form.cleaned_data["reason"])
        messages.success(request, _("“%s” was restored.") % record)
        return redirect(desk_address(model, "change", record.pk))

    def _changes(self, revision: Revision) -> list[FieldChange]:
        model = revision.record_model
        if not model or not self.admin_site.is_registered(model):
            return revision.changes
        desk = self.admin_site.get_model_admin(model)
        if not isinstance(desk, RecordedAdmin):
            return revision.changes
        return [desk.in_words(change) for change in revision.changes]

    def _may(self, request, revision: Revision) -> bool:
        """Return whether the user may change the record, or add it if it was deleted."""
        model = revision.record_model
        if model is None or not issubclass(model, RecordedModel):
            return False  # a former model; or accounts, whose former rights are not restored
        if model is Evidence:
            return False  # its bytes were deleted, or are still attached
        desk = self.admin_site.get_model_admin(model)
        record = model._base_manager.filter(pk=revision.object_id).first()
        if record is None:
            return desk.has_add_permission(request)
        return desk.has_change_permission(request, record)


def _typed(request) -> str:
    """Return a query that fills the form in again."""
    typed = {name: request.POST.get(name, "")[:300] for name in ("side", "reason")}
    # An address cannot have the control characters that the form refused.
    return urlencode({name: "".join(filter(str.isprintable, text)) for name, text in typed.items()})


def _affected(revision: Revision) -> list[tuple[str, str, list[str]]]:
    """Return (version, error, affected figures) where restoring a version has any of these."""
    if revision.record_model is not Project:
        return []
    versions = [(_("After this change"), revision.new), (_("Before this change"), revision.old)]
    found = []
    for label, snapshot in versions:
        if snapshot is not None:
            problem = problem_of_restoring(revision, snapshot)
            figures = affected_figures.of_restoring(revision.object_id, snapshot)
            if problem or figures:
                found.append((label, problem, figures))
    return found
