"""The page of reports: questions with pictures, entities, progress."""

from .pages import text_of


def test_entities_have_their_described_activities(register, client):
    text = text_of(client, "/reports/")
    assert "For 211 entries no entity is stated" in text
    assert "UNESCO 4 described activities CTED 2 described activities" in text
    assert "UNICEF" not in text


def test_progress_is_said_of_each_edition_and_now(register, client):
    text = text_of(client, "/reports/")
    assert (
        "are among the projects that it counts. Reconstruction of A/72/621 (December 2017) "
        "12 described or confirmed entries, in a table of 223 Reconstruction of A/72/621, "
        "corrected (November 2026) 12 described or confirmed entries, in a table of 223 The "
        "current register 12 described or confirmed entries, in a table of 223"
    ) in text


def test_an_empty_register_has_a_report_index(make_project, client):
    text = text_of(client, "/reports/")
    assert "0 described or confirmed entries, in a table of 0" in text
