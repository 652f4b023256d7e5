"""Which models are recorded and which are excused, and why: nothing changes without a trace."""

import pytest
from django.apps import apps
from django.db.models import F

from projects.history import NotRecorded, RecordedManyToManyField, RecordedModel, Revision
from projects.models import Country, Entity

APPS = ("projects", "reports", "pvematrix")
# Every change of these leaves a revision.
RECORDED = {
    "pvematrix.Account",
    "projects.Country",
    "projects.Edition",
    "projects.Entity",
    "projects.Evidence",
    "projects.Project",
    "reports.Category",
    "reports.Document",
    "reports.Figure",
    "reports.Note",
    "reports.Paragraph",
    "reports.Plan",
    "reports.Report",
    "reports.Statement",
}
# And what keeps the trace of these instead.
EXCUSED = {
    "projects.Batch": (
        "It is itself the record of an import or of its undoing: by whom, when, why, and of how "
        "many entries. Its revisions point to it."
    ),
    "pvematrix.Credential": "Part of its account's snapshot; only saving an account writes it.",
    "pvematrix.Expert": (
        "Personal data, outside the revisions: the desk's log and the security log keep that it "
        "was changed, when and by whom, and delete means gone."
    ),
    "pvematrix.AssistanceRequest": "Personal data, as an expert's is.",
    "projects.Correction": (
        "Anybody reports one, staff decide it once, and its own columns say who, when and why. "
        "What it changes in a project is a revision of the project."
    ),
    "projects.Mapping": (
        "It says how a kind of sheet is read, and nothing of the register; its own columns say who "
        "kept it and when. What was imported with it is in the revisions of the import."
    ),
    "projects.Contact": "Kept apart until the correction is decided, and then gone for good.",
    "projects.Objection": (
        "Written once, about a revision, and never changed: it stands in the history of the entry."
    ),
    "projects.Comment": (
        "Written once and never changed; its own columns say who and when. It stands beside the "
        "history of the entry, also when that is deleted."
    ),
    "projects.EvidenceFile": (
        "Bytes by their SHA-256, never changed; revisions of the evidence say who attached them to "
        "an entry, and who took them away."
    ),
    "projects.SavedList": "A name for a query: it says nothing of the register.",
    "projects.Revision": "It is the history.",
    "projects.DataVersion": "A number that the recorder moves.",
    "projects.Quotation": "Part of its project's snapshot, as is every change of it.",
    "projects.Project_countries": "Part of their project's snapshot, as is every change of them.",
    "projects.Project_entities": "Part of their project's snapshot, as is every change of them.",
    "reports.Statement_entities": "Part of their statement's snapshot, as is every change of them.",
}


def models() -> dict[str, type]:
    """Every model of ours by its label, tables of links too."""
    return {
        model._meta.label: model
        for app in APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }


def test_every_model_is_recorded_or_excused():
    """A new model stands in one of the two lists before anybody can store anything in it."""
    assert {*models()} == RECORDED | {*EXCUSED}
    assert {
        label for label, model in models().items() if issubclass(model, RecordedModel)
    } == RECORDED


@pytest.mark.parametrize("label", sorted(RECORDED))
def test_no_manager_of_a_recorded_model_lets_a_change_pass_unseen(label):
    managers = models()[label]._meta.managers
    assert managers
    for manager in managers:
        # Nothing is found, so the database is not asked: it is the road that is refused.
        nothing = manager.none()
        for change in (
            lambda rows=nothing: rows.update(pk=F("pk")),
            lambda rows=nothing: rows.delete(),
            lambda rows=nothing: rows.bulk_create([]),
            lambda rows=nothing: rows.bulk_update([], ["pk"]),
        ):
            with pytest.raises(NotRecorded, match="would leave no revision"):
                change()


def test_links_are_recorded_with_the_record_that_they_belong_to():
    links = {
        label: {field.name for field in models()[label]._meta.many_to_many} for label in RECORDED
    }
    assert {label: names for label, names in links.items() if names} == {
        "projects.Project": {"countries", "entities"},
        # Django's own links; the desk saves them within the recording of their account.
        "pvematrix.Account": {"groups", "user_permissions"},
        "reports.Statement": {"entities"},
    }
    for label in ("projects.Project", "reports.Statement"):
        for name in links[label]:
            field = models()[label]._meta.get_field(name)
            assert isinstance(field, RecordedManyToManyField)
            assert f"{label}_{name}" in EXCUSED


@pytest.mark.postgresql
@pytest.mark.parametrize("name", ["countries", "entities"])
def test_a_link_alone_is_a_revision_of_its_project(make_project, name):
    project = make_project()
    Entity(acronym="ITU", name="International Telecommunication Union").save()
    other = {"countries": Country.objects.get(code="KEN"), "entities": Entity.objects.get()}[name]
    before = Revision.objects.of(project).count()
    getattr(project, name).add(other)
    assert Revision.objects.of(project).count() == before + 1
    changes = {
        one.column: (one.old, one.new) for one in Revision.objects.of(project).last().changes
    }
    # What was reviewed waits for another review.
    assert changes == {
        name: ("", {"countries": "KEN", "entities": "ITU"}[name]),
        "review": ("reviewed", "changed"),
    }
