"""What browsers, proxies and the site itself keep of public pages, and what nobody ever does."""

import gzip
import json
import os
import re
import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import brotli
import pytest
from django.contrib import messages
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.db import connection, connections
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from projects.asking import Asked, Selection
from projects.history import unrecorded
from projects.models import Correction, Country, Entity, Project, data_version, reading_at
from projects.pages import ReadOnlyView
from projects.views import Export
from projects.vocabulary import PriorityArea, Region
from pvematrix import page_cache
from pvematrix.capacity import SLOTS
from pvematrix.urls import urlpatterns as of_the_site
from reports.views import About

from .pages import body, total_of
from .parts import free_port
from .servers import new_database, own_environment, served, serving

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.once]

EVERYBODY = "public, max-age=0, must-revalidate"
NOBODY = "max-age=0, no-cache, no-store, must-revalidate, private"
FOR_EVER = "public, max-age=31536000, immutable"
PAGES = [
    "/",
    "/?scope=global",
    "/projects/",
    "/projects/?region=africa&region=asia&q=youth&sort=-title&page=1",
    "/projects/?edition=reconstruction-2017-12",
    "/projects/PVE-001/",
    "/projects/PVE-001/changes/",
    "/projects/changes/",
    "/projects/changes.atom",
    "/reports/",
    "/reports/region/",
    "/reports/region.json",
    "/reports/region.csv?scope=national",
    "/reports/region/figure.json",
    "/embed/scope/",
    "/reports/cross-table/?rows=region&columns=scope",
    "/reports/cross-table.csv",
    "/reports/cross-table.json",
    "/reports/compare/?a=scope%3Dglobal",
    "/reports/compare.csv",
    "/reports/draft/",
    "/reports/draft.txt",
    "/reports/a-72-621/",
    "/reports/a-72-621/text/",
    "/report/",
    "/library/",
    "/evidence/",
    "/events/",
    "/events.ics",
    "/plans/",
    "/entities/",
    "/entities/UNESCO/",
    "/statements.csv",
    "/statements.json?kind=lesson",
    "/editions/",
    "/editions/reconstruction-2017-12/",
    "/editions/reconstruction-2017-12/changes/live/",
    "/about/",
    "/about/quality/",
    "/suggestions.json?q=you",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-projects.xml",
    "/sitemap-statements.xml",
]
FILES = [
    "/projects/export.csv",
    "/projects/export.json?scope=global",
    "/projects/export.xlsx",
    "/projects/export.docx",
    "/statements.xlsx?kind=lesson",
    "/reports/cross-table.xlsx",
    "/reports/draft.docx",
    "/editions/reconstruction-2017-12/changes/live.json",
]


def queries(client, address, **headers) -> int:
    with CaptureQueriesContext(connection) as captured:
        body(client.get(address, headers=headers))
    return len(captured)


@pytest.mark.long
@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_is_kept_costs_one_query_and_is_what_it_was(client, address):
    first = client.get(address)
    assert (first.status_code, first["Cache-Control"]) == (200, EVERYBODY)
    # What may be asked for once only is not kept at once; a file says when it was made.
    second = client.get(address)
    with CaptureQueriesContext(connection) as captured:
        kept = client.get(address)
    assert [query["sql"].startswith("SELECT SUM(number)") for query in captured] == [True]
    assert kept.content == second.content
    numbers = {response.headers.pop("X-Request-ID") for response in (kept, second)}
    assert (len(numbers), dict(kept.headers)) == (2, dict(second.headers))
    assert "Cookie" not in kept["Vary"]
    assert not kept.cookies


@pytest.mark.long
@pytest.mark.parametrize("address", [*PAGES, *FILES])
def test_who_has_it_already_is_told_so_by_one_query(client, address):
    response = client.get(address)
    body(response)
    etag = response["ETag"]
    assert etag.startswith('W/"')
    with CaptureQueriesContext(connection) as captured:
        same = client.get(address, headers={"If-None-Match": f'"other", {etag}'})
    assert (same.status_code, same.content, len(captured)) == (304, b"", 1)
    strong = client.get(address, headers={"If-None-Match": f'"other", {etag.removeprefix("W/")}'})
    told = ("ETag", "Cache-Control", "Vary", "X-Frame-Options")
    for one in (same, strong):
        assert (one.status_code, one.content, "Content-Length" in one) == (304, b"", False)
        assert [one.get(name) for name in told] == [response.get(name) for name in told]
    assert body(client.get(address, headers={"If-None-Match": '"other"'}))
    for tag in (etag, etag.removeprefix("W/")):
        assert client.head(address, headers={"If-None-Match": tag}).status_code == 304
    with unrecorded("a test"):
        Project.live.filter(reference="PVE-009").update(title="Zebra")
    changed = client.get(address, headers={"If-None-Match": etag})
    assert (changed.status_code, changed["ETag"] == etag) == (200, False)
    body(changed)


@pytest.mark.parametrize("address", ["/projects/?scope=global", "/embed/scope/", "/robots.txt"])
def test_who_has_anything_is_told_that_it_is_still_there(client, address):
    anything = {"If-None-Match": "*"}
    # The page is made for it, then kept, then as it was kept.
    answers = [client.get(address, headers=anything) for _time in range(3)]
    page = client.get(address)
    assert page.status_code == 200
    told = ("ETag", "Cache-Control", "Vary", "X-Frame-Options")
    for one in (*answers, client.head(address, headers=anything)):
        assert (one.status_code, one.content, "Content-Length" in one) == (304, b"", False)
        assert [one.get(name) for name in told] == [page.get(name) for name in told]


def test_a_file_is_sent_to_who_has_anything(client):
    # While it is sent it is made, and may not come to its end.
    assert body(client.get("/projects/export.csv", headers={"If-None-Match": "*"}))


@pytest.mark.long
def test_each_address_has_a_tag_of_its_own(client):
    found = {address: client.get(address).get("ETag") for address in PAGES}
    assert len({*found.values()}) == len(PAGES)
    tags = [*found.values()]
    # So no tag of one page makes another, or one that is not there, seem known.
    for address in ("/projects/PVE-999/", "/projects/?scope=galactic", "/nothing/"):
        for those in (", ".join(tags), "*"):
            status = client.get(address, headers={"If-None-Match": those}).status_code
            assert status in (400, 404)


def test_a_change_shows_at_once_and_a_draft_changes_nothing(client):
    for _time in range(3):
        assert "Zebra" not in client.get("/projects/?scope=global").content.decode()
    etag = client.get("/projects/?scope=global")["ETag"]
    one = Project.published.get(reference="PVE-001")
    one.pk, one.reference, one.title, one.review = None, "PVE-224", "Zebra, a draft", "draft"
    one._state.adding = True
    one.save()
    assert client.get("/projects/?scope=global")["ETag"] == etag
    one = Project.published.filter(scope="global")[0]
    one.title = "Zebra"
    one.save()
    for _time in range(3):
        html = client.get("/projects/?scope=global").content.decode()
        assert "Zebra" in html
        assert "a draft" not in html


def test_a_page_that_was_made_while_something_changed_is_never_taken_for_the_new_one(
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


# One page for all that ask for the same


def test_the_order_of_parameters_and_what_is_empty_make_no_other_page(client):
    asked = [
        "/projects/?scope=global&region=africa&region=asia",
        "/projects/?region=asia&scope=global&region=africa",
        "/projects/?region=africa&q=&scope=global&status=&region=asia&page=",
        "/projects/?utm_source=mail&region=africa&scope=global&region=asia&fbclid=1",
    ]
    tags = {client.get(address)["ETag"] for address in asked}
    assert len(tags) == 1
    assert [queries(client, address) for address in asked] == [1, 1, 1, 1]
    # These ask for something else.
    for address in (
        "/projects/?scope=global&region=africa",
        "/projects/?scope=global&region=africa&region=asia&sort=title",
        "/projects/?scope=global&region=africa&region=asia&q=a&q=b",
        "/projects/?scope=global&region=africa&region=asia&q=b&q=a",
    ):
        assert client.get(address)["ETag"] not in tags
        tags.add(client.get(address)["ETag"])


def test_what_is_wrong_is_refused_whatever_is_kept(client):
    for _time in range(2):
        assert client.get("/projects/?sort=title").status_code == 200
        assert client.get("/projects/").status_code == 200
    for wrong in ("?sort=title&sort=title", "?sort=title&x=", "?x=", "?sort=title&sort=scope"):
        refused = client.get(f"/projects/{wrong}")
        assert (refused.status_code, refused["Cache-Control"]) == (400, NOBODY)
        assert "ETag" not in refused


@pytest.mark.parametrize("address", ["/reports/compare/?a=scope%3Dglobal", "/projects/?q=youth"])
def test_what_a_mail_program_added_for_one_reader_reaches_no_other(client, address):
    for _time in range(3):
        assert "secret" not in client.get(f"{address}&mc_eid=secret").content.decode()
    assert "secret" not in client.get(address).content.decode()


def test_hosts_and_https_have_their_own_pages(client):
    for _time in range(2):
        here = client.get("/projects/", headers={"host": "testserver"}).content.decode()
        there = client.get("/projects/", headers={"host": "localhost"}).content.decode()
        safe = client.get("/projects/", secure=True).content.decode()
        assert "http://testserver/projects/" in here
        assert "http://localhost/projects/" in there
        assert "https://testserver/projects/" in safe
        assert "localhost" not in here + safe
    assert client.get("/projects/", headers={"host": "evil.example"}).status_code == 400


def test_languages_have_their_own_pages(client, settings):
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    for _time in range(2):
        english = client.get("/projects/", headers={"Accept-Language": "en"})
        arabic = client.get("/projects/", headers={"Accept-Language": "ar"})
        assert b'<html lang="en" dir="ltr">' in english.content
        assert b'<html lang="ar" dir="rtl">' in arabic.content
        assert english["ETag"] != arabic["ETag"]
        assert "Accept-Language" in arabic["Vary"]
        assert arabic["Content-Language"] == "ar"


def test_a_page_is_kept_for_the_day_that_it_prints(client, monkeypatch):
    today = timezone.now()
    html = client.get("/projects/").content.decode()
    assert f"Accessed on {today.day} {today:%B %Y}" in html
    tomorrow = today + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    html = client.get("/projects/").content.decode()
    assert f"Accessed on {tomorrow.day} {tomorrow:%B %Y}" in html


def test_other_code_has_other_tags(settings, tmp_path):
    digests = set()
    for change in ("a", "b"):
        page_cache.release.cache_clear()
        settings.BASE_DIR = tmp_path
        (tmp_path / "requirements.txt").write_text("Django")
        (tmp_path / "templates").mkdir(exist_ok=True)
        (tmp_path / "templates" / "base.html").write_text(change)
        digests.add(page_cache.release())
    for name, value in (
        *(("STATIC_URL", "/other/"), ("API_ANSWERS_A_MINUTE", 7)),
        ("SECRET_KEY", "another, of which no cursor holds that was signed before"),
    ):
        setattr(settings, name, value)
        page_cache.release.cache_clear()
        digests.add(page_cache.release())
    page_cache.release.cache_clear()
    assert len(digests) == 5


# Encodings and methods


@pytest.mark.parametrize(
    "address",
    [
        *("/projects/", "/reports/region.json?scope=global", "/robots.txt"),
        *("/api/v1/projects/?scope=national", "/api/v1/answers/?scope=national"),
    ],
)
def test_a_page_is_compressed_once_and_reaches_those_who_take_none(client, monkeypatch, address):
    def ask(encodings):
        response = client.get(address, headers={"Accept-Encoding": encodings})
        assert int(response["Content-Length"]) == len(response.content)
        assert "Accept-Encoding" in response["Vary"]
        return response

    plain = ask("identity")
    ask("identity")  # from here on it is kept
    monkeypatch.delattr(gzip, "compress")
    monkeypatch.delattr(brotli, "compress")
    for encodings in ("", "identity", "deflate", "gzip;q=0, br; q=0.000", "brotli"):
        response = ask(encodings)
        assert ("Content-Encoding" in response, response.content) == (False, plain.content)
        assert response["ETag"] == plain["ETag"]
    for encodings, coding, unpacked in (
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("BR", "br", brotli.decompress),
        ("gzip;q=1.0, br;q=0.1", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("gzip;q=0.5, br;q=0", "gzip", gzip.decompress),
    ):
        packed = ask(encodings)
        assert (packed["Content-Encoding"], packed["ETag"]) == (coding, plain["ETag"])
        assert unpacked(packed.content) == plain.content
        assert len(packed.content) < len(plain.content) or len(plain.content) < 200


@pytest.mark.parametrize("address", ["/projects/", "/projects/export.csv", "/projects/?q=youth"])
def test_a_head_request_is_answered_like_a_get_and_keeps_nothing(client, address):
    before = client.head(address)
    assert (before.status_code, before["Cache-Control"]) == (200, EVERYBODY)
    response = client.get(address)
    assert len(body(response)) > 1000
    assert before["ETag"] == response["ETag"]
    body(client.get(address))
    assert client.head(address)["ETag"] == response["ETag"]


def test_other_methods_are_refused_and_kept_by_nobody(client):
    for _time in range(2):
        for method in (client.post, client.put, client.delete):
            refused = method("/projects/")
            assert (refused.status_code, refused["Cache-Control"]) == (405, NOBODY)
        options = client.options("/projects/")
        assert (options.status_code, options.content) == (200, b"")
        assert options["Cache-Control"] == NOBODY
        assert b"<h1>" in client.get("/projects/").content


@pytest.mark.long
def test_a_page_for_frames_and_one_that_is_not_stay_so_when_they_are_kept(client):
    for _time in range(3):
        framed, plain = client.get("/embed/scope/"), client.get("/reports/scope/")
        assert "X-Frame-Options" not in framed
        assert "frame-ancestors *" in framed["Content-Security-Policy"]
        assert plain["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in plain["Content-Security-Policy"]
    # A browser takes over what a 304 says.
    same = client.get("/embed/scope/", headers={"If-None-Match": framed["ETag"]})
    assert same.status_code == 304
    assert not {"X-Frame-Options", "Content-Security-Policy"}.intersection(same.headers)
    same = client.get("/reports/scope/", headers={"If-None-Match": plain["ETag"]})
    assert (same.status_code, same["X-Frame-Options"]) == (304, "DENY")
    assert "frame-ancestors 'none'" in same["Content-Security-Policy"]
    assert same["X-Content-Type-Options"] == "nosniff"


# Files


def test_files_of_an_edition_never_change_and_say_so(client):
    edition = "reconstruction-2017-12"
    published = "Last-Modified"
    for address in (
        f"/projects/export.csv?edition={edition}",
        f"/projects/export.csv?edition={edition}&scope=global",
        f"/editions/{edition}/quotations.csv",
    ):
        response = client.get(address)
        assert response["Cache-Control"] == FOR_EVER, address
        known = client.get(address, headers={"If-None-Match": response["ETag"]})
        assert (known.status_code, known["Cache-Control"]) == (304, FOR_EVER)
        assert client.head(address)["Cache-Control"] == FOR_EVER
        body(response)
    assert client.get(f"/projects/export.csv?edition={edition}")[published].endswith("GMT")
    # Words are looked for in the names of entities, labels and figures may be put right.
    for address in (
        f"/projects/export.csv?edition={edition}&q=unesco",
        f"/projects/export.json?edition={edition}",
        f"/projects/?edition={edition}",
        "/projects/export.csv?edition=",
        "/projects/export.csv",
    ):
        response = client.get(address)
        assert response["Cache-Control"] == EVERYBODY, address
        body(response)
    missing = client.get("/projects/export.csv?edition=none")
    assert (missing.status_code, missing["Cache-Control"]) == (400, NOBODY)
    missing = client.get("/editions/none/quotations.csv")
    assert (missing.status_code, missing["Cache-Control"]) == (404, NOBODY)


@pytest.mark.long
def test_files_are_not_kept(client):
    for _time in range(3):
        for address in FILES:
            body(client.get(address))
    assert [len(caches[shelf]._cache) for shelf in ("pages", "queries")] == [0, 0]


# What nobody keeps


class Personal(ReadOnlyView):
    """What a careless public page could do."""

    def get(self, request, does):
        if does == "session":
            return HttpResponse(f"for {request.session.get('name', 'nobody')}")
        if does == "user":
            return HttpResponse(f"for {request.user}")
        if does == "message":
            messages.info(request, "for one")
        if does == "read":
            return HttpResponse(", ".join(map(str, messages.get_messages(request))))
        if does == "token":
            return HttpResponse(get_token(request))
        response = HttpResponse("for one", status=500 if does == "error" else 200)
        if does == "cookie":
            response.set_cookie("name", "one")
        if does == "vary":
            response["Vary"] = "Cookie"
        if does == "private":
            response["Cache-Control"] = "private"
        return response


urlpatterns = [path("personal/<str:does>/", Personal.as_view()), *of_the_site]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    "does", ["session", "user", "message", "read", "token", "cookie", "vary", "error"]
)
def test_what_is_for_one_reader_is_kept_by_nobody(admin_client, client, does):
    for who in (admin_client, client, admin_client, client):
        response = who.get(f"/personal/{does}/")
        assert response["Cache-Control"] == NOBODY
        assert "ETag" not in response
        assert ("admin" in response.content.decode()) == (does == "user" and who is admin_client)
    assert [len(caches[shelf]._cache) for shelf in ("pages", "queries")] == [0, 0]


@pytest.mark.urls(__name__)
def test_what_a_view_says_itself_stays(client):
    for _time in range(3):
        response = client.get("/personal/private/")
        assert (response["Cache-Control"], "ETag" in response) == ("private", False)


def test_staff_see_the_pages_that_everybody_sees(admin_client, client):
    for address in ("/", "/projects/", "/projects/PVE-001/", "/reports/scope/"):
        own, public = admin_client.get(address), client.get(address)
        assert own.content == public.content
        assert own["ETag"] == public["ETag"]
        assert b"admin@" not in public.content
        assert not public.cookies
        assert "Cookie" not in public["Vary"]


def test_forms_receipts_logins_and_the_desk_are_kept_by_nobody(client, admin_client):
    form = client.get("/projects/PVE-001/correct/")
    assert (form.status_code, form["Cache-Control"], "ETag" in form) == (200, NOBODY, False)
    other = Client().get("/projects/PVE-001/correct/")
    assert form.context["csrf_token"] != other.context["csrf_token"]
    Correction(reference="PVE-001", column="title", value="Private words", source="S").save()
    number = Correction.objects.get().pk
    receipt = client.get(f"/projects/PVE-001/correct/{number}/")
    assert (receipt.status_code, receipt["Cache-Control"], "ETag" in receipt) == (
        200,
        NOBODY,
        False,
    )
    Correction.objects.all().delete()
    assert client.get(f"/projects/PVE-001/correct/{number}/").status_code == 404
    for address in ("/accounts/login/", "/admin/login/"):
        assert "no-store" in client.get(address)["Cache-Control"]
    for address in ("/admin/", "/admin/projects/project/"):
        response = admin_client.get(address)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        assert "ETag" not in response


@pytest.mark.parametrize("address", ["/nothing/", "/projects/PVE-999/", "/projects/?page=99"])
def test_what_is_not_there_is_kept_by_nobody(client, address):
    for _time in range(3):
        response = client.get(address)
        assert (response.status_code, response["Cache-Control"]) == (404, NOBODY)
        assert "ETag" not in response


def test_what_cannot_be_answered_now_is_kept_by_nobody(client):
    held = [SLOTS["search"].acquire(blocking=False) for _slot in range(2)]
    assert held == [True, True]
    for _time in range(2):
        refused = client.get("/projects/?q=youth")
        assert (refused.status_code, refused["Cache-Control"]) == (503, "no-store")
    SLOTS["search"].release()
    SLOTS["search"].release()
    for _time in range(2):
        assert client.get("/projects/?q=youth").status_code == 200
    # What is kept needs no slot.
    for _slot in range(2):
        SLOTS["search"].acquire(blocking=False)
    assert client.get("/projects/?q=youth").status_code == 200
    SLOTS["search"].release()
    SLOTS["search"].release()


def test_a_page_that_fails_is_made_anew(client, monkeypatch):
    client.raise_request_exception = False
    plain = About.answer
    monkeypatch.setattr(About, "answer", lambda self: 1 / 0)
    failed = client.get("/about/")
    assert (failed.status_code, failed["Cache-Control"]) == (500, NOBODY)
    monkeypatch.setattr(About, "answer", plain)
    assert client.get("/about/").status_code == 200


def test_nothing_is_kept_while_pages_are_written(client, settings):
    settings.DEBUG = True
    for _time in range(2):
        response = client.get("/projects/")
        assert (response["Cache-Control"], "ETag" in response) == (NOBODY, False)


# Bounds


@pytest.mark.long
def test_a_flood_of_queries_fills_nothing_and_pushes_nothing_out(client, settings):
    for _time in range(2):
        client.get("/projects/")
        client.get("/projects/?scope=global")
    for number in range(60):
        assert client.get(f"/projects/?year={number + 1900}").status_code == 200
        assert client.get(f"/projects/?x={number}").status_code == 400
    assert len(caches["queries"]._cache) == 1
    assert queries(client, "/projects/") == queries(client, "/projects/?scope=global") == 1
    assert settings.CACHES["pages"]["OPTIONS"]["MAX_ENTRIES"] == 100
    assert settings.CACHES["queries"]["OPTIONS"]["MAX_ENTRIES"] == 400
    assert settings.CACHES["asked"]["OPTIONS"]["MAX_ENTRIES"] == 10_000
    assert page_cache.LARGEST == 200_000


def test_a_page_that_is_too_large_is_made_each_time(client, monkeypatch):
    monkeypatch.setattr(page_cache, "LARGEST", 1000)
    for _time in range(3):
        response = client.get("/projects/")
        assert (response.status_code, response["Cache-Control"]) == (200, EVERYBODY)
    assert len(caches["pages"]._cache) == 0


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_a_missing_page_at_once_wait_for_one(monkeypatch):
    made, plain = [], About.answer

    def answer(self):
        made.append(self)
        time.sleep(0.3)
        return plain(self)

    monkeypatch.setattr(About, "answer", answer)
    found = []

    def ask():
        found.append(Client().get("/about/", headers={"Accept-Encoding": "identity"}))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _one in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(made) == 1
    assert len({response.content for response in found}) == 1
    assert b"<h1>" in found[0].content


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_who_waits_for_a_page_that_fails_makes_it(monkeypatch):
    made, plain = [], About.answer

    def answer(self):
        made.append(self)
        if len(made) == 1:
            time.sleep(0.3)
            raise ZeroDivisionError
        return plain(self)

    monkeypatch.setattr(About, "answer", answer)
    found = []

    def ask():
        found.append(Client(raise_request_exception=False).get("/about/").status_code)
        connections.close_all()

    threads = [threading.Thread(target=ask) for _one in range(2)]
    for one in threads:
        one.start()
        time.sleep(0.1)
    for one in threads:
        one.join()
    assert sorted(found) == [200, 500]


@pytest.fixture
def server(tmp_path):
    """A Valkey or Redis of this machine, and its address."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if not program:
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail("no Valkey or Redis on this machine (Debian: valkey-server)")
        pytest.skip("no Valkey or Redis on this machine (Debian: valkey-server)")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    running = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    address = f"redis://127.0.0.1:{port}/0"
    for _attempt in range(100):
        with suppress(RedisError):
            Redis.from_url(address).ping()
            break
        time.sleep(0.1)
    yield address
    running.terminate()
    running.wait(10)


def test_processes_share_what_is_kept_on_a_server(client, settings, server):
    shared = {"BACKEND": "pvematrix.cache.ServerCache", "LOCATION": server}
    settings.CACHES = settings.CACHES | {
        "pages": shared | {"KEY_PREFIX": "pages"},
        "queries": shared | {"KEY_PREFIX": "queries"},
    }
    first = client.get("/projects/")
    for _time in range(2):
        client.get("/projects/?scope=global")
    with Redis.from_url(server) as kept:
        assert sorted(key.split(b":")[0] for key in kept.scan_iter()) == [b"pages", b"queries"]
    # As another process has it, which asks for none of these itself.
    caches["asked"].clear()
    assert queries(client, "/projects/") == queries(client, "/projects/?scope=global") == 1
    assert client.get("/projects/").content == first.content


def asked_from(visitor: str, address: str) -> tuple[int, str]:
    """Ask a server behind a proxy that says who asks it; gives the status and what is left."""
    try:
        with urlopen(Request(address, headers={"X-Forwarded-For": visitor})) as response:
            return response.status, response.headers["RateLimit"]
    except HTTPError as error:
        with error:
            return error.code, error.headers["RateLimit"]


@pytest.fixture(params=["Valkey", "PostgreSQL"])
def counted(request, tmp_path):
    """The settings of sites that count together."""
    if request.param == "Valkey":
        yield {"CACHE_URL": request.getfixturevalue("server")}
        return
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite each process counts by itself")
    with new_database(tmp_path) as url:
        yield {"DATABASE_URL": url}


@pytest.mark.long
def test_two_sites_count_who_asks_the_api_together(counted, tmp_path):
    own = counted | {"API_ANSWERS_A_MINUTE": "5", "BEHIND_PROXY": "on"}
    with (
        served(tmp_path, **own) as first,
        serving(own_environment(tmp_path) | own) as second,
    ):
        said = []
        # None is asked for twice: what is kept would not count.
        for site, area in zip([first, second] * 3, PriorityArea.values, strict=False):
            said.append(asked_from("192.0.2.1", f"{site}/api/v1/answers/?priority_area={area}"))
        # Now all at the same moment.
        addresses = [
            f"{site}/api/v1/answers/?status=planned&year={year}"
            for year in range(2001, 2011)
            for site in (first, second)
        ]
        with ThreadPoolExecutor(20) as readers:
            statuses = [
                status for status, _left in readers.map(partial(asked_from, "192.0.2.2"), addresses)
            ]
    assert sorted(statuses) == [200] * 5 + [429] * 15
    assert [(status, re.match(r'"address";r=(\d);t=\d+\Z', left)[1]) for status, left in said] == [
        *((200, "4"), (200, "3"), (200, "2"), (200, "1"), (200, "0"), (429, "0"))
    ]


def test_a_server_of_the_cache_that_is_gone_stops_no_page(client, settings):
    shared = {
        "BACKEND": "pvematrix.cache.ServerCache",
        "LOCATION": "redis://127.0.0.1:1/0",
        "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
    }
    settings.CACHES = settings.CACHES | {"pages": shared, "queries": shared}
    assert isinstance(caches["pages"], RedisCache)
    for _time in range(3):
        assert client.get("/projects/").status_code == 200
        assert client.get("/projects/?scope=global").status_code == 200


# What is at hand


@pytest.mark.long
@pytest.mark.parametrize(
    ("address", "most"),
    [
        # The version, the rows, their entities.
        ("/projects/?scope=regional&region=africa&priority_area=youth", 3),
        ("/projects/?region=asia&status=planned&sort=-title&per_page=100", 3),
        # The report's figures.
        ("/reports/scope/?priority_area=youth", 3),
    ],
)
def test_what_vocabularies_narrow_is_counted_without_the_database(client, address, most):
    client.get("/reports/region/?scope=national")
    # Parts are counted by themselves until several were asked for; then all are at hand.
    for region in ("", *Region.values):
        client.get(f"/projects/?region={region}")
    client.get("/projects/?region=not-stated")
    assert queries(client, address) <= most


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"scope": ["regional"]},
        {"region": ["africa", "not-stated"], "priority_area_basis": ["stated"]},
        {"priority_area": ["youth", "gender"], "scope": ["national", "global"]},
        {"provenance": ["named"], "status": ["ongoing"]},
        {"entity": ["UNESCO"]},
        {"entity": ["UNESCO", "not-stated"], "scope": ["global"]},
        {"country": ["KEN"]},
        {"year": ["2015"], "region": ["asia"]},
        {"year": ["2015"], "country": ["KEN"]},
        {"queries": ["project"], "scope": ["regional"]},
    ],
)
def test_counts_at_hand_are_those_of_the_database(make_project, asked):
    kenya = [Country.objects.get(code="KEN")]
    dates = {"start_date": "2014-03", "end_date": "2016"}
    make_project("PVE-001", ["UNESCO", "OCT"], kenya, ["africa"], scope="national", **dates)
    make_project("PVE-002", ["UNESCO"], [], ["africa", "asia"], start_date="2015", status="ongoing")
    make_project("PVE-003", [], kenya, [], priority_area="gender", end_date="2015-12-01")
    make_project("PVE-004", [], [], [], scope="regional", priority_area="gender", summary="project")
    make_project("PVE-005", ["OCT"], kenya, ["asia"], review="draft", **dates)
    by_database = Selection(Asked.of(**asked)).facets
    with reading_at(data_version()):
        # At first by themselves; then parts are at hand.
        for _time in range(8):
            assert Selection(Asked.of(**asked)).facets == by_database
    assert any(one.count for one in by_database["year"])


def test_what_is_at_hand_goes_with_the_version_and_is_of_no_other_edition(client):
    edition = "edition=reconstruction-2017-12"

    def total(query=""):
        return total_of(client.get(f"/projects/?scope=global&{query}").content.decode())

    assert (total(), total(edition)) == (82, 82)
    Project.published.filter(scope="global")[0].delete()
    assert (total(), total(edition)) == (81, 82)
    assert "81 entries" in client.get("/projects/?scope=global").content.decode()


def test_a_file_counts_what_it_has_at_its_own_moment(client, monkeypatch):
    """What changes after the version was read is in the rows, and in their count."""
    client.get("/projects/")
    plain = Export.answer

    def answer(self, extension):
        Project.published.get(reference="PVE-223").delete()
        return plain(self, extension)

    monkeypatch.setattr(Export, "answer", answer)
    data = json.loads(body(client.get("/projects/export.json")))
    assert (data["count"], len(data["results"])) == (222, 222)


def test_a_page_that_is_kept_takes_a_fraction_of_what_making_it_takes(client):
    """By processor time, so that a busy machine changes little; a thirtieth is usual."""

    def taken(prepare) -> float:
        times = []
        for _time in range(10):
            prepare()
            began = time.process_time()
            assert client.get("/projects/").status_code == 200
            times.append(time.process_time() - began)
        return sorted(times)[5]

    made, kept = taken(caches["pages"].clear), taken(lambda: None)
    assert kept < made / 10
