"""Statements from a file: whole or not at all, recorded as a batch that can be undone."""

import csv

import pytest

from projects.history import Revision, unrecorded
from projects.imports.batches import undo
from projects.imports.lines import Refused
from projects.models import Batch
from reports.models import Statement

from .files import command

pytestmark = pytest.mark.usefixtures("register")
HEAD = ["code", "kind", "category", "title", "quotation", "source", "addressee", "entities"]
# As of A/70/674, whose text the register does not have: its source is named instead.
FIRST = ["P01", "measure", "recommendation", "A first one", "Do this.", "A/70/674, para. 44"]


@pytest.fixture
def imported(tmp_path):
    """Return a function that imports rows: the exit status, and what is printed."""

    def run(*rows, head=HEAD, options=(), name="plan.csv"):
        file = tmp_path / name
        with file.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows([head, *rows])
        return command("import_statements", file, *options)

    return run


@pytest.mark.postgresql
@pytest.mark.long
def test_recommendations_are_added_as_one_batch_and_undone(imported, client):
    rows = [
        [*FIRST, "Member States", "UNDP; UNESCO"],
        ["P02", "measure", "recommendation", "Another", "And that.", "A/70/674, para. 45", "", ""],
    ]
    status, out = imported(*rows, options=("--reason", "The Plan of Action"))
    batch = Batch.objects.get()
    assert (status, out) == (
        0,
        ["2 to add, 0 to change, 0 unchanged, 0 faults.", f"Written as batch {batch.pk}."],
    )
    one = Statement.live.get(code="P01")
    assert [entity.acronym for entity in one.entities.all()] == ["UNDP", "UNESCO"]
    assert (one.basis, one.document, one.cited) == ("inferred", None, "A/70/674, para. 44")
    revision = Revision.objects.get(key="P01")
    assert (revision.batch, revision.reason) == (batch, "The Plan of Action")
    # What was imported is a draft, and what was published stands as changed.
    assert "A first one" not in client.get("/plans/").content.decode()
    with unrecorded("the test sets the scene"):
        Statement.live.filter(code="P01").update(review="reviewed")
    assert "A first one" in client.get("/plans/").content.decode()
    changed = [*FIRST, "Governments", "UNDP"]
    status, out = imported(changed, rows[1])
    assert out[0] == "0 to add, 1 to change, 1 unchanged, 0 faults."
    assert Statement.live.get(code="P01").review == "changed"
    second = Batch.objects.first()
    with pytest.raises(Refused, match="1 row was changed since: P01"):
        undo(batch)
    undone = undo(second)
    assert (undone.changed, Statement.live.get(code="P01").addressee) == (1, "Member States")
    assert Statement.live.get(code="P01").entities.count() == 2


@pytest.mark.long
def test_an_import_that_was_not_touched_is_undone_whole(imported):
    rows = [
        ["B30", "body", "", "A body", "A body.", "A/70/674, para. 1", "", "", ""],
        ["R30", "detail", "chairs", "Its chair", "A chair.", "A/70/674", "", "OCT", "B30"],
    ]
    imported(*rows, head=[*HEAD, "parent"])
    assert Statement.live.get(code="R30").parent.code == "B30"
    undone = undo(Batch.objects.get())
    assert undone.deleted == 2
    assert not Statement.live.filter(code__in=["B30", "R30"]).exists()


# A file without a table, and one of other columns, the upload of statements refuses as well.
@pytest.mark.long
def test_what_cannot_be_read_is_refused_and_so_is_a_reason_too_long(imported):
    status, (said,) = imported(["a"], head=["code", "kind", "title", "source", "scoep"])
    assert (status, "plan.csv: Unknown columns: scoep. Allowed" in said) == (2, True)
    status, (said,) = imported(["a"], name="x.xlsx")
    assert (status, "x.xlsx" in said, "does not fit the content" in said) == (2, True, True)
    status, out = imported([*FIRST, "9" * 5000], head=[*HEAD[:6], "position"])
    assert (status, "value must be an integer." in out[0]) == (1, True)
    status, (said,) = imported([*FIRST, "", ""], options=("--reason", "R" * 301))
    assert (status, said.startswith("--reason: ")) == (2, True)
