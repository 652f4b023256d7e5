"""Figures to add to a report, one a row: typed into cells, or pasted from Word or Excel."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from projects.asking import FACET_LABELS
from projects.columns import PROJECT_TABLE
from projects.imports.reading import Translator
from projects.text import letters_and_digits, plain_newlines
from projects.vocabulary import Comparator
from reports.models import FIGURE_TABLE, Figure, Report, Unit
from reports.models.figure import COUNTED_BY

# The cells of a row with their headings, in the order of a table without any.
CELLS = {
    **{"dimension": _("Dimension"), "choice": _("Value"), "comparator": _("Comparator")},
    **{"value": _("Number"), "unit": _("Unit"), "paragraph": _("Paragraph")},
}
# The cells where errors of a figure's other fields are shown.
_CELLS_OF = {"query": "choice", "category": "choice", "address": "paragraph"}
# A request has at most a thousand fields, and a row has eight.
MOST_ROWS = 100
_DIMENSIONS = {one: label for one, label in FACET_LABELS.items() if one in COUNTED_BY}
_TIMES = re.compile(r"\s*×\s*|\s+x\s+", re.IGNORECASE)
_PARAGRAPHS = re.compile(
    r"(?:paragraphs?|paras?\.?|¶+)?\s*(\d{1,6}(?:\s*,\s*\d{1,6})*)", re.IGNORECASE
)


def _key(text: Any) -> str:
    return letters_and_digits(str(text)).removesuffix("s")


def _not_allowed(value: str, words: Any) -> str:
    known = {"value": value, "labels": "; ".join(map(str, words))}
    return _("“%(value)s” is not allowed. Allowed: %(labels)s.") % known


class WordCell(forms.CharField):
    """A value of a vocabulary by its slug or its label, in any case."""

    def __init__(self, name: str, usual: str = "") -> None:
        super().__init__(required=False)
        self.column, self.usual = FIGURE_TABLE.by_name[name], usual

    def clean(self, value: Any) -> str:
        """Return the slug, that of an empty cell too."""
        text = super().clean(value)
        # No keyboard has the sign.
        slugs = self.column.slugs_of(text.replace(">=", "≥") or self.usual)
        if slugs is None:
            raise ValidationError(_not_allowed(text, self.column.labels.values()))
        return "".join(slugs)


class NumberCell(forms.RegexField):
    default_error_messages = {
        "invalid": _("“%(value)s” is no whole number, or may be a fraction: write 1234 or 1,234.")
    }

    def __init__(self) -> None:
        # One point can separate a fraction, so two are needed.
        thousands = r"\d{1,3}(?:([\s,'’])\d{3}(?:\1\d{3})*|(?:\.\d{3}){2,})"
        super().__init__(rf"^(?:\d+|{thousands})\Z", max_length=30)

    def clean(self, value: Any) -> int:
        """Return the number without separators of thousands."""
        return int(re.sub(r"\D", "", super().clean(value)))


class ParagraphCell(forms.CharField):
    def to_python(self, value: Any) -> str:
        """Return the numbers of “para. N”; anything else as it is, which a figure refuses."""
        text = super().to_python(value) or ""
        found = _PARAGRAPHS.fullmatch(text)
        return ", ".join(str(int(one)) for one in re.findall(r"\d+", found[1])) if found else text


class Vocabulary:
    """What dimensions and values are called, by the register and by a report."""

    def __init__(self, report: Report) -> None:
        self.translator = Translator()
        words = [(one, name) for name, label in _DIMENSIONS.items() for one in (name, label)]
        self.dimensions = {_key(one): name for one, name in words}
        self.own: dict[tuple[str, str], str] = {}
        for one in report.categories.all() if report.pk else ():
            name = one.classification
            self.dimensions.setdefault(_key(name), name)
            for word in (one.slug, one.label):
                self.own[name, letters_and_digits(word)] = one.slug

    def slug_of(self, name: str, value: str) -> str:
        """Return the slug that a value means; one that nobody knows as it is."""
        column, key = PROJECT_TABLE.facets.get(name), letters_and_digits(value)
        if column and column.linked_by:
            found = getattr(self.translator, column.name).look_up(value)
            return min(found) if len(found) == 1 else value
        slug = self.translator.values[column.name].get(key) if column else ""
        return self.own.get((name, key)) or (slug if column and slug in column.labels else value)


class FigureRow(forms.ModelForm):
    """A row of six cells: the first two say what the figure counts."""

    dimension = forms.CharField(required=False)
    choice = forms.CharField(required=False)
    comparator = WordCell("comparator", Comparator.EQUAL)
    value = NumberCell()
    unit = WordCell("unit")
    paragraph = ParagraphCell(required=False)
    vocabulary: Vocabulary

    class Meta:
        model = Figure
        fields = [*CELLS][2:]
        labels = CELLS  # which Django's admin has as headings

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {}  # an empty comparator is an empty cell
        for name, label in CELLS.items():
            self.fields[name].label = self.fields[name].widget.attrs["aria-label"] = label

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        unit = cleaned.pop("unit", None)  # without one a figure is compared with no other
        dimensions, values = (_parts(cleaned.get(one) or "") for one in ("dimension", "choice"))
        by_label = self.vocabulary.dimensions
        for dimension in dimensions:
            if _key(dimension) not in by_label:
                labels = [_DIMENSIONS.get(name, name) for name in dict.fromkeys(by_label.values())]
                raise ValidationError({"dimension": _not_allowed(dimension, labels)})
        names = [by_label[_key(one)] for one in dimensions]
        if not len(values) == len(names) == len({*names}):
            message = _("Write as many different dimensions as values, with × between two.")
            raise ValidationError(dict.fromkeys(("dimension", "choice"), message))
        slugs = map(self.vocabulary.slug_of, names, values)
        query = urlencode([*zip(names, slugs, strict=True)])
        is_own = not _DIMENSIONS.keys() >= {*names}
        self.instance.query, self.instance.category = ("", query) if is_own else (query, "")
        if unit is not None:
            cleaned["unit"] = unit or (Unit.MENTIONS if names == ["region"] else Unit.PROJECTS)
        return cleaned

    def add_error(self, field: str | None, error: Any) -> None:
        """Mark the cell that a field of the figure comes from."""
        if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
            found = error.error_dict.items()
            error = ValidationError({_CELLS_OF.get(name, name): some for name, some in found})
        super().add_error(field, error)


def _parts(cell: str) -> list[str]:
    """Return what has × between it; nothing for all projects."""
    is_of_all = letters_and_digits(cell) in ("", letters_and_digits(str(_("All projects"))))
    return [] if is_of_all else [one for one in _TIMES.split(cell) if one]


def read_table(pasted: str) -> list[tuple[dict[str, str], int]]:
    """Return each line's cells by name, and how many it has if not one for each column.

    The first line names the columns if it has two headings or more. Raises ValidationError.
    """
    lines = [line.split("\t") for line in plain_newlines(pasted).split("\n") if line.strip()]
    names, names_of = [*CELLS], {_key(label): name for name, label in CELLS.items()}
    if lines and sum(_key(one) in names_of for one in lines[0]) > 1:
        headings = "\t".join(lines.pop(0)).rstrip().split("\t")
        names = [names_of.pop(_key(one), "") for one in headings]
        if "" in names:
            raise ValidationError(_not_allowed(headings[names.index("")], CELLS.values()))
    rows = []
    for line in lines:
        cells = [one.strip() for one in line[: len(names)]]
        more = [one.strip() for one in line[len(names) :] if one.strip()]
        count = len(cells) + len(more)
        cells[-1] = " | ".join([cells[-1], *more])  # nothing is lost
        rows.append((dict(zip(names, cells, strict=False)), count if count != len(names) else 0))
    return rows


class NewFigures(forms.BaseInlineFormSet):
    """Figures that are added; none may contradict another of its report.

    The lines of a pasted table become rows, once, as if they had been typed. They stay `pasted` if
    the table is refused. “Check” finds the errors that “Save” finds, and saves nothing.
    """

    data: QueryDict

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vocabulary = Vocabulary(self.instance)
        self.pasted_name = f"{self.prefix}-pasted"
        self.pasted = self.data.get(self.pasted_name, "")
        self.refused: ValidationError | None = None
        # By row: how many cells a pasted line has that has not one for each column.
        self.uneven: dict[int, int] = {}
        if self.pasted:
            try:
                self._add(read_table(self.pasted))
            except ValidationError as error:
                self.refused = error

    def _add(self, lines: list[tuple[dict[str, str], int]]) -> None:
        """Add rows after those that somebody typed into."""
        total = self.total_form_count()
        typed = [n for n in range(total) if any(self.data.get(self._name(n, one)) for one in CELLS)]
        first = max(typed, default=-1) + 1
        if first + len(lines) > MOST_ROWS:
            message = _("At most %d figures can be added at once: paste the others after saving.")
            raise ValidationError(message % MOST_ROWS)
        self.data, self.pasted = self.data.copy(), ""
        for place, (line, count) in enumerate(lines, first):
            for name, cell in line.items():
                self.data[self._name(place, name)] = cell
            if count:
                self.uneven[place] = count
        self.data[f"{self.prefix}-TOTAL_FORMS"] = str(max(total, first + len(lines)))
        del self.management_form  # which had the number of rows before

    def _name(self, place: int, cell: str) -> str:
        return f"{self.prefix}-{place}-{cell}"

    @property
    def checked(self) -> str:
        """What “Check” says if nothing is wrong."""
        number = sum(form.has_changed() for form in self.forms)
        text = _("No errors. Figures that can be saved: %d. Nothing is saved yet.")
        return text % number if "_check" in self.data else ""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.vocabulary = self.vocabulary

    def clean(self) -> None:
        super().clean()
        there: list[Figure] = []
        for form in self.forms:
            if form.has_changed() and form.is_valid():
                try:
                    form.instance.check_parts(there)
                except ValidationError as error:
                    form.add_error(None, error)
                there.append(form.instance)
        for place, count in self.uneven.items():
            message = _("Cells in the pasted line: %d. Paste one for each column.")
            self.forms[place].add_error(None, message % count)
        if self.refused:
            raise self.refused

    def is_valid(self) -> bool:
        return super().is_valid() and "_check" not in self.data
