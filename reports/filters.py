"""What pages about the register take besides its filters."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking.fields import ChoiceField, QueryString
from projects.asking.filters import CLASSIFICATIONS, FACET_LABELS, ProjectFilter
from projects.models import LIVE_SLUG

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


DIMENSIONS = [(dimension, FACET_LABELS[dimension]) for dimension in CLASSIFICATIONS]

# Stands where the slug of a report could, for a draft that is compared with none.
NOTHING = "nothing"


class QueryField(forms.Field):
    """A query string of the list, encoded as one value; the value is a valid ProjectFilter."""

    widget = forms.MultipleHiddenInput
    allowed = ""

    def clean(self, value):
        if len(value or []) > 1:
            raise forms.ValidationError(_("given %d times, allowed once") % len(value))
        projects = ProjectFilter(QueryDict((value or [""])[0].removeprefix("?")))
        if not projects.is_valid():
            raise forms.ValidationError(projects.messages)
        return projects


class ComparisonQuery(QueryString):
    """Which two sets of projects are compared; each is the whole register if not given."""

    a = QueryField(label=gettext_lazy("Query A"))
    b = QueryField(label=gettext_lazy("Query B"))


class DraftQuery(QueryString):
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
            (NOTHING, _("Nothing")),
            *((value, str(one)) for value, one in self.known.items()),
        ]

    @property
    def of_edition(self):
        """The edition that the draft is of, None for the live register."""
        return self.editions.get(self._asked("edition"))

    @property
    def compared_with(self):
        """The report or edition that it is compared with, or None."""
        return self.known.get(self._asked("against"))

    def _asked(self, name: str) -> str:
        default = {"edition": LIVE_SLUG, "against": NOTHING}
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


class CrossTableFilter(ProjectFilter):
    """The register's filters, and which cross-table of the projects is asked for."""

    shown_by = (*ProjectFilter.shown_by, "rows", "columns", "view", "percent")

    rows = ChoiceField(DIMENSIONS, label=gettext_lazy("Rows"))
    columns = ChoiceField(DIMENSIONS, label=gettext_lazy("Columns"))
    view = ChoiceField(VIEWS, label=gettext_lazy("Cells"))
    percent = ChoiceField(PERCENTAGES, label=gettext_lazy("Shown as"))

    def clean(self):
        super().clean()
        if not self.errors and self.row_dimension == self.column_dimension:
            self.add_error("columns", _("“%s” is already in the rows") % self.column_dimension)
        if not self.errors and self.cell_view == "range" and self.percentage != "none":
            self.add_error("percent", _("“%s” cannot be had of a range") % self.percentage)
        return self.cleaned_data

    @property
    def row_dimension(self) -> str:
        """The dimension of the rows."""
        return (self.cleaned_data["rows"] or ["priority_area"])[0]

    @property
    def column_dimension(self) -> str:
        """The dimension of the columns; the areas when the scopes are rows and none is given."""
        other = "priority_area" if self.row_dimension == "scope" else "scope"
        return (self.cleaned_data["columns"] or [other])[0]

    @property
    def cell_view(self) -> str:
        """What a cell says: "register", "documented" or "range"."""
        return (self.cleaned_data["view"] or ["register"])[0]

    @property
    def percentage(self) -> str:
        """What a cell is a percentage of: "row", "column", "all", or "none" for numbers."""
        return (self.cleaned_data["percent"] or ["none"])[0]

    @property
    def selectors(self) -> list[tuple]:
        """The page's choices as (name, label, options), an option as (value, label, chosen)."""
        now = {
            "rows": self.row_dimension,
            "columns": self.column_dimension,
            "view": self.cell_view,
            "percent": self.percentage,
        }
        return [
            (
                name,
                self.fields[name].label,
                [(value, label, value == chosen) for value, label in self.fields[name].choices],
            )
            for name, chosen in now.items()
        ]

    @property
    def shown_as(self) -> dict[str, str]:
        """What the cells say, and as what, in words by label."""
        asked = {"view": self.cell_view, "percent": self.percentage}
        return {
            str(self.fields[name].label): self.label(name, value) for name, value in asked.items()
        }

    @property
    def asked_pairs(self) -> list[tuple[str, str]]:
        """What narrows the register, as (parameter, value): a form carries it along unseen."""
        return [(name, value) for name, values in self.asked.items() for value in values]
