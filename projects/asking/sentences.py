"""Answers in sentences: each has its subject and its source, and can leave the page."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..citations import CitedText, cited, filled, labelled, sentences, without_stop
from ..ranges import PUBLISHED_DIMENSIONS
from ..text import all_of, isolated, separated
from ..vocabulary import NOT_STATED, InMatrix, Provenance, RegionsOf, Scope
from .activities import activities, activities_in_words
from .answer import (
    Answer,
    DescribedAnswer,
    EntriesAnswer,
    RangeAnswer,
    State,
    Why,
    WordForWord,
)
from .answers import Answers
from .asked import Asked
from .phrases import (
    DESCRIBED,
    ENTRIES,
    EVERY,
    IN_MATRIX,
    NOT_IN_MATRIX,
    STATING_NOTHING,
    area_of_placeholders,
    conditions_in_words,
    may_match,
    mixture,
    placeholders,
    placeholders_called,
    projects,
    projects_counted,
    value_of,
)

# What the report does not say of projects that it counts otherwise.
UNSAID: dict[str, Promise] = {
    "priority_area": gettext_lazy("The report does not say what they work on."),
    "scope": gettext_lazy("The report does not give their scope."),
    "region": gettext_lazy("The report does not say where they are."),
}
RANGES: dict[str, Promise] = {
    "range": gettext_lazy(
        "%(projects)s: not stated; %(symbol)s's totals allow %(low)d to %(high)d."
    ),
    "nothing follows": gettext_lazy(
        "%(projects)s: not stated; no range follows from what is published."
    ),
    Why.TOTALS: gettext_lazy("%(projects)s: %(low)d; %(symbol)s's totals allow no other number."),
    Why.CONFIRMED: gettext_lazy("%(projects)s: %(low)d, counted from the confirmed entries."),
    Why.RULE: gettext_lazy("0: a project has one priority area and one scope."),
    "global in a region": gettext_lazy(
        "%(projects)s: 0; in this register a global project has no region."
    ),
    "no region in another reading": gettext_lazy(
        "%(projects)s: not stated; %(symbol)s's totals allow %(low)d to %(high)d if its counts by "
        "region (%(regions)s) are %(whose)s; if they are %(whose_else)s, no region of these is "
        "stated."
    ),
    "a number in each reading": gettext_lazy(
        "%(projects)s: %(low)d if %(symbol)s's counts by region (%(regions)s) are %(whose)s, and "
        "%(literal)s if they are %(whose_else)s."
    ),
    "another reading": gettext_lazy(
        "%(projects)s: not stated; %(symbol)s's totals allow %(low)d to %(high)d if its counts by "
        "region (%(regions)s) are %(whose)s, and %(literal)s if they are %(whose_else)s."
    ),
}
# What a report's numbers by region are.
OF_PROJECTS: dict[RegionsOf, Promise] = {
    RegionsOf.BOTH: gettext_lazy("of regional and national projects"),
    RegionsOf.REGIONAL: gettext_lazy("of regional projects alone"),
    RegionsOf.NATIONAL: gettext_lazy("of national projects alone"),
}


def sentence_about(asked: Asked, answer: Answer, said: str = "") -> CitedText:
    """Return a number with what it counts and how it is known; a published one as it is `said`."""
    found = sentences(_published(answer, said) if said else _SENTENCES[answer.state](answer))
    if not asked.edition:
        return found
    known = {"sentence": found, "edition": isolated(asked.edition)}
    return filled(_("In the edition “%(edition)s”: %(sentence)s"), known)


def title_about(asked: Asked, answer: Answer, said: str = "") -> str:
    return without_stop(sentence_about(asked, answer, said))


def _published(answer: Any, said: str = "") -> list[str]:
    values = {
        "said": said or printed_counted(answer),
        "place": answer.place,
        "sum": " + ".join(map(str, answer.printed)),
    }
    if answer.differs:
        register = ngettext(
            "This register now has %(number)d such entry.",
            "This register now has %(number)d such entries.",
            answer.filed,
        )
        published = filled(_("Published: %(said)s (%(place)s)."), values)
        return [published, register % {"number": answer.filed}, *_counted_by_region(answer)]
    texts = [
        # Translators: 27 projects on empowering youth (A/74/677, p. 8).
        _("%(said)s (%(place)s)."),
        # Translators: 49 projects on two areas: 27 + 22, both in A/74/677, p. 8.
        _("%(said)s: %(sum)s, both in %(place)s."),
        _("%(said)s: %(sum)s, all in %(place)s."),
    ]
    return [filled(texts[min(len(answer.printed), 3) - 1], values), *_counted_by_region(answer)]


def _counted_by_region(answer: Answer) -> list[str]:
    """Return whose regions the report counts, if it is not as in this register."""
    regions_of = answer.report.regions_of
    if not answer.is_of_region or regions_of == RegionsOf.BOTH:
        return []
    text = _("Its counts by region are %(whose)s.")
    return [filled(text, {"whose": OF_PROJECTS[regions_of]})]


def printed_counted(answer: Any) -> str:
    """Return a printed number with what it counts: "27 projects on empowering youth".

    What is no exact number, or of no area, scope or region, follows its subject: "Projects on
    empowering youth: more than 27".
    """
    conditions = answer.conditions
    if dict(conditions).keys() <= {*PUBLISHED_DIMENSIONS}:
        if answer.of_whole is not None:
            return projects_counted(answer.number, conditions)
        return labelled(projects(conditions), answer.compared)
    values = {"number": answer.compared, "conditions": conditions_in_words(conditions)}
    return _("Projects (%(conditions)s): %(number)s") % values


def _range(answer: Any) -> list[str]:
    printed = answer.report
    values = {
        "projects": projects(answer.conditions),
        "symbol": isolated(printed["symbol"]),
        "low": answer.low,
        "high": answer.high,
        "literal": answer.literal,
        "regions": cited(printed["symbol"], printed["regions"]),
        "whose": OF_PROJECTS[printed.regions_of],
        "whose_else": OF_PROJECTS[printed.regions_or_of or printed.regions_of],
    }
    return [filled(RANGES[_key_of(answer)], values), *_counted_by_region(answer)]


def _key_of(answer: RangeAnswer) -> str:
    scopes = dict(answer.conditions).get("scope")
    if answer.why == Why.RULE and answer.is_of_region and scopes == (Scope.GLOBAL,):
        return "global in a region"
    if answer.why in (Why.RULE, Why.CONFIRMED):
        return answer.why
    if answer.range is None:
        return "nothing follows"
    if answer.literal_why == WordForWord.NO_REGION:
        return "no region in another reading"
    if answer.literal:
        return "a number in each reading" if answer.why else "another reading"
    return answer.why or "range"


def _described(answer: Any) -> list[str]:
    blanks = (may_match(*blank) for blank in answer.blanks)
    return [stopped(activities_in_words(answer)), *blanks, *_of_whole(answer)]


def _of_whole(answer: DescribedAnswer) -> list[str]:
    """Return what a number of described activities says of the projects that the report counts."""
    numbers = {"low": answer.low, "whole": answer.report.whole}
    if answer.why == Why.CONFIRMED:
        text = _("%(low)d of the %(whole)d projects, counted from the confirmed entries.")
        return [text % numbers]
    if qualified := _qualified(answer):
        return [qualified]
    if not answer.report.whole:
        return []
    if [(facet, len(values)) for facet, values in answer.conditions] == [("entity", 1)]:
        text = _("How many of the %(whole)d projects are %(entity)s's is not stated.")
        return [text % {**numbers, "entity": value_of("entity", answer.conditions[0][1][0])}]
    return [_("How many of the %(whole)d projects match is not stated.") % numbers]


def _qualified(answer: Answer) -> str:
    """Return the published total of an area whose words name several states of projects."""
    areas = dict(answer.conditions).get("priority_area", ())
    key = ("priority_area", areas[0] if len(areas) == 1 else "")
    population = answer.report.populations.get(key)
    if not population or {facet for facet, _v in answer.conditions} != {"priority_area", "status"}:
        return ""
    total, place = answer.report.figures[key]
    text = ngettext(
        "The report counts %(number)d project there, “%(which)s”, and gives no breakdown "
        "(%(place)s).",
        "The report counts %(number)d projects there, “%(which)s”, and gives no breakdown "
        "(%(place)s).",
        total,
    )
    values = {"number": total, "which": _(population.removesuffix(" projects"))}
    return filled(text, {**values, "place": cited(answer.report.symbol, place)})


def _entries(answer: Any) -> list[str]:
    number, placeholders = answer.number_of_entries, answer.number_of_placeholders
    described, kinds = number - placeholders, dict(answer.conditions).get("provenance")
    if answer.queries and not kinds:
        # Placeholders are found by their references alone.
        counted = [_entries_counted(described, answer)] if described or not placeholders else []
        counted += [placeholders_called(placeholders, answer.queries)] if placeholders else []
    else:
        counted = [_entries_counted(number, answer)]
    if described and placeholders and not kinds and not answer.queries:
        parts = [DESCRIBED % described, ENTRIES[Provenance.COUNTED,] % placeholders]
        counted = [_("%(said)s (%(parts)s)") % {"said": counted[0], "parts": all_of(parts)}]
    said = [*map(stopped, counted), *(may_match(*blank) for blank in answer.blanks)]
    if answer.unknown:
        text = _("How many match is not stated (%(conditions)s).")
        said.append(text % {"conditions": conditions_in_words(answer.unknown)})
    if answer.queries and answer.leaves_out and not placeholders:
        said.append(_("Placeholders are not searched."))
    return said


def _entries_counted(number: int, answer: EntriesAnswer) -> str:
    """Return which entries there are, without conditions that nothing is known of."""
    conditions = tuple(one for one in answer.conditions if one not in answer.unknown)
    kinds = dict(conditions).get("provenance", ())
    if not conditions:
        return activities(number, "queries", answer.queries) if answer.queries else EVERY % number
    (facet, values), *others = conditions
    if not others and not answer.queries:
        if facet == "provenance" and values in ENTRIES:
            return str(ENTRIES[values] % number)
        if len(values) == 1 and facet == "in_matrix":
            is_counted = 0 < number == answer.number_of_placeholders
            key = Provenance.COUNTED if is_counted else InMatrix(values[0])
            if number or key == InMatrix.NO:
                return IN_MATRIX[key] % {"number": number} if number else str(NOT_IN_MATRIX)
        if number and values == (NOT_STATED,) and facet in STATING_NOTHING:
            return STATING_NOTHING[facet] % {"number": number}
    if area := area_of_placeholders(conditions, answer.queries):
        return placeholders(number, area)
    if kinds in ENTRIES:
        conditions = tuple(one for one in conditions if one[0] != "provenance")
    elif answer.queries:
        kinds = (Provenance.NAMED,)
    return mixture(number, kinds if kinds in ENTRIES else (), conditions, answer.queries)


_SENTENCES: Mapping[State, Callable[[Any], list[str]]] = {
    State.PUBLISHED: _published,
    State.RANGE: _range,
    State.DESCRIBED: _described,
    State.ENTRIES: _entries,
}


def stopped(text: Any) -> CitedText:
    """Return a text as a sentence, with the language's full stop."""
    # Translators: a full stop.
    return filled(_("%(sentence)s."), {"sentence": text})


def report_sentence(answer: Answer, answers: Answers) -> str:
    """Return a sentence with the report's figures for each condition of a range; else none."""
    is_open = answer.state == State.RANGE and not (answer.why or answer.literal)
    if not is_open or len(answer.conditions) < 2:
        return ""
    published = []
    for facet, values in answer.conditions:
        counted = Answers(Asked.of(None, **{facet: values}), answers.table, answers.printed).of()
        if counted.state != State.PUBLISHED:
            return ""
        published.append(counted)
    unsaid = _("How many are both is not stated.")
    if len(published) > 2:
        unsaid = _("How many projects meet all these conditions is not stated.")
    return sentences([_counted(published), unsaid])


def _counted(answers: Iterable[Answer]) -> CitedText:
    """Return published numbers with what they count and where they are."""
    found = [*answers]
    paragraphs = sorted({number for one in found for number in one.paragraphs}, key=int)
    counted = map(printed_counted, found)
    known = {"said": separated(counted)}
    place = cited(found[0].report.symbol, ", ".join(paragraphs))
    return filled(_("%(said)s (%(place)s)."), {**known, "place": place})


def unsaid_of(dimension: str, answers: Iterable[Answer]) -> str:
    """Return that the report does not divide what it counts; empty where it does, in part."""
    for answer in answers:
        for combination in answer.report.others:
            for facet, values in combination:
                if dimension in dict(combination) and values & {
                    *dict(answer.conditions).get(facet, ())
                }:
                    return ""
    return str(UNSAID[dimension])
