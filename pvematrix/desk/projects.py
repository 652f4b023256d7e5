"""Projects, countries and entities at the desk."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from projects.asking.selection import entity_texts
from projects.asking.terms import terms_of
from projects.columns import PROJECT_TABLE
from projects.evidence import known_documents, place_problem, source_problem
from projects.models import Evidence, Project, highest_number
from projects.review import assigned_by_hand
from projects.text import plain_newlines, reference_of
from projects.vocabulary import REGION_COLUMNS, Basis, InMatrix, Provenance
from projects.worklist import probable_duplicates

from . import affected_figures, swap
from .corrections import CorrectedAdmin, CorrectedForm
from .identify import KnownForm, as_new, places
from .list_columns import ColumnsAdmin
from .lists import (
    EntityFilter,
    FoldedSearchAdmin,
    RegionFilter,
    WorklistFilter,
    require,
    without_fields,
)
from .quotations import QuotationInline
from .recorded import RecordedAdmin
from .review import WaitingForFilter

# The application writes these; a new entry has none.
READONLY_FIELDS = ("updated_at", "review")
# The columns that have a place of their own on these pages.
_PLACED = {
    *("reference", "title", "summary", "methodology", "link", "entities", "countries", "regions"),
    *("status", "start_date", "end_date", "provenance", "in_matrix", "source", "updated_at"),
    *PROJECT_TABLE.classifying,
}
MORE = [name for name in PROJECT_TABLE.names if name not in _PLACED]


def _section(title, *fields, about="") -> Any:
    return title, {"fields": list(fields), "description": about}


class ProjectForm(CorrectedForm):
    """A project's form.

    `identifies` is set while a counted entry is being described, `partner` if another entry takes
    over the old place.
    """

    class Meta:
        help_texts = {
            "provenance": _("Confirmed: you confirm the entry from this source."),
            "end_date": "",
        }
        wide = {"class": "vLargeTextField"}
        widgets = {
            **dict.fromkeys(("title", "methodology", "source"), AdminTextInputWidget(wide)),
            "summary": AdminTextareaWidget({"rows": 3}),
        }

    reason_for = PROJECT_TABLE.classifying | frozenset(REGION_COLUMNS.values())
    identifies = False
    partner: Project | None = None

    swap_with = forms.CharField(
        required=False,
        widget=forms.HiddenInput,
        label=_("Placeholder that takes its place"),
        help_text=_("The totals stay. Both changes wait for review."),
    )
    save_anyway = forms.BooleanField(
        required=False,
        widget=forms.HiddenInput,
        label=_("Save, although figures change"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.identifies:
            # The present source stays: the new one is added.
            source = f"{self.stored['source']}; "
            self.initial.update(
                title="",
                source=source,
                provenance=Provenance.CONFIRMED.value,
                in_matrix=InMatrix.NOT_STATED.value,
                reason=_("Identified"),
            )

    def clean_summary(self):
        return plain_newlines(self.cleaned_data["summary"])

    def clean(self):
        cleaned = super().clean()
        old = _by_column(self.stored) if self.instance.pk else None
        is_empty = not (cleaned.get("scope") or cleaned.get("scope_basis"))
        if is_empty and old and old["scope_basis"] == Basis.ALLOCATED:
            # A filled-in scope stays: no source states it, as before.
            cleaned |= {name: old[name] for name in ("scope", "scope_basis")}
        for basis, problem in assigned_by_hand(old, _by_column(cleaned), PROJECT_TABLE.bases):
            self.add_error(basis, problem)
        if self.identifies and cleaned.get("source", "").strip("; ") == self.stored["source"]:
            self.add_error("source", _("Add the source that describes the project."))
        if self.identifies and cleaned.get("provenance") == Provenance.COUNTED:
            self.add_error("provenance", _("You describe the entry: choose “Confirmed”."))
        if old and not self.errors and (problem := place_problem(self.stored, cleaned)):
            self.add_error("in_matrix", problem)
        if problem := self._source_problem(cleaned):
            self.add_error("source", problem)
        return cleaned

    def _source_problem(self, cleaned: Mapping[str, Any]) -> str:
        """Return why the entry is not confirmed by its source; empty while that has errors."""
        names = ("provenance", "source", "link")
        if cleaned.get("provenance") != Provenance.CONFIRMED or self.errors.keys() & {*names}:
            return ""
        key = self.instance.pk
        new = {name: cleaned[name] for name in names} | {"review": self.instance.review}
        has_file = bool(key) and Evidence.objects.filter(project=key).exists()
        return source_problem(self.stored if key else None, new, known_documents(), has_file)

    def _post_clean(self):
        # After the model's rules, so that the instance has the values to be saved.
        super()._post_clean()  # type: ignore[misc]  # Django's hook, not in its stubs
        key, anyway = (self.cleaned_data.get(name) for name in ("swap_with", "save_anyway"))
        if self.errors or (anyway and not key):
            return
        affected = affected_figures.of_saving(self.instance)
        if affected and key:
            try:
                self.partner = swap.partner_of(self.instance, key)
                affected = affected_figures.of_saving(self.instance, self.partner)
            except ValidationError as error:
                self.add_error("swap_with", error.messages)
        if self.errors or (affected and not anyway):
            self._ask(affected)

    def _ask(self, affected: list[str]) -> None:
        for sentence in affected:
            self.add_error(None, sentence)
        if offered := swap.offers(self.instance):
            nobody = ("", _("None: the figures change"))
            self.fields["swap_with"].widget = forms.RadioSelect(
                attrs={"class": "radiolist"}, choices=[*offered, nobody]
            )
        else:
            self.add_error(None, _("No placeholder can take its place."))
        self.fields["save_anyway"].widget = forms.CheckboxInput()
        self.add_error("save_anyway", _("Tick this to save it."))


def _by_column(values: Mapping[str, Any]) -> dict[str, Any]:
    regions = [region for region, field in REGION_COLUMNS.items() if values.get(field)]
    return {**values, "regions": regions}


def _taking_over(form: ProjectForm) -> str:
    known = {"partner": form.partner, "entry": form.instance}
    text = _("%(partner)s takes the place of %(entry)s.")
    return text % {name: one.reference for name, one in known.items()}


class DirectoryAdmin(FoldedSearchAdmin, RecordedAdmin):
    def get_deleted_objects(self, objs, request):
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, missing, [*protected, *(u for entry in objs for u in entry.users)]


class CountryAdmin(DirectoryAdmin):
    list_display = ["code", "m49", "name"]
    ordering = ["name"]
    sortable_by = ["code", "m49", "name"]


class EntityAdmin(DirectoryAdmin):
    list_display = ["acronym", "name", "kind", "aliases", "acronym_from"]
    list_filter = ["kind", "acronym_from"]
    search_fields = ["search_text", "aliases"]
    ordering = ["acronym"]


class ProjectAdmin(CorrectedAdmin, ColumnsAdmin):
    form = ProjectForm
    inlines = [QuotationInline]
    own_pages = [
        ("duplicates/", "duplicates_view", "projects_project_duplicates"),
        ("identify/", "identify_view", "projects_project_identify"),
    ]
    column_fields = {"regions": [*REGION_COLUMNS.values()]}
    search_fields = ["search_text"]
    columns = [
        *("title", "review", "waits_since", "provenance", "priority_area", "scope_and_regions"),
        *("entities_named", "countries_named", "status", "start_date", "end_date"),
        *("methodology", "in_matrix", "source", "link"),
        *(*PROJECT_TABLE.bases.values(), *MORE, "updated_at"),
    ]
    list_display = ["reference", *columns[: columns.index("countries_named")]]
    list_display_links = ["reference", "title"]
    list_filter = [
        WorklistFilter,
        "review",
        WaitingForFilter,
        "provenance",
        "priority_area",
        "scope",
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
    sortable_by = [
        *("title", "priority_area", "scope_and_regions", "provenance", "updated_at"),
        *("status", "start_date", "end_date", "in_matrix", *MORE),
    ]
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
            *("reason", "swap_with", "save_anyway", "reference", READONLY_FIELDS, "seen"),
        ),
    ]

    def get_search_results(self, request, queryset, search_term):
        # As in the public list, with placeholders; Django would join the entities and compare rows.
        if not search_term.strip():
            return queryset, False
        terms = [terms_of(search_term)]
        return queryset.search(terms, entity_texts(), of_placeholders=True), False

    @property
    def next_reference(self) -> str:
        return reference_of(highest_number() + 1)

    def get_changeform_initial_data(self, request):
        proposed = {"reference": self.next_reference}
        return proposed | super().get_changeform_initial_data(request)

    def delete_view(self, request, object_id, extra_context=None):
        project = self.get_object(request, unquote(object_id))
        extra = {"differences": affected_figures.of_deleting(project) if project else []}
        return super().delete_view(request, object_id, extra | (extra_context or {}))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form: Any = super().get_form(request, obj, change, **kwargs)
        counted = obj is not None and obj.is_counted
        may = self.has_change_permission(request, obj)
        form.identifies = may and counted and "identify" in request.GET
        return form

    def save_form(self, request, form, change):
        saved = super().save_form(request, form, change)
        if form.partner:
            self.credit(request, _taking_over(form))
        return saved

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.partner is None:
            return
        require(self.has_change_permission(request, form.partner))
        form.partner.save()
        messages.success(request, _taking_over(form))

    def _conflict_response(self, request, object_id):
        # Lock both records, always in the same order.
        partner = swap.read_key(request.POST.get("swap_with", ""))
        entry = self.get_object(request, object_id) if partner else None
        if partner and entry:
            both = Project.live.filter(pk__in=[entry.pk, partner[0]])
            list(both.order_by("number").select_for_update())
        return super()._conflict_response(request, object_id)

    def identify_view(self, request):
        require(self.has_change_permission(request))
        self.refuse_no_keys(request)
        form = KnownForm(request.POST if request.method == "POST" else None, self.admin_site)
        found = places(form.cleaned_data) if form.is_valid() else None
        may_add = found is not None and self.has_add_permission(request)
        context = {
            "as_new": as_new(form.cleaned_data, self.next_reference) if may_add else None,
            "form": form,
            "places": found,
            "title_known": form.cleaned_data["title"] if found is not None else "",
        }
        return self.own_page(request, "identify", _("Identify a project"), context)

    def duplicates_view(self, request):
        require(self.has_view_or_change_permission(request))
        pairs = {"pairs": probable_duplicates()}
        return self.own_page(request, "duplicates", _("Probable duplicates"), pairs)

    def get_fieldsets(self, request, obj=None):
        # The title of the page of an entry has its reference.
        left_out = "reference" if obj else READONLY_FIELDS
        return without_fields(super().get_fieldsets(request, obj), [left_out])

    def _with_relations(self, records):
        return records.for_detail()

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        if changelist.result_list is not None:
            for name in ("entities", "countries"):
                if f"{name}_named" in changelist.list_display:
                    prefetch_related_objects(changelist.result_list, name)
        return changelist

    @admin.display(description=_("entities"))
    def entities_named(self, project):
        return ", ".join(sorted((one.acronym for one in project.entities.all()), key=str.casefold))

    @admin.display(description=_("countries"))
    def countries_named(self, project):
        return ", ".join(sorted(one.code for one in project.countries.all()))

    @admin.display(description=_("scope"), ordering="scope")
    def scope_and_regions(self, project):
        return project.scope_and_regions
