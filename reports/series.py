"""The series of counts: what the register's report and later ones count of the whole."""

from django.utils.translation import gettext_lazy

from .models import Figure, Report, Unit

NO_LINE = gettext_lazy(
    "No line may be drawn through these numbers, because they count different things."
)


def symbols_of(steps: list[list[Figure]]) -> list[str]:
    return [first.report.symbol for first, *_others in steps]


def series() -> list[list[Figure]]:
    """Return the figures of the whole that each report has, its count first; earliest first."""
    steps = []
    for report in Report.published.with_figures().order_by("date", "symbol"):
        whole = [one for one in report.figures.all() if not (one.query or one.category)]
        whole.sort(key=lambda one: one.unit not in (Unit.PROJECTS, Unit.INITIATIVES))
        steps += [whole] if whole else []
    return steps
