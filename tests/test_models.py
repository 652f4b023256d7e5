"""The rules of the register, in the database and in forms alike."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.utils import DataError

from projects.models import Entity, Project

# What is wrong, the field that the form shows it at, and what it says there.
BROKEN = [
    ({"priority_area": "sport"}, "priority_area", "Choose one of: governance, education"),
    (
        {"scope": "galactic", "in_asia": True, "regions_basis": "stated"},
        "scope",
        "Choose one of: global, regional, national.",
    ),
    ({"provenance": "rumoured"}, "provenance", "Choose one of: counted, named, confirmed."),
    ({"reference": "PVE-1"}, "reference", "PVE- and three to twelve digits"),
    ({"reference": "PVE-001\n"}, "reference", "PVE- and three to twelve digits"),
    ({"title": "  "}, "title", "This field is required."),
    ({"source": ""}, "source", "This field cannot be blank."),
    ({"in_asia": True, "regions_basis": "stated"}, "scope", "A global project has no region"),
    ({"regions_basis": "stated"}, "regions_basis", "leave it empty when there is no region"),
    (
        {"scope": "regional", "in_asia": True, "regions_basis": ""},
        "regions_basis",
        "Give the basis of the regions",
    ),
    ({"start_date": "2017-13"}, "start_date", "is not a date"),
    ({"start_date": "2017-02-29"}, "start_date", "is not a date"),
    ({"reference": "PVE-1234567890123"}, "reference", "PVE- and three to twelve digits"),
    ({"end_date": "2017-06-31"}, "end_date", "is not a date"),
    ({"start_date": "2018", "end_date": "2017"}, "end_date", "before the start"),
    ({"start_date": "2017-06-24", "end_date": "2017-05"}, "end_date", "before the start"),
]


# The constraint that holds a rule, where it is not named after the field.
CONSTRAINTS = {
    "A global project has no region": "project_global_no_region",
    "leave it empty when there is no region": "project_regions_basis_if_regions",
    "Give the basis of the regions": "project_regions_basis_if_regions",
    "before the start": "project_dates_in_order",
}


@pytest.mark.long
@pytest.mark.parametrize(("values", "field", "message"), BROKEN)
def test_the_form_says_what_is_wrong_at_the_field(make_project, values, field, message):
    project = make_project()
    for name, value in values.items():
        setattr(project, name, value)
    with pytest.raises(ValidationError) as error:
        project.full_clean()
    assert message in " ".join(error.value.message_dict[field])


@pytest.mark.postgresql
@pytest.mark.parametrize(("values", "field", "message"), BROKEN)
def test_the_database_refuses_it_too(make_project, values, field, message):
    make_project("PVE-002")
    with pytest.raises((IntegrityError, DataError)) as error, transaction.atomic():
        make_project(**values)
    assert Project.published.count() == 1
    assert CONSTRAINTS.get(message, f"project_{field}") in str(error.value)


@pytest.mark.parametrize(
    "values",
    [
        {"start_date": "2017", "end_date": "2017"},
        {"start_date": "2017-06-24", "end_date": "2017-06"},
        {"start_date": "2017-06", "end_date": "2017"},
        {"start_date": "2016-02-29"},
        {"start_date": "", "end_date": "2017-12-31"},
        {"reference": "PVE-0000001"},
        # Of an entry that a source describes, no region need be stated.
        {"scope": "regional"},
        {"scope": "national", "provenance": "confirmed"},
    ],
)
def test_sound_values_are_accepted(make_project, values):
    project = make_project(**values)
    project.full_clean()
    for name, value in values.items():
        assert getattr(Project.published.get(), name) == value


@pytest.mark.postgresql
def test_two_references_cannot_have_the_same_number(make_project):
    make_project("PVE-001")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_project("PVE-0001")


@pytest.mark.postgresql
def test_acronyms_differ_by_more_than_capitals(db):
    with pytest.raises(ValidationError) as error:
        Entity(acronym="unesco", name="Another").full_clean()
    assert "Another entity has this acronym" in error.value.message_dict["acronym"][0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Entity.objects.create(acronym="unesco", name="Another")


@pytest.mark.postgresql
@pytest.mark.parametrize("acronym", ["not-stated", "Not-Stated", "A;B", "UN Women", "", "-X"])
def test_acronyms_that_addresses_and_cells_cannot_carry_are_refused(db, acronym):
    with pytest.raises(ValidationError) as error:
        Entity(acronym=acronym, name="Name").full_clean()
    assert "acronym" in error.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        Entity.objects.create(acronym=acronym, name="Name")


@pytest.mark.postgresql
def test_folded_text_is_never_stale(make_project, many_projects):
    project = make_project(title="First")
    project.title = "Écrire"
    project.save()
    assert Project.published.values_list("search_text", "title_sort").get() == (
        " ecrire \n  \n  \n",
        "ecrire",
    )
    many_projects(1)
    assert Project.published.filter(search_text__contains="project 1000").count() == 1
