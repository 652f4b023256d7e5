"""What browsers, proxies and the site itself cache of public pages, and what nobody ever does."""

import gzip
import pickle
import signal
import time
from datetime import timedelta

import pytest
from django.contrib import messages
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone
from redis import Redis

from projects.history import unrecorded
from projects.models import Correction, Entity, Project
from projects.pages import ReadOnlyView
from pvematrix import page_cache
from pvematrix.settings import ON_SERVER
from pvematrix.urls import urlpatterns as of_the_site
from reports.views import About

from .pages import body
from .servers import valkey

pytestmark = pytest.mark.usefixtures("register")

EVERYBODY = "public, max-age=0, must-revalidate"
NOBODY = "max-age=0, no-cache, no-store, must-revalidate, private"
PAGES = [
    *("/", "/projects/", "/projects/PVE-001/", "/projects/changes.atom", "/reports/region/"),
    *("/reports/region.json", "/reports/region.csv?scope=national", "/robots.txt"),
    *("/reports/compare/?a=scope%3Dglobal", "/entities/UNESCO/", "/about/"),
    *("/statements.csv?kind=lesson", "/suggestions.json?q=you", "/sitemap-projects.xml"),
    "/api/v1/projects/?scope=national",
]
FILES = [
    *("/projects/export.csv?scope=global", "/statements.xlsx", "/entities.csv"),
]
TOLD = ("ETag", "Cache-Control", "Vary", "X-Frame-Options", "Content-Security-Policy")


def queries(client, address, **headers) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        body(client.get(address, headers=headers))
    return [query["sql"] for query in captured]


@pytest.mark.long
@pytest.mark.parametrize("address", [*PAGES, *FILES])
def test_what_did_not_change_costs_one_query(client, address):
    first = client.get(address)
    content = body(first)
    assert (first.status_code, first["Cache-Control"], first.cookies) == (200, EVERYBODY, {})
    assert "Cookie" not in first["Vary"]
    etag = first["ETag"]
    for tag in (etag, f'"other", {etag.removeprefix("W/")}'):
        with CaptureQueriesContext(connection) as captured:
            same = client.get(address, headers={"If-None-Match": tag})
        assert len(captured) == 1
        assert "projects_dataversion" in captured[0]["sql"]
        assert (same.status_code, same.content, "Content-Length" in same) == (304, b"", False)
        assert [same.get(name) for name in TOLD] == [first.get(name) for name in TOLD]
    if address in PAGES:
        assert len(queries(client, address)) == 1
        for encoding, unpacked in (("identity", bytes), ("gzip", gzip.decompress)):
            cached = client.get(address, headers={"Accept-Encoding": encoding})
            assert unpacked(cached.content) == content
            assert int(cached["Content-Length"]) == len(cached.content)
            # The bytes of a CSV are the same each time, but for the compression.
            is_weak = encoding == "gzip" or ".csv" not in address
            assert cached["ETag"] == f"W/{etag}".replace("W/W/", "W/") if is_weak else etag
            assert [cached.get(name) for name in TOLD[1:]] == [first.get(one) for one in TOLD[1:]]
            anything = client.get(address, headers={"If-None-Match": "*"})
            assert (anything.status_code, anything["ETag"]) == (304, etag)
    with unrecorded("a test"):
        Project.live.filter(reference="PVE-009").update(title="Zebra")
    changed = client.get(address, headers={"If-None-Match": etag})
    assert (changed.status_code, changed["ETag"] == etag) == (200, False)
    body(changed)


def test_each_address_has_a_tag_of_its_own_and_what_is_not_there_has_none(client):
    tags = [client.get(address)["ETag"] for address in PAGES[:12]]
    assert len(set(tags)) == 12
    for address in ("/projects/PVE-999/", "/projects/?scope=galactic", "/projects/?page=99"):
        for those in (", ".join(tags), "*"):
            response = client.get(address, headers={"If-None-Match": those})
            assert response.status_code in (400, 404)
            assert (response["Cache-Control"], response.get("ETag")) == (NOBODY, None)


def test_a_page_that_was_rendered_while_something_changed_is_not_shown_as_the_new_one(
    client, monkeypatch
):
    plain = About.answer

    def answer(self):
        response = plain(self)
        with unrecorded("a test"):
            Entity.objects.filter(acronym="OCT").update(name="Office of Zebras")
        return response

    monkeypatch.setattr(About, "answer", answer)
    assert "Office of Zebras" not in client.get("/about/").content.decode()
    monkeypatch.setattr(About, "answer", plain)
    assert "Office of Zebras" in client.get("/about/").content.decode()


# Parts of a file


@pytest.mark.parametrize(
    "address",
    [
        "/projects/export.csv?edition=reconstruction-2026-11",
        "/statements.csv?kind=lesson",
    ],
)
def test_a_file_says_how_long_it_is_and_is_read_in_parts(client, address):
    whole = client.get(address)
    size, etag = len(whole.content), whole["ETag"]
    head = client.head(address)
    for one in (whole, head):
        assert (one["Content-Length"], one["Accept-Ranges"]) == (str(size), "bytes")
        assert (one["ETag"], etag[0]) == (etag, '"')
    for asked, start, end in (("0-9", 0, 10), ("10-", 10, size), ("-7", size - 7, size)):
        headers = {"Range": f"bytes={asked}", "If-Range": etag, "Accept-Encoding": "gzip"}
        part = client.get(address, headers=headers)
        assert (part.status_code, part.content) == (206, whole.content[start:end])
        assert part["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
        assert (part["Content-Length"], part["ETag"]) == (str(end - start), etag)
    beyond = client.get(address, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{size}")
    said = f"Range: not in this file. Allowed: bytes from 0 to {size - 1}.\n"
    assert (beyond.content.decode(), beyond["Content-Length"]) == (said, str(len(said)))


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-9", "If-Range": '"another"'},
        {"Range": "bytes=0-9,20-29"},
    ],
)
def test_what_is_no_part_of_this_version_is_answered_with_the_whole(client, headers):
    whole = client.get("/projects/export.csv")
    again = client.get("/projects/export.csv", headers=headers)
    assert (again.status_code, again.content) == (200, whole.content)
    weak = {"Range": "bytes=0-9", "If-Range": f"W/{whole['ETag']}"}
    assert client.get("/projects/export.csv", headers=weak).status_code == 200


# One page for all who ask for the same


def test_the_order_of_parameters_what_is_empty_and_what_mail_adds_make_no_other_page(client):
    first, *same = [
        "/projects/?scope=global&region=africa&region=asia",
        "/projects/?region=asia&scope=global&region=africa",
        "/projects/?region=africa&q=&scope=global&status=&region=asia&page=",
        "/projects/?utm_source=mail&region=africa&scope=global&region=asia&fbclid=secret",
    ]
    tags = {client.get(first)["ETag"]}
    assert [len(queries(client, address)) for address in same] == [1, 1, 1]
    for address in (
        *("/projects/?scope=global&region=africa", f"{first}&sort=title"),
        *(f"{first}&q=a&q=b", f"{first}&q=b&q=a"),
    ):
        assert client.get(address)["ETag"] not in tags
        tags.add(client.get(address)["ETag"])
    assert client.get("/projects/?sort=title&x=").status_code == 400
    for address in ("/reports/compare/?a=scope%3Dglobal", "/projects/?q=youth"):
        assert "secret" not in client.get(f"{address}&mc_eid=secret").content.decode()


@pytest.mark.long
def test_hosts_schemes_languages_days_and_releases_have_their_own_pages(
    client, settings, monkeypatch
):
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]

    def tags():
        return {
            client.get(address, **asked)["ETag"]
            for address, asked in (
                *(("/projects/", {}), ("/projects/", {"secure": True}), ("/ar/projects/", {})),
                ("/projects/", {"headers": {"host": "localhost"}}),
            )
        }

    assert client.get("/projects/", headers={"host": "evil.example"}).status_code == 400
    today, tomorrow = timezone.now(), timezone.now() + timedelta(days=1)
    seen = tags() | tags()
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    seen |= tags()
    monkeypatch.setattr(timezone, "now", lambda: today)
    for name in ("API_ANSWERS_A_MINUTE", "SECRET_KEY"):
        monkeypatch.setattr(settings, name, "7")
        page_cache.release.cache_clear()
        seen |= tags()
    monkeypatch.undo()
    page_cache.release.cache_clear()
    assert len(seen) == 16


# Encodings, methods and frames


# What nobody caches


class Personal(ReadOnlyView):
    """What a careless public page could do."""

    def get(self, request, does):
        said = {
            "session": lambda: request.session.get("name", "nobody"),
            "user": lambda: request.user,
            "message": lambda: messages.info(request, "for one"),
            "read": lambda: ", ".join(map(str, messages.get_messages(request))),
            "token": lambda: get_token(request),
        }.get(does, str)()
        response = HttpResponse(f"for {said}", status=500 if does == "error" else 200)
        if does == "cookie":
            response.set_cookie("name", "one")
        if does == "vary":
            response["Vary"] = "Cookie"
        if does == "private":
            response["Cache-Control"] = "private"
        return response


urlpatterns = [path("personal/<str:does>/", Personal.as_view()), *of_the_site]
DOES = ["session", "user", "message", "read", "token", "cookie", "vary", "error", "private"]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("does", DOES)
def test_what_is_for_one_reader_is_cached_by_nobody(admin_client, client, does):
    for who in (admin_client, client, admin_client, client):
        response = who.get(f"/personal/{does}/")
        assert response["Cache-Control"] == ("private" if does == "private" else NOBODY)
        assert "ETag" not in response
        assert ("admin" in response.content.decode()) == (does == "user" and who is admin_client)
    assert len(caches["queries"]._cache) == 0


def test_forms_receipts_logins_and_the_desk_are_cached_by_nobody(client, admin_client):
    Correction(reference="PVE-001", column="title", value="Private words", source="S").save()
    number = Correction.objects.get().pk
    for address in (
        *("/projects/PVE-001/correct/", f"/projects/PVE-001/correct/{number}/"),
        *("/accounts/login/", "/admin/", "/admin/projects/project/"),
        *("/accounts/2fa/", "/accounts/password/change/"),
    ):
        is_open = address.endswith(("/login/", "/correct/", f"/{number}/"))
        response = (client if is_open else admin_client).get(address)
        assert (response.status_code, "ETag" in response) == (200, False)
        assert "no-store" in response["Cache-Control"]
    own, public = admin_client.get("/projects/"), client.get("/projects/")
    assert (own.content, own["ETag"]) == (public.content, public["ETag"])


# Bounds, and the server of the cache


class Planted:
    """What shows that it was loaded from a pickle."""

    loaded = 0

    def __reduce__(self):
        return setattr, (Planted, "loaded", 1)


@pytest.fixture
def server(tmp_path, settings):
    """The process of a Valkey on which pages are cached, as with CACHE_URL, and its address."""
    with valkey(tmp_path) as (address, process):
        settings.CACHES = settings.CACHES | {
            name: ON_SERVER | {"LOCATION": address, "KEY_PREFIX": name}
            for name in ("pages", "queries")
        }
        yield address, process


def test_processes_share_pages_on_a_server_and_no_pickle_is_loaded(client, server):
    first = client.get("/projects/")
    with Redis.from_url(server[0]) as stored:
        (key,) = stored.keys()
        head, _newline, content = stored.get(key).partition(b"\n")
        assert head.startswith(b'[200, {"Content-Type": "text/html; charset=utf-8"')
        assert gzip.decompress(content) == first.content
        assert len(queries(client, "/projects/")) == 1
        for planted in (pickle.dumps(Planted()), b"[]\n", b"", b"5\n", b"\xff\n"):
            stored.set(key, planted)
            assert client.get("/projects/").content == first.content
    assert Planted.loaded == 0
    assert client.get("/projects/").content == first.content


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_without_the_server_every_page_comes_within_a_second(client, server, how):
    addresses = ["/about/", "/projects/?scope=global", "/api/v1/answers/?scope=global"]
    for address in addresses:
        client.get(address)
    server[1].send_signal(how)
    for address in addresses:
        began = time.monotonic()
        assert client.get(address).status_code == 200
        assert time.monotonic() - began <= 1
