"""docs/public-site.md, run: its commands unchanged and in its order, in a folder in place of /.

Programs that would change this machine are replaced by scripts, first in PATH. What they do not do
is in the last table of the page.
"""

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.request import HTTPCookieProcessor

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from .conftest import ROOT
from .parts import NAME, Client, PostgreSQL, free_port
from .proxy import NGINX

PROGRAMS = ("gpg", "openssl", "curl", "rsync", "systemd-analyze")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not (
            NGINX
            and all(map(shutil.which, PROGRAMS))
            and list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        )
        and os.environ.get("REQUIRE_ALL") != "1",
        reason="no nginx, PostgreSQL, gpg, openssl, curl, rsync or systemd on this machine",
    ),
]

PAGE = (ROOT / "docs/public-site.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh ([\w-]+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
PASSWORD = "seven purple trams in fog"
# In place of what needs root or would change this machine.
SCRIPTS = {
    "systemctl": 'exec {python} {root}/tests/systemctl.py "$@"',
    "journalctl": "cat {here}/pvematrix.log",
    # Three words: -u NAME --
    "runuser": "export PGHOST={here}/var/run/postgresql\n"
    '[ "$2" != postgres ] || export PGUSER=postgres\nshift 3\nexec "$@"',
    "install": 'for word; do shift\ncase "$word" in --owner*|--group*) ;; *) set -- "$@" "$word"\n'
    'esac; done\nexec /usr/bin/install "$@"',
    "make": "true",
    "nginx": 'exec {nginx} -c {here}/etc/nginx/nginx.conf "$@"',
    "df": "echo Use%; cat {here}/disk",
}


class Machine:
    """A folder in place of /, with an empty PostgreSQL and the release in two places."""

    def __init__(self, here: Path):
        self.here = here
        self.ports = {name: free_port() for name in ("80", "443", "8000")}
        for folder in ("bin", "run", "srv", "usr/local/sbin", "var/lib/postgresql", "var/backups"):
            (here / folder).mkdir(parents=True)
        for folder in ("etc/systemd/system", "etc/cron.d", "var/run/postgresql", "var/log/nginx"):
            (here / folder).mkdir(parents=True)
        here.chmod(0o755)
        (here / "disk").write_text(" 20%\n")
        shutil.copytree("/etc/nginx", here / "etc/nginx", symlinks=True)
        config = here / "etc/nginx/nginx.conf"
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {here}/run/{kind};" for kind in kinds)
        config.write_text(self.mapped(config.read_text()).replace("http {", f"http {{ {temporary}"))
        for name, text in SCRIPTS.items():
            words = {"python": sys.executable, "root": ROOT, "here": here, "nginx": NGINX}
            script = here / "bin" / name
            script.write_text(f"#!/bin/sh\n{text.format(**words)}\n")
            script.chmod(0o755)
        self.unpack(here / "srv/pvematrix")
        shutil.copytree(here / "srv/pvematrix", here / "srv/new", symlinks=True)
        self.server = Server(here)
        self.server.start()

    def mapped(self, text: str) -> str:
        """Return the text with the paths and ports of this machine."""
        text = re.sub(r"(?<![\w.])/(srv|etc|var|run|usr/local)/", rf"{self.here}/\1/", text)
        text = re.sub(
            r"listen (80|443)\b", lambda port: f"listen 127.0.0.1:{self.ports[port[1]]}", text
        )
        return text.replace("127.0.0.1:8000", f"127.0.0.1:{self.ports['8000']}")

    def unpack(self, release: Path) -> None:
        parts = ["projects", "reports", "pvematrix", "templates", "static", "locale", "fixtures"]
        for part in parts:
            shutil.copytree(ROOT / part, release / part)
        # Without Brotli collectstatic packs in a second what takes it ten, with gzip alone.
        (release / "brotli.py").write_text("raise ImportError\n")
        (release / ".venv").symlink_to(sys.prefix)
        shutil.copy(ROOT / "manage.py", release)
        (release / "deploy").mkdir()
        for path in (ROOT / "gunicorn.conf.py", *(ROOT / "deploy").iterdir()):
            copy = release / path.relative_to(ROOT)
            shutil.copy(path, copy)
            copy.write_text(self.mapped(path.read_text()))

    def environment(self) -> dict[str, str]:
        path = (
            f"{self.here}/bin:{self.here}/usr/local/sbin:{self.server.bin}:/usr/sbin:/usr/bin:/bin"
        )
        return {"PATH": path, "PUBLIC_SITE": str(self.here), "HOME": str(self.here)}

    def script(self, mark: str) -> list[str]:
        blocks = dict(BLOCKS)
        return ["bash", "-euo", "pipefail", "-c", self.mapped(f"{blocks['name']}\n{blocks[mark]}")]

    def run(self, mark: str) -> str:
        """Run a block of the page, which has to succeed; return what it printed."""
        ended = subprocess.run(
            self.script(mark),
            cwd=self.here,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, f"{mark}: {ended.stdout}"
        return ended.stdout

    def answer(self, mark: str, *answers: tuple[str, str]) -> str:
        """Run a block as a person at a terminal, who answers each question."""
        child, terminal = pty.fork()
        if not child:
            os.chdir(self.here)
            os.execvpe("bash", self.script(mark), self.environment())
        said = ""
        for question, typed in answers:
            while question not in said:
                said += os.read(terminal, 1024).decode()
            said = said.partition(question)[2]
            os.write(terminal, f"{typed}\n".encode())
        try:
            while read := os.read(terminal, 1024):
                said += read.decode()
        except OSError:  # it ended
            pass
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, said
        return said

    def watch(self) -> tuple[int, str]:
        watch = self.here / "usr/local/sbin/pvematrix-watch"
        ended = subprocess.run(
            [watch], env=self.environment(), stdout=subprocess.PIPE, text=True, check=False
        )
        return ended.returncode, ended.stdout

    def close(self) -> None:
        for command in ("nginx -s stop", "systemctl stop pvematrix"):
            subprocess.run(
                ["sh", "-c", command], env=self.environment(), check=False, capture_output=True
            )
        self.server.stop()


class Server(PostgreSQL):
    """One that is reached by its socket alone, as postgres."""

    def __init__(self, here: Path):
        self.sockets = here / "var/run/postgresql"
        home = here / "var/lib/postgresql"
        if os.getuid() == 0:
            shutil.chown(self.sockets, "nobody", "nogroup")
        super().__init__(home)

    def _create(self) -> None:
        self.run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--wal-segsize=1")
        self._set(
            f"listen_addresses = ''\nunix_socket_directories = '{self.sockets}'\nfsync = off\n"
        )


class Browser(Client):
    """Asks for the site by its name."""

    def ask(self, path: str, data: bytes | None = None, **headers: str):
        return super().ask(path, data, Host=NAME, Referer=f"https://{NAME}/", **headers)


@pytest.fixture
def machine():
    # A short path, since that of a socket may have 107 characters.
    here = Path(tempfile.mkdtemp(prefix="pve-", dir="/tmp"))
    machine = Machine(here)
    yield machine
    machine.close()
    shutil.rmtree(here)


def code_of(page: str) -> str:
    secret = re.search('id="key">([A-Z2-7]+)<', page)[1]
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_the_commands_of_the_page_make_a_public_site(machine):
    assert [mark for mark, _text in BLOCKS] == [
        *("name", "packages", "release", "settings", "database", "static", "service"),
        *("certificate", "proxy", "real-certificate", "account", "other-machine", "backup"),
        *("watch", "update", "restore"),
    ]
    machine.run("settings")
    for file in ("env", "backup.env"):
        assert (machine.here / "etc/pvematrix" / file).stat().st_mode & 0o777 == 0o600
    machine.run("database")
    machine.run("static")
    assert machine.run("service").splitlines()[-1] == "ok"
    for unit in ("pvematrix.service", "pvematrix-backup.timer"):
        subprocess.run(
            ["systemd-analyze", "verify", machine.here / "etc/systemd/system" / unit], check=True
        )
    machine.run("certificate")
    machine.run("proxy")

    browser = Browser(f"https://127.0.0.1:{machine.ports['443']}", HTTPCookieProcessor(CookieJar()))
    status, headers, page = browser.ask("/projects/")
    assert (status, headers["Strict-Transport-Security"]) == (200, "max-age=31536000")
    assert 'id="listed" data-rows="12"' in page
    plain = f"http://127.0.0.1:{machine.ports['80']}"
    assert browser.ask(f"{plain}/projects/")[1]["Location"] == f"https://{NAME}/projects/"
    challenge = machine.here / "var/www/pvematrix/.well-known/acme-challenge"
    challenge.mkdir(parents=True)
    (challenge / "token").write_text("of certbot")
    assert browser.ask(f"{plain}/.well-known/acme-challenge/token")[2] == "of certbot"

    said = machine.answer(
        "account",
        ("Username", "root"),
        ("Email address:", "root@example.org"),
        ("Password:", PASSWORD),
        ("Password (again):", PASSWORD),
    )
    assert "Superuser created successfully." in said
    log_in(browser)

    # A folder takes the place of the other machine.
    copied = machine.here / "copied"
    settings = machine.here / "etc/pvematrix/backup.env"
    assert settings.read_text().endswith("BACKUP_TO=backup@other.example.org:\n")
    settings.write_text(settings.read_text().replace("backup@other.example.org:", f"{copied}/"))
    listed = machine.run("backup")
    assert re.fullmatch(r"\S+/pvematrix-\d{8}T\d{6}Z\.tar\.gpg\n", listed)
    (backup,) = (machine.here / "var/backups/pvematrix").iterdir()
    assert backup.stat().st_mode & 0o777 == 0o600
    assert (copied / backup.name).read_bytes() == backup.read_bytes()

    # Nothing to act on, then each thing that there can be here.
    assert machine.run("watch") == ""
    (machine.here / "disk").write_text(" 80%\n")
    two_days_ago = time.time() - 2 * 86400
    os.utime(backup, (two_days_ago, two_days_ago))
    with (machine.here / "pvematrix.log").open("a") as log:
        log.write('127.0.0.1 - - [02/Dec/2026:20:00:00 +0000] "GET / HTTP/1.1" 500 1 "-" "-" 1 a\n')
    status, printed = machine.watch()
    assert (status, printed.splitlines()) == (
        1,
        [
            "500: 1 in five minutes",
            f"disk: {machine.here}/var/lib/postgresql is 80 % full",
            f"disk: {machine.here}/var/backups/pvematrix is 80 % full",
            "backup: the newest is older than 26 hours",
        ],
    )
    backup.unlink()

    assert machine.run("update").splitlines()[-1] == "Faults: 0."
    assert browser.ask("/projects/")[0] == 200
    assert not (machine.here / "srv/new").exists()

    # The account and its second factor are in the backup, sessions are not.
    assert browser.ask("/admin/")[0] == 200
    assert machine.run("restore").splitlines()[-1] == "Faults: 0."
    assert 'data-rows="12"' in browser.ask("/projects/")[2]
    assert browser.ask("/admin/")[0] == 302
    log_in(Browser(browser.base, HTTPCookieProcessor(CookieJar())), sets_up=False)


def log_in(browser: Browser, sets_up: bool = True) -> None:
    page = browser.ask("/accounts/login/")[2]
    status, headers, _page = browser.post("/accounts/login/", page, login="root", password=PASSWORD)
    assert status == 302
    if not sets_up:
        assert headers["Location"].startswith("/accounts/2fa/authenticate/")
        return
    status, headers, _page = browser.ask("/admin/")
    assert (status, headers["Location"].partition("?")[0]) == (302, "/accounts/2fa/totp/activate/")
    page = browser.ask("/accounts/2fa/totp/activate/")[2]
    assert browser.post("/accounts/2fa/totp/activate/", page, code=code_of(page))[0] == 302
    assert browser.ask("/admin/")[0] == 200
