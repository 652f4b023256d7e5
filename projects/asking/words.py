"""What is asked for, in words: sentence, chips, panel, citation."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..cube import BASES, VOCABULARIES
from ..models import Edition
from ..vocabulary import ENTITY_NOT_STATED, REGION_NOT_STATED
from .asked import Asked
from .links import query_of
from .selection import Selection

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
class Chip:
    """One chosen value or search, and the query string without it."""

    label: str
    query: str


@dataclass(frozen=True)
class Removal:
    """A condition of an empty result, and the projects there would be without it."""

    label: str
    count: int
    query: str


@dataclass(frozen=True)
class PanelValue:
    """A value in the panel of filters, with its count in projects."""

    slug: str
    label: str
    count: int
    chosen: bool


def label_of(facet: str, slug: str) -> str:
    """Return what a facet's value is called; an entity by its acronym."""
    if facet == "entity":
        return _("Not stated") if slug == ENTITY_NOT_STATED else slug
    if facet == "region" and slug == REGION_NOT_STATED:
        return _("Not stated")
    return str(VOCABULARIES[facet](slug).label)


def labels_of(facet: str) -> dict[str, str]:
    """Return the labels of a facet of a closed vocabulary by their slugs, in its order."""
    return {slug: str(label) for slug, label in VOCABULARIES[facet].choices}


def condition_words(asked: Asked) -> list[str]:
    """Return the conditions in words, one text each, e.g. ["national or regional in scope"]."""
    words = []
    bases = BASES.values()
    for facet in sorted(asked.conditions, key=lambda one: (one in bases, one == "priority_area")):
        slugs = asked.conditions[facet]
        labels = [label_of(facet, slug) for slug in slugs]
        if facet == "entity" and ENTITY_NOT_STATED in slugs:
            labels[-1] = _("no entity stated")
        if facet == "region" and REGION_NOT_STATED in slugs:
            labels[-1] = _("no stated region")
        if facet not in ("entity", "region"):
            labels = [label[:1].lower() + label[1:] for label in labels]
        listed = get_text_list(labels, _("or"))
        words.append(PHRASES[facet] % listed if facet in PHRASES else listed)
    if asked.queries:
        words.append(_("matching %s") % _quoted(asked.queries))
    return words


def sentence_about(asked: Asked, total: int) -> str:
    """Return what is shown, e.g. "18 projects: regional or national in scope; empowering youth"."""
    projects = ngettext("%d project", "%d projects", total) % total
    if asked.edition:
        projects = _("%(projects)s of the edition “%(edition)s”") % {
            "projects": projects,
            "edition": asked.edition,
        }
    return ": ".join(filter(None, [projects, "; ".join(condition_words(asked))]))


def edition_words(asked: Asked) -> str:
    """Return the edition in words, with its fingerprint, or that it is the live register."""
    if not asked.edition:
        return _("None: the live register")
    return f"{asked.edition}, SHA-256 {asked.edition.sha256}"


def version_of(asked: Asked) -> str:
    """Return what a file's name says of its figures: the edition's slug, or today's date."""
    return asked.edition.slug if asked.edition else f"{timezone.now():%Y-%m-%d}"


def citation(
    asked: Asked, address: str, sentence: str = "", subject: str = "", today: date | None = None
) -> str:
    """Return how to cite a view: what it is about, register, edition or live, address, date.

    `sentence` says what is shown; a single project's page has none.
    """
    register = _("pvematrix, register of United Nations projects on preventing violent extremism")
    if sentence:
        # The sentence names the edition itself.
        register += f", {sentence}" if asked.edition else _(", live: %s") % sentence
    elif asked.edition:
        register += _(", edition “%s”") % asked.edition
    else:
        register += _(", live")
    fingerprint = _(" (SHA-256 %s)") % asked.edition.sha256 if asked.edition else ""
    seen = _("Seen on %s") % date_format(today or timezone.now(), "j F Y")
    return ". ".join([*filter(None, [subject]), register, f"{address}{fingerprint}", seen]) + "."


def _quoted(queries: tuple[str, ...]) -> str:
    return get_text_list([f"“{query}”" for query in queries], _("or"))


class Words:
    """A selection in words, for its pages."""

    def __init__(self, selection: Selection):
        self.selection = selection
        self.asked = selection.asked

    @property
    def sentence(self) -> str:
        """What is shown, with its number."""
        return sentence_about(self.asked, self.selection.total)

    @property
    def chips(self) -> list[Chip]:
        """One chip for every search and every chosen value."""
        asked, queries = self.asked, self.asked.queries
        chips = [
            Chip(f"“{query}”", query_of(asked.but(queries=queries[:n] + queries[n + 1 :])))
            for n, query in enumerate(queries)
        ]
        for facet, values in asked.conditions.items():
            for slug in values:
                rest = [value for value in values if value != slug]
                label = label_of(facet, slug)
                if facet in BASES.values():
                    label = f"{FACET_LABELS[facet]}: {label}"
                chips.append(Chip(label, query_of(asked.but(**{facet: rest}))))
        return chips

    @property
    def panel(self) -> list[tuple[str, str, list[PanelValue]]]:
        """Every facet as (name, label, values); each value with its count, zeros too."""
        return [
            (
                facet,
                str(FACET_LABELS[facet]),
                [
                    PanelValue(one.slug, label_of(facet, one.slug), one.count, one.chosen)
                    for one in values
                ],
            )
            for facet, values in self.selection.facets.items()
        ]

    @property
    def removals(self) -> list[Removal]:
        """For an empty result: each facet or search, and how many there are without it."""
        found = []
        if self.asked.queries:
            label = _("Search %s") % _quoted(self.asked.queries)
            query = query_of(self.asked.but(queries=()))
            found.append(Removal(label, self.selection.without("q"), query))
        for facet, values in self.asked.conditions.items():
            labels = get_text_list([label_of(facet, slug) for slug in values], _("or"))
            label = f"{FACET_LABELS[facet]}: {labels}"
            query = query_of(self.asked.but(**{facet: ()}))
            found.append(Removal(label, self.selection.without(facet), query))
        return found


def newest_other(asked: Asked, editions: list[Edition]) -> Edition | None:
    """Return the newest of the editions, None if it is the one asked for or if there is none."""
    newest = editions[0] if editions else None
    return newest if newest != asked.edition else None
