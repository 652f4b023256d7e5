"""Running it: settings, security headers, error pages, logs."""

import os
import re
import resource
import shutil
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings
from django.urls import path

from pvematrix import urls as site_urls
from pvematrix.health import is_ready
from pvematrix.settings import refuse_weak

from .conftest import ROOT, SECRET_KEY
from .servers import manage, new_database, own_environment, served

PASSWORD = "correct horse battery staple"


def test_production_does_not_start_without_a_secret_key_or_host_names():
    ended = manage("check", ALLOWED_HOSTS="pve.example.org")
    assert ended.returncode == 1
    assert "SECRET_KEY is not set. Set it to 50 or more random characters" in ended.stderr
    ended = manage("check", SECRET_KEY=SECRET_KEY)
    assert ended.returncode == 1
    assert "ALLOWED_HOSTS is not set." in ended.stderr


@pytest.mark.long
def test_a_key_that_could_be_guessed_is_refused():
    for key in ("short-but-random-7Qx", "x" * 60, "django-insecure-" + "a1b2c3d4e5" * 5):
        with pytest.raises(ImproperlyConfigured, match="50 or more random characters") as refused:
            refuse_weak("SECRET_KEY", key)
        assert key not in str(refused.value)
    own = {"ALLOWED_HOSTS": "a.b"}
    ended = manage("check", SECRET_KEY="x" * 60, **own)
    assert (ended.returncode, "SECRET_KEY is too weak" in ended.stderr) == (1, True)
    factors = f"{SECRET_KEY},{'x' * 60}"
    ended = manage("check", SECRET_KEY=SECRET_KEY, SECOND_FACTOR_KEYS=factors, **own)
    assert (ended.returncode, "SECOND_FACTOR_KEYS is too weak" in ended.stderr) == (1, True)


def test_no_key_of_this_repository_starts_the_site():
    """Whoever copies one from a file here, or from an older version of it, is told."""
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout
    written = {"used-only-for-this-step", "only-for-tests"}  # those of before
    for name in files.split():
        if (ROOT / name).suffix in (".gz", ".mo", ".png", ".ttf", ".xlsx"):
            continue
        # Some files that tests read are in another encoding.
        text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
        written |= set(re.findall(r"""SECRET_KEY["']?\s*[=:,]\s*["']?([\w-]+)""", text))
    assert "only-for-development" in written
    for key in written:
        with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is too weak"):
            refuse_weak("SECRET_KEY", key)


@pytest.mark.long
def test_any_host_and_the_passwords_of_the_example_are_refused():
    own = {"SECRET_KEY": SECRET_KEY, "ALLOWED_HOSTS": "pve.example.org"}
    ended = manage("check", **own | {"ALLOWED_HOSTS": "pve.example.org,*"})
    assert ended.returncode == 1
    assert "ALLOWED_HOSTS has *" in ended.stderr
    assert "Name the hosts that the site answers to" in ended.stderr
    (url,) = re.findall(r"^DATABASE_URL=(.+)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    ended = manage("check", **own, DATABASE_URL=url)
    assert ended.returncode == 1
    assert "DATABASE_URL has the password of the example" in ended.stderr
    assert manage("check", **own).returncode == 0


def test_every_variable_is_in_the_example():
    settings = (ROOT / "pvematrix/settings.py").read_text()
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', settings))
    read |= set(re.findall(r'environ\.get\("([A-Z_]+)"', (ROOT / "gunicorn.conf.py").read_text()))
    read |= {"DATABASE_URL", "BACKUP_PASSPHRASE"}
    example = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    of_compose = {"POSTGRES_PASSWORD", "REPLICATION_PASSWORD", "VALKEY_PASSWORD"}
    assert read | of_compose == example


@pytest.mark.long
@pytest.mark.postgresql
def test_the_database_may_be_a_primary_and_its_standby_and_its_url_keeps_its_options(tmp_path):
    url = "postgres://a:b@db:5432,standby:5433/c?target_session_attrs=read-write&sslmode=require"
    code = (
        "from django.db import connection; found = connection.get_connection_params(); "
        "names = ('host', 'port', 'target_session_attrs', 'sslmode', 'options'); "
        "print(*(found[name] for name in names))"
    )
    own = own_environment(tmp_path) | {"DATABASE_URL": url}
    ended = manage("shell", "--no-imports", "-c", code, **own)
    assert ended.stdout.startswith("db,standby 5432,5433 read-write require")
    assert "lock_timeout=2000" in ended.stdout


def test_the_content_security_policy_allows_no_inline_code(register, client):
    for address in ("/", "/projects/?scope=x", "/nothing/", "/admin/login/"):
        policy = client.get(address)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy + ";"
        assert "unsafe" not in policy
        assert "http" not in policy


def test_pages_are_compressed_and_small(register, client):
    response = client.get("/projects/", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < 12_000


def fail(request):
    raise RuntimeError("broken on purpose")


urlpatterns = [*site_urls.urlpatterns, path("fail/", fail)]
handler400 = site_urls.handler400


@override_settings(ROOT_URLCONF="tests.test_site")
def test_a_500_has_a_page_of_ours_and_leaves_a_trace(db, client, caplog):
    client.raise_request_exception = False
    response = client.get("/fail/")
    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()
    assert "broken on purpose" in caplog.text


@pytest.mark.parametrize("redirects", [False, True])
def test_a_wrong_host_gets_our_400_with_the_policy(db, client, settings, redirects):
    settings.SECURE_SSL_REDIRECT = redirects
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "This request cannot be answered" in response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_a_form_with_an_odd_charset_gets_400_and_one_without_its_token_our_403(db, client):
    strict = type(client)(enforce_csrf_checks=True)
    strict.get("/admin/login/")  # sets the token's cookie
    kind = "application/x-www-form-urlencoded; charset=utf-7"
    response = strict.generic("POST", "/admin/login/", b"username=a", kind)
    assert response.status_code == 400
    response = strict.post("/admin/login/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


@pytest.mark.postgresql
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_readyz_says_503_until_the_database_is_migrated(client):
    assert is_ready()
    recorder = MigrationRecorder(connection)
    (last,) = MigrationLoader(connection).graph.leaf_nodes("projects")
    recorder.record_unapplied(*last)
    try:
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.content == b"not ready"
        assert client.get("/healthz").status_code == 200
    finally:
        recorder.record_applied(*last)
    assert client.get("/readyz").status_code == 200


@pytest.mark.postgresql
def test_migrations_do_not_go_back(register):
    for target in (["pvematrix", "zero"], ["projects", "zero"]):
        with pytest.raises(CommandError, match="Migrations go forward only") as refused:
            call_command("migrate", *target, verbosity=0)
        assert "restore the backup" in str(refused.value)
    assert is_ready()


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/projects/", "text/html"),
        ("/reports/scope.json", "application/json"),
    ],
)
def test_too_many_parameters_are_a_400_of_the_kind_that_was_asked_for(db, client, address, kind):
    response = client.get(address + "?" + "&".join(["scope=global"] * 1001))
    assert response.status_code == 400
    assert response["Content-Type"].startswith(kind)


def fetched(address: str) -> str:
    """What a running server sends."""
    with urlopen(address) as response:
        return response.read().decode("utf-8-sig")


def test_the_database_of_make_run_is_its_owners_alone(tmp_path):
    """Which `make register` sees to: whatever manage.py writes there."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "manage.py").write_text("open('pvematrix.sqlite3', 'a')")
    (tmp_path / ".secret-key").write_text(SECRET_KEY)
    # What is installed here will do.
    made = ["make", "register", f"BIN={Path(sys.executable).parent}", "--old-file=.venv/installed"]
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    file = tmp_path / "pvematrix.sqlite3"
    for _time in ("new", "made readable by an older version"):
        subprocess.run(made, cwd=tmp_path, env=kept, check=True, capture_output=True)
        assert stat.filemode(file.stat().st_mode) == "-rw-------"
        file.chmod(0o644)


def token_of(browser, form: str) -> str:
    """Return what a form sends along against forgery."""
    with browser.open(form) as page:
        return re.search(r'csrfmiddlewaretoken" value="([^"]+)', page.read().decode())[1]


def posted(browser, form: str, token: str = "", **values):
    """Send a form as a browser does; gives where it leads."""
    token = token or token_of(browser, form)
    values |= {"csrfmiddlewaretoken": token}
    return browser.open(form, urlencode(values).encode())


@pytest.mark.long
def test_what_users_get_is_served_by_gunicorn_with_hashed_files(tmp_path):
    """And no header says how a visitor came: from this machine gunicorn would believe it."""
    forged = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Ssl": "on",
        "X-Forwarded-Protocol": "ssl",
        "X-Forwarded-Host": "evil.example",
        "SCRIPT_NAME": "/projects",
    }
    with served(tmp_path) as base:
        html = fetched(f"{base}/")
        assert "223 projects" in html
        files = re.findall(r'(?:src|href|data-plotly)="(/static/[^"]+)"', html)
        assert len(files) == 12
        for file in files:
            assert re.search(r"\.[0-9a-f]{12}\.", file), file
            with urlopen(Request(base + file, headers={"Accept-Encoding": "br"})) as response:
                assert response.headers["Content-Encoding"] == "br"
                assert "immutable" in response.headers["Cache-Control"]
        rows = fetched(f"{base}/projects/export.csv")
        assert rows.count("\r\n") == 224
        for name, value in forged.items():
            with urlopen(Request(f"{base}/reports/scope/", headers={name: value})) as response:
                assert f'value="{base}/reports/scope/"' in response.read().decode(), name


@pytest.mark.long
@pytest.mark.postgresql
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one server has it")
def test_two_servers_that_start_at_once_take_turns(tmp_path):
    steps = "manage.py migrate --verbosity 0 && exec manage.py load_register"
    command = ["sh", "-c", steps.replace("manage.py", f"{sys.executable} manage.py")]
    said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with new_database(tmp_path) as url:
        own = {**own_environment(tmp_path), "PATH": os.environ["PATH"], "DATABASE_URL": url}
        both = [subprocess.Popen(command, cwd=ROOT, env=own, **said) for _server in range(2)]
        printed = [process.communicate()[0] for process in both]
        assert [process.returncode for process in both] == [0, 0], printed
        assert sorted("Published the edition" in one for one in printed) == [False, True]


def limit(size: int, disk: Path) -> None:
    """Let the processes of the site on this disk write so many bytes to a file; -1 is any."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"{disk}/db.sqlite3".encode() in (process / "environ").read_bytes():
                resource.prlimit(int(process.name), resource.RLIMIT_FSIZE, (size, -1))


@pytest.mark.long
def test_a_full_disk_leaves_reading_possible_and_locks_nobody_out(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    with served(disk, STAFF_SECOND_FACTOR="off") as base:
        named = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD, "STAFF_SECOND_FACTOR": "off"}
        made = ["createsuperuser", "--noinput", "--username=root", "--email=root@example.org"]
        assert manage(*made, **own_environment(disk), **named).returncode == 0
        send, other = build_opener(HTTPCookieProcessor()), build_opener(HTTPCookieProcessor())
        login = f"{base}/accounts/login/"
        posted(send, login, login="root", password=PASSWORD)
        form, correction = (
            f"{base}/admin/projects/entity/add/",
            f"{base}/projects/PVE-001/correct/?column=title",
        )
        entity = {"acronym": "FULL", "name": "x" * 300, "token": token_of(send, form)}
        right = {"login": "root", "password": PASSWORD}
        wrong = {"column": "title", "value": "Another", "source": "A letter"}
        attempts = {
            (send, form): entity,
            (other, login): {**right, "token": token_of(other, login)},
            (other, correction): {**wrong, "token": token_of(other, correction)},
        }
        limit(1, disk)
        for _each_thread in range(8):
            for page in ("", "projects/?q=youth&sort=title", "projects/export.csv", "readyz"):
                assert urlopen(f"{base}/{page}").status == 200
        for (browser, address), values in attempts.items():
            with pytest.raises(HTTPError) as refused:
                posted(browser, address, **values)
            assert refused.value.code == 503, address
            assert "cannot be reached at the moment" in refused.value.read().decode()
            refused.value.close()
        limit(-1, disk)
        assert posted(send, form, **entity).url == f"{base}/admin/projects/entity/"
        # None of the attempts counts.
        assert posted(other, login, **attempts[other, login]).url == f"{base}/admin/"
        assert "/projects/PVE-001/correct/" in posted(other, correction, **wrong).url
