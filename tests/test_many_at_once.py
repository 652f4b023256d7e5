"""What others notice while many ask for what is dear: on the site as it runs."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from signal import SIGCONT, SIGSTOP
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.db import connection

from .conftest import ROOT
from .servers import new_database, own_environment, served

pytestmark = pytest.mark.long

# So many that a search of all their texts takes a while.
PROJECTS = "20000"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of a long register, served by gunicorn with its own settings."""
    if connection.vendor != "postgresql":
        pytest.skip("a register of this length is filled by PostgreSQL's COPY")
    folder = tmp_path_factory.mktemp("site")
    # Nobody reads what the server writes, and it writes a line for each of a great many.
    silent = {"GUNICORN_CMD_ARGS": "--access-logfile=/dev/null", "LOG_LEVEL": "CRITICAL"}
    with new_database(folder) as database, served(folder, DATABASE_URL=database, **silent) as base:
        own = {"PATH": os.environ["PATH"], **own_environment(folder), "DATABASE_URL": database}
        fill = [sys.executable, "-m", "tests.load", PROJECTS]
        subprocess.run(fill, cwd=ROOT, env=own, check=True, capture_output=True)
        answered(f"{base}/projects/")  # counts once what all pages count with
        yield base


def answered(address: str) -> tuple[int, float, str]:
    """Return the status, the seconds that it took, and when to try again."""
    began = time.monotonic()
    try:
        with urlopen(address, timeout=30) as response:
            response.read()
            return response.status, time.monotonic() - began, ""
    except HTTPError as error:
        with error:
            error.read()
            return error.code, time.monotonic() - began, error.headers.get("Retry-After", "")


# Reads a file again and again, as fast as it can, or a kilobyte a second; a process of its own.
READER = """
import sys, time
from urllib.error import HTTPError
from urllib.request import urlopen
while True:
    try:
        with urlopen(sys.argv[1]) as file:
            while file.read(int(sys.argv[2])):
                time.sleep(float(sys.argv[3]))
    except HTTPError as error:
        assert error.code == 503
        time.sleep(0.2)
"""


@pytest.fixture
def readers(site):
    """Eight processes that download, four of them slowly; they are asleep until they are woken."""
    slow, fast = ("/projects/export.csv", "1024", "1"), ("/projects/export.csv?sort=title", "65536")
    found = [
        subprocess.Popen([sys.executable, "-c", READER, site + address, *how])
        for address, *how in [slow] * 4 + [(*fast, "0")] * 4
    ]
    try:
        # They have begun by then, which takes more than what they do.
        time.sleep(5)
        yield found
    finally:
        for one in found:
            one.kill()
            one.wait()


def test_eight_downloads_leave_the_list_within_twice_its_time(site, readers):
    pages, times = count(1), {SIGSTOP: [], SIGCONT: []}
    for _round in range(4):
        for signal, found in times.items():
            for one in readers:
                one.send_signal(signal)
            # Pages that nobody asked for before: each is made.
            for _page in range(20):
                status, took, _retry = answered(f"{site}/projects/?page={next(pages)}")
                assert status == 200
                found.append(took)
    # Each still reads, or comes again where it was refused.
    assert [one.poll() for one in readers] == [None] * 8
    alone, beside = (sorted(found)[int(len(found) * 0.95)] for found in times.values())
    assert beside <= 2 * alone


def test_more_searches_than_threads_are_answered_or_refused_soon(site):
    """Searches that the database reads all rows for, in parts of words that are everywhere."""
    addresses = [f"{site}/projects/?q=pro+ect+{number}" for number in range(60)]
    with ThreadPoolExecutor(60) as many:
        asked = [many.submit(answered, address) for address in addresses]
        time.sleep(0.5)
        # What costs little does not wait behind them.
        status, soon, _retry = answered(f"{site}/about/")
        found = [one.result() for one in asked]
    assert status == 200
    assert soon < 10
    assert {(status, retry) for status, _took, retry in found} == {(200, ""), (503, "5")}
    assert max(took for _status, took, _retry in found) < 20
    # And all is well after that.
    assert answered(addresses[0])[0] == 200
