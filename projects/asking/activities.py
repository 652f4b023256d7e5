"""Described activities in words: how many, and of what kind."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from ..text import any_of, in_a_row
from ..vocabulary import Provenance
from .answer import KINDS, Answer, DescribedAnswer, State
from .phrases import mixture, value_of

# By the only facet that is asked for; "queries" are words.
ACTIVITIES: dict[str, Any] = {
    "entity": ngettext_lazy(
        "%(number)d described activity of %(values)s",
        "%(number)d described activities of %(values)s",
        "number",
    ),
    "country": ngettext_lazy(
        "%(number)d described activity in %(values)s",
        "%(number)d described activities in %(values)s",
        "number",
    ),
    "status": ngettext_lazy(
        "%(number)d described activity is %(values)s",
        "%(number)d described activities are %(values)s",
        "number",
    ),
    "year": ngettext_lazy(
        "%(number)d described activity was running in %(values)s",
        "%(number)d described activities were running in %(values)s",
        "number",
    ),
    "starts": ngettext_lazy(
        "%(number)d described activity starts in %(values)s",
        "%(number)d described activities start in %(values)s",
        "number",
    ),
    "ends": ngettext_lazy(
        "%(number)d described activity ends in %(values)s",
        "%(number)d described activities end in %(values)s",
        "number",
    ),
    "queries": ngettext_lazy(
        "%(number)d described activity contains %(values)s",
        "%(number)d described activities contain %(values)s",
        "number",
    ),
}
NO_ACTIVITY: dict[str, Promise] = {
    "entity": gettext_lazy("No described activity of %(values)s"),
    "country": gettext_lazy("No described activity in %(values)s"),
    "status": gettext_lazy("No described activity is known to be %(values)s"),
    "year": gettext_lazy("No described activity is known to have been running in %(values)s"),
    "starts": gettext_lazy("No described activity is known to start in %(values)s"),
    "ends": gettext_lazy("No described activity is known to end in %(values)s"),
    "queries": gettext_lazy("No described activity contains %(values)s"),
}
# By kind, and whether it is the first that is said: the others follow after a comma.
OF_KIND: dict[tuple[str, bool], Any] = {
    ("in_matrix", True): ngettext_lazy("%d is in the matrix", "%d are in the matrix"),
    ("may_be", True): ngettext_lazy("%d may be in the matrix", "%d may be in the matrix"),
    # Translators: "1 is in the matrix, 2 may be, 3 are not".
    ("may_be", False): ngettext_lazy("%d may be", "%d may be"),
    ("others", True): ngettext_lazy("%d is not in the matrix", "%d are not in the matrix"),
    # Translators: "1 is in the matrix, 2 may be, 3 are not".
    ("others", False): ngettext_lazy("%d is not", "%d are not"),
}
# Next to a number of the report's projects.
NEXT_TO_PROJECTS: dict[str, Any] = {
    "in_matrix": ngettext_lazy(
        "%(counter)s of them is described here", "%(counter)s of them are described here", "counter"
    ),
    "may_be": ngettext_lazy(
        "%(counter)s described activity may be one of them",
        "%(counter)s described activities may be among them",
        "counter",
    ),
    "others": ngettext_lazy("%(counter)s other project", "%(counter)s other projects", "counter"),
}
# The same where all of these projects are described.
NEXT_TO_ALL: dict[str, Any] = {
    "in_matrix": ngettext_lazy(
        "It is described here", "All %(counter)s are described here", "counter"
    ),
    "may_be": ngettext_lazy(
        "%(counter)s described activity may be the same as one of them",
        "%(counter)s described activities may be the same as some of them",
        "counter",
    ),
}


def activities(number: int, facet: str, values: Iterable[str]) -> str:
    """Return a number of described activities of one facet: "4 described activities of UNESCO"."""
    known = {"number": number, "values": any_of(value_of(facet, one) for one in values)}
    return (ACTIVITIES[facet] if number else str(NO_ACTIVITY[facet])) % known


def activities_in_words(answer: DescribedAnswer) -> str:
    """Return a number of described activities; how many of each kind, if not all may be counted."""
    (facet, values), *others = answer.conditions
    if others or facet not in ACTIVITIES:
        said = mixture(answer.activities, (Provenance.NAMED,), answer.conditions)
    else:
        said = activities(answer.activities, facet, values)
    if answer.activities == answer.may_be:
        return said
    return _("%(said)s (%(parts)s)") % {"said": said, "parts": kinds_of(answer)}


def kinds_of(answer: Answer) -> str:
    """Return how many entries there are of each kind: "1 is in the matrix, 2 may be"."""
    found: list[str] = []
    for kind in KINDS:
        if number := getattr(answer, kind):
            found.append(OF_KIND[kind, not found] % number)
    return in_a_row(found)


def next_to_projects(answer: Answer) -> list[tuple[str, str]]:
    """Return each kind of described entries next to a number of projects, with its words.

    There are none where entries or activities are counted: the sentence has them.
    """
    if answer.state not in (State.PUBLISHED, State.RANGE):
        return []
    texts = NEXT_TO_PROJECTS
    if answer.in_matrix == answer.of_whole:
        texts = texts | NEXT_TO_ALL
    numbers = {kind: getattr(answer, kind) for kind in texts}
    return [(kind, texts[kind] % {"counter": n}) for kind, n in numbers.items() if n]
