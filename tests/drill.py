"""`make drill`: a running site, readers and staff, and one thing after the other that breaks.

Real parts: gunicorn and a PostgreSQL of its own. In the end what was acknowledged is compared with
what is stored. Lost saves, anything half-written, stale pages and errors that do not say when to
try again fail the drill; so does a step of an import of 10,000 rows that takes 25 seconds.
Other times are printed, since they are the machine's as much as the site's.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import psycopg2

from . import parts
from .parts import Client, Crowd, PostgreSQL, Site, Table

LASTS = 5.0
PAGES = [
    *("/", "/projects/", "/projects/?q=youth+africa&sort=title", "/projects/PVE-001/", "/healthz"),
    *("/reports/cross-table/?rows=scope&columns=region", "/projects/export.csv"),
]


class Drill:
    """The problems; `wrong` is what a problem itself left behind."""

    def __init__(self, database: PostgreSQL, site: Site):
        self.database, self.site = database, site
        self.wrong: list[str] = []

    def nothing(self) -> None:
        time.sleep(LASTS)

    def kill_a_worker(self) -> None:
        os.kill(self.site.workers()[0], signal.SIGKILL)

    def reload(self) -> None:
        self.site.process.send_signal(signal.SIGHUP)
        time.sleep(2)

    def restart_the_database(self) -> None:
        self.database.stop("immediate")
        time.sleep(LASTS)
        self.database.start()

    def end_all_sessions(self) -> None:
        self.database.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )

    def take_all_connections(self) -> None:
        with ExitStack() as taken:
            ends = time.monotonic() + LASTS
            while time.monotonic() < ends:
                with suppress(psycopg2.OperationalError):
                    while True:
                        taken.enter_context(closing(self.database.connect()))
                time.sleep(0.3)

    def lock_tables(self) -> None:
        with closing(self.database.connect()) as plain, plain.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE projects_project, projects_entity")
            time.sleep(LASTS)
            cursor.execute("ROLLBACK")

    def fill_the_disk(self) -> None:
        filler = self.database.home / "filler"
        with suppress(OSError), open(filler, "wb", buffering=0) as file:
            while True:
                file.write(bytes(65536))
        time.sleep(LASTS)
        filler.unlink()
        try:
            self.database.ask("SELECT 1")
        except psycopg2.Error:  # it has given up
            self.database.stop("immediate")
            self.database.start()

    def kill_an_import(self) -> None:
        count = "SELECT count(*) FROM projects_project WHERE edition_id IS NULL"
        ((before,),) = self.database.ask(count)
        row = ",Imported {},youth,stated,global,stated,confirmed,drill\n"
        columns = "title,priority_area,priority_area_basis,scope,scope_basis,provenance,source"
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write(f"reference,{columns}\n" + "".join(row.format(n) for n in range(3000)))
            file.flush()
            self._killed_while_it_writes("import_projects", file.name)
            ((left,),) = self.database.ask(count)
            self.site.managed("import_projects", file.name)
        ((after,),) = self.database.ask(count)
        if (left, after) != (before, before + 3000):
            self.wrong.append(f"import: {before} rows, {left} after it was killed, then {after}")

    def _killed_while_it_writes(self, *command: str) -> None:
        process = self.site.manage(*command, PGAPPNAME="killed")
        # Once its transaction has a number.
        writes = (
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'killed' "
            "AND backend_xid IS NOT NULL AND xact_start < clock_timestamp() - interval '200 ms'"
        )
        while process.poll() is None and self.database.ask(writes) == [(0,)]:
            time.sleep(0.02)
        if process.poll() is not None:
            self.wrong.append(f"{command[0]} was over before it could be killed")
        process.kill()
        process.communicate()
        time.sleep(0.5)


def import_ten_thousand_rows(client: Client) -> list[str]:
    """Import the most rows that a file may have at the desk, undo it, and print the seconds."""
    place, took = "/admin/projects/batch/import/", {}

    def timed(step: str, ask: Callable, *asked, **sent):
        began = time.monotonic()
        answer = ask(*asked, **sent)
        took[step] = time.monotonic() - began
        if answer[0] not in (200, 302):
            raise SystemExit(f"10,000 rows, {step}: {answer[0]} after {took[step]:.1f} s")
        return answer

    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)', client.ask(place)[2])[1]
    sent = {"Content_Type": "multipart/form-data; boundary=x", "X_CSRFToken": token}
    form = head + parts.thousands(10_000) + b"\r\n--x--\r\n"
    preview = timed("read", client.ask, place, form, **sent)[1]["Location"]
    page = timed("preview", client.ask, preview)[2]
    known = {"digest": re.search(r'name="digest" value="([^"]+)', page)[1], "reason": "drill"}
    done = timed("confirmation", client.post, preview, page, **known)[1]["Location"]
    timed("undo", client.post, done.replace("change", "undo"), page, reason="drill")
    print("10,000 rows:", ", ".join(f"{step} {seconds:.1f} s" for step, seconds in took.items()))
    return [f"10,000 rows: {step} took {one:.1f} s" for step, one in took.items() if one > 25]


def main() -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made, ExitStack() as after:
        folder = Path(made)
        folder.chmod(0o755)
        home = folder / "postgresql"
        home.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=160m", "none", str(home)]
        has_small_disk = os.getuid() == 0 and not subprocess.run(mount, check=False).returncode
        if has_small_disk:
            after.callback(subprocess.run, ["umount", "--lazy", str(home)], check=False)
        database = PostgreSQL(home)
        database.start()
        after.callback(database.stop, "immediate")
        url = f"postgres://pvematrix@127.0.0.1:{database.port}/postgres"
        site = Site(folder, DATABASE_URL=url, STAFF_SECOND_FACTOR="off")
        site.fill()
        site.serve()
        after.callback(site.stop)
        drill = Drill(database, site)
        problems = {
            "nothing": drill.nothing,
            "a worker is killed": drill.kill_a_worker,
            "gunicorn reloads": drill.reload,
            "the database is stopped": drill.restart_the_database,
            "all its sessions are ended": drill.end_all_sessions,
            "all its connections are taken": drill.take_all_connections,
            "tables are locked": drill.lock_tables,
            "its disk is full": drill.fill_the_disk,
            "an import is killed half-way": drill.kill_an_import,
        }
        if not has_small_disk:
            del problems["its disk is full"]
            print("The database has no small disk that could be full: that takes root.")
        with Crowd(f"http://127.0.0.1:{site.port}", PAGES, pause=0.05) as crowd:
            table = Table(crowd)
            for name, problem in problems.items():
                table.breaks(name, problem, LASTS)
        lost = parts.missing(database, crowd)
        print(f"\nAcknowledged saves: {len(crowd.acknowledged)}. Lost: {len(lost)}.")
        wrong = [*crowd.wrong, *drill.wrong, *(f"lost: {one}" for one in lost)]
        wrong += import_ten_thousand_rows(crowd.logged_in())
        wrong += parts.half_written(site)
        wrong += site.errors() if wrong else []
    return parts.report(wrong, began)


if __name__ == "__main__":
    sys.exit(main())
