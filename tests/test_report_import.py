"""Reports from a file and from one form: whole or not at all, refused at the row or field."""

import csv

import pytest
from openpyxl import load_workbook

from projects.history import unrecorded
from projects.imports.batches import undo
from projects.imports.lines import Refused
from projects.models import Batch
from reports.models import Figure, Report

from .conftest import ROOT
from .files import command

pytestmark = pytest.mark.usefixtures("register")

HEAD = [
    *("report", "symbol", "title", "report_date", "value", "unit", "population", "address"),
    *("query", "comparator", "paragraph", "category"),
]
ABOUT = ["a-91-1", "A/91/1", "An invented report", "2031-06"]
PLACE = "https://example.org/a-91-1"
LATER = ("mya-2019", "mya-2021", "joint-appeal-2023")


def row(value="60", unit="projects", population="invented projects", address=PLACE, *more):
    return [*ABOUT, value, unit, population, address, *more]


@pytest.fixture
def imported(tmp_path):
    """Return a function that imports rows: the exit status, and what is printed."""

    def run(*rows, options=()):
        file = tmp_path / "report.csv"
        with file.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows([HEAD, *rows])
        return command("import_reports", file, *options)

    return run


def facts(slug: str) -> list:
    """What there is of a report but for its review."""
    report = Report.live.get(slug=slug)
    names = [one for one in Figure.snapshot_columns() if one != "report"]
    told = {name: value for name, value in report.snapshot().items() if name != "review"}
    return [told, *report.figures.values_list(*names)]


@pytest.mark.postgresql
@pytest.mark.long
def test_an_older_register_gets_the_later_reports_from_their_file():
    shipped = [facts(slug) for slug in LATER]
    with unrecorded("the test sets the scene"):
        Figure.objects.filter(report__slug__in=LATER).delete()
        Report.live.filter(slug__in=LATER).delete()
    file = ROOT / "fixtures" / "later_reports.csv"
    assert (
        command("import_reports", file, "--dry-run")[1][0]
        == "7 to add, 0 to change, 0 unchanged, 0 faults."
    )
    assert not Report.live.filter(slug__in=LATER).exists()
    status, _out = command("import_reports", file)
    assert (status, [facts(slug) for slug in LATER]) == (0, shipped)
    assert {one.review for one in Report.live.filter(slug__in=LATER)} == {"draft"}
    status, out = command("import_reports", file)
    assert status == 1
    assert "row 2, symbol: “MYA 2019”. Report with this Symbol already exists." in out
    undo(Batch.objects.get())
    assert not Report.live.filter(slug__in=LATER).exists()
    assert not Figure.objects.filter(words__contains="$194 million").exists()


def test_an_import_is_not_undone_over_a_figure_that_somebody_added(imported):
    imported(row())
    report = Report.live.get(slug="a-91-1")
    Figure(report=report, unit="entities", value=9, address=PLACE).save()
    with pytest.raises(Refused, match="A/91/1 is in use by now and stays"):
        undo(Batch.objects.get())
    assert [*report.figures.values_list("value", flat=True)] == [60, 9]


def test_every_fault_is_named_at_its_row_and_column_and_nothing_is_written(imported):
    def other(number: int, *cells: str) -> list[str]:
        """A row of another new report."""
        return [f"x-{number}", f"X {number}", *ABOUT[2:], *cells]

    status, out = imported(
        other(2, "60", "", "projects", PLACE),
        other(3, "60", "tons", "projects", PLACE),
        other(4, "60", "projects", "", PLACE),
        other(5, "60", "projects", "projects", ""),
        other(6, "60", "projects", "projects", PLACE),
        other(6, "61", "projects", "of women", PLACE, "scope=global"),
        other(8, "61", "projects", "of women", PLACE, "scope=global&region=africa"),
        other(8, "60", "projects", "projects", PLACE, "scope=global"),
        ["x-10", "A/72/621", *row()[2:]],
        ["a-72-621", "X 11", *row()[2:]],
        other(12, "101", "per cent", "projects", PLACE),
        other(13, "5", "projects", "projects", PLACE, "pillar=1"),
        other(14, "5", "projects", "projects", PLACE, "", "", "", "pillar=1"),
        other(15, "many", "projects", "projects", PLACE),
        row(),
        [*ABOUT[:2], "Another title", *row("9", "entities")[3:]],
    )
    assert status == 1
    assert [line.partition(" Allowed:")[0] for line in out[:-1]] == [
        "row 2, unit: “”. This field cannot be blank.",
        "row 3, unit: “tons”. Choose one of: projects, mentions, entities, countries, initiatives, "
        "usd-requested, per-cent.",
        "row 4, population: “”. Say what it counts.",
        "row 5, address: “”. Give the address where it was read, or the paragraph.",
        "row 7, value: “61”. A part is more than its total: scope=global: exactly 61 projects; "
        "all: exactly 60 projects.",
        "row 9, value: “60”. A part is more than its total: scope=global&region=africa: exactly 61 "
        "projects; scope=global: exactly 60 projects.",
        "row 10, symbol: “A/72/621”. Report with this Symbol already exists.",
        "row 11, report: “a-72-621”. Report with this Slug already exists.",
        "row 12, value: “101”. A share is at most 100 per cent.",
        "row 13, query: “pillar=1”. address: “pillar=1” is not a parameter.",
        "row 14, category: “pillar=1”. The report has no such value: add it to its "
        "classifications.",
        "row 15, value: “many”. “many” value must be an integer.",
        "row 17, title: “Another title”. The first row of this report says otherwise: “An invented "
        "report”.",
    ]
    assert Report.live.count() == 5
    assert not Batch.objects.exists()


def test_a_paragraph_is_a_source_and_a_figure_that_is_not_exact_is_no_total(imported):
    status, out = imported(
        row("270", "Projects", "invented projects", "", "", "more than", "12"),
        row("300", "projects", "invented projects", "", "scope=global", "", "12"),
        row("40", "per cent", "their share of women", "", "", "", "13"),
    )
    assert (status, out[0]) == (0, "3 to add, 0 to change, 0 unchanged, 0 faults.")
    report = Report.live.get(symbol="A/91/1")
    assert (report.population, report.link, report.date) == ("invented projects", "", "2031-06")
    found = report.figures.values_list("position", "comparator", "unit", "population")
    assert list(found) == [
        (1, ">", "projects", ""),
        (2, "=", "projects", ""),
        (3, "=", "per-cent", "their share of women"),
    ]


def test_the_template_has_the_columns_and_their_values(tmp_path):
    file = tmp_path / "empty.xlsx"
    assert command("import_reports", file, "--template") == (0, [f"Wrote {file}."])
    sheet = load_workbook(file).worksheets[0]
    assert [cell.value for cell in sheet[1]][:8] == [
        *("report", "position", "paragraph", "query", "unit", "comparator", "value", "date"),
    ]
    assert "flags" not in [cell.value for cell in sheet[1]]
    status, _out = command("import_statements", tmp_path / "no" / "x.xlsx", "--template")
    assert status == 2


# One form

ADD = "/admin/reports/report/add/"
REPORT = {
    **{"slug": "a-91-1", "symbol": "A/91/1", "title": "An invented report", "date": "2031-06-01"},
    **{"population": "invented projects", "language": "en", "reason": "From its text"},
    **{"link": PLACE, "figures-TOTAL_FORMS": "5", "figures-INITIAL_FORMS": "0"},
}


def figures(*some) -> dict[str, str]:
    """What is typed into the form's figures, each a value, a unit and a filter."""
    typed = {}
    for place, (value, unit, *query) in enumerate(some):
        cells = {"value": value, "unit": unit, "comparator": "=", "query": "".join(query)}
        typed |= {f"figures-{place}-{name}": cell for name, cell in cells.items()}
    return typed


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        (figures(("60", "")), "figures-0-unit", "This field is required."),
        ({"population": ""}, "population", "This field is required."),
        ({"link": ""} | figures(("60", "projects")), "figures-0-address", "Give the address"),
        (
            figures(("60", "projects"), ("61", "projects", "scope=global")),
            "figures-1-value",
            "A part is more than its total",
        ),
        (figures(("", "projects")), "figures-0-value", "This field is required."),
        ({"symbol": "A/72/621"}, "symbol", "Report with this Symbol already exists."),
    ],
)
def test_a_fault_is_named_at_its_field_and_nothing_is_saved(editor, typed, field, said):
    response = editor.post(ADD, REPORT | typed)
    assert response.status_code == 200
    shown = response.context["adminform"].form.errors
    errors = {name: str(some) for name, some in shown.items()}
    for inline in response.context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            errors |= {f"{form.prefix}-{name}": str(some) for name, some in form.errors.items()}
    assert said in errors.get(field, ""), errors
    assert not Report.live.filter(slug="a-91-1").exists()


def test_a_figure_without_a_number_is_refused_where_others_are(editor, imported):
    assert imported(row())[0] == 0
    report = Report.live.get(symbol="A/91/1")
    page = f"/admin/reports/figure/{report.figures.get().pk}/change/"
    typed = {"report": report.pk, "position": 1, "unit": "entities", "comparator": "="}
    response = editor.post("/admin/reports/figure/add/", typed)
    assert "value" in response.context["adminform"].form.errors
    assert editor.get(page).status_code == 200
