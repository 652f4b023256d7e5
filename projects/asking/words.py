"""A query in words: chips, removals, citation, and alone the sentences of the four states."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from ..columns import PROJECT_TABLE
from ..cube import BASES
from ..text import date_in_words
from ..vocabulary import NOT_STATED, Basis, InMatrix, PriorityArea, Provenance, Region, Scope
from .answers import Answer, Answers, Conditions, State, Why, published
from .asked import CLASSIFICATIONS, OPEN_FACETS, Asked
from .links import parameters_of, query_of
from .selection import Selection, label_of
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
# Their values need no label.
CLEAR = ("priority_area", "scope", "region", "entity")
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


# Within a list of values.
UNSTATED: dict[str, Promise] = {
    "priority_area": gettext_lazy("priority area not stated"),
    "scope": gettext_lazy("scope not stated"),
    "entity": gettext_lazy("entity not stated"),
}
# What the report does not say of projects that it counts otherwise.
UNSAID: dict[str, Promise] = {
    "priority_area": gettext_lazy("on what they work"),
    "scope": gettext_lazy("how far they reach"),
    "region": gettext_lazy("where they are"),
}
OF_BASIS: dict[str, Promise] = {
    Basis.STATED: gettext_lazy("that the source states"),
    Basis.INFERRED: gettext_lazy("that is our reading"),
    Basis.ALLOCATED: gettext_lazy("that was filled in"),
    NOT_STATED: gettext_lazy("that is not stated"),
}


@dataclass(frozen=True)
class Chip:
    """A chosen value, condition or search, and the query string without it.

    `entity` is an acronym, `answer` the one without a condition of an empty result.
    """

    label: str
    query: str
    entity: str = ""
    answer: Answer | None = None


def condition_words(asked: Asked) -> list[str]:
    """Return the conditions in words, one text each, e.g. ["national or regional in scope"]."""
    words = []
    for facet, values in asked.conditions.items():
        listed = _listed(facet, values)
        if facet in PHRASES:
            listed = PHRASES[facet] % listed
        elif facet not in CLEAR:
            listed = _("%(facet)s: %(value)s") % {"facet": FACET_LABELS[facet], "value": listed}
        words.append(listed)
    if asked.queries:
        words.append(_("matching %s") % _quoted(asked.queries))
    return words


def _listed(facet: str, slugs: tuple[str, ...]) -> str:
    stated = tuple(slug for slug in slugs if slug != NOT_STATED)
    labels = [label_of(facet, slug) for slug in slugs]
    if facet == "scope" and stated:
        labels[: len(stated)] = [str(OF_SCOPES[stated])]
    if facet == "region":
        labels = [str(IN_REGION[slug]) for slug in slugs]
    elif facet in UNSTATED and stated != slugs:
        labels[-1] = str(UNSTATED[facet])
    elif facet in PHRASES and facet not in OPEN_FACETS:
        labels = [_("“%s”") % label for label in labels]
    return _either(labels)


def _either(labels: Iterable[Any]) -> str:
    return get_text_list([str(one) for one in labels], _("or"))


def _both(texts: Iterable[str]) -> str:
    return get_text_list([one for one in texts if one], _("and"))


def sentence_about(asked: Asked, answer: Answer) -> str:
    """Return a number and how it is known; ranges and sums do not name what they count."""
    known = _known(answer)
    sentence = " ".join(SENTENCES[key] % known for key in _keys(answer))
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


# What is said of an answer: `_keys` says when, `_known` has what they name.
SENTENCES: dict[str, Any] = {
    # Published numbers.
    "published": ngettext_lazy(
        "%(number)d project%(what)s%(are)s (%(paragraphs)s).",
        "%(number)d projects%(what)s%(are)s (%(paragraphs)s).",
        "number",
    ),
    "sum of two": gettext_lazy("%(number)d projects: %(sum)s, both in %(paragraphs)s."),
    "sum of more": gettext_lazy("%(number)d projects: %(sum)s, all in %(paragraphs)s."),
    "differs": gettext_lazy(
        "Published: %(number)d (%(paragraphs)s). This register now has %(register)s%(what)s."
    ),
    # Ranges, and why a number is the only one.
    "range": gettext_lazy("%(range)s (not stated)."),
    "nothing follows": gettext_lazy("Not stated: no range follows from what is published."),
    Why.TOTALS: gettext_lazy("%(range)s: the published totals allow no other number."),
    Why.CONFIRMED: gettext_lazy("%(range)s, counted from the confirmed entries."),
    Why.RULE: gettext_lazy("0: a project has one priority area and one scope."),
    "global in a region": gettext_lazy("0: in this register a global project has no region."),
    "national in a region": gettext_lazy(
        "%(range)s (not stated), by this register's reading of paragraph %(paragraph)s; read "
        "word for word it states no region of national projects."
    ),
    "of scopes in a region": gettext_lazy(
        "%(range)s (not stated), by this register's reading of paragraph %(paragraph)s; read "
        "word for word it is %(literal)s."
    ),
    "in a region": gettext_lazy(
        "%(range)s (not stated), if paragraph %(paragraph)s counts regional and national projects. "
        "If it counts only regional ones: %(literal)s of the %(regional)d; for the %(national)d "
        "national ones no region is stated."
    ),
    # Described activities, and what this says of the projects that the report counts.
    "described": ngettext_lazy(
        "%(number)d described activity%(what)s%(are)s%(blanks)s.",
        "%(number)d described activities%(what)s%(are)s%(blanks)s.",
        "number",
    ),
    "none": gettext_lazy("No described activity%(what)s%(are)s%(blanks)s."),
    "all confirmed": gettext_lazy(
        "%(low)d of the %(whole)d projects, counted from the confirmed entries."
    ),
    "qualified": gettext_lazy(
        'Paragraph %(place)s counts %(total)d "%(which)s" projects there and does not divide them.'
    ),
    "at least": gettext_lazy(
        "At least %(low)d of the %(whole)d projects match, as confirmed entries show; how many "
        "is not stated."
    ),
    "of an entity": gettext_lazy(
        "How many of the %(whole)d projects are %(entity)s's is not stated."
    ),
    "of the whole": gettext_lazy("How many of the %(whole)d projects match is not stated."),
    # Entries of this register.
    "entries": gettext_lazy("%(entries)s%(blanks)s."),
    "unknown": gettext_lazy("How many of them are%(unknown)s is not stated."),
    "searched": gettext_lazy("Placeholders are not searched."),
}


def _keys(answer: Answer) -> list[str]:
    """Return the sentences that an answer has in its state."""
    match answer.state:
        case State.PUBLISHED:
            printed = ["published", "sum of two", "sum of more"][min(len(answer.printed), 3) - 1]
            return ["differs" if answer.differs else printed]
        case State.RANGE:
            return [_key_of_range(answer)]
        case State.DESCRIBED:
            return ["described" if answer.described else "none", *_keys_of_whole(answer)]
    more = {"unknown": answer.unknown, "searched": answer.queries}
    return ["entries", *(key for key, there in more.items() if there)]


def _key_of_range(answer: Answer) -> str:
    scopes = dict(answer.conditions).get("scope")
    if answer.why == Why.RULE and answer.is_of_region and scopes == (Scope.GLOBAL,):
        return "global in a region"
    if answer.why in (Why.RULE, Why.CONFIRMED):
        return answer.why
    if answer.range is None:
        return "nothing follows"
    if answer.is_of_region and scopes == (Scope.NATIONAL,):
        return "national in a region"
    if answer.is_of_region and answer.literal:
        return "of scopes in a region" if scopes else "in a region"
    return answer.why or "range"


def _keys_of_whole(answer: Answer) -> list[str]:
    conditions = dict(answer.conditions)
    if answer.why == Why.CONFIRMED:
        return ["all confirmed"]
    if _qualified(answer):
        return ["qualified"]
    if not answer.report.whole:
        return []
    if answer.low:
        return ["at least"]
    is_of_one = len(answer.conditions) == 1 and len(conditions.get("entity", ())) == 1
    return ["of an entity" if is_of_one else "of the whole"]


def _qualified(answer: Answer) -> dict[str, Any]:
    """Return the published total of an area whose words name several states of projects."""
    areas = dict(answer.conditions).get("priority_area", ())
    key = ("priority_area", areas[0] if len(areas) == 1 else "")
    population = answer.report.populations.get(key)
    if not population or {facet for facet, _v in answer.conditions} != {"priority_area", "status"}:
        return {}
    total, place = answer.report.figures[key]
    return {"total": total, "place": place, "which": _(population.removesuffix(" projects"))}


def _known(answer: Answer) -> dict[str, Any]:
    """Return what sentences name of an answer."""
    counted = {State.DESCRIBED: answer.described, State.ENTRIES: answer.entries}
    number = counted.get(answer.state, answer.number or 0)
    entities = dict(answer.conditions).get("entity", ())
    scopes = {
        one.value: answer.report.figures.get(("scope", one), (0, ""))[0]
        for one in (Scope.REGIONAL, Scope.NATIONAL)
    }
    return {
        "number": number,
        "what": _attributes(answer.conditions),
        "are": _are(answer, number),
        "paragraphs": answer.basis,
        "sum": " + ".join(map(str, answer.printed)),
        "register": EVERY % answer.filed,
        "range": answer.short,
        "literal": answer.literal,
        "paragraph": answer.report["regions"],
        "blanks": _blanks(answer, number),
        "whole": answer.report.whole,
        "low": answer.low,
        "entity": entities[0] if entities else "",
        "entries": _entries(answer) if answer.state == State.ENTRIES else "",
        "unknown": attributes_and_predicates(answer.unknown),
        **scopes,
        **_qualified(answer),
    }


def _are(answer: Answer, number: int) -> str:
    """Return what the projects are, as the end of a sentence."""
    predicates = _both(_predicates(answer.conditions))
    if answer.state == State.DESCRIBED and not number:
        return f" {_('is known to be %s') % predicates}" if predicates and answer.nearby else ""
    return f" {ngettext('is %s', 'are %s', number) % predicates}" if predicates else ""


def _blanks(answer: Answer, number: int) -> str:
    more, only = _("; for %(number)d more %(nothing)s"), _("; for %(number)d %(nothing)s")
    found = ""
    for facet, blank in answer.blanks:
        nothing = _("no %s is stated") % str(FACET_LABELS[facet]).lower()
        found += (more if number else only) % {"number": blank, "nothing": nothing}
    return found


EVERY = ngettext_lazy("%d entry", "%d entries")
DESCRIBED = ngettext_lazy("%d described activity", "%d described activities")
# By the only provenance that is asked for.
ENTRIES: dict[Any, Any] = {
    (Provenance.COUNTED,): ngettext_lazy("%d placeholder", "%d placeholders"),
    (Provenance.NAMED,): DESCRIBED,
    (Provenance.CONFIRMED,): ngettext_lazy("%d confirmed entry", "%d confirmed entries"),
}
IN_MATRIX: dict[str, Promise] = {
    InMatrix.YES: gettext_lazy("in the matrix"),
    InMatrix.NO: gettext_lazy("not in the matrix"),
    InMatrix.NOT_STATED: gettext_lazy("not stated to be in the matrix"),
}


def _entries(answer: Answer) -> str:
    """Return which entries there are, e.g. "4 entries in Africa have a scope that is stated"."""
    number, placeholders = answer.entries, answer.placeholders
    conditions = tuple(one for one in answer.conditions if one not in answer.unknown)
    kinds = next((values for facet, values in conditions if facet == "provenance"), ())
    counted = ENTRIES.get(kinds) or (DESCRIBED if answer.queries else EVERY)
    is_none = counted is DESCRIBED and not number
    sentence = _("No described activity") if is_none else counted % number
    number = 1 if is_none else number  # the verbs are singular
    what = _attributes(conditions)
    verbs = _both(_predicate_of_entries(*one, number) for one in conditions)
    if answer.queries:
        searched = _either('"{}"'.format(one.replace('"', "")) for one in answer.queries)
        verbs = _both([verbs, ngettext("contains %s", "contain %s", number) % searched])
    if kinds == (Provenance.COUNTED,) and what and not verbs:
        what = f" {ngettext('is', 'are', number)}{what}"
    sentence += what + (f" {verbs}" if verbs else "")
    described = number - placeholders
    if kinds or answer.queries or not (described and placeholders):
        return sentence
    parts = {
        "described": DESCRIBED % described,
        "placeholders": ENTRIES[Provenance.COUNTED,] % placeholders,
    }
    return sentence + _(": %(described)s and %(placeholders)s") % parts


def _predicate_of_entries(facet: str, values: tuple[str, ...], number: int) -> str:
    """Return what the entries are or have, e.g. "have a scope that was filled in"."""
    columns = {basis: dimension for dimension, basis in BASES.items()}
    label = str(FACET_LABELS[columns.get(facet, facet)]).lower()
    if facet in columns:
        known = {"label": label, "basis": _either(OF_BASIS[one] for one in values)}
        text = ngettext("has a %(label)s %(basis)s", "have a %(label)s %(basis)s", number)
        return text % known
    if NOT_STATED in values and facet != "in_matrix":
        stated = tuple(one for one in values if one != NOT_STATED)
        if what := attributes_and_predicates(((facet, stated),)).strip():
            text = ngettext(
                "is %(what)s or states no %(label)s", "are %(what)s or state no %(label)s", number
            )
            return text % {"what": what, "label": label}
        return ngettext("states no %s", "state no %s", number) % label
    if facet == "in_matrix":
        which = _either(IN_MATRIX[one] for one in values)
    elif facet == "provenance":
        which = _either(label_of(facet, one) for one in values).lower() if len(values) > 1 else ""
    else:
        which = "".join(_predicates(((facet, values),)))
    return ngettext("is %s", "are %s", number) % which if which else ""


# In the order of the words: "of UNESCO on empowering youth in Africa".
_ATTRIBUTES = ("entity", "priority_area", "country", "region")
_OF_ENTRIES = ("provenance", "in_matrix", *BASES.values())


def _attributes(conditions: Conditions) -> str:
    """Return what projects are about or where they are, with a space before it."""
    found = ""
    for facet in _ATTRIBUTES:
        parts = []
        for values in (values for one, values in conditions if one == facet):
            if NOT_STATED in values or not values:
                continue
            if facet in ("priority_area", "region"):
                phrases = ON_AREA if facet == "priority_area" else IN_REGION
                parts.append(_either(phrases[value] for value in values))
            else:
                text = _("of %s") if facet == "entity" else _("in %s")
                parts.append(text % _either(label_of(facet, one) for one in values))
        found += f" {_both(parts)}" if parts else ""
    return found


def _predicates(conditions: Conditions) -> list[str]:
    """Return what projects are, e.g. "global in scope"."""
    found = []
    for facet, values in conditions:
        if NOT_STATED in values or not values:
            continue
        if facet == "scope":
            found.append(str(OF_SCOPES[values]))
        elif facet == "year":
            found.append(PHRASES[facet] % _either(values))
        elif facet == "status":
            found.append(_either(label_of(facet, one).lower() for one in values))
        elif facet not in (*_ATTRIBUTES, *_OF_ENTRIES):
            labels = _either(f"“{label_of(facet, one)}”" for one in values)
            found.append(PHRASES[facet] % labels if facet in PHRASES else labels)
    return found


def attributes_and_predicates(conditions: Conditions) -> str:
    """Return what is counted with a space before it: " on empowering youth in Africa"."""
    return _attributes(conditions) + "".join(f" {one}" for one in _predicates(conditions))


def subject_of(asked: Asked) -> str:
    """Return the conditions with a capital, as a sentence begins; empty without any."""
    words = ", ".join(condition_words(asked))
    return words[:1].upper() + words[1:]


def _report_sentence(answer: Answer, answers: Answers) -> str:
    """Return a sentence with the report's figures for each condition of a range; else none."""
    if answer.state != State.RANGE or len(answer.conditions) < 2:
        return ""
    parts: list[dict[str, Any]] = []
    for facet, values in answer.conditions:
        one = Answers(Asked.of(None, **{facet: values}), answers.table, answers.printed).of()
        if one.number is None:
            return ""
        is_area = facet == "priority_area"
        which = _either(map(ON_AREA.get, values)) if is_area else _listed(facet, values)
        parts.append({"number": one.number, "which": which})
    sentence = (
        _("%(symbol)s counts %(counts)s; it does not say how many are both.")
        if len(parts) == 2
        else _("%(symbol)s counts %(counts)s; it does not say how many are all of these.")
    )
    return sentence % {"symbol": answers.printed.symbol, "counts": _counts(parts)}


def _counts(parts: list[dict[str, Any]]) -> str:
    """Return numbers with what they count: "27 projects on empowering youth and 61 in Asia"."""
    first, *others = parts
    text = ngettext(
        "%(number)d project %(which)s", "%(number)d projects %(which)s", first["number"]
    )
    return _both([text % first, *(_("%(number)d %(which)s") % one for one in others)])


def extremes(answers: Iterable[Answer]) -> str:
    """Return which of three printed numbers or more is the most, and which the least."""
    ranked = sorted((one for one in answers if one.number is not None), key=lambda one: one.figure)
    numbers = [one.number for one in ranked]
    if len(ranked) < 3 or numbers[0] == numbers[1] or numbers[-2] == numbers[-1]:
        return ""
    least, most = ranked[0], ranked[-1]
    text = _("The most, %(most)d, are%(largest)s; the fewest, %(least)d,%(smallest)s (%(place)s).")
    return text % {
        "most": most.number,
        "largest": attributes_and_predicates(most.conditions),
        "least": least.number,
        "smallest": attributes_and_predicates(least.conditions),
        "place": ", ".join(dict.fromkeys([most.basis, least.basis])),
    }


def difference_sentence(a: Answer, b: Answer) -> str:
    """Return two numbers in a sentence; empty where the report does not print both."""
    pair = (a, b)
    if any(len(one.printed) != 1 or one.differs for one in pair):
        return ""
    which = [attributes_and_predicates(one.conditions).strip() for one in pair]
    counted = zip(pair, which, strict=True)
    parts = [{"number": one.number, "which": words or _("in all")} for one, words in counted]
    known = {
        "symbol": a.report.symbol,
        "counts": _counts(parts),
        "place": f"¶ {', '.join(sorted({*a.paragraphs, *b.paragraphs}))}",
        "apart": (_("%d fewer") if a.figure > b.figure else _("%d more"))
        % abs(a.figure - b.figure),
    }
    text = _("%(symbol)s counts %(counts)s (%(place)s), %(apart)s.")
    if a.figure == b.figure:
        text = _("%(symbol)s counts %(counts)s (%(place)s), as many.")
    asked = [facet for one in pair for facet, _values in one.conditions]
    unsaid = [words for facet, words in UNSAID.items() if facet not in asked and len(asked) == 2]
    sentences = [text % known]
    if unsaid:
        sentences.append(_("It does not say %s.") % _either(unsaid))
    return " ".join(sentences)


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


def asked_for(selection: Selection) -> dict[str, Any]:
    """Return what was asked for, the number of projects, and how it is known, as data."""
    asked, answer = selection.asked, selection.answer
    return {
        "sentence": sentence_about(asked, answer),
        "answer": answer.as_data(asked.filled_in),
        "filters": parameters_of(asked.narrowing),
        "edition": asked.edition.slug if asked.edition else "",
    }


def version_of(asked: Asked) -> str:
    """Return the part of a file's name for its version: the edition's slug, or today's date."""
    return asked.edition.slug if asked.edition else f"{timezone.now():%Y-%m-%d}"


def citation(
    asked: Asked, address: str, sentence: str = "", subject: str = "", today: date | None = None
) -> str:
    """Return the citation of a page; that of a single project has no `sentence`."""
    register = _("pvematrix, register of United Nations projects on preventing violent extremism")
    if asked.edition:
        if not sentence:  # which names the edition itself
            known = {"register": register, "edition": asked.edition}
            register = _("%(register)s, edition “%(edition)s”") % known
        place = {"address": address, "fingerprint": asked.edition.sha256}
        address = _("%(address)s (SHA-256 %(fingerprint)s)") % place
    else:
        register = _("%s, current register") % register
    accessed = _("Accessed on %s") % date_in_words(today or timezone.now())
    symbol = published(asked.edition).symbol
    report = _("Report: %s") % symbol if sentence and symbol and symbol not in sentence else ""
    parts = [subject, register, sentence.removesuffix("."), report, address, accessed]
    return ". ".join(filter(None, parts)) + "."


def _quoted(queries: tuple[str, ...]) -> str:
    return _either(f"“{query}”" for query in queries)


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
        return _report_sentence(self.selection.answer, self.selection.answers)

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
                if facet not in CLASSIFICATIONS or slug == NOT_STATED:
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
        return _("Projects%s") % attributes_and_predicates(self.selection.answer.conditions)

    @cached_property
    def removals(self) -> list[Chip]:
        """For an empty result: the facets and searches without which projects are found."""
        queries = self.asked.queries
        labels = {"queries": _("Search %s") % _quoted(queries)} if queries else {}
        for facet, values in self.asked.conditions.items():
            chosen = _either(label_of(facet, slug) for slug in values)
            labels[facet] = f"{FACET_LABELS[facet]}: {chosen}"
        found = {name: self.selection.without(name) for name in labels}
        return [
            Chip(labels[name], query_of(self.asked.but(**{name: ()})), answer=answer)
            for name, answer in found.items()
            if answer.short != "0"
        ]
