"""The editors' desk: who may do what, what it says, and how many queries it takes."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.history import Revision, unrecorded
from projects.models import Country, Entity, Project
from projects.vocabulary import REGION_COLUMNS
from pvematrix.desk.forms import last_revision
from pvematrix.desk.site import desk
from reports.models import Figure, Paragraph, Report

from .conftest import publish_waiting, saved
from .pages import queries_of, text_of

MODELS = {
    "projects/project": Project,
    "projects/country": Country,
    "projects/entity": Entity,
    "reports/report": Report,
    "reports/figure": Figure,
}


# What each group may do: list, open, add, delete. "open" is "view" or "change".
@pytest.fixture
def staff(register, client):
    """Return a function that logs a member of a group in."""

    def log_in(group=None, **flags):
        user = User.objects.create_user("someone", password="x", is_staff=True, **flags)
        if group:
            user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        client.get("/admin/")  # once a minute a request also writes until when the session lasts
        return client

    return log_in


@pytest.fixture
def entry(register) -> Project:
    """An entry that its source describes, regional and on youth."""
    known = {"in_matrix": "yes", "provenance": "confirmed", "source": "A/72/621, para. 34"}
    return saved("PVE-224", ["UNDP"], [], ["africa"], title="A described project", **known)


def change_of(project) -> str:
    return f"/admin/projects/project/{project.pk}/change/"


def form_of(project, **changes) -> dict:
    """What the browser would send for a project's form."""
    fields = [field.name for field in Project._meta.fields if field.editable and field.name != "id"]
    fields = [name for name in fields if name not in REGION_COLUMNS.values()]
    data = {name: getattr(project, name) for name in fields}
    if project.scope_basis == "allocated":
        data |= {"scope": "", "scope_basis": ""}
    data |= {"entities": [e.pk for e in project.entities.all()], "countries": []}
    data |= {f"in_{region}": "on" for region in project.regions}
    data |= {"seen": last_revision(project), "reason": "For a test"}
    quotations = project.quotations.none() if "reference" in changes else project.quotations.all()
    return data | quotations_of(quotations) | changes


def quotations_of(quotations) -> dict:
    """The part of a project's form that has its quotations."""
    data = {"quotations-TOTAL_FORMS": len(quotations), "quotations-INITIAL_FORMS": len(quotations)}
    for place, quotation in enumerate(quotations):
        row = {
            "id": quotation.pk,
            "project": quotation.project_id,
            "seen": f"{quotation.field}: {quotation.with_place}",
        }
        row |= {name: getattr(quotation, name) for name in ("field", "words", "document")}
        row["paragraphs"] = quotation.paragraphs
        data |= {f"quotations-{place}-{name}": value for name, value in row.items()}
        data[f"initial-quotations-{place}-document"] = quotation.document
    return data


# What each group is allowed where, permissions.txt says of every address.
@pytest.mark.long
@pytest.mark.parametrize(
    ("group", "changes"),
    [
        ("Viewers", set()),
        ("Editors", {"project", "entity"}),
        ("Reviewers", {"project", "entity"}),
        ("Managers", {"project", "country", "entity", "report", "figure", "category", "note"}),
    ],
)
def test_only_who_may_change_a_record_has_a_form_to_save(staff, group, changes):
    client = staff(group)
    for model, records in MODELS.items():
        pk = records._base_manager.order_by("pk").first().pk
        opened = client.get(f"/admin/{model}/{pk}/change/").content
        name = model.partition("/")[2]
        assert (b'name="_save"' in opened) == (name in changes), model
        count = records._base_manager.count()
        client.post(f"/admin/{model}/{pk}/delete/", {"post": "yes"})  # the reason is missing
        assert records._base_manager.count() == count


@pytest.mark.postgresql
def test_an_edit_asks_each_rule_once_and_reads_what_it_shows(editor, entry):
    for summary in ("One", "Two"):
        data = form_of(entry, summary=summary)
        with CaptureQueriesContext(connection) as found:
            assert editor.post(change_of(entry), data).status_code == 302
    # Django asks each of sixteen rules in a savepoint of its own.
    assert len(found) <= 90, found.captured_queries
    stated = {"scope": "global", "scope_basis": "stated"}
    broken = form_of(entry, **stated, end_date="2016", start_date="2017")
    errors = editor.post(change_of(entry), broken).context["adminform"].form.errors
    assert errors == {
        "scope": ["A global project has no region: clear the regions or change the scope."],
        "end_date": ["The end date is before the start date."],
    }


@pytest.mark.long
def test_an_edit_keeps_the_totals_and_is_logged(staff, entry):
    client = staff("Editors")
    before = entry.updated_at
    with unrecorded("the test sets the scene"):
        Project.published.filter(pk=entry.pk).update(updated_at="2020-01-01T00:00:00Z")
    # A reference never changes.
    changes = {"priority_area": "gender", "priority_area_basis": "inferred", "reference": "PVE-999"}
    data = form_of(entry, **changes) | quotations_of(entry.quotations.all())
    page = client.post(change_of(entry), data)["Location"]
    assert "published in A/72/621" not in client.get(page).content.decode()
    entry.refresh_from_db()
    assert (entry.priority_area, User.objects.get().logentry_set.count()) == ("youth", 0)
    publish_waiting(page)
    entry.refresh_from_db()
    assert (entry.priority_area, entry.reference) == ("gender", "PVE-224")
    assert entry.updated_at >= before
    client.post(change_of(entry), form_of(entry, title="Another", priority_area="gender"))
    (logged,) = User.objects.get(username="someone").logentry_set.all()
    assert logged.get_change_message() == "Changed Title."
    # It takes the place of the last placeholder there, and leaves its own to another.
    states = Project.live.filter(reference__in=["PVE-132", "PVE-173"]).order_by("number")
    assert [one.review for one in states] == ["reviewed", "set-aside"]
    assert "17 of 17 figures as published" in text_of(client, "/admin/")


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"regions_basis": ""}, "regions_basis", "Give the basis of the regions"),
        ({"start_date": "2018", "end_date": "2017"}, "end_date", "is before the start date."),
        ({"start_date": "2017-02-30"}, "start_date", "is not a date: write YYYY"),
        ({"title": " "}, "title", "This field is required."),
    ],
)
def test_an_error_is_shown_at_its_field_and_nothing_is_saved(staff, entry, changes, field, message):
    response = staff("Editors").post(change_of(entry), form_of(entry, **changes))
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert list(errors) == [field]
    assert message in errors[field][0]
    entry.refresh_from_db()
    assert entry.title == "A described project"


def test_an_entity_is_found_by_its_other_names(staff):
    query = "?app_label=projects&model_name=project&field_name=entities&term=unoct"
    found = staff("Editors").get(f"/admin/autocomplete/{query}").json()["results"]
    assert [entity["text"] for entity in found] == ["OCT: Office of Counter-Terrorism"]


@pytest.mark.long
def test_the_desk_searches_as_the_list_does(staff):
    client = staff("Viewers")
    text = text_of(client, "/admin/projects/project/?q=NÉT-med")
    assert "1 project" in text
    assert "PVE-001" in text
    assert "4 projects" in text_of(client, "/admin/projects/project/?q=UNESCO")
    assert "Côte" in text_of(client, "/admin/projects/country/?q=cote")


def test_lists_and_forms_take_few_queries(staff):
    client = staff("Viewers")
    for model, records in MODELS.items():
        client.get(f"/admin/{model}/")  # what others ask about is known then
        # One of them counts the open corrections for the header.
        assert queries_of(client, f"/admin/{model}/") <= 11, model
        pk = records._base_manager.order_by("pk").first().pk
        # One of them asks for the second factor, one for the number of the command.
        assert queries_of(client, f"/admin/{model}/{pk}/change/") <= 16, model


def test_a_malformed_address_of_the_desk_is_no_error_of_the_site(admin_client, register):
    for address, status in {
        "projects/project/?region=zz": 200,
        "projects/project/?title=%00": 400,
        "projects/project/?review__regex=(": 400,
        "projects/project/add/?entities=x": 400,
        "mfa/authenticator/?data__secret__startswith=A": 400,
        "projects/revision/?object_id__regex=.": 400,
    }.items():
        assert admin_client.get(f"/admin/{address}").status_code == status, address


def test_malformed_input_of_the_desk_is_no_error_of_the_site(admin_client, register):
    project = Project.published.get(reference="PVE-001")
    data = {"action": "review", "_selected_action": "x", "index": "0"}
    assert admin_client.post("/admin/projects/project/", data).status_code == 400
    data = {"name": "x", "permissions": ["9" * 20]}
    assert admin_client.post("/admin/auth/group/add/", data).status_code == 400
    data = form_of(project, entities=["x"], reason="x")
    answer = admin_client.post(f"/admin/projects/project/{project.pk}/change/", data)
    assert answer.status_code == 400
    assert not Revision.objects.filter(key="PVE-001").exists()
    names = "app_label=projects&model_name=project&field_name=entities"
    assert admin_client.get(f"/admin/autocomplete/?term=%00&{names}").status_code == 400


def test_a_paragraph_that_is_no_footnote_is_carried_by_none(admin_client, register):
    paragraph = Paragraph.objects.get(number="24")
    data = {"position": 24, "text": paragraph.text, "carried_by": "23", "reason": "x", "seen": "0"}
    answer = admin_client.post(f"/admin/reports/paragraph/{paragraph.pk}/change/", data)
    assert "Only a footnote is carried by a paragraph." in answer.content.decode()


@pytest.mark.long
def test_a_search_of_the_desk_takes_as_many_words_as_the_public_list(admin_client, register):
    """Of a thousand conditions SQLite makes an error of the site; each word is at least one."""
    lists = [model._meta for model, admin in desk._registry.items() if admin.search_fields]
    assert {"project", "entity", "revision", "account"} <= {one.model_name for one in lists}
    completed = "app_label=projects&model_name=project&field_name=entities"
    addresses = [f"{one.app_label}/{one.model_name}/?q=" for one in lists]
    addresses += [f"autocomplete/?{completed}&term="]
    for address in addresses:
        name = address.rpartition("?")[2].rpartition("&")[2].rstrip("=")
        for many in ("a+" * 1_900, "a+b+c+d+e+f+g+h+i+j+k", "a" * 201):
            response = admin_client.get(f"/admin/{address}{many}")
            assert response.status_code == 400
            said = f"{name}: search for at most 200 characters and 10 words."
            assert said in response.content.decode()
        assert admin_client.get(f"/admin/{address}a+b+c+d+e+f+g+h+i+j").status_code == 200


@pytest.mark.long
def test_what_is_pasted_too_long_is_sent_whole_and_answered_with_its_length(admin_client, register):
    project = Project.published.get(reference="PVE-001")
    page = f"/admin/projects/project/{project.pk}/"
    assert "maxlength" not in str(admin_client.get(f"{page}change/").context["adminform"].form)
    comment = admin_client.get(f"{page}comments/").context["comment_form"]["text"]
    assert "maxlength" not in str(comment)
    assert "maxlength" not in str(admin_client.get(f"{page}review/").context["form"])
    assert "maxlength" not in admin_client.get(f"{page}delete/").content.decode()
    pasted = "A title, and what else stood beside it " * 10
    html = admin_client.post(f"{page}change/", form_of(project, title=pasted)).content.decode()
    assert "at most 300 characters (it has 389)" in html
    assert pasted.strip() in html
