"""`make rehearsal`: everything that compose.scale.yaml starts, and parts of it that are killed.

Real parts: nginx with deploy/nginx.conf, two gunicorns, PostgreSQL with a standby, Valkey with a
password. Readers compare every page with what was saved before they asked. At last the primary is
killed and the standby promoted, as docs/operators.md says: until then every page is a 503 with
Retry-After, then pages and saves have to come back within BACK seconds. Saves that were
acknowledged and had not reached the standby are counted and printed.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from .parts import Crowd, PostgreSQL, Site, Standby, Table, free_port, half_written, missing, report
from .proxy import Proxy, make_certificate

LASTS, BACK = 8.0, 30.0
PAGES = ["/projects/", "/projects/?q=youth", "/reports/scope.json", "/projects/export.csv"]
VALKEY = shutil.which("valkey-server") or shutil.which("redis-server") or "valkey-server"


class Machines:
    """Everything that compose.scale.yaml starts, on this machine."""

    def __init__(self, folder: Path, after: ExitStack):
        for name in ("primary", "standby", "proxy"):
            (folder / name).mkdir()
        self.primary = PostgreSQL(folder / "primary")
        self.primary.start()
        after.callback(self.primary.stop, "immediate")
        self.standby = Standby(folder / "standby", self.primary)
        self.standby.start()
        after.callback(self.standby.stop, "immediate")
        self.valkey_port, self.password = free_port(), secrets.token_urlsafe(24)
        self.start_valkey()
        after.callback(self.stop_valkey)
        hosts = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}"
        settings = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "HTTPS": "on",
            "BEHIND_PROXY": "on",
            "STAFF_SECOND_FACTOR": "off",
            "DATABASE_URL": f"postgres://pvematrix@{hosts}/postgres?target_session_attrs=read-write",
            "CACHE_URL": f"redis://:{self.password}@127.0.0.1:{self.valkey_port}/0",
        }
        self.sites = [Site(folder, **settings) for _machine in range(2)]
        self.sites[0].fill()
        for site in self.sites:
            site.serve()
            after.callback(site.stop)
        ports = [site.port for site in self.sites]
        self.proxy = Proxy(folder / "proxy", make_certificate(folder), ports)
        after.callback(self.proxy.close)

    def start_valkey(self) -> None:
        options = ["--port", str(self.valkey_port), "--bind", "127.0.0.1", "--save", ""]
        self.valkey = subprocess.Popen(
            [VALKEY, *options, "--requirepass", self.password], stdout=subprocess.DEVNULL
        )

    def stop_valkey(self) -> None:
        self.valkey.kill()
        self.valkey.wait()

    # What breaks

    def nothing(self) -> None:
        time.sleep(LASTS)

    def restart_valkey(self) -> None:
        self.stop_valkey()
        time.sleep(LASTS)
        self.start_valkey()

    def kill_a_worker(self) -> None:
        os.kill(self.sites[0].workers()[0], signal.SIGKILL)

    def kill_a_site(self) -> None:
        site = self.sites[1]
        for process in (site.process.pid, *site.workers()):
            os.kill(process, signal.SIGKILL)
        site.process.wait()
        time.sleep(LASTS)
        site.serve()

    def stop_the_standby(self) -> None:
        self.standby.stop()
        time.sleep(LASTS)
        self.standby.start()

    def kill_the_primary(self) -> None:
        self.primary.stop("immediate")

    def promote_the_standby(self) -> None:
        self.standby.run("pg_ctl", "-s", "-w", "promote")
        self.promoted = time.monotonic()


def fail_over(machines: Machines, crowd: Crowd, table: Table) -> list[str]:
    """Kill the primary, promote the standby; return what is wrong."""
    wrong = []
    # What had not reached the standby is lost: pages may go back to before that.
    crowd.compares = False
    kill = machines.kill_the_primary
    status = table.breaks("the primary is killed", kill, LASTS, ends=False, least_saves=0)
    killed = time.monotonic() - LASTS / 2
    away = {one.status for one in crowd.answers if one.began > killed}
    if away != {503}:
        wrong.append(f"without a primary: {status}")
    table.breaks("the standby is promoted", machines.promote_the_standby, LASTS, ends=False)
    promoted = machines.promoted
    pages = [one for one in crowd.answers if one.began > promoted and one.status == 200]
    shown = min((one.began + one.took - promoted for one in pages), default=BACK)
    saved = min((at - promoted for at in crowd.saved_at if at > promoted), default=BACK)
    if max(shown, saved) >= BACK:
        return [*wrong, f"no page or no save within {BACK} s of the promotion"]
    print(f"First page {shown:.1f} s and first save {saved:.1f} s after the promotion.")
    crowd.last.clear()
    crowd.compares = True
    table.breaks("nothing more", machines.nothing, LASTS)
    return wrong


def main() -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made, ExitStack() as after:
        folder = Path(made)
        folder.chmod(0o755)  # PostgreSQL runs as somebody else where this is root
        machines = Machines(folder, after)
        # Slow enough for the limits by address: they all have one.
        with Crowd(machines.proxy.base, PAGES, pause=1.5) as crowd:
            table = Table(crowd)
            problems = {
                "nothing": machines.nothing,
                "Valkey is stopped": machines.restart_valkey,
                "a worker is killed": machines.kill_a_worker,
                "one of two gunicorns is killed": machines.kill_a_site,
                "the standby is stopped": machines.stop_the_standby,
            }
            for name, problem in problems.items():
                status = table.breaks(name, problem, LASTS)
                refused = status[0] + status[429] + status[503]
                if refused > 0.05 * status.total():
                    crowd.wrong.append(f"{name}: {refused} of {status.total()} were refused")
            wrong = fail_over(machines, crowd, table)
        lost = missing(machines.standby, crowd)
        print(f"\nAcknowledged saves: {len(crowd.acknowledged)}. Missing after it: {len(lost)}.")
        wrong += crowd.wrong + half_written(machines.sites[0])
        if wrong:
            wrong += [error for site in machines.sites for error in site.errors()]
    return report(wrong, began)


if __name__ == "__main__":
    sys.exit(main())
