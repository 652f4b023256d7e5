"""Sheets at the desk: what their columns mean, what their values mean, which entries their rows."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.columns import PROJECT_TABLE, SEPARATOR
from projects.cube import Cube
from projects.imports.annex import Annex
from projects.imports.lines import Refused
from projects.imports.mapping import (
    CONSTANTS,
    OF_SECTIONS,
    TARGETS,
    Layout,
    check,
    columns_called,
    sections_of,
    sheets_of,
)
from projects.imports.matching import How, Match, Matching
from projects.imports.translation import SPEAKS_OF, Reading, Translator, Written, acronym_in
from projects.models import Batch, Entity, Mapping, Project
from projects.models.fields import PARTIAL_DATE
from projects.text import plain_newlines, validate_one_line
from projects.vocabulary import Basis, Provenance, Region
from reports.models import Report
from reports.reconciliation import Reconciled, reconcile

from .lists import ReadOnlyAdmin

# So many values are asked about, and so many matches shown, on one page.
VALUES_A_PAGE, MATCHES_A_PAGE = 100, 300
_ENTRY = re.compile("entry-([0-9]{1,6})")
_LINES = re.compile(r"([0-9]{1,6})(?:\s*[-–]\s*([0-9]{1,6}))?")


def label_of(column: str) -> str:
    """Return what a column of ours is called at the desk."""
    if column == "regions":
        return _("Regions")
    field: Any = Project._meta.get_field(column)
    return capfirst(str(field.verbose_name))


def _choices(names, empty: str) -> list[tuple[str, str]]:
    return [("", empty), *((name, label_of(name)) for name in names)]


class ShownForm(forms.Form):
    """Says what it is about, so that it is not taken for another if the page is out of date."""

    about = forms.CharField(widget=forms.HiddenInput, strip=False)

    def __init__(self, *args, about: str, **kwargs):
        kwargs["initial"] = {**kwargs.get("initial", {}), "about": about}
        super().__init__(*args, **kwargs)
        self.shown = about

    def clean_about(self) -> str:
        """Return what it is about, as the page that was sent shows it."""
        # Browsers send two characters for a line break.
        about = plain_newlines(self.cleaned_data["about"])
        if about != plain_newlines(self.shown):
            raise forms.ValidationError(_("This page is out of date: look at it again."))
        return about


class HeaderForm(forms.Form):
    """In which lines of a sheet its headings stand; empty leaves the sheet out."""

    lines = forms.RegexField(
        _LINES.pattern + r"\Z",
        label=gettext_lazy("Headings in rows"),
        required=False,
        error_messages={"invalid": gettext_lazy("Write one row, e.g. 3, or two, e.g. 3-4.")},
        widget=forms.TextInput(attrs={"size": 7}),
    )

    @property
    def header(self) -> list[int]:
        """The first and the last line, or nothing."""
        found = _LINES.fullmatch(self.cleaned_data["lines"])
        if not found:
            return []
        first = int(found[1])
        last = int(found[2] or first)
        return [min(first, last), min(max(first, last), first + 1)]


class ColumnForm(ShownForm):
    """What a column of a sheet is."""

    is_of = forms.ChoiceField(label=gettext_lazy("Read as"), required=False)
    down = forms.BooleanField(
        label=gettext_lazy("An empty cell means the one above"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["is_of"]
        field.choices = _choices(TARGETS, _("Leave out"))


class LayoutForm(forms.Form):
    """What is the same of all rows, what headings of sections and names of sheets say."""

    sections = forms.ChoiceField(label=gettext_lazy("Headings of sections say the"), required=False)
    names = forms.ChoiceField(label=gettext_lazy("Names of sheets say the"), required=False)
    keep_as = forms.CharField(
        label=gettext_lazy("Keep this mapping as"),
        required=False,
        max_length=100,
        validators=[validate_one_line],
        help_text=gettext_lazy(
            "For the next sheet with these headings. A name that is there is replaced."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("sections", "names"):
            field: Any = self.fields[name]
            field.choices = _choices(OF_SECTIONS, _("Nothing"))
        for name in CONSTANTS:
            self.fields[f"all-{name}"] = self._constant(name)

    @staticmethod
    def _constant(name: str) -> forms.Field:
        column = PROJECT_TABLE.by_name[name]
        if not column.vocabulary:
            widget = forms.TextInput(attrs={"class": "vTextField"})
            return forms.CharField(
                label=label_of(name), required=False, max_length=300, widget=widget
            )
        # Assigned is never chosen, and a row that is only counted says nothing.
        never = (Basis.ALLOCATED, Provenance.COUNTED)
        offered = [one for one in column.vocabulary if one[0] not in never]
        choices = [("", _("As the rows say, or nothing")), *offered]
        return forms.ChoiceField(label=label_of(name), choices=choices, required=False)

    @property
    def constants(self) -> dict[str, str]:
        """What is the same of all rows."""
        found = {name: self.cleaned_data[f"all-{name}"].strip() for name in CONSTANTS}
        return {name: text for name, text in found.items() if text}


class ReadingForm(ShownForm):
    """What a text of a sheet is read as; for an entity that is unknown, a name of a new one."""

    def __init__(self, *args, written: Written, translator: Translator, may_name: bool, **kwargs):
        super().__init__(*args, about=written.text, **kwargs)
        self.written, self.translator = written, translator
        for name in SPEAKS_OF[written.column]:
            self.fields[name] = self._field(name)
            value = written.reading.get(name, [] if name == "regions" else "")
            listed = isinstance(value, list) and name != "regions"
            self.fields[name].initial = f"{SEPARATOR} ".join(value) if listed else value
        if written.column == "entities" and written.unknown and may_name:
            self._offer_new()
        if written.unknown:
            self.fields["nothing"] = forms.BooleanField(
                label=_("What is not known says nothing of this"), required=False
            )

    @staticmethod
    def _field(name: str) -> forms.Field:
        column = PROJECT_TABLE.by_name[name]
        if name == "regions":
            return forms.MultipleChoiceField(
                label=label_of(name),
                choices=Region.choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        if column.vocabulary:
            choices = [("", "—"), *column.vocabulary]
            return forms.ChoiceField(label=label_of(name), choices=choices, required=False)
        return forms.CharField(label=label_of(name), required=False, max_length=500)

    def _offer_new(self) -> None:
        first = self.written.unknown[0]
        self.fields["new_acronym"] = forms.CharField(
            label=_("Or a new entity: acronym"),
            required=False,
            max_length=30,
            initial=acronym_in(first),
        )
        self.fields["new_name"] = forms.CharField(
            label=_("and its name"), required=False, max_length=300, validators=[validate_one_line]
        )
        self.fields["keep"] = forms.BooleanField(
            label=_("Keep it as another name of the entity in the directory"), required=False
        )

    def clean_countries(self) -> list[str]:
        """Return the codes of the countries that are written, by code or name."""
        return self._looked_up(
            "countries", self.translator.country, _("No country, or several, are called “%s”.")
        )

    def clean_entities(self) -> list[str]:
        """Return the acronyms of the entities that are written."""
        return self._looked_up(
            "entities",
            self.translator.entities.look_up,
            _("No entity of the directory, or several, are called “%s”."),
        )

    def _looked_up(self, name: str, look_up: Callable[[str], set[str]], message: str) -> list[str]:
        found: set[str] = set()
        for part in filter(None, map(str.strip, self.cleaned_data[name].split(SEPARATOR))):
            meant = look_up(part)
            if len(meant) != 1:
                raise forms.ValidationError(message % part)
            found |= meant
        return sorted(found, key=str.casefold)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("start_date", "end_date"):
            if cleaned.get(name) and not re.fullmatch(PARTIAL_DATE, cleaned[name]):
                self.add_error(name, _("Write YYYY, YYYY-MM or YYYY-MM-DD."))
        acronym, name = (cleaned.get(one, "").strip() for one in ("new_acronym", "new_name"))
        if name:
            try:
                Entity(acronym=acronym, name=name).full_clean()
            except forms.ValidationError as error:
                self.add_error("new_acronym", " ".join(error.messages))
            else:
                cleaned["entities"] = [*cleaned.get("entities", []), acronym]
        # What was known of it already says nothing of what is not.
        said = name or not set(self.changed_data).isdisjoint(SPEAKS_OF[self.written.column])
        if self.written.unknown and not said and not cleaned.get("nothing") and not self.errors:
            raise forms.ValidationError(_("Say what this means, or that it says nothing."))
        return cleaned

    @property
    def reading(self) -> Reading:
        """What the text is read as."""
        found = {name: self.cleaned_data.get(name) for name in SPEAKS_OF[self.written.column]}
        return {name: value for name, value in found.items() if value}

    @property
    def new_entity(self) -> dict[str, str]:
        """The acronym and name of an entity that comes into the directory, if any."""
        name = self.cleaned_data.get("new_name", "").strip()
        return {self.cleaned_data["new_acronym"].strip(): name} if name else {}

    @property
    def alias(self) -> list[tuple[str, str]]:
        """The entity that gets another name, and the name, if any."""
        acronyms = self.cleaned_data.get("entities", [])
        if not self.cleaned_data.get("keep") or len(acronyms) != 1:
            return []
        return [(acronyms[0], " ".join(self.written.text.replace(SEPARATOR, " ").split()))]


class AnnexAdmin(ReadOnlyAdmin):
    """Takes a sheet with columns of its own to the preview that every import has."""

    # As BatchAdmin has them.
    _allow: Callable[[bool], None]
    _page: Callable[..., HttpResponseBase]
    has_import_permission: Callable[[Any], bool]

    def get_urls(self):
        roads: list[tuple[str, Callable[..., HttpResponseBase], str]] = [
            ("<int:pk>/map/", self.map_view, "projects_batch_map"),
            ("<int:pk>/translate/", self.translate_view, "projects_batch_translate"),
            ("<int:pk>/match/", self.match_view, "projects_batch_match"),
        ]
        return [
            *(path(road, self.admin_site.admin_view(view), name=n) for road, view, n in roads),
            *super().get_urls(),
        ]

    def _annex(self, request, pk: int) -> Annex:
        self._allow(self.has_import_permission(request))
        batch = get_object_or_404(Batch, pk=pk, kind=Batch.Kind.IMPORT, applied_at=None)
        if not batch.sheet:
            raise Http404
        return Annex(batch)

    def map_view(self, request, pk):
        """Show what the columns of a sheet are read as; a POST says so."""
        annex = self._annex(request, pk)
        page = LayoutPage(annex, request.POST if request.method == "POST" else None)
        if request.method == "POST" and page.is_valid:
            try:
                return self._keep_layout(request, annex, page)
            except Refused as error:
                page.form.add_error(None, str(error))
        context = {
            "title": _("What the columns of “%s” are") % annex.batch.file_name,
            "batch": annex.batch,
            "page": page,
            # What could be read led on.
            "is_refused": request.method == "POST",
            "mappings": Mapping.objects.values_list("name", flat=True),
        }
        status = 400 if context["is_refused"] else 200
        return self._page(request, "admin/annex_map.html", context, status)

    def _keep_layout(self, request, annex: Annex, page: "LayoutPage"):
        """Keep what was said; other headings are shown first. Raises Refused if it is no layout."""
        layout = page.layout()
        same = not layout.headers or layout.headers == annex.layout.headers
        if same:
            check(layout)
        else:
            layout.columns = columns_called(annex.sheet, layout.headers)
            messages.warning(request, _("The headings are others now: look at the columns."))
        name = page.form.cleaned_data["keep_as"].strip()
        annex.keep_layout(layout, name, request.user, is_mapped=same)
        step = "translate" if same else "map"
        return redirect(f"admin:projects_batch_{step}", annex.batch.pk)

    def translate_view(self, request, pk):
        """Show what different values are read as; a POST says so, and leads to the next of them."""
        annex = self._annex(request, pk)
        if not annex.options.get("is_mapped"):
            return redirect("admin:projects_batch_map", pk)
        waiting = annex.to_translate(with_known="again" in request.GET)
        if not waiting:
            return redirect("admin:projects_batch_match", pk)
        translator = Translator()
        may_name = request.user.has_perm("projects.add_entity")
        given = request.POST if request.method == "POST" else None
        page = [
            ReadingForm(given, prefix=str(n), written=one, translator=translator, may_name=may_name)
            for n, one in enumerate(waiting[:VALUES_A_PAGE])
        ]
        if request.method == "POST" and not _faulty(page):
            annex.keep_readings(
                [(form.written, form.reading) for form in page],
                {acronym: name for form in page for acronym, name in form.new_entity.items()},
                [pair for form in page for pair in form.alias],
                request.user,
            )
            return redirect(request.path)
        faulty = _faulty(page) if given else 0
        context = {
            "title": _("What the values of “%s” mean") % annex.batch.file_name,
            "batch": annex.batch,
            "columns": _by_column(page),
            "faulty": faulty,
            "asked": sum(form.written.is_asked for form in page),
            "waiting": len(waiting),
            "shown": len(page),
            "left_out": annex.left_out(),
        }
        return self._page(request, "admin/annex_translate.html", context, 400 if faulty else 200)

    def match_view(self, request, pk):
        """Show which entries the rows are about, and the figures then; a POST changes that."""
        annex = self._annex(request, pk)
        if not annex.options.get("is_mapped") or annex.to_translate():
            return redirect("admin:projects_batch_translate", pk)
        may_set_aside = request.user.has_perm("projects.delete_project")
        given, faults = _chosen(request.POST) if request.method == "POST" else ({}, {})
        try:
            if request.method == "POST" and not faults:
                is_complete = may_set_aside and "is_complete" in request.POST
                annex.keep_choices(given, is_complete)
                if "go_on" not in request.POST:
                    return redirect(request.get_full_path())
                annex.keep_matching(annex.match())
                return redirect("admin:projects_batch_preview", pk)
            found = annex.match()
        except Refused as error:
            messages.error(request, str(error))
            return redirect("admin:projects_batch_map", pk)
        paginator = Paginator(found.matches, MATCHES_A_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        context = {
            "title": _("Which entries the rows of “%s” are about") % annex.batch.file_name,
            "batch": annex.batch,
            "matching": found,
            "may_set_aside": may_set_aside,
            "is_complete": bool(annex.options.get("is_complete")),
            "figures": _figures(found),
            "page": page,
            "page_rows": [
                (one, was, given.get(one.place, was), faults.get(one.place, ""))
                for one in page
                for was in [_reference_of(one)]
            ],
            "How": How,
            "faults": faults,
        }
        return self._page(request, "admin/annex_match.html", context, 400 if faults else 200)


class LayoutPage:
    """The forms of the page that maps a sheet."""

    def __init__(self, annex: Annex, given):
        layout = annex.layout
        self.annex = annex
        self.examples = annex.columns_under(layout)
        self.sections = sections_of(annex.sheet, layout)[:10]
        initial = {f"all-{name}": text for name, text in layout.constants.items()}
        initial |= {"sections": layout.sections, "names": layout.names}
        initial |= {"keep_as": annex.options.get("mapping", "")}
        self.form = LayoutForm(given, initial=initial)
        self.headers = [
            (name, HeaderForm(given, prefix=f"sheet-{n}", initial={"lines": _lines(header)}))
            for n, (name, header) in enumerate(self._sheets(layout))
        ]
        self.columns = [
            ColumnForm(
                given,
                prefix=f"column-{n}",
                about=one.heading,
                initial={
                    "is_of": layout.columns.get(one.heading, ""),
                    "down": one.heading in layout.down,
                },
            )
            for n, one in enumerate(self.examples)
        ]

    def _sheets(self, layout: Layout) -> Iterator[tuple[str, list[int]]]:
        for name, _lines_of in sheets_of(self.annex.sheet):
            yield name, layout.headers.get(name, [])

    @property
    def rows(self) -> list[tuple[Any, ColumnForm]]:
        """Each column with its form."""
        return list(zip(self.examples, self.columns, strict=True))

    @cached_property
    def is_valid(self) -> bool:
        """Whether all that was sent can be read."""
        forms_ = [self.form, *self.columns, *(form for _name, form in self.headers)]
        return not _faulty(forms_)

    def layout(self) -> Layout:
        """Return what was sent."""
        given = self.form.cleaned_data
        return Layout(
            headers={name: form.header for name, form in self.headers if form.header},
            columns={one.shown: one.cleaned_data["is_of"] for one in self.columns},
            down=[one.shown for one in self.columns if one.cleaned_data["down"]],
            sections=given["sections"],
            names=given["names"],
            constants=self.form.constants,
        )


def _faulty(some: Iterable[forms.Form]) -> int:
    """Return how many of the forms have faults; all are looked at, so that all faults show."""
    return sum(not form.is_valid() for form in some)


def _lines(header: list[int]) -> str:
    return "-".join(str(line) for line in dict.fromkeys(header))


def _by_column(page: list[ReadingForm]) -> list[tuple[str, list[ReadingForm]]]:
    found: dict[str, list[ReadingForm]] = {}
    for form in page:
        found.setdefault(form.written.column, []).append(form)
    return [(label_of(column), some) for column, some in found.items()]


def _chosen(given) -> tuple[dict[int, str], dict[int, str]]:
    """Return the references that somebody gave for rows instead of those shown, and the faults."""
    chosen: dict[int, str] = {}
    faults: dict[int, str] = {}
    for name, text in given.items():
        named = _ENTRY.fullmatch(name)
        reference = text.strip().upper()
        if named and reference != given.get(f"was-{named[1]}", ""):
            chosen[int(named[1])] = reference
    there = Project.live.filter(reference__in=filter(None, chosen.values()))
    known = set(there.values_list("reference", flat=True))
    wanted = [one for one in chosen.values() if one]
    for place, reference in chosen.items():
        if reference and reference not in known:
            faults[place] = _("The register has no %s.") % reference
        elif reference and wanted.count(reference) > 1:
            faults[place] = _("%s is given for two rows.") % reference
    return chosen, faults


def _reference_of(match: Match) -> str:
    return match.entry.reference if match.entry else match.values.get("reference", "")


def _figures(found: Matching) -> list[tuple[Reconciled, Reconciled]]:
    """Return the report's figures, each as the register has it and as it will."""
    report = Report.objects.basis()
    if report is None:
        return []
    before = Project.published.cube()
    after = Cube([*before.combinations, *found.moved()])
    return list(zip(reconcile(report, before), reconcile(report, after), strict=True))
