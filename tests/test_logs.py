"""What the logs say of a request: one line each, nothing secret, nothing that hides in it."""

import http.client
import re
import shutil
import socket
import sqlite3
from contextlib import closing

import pytest

from pvematrix.logs import without_secrets

from .parts import Site
from .servers import filled, own_environment

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What a server as it ships logged of some requests, line by line."""
    folder = tmp_path_factory.mktemp("logs")
    shutil.copy(filled() / "db.sqlite3", folder)
    site = Site(folder, **own_environment(folder) | {"STATIC_ROOT": str(filled() / "static")})
    site.serve()

    def ask(address, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, address, body, headers)
        connection.getresponse().read()
        connection.close()

    token = {"Cookie": f"csrftoken={'a' * 32}"}
    form = token | {"Content_Type": "application/x-www-form-urlencoded"}
    parts = token | {"Content_Type": "multipart/form-data; boundary=x"}
    ask("/foreign", Host="evil.example")
    ask("/accounts/login/?fields", "POST", "&".join(f"a{n}=" for n in range(1001)), **form)
    ask("/accounts/login/?large", "POST", b"a=" + b"x" * 1_000_001, **form)
    ask("/accounts/login/?file", "POST", FILE, **parts)
    ask(
        "/accounts/login/?broken", "POST", b"x", **(parts | {"Content_Type": "multipart/form-data"})
    )
    ask("/accounts/oidc/sso/login/callback/?code=SECRET&state=SECRET")
    ask("/admin/pvematrix/account/?q=Quux")
    # Ways to fail with a link, a password or a session.
    link, session = "/accounts/password/choose/MQ/SECRET/", {"Cookie": "sessionid=SECRET"}
    ask(link, **session)
    ask(link, "PUT", **session)
    ask(f"{link}%00")
    ask(link, Host="evil.example")
    ask(link, "POST", "password1=SECRET", Content_Type=form["Content_Type"], **session)
    ask(link, "POST", "&".join(f"a{n}=" for n in range(1001)), **form)
    ask(link, "POST", b"a=" + b"x" * 1_000_001, **form)
    ask("/accounts/login/", "POST", "login=a&password=SECRET", **form)
    for line in (
        f"GET {link} HTTP/9.9",
        f"GET {link}\x7f",
        "GET / HTTP/1.1\r\nCoo kie: sessionid=SECRET",
    ):
        with closing(socket.create_connection(("127.0.0.1", site.port))) as raw:
            raw.sendall(f"{line}\r\n\r\n".encode())
            raw.recv(1000)
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        database.execute("DROP TABLE auth_user")
        database.execute("DROP TABLE django_session")
    ask(link, **session)
    ask("/accounts/login/", "POST", "login=a&password=SECRET", **form)
    came_from = "https://127.0.0.1/accounts/oidc/sso/login/callback/?code=SECRET"
    ask("/public?q=words", Referer=came_from, User_Agent="\x9b31m\x85 a\tb")
    site.stop()
    return site.log.read_text().splitlines()


FILE = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx\r\n--x--\r\n'


@pytest.mark.parametrize(
    "told",
    [
        "django.security.DisallowedHost: Invalid HTTP_HOST header: 'evil.example'",
        "django.security.TooManyFieldsSent: The number of GET/POST parameters exceeded",
        "django.security.RequestDataTooBig: Request body exceeded",
        "django.request: This page takes no file.: /accounts/login/",
        "django.request: Bad request (Unable to parse request body): /accounts/login/",
    ],
)
def test_a_malformed_request_is_one_line(said, told):
    found = [line for line in said if told in line]
    assert found
    assert all(" WARNING " in line for line in found)
    # Every other line is one of the access log, or of gunicorn's own; then the database broke.
    (broke,) = [n for n, line in enumerate(said) if "Internal Server Error" in line][:1]
    assert all(re.match(r"127\.0\.0\.1 - - \[|\[?20\d\d-", line) for line in said[:broke]), said


def test_no_log_has_a_code_a_link_a_password_or_a_session(said):
    assert "SECRET" not in "".join(said)
    # Of every request there is a line.
    assert len([line for line in said if "/accounts/password/choose/[…] HTTP/1.1" in line]) == 8
    assert [line for line in said if "no such table" in line]
    (line,) = [line for line in said if "GET /accounts/oidc/sso/login/callback/ HTTP/1.1" in line]
    (line,) = [line for line in said if "/public?q=words" in line]
    assert '"https://127.0.0.1/accounts/oidc/sso/login/callback/"' in line


@pytest.mark.parametrize(
    ("written", "logged"),
    [
        ("Key (session_key)=(a) already exists.", "Key (session_key)=([…]) already exists."),
        ("Failing row contains (1, (a), b).", "Failing row contains ([…])."),
        ('invalid dsn "postgres://u:a@db/x"', 'invalid dsn "postgres://u:[…]@db/x"'),
        ("Authorization: Bearer a", "Authorization: Bearer […]"),
        ("/projects/?q=code&scope=global", "/projects/?q=code&scope=global"),
    ],
)
def test_secrets_that_a_database_or_a_library_quotes(written, logged):
    assert without_secrets(written) == logged


def test_the_access_log_does_not_say_whom_staff_search_for(said):
    assert "Quux" not in "".join(said)
    assert [line for line in said if "GET /admin/pvematrix/account/ HTTP/1.1" in line]


def test_nothing_hides_in_a_line_of_the_access_log(said):
    (line,) = [line for line in said if "/public?q=words" in line]
    agent, took, number = line.rsplit(" ", 2)
    assert agent.endswith(r'"\x9b31m\x85 a\tb"')
    # And how long it took, and the number that the answer had.
    assert took.isdigit()
    assert re.fullmatch("[0-9a-f]{32}", number)
