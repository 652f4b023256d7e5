"""The vocabularies of statements and plans."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.vocabulary import Status


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


# The first letter of the codes of each kind.
CODE_LETTERS = {
    **dict.fromkeys((Kind.PRACTICE, Kind.LESSON, Kind.EXPERIENCE), "G"),
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
# Statements of the report that repeated another: their addresses redirect to it.
REPEATED = {"G11": "M11", "G39": "M18", "G40": "M19", "G41": "M20", "G42": "M22"}


# The columns of some kinds only; all other columns are of every kind.
OF_KINDS = {
    "category": {*Kind} - {Kind.PRACTICE, Kind.LESSON, Kind.EXPERIENCE},
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

# The statements of a page, by the name of its address. Steps and details are on the page of what
# they are part of; facts and numbers of projects are where their paragraphs are.
STATEMENT_PAGES = {
    "library": (Kind.PRACTICE, Kind.LESSON, Kind.EXPERIENCE),
    "evidence": (Kind.FINDING, Kind.DRIVER),
    "events": (Kind.EVENT, Kind.OBSERVANCE),
    "entities": (Kind.BODY,),
    "plans": (Kind.MEASURE, Kind.NEED, Kind.PLAN),
    "contents": (Kind.DOCUMENT, Kind.THEME),
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


class Level(models.TextChoices):
    NATIONAL = "national_plan", _("National")
    REGIONAL = "regional_plan", _("Regional")


class PlanStatus(models.TextChoices):
    PREPARED = "in-preparation", _("In preparation")
    ADOPTED = "adopted", _("Adopted")
    ENDED = "ended", _("Ended")
    UNKNOWN = "unknown", _("Not stated")
