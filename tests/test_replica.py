"""Public pages come from a replica while it stands where the primary does: on real servers."""

import os
import re
import socket
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from .drill import PASSWORD, Client, PostgreSQL, Replica, Site
from .servers import manage, own_environment

pytestmark = [
    pytest.mark.once,
    pytest.mark.long,
    pytest.mark.skipif(
        not PostgreSQL.is_here() and os.environ.get("REQUIRE_ALL") != "1",
        reason="no PostgreSQL on this machine (Debian: postgresql-15)",
    ),
]
RENAME = "UPDATE projects_entity SET name = '{}' WHERE acronym = 'UNESCO'"


class Pair:
    """A site with a primary and a replica, each of which writes down what it is asked."""

    def __init__(self, folder):
        folder.chmod(0o755)  # PostgreSQL runs as somebody else where this is root
        for name in ("primary", "replica", "silent"):
            (folder / name).mkdir()
        self.primary = PostgreSQL(folder / "primary")
        self.primary.start()
        self.site = Site(self.primary.port, folder)
        for step in (["collectstatic", "--noinput"], ["migrate"], ["load_register"]):
            self.site.managed(*step, "--verbosity", "0")
        self.primary.ask("ALTER SYSTEM SET log_statement = 'all'")
        self.primary.ask("SELECT pg_reload_conf()")
        self.replica = Replica(folder / "replica", self.primary)
        self.replica.start()
        self.site.environment |= {
            "REPLICA_URL": f"postgres://pvematrix@127.0.0.1:{self.replica.port}/postgres",
            # One worker, so that what it remembers is what the test sees.
            "WEB_CONCURRENCY": "1",
        }
        self.site.serve()
        self.client = Client(self.site)

    def close(self):
        self.site.process.terminate()
        self.site.process.wait()
        self.site.log.close()
        for one in (self.replica, self.primary):
            one.stop("immediate")

    def asked(self, path, client=None, data=None):
        """Return status and text of an answer, and the servers that read public tables for it."""
        logs = {name: self.log(name) for name in ("primary", "replica")}
        before = {name: log.stat().st_size for name, log in logs.items()}
        status, _headers, text = (client or self.client).get(path, data)
        told = {name: log.read_bytes()[before[name] :].decode() for name, log in logs.items()}
        read = r'FROM "(projects_project|projects_entity|reports_report)"'
        return status, text, sorted(name for name, log in told.items() if re.search(read, log))

    def log(self, name):
        return getattr(self, name).home / "log"

    def rename(self, name):
        self.primary.ask(RENAME.format(name))

    def told(self) -> str:
        with open(self.site.log.name) as log:
            return log.read()


@pytest.fixture(scope="module")
def pair():
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = Pair(Path(folder))
        yield made
        made.close()


@pytest.fixture(autouse=True)
def follows(pair):
    """Each test begins with a replica that follows, and a site that does not leave it alone."""
    pair.replica.catch_up()
    for _attempt in range(150):
        if pair.asked(f"/projects/?q={time.monotonic_ns()}")[2] == ["replica"]:
            return
        time.sleep(0.1)
    pytest.fail("the site does not read from the replica")


@contextmanager
def stopped(replica):
    replica.stop("immediate")
    try:
        yield
    finally:
        replica.start()


@contextmanager
def behind(replica):
    replica.ask("SELECT pg_wal_replay_pause()")
    try:
        yield
    finally:
        replica.ask("SELECT pg_wal_replay_resume()")


@pytest.mark.parametrize(
    "path",
    [
        "/projects/?scope=global&sort=title",
        "/projects/PVE-001/",
        "/entities/UNESCO/",
        "/reports/scope.json?region=africa",
        "/projects/export.csv",
        "/projects/export.json",
        "/editions/reconstruction-2017-12/changes/live.csv",
    ],
)
def test_public_pages_and_files_are_read_from_the_replica_alone(pair, path):
    assert pair.asked(path)[::2] == (200, ["replica"])


def test_the_desk_forms_and_whoever_is_logged_in_read_from_the_primary(pair):
    assert pair.asked("/projects/PVE-001/correct/")[::2] == (200, ["primary"])
    pair.site.managed(
        "shell",
        "-c",
        "from django.contrib.auth.models import User; "
        f"User.objects.create_superuser('drill', 'drill@example.org', '{PASSWORD}')",
    )
    staff = Client(pair.site)
    page = staff.get("/accounts/login/")[2]
    assert staff.post("/accounts/login/", page, login="drill", password=PASSWORD)[0] == 302
    assert pair.asked("/admin/projects/entity/", staff)[::2] == (200, ["primary"])
    assert pair.asked("/projects/?scope=global&sort=scope", staff)[::2] == (200, ["primary"])


def test_a_replica_that_lags_is_not_asked_until_it_has_caught_up(pair):
    pair.rename("Before")
    pair.replica.catch_up()
    with behind(pair.replica):
        pair.rename("After")
        status, text, asked = pair.asked("/entities/UNESCO/")
        assert (status, asked) == (200, ["primary"])
        assert "After" in text
        assert "Before" not in text
    pair.rename("At last")
    pair.replica.catch_up()
    status, text, asked = pair.asked("/entities/UNESCO/")
    assert (status, asked) == (200, ["replica"])
    assert "At last" in text


def test_a_draft_does_not_send_readers_to_the_primary(pair):
    with behind(pair.replica):
        pair.primary.ask(
            "UPDATE projects_project SET review = 'changed' "
            "WHERE reference = 'PVE-222' AND edition_id IS NULL"
        )
        assert pair.asked("/projects/?scope=global&sort=-title")[::2] == (200, ["replica"])


def test_a_replica_that_is_gone_costs_nobody_an_answer_and_is_asked_again_later(pair):
    with stopped(pair.replica):
        for number in range(5):
            status, _text, asked = pair.asked(f"/projects/?q={number}")
            assert (status, asked) == (200, ["primary"])
        assert pair.told().count("The replica is left alone for 10 seconds") == 1
    ends = time.monotonic() + 15
    while pair.asked(f"/projects/?q=again+{time.monotonic_ns()}")[2] != ["replica"]:
        assert time.monotonic() < ends
        time.sleep(0.2)


def test_what_the_replica_cannot_read_is_read_from_the_primary(pair):
    """A migration's lock that the replica holds still: it cannot read what the primary can."""
    with closing(pair.primary.connect()) as writer, writer.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE projects_project")
        held = "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock'"
        while pair.replica.ask(held) == [(0,)]:
            time.sleep(0.1)
        with behind(pair.replica):
            cursor.execute("ROLLBACK")
            status, text, asked = pair.asked("/projects/?sort=-scope")
            assert (status, asked) == (200, ["primary", "replica"])
            assert re.search(r'id="listed">223 entr', text)
    assert "django.request: Internal Server Error" not in pair.told()


def test_no_transaction_stays_open_whatever_becomes_of_a_file(pair):
    for _time in range(8):
        with closing(HTTPConnection("127.0.0.1", pair.site.port)) as visitor:
            visitor.request("HEAD", "/projects/export.csv")
            assert visitor.getresponse().status == 200
        with closing(HTTPConnection("127.0.0.1", pair.site.port)) as visitor:
            visitor.request("GET", "/projects/export.json")
            visitor.getresponse().read(100)  # and goes away
    left = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
    ends = time.monotonic() + 5
    while [server.ask(left) for server in (pair.primary, pair.replica)] != [[(0,)], [(0,)]]:
        assert time.monotonic() < ends
        time.sleep(0.1)


def test_a_replica_that_takes_no_connection_costs_two_seconds_once(pair):
    """As behind a wall that drops what is sent there."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgres://pvematrix@127.0.0.1:{silent.getsockname()[1]}/postgres"
        site = Site(pair.primary.port, Path(pair.site.log.name).parent / "silent")
        site.environment |= {"REPLICA_URL": url, "WEB_CONCURRENCY": "1"}
        site.environment["STATIC_ROOT"] = pair.site.environment["STATIC_ROOT"]
        site.serve()
        client, took = Client(site), []
        for number in range(10):
            began = time.monotonic()
            assert client.get(f"/projects/?q={number}")[0] == 200
            took.append(time.monotonic() - began)
        site.process.terminate()
        site.process.wait()
        site.log.close()
        told = Path(site.log.name).read_text()
    assert took[0] >= 2
    assert told.count("The replica is left alone") <= 1 + sum(took) // 10


@pytest.mark.parametrize("url", ["sqlite:////tmp/r.sqlite3", "mysql://a@b/c"])
def test_only_a_postgresql_has_a_replica(url, tmp_path):
    ended = manage("check", REPLICA_URL=url, **own_environment(tmp_path))
    assert ended.returncode == 1
    assert "REPLICA_URL is the address of a streaming replica of the PostgreSQL" in ended.stderr
