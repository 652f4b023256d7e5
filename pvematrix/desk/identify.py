"""Identify a project: the counted entries that a known project may be, best first."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.db.models import Count, Min
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from projects.columns import PROJECT_TABLE
from projects.cube import Combination, combination_from
from projects.evidence import known_documents, source_problem
from projects.models import Project
from projects.vocabulary import REGION_COLUMNS, Basis, InMatrix, Provenance, Region, Review, Scope

from . import affected_figures, swap
from .lists import MenuOfSeveral

REGIONS = tuple(REGION_COLUMNS.values())
KNOWN = (
    *("title", "summary", "source", "link", "in_matrix", "priority_area", "scope"),
    *("entities", "countries", "start_date", "end_date"),
)
# The places shown; others change more figures.
MOST_PLACES = 6


class KnownForm(forms.Form):
    required_css_class = "required"

    regions = forms.MultipleChoiceField(
        label=_("Regions"),
        required=False,
        choices=[(column, Region(region).label) for region, column in REGION_COLUMNS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    basis = forms.ChoiceField(
        label=_("Area, scope and regions are"),
        choices=[
            (Basis.STATED.value, Basis.STATED.label),
            (Basis.INFERRED.value, Basis.INFERRED.label),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, data, admin_site):
        super().__init__(data)
        widgets: dict[str, Any] = {
            name: MenuOfSeveral(Project._meta.get_field(name), admin_site)
            for name in ("entities", "countries")
        }
        wide = {"class": "vLargeTextField"}
        widgets |= {name: AdminTextInputWidget(wide) for name in ("title", "source", "link")}
        widgets["summary"] = AdminTextareaWidget({"rows": 4})
        self.fields = fields_for_model(Project, KNOWN, widgets=widgets) | self.fields
        countries: Any = self.fields["countries"]
        countries.queryset = countries.queryset.order_by("name")
        self.order_fields([*KNOWN[: KNOWN.index("entities")], "regions", "basis"])
        for name in self.fields:
            self.fields[name].required = name in ("title", "source", "basis")
        for name in KNOWN:
            # Django checks the model's rules on the record, and there is none yet. They include
            # the form's own, which would report the same error twice.
            stored: Any = Project._meta.get_field(name)
            self.fields[name].validators = list(stored.validators)
        for name in ("priority_area", "scope"):
            nothing = ("", _("The source does not say"))
            field: Any = self.fields[name]
            field.choices = [nothing, *(one for one in field.choices if one[0])]

    def clean(self):
        known: dict[str, Any] = super().clean() or {}
        if known.get("scope") == Scope.GLOBAL and known.get("regions"):
            self.add_error("scope", _("A global project has no region."))
        return known

    @property
    def source_problem(self) -> str:
        """Why an entry without a file is not confirmed by this source."""
        confirmed = {"provenance": Provenance.CONFIRMED, "review": Review.CHANGED}
        values = {**self.cleaned_data, **confirmed}
        return source_problem(None, values, known_documents(), has_file=False)


@dataclass(frozen=True)
class Place:
    """A counted entry that the project may be, with the number of similar entries.

    `differences` are the figures that would change; `partner` says which entry can take over the
    old place, so that none does. `data` is what its form would send.
    """

    project: Project
    similar: int
    after: str
    differences: list[str]
    partner: str
    data: list[tuple[str, Any]]


def places(known: dict[str, Any]) -> list[Place]:
    """Return the counted entries that the project may be, those that change least first.

    None of them if its source does not say that it is in the matrix.
    """
    if known["in_matrix"] != InMatrix.YES:
        return []
    counted = Project.published.filter(provenance=Provenance.COUNTED).order_by()
    kinds = counted.with_combination().values_list("combination")
    ranked = []
    for text, first, similar in kinds.annotate(Min("pk"), Count("pk")):
        place = combination_from(text, 1)
        if known["scope"] or place.scope != Scope.GLOBAL or not known["regions"]:
            ranked.append((_distance(known, place), first, similar))
    chosen = sorted(ranked)[:MOST_PLACES]
    found = Project.published.with_seen().in_bulk([first for _far, first, _alike in chosen])
    return [_place(found[first], similar, known) for _far, first, similar in chosen]


def _changes(known: dict[str, Any], place: Combination | Project) -> dict[str, Any]:
    """Return the known values of the place by field, without those that the source leaves open."""
    changes: dict[str, Any] = {}
    basis = known["basis"]
    for name in ("priority_area", "scope"):
        if known[name]:
            changes |= {name: known[name], f"{name}_basis": basis}
    if known["regions"]:
        changes |= {name: name in known["regions"] for name in REGIONS}
        changes["regions_basis"] = basis
    elif known["scope"] == Scope.GLOBAL:
        changes |= {**dict.fromkeys(REGIONS, False), "regions_basis": ""}
    return changes


def _distance(known: dict[str, Any], place: Combination) -> tuple[bool, int]:
    """Return whether the area differs, and how many figures of scopes and regions change."""
    moved = {n for n, v in _changes(known, place).items() if getattr(place, n) != v}
    # A change of scope changes two figures.
    return "priority_area" in moved, 2 * ("scope" in moved) + len(moved.intersection(REGIONS))


def _place(stored: Any, similar: int, known: dict[str, Any]) -> Place:
    project = copy(stored)
    # The report stays a source: the new one is added.
    _describe(project, known, f"{project.source}; {known['source']}")
    differences = affected_figures.of_saving(project)
    offered = swap.offers(project) if differences else []
    key, words = offered[0] if offered else ("", "")
    data = [*_data(project, known), ("swap_with", key)]
    return Place(stored, similar, project.scope_and_regions, differences, words, data)


def as_new(known: dict[str, Any], reference: str) -> list[tuple[str, Any]]:
    """Return the form data of a new entry, for a project that is none of the places."""
    project: Any = Project()
    _describe(project, known, known["source"])
    project.seen = 0
    return [("reference", reference), *_data(project, known)]


def _describe(project: Project, known: dict[str, Any], source: str) -> None:
    kept = ("title", "summary", "link", "in_matrix", "start_date", "end_date")
    values = {name: known[name] for name in kept}
    values |= _changes(known, project)
    values |= {"source": source, "provenance": Provenance.CONFIRMED.value}
    for name, value in values.items():
        setattr(project, name, value)


def _data(project: Any, known: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for column in PROJECT_TABLE.columns:
        if not column.several and column.name not in ("reference", "updated_at"):
            yield column.name, getattr(project, column.name)
    yield from ((name, "on") for name in REGIONS if getattr(project, name))
    for name in ("entities", "countries"):
        yield from ((name, one.pk) for one in known[name])
    yield "reason", _("Identified")
    yield "seen", project.seen
    yield from (("quotations-TOTAL_FORMS", 0), ("quotations-INITIAL_FORMS", 0))
