"""Projects elsewhere: as published, judged by people, and never counted."""

import csv
import io
import os
import re

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from projects.elsewhere.dates import when
from projects.elsewhere.loading import plan_of, write
from projects.elsewhere.models import Judgement, Record
from projects.elsewhere.reading import Named, Narrative, Reading
from projects.history import recording
from projects.history.data_version import cached_in_process

from .conftest import ROOT
from .pages import body, csv_rows, text_of
from .shipped import readings
from .test_rows import OF_FILTERS, OTHERS, answered

SENTENCES = (
    "34 projects published by UNDP mention extremism, radicalization, terrorism or Boko Haram in "
    "their own words. 38 activities of United Nations entities and their partners are described on "
    "public pages. No source says which of them are among the 223. They are not counted here."
)
ATTRIBUTION = "UNDP, open.undp.org, CC BY"


def reading(identifier: str = "1", **values) -> Reading:
    known = {"scheme": "test", "data_set": "test", "publisher": "A Ministry"}
    known["titles"] = [Narrative(lang="en", text=values.pop("title", f"Project {identifier}"))]
    return Reading(identifier=identifier, **{**known, **values})


def others(number: int) -> list[Reading]:
    """Projects of the same source that were read and found to be about something else."""
    with (ROOT / "tests/data/elsewhere-others.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        reading(
            f"{row['identifier']}-{n}",
            title=row["title"],
            start=row["start"],
            end=row["end"],
            countries=[Named(name=row["unit"], code="KEN")],
            entities=[Named(name="UNESCO", code="")],
            speaks_of_it="yes",
        )
        for n in range(number // len(rows) + 1)
        for row in rows
    ][:number]


def load(*readings: Reading) -> None:
    write(plan_of(readings))


def judge(key: str, kind: str, other: str = "", **values) -> Judgement:
    one = Judgement.objects.filter(key=key).first() or Judgement(key=key)
    one.kind, one.other, one.why = kind, other, values.pop("why", "A reason.")
    for name, value in values.items():
        setattr(one, name, value)
    one.full_clean()
    one.save()
    return one


def listed(client, query: str = "") -> list[str]:
    """The keys of the records that the API lists."""
    found = client.get(f"/api/v1/elsewhere/?per_page=500{query}").json()
    assert found["count"] == len(found["results"])
    return [one["key"] for one in found["results"]]


# What ships


def test_what_ships_is_34_projects_and_38_activities(register, client):
    assert Record.objects.count() == 84
    keys = listed(client)
    assert len(keys) == 72
    assert sum(key.startswith("undp:") for key in keys) == 34
    assert sum(key.startswith("pages:") for key in keys) == 38
    left_out = {f"pages:S{n:02}" for n in (1, 2, 4, 5, 23, 35, 38, 10, 11, 16, 40, 44)}
    assert left_out.isdisjoint(keys)
    assert text_of(client, "/elsewhere/").count(SENTENCES) >= 1


def test_money_is_that_of_the_outputs_that_speak_of_it(register, client):
    row = client.get("/api/v1/elsewhere/undp:00072487/").json()
    of_2017 = {one["kind"]: one["amount"] for one in row["money"] if one["year"] == "2017"}
    # 6,845,751 + 1,268,586 and 6,257,230 + 629,023: two of nine outputs.
    assert of_2017 == {"budget": "8114337", "expenditure": "6886253"}
    page = text_of(client, "/elsewhere/undp/00086326/")
    assert "No money is shown: no output of it speaks of violent extremism in its own text." in page
    assert "Money by year" not in page
    # As published, also below zero.
    assert "-91,800" in text_of(client, "/elsewhere/undp/00099392/")


def test_a_record_has_everything_with_its_source(register, client):
    page = client.get("/elsewhere/undp/00094760/").content.decode()
    assert '<h1 lang="" dir="auto">support to curtailing further radicalization/lac</h1>' in page
    assert 'href="https://github.com/undp/open.undp.org/blob/761c065377000a66f2a2398a5460' in page
    words = text_of(client, "/elsewhere/undp/00094760/")
    for said in (
        "No source says whether it is one of the projects that the report counts.",
        "1 March 2016",
        "30 June 2018",
        "Running on 1 December 2017",
        f"Source and licence: {ATTRIBUTION}.",
        "Licence: CC BY",
        "Read on: 1 December 2026",
    ):
        assert said in words
    assert "note" not in Record.objects.get(key="undp:00094760").published


def test_an_address_of_somebody_else_is_no_link(register, client):
    page = client.get("/elsewhere/pages/S03/").content.decode()
    assert "dokumen.tips" in page
    assert 'href="https://dokumen.tips' not in page
    assert "Read on a copy or another site" in page
    assert "linked" not in page
    linked = client.get("/elsewhere/pages/S13/").content.decode()
    assert 'href="https://www.tm.undp.org/content/turkmenistan/en/home/projects/pve.html"' in linked


def test_what_no_directory_has_is_shown_as_published(register, client):
    assert "Kosovo (As per UNSCR 1244)" in text_of(client, "/elsewhere/undp/00100185/")
    page = text_of(client, "/elsewhere/undp/00085056/")
    assert "No single country" in page
    assert "Reg Bur for Arab States" in page
    assert "No single country" not in text_of(client, "/elsewhere/pages/S20/")
    page = client.get("/elsewhere/pages/S41/").content.decode()
    assert 'href="/entities/UNODC/"' in page  # in the directory
    assert "/entities/UNFPA/" not in page  # not there


def test_what_ships_is_what_its_two_sources_say(register):
    expected = "".join(f"{one.as_json()}\n" for one in readings())
    file = ROOT / "fixtures/elsewhere/records.jsonl"
    if os.environ.get("SHIPPED") == "write":
        file.write_text(expected, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == expected
    assert [one.published for one in Record.objects.order_by("pk")] == expected.splitlines()


def test_loading_again_changes_nothing_and_keeps_what_people_did(register, capsys):
    call_command("load_elsewhere")
    assert capsys.readouterr().out == (
        "Projects elsewhere: 0 added, 0 changed; 0 judgements added.\n"
    )
    judge("pages:S10", "not-known", why="Not the same after all.")
    Judgement.objects.get(key="pages:S11").delete()
    record = Record.objects.get(key="undp:00094760")
    with recording(reason="A newer commit"):
        record.published = record.published.replace("curtailing", "ending")
        record.save()
    call_command("load_elsewhere")
    assert Judgement.objects.get(key="pages:S10").kind == "not-known"
    assert not Judgement.objects.filter(key="pages:S11").exists()
    assert Record.objects.get(key="undp:00094760").title == (
        "support to ending further radicalization/lac"
    )


# When a project ran


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2017-12-01", "2017-12-01", "running"),
        ("2016", "2018", "running"),
        ("2017-12-02", "2018-12-31", "outside"),
        ("2016-01-01", "2017-11-30", "ended"),
        ("2016-01-01", "2016-11-30", "outside"),
        ("2016-01-01", "2017-12", "running"),
        ("2016", "2017", "not-certain"),
        ("2017-02", "2017-02", "ended"),
        ("2018-01-01", "2017-01-01", "not-certain"),
        ("2016", "", "one-date"),
        ("", "2020", "one-date"),
        ("", "", "no-dates"),
    ],
)
def test_when_a_project_ran_is_as_certain_as_its_dates(start, end, found):
    assert when(reading(start=start, end=end), "2017-12-01") == found


@pytest.mark.parametrize(
    ("day", "found"), [("", "not-certain"), ("2017-12", "running"), ("2018", "not-certain")]
)
def test_the_day_of_a_report_can_be_a_month_or_none(day, found):
    assert when(reading(start="2017-01-01", end="2018-06-30"), day) == found


# Lists, files and the API


QUESTIONS = {
    "": 72,
    "publisher=UNDP": 34,
    "country=CMR&publisher=UNDP": 3,
    "speaks_of_it=partly": 16,
    "entity=UNESCO": 6,
    "publisher=UNDP&when=running": 28,
    "q=boko+haram": 3,
    "country=FRA": 0,
}


@pytest.mark.parametrize(("query", "number"), QUESTIONS.items())
def test_a_question_has_the_same_number_everywhere(register, client, query, number):
    suffix = f"?{query}" if query else ""
    page = client.get(f"/elsewhere/{suffix}")
    assert len(page.context["reader"].found) == number
    assert f"{number} records of 72." in text_of(client, f"/elsewhere/{suffix}").replace(
        "1 record of", "1 records of"
    )
    assert client.get(f"/api/v1/elsewhere/{suffix}").json()["count"] == number
    assert len(csv_rows(client.get(f"/elsewhere/export.csv{suffix}"))) == number
    book = load_workbook(io.BytesIO(body(client.get(f"/elsewhere/export.xlsx{suffix}"))))
    assert book["Codes"].max_row == number + 1


def test_values_of_facets_are_what_each_finds(register, client):
    for facet in client.get("/elsewhere/").context["reader"].facets:
        for one in facet["values"][:4]:
            found = client.get(f"/api/v1/elsewhere/?{facet['name']}={one.slug}").json()["count"]
            assert str(found) == one.shown


def test_a_wrong_filter_is_refused_with_what_is_allowed(register, client):
    page = client.get("/elsewhere/?when=soon")
    assert page.status_code == 400
    assert "running, ended, outside, not-certain, one-date, no-dates" in page.content.decode()
    assert client.get("/elsewhere/?donor=nobody").status_code == 400
    assert client.get("/elsewhere/?page=3").status_code == 404
    assert client.get("/elsewhere/test/1/").status_code == 404
    assert client.get("/api/v1/elsewhere/undp:1/").status_code == 404


def test_the_order_can_be_chosen_for_the_page_and_its_files(register, client):
    shown = client.get("/elsewhere/?publisher=UNDP&sort=start").context["profiles"]
    assert shown[0].record.key == "undp:00074970"
    first = csv_rows(client.get("/elsewhere/export.csv?publisher=UNDP&sort=-start"))[0]
    assert first["start"] == "2018-01-01"


def test_whoever_shows_the_data_names_undp(register, client):
    for address in (*("/elsewhere/", "/elsewhere/undp/00094760/", "/elsewhere/export.csv"),):
        assert ATTRIBUTION in body(client.get(address)).decode(), address
    book = load_workbook(io.BytesIO(body(client.get("/elsewhere/export.xlsx"))))
    about = {row[0].value: row[1].value for row in book["About"]}
    assert about["Licence"] == ATTRIBUTION
    assert about["What they are"] == SENTENCES
    resource = client.get("/datapackage.json").json()["resources"][-1]
    assert (resource["name"], resource["licenses"][0]["title"]) == ("elsewhere", ATTRIBUTION)


@pytest.mark.parametrize("address", ["/elsewhere/", "/api/v1/elsewhere/"])
def test_queries_do_not_grow_with_records(register, client, address):
    def asked(query: str) -> int:
        cached_in_process.cache_clear()
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"{address}?{query}").status_code == 200
        return len(found)

    few = asked("year=2016")
    load(*others(100))
    assert asked("year=2017") == few


# What people judge


def test_what_is_one_of_an_entry_is_on_its_page_and_in_no_list(register, client):
    page = text_of(client, "/projects/PVE-005/")
    assert "Youth Solidarity Fund 2017 edition" in page
    assert "One year of the fund that A/72/621, para. 37 describes. Our reading" in page
    words = text_of(client, "/elsewhere/pages/S35/")
    assert "It is the same as PVE-003 “Education for Justice”." in words
    assert "Cross-border project of Cameroon and Chad" in text_of(
        client, "/elsewhere/undp/00108403/"
    )


def test_what_is_not_one_of_them_stays_and_is_said(register, client):
    judge("undp:00094760", "not-one-of", source="Letter of UNDP, 3 March 2026")
    assert "undp:00094760" in listed(client)
    assert (
        "Of 71 no source says whether they are among the 223; 1 is not. They are not counted here."
    ) in text_of(client, "/elsewhere/")
    page = text_of(client, "/elsewhere/undp/00094760/")
    assert "It is not one of the projects that the report counts." in page
    assert "Letter of UNDP, 3 March 2026" in page


# What the register's pages have


def test_the_overview_has_three_of_them_and_the_sentence(register, client):
    page = client.get("/").content.decode()
    block = re.search(r"<aside[^>]*data-elsewhere>.*?</aside>", page, re.DOTALL)[0]
    assert block.count("<li>") == 3
    assert SENTENCES in block
    assert re.findall(r'<span lang="" dir="auto">([^<]+)</span>', block) == [
        *("Congo", "Kenya", "Indonesia"),
    ]
    assert 'href="/elsewhere/"' in block


def test_pages_say_how_many_there_are_elsewhere(register, client):
    said = "Elsewhere: 6 projects They are not counted here."
    assert said in text_of(client, "/entities/UNESCO/")
    assert said in text_of(client, "/projects/?entity=UNODC")


def test_a_search_finds_them_after_the_register(register, client):
    page = text_of(client, "/projects/?q=boko+haram")
    assert "Elsewhere: 3 projects" in page
    assert page.index("Elsewhere: 3 projects") > page.index("No described activity")
    for query in ("q=boko+haram&edition=reconstruction-2017-12", "scope=national", "q=zzzz"):
        assert "They are not counted here." not in text_of(client, f"/projects/?{query}")


# No number of the register knows of them


def cut(content: bytes) -> bytes:
    """A page without the elements that are marked as being about projects elsewhere."""
    return re.sub(rb"<(\w+)[^>]*\sdata-elsewhere.*?</\1>", b"", content, flags=re.DOTALL)


# Every page and file, whole and of a filter; no filter is of projects elsewhere.
WATCHED = [
    *(f"{path}{query}" for path in OF_FILTERS.split() for query in ("", "?region=africa")),
    *OTHERS.split(),
]


@pytest.mark.long
def test_500_records_change_no_byte_of_anything_else(register, client, settings):
    settings.API_ANSWERS_A_MINUTE = 0

    def read() -> dict[str, object]:
        cached_in_process.cache_clear()
        for cache in caches.all():
            cache.clear()
        found = {}
        for address in WATCHED:
            status, content = answered(client, address)
            found[address] = status, cut(content) if isinstance(content, bytes) else content
        return found

    before = read()
    load(*others(500))
    judge("test:00032314-0", "not-one-of")
    assert client.get("/api/v1/elsewhere/").json()["count"] == 572
    after = read()
    assert [one for one in WATCHED if before[one] != after[one]] == []
