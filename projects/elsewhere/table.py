"""The columns of the files of projects elsewhere, and of the API's records."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..asking.published import shown
from ..columns import DATE, SEPARATOR, Column, Table
from .dates import When, when
from .models import Kind, Record

_TEXT = "Text, as published"
OTHER = _("The same, or a part of it")


def _column(name: str, label: Any, meaning: Any, allowed: Any, **more: Any) -> Column:
    return Column(name, meaning, allowed, label=label, **more)


def _text(name: str, label: Any, meaning: Any, width: int = 14) -> Column:
    return _column(name, label, meaning, _TEXT, free_text=True, width=width)


def _texts(name: str, label: Any, meaning: Any, width: int = 24) -> Column:
    more = {"several": True, "free_text": True, "width": width}
    return _column(name, label, meaning, "Texts, as published", **more)


_COLUMNS = (
    _column("key", _("Number"), "Whose number it is, and the number", "scheme:number"),
    _text("publisher", _("Publisher"), "Who publishes it"),
    _text("data_set", _("Data set"), "The data that it was read from"),
    _texts("other_identifiers", _("Other numbers"), "Whose they are, and the numbers"),
    _texts("parents", _("Part of"), "The numbers of what the source names as its parent"),
    _column(
        "second_hand",
        _("Second-hand"),
        "Whether the publisher reports it for others, as the source says",
        "yes, or empty",
    ),
    _text("title", _("Title"), "As published, also if it is cut off there", 60),
    _column(
        "title_language",
        _("Language"),
        "Language of the title, if the source names it",
        "A code of BCP 47, or empty",
    ),
    _text("description", _("Description"), "As published, whole", 60),
    _text("kind", _("Kind"), "What the source calls it, e.g. workshop"),
    _text("status", _("Status"), "As published"),
    _column("start", _("Start"), "Actual start, or the only one published", DATE),
    _column("end", _("End"), "Actual end, or the only one published", DATE),
    _column("planned_start", _("Planned start"), "Planned start", DATE),
    _column("planned_end", _("Planned end"), "Planned end", DATE),
    _column(
        "when",
        _("When it ran"),
        "What follows from the dates, seen from the day of the report",
        When,
        width=24,
        shown={one.value: one.value for one in When},
    ),
    _texts("countries", _("Countries"), "As the source calls them"),
    _column(
        "country_codes",
        _("Codes of countries"),
        "Those of the register’s list of countries, in the same order; others are left out",
        "ISO 3166-1 alpha-3 codes",
        several=True,
    ),
    _text("unit", _("Office"), "The publisher’s own office", 24),
    _texts("entities", _("Entities"), "As the source calls them"),
    _texts("donors", _("Donors"), "Of the project as a whole", 40),
    _text("partner", _("Partner"), "Who carries it out, as published", 24),
    _texts(
        "outputs",
        _("Outputs"),
        "Parts with a number of their own; which of them speak of violent extremism",
        40,
    ),
    _texts(
        "money",
        _("Budget and expenditure by year"),
        "Of the outputs that speak of violent extremism, if there are outputs",
        40,
    ),
    _text("money_in_words", _("Money"), "As published; never added up", 24),
    _column(
        "speaks_of_it",
        _("Speaks of violent extremism"),
        "Whether its own words speak of violent extremism: our reading",
        "yes, partly, or empty",
    ),
    _texts("words", _("Words"), "The words that speak of it", 60),
    _texts("flags", _("Doubtful in the source"), "In English", 40),
    _column("judgement", _("Judgement"), "What people judge of it", Kind, width=24),
    _column("other", OTHER, OTHER, _TEXT, width=24),
    _text("reason", _("Reason"), "Why it is judged so", 40),
    _texts("addresses", _("Addresses"), "Of the publisher, or of a copy", 40),
    _text("licence", _("Licence"), "Of the data; empty where only facts are taken"),
    _text("attribution", _("Attribution"), "To be named with the data", 24),
    _column("retrieved", _("Read on"), "The date or dates on which it was read", DATE),
    _column("sha256", "SHA-256", "SHA-256 of the record as published", "64 hexadecimal digits"),
)
TABLE = Table(model="elsewhere.record", identifier="key", columns=_COLUMNS)


def row_of(record: Record) -> dict[str, Any]:
    """Return a record by the names of the columns: texts, lists of texts and of objects."""
    reading, judgement = record.reading, record.judgement
    row = {
        **{name: getattr(reading, name) for name in TABLE.names if hasattr(reading, name)},
        "key": record.key,
        "second_hand": "yes" if reading.is_second_hand else "",
        "title": record.title,
        "title_language": reading.titles[0]["lang"],
        "description": reading.descriptions[0]["text"] if reading.descriptions else "",
        "when": when(reading, shown().date).value,
        "countries": [each["name"] for each in reading.countries],
        "country_codes": [each["code"] for each in reading.countries if each["code"]],
        "entities": [each["name"] for each in reading.entities],
        "judgement": judgement.kind if judgement else Kind.NOT_KNOWN.value,
        "other": judgement.other if judgement else "",
        "reason": str(judgement.reason) if judgement else "",
        "addresses": [*reading.links, *reading.read_at],
    }
    return {name: row[name] for name in TABLE.names}


def cells_of(record: Record) -> list[str]:
    """Return a record as the cells of a line, lists joined as in other files."""
    return [cell(value) for value in row_of(record).values()]


def cell(value: Any) -> str:
    """Return a value as the cell of a file has it."""
    return SEPARATOR.join(map(_in_short, value)) if isinstance(value, list) else str(value)


def _in_short(value: Any) -> str:
    """Return an object in a list by its texts, an output without its description."""
    if not isinstance(value, Mapping):
        return str(value)
    texts = (one for key, one in value.items() if key != "description")
    return " ".join(one for one in texts if isinstance(one, str))
