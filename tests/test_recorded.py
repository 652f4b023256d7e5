"""Which models are recorded and which are excused, and why: nothing changes without a trace."""

import pytest
from django.apps import apps
from django.db.models import F

from projects.history import NotRecorded, RecordedModel

APPS = ("projects", "reports", "pvematrix")
# Every change of these leaves a revision.
RECORDED = {
    "pvematrix.Account",
    "projects.Country",
    "projects.Edition",
    "projects.Entity",
    "projects.Evidence",
    "projects.Project",
    "projects.SecondPerson",
    "reports.Category",
    "reports.Document",
    "reports.Figure",
    "reports.Note",
    "reports.Paragraph",
    "reports.Report",
    "reports.Statement",
}
# And what keeps the trace of these instead.
EXCUSED = {
    "projects.Batch": "It is the record of an import: who, when, why; revisions point to it.",
    "projects.Batch_prepared_by": "Part of its import: added to while it waits, then kept.",
    "pvematrix.Credential": "Part of its account's snapshot; only saving an account writes it.",
    "pvematrix.Expert": "Personal data: logs say that it changed, and delete means gone.",
    "pvematrix.AssistanceRequest": "Personal data, as an expert's is.",
    "projects.Correction": "Decided once; its own columns say who, when and why.",
    "projects.Mapping": "How a kind of sheet is read; its own columns say who kept it and when.",
    "projects.Contact": "Kept apart until the correction is decided, and then gone for good.",
    "projects.Objection": "Written once, about a revision: it stands in the entry's history.",
    "projects.Comment": "Written once; its own columns say who and when.",
    "projects.EvidenceFile": "Bytes by their SHA-256; revisions of the evidence name them.",
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
