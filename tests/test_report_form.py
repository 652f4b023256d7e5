"""Reports with their figures in one form: whole or not at all, refused at the cell."""

import json

import pytest

from reports.models import Category, Report

from .conftest import ROOT

pytestmark = pytest.mark.usefixtures("register")

PLACE = "https://example.org/a-91-1"
DATA = ROOT / "tests/data"

ADD = "/admin/reports/report/add/"
REPORT = {
    **{"slug": "a-91-1", "symbol": "A/91/1", "title": "An invented report", "date": "2031-06-01"},
    **{"population": "invented projects", "language": "en", "reason": "From its text"},
    "regions_are_of": "regional-and-national",
    **{"link": PLACE, "figures-TOTAL_FORMS": "5", "figures-INITIAL_FORMS": "0"},
}
CELLS = ("dimension", "choice", "comparator", "value", "unit", "paragraph")


def rows(*lines: str) -> dict[str, str]:
    """What is typed into the form's cells: lines with bars between the cells, as in Markdown."""
    return {
        f"figures-{place}-{name}": cell.strip()
        for place, line in enumerate(lines)
        for name, cell in zip(CELLS, line.split("|"), strict=True)
    }


def pasted(*lines: str) -> dict[str, str]:
    """The same lines as Word and Excel copy them."""
    return {"figures-pasted": "\r\n".join("\t".join(line.split("|")) for line in lines)}


def formset_of(response):
    assert response.status_code == 200, response
    return response.context["inline_admin_formsets"][-1].formset


def errors_of(response) -> dict[str, str]:
    shown = response.context["adminform"].form.errors
    errors = {name: str(some) for name, some in shown.items()}
    for form in formset_of(response).forms:
        errors |= {f"{form.prefix}-{name}": str(some) for name, some in form.errors.items()}
    return errors


def saved(slug: str = "a-91-1") -> list[tuple]:
    of = ("query", "category", "comparator", "value", "unit", "paragraph")
    return [*Report.live.get(slug=slug).figures.values_list(*of)]


TOTAL = "All projects | | | 60 | | 1"


@pytest.mark.parametrize("button", ["_save", "_check"])
@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        (rows("||| 60 | bananas |"), "figures-0-unit", "“bananas” is not allowed. Allowed: proj"),
        ({"population": ""}, "population", "This field is required."),
        ({"link": ""} | rows("||| 60 ||"), "figures-0-paragraph", "Give the address"),
        (rows(TOTAL, "scope | global || 61 ||"), "figures-1-value", "A part is more than its tot"),
        (rows(TOTAL, "|| ≥ | 60 | projects |"), "figures-1-choice", "The report has this figure:"),
        (rows("Scope | global ||| projects |"), "figures-0-value", "This field is required."),
        (rows("||| 1.234 ||"), "figures-0-value", "“1.234” is no whole number, or may be"),
        (rows("||| 140 | per cent |"), "figures-0-value", "A share is at most 100 per cent."),
        (rows("|| under | 4 ||"), "figures-0-comparator", "Allowed: exactly; at least; more than"),
        (rows("||| 4 || 12–14"), "figures-0-paragraph", "Numbers of paragraphs, e.g. 22, 24"),
        (rows("Pillar | measures || 4 ||"), "figures-0-dimension", "Allowed: Priority area; Scope"),
        (rows("Scope | Galactic || 4 ||"), "figures-0-choice", "Allowed: global, regional, nat"),
        (rows("Entity | NASA || 4 ||"), "figures-0-choice", "of this register names “NASA”. Allow"),
        (rows("Year | soon || 4 ||"), "figures-0-choice", "Allowed: a year of four digits."),
        (rows("| Global || 4 ||"), "figures-0-dimension", "Write as many different dimensions"),
        ({"symbol": "A/72/621"}, "symbol", "Report with this Symbol already exists."),
    ],
)
def test_an_error_is_named_at_its_cell_and_nothing_is_saved(editor, typed, field, said, button):
    response = editor.post(ADD, REPORT | typed | {button: "yes"})
    errors = errors_of(response)
    assert said in errors.get(field, ""), errors
    # Where dimensions and values are not as many, both are marked.
    assert errors.keys() - {field} <= {"figures-0-choice", "figures-0-dimension"}, errors
    html = response.content.decode()
    assert f'<a href="#id_{field}">' in html
    assert 'aria-invalid="true"' in html
    assert not Report.live.filter(slug="a-91-1").exists()


@pytest.mark.parametrize(
    ("line", "figure"),
    [
        ("All projects | | | 1,234 | | 12", ("", "", "=", 1234, "projects", "12")),
        ("|| About | 1.234.567 | usd-requested |", ("", "", "≈", 1_234_567, "usd-requested", "")),
        ("||| ٩ || ١٢, 13", ("", "", "=", 9, "projects", "12, 13")),
        ("Region | africa || 6 ||", ("region=africa", "", "=", 6, "mentions", "")),
        ("scope | nationale || 6 || paras. 12", ("scope=national", "", "=", 6, "projects", "12")),
        (
            "SCOPE x priority area | national x Empowering Youth | at least | 6 ||",
            ("priority_area=youth&scope=national", "", "≥", 6, "projects", ""),
        ),
        ("Entity | un women | > | 6 ||", ("entity=UN-Women", "", ">", 6, "projects", "")),
        ("Country | Kenya || 6 ||", ("country=KEN", "", "=", 6, "projects", "")),
        ("Year | 2017 || 6 ||", ("year=2017", "", "=", 6, "projects", "")),
    ],
)
def test_a_cell_is_read_as_people_write_it(editor, line, figure):
    response = editor.post(ADD, REPORT | pasted(line))
    assert response.status_code == 302, errors_of(response)
    assert saved() == [figure]


def test_the_third_report_is_pasted_as_a_whole(editor):
    text = (DATA / "third_report.tsv").read_text(encoding="utf-8")
    response = editor.post(ADD, REPORT | {"figures-pasted": text, "_check": "Check"})
    html = response.content.decode()
    assert "No errors. Figures that can be saved: 20. Nothing is saved yet." in html
    assert not Report.live.filter(slug="a-91-1").exists()
    # What comes back is sent as it is: each line once.
    formset = formset_of(response)
    back = {name: formset.data[name] for name in formset.data if name.startswith("figures-")}
    assert (back["figures-pasted"], formset.pasted) == (text, "")
    assert back["figures-18-choice"] == "UNESCO"
    assert editor.post(ADD, REPORT | back | {"figures-pasted": ""}).status_code == 302
    _report, *figures = json.loads((DATA / "third_report.json").read_text(encoding="utf-8"))
    names = ("query", "category", "comparator", "value", "unit", "paragraph")
    assert saved() == [tuple(one["fields"][name] for name in names) for one in figures]
    assert len(saved()) == 20


def test_columns_come_in_the_order_of_their_headings(editor):
    lines = (
        "Number|Paragraphs|VALUE|Dimension|",
        "7|12|Global|Scope",
        "",
        "||||",
        "4||Asia|Region",
    )
    assert editor.post(ADD, REPORT | pasted(*lines)).status_code == 302
    assert saved() == [
        ("scope=global", "", "=", 7, "projects", "12"),
        ("region=asia", "", "=", 4, "mentions", ""),
    ]


def test_what_is_pasted_comes_after_what_is_typed_and_nothing_of_it_is_lost(editor):
    lines = (
        "Scope|Global|=|9|projects",
        "Scope|Galactic|=|8|projects|12|our reading",
        "text alone",
    )
    response = editor.post(ADD, REPORT | rows(TOTAL) | pasted(*lines))
    html = response.content.decode()
    for typed in ("Galactic", "12 | our reading", "text alone", "All projects"):
        assert f'value="{typed}"' in html, typed
    formset = formset_of(response)
    assert (formset.total_form_count(), formset.pasted) == (5, "")
    errors = errors_of(response)
    assert "Cells in the pasted line: 5. Paste one for each column." in errors["figures-1-__all__"]
    assert "Cells in the pasted line: 7." in errors["figures-2-__all__"]
    assert "Figure 2: Cells in the pasted line: 5." in " ".join(html.split())
    assert {"figures-3-value", "figures-3-dimension", "figures-2-paragraph"} <= errors.keys()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("Dimension|Value|Number|Remarks", "||7|x"), "“Remarks” is not allowed. Allowed: Dimen"),
        (["|||1||"] * 101, "At most 100 figures can be added at once"),
    ],
)
def test_a_table_that_is_refused_stays_as_it_was_pasted(editor, lines, said):
    typed = pasted(*lines)
    response = editor.post(ADD, REPORT | typed)
    assert said in response.content.decode()
    assert formset_of(response).pasted == typed["figures-pasted"]
    assert not Report.live.filter(slug="a-91-1").exists()


def test_a_saved_report_takes_more_figures_and_its_own_classifications(editor):
    assert editor.post(ADD, REPORT | pasted(TOTAL)).status_code == 302
    report = Report.live.get(slug="a-91-1")
    Category.objects.create(
        report=report, classification="pillar", slug="measures", label="Measures to prevent"
    )
    page = f"/admin/reports/report/{report.pk}/change/"
    empty = {
        f"{one}-{name}_FORMS": "0"
        for one in ("figures", "categories", "notes")
        for name in ("TOTAL", "INITIAL")
    }
    sent = REPORT | empty | {"figures-2-TOTAL_FORMS": "1", "figures-2-INITIAL_FORMS": "0"}
    table = "\n".join(
        ("Pillar\tmeasures to prevent\t\t12\t\t", "\t\t\t61\t\t9", "Scope\tGlobal\t\t61\t\t9")
    )
    errors = errors_of(editor.post(page, sent | {"figures-2-pasted": table}))
    assert errors.keys() == {"figures-2-1-choice", "figures-2-2-value"}
    assert "figure:" in errors["figures-2-1-choice"]
    assert "more than" in errors["figures-2-2-value"]
    table = "Pillar\tmeasures to prevent\t\t12\t\t\nScope\tGlobal\t\t6\t\t9"
    assert editor.post(page, sent | {"figures-2-pasted": table}).status_code == 302
    assert saved() == [
        ("", "", "=", 60, "projects", "1"),
        ("", "pillar=measures", "=", 12, "projects", ""),
        ("scope=global", "", "=", 6, "projects", "9"),
    ]
    # What the table has no column for is on the figure's own page.
    address = f"/admin/reports/figure/{report.figures.last().pk}/change/"
    assert address in editor.get(page).content.decode()
    fields = editor.get(address).context["adminform"].form.fields
    assert {"population", "words", "address", "how_seen", "date"} <= fields.keys()
