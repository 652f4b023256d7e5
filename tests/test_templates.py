"""What several templates share: the frame, the error pages, the parts of the desk's forms."""

import re

import pytest
from django.template.loader import render_to_string

from projects.models import Project

from .conftest import ROOT

LIST = ("/projects/", "Go to the register")
PAGES = {
    "400": ("This request cannot be answered", "The address or the request is malformed.", LIST),
    "403": ("Not allowed", "You do not have permission to see this page.", LIST),
    "403_csrf": (
        "This form has expired",
        "Go back, reload the page and send the form again.",
        LIST,
    ),
    "404": ("Page not found", "This page does not exist.", LIST),
    "429": (
        "Too many attempts",
        "Wait 15 minutes, then try again. Attempts before that are not looked at, even with the "
        "right password.",
        ("/accounts/login/", "Log in"),
    ),
    "500": (
        "Something went wrong",
        "The server met an error. It has been logged; please try again later.",
        LIST,
    ),
    "503": (
        "Somebody else is writing at the moment",
        "Nothing was saved. Go back, what you typed is still there, and try again in a few "
        "seconds.",
        None,
    ),
}

# What a template can print that is a number of projects or of counts.
NUMBERS = {
    *("count", "counts", "total", "a_total", "b_total", "difference", "reconstruction", "text"),
    *("projects", "mentions", "documented", "short", "counted", "named", "confirmed", "done"),
}
# Every number that these templates print: what stands beside it in the same file and says how it is
# known, and why that is enough. Of the whole register the report prints all that is shown, or it
# is no number of a selection: nothing need stand beside it.
WHOLE = ""
STATED = {
    "projects/_documented.html": {
        "documented": ("documented", "it is of the documented ones, and says so"),
    },
    "projects/_panel.html": {
        "selection.total": ("Show {{ total }} entries", "leads to a list with its state"),
    },
    "projects/_values.html": {
        "value.count": ("value.possible", "the range is beside it"),
    },
    "projects/_answer.html": {
        "selection.answer.documented": ("selection.answer.range", "part of the answer"),
        "selection.answer.reconstruction": ("selection.answer.range", "part of the answer"),
        "selection.answer.short": ("selection.answer.range", "part of the answer"),
    },
    "reports/_matrix.html": {
        "row.answer.short": ("row.answer.state", "looks as it is known"),
    },
    "projects/project_list.html": {
        "selection.total": ("words.sentence", "entries listed, below the sentence"),
        "without.count": ("without.reconstruction", "only if it is none"),
        "without.reconstruction": ("without.reconstruction", "has its state with it"),
    },
    "reports/_number.html": {
        "answer.documented": ("answer.possible", "part of the answer"),
    },
    "reports/_cell.html": {
        "cell.text": ("reports/_number.html", "the answer is beside it"),
        "cell.answer.documented": (
            "cell.answer.short",
            "part of the answer, whose range it is below",
        ),
    },
    "reports/_chart.html": {
        "row.count": ("reports/_number.html", "the answer is beside it"),
        "part.count": ("reports/_number.html", "divides a row whose answer is beside it"),
        "breakdown.total": ("breakdown.has_reconstruction", "only where every row is known"),
        "breakdown.answer.reconstruction": ("reports/_number.html", "the answer is beside it"),
    },
    "reports/_paired.html": {
        "row.a.reconstruction": ("reports/_number.html", "the answer is beside it"),
        "row.b.reconstruction": ("reports/_number.html", "the answer is beside it"),
        "row.difference": ("row.a.state", "empty where one of the two is a reconstruction"),
        "breakdown.a.reconstruction": ("reports/_number.html", "the answer is beside it"),
        "breakdown.b.reconstruction": ("reports/_number.html", "the answer is beside it"),
        "breakdown.difference": ("breakdown.a.state", "empty where one is a reconstruction"),
    },
    "reports/_side.html": {
        "option.count": ("option.possible", "the range is beside it"),
        "side.selection.answer.short": ("answer.state_label", "the state is beside it"),
    },
    "reports/changes.html": {
        "count": (WHOLE, "changes"),
    },
    "reports/comparison.html": {
        "a.selection.total": ("reports/_side.html", "each side has its sentence above"),
        "b.selection.total": ("reports/_side.html", "each side has its sentence above"),
        "difference": ("reports/_side.html", "each side has its sentence above"),
    },
    "reports/cross_table.html": {
        "row.mentions": ("reports/_cell.html", "the sum of cells that have their answers"),
        "mentions": ("reports/_cell.html", "the sum of cells that have their answers"),
        "cell.count": ("reports/_cell.html", "the same cells again, drawn"),
    },
    "reports/draft.html": {
        "piece.text": ("footnote", "known, or written as a range, as the footnote says"),
    },
    "reports/edition_detail.html": {
        "edition.count": (WHOLE, "of a whole edition"),
        "row.count": ("reports/_number.html", "the answer is beside it"),
    },
    "reports/edition_list.html": {
        "edition.count": (WHOLE, "of a whole edition"),
    },
    "reports/overview.html": {
        "selection.total": ("words.sentence", "only where nothing is filtered"),
        "tile.answer.short": ("answer.state", "says whether it is what is possible"),
        "share.answer.short": ("share.answer.state", "says whether it is what is possible"),
        "selection.answer.short": ("selection.answer.state_label", "the state is beside it"),
        "provenance.counted": ("words.sentence", "entries of the register, and says so"),
        "provenance.named": ("words.sentence", "entries of the register, and says so"),
        "provenance.confirmed": ("words.sentence", "entries of the register, and says so"),
    },
    "reports/_said_of_search.html": {"count": ("of the report", "statements, and says so")},
    "reports/entity_detail.html": {"projects": ("At least", "described, and says so")},
    "reports/_bodies.html": {"count": ("at least", "described, and says so")},
    "reports/plans.html": {"answer.short": ("_number.html", "the state is beside it")},
    "reports/text.html": {
        "paragraph.text": ("paragraph.number", "the text of a document"),
        "one.counted": (WHOLE, "of the whole register"),
    },
    "reports/quality.html": {
        "done": (WHOLE, "of the whole register"),
        "total": (WHOLE, "of the whole register"),
        "task.count": (WHOLE, "work that is left"),
    },
    "reports/report_list.html": {
        "dot.count": ("at least", "is said to be the least that there can be"),
        "one.total": ("described or confirmed", "how many of all are known is what it says"),
    },
    "reports/report_detail.html": {
        "counts": (WHOLE, "of the whole register"),
        "regional_projects": (WHOLE, "of the whole register"),
    },
}


def printed_by(template: str) -> set[str]:
    """What a template prints: its variables, and those that its translated sentences take in."""
    found, bound = set(), set()
    tags = r"{{ *([\w.]+)|{% (blocktrans\w* [^%]+)%}|({% endblocktrans)"
    for variable, sentence, end in re.findall(tags, template):
        if sentence:
            given = re.findall(r"(\w+)=([\w.]+)", sentence)
            bound = {name for name, _value in given}
            found |= {value for _name, value in given}
        elif end:
            bound = set()
        elif variable not in bound:
            found.add(variable)
    return found


def test_what_a_template_prints_is_found():
    assert printed_by(
        "{{ a.total|default:0 }}{% blocktranslate count n=b.count with m=c.d %}{{ n }} of {{ e }}"
        "{% plural %}{{ m }}{% endblocktranslate %}{{ n }}{% if f.total %}{% endif %}"
    ) == {"a.total", "b.count", "c.d", "e", "n"}


def test_no_template_prints_a_bare_number_of_what_is_filtered():
    """Each number says how it is known, or is in the list above with a reason why it need not."""
    found = {}
    for path in sorted((ROOT / "templates").glob("[pr]*s/*.html")):
        template = path.read_text(encoding="utf-8")
        numbers = {
            one
            for one in printed_by(template)
            if one.split(".")[-1] in NUMBERS or "cube" in one or one == "regional_projects"
        }
        if numbers:
            found[f"{path.parent.name}/{path.name}"] = numbers
        for one, (beside, reason) in STATED.get(f"{path.parent.name}/{path.name}", {}).items():
            assert beside in template, (path.name, one, reason)
    assert found == {name: set(numbers) for name, numbers in STATED.items()}


@pytest.mark.parametrize("name", PAGES)
def test_an_error_page_says_what_happened_and_leads_on(name):
    """Django renders some of them without a request."""
    html = render_to_string(f"{name}.html", {"exception": "Resolver404", "minutes": 15})
    problem, advice, way_out = PAGES[name]
    main = html[html.index("<main") : html.index("</main>")]
    assert f"<title>{problem} · PVE matrix</title>" in html
    assert f"<h1>{problem}</h1>" in main
    assert f"<p>{advice}</p>" in main
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', main) == ([way_out] if way_out else [])


def test_what_was_not_found_is_said_as_text():
    html = render_to_string("404.html", {"exception": "No <b> & no more"})
    assert "<p>No &lt;b&gt; &amp; no more</p>" in html


def test_the_frame_takes_no_name_that_a_page_uses(register, client):
    frame = (ROOT / "templates/base.html").read_text(encoding="utf-8")
    taken = set(re.findall(r" as (\w+) %}", frame))
    assert taken == {"header_entries", "LANGUAGE_CODE", "LANGUAGE_BIDI"}
    html = client.get("/projects/?scope=regional&priority_area=youth").content.decode()
    assert re.search(r'<a href="\?[^"]+">View the 2 that are documented</a>', html)
    html = client.get("/editions/reconstruction-2017-12/").content.decode()
    assert "paras. 22 and 24. http://testserver/editions/reconstruction-2017-12/ (SHA-256" in html


@pytest.mark.parametrize(
    ("address", "entry"),
    [
        ("/", ("page", "Overview")),
        ("/projects/?scope=national", ("page", "Projects")),
        ("/projects/PVE-001/", ("true", "Projects")),
        ("/projects/PVE-999/", ("true", "Projects")),
        ("/projects/changes/", ("true", "Projects")),
        ("/reports/compare/", ("page", "Compare")),
        ("/reports/cross-table/", ("page", "Cross-table")),
        ("/reports/scope/", ("true", "Reports")),
        ("/reports/draft/", ("true", "Reports")),
        ("/reports/a-72-621/", ("true", "Reports")),
        ("/reports/a-72-621/text/", ("true", "The report")),
        ("/library/", ("true", "The report")),
        ("/evidence/", ("true", "The report")),
        ("/events/", ("true", "The report")),
        ("/plans/", ("true", "The report")),
        ("/entities/UNESCO/", ("true", "The report")),
        ("/statements/E07/", ("true", "The report")),
        ("/editions/reconstruction-2017-12/", ("true", "Editions")),
        ("/editions/reconstruction-2017-12/changes/live/", ("true", "Editions")),
        ("/about/quality/", ("true", "About")),
        ("/api/", None),
        ("/nothing-here/", None),
    ],
)
def test_the_header_says_where_one_is(register, client, address, entry):
    html = client.get(address).content.decode()
    header = html[html.index("<header") : html.index("</header>")]
    marked = re.findall(r'aria-current="(\w+)">([^<]+)</a>', header)
    assert marked == ([entry] if entry else [])


def test_the_reason_is_asked_alike_everywhere(register, admin_client):
    project = Project.published.first()
    html = admin_client.get(f"/admin/projects/project/{project.pk}/delete/").content.decode()
    assert html.count('<label for="id_reason" class="required">Reason:</label>') == 1
    assert html.count('id="id_reason"') == 1
    for path in (ROOT / "templates").rglob("*.html"):
        if path.name != "_reason.html":
            assert 'name="reason"' not in path.read_text(encoding="utf-8"), path
