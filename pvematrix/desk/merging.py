"""The merge of two entries: both side by side, and the batch that waits for a second person."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from projects import gate
from projects.columns import PROJECT_TABLE, Column
from projects.evidence import known_sources
from projects.history import Snapshot, text_of
from projects.imports.merging import (
    BOTH,
    OTHER,
    STAYS,
    differing,
    lacks_source,
    may_be_both,
    merged,
    problem_of_merging,
    with_basis,
)
from projects.imports.plan import DeskChanges
from projects.models import Correction, Project
from projects.vocabulary import Review

from .attachments import AttachmentsAdmin
from .forms import ReasonForm
from .lists import require
from .recorded import held
from .review import ReviewedAdmin

MERGE = _("Merge two entries")


def _words(column: Column, values: Snapshot) -> str:
    """Return a value in words, with its basis and the words that it was read from."""
    value, basis, quoted = with_basis(values, column.name)
    bases = PROJECT_TABLE.bases.get(column.name)
    label = PROJECT_TABLE.by_name[bases].words(basis) if bases else ""
    return " · ".join(filter(None, [column.words(text_of(value)) or "—", label, quoted]))


class MergeForm(ReasonForm):
    """Whose value of each column that differs is taken, and why."""

    def __init__(self, data: Any, stays: Project, other: Project) -> None:
        super().__init__(data)
        self.keys = stays.pk, other.pk
        self.stays, self.other = stays.snapshot(), other.snapshot()
        for name, proposed in differing(self.stays, self.other).items():
            column = PROJECT_TABLE.by_name[name]
            sides: dict[str, Any] = {
                STAYS: _words(column, self.stays),
                OTHER: _words(column, self.other),
            }
            if may_be_both(column):
                sides[BOTH] = _("Both")
            self.fields[name] = forms.ChoiceField(
                label=str(column.label),
                choices=[*sides.items()],
                initial=proposed,
                widget=forms.RadioSelect({"aria-describedby": f"id_{name}_label"}),
            )

    @property
    def values(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "reason"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        taken = {name: side for name, side in cleaned.items() if name != "reason"}
        if not self.errors:
            if lacks_source(self.stays, self.other, taken):
                text = _("Take the source of each entry whose values you take.")
                self.add_error("source", text)
            self.changes = self._changes(taken)
            problems = (one for item in DeskChanges(self.changes).items() for one in item.problems)
            for one in problems:
                self.add_error(one.column if one.column in self.fields else None, one.message)
        return cleaned

    def _changes(self, taken: dict[str, Any]) -> list[dict[str, Any]]:
        """Return both entries as they are and as they become."""
        aside = {"review": Review.SET_ASIDE.value, "merged_into": self.stays["reference"]}
        becomes = merged(self.stays, self.other, taken), {**self.other, **aside}
        known = zip(self.keys, (self.stays, self.other), becomes, strict=True)
        return [{"pk": pk, "old": old, "new": new} for pk, old, new in known]


class MergingAdmin(AttachmentsAdmin, ReviewedAdmin):
    """Merges an entry into another one, whose address its own then redirects to."""

    actions = [*ReviewedAdmin.actions, "merge"]
    own_pages = [("<int:pk>/merge/<int:other>/", "merge_view", "projects_project_merge")]

    @admin.action(permissions=["import"], description=MERGE)
    def merge(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Show two entries side by side: one of the report stays, else that of the lower number."""
        chosen = [*queryset.order_by("number")[:3]]
        if len(chosen) != 2:
            messages.error(request, _("Choose two entries."))
            return None
        sources = known_sources()
        stays, other = sorted(chosen, key=lambda one: not sources.describe(one.source))
        return redirect("admin:projects_project_merge", stays.pk, other.pk)

    def merge_view(self, request: HttpRequest, pk: int, other: int) -> HttpResponse:
        """Show which values of two entries differ; a POST sends it to a second person."""
        require(self.has_import_permission(request))
        stays, goes = (self.record_to_see(request, key) for key in (pk, other))
        form = MergeForm(request.POST or None, stays, goes)
        problem = problem_of_merging(form.other, form.stays, known_sources())
        if request.method == "POST" and not problem and form.is_valid():
            name = _("%(other)s merged into %(stays)s")
            names = {"other": goes.reference, "stays": stays.reference}
            waits, reason = gate.Waits(form.changes), form.cleaned_data["reason"]
            return held(request, waits, reason, name=str(name % names))
        is_open = {"reference": goes.reference, "state": Correction.State.OPEN}
        context = {
            "form": form,
            "problem": problem,
            "stays": stays,
            "other": goes,
            "corrections": Correction.objects.filter(**is_open),
        }
        return self.own_page(request, "merge", MERGE, context)
