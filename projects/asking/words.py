"""A query in words: the sentence of an answer, chips, removals, citation.

The sentences of the four states are made here, and nowhere else.
"""

from collections.abc import Collection, Iterable
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
from ..vocabulary import (
    NOT_STATED,
    Basis,
    InMatrix,
    PriorityArea,
    Provenance,
    Region,
    Scope,
)
from .answers import Answer, Answers, Conditions, State, Why, published
from .asked import CLASSIFICATIONS, OPEN_FACETS, Asked
from .links import query_of
from .selection import Selection, countries
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


# "for 1 more no scope is stated"
NOTHING_STATED: dict[str, Promise] = {
    "priority_area": gettext_lazy("no priority area is stated"),
    "scope": gettext_lazy("no scope is stated"),
    "region": gettext_lazy("no region is stated"),
    "entity": gettext_lazy("no entity is stated"),
    "country": gettext_lazy("no country is stated"),
    "year": gettext_lazy("no year is stated"),
    "status": gettext_lazy("no status is stated"),
}
OF_BASIS: dict[str, Promise] = {
    Basis.STATED: gettext_lazy("that the source states"),
    Basis.INFERRED: gettext_lazy("that is our reading"),
    Basis.ALLOCATED: gettext_lazy("that was filled in"),
}


@dataclass(frozen=True)
class Chip:
    """One chosen value or search, and the query string without it; `entity` is an acronym."""

    label: str
    query: str
    entity: str = ""


@dataclass(frozen=True)
class Removal:
    """A condition of an empty result, and the answer without it."""

    label: str
    answer: Answer
    query: str


def label_of(facet: str, slug: str) -> str:
    if slug == NOT_STATED:
        return _("Not stated")
    if facet == "country":
        return countries().get(slug, slug)
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
    """Return a number and how it is known, e.g. "27 projects on empowering youth (¶ 24)."

    Ranges and sums do not name what they count: pages and citations do, before them.
    """
    sentence = _SENTENCES[answer.state](answer)
    if not asked.edition:
        return sentence
    known = {"sentence": sentence, "edition": asked.edition}
    return _("In the edition “%(edition)s”: %(sentence)s") % known


def title_about(asked: Asked, answer: Answer) -> str:
    """Return the sentence as a title, with its subject."""
    sentence = sentence_about(asked, answer).removesuffix(".")
    if is_named(answer):
        return sentence
    return _("%(subject)s: %(number)s") % {"subject": subject_of(asked), "number": sentence}


def is_named(answer: Answer) -> bool:
    """Return whether the sentence of an answer names what it counts."""
    return not answer.conditions or (answer.state != State.RANGE and len(answer.printed) < 2)


def _of_published(answer: Answer) -> str:
    known = {"number": answer.number, "what": _what(answer), "paragraphs": answer.basis}
    if answer.differs:
        known["register"] = ngettext("%d entry", "%d entries", answer.filed) % answer.filed
        sentence = _(
            "Published: %(number)d (%(paragraphs)s). This register now has %(register)s%(what)s."
        )
        return sentence % known
    if len(answer.printed) > 1:
        known["sum"] = " + ".join(map(str, answer.printed))
        if len(answer.printed) == 2:
            return _("%(number)d projects: %(sum)s, both in %(paragraphs)s.") % known
        return _("%(number)d projects: %(sum)s, all in %(paragraphs)s.") % known
    known["predicates"] = _listed_predicates(answer)
    if known["predicates"]:
        return (
            ngettext(
                "%(number)d project%(what)s is %(predicates)s (%(paragraphs)s).",
                "%(number)d projects%(what)s are %(predicates)s (%(paragraphs)s).",
                answer.number or 0,
            )
            % known
        )
    return (
        ngettext(
            "%(number)d project%(what)s (%(paragraphs)s).",
            "%(number)d projects%(what)s (%(paragraphs)s).",
            answer.number or 0,
        )
        % known
    )


def _of_range(answer: Answer) -> str:
    scopes = dict(answer.conditions).get("scope")
    if answer.why == Why.RULE:
        if answer.is_of_region and scopes == (Scope.GLOBAL,):
            return _("0: in this register a global project has no region.")
        return _("0: a project has one priority area and one scope.")
    if answer.range is None:
        return _("Not stated: no range follows from what is published.")
    if answer.why == Why.CONFIRMED:
        return _("%s, counted from the confirmed entries.") % answer.short
    by_reading = _by_reading(answer, scopes) if answer.is_of_region else ""
    if by_reading or answer.why != Why.TOTALS:
        return by_reading or _("%s (not stated).") % answer.short
    return _("%s: the published totals allow no other number.") % answer.short


def _by_reading(answer: Answer, scopes: tuple[str, ...] | None) -> str:
    """Return the sentence where the readings of the paragraph on regions differ, else nothing."""
    known: dict[str, Any] = {"range": answer.short, "literal": str(answer.literal)}
    known["paragraph"] = answer.report.regions
    if scopes == (Scope.NATIONAL,):
        text = _(
            "%(range)s (not stated), by this register's reading of paragraph %(paragraph)s; read "
            "word for word it states no region of national projects."
        )
        return text % known
    if answer.literal is None:
        return ""
    if scopes is not None:
        text = _(
            "%(range)s (not stated), by this register's reading of paragraph %(paragraph)s; read "
            "word for word it is %(literal)s."
        )
        return text % known
    figures = answer.report.figures
    known |= {one.value: figures["scope", one][0] for one in (Scope.REGIONAL, Scope.NATIONAL)}
    text = _(
        "%(range)s (not stated), if paragraph %(paragraph)s counts regional and national projects. "
        "If it counts only regional ones: %(literal)s of the %(regional)d; for the %(national)d "
        "national ones no region is stated."
    )
    return text % known


def _of_described(answer: Answer) -> str:
    return f"{_described(answer)}. {_how_many_of_whole(answer)}".rstrip()


def _described(answer: Answer) -> str:
    known = {"number": answer.described, "what": _what(answer)}
    known["predicates"] = _listed_predicates(answer)
    if answer.described:
        text = (
            ngettext(
                "%(number)d described activity%(what)s is %(predicates)s",
                "%(number)d described activities%(what)s are %(predicates)s",
                answer.described,
            )
            if known["predicates"]
            else ngettext(
                "%(number)d described activity%(what)s",
                "%(number)d described activities%(what)s",
                answer.described,
            )
        )
    elif known["predicates"] and answer.nearby:
        text = _("No described activity%(what)s is known to be %(predicates)s")
    else:
        text = _("No described activity%(what)s")
    return f"{text % known}{_blanks(answer, answer.described)}"


def _blanks(answer: Answer, number: int) -> str:
    more, only = _("; for %(number)d more %(nothing)s"), _("; for %(number)d %(nothing)s")
    return "".join(
        (more if number else only) % {"number": blank, "nothing": _nothing_stated(facet)}
        for facet, blank in answer.blanks
    )


def _nothing_stated(facet: str) -> str | Promise:
    return NOTHING_STATED.get(facet) or _("%s is not stated") % FACET_LABELS[facet]


def _how_many_of_whole(answer: Answer) -> str:
    known: dict[str, Any] = {"whole": answer.report.whole, "low": answer.low}
    if answer.why == Why.CONFIRMED:
        text = _("%(low)d of the %(whole)d projects, counted from the confirmed entries.")
        return text % known
    if qualified := _qualified(answer):
        known |= qualified
        text = _(
            'Paragraph %(paragraph)s counts %(number)d "%(which)s" projects there and does not '
            "divide them."
        )
        return text % known
    if not answer.report.whole:
        return ""
    if answer.low:
        text = _(
            "At least %(low)d of the %(whole)d projects match, as confirmed entries show; how many "
            "is not stated."
        )
        return text % known
    entities = dict(answer.conditions).get("entity", ())
    if len(answer.conditions) == 1 and len(entities) == 1:
        text = _("How many of the %(whole)d projects are %(entity)s's is not stated.")
        return text % (known | {"entity": entities[0]})
    return _("How many of the %(whole)d projects match is not stated.") % known


def _qualified(answer: Answer) -> dict[str, Any]:
    """Return the published total of an area whose words name several states of projects."""
    areas = dict(answer.conditions).get("priority_area", ())
    key = ("priority_area", areas[0] if len(areas) == 1 else "")
    population = answer.report.populations.get(key)
    if not population or {facet for facet, _v in answer.conditions} != {"priority_area", "status"}:
        return {}
    number, paragraph = answer.report.figures[key]
    return {"number": number, "paragraph": paragraph, "which": population.removesuffix(" projects")}


def _of_entries(answer: Answer) -> str:
    conditions = [one for one in answer.conditions if one not in answer.unknown]
    kinds = next((values for facet, values in conditions if facet == "provenance"), ())
    known: dict[str, Any] = {
        "subject": _entries_named(kinds, answer),
        "what": _attributes(conditions),
    }
    verbs = [_predicate_of_entries(*one, answer.entries == 1) for one in conditions]
    listed = get_text_list([verb for verb in verbs if verb], _("and"))
    asked = [query.replace('"', "") for query in answer.queries]
    searched = get_text_list([f'"{words}"' for words in asked], _("or"))
    if searched:
        contains = ngettext("contains %s", "contain %s", answer.entries or 1) % searched
        listed = get_text_list([*filter(None, [listed]), contains], _("and"))
    if kinds == (Provenance.COUNTED,) and known["what"] and not listed:
        be = ngettext("is", "are", answer.entries or 1)
        listed, known["what"] = f"{be}{known['what']}", ""
    sentence = _("%(subject)s%(what)s") % known + (f" {listed}" if listed else "")
    described = answer.entries - answer.placeholders
    if not kinds and not answer.queries and described and answer.placeholders:
        parts = {
            "described": ngettext("%d described activity", "%d described activities", described)
            % described,
            "placeholders": ngettext("%d placeholder", "%d placeholders", answer.placeholders)
            % answer.placeholders,
        }
        sentence += _(": %(described)s and %(placeholders)s") % parts
    sentence += f"{_blanks(answer, answer.entries)}."
    if answer.unknown:
        which = _attributes_and_predicates(answer.unknown)
        sentence += " " + _("How many of them are%s is not stated.") % which
    return f"{sentence} {_('Placeholders are not searched.')}" if answer.queries else sentence


def _entries_named(kinds: tuple[str, ...], answer: Answer) -> str:
    number = answer.entries
    if kinds == (Provenance.COUNTED,):
        some = ngettext("%d placeholder", "%d placeholders", number)
        nothing = _("No placeholder")
    elif kinds == (Provenance.CONFIRMED,):
        some = ngettext("%d confirmed entry", "%d confirmed entries", number)
        nothing = _("No confirmed entry")
    elif kinds == (Provenance.NAMED,) or answer.queries:
        some = ngettext("%d described activity", "%d described activities", number)
        nothing = _("No described activity")
    else:
        some, nothing = ngettext("%d entry", "%d entries", number), _("No entry")
    return some % number if number else nothing


def _predicate_of_entries(facet: str, values: tuple[str, ...], is_one: bool) -> str:
    """Return what the entries are or have, e.g. "have a scope that was filled in"."""
    columns = {basis: dimension for dimension, basis in BASES.items()}
    if facet in columns:
        known = {
            "label": str(FACET_LABELS[columns[facet]]).lower(),
            "basis": get_text_list([str(OF_BASIS[one]) for one in values], _("or")),
        }
        return (
            _("has a %(label)s %(basis)s") if is_one else _("have a %(label)s %(basis)s")
        ) % known
    if facet == "in_matrix":
        texts = {
            InMatrix.YES: _("in the matrix"),
            InMatrix.NO: _("not in the matrix"),
            InMatrix.NOT_STATED: _("not stated to be in the matrix"),
        }
        known = {"which": get_text_list([texts[InMatrix(one)] for one in values], _("or"))}
        return (_("is %(which)s") if is_one else _("are %(which)s")) % known
    if facet == "provenance" and len(values) > 1:
        labels = get_text_list([label_of(facet, one) for one in values], _("or"))
        return (_("is %s") if is_one else _("are %s")) % labels.lower()
    if values == (NOT_STATED,):
        nothing = {"label": str(FACET_LABELS[facet]).lower()}
        return (_("states no %(label)s") if is_one else _("state no %(label)s")) % nothing
    found = _predicates([(facet, values)])
    return (_("is %s") if is_one else _("are %s")) % found[0] if found else ""


_SENTENCES = {
    State.PUBLISHED: _of_published,
    State.RANGE: _of_range,
    State.DESCRIBED: _of_described,
    State.ENTRIES: _of_entries,
}
# In the order of the words: "of UNESCO on empowering youth in Africa".
_ATTRIBUTES = ("entity", "priority_area", "country", "region")


def _what(answer: Answer) -> str:
    return _attributes(answer.conditions)


def _attributes(conditions: Iterable[tuple[str, tuple[str, ...]]]) -> str:
    """Return what projects are about or where they are, with a space before it."""
    found = ""
    for facet in _ATTRIBUTES:
        parts = []
        for values in (values for one, values in conditions if one == facet):
            if NOT_STATED in values:
                continue
            if facet == "priority_area":
                labels = [str(ON_AREA[value]) for value in values]
            elif facet == "region":
                labels = [str(IN_REGION[value]) for value in values]
            else:
                text = _("of %s") if facet == "entity" else _("in %s")
                labels = [text % get_text_list([label_of(facet, one) for one in values], _("or"))]
            parts.append(get_text_list(labels, _("or")))
        found += "".join(f" {one}" for one in filter(None, [get_text_list(parts, _("and"))]))
    return found


def _predicates(conditions: Iterable[tuple[str, tuple[str, ...]]]) -> list[str]:
    """Return what projects are, e.g. "global in scope"."""
    found = []
    for facet, values in conditions:
        if facet == "scope" and values:
            found.append(str(OF_SCOPES[values]))
        elif facet == "status" and NOT_STATED not in values:
            found.append(get_text_list([label_of(facet, one).lower() for one in values], _("or")))
        elif facet == "year":
            found.append(PHRASES[facet] % get_text_list(list(values), _("or")))
        elif facet not in (*_ATTRIBUTES, *_OF_ENTRIES) and NOT_STATED not in values:
            labels = get_text_list([f"“{label_of(facet, one)}”" for one in values], _("or"))
            found.append(PHRASES[facet] % labels if facet in PHRASES else labels)
    return found


def _attributes_and_predicates(conditions: Conditions) -> str:
    return _attributes(conditions) + "".join(f" {one}" for one in _predicates(conditions))


_OF_ENTRIES = ("provenance", "in_matrix", *BASES.values())


def _listed_predicates(answer: Answer) -> str:
    return get_text_list(_predicates(answer.conditions), _("and"))


def subject_of(asked: Asked) -> str:
    """Return the conditions with a capital, as a sentence begins; empty without any."""
    words = ", ".join(condition_words(asked))
    return words[:1].upper() + words[1:]


def report_sentence(asked: Asked, answers: Answers) -> str:
    """Return a sentence with the report's figures for each condition of a range; else none."""
    answer = answers.of()
    if answer.state != State.RANGE or len(answer.conditions) < 2:
        return ""
    parts: list[dict[str, Any]] = []
    for facet, values in answer.conditions:
        one = Answers(Asked.of(None, **{facet: values}), answers.table, answers.printed).of()
        if one.number is None:
            return ""
        which = (
            get_text_list([str(ON_AREA[area]) for area in values], _("or"))
            if (facet == "priority_area")
            else _listed(facet, values)
        )
        parts.append({"number": one.number, "which": which})
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
    symbol = published(asked.edition).symbol
    report = _("Report: %s") % symbol if sentence and symbol and symbol not in sentence else ""
    parts = [subject, register, sentence.removesuffix("."), report, address, accessed]
    return ". ".join(filter(None, parts)) + "."


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
    def title(self) -> str:
        return title_about(self.asked, self.selection.answer)

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

    @property
    def projects(self) -> str:
        """What is counted, e.g. "Projects on empowering youth in Africa"."""
        return _("Projects%s") % _attributes_and_predicates(self.selection.answer.conditions)

    @cached_property
    def removals(self) -> list[Removal]:
        """For an empty result: the facets and searches without which projects are found."""
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
        return [one for one in found if one.answer.filed]


def newest_other(asked: Asked, editions: list[Edition]) -> Edition | None:
    """Return the newest edition, None if it is the one asked for or if there is none."""
    newest = editions[0] if editions else None
    return newest if newest != asked.edition else None
