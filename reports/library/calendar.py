"""Dated events as an iCalendar file (RFC 5545)."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from ..models import Statement


def _first_day(day: str) -> date:
    return date.fromisoformat(f"{day}-01-01"[:10])


def _day_after(day: str) -> date:
    first = _first_day(day)
    if len(day) == len("YYYY"):
        return date(first.year + 1, 1, 1)
    if len(day) == len("YYYY-MM"):
        return date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first + timedelta(days=1)


def calendar(events: Iterable[Statement], address: Callable[[Statement], str]) -> bytes:
    """Return the events with a date; one of a month or a year takes all its days."""
    made = Calendar()
    made.add("prodid", "-//pvematrix//EN")
    made.add("version", "2.0")
    known = set()
    for one in events:
        # The report names some as an event and as an observance.
        key = (one.title, one.date, one.end_date)
        if not one.date or key in known:
            continue
        known.add(key)
        event = Event()
        event.add("uid", f"{one.code}@pvematrix")
        event.add("dtstamp", datetime.now(UTC).replace(microsecond=0))
        event.add("dtstart", _first_day(one.date))
        event.add("dtend", _day_after(one.end_date or one.date))
        day = f" ({one.day})"
        event.add("summary", one.title.removesuffix(day) + day)
        event.add("description", f"“{one.quotation}” ({one.cited})")
        event.add("transp", "TRANSPARENT")
        event.add("url", address(one))
        if one.place:
            event.add("location", one.place)
        made.add_component(event)
    return made.to_ical()
