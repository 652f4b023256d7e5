"""The vocabularies of statements and figures; fields with several of their values."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from projects.columns import SEPARATOR
from projects.vocabulary import PriorityArea, Status


class Kind(models.TextChoices):
    PRACTICE = "practice", _("Practice")
    LESSON = "lesson", _("Lesson")
    EXPERIENCE = "experience", _("Experience")
    DRIVER = "driver", _("Driver")
    FINDING = "finding", _("Figure of a study")
    COUNT = "count", _("Number of projects")
    FACT = "fact", _("Fact or position")
    NEED = "need", _("Need")
    MEASURE = "measure", _("Measure or recommendation")
    PLAN = "plan", _("Plan or strategy")
    EVENT = "event", _("Event")
    OBSERVANCE = "observance", _("Observance")
    BODY = "body", _("Body")
    DOCUMENT = "document", _("Document")
    THEME = "theme", _("Theme")
    STEP = "step", _("Step of a project")
    DETAIL = "detail", _("Detail of a body or event")


# What was learned.
LEARNED = (Kind.PRACTICE, Kind.LESSON, Kind.EXPERIENCE)
# The first letter of the codes of each kind.
CODE_LETTERS = {
    **dict.fromkeys(LEARNED, "G"),
    Kind.DRIVER: "D",
    Kind.FINDING: "V",
    Kind.COUNT: "C",
    Kind.FACT: "F",
    Kind.NEED: "N",
    Kind.MEASURE: "M",
    Kind.PLAN: "L",
    Kind.EVENT: "E",
    Kind.OBSERVANCE: "O",
    Kind.BODY: "B",
    Kind.DOCUMENT: "K",
    Kind.THEME: "T",
    Kind.STEP: "S",
    Kind.DETAIL: "R",
}

# The columns of some kinds only; all other columns are of every kind.
OF_KINDS = {
    "category": {*Kind} - {*LEARNED},
    "summary": {Kind.PLAN, Kind.BODY, Kind.DOCUMENT, Kind.THEME},
    "mentioned_in": {Kind.PLAN, Kind.EVENT, Kind.BODY, Kind.DOCUMENT},
    "areas": {*Kind} - {Kind.BODY, Kind.DOCUMENT, Kind.OBSERVANCE, Kind.STEP, Kind.DETAIL},
    "projects": {*Kind} - {Kind.DRIVER, Kind.FINDING, Kind.COUNT, Kind.THEME, Kind.DETAIL},
    "about": {Kind.DRIVER, Kind.FINDING, Kind.MEASURE, Kind.PLAN, Kind.EVENT, Kind.DOCUMENT},
    "parent": {Kind.FINDING, Kind.STEP, Kind.DETAIL},
    "addressee": {Kind.NEED, Kind.MEASURE},
    "date": {Kind.EVENT, Kind.OBSERVANCE},
    "end_date": {Kind.EVENT, Kind.OBSERVANCE},
    "timing": {Kind.EVENT, Kind.STEP},
    "place": {Kind.PLAN, Kind.EVENT},
    "figure": {Kind.FINDING, Kind.COUNT, Kind.FACT},
    "unit": {Kind.FINDING, Kind.COUNT, Kind.FACT},
    "base": {Kind.FINDING, Kind.FACT},
    "size": {Kind.FINDING},
    "caveat": {*Kind} - {Kind.PRACTICE, Kind.EXPERIENCE, Kind.COUNT, Kind.PLAN, Kind.DOCUMENT},
    "answered_by": {Kind.EVENT},
}


class Medium(models.TextChoices):
    """Where a statement's subject happens, by its own words."""

    ONLINE = "online", _("Online")
    OFFLINE = "offline", _("Offline")
    UNKNOWN = Status.NOT_STATED.value, _("Not stated")


MEDIUM_WORDS = {
    Medium.ONLINE: re.compile(r"\b(online|internet|social media|digital)\b", re.IGNORECASE),
    Medium.OFFLINE: re.compile(r"\b(offline|person-to-person)\b", re.IGNORECASE),
}


class Unit(models.TextChoices):
    PROJECTS = "projects", _("projects")
    MENTIONS = "mentions", _("counts by region")
    ENTITIES = "entities", _("entities")
    COUNTRIES = "countries", _("countries")
    INITIATIVES = "initiatives", _("initiatives")
    DOLLARS = "usd-requested", _("US dollars requested")
    PER_CENT = "per-cent", _("per cent")


# A number with its unit; dollars in millions, and as they are.
MILLIONS = "millions"
UNITS: dict[str, Any] = {
    Unit.PROJECTS: ngettext_lazy("%(number)s project", "%(number)s projects", "count"),
    Unit.MENTIONS: ngettext_lazy(
        "%(number)s count by region", "%(number)s counts by region", "count"
    ),
    Unit.ENTITIES: ngettext_lazy("%(number)s entity", "%(number)s entities", "count"),
    Unit.COUNTRIES: ngettext_lazy("%(number)s country", "%(number)s countries", "count"),
    Unit.INITIATIVES: ngettext_lazy("%(number)s initiative", "%(number)s initiatives", "count"),
    MILLIONS: ngettext_lazy(
        "%(number)s million US dollars requested",
        "%(number)s million US dollars requested",
        "count",
    ),
    Unit.DOLLARS: ngettext_lazy(
        "%(number)s US dollar requested", "%(number)s US dollars requested", "count"
    ),
    Unit.PER_CENT: ngettext_lazy("%(number)s per cent", "%(number)s per cent", "count"),
}


REFERENCES = _("References separated by semicolons, e.g. PVE-001;PVE-011")


def validate_areas(value: str) -> None:
    wrong = [one for one in value.split(SEPARATOR) if one not in PriorityArea.values]
    if wrong:
        raise ValidationError(
            _("“%(wrong)s” is no priority area. Allowed, separated by semicolons: %(allowed)s."),
            params={"wrong": SEPARATOR.join(wrong), "allowed": ", ".join(PriorityArea.values)},
        )


def areas_field() -> models.CharField:
    return models.CharField(
        _("priority areas"),
        max_length=120,
        blank=True,
        validators=[validate_areas],
        help_text=format_lazy(
            _("Any of {areas}, separated by semicolons."), areas=", ".join(PriorityArea.values)
        ),
    )


def projects_field() -> models.CharField:
    return models.CharField(
        _("projects"),
        max_length=300,
        blank=True,
        validators=[RegexValidator(r"^PVE-[0-9]{3,12}(;PVE-[0-9]{3,12})*\Z", REFERENCES)],
        help_text=REFERENCES,
    )
