"""What countries and entities are called: tables, each a CSV file that anybody can extend.

`country_names.csv`: names in the six official languages, from Unicode's CLDR, written by
`manage.py make_country_names`.
`other_country_names.csv`: short, former and other names. `beside_m49.csv`: what sheets name as a
country and M49 lacks, with the footnote of United Nations documents. `un_entities.csv`: entities of
the United Nations system that the report does not name, each with where that was read. What these
two have comes into the directory with the first import that names it.
"""

import csv
from functools import cache
from pathlib import Path

_HERE = Path(__file__).resolve().parent
COUNTRY_NAMES = _HERE / "country_names.csv"


def beside_m49() -> dict[str, dict[str, str]]:
    """Return what is named as a country and has no M49 code: code, name and note, by code."""
    columns = ("code", "name", "note")
    return {one["code"]: {name: one[name] for name in columns} for one in rows_of("beside_m49")}


def un_entities() -> dict[str, dict[str, str]]:
    """Return entities that the report does not name: acronym, name and aliases, by acronym."""
    columns = ("acronym", "name", "aliases")
    rows = rows_of("un_entities")
    return {one["acronym"]: {name: one[name] for name in columns} for one in rows}


@cache
def rows_of(name: str, folder: Path = _HERE) -> tuple[dict[str, str], ...]:
    """Return the rows of a table by its name, each by its columns."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
