"""What a change would make of the report's figures, in sentences, asked before it is made."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from projects.cube import Combination, Cube, combination_of_project
from projects.models import Project
from projects.vocabulary import Review
from reports.models import Report
from reports.reconciliation import changed_by


def of_saving(project: Project) -> list[str]:
    """Return a sentence for every figure that saving the project would make differ."""
    if project._state.adding or project.review == Review.DRAFT:
        return []  # a draft counts nowhere yet
    saved = Project.published.filter(pk=project.pk)
    was = [combination_of_project(one, count=-1) for one in saved]
    return of_moving([combination_of_project(project), *was])


def of_deleting(project: Project) -> list[str]:
    """Return a sentence for every figure that deleting the project would make differ."""
    if project.review == Review.DRAFT:
        return []
    return of_moving([combination_of_project(project, count=-1)])


def of_moving(combinations: Iterable[Combination]) -> list[str]:
    """Return a sentence for every figure that adding these to the register would make differ."""
    moved = list(combinations)
    if not moved:
        return []
    before = Project.published.cube()
    return _sentences(before, Cube([*before.combinations, *moved]), _after)


def since(before: Cube) -> list[str]:
    """Return a sentence for every figure that has come to differ since the register was so."""
    return _sentences(before, Project.published.cube(), _now)


def _sentences(before: Cube, after: Cube, sentence) -> list[str]:
    report = Report.objects.basis()
    if report is None:
        return []
    return [
        sentence()
        % {
            "label": one.label,
            "value": one.figure.value,
            "symbol": report.symbol,
            "register": one.register,
        }
        for one in changed_by(report, before, after)
    ]


def _after() -> str:
    return _("%(label)s: %(value)d published in %(symbol)s, %(register)d after this change.")


def _now() -> str:
    return _("%(label)s: %(value)d published in %(symbol)s, %(register)d now.")
