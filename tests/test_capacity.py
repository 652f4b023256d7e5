"""How much one request may take, and what the others are told meanwhile."""

import json
from contextlib import ExitStack
from threading import BoundedSemaphore

import pytest
from django.db import connection, transaction

from pvematrix.capacity import SEATS, Seated


def body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


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


@pytest.mark.parametrize(
    ("address", "seats", "kind"),
    [
        ("/projects/export.xlsx", "workbook", "text/plain"),
        ("/projects/export.docx", "workbook", "text/plain"),
        ("/editions/reconstruction-2017-12/changes/live/", "changes", "text/html"),
        ("/editions/reconstruction-2017-12/changes/live.json", "changes", "application/json"),
        ("/projects/?q=youth", "search", "text/html"),
        ("/reports/compare/?a=q%3Dyouth&b=scope%3Dglobal", "search", "text/html"),
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
        if kind == "text/html":
            assert "Others ask for this at the moment" in body(response)
        assert client.get("/projects/").status_code == 200
        assert "PVE-223" in body(client.get("/projects/export.csv"))
    answered = client.get(address)
    assert answered.status_code == 200
    answered.close()


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
