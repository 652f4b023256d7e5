"""Writes the names of countries in the six languages, and their codes of two letters."""

import csv
from pathlib import Path
from typing import TextIO

from django.core.management.base import BaseCommand, CommandError

from projects.exports.iati import ALPHA_2
from projects.imports.cells import COUNTRY_NAMES, rows_of
from projects.models import Country

# The official languages of the United Nations.
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")


class Command(BaseCommand):
    help = (
        "Write projects/imports/tables/country_names.csv, the names of the directory's countries "
        "in the six official languages, and projects/exports/alpha_2.csv, their ISO 3166-1 codes "
        "of two letters, from the CLDR data that Babel carries. A country counts as the same if "
        "CLDR knows it by its ISO 3166-1 code and by its M49 code. Needs Babel, which is installed "
        "for development only."
    )

    def add_arguments(self, parser):
        parser.add_argument("--output", type=Path, default=COUNTRY_NAMES)
        parser.add_argument("--codes", type=Path, default=ALPHA_2)

    def handle(self, *args, output, codes, **options):
        for path, write in ((output, write_names), (codes, write_codes)):
            with path.open("w", encoding="utf-8", newline="") as file:
                count = write(file)
            self.stdout.write(f"{count} rows written to {path}.")


def write_names(file: TextIO) -> int:
    """Write code, name and language of every country to a CSV file; return how many names.

    Raises CommandError where ISO 3166-1 and M49 disagree.
    """
    # Here, since servers, which list their commands, do not have Babel.
    from babel import Locale  # noqa: PLC0415

    rows = [
        [code, Locale(language).territories[territory], language]
        for code, territory in _territories()
        for language in LANGUAGES
    ]
    return _write(file, ["code", "name", "language"], rows)


def write_codes(file: TextIO) -> int:
    """Write the codes of three and of two letters to a CSV file; return the number of countries.

    Raises CommandError where ISO 3166-1 and M49 disagree.
    """
    return _write(file, ["code", "alpha_2"], [list(one) for one in _territories()])


def _territories() -> list[tuple[str, str]]:
    from babel.core import get_global  # noqa: PLC0415 - developers have it, operators need it not

    territories = get_global("territory_aliases")
    known = {one["code"]: one["cldr"] for one in rows_of("beside_m49")}
    for country in Country.objects.exclude(m49=""):
        codes = territories.get(country.code), territories.get(country.m49)
        if codes[0] is None or codes[0] != codes[1]:
            raise CommandError(f"CLDR knows {country.code} and {country.m49} as {codes}.")
        known[country.code] = codes[0][0]
    return sorted(known.items())


def _write(file: TextIO, head: list[str], rows: list[list[str]]) -> int:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return len(rows)
