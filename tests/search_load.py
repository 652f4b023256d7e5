"""`make search-load`: how long searches of a long register take, after `make load ARGS=60000`.

Serves the register of DATABASE_URL as `make run` does, and sends searches one after the other, the
same ones in every run. 95 of 100 have to take P95 seconds at most, and each SLOWEST: by the clock,
or where others use the machine by the CPU time of the site and its database, which has to be here.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from string import ascii_lowercase
from typing import NamedTuple
from urllib.parse import urlencode

import django
import psycopg2

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pvematrix.settings")
    django.setup()

from projects.asking.fields import MOST_WORDS
from projects.models.conditions import RELEVANCE, SORTS

from .fresh_bench import cpu_of
from .load import NOW_AND_THEN, OFTEN, SYLLABLES
from .parts import Client, Site, report

SEARCHES, P95, SLOWEST = 300, 1.0, 2.0
QUIET = 0.1  # of the machine's CPU time, used by others
WORDS = (OFTEN + NOW_AND_THEN).split()
# Names of filters, and of projects.
SIGNS = [*"%_\\'&<éß–’🙂"]
NAMES = ["youth", "africa", "national", "unesco", "ongoing", "Kenya", "undp", "mena", "UN-Women"]
NAMES += ["human", "rights", "PVE-17", "1"]
WORST = [
    ['"q w e r t" "a s d" z x'],
    ["q w e r t a s d z x"],
    ["e a t i"],
    ['"e a" "t i" o', '"n r" "s l"', "e"],
    ["youth africa unesco national ongoing human rights kenya"],
    ['"youth community" "violent extremism" zzz'],
    ["e", "a", "i"],
]


def _word(chance: random.Random) -> str:
    kind, word = chance.randrange(8), chance.choice(WORDS)
    if kind == 0:
        return chance.choice(ascii_lowercase)
    if kind == 1:
        return "".join(chance.choices(ascii_lowercase, k=2))
    if kind == 2:
        return chance.choice(NAMES)
    if kind == 3:  # a part of it
        return word[chance.randrange(len(word)) :]
    if kind == 4:  # misspelt
        place = chance.randrange(len(word))
        return word[:place] + chance.choice(ascii_lowercase) + word[place + 1 :]
    if kind == 5:  # seldom
        return "".join(chance.choices(SYLLABLES.split(), k=3))
    if kind == 6:
        return chance.choice(SIGNS)
    return word


def _query(chance: random.Random, most: int) -> str:
    words = [_word(chance) for _number in range(chance.randint(1, most))]
    if chance.random() < 0.3:
        start = chance.randrange(len(words))
        words[start], words[-1] = f'"{words[start]}', f'{words[-1]}"'
    return " ".join(words)


def searches() -> Iterator[list[tuple[str, str]]]:
    """Yield the parameters of each search; no two are the same."""
    chance = random.Random(1)
    for queries in WORST:
        for sort in (RELEVANCE, "reference"):
            yield [*(("q", one) for one in queries), ("sort", sort)]
    for _number in range(SEARCHES - 2 * len(WORST)):
        several = chance.randint(1, 3)
        queries = [_query(chance, MOST_WORDS // several) for _each in range(several)]
        sort = chance.choice([RELEVANCE, RELEVANCE, *SORTS, "-title"])
        yield [*(("q", one) for one in queries), ("sort", sort)]


class Took(NamedTuple):
    """Seconds by the clock, of the CPU, and the database's part of these; what was asked."""

    clock: float
    cpu: float
    database: float
    status: int
    address: str


class Watch:
    """Reads the clock and the CPU time of the site, its database and the whole machine."""

    def __init__(self, site: Site, database: int):
        self.site, self.database = site.process.pid, database

    def read(self) -> tuple[float, float, float]:
        of_database = cpu_of({self.database}) / 1000
        return time.monotonic(), cpu_of({self.site}) / 1000 + of_database, of_database

    @staticmethod
    def machine() -> float:
        user, nice, system, _idle, _waiting, *others = (
            int(ticks) for ticks in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
        )
        return sum([user, nice, system, *others]) / os.sysconf("SC_CLK_TCK")


def ask_all(site: Site, watch: Watch) -> list[Took]:
    client, met = Client(site.base), []
    for parameters in searches():
        address = f"/projects/?{urlencode(parameters)}"
        before = watch.read()
        status, _headers, _page = client.ask(address)
        took = [now - then for now, then in zip(watch.read(), before, strict=True)]
        met.append(Took(*took, status, address))
    return met


def main() -> int:
    began, url = time.monotonic(), os.environ["DATABASE_URL"]
    with closing(psycopg2.connect(url)) as plain, plain.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), count(*) FROM projects_project")
        pid, projects = cursor.fetchone()
        # The process that PostgreSQL's others belong to.
        database = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), DATABASE_URL=url)
        site.managed("collectstatic", "--noinput", "--verbosity", "0")
        site.serve()
        watch = Watch(site, database)
        try:
            # Each worker counts once what all pages count with.
            with ThreadPoolExecutor(8) as several:
                list(several.map(Client(site.base).ask, ["/projects/?entity=UNESCO"] * 8))
            own = time.process_time() + watch.read()[1]
            start, machine = time.monotonic(), watch.machine()
            met = ask_all(site, watch)
            own = time.process_time() + watch.read()[1] - own
            others = watch.machine() - machine - own
            others /= (time.monotonic() - start) * (os.cpu_count() or 1)
        finally:
            site.stop()
    judged = "clock" if others < QUIET else "cpu"
    print(f"{len(met)} searches of {projects} projects. Others used {others:.0%} of the CPU: "
          f"judged by the {judged}.\n{'seconds':10}{'p50':>8}{'p95':>8}{'max':>8}")  # fmt: skip
    wrong = [f"{one.status}: {one.address}" for one in met if one.status != 200]
    for name in ("clock", "cpu", "database"):
        found = sorted(getattr(one, name) for one in met)
        p50, p95, most = found[len(found) // 2], found[int(len(found) * 0.95)], found[-1]
        print(f"{name:10}{p50:8.2f}{p95:8.2f}{most:8.2f}")
        if name == judged and (p95 > P95 or most > SLOWEST):
            wrong.append(f"p95 {p95:.2f} s, the slowest {most:.2f} s")
    print(f"503: {sum(one.status == 503 for one in met)}. The slowest:")
    for one in sorted(met, key=lambda one: -getattr(one, judged))[:5]:
        print(f"{one.clock:6.2f}{one.cpu:6.2f}{one.database:6.2f}  {one.address}")
    return report(wrong, began)


if __name__ == "__main__":
    sys.exit(main())
