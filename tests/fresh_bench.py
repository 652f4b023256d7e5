"""Measures questions that nobody asked before: CPU milliseconds, compared with Datasette.

    python -m tests.fresh_bench ours,PID=http://127.0.0.1:8000 datasette,PID=http://127.0.0.1:8001/ds

Every request has another word, filter or sort, so that no cached page answers it. The targets are
asked alternately, in five rounds. The CPU time is that of the processes PID (one or several, such
as PostgreSQL's) and of all that they started. docs/performance.md says how to start
both.
"""

import itertools
import os
import statistics
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROUNDS, REQUESTS = 5, 5  # requests of each kind and target in a round
AREAS = ["governance", "education", "dialogue", "youth", "communications", "gender", "communities"]
REGIONS = ["africa", "mena", "asia", "europe", "americas"]
WORDS = ["youth", "community", "prevention", "violent", "support", "national", "regional", "women"]
ORDERS = ["title", "-title", "priority_area", "-priority_area", "scope", "-scope"]
ORDERS += ["status", "-status", "-reference"]
# Datasette's facets, and its names of parameters.
FACETS = [("_facet", one) for one in ("priority_area", "scope", "status")]
FACETS += [("_facet_array", one) for one in ("regions", "entities", "countries")]
NAMES = {"q": "_search", "region": "regions__arraycontains", "per_page": "_size"}


def cpu_of(roots: set[int]) -> float:
    """Return the CPU milliseconds of processes and of all that they started."""
    fields: dict[int, list[str]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # A process's name can have spaces.
            fields[int(path.parent.name)] = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
    pids = set(roots)
    while more := {pid for pid, found in fields.items() if int(found[1]) in pids} - pids:
        pids |= more
    ticks = sum(int(ticks) for pid in pids for ticks in fields.get(pid, [])[11:15])
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


def questions(kind: str) -> Iterator[dict[str, str]]:
    if kind == "list":
        for size, order in itertools.product(["25", "50", "100"], ORDERS):
            yield {"sort": order, "per_page": size}
    elif kind == "two filters":
        for area, region in itertools.product(AREAS, REGIONS):
            yield {"priority_area": area, "region": region}
    else:
        for order, word in itertools.product(ORDERS, WORDS):
            yield {"q": word, "sort": order}


def ask(name: str, base: str, asked: dict[str, str]) -> None:
    address = f"{base}/projects/?{urllib.parse.urlencode(asked)}"
    if name == "datasette":
        order = asked.get("sort", "reference")
        pairs = [("_sort_desc" if order.startswith("-") else "_sort", order.removeprefix("-"))]
        pairs += [(NAMES.get(n, n), value) for n, value in asked.items() if n != "sort"]
        address = f"{base}/projects?{urllib.parse.urlencode([*FACETS, *pairs])}"
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=300) as response:
        response.read()


def main() -> None:
    targets = {}
    for one in sys.argv[1:]:
        known, base = one.split("=", 1)
        name, *pids = known.split(",")
        targets[name] = ({*map(int, pids)}, base)
    print(f"load {os.getloadavg()[0]:.1f}\n{'CPU ms':12}", *(f"{name:>10}" for name in targets))
    for kind in ("list", "two filters", "word"):
        asked = questions(kind)
        spent: dict[str, list[float]] = {name: [] for name in targets}
        for number in range(ROUNDS + 1):
            some = list(itertools.islice(asked, REQUESTS if number else 2))
            for name, (pids, base) in targets.items():
                before = cpu_of(pids)
                for question in some:
                    ask(name, base, question)
                spent[name].append((cpu_of(pids) - before) / len(some))
        # Without the first requests, which fill caches.
        medians = [statistics.median(spent[name][1:]) for name in targets]
        ratios = "".join(f"  {medians[0] / other:.2f} times" for other in medians[1:])
        print(f"{kind:12}", *(f"{one:10.1f}" for one in medians), ratios, flush=True)


if __name__ == "__main__":
    main()
