"""The admin of recorded models: reasons, conflicts, versions."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import label_for_field, unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.forms import Textarea, TextInput
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from projects import gate
from projects.columns import QUOTABLE, QUOTATIONS
from projects.history import Action, FieldChange, RecordedModel, Revision, open_recorder, recording
from projects.imports.batches import hold_changes
from projects.locks import queue_up

from .conflicts import carried, find_conflicts, form_values, merged
from .forms import UNSEEN, Extra, ReasonForm, RecordedForm, last_revision, seen_by
from .lists import ListedLookupsAdmin, done, refused, require


def held(request: HttpRequest, waits: gate.Waits, reason: str, **options: Any) -> HttpResponse:
    """Keep a change that was rolled back as a batch that waits, and redirect to its preview."""
    # What the page has to say of it is not true: nothing was saved.
    for _said in messages.get_messages(request):
        pass
    batch = hold_changes(waits.changes, request.user, reason, **options)
    text = _("It is sent to a second person, who publishes it.")
    return done(request, text, "admin:projects_batch_preview", batch.pk)


class RecordedAdmin(ListedLookupsAdmin):
    """Records changes with reasons, prevents overwriting, and shows versions.

    `column_fields` maps a column of snapshots to the form's fields, where they differ.
    `permanent_fields` can be set only once.
    """

    form = RecordedForm
    column_fields: dict[str, list[str]] = {}
    permanent_fields: tuple[str, ...] = ()

    def record_to_see(self, request: HttpRequest, pk: int) -> Any:
        """Return the record; raises an error where there is none, or the user may not see it."""
        record = self.get_object(request, str(pk))
        require(self.has_view_or_change_permission(request, record))
        if record is None:
            raise Http404
        return record

    def moves_places(self, request: HttpRequest, record: Any) -> bool:
        """Return whether a form that was sent may change what placeholders are derived from."""
        return isinstance(record, RecordedModel) and record.is_derived_from

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        records: Any = super().get_queryset(request)
        return records.with_seen()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*self.readonly_fields, *(self.permanent_fields if obj else ())]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else self.prepopulated_fields

    def changelist_view(self, request: HttpRequest, extra_context: Extra = None) -> HttpResponse:
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        try:
            with recording(by=request.user, check=gate.check) as recorder:
                return super().changelist_view(request, extra_context)
        except gate.Waits as waits:
            return held(request, waits, recorder.reason)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        try:
            return self._guarded_changeform(request, *args, **kwargs)
        except IntegrityError:
            # Another request saved the same reference at the same moment: now the form reports it.
            return self._guarded_changeform(request, *args, **kwargs)

    def held_with(self, request: HttpRequest) -> dict[str, Any]:
        """Return what is kept with a change that waits for a second person."""
        return {}

    def _guarded_changeform(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with recording(by=request.user, check=gate.check) as recorder:
                object_id = unquote(args[0]) if args and args[0] else ""
                if object_id and (instead := self._instead_of_form(request, object_id)):
                    return instead
                return super().changeform_view(request, *args, **kwargs)
        except gate.Waits as waits:
            return held(request, waits, recorder.reason, **self.held_with(request))

    def _instead_of_form(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        # The stubs want the immutable one that Django made.
        request.POST = merged(request.POST, self.column_fields)  # type: ignore[assignment]
        record = self.get_object(request, object_id)
        if record is None:
            return self._gone_response(request, object_id)
        if self.moves_places(request, record):
            queue_up()  # before a row is locked
        return self._conflict_response(request, record)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        open_recorder().reason = form.cleaned_data.get("reason", "")
        return super().save_form(request, form, change)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Extra = None
    ) -> HttpResponse:
        if request.method != "POST":
            record = self.get_object(request, unquote(object_id))
            extra = {"seen": record.seen if record else 0} | (extra_context or {})
            return super().delete_view(request, object_id, extra)
        form = ReasonForm(request.POST)
        problem = "" if form.is_valid() else form.problem
        try:
            return self._delete(request, object_id, form, problem, extra_context)
        except ValidationError as error:
            return refused(request, error.messages[0], request.get_full_path())

    def _delete(
        self, request: HttpRequest, object_id: str, form: ReasonForm, problem: str, extra: Extra
    ) -> HttpResponse:
        reason = form.cleaned_data.get("reason", "")
        with recording(by=request.user, reason=reason, check=gate.check):
            record = self.get_object(request, unquote(object_id))
            if record and self.has_delete_permission(request, record):
                if self.moves_places(request, record):
                    queue_up()
                # Locked until the end of the request.
                list(type(record)._base_manager.select_for_update().filter(pk=record.pk))
                last = last_revision(record)
                if last > seen_by(request, last):
                    problem = str(UNSEEN)
                if problem:
                    return refused(request, problem, request.get_full_path())
            return super().delete_view(request, object_id, extra)

    def _gone_response(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """Return a page with the text typed about a deleted record, None if there was none."""
        if not self.has_change_permission(request):
            return None
        deleted = Revision.objects.of_model(self.model).filter(
            object_id=int(object_id) if object_id.isdecimal() else 0,
            action=Action.DELETED,
        )
        last = deleted.order_by("pk").last()
        if last is None:
            return None  # there never was one: Django reports that
        sets = [
            formset(request.POST, prefix=formset.get_default_prefix())
            for formset, _inline in self.get_formsets_with_inlines(request)
        ]
        forms = [self.get_form(request)(request.POST), *(one for each in sets for one in each)]
        typed = [
            (field.label, field.data)
            for form in forms
            for field in form
            if isinstance(field.field.widget, (TextInput, Textarea)) and field.data
        ]
        title = _("Somebody deleted this meanwhile")
        may_bring_back = request.user.has_perm("projects.view_revision")
        context = {"last": last, "typed": typed, "may_bring_back": may_bring_back}
        return self.own_page(request, "gone", title, context, 410)

    def _conflict_response(self, request: HttpRequest, record: Any) -> HttpResponse | None:
        if not self.has_change_permission(request, record):
            return None
        # Locked until the end of the request.
        record = type(record)._base_manager.select_for_update().filter(pk=record.pk).first()
        if record is None:
            return None
        last = last_revision(record)
        seen = seen_by(request, last)
        if seen == last:
            return None
        later = list(Revision.objects.of(record).filter(pk__gt=seen))
        stored = type(record)._base_manager.get(pk=record.pk)
        form = self.get_form(request, record, change=True)(
            request.POST, request.FILES, instance=stored
        )
        # The form shows its errors first.
        conflicts = form.is_valid() and find_conflicts(record, form, later, self.label_of)
        if not conflicts:
            return None
        names = [f for c in conflicts for f in self.column_fields.get(c.column, [c.column])]
        context = {
            "original": record,
            "conflicts": conflicts,
            "last": later[-1],
            "carried": carried(request.POST),
            "theirs": [(f"theirs-{n}", v) for n in names for v in form_values(record, n)],
        }
        title = _("Somebody changed this meanwhile")
        return self.own_page(request, "conflict", title, context, 409)

    def label_of(self, column: str) -> str:
        if column in self.column_fields:
            return capfirst(column)
        return capfirst(str(label_for_field(column, self.model)))

    def in_words(self, change: FieldChange) -> FieldChange:
        """Return a change with the labels of its column and of its slugs."""
        name, _dot, field = change.column.partition(".")
        if name == QUOTATIONS.name and field in QUOTABLE:
            label = f"{_('Words')}: {QUOTABLE[field]}"
        elif name in self.model.snapshot_columns():
            label = self.label_of(name)
        else:
            label = change.column  # the model had it once
        column = self.model.table.by_name.get(name) if self.model.table else None
        # The labels of columns that no table has, e.g. "review", are those of the field.
        stored = {one.name: one for one in self.model._meta.fields}.get(name)
        labels = dict(stored.flatchoices) if stored else {}
        words = column.words if column else lambda one: str(labels.get(one, one))
        return FieldChange(label, words(change.old), words(change.new))

    # Versions

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Extra = None
    ) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return super().history_view(request, object_id, extra_context)
        require(self.has_view_or_change_permission(request, record))
        revisions = list(Revision.objects.of(record).select_related("batch", "objection"))
        context = {
            "original": record,
            "versions": [
                (one, [self.in_words(change) for change in one.changes]) for one in revisions[::-1]
            ],
            "first": revisions[0] if revisions and revisions[0].old is not None else None,
            "may_restore": self.has_change_permission(request, record),
            **self.versions_context(request, record),
        }
        return self.own_page(request, "versions", f"{_('History')}: {record}", context)

    def versions_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """Return what else the page of versions shows."""
        return {}
