"""Writes what countries are called in the six languages, from the data of Unicode's CLDR."""

import csv
from pathlib import Path
from typing import TextIO

from django.core.management.base import BaseCommand, CommandError

from projects.imports.tables import COUNTRY_NAMES, rows_of
from projects.models import Country

# The official languages of the United Nations.
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")


class Command(BaseCommand):
    help = (
        "Write projects/imports/tables/country_names.csv: the names of the directory's countries "
        "in the six official languages, from the CLDR data that Babel carries. A country counts as "
        "the same if CLDR knows it by its ISO 3166-1 code and by its M49 code. Needs Babel, which "
        "is installed for development only."
    )

    def add_arguments(self, parser):
        parser.add_argument("--output", type=Path, default=COUNTRY_NAMES)

    def handle(self, *args, output, **options):
        with output.open("w", encoding="utf-8", newline="") as file:
            count = write_names(file)
        self.stdout.write(f"{count} names written to {output}.")


def write_names(file: TextIO) -> int:
    """Write code, name and language of every country to a CSV file; return how many names.

    Raises CommandError where ISO 3166-1 and M49 disagree.
    """
    # Where only contributors need it.
    # Only the tests' environment has it: a server that lists its commands need not.
    from babel import Locale  # noqa: PLC0415
    from babel.core import get_global  # noqa: PLC0415

    territories = get_global("territory_aliases")
    known = {one["code"]: one["cldr"] for one in rows_of("beside_m49")}
    for country in Country.objects.exclude(m49=""):
        codes = territories.get(country.code), territories.get(country.m49)
        if codes[0] is None or codes[0] != codes[1]:
            raise CommandError(f"CLDR knows {country.code} and {country.m49} as {codes}.")
        known[country.code] = codes[0][0]
    rows = [
        [code, Locale(language).territories[territory], language]
        for code, territory in sorted(known.items())
        for language in LANGUAGES
    ]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["code", "name", "language"])
    writer.writerows(rows)
    return len(rows)
