"""Projects, countries and entities at the desk."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from projects.asking.published import published
from projects.asking.selection import entity_texts
from projects.asking.terms import terms_of
from projects.columns import PROJECT_TABLE
from projects.duplicates import probable_duplicates
from projects.evidence import known_sources, names_of, source_problems
from projects.exports import keyed_rows, write_csv
from projects.history import open_recorder
from projects.imports.batches import set_aside
from projects.imports.lines import Refused
from projects.imports.meanings import DATES
from projects.imports.names import outside
from projects.locks import queue_up
from projects.models import Project, highest_number
from projects.models.conditions import SORTS
from projects.places import basis_report, report_after, standing
from projects.review import assigned_by_hand, count_again
from projects.text import plain_newlines, reference_of
from projects.vocabulary import REGION_COLUMNS, SHORT_LABELS, Provenance

from . import affected_figures
from .corrections import CorrectedAdmin, CorrectedForm, describing, is_placeholder
from .elsewhere import judge_described
from .forms import DateField, Extra, ReasonForm
from .lists import (
    EntityFilter,
    FoldedSearchAdmin,
    RegionFilter,
    ScopeFilter,
    csv_file,
    require,
    without_fields,
)
from .merging import MergingAdmin
from .quotations import QuotationInline
from .recorded import RecordedAdmin
from .review import WaitingForFilter

PUT_BACK = _("Put set-aside entries back")
# The application writes these; a new entry has none.
READONLY_FIELDS = ("updated_at", "review")
# The columns that have a place of their own on these pages.
_PLACED = {
    *("reference", "title", "summary", "methodology", "link", "entities", "countries", "regions"),
    *("status", "start_date", "end_date", "provenance", "in_matrix", "source", "updated_at"),
    *PROJECT_TABLE.classifying,
}
MORE = [name for name in PROJECT_TABLE.names if name not in _PLACED]


def _section(title: str | Promise, *fields: Any, about: str | Promise = "") -> tuple[Any, Any]:
    return title, {"fields": list(fields), "description": about}


class ProjectForm(CorrectedForm):
    class Meta:
        help_texts = {
            "provenance": _("Confirmed: you confirm the entry from this source."),
            "source": _(
                "A document’s symbol and paragraphs, an address, or “Letter of UNESCO, 3 March "
                "2026, kept by the office”"
            ),
            "end_date": "",
        }
        field_classes = dict.fromkeys(DATES, DateField)
        wide = {"class": "vLargeTextField"}
        widgets = {
            **dict.fromkeys(("title", "methodology", "source"), AdminTextInputWidget(wide)),
            "summary": AdminTextareaWidget({"rows": 3}),
        }

    # The codes of the countries that the page has warned of.
    warned = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        # What is filled in is derived, and nobody edits it.
        if instance and instance.filled_in_scope({}):
            kwargs["initial"] = {"scope": "", "scope_basis": "", **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        field: Any = self.fields.get("provenance")
        if field:
            field.choices = [one for one in field.choices if one[0] != Provenance.COUNTED]

    def clean_summary(self) -> str:
        return plain_newlines(self.cleaned_data["summary"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # So the page of conflicts has what somebody left open meanwhile.
        scope = {name: cleaned.get(name) for name in ("scope", "scope_basis")}
        if scope == self.instance.filled_in_scope({}):
            cleaned.update(scope="", scope_basis="")
        old = _by_column(self.stored) if self.instance.pk else None
        for basis, problem in assigned_by_hand(old, _by_column(cleaned), PROJECT_TABLE.bases):
            self.add_error(basis, problem)
        if not self.errors.keys() & {"provenance", "source", "link", "title"}:
            new = {**(old or {}), **_by_column(cleaned), "review": self.instance.review}
            old = old and {**old, "review": self.instance.review}
            for name, problem in source_problems(
                old, new, known_sources(), names_of(self.instance.pk)
            ):
                self.add_error(name, problem)
        self._warn_of_countries(_by_column(cleaned))
        return cleaned

    def _warn_of_countries(self, cleaned: Mapping[str, Any]) -> None:
        """Refuse once a country that is in none of the regions; the same form may be sent again."""
        if {"countries", *REGION_COLUMNS.values()}.isdisjoint(self.changed_data):
            return
        names = {one.code: one.name for one in cleaned.get("countries") or ()}
        codes_outside = outside(sorted(names), cleaned["regions"])
        if " ".join(codes_outside) != cleaned.get("warned"):
            sent: Any = self.data
            self.data = sent = sent.copy()
            sent["warned"] = " ".join(codes_outside)
            if codes_outside:
                text = _("In none of its regions: %s. If it is so, save again.")
                self.add_error("countries", text % ", ".join(names[code] for code in codes_outside))

    def _post_clean(self) -> None:
        filled_in = self.instance.filled_in_scope(_by_column(self.cleaned_data))
        super()._post_clean()  # type: ignore[misc]  # Django's hook, not in its stubs
        for name, value in filled_in.items():
            setattr(self.instance, name, value)
        if "in_matrix" in self.changed_data:
            one = self.instance
            known = {"reference": one.reference, "report": one.report}
            old = None if one._state.adding else {**known, "in_matrix": self.stored["in_matrix"]}
            one.report = report_after(old, one.in_matrix, one.pk, basis_report()[0])


def _by_column(values: Mapping[str, Any]) -> dict[str, Any]:
    regions = [region for region, field in REGION_COLUMNS.items() if values.get(field)]
    return {**values, "regions": regions}


def _may_move(project: Project, given: Mapping[str, str]) -> bool:
    """Return whether a form that was sent moves the place of an entry."""
    old = project.snapshot()
    sent = {name: given.get(name, "") for name in (*PROJECT_TABLE.classifying, "in_matrix")}
    return Project.moves(old, {**old, **_by_column({**sent, **given})})


class DirectoryAdmin(FoldedSearchAdmin, RecordedAdmin):
    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, missing, [*protected, *(u for entry in objs for u in entry.users)]


class CountryAdmin(DirectoryAdmin):
    list_display = ["code", "m49", "name"]
    ordering = ["name"]


class EntityAdmin(DirectoryAdmin):
    list_display = ["acronym", "name", "kind", "aliases", "acronym_from"]
    list_filter = ["kind", "acronym_from"]
    search_fields = ["search_text", "aliases"]
    ordering = ["acronym"]


class ProjectAdmin(CorrectedAdmin, MergingAdmin):
    form = ProjectForm
    actions = [*MergingAdmin.actions, "count_again", "export"]
    inlines = [QuotationInline]
    own_pages = [
        ("duplicates/", "duplicates_view", "projects_project_duplicates"),
        ("<int:pk>/set-aside/", "set_aside_view", "projects_project_set_aside"),
    ]
    column_fields = {"regions": [*REGION_COLUMNS.values()]}
    search_fields = ["search_text"]
    list_display = [
        *("reference", "title", "review", "waits_since", "provenance", "area"),
        *("scope_and_regions", "entities_named"),
    ]
    list_display_links = ["reference", "title"]
    list_filter = [
        "review",
        WaitingForFilter,
        "provenance",
        "priority_area",
        ScopeFilter,
        RegionFilter,
        EntityFilter,
        "status",
        "in_matrix",
        *(name for name in MORE if PROJECT_TABLE.by_name[name].vocabulary),
    ]
    list_per_page = 50
    # The indexes begin with the edition, which is none here.
    ordering = ["edition_id", "number"]
    show_full_result_count = False
    sortable_by = ["title", "area", "scope_and_regions", "provenance"]
    autocomplete_fields = ["entities", "countries"]
    readonly_fields = [*READONLY_FIELDS]
    permanent_fields = ("reference",)
    fieldsets = [
        _section(
            _("Source"),
            *("source", "provenance", "in_matrix"),
            about=_("Write only what a source says. Leave empty what none gives."),
        ),
        _section(
            _("The project"),
            *("title", "summary", "methodology", "link", *MORE, "entities", "countries"),
            ("status", "start_date", "end_date"),
        ),
        _section(
            _("Classification"),
            *(("priority_area", "priority_area_basis"), ("scope", "scope_basis")),
            about=_("If it is your reading of the source’s words, quote them below."),
        ),
        _section(
            _("Regions"),
            (*REGION_COLUMNS.values(), "regions_basis"),
            about=_("A global project has no region."),
        ),
        _section(
            _("This change"),
            *("reason", "reference", READONLY_FIELDS, "seen", "warned"),
        ),
    ]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        # As in the public list, with placeholders; Django would join the entities and compare rows.
        if not search_term.strip():
            return queryset, False
        terms = [terms_of(search_term)]
        return queryset.search(terms, entity_texts(), of_placeholders=True), False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        proposed = {"reference": reference_of(highest_number() + 1)}
        return proposed | super().get_changeform_initial_data(request)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Extra = None
    ) -> HttpResponse:
        project = self.get_object(request, unquote(object_id))
        extra = {"differences": affected_figures.of_deleting(project) if project else []}
        return super().delete_view(request, object_id, extra | (extra_context or {}))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_placeholder(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_placeholder(obj) and super().has_delete_permission(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show an entry's form, or a placeholder's history: nothing else is known of one."""
        project: Any = kwargs.get("obj")
        if is_placeholder(project):
            return self.history_view(request, str(project.pk))
        holds_place = project is not None and project.holds_place
        context["may_set_aside"] = holds_place and self.has_review_permission(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def versions_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        context = super().versions_context(request, record)
        if is_placeholder(record) and self.has_add_permission(request) and (n := published().whole):
            context["describing"] = describing(record.priority_area)
            context["describe"] = _("Describe one of the %d") % n
        return context

    def moves_places(self, request: HttpRequest, record: Any) -> bool:
        return "post" in request.POST or _may_move(record, request.POST.dict())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        moving = {*PROJECT_TABLE.classifying, *REGION_COLUMNS.values(), "in_matrix"}
        if not moving.isdisjoint(form.changed_data):
            moved = affected_figures.of_restoring(obj.pk, obj.snapshot()) if change else ()
            for sentence in moved:
                messages.warning(request, sentence)
        super().save_model(request, obj, form, change)
        if not change and "elsewhere" in request.GET:
            judge_described(request, obj)

    @admin.action(permissions=["review"], description=PUT_BACK)
    def count_again(self, request: HttpRequest, queryset: Any) -> None:
        queue_up()
        done, before = 0, standing()
        open_recorder().reason = str(PUT_BACK)
        for project in queryset.described().order_by("number"):
            try:
                count_again(project, request.user)
                done += 1
            except ValidationError as error:
                messages.error(request, error.messages[0])
        text = ngettext("%d entry is counted again.", "%d entries are counted again.", done)
        messages.success(request, text % done)
        for sentence in affected_figures.since(before):
            messages.warning(request, sentence)

    @admin.action(permissions=["view"], description=_("Export as CSV"))
    def export(self, request: HttpRequest, queryset: QuerySet[Any]) -> StreamingHttpResponse:
        rows = keyed_rows(queryset.order_by("number"), PROJECT_TABLE)
        return csv_file("pve-projects-desk.csv", write_csv(rows, PROJECT_TABLE))

    def duplicates_view(self, request: HttpRequest) -> HttpResponse:
        require(self.has_view_or_change_permission(request))
        context = {"pairs": probable_duplicates(), "may_merge": self.has_import_permission(request)}
        return self.own_page(request, "duplicates", _("Probable duplicates"), context)

    def set_aside_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what it means that no list has the entry any more; a POST with a reason does it."""
        project = self.record_to_see(request, pk)
        require(self.has_review_permission(request))
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                batch = set_aside(project, request.user, form.cleaned_data["reason"])
                return redirect("admin:projects_batch_change", batch.pk)
            except Refused as refused:
                messages.error(request, str(refused))
        said = [_("No list and no total has it then. Somebody else takes a second look.")]
        figures = affected_figures.of_deleting(project)
        act, field = _("Set aside"), form["reason"]
        return self.reason_page(request, act, project, field, said, differences=figures)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        # The title of the page of an entry has its reference.
        left_out = "reference" if obj else READONLY_FIELDS
        return without_fields(super().get_fieldsets(request, obj), [left_out])

    def _with_relations(self, records: Any) -> Any:
        return records.for_detail()

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changelist = super().get_changelist_instance(request)
        if changelist.result_list is not None:
            prefetch_related_objects(changelist.result_list, "entities")
        return changelist

    @admin.display(description=_("entities"))
    def entities_named(self, project: Project) -> str:
        return ", ".join(sorted((one.acronym for one in project.entities.all()), key=str.casefold))

    @admin.display(description=_("priority area"), ordering="priority_area")
    def area(self, project: Project) -> str | Promise:
        return SHORT_LABELS.get(project.priority_area, project.get_priority_area_display())

    @admin.display(description=_("scope"))
    def scope_and_regions(self, project: Project) -> str:
        return project.scope_and_regions

    # By what is stated; Django's types allow no expression in the decorator.
    scope_and_regions.admin_order_field = SORTS["scope"]  # type: ignore[attr-defined]
