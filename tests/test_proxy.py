"""The proxy in front: deploy/nginx.conf as it ships, run by a real nginx."""

import json
import os
import re
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, ngettext

from projects.languages import in_language

from .parts import NAME, Unverified, free_port
from .proxy import NGINX, Proxy, make_certificate
from .servers import served
from .waiting import until

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not NGINX and os.environ.get("REQUIRE_ALL") != "1",
        reason="no nginx on this machine (Debian: nginx-light)",
    ),
]


# What the site says of what its path has in it.
TAG = {"ETag": 'W/"1"', "Vary": "Accept-Encoding, Accept-Language"}
HEADERS = {
    "page": TAG | {"Cache-Control": "public, max-age=0, must-revalidate", "X-Accel-Expires": "@1"},
    "edition": TAG | {"Cache-Control": "public, max-age=31536000, immutable"},
    "cookie": {"Set-Cookie": "a=b"},
    "desk": TAG | {"Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private"},
}


class Told(BaseHTTPRequestHandler):
    """Replaces the site: returns the headers that reach it, and takes a second for what is slow."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        tag = self.headers.get("If-None-Match", "")
        self.server.asked.append((self.path, tag))
        if "export" in self.path or "slow" in self.path:
            time.sleep(1)
        told = json.dumps(dict(self.headers) | {"filled": " " * 1000}).encode()
        self.send_response(304 if tag else 200)
        self.send_header("X-Request-ID", "of-the-site")
        self.send_header("Content-Type", "application/json")
        for part, headers in HEADERS.items():
            for name, value in headers.items():
                if part in self.path:
                    self.send_header(name, value)
        if tag:
            self.end_headers()
            return
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_POST = do_GET

    def log_message(self, *args):
        pass


class AskedByMany(Proxy):
    """One that is asked for several things at once."""

    def statuses(self, paths, at_once: int = 8, **kwargs) -> list[int]:
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(lambda path: self.ask(path, **kwargs)[0], paths))

    def ask_until_refused(self, path: str, passed: int = 200):
        """Ask as fast as one connection can for what nginx caches; return the first refusal."""
        context = Unverified(ssl.PROTOCOL_TLS_CLIENT)
        with closing(HTTPSConnection("127.0.0.1", self.port, context=context)) as connection:
            for _time in range(5000):
                connection.request("GET", path)
                answer = connection.getresponse()
                told = answer.read().decode()
                if answer.status != passed:
                    return answer.status, answer.headers, told
        raise AssertionError(f"{path} was never refused")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@contextmanager
def told():
    """Run a server in the place of the site, which notes what it was asked."""
    site = ThreadingHTTPServer(("127.0.0.1", 0), Told)
    Thread(target=site.serve_forever, daemon=True).start()
    site.asked = []
    yield site
    site.shutdown()
    site.server_close()


@pytest.fixture
def proxy(tmp_path, certificate):
    with (
        told() as site,
        closing(AskedByMany(tmp_path, certificate, [site.server_address[1]])) as proxy,
    ):
        proxy.asked = site.asked
        yield proxy


def has_the_headers_of_the_site(headers) -> bool:
    """Return whether an answer of nginx's own has them, each once."""
    sent = {
        "Content-Security-Policy": ["default-src 'none'"],
        "X-Content-Type-Options": ["nosniff"],
        "Strict-Transport-Security": ["max-age=31536000"],
    }
    return {name: headers.get_all(name) for name in sent} == sent


def test_only_the_name_of_the_site_is_redirected_to_https(proxy):
    assert proxy.ask(f"{proxy.plain}/x", Host="evil.example") == (0, {}, "")
    status, headers, _page = proxy.ask(f"{proxy.plain}/x?q=a", Host="127.0.0.1")
    assert (status, headers["Location"]) == (301, "https://127.0.0.1/x?q=a")
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_other_name_is_shown_a_certificate_of_the_site(proxy):
    for name, is_shown in ((NAME, True), ("evil.example", False), (None, False)):
        context = ssl._create_unverified_context()
        with socket.create_connection(("127.0.0.1", proxy.port)) as plain:
            if is_shown:
                context.wrap_socket(plain, server_hostname=name).close()
                continue
            with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
                context.wrap_socket(plain, server_hostname=name)


def test_answers_of_the_proxy_have_the_headers_of_the_site(proxy):
    status, headers, _page = proxy.ask("/healthz")
    assert status == 404
    assert has_the_headers_of_the_site(headers)
    status, headers, _page = proxy.ask("/accounts/login/", b"x" * 1_100_000)
    assert status == 413
    assert has_the_headers_of_the_site(headers)


def test_pages_are_limited_by_address_and_the_page_explains_it(proxy):
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(proxy.ask, ["/projects/"] * 400))
    took = time.monotonic() - began
    passed = sum(status == 200 for status, *_rest in answers)
    assert 60 <= passed <= 62 + 10 * took
    status, headers, page = next(one for one in answers if one[0] != 200)
    assert (status, headers["Retry-After"], headers["Cache-Control"]) == (429, "10", "no-store")
    assert has_the_headers_of_the_site(headers)
    assert "<h1>Too many requests</h1>" in page


def test_static_files_and_suggestions_are_not_counted_as_pages(proxy):
    proxy.statuses(["/projects/"] * 100)
    assert set(proxy.statuses(["/static/css/site.css"] * 200)) == {200}
    assert set(proxy.statuses(["/suggestions.json?q=u", "/admin/autocomplete/?q=u"] * 20)) == {200}


def test_twelve_files_at_once_and_charts_in_addition(proxy):
    """Eight people of an office press Briefing; the overview asks for three charts besides."""
    asked = ["/projects/export.csv"] * 14
    assert sorted(proxy.statuses(asked, at_once=14)) == [*[200] * 12, 429, 429]
    for address in ("/projects/export.xlsx", "/editions/a/quotations.csv?slow"):
        assert sorted(proxy.statuses([address] * 13, at_once=13)) == [*[200] * 12, 429]
    small = [
        *("/reports/scope/figure.json?slow", "/reports/region/figure.json?slow"),
        *("/datapackage.json?slow", "/sitemap-projects.xml?slow", "/robots.txt?slow"),
        *("/api/v1/openapi.json?slow", "/projects/?slow"),
    ]
    proxy.asked.clear()
    with ThreadPoolExecutor(12) as pool:
        files = [pool.submit(proxy.ask, "/projects/export.csv") for _file in range(12)]
        until(lambda: len(proxy.asked) == 12)
        assert set(proxy.statuses(small)) == {200}
        assert [file.result()[0] for file in files] == [200] * 12


def test_an_office_may_log_in_at_nine(proxy):
    """Forty at once from one address; the site counts by account before that."""
    tried = proxy.statuses(["/accounts/login/"] * 58, data=b"login=x")
    assert 41 <= tried.count(200) <= 50
    assert set(tried) == {200, 429}


def test_bodies_are_bounded(proxy):
    for path, size, status in (
        ("/projects/PVE-001/correct/", 900_000, 200),
        ("/accounts/login/", 1_100_000, 413),
        ("/admin/projects/project/1/evidence/", 20_000_000, 200),
        ("/admin/projects/batch/import/", 40_000_000, 200),
        ("/admin/projects/batch/import/", 44_000_000, 413),
        ("/admin/elsewhere/record/import/", 40_000_000, 200),
        ("/admin/elsewhere/record/import/", 44_000_000, 413),
    ):
        answered, _headers, page = proxy.ask(path, b"x" * size)
        assert answered == status, (path, size)
        assert ("<h1>What you sent is too large</h1>" in page) == (status == 413)


def test_the_proxy_passes_address_and_scheme_and_no_claim_of_the_visitor(proxy):
    forged = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "http"}
    _status, _headers, told = proxy.ask("/", X_Forwarded_Host="evil.example", **forged)
    told = json.loads(told)
    assert told["X-Forwarded-Proto"] == "https"
    assert told["X-Forwarded-For"].split(", ")[-1] == "127.0.0.1"
    assert "X-Forwarded-Host" not in told
    assert proxy.ask("/readyz")[0] == 404


def of_the_site(proxy, path) -> list[str]:
    """Return the tags with which the site was asked for a path: of what nginx had in its cache."""
    return [tag for asked, tag in proxy.asked if asked == path]


def test_a_cached_page_is_asked_for_again_each_time_and_not_sent_again(proxy):
    answers = [proxy.ask("/page") for _time in range(3)]
    assert [status for status, *_rest in answers] == [200, 200, 200]
    assert len({text for *_rest, text in answers}) == 1
    assert of_the_site(proxy, "/page") == ["", 'W/"1"', 'W/"1"']
    assert "X-Accel-Expires" not in answers[2][1]
    assert proxy.ask("/page", If_None_Match='W/"1"')[0] == 304
    # Another language and another query are other pages.
    proxy.ask("/page", Accept_Language="ar")
    proxy.ask("/page?b")
    assert of_the_site(proxy, "/page")[4:] == [""]
    assert of_the_site(proxy, "/page?b") == [""]


def test_what_never_changes_is_asked_for_once_also_by_many_at_once(proxy):
    assert set(proxy.statuses(["/edition.export"] * 8)) == {200}
    assert of_the_site(proxy, "/edition.export") == [""]


def test_nothing_with_a_cookie_and_nothing_for_one_reader_is_cached(proxy):
    for path in ("/edition/cookie", "/page/cookie", "/desk"):
        for _time in range(3):
            assert proxy.ask(path)[0] == 200
        assert of_the_site(proxy, path) == ["", "", ""]
    for name in ("sessionid", "__Host-sessionid"):
        path = f"/edition?{name}"
        for cookie in (f"a=b; {name}=x", f"a=b; {name}=x", "", "", f"{name}=x"):
            proxy.ask(path, **({"Cookie": cookie} if cookie else {}))
        assert of_the_site(proxy, path) == ["", "", "", ""]


def test_each_answer_has_the_number_that_the_site_was_sent(proxy):
    numbers = set()
    for _time in range(2):
        _status, headers, told = proxy.ask("/projects/", X_Request_ID="forged-by-a-visitor")
        assert headers.get_all("X-Request-ID") == [json.loads(told)["X-Request-ID"]]
        numbers.add(headers["X-Request-ID"])
    assert len(numbers) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", number) for number in numbers)
    assert len({proxy.ask("/edition")[1]["X-Request-ID"] for _time in range(3)}) == 3


def test_a_site_that_does_not_answer_is_passed_over(tmp_path, certificate):
    with told() as site:
        ports = [free_port(), site.server_address[1]]
        with closing(AskedByMany(tmp_path, certificate, ports)) as proxy:
            assert set(proxy.statuses(["/projects/"] * 20)) == {200}


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
AWAY = "The register cannot be reached at the moment. Wait 30 seconds, then try again."


HTML = "text/html; charset=utf-8"
PROBLEM = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": AWAY}
# The address, what is accepted, the type of the answer and its text.
REFUSALS = [
    ("/projects/", "*/*", HTML, "<h1>The register cannot be reached at the moment</h1>"),
    ("/api/v1/answers/?q=a", BROWSER, "application/problem+json", json.dumps(PROBLEM)),
    ("/reports/scope.json?q=a", "*/*", "application/json", f'{{"errors": ["{AWAY}"]}}'),
    ("/projects/export.csv?q=a", "*/*", "text/plain; charset=utf-8", f"{AWAY}\n"),
    ("/projects/export.xlsx", BROWSER, HTML, "at the moment</h1>"),
]


def test_a_site_that_is_away_is_reported_in_the_form_that_was_asked_for(tmp_path, certificate):
    with closing(AskedByMany(tmp_path, certificate, [free_port()])) as proxy:
        for path, accept, kind, text in REFUSALS:
            status, headers, answer = proxy.ask(path, Accept=accept)
            assert (status, headers["Retry-After"]) == (503, "30")
            assert headers.get_all("Content-Type") == [kind]
            assert (text in answer) if kind == HTML else (text == answer)
            # Other sites may read refusals of what they may read.
            is_open = path != "/projects/"
            assert headers["Access-Control-Allow-Origin"] == ("*" if is_open else None)
            assert headers["Access-Control-Expose-Headers"] == ("Retry-After" if is_open else None)


def test_refusals_are_in_the_language_of_the_address_and_in_the_words_of_the_site(
    tmp_path, certificate
):
    waits = "Wait %(seconds)s second, then try again.", "Wait %(seconds)s seconds, then try again."
    codes, headings = [code for code, _name in settings.LANGUAGES], {}
    with closing(AskedByMany(tmp_path, certificate, [free_port()])) as proxy:
        for code in codes:
            with translation.override(code):
                gone, wait = gettext(AWAY.partition(".")[0]), ngettext(*waits, 30) % {"seconds": 30}
            status, _headers, page = proxy.ask(in_language("/projects/", code))
            assert status == 503
            assert f"<h1>{gone}</h1><p>{wait}</p>" in page
            assert ('dir="rtl"' in page) == (code == "ar")
            _status, _headers, text = proxy.ask(in_language("/projects/export.csv", code))
            assert text == f"{gone}. {wait}\n"
            correct = in_language("/projects/PVE-001/correct/", code)
            status, _headers, page = proxy.ask(correct, b"x" * 1_100_000)
            assert status == 413
            headings[code] = re.findall("<h1>(.*)</h1>", page)
        for code in codes:
            with translation.override(code):
                wait = ngettext(*waits, 10) % {"seconds": 10}
            asked = in_language("/projects/", code)
            status, _headers, page = proxy.ask_until_refused(asked, passed=503)
            assert (status, f"{wait}</p>" in page) == (429, True)
            headings[code] += re.findall("<h1>(.*)</h1>", page)
    assert headings == {
        "en": ["What you sent is too large", "Too many requests"],
        "ar": ["ما أرسلته كبير جداً", "طلبات كثيرة جداً"],
        "zh-hans": ["您发送的内容过大", "请求过多"],
        "fr": ["Votre envoi est trop volumineux", "Trop de requêtes"],
        "ru": ["Отправленное слишком велико", "Слишком много запросов"],
        "es": ["Lo que envió es demasiado grande", "Demasiadas solicitudes"],
    }


def test_programs_have_limits_of_their_own_and_refusals_as_data(proxy):
    proxy.statuses(["/projects/"] * 100)
    assert set(proxy.statuses(["/api/v1/answers/"] * 120)) == {200}
    status, headers, told = proxy.ask_until_refused("/api/v1/editions/")
    assert (status, headers["Retry-After"], headers["Cache-Control"]) == (429, "10", "no-store")
    assert headers.get_all("Content-Type") == ["application/problem+json"]
    assert headers["Access-Control-Allow-Origin"] == "*"
    much = "A lot was asked from your network in a short time. Wait 10 seconds, then try again."
    title = "Too Many Requests"
    assert json.loads(told) == PROBLEM | {"title": title, "status": 429, "detail": much}


def test_the_register_is_served_through_it(tmp_path, certificate):
    with served(tmp_path, HTTPS="on", BEHIND_PROXY="on") as base:
        port = int(base.rsplit(":", 1)[1])
        with closing(AskedByMany(tmp_path, certificate, [port])) as proxy:
            status, headers, _page = proxy.ask(f"{proxy.plain}/projects/")
            assert (status, headers["Location"]) == (301, "https://127.0.0.1/projects/")
            status, headers, page = proxy.ask("/projects/")
            assert (status, headers["Strict-Transport-Security"]) == (200, "max-age=31536000")
            assert headers.get_all("Content-Security-Policy")[1:] == []
            assert headers["Access-Control-Allow-Origin"] is None
            assert 'id="listed" data-rows="12"' in page
            assert (
                "https://127.0.0.1/projects/?scope=global"
                in proxy.ask("/projects/?scope=global")[2]
            )
            # What is too long to be read.
            status, headers, _told = proxy.ask(f"/api/v1/projects/?q={'a' * 8200}")
            assert (status, headers["Content-Type"]) == (414, "application/problem+json")
            # Rendered, then from the cache, then unchanged.
            for _time in range(2):
                status, headers, file = proxy.ask(
                    "/projects/export.csv", Origin="https://a.example"
                )
                assert (status, headers["Access-Control-Allow-Origin"]) == (200, "*")
                assert file.count("\r\n") == 224
            same = {"If-None-Match": headers["ETag"], "Origin": "https://a.example"}
            status, headers, _file = proxy.ask("/projects/export.csv", **same)
            assert (status, headers["Access-Control-Allow-Origin"]) == (304, "*")
            assert headers["Access-Control-Expose-Headers"] == "*"
