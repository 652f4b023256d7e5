"""The only reader of the query string: what is asked for, what was wrong, how many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..cube import BASES, DIMENSIONS, Cube
from ..models import Edition, Entity, Project
from ..models.querysets import SORTS
from ..text import fold
from ..vocabulary import DOCUMENTED, ENTITY_NOT_STATED, Basis
from .fields import ChoiceField, FacetField, PageField, QueryString, WordsField

# By what projects can be divided, and how each of these is known.
CLASSIFICATIONS = ("priority_area", "scope", "region", "entity", "status", "provenance")
FACETS = (*CLASSIFICATIONS, *BASES.values())
PER_PAGE = ("25", "50", "100")

FACET_LABELS = {
    "priority_area": gettext_lazy("Priority area"),
    "scope": gettext_lazy("Scope"),
    "region": gettext_lazy("Region"),
    "entity": gettext_lazy("Entity"),
    "status": gettext_lazy("Status"),
    "provenance": gettext_lazy("Provenance"),
    "priority_area_basis": gettext_lazy("Basis of the priority area"),
    "scope_basis": gettext_lazy("Basis of the scope"),
    "regions_basis": gettext_lazy("Basis of the regions"),
}
# The facets of which a project can have several values: adding them up gives mentions.
MANY_VALUED = {"region", "entity"}
# How a facet's values read within a sentence.
PHRASES = {
    "scope": gettext_lazy("%s in scope"),
    "region": gettext_lazy("in %s"),
    "entity": gettext_lazy("with %s"),
    "status": gettext_lazy("status %s"),
    "priority_area_basis": gettext_lazy("priority area %s"),
    "scope_basis": gettext_lazy("scope %s"),
    "regions_basis": gettext_lazy("regions %s"),
}


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet: what it counts if it were the only one chosen there, in projects."""

    slug: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Chip:
    """One chosen value or search, and the query string without it."""

    facet: str
    label: str
    query: str


@dataclass(frozen=True)
class Removed:
    """A condition of an empty result, and the projects there would be without it."""

    label: str
    count: int
    query: str


@dataclass(frozen=True)
class SortHead:
    """A sortable column: where its heading leads, and how it is sorted now, if it is."""

    query: str
    direction: str


class ProjectFilter(QueryString):
    """What a query string asks of the register."""

    # Parameters that say how the projects are shown, not which.
    shown_by = ("sort", "page", "per_page")

    q = WordsField(required=False)
    priority_area = FacetField(DIMENSIONS["priority_area"].choices)
    scope = FacetField(DIMENSIONS["scope"].choices)
    region = FacetField(DIMENSIONS["region"].choices)
    entity = FacetField()
    status = FacetField(DIMENSIONS["status"].choices)
    provenance = FacetField(DIMENSIONS["provenance"].choices)
    priority_area_basis = FacetField(DIMENSIONS["priority_area_basis"].choices)
    scope_basis = FacetField(DIMENSIONS["scope_basis"].choices)
    regions_basis = FacetField(DIMENSIONS["regions_basis"].choices)
    edition = ChoiceField()
    sort = ChoiceField([(f"{sign}{name}", "") for name in SORTS for sign in ("", "-")])
    page = PageField()
    per_page = ChoiceField([(number, number) for number in PER_PAGE])

    def __init__(
        self,
        data: QueryDict,
        directory: list[Entity] | None = None,
        editions: list[Edition] | None = None,
    ):
        super().__init__(data)
        if directory is not None:
            self.directory = directory
        if editions is not None:
            self.editions = editions
        if "edition" in self.data:
            self.fields["edition"].choices = [(one.slug, one.name) for one in self.editions]
        self.fields["entity"].choices = [
            *((entity.acronym, entity.acronym) for entity in self.directory),
            (ENTITY_NOT_STATED, _("Not stated")),
        ]

    @cached_property
    def directory(self) -> list[Entity]:
        """Every entity, in the order of their acronyms."""
        return list(Entity.objects.order_by("search_text"))

    @cached_property
    def editions(self) -> list[Edition]:
        """Every edition, newest first."""
        return list(Edition.objects.all())

    # What is asked for

    @cached_property
    def of_edition(self) -> Edition | None:
        """The edition asked for, None for the live register."""
        asked = self.cleaned_data["edition"]
        return next(one for one in self.editions if one.slug in asked) if asked else None

    @property
    def version(self) -> str:
        """What a file's name says of its figures: the edition's slug, or today's date."""
        return self.of_edition.slug if self.of_edition else f"{timezone.now():%Y-%m-%d}"

    @property
    def edition_words(self) -> str:
        """The edition in words, with its fingerprint, or that it is the live register."""
        if not self.of_edition:
            return _("None: the live register")
        return f"{self.of_edition}, SHA-256 {self.of_edition.sha256}"

    @property
    def newest_edition(self) -> Edition | None:
        """The newest edition, None if it is the one asked for or if there is none."""
        newest = self.editions[0] if self.editions else None
        return newest if newest != self.of_edition else None

    @property
    def projects(self):
        """The whole edition, or the whole live register."""
        return Project.every.of_edition(self.of_edition)

    @cached_property
    def conditions(self) -> dict[str, list[str]]:
        """The chosen values per facet, in the vocabulary's order; facets without any left out."""
        return {
            facet: [slug for slug, _label in self.fields[facet].choices if slug in chosen]
            for facet in FACETS
            if (chosen := self.cleaned_data[facet])
        }

    @property
    def queries(self) -> list[str]:
        """The searches, as typed."""
        return self.cleaned_data["q"]

    @property
    def asked(self) -> dict[str, list[str]]:
        """Everything that narrows the register, by parameter, and the edition."""
        asked = {"q": self.queries, **self.conditions, "edition": self.cleaned_data["edition"]}
        return {name: values for name, values in asked.items() if values}

    @property
    def sort_by(self) -> str:
        """The `sort` asked for, e.g. "-title"."""
        return (self.cleaned_data["sort"] or ["reference"])[0]

    @property
    def page_number(self) -> int:
        """The page asked for, from 1."""
        return int((self.cleaned_data["page"] or ["1"])[0])

    @property
    def page_size(self) -> int:
        """How many rows a page has."""
        return int((self.cleaned_data["per_page"] or PER_PAGE)[0])

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the register."""
        return bool(self.conditions or self.queries)

    def query(self, **changes) -> str:
        """Return the query string of this filter, in one fixed order, with some parameters changed.

        A change is a list of values; an empty one, or None, removes the parameter. Changing what
        is asked for goes back to the first page.
        """
        parameters = dict(self.asked)
        parameters |= {name: self.cleaned_data[name] for name in self.shown_by}
        if changes and "page" not in changes:
            parameters["page"] = []
        parameters |= changes
        data = QueryDict(mutable=True)
        for name in self.fields:
            if parameters.get(name):
                data.setlist(name, parameters[name])
        return data.urlencode()

    def narrowed(self, **changes) -> str:
        """Return the query string of what is asked for, changed, without how it is shown."""
        return self.query(**dict.fromkeys(self.shown_by), **changes)

    @property
    def filter_query(self) -> str:
        """The query string of what is asked for, without how it is shown."""
        return self.narrowed()

    @property
    def export_query(self) -> str:
        """The query string of an export: the same rows in the same order, all pages."""
        return self.query(page=[], per_page=[])

    @property
    def suffix(self) -> str:
        """The query string as an address takes it: with its question mark, or nothing."""
        return f"?{query}" if (query := self.query()) else ""

    @property
    def filter_suffix(self) -> str:
        """The same for what is asked for only."""
        return f"?{query}" if (query := self.filter_query) else ""

    @property
    def sort_heads(self) -> dict[str, SortHead]:
        """By sortable column: the query string that sorts by it, or the other way if it does."""
        heads = {}
        for name in SORTS:
            direction = {name: "ascending", f"-{name}": "descending"}.get(self.sort_by, "")
            other = f"-{name}" if direction == "ascending" else name
            heads[name] = SortHead(self.query(sort=[other]), direction)
        return heads

    @property
    def page_sizes(self) -> list[tuple[str, str, bool]]:
        """The page sizes as (number, query string, whether it is the present one)."""
        return [
            (number, self.query(per_page=[number]), int(number) == self.page_size)
            for number in PER_PAGE
        ]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the filter form carries along unseen: more searches, edition, order, page size."""
        carried = [("q", query) for query in self.queries[1:]]
        for name in ("edition", "sort", "per_page"):
            carried += [(name, value) for value in self.cleaned_data[name]]
        return carried

    @property
    def live_query(self) -> str:
        """The query string of the same view of the live register."""
        return self.query(edition=[])

    @property
    def newest_query(self) -> str:
        """The query string of the same view of the newest edition."""
        return self.query(edition=[self.newest_edition.slug])

    @property
    def clear_query(self) -> str:
        """The query string that asks for everything, shown the same way."""
        return self.query(q=[], **dict.fromkeys(FACETS))

    # What there is

    def _searched(self):
        return self.projects.search([fold(query).split() for query in self.queries])

    @cached_property
    def qs(self):
        """The projects asked for, in the order asked for."""
        return self._searched().in_facets(self.conditions).ordered(self.sort_by)

    def _vocabulary(self, *without: str) -> dict[str, list[str]]:
        return {
            facet: values
            for facet, values in self.conditions.items()
            if facet in DIMENSIONS and facet not in without
        }

    @cached_property
    def _base(self) -> Cube:
        """The cube before the vocabularies' conditions, after search and entity."""
        return self._searched().in_facets({"entity": self.conditions.get("entity", [])}).cube()

    @cached_property
    def cube(self) -> Cube:
        """The cube of the projects asked for."""
        return self._base.where(self._vocabulary())

    @property
    def total(self) -> int:
        """How many projects are asked for."""
        return self.cube.total

    @cached_property
    def facets(self) -> list[tuple[str, str, list[FacetValue]]]:
        """Every facet as (name, label, values); each value with its count, zeros too."""
        facets = []
        for facet in FACETS:
            if facet == "entity":
                counts = self._entity_counts()
                labels = {entity.acronym: entity.acronym for entity in self.directory}
                labels[ENTITY_NOT_STATED] = _("Not stated")
            else:
                counts = self._base.where(self._vocabulary(facet)).counts(facet)
                labels = dict(DIMENSIONS[facet].choices)
            chosen = self.conditions.get(facet, [])
            values = [
                FacetValue(slug, label, counts[slug], slug in chosen)
                for slug, label in labels.items()
            ]
            facets.append((facet, FACET_LABELS[facet], values))
        return facets

    def _entity_counts(self) -> dict[str, int]:
        counts = self._searched().in_facets(self._vocabulary()).entity_counts()
        by_acronym = {entity.acronym: counts.get(entity.pk, 0) for entity in self.directory}
        return by_acronym | {ENTITY_NOT_STATED: counts.get(None, 0)}

    def entity_cubes(self) -> dict[str, Cube]:
        """Return the cube of the projects asked for per entity, those without any included."""
        cells = self._searched().in_facets(self.conditions).entity_cells()
        cubes = {e.acronym: Cube(cells.get(e.pk, [])) for e in self.directory}
        return cubes | {ENTITY_NOT_STATED: Cube(cells.get(None, []))}

    @property
    def allocated(self) -> int:
        """Projects that are in the result by a classification that was allocated."""
        return self.cube.allocated(self.conditions)

    @property
    def documented(self) -> int:
        """Projects that are in the result by no classification that was allocated."""
        return self.total - self.allocated

    @property
    def documented_query(self) -> str:
        """The query string of just these, shown the same way."""
        return self.query(**self.only_documented())

    def only_documented(self, *dimensions: str) -> dict[str, list[str]]:
        """Return the change of the query that leaves out what is allocated.

        That is, of the conditions and of these dimensions.
        """
        changes = {}
        for dimension in BASES.keys() & {*self.conditions, *dimensions}:
            changes |= self.of_basis(dimension, DOCUMENTED) or {}
        return changes

    def of_basis(self, dimension: str, bases: Iterable[str]) -> dict[str, list[str]] | None:
        """Return the change of the query that keeps only these bases of a dimension's values.

        None if they are not among those asked for: then no project has them.
        """
        column = BASES[dimension]
        asked = self.conditions.get(column, Basis.values)
        kept = [basis for basis in asked if basis in bases]
        return {column: kept} if kept else None

    @property
    def rests_on_allocation(self) -> bool:
        """Whether an allocated classification is among the conditions."""
        return any(facet in BASES for facet in self.conditions) and self.allocated > 0

    @property
    def combines_facets(self) -> bool:
        """Whether classifications are combined, which the report never does."""
        return self.combines()

    def combines(self, *dimensions: str) -> bool:
        """Return whether the conditions and these dimensions are two classifications or more."""
        return len(BASES.keys() & {*self.conditions, *dimensions}) > 1

    # In words

    def label(self, facet: str, slug: str) -> str:
        return str(dict(self.fields[facet].choices)[slug])

    @property
    def is_of_vocabularies(self) -> bool:
        """Whether a cube of the whole register or edition can answer it."""
        return not self.queries and "entity" not in self.conditions

    @property
    def condition_words(self) -> list[str]:
        """The conditions in words, one string each, e.g. ["national or regional in scope"]."""
        words = []
        bases = BASES.values()
        for facet in sorted(
            self.conditions, key=lambda one: (one in bases, one == "priority_area")
        ):
            labels = [self.label(facet, slug) for slug in self.conditions[facet]]
            if ENTITY_NOT_STATED in self.conditions[facet] and facet == "entity":
                labels[-1] = _("no entity stated")
            if facet not in ("entity", "region"):
                labels = [label[:1].lower() + label[1:] for label in labels]
            listed = get_text_list(labels, _("or"))
            words.append(PHRASES[facet] % listed if facet in PHRASES else listed)
        if self.queries:
            quoted = [f"“{query}”" for query in self.queries]
            words.append(_("matching %s") % get_text_list(quoted, _("or")))
        return words

    @property
    def sentence(self) -> str:
        """What is shown, e.g. "18 projects: regional or national in scope; empowering youth"."""
        projects = ngettext("%d project", "%d projects", self.total) % self.total
        if self.of_edition:
            projects = _("%(projects)s of the edition “%(edition)s”") % {
                "projects": projects,
                "edition": self.of_edition,
            }
        return ": ".join(filter(None, [projects, "; ".join(self.condition_words)]))

    @property
    def chips(self) -> list[Chip]:
        """One chip for every search and every chosen value."""
        chips = [
            Chip("q", f"“{query}”", self.query(q=self.queries[:n] + self.queries[n + 1 :]))
            for n, query in enumerate(self.queries)
        ]
        for facet, values in self.conditions.items():
            for slug in values:
                rest = [value for value in values if value != slug]
                label = self.label(facet, slug)
                if facet in BASES.values():
                    label = f"{FACET_LABELS[facet]}: {label}"
                chips.append(Chip(facet, label, self.query(**{facet: rest})))
        return chips

    @property
    def removed(self) -> list[Removed]:
        """For an empty result: each facet or search, and how many there are without it."""
        removed = []
        if self.queries:
            counts = self.projects.in_facets(self.conditions).cube().total
            words = get_text_list([f"“{query}”" for query in self.queries], _("or"))
            removed.append(Removed(_("Search %s") % words, counts, self.query(q=[])))
        for facet, values in self.conditions.items():
            if facet == "entity":
                count = self._searched().in_facets(self._vocabulary()).cube().total
            else:
                count = self._base.where(self._vocabulary(facet)).total
            labels = get_text_list([self.label(facet, slug) for slug in values], _("or"))
            label = f"{FACET_LABELS[facet]}: {labels}"
            removed.append(Removed(label, count, self.query(**{facet: []})))
        return removed
