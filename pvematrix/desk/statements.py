"""Reports and their parts, documents, paragraphs and statements at the desk."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from projects.columns import SEPARATOR
from projects.imports.batches import hold_changes
from projects.imports.lines import Refused
from projects.models import Project
from projects.vocabulary import Provenance, Review
from reports.basis import name_of_basis
from reports.models import STATEMENT_TABLE, Category, Figure, Kind, Note, Report, Statement
from reports.models.kinds import OF_KINDS
from reports.models.statement import next_code

from .corrections import CorrectedAdmin, CorrectedForm
from .figure_rows import CELLS, FigureRow, NewFigures
from .forms import Extra, ReasonForm
from .lists import FoldedSearchAdmin, ReadOnly, refused, require
from .recorded import RecordedAdmin
from .review import ReviewedAdmin, WaitingForFilter

# Chooses the basis, and changes reports that are published.
CHOOSE_BASIS = "reports.choose_basis"


class PartInline(ReadOnly, admin.TabularInline):
    """Parts of a report, edited on their own pages, which prevent overwriting."""

    extra = 0
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Their names have that of the report.
        return super().get_queryset(request).select_related("report")


class FigureInline(PartInline):
    model = Figure
    fields = ["position", "paragraph", "query", "category", "unit", "comparator", "value", "date"]


class NewFigureInline(ReadOnly, admin.TabularInline):
    """Figures to add to a report: what is there is edited on its own page."""

    model = Figure
    form = FigureRow
    formset = NewFigures
    template = "admin/_new_figures.html"
    verbose_name_plural = _("figures to add")
    fields = [*CELLS]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj else 5

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = request.user.has_perm("reports.add_figure")
        return may and (obj is None or obj.is_draft or request.user.has_perm(CHOOSE_BASIS))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).none()


class CategoryInline(PartInline):
    model = Category
    fields = ["classification", "slug", "position", "label", "language"]


class NoteInline(PartInline):
    model = Note
    fields = ["topic", "language"]


class OfReportAdmin(RecordedAdmin):
    """Reports and their parts: editors write those of drafts only."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        report = getattr(obj, "report", obj)
        return may and (report is None or report.is_draft or request.user.has_perm(CHOOSE_BASIS))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Report:
            every = Report.live.all()
            chooses = request.user.has_perm(CHOOSE_BASIS)
            kwargs["queryset"] = every if chooses else every.filter(review=Review.DRAFT)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReportAdmin(OfReportAdmin, ReviewedAdmin):
    list_display = ["symbol", "title", "review", "waits_since", "date", "is_undated", "is_basis"]
    list_filter = ["review", WaitingForFilter, "is_basis"]
    search_fields = ["symbol", "title"]
    inlines = [FigureInline, CategoryInline, NoteInline, NewFigureInline]
    # Another report becomes the basis together with its entries.
    readonly_fields = ["is_basis"]
    permanent_fields = ("slug", "review")
    prepopulated_fields = {"slug": ["symbol"]}
    own_pages = [("<int:pk>/basis/", "basis_view", "reports_report_basis")]

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return self.inlines if obj else [NewFigureInline]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the form, that “Check” found no error, and whether it may become the basis."""
        report: Any = kwargs.get("obj")
        may_be = report is not None and not (report.is_basis or report.is_draft)
        context["may_become_basis"] = may_be and request.user.has_perm(CHOOSE_BASIS)
        for one in context["inline_admin_formsets"]:
            if isinstance(one.formset, NewFigures):
                context.update(has_check=True, checked=one.formset.checked)
        return super().render_change_form(request, context, *args, **kwargs)

    def basis_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what it means that the report becomes the basis; a POST sends it."""
        report = self.get_object(request, str(pk))
        require(request.user.has_perm(CHOOSE_BASIS))
        if report is None:
            raise Http404
        if request.method == "POST":
            form = ReasonForm(request.POST)
            try:
                if not form.is_valid():
                    raise Refused(form.problem)
                name, reason = name_of_basis(report), form.cleaned_data["reason"]
            except Refused as error:
                return refused(request, str(error), request.path)
            batch = hold_changes([], request.user, reason, name, basis=report.slug)
            return redirect("admin:projects_batch_preview", batch.pk)
        number = Project.published.filter(provenance=Provenance.COUNTED).count()
        text = ngettext(
            "Placeholders of this report replace the %d present one.",
            "Placeholders of this report replace the %d present ones.",
            number,
        )
        said = [text % number, _("A second person publishes it. It can be undone.")]
        act, field = _("Make it the basis"), ReasonForm()["reason"]
        return self.reason_page(request, act, report, field, said)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Extra = None
    ) -> HttpResponse:
        report = self.get_object(request, object_id)
        if report and report.kept_because:
            return refused(request, report.kept_because, "admin:reports_report_change", report.pk)
        return super().delete_view(request, object_id, extra_context)


class PartAdmin(OfReportAdmin):
    list_select_related = ["report"]
    autocomplete_fields = ["report"]


class FigureAdmin(PartAdmin):
    list_display = ["report", "position", "paragraph", "query", "comparator", "value", "unit"]
    list_display_links = ["position"]
    list_filter = ["report", "unit"]
    search_fields = ["query", "paragraph"]


class CategoryAdmin(PartAdmin):
    list_display = ["report", "classification", "slug", "position", "label", "language"]
    list_display_links = ["slug"]
    list_filter = ["report", "classification"]
    search_fields = ["classification", "label"]


class NoteAdmin(PartAdmin):
    list_display = ["report", "topic", "language"]
    list_display_links = ["topic"]
    list_filter = ["report", "topic"]
    search_fields = ["text"]


class DocumentAdmin(RecordedAdmin):
    list_display = ["slug", "symbol", "title", "kind", "date"]
    search_fields = ["symbol", "title"]
    permanent_fields = ("slug",)
    prepopulated_fields = {"slug": ["symbol", "title"]}


class ParagraphAdmin(RecordedAdmin):
    list_display = ["document", "number", "section", "section_heading"]
    list_display_links = ["number"]
    list_filter = ["document"]
    list_select_related = ["document"]
    search_fields = ["text"]
    autocomplete_fields = ["document"]
    permanent_fields = ("document", "number")


class AreasField(forms.CharField):
    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        slugs = STATEMENT_TABLE.by_name["areas"].slugs_of(typed)
        return typed if slugs is None else SEPARATOR.join(slugs)


class StatementForm(CorrectedForm):
    """A statement's form, in which fields that its kind does not have are hidden if empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" not in self.fields:  # not without the permission to change
            return
        again = '<noscript><button name="_kind">{}</button></noscript>'
        self.fields["kind"].help_text = format_html(again, _("Show the fields of this kind"))
        if "code" in self.fields:  # of a new one
            self.fields["code"].required = False
            self.fields["code"].help_text = _("Empty: the next free one.")
        for name, kinds in OF_KINDS.items():
            if not self.initial.get(name):
                widget: Any = self.fields[name].widget
                attrs = getattr(widget, "widget", widget).attrs  # a menu with links next to it
                attrs["data-kinds"] = " ".join(sorted(kinds))
                if self["kind"].value() not in kinds:
                    attrs["data-of-others"] = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "_kind" in self.data:
            self.add_error("kind", _("Show the fields of this kind"))
        if cleaned.get("kind") and cleaned.get("code") == "":
            cleaned["code"] = next_code(Kind(cleaned["kind"]))
        return cleaned


class StatementAdmin(CorrectedAdmin, ReviewedAdmin, FoldedSearchAdmin):
    form = StatementForm
    list_display = ["code", "title", "kind", "review", "waits_since", "cited", "areas", "basis"]
    list_filter = ["review", WaitingForFilter, "kind", "basis", "document"]
    list_select_related = ["document"]
    autocomplete_fields = ["document", "about", "parent", "entities"]
    permanent_fields = ("code", "review")
    fields = [
        *("document", "paragraphs", "mentioned_in", "source", "quotation"),
        *(("kind", "basis"), "category", "title", "summary", "about", "parent", "addressee"),
        *("figure", "unit", "base", "size", "date", "end_date", "timing", "place", "caveat"),
        *(("areas", "areas_basis"), ("entities", "entities_basis")),
        *(("projects", "projects_basis"), "answered_by", ("code", "position")),
        *("review", "reason", "seen"),
    ]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        left_out = {"review"} if obj is None else set()
        if obj and not self.has_change_permission(request, obj):
            left_out = {
                n for n, of in OF_KINDS.items() if obj.kind not in of and not getattr(obj, n)
            }
        return [line for line in self.fields if flatten([line])[0] not in left_out]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "areas":
            kwargs["form_class"] = AreasField
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Statement:
            # A draft can be part of another.
            kwargs["queryset"] = Statement.live.all()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _with_relations(self, records: Any) -> Any:
        return records.of_kinds()
