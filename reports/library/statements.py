"""Queries of statements: the same for pages and files."""

from collections.abc import Callable
from functools import cached_property

from django import forms
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.asking.faceted import FacetedQuery
from projects.asking.fields import FacetField, QueryForm, WordsField
from projects.asking.offers import MOST_SUGGESTIONS, Suggestion, is_named
from projects.asking.terms import finding, terms_of
from projects.changes import PageQuery
from projects.models import Entity, cached
from projects.text import fold
from projects.vocabulary import PriorityArea

from ..models import Kind, Medium, Statement


@cached
def _said_of_projects() -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for one in Statement.published.of_kinds().exclude(projects=""):
        for reference in dict.fromkeys(one.references):
            found.setdefault(reference, []).append(one)
    return found


def said_of_project(reference: str) -> dict[str, list]:
    """Return the statements about a project: its phases, and others of the report and elsewhere."""
    found = _said_of_projects().get(reference, [])
    others = [one for one in found if one.kind != Kind.STEP]
    return {
        "steps": _nested([one for one in found if one.kind == Kind.STEP]),
        "others": [one for one in others if one.is_of_report],
        "elsewhere": [one for one in others if not one.is_of_report],
    }


def _nested(steps: list[Statement]) -> list[tuple[Statement, list]]:
    here = {one.pk for one in steps}
    parts: dict[int | None, list[Statement]] = {}
    for one in steps:
        parts.setdefault(one.parent_id if one.parent_id in here else None, []).append(one)

    def parts_of(key: int | None) -> list[tuple[Statement, list]]:
        return [(one, parts_of(one.pk)) for one in parts.get(key, [])]

    return parts_of(None)


@cached
def named_entities() -> dict[str, bool]:
    """Return whether the report names each entity of the directory, by acronym."""
    is_named = Exists(Statement.published.of_report().filter(entities=OuterRef("pk")))
    return dict(Entity.objects.public().order_by("acronym").values_list("acronym", is_named))


def statements_suggested(typed: str) -> list[Suggestion]:
    every = Statement.published.values_list("kind", "title", "code", "place")
    named = [one for one in every if is_named(typed, one[1]) or is_named(typed, one[3])]
    return [
        Suggestion(str(Kind(kind).label), title, reverse("statement", args=[code]))
        for kind, title, code, _place in named[:MOST_SUGGESTIONS]
    ]


class StatementQuery(FacetedQuery):
    """A query of statements."""

    FACETS: tuple[str, ...] = ("kind", "priority_area", "entity", "medium", "theme")
    ALL = _("All statements")

    kind = FacetField(label=_("Kind"), choices=Kind.choices)
    priority_area = FacetField(label=_("Priority area"), choices=PriorityArea.choices)
    entity = FacetField(label=_("Entity"))
    theme = FacetField(label=_("Theme of the report"))
    medium = FacetField(label=_("Online or offline, by its words"), choices=Medium.choices)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        # Callables: read only when a value is given, or shown.
        self.fields["entity"].choices = self._entities
        self.fields["theme"].choices = lambda: [(one.code, one.title) for one in self.themes]

    @cached_property
    def every(self) -> list[Statement]:
        """All statements by kind, those of the report before others."""
        found = Statement.published.of_kinds()
        return sorted(found, key=lambda one: (one.kind, not one.is_of_report))

    def _entities(self) -> list[tuple[str, str]]:
        acronyms = {each for one in self.every for each in self.values_of("entity", one)}
        return [(one, one) for one in sorted(acronyms, key=fold)]

    @cached_property
    def themes(self) -> list[Statement]:
        return list(Statement.published.filter(kind=Kind.THEME))

    def values_of(self, facet: str, statement: Statement) -> set[str]:
        """Return a statement's values of a facet; its themes are those of its paragraphs."""
        match facet:
            case "kind":
                return {statement.kind}
            case "priority_area":
                return {*statement.area_list}
            case "entity":
                return {entity.acronym for entity in statement.entities.all()}
            case "medium":
                return {*statement.media}
        here = [theme for theme in self.themes if theme.document_id == statement.document_id]
        return {theme.code for theme in here if {*theme.places}.intersection(statement.places)}


class StatementPage(PageQuery, StatementQuery):
    """A page of the statements that are asked for."""


class ReadField(forms.RegexField):
    allowed = _("a statement (G34), a project’s value (PVE-001.scope), or numbers (27,22)")
    default_error_messages = {"invalid": _("“%(value)s” is not allowed")}


class ReadQuery(QueryForm):
    read = ReadField(
        r"^(?:[A-Z]+[0-9]{1,9}|PVE-[0-9]{3,12}\.[a-z_]{1,30}|[0-9]{1,9}(?:,[0-9]{1,9}){0,9})\Z",
        required=False,
        label=_("Paragraph read"),
    )


class TextQuery(QueryForm):
    q = WordsField(required=False, label=_("Find in the text"))

    @property
    def is_found(self) -> Callable[[str], bool]:
        return finding(self.cleaned_data["q"])

    @property
    def terms(self) -> list[str]:
        return [term for query in self.cleaned_data["q"] for term in terms_of(query)]
