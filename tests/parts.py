"""Real parts that the drill and the rehearsal start and break, and the people who use the site."""

import glob
import os
import re
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import (
    BaseHandler,
    HTTPCookieProcessor,
    HTTPRedirectHandler,
    HTTPSHandler,
    Request,
    build_opener,
)

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = secrets.token_urlsafe(24)
# An answer later than this has to say why.
LATE = 4.0
# The name of the site, as in deploy/nginx.conf.
NAME = "pve.example.org"
# What a row needs, else it has measured nothing, and for how many seconds longer it waits for that.
ANSWERS, SAVES, PATIENCE = 20, 1, 30.0


def free_port() -> int:
    """Return a port of this machine where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def thousands(number: int) -> bytes:
    """Return a CSV file with this number of projects; a hundred are in the register."""
    head = "reference,title,priority_area,priority_area_basis,scope,scope_basis,regions"
    head += ",regions_basis,countries,entities,status,start_date,source,provenance,in_matrix"
    row = "{},Project {},youth,stated,national,stated,africa,stated,KEN,UNDP,ongoing,2019-05"
    row += ',"A/70/674, para. 2",confirmed,{}'
    rows = [row.format(f"PVE-{n:03}", n, "yes") for n in range(1, 101)]
    rows += [row.format("", n, "not-stated") for n in range(101, number + 1)]
    return "\r\n".join([head, *rows]).encode()


class PostgreSQL:
    """A server of its own, which can be stopped, started and asked."""

    def __init__(self, home: Path):
        self.home, self.port = home, free_port()
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
        preferred = [one for one in found if "/15/" in one] or found
        self.bin = Path(preferred[-1]).parent
        self.run_as = []
        if os.getuid() == 0:  # it refuses to run as root
            shutil.chown(home, "nobody", "nogroup")
            self.run_as = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        self._create()

    def _create(self) -> None:
        self.run("initdb", "-U", "pvematrix", "-A", "trust", "-E", "UTF8", "--wal-segsize=1")
        self._set(
            f"listen_addresses = '127.0.0.1'\nport = {self.port}\nmax_connections = 40\n"
            f"unix_socket_directories = '{self.home}'\nmax_wal_size = 32MB\nmin_wal_size = 8MB\n"
        )

    def _set(self, lines: str) -> None:
        with open(self.home / "data/postgresql.conf", "a") as settings:
            settings.write(lines)

    def run(self, program: str, *options: str, check: bool = True) -> None:
        command = [*self.run_as, str(self.bin / program), "-D", str(self.home / "data"), *options]
        silent = None if check else subprocess.DEVNULL
        subprocess.run(
            command, cwd=self.home, check=check, stdout=subprocess.DEVNULL, stderr=silent
        )

    def start(self) -> None:
        self.run("pg_ctl", "-s", "-w", "-t", "60", "-l", str(self.home / "log"), "start")

    def stop(self, mode: str = "fast") -> None:
        self.run("pg_ctl", "-s", "-w", "-m", mode, "stop", check=False)

    def connect(self):
        plain = psycopg2.connect(
            host="127.0.0.1", port=self.port, user="pvematrix", dbname="postgres", connect_timeout=5
        )
        plain.autocommit = True
        return plain

    def ask(self, query: str) -> list[tuple]:
        with closing(self.connect()) as plain, plain.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else []


class Standby(PostgreSQL):
    """A streaming standby of another server."""

    def __init__(self, home: Path, primary: PostgreSQL):
        self.primary = primary
        super().__init__(home)

    def _create(self) -> None:
        primary = f"host=127.0.0.1 port={self.primary.port} user=pvematrix"
        self.run("pg_basebackup", "-d", primary, "--write-recovery-conf", "--checkpoint=fast")
        self._set(f"port = {self.port}\nunix_socket_directories = '{self.home}'\n")


class Site:
    """The product as gunicorn serves it, and manage.py for the same database."""

    def __init__(self, folder: Path, **settings: str):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "off",
            "STATIC_ROOT": str(folder / "static"),
            "BIND": f"127.0.0.1:{self.port}",
        } | settings
        self.log = folder / f"site-{self.port}.log"
        self.process: subprocess.Popen | None = None

    def manage(self, *command: str, **settings: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def managed(self, *command: str) -> str:
        process = self.manage(*command)
        output = process.communicate()[0]
        if process.returncode:
            raise SystemExit(f"manage.py {command[0]}: {output}")
        return output

    def fill(self) -> None:
        """Load the register, a superuser and the entities that the staff of a crowd change."""
        for step in (
            ["collectstatic", "--noinput"],
            ["migrate"],
            ["load_register"],
            ["load_elsewhere"],
        ):
            self.managed(*step, "--verbosity", "0")
        self.managed(
            "shell",
            "-c",
            "from django.contrib.auth.models import User; "
            "from projects.models import Entity, Project; "
            f"User.objects.create_superuser('staff', 'staff@example.org', '{PASSWORD}'); "
            "[Entity(acronym=f'CROWD-{n}', name='Name 0 of it').save() for n in range(2)]; "
            # One that no public record names has no page.
            "named = Entity.objects.filter(acronym__startswith='CROWD'); "
            "Project.published.get(reference='PVE-001').entities.add(*named)",
        )

    def serve(self) -> None:
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "pvematrix.wsgi"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        client = Client(self.base)
        for _attempt in range(300):
            if client.ask("/readyz")[0] == 200:
                return
            time.sleep(0.1)
        raise SystemExit(f"The site did not start: {self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    def workers(self) -> list[int]:
        master = self.process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text()
        return [int(one) for one in children.split()]

    def errors(self) -> list[str]:
        """Return what the log says of exceptions, a line each."""
        lines = self.log.read_text(errors="replace").splitlines()
        return sorted({one[:300] for one in lines if re.match(r"[\w.]+(Error|Exception)\b", one)})


class _Unfollowed(HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Unverified(ssl.SSLContext):
    """Takes any certificate, and asks for that of the site, also where its address is asked."""

    def __init__(self, *_protocol):
        self.check_hostname, self.verify_mode = False, ssl.CERT_NONE

    def wrap_socket(self, *args, **kwargs):
        return super().wrap_socket(*args, **kwargs | {"server_hostname": NAME})


class Client:
    """Asks a site; gives status, headers and text, and status 0 where nothing came."""

    def __init__(self, base: str, *handlers: BaseHandler):
        self.base = base
        context = Unverified(ssl.PROTOCOL_TLS_CLIENT)
        self.browser = build_opener(HTTPSHandler(context=context), _Unfollowed, *handlers)

    def ask(self, path: str, data: bytes | None = None, **headers: str):
        address = path if "://" in path else self.base + path
        # Django compares it with the host, which nginx passes on without the port.
        sent = {"Referer": "https://127.0.0.1/"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            with self.browser.open(Request(address, data, sent), timeout=40) as answer:
                return answer.status, answer.headers, answer.read().decode("utf-8-sig", "replace")
        except HTTPError as refused:
            with refused:
                return refused.status, refused.headers, refused.read().decode()
        except (OSError, HTTPException):
            return 0, {}, ""

    def post(self, path: str, page: str, **values: str):
        hidden = r'<input type="hidden" name="(csrfmiddlewaretoken|seen)" value="([^"]*)"'
        return self.ask(path, urlencode(values | dict(re.findall(hidden, page))).encode())


class Answer(NamedTuple):
    """What one request met; status 0 where nothing came."""

    began: float
    took: float
    status: int
    is_of_staff: bool


class Crowd:
    """Readers, and staff who save numbered names, until it is left; `wrong` must stay empty.

    While it `compares`, a reader must not be shown an older name than the last one that was
    acknowledged before the request, not even by a 304.
    """

    def __init__(self, base: str, pages: list[str], pause: float):
        self.base, self.pages, self.pause = base, pages, pause
        self.answers: list[Answer] = []
        self.acknowledged: list[str] = []
        self.saved_at: list[float] = []
        self.wrong: list[str] = []
        self.compares, self.done = True, Event()
        self.last = Counter()
        jobs = [(self._read, n) for n in range(3)] + [(self._save, n) for n in range(2)]
        self.threads = [Thread(target=job, args=(number,)) for job, number in jobs]

    def _ask(self, is_of_staff: bool, ask: Callable, path: str, *asked, **sent):
        began = time.monotonic()
        answer = ask(path, *asked, **sent)
        self.answers.append(Answer(began, time.monotonic() - began, answer[0], is_of_staff))
        if answer[0] >= 400 and not answer[1].get("Retry-After"):
            self.wrong.append(f"{path}: {answer[0]}")
        return answer

    def _read(self, number: int) -> None:
        client, has = Client(self.base), {}
        of_entity = f"/entities/CROWD-{number % 2}/"
        while not self.done.wait(self.pause):
            path = [*self.pages, of_entity][number % (len(self.pages) + 1)]
            number += 1
            tag = {"If_None_Match": has[path][0]} if path in has else {}
            saved = self.last[of_entity] if self.compares else 0
            status, headers, text = self._ask(False, client.ask, path, **tag)
            if status == 304:
                text = has[path][1]
            elif status == 200 and headers.get("ETag"):
                has[path] = headers["ETag"], text
            if path == of_entity and status in (200, 304):
                shown = int(re.search(r"Name (\d+) of it", text)[1])
                if shown < saved:
                    self.wrong.append(f"{path}: name {shown} is shown, {saved} was saved")

    def _save(self, number: int) -> None:
        client, acronym, tried = None, f"CROWD-{number}", 0
        while not self.done.wait(self.pause):
            if client is None:
                client = self.logged_in()
                continue
            search = f"/admin/projects/entity/?q={acronym}"
            status, _headers, listed = self._ask(True, client.ask, search)
            found = re.search(r'href="(/admin/projects/entity/\d+/change/)', listed)
            if status == 302:
                client = None
            if not found:
                continue
            status, _headers, page = self._ask(True, client.ask, found[1])
            if status != 200:
                continue
            tried += 1
            form = {"acronym": acronym, "name": f"Name {tried} of it", "reason": "crowd"}
            if self._ask(True, client.post, found[1], page, **form)[0] == 302:
                self.acknowledged.append(f"{acronym}: Name {tried} of it")
                self.saved_at.append(time.monotonic())
                self.last[f"/entities/{acronym}/"] = tried

    def logged_in(self) -> Client | None:
        client = Client(self.base, HTTPCookieProcessor())
        page = client.ask("/accounts/login/")[2]
        form = {"login": "staff", "password": PASSWORD}
        if client.post("/accounts/login/", page, **form)[0] == 302:
            return client
        self.done.wait(1)
        return None

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self.done.set()
        for thread in self.threads:
            thread.join()
        if not self.acknowledged:
            self.wrong.append("nobody could save")


class Table:
    """Prints a line for each thing that is broken, with what a crowd met meanwhile."""

    def __init__(self, crowd: Crowd):
        self.crowd = crowd
        print(f"{'what breaks':34}{'answers':>8}{'refused':>8}{'none':>6}{'late':>6}{'wrong':>6}"
              f"{'saves':>7}{'slowest':>9}{'back in':>9}", flush=True)  # fmt: skip

    def breaks(
        self, name: str, problem: Callable[[], object], lasts: float, ends=True, least_saves=SAVES
    ) -> Counter:
        """Break something, wait, print the line; return how many answers had which status.

        Where the problem `ends`, readers have to be answered again. A row without ANSWERS, of any
        status, or without `least_saves` is wrong: nothing was measured.
        """
        saves, wrong = len(self.crowd.acknowledged), len(self.crowd.wrong)
        start = time.monotonic()
        problem()
        end = time.monotonic()
        time.sleep(lasts)
        while True:
            met = [one for one in self.crowd.answers if one.began + one.took >= start]
            status = Counter(one.status for one in met)
            answered, saved = status.total() - status[0], len(self.crowd.acknowledged) - saves
            is_measured = answered >= ANSWERS and saved >= least_saves
            if is_measured or time.monotonic() >= end + lasts + PATIENCE:
                break
            time.sleep(0.1)
        readers = [one for one in met if not one.is_of_staff]
        unanswered = [one for one in readers if one.status not in (200, 304)]
        late = sum(one.took > LATE and one.status in (200, 302) for one in met)
        back = max([0.0, *(one.began + one.took - end for one in unanswered)])
        print(f"{name:34}{len(met):8}{status[429] + status[503]:8}{status[0]:6}{late:6}"
              f"{len(self.crowd.wrong) - wrong:6}{saved:7}"
              f"{max([0, *(one.took for one in met)]):8.1f}s{back:8.1f}s"
              f"{'' if is_measured else '  not measured'}", flush=True)  # fmt: skip
        if not is_measured:
            self.crowd.wrong.append(f"{name}: not measured, answers {answered}, saves {saved}")
        if ends and unanswered and unanswered[-1].began > time.monotonic() - 1:
            self.crowd.wrong.append(f"{name}: the site does not answer again")
        return status


def missing(database: PostgreSQL, crowd: Crowd) -> list[str]:
    """Return the acknowledged saves that the database's history does not have."""
    names = "SELECT key || ': ' || (new->>'name') FROM projects_revision WHERE key LIKE 'CROWD-%'"
    stored = set(database.ask(names))
    return [one for one in crowd.acknowledged if (one,) not in stored]


def half_written(site: Site) -> list[str]:
    """Return what the checks of the stored data find."""
    wrong = []
    for command in ("check_integrity", "verify_editions"):
        process = site.manage(command)
        output = process.communicate()[0].strip()
        print(output.splitlines()[-1])
        if process.returncode:
            wrong.append(output)
    return wrong


def report(wrong: list[str], began: float) -> int:
    """Print what is wrong, and return the exit status."""
    for one in wrong[:20]:
        print(f"FAILED: {one}")
    result = f"failed: {len(wrong)} things are wrong" if wrong else "passed"
    print(f"{result}, {time.monotonic() - began:.0f} seconds.")
    return int(bool(wrong))
