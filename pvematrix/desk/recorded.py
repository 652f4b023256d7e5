"""What every desk shares: changes are kept with their reason, and nobody overwrites unseen.

A form carries the number of the last revision that it shows. If another one came in between,
saving leads to a page with both values, to be merged field by field.
"""

from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.history.recorder import FieldChange, Revision, differences, recording, text_of
from projects.text import validate_plain_text

THEIRS, MINE = "theirs", "mine"
UNSEEN = gettext_lazy("Somebody changed it since this page was opened. Look at it again.")
# Fields of forms that are no values of the record.
ASKED = ("reason", "seen", "save_anyway")


class RecordedForm(forms.ModelForm):
    """Asks why, and carries which revision of the record it shows.

    `reason_for` names the fields that cannot be changed without a reason.
    """

    reason_for: frozenset[str] = frozenset()

    reason = forms.CharField(
        label=gettext_lazy("Reason for the change"),
        required=False,
        max_length=300,
        validators=[validate_plain_text],
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "Kept with the change, and public for projects. Needed when a classification changes."
        ),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = getattr(self.instance, "seen", 0)

    @cached_property
    def changed_data(self):
        return [name for name in super().changed_data if name not in ASKED]

    def clean(self):
        cleaned = super().clean()
        needed = bool(self.instance.pk and self.reason_for.intersection(self.changed_data))
        if needed and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("Say why the classification changes."))
        return cleaned


class ReasonForm(forms.Form):
    """Why it is done: kept with every change."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        validators=[validate_plain_text],
        error_messages={"required": gettext_lazy("Say why: the reason is kept.")},
    )

    @property
    def fault(self) -> str:
        """What is wrong with the reason, empty if nothing is."""
        return " ".join(self.errors.get("reason", []))


def last_revision(record) -> int:
    """Return the number of the record's last revision, 0 without any."""
    return Revision.objects.of(record).values_list("pk", flat=True).last() or 0


def seen_by(request, name: str = "seen") -> int:
    """Return the number of the last revision that the submitted page showed, 0 if it is unsaid."""
    shown = request.POST.get(name, "")
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 19 else 0


@dataclass(frozen=True)
class Conflict:
    """A column that somebody else changed meanwhile, and that is about to be set otherwise."""

    column: str
    label: str
    before: str
    theirs: str
    mine: str
    revision: Revision

    @property
    def keep_theirs(self) -> bool:
        """Whether only the other person changed it."""
        return self.mine == self.before


class ListedLookupsAdmin(admin.ModelAdmin):
    """An address narrows the list by what the list's filters offer, and by nothing else.

    Django would try any lookup on any field: also regular expressions, and fields nobody may see.
    """

    def lookup_allowed(self, lookup, value, request):
        field, _sign, how = lookup.replace("__id__", "__", 1).partition("__")
        offered = [getattr(one, "parameter_name", one) for one in self.list_filter]
        return field in offered and how in ("", "exact", "isnull", "gte", "lt")


class RecordedAdmin(ListedLookupsAdmin):
    """Keeps every change, guards against overwriting, and shows and restores versions.

    `column_fields` maps a column of snapshots to the form's fields, where they differ.
    """

    form = RecordedForm
    column_fields: dict[str, list[str]] = {}

    def get_queryset(self, request):
        # Read with the row: read after it, it could be of a change that the page does not show.
        last = Revision.objects.filter(
            model=self.model._meta.label_lower, object_id=OuterRef("pk")
        ).order_by("-pk")
        seen = Coalesce(Subquery(last.values("pk")[:1]), 0)
        return super().get_queryset(request).annotate(seen=seen)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        editable = self.has_change_permission(request, obj) if obj else True
        if editable:
            return fieldsets
        return [
            (name, {**options, "fields": [f for f in options["fields"] if f not in ASKED]})
            for name, options in fieldsets
        ]

    def get_actions(self, request):
        # Records are deleted one by one, each with its reason.
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def changelist_view(self, request, extra_context=None):
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        with recording(by=request.user):
            return super().changelist_view(request, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            return self._guarded_changeform(request, object_id, form_url, extra_context)
        except IntegrityError:
            # Somebody took the same reference at the same moment: now the form can say so.
            return self._guarded_changeform(request, object_id, form_url, extra_context)

    def _guarded_changeform(self, request, object_id, form_url, extra_context):
        with recording(by=request.user) as recorder:
            request.recorder = recorder
            if object_id is not None:
                self._merge(request)
                conflict = self._conflict_response(request, unquote(object_id))
                if conflict:
                    return conflict
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_form(self, request, form, change):
        request.recorder.reason = form.cleaned_data.get("reason", "")
        return super().save_form(request, form, change)

    def delete_view(self, request, object_id, extra_context=None):
        if request.method != "POST":
            record = self.get_object(request, unquote(object_id))
            extra = {"seen": record.seen if record else 0} | (extra_context or {})
            return super().delete_view(request, object_id, extra)
        form = ReasonForm(request.POST)
        fault = "" if form.is_valid() else form.fault
        with recording(by=request.user, reason=form.cleaned_data.get("reason", "")):
            record = self.get_object(request, unquote(object_id))
            if record and self.has_delete_permission(request, record):
                # From here to the end of the request nobody else writes it.
                list(type(record)._base_manager.select_for_update().filter(pk=record.pk))
                if last_revision(record) > seen_by(request):
                    fault = UNSEEN
                if fault:
                    messages.error(request, fault)
                    return redirect(request.get_full_path())
            return super().delete_view(request, object_id, extra_context)

    # Two people at once

    def _merge(self, request) -> None:
        """Put into the submitted form what the page of conflicts chose to keep."""
        if "merged" not in request.POST:
            return
        data = request.POST.copy()
        for name in data.getlist("merged"):
            if data.get(f"keep-{name}") == MINE:
                continue
            for field in self.column_fields.get(name, [name]):
                data.setlist(field, data.getlist(f"theirs-{field}"))
                if not data.getlist(field):
                    del data[field]
        request.POST = data

    def _conflict_response(self, request, object_id):
        record = self.get_object(request, object_id)
        if record is None or not self.has_change_permission(request, record):
            return None
        # From here to the end of the request nobody else writes it.
        record = type(record)._base_manager.select_for_update().filter(pk=record.pk).first()
        if record is None:
            return None
        later = list(Revision.objects.of(record).filter(pk__gt=seen_by(request)))
        conflicts = self._conflicts(request, record, later) if later else []
        if not conflicts:
            return None
        names = [f for c in conflicts for f in self.column_fields.get(c.column, [c.column])]
        own = {"csrfmiddlewaretoken", "seen", "merged"}
        context = {
            **self.admin_site.each_context(request),
            "title": _("Somebody else changed this record meanwhile"),
            "opts": self.opts,
            "original": record,
            "conflicts": conflicts,
            "last": later[-1],
            "carried": [
                (name, value)
                for name, values in request.POST.lists()
                if name not in own and not name.startswith(("keep-", "theirs-"))
                for value in values
            ],
            "theirs": [(f"theirs-{n}", v) for n in names for v in _form_values(record, n)],
        }
        template = "admin/conflict.html"
        return TemplateResponse(request, template, context, status=409)

    def _conflicts(self, request, record, later: list[Revision]) -> list[Conflict]:
        now = record.snapshot()
        form = self.get_form(request, record, change=True)(
            request.POST, request.FILES, instance=type(record)._base_manager.get(pk=record.pk)
        )
        if not form.is_valid():
            return []  # the form shows its errors first, and comes here again
        links = {
            field.name: form.cleaned_data[field.name]
            for field in self.opts.many_to_many
            if field.name in form.cleaned_data
        }
        mine = form.instance.snapshot(**links)
        touched: dict[str, tuple[str, Revision]] = {}
        for revision in later:
            for change in revision.changes:
                before = touched[change.column][0] if change.column in touched else change.old
                touched[change.column] = (before, revision)
        return [
            Conflict(
                column,
                self.label_of(column),
                before,
                text_of(now[column]),
                text_of(mine[column]),
                revision,
            )
            for column, (before, revision) in touched.items()
            if column in now and text_of(now[column]) != text_of(mine[column])
        ]

    def label_of(self, column: str) -> str:
        """Return what the column is called at the desk."""
        if column in self.column_fields:
            return capfirst(column)
        return capfirst(str(self.opts.get_field(column).verbose_name))

    # Versions

    def history_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        revisions = list(Revision.objects.of(record).select_related("batch"))
        asked = (request.GET.get("a", ""), request.GET.get("b", ""))
        compared = _compared(*asked, revisions)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % record,
            "opts": self.opts,
            "original": record,
            "revisions": revisions[::-1],
            "first": revisions[0] if revisions and revisions[0].old is not None else None,
            "compared": compared,
            "a": asked[0] if compared is not None else "",
            "b": asked[1] if compared is not None else "",
            "may_restore": self.has_change_permission(request, record),
        }
        return TemplateResponse(request, "admin/versions.html", context)


def _form_values(record, name: str) -> list[str]:
    """Return a field's present value as its form would submit it."""
    field = record._meta.get_field(name)
    value = field.value_from_object(record)
    if field.many_to_many:
        return [str(linked.pk) for linked in value]
    if isinstance(value, bool):
        return ["on"] if value else []
    return ["" if value is None else str(value)]


def _compared(a: str, b: str, revisions: list[Revision]) -> list[FieldChange] | None:
    """Return how two versions differ, None without both; 0 is that before the first change."""
    versions = {str(revision.pk): revision.new for revision in revisions}
    if revisions:
        versions["0"] = revisions[0].old
    if a not in versions or b not in versions:
        return None
    return differences(versions[a], versions[b])


class ReadOnlyAdmin(ListedLookupsAdmin):
    """A table that the application writes; nobody edits it, not even a superuser."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
