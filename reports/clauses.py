"""The words of paragraphs 24 and 25 of A/72/621, as the drafted paragraphs have them."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy

from projects.vocabulary import PriorityArea, Scope

NUMBER_WORDS = [
    gettext_lazy("none"),
    gettext_lazy("one"),
    gettext_lazy("two"),
    gettext_lazy("three"),
    gettext_lazy("four"),
    gettext_lazy("five"),
    gettext_lazy("six"),
    gettext_lazy("seven"),
    gettext_lazy("eight"),
    gettext_lazy("nine"),
]

# As paragraph 24 has them; in its order, which is the vocabulary's.
AREA_CLAUSES: dict[str, Any] = {
    PriorityArea.GOVERNANCE: ngettext_lazy(
        "%(number)s project focuses on strengthening good governance, human rights and the rule of "
        "law",
        "%(number)s projects focus on strengthening good governance, human rights and the rule of "
        "law",
        "count",
    ),
    PriorityArea.EDUCATION: ngettext_lazy(
        "%(number)s project seeks to improve education, skills development and employment "
        "facilitation",
        "%(number)s projects seek to improve education, skills development and employment "
        "facilitation",
        "count",
    ),
    PriorityArea.DIALOGUE: ngettext_lazy(
        "%(number)s project aims to foster dialogue and conflict prevention",
        "%(number)s projects aim to foster dialogue and conflict prevention",
        "count",
    ),
    PriorityArea.YOUTH: ngettext_lazy(
        "%(number)s project focuses on empowering youth",
        "%(number)s projects focus on empowering youth",
        "count",
    ),
    PriorityArea.COMMUNICATIONS: ngettext_lazy(
        "%(number)s project covers strategic communications, the Internet and social media",
        "%(number)s projects cover strategic communications, the Internet and social media",
        "count",
    ),
    PriorityArea.GENDER: ngettext_lazy(
        "%(number)s project seeks to increase gender equality and empower women",
        "%(number)s projects seek to increase gender equality and empower women",
        "count",
    ),
    PriorityArea.COMMUNITIES: ngettext_lazy(
        "%(number)s project relates to engaging communities",
        "%(number)s projects relate to engaging communities",
        "count",
    ),
}
# What no project was recorded on, as a noun.
AREA_SUBJECTS: dict[str, Promise] = {
    PriorityArea.GOVERNANCE: gettext_lazy("good governance, human rights and the rule of law"),
    PriorityArea.EDUCATION: gettext_lazy("education, skills development and employment"),
    PriorityArea.DIALOGUE: gettext_lazy("dialogue and conflict prevention"),
    PriorityArea.YOUTH: gettext_lazy("empowering youth"),
    PriorityArea.COMMUNICATIONS: gettext_lazy(
        "strategic communications, the Internet and social media"
    ),
    PriorityArea.GENDER: gettext_lazy("gender equality and empowering women"),
    PriorityArea.COMMUNITIES: gettext_lazy("engaging communities"),
}
OTHER_AREAS: Any = ngettext_lazy(
    "In addition, there is %(number)s project that focuses on other areas related to the "
    "prevention of violent extremism, including the development of national or regional plans of "
    "action.",
    "In addition, there are %(number)s projects that focus on other areas related to the "
    "prevention of violent extremism, including the development of national or regional plans of "
    "action.",
    "count",
)
# As paragraph 25 has them, in its order.
SCOPE_CLAUSES: dict[str, Any] = {
    Scope.GLOBAL: ngettext_lazy(
        "%(number)s is global in scope", "%(number)s are global in scope", "count"
    ),
    Scope.REGIONAL: ngettext_lazy(
        "%(number)s is aimed at the regional level",
        "%(number)s are aimed at the regional level",
        "count",
    ),
    # Its verb is that of the regional ones before it.
    Scope.NATIONAL: ngettext_lazy(
        "%(number)s at the national level", "%(number)s at the national level", "count"
    ),
}
FIRST_REGION: Any = ngettext_lazy(
    "%(number)s is %(in_region)s", "%(number)s are %(in_region)s", "count"
)
# Its verb is that of the first.
FURTHER_REGION: Any = ngettext_lazy("%(number)s %(in_region)s", "%(number)s %(in_region)s", "count")
WHOLE: Any = ngettext_lazy(
    "The matrix provides a snapshot of the methodology and geographical location of %(number)s "
    "ongoing or recently completed United Nations-supported project on preventing violent "
    "extremism around the world.",
    "The matrix provides a snapshot of the methodology and geographical location of the %(number)s "
    "ongoing and recently completed United Nations-supported projects on preventing violent "
    "extremism around the world.",
    "count",
)
NARROWED: Any = ngettext_lazy(
    "Of the United Nations-supported projects on preventing violent extremism in the matrix, "
    "%(number)s is counted here: %(conditions)s.",
    "Of the United Nations-supported projects on preventing violent extremism in the matrix, "
    "%(number)s are counted here: %(conditions)s.",
    "count",
)
