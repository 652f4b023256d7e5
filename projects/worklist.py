"""Work left on the register: entries by what they lack."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import evidence
from .cube import BASES
from .models import Project, ProjectQuerySet, cached
from .models.conditions import dates_contradict_status, filled_in
from .vocabulary import NOT_STATED, Provenance


@dataclass(frozen=True)
class Task:
    """A kind of work; `query` is the public list's for its entries, if there is one."""

    label: str | Promise
    find: Callable[[ProjectQuerySet], ProjectQuerySet]
    query: str = ""


TASKS = {
    "identify": Task(
        _("Counted entries to identify"),
        lambda projects: projects.filter(provenance=Provenance.COUNTED),
        f"provenance={Provenance.COUNTED.value}",
    ),
    "allocated": Task(
        _("Filled-in classifications to confirm"),
        lambda projects: projects.filter(filled_in(BASES)),
    ),
    "no-entity": Task(
        _("Entries without entity"),
        lambda projects: projects.filter(entities=None),
        f"entity={NOT_STATED}",
    ),
    "no-source": Task(_("Entries without source"), lambda projects: projects.without_source()),
    "no-dates": Task(
        _("Entries without dates"),
        lambda projects: projects.filter(start_date="", end_date=""),
    ),
    "contradicting": Task(
        _("Status that contradicts the dates"),
        lambda projects: projects.filter(
            dates_contradict_status(timezone.now().date().isoformat(), evidence.read_days())
        ),
    ),
}


def work_left() -> list[dict[str, Any]]:
    """Return the slug, label and query of every task, and how many entries need it."""
    counts = _work_on(timezone.now().date())
    return [{"slug": slug, "count": counts[slug], **asdict(one)} for slug, one in TASKS.items()]


@cached
def _work_on(_day: date) -> dict[str, int]:
    # The day is part of the cache's key: which dates contradict a status depends on it.
    return {slug: task.find(Project.published.all()).count() for slug, task in TASKS.items()}
