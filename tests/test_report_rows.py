"""A report is a row: who writes, publishes and deletes it, and what it consists of."""

import re
import subprocess

import pytest

from projects.asking.published import shown
from projects.models import data_version
from projects.models.base import Frozen
from reports.models import Report

from .conftest import ROOT, member
from .pages import body, submit, text_of
from .test_size import NOT_COUNTED

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


def test_a_report_says_what_it_counts_and_where():
    report, page = Report.published.order_by("date")[:2]
    assert report.paragraphs_of("") == "22, 24"
    assert [report.paragraphs_of(one) for one in ("priority_area", "scope", "region")] == [
        "24",
        "25",
        "25",
    ]
    assert report.categories.filter(classification="region").count() == 5
    assert (page.date, page.day) == ("2018-06", "June 2018 (the document is undated)")
    assert page.figures.get(unit="countries").counted == "countries in which these projects are"


# What names the first report, its date, paragraphs or numbers outside of data, and why it may.
OF_THE_FIRST = r"72[/-]621|2017[-, ]+12|December 2017|paras?\. ?\d|paragraphs? \d|\b(223|153|141)\b"
ALLOWED = {
    "projects/exports/xlsx.py": "the paragraph of another document, on the public domain",
    "templates/reports/_public_domain.html": "the same, on pages",
    "projects/vocabulary.py": "the paragraphs of the Plan of Action that name the areas",
    "projects/citations.py": "an example of a citation, of another document",
}


def test_no_report_is_written_in_the_product():
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "templates"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = [
        name
        for name in set(listed.splitlines()) - NOT_COUNTED
        if not name.startswith("tests/") and "/migrations/" not in name
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if re.search(OF_THE_FIRST, line)
    ]
    assert sorted(found) == sorted(ALLOWED)


# In the texts of public templates: figures, acronyms that the report prints, words in quotes.
OF_A_TEXT = (
    r"(?<![\w.-])[0-9]{2,}(?![\w.]*\w)"
    r"|\b(?:UNDP|UNESCO|UN-Women|OHCHR)\b|“[^”]+ [^”]+ [^”]+”"
)
IN_A_TEMPLATE = (
    r'translate "(.*?)"|blocktranslate.*?%}(.*?){% endblocktranslate|cite\w* [\w.]+ ("\d)'
)


def test_no_template_says_what_only_the_report_does():
    printed = (ROOT / "fixtures" / "a-72-621.json").read_text("utf-8").lower()
    found = {}
    for path in sorted(ROOT.glob("templates/[!a]*/*.html")):
        texts = re.findall(IN_A_TEMPLATE, path.read_text("utf-8"), re.DOTALL)
        said = re.findall(OF_A_TEXT, "\n".join(f"{one}{two}" for one, two, _number in texts))
        said = [one for one in said if one[0] != "“" or one.strip("“”").lower() in printed]
        said += [number for _one, _two, number in texts if number]
        if said:
            found[str(path.relative_to(ROOT / "templates"))] = said
    # The number of another document, the hours of a session.
    assert found == {
        "reports/_public_domain.html": ["189"],
        "usersessions/usersession_list.html": ["12"],
    }


def test_templates_ask_of_a_report_only_what_it_has():
    """Django shows nothing for a name that is none."""
    source = "".join(path.read_text("utf-8") for path in ROOT.glob("templates/**/*.html"))
    known, names = shown(), {*re.findall(r"\bbasis\.(\w+)", source)}
    # A/72/621 prints no combination.
    named = names - {"others"}
    assert [one for one in sorted(named) if not (getattr(known, one, "") or known[one])] == []
    assert known["others"] == ""
    assert (known["areas"], known["scopes"], known["parts"]) == ("24", "25", "24, 25")
