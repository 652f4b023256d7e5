"""The columns of the files of projects elsewhere, and of the API's records."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..asking.published import shown
from ..columns import DATE, SEPARATOR, Column, Table
from .dates import When, when
from .models import Kind, Record

_TEXT = _("Text, as published")
_TEXTS = _("Texts, as published")
OTHER = _("The same, or a part of it")
_SHA = _("64 hexadecimal digits")


def _as_published(name: str, label: Any, meaning: Any, width: int = 14, several: bool = False):
    allowed = _TEXTS if several else _TEXT
    return Column(name, meaning, allowed, several, free_text=True, width=width, label=label)


TABLE = Table(
    model="elsewhere.record",
    identifier="key",
    columns=(
        Column(
            "key", _("Whose number it is, and the number"), _("scheme:number"), label=_("Number")
        ),
        _as_published("publisher", _("Publisher"), _("Who publishes it")),
        _as_published("data_set", _("Data set"), _("The data that it was read from")),
        _as_published(
            "other_identifiers", _("Other numbers"), _("Whose they are, and the numbers"), 24, True
        ),
        _as_published(
            "parents",
            _("Part of"),
            _("The numbers of what the source names as its parent"),
            24,
            True,
        ),
        Column(
            "second_hand",
            _("Whether the publisher reports it for others, as the source says"),
            _("yes, or empty"),
            label=_("Second-hand"),
        ),
        _as_published("title", _("Title"), _("As published, also if it is cut off there"), 60),
        Column(
            "title_language",
            _("Language of the title, if the source names it"),
            _("A code of BCP 47, or empty"),
            label=_("Language"),
        ),
        _as_published("description", _("Description"), _("As published, whole"), 60),
        _as_published("kind", _("Kind"), _("What the source calls it, e.g. workshop")),
        _as_published("status", _("Status"), _("As published")),
        Column("start", _("Actual start, or the only one published"), DATE, label=_("Start")),
        Column("end", _("Actual end, or the only one published"), DATE, label=_("End")),
        Column("planned_start", _("Planned start"), DATE, label=_("Planned start")),
        Column("planned_end", _("Planned end"), DATE, label=_("Planned end")),
        Column(
            "when",
            _("What follows from the dates, seen from the day of the report"),
            When,
            label=_("When it ran"),
            width=24,
            shown={one.value: one.value for one in When},
        ),
        _as_published("countries", _("Countries"), _("As the source calls them"), 24, True),
        Column(
            "country_codes",
            _("Those of the directory, in the same order; others are left out"),
            _("ISO 3166-1 alpha-3 codes"),
            several=True,
            label=_("Codes of countries"),
        ),
        _as_published("unit", _("Office"), _("The publisher’s own office"), 24),
        _as_published("entities", _("Entities"), _("As the source calls them"), 24, True),
        _as_published("donors", _("Donors"), _("Of the project as a whole"), 40, True),
        _as_published("partner", _("Partner"), _("Who carries it out, as published"), 24),
        _as_published(
            "outputs",
            _("Outputs"),
            _("Parts with a number of their own; which of them speak of violent extremism"),
            40,
            True,
        ),
        _as_published(
            "money",
            _("Money by year"),
            _("Of the outputs that speak of violent extremism, if there are outputs"),
            40,
            True,
        ),
        _as_published("money_in_words", _("Money"), _("As published; never added up"), 24),
        Column(
            "speaks_of_it",
            _("Whether its own words speak of violent extremism: our reading"),
            _("yes, partly, or empty"),
            label=_("Speaks of it"),
        ),
        _as_published("words", _("Words"), _("The words that speak of it"), 60, True),
        _as_published("flags", _("Doubtful in the source"), _("In English"), 40, True),
        Column("judgement", _("What people judge of it"), Kind, label=_("Judgement"), width=24),
        Column("other", OTHER, _TEXT, label=OTHER, width=24),
        _as_published("reason", _("Reason"), _("Why it is judged so"), 40),
        _as_published("addresses", _("Addresses"), _("Of the publisher, or of a copy"), 40, True),
        _as_published("licence", _("Licence"), _("Of the data; empty where only facts are taken")),
        _as_published("attribution", _("Attribution"), _("To be named with the data"), 24),
        Column("retrieved", _("The day, or the days, of reading it"), DATE, label=_("Read on")),
        Column("sha256", _("SHA-256 of the record as published"), _SHA, label="SHA-256"),
    ),
)


def row_of(record: Record) -> dict[str, Any]:
    """Return a record by the names of the columns: texts, lists of texts and of objects."""
    one, judgement = record.reading, record.judgement
    row = {
        **{name: getattr(one, name) for name in TABLE.names if hasattr(one, name)},
        "key": record.key,
        "second_hand": "yes" if one.is_second_hand else "",
        "title": record.title,
        "title_language": one.titles[0]["lang"],
        "description": one.descriptions[0]["text"] if one.descriptions else "",
        "when": when(one, shown().date).value,
        "countries": [each["name"] for each in one.countries],
        "country_codes": [each["code"] for each in one.countries if each["code"]],
        "entities": [each["name"] for each in one.entities],
        "judgement": judgement.kind if judgement else Kind.NOT_KNOWN.value,
        "other": judgement.other if judgement else "",
        "reason": str(judgement.reason) if judgement else "",
        "addresses": [*one.links, *one.read_at],
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
