"""What is asked, and of whom: plans are statements, also those that staff add."""

import pytest

from reports.models import Statement

from .pages import csv_rows, text_of

pytestmark = pytest.mark.usefixtures("register")


@pytest.fixture
def kenya():
    """A plan without a quotation, as a register of before has it after its upgrade."""
    return Statement.live.create(
        **{"code": "L16", "kind": "plan", "title": "=Zephyr", "place": "Kenya"},
        **{"source": "A/74/677, para. 9, https://example.org/kenya", "areas": "youth;gender"},
        **{"areas_basis": "inferred", "projects": "PVE-001", "review": "reviewed"},
        **{"summary": "National plan; adopted (2016-09).", "former_slug": "kenya-2016"},
    )


def test_the_page_says_that_the_report_names_none(client):
    text = text_of(client, "/plans/")
    assert "The report asks for national and regional plans, and names none." in text
    assert "Class of plans; none is named" in text


def test_a_plan_needs_no_quotation_and_is_found_as_every_statement(kenya, client):
    kenya.full_clean()
    assert "=Zephyr" in text_of(client, "/plans/")
    assert "National plan; adopted (2016-09)." in text_of(client, "/statements/L16/")
    assert "=Zephyr" in text_of(client, "/projects/PVE-001/")
    page = client.get("/statements/L16/").content.decode()
    link = '<a href="https://example.org/kenya" rel="nofollow">https://example.org/kenya</a>'
    assert f"para. 9, {link}" in page
    offered = {"kind": "Plan or strategy", "label": "=Zephyr", "address": "/statements/L16/"}
    for typed in ("zephyr", "kenya"):
        found = client.get(f"/suggestions.json?q={typed}").json()["suggestions"]
        assert offered in found, typed
    (row,) = csv_rows(client.get("/statements.csv?q=kenya&kind=plan"))
    assert (row["code"], row["title"], row["quotation"]) == ("L16", "'=Zephyr", "")
    assert client.get("/api/v1/statements/?kind=plan&q=kenya").json()["count"] == 1


@pytest.mark.parametrize("page", ["changes/", "correct/", "correct/1/"])
def test_addresses_of_a_plan_lead_to_its_statement(kenya, client, page):
    for prefix in ("", "/fr"):
        response = client.get(f"{prefix}/plans/kenya-2016/{page}")
        expected = (301, f"{prefix}/statements/L16/{page}")
        assert (response.status_code, response["Location"]) == expected
    response = client.get("/api/v1/plans/kenya-2016/")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/statements/L16/")
    assert client.get(f"/plans/none/{page}").status_code == 404
    response = client.get("/api/v1/plans/none/")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_the_parameters_of_a_plan_go_with_it(kenya, client):
    for address, leads_to in {
        "/plans/kenya-2016/changes/?page=1": "/statements/L16/changes/?page=1",
        "/plans/kenya-2016/correct/?column=title": "/statements/L16/correct/?column=title",
        "/api/v1/plans/kenya-2016/?fields=title": "/api/v1/statements/L16/?fields=title",
    }.items():
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (301, leads_to)
        assert client.get(leads_to).status_code == 200


def test_the_plan_of_a_draft_is_not_told(kenya, client):
    kenya.review = "draft"
    kenya.save()
    assert client.get("/plans/kenya-2016/changes/").status_code == 404
