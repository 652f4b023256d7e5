"""When a project ran, seen from the day of a report, as far as its dates say it for certain."""

import calendar
from datetime import date, timedelta
from itertools import product

from django.db import models
from django.utils.translation import gettext_lazy as _

from .reading import Reading

_YEAR = timedelta(days=365)


class When(models.TextChoices):
    """Labels take the day of the report as “day”."""

    RUNNING = "running", _("Running on %(day)s")
    ENDED = "ended", _("Ended less than a year before %(day)s")
    OUTSIDE = "outside", _("Neither running on %(day)s nor ended within the year before")
    NOT_CERTAIN = "not-certain", _("Not certain from its dates")
    ONE_DATE = "one-date", _("One date published")
    NO_DATES = "no-dates", _("Dates not published")


def span(day: str) -> tuple[date, date]:
    """Return the first and the last day that a date (YYYY, YYYY-MM or YYYY-MM-DD) can mean."""
    year, month, number = (*map(int, day.split("-")), 0, 0)[:3]
    first = date(year, month or 1, number or 1)
    if number:
        return first, first
    last_month = month or 12
    return first, date(year, last_month, calendar.monthrange(year, last_month)[1])


def dates_of(reading: Reading) -> tuple[str, str]:
    """Return start and end: the actual ones, else those that were planned."""
    return reading.start or reading.planned_start, reading.end or reading.planned_end


def when(reading: Reading, day: str) -> When:
    """Return when a project ran, seen from the day of a report, which may be a month or empty.

    A date of a year or a month counts only if all that it can mean gives the same answer. A date
    that was planned is not certain.
    """
    start, end = dates_of(reading)
    if not (start and end):
        return When.ONE_DATE if start or end else When.NO_DATES
    if not (day and reading.start and reading.end):
        return When.NOT_CERTAIN
    days = product(span(start), span(end), span(day))
    possible = {_when(began, ended, at) for began, ended, at in days if began <= ended}
    return possible.pop() if len(possible) == 1 else When.NOT_CERTAIN


def _when(start: date, end: date, day: date) -> When:
    if start <= day <= end:
        return When.RUNNING
    return When.ENDED if day - _YEAR <= end < day else When.OUTSIDE


def years_of(reading: Reading) -> list[str]:
    """Return the years that a project may have run in, by the dates that are published."""
    years = [int(one[:4]) for one in dates_of(reading) if one]
    if not years:
        return []
    # No project of the United Nations is of another time; a typing error would give thousands.
    return [str(year) for year in range(max(min(years), 1945), min(max(years), 2100) + 1)]
