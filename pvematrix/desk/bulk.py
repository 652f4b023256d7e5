"""One value for many entries: set through the preview of an import, undone together."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from projects.columns import PROJECT_TABLE, ROWS_AT_ONCE, SEPARATOR
from projects.evidence import known_sources
from projects.exports import keyed_rows, write_csv
from projects.history import open_recorder
from projects.imports.batches import hold
from projects.imports.lines import Line, as_kept
from projects.imports.meanings import DATES, UNKNOWN
from projects.imports.reading import Translator
from projects.locks import queue_up
from projects.models import Country, Project
from projects.places import standing
from projects.review import count_again
from projects.text import with_scheme
from projects.vocabulary import Basis, Provenance

from . import affected_figures
from .attachments import AttachmentsAdmin
from .forms import DateField, field_of, tick
from .lists import csv_file
from .review import AT_MOST, ReviewedAdmin

# The bases of values come last.
SETTABLE = sorted(
    (column.name for column in PROJECT_TABLE.columns if column.settable),
    key=lambda name: name in PROJECT_TABLE.bases.values(),
)
# Not the help texts of imports: here an empty field does not mean “not stated”.
HELP: dict[str, Any] = {
    **dict.fromkeys(UNKNOWN, _("Separate several values with semicolons.")),
    **dict.fromkeys(DATES, "YYYY, YYYY-MM, YYYY-MM-DD"),
    "source": _("Where the values are from"),
}
SET_VALUES = _("Set values")
PUT_BACK = _("Put set-aside entries back")
# How many references an error has.
NAMED = 10
# Fields of the form that the way back to it does not send.
_ONCE = ("set", "csrfmiddlewaretoken")


class LinkField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return with_scheme(super().to_python(value) or "")


KINDS = {"link": LinkField, **dict.fromkeys(DATES, DateField)}


class ValuesForm(forms.Form):
    """Values for many entries; empty fields change nothing.

    What the directories lack and a sheet could name is `coming`, for those who `may_name` it.
    """

    def __init__(
        self, data: QueryDict | None, labels: dict[str, str], may_name: bool, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.may_name, self.coming = may_name, dict[str, Any]()
        for name, label in labels.items():
            of_entry: Any = Project._meta.get_field(name)
            self.fields[name] = field_of(
                name,
                label,
                # Staff never choose that a value was filled in, or that an entry is a placeholder.
                left_out=(Basis.ALLOCATED, Provenance.COUNTED),
                kind=KINDS.get(name, forms.CharField),
                max_length=2000,
                validators=of_entry.validators,
                help_text=HELP.get(name, ""),
                widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
            )
            if PROJECT_TABLE.by_name[name].linked_by or name == "source":
                adds = tick(_("Add to the present ones"))
                adds.initial = name == "source"
                self.fields[f"add-{name}"] = adds
        first = next((name for name in self.errors if name in self.fields), "entities")
        self.fields[first].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        translator = Translator()
        for name, message in UNKNOWN.items():
            read = translator.written(name, cleaned.get(name, ""))
            cleaned[name] = read.reading.get(name, [])
            unknown = [part for _column, part in read.unknown]
            unknown = unknown or [read.text] if "regions" in read.reading else unknown
            if unknown:
                self.add_error(name, message % ", ".join(unknown))
        there = {*Country.objects.values_list("code", flat=True)}
        new = translator.new_entities
        self.coming = {
            "entities": {one: new[one] for one in cleaned.get("entities", ()) if one in new},
            "countries": [one for one in cleaned.get("countries", ()) if one not in there],
        }
        if self.coming["entities"] and not self.may_name:
            text = _("The directory lacks %s, and you may not add entities to it.")
            self.add_error("entities", text % ", ".join(self.coming["entities"]))
        if not self.errors and not self.values:
            raise forms.ValidationError(_("Enter at least one value."))
        return cleaned

    @property
    def values(self) -> dict[str, str | list[str]]:
        given = {name: self.cleaned_data.get(name) for name in SETTABLE}
        return {name: value for name, value in given.items() if value}

    def without_source(self, projects: Iterable[Project]) -> list[str]:
        """Return the references of those that only the paragraph that counts them would source."""
        sources, given = known_sources(), self.cleaned_data
        cites = ((one, self._cell(one, "source", given["source"])) for one in projects)
        return [
            one.reference
            for one, source in cites
            if sources.only_count(source, given["link"] or one.link)
        ]

    def cells(self, project: Project) -> list[str]:
        """Return the values as the cells of an entry's line in a file."""
        return [self._cell(project, name, value) for name, value in self.values.items()]

    def _cell(self, project: Project, name: str, value: str | list[str]) -> str:
        if isinstance(value, str):
            is_more = name == "source" and (not value or self.cleaned_data["add-source"])
            both = dict.fromkeys([project.source, value] if is_more else [value])
            return "; ".join(filter(None, both))
        linked_by = PROJECT_TABLE.by_name[name].linked_by
        adds = self.cleaned_data[f"add-{name}"]
        there = [getattr(one, linked_by) for one in getattr(project, name).all()] if adds else []
        return SEPARATOR.join(dict.fromkeys([*there, *value]))


class BulkAdmin(AttachmentsAdmin, ReviewedAdmin):
    """Changes many entries at once, and exports those that the list shows."""

    actions = [*ReviewedAdmin.actions, "count_again", "set_values", "export"]

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

    @admin.action(permissions=["import"], description=SET_VALUES)
    def set_values(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        queryset = queryset.described()
        if not queryset.exists():
            messages.warning(request, _("Placeholders have no values to set."))
            return None
        labels = {name: self.label_of(name) for name in SETTABLE}
        given = request.POST if "set" in request.POST else None
        may_name = request.user.has_perm("projects.add_entity")
        form = ValuesForm(given, labels, may_name, initial=request.POST.dict())
        most = settings.IMPORT_LIMITS["rows"]
        if form.is_valid() and queryset.count() > most:
            form.add_error(None, AT_MOST % most)
        if form.is_valid() and (lacking := form.without_source(queryset.order_by("number"))):
            said = _("Name a source: %s have none but the paragraph that counts them.")
            more = " …" if len(lacking) > NAMED else ""
            form.add_error("source", said % f"{', '.join(lacking[:NAMED])}{more}")
        if form.is_valid():
            entries = queryset.order_by("number").prefetch_related(*UNKNOWN)

            def lines() -> Iterator[Line]:
                yield 1, ["reference", *form.values]
                for row, one in enumerate(entries.iterator(chunk_size=ROWS_AT_ONCE), start=2):
                    yield row, [one.reference, *form.cells(one)]

            count = queryset.count()
            text = ngettext(
                "%(columns)s of %(count)d entry", "%(columns)s of %(count)d entries", count
            )
            name = text % {"columns": ", ".join(form.values), "count": count}
            options: dict[str, Any] = {"only": None, "ignored": [], "csv": False, **form.coming}
            # For the way back from the preview.
            sent = {name: texts for name, texts in request.POST.lists() if name not in _ONCE}
            options["set"] = {"page": request.get_full_path(), "sent": sent}
            batch = hold(name, as_kept(lines()), options, request.user)
            return redirect("admin:projects_batch_preview", batch.pk)
        context = {
            "form": form,
            "count": queryset.count(),
            "chosen": request.POST.getlist("_selected_action"),
            "across": request.POST.get("select_across", "0"),
        }
        return self.own_page(request, "set_values", SET_VALUES, context)

    @admin.action(permissions=["view"], description=_("Export as CSV"))
    def export(self, request: HttpRequest, queryset: QuerySet[Any]) -> StreamingHttpResponse:
        rows = keyed_rows(queryset.order_by("number"), PROJECT_TABLE)
        return csv_file("pve-projects-desk.csv", write_csv(rows, PROJECT_TABLE))
