"""The proxy in front: deploy/nginx.conf as it is, run by a real nginx."""

import json
import os
import re
import shutil
import ssl
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

import pytest

from .conftest import ROOT
from .servers import free_port, served

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
pytestmark = [
    pytest.mark.once,
    pytest.mark.long,
    pytest.mark.skipif(
        not NGINX and os.environ.get("REQUIRE_ALL") != "1",
        reason="no nginx on this machine (Debian: nginx-light)",
    ),
]


class Told(BaseHTTPRequestHandler):
    """Stands for the site: tells which headers reach it, and takes a second for every file."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "export" in self.path:
            time.sleep(1)
        told = json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_POST = do_GET

    def log_message(self, *args):
        pass


class Unfollowed(HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Proxy:
    """A running nginx; `ask` gives status, headers and text."""

    def __init__(self, port: int):
        self.base = f"https://127.0.0.1:{port}"
        unverified = ssl.create_default_context()
        unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
        self.browser = build_opener(HTTPSHandler(context=unverified), Unfollowed)

    def ask(self, path: str, data: bytes | None = None, **headers: str):
        address = path if "://" in path else self.base + path
        request = Request(address, data, {k.replace("_", "-"): v for k, v in headers.items()})
        try:
            with self.browser.open(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read().decode("utf-8-sig", "replace")
        except HTTPError as refused:
            with refused:
                return refused.status, refused.headers, refused.read().decode()

    def statuses(self, paths, at_once: int = 8, **kwargs) -> list[int]:
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(lambda path: self.ask(path, **kwargs)[0], paths))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([*made, *files], check=True, capture_output=True)
    return folder


def nginx(folder, certificate, site: int):
    """Start nginx with the shipped file: only names, ports and paths are of this machine."""
    plain, secure = free_port(), free_port()
    shipped = (ROOT / "deploy/nginx.conf").read_text()
    own = (
        shipped.replace("listen 80;", f"listen 127.0.0.1:{plain};")
        .replace("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;")
        .replace("server 127.0.0.1:8000;", f"server 127.0.0.1:{site};")
        .replace("pve.example.org", "127.0.0.1")
        .replace("/etc/ssl/pvematrix", str(certificate))
    )
    (folder / "site.conf").write_text(own)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"user root; daemon off; pid {folder}/pid; error_log {folder}/error.log;"
        "events { worker_connections 256; }"
        f"http {{ access_log off; {temporary} include {folder}/site.conf; }}"
    )
    command = [NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    proxy = Proxy(secure)
    proxy.plain = f"http://127.0.0.1:{plain}"
    for _attempt in range(100):
        try:
            proxy.ask("/healthz")
            break
        except OSError:
            time.sleep(0.05)
    return running, proxy


@pytest.fixture
def proxy(tmp_path, certificate):
    site = ThreadingHTTPServer(("127.0.0.1", 0), Told)
    Thread(target=site.serve_forever, daemon=True).start()
    running, proxy = nginx(tmp_path, certificate, site.server_address[1])
    yield proxy
    running.terminate()
    running.wait()
    site.shutdown()
    site.server_close()


def test_pages_are_limited_by_address_and_the_page_says_so(proxy):
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(proxy.ask, ["/projects/"] * 400))
    took = time.monotonic() - began
    passed = sum(status == 200 for status, *_rest in answers)
    assert 60 <= passed <= 62 + 10 * took
    status, headers, page = next(one for one in answers if one[0] != 200)
    assert (status, headers["Retry-After"], headers["Cache-Control"]) == (429, "10", "no-store")
    assert headers["Content-Security-Policy"] == "default-src 'none'"
    assert "<h1>Too many requests</h1>" in page


def test_static_files_and_suggestions_have_room_of_their_own(proxy):
    proxy.statuses(["/projects/"] * 100)
    assert set(proxy.statuses(["/static/css/site.css"] * 200)) == {200}
    for address in ("/admin/autocomplete/?term=u", "/suggestions.json?q=u"):
        assert set(proxy.statuses([address] * 15)) == {200}


def test_two_files_at_once(proxy):
    assert sorted(proxy.statuses(["/projects/export.csv"] * 4, at_once=4)) == [200, 200, 429, 429]
    for address in ("/projects/export.xlsx", "/projects/export.docx"):
        assert sorted(proxy.statuses([address] * 3, at_once=3)) == [200, 200, 429]
    assert proxy.ask("/projects/")[0] == 200


def test_an_office_may_log_in_at_nine(proxy):
    """Forty at once from one address; the site counts by account before that."""
    tried = proxy.statuses(["/accounts/login/"] * 58, data=b"login=x")
    assert 41 <= tried.count(200) <= 50
    assert set(tried) == {200, 429}


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/projects/PVE-001/correct/", 900_000, 200),
        ("/projects/PVE-001/correct/", 1_100_000, 413),
        ("/accounts/login/", 1_100_000, 413),
        ("/admin/projects/batch/import/", 40_000_000, 200),
        ("/admin/projects/batch/import/", 44_000_000, 413),
    ],
)
def test_bodies_are_bounded(proxy, path, size, status):
    answered, _headers, page = proxy.ask(path, b"x" * size)
    assert answered == status
    assert ("<h1>Too large</h1>" in page) == (status == 413)


def test_the_site_is_told_who_asks_and_how_whatever_the_visitor_says(proxy):
    forged = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "http"}
    _status, _headers, told = proxy.ask("/", X_Forwarded_Host="evil.example", **forged)
    told = json.loads(told)
    assert told["X-Forwarded-Proto"] == "https"
    assert told["X-Forwarded-For"].split(", ")[-1] == "127.0.0.1"
    assert "X-Forwarded-Host" not in told
    assert proxy.ask("/readyz")[0] == 404


def test_a_site_that_is_away_is_said_politely(tmp_path, certificate):
    running, proxy = nginx(tmp_path, certificate, free_port())
    try:
        status, headers, page = proxy.ask("/projects/")
    finally:
        running.terminate()
        running.wait()
    assert (status, headers["Retry-After"]) == (503, "30")
    assert "<h1>Away for a moment</h1>" in page


def test_the_register_is_served_through_it(tmp_path, certificate):
    with served(tmp_path, HTTPS="on", BEHIND_PROXY="on") as base:
        running, proxy = nginx(tmp_path, certificate, int(base.rsplit(":", 1)[1]))
        try:
            status, headers, _page = proxy.ask(f"{proxy.plain}/projects/")
            assert (status, headers["Location"]) == (301, "https://127.0.0.1/projects/")
            status, headers, page = proxy.ask("/projects/")
            assert (status, headers["Strict-Transport-Security"]) == (200, "max-age=31536000")
            assert headers.get_all("Content-Security-Policy")[1:] == []
            assert re.search(r'id="listed">223 entr', page)
            assert "https://127.0.0.1/reports/draft/" in proxy.ask("/reports/draft.txt")[2]
            assert proxy.ask("/projects/export.csv")[2].count("\r\n") == 224
        finally:
            running.terminate()
            running.wait()
