"""Servers that tests start: the site as its users get it, and commands beside it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg2
import pytest
from django.db import connection
from redis import Redis
from redis.exceptions import RedisError

from .conftest import ROOT, SECRET_KEY
from .database import (
    FOLDER,
    TODAY,
    one_at_a_time,
    state_of_the_code,
    template_database,
    template_file,
)
from .parts import Site, free_port


def python(*arguments, **environment) -> subprocess.CompletedProcess:
    """Run Python with just this environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


manage = partial(python, "manage.py")
# Runs commands as manage.py does, and says how each of them ended.
SEVERAL = """
import io, json, os, sys
from contextlib import redirect_stderr, redirect_stdout
from django.core.management import execute_from_command_line
os.environ["DJANGO_SETTINGS_MODULE"] = "pvematrix.settings"
given, ended = dict(os.environ), []
for environment, *command in json.loads(sys.argv[1]):
    os.environ.clear()
    os.environ.update(given | environment)
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        status = 0
        try:
            execute_from_command_line(["manage.py", *command])
        except SystemExit as left:
            status = left.code
    ended.append((status, out.getvalue(), err.getvalue()))
print(json.dumps(ended))
"""


def manage_all(*commands, **environment) -> list[tuple[int, str, str]]:
    """Run several (environment, *words) in one process; gives (exit status, output, errors)."""
    done = python("-c", SEVERAL, json.dumps(commands), **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def own_environment(folder) -> dict[str, str]:
    """Return the settings of a server that has its database in the folder."""
    return {
        "SECRET_KEY": SECRET_KEY,
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "off",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "STATIC_ROOT": str(folder / "static"),
    }


def fill(own: dict[str, str]) -> None:
    """Migrate the database of these settings and load the shipped register."""
    for step in ("migrate", "load_register", "load_elsewhere"):
        assert manage(step, "--verbosity", "0", **own).returncode == 0


@cache
def filled() -> Path:
    """Return a folder with the collected files and a filled database, made once for all processes.

    To pack the files takes ten seconds; they are kept as the template of the database is.
    """
    told = hashlib.sha256(state_of_the_code().encode())
    for file in sorted(Path(ROOT, "static").rglob("*.*")):
        told.update(f"{file}\0".encode() + file.read_bytes())
    kept = FOLDER / f"{TODAY}_{told.hexdigest()[:20]}.site"
    with one_at_a_time():
        if not kept.exists():
            for old in set(FOLDER.glob("*.site")) - set(FOLDER.glob(f"{TODAY}_*")):
                shutil.rmtree(old)
            with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
                own = own_environment(Path(folder, "made"))
                os.mkdir(f"{folder}/made")
                # Without what only a site with DEBUG loads, a third of what there is to pack.
                unused = [f"--ignore={name}.js" for name in ("jquery", "select2.full", "xregexp")]
                ended = manage("collectstatic", "--noinput", "--verbosity=0", *unused, **own)
                assert ended.returncode == 0, ended.stderr
                # What migrations and the register make of a file has been made already.
                if template_file().exists():
                    shutil.copy(template_file(), f"{folder}/made/db.sqlite3")
                else:
                    fill(own)
                os.rename(f"{folder}/made", kept)
    return kept


@contextmanager
def served(folder, **environment):
    """Serve the shipped register as `make run` and the image do; gives the address."""
    own = own_environment(folder) | {"STATIC_ROOT": str(filled() / "static")} | environment
    if "DATABASE_URL" not in environment:
        shutil.copy(filled() / "db.sqlite3", folder)
    with serving(own) as address:
        yield address


@contextmanager
def serving(own: dict[str, str]):
    """Serve what has been set up with these settings; gives the address."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), **own)
        site.serve()
        try:
            yield site.base
        finally:
            site.stop()


@contextmanager
def new_database(folder, filled=False):
    """Yield the DATABASE_URL of an empty database of the kind that is under test.

    On PostgreSQL it may have the shipped register, which the process has a template of.
    """
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'register.sqlite3'}"
        return
    server, name = urlsplit(os.environ["DATABASE_URL"]), f"of_a_test_{uuid4().hex}"
    with closing(psycopg2.connect(server._replace(path="/postgres").geturl())) as admin:
        admin.autocommit = True
        template = f" TEMPLATE {template_database()}" if filled else ""
        admin.cursor().execute(f"CREATE DATABASE {name}{template}")
        try:
            yield server._replace(path=f"/{name}").geturl()
        finally:
            admin.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def valkey(folder):
    """Run a Valkey or Redis; gives its address and its process."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if not program:
        assert os.environ.get("REQUIRE_ALL") != "1", "install valkey-server"
        pytest.skip("no Valkey or Redis on this machine (Debian: valkey-server)")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen([program, *options], stdout=subprocess.DEVNULL) as running:
        address = f"redis://127.0.0.1:{port}/0"
        for _attempt in range(100):
            with suppress(RedisError):
                Redis.from_url(address).ping()
                break
            time.sleep(0.1)
        yield address, running
        running.kill()
