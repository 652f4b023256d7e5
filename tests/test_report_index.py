"""The page of reports: questions with pictures, entities, progress, and a timeline."""

import re

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
        "12 described or confirmed entries, in a table of 223 The current register 12 described or "
        "confirmed entries, in a table of 223"
    ) in text


def test_a_timeline_is_shown_once_ten_entries_have_dates(make_project, client):
    for number in range(1, 10):
        make_project(f"PVE-00{number}", start_date=f"201{number}", end_date="2019")
    assert "When projects run" not in text_of(client, "/reports/")
    make_project("PVE-010", start_date="2014-07")
    html = client.get("/reports/").content.decode()
    timeline = html[html.index('class="dots timeline"') :]
    assert "From 2011 to 2020" in html
    spans = re.findall(r'svg class="bar (\w+)".*?<rect x="([\d.]+)" width="([\d.]+)"', timeline)
    # From the beginning of 2011 to the end of 2019, and July 2014 alone, outlined.
    assert spans[0] == ("described", "0.00", "100.00")
    assert ("range", "38.89", "0.93") in spans
    assert len(spans) == 10
    assert "2014-07 – ?" in " ".join(timeline.split())


def test_an_empty_register_has_a_report_index(make_project, client):
    text = text_of(client, "/reports/")
    assert "No entry names an entity yet." in text
    assert "0 described or confirmed entries, in a table of 0" in text
