"""Quotations: the words that a value was read from, kept, shown and dumped like everything else."""

import io
import json

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from projects.history import Revision, unrecorded
from projects.imports import batches as imports
from projects.imports.files import Refused
from projects.models import Project, Quotation
from pvematrix.desk.groups import GROUPS, grant

from .pages import text_of
from .test_admin import form_of

pytestmark = pytest.mark.usefixtures("register")


@pytest.fixture
def editor(client):
    user = User.objects.create_user("editor", password="x", is_staff=True)
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"field": "summary"}, "field", "not a valid choice"),
        ({"field": "scope"}, "field", "The project already has words for this field."),
        ({"words": " "}, "words", "Quote the words."),
        ({"words": "x" * 1001}, "words", "at most 1000 characters"),
        ({"document": ""}, "document", "cannot be blank"),
        ({"paragraphs": "§ 4"}, "paragraphs", "Numbers, e.g. 34 or 44, 45."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(values, field, message):
    known = {"field": "title", "words": "Words", "document": "A/1", "paragraphs": "4"}
    quotation = Quotation(project=Project.live.get(reference="PVE-012"), **known | values)
    with pytest.raises(ValidationError) as error:
        quotation.full_clean()
    assert message in " ".join(error.value.message_dict[field])


@pytest.mark.parametrize("values", [{"field": "summary"}, {"words": " "}, {"document": ""}])
def test_the_database_refuses_it_too(values):
    project = Project.live.get(reference="PVE-013")
    known = {"field": "title", "words": "Words", "document": "A/1"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Quotation(project=project, **known | values).save()


def test_a_page_shows_the_words_beside_what_was_read_from_them(client):
    text = text_of(client, "/projects/PVE-004/")
    assert "Scope Regional Read from the words “in various regions” (A/72/621, para" in text
    assert "Regions Not stated — —" in text
    assert (
        "Status Ongoing, as at 1 December 2017 “is leading capacity-building workshops” (" in text
    )
    assert "The title is the register’s; the source gives no name." in text
    text = text_of(client, "/projects/PVE-002/")
    assert "Scope Regional Stated in the words “at the regional level” (A/72/621" in text
    assert "Source of title and summary: A/72/621, para. 34." in text
    text = text_of(client, "/projects/PVE-011/")
    assert "Scope Global Assigned to fit the totals in paragraphs 24 and 25" in text


def test_the_form_of_a_project_keeps_them_with_its_reason(editor):
    project = Project.live.get(reference="PVE-010")
    address = f"/admin/projects/project/{project.pk}/change/"
    assert "worldwide" in editor.get(address).content.decode()
    data = form_of(project)
    place = next(key[:-6] for key, value in data.items() if value == "worldwide")
    data[f"{place}-words"] = "by the industry worldwide"
    assert editor.post(address, data).status_code == 302
    quotation = Quotation.objects.get(project=project, field="scope")
    assert quotation.words == "by the industry worldwide"
    revision = Revision.objects.of(quotation).get()
    assert (revision.key, revision.by_name, revision.reason) == (
        *("PVE-010: scope", "editor", "For a test"),
    )
    # A form that was opened before that does not put the old words back.
    response = editor.post(address, data | {f"{place}-words": "worldwide"})
    assert "Somebody changed it since this page was opened." in response.content.decode()
    assert editor.post(address, form_of(project) | {f"{place}-DELETE": "on"}).status_code == 302
    assert not Quotation.objects.filter(pk=quotation.pk).exists()
    assert [one.action for one in Revision.objects.filter(key="PVE-010: scope")] == [
        *("deleted", "changed"),
    ]


def test_words_are_added_with_the_entry(editor):
    project = Project.live.get(reference="PVE-010")
    data = form_of(project, reference="PVE-224", title="New")
    line = {"field": "title", "words": "New", "document": "A/73/1", "paragraphs": "1, 2"}
    data |= {"quotations-TOTAL_FORMS": 1}
    data |= {f"quotations-0-{name}": value for name, value in line.items()}
    assert editor.post("/admin/projects/project/add/", data).status_code == 302
    quotation = Quotation.objects.get(project__reference="PVE-224")
    assert quotation.place == "A/73/1, paras. 1 and 2"
    assert str(quotation) == "PVE-224, title: “New”"


def test_an_import_is_not_undone_over_words_that_were_quoted_since():
    head = "reference,title,priority_area,priority_area_basis,scope,scope_basis,provenance,source"
    row = ",New,youth,stated,global,stated,confirmed,A/73/1"
    batch = imports.upload("x.csv", f"{head}\r\n{row}\r\n".encode(), {"ignored": []})
    imports.apply(batch, imports.preview(batch).digest)
    project = Project.live.get(reference="PVE-224")
    quotation = Quotation(project=project, field="scope", words="world", document="A/73/1")
    quotation.save()
    assert quotation.place == "A/73/1"
    with pytest.raises(Refused, match="entries that it added, delete these: PVE-224"):
        imports.undo(batch)
    quotation.delete()
    imports.undo(batch)
    assert not Project.live.filter(reference="PVE-224").exists()


def test_a_dump_has_them_by_reference_and_brings_them_back():
    said = io.StringIO()
    call_command(
        "dumpdata", "projects.quotation", natural_foreign=True, natural_primary=True, stdout=said
    )
    dumped = json.loads(said.getvalue())
    assert len(dumped) == 35
    assert {"PVE-001"} <= {one["fields"]["project"][0] for one in dumped}
    with unrecorded("the test sets the scene"):
        Quotation.objects.filter(project__reference="PVE-010").delete()
    call_command("loaddata", "quotations", verbosity=0)
    assert Quotation.objects.count() == 35
    assert Quotation.objects.get_by_natural_key("PVE-010", "scope").words == "worldwide"


def test_groups_that_are_there_are_given_what_came_later():
    from django.apps import apps

    came = {f"{action}_quotation" for action in ("view", "add", "change", "delete")}
    for group in Group.objects.all():
        group.permissions.remove(*Permission.objects.filter(codename__in=came))
    Group.objects.get(name="Reviewers").delete()
    guests = Group.objects.create(name="Guests")
    grant(apps, connection.alias, came)
    assert not guests.permissions.exists()
    assert not Group.objects.filter(name="Reviewers").exists()
    for name in ("Viewers", "Editors", "Managers"):
        found = Group.objects.get(name=name).permissions.values_list("codename", flat=True)
        assert set(found) & came == came & set(GROUPS[name])
