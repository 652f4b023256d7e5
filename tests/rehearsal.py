"""The rehearsal: more than one machine, on one, and parts of it that are taken away under load.

    make rehearsal             everything, about three minutes

Real parts: nginx with deploy/nginx.conf, two gunicorns, PostgreSQL with a streaming replica and
Valkey. One writes to the primary, every time a name and a project in one transaction. Readers know
what was committed before they asked and what was begun before they had the answer: every page,
count and file has to lie between the two, a 304 as well, and never before what the same reader was
shown. A staff member saves at the desk and has to find it on the public page at once. Wrong
answers, faults (500) and more than a few refused requests fail the rehearsal.
"""

import gzip
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

import psycopg2

from .drill import PASSWORD, PostgreSQL, Replica, Site, free_port
from .proxy import NGINX, Proxy, make_certificate

LASTS, ENOUGH = 8.0, 200
READERS = 4
# Of the requests while one thing is taken away, where another of its kind is there.
FEW = 0.02
VALKEY = shutil.which("valkey-server") or shutil.which("redis-server")
# What is added is a copy of a described entry, so that nothing of it is unusual.
COLUMNS = """
    SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
    WHERE table_name = 'projects_project' AND is_generated = 'NEVER'
    AND column_name NOT IN ('id', 'reference', 'title')
"""
WRITE = """
    BEGIN;
    UPDATE projects_entity SET name = 'Name {n}' WHERE acronym = 'UNESCO';
    INSERT INTO projects_project (reference, title, {columns})
        SELECT 'PVE-{reference}', 'Rehearsed {n}', {columns} FROM projects_project
        WHERE reference = 'PVE-001' AND edition_id IS NULL;
    COMMIT;
"""


def rows_of_csv(text: str) -> int:
    return text.count("\r\n") - 1 - 223


def rows_of_json(text: str) -> int:
    data = json.loads(text)
    if data["count"] != len(data["results"]):
        raise ValueError(f"{data['count']} said, {len(data['results'])} there")
    return data["count"] - 223


def listed(text: str) -> int:
    return int(re.search(r'id="listed">([\d,]+) entr', text)[1].replace(",", "")) - 223


def counted(text: str) -> int:
    return json.loads(text)["total"] - 223


def named(text: str) -> int:
    return int(re.search(r"Name (\d+)", text)[1])


# What is asked for, and how the number of the last write is read out of the answer.
ASKED: dict[str, Callable[[str], int]] = {
    "/projects/": listed,
    "/projects/?sort=title": listed,
    "/projects/?q=e": listed,
    "/reports/scope.json": counted,
    "/entities/UNESCO/": named,
    "/projects/export.csv": rows_of_csv,
    "/projects/export.json": rows_of_json,
}


class Truth:
    """What was committed, and what was begun to be."""

    def __init__(self, database: PostgreSQL):
        self.begun = self.committed = 0
        self.database, self.done = database, Event()
        self.thread = Thread(target=self._write)

    def _write(self) -> None:
        ((columns,),) = self.database.ask(COLUMNS)
        while not self.done.wait(0.6):
            with suppress(psycopg2.Error), closing(self.database.connect()) as plain:
                # Where the answer to the last one was lost, that one again: the entries are as many
                # as the number says, and an entry that is there already was committed then.
                self.begun = self.committed + 1
                write = WRITE.format(n=self.begun, reference=1000 + self.begun, columns=columns)
                with suppress(psycopg2.errors.UniqueViolation):
                    plain.cursor().execute(write)
                self.committed = self.begun


class Visitor:
    """Asks through the proxy from an address of its own, as a browser that keeps pages."""

    def __init__(self, proxy: Proxy, number: int):
        self.port, self.address = proxy.port, (f"127.0.1.{number}", 0)
        self.context = ssl.create_default_context()
        self.context.check_hostname, self.context.verify_mode = False, ssl.CERT_NONE
        self.connection: HTTPSConnection | None = None
        self.cookies: dict[str, str] = {}
        self.has: dict[str, tuple[str, str]] = {}

    def ask(self, path: str, data: bytes | None = None) -> tuple[int, dict, str]:
        """Return status, headers and text; status 0 where nothing came. A 304 gives what it has."""
        headers = {"Accept-Encoding": "gzip", "Cookie": "; ".join(
            f"{name}={value}" for name, value in self.cookies.items()
        )}  # fmt: skip
        if path in self.has:
            headers["If-None-Match"] = self.has[path][0]
        if data is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            headers |= {"Referer": f"https://127.0.0.1{path}"}
        try:
            if self.connection is None:
                self.connection = HTTPSConnection(
                    "127.0.0.1", self.port, timeout=40, context=self.context,
                    source_address=self.address,
                )  # fmt: skip
            self.connection.request("POST" if data else "GET", path, data, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            self.connection = None
            return 0, {}, ""
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _is, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status == 304:
            return 304, dict(answer.headers), self.has[path][1]
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        text = content.decode("utf-8-sig")
        if answer.status == 200 and answer.headers.get("ETag") and len(text) < 1_000_000:
            self.has[path] = answer.headers["ETag"], text
        return answer.status, dict(answer.headers), text


class Crowd:
    """Readers and one of the staff, until they are told; `wrong` is what must not have been."""

    def __init__(self, proxy: Proxy, truth: Truth):
        self.proxy, self.truth, self.done = proxy, truth, Event()
        # Seconds and status of each.
        self.answers: list[tuple[float, int]] = []
        self.wrong: list[str] = []
        self.threads = [Thread(target=self._read, args=(number,)) for number in range(READERS)]
        self.threads.append(Thread(target=self._save))

    def _ask(self, visitor: Visitor, *asked) -> tuple[int, dict, str]:
        began = time.monotonic()
        answer = visitor.ask(*asked)
        self.answers.append((time.monotonic() - began, answer[0]))
        if answer[0] not in (0, 200, 302, 304) and not answer[1].get("Retry-After"):
            self.wrong.append(f"{asked[0]}: {answer[0]}")
        return answer

    def _read(self, number: int) -> None:
        visitor, shown, turn = Visitor(self.proxy, 10 + number), 0, number
        while not self.done.is_set():
            # Most people look at pages; every twentieth request is for a file.
            paths = list(ASKED)[:5] if turn % 20 else list(ASKED)[5:]
            path = paths[turn // 20 % 2 if not turn % 20 else turn % 5]
            turn += 1
            committed = self.truth.committed
            status, _headers, text = self._ask(visitor, path)
            if status in (200, 304):
                shown = self._compare(path, text, committed, shown)
            else:
                time.sleep(0.2)
            time.sleep(0.12)

    def _compare(self, path: str, text: str, committed: int, shown: int) -> int:
        """Return what this reader was shown last; say what is wrong."""
        try:
            found = ASKED[path](text)
        except (ValueError, TypeError) as error:
            self.wrong.append(f"{path}: {error}: {text[:80]!r}")
            return shown
        begun = self.truth.begun
        if not max(committed, shown) <= found <= begun:
            self.wrong.append(
                f"{path}: {found}; {committed} committed, {shown} shown before, {begun} begun"
            )
        return max(found, shown)

    def _save(self) -> None:
        """Change a name at the desk, and look at the public page of it at once."""
        staff, everybody, number = Visitor(self.proxy, 30), Visitor(self.proxy, 31), 0
        hidden = r'<input type="hidden" name="(csrfmiddlewaretoken|seen)" value="([^"]*)"'
        while not self.done.wait(0.5):
            status, _headers, page = self._ask(staff, "/admin/projects/entity/?q=REHEARSED")
            found = re.search(r'href="(/admin/projects/entity/\d+/change/)', page)
            if status == 302:
                page = self._ask(staff, "/accounts/login/")[2]
                form = {"login": "drill", "password": PASSWORD}
                self._ask(
                    staff,
                    "/accounts/login/",
                    urlencode(form | dict(re.findall(hidden, page))).encode(),
                )
            if not found:
                continue
            status, _headers, page = self._ask(staff, found[1])
            if status != 200:
                continue
            number += 1
            form = {"acronym": "REHEARSED", "name": f"Saved {number}", "reason": "rehearsal"}
            form |= dict(re.findall(hidden, page))
            if self._ask(staff, found[1], urlencode(form).encode())[0] != 302:
                continue
            status, _headers, page = self._ask(everybody, "/entities/REHEARSED/")
            if status in (200, 304) and f"Saved {number}" not in page:
                self.wrong.append(f"saved at the desk, and not on the page: {number}")

    def wait(self) -> None:
        """Wait for some seconds, and on a busy machine until enough was answered."""
        enough, ends = len(self.answers) + ENOUGH, time.monotonic() + 60
        time.sleep(LASTS)
        while len(self.answers) < enough and time.monotonic() < ends:
            time.sleep(0.1)

    def __enter__(self):
        for thread in (self.truth.thread, *self.threads):
            thread.start()
        return self

    def __exit__(self, *_error):
        for done in (self.done, self.truth.done):
            done.set()
        for thread in (self.truth.thread, *self.threads):
            thread.join()


class Machines:
    """Everything that compose.scale.yaml starts, on this machine."""

    def __init__(self, folder: Path, after: ExitStack):
        self.folder, self.cache_port = folder, free_port()
        for name in ("primary", "replica", "first", "second", "proxy"):
            (folder / name).mkdir()
        self.primary = PostgreSQL(folder / "primary")
        self.primary.start()
        after.callback(self.primary.stop, "immediate")
        self.sites = [Site(self.primary.port, folder / name) for name in ("first", "second")]
        one, two = self.sites
        two.environment = one.environment | {"BIND": two.environment["BIND"]}
        for step in (["collectstatic", "--noinput"], ["migrate"], ["load_register"]):
            one.managed(*step, "--verbosity", "0")
        one.managed(
            "shell",
            "-c",
            "from django.contrib.auth.models import User; from projects.models import Entity; "
            f"User.objects.create_superuser('drill', 'drill@example.org', '{PASSWORD}'); "
            "Entity(acronym='REHEARSED', name='Name').save()",
        )
        self.primary.ask("UPDATE projects_entity SET name = 'Name 0' WHERE acronym = 'UNESCO'")
        self.replica = Replica(folder / "replica", self.primary)
        self.replica.start()
        after.callback(self.replica.stop, "immediate")
        self.start_cache()
        after.callback(self.stop_cache)
        for site in self.sites:
            site.environment |= {
                "HTTPS": "on",
                "BEHIND_PROXY": "on",
                "REPLICA_URL": f"postgres://pvematrix@127.0.0.1:{self.replica.port}/postgres",
                "CACHE_URL": f"redis://127.0.0.1:{self.cache_port}/0",
            }
            site.serve()
            after.callback(site.log.close)
            after.callback(self.stop_site, site)
        certificate = make_certificate(folder)
        self.proxy = Proxy(folder / "proxy", certificate, [site.port for site in self.sites])
        after.callback(self.proxy.close)

    def start_cache(self) -> None:
        options = ["--port", str(self.cache_port), "--bind", "127.0.0.1", "--save", ""]
        self.cache = subprocess.Popen(
            [str(VALKEY), *options, "--dir", str(self.folder)], stdout=subprocess.DEVNULL
        )

    def stop_cache(self) -> None:
        self.cache.kill()
        self.cache.wait()

    def stop_site(self, site: Site) -> None:
        site.process.terminate()
        site.process.wait()

    # What is taken away, and brought back

    @contextmanager
    def lagging_replica(self) -> Iterator[None]:
        self.replica.ask("SELECT pg_wal_replay_pause()")
        yield
        self.replica.ask("SELECT pg_wal_replay_resume()")

    @contextmanager
    def stopped_replica(self) -> Iterator[None]:
        self.replica.stop("immediate")
        yield
        self.replica.start()

    @contextmanager
    def stopped_cache(self) -> Iterator[None]:
        self.stop_cache()
        yield
        self.start_cache()

    @contextmanager
    def killed_worker(self) -> Iterator[None]:
        os.kill(self.sites[0].workers()[0], signal.SIGKILL)
        yield

    @contextmanager
    def killed_site(self) -> Iterator[None]:
        site = self.sites[1]
        for process in (site.process.pid, *site.workers()):
            os.kill(process, signal.SIGKILL)
        site.process.wait()
        yield
        site.serve()

    @contextmanager
    def restarted_primary(self) -> Iterator[None]:
        self.primary.stop("fast")
        time.sleep(LASTS / 4)
        self.primary.start()
        yield


def read_from(machines: Machines) -> tuple[int, int]:
    """Return how many rows of the register primary and replica have given so far."""
    read = """
        SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0) FROM pg_stat_user_tables
        WHERE relname = 'projects_project'
    """
    found = []
    for server in (machines.primary, machines.replica):
        try:
            found.append(int(server.ask(read)[0][0]))
        except psycopg2.Error:  # it is not there just now
            found.append(0)
    return found[0], found[1]


def rehearse(machines: Machines) -> list[str]:
    """Take one thing after the other away; print a table, return what is wrong."""
    faults = {
        "nothing": (nullcontext, FEW),
        "the replica lags": (machines.lagging_replica, FEW),
        "the replica is stopped": (machines.stopped_replica, FEW),
        "Valkey is stopped": (machines.stopped_cache, FEW),
        "a worker is killed": (machines.killed_worker, FEW),
        "one of two gunicorns is killed": (machines.killed_site, FEW),
        # Of the primary there is one: nobody can be answered, and nobody is told anything wrong.
        "the primary restarts": (machines.restarted_primary, 1.0),
    }
    wrong: list[str] = []
    truth = Truth(machines.primary)
    print(f"{'what is taken away':32}{'answers':>8}{'304':>6}{'refused':>8}{'none':>6}{'wrong':>6}"
          f"{'writes':>7}{'slowest':>9}{'of the replica':>15}", flush=True)  # fmt: skip
    with Crowd(machines.proxy, truth) as crowd:
        crowd.wait()
        for name, (fault, most) in faults.items():
            seen, errors, writes = len(crowd.answers), len(crowd.wrong), truth.committed
            before = read_from(machines)
            with fault():
                crowd.wait()
                after = read_from(machines)
            met = crowd.answers[seen:]
            status = Counter(one[1] for one in met)
            refused = status[429] + status[502] + status[503]
            primary, replica = (max(0, b - a) for a, b in zip(before, after, strict=True))
            share = f"{100 * replica / (primary + replica or 1):.0f} %"
            print(f"{name:32}{len(met):8}{status[304]:6}{refused:8}{status[0]:6}"
                  f"{len(crowd.wrong) - errors:6}{truth.committed - writes:7}"
                  f"{max(one[0] for one in met):8.1f}s{share:>15}", flush=True)  # fmt: skip
            if refused + status[0] > most * len(met):
                wrong.append(f"{name}: {refused + status[0]} of {len(met)} were refused")
    wrong += crowd.wrong
    print(f"\n{len(crowd.answers)} answers, {truth.committed} writes, {len(crowd.wrong)} wrong.")
    return wrong


def main() -> int:
    lacking = [
        name
        for name, is_here in (
            ("postgresql-15", PostgreSQL.is_here()),
            ("nginx-light", NGINX),
            ("valkey-server", VALKEY),
        )
        if not is_here
    ]
    if lacking:
        print(f"Skipped: not on this machine (Debian: apt-get install {' '.join(lacking)}).")
        return int(os.environ.get("REQUIRE_ALL") == "1")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made, ExitStack() as after:
        folder = Path(made)
        folder.chmod(0o755)  # PostgreSQL runs as somebody else where this is root
        machines = Machines(folder, after)
        wrong = rehearse(machines)
        if wrong:
            wrong += [told for site in machines.sites for told in site.failures()]
    print(f"{time.monotonic() - began:.0f} seconds.")
    for one in wrong[:20]:
        print(f"FAILED: {one}")
    print(f"{'failed' if wrong else 'passed'}: {len(wrong)} things are wrong.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
