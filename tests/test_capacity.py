"""What one request may cost, and what the others get meanwhile."""

import socket
import time
from contextlib import ExitStack, contextmanager
from threading import BoundedSemaphore, Timer

import psycopg2
import pytest
from django.db import OperationalError, connection, connections, transaction

from pvematrix import capacity, errors, waits
from pvematrix.capacity import SLOTS

from .pages import body, objects


@pytest.mark.postgresql
@pytest.mark.long
def test_a_public_page_or_file_that_takes_too_long_is_a_503(
    many_projects, client, admin_client, settings, monkeypatch
):
    # The connection of the test's transaction, which a busy machine would take to be away.
    monkeypatch.setattr(capacity, "_MARGIN", 60)
    many_projects(3000)
    admin_client.get("/admin/")  # begins the session, which is written down as well
    client.raise_request_exception = False
    for address, said in {
        "/projects/": "This takes too long",
        **{
            f"/projects/export.{one}": "cannot be answered at the moment"
            for one in ("csv", "ndjson", "xlsx", "docx")
        },
    }.items():
        settings.PUBLIC_STATEMENT_TIMEOUT_MS = 1
        with transaction.atomic():
            response = client.get(f"{address}?q=project+1&q=name+2&q=of+3")
            transaction.set_rollback(True)
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert said in body(response).decode()
        # On the same connection, the desk has its own limit.
        assert admin_client.get("/admin/projects/project/?q=project").status_code == 200
        settings.PUBLIC_STATEMENT_TIMEOUT_MS = 5000
        # The slot is free again.
        for _request in range(3):
            assert client.get("/projects/?q=project+1").status_code == 200


@pytest.mark.postgresql
def test_a_version_that_cannot_be_read_in_time_is_a_503(register, client, settings, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks no table against readers")
    monkeypatch.setattr(capacity, "_MARGIN", 60)
    client.raise_request_exception = False
    settings.PUBLIC_STATEMENT_TIMEOUT_MS = 50
    other = connections.create_connection("default")
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE projects_dataversion IN ACCESS EXCLUSIVE MODE")
    with transaction.atomic():
        response = client.get("/projects/")
        transaction.set_rollback(True)
    other.close()
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "This takes too long" in body(response).decode()


@pytest.mark.long
def test_writing_a_workbook_may_take_longer_than_a_statement(many_projects, client, settings):
    many_projects(6000)
    settings.PUBLIC_STATEMENT_TIMEOUT_MS = 1500
    assert client.get("/projects/export.xlsx").status_code == 200


@pytest.mark.postgresql
@pytest.mark.long
def test_words_that_only_entities_have_cost_little(many_projects, client, settings):
    """With little memory to look links up in, as a large register has for many more of them."""
    many_projects(12000)
    settings.PUBLIC_STATEMENT_TIMEOUT_MS = 1500
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET work_mem = '64kB'")
            cursor.execute("ANALYZE projects_project, projects_project_entities")
    response = client.get("/projects/?q=name+of+unesco+unes")
    assert response.status_code == 200
    assert "12000 described activities contain “name of unesco unes”." in body(response).decode()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # the end of the test checks what was added
            cursor.execute("SET LOCAL statement_timeout = 0")


@pytest.mark.postgresql
def test_words_may_be_of_the_text_and_of_entities_together(make_project, client):
    make_project("PVE-001", title="Peace", entities=["UNESCO"])
    make_project("PVE-002", title="War", entities=["UNDP"])
    make_project("PVE-003", title="Neither")
    for queries, found in {
        "q=unesco": ["PVE-001"],
        "q=unesco+peace": ["PVE-001"],
        "q=name+of": ["PVE-001", "PVE-002"],
        "q=unesco+undp": [],
        "q=unesco&q=undp": ["PVE-001", "PVE-002"],
        "q=name+unesco+unes": ["PVE-001"],
        "q=peace+peac+war": [],
        "q=unes+pve-001": ["PVE-001"],
        "q=undp+pve-001": [],
    }.items():
        rows = objects(client, queries)
        assert [row["reference"] for row in rows] == found, queries


@contextmanager
def taken(slots: str):
    """Hold all slots of a kind, as other requests of this worker would."""
    with ExitStack() as held:
        while SLOTS[slots].acquire(blocking=False):
            held.callback(SLOTS[slots].release)
        yield


def free(slots: str) -> int:
    """Return how many slots of a kind nobody holds."""
    with ExitStack() as held:
        count = 0
        while SLOTS[slots].acquire(blocking=False):
            held.callback(SLOTS[slots].release)
            count += 1
        return count


def test_a_worker_has_a_number_of_slots_of_each_kind():
    slots = {"search": 2, "suggestions": 4, "workbook": 1, "file": 2}
    assert {one: free(one) for one in SLOTS} == slots


@pytest.mark.long
@pytest.mark.parametrize(
    ("address", "slots", "kind"),
    [
        ("/projects/export.xlsx", "workbook", "text/plain"),
        ("/projects/export.csv", "file", "text/plain"),
        ("/projects/export.ndjson?scope=global", "file", "text/plain"),
        ("/api/v1/projects/?format=csv", "file", "application/problem+json"),
        ("/projects/?q=youth", "search", "text/html"),
        ("/suggestions.json?q=youth", "suggestions", "application/json"),
        ("/api/v1/projects/?q=youth", "search", "application/problem+json"),
        ("/reports/compare/?a=q%3Dyouth&b=scope%3Dglobal", "search", "text/html"),
    ],
)
def test_without_a_free_slot_the_answer_is_to_try_again(register, client, address, slots, kind):
    with taken(slots):
        response = client.get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert response["Content-Type"].startswith(kind)
        assert "The site is busy" in body(response).decode()
        assert client.get("/projects/").status_code == 200
        if slots != "file":
            assert b"PVE-223" in body(client.get("/projects/export.csv"))
    answered = client.get(address)
    assert answered.status_code == 200
    answered.close()


@pytest.mark.parametrize("extension", ["/", ".csv"])
def test_a_change_log_needs_a_slot_above_2000_rows(register, client, monkeypatch, extension):
    address = f"/editions/reconstruction-2017-12/changes/live{extension}"
    with taken("workbook"):
        assert client.get(address).status_code == 200
        monkeypatch.setattr("pvematrix.capacity.MOST_WHOLE", 222)
        another = f"{address}?lang=fr" if "csv" in address else f"/fr{address}"
        assert client.get(another).status_code == 503


def test_a_request_waits_for_a_slot(monkeypatch):
    monkeypatch.setattr(capacity, "WAIT", 5)
    monkeypatch.setattr(capacity, "WAITING", BoundedSemaphore(1))
    slot = SLOTS["workbook"]
    slot.acquire()
    Timer(0.2, slot.release).start()
    assert capacity._waited_for(slot)
    # At most some wait: one more gets its answer at once.
    with capacity.WAITING:
        began = time.monotonic()
        assert not capacity._waited_for(slot)
        assert time.monotonic() - began < 1
    slot.release()


@pytest.mark.parametrize("extension", ["xlsx", "docx"])
def test_who_waited_gets_the_file_that_was_made_meanwhile(register, client, monkeypatch, extension):
    address = f"/projects/export.{extension}?priority_area=youth"
    found = []

    def made_by_another(slot) -> bool:
        slot.release()
        found.append(body(client.get(address)))
        return slot.acquire(blocking=False)

    monkeypatch.setattr(capacity, "_waited_for", made_by_another)
    SLOTS["workbook"].acquire()
    response = client.get(address)
    assert (response.status_code, body(response)) == (200, found[0])
    assert response["ETag"] == client.get(address)["ETag"]
    assert "Content-Encoding" not in response
    assert free("workbook") == 1
    # An unchanged file is not made again.
    monkeypatch.setattr("pvematrix.capacity._slot_for", lambda request: pytest.fail("made again"))
    assert body(client.get(address)) == found[0]


@pytest.mark.parametrize("address", ["/projects/export.xlsx?scope=global&q=a", "/statements.xlsx"])
def test_a_browser_without_a_slot_for_a_file_shows_a_page(register, client, address):
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    with taken("workbook"):
        response = client.get(address, headers={"Accept": browser})
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response["Content-Type"] == "text/html; charset=utf-8"
    page = body(response).decode()
    assert "<h1>The site is busy</h1>" in page
    query = address.partition("?")[2].replace("&", "&amp;")
    assert f'<a href="?{query}">Try again</a>' in page


def test_a_stream_occupies_its_slot_until_it_is_sent_or_given_up(register, client, monkeypatch):
    monkeypatch.setattr("projects.pages.MOST_WHOLE", 0)
    read = client.get("/projects/export.csv")
    begun = client.get("/projects/export.csv")
    next(iter(begun.streaming_content))
    not_begun = client.get("/projects/export.csv")
    assert [read.status_code, begun.status_code, not_begun.status_code] == [200, 200, 503]
    body(read)
    not_begun = client.get("/projects/export.csv")
    assert (free("file"), not_begun.status_code) == (0, 200)
    not_begun.close()
    assert free("file") == 1
    begun.close()
    begun.close()
    assert free("file") == 2


def test_what_is_refused_or_fails_gives_its_slot_back(register, client, monkeypatch):
    assert client.get("/projects/?q=youth&scope=galactic").status_code == 400
    assert free("search") == 2
    client.raise_request_exception = False
    monkeypatch.setattr("projects.views.TableExport.get", lambda *_asked, **_named: 1 / 0)
    assert client.get("/projects/export.csv").status_code == 500
    assert free("file") == 2


def test_a_database_that_stays_silent_is_away_until_it_answers_a_try(monkeypatch):
    """A socket that accepts and never answers is what a stopped PostgreSQL looks like."""
    monkeypatch.setattr(waits, "RETRY", 0.3)
    monkeypatch.setattr(waits, "_away_until", [0.0])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]

        def ask(seconds: float) -> float:
            began = time.monotonic()
            with (
                waits.answered_within(seconds),
                pytest.raises(psycopg2.OperationalError, match="could not receive data") as raised,
            ):
                psycopg2.connect(host="127.0.0.1", port=port, user="a")
            assert errors.reason_of(raised.value) == "down"
            return time.monotonic() - began

        assert 0.5 <= ask(0.5) < 2
        assert ask(0.5) < 0.1
        time.sleep(0.35)
        assert 0.3 <= ask(5) < 2
        assert ask(5) < 0.1


def test_a_database_that_is_away_is_logged_once_a_minute(rf, caplog, monkeypatch):
    monkeypatch.setattr(errors, "_logged_down", [-errors.A_MINUTE])
    request, gone = rf.get("/projects/"), OperationalError("gone")
    for reason in ("down", "down", "writing", "down", "writing"):
        errors.log_unavailable(request, errors.Unavailable(reason), gone)
    assert caplog.messages == [
        "Unavailable (down): /projects/: gone",
        "Unavailable (writing): /projects/: gone",
        "Unavailable (writing): /projects/: gone",
    ]
