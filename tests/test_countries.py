"""What countries are called, and what is named as one beside M49."""

import csv
import io
import os
from pathlib import Path

import pytest
from babel import Locale
from babel.core import get_global
from django.core.exceptions import ValidationError

from projects.codes import ALPHA_2
from projects.imports.names import TABLES, beside_m49, rows_of
from projects.models import Country

# The official languages of the United Nations.
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")


def write_or_compare(path: Path, head: list[str], rows: list[list[str]]):
    """Compare a file with what CLDR says; with COUNTRY_NAMES=write, write it first."""
    expected = io.StringIO()
    csv.writer(expected, lineterminator="\n").writerows([head, *rows])
    if os.environ.get("COUNTRY_NAMES") == "write":
        path.write_text(expected.getvalue(), encoding="utf-8", newline="")
    assert path.read_text(encoding="utf-8") == expected.getvalue()


@pytest.mark.long
def test_names_in_six_languages_and_codes_of_two_letters_are_those_of_cldr(register):
    aliases = get_global("territory_aliases")
    codes = {one["code"]: one["cldr"] for one in rows_of("beside_m49")}
    for country in Country.objects.exclude(m49=""):
        (codes[country.code],) = aliases[country.code]
        assert aliases[country.m49] == aliases[country.code]
    assert len(codes) == 249  # with Kosovo
    write_or_compare(ALPHA_2, ["code", "alpha_2"], [[*one] for one in sorted(codes.items())])
    names = [
        [code, Locale(language).territories[territory], language]
        for code, territory in sorted(codes.items())
        for language in LANGUAGES
    ]
    write_or_compare(TABLES / "country_names.csv", ["code", "name", "language"], names)


def test_other_names_are_of_countries_that_there_are(register):
    codes = {*Country.objects.values_list("code", flat=True), *beside_m49()}
    assert {one["code"] for one in rows_of("other_country_names")} <= codes
    assert all(one["source"] for one in rows_of("other_country_names"))


def test_a_country_may_have_no_m49_code_and_then_a_footnote(make_project, client):
    kosovo = Country(**beside_m49()["XKX"])
    kosovo.full_clean()
    kosovo.save()
    other = Country(code="XXA", m49="", name="Another")
    other.full_clean()
    taken = Country(code="XXB", m49="404", name="A second Kenya")
    with pytest.raises(ValidationError, match="Another country has this code"):
        taken.full_clean()
    make_project("PVE-001", countries=[kosovo])
    page = client.get("/projects/PVE-001/").content.decode()
    assert (
        "Kosovo (References to Kosovo shall be understood to be in the context of Security "
        "Council resolution 1244 (1999).)"
    ) in page
    about = client.get("/about/").content.decode()
    assert "context of Security Council resolution 1244 (1999)" in about
