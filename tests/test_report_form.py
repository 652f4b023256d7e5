"""Reports with their figures in one form: whole or not at all, refused at the field."""

import pytest

from reports.models import Report

pytestmark = pytest.mark.usefixtures("register")

PLACE = "https://example.org/a-91-1"


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


def test_a_figure_without_a_number_is_refused_where_others_are(editor):
    editor.post(ADD, REPORT | figures(("60", "projects")) | {"figures-TOTAL_FORMS": "1"})
    report = Report.live.get(symbol="A/91/1")
    page = f"/admin/reports/figure/{report.figures.get().pk}/change/"
    typed = {"report": report.pk, "position": 1, "unit": "entities", "comparator": "="}
    response = editor.post("/admin/reports/figure/add/", typed)
    assert "value" in response.context["adminform"].form.errors
    assert editor.get(page).status_code == 200
