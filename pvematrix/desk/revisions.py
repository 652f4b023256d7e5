"""The history of all records at the desk: read and restored from; nobody edits it."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from projects import gate
from projects.evidence import problem_of_restoring
from projects.history import Action, FieldChange, RecordedModel, Revision, recording, restore
from projects.locks import queue_up
from projects.models import Batch, Comment, Evidence, Project

from ..models import Account
from . import affected_figures
from .attachments import removable
from .forms import UNSEEN, Extra, ReasonForm, last_revision, seen_by
from .lists import ListedLookupsAdmin, ReadOnly, desk_address, done, refused
from .recorded import RecordedAdmin, held

# The parameters of what was imported, or saved, at once: the list has its revisions one by one.
OF_BATCH, OF_MOMENT = "batch__id__exact", "at"
# How many imports there are to choose from; the search finds all by their file.
IMPORTS_NAMED = 10
# What `acts` counts of a revision that nothing else was saved with.
ALONE = {"number": 1, "kinds": 1, "actions": 1}


class ByPerson(admin.SimpleListFilter):
    title = gettext_lazy("person")
    parameter_name = "by_name"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        named = model_admin.get_queryset(request).exclude(by_name="").order_by("by_name")
        return [(one, one) for one in named.values_list("by_name", flat=True).distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(by_name=self.value()) if self.value() else queryset


class ByImport(admin.RelatedFieldListFilter):
    include_empty_choice = False

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        done = Batch.objects.exclude(applied_at=None).select_related("undoes")
        return [(one.pk, str(one)) for one in done[:IMPORTS_NAMED]]


class ByKind(admin.RelatedFieldListFilter):
    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        there = model_admin.get_queryset(request).order_by().values("content_type")
        kinds = ((one.pk, _name(one)) for one in ContentType.objects.filter(pk__in=there))
        return sorted(kinds, key=lambda kind: kind[1])


class ActsList(ChangeList):
    """A list with one line for what was imported, or saved, at once."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        found: Any = super().get_queryset(request, exclude_parameters)
        is_of_one = not {OF_BATCH, OF_MOMENT}.isdisjoint(self.params)
        self.acts = found.none().acts() if is_of_one else found.acts()
        return found if is_of_one else found.filter(pk__in=self.acts.values("last"))

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        shown = self.acts.filter(last__in=[one.pk for one in self.result_list])
        acts = {one["last"]: one for one in shown}
        for one in self.result_list:
            one.act = acts.get(one.pk, ALONE)

    def url_for_result(self, result: Any) -> str:
        if result.act["number"] == 1:
            return super().url_for_result(result)
        of_it = {OF_BATCH: result.batch_id} if result.batch_id else {OF_MOMENT: result.at}
        return self.get_query_string(of_it, [PAGE_VAR])


class RevisionAdmin(ReadOnly, ListedLookupsAdmin):
    list_display = ["at", "record", "kind", "done", "by_name", "reason", "batch"]
    list_display_links = ["at", "record"]
    list_filter = [ByPerson, "at", ("batch", ByImport), "action", ("content_type", ByKind)]
    # Django would add them to the address of the revisions of an import.
    preserve_filters = False
    search_fields = ["key", "reason", "by_name", "batch__file_name"]
    list_select_related = ["batch__undoes", "content_type"]
    fields = ["at", "key", "kind", "action", "by_name", "reason", "batch"]
    list_per_page = 50
    show_full_result_count = False
    own_pages = [("<int:pk>/restore/", "restore_view", "projects_revision_restore")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        revisions = super().get_queryset(request)
        if request.user.has_perm("auth.view_user"):
            return revisions
        return revisions.exclude(content_type=ContentType.objects.get_for_model(Account))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ActsList]:
        return ActsList

    @admin.display(description=gettext_lazy("reference"), ordering="key")
    def record(self, revision: Any) -> str:
        number = revision.act["number"]
        return revision.key if number == 1 else _("%d records") % number

    @admin.display(description=gettext_lazy("kind of record"), ordering="content_type")
    def kind(self, revision: Any) -> str | None:
        is_one = getattr(revision, "act", ALONE)["kinds"] == 1
        return _name(revision.content_type) if is_one else None

    @admin.display(description=gettext_lazy("action"), ordering="action")
    def done(self, revision: Any) -> str | None:
        return revision.get_action_display() if revision.act["actions"] == 1 else None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Extra = None
    ) -> HttpResponse:
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
                    extra["evidence"] = files = Evidence.objects.by_project([key])[key]
                    extra["removable"] = removable(request.user, files)
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    @method_decorator(require_POST)
    def restore_view(self, request: HttpRequest, pk: int) -> HttpResponse:
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
            reason = form.cleaned_data["reason"]
            with recording(by=request.user, reason=reason, check=gate.check):
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
            return refused(request, UNSEEN, back)
        except gate.Waits as waits:
            return held(request, waits, form.cleaned_data["reason"])
        to = desk_address(model, "change", record.pk)
        return done(request, _("“%s” was restored.") % record, to)

    def _changes(self, revision: Revision) -> list[FieldChange]:
        model = revision.record_model
        known = model and self.admin_site.is_registered(model)
        desk = self.admin_site.get_model_admin(model) if model and known else None
        in_words = desk.in_words if isinstance(desk, RecordedAdmin) else lambda change: change
        return [in_words(change) for change in revision.changes]

    def _may(self, request: HttpRequest, revision: Revision) -> bool:
        """Return whether the user may change the record, or add it if it was deleted."""
        model = revision.record_model
        # A former model; accounts, whose former rights are not restored; files, whose bytes were
        # deleted, or are still attached.
        if model is None or not issubclass(model, RecordedModel) or model is Evidence:
            return False
        desk = self.admin_site.get_model_admin(model)
        record = model._base_manager.filter(pk=revision.object_id).first()
        if record is None:
            return desk.has_add_permission(request)
        return desk.has_change_permission(request, record)


def _name(kind: ContentType) -> str:
    """Return what the desk calls a kind of record."""
    return capfirst(str(Account._meta.verbose_name if kind.model_class() is User else kind.name))


def _typed(request: HttpRequest) -> str:
    """Return a query that fills the form in again."""
    typed = {name: request.POST.get(name, "")[:300] for name in ("side", "reason")}
    # An address cannot have the control characters that the form refused.
    return urlencode({name: "".join(filter(str.isprintable, text)) for name, text in typed.items()})


def _affected(revision: Revision) -> list[tuple[str, str, list[str]]]:
    """Return (version, error, affected figures) where restoring a version has any of these."""
    if revision.record_model is not Project:
        return []
    versions = [(_("After this change"), revision.new), (_("Before this change"), revision.old)]
    affected = []
    for label, snapshot in versions:
        if snapshot is not None:
            problem = problem_of_restoring(revision, snapshot)
            figures = affected_figures.of_restoring(revision.object_id, snapshot)
            if problem or figures:
                affected.append((label, problem, figures))
    return affected
