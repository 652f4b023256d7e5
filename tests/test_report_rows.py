"""A report is a row: who writes, publishes and deletes it, and what it consists of."""

import re

import pytest

from projects.asking.published import shown
from projects.models import data_version
from projects.models.base import Frozen
from reports.models import Report

from .conftest import ROOT, member
from .pages import body, submit, text_of

pytestmark = pytest.mark.usefixtures("register")
ADD = "/admin/reports/report/add/"
REPORT = {
    **{"slug": "a-90-1", "symbol": "A/90/1", "title": "An invented report", "date": "2030-06-01"},
    **{"population": "invented projects", "language": "en", "reason": "From its text"},
    "regions_are_of": "regional-and-national",
    # Its parts have pages of their own.
    **{
        f"{part}-{name}_FORMS": "0"
        for part in ("figures", "categories", "notes")
        for name in ("TOTAL", "INITIAL")
    },
}
FIGURE = {
    **{"position": "1", "paragraph": "7", "unit": "projects", "comparator": "=", "value": "40"},
    "reason": "From its text",
}
# Where it would be, were it published.
PUBLIC = ["/reports/", "/sitemap.xml", "/figures.csv", "/api/v1/reports/"]


@pytest.fixture
def draft(editor):
    submit(editor, ADD, REPORT)
    report = Report.live.get(slug="a-90-1")
    submit(editor, "/admin/reports/figure/add/", FIGURE | {"report": report.pk})
    assert report.figures.count() == 1
    return report


def test_editors_write_a_draft_that_nobody_else_sees(draft, client):
    assert (draft.review, draft.is_basis) == ("draft", False)
    assert client.get("/reports/a-90-1/").status_code == 404
    for page in PUBLIC:
        found = body(client.get(page)).decode()
        assert "a-90-1" not in found and "A/90/1" not in found, page


@pytest.mark.long
def test_a_reviewer_publishes_it_and_then_only_managers_change_it(draft, editor, reviewer, client):
    pages = [
        f"/admin/reports/{one._meta.model_name}/{one.pk}/change/"
        for one in (draft, draft.figures.get())
    ]
    for page in pages:
        assert b'name="_save"' in editor.get(page).content
    review = f"/admin/reports/report/{draft.pk}/review/"
    assert "invented projects" in text_of(reviewer, review)
    before = data_version()
    submit(reviewer, review, {"approve": "yes"})
    assert data_version() != before
    assert "40 — not compared: counts invented projects" in text_of(client, "/reports/a-90-1/")
    for page in pages:
        for one in (editor, reviewer):
            assert b'name="_save"' not in one.get(page).content
    manager = member("Managers", "manager")
    assert all(b'name="_save"' in manager.get(page).content for page in pages)
    choices = editor.get("/admin/reports/figure/add/").context["adminform"].form.fields["report"]
    assert not choices.queryset.exists()


def test_neither_the_basis_nor_the_report_of_an_edition_is_deleted():
    manager, report = member("Managers", "manager"), Report.published.get(slug="a-72-621")
    page = f"/admin/reports/report/{report.pk}/delete/"
    said = "The register is kept equal to A/72/621: choose another basis first."
    assert said in body(manager.get(page, follow=True)).decode()
    report.is_basis = False
    report.save()
    said = (
        "A/72/621 is the report of an edition, which never changes: Reconstruction of A/72/621, "
        "corrected (November 2026) and Reconstruction of A/72/621 (December 2017)."
    )
    assert said in body(manager.get(page, follow=True)).decode()
    with pytest.raises(Frozen, match="which never changes"):
        report.delete()
    assert Report.published.get(slug="a-72-621").figures.count() == 17


def test_templates_ask_of_a_report_only_what_it_has():
    """Django shows nothing for a name that is none."""
    source = "".join(path.read_text("utf-8") for path in ROOT.glob("templates/**/*.html"))
    known, names = shown(), {*re.findall(r"\bbasis\.(\w+)", source)}
    # A/72/621 prints no combination.
    named = names - {"others"}
    assert [one for one in sorted(named) if not (getattr(known, one, "") or known[one])] == []
    assert known["others"] == ""
    assert (known["areas"], known["scopes"], known["parts"]) == ("24", "25", "24, 25")
