"""The closed vocabularies of the register: public slugs and labels.

Area names are the titles of the Plan of Action's priority areas (A/70/674, paras. 49-55), in the
order and with the eighth group of the report. Scopes and regions are those of the report.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from .citations import filled
from .text import Wording


class PriorityArea(TextChoices):
    GOVERNANCE = "governance", _("Strengthening good governance, human rights and the rule of law")
    EDUCATION = "education", _("Education, skills development and employment facilitation")
    DIALOGUE = "dialogue", _("Dialogue and conflict prevention")
    YOUTH = "youth", _("Empowering youth")
    COMMUNICATIONS = "communications", _("Strategic communications, the Internet and social media")
    GENDER = "gender", _("Gender equality and empowering women")
    COMMUNITIES = "communities", _("Engaging communities")
    OTHER = "other", _("Other areas")


class Scope(TextChoices):
    GLOBAL = "global", _("Global")
    REGIONAL = "regional", _("Regional")
    NATIONAL = "national", _("National")


class Region(TextChoices):
    AFRICA = "africa", _("Africa")
    MENA = "mena", _("Middle East and North Africa")
    ASIA = "asia", _("Asia")
    EUROPE = "europe", _("Europe")
    AMERICAS = "americas", _("Americas")


# Each region has a boolean column: the report fixes the five.
REGION_COLUMNS = {region.value: f"in_{region.value}" for region in Region}


class Status(TextChoices):
    PLANNED = "planned", _("Planned")
    ONGOING = "ongoing", _("Ongoing")
    COMPLETED = "completed", _("Completed")
    NOT_STATED = "not-stated", _("Not stated")


class Provenance(TextChoices):
    COUNTED = "counted", _("Counted, not described")
    NAMED = "named", _("Described")
    CONFIRMED = "confirmed", _("Confirmed")


class Basis(TextChoices):
    STATED = "stated", _("Stated")
    INFERRED = "inferred", _("Our reading")
    ALLOCATED = "allocated", _("Not stated")


class InMatrix(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_STATED = "not-stated", _("Not stated")


class Comparator(TextChoices):
    """What a report prints before a number."""

    EQUAL = "=", _("exactly")
    AT_LEAST = "≥", _("at least")
    MORE_THAN = ">", _("more than")
    ABOUT = "≈", _("about")

    def agrees(self, number: int, printed: int) -> bool:
        """Return whether a number is one that the printed number allows."""
        match self:
            case Comparator.AT_LEAST:
                return number >= printed
            case Comparator.MORE_THAN:
                return number > printed
            case Comparator.ABOUT:
                return abs(number - printed) <= TOLERANCE * printed
        return number == printed


TOLERANCE = 0.05  # of "about"


class RegionsOf(TextChoices):
    """The scopes of the projects that a report counts by region."""

    BOTH = "regional-and-national", _("Regional and national projects")
    REGIONAL = "regional", _("Regional projects alone")
    NATIONAL = "national", _("National projects alone")

    @property
    def scopes(self) -> tuple[Scope, ...]:
        return tuple(map(Scope, self.value.split("-and-")))


BY_SOURCE = (Basis.STATED, Basis.INFERRED)

# The value of a facet, and of a cell, that no source states: tables and charts do not have it.
NOT_STATED = "not-stated"
# The basis of what a row of a file that stands for a counted project is counted by.
COUNTED_AS = "counted-as"


class Review(TextChoices):
    """Only staff see drafts. An entry that is set aside has its page and its history only."""

    DRAFT = "draft", _("Draft")
    CHANGED = "changed", _("Changed since review")
    REVIEWED = "reviewed", _("Reviewed")
    SET_ASIDE = "set-aside", _("Set aside")


NOT_COUNTED = (Review.DRAFT, Review.SET_ASIDE)
TO_REVIEW = (Review.DRAFT, Review.CHANGED)


class AcronymSource(TextChoices):
    REPORT = "report", _("The report uses it")
    IN_USE = "in-use", _("In general use")
    REGISTER = "register", _("Code of this register")


# The app of reports puts its function here: what texts can say of the report that is shown.
read_facts: Callable[[], Any] = dict


def facts_of_report() -> Any:
    """Return what texts can say of the report that is shown, for their placeholders."""
    return read_facts()


def about_report(text: Wording) -> Wording:
    """Return a text with what the report that is shown has for its placeholders."""
    return lazy(lambda: filled(text, facts_of_report()), str)()


# For lines that have no room for the label.
SHORT_LABELS: dict[str, Wording] = {
    PriorityArea.GOVERNANCE: _("Governance"),
    PriorityArea.EDUCATION: _("Education"),
    PriorityArea.DIALOGUE: _("Dialogue"),
    PriorityArea.YOUTH: _("Youth"),
    PriorityArea.COMMUNICATIONS: _("Communications"),
    PriorityArea.GENDER: _("Gender"),
    PriorityArea.COMMUNITIES: _("Communities"),
    Region.MENA: _("MENA"),
}

MEANINGS: dict[str, Wording] = {
    PriorityArea.OTHER: about_report("%(other_areas)s"),
    Provenance.COUNTED: _("A placeholder for one of the projects that the report counts."),
    Provenance.NAMED: about_report(
        _(
            "A report describes this activity. It does not say whether it is one of the %(total)s "
            "projects."
        )
    ),
    Provenance.CONFIRMED: _("Staff have confirmed the entry from a source that they cite."),
    Basis.STATED: _("The source says it."),
    Basis.INFERRED: _("Read from the source’s words, which are quoted."),
    NOT_STATED: _("No source says it."),
    COUNTED_AS: _(
        "The row stands for one project that the report counts there; nothing else of it is known."
    ),
    Basis.ALLOCATED: about_report(
        _(
            "No source states the value. The register fills it in so that the report’s totals add "
            "up (%(in_parts)s). It says nothing about this project."
        )
    ),
}
