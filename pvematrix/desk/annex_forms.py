"""The forms of the pages that take a sheet in: what its columns mean, what its values mean."""

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.annex.annex import Annex
from projects.annex.mapping import CONSTANTS, TARGETS, Layout, sections_of
from projects.asking.published import published
from projects.columns import PROJECT_TABLE, SEPARATOR
from projects.imports.meanings import OF_SECTIONS, REGION_OF, SPEAKS_OF, UNKNOWN, Reading, Written
from projects.imports.reading import Translator
from projects.models import Entity
from projects.models.fields import NOT_A_DATE, PARTIAL_DATE
from projects.text import plain_newlines
from projects.vocabulary import Basis, InMatrix, Provenance

from .forms import UNSEEN, LineField, field_of, tick

# What a column's cells can stand for, one tick each.
_TICKS = ("down", "ditto", "day_first")
_ACRONYM = re.compile(r"[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*")
_LINES = re.compile(r"([0-9]{1,6})(?:\s*[-–]\s*([0-9]{1,6}))?")
_LINES_HELP = gettext_lazy("One row, e.g. 3, or two, e.g. 3-4. Leave it empty to skip the sheet.")


def label_of(column: str) -> str:
    if column == REGION_OF:
        return _("Region that a country is in")
    return str(PROJECT_TABLE.by_name[column].label)


def _choices(names: Iterable[str], empty: Any = "—") -> list[tuple[str, str]]:
    return [("", empty), *((name, label_of(name)) for name in names)]


_of_sections = partial(_choices, OF_SECTIONS)


class SubjectForm(forms.Form):
    """A form about a part of the sheet; it refuses what a page that is out of date sent."""

    about = forms.CharField(widget=forms.HiddenInput, strip=False)

    def __init__(self, *args: Any, about: str, **kwargs: Any) -> None:
        kwargs["initial"] = {**kwargs.get("initial", {}), "about": about}
        super().__init__(*args, **kwargs)
        self.subject = about

    def clean_about(self) -> str:
        """Return what the page that was sent is about."""
        # Browsers send two characters for a line break.
        about = plain_newlines(self.cleaned_data["about"])
        if about != plain_newlines(self.subject):
            raise forms.ValidationError(UNSEEN)
        return about


class HeaderForm(forms.Form):
    """The lines of a sheet that have its headings; empty leaves the sheet out."""

    lines = forms.RegexField(
        _LINES.pattern + r"\Z",
        label=gettext_lazy("Headings in rows"),
        required=False,
        help_text=_LINES_HELP,
        error_messages={"invalid": _LINES_HELP},
        widget=forms.TextInput(attrs={"size": 7}),
    )

    @property
    def header(self) -> list[int]:
        found = _LINES.fullmatch(self.cleaned_data["lines"])
        if not found:
            return []
        first = int(found[1])
        last = int(found[2] or first)
        return [min(first, last), min(max(first, last), first + 1)]


class ColumnForm(SubjectForm):
    is_of = forms.ChoiceField(
        label=gettext_lazy("Read as"),
        required=False,
        choices=partial(_choices, TARGETS, gettext_lazy("Leave out")),
    )
    down = tick(gettext_lazy("An empty cell means the one above"))
    ditto = tick(gettext_lazy("″ or “idem” means the cell above"))
    day_first = tick(gettext_lazy("The day comes first: 03/09 is in September"))


class LayoutForm(forms.Form):
    """What is the same of all rows, what headings of sections and names of sheets say."""

    sections = forms.ChoiceField(
        label=gettext_lazy("Headings of sections say the"),
        required=False,
        choices=_of_sections,
    )
    names = forms.ChoiceField(
        label=gettext_lazy("Names of sheets say the"), required=False, choices=_of_sections
    )
    keep_as = LineField(label=gettext_lazy("Keep this mapping as"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        symbol = published().symbol or _("the report")
        self.fields["all-in_matrix"] = forms.ChoiceField(
            label=_("These rows are"),
            choices=[
                (InMatrix.YES.value, _("the matrix that %s counts") % symbol),
                (InMatrix.NO.value, _("other projects: new drafts")),
            ],
            widget=forms.RadioSelect(attrs={"class": "radiolist"}),
        )
        for name in CONSTANTS[1:]:
            self.fields[f"all-{name}"] = field_of(
                name,
                label_of(name),
                # What is filled in is never chosen, and no row is a placeholder.
                left_out=(Basis.ALLOCATED, Provenance.COUNTED),
                kind=LineField,
                max_length=300,
                widget=forms.TextInput(attrs={"class": "vTextField"}),
                help_text="" if name == "source" else _("Separate several values with semicolons."),
            )

    @property
    def constants(self) -> dict[str, str]:
        given = {name: self.cleaned_data[f"all-{name}"] for name in CONSTANTS}
        given["regions"] = SEPARATOR.join(given["regions"])
        return {name: text.strip() for name, text in given.items() if text.strip()}


class ReadingForm(SubjectForm):
    """What a text of a sheet is read as; for an entity that is unknown, a name of a new one.

    One that is asked about has no value yet, but perhaps a proposal, which all of can be accepted
    at once: `accepts` takes it where nothing else is said.
    """

    def __init__(
        self, *args: Any, written: Written, translator: Translator, accepts: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, about=written.text, **kwargs)
        self.written, self.translator, self.accepts = written, translator, accepts
        reading = {} if written.is_asked else written.reading
        names = reading.get("names", {})
        # Those that the directory has by now are not new.
        self.named = {one: names[one] for one in names if one in translator.new_entities}
        for name in SPEAKS_OF[written.column]:
            self.fields[name] = field_of(name, label_of(name), max_length=500)
            value = reading.get(name, [] if name == "regions" else "")
            listed = isinstance(value, list) and name != "regions"
            self.fields[name].initial = f"{SEPARATOR} ".join(value) if listed else value
        if written.column == "entities" and (written.is_asked or self.named):
            self._offer_new(reading)
        if written.is_asked:
            self.fields["nothing"] = tick(_("Ignore this value"))
        if self.proposal:
            self.fields = {"accept": tick(self.proposal), **self.fields}

    @cached_property
    def proposal(self) -> str:
        """The words of what is proposed, if it is asked about and something is."""
        return words_of_reading(self.written) if self.written.is_asked else ""

    def _offer_new(self, reading: Reading) -> None:
        # An entity named here before appears in these two fields, not among those of the directory.
        asked = acronym_in(self.written.text) if self.written.is_asked else ""
        acronym, name = next(iter(self.named.items()), (asked, ""))
        others = [one for one in reading.get("entities", []) if one not in self.named]
        self.fields["entities"].initial = f"{SEPARATOR} ".join(others)
        self.fields["new_acronym"] = forms.CharField(
            label=_("Acronym of a new entity"), required=False, max_length=30, initial=acronym
        )
        self.fields["new_name"] = forms.CharField(
            label=_("Name of a new entity"), required=False, max_length=300, initial=name
        )

    def clean_countries(self) -> list[str]:
        return self._looked_up("countries")

    def clean_entities(self) -> list[str]:
        return self._looked_up("entities")

    @property
    def coming(self) -> list[tuple[str, str]]:
        """The acronyms and names of the entities that would come into the directory."""
        read = self.written.reading.get("entities", [])
        return [one for one in self.translator.new_entities.items() if one[0] in read]

    def _looked_up(self, name: str) -> list[str]:
        found: set[str] = set()
        for part in filter(None, map(str.strip, self.cleaned_data[name].split(SEPARATOR))):
            matches = getattr(self.translator, name).look_up(part)
            if len(matches) != 1:
                raise forms.ValidationError(UNKNOWN[name] % part)
            found |= matches
        return sorted(found, key=str.casefold)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("start_date", "end_date"):
            if cleaned.get(name) and not re.fullmatch(PARTIAL_DATE, cleaned[name]):
                self.add_error(name, NOT_A_DATE)
        acronym, name = (cleaned.get(one, "").strip() for one in ("new_acronym", "new_name"))
        if name:
            try:
                Entity(acronym=acronym, name=name).full_clean()
            except forms.ValidationError as error:
                self.add_error("new_acronym", " ".join(error.messages))
            else:
                cleaned["entities"] = [*dict.fromkeys([*cleaned.get("entities", []), acronym])]
        said = name or {*self.changed_data} & {*SPEAKS_OF[self.written.column]}
        self.takes = bool(self.proposal) and not said and not cleaned.get("nothing")
        self.takes &= self.accepts or bool(cleaned.get("accept"))
        answers = said or self.takes or cleaned.get("nothing")
        if self.written.is_asked and not answers and not self.errors:
            raise forms.ValidationError(_("Choose a meaning, or ignore it."))
        return cleaned

    @property
    def is_said(self) -> bool:
        """Whether it is answered, or said otherwise than it was read."""
        return self.written.is_asked or bool({*self.changed_data} - {"about"})

    @property
    def reading(self) -> Reading:
        if self.takes:
            return self.written.reading | {"is_ours": True}
        found = {name: self.cleaned_data.get(name) for name in SPEAKS_OF[self.written.column]}
        if name := self.cleaned_data.get("new_name", "").strip():
            found["names"] = {self.cleaned_data["new_acronym"].strip(): name}
        found["is_ours"] = True
        return {name: value for name, value in found.items() if value}


def words_of_reading(written: Written) -> str:
    """Return what a text is read as, in words: "Regional · Africa"."""
    found = (words_of(name, written.reading.get(name, ())) for name in SPEAKS_OF[written.column])
    return " · ".join(filter(None, found))


def words_of(column: str, value: str | Iterable[str]) -> str:
    several = [value] if isinstance(value, str) else [*value]
    known = [*dict(PROJECT_TABLE.by_name[column].vocabulary)] or sorted(several, key=str.casefold)
    ordered = [one for one in known if one in several] or several
    return PROJECT_TABLE.by_name[column].words(SEPARATOR.join(ordered))


def acronym_in(text: str) -> str:
    """Return the acronym that a name of an entity is itself, or has in brackets, or nothing."""
    bracketed = re.search(r"\(([A-Z][A-Za-z0-9-]{1,28})\)", text)
    if bracketed:
        return bracketed[1]
    bare = text.strip()
    short = len(bare) <= 12 and _ACRONYM.fullmatch(bare) and sum(map(str.isupper, bare)) > 1
    return bare.replace(" ", "-") if short else ""


class LayoutPage:
    """The forms of the page that maps a sheet; the fields `placed` have a place of their own."""

    placed = ("all-in_matrix", "sections", "names", "keep_as")

    def __init__(self, annex: Annex, given: QueryDict | None) -> None:
        layout = annex.layout
        self.sections = sections_of(annex.sheets, layout)[:10]
        self.read_by = annex.state.read_by
        initial: dict[str, Any] = {
            f"all-{name}": text.split(SEPARATOR) if name == "regions" else text
            for name, text in layout.constants.items()
        }
        initial |= {"sections": layout.sections, "names": layout.names}
        initial |= {"keep_as": annex.state.mapping}
        self.form = LayoutForm(given, initial=initial)
        self.of_matrix = self.form["all-in_matrix"]
        self.headers = []
        for n, sheet in enumerate(annex.sheets):
            initial = {"lines": _lines(layout.headers.get(sheet.name, []))}
            of_sheet = HeaderForm(given, prefix=f"sheet-{n}", initial=initial)
            self.headers.append((sheet.name, of_sheet))
        self.rows = []
        for n, read in enumerate(annex.columns_under(layout)):
            initial = {"is_of": layout.columns.get(read.heading, "")}
            initial |= {name: read.heading in getattr(layout, name) for name in _TICKS}
            form = ColumnForm(given, prefix=f"column-{n}", about=read.heading, initial=initial)
            self.rows.append((read, form))
        self.columns = [form for _column, form in self.rows]
        self.has_ditto = any(one.ditto or form["ditto"].value() for one, form in self.rows)
        self.has_dates = any(one.unclear for one, _form in self.rows)
        # Where no headings are known, the first lines are shown, to choose the one that has them.
        self.unknown = [] if layout.headers else [*enumerate(annex.sheets)]
        self.guessed = [sheet.marks for sheet in annex.sheets if sheet.marks.encoding]
        self.unread = [
            f"{sheet.name} {cell}".strip() for sheet in annex.sheets for cell in sheet.unread
        ]
        # Each row of the sample: its place, and what it has in the columns.
        self.sample = [
            (cells[0][0], [text for _place, text in cells])
            for cells in zip(*(column.sample for column, _form in self.rows), strict=True)
        ]

    @cached_property
    def is_valid(self) -> bool:
        return not count_invalid([self.form, *self.columns, *(one for _name, one in self.headers)])

    def layout(self) -> Layout:
        given = self.form.cleaned_data
        return Layout(
            headers={name: form.header for name, form in self.headers if form.header},
            columns={one.subject: one.cleaned_data["is_of"] for one in self.columns},
            **{
                name: [one.subject for one in self.columns if one.cleaned_data[name]]
                for name in _TICKS
            },
            sections=given["sections"],
            names=given["names"],
            constants=self.form.constants,
        )


def count_invalid(some: Iterable[forms.Form]) -> int:
    """Return the number of invalid forms, after validating all of them."""
    return sum(not form.is_valid() for form in some)


def _lines(header: list[int]) -> str:
    return "-".join(str(line) for line in dict.fromkeys(header))
