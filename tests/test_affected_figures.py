"""Staff are told of each total that a change moves: one with more entries than it counts."""

import pytest

from projects.history import Revision
from projects.imports import batches, previews
from projects.models import Project
from pvematrix.desk import affected_figures

from .conftest import describe
from .files import upload
from .pages import text_of

pytestmark = pytest.mark.usefixtures("register")
YOUTH = "Empowering youth: 27 published in A/72/621, {} now, {} after this change."
AFRICA = "Africa: 61 published in A/72/621, {} now, {} after this change."


@pytest.fixture
def one_too_many() -> Project:
    """The last of 28 entries on youth that their sources say are in the matrix."""
    describe(28)
    return Project.published.get(reference="PVE-251")


def test_a_deletion_moves_only_what_is_over(one_too_many):
    assert affected_figures.of_deleting(one_too_many) == [YOUTH.format(28, 27)]
    one_too_many.delete()
    other = Project.published.get(reference="PVE-250")
    assert affected_figures.of_deleting(other) == []


def test_regions_that_entries_state_are_over_as_well():
    describe(61, regions=["africa"], priority_area="other")
    project = Project.published.get(reference="PVE-001")
    values = project.snapshot() | {"in_matrix": "yes", "regions": ["africa"]}
    said = affected_figures.of_restoring(project.pk, values | {"regions_basis": "stated"})
    assert said == [AFRICA.format(61, 62)]


@pytest.mark.long
def test_the_page_of_an_import_says_what_it_moves_and_what_undoing_it_would(admin_client):
    describe(27)
    file = (
        b"reference,priority_area,priority_area_basis,in_matrix,provenance,source\r\n"
        b'PVE-003,youth,stated,yes,confirmed,"A/72/621, para. 34"\r\n'
    )
    batch = upload("file.csv", file, {})
    shown = previews.preview(batch)
    assert affected_figures.in_words(shown.moved) == [YOUTH.format(27, 28)]
    batches.apply(batch, shown.digest)
    text = text_of(admin_client, f"/admin/projects/batch/{batch.pk}/change/")
    assert "Figures that change:" in text
    assert YOUTH.format(28, 27) in text


def test_the_page_of_a_change_says_what_restoring_either_version_would_move(
    one_too_many, admin_client
):
    one_too_many.priority_area = "gender"
    one_too_many.save()
    revision = Revision.objects.of(one_too_many).get()
    text = text_of(admin_client, f"/admin/projects/revision/{revision.pk}/change/")
    assert f"Before this change Figures that change: {YOUTH.format(27, 28)}" in text.replace(
        "change:Emp", "change: Emp"
    )
    assert "After this change Figures" not in text
