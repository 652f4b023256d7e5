"""A part of a matrix leaves placeholders, and undoing what was published leaves no trace."""

from collections import Counter

import pytest
from django.utils import timezone

from projects.models import Entity, Project

from .conftest import member
from .pages import csv_rows, text_of
from .test_annex_day import ADDRESSES, TWELVE, take_in
from .test_second_report import everything

pytestmark = pytest.mark.long


@pytest.mark.usefixtures("register")
def test_a_part_of_the_matrix_leaves_placeholders(editor, reviewer, client):
    take_in(editor, reviewer, 45)
    known = Project.published.cube().counts("provenance")
    assert known == {"counted": 166, "named": 12, "confirmed": 45}
    overview = text_of(client, "/")
    assert (
        "It also describes 12 activities, and does not say whether they are among the 223. "
        "45 of the 223 are described here."
    ) in overview
    assert "All 17 totals agree with the report. They were used to build this table." in overview
    assert "Do you know one of the 223 projects that is not described here?" in overview
    described = "14 of them are described here 4 described activities may be among them"
    listed = {
        "priority_area=communications": f"para. 24). {described}",
        "entity=UNESCO": "5 described activities of UNESCO (1 is in the matrix, 4 may be).",
        "in_matrix=yes": "211 entries are in the matrix (45 described activities and 166 "
        "placeholders).",
        "priority_area=youth&region=africa": "Projects on empowering youth in Africa: not stated; "
        "A/72/621's totals allow 0 to 27.",
    }
    for query, said in listed.items():
        assert said in text_of(client, f"/projects/?{query}"), query
    said = text_of(client, "/projects/PVE-224/")
    assert "Is it one of the 223? Yes, says its source: Annex made up for tests, row 1." in said
    assert "The report does not say whether it is one of the 223." in text_of(client, TWELVE[0])
    placeholder = text_of(client, "/projects/PVE-111/")
    assert "It is a placeholder for one of the 27 on empowering youth" in placeholder
    rows = csv_rows(client.get("/projects/export.csv"))
    known = Counter((row["provenance"], row["in_matrix"], row["scope_basis"]) for row in rows)
    assert known[("confirmed", "yes", "stated")] == 45
    assert known[("counted", "yes", "not-stated")] == 166 and len(rows) == 223


@pytest.mark.usefixtures("register")
def test_undoing_it_leaves_no_trace(editor, reviewer, client, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    before = everything(client, ADDRESSES)
    entities = Entity.objects.count()
    batch = take_in(editor, reviewer)
    assert Entity.objects.count() == entities + 6
    page = f"/admin/projects/batch/{batch.pk}/"
    # Somebody else than who published it.
    answer = member("Reviewers", "second").post(f"{page}undo/", {"reason": "It was a trial"})
    assert answer.status_code == 302
    assert Entity.objects.count() == entities
    after = everything(client, ADDRESSES)
    assert {one for one, text in before.items() if after[one] != text} == set()
