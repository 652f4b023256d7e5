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
from projects.imports.names import TABLES, beside_m49, outside, rows_of
from projects.models import Country, Project

from .test_admin import form_of

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


@pytest.mark.long
def test_a_country_outside_the_regions_is_warned_of_once_and_saved_the_second_time(editor):
    project = Project.published.get(reference="PVE-012")
    assert project.regions == ["mena", "asia"]
    page = f"/admin/projects/project/{project.pk}/change/"
    named = {one.code: one.pk for one in Country.objects.filter(code__in=["KEN", "JOR", "UGA"])}
    inside = form_of(project, countries=[named["JOR"]])
    assert editor.post(page, inside).status_code == 302
    project.refresh_from_db()
    outside = form_of(project, countries=[named["JOR"], named["KEN"]])
    form = editor.post(page, outside).context["adminform"].form
    text = "In none of its regions: Kenya. If it is so, save again."
    assert form.errors == {"countries": [text]}
    assert form["warned"].value() == "KEN"
    # Another country is warned of as well.
    other = outside | {"countries": [*named.values()], "warned": "KEN"}
    form = editor.post(page, other).context["adminform"].form
    assert form.errors == {"countries": [text.replace("Kenya", "Kenya, Uganda")]}
    assert editor.post(page, outside | {"warned": form["warned"].value()}).status_code == 200
    assert editor.post(page, outside | {"warned": "KEN"}).status_code == 302
    assert sorted(project.countries.values_list("code", flat=True)) == ["JOR", "KEN"]
    # What is there already is no news.
    project.refresh_from_db()
    later = form_of(project, countries=[*project.countries.values_list("pk", flat=True)])
    assert editor.post(page, later | {"status": "completed"}).status_code == 302


def test_a_country_is_outside_where_its_region_is_sure_and_another_is_stated():
    # Sheets count Sudan in Africa too.
    assert outside(["KEN", "JOR", "SDN"], ["asia"]) == ["KEN", "JOR"]
    assert outside(["KEN", "JOR"], ["africa", "mena"]) == []
    assert outside(["KEN"], []) == []
