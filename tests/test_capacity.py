"""How much one request may take, and what the others are told meanwhile."""

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from threading import BoundedSemaphore

import pytest
from django.db import connection, transaction

from pvematrix.capacity import PAGES, SEATS, WAITING, PagesBeingMade, Seated, _after_pages


def body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


@pytest.mark.long
def test_a_statement_of_a_public_page_is_stopped_in_time(
    many_projects, client, admin_client, settings
):
    many_projects(3000)
    admin_client.get("/admin/")  # begins the session, which is written down as well
    settings.PUBLIC_STATEMENT_TIMEOUT_MS = 1
    with transaction.atomic():
        response = client.get("/projects/?q=project+1&q=name+2&q=of+3")
        transaction.set_rollback(True)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "This takes too long" in body(response)
    # On the same connection, the desk has its own limit.
    assert admin_client.get("/admin/projects/project/?q=project").status_code == 200


@pytest.mark.long
@pytest.mark.parametrize("extension", ["csv", "json", "xlsx", "docx"])
def test_a_file_that_takes_too_long_says_so_instead_of_breaking_off(
    many_projects, client, settings, extension
):
    many_projects(3000)
    settings.PUBLIC_STATEMENT_TIMEOUT_MS = 1
    client.raise_request_exception = False
    with transaction.atomic():
        response = client.get(f"/projects/export.{extension}?q=project+1&q=name+2&q=of+3")
        transaction.set_rollback(True)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "cannot be answered at the moment" in body(response)
    settings.PUBLIC_STATEMENT_TIMEOUT_MS = 5000
    # The seat is free again.
    for _request in range(3):
        assert client.get("/projects/?q=project+1").status_code == 200


@pytest.mark.long
def test_words_that_only_entities_have_cost_little(many_projects, client, settings):
    """With little memory to look links up in, as a large register has for many more of them."""
    many_projects(12000)
    settings.PUBLIC_STATEMENT_TIMEOUT_MS = 1500
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET work_mem = '64kB'")
            cursor.execute("ANALYZE projects_project, projects_project_entities")
    response = client.get("/projects/?q=name+of+unesco+ame+nes+esc+une+nam")
    assert response.status_code == 200
    assert "12000 entries" in body(response)


@pytest.mark.parametrize(
    ("queries", "found"),
    [
        ("q=unesco", ["PVE-001"]),
        ("q=unesco+peace", ["PVE-001"]),
        ("q=name+of", ["PVE-001", "PVE-002"]),
        ("q=unesco+undp", []),
        ("q=unesco&q=undp", ["PVE-001", "PVE-002"]),
        ("q=un+unesco+es", ["PVE-001"]),
        ("q=peace+pea+war", []),
        ("q=esc+pve-001", ["PVE-001"]),
    ],
)
def test_words_may_be_of_the_text_and_of_entities_together(make_project, client, queries, found):
    make_project("PVE-001", title="Peace", entities=["UNESCO"])
    make_project("PVE-002", title="War", entities=["UNDP"])
    make_project("PVE-003", title="Neither")
    rows = json.loads(body(client.get(f"/projects/export.json?{queries}")))["results"]
    assert [row["reference"] for row in rows] == found


@pytest.mark.long
@pytest.mark.parametrize(
    ("address", "seats", "kind"),
    [
        ("/projects/export.xlsx", "workbook", "text/plain"),
        ("/projects/export.docx", "workbook", "text/plain"),
        ("/statements.xlsx", "workbook", "text/plain"),
        ("/projects/export.csv", "file", "text/plain"),
        ("/projects/export.json?scope=global", "file", "application/json"),
        ("/editions/reconstruction-2017-12/datapackage.zip", "file", "text/plain"),
        ("/editions/reconstruction-2017-12/changes/live/", "changes", "text/html"),
        ("/editions/reconstruction-2017-12/changes/live.json", "changes", "application/json"),
        ("/projects/?q=youth", "search", "text/html"),
        ("/api/v1/projects/?q=youth", "search", "application/problem+json"),
        ("/reports/compare/?a=q%3Dyouth&b=scope%3Dglobal", "search", "text/html"),
        ("/reports/compare/?a=%2571%3Dyouth&b=scope%3Dglobal", "search", "text/html"),
    ],
)
def test_who_finds_no_seat_is_told_to_try_again(
    register, client, monkeypatch, address, seats, kind
):
    monkeypatch.setattr("pvematrix.capacity.WAIT", 0.01)
    with ExitStack() as held:
        while SEATS[seats].acquire(blocking=False):
            held.callback(SEATS[seats].release)
        response = client.get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert response["Content-Type"].startswith(kind)
        assert "Others ask for this at the moment" in body(response)
        assert client.get("/projects/").status_code == 200
        if seats != "file":
            assert "PVE-223" in body(client.get("/projects/export.csv"))
    answered = client.get(address)
    assert answered.status_code == 200
    answered.close()


@pytest.mark.parametrize("address", ["/projects/export.xlsx?scope=global&q=a", "/statements.xlsx"])
def test_a_browser_that_finds_no_seat_for_a_file_shows_a_page(register, client, address):
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    with ExitStack() as held:
        for places in (SEATS["workbook"], WAITING):
            while places.acquire(blocking=False):
                held.callback(places.release)
        response = client.get(address, headers={"Accept": browser})
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response["Content-Type"] == "text/html; charset=utf-8"
    page = body(response)
    assert "<h1>Others ask for this at the moment</h1>" in page
    query = address.partition("?")[2].replace("&", "&amp;")
    assert f'<a href="?{query}">Try again</a>' in page


def test_while_many_wait_for_a_seat_whoever_comes_is_told_at_once(register, client, monkeypatch):
    monkeypatch.setattr("pvematrix.capacity.WAIT", 30)
    with ExitStack() as held:
        for places in (SEATS["search"], WAITING):
            while places.acquire(blocking=False):
                held.callback(places.release)
        began = time.monotonic()
        response = client.get("/projects/?q=youth")
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert time.monotonic() - began < 15
    assert client.get("/projects/?q=youth").status_code == 200
    assert [WAITING.acquire(blocking=False) for _place in range(5)] == [True] * 4 + [False]
    for _place in range(4):
        WAITING.release()


def test_a_file_keeps_its_seat_until_it_is_sent(register, client, monkeypatch):
    monkeypatch.setattr("pvematrix.capacity.WAIT", 0.01)
    address = "/editions/reconstruction-2017-12/changes/live.csv"
    sent = client.get(address)
    assert client.get(address).status_code == 503
    body(sent)
    assert body(client.get(address)).count("\n") == 1


def test_a_file_that_nobody_reads_to_the_end_gives_its_seat_back_once():
    seats = BoundedSemaphore(1)
    seats.acquire()
    sent = Seated(iter([b"a", b"b"]), seats)
    assert next(sent) == b"a"
    sent.close()
    sent.close()
    assert seats.acquire(blocking=False)


def test_a_page_that_fails_gives_its_seat_back(register, client, monkeypatch):
    monkeypatch.setattr("pvematrix.capacity.WAIT", 0.01)
    for _attempt in range(4):
        assert client.get("/projects/?q=youth&scope=galactic").status_code == 400
    assert client.get("/projects/?q=youth").status_code == 200


@pytest.mark.once
def test_the_next_part_of_a_file_waits_for_pages_that_are_made(monkeypatch):
    file = _after_pages(iter([b"a", b"b"]))
    monkeypatch.setattr("pvematrix.capacity.PAGES_FIRST", 60)
    with ThreadPoolExecutor() as other:
        with PAGES:
            asked = other.submit(next, file)
            assert wait([asked], timeout=0.2).not_done
        assert asked.result(timeout=30) == b"a"
    # Not for ever.
    monkeypatch.setattr("pvematrix.capacity.PAGES_FIRST", 0.01)
    with PAGES:
        assert list(file) == [b"b"]


@pytest.mark.once
def test_a_worker_that_ended_makes_no_page_any_more():
    pages = PagesBeingMade()
    process = os.fork()
    if not process:
        pages.__enter__()
        os._exit(0)
    os.waitpid(process, 0)
    assert pages
    pages.forget(process)
    assert not pages
