"""What countries are called, and what is named as one beside M49."""

import io

import pytest
from django.core.exceptions import ValidationError

from projects.imports.cells import COUNTRY_NAMES, beside_m49, rows_of
from projects.management.commands.make_country_names import write_names
from projects.models import Country


@pytest.mark.long
def test_the_names_in_six_languages_are_what_the_command_writes(register):
    written = io.StringIO()
    # Six names for each of 248 countries, and of Kosovo.
    assert write_names(written) == 1494
    assert written.getvalue() == COUNTRY_NAMES.read_text(encoding="utf-8")


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
