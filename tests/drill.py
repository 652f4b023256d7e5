"""The drill: a running site, readers and writers, and one thing after the other that breaks.

    make drill                 everything, about five minutes

Real parts: gunicorn, a PostgreSQL of its own, and a relay between them, so that the way can break.
In the end what was acknowledged is compared with what is stored. Acknowledged changes that are
lost, anything half-written and answers that say nothing (500) fail the drill; times are printed,
since they are the machine's as much as the site's.
"""

import glob
import hashlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
LASTS = 5.0
# An answer later than this has to say why.
LATE, LIVE, RECOVERED = 4.0, 0.1, 2.0
PAGES = (
    *("/", "/projects/", "/projects/?q=youth+africa&sort=title", "/projects/PVE-001/"),
    *("/reports/cross-table/?rows=scope&columns=region", "/projects/export.csv", "/reports/scope/"),
)
WRITERS, READERS = 2, 3
PASSWORD = secrets.token_urlsafe(24)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


# The parts


class PostgreSQL:
    """A server of its own, which the drill stops, starts and fills."""

    def __init__(self, home: Path):
        self.home, self.port = home, free_port()
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
        preferred = [one for one in found if "/15/" in one] or found or [shutil.which("initdb")]
        self.bin = Path(preferred[-1]).parent
        self.run_as = []
        if os.getuid() == 0:  # it refuses to run as root
            shutil.chown(home, "nobody", "nogroup")
            self.run_as = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        self._make()

    def _make(self) -> None:
        self._do("initdb", "-U", "pvematrix", "-A", "trust", "-E", "UTF8", "--wal-segsize=1")
        self._set(
            f"listen_addresses = '127.0.0.1'\nport = {self.port}\nmax_connections = 40\n"
            f"unix_socket_directories = '{self.home}'\nmax_wal_size = 32MB\nmin_wal_size = 8MB\n"
        )

    def _set(self, lines: str) -> None:
        with open(self.home / "data/postgresql.conf", "a") as settings:
            settings.write(lines)

    @staticmethod
    def is_here() -> bool:
        return bool(glob.glob("/usr/lib/postgresql/*/bin/initdb") or shutil.which("initdb"))

    def _do(self, program: str, *options: str, check: bool = True) -> None:
        command = [*self.run_as, str(self.bin / program), "-D", str(self.home / "data"), *options]
        subprocess.run(command, cwd=self.home, check=check, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        self._do("pg_ctl", "-s", "-w", "-t", "60", "-l", str(self.home / "log"), "start")

    def stop(self, mode: str = "fast") -> None:
        self._do("pg_ctl", "-s", "-w", "-m", mode, "stop", check=False)

    def connect(self, name: str = "postgres"):
        plain = psycopg2.connect(
            host="127.0.0.1", port=self.port, user="pvematrix", dbname=name, connect_timeout=5
        )
        plain.autocommit = True
        return plain

    def ask(self, query: str, name: str = "postgres") -> list[tuple]:
        with closing(self.connect(name)) as plain, plain.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else []

    def is_up(self) -> bool:
        with suppress(psycopg2.Error):
            return self.ask("SELECT 1") == [(1,)]
        return False


class Replica(PostgreSQL):
    """A streaming replica of another server."""

    def __init__(self, home: Path, of: PostgreSQL):
        self.of = of
        super().__init__(home)

    def _make(self) -> None:
        primary = f"host=127.0.0.1 port={self.of.port} user=pvematrix"
        self._do("pg_basebackup", "-d", primary, "--write-recovery-conf", "--checkpoint=fast")
        self._set(
            f"port = {self.port}\nunix_socket_directories = '{self.home}'\n"
            "hot_standby_feedback = on\n"
        )

    def catch_up(self) -> None:
        """Wait until it has what the primary has now."""
        (stands_at,) = self.of.ask("SELECT pg_current_wal_lsn()")[0]
        behind = f"SELECT pg_last_wal_replay_lsn() < '{stands_at}'"
        for _attempt in range(200):
            if self.ask(behind) == [(False,)]:
                return
            time.sleep(0.05)
        raise SystemExit("The replica does not follow.")


class Relay:
    """Passes what is sent to a port on to another; cut, it drops who is connected and refuses."""

    def __init__(self, to: int):
        self.to, self.port, self.cut = to, free_port(), False
        self.open: set[socket.socket] = set()
        self.listener = socket.create_server(("127.0.0.1", self.port))
        Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            inside, _address = self.listener.accept()
            try:
                if self.cut:
                    raise OSError
                outside = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                inside.close()
                continue
            self.open |= {inside, outside}
            for one, other in ((inside, outside), (outside, inside)):
                Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for ended in (one, other):
            self.open.discard(ended)
            with suppress(OSError):
                ended.shutdown(socket.SHUT_RDWR)
            ended.close()

    def break_off(self) -> None:
        self.cut = True
        for one in list(self.open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


class Site:
    """The product as it is served; manage.py beside it."""

    def __init__(self, database_port: int, folder: Path):
        self.port = free_port()
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "off",
            "STAFF_SECOND_FACTOR": "off",
            "DATABASE_URL": f"postgres://pvematrix@127.0.0.1:{database_port}/postgres",
            "STATIC_ROOT": str(folder / "static"),
            "BIND": f"127.0.0.1:{self.port}",
        }
        self.log = open(folder / "site.log", "w")  # noqa: SIM115 - for as long as the site runs
        self.process: subprocess.Popen | None = None

    def manage(self, *command: str, **own: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment | own,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def failures(self) -> list[str]:
        """Return the last lines of what the log tells of errors, a line each."""
        lines = Path(self.log.name).read_text(errors="replace").splitlines()
        return sorted({one[:300] for one in lines if re.match(r"[\w.]+(Error|Exception)\b", one)})

    def managed(self, *command: str) -> str:
        process = self.manage(*command)
        said = process.communicate()[0]
        if process.returncode:
            raise SystemExit(f"manage.py {command[0]}: {said}")
        return said

    def serve(self) -> None:
        gunicorn = [sys.executable, "-m", "gunicorn", "pvematrix.wsgi"]
        self.process = subprocess.Popen(
            gunicorn, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log
        )
        for _attempt in range(200):
            with suppress(OSError):
                if Client(self).get("/readyz")[0] == 200:
                    return
            time.sleep(0.1)
        raise SystemExit("The site did not start.")

    def workers(self) -> list[int]:
        master = self.process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text()
        return [int(one) for one in children.split()]


class _Unfollowed(HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Client:
    """A visitor. `get` and `post` give status, headers and text; OSError where nothing came."""

    def __init__(self, site: Site):
        self.base = f"http://127.0.0.1:{site.port}"
        self.browser = build_opener(HTTPCookieProcessor(), _Unfollowed)

    def get(self, path: str, data: bytes | None = None) -> tuple[int, dict, str]:
        try:
            with self.browser.open(Request(self.base + path, data), timeout=40) as answer:
                return answer.status, answer.headers, answer.read().decode("utf-8-sig")
        except HTTPError as refused:
            with refused:
                return refused.status, refused.headers, refused.read().decode()
        except HTTPException as broken:
            raise OSError(str(broken)) from broken

    def post(self, path: str, page: str, **values: str) -> tuple[int, dict, str]:
        hidden = r'<input type="hidden" name="(csrfmiddlewaretoken|seen)" value="([^"]*)"'
        return self.get(path, urlencode(values | dict(re.findall(hidden, page))).encode())


# Those who use it


@dataclass
class Seen:
    """What one kind of visitor met: (when it was asked, seconds, status; 0 where nothing came)."""

    answers: list[tuple[float, float, int]] = field(default_factory=list)

    def between(self, start: float, end: float) -> list[tuple[float, float, int]]:
        return [one for one in self.answers if one[0] <= end and one[0] + one[1] >= start]


class Crowd:
    """Readers, writers and one who asks whether the site lives, all at once until they are told."""

    def __init__(self, site: Site):
        self.site, self.done = site, Event()
        self.readers, self.writers, self.liveness = Seen(), Seen(), Seen()
        self.acknowledged: list[tuple[str, str]] = []
        self.silent: Counter[str] = Counter()
        self.threads = [
            *(Thread(target=self._read, args=(number,)) for number in range(READERS)),
            *(Thread(target=self._write, args=(number,)) for number in range(WRITERS)),
            Thread(target=self._ask_whether_it_lives),
        ]

    def _answered(self, seen: Seen, ask: Callable[..., tuple], *asked, **sent) -> tuple:
        began = time.monotonic()
        try:
            answer = ask(*asked, **sent)
        except OSError:
            answer = (0, {}, "")
        took = time.monotonic() - began
        seen.answers.append((began, took, answer[0]))
        if answer[0] >= 500 and (answer[0] != 503 or not answer[1].get("Retry-After")):
            self.silent[f"{answer[0]}"] += 1
        return answer

    def _read(self, number: int) -> None:
        client = Client(self.site)
        while not self.done.is_set():
            page = PAGES[number % len(PAGES)]
            self._answered(self.readers, client.get, page)
            number += 1
            time.sleep(0.05)

    def _write(self, number: int) -> None:
        client, acronym, tried = None, f"DRILL-{number}", 0
        while not self.done.is_set():
            time.sleep(0.1)
            if client is None:
                client = self._logged_in()
                continue
            status, _headers, listed = self._answered(
                self.writers, client.get, f"/admin/projects/entity/?q={acronym}"
            )
            found = re.search(r'href="(/admin/projects/entity/\d+/change/)', listed)
            if status == 302:
                client = None
            if not found:
                continue
            status, _headers, page = self._answered(self.writers, client.get, found[1])
            if status != 200:
                continue
            tried += 1
            name = f"Name {tried} of {acronym}"
            status, _headers, _page = self._answered(
                self.writers,
                client.post,
                found[1],
                page,
                acronym=acronym,
                name=name,
                reason="drill",
            )
            if status == 302:
                self.acknowledged.append((acronym, name))

    def _logged_in(self) -> Client | None:
        client = Client(self.site)
        with suppress(OSError):
            page = client.get("/accounts/login/")[2]
            form = {"login": "drill", "password": PASSWORD}
            if client.post("/accounts/login/", page, **form)[0] == 302:
                return client
        time.sleep(1)
        return None

    def _ask_whether_it_lives(self) -> None:
        client = Client(self.site)
        while not self.done.is_set():
            self._answered(self.liveness, client.get, "/healthz")
            time.sleep(0.2)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self.done.set()
        for thread in self.threads:
            thread.join()


# What breaks


class Drill:
    """One after the other, each with what the crowd met meanwhile."""

    def __init__(self, database: PostgreSQL, relay: Relay, site: Site, crowd: Crowd):
        self.database, self.relay, self.site, self.crowd = database, relay, site, crowd
        self.wrong: list[str] = []
        print(f"{'what breaks':38}{'answers':>8}{'503':>6}{'500':>5}{'none':>6}{'saves':>7}"
              f"{'slowest':>9}{'late':>6}{'alive':>7}{'back in':>9}")  # fmt: skip

    def breaks(self, name: str, fault: Callable[[], object]) -> None:
        saves = len(self.crowd.acknowledged)
        start = time.monotonic()
        with suppress(NotHere):
            fault()
            end = time.monotonic()
            time.sleep(max(3.0, LASTS))
            self._tell(name, start, end, len(self.crowd.acknowledged) - saves)
            return
        print(f"{name:38}not done: {NotHere.why}", flush=True)

    def _tell(self, name: str, start: float, end: float, saves: int) -> None:
        now = time.monotonic()
        readers = self.crowd.readers.between(start, now)
        met = [*readers, *self.crowd.writers.between(start, now)]
        status = Counter(one[2] for one in met)
        bad = [one for one in readers if one[2] != 200]
        back = max([0.0, *(began + took - end for began, took, _status in bad)])
        slowest = max(took for _began, took, _status in met)
        late = sum(took > LATE and status == 200 for _began, took, status in met)
        alive = max(took for _began, took, _status in self.crowd.liveness.between(start, now))
        fives = sum(n for code, n in status.items() if code >= 500 and code != 503)
        print(
            f"{name:38}{len(met):8}{status[503]:6}{fives:5}{status[0]:6}{saves:7}"
            f"{slowest:8.1f}s{late:6}{alive:6.2f}s{back:8.1f}s",
            flush=True,
        )
        if now - (bad[-1][0] if bad else start) < RECOVERED / 2:
            self.wrong.append(f"{name}: the site does not answer again")

    def check(self, good: bool, what: str) -> None:
        if not good:
            self.wrong.append(what)

    # Faults

    def nothing(self) -> None:
        time.sleep(LASTS)

    def kill_a_worker(self) -> None:
        os.kill(self.site.workers()[0], signal.SIGKILL)

    def reload(self) -> None:
        self.site.process.send_signal(signal.SIGHUP)
        time.sleep(2)

    def restart_the_database(self) -> None:
        self.database.stop("immediate")
        self.database.start()

    def stop_the_database(self) -> None:
        self.database.stop()
        time.sleep(LASTS)
        self.database.start()

    def end_all_sessions(self) -> None:
        self.database.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )

    def take_all_connections(self) -> None:
        with ExitStack() as taken:
            first = taken.enter_context(closing(self.database.connect()))
            ends = time.monotonic() + LASTS
            while time.monotonic() < ends:
                with first.cursor() as cursor:  # the site's too, so that it needs new ones
                    cursor.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE backend_type = 'client backend' AND application_name = ''"
                        " AND query NOT IN ('', 'SHOW default_transaction_isolation')"
                        " AND pid <> pg_backend_pid() AND client_port IS NOT NULL"
                    )
                with suppress(psycopg2.OperationalError):
                    while True:
                        taken.enter_context(closing(self.database.connect()))
                time.sleep(0.3)

    def break_the_network(self) -> None:
        self.relay.break_off()
        time.sleep(LASTS)
        self.relay.cut = False

    def lock_a_table(self) -> None:
        with closing(self.database.connect()) as plain, plain.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE projects_project, projects_entity")
            time.sleep(LASTS)
            cursor.execute("ROLLBACK")

    def lock_rows(self) -> None:
        with closing(self.database.connect()) as plain, plain.cursor() as cursor:
            cursor.execute("BEGIN; SELECT * FROM projects_entity FOR UPDATE")
            time.sleep(LASTS)
            cursor.execute("ROLLBACK")

    def fill_the_disk(self) -> None:
        if not os.path.ismount(self.database.home):
            raise NotHere("the database needs a small disk of its own: run as root")
        filler = self.database.home / "filler"
        with suppress(OSError), open(filler, "wb", buffering=0) as file:
            while True:
                file.write(bytes(65536))
        time.sleep(LASTS)
        filler.unlink()
        if not self.database.is_up():  # it may have given up, as it says it does
            self.database.stop("immediate")
            self.database.start()

    def kill_an_import(self) -> None:
        count = "SELECT count(*) FROM projects_project WHERE edition_id IS NULL"
        rows = 3000
        before = self.database.ask(count)
        with tempfile.NamedTemporaryFile("w", suffix=".csv", dir=self.site.log.name[:-9]) as file:
            file.write(
                "reference,title,priority_area,priority_area_basis,scope,scope_basis,provenance,source\n"
            )
            file.writelines(
                f",Imported {n},youth,stated,global,stated,confirmed,drill\n" for n in range(rows)
            )
            file.flush()
            self._killed_in_the_middle("import_projects", file.name)
            self.check(self.database.ask(count) == before, "an import that was killed left rows")
            self.site.managed("import_projects", file.name)
        self.check(
            self.database.ask(count) == [(before[0][0] + rows,)], "an import again was not whole"
        )

    def kill_an_edition(self) -> None:
        count = "SELECT count(*) FROM projects_edition"
        before = self.database.ask(count)
        publish = (
            "from projects.editions import publish; from projects.models import Edition; "
            "publish(Edition(slug='drill', name='Drill', date='2026', note='x'))"
        )
        self._killed_in_the_middle("shell", "-c", publish)
        self.check(self.database.ask(count) == before, "an edition that was killed is there")
        self.site.managed("shell", "-c", publish)

    def _killed_in_the_middle(self, *command: str) -> None:
        """Run a command, and kill it while it writes: once its transaction has a number."""
        process = self.site.manage(*command, PGAPPNAME="killed")
        writing = (
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'killed' "
            "AND backend_xid IS NOT NULL AND xact_start < clock_timestamp() - interval '200 ms'"
        )
        with closing(self.database.connect()) as plain, plain.cursor() as cursor:
            while process.poll() is None:
                cursor.execute(writing)
                if cursor.fetchone() != (0,):
                    break
        self.check(process.poll() is None, f"{command[0]} was over before it could be killed")
        process.kill()
        process.communicate()
        time.sleep(0.5)

    def start_twice(self) -> None:
        self.database.ask("CREATE DATABASE twice")
        url = f"postgres://pvematrix@127.0.0.1:{self.database.port}/twice"
        for step in ("migrate", "load_register"):
            both = [self.site.manage(step, DATABASE_URL=url) for _server in range(2)]
            for one in both:
                one.communicate()
            self.check(not any(one.returncode for one in both), f"two at once: {step} failed")
        rows = self.database.ask("SELECT count(*) FROM projects_project", "twice")
        self.check(rows == [(446,)], f"two at once: {rows[0][0]} rows instead of 446")
        self.database.ask("DROP DATABASE twice")


class NotHere(Exception):
    """A fault that cannot be made on this machine."""

    why = ""

    def __init__(self, why: str):
        super().__init__(why)
        NotHere.why = why


def compare(database: PostgreSQL, site: Site, crowd: Crowd) -> list[str]:
    """Return what is wrong with what is stored; print how much was compared."""
    wrong = []
    kept = set(
        database.ask("SELECT key, new->>'name' FROM projects_revision WHERE key LIKE 'DRILL-%'")
    )
    lost = [one for one in crowd.acknowledged if one not in kept]
    print(f"\nAcknowledged changes: {len(crowd.acknowledged)}. Lost: {len(lost)}.")
    if lost:
        wrong.append(f"lost: {lost[:5]}")
    looked = site.manage("check_integrity")
    said = looked.communicate()[0]
    print(f"Half-written: {said.splitlines()[-1]}")
    if looked.returncode:
        wrong.append(f"half-written: {said}")
    print(site.managed("verify_editions").strip().splitlines()[-1])
    served = Client(site).get("/projects/export.csv")[2].encode()
    digest = hashlib.sha256(b"\xef\xbb\xbf" + served).hexdigest()
    stored = "from projects.editions import fingerprint; print(fingerprint(None))"
    print(f"SHA-256 of the register as served: {digest}")
    if digest not in site.managed("shell", "-c", stored):
        wrong.append("the register is served otherwise than it is stored")
    waiting = database.ask(
        "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
    )
    print(f"Sessions left in a transaction: {waiting[0][0]}.")
    if waiting != [(0,)]:
        wrong.append("sessions are left in a transaction")
    if crowd.silent:
        told = "\n  ".join(site.failures())
        wrong.append(f"answers that say nothing: {dict(crowd.silent)}\n  {told}")
    return wrong


def main() -> int:
    if not PostgreSQL.is_here():
        print("Skipped: no PostgreSQL on this machine (Debian: apt-get install postgresql-15).")
        return int(os.environ.get("REQUIRE_ALL") == "1")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made, ExitStack() as after:
        folder = Path(made)
        folder.chmod(0o755)
        home = folder / "postgresql"
        home.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=160m", "none", str(home)]
        if os.getuid() == 0 and not subprocess.run(mount, check=False).returncode:
            after.callback(subprocess.run, ["umount", "--lazy", str(home)], check=False)
        database = PostgreSQL(home)
        database.start()
        after.callback(database.stop, "immediate")
        relay = Relay(database.port)
        site = Site(relay.port, folder)
        after.callback(site.log.close)
        for step in (["collectstatic", "--noinput"], ["migrate"], ["load_register"]):
            site.managed(*step, "--verbosity", "0")
        site.managed(
            "shell",
            "-c",
            "from django.contrib.auth.models import User; from projects.models import Entity; "
            f"User.objects.create_superuser('drill', 'drill@example.org', '{PASSWORD}'); "
            f"[Entity(acronym=f'DRILL-{{n}}', name='Name').save() for n in range({WRITERS})]",
        )
        site.serve()
        after.callback(site.process.wait)
        after.callback(site.process.terminate)
        with Crowd(site) as crowd:
            drill = Drill(database, relay, site, crowd)
            faults = {
                "nothing": drill.nothing,
                "a worker is killed": drill.kill_a_worker,
                "the database restarts at once": drill.restart_the_database,
                "all its sessions are ended": drill.end_all_sessions,
                "the way to it is broken": drill.break_the_network,
                "a table is locked": drill.lock_a_table,
                "an import is killed half-way": drill.kill_an_import,
                "gunicorn reloads": drill.reload,
                "the database is stopped": drill.stop_the_database,
                "all its connections are taken": drill.take_all_connections,
                "rows are locked": drill.lock_rows,
                "its disk is full": drill.fill_the_disk,
                "an edition is killed half-way": drill.kill_an_edition,
                "two start on an empty database": drill.start_twice,
            }
            for name, fault in faults.items():
                drill.breaks(name, fault)
        wrong = [*drill.wrong, *compare(database, site, crowd)]
    print(f"\nOn time: alive in {LIVE} s, back in {RECOVERED} s, nothing but a 503 after {LATE} s.")
    print(f"{time.monotonic() - began:.0f} seconds.")
    for one in wrong:
        print(f"FAILED: {one}")
    print(f"{'failed' if wrong else 'passed'}: {len(wrong)} things are wrong.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
