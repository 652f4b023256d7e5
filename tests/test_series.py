"""Counts of later reports: what each counts, and that nothing else is compared with it."""

import csv
import io
import re

import pytest
from django.core.management import call_command

from projects.history import unrecorded
from reports.models import Report

from .pages import body, text_of

pytestmark = pytest.mark.usefixtures("register")

COPY = "a copy of this page elsewhere; check the words at the address"
STRATEGY = (
    "global, regional and national projects of the appeal, covering the four pillars of the "
    "Strategy (not only preventing violent extremism)"
)


def figures(client) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(client.get("/figures.csv")).decode("utf-8-sig"))))


def test_the_list_has_a_line_for_each_report_with_what_it_counts(client):
    html = client.get("/reports/").content.decode()
    rows = re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", html, re.DOTALL)
    lines = [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", one)).strip() for one in rows]
    assert [line.partition(" project")[0].partition(" initiatives")[0] for line in lines] == [
        "A/72/621 1 December 2017 223",
        "HLC 2018 June 2018 (the document is undated) more than 270",
        "MYA 2019 2019 60",
        "MYA 2021 31 May 2022 52",
        "Joint Appeal 2023 June 2023 10",
    ]
    assert f"60 projects {STRATEGY}" in lines[2]
    text = text_of(client, "/reports/")
    assert "Published counts No line may be drawn through these numbers, because they" in text
    assert "%" not in text.partition("Pages of this part")[0] and "<svg" not in html
    with unrecorded("the test sets the scene"):
        Report.published.get(slug="mya-2021").figures.all().delete()
    assert "MYA 2021 31 May 2022 —" in text_of(client, "/reports/")


def test_figures_in_files_say_what_they_count_and_that_it_is_something_else(client):
    rows = {(one["report"], one["unit"], one["query"]): one for one in figures(client)}
    assert len(rows) == 27
    first = rows["a-72-621", "projects", "scope=global"]
    assert (first["value"], first["comparable"], first["symbol"]) == ("82", "yes", "A/72/621")
    assert {one["comparable"] for key, one in rows.items() if key[0] != "a-72-621"} == {"no"}
    entities = rows["joint-appeal-2023", "entities", ""]
    assert (entities["value"], entities["how_seen"]) == ("16", COPY)
    page = rows["hlc-2018", "projects", ""]
    assert (page["comparator"], page["report_date"], page["undated"]) == (">", "2018-06", "yes")
    money = next(one for one in rows.values() if one["value"] == "194000000")
    assert (len(rows), money["report"], money["comparable"]) == (27, "mya-2019", "no")
    report = client.get("/api/v1/reports/mya-2019/").json()
    assert (report["population"], report["is_undated"]) == (STRATEGY, False)
    counted = report["figures"][0]
    assert (counted["value"], counted["register"], counted["agrees"]) == (60, None, None)
    assert (counted["population"], counted["comparable"]) == (STRATEGY, False)


@pytest.mark.parametrize("symbol", ["MYA 2019", "MYA 2021", "Joint Appeal 2023", "HLC 2018"])
def test_figures_of_something_else_are_never_compared(client, capsys, symbol):
    call_command("reconcile", symbol)
    printed = capsys.readouterr().out
    report = Report.published.get(symbol=symbol)
    text = text_of(client, f"/reports/{report.slug}/")
    for one in report.figures.all():
        said = f"not compared: counts {one.counted}"
        assert f"— {said}" in text
        assert re.search(rf"register +–   {re.escape(said)}\n", printed)
    assert f"of {symbol} can be compared." in text


def test_a_report_that_counts_the_same_is_compared(client):
    basis, later = Report.published.basis(), Report.published.get(slug="mya-2021")
    with unrecorded("the test sets the scene"):
        Report.published.filter(pk=later.pk).update(population=basis.population)
        later.figures.filter(unit="projects").update(value=224)
    text = text_of(client, "/reports/mya-2021/")
    assert "224 223 a count made on another day, not comparable" in text
    assert "not compared: counts the same 52 projects" in text
    of_report = [one for one in figures(client) if one["report"] == "mya-2021"]
    assert {one["unit"]: one["comparable"] for one in of_report} == {
        "projects": "yes",
        "usd-requested": "no",
        "entities": "no",
    }
