"""A counted entry takes over what another one had, so that totals stay when a source tells more."""

import re
from html import unescape

import pytest
from django.test import Client

from projects.history import Revision, restore, unrecorded
from projects.models import Project
from projects.vocabulary import REGION_COLUMNS
from pvematrix.desk import swap
from reports.models import Report
from reports.reconciliation import reconcile

from .conftest import member
from .test_admin import form_of
from .test_review import sign_off

pytestmark = pytest.mark.usefixtures("register")

KNOWN = {"title": "Youth against radicalization", "provenance": "confirmed"}
KNOWN |= {"source": "A/72/621, para. 24; UNDP, 2017, p. 3, https://undp.org/2017"}


def counted(**values) -> Project:
    """The first counted entry with these values."""
    return Project.published.filter(provenance="counted", **values).first()


def address(project) -> str:
    return f"/admin/projects/project/{project.pk}/change/"


def known_as(project, regions=(), **values) -> dict:
    """The project's form once a source has told what it is."""
    data = form_of(project, **KNOWN, **values)
    kept = {name: value for name, value in data.items() if name not in REGION_COLUMNS.values()}
    return kept | {f"in_{region}": "on" for region in regions}


def as_global(project, **values) -> dict:
    """The form of one that turned out to be global."""
    return known_as(project, scope="global", scope_basis="stated", regions_basis="", **values)


def offered(response) -> dict[str, str]:
    """What the form offers: what it would send for each entry, by the sentence."""
    found = re.findall(
        r'<input type="radio" name="swap_with" value="([^"]*)"[^>]*>\s*([^<]*)</label>',
        response.content.decode(),
    )
    return {unescape(words).strip(): key for key, words in found}


def first_offered(client, project, data) -> tuple[str, str]:
    """The first entry that the form offers: the sentence, and what it would send."""
    return next(iter(offered(client.post(address(project), data)).items()))


def all_equal() -> bool:
    return all(one.agrees for one in reconcile(Report.published.get(symbol="A/72/621")))


def only_africa(scope) -> Project:
    rest = dict.fromkeys(("in_mena", "in_asia", "in_europe", "in_americas"), False)
    return counted(priority_area="youth", scope=scope, in_africa=True, **rest)


@pytest.mark.long
def test_both_are_saved_at_once_and_the_totals_stay():
    project, partner = only_africa("national"), counted(scope="global")
    editor = member("Reviewers", "r")
    data = as_global(project)
    response = editor.post(address(project), data)
    assert response.context["adminform"].form.errors["__all__"] == [
        "Global in scope: 82 published in A/72/621, 82 now, 83 after this change.",
        "National in scope: 75 published in A/72/621, 75 now, 74 after this change.",
        "In Africa: 61 published in A/72/621, 61 now, 60 after this change.",
    ]
    [words, *others, nobody], key = offered(response), next(iter(offered(response).values()))
    assert words == f"{partner.reference}: Global → National: Africa"
    assert (len(others), nobody) == (9, "None: the figures change")
    page = editor.post(address(project), data | {"swap_with": key}, follow=True)
    said = f"{partner.reference} takes the place of {project.reference}."
    assert said in page.content.decode()
    project.refresh_from_db()
    partner.refresh_from_db()
    assert (project.scope, project.scope_basis, project.regions) == ("global", "stated", [])
    assert (partner.scope, partner.scope_basis) == ("national", "allocated")
    assert (partner.regions, partner.regions_basis) == (["africa"], "allocated")
    assert (project.review, partner.review) == ("changed", "changed")
    assert all_equal()
    pair = Revision.objects.filter(key__in=[project.reference, partner.reference])
    reason = f"{said} For a test"
    assert {(one.at, one.by_name, one.reason) for one in pair} == {(pair[0].at, "r", reason)}
    assert [(c.column, c.old, c.new) for c in pair.get(key=partner.reference).changes] == [
        ("scope", "global", "national"),
        ("regions", "", "africa"),
        ("regions_basis", "", "allocated"),
        ("review", "reviewed", "changed"),
    ]
    # Nobody signs off either half of their own swap.
    for one in (project, partner):
        assert "You wrote this yourself" in sign_off(editor, one)
        assert " is signed off." in sign_off(member("Reviewers", one.reference), one)


def test_a_region_is_taken_over_within_one_scope(editor):
    project = only_africa("national")
    data = known_as(project, ["asia"], scope_basis="stated", regions_basis="stated")
    keys = offered(editor.post(address(project), data))
    partner = counted(scope="national", in_asia=True)
    words = f"{partner.reference}: National: Asia → National: Africa"
    assert editor.post(address(project), data | {"swap_with": keys[words]}).status_code == 302
    partner.refresh_from_db()
    assert (partner.scope, partner.regions) == ("national", ["africa"])
    assert all_equal()


def test_a_second_region_comes_from_an_entry_that_has_two(editor):
    """A counted national entry has exactly one region, so the other one gives a second up."""
    project = only_africa("national")
    data = known_as(
        project, ["africa", "mena"], scope="regional", scope_basis="stated", regions_basis="stated"
    )
    words = [*offered(editor.post(address(project), data))][:-1]
    twice = Project.published.filter(provenance="counted", scope="regional", in_mena=True)
    able = [one for one in twice if len(one.regions) == 2]
    assert [one.split(":")[0] for one in words] == [one.reference for one in able][:10]
    assert all(" → National: " in one for one in words)


def test_with_the_area_goes_the_place_that_the_report_counts(editor):
    """The area of a counted entry is stated by the count, and its title says as which of them."""
    project = counted(priority_area="youth")
    partner = counted(priority_area="gender")
    assert project.title == "Unidentified project 4 of 27 (empowering youth)"
    old = "Unidentified project 1 of 22 (gender equality and empowering women)"
    assert partner.title == old
    data = known_as(project, project.regions, priority_area="gender", priority_area_basis="stated")
    keys = offered(editor.post(address(project), data))
    words = f"{partner.reference}: {old} → {project.title}"
    assert editor.post(address(project), data | {"swap_with": keys[words]}).status_code == 302
    partner.refresh_from_db()
    assert (partner.priority_area, partner.priority_area_basis) == ("youth", "stated")
    assert partner.title == "Unidentified project 4 of 27 (empowering youth)"
    assert partner.source == "A/72/621, para. 24"
    assert all_equal()


def test_one_that_has_a_title_leaves_the_first_free_place(editor):
    project = Project.published.get(reference="PVE-001")
    data = form_of(project, priority_area="gender")
    words, _key = first_offered(editor, project, data)
    assert words.endswith(" → Unidentified project 1 of 27 (empowering youth)")


def test_area_scope_and_region_go_together(editor):
    project = only_africa("national")
    data = as_global(project, priority_area="gender", priority_area_basis="stated")
    partner = counted(priority_area="gender", scope="global")
    words, key = first_offered(editor, project, data)
    titles = f"{partner.title} → {project.title}"
    assert words == f"{partner.reference}: {titles}; Global → National: Africa"
    assert editor.post(address(project), data | {"swap_with": key}).status_code == 302
    assert all_equal()


NOT_OFFERED = "Choose one of the entries that are offered."


@pytest.mark.parametrize("key", ["x", "regional-0", "999999999999999999-0"])
def test_only_what_is_offered_can_be_chosen(editor, key):
    project = only_africa("national")
    data = as_global(project) | {"save_anyway": "on"}
    data["swap_with"] = key.replace("regional", str(only_africa("regional").pk))
    response = editor.post(address(project), data)
    assert response.context["adminform"].form.errors["swap_with"] == [NOT_OFFERED]
    assert len(offered(response)) == 11
    assert not Revision.objects.filter(key=project.reference).exists()


def test_one_that_somebody_changed_meanwhile_is_not_written_over(editor):
    project, partner = only_africa("national"), counted(scope="global")
    data = as_global(project)
    key = first_offered(editor, project, data)[1]
    partner.methodology = "Somebody writes this meanwhile"
    partner.save()
    response = editor.post(address(project), data | {"swap_with": key})
    assert response.context["adminform"].form.errors["swap_with"] == [NOT_OFFERED]
    project.refresh_from_db()
    assert project.provenance == "counted"
    # What is offered now is the entry as it stands now.
    key = next(iter(offered(response).values()))
    assert editor.post(address(project), data | {"swap_with": key}).status_code == 302


def test_if_no_entry_can_the_form_says_it_and_the_figures_may_change(editor):
    project = only_africa("national")
    with unrecorded("the test sets the scene"):
        Project.published.filter(scope="global").update(scope_basis="stated")
    data = as_global(project)
    response = editor.post(address(project), data)
    errors = response.context["adminform"].form.errors
    nobody = "No placeholder can take its place."
    assert errors["__all__"][-1] == nobody
    assert errors["save_anyway"] == ["Tick this to save it."]
    assert offered(response) == {}
    assert editor.post(address(project), data | {"save_anyway": "on"}).status_code == 302


def test_what_moves_no_figure_has_no_partner(editor):
    project, partner = only_africa("national"), counted(scope="global")
    data = form_of(project, title="A title", swap_with=f"{partner.pk}-0")
    assert editor.post(address(project), data).status_code == 302
    assert not Revision.objects.filter(key=partner.reference).exists()


def test_a_draft_takes_part_in_no_swap():
    project = only_africa("national")
    with unrecorded("the test sets the scene"):
        Project.published.filter(scope="global").update(review="draft")
    project.scope, project.regions, project.regions_basis = "global", [], ""
    assert swap.offers(project) == []


@pytest.mark.long
def test_by_hand_nothing_is_assigned(editor):
    project = only_africa("national")
    for basis, values in {
        "scope_basis": {"scope": "regional"},
        "regions_basis": {"in_asia": "on"},
        "priority_area_basis": {"priority_area_basis": "allocated"},
    }.items():
        response = editor.post(address(project), form_of(project, **values))
        assert response.context["adminform"].form.errors[basis] == [
            "Say whether the source states it or it is your reading."
        ]
    new = form_of(Project.published.get(reference="PVE-001"), reference="PVE-224")
    response = editor.post("/admin/projects/project/add/", new | {"scope_basis": "allocated"})
    assert "scope_basis" in response.context["adminform"].form.errors


def test_a_restored_version_has_the_basis_that_it_had():
    project = only_africa("national")
    before = project.snapshot()
    project.scope, project.scope_basis = "regional", "stated"
    project.save()
    restored = restore(Project, project.pk, before)
    assert (restored.scope, restored.scope_basis) == ("national", "allocated")


def test_who_may_only_look_is_offered_nothing():
    project = only_africa("national")
    viewer: Client = member("Viewers", "v")
    assert "swap_with" not in viewer.get(address(project)).content.decode()
    data = as_global(project)
    assert viewer.post(address(project), data | {"swap_with": "1-0"}).status_code == 403
