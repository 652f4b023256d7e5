"""Staff are asked whenever the register moves against what the report prints, in any direction."""

import io

import pytest

from projects.history import Revision
from projects.imports import batches
from projects.models import Project
from pvematrix.desk import affected_figures

from .files import upload
from .pages import text_of

pytestmark = pytest.mark.usefixtures("register")


def counted() -> Project:
    """A counted entry on youth that the reconstruction made regional and put in Africa alone."""
    return Project.published.filter(
        priority_area="youth", scope="regional", in_africa=True, in_mena=False, provenance="counted"
    ).first()


def test_a_figure_that_moves_away_from_the_report_or_back_to_it_is_asked_about():
    project = counted()
    project.in_africa, project.in_asia = False, True
    assert affected_figures.of_saving(project) == [
        "In Africa: 61 published in A/72/621, 61 now, 60 after this change.",
        "In Asia: 22 published in A/72/621, 22 now, 23 after this change.",
    ]
    project.save()
    project.title = "Known by its name"
    assert affected_figures.of_saving(project) == []
    project.in_africa, project.in_asia = True, False
    assert affected_figures.of_saving(project) == [
        "In Africa: 61 published in A/72/621, 60 now, 61 after this change.",
        "In Asia: 22 published in A/72/621, 23 now, 22 after this change.",
    ]


def test_a_deletion_moves_every_figure_that_counts_the_entry():
    assert affected_figures.of_deleting(counted()) == [
        "All projects: 223 published in A/72/621, 223 now, 222 after this change.",
        "Empowering youth: 27 published in A/72/621, 27 now, 26 after this change.",
        "Regional in scope: 66 published in A/72/621, 66 now, 65 after this change.",
        "In Africa: 61 published in A/72/621, 61 now, 60 after this change.",
    ]


@pytest.mark.long
def test_the_page_of_an_import_says_what_undoing_it_would_move(admin_client):
    reference = counted().reference
    file = f"reference,regions,regions_basis\r\n{reference},asia,inferred\r\n".encode()
    batch = upload("file.csv", io.BytesIO(file).getvalue(), {})
    shown = batches.preview(batch)
    assert affected_figures.of_moving(shown.moved) == [
        "In Africa: 61 published in A/72/621, 61 now, 60 after this change.",
        "In Asia: 22 published in A/72/621, 22 now, 23 after this change.",
    ]
    batches.apply(batch, shown.digest)
    text = text_of(admin_client, f"/admin/projects/batch/{batch.pk}/change/")
    assert "Figures that change:" in text
    assert "In Africa: 61 published in A/72/621, 60 now, 61 after this change." in text


def test_the_page_of_a_change_says_what_restoring_either_version_would_move(admin_client):
    project = counted()
    project.in_africa, project.in_asia = False, True
    project.save()
    revision = Revision.objects.of(project).get()
    text = text_of(admin_client, f"/admin/projects/revision/{revision.pk}/change/")
    assert (
        "Before this change Figures that change: "
        "In Africa: 61 published in A/72/621, 60 now, 61 after this change. "
        "In Asia: 22 published in A/72/621, 23 now, 22 after this change."
    ) in text.replace("change:In", "change: In").replace(".In", ". In")
    assert "After this change Figures" not in text


def test_so_does_the_page_of_a_deletion(admin_client):
    project = counted()
    pk = project.pk
    project.delete()
    revision = Revision.objects.get(object_id=pk, action="deleted")
    text = text_of(admin_client, f"/admin/projects/revision/{revision.pk}/change/")
    assert "All projects: 223 published in A/72/621, 222 now, 223 after this change." in text
    assert affected_figures.of_restoring(pk, revision.old | {"review": "draft"}) == []
