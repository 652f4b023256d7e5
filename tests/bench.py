"""`make bench`: what new questions cost here and in Datasette, on PostgreSQL and on SQLite.

Datasette has the table that docs/analysts.md makes, with a full-text index, and its own settings. A
second one suggests no facets, which is most of its work, and has no time limits.

Loads 223 and 10,000 projects, and as many more as it is told (`make bench ARGS=100000`), into
databases of its own, serves them as the image does, with one worker, and asks them and Datasette
the same questions in turn. Every question has another page, filter or word, so that no cached page
answers it. It prints the milliseconds of the clock and of the processors, and a line "fails" for
each bound that is missed; it ends with 1 then. The processors' time is that of all processes of a
target, PostgreSQL's too.
"""

import csv
import itertools
import json
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from .parts import ROOT, Client, PostgreSQL, Site, free_port

DATASETTE = ROOT / ".venv/datasette/bin/datasette"
QUESTIONS, FIRST = 24, 2  # of each kind; the first ones fill caches and are not counted
CLIENTS = 8
AREAS = ["governance", "education", "dialogue", "youth"]
AREAS += ["communications", "gender", "communities", "other"]
SCOPES = ["global", "regional", "national"]
STATUSES = ["planned", "ongoing", "completed"]
WORDS = ["youth", "community", "prevention", "violent", "support", "national", "regional", "women"]
ORDERS = ["-title", "title", "-priority_area", "priority_area", "-scope", "scope", "-status"]
# Datasette's names of parameters, and its facets of a list.
NAMES = {"q": "_search"}
FACETS = [("_facet", one) for one in ("priority_area", "scope", "status")]
FASTEST = ("suggest_facets=off", "sql_time_limit_ms=60000", "facet_time_limit_ms=60000")
LISTS = ("regions", "countries", "entities")
# The most CPU time that this site may take, as a multiple of Datasette's.
BOUNDS = {
    223: {"order and page": 1.5, "two filters": 1.5, "a word and two filters": 1.5},
    10_000: {"order and page": 1.0, "two filters": 1.0, "a word and two filters": 1.0},
    100_000: {
        "order and page": 1.0,
        "two filters": 1.0,
        "a word and two filters": 1.5,
        "rows of the API": 1.0,
    },
}


def questions(kind: str, size: int) -> Iterator[dict[str, str]]:
    if kind == "order and page":
        # With 223, pages of the filled-in table: the list has but one.
        table = {"filled_in": "yes"} if size == 223 else {}
        for page, order in itertools.product(range(2, 6), ORDERS):
            yield {"sort": order, "page": str(page), **table}
    elif kind == "rows of the API":
        for area, scope, status in itertools.product(AREAS, SCOPES, STATUSES):
            yield {"priority_area": area, "scope": scope, "status": status}
    else:
        yield {"priority_area": "gender", "status": "planned"}  # fills caches
        yield {"priority_area": "youth", "status": "ongoing"}
        for number, (area, scope) in enumerate(itertools.product(AREAS, SCOPES)):
            word = {"q": WORDS[number % len(WORDS)]} if kind == "a word and two filters" else {}
            yield word | {"priority_area": area, "scope": scope}


class Target(NamedTuple):
    """Something that answers questions, with the processes whose time counts."""

    base: str
    processes: set[int]
    address_of: Callable[[str, dict[str, str]], str]

    def ask(self, kind: str, question: dict[str, str]) -> int:
        """Return the status of the answer, once all of it is there."""
        address = self.base + self.address_of(kind, question)
        try:
            with urlopen(Request(address, headers={"Accept-Encoding": "gzip"})) as answer:
                answer.read()
                return answer.status
        except HTTPError as refused:
            with refused:
                return refused.status

    def spent(self) -> float:
        """Return the processor milliseconds of the processes and of all that they started."""
        parents, ended = {}, {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                # A process's name can have spaces.
                fields = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended meanwhile
            parents[int(path.parent.name)] = int(fields[1])
            ended[int(path.parent.name)] = sum(map(int, fields[13:15]))
        found = set(self.processes)
        while more := {one for one, parent in parents.items() if parent in found} - found:
            found |= more
        nanoseconds = 0
        for pid in found:
            for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                nanoseconds += int(path.read_text().split()[0])
        ticks = sum(ended.get(pid, 0) for pid in found)
        return nanoseconds / 1e6 + ticks * 1000 / os.sysconf("SC_CLK_TCK")


def ours(kind: str, question: dict[str, str]) -> str:
    path = "/api/v1/projects/" if kind == "rows of the API" else "/projects/"
    return f"{path}?{urlencode(question)}"


def datasettes(kind: str, question: dict[str, str]) -> str:
    asked = dict(question)
    order = asked.pop("sort", "")
    name = "_sort_desc" if order.startswith("-") else "_sort"
    pairs = [(name, order.removeprefix("-"))] if order else []
    # It has no numbers of pages: one of another size is a new question too, and as much work.
    rows = str(24 + int(asked.pop("page", "1")))
    asked.pop("filled_in", "")
    pairs += [(NAMES.get(name, name), value) for name, value in asked.items()]
    if kind == "rows of the API":
        return f"/ds/projects.json?{urlencode([*pairs, ('_size', '25'), ('_shape', 'objects')])}"
    return f"/ds/projects?{urlencode([*FACETS, *pairs, ('_size', rows)])}"


def make_table(folder: Path, table: Path) -> Path:
    """Return a database with the rows of a CSV file, lists as arrays and texts to be searched."""
    path = folder / "ds.db"
    with closing(sqlite3.connect(path)) as made, open(table, newline="") as file:
        rows = csv.reader(file)
        names = next(rows)
        lists = [names.index(name) for name in LISTS]
        made.execute(f"CREATE TABLE projects ({', '.join(names)}, PRIMARY KEY (reference))")
        for row in rows:
            for place in lists:
                row[place] = json.dumps([one for one in row[place].split(";") if one])
            made.execute(f"INSERT INTO projects VALUES ({', '.join('?' * len(names))})", row)
        made.execute("CREATE VIRTUAL TABLE found USING fts5(title, summary, content=projects)")
        made.execute("INSERT INTO found(found) VALUES ('rebuild')")
        made.commit()
    return path


def serve_datasette(database: Path, after: ExitStack, *settings: str) -> Target:
    """Start Datasette with settings such as "name=value"."""
    port = free_port()
    given = [word for one in settings for word in ("--setting", *one.split("="))]
    running = subprocess.Popen(
        [DATASETTE, database, "-p", str(port), *given],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    after.callback(running.kill)
    for _attempt in range(300):
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    return Target(f"http://127.0.0.1:{port}", {running.pid}, datasettes)


class Measured(NamedTuple):
    clock: float
    processors: float


def measure(targets: list[Target], kind: str, size: int) -> list[Measured]:
    """Ask the targets new questions of a kind in turn; return the medians of each."""
    spent: list[list[Measured]] = [[] for _target in targets]
    for number, question in enumerate(itertools.islice(questions(kind, size), FIRST + QUESTIONS)):
        for target, times in zip(targets, spent, strict=True):
            clock, processors = time.perf_counter(), target.spent()
            status = target.ask(kind, question)
            if status != 200:
                raise SystemExit(f"{target.address_of(kind, question)}: {status}")
            # What it does after its answer belongs to it.
            time.sleep(0.01)
            took = time.perf_counter() - clock - 0.01
            if number >= FIRST:
                times.append(Measured(took * 1000, target.spent() - processors))
    return [Measured(*map(statistics.median, zip(*times, strict=True))) for times in spent]


def several_at_once(target: Target) -> Counter:
    """Return the statuses of rows of the API that eight clients ask for."""
    asked = list(questions("rows of the API", 0))[FIRST + QUESTIONS :]
    with ThreadPoolExecutor(CLIENTS) as clients:
        return Counter(clients.map(lambda one: target.ask("rows of the API", one), asked))


def bench(size: int, database: str, environment: dict[str, str], processes: set[int]) -> list[str]:
    """Print the lines of a size and a database; return what fails."""
    with tempfile.TemporaryDirectory() as made, ExitStack() as after:
        folder = Path(made)
        site = Site(folder, WEB_CONCURRENCY="1", **environment)
        for command in ("migrate", "load_register"):
            site.managed(command, "--verbosity", "0")
        if size > 223:
            load = [sys.executable, "-m", "tests.load", str(size)]
            subprocess.run(load, cwd=ROOT, env=site.environment, check=True, capture_output=True)
        site.serve()
        after.callback(site.stop)
        target = Target(site.base, {site.process.pid, *processes}, ours)
        table = folder / "projects.csv"
        table.write_text(Client(site.base).ask("/projects/export.csv")[2])
        database_file = make_table(folder, table)
        targets = [
            target,
            serve_datasette(database_file, after),
            serve_datasette(database_file, after, *FASTEST),
        ]
        wrong = []
        for kind in BOUNDS[100_000]:
            found = measure(targets, kind, size)
            mine = found[0].processors
            ratio, fastest = (mine / one.processors for one in found[1:])
            clock = " / ".join(f"{one.clock:.0f}" for one in found)
            processors = " / ".join(f"{one.processors:.0f}" for one in found)
            line = f"| {size:,}, {database} | {kind} | {clock} | {processors} | {ratio:.2f}"
            print(f"{line} | {fastest:.2f} |", flush=True)
            if ratio > BOUNDS.get(size, {}).get(kind, 1000):
                wrong.append(f"{size:,}, {database}, {kind}: {ratio:.2f} times Datasette's")
        statuses = several_at_once(target)
        if {*statuses} != {200}:
            wrong.append(f"{size:,}, {database}, eight clients of the API: {dict(statuses)}")
    return wrong


def main(arguments: list[str]) -> int:
    sizes = [223, 10_000, *map(int, arguments)]
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    print(f"{date.today()}, {commit}, load {os.getloadavg()[0]:.1f}\n")
    print("| projects | question | clock, ms | processors, ms | ratio | without suggestions |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    wrong = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made, ExitStack() as after:
        home = Path(made)
        home.chmod(0o755)  # PostgreSQL runs as somebody else where this is root
        (home / "server").mkdir()
        server = PostgreSQL(home / "server")
        server.start()
        after.callback(server.stop, "immediate")
        main_process = int((home / "server/data/postmaster.pid").read_text().split()[0])
        static = {"STATIC_ROOT": f"{home}/static"}
        Site(home, **static).managed("collectstatic", "--noinput", "--verbosity", "0")
        for size in sizes:
            server.ask(f"CREATE DATABASE of_{size}")
            address = f"postgres://pvematrix@127.0.0.1:{server.port}/of_{size}"
            wrong += bench(size, "PostgreSQL", static | {"DATABASE_URL": address}, {main_process})
            if size <= 10_000:
                address = f"sqlite:///{home}/{size}.sqlite3"
                wrong += bench(size, "SQLite", static | {"DATABASE_URL": address}, set())
    print(*(f"\nfails: {one}" for one in wrong), sep="")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
