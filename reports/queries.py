"""What pages about the register take, besides its filters or instead of them."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking import CLASSIFICATIONS, FACET_LABELS, ProjectFilter
from projects.asking.fields import ChoiceField, QueryForm
from projects.asking.filters import Choice
from projects.models import LIVE_SLUG

from .models import NO_REPORT

VIEWS = [
    ("register", gettext_lazy("Register")),
    ("documented", gettext_lazy("Documented only")),
    ("range", gettext_lazy("Possible range")),
]
PERCENTAGES = [
    ("none", gettext_lazy("Numbers")),
    ("row", gettext_lazy("Per cent of row")),
    ("column", gettext_lazy("Per cent of column")),
    ("all", gettext_lazy("Per cent of all")),
]
DIMENSION_CHOICES = [(dimension, FACET_LABELS[dimension]) for dimension in CLASSIFICATIONS]
# What a cross-table is of when its address does not say; scopes as rows ask for the areas.
USUAL_ROWS, USUAL_COLUMNS = "priority_area", "scope"


class QueryField(forms.Field):
    """A query string of the list, encoded as one value; the value is the Selection it asks for."""

    widget = forms.MultipleHiddenInput
    allowed = ""

    def clean(self, value):
        if len(value or []) > 1:
            raise forms.ValidationError(_("given %d times, allowed once") % len(value))
        reader = ProjectFilter(QueryDict((value or [""])[0].removeprefix("?")))
        if not reader.is_valid():
            raise forms.ValidationError(reader.messages)
        return reader.selection


class ComparisonQuery(QueryForm):
    """Which two sets of projects are compared; each is the whole register if not given."""

    a = QueryField(label=gettext_lazy("Query A"))
    b = QueryField(label=gettext_lazy("Query B"))


class DraftQuery(QueryForm):
    """Of which edition a draft is, and with what it is compared.

    Not given means the live register, compared with nothing. `against` is a report's slug, or
    "edition:" and an edition's.
    """

    edition = ChoiceField(label=gettext_lazy("Figures of"))
    against = ChoiceField(label=gettext_lazy("Mark what differs from"))

    def __init__(self, data, reports, editions):
        super().__init__(data)
        self.editions = {edition.slug: edition for edition in editions}
        self.known = {report.slug: report for report in reports}
        self.known |= {f"edition:{slug}": edition for slug, edition in self.editions.items()}
        self.fields["edition"].choices = [
            (LIVE_SLUG, _("The live register")),
            *((slug, str(edition)) for slug, edition in self.editions.items()),
        ]
        self.fields["against"].choices = [
            (NO_REPORT, _("Nothing")),
            *((value, str(one)) for value, one in self.known.items()),
        ]

    @property
    def drafted_edition(self):
        """The edition that the draft is of, None for the live register."""
        return self.editions.get(self._asked("edition"))

    @property
    def compared_with(self):
        """The report or edition that it is compared with, or None."""
        return self.known.get(self._asked("against"))

    def _asked(self, name: str) -> str:
        default = {"edition": LIVE_SLUG, "against": NO_REPORT}
        return (self.cleaned_data[name] or [default[name]])[0]

    @property
    def selectors(self) -> list[tuple]:
        """The page's choices as (name, label, options), an option as (value, label, chosen)."""
        return [
            (
                name,
                field.label,
                [(value, label, value == self._asked(name)) for value, label in field.choices],
            )
            for name, field in self.fields.items()
        ]


class CrossTableForm(QueryForm):
    """Refuses a table of a dimension by itself, and percentages of ranges."""

    def clean(self):
        super().clean()
        if not self.errors:
            chosen = layout_of(self.cleaned_data)
            if chosen["rows"] == chosen["columns"]:
                self.add_error("columns", _("“%s” is already in the rows") % chosen["columns"])
            if chosen["view"] == "range" and chosen["percent"] != "none":
                self.add_error("percent", _("“%s” cannot be had of a range") % chosen["percent"])
        return self.cleaned_data


def layout_of(given: dict[str, list[str]]) -> dict[str, str]:
    """Return rows, columns, view and percent, those that are not given as they usually are."""
    rows = (given.get("rows") or [USUAL_ROWS])[0]
    other = USUAL_ROWS if rows == USUAL_COLUMNS else USUAL_COLUMNS
    return {
        "rows": rows,
        "columns": (given.get("columns") or [other])[0],
        "view": (given.get("view") or ["register"])[0],
        "percent": (given.get("percent") or ["none"])[0],
    }


class CrossTableFilter(ProjectFilter):
    """The register's filters, and which cross-table of the projects is asked for."""

    layout = ("rows", "columns", "view", "percent")

    rows = Choice(choices=DIMENSION_CHOICES, label=gettext_lazy("Rows"))
    columns = Choice(choices=DIMENSION_CHOICES, label=gettext_lazy("Columns"))
    view = Choice(choices=VIEWS, label=gettext_lazy("Cells"))
    percent = Choice(choices=PERCENTAGES, label=gettext_lazy("Shown as"))

    class Meta(ProjectFilter.Meta):
        form = CrossTableForm

    @property
    def chosen(self) -> dict[str, str]:
        """The layout asked for, by parameter."""
        return layout_of(self.form.cleaned_data)

    @property
    def selectors(self) -> list[tuple]:
        """The page's choices as (name, label, options), an option as (value, label, chosen)."""
        return [
            (
                name,
                self.form.fields[name].label,
                [
                    (value, label, value == chosen)
                    for value, label in self.form.fields[name].choices
                ],
            )
            for name, chosen in self.chosen.items()
        ]

    @property
    def shown_as(self) -> dict[str, str]:
        """What the cells say, and as what, in words by label."""
        fields = self.form.fields
        return {
            str(fields[name].label): str(dict(fields[name].choices)[self.chosen[name]])
            for name in ("view", "percent")
        }
