"""Projects, activities and entries in words: a text for each kind of question."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, ngettext_lazy
from django.utils.translation import gettext as _

from ..citations import labelled
from ..columns import PROJECT_TABLE
from ..ranges import PUBLISHED_DIMENSIONS
from ..text import all_of, any_of, capitalized, isolated, quoted, separated, with_basis
from ..vocabulary import NOT_STATED, InMatrix, PriorityArea, Provenance, Region, Scope
from .answer import Answer, Conditions
from .asked import FACETS, KNOWLEDGE, Asked
from .selection import label_of

FACET_LABELS: dict[str, str | Promise] = {
    **{name: column.one_label or column.label for name, column in PROJECT_TABLE.facets.items()},
    "year": gettext_lazy("Running in"),
    "starts": gettext_lazy("Starting in"),
    "ends": gettext_lazy("Ending in"),
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
}
_ORDER = [*FACETS]
# By the facets that are asked for, in this order.
Kind = tuple[str, ...]
PROJECTS_COUNTED: dict[Kind, Any] = {
    (): ngettext_lazy("%(number)d project", "%(number)d projects", "number"),
    # Translators: %(area)s is a text such as "on empowering youth".
    ("priority_area",): ngettext_lazy(
        "%(number)d project %(area)s", "%(number)d projects %(area)s", "number"
    ),
    # Translators: %(scope)s is a text such as "national in scope".
    ("scope",): ngettext_lazy(
        "%(number)d project is %(scope)s", "%(number)d projects are %(scope)s", "number"
    ),
    # Translators: %(region)s is a text such as "in Africa".
    ("region",): ngettext_lazy(
        "%(number)d project %(region)s", "%(number)d projects %(region)s", "number"
    ),
    ("priority_area", "scope"): ngettext_lazy(
        "%(number)d project %(area)s is %(scope)s",
        "%(number)d projects %(area)s are %(scope)s",
        "number",
    ),
    ("priority_area", "region"): ngettext_lazy(
        "%(number)d project %(area)s %(region)s",
        "%(number)d projects %(area)s %(region)s",
        "number",
    ),
    ("scope", "region"): ngettext_lazy(
        "%(number)d project %(region)s is %(scope)s",
        "%(number)d projects %(region)s are %(scope)s",
        "number",
    ),
    PUBLISHED_DIMENSIONS: ngettext_lazy(
        "%(number)d project %(area)s %(region)s is %(scope)s",
        "%(number)d projects %(area)s %(region)s are %(scope)s",
        "number",
    ),
}
# As a part of all, by the facet or the region; %(share)s is empty or a share in brackets.
OF_ALL: dict[str, Any] = {
    # Translators: "7 of the 17 projects (41 %) are national in scope".
    "priority_area": ngettext_lazy(
        "%(number)d of the %(total)d projects%(share)s is %(area)s",
        "%(number)d of the %(total)d projects%(share)s are %(area)s",
        "number",
    ),
    "scope": ngettext_lazy(
        "%(number)d of the %(total)d projects%(share)s is %(scope)s",
        "%(number)d of the %(total)d projects%(share)s are %(scope)s",
        "number",
    ),
    # Translators: "Africa has 6 (33 %) of the 18 counts", a project in two regions in each.
    Region.AFRICA: gettext_lazy("Africa has %(number)d%(share)s of the %(total)d counts"),
    Region.MENA: gettext_lazy(
        "The Middle East and North Africa has %(number)d%(share)s of the %(total)d counts"
    ),
    Region.ASIA: gettext_lazy("Asia has %(number)d%(share)s of the %(total)d counts"),
    Region.EUROPE: gettext_lazy("Europe has %(number)d%(share)s of the %(total)d counts"),
    Region.AMERICAS: gettext_lazy("The Americas have %(number)d%(share)s of the %(total)d counts"),
}
# The same as a title, without a number.
PROJECTS: dict[Kind, Promise] = {
    (): gettext_lazy("Projects"),
    ("priority_area",): gettext_lazy("Projects %(area)s"),
    ("scope",): gettext_lazy("Projects %(scope)s"),
    ("region",): gettext_lazy("Projects %(region)s"),
    ("priority_area", "scope"): gettext_lazy("Projects %(area)s, %(scope)s"),
    ("priority_area", "region"): gettext_lazy("Projects %(area)s %(region)s"),
    ("scope", "region"): gettext_lazy("Projects %(region)s, %(scope)s"),
    PUBLISHED_DIMENSIONS: gettext_lazy("Projects %(area)s %(region)s, %(scope)s"),
}
# Placeholders of areas: counted, and as a title.
PLACEHOLDERS_COUNTED = ngettext_lazy(
    "%(number)d placeholder %(area)s", "%(number)d placeholders %(area)s", "number"
)
PLACEHOLDERS = gettext_lazy("Placeholders %(area)s")
# By the facet that entries do not state.
STATING_NOTHING: dict[str, Any] = {
    "priority_area": ngettext_lazy(
        "%(number)d entry states no priority area",
        "%(number)d entries state no priority area",
        "number",
    ),
    "scope": ngettext_lazy(
        "%(number)d entry states no scope", "%(number)d entries state no scope", "number"
    ),
    "region": ngettext_lazy(
        "%(number)d entry states no region", "%(number)d entries state no region", "number"
    ),
    "country": ngettext_lazy(
        "%(number)d entry states no country", "%(number)d entries state no country", "number"
    ),
    "entity": ngettext_lazy(
        "%(number)d entry states no entity", "%(number)d entries state no entity", "number"
    ),
    "status": ngettext_lazy(
        "%(number)d entry states no status", "%(number)d entries state no status", "number"
    ),
}
NOT_IN_MATRIX = gettext_lazy("No source says of any entry that it is not in the matrix")
IN_MATRIX: dict[str, Any] = {
    InMatrix.YES: ngettext_lazy(
        "%(number)d entry is in the matrix", "%(number)d entries are in the matrix", "number"
    ),
    Provenance.COUNTED: ngettext_lazy(
        "%(number)d placeholder stands for a project in the matrix",
        "%(number)d placeholders stand for projects in the matrix",
        "number",
    ),
    InMatrix.NO: ngettext_lazy(
        "%(number)d entry is not in the matrix",
        "%(number)d entries are not in the matrix",
        "number",
    ),
    InMatrix.NOT_STATED: ngettext_lazy(
        "No source says whether this %(number)d entry is in the matrix",
        "No source says whether these %(number)d entries are in the matrix",
        "number",
    ),
}
OF_REFERENCE = ngettext_lazy(
    "%(number)d placeholder has the reference %(values)s",
    "%(number)d placeholders have the references %(values)s",
    "number",
)
EVERY = ngettext_lazy("%d entry", "%d entries")
DESCRIBED = ngettext_lazy("%d described activity", "%d described activities")
# By the only provenance that is asked for: alone, and with other conditions after it.
ENTRIES: dict[Any, Any] = {
    (Provenance.COUNTED,): ngettext_lazy("%d placeholder", "%d placeholders"),
    (Provenance.NAMED,): DESCRIBED,
    (Provenance.CONFIRMED,): ngettext_lazy("%d confirmed entry", "%d confirmed entries"),
}
MIXTURES: dict[Any, Promise] = {
    (): gettext_lazy("Entries (%(conditions)s): %(number)d"),
    (Provenance.COUNTED,): gettext_lazy("Placeholders (%(conditions)s): %(number)d"),
    (Provenance.NAMED,): gettext_lazy("Described activities (%(conditions)s): %(number)d"),
    (Provenance.CONFIRMED,): gettext_lazy("Confirmed entries (%(conditions)s): %(number)d"),
}
# What matches but for one facet, which is not stated.
MAY_MATCH: dict[str, Any] = {
    "priority_area": ngettext_lazy(
        "Possibly %(number)d more matches: its priority area is not stated.",
        "Possibly %(number)d more match: their priority area is not stated.",
        "number",
    ),
    "scope": ngettext_lazy(
        "Possibly %(number)d more matches: its scope is not stated.",
        "Possibly %(number)d more match: their scope is not stated.",
        "number",
    ),
    "region": ngettext_lazy(
        "Possibly %(number)d more matches: its region is not stated.",
        "Possibly %(number)d more match: their region is not stated.",
        "number",
    ),
    "country": ngettext_lazy(
        "Possibly %(number)d more matches: its country is not stated.",
        "Possibly %(number)d more match: their country is not stated.",
        "number",
    ),
    "entity": ngettext_lazy(
        "Possibly %(number)d more matches: its entity is not stated.",
        "Possibly %(number)d more match: their entity is not stated.",
        "number",
    ),
    "status": ngettext_lazy(
        "Possibly %(number)d more matches: its status is not stated.",
        "Possibly %(number)d more match: their status is not stated.",
        "number",
    ),
    "in_matrix": ngettext_lazy(
        "Of %(number)d entry no source says whether it is in the matrix.",
        "Of %(number)d entries no source says whether they are in the matrix.",
        "number",
    ),
    "year": ngettext_lazy(
        "Possibly %(number)d more matches: its year is not stated.",
        "Possibly %(number)d more match: their year is not stated.",
        "number",
    ),
    "starts": ngettext_lazy(
        "Possibly %(number)d more matches: its start is not stated.",
        "Possibly %(number)d more match: their start is not stated.",
        "number",
    ),
    "ends": ngettext_lazy(
        "Possibly %(number)d more matches: its end is not stated.",
        "Possibly %(number)d more match: their end is not stated.",
        "number",
    ),
}


def projects_counted(number: int, conditions: Conditions) -> str:
    """Return a number of projects with what is counted: "27 projects on empowering youth"."""
    kind, known = _kind_of(conditions)
    return PROJECTS_COUNTED[kind] % {"number": number, **known}


def of_all(answer: Answer, in_share: bool = False) -> str:
    """Return a published number as a part of all: "7 of the 17 projects are national in scope".

    It has its share if asked for, and is empty where the number is no part of such a total.
    """
    if not answer.share:
        return ""
    ((facet, (value,)),) = answer.conditions
    share = with_basis("", answer.share) if in_share else ""
    numbers = {"number": answer.figure, "total": answer.of_all, "share": share}
    _kind, names = _kind_of(answer.conditions)
    return OF_ALL[value if facet == "region" else facet] % {**numbers, **names}


def projects(conditions: Conditions) -> str:
    """Return what is counted as a title: "Projects on empowering youth in Africa"."""
    kind, known = _kind_of(conditions)
    return str(PROJECTS[kind]) % known


def _kind_of(conditions: Conditions) -> tuple[Kind, dict[str, str]]:
    asked = {facet for facet, values in conditions if values}
    kind = tuple(facet for facet in PUBLISHED_DIMENSIONS if facet in asked)
    names = {"priority_area": "area"}
    return kind, {names.get(one, one): phrase(one, conditions) for one in kind}


def placeholders(number: int, area: str) -> str:
    """Return a number of placeholders of an area: "24 placeholders on empowering youth"."""
    return str(PLACEHOLDERS_COUNTED % {"number": number, "area": ON_AREA[area]})


def area_of_placeholders(conditions: Conditions, queries: Iterable[str]) -> str:
    """Return the area if placeholders of a single one are all that is asked for; else ""."""
    known = dict(conditions)
    kinds, areas = known.pop("provenance", ()), known.pop("priority_area", ())
    is_single = kinds == (Provenance.COUNTED,) and len(areas) == 1 and not (known or queries)
    return areas[0] if is_single and areas[0] in ON_AREA else ""


def phrase(facet: str, conditions: Conditions) -> str:
    """Return the conditions on an area, scope or region as a part of a sentence: "in Africa"."""
    chosen = [values for one, values in conditions if one == facet]
    if facet == "scope":
        return str(OF_SCOPES[chosen[0]])
    phrases = ON_AREA if facet == "priority_area" else IN_REGION
    return all_of(any_of(phrases[value] for value in values) for values in chosen)


def placeholders_called(number: int, queries: Iterable[str]) -> str:
    """Return a number of placeholders that were searched for by reference."""
    known = {"number": number, "values": any_of(map(isolated, queries))}
    return str(OF_REFERENCE % known)


def value_of(facet: str, value: str) -> str:
    """Return a value as a sentence has it: words in quotation marks, a status in small letters.

    In other languages a status is a name, and each has its own marks.
    """
    if facet == "queries":
        return quoted(value.replace('"', ""))
    label = label_of(facet, value)
    if facet == "status":
        is_english = get_language() == settings.LANGUAGE_CODE
        return label.lower() if is_english else quoted(label.lower())
    return isolated(label)


def mixture(number: int, kinds: Any, conditions: Conditions, queries: Iterable[str] = ()) -> str:
    """Return a number of entries of a rare combination: "Entries (entity: UNESCO; …): 3"."""
    known = {"number": number, "conditions": conditions_in_words(conditions, queries)}
    return str(MIXTURES[kinds]) % known


def may_match(facet: str, number: int) -> str:
    """Return how many entries match in all else, and do not state this facet."""
    known = {"number": number, "facet": FACET_LABELS[facet]}
    some = ngettext(
        "Possibly %(number)d more matches: nothing is stated under “%(facet)s”.",
        "Possibly %(number)d more match: nothing is stated under “%(facet)s”.",
        number,
    )
    return MAY_MATCH.get(facet, some) % known


def conditions_in_words(conditions: Conditions, queries: Iterable[str] = ()) -> str:
    """Return conditions by their labels: "region: Africa; status: ongoing or planned"."""
    unstated = {NOT_STATED: _("not stated")}
    words: list[str] = []
    for facet, values in sorted(conditions, key=lambda one: _ORDER.index(one[0])):
        if values:
            # "Counted, not described" reads as two.
            written = quoted if facet in KNOWLEDGE and len(values) > 1 else isolated
            labels = any_of(written(unstated.get(one) or label_of(facet, one)) for one in values)
            words.append(labelled(str(FACET_LABELS[facet]).lower(), labels))
    if queries := [*queries]:
        words.append(labelled(_("search"), any_of(map(quoted, queries))))
    return separated(words)


def subject_of(asked: Asked) -> str:
    """Return what is asked for as a title; empty if everything is."""
    conditions = tuple(asked.conditions.items())
    if not conditions and not asked.queries:
        return ""
    named = {NOT_STATED, *asked.queries}
    is_of_report = asked.conditions.keys() <= {*PUBLISHED_DIMENSIONS} and not asked.queries
    if is_of_report and not any(named & {*values} for _facet, values in conditions):
        return projects(conditions)
    if area := area_of_placeholders(conditions, asked.queries):
        return str(PLACEHOLDERS) % {"area": ON_AREA[area]}
    return capitalized(conditions_in_words(conditions, asked.queries))


def phrases(conditions: Conditions) -> str:
    """Return conditions on areas, scopes and regions as rows of files have them, in English."""
    asked = {facet for facet, _values in conditions}
    order = ("priority_area", "region", "scope")
    said = " ".join(phrase(facet, conditions) for facet in order if facet in asked)
    others = tuple(one for one in conditions if one[0] not in order)
    return separated(filter(None, (said, conditions_in_words(others))))
