"""What the logs say of a request: one line each, nothing secret, nothing that hides in it."""

import http.client
import os
import re
import subprocess
import sys

import pytest

from .conftest import ROOT
from .servers import free_port, manage, own_environment
from .waiting import answers, until

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What a server as it ships logged of some requests, line by line."""
    port, folder = free_port(), tmp_path_factory.mktemp("logs")
    own = own_environment(folder) | {"BIND": f"127.0.0.1:{port}", "PATH": os.environ["PATH"]}
    for step in (["collectstatic", "--noinput"], ["migrate"]):
        assert manage(*step, "--verbosity", "0", **own).returncode == 0
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "pvematrix.wsgi"],
        cwd=ROOT,
        env=own,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )

    def ask(address, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, address, body, headers)
        connection.getresponse().read()
        connection.close()

    until(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
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
    ask("/accounts/password/choose/MQ/SECRET/")
    ask("/admin/pvematrix/account/?q=Quux")
    came_from = "https://127.0.0.1/accounts/oidc/sso/login/callback/?code=SECRET"
    ask("/public?q=words", Referer=came_from, User_Agent="\x9b31m\x85 a\tb")
    server.terminate()
    return server.communicate(timeout=30)[0].decode().splitlines()


FILE = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx\r\n--x--\r\n'


@pytest.mark.parametrize(
    "told",
    [
        "django.security.DisallowedHost: Invalid HTTP_HOST header: 'evil.example'",
        "django.security.TooManyFieldsSent: The number of GET/POST parameters exceeded",
        "django.security.RequestDataTooBig: Request body exceeded",
        "django.security.UnwantedFile: A file was sent to a page that takes none.",
        "django.request: Bad request (Unable to parse request body): /accounts/login/",
    ],
)
def test_a_malformed_request_is_one_line(said, told):
    (line,) = [line for line in said if told in line]
    assert " WARNING " in line
    assert not [line for line in said if "Traceback" in line or line.startswith((" ", "\t"))]
    # Every other line is one of the access log, or of gunicorn's own.
    assert all(re.match(r"127\.0\.0\.1 - - \[|\[?20\d\d-", line) for line in said), said


def test_the_access_log_has_no_code_of_single_sign_on_and_no_link_to_a_password(said):
    # Django says which addresses are not there: this one is no link to any account.
    not_there = "django.request: Not Found: /accounts/password/choose/MQ/SECRET/"
    assert "SECRET" not in "".join(line for line in said if not_there not in line)
    (line,) = [line for line in said if "GET /accounts/password/choose/ HTTP/1.1" in line]
    (line,) = [line for line in said if "GET /accounts/oidc/sso/login/callback/ HTTP/1.1" in line]
    (line,) = [line for line in said if "/public?q=words" in line]
    assert '"https://127.0.0.1/accounts/oidc/sso/login/callback/"' in line


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


def test_what_is_told_of_a_request_has_its_number(said):
    (line,) = [line for line in said if "Invalid HTTP_HOST header: 'evil.example'" in line]
    (asked,) = [line for line in said if "GET /foreign HTTP/1.1" in line]
    assert f" WARNING {asked.split()[-1]} django.security" in line
