"""A query in words: sentence, chips, removals, citation."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..columns import PROJECT_TABLE
from ..cube import BASES, VOCABULARIES
from ..models import Edition
from ..vocabulary import NOT_STATED, PriorityArea, Region, Scope
from .answers import Answer, Answers, State
from .asked import CLASSIFICATIONS, OPEN_FACETS, Asked
from .links import query_of
from .selection import Selection
from .terms import excerpt, marked

_COLUMNS = PROJECT_TABLE.facets.items()
FACET_LABELS: dict[str, str | Promise] = {
    **{facet: column.one_label or column.label for facet, column in _COLUMNS},
    "year": gettext_lazy("Year"),
}
# Conditions within a sentence.
PHRASES: dict[str, str | Promise] = {
    **{facet: column.phrase for facet, column in _COLUMNS if column.phrase},
    "year": gettext_lazy("running in %s"),
}
# Whole phrases, since languages need articles and cases.
ON_AREA: dict[str, Promise] = {
    PriorityArea.GOVERNANCE: gettext_lazy(
        "on strengthening good governance, human rights and the rule of law"
    ),
    PriorityArea.EDUCATION: gettext_lazy(
        "on education, skills development and employment facilitation"
    ),
    PriorityArea.DIALOGUE: gettext_lazy("on dialogue and conflict prevention"),
    PriorityArea.YOUTH: gettext_lazy("on empowering youth"),
    PriorityArea.COMMUNICATIONS: gettext_lazy(
        "on strategic communications, the Internet and social media"
    ),
    PriorityArea.GENDER: gettext_lazy("on gender equality and empowering women"),
    PriorityArea.COMMUNITIES: gettext_lazy("on engaging communities"),
    PriorityArea.OTHER: gettext_lazy("in other areas"),
}
# Several scopes have one phrase.
OF_SCOPES: dict[tuple[str, ...], Promise] = {
    (Scope.GLOBAL,): gettext_lazy("global in scope"),
    (Scope.REGIONAL,): gettext_lazy("regional in scope"),
    (Scope.NATIONAL,): gettext_lazy("national in scope"),
    (Scope.GLOBAL, Scope.REGIONAL): gettext_lazy("global or regional in scope"),
    (Scope.GLOBAL, Scope.NATIONAL): gettext_lazy("global or national in scope"),
    (Scope.REGIONAL, Scope.NATIONAL): gettext_lazy("regional or national in scope"),
    tuple(Scope): gettext_lazy("global, regional or national in scope"),
}
IN_REGION: dict[str, Promise] = {
    Region.AFRICA: gettext_lazy("in Africa"),
    Region.MENA: gettext_lazy("in the Middle East and North Africa"),
    Region.ASIA: gettext_lazy("in Asia"),
    Region.EUROPE: gettext_lazy("in Europe"),
    Region.AMERICAS: gettext_lazy("in the Americas"),
    NOT_STATED: gettext_lazy("in no stated region"),
}


@dataclass(frozen=True)
class Chip:
    """One chosen value or search, and the query string without it; `entity` is an acronym."""

    label: str
    query: str
    entity: str = ""


@dataclass(frozen=True)
class Removal:
    """A condition of an empty result, and the number of projects without it.

    `reconstruction` is that number in words if it is one.
    """

    label: str
    count: int
    query: str
    reconstruction: str


def number_in_words(answer: Answer) -> str:
    """Return the number for a link; of a reconstruction what is documented and possible."""
    if answer.state != State.RECONSTRUCTION:
        return answer.short
    known = {"documented": answer.documented, "possible": answer.possible}
    return _("%(documented)d documented, %(possible)s") % known


def label_of(facet: str, slug: str) -> str:
    if slug == NOT_STATED:
        return _("Not stated")
    return slug if facet in OPEN_FACETS else str(VOCABULARIES[facet](slug).label)


def condition_words(asked: Asked) -> list[str]:
    """Return the conditions in words, one text each, e.g. ["national or regional in scope"]."""
    words = []
    bases = BASES.values()
    for facet in sorted(asked.conditions, key=lambda one: one in bases):
        listed = _listed(facet, asked.conditions[facet])
        words.append(PHRASES[facet] % listed if facet in PHRASES else listed)
    if asked.queries:
        words.append(_("matching %s") % _quoted(asked.queries))
    return words


def _listed(facet: str, slugs: tuple[str, ...]) -> str:
    if facet == "scope":
        return str(OF_SCOPES[slugs])
    labels = [label_of(facet, slug) for slug in slugs]
    if facet == "region":
        labels = [str(IN_REGION[slug]) for slug in slugs]
    elif facet == "entity" and NOT_STATED in slugs:
        labels[-1] = _("entity not stated")
    elif facet in PHRASES and facet not in OPEN_FACETS:
        labels = [_("“%s”") % label for label in labels]
    return get_text_list(labels, _("or"))


def sentence_about(asked: Asked, answer: Answer) -> str:
    """Return e.g. "Empowering youth: 27 projects, published in …"."""
    known = {"subject": subject_of(asked), "number": answer.words, "edition": asked.edition}
    if not asked.edition:
        return _("%(subject)s: %(number)s") % known if known["subject"] else answer.words
    if not known["subject"]:
        return _("In the edition “%(edition)s”: %(number)s") % known
    return _("%(subject)s, in the edition “%(edition)s”: %(number)s") % known


def subject_of(asked: Asked) -> str:
    """Return the conditions with a capital, as a sentence begins; empty without any."""
    words = ", ".join(condition_words(asked))
    return words[:1].upper() + words[1:]


def report_sentence(asked: Asked, answers: Answers) -> str:
    """Return a sentence with the report's figures for each condition; empty if one has none."""
    parts: list[dict[str, Any]] = []
    if not asked.is_of_vocabularies:
        return ""
    for facet, values in asked.conditions.items():
        one = Asked.of(None, **{facet: values})
        answer = Answers(one, answers.base, answers.printed).of()
        if answer.published is None:
            return ""
        which = _listed(facet, values)
        if facet == "priority_area":
            which = get_text_list([str(ON_AREA[area]) for area in values], _("or"))
        parts.append({"number": answer.published, "which": which})
    if len(parts) < 2 or answers.of().state != State.RECONSTRUCTION:
        return ""
    first, *others = parts
    text = ngettext(
        "%(number)d project %(which)s", "%(number)d projects %(which)s", first["number"]
    )
    counts = [text % first, *(_("%(number)d %(which)s") % one for one in others)]
    sentence = (
        _("%(symbol)s counts %(counts)s; it does not say how many are both.")
        if len(parts) == 2
        else _("%(symbol)s counts %(counts)s; it does not say how many are all of these.")
    )
    known = {"symbol": answers.printed.symbol, "counts": get_text_list(counts, _("and"))}
    return sentence % known


def edition_words(asked: Asked) -> str:
    if not asked.edition:
        return _("None: the current register")
    return f"{asked.edition}, SHA-256 {asked.edition.sha256}"


def moment_of(asked: Asked) -> datetime:
    """Return the moment, in UTC, at which a file's figures are true."""
    return asked.edition.published_at if asked.edition else timezone.now()


def dated(asked: Asked) -> dict[str, str]:
    """Return the edition and the moment of a file's numbers, as data."""
    edition = asked.edition.slug if asked.edition else ""
    return {"edition": edition, "generated_at": f"{moment_of(asked):%Y-%m-%dT%H:%M:%SZ}"}


def version_of(asked: Asked) -> str:
    """Return the part of a file's name for its version: the edition's slug, or today's date."""
    return asked.edition.slug if asked.edition else f"{timezone.now():%Y-%m-%d}"


def citation(
    asked: Asked, address: str, sentence: str = "", subject: str = "", today: date | None = None
) -> str:
    """Return the citation of a page; that of a single project has no `sentence`."""
    register = _("pvematrix, register of United Nations projects on preventing violent extremism")
    if not asked.edition:
        register = _("%s, current register") % register
    elif not sentence:  # which names the edition itself
        register = _("%(register)s, edition “%(edition)s”") % {
            "register": register,
            "edition": asked.edition,
        }
    if asked.edition:
        address = _("%(address)s (SHA-256 %(fingerprint)s)") % {
            "address": address,
            "fingerprint": asked.edition.sha256,
        }
    accessed = _("Accessed on %s") % date_format(today or timezone.now(), "j F Y")
    return ". ".join(filter(None, [subject, register, sentence, address, accessed])) + "."


def _quoted(queries: tuple[str, ...]) -> str:
    return get_text_list([f"“{query}”" for query in queries], _("or"))


def with_marks(text: str, terms: Collection[str]) -> SafeString:
    return _in_html(marked(text, terms)) if terms else escape(text)


def _in_html(pieces: list[tuple[str, bool]]) -> SafeString:
    texts = ((format_html("<mark>{}</mark>", text) if found else text,) for text, found in pieces)
    return format_html_join("", "{}", texts)


class Words:
    def __init__(self, selection: Selection):
        self.selection = selection
        self.asked = selection.asked

    @cached_property
    def sentence(self) -> str:
        return sentence_about(self.asked, self.selection.answer)

    @cached_property
    def report_sentence(self) -> str:
        return report_sentence(self.asked, self.selection.answers)

    @property
    def chips(self) -> list[Chip]:
        asked, queries = self.asked, self.asked.queries
        chips = [
            Chip(f"“{query}”", query_of(asked.but(queries=queries[:n] + queries[n + 1 :])))
            for n, query in enumerate(queries)
        ]
        for facet, values in asked.conditions.items():
            for slug in values:
                rest = [value for value in values if value != slug]
                label = label_of(facet, slug)
                if facet not in CLASSIFICATIONS:
                    label = f"{FACET_LABELS[facet]}: {label}"
                entity = slug if facet == "entity" else ""
                chips.append(Chip(label, query_of(asked.but(**{facet: rest})), entity))
        return chips

    def marked(self, text: str) -> SafeString:
        return with_marks(text, self.selection.all_terms)

    def excerpt(self, text: str) -> SafeString:
        """Return the part of a text with the first match, as HTML with marks."""
        return _in_html(excerpt(marked(text, self.selection.all_terms)))

    @cached_property
    def subject(self) -> str:
        return subject_of(self.asked)

    @cached_property
    def removals(self) -> list[Removal]:
        """For an empty result: the facets and searches without which projects are found."""
        found = []
        if self.asked.queries:
            label = _("Search %s") % _quoted(self.asked.queries)
            query = query_of(self.asked.but(queries=()))
            found.append(_removal(label, self.selection.without("q"), query))
        for facet, values in self.asked.conditions.items():
            labels = get_text_list([label_of(facet, slug) for slug in values], _("or"))
            label = f"{FACET_LABELS[facet]}: {labels}"
            query = query_of(self.asked.but(**{facet: ()}))
            found.append(_removal(label, self.selection.without(facet), query))
        return [one for one in found if one.count]


def _removal(label: str, answer: Answer, query: str) -> Removal:
    is_known = answer.state != State.RECONSTRUCTION
    words = "" if is_known else number_in_words(answer)
    return Removal(label, answer.reconstruction, query, words)


def newest_other(asked: Asked, editions: list[Edition]) -> Edition | None:
    """Return the newest edition, None if it is the one asked for or if there is none."""
    newest = editions[0] if editions else None
    return newest if newest != asked.edition else None
