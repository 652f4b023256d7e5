"""What several templates share: the frame, the error pages, the parts of the desk's forms."""

import re

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
# Every number that these templates print, and what stands beside it in the same file and says how
# it is known.
STATED = """
projects/_documented.html documented: documented
projects/_panel.html selection.total: Show {{ total }} entries
projects/_values.html value.count: value.possible
projects/_answer.html selection.answer.documented: selection.answer.range
projects/_answer.html selection.answer.reconstruction: selection.answer.range
projects/_answer.html selection.answer.short: selection.answer.range
reports/_matrix.html row.answer.short: row.answer.state
projects/project_list.html selection.total: words.sentence
projects/project_list.html without.count: without.reconstruction
projects/project_list.html without.reconstruction: without.reconstruction
reports/_number.html answer.documented: answer.possible
reports/_cell.html cell.text: reports/_number.html
reports/_cell.html cell.answer.documented: cell.answer.short
reports/_chart.html row.count: reports/_number.html
reports/_chart.html part.count: reports/_number.html
reports/_chart.html breakdown.total: breakdown.has_reconstruction
reports/_chart.html breakdown.answer.reconstruction: reports/_number.html
reports/_paired.html row.a.reconstruction: reports/_number.html
reports/_paired.html row.b.reconstruction: reports/_number.html
reports/_paired.html row.difference: row.a.state
reports/_paired.html breakdown.a.reconstruction: reports/_number.html
reports/_paired.html breakdown.b.reconstruction: reports/_number.html
reports/_paired.html breakdown.difference: breakdown.a.state
reports/_side.html option.count: option.possible
reports/_side.html side.selection.answer.short: answer.state_label
reports/comparison.html a.selection.total: reports/_side.html
reports/comparison.html b.selection.total: reports/_side.html
reports/comparison.html difference: reports/_side.html
reports/cross_table.html row.mentions: reports/_cell.html
reports/cross_table.html mentions: reports/_cell.html
reports/cross_table.html cell.count: reports/_cell.html
reports/draft.html piece.text: footnote
reports/edition_detail.html row.count: reports/_number.html
reports/overview.html selection.total: words.sentence
reports/overview.html tile.answer.short: answer.state
reports/overview.html share.answer.short: share.answer.state
reports/overview.html selection.answer.short: selection.answer.state_label
reports/overview.html provenance.counted: words.sentence
reports/overview.html provenance.named: words.sentence
reports/overview.html provenance.confirmed: words.sentence
reports/_said_of_search.html said.count: of the report
reports/entity_detail.html projects: At least
reports/_bodies.html count: at least
reports/plans.html answer.short: _number.html
reports/text.html paragraph.text: paragraph.number
reports/report_list.html dot.count: at least
reports/report_list.html one.total: described or confirmed
"""
# Of the whole register, an edition or work that is left: nothing need stand beside these.
WHOLE = """
reports/changes.html count
reports/edition_detail.html edition.count
reports/edition_list.html edition.count
reports/text.html one.counted
reports/quality.html done
reports/quality.html total
reports/quality.html task.count
reports/report_detail.html counts
reports/report_detail.html regional_projects
"""


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
    """Each number says how it is known, or is in the list above of those that need not."""
    found = set()
    for path in sorted((ROOT / "templates").glob("[pr]*s/*.html")):
        for one in printed_by(path.read_text(encoding="utf-8")):
            if one.split(".")[-1] in NUMBERS or "cube" in one or one == "regional_projects":
                found.add(f"{path.parent.name}/{path.name} {one}")
    stated = dict(line.split(": ", 1) for line in STATED.strip().splitlines())
    assert found == {*stated, *WHOLE.strip().splitlines()}
    for number, beside in stated.items():
        template = ROOT / "templates" / number.split()[0]
        assert beside in template.read_text(encoding="utf-8"), number


def test_an_error_page_says_what_happened_and_leads_on():
    """Django renders some of them without a request."""
    for name, (problem, advice, way_out) in PAGES.items():
        html = render_to_string(f"{name}.html", {"exception": "Resolver404", "minutes": 15})
        main = html[html.index("<main") : html.index("</main>")]
        assert f"<title>{problem} · PVE matrix</title>" in html
        assert f"<h1>{problem}</h1>" in main
        assert f"<p>{advice}</p>" in main
        links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', main)
        assert links == ([way_out] if way_out else [])


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


def test_the_header_says_where_one_is(register, client):
    for address, entry in {
        "/": ("page", "Overview"),
        "/projects/?scope=national": ("page", "Projects"),
        "/projects/PVE-001/": ("true", "Projects"),
        "/reports/compare/": ("page", "Compare"),
        "/reports/cross-table/": ("page", "Cross-table"),
        "/reports/scope/": ("true", "Reports"),
        "/reports/a-72-621/": ("true", "Reports"),
        "/reports/a-72-621/text/": ("true", "The report"),
        "/library/": ("true", "The report"),
        "/plans/": ("true", "The report"),
        "/entities/UNESCO/": ("true", "The report"),
        "/statements/E07/": ("true", "The report"),
        "/editions/reconstruction-2017-12/": ("true", "Editions"),
        "/about/quality/": ("true", "About"),
        "/api/": None,
        "/nothing-here/": None,
    }.items():
        html = client.get(address).content.decode()
        header = html[html.index("<header") : html.index("</header>")]
        marked = re.findall(r'aria-current="(\w+)">([^<]+)</a>', header)
        assert marked == ([entry] if entry else []), address


def test_the_reason_is_asked_alike_everywhere(register, admin_client):
    project = Project.published.first()
    html = admin_client.get(f"/admin/projects/project/{project.pk}/delete/").content.decode()
    assert html.count('<label for="id_reason" class="required">Reason:</label>') == 1
    assert html.count('id="id_reason"') == 1
    for path in (ROOT / "templates").rglob("*.html"):
        if path.name != "_reason.html":
            assert 'name="reason"' not in path.read_text(encoding="utf-8"), path
