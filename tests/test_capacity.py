"""What one request may cost, and what the others get meanwhile."""

import time
from contextlib import contextmanager
from threading import Thread

import pytest
from django.db import connection, connections, transaction

from pvematrix import capacity
from pvematrix.capacity import SLOTS, Slots, Turn

from .pages import body, objects
from .waiting import until


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
            for one in ("csv", "xlsx", "docx")
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
def taken(kind: str):
    """Hold all slots of a kind, as requests of other addresses would."""
    turns = [Turn(kind, f"192.0.2.{n}") for n in range(capacity.SLOTS.numbers[kind])]
    assert all(map(capacity.SLOTS.take, turns))
    yield
    for turn in turns:
        capacity.SLOTS.release(turn)


def held(kind: str) -> int:
    """Return how many slots of a kind somebody has."""
    return sum(one.kind == kind for one in capacity.SLOTS.held)


def test_a_worker_has_a_number_of_slots_of_each_kind():
    assert SLOTS.numbers == {"search": 2, "suggestions": 4, "workbook": 1, "file": 2}


@pytest.mark.long
@pytest.mark.parametrize(
    ("address", "slots", "kind"),
    [
        ("/projects/export.xlsx", "workbook", "text/plain"),
        ("/projects/export.csv", "file", "text/plain"),
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


@pytest.fixture
def slots(monkeypatch):
    """Slots of their own, for which one waits."""
    monkeypatch.setattr(capacity, "WAIT", 5)
    return Slots(workbook=1, file=2)


def waiting(slots: Slots, kind: str, *addresses: str) -> list[str]:
    """Let one request after the other wait; gives the addresses in the order of their slots."""
    served: list[str] = []

    def one(address: str) -> None:
        turn = Turn(kind, address)
        if slots.take(turn):
            served.append(address)
            slots.release(turn)

    threads = []
    for place, address in enumerate(addresses, start=1):
        threads.append(Thread(target=one, args=[address]))
        threads[-1].start()
        until(lambda here=place: len(slots.waiting) == here)
    for turn in [*slots.held]:
        slots.release(turn)
    for thread in threads:
        thread.join()
    return served


def test_those_who_wait_take_turns_by_address(slots):
    assert slots.take(Turn("workbook", "a"))
    assert waiting(slots, "workbook", "a", "a", "b") == ["b", "a", "a"]
    assert slots.take(Turn("workbook", "a"))
    assert waiting(slots, "workbook", "a", "b", "c", "b") == ["b", "a", "c", "b"]
    assert (slots.held, slots.waiting) == ([], [])


def test_an_address_has_one_slot_of_a_kind(slots, monkeypatch):
    first, second = Turn("file", "a"), Turn("file", "a")
    assert slots.take(first)
    monkeypatch.setattr(capacity, "WAIT", 0)
    assert not slots.take(second)
    assert slots.take(Turn("workbook", "a")) and slots.take(Turn("file", "b"))
    slots.release(first)
    assert slots.take(second)


def test_without_an_address_there_is_an_answer(register, client):
    """As behind a socket, or a proxy that names nobody."""
    assert client.get("/projects/?q=youth", REMOTE_ADDR="").status_code == 200


def test_some_may_wait_and_fewer_of_one_address(slots):
    """One more gets its answer at once."""
    assert slots.take(Turn("workbook", "z"))
    began = time.monotonic()
    threads = [Thread(target=slots.take, args=[Turn("workbook", "a")]) for _three in range(3)]
    for thread in threads:
        thread.start()
    until(lambda: len(slots.waiting) == 3)
    assert not slots.take(Turn("workbook", "a"))
    threads.append(Thread(target=slots.take, args=[Turn("workbook", "b")]))
    threads[-1].start()
    until(lambda: len(slots.waiting) == 4)
    assert not slots.take(Turn("workbook", "c"))
    assert time.monotonic() - began < 4
    while slots.held:
        slots.release(slots.held[0])
        until(lambda: slots.held or not slots.waiting)
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("extension", ["xlsx", "docx"])
def test_who_waited_gets_the_file_that_was_made_meanwhile(register, client, monkeypatch, extension):
    address = f"/projects/export.{extension}?priority_area=youth"
    found = []

    class MadeByAnother(Slots):
        """The same file was made while this one waited."""

        def take(self, turn):
            if not found:
                found.append(b"")
                found[0] = body(client.get(address, REMOTE_ADDR="192.0.2.1"))
                turn.has_waited = True
            return super().take(turn)

    monkeypatch.setattr(capacity, "SLOTS", MadeByAnother(**SLOTS.numbers))
    response = client.get(address)
    assert (response.status_code, body(response)) == (200, found[0])
    assert response["ETag"] == client.get(address)["ETag"]
    assert "Content-Encoding" not in response
    assert held("workbook") == 0
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
    addresses = [f"192.0.2.{number}" for number in range(5)]
    files = (client.get("/projects/export.csv", REMOTE_ADDR=one) for one in addresses)
    read, begun = next(files), next(files)
    next(iter(begun.streaming_content))
    assert [read.status_code, begun.status_code, next(files).status_code] == [200, 200, 503]
    body(read)
    not_begun = next(files)
    assert (held("file"), not_begun.status_code) == (2, 200)
    not_begun.close()
    assert held("file") == 1
    begun.close()
    begun.close()
    assert held("file") == 0
