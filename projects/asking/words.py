"""What is asked for, in words: sentence, chips, panel, citation."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..cube import BASES, VOCABULARIES
from ..models import Edition
from ..ranges import PUBLISHED_DIMENSIONS
from ..vocabulary import ENTITY_NOT_STATED, REGION_NOT_STATED, Region
from .answers import Answer, Answers, State
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
    "entity": gettext_lazy("with %s"),
    "status": gettext_lazy("status %s"),
    "priority_area_basis": gettext_lazy("priority area %s"),
    "scope_basis": gettext_lazy("scope %s"),
    "regions_basis": gettext_lazy("regions %s"),
}


# Each with its own article and case, which languages give them.
IN_REGION: dict[str, Promise] = {
    Region.AFRICA: gettext_lazy("in Africa"),
    Region.MENA: gettext_lazy("in the Middle East and North Africa"),
    Region.ASIA: gettext_lazy("in Asia"),
    Region.EUROPE: gettext_lazy("in Europe"),
    Region.AMERICAS: gettext_lazy("in the Americas"),
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
    """A value in the panel of filters, with its count in projects, and what that may be.

    `possible` is empty where the count is no reconstruction.
    """

    slug: str
    label: str
    count: int
    chosen: bool
    possible: str = ""


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
    for facet in sorted(asked.conditions, key=lambda one: one in bases):
        slugs = asked.conditions[facet]
        labels = [label_of(facet, slug) for slug in slugs]
        if facet == "entity" and ENTITY_NOT_STATED in slugs:
            labels[-1] = _("no entity stated")
        if facet == "region":
            if REGION_NOT_STATED in slugs:
                labels[-1] = _("no stated region")
            in_words = zip(slugs, labels, strict=True)
            labels = [str(IN_REGION.get(slug, label)) for slug, label in in_words]
        elif facet != "entity":
            labels = [label[:1].lower() + label[1:] for label in labels]
        listed = get_text_list(labels, _("or"))
        words.append(PHRASES[facet] % listed if facet in PHRASES else listed)
    if asked.queries:
        words.append(_("matching %s") % _quoted(asked.queries))
    return words


def sentence_about(asked: Asked, answer: Answer) -> str:
    """Return what is shown and how it is known.

    For example "Empowering youth, in Africa: 0 documented; 0–27 possible (reconstruction: 7)".
    """
    words = ", ".join(condition_words(asked))
    subject = words[:1].upper() + words[1:]
    sentence = f"{subject}: {answer.words}" if subject else answer.words
    if not asked.edition:
        return sentence
    known = {"edition": asked.edition, "sentence": sentence}
    return _("In the edition “%(edition)s”: %(sentence)s") % known


def report_sentence(asked: Asked, answers: Answers) -> str:
    """Return what the report says of a combination, to be copied; empty where it says nothing."""
    parts = []
    if not asked.is_of_vocabularies:
        return ""
    for facet, values in asked.conditions.items():
        one = Asked.of(None, **{facet: values})
        answer = Answers(one, answers.base, answers.printed).of()
        if answer.published is None:
            return ""
        parts.append((answer.published, ", ".join(condition_words(one))))
    if len(parts) < 2 or answers.of().state != State.RECONSTRUCTION:
        return ""
    (number, what), *others = parts
    first = ngettext("%(number)d project (%(what)s)", "%(number)d projects (%(what)s)", number)
    counts = [first % {"number": number, "what": what}, *(f"{n} ({what})" for n, what in others)]
    sentence = (
        _("%(symbol)s counts %(counts)s; it does not say how many are both.")
        if len(parts) == 2
        else _("%(symbol)s counts %(counts)s; it does not say how many are all of these.")
    )
    known = {"symbol": answers.printed.symbol, "counts": get_text_list(counts, _("and"))}
    return sentence % known


def edition_words(asked: Asked) -> str:
    """Return the edition in words, with its fingerprint, or that it is the live register."""
    if not asked.edition:
        return _("None: the live register")
    return f"{asked.edition}, SHA-256 {asked.edition.sha256}"


def dated(asked: Asked) -> dict[str, str]:
    """Return which register a file's numbers are of, and when it was made, as data."""
    edition = asked.edition.slug if asked.edition else ""
    return {"edition": edition, "generated_at": f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"}


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
        return sentence_about(self.asked, self.selection.answer)

    @property
    def report_sentence(self) -> str:
        """What the report says of the combination that is shown, to be copied."""
        return report_sentence(self.asked, self.selection.answers)

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
                    PanelValue(
                        one.slug,
                        label_of(facet, one.slug),
                        one.count,
                        one.chosen,
                        self._possible(facet, one.slug),
                    )
                    for one in values
                ],
            )
            for facet, values in self.selection.facets.items()
        ]

    def _possible(self, facet: str, slug: str) -> str:
        """Return what a value's count may be if it is a reconstruction, in words."""
        if facet not in PUBLISHED_DIMENSIONS or not self.asked.conditions:
            return ""
        if slug not in VOCABULARIES[facet].values:
            return ""
        answers = self.selection.answers
        # What is counted is the value alone, whatever else of its facet is chosen.
        others = Answers(self.asked.but(**{facet: ()}), answers.base, answers.printed)
        answer = others.of({facet: [slug]})
        return answer.possible if answer.state == State.RECONSTRUCTION else ""

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
