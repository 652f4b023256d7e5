"""Public pages by the data version: an ETag for each, and a cache of their bytes.

What everybody sees depends on the address, the data version, the release, the language and the day,
and on nothing else. So what the client has already, and what is cached, costs one query.
"""

import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from itertools import chain
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, connection
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control, patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from whitenoise.responders import StaticFile

from projects.models import data_version, reading_at
from projects.pages import Cached

from .errors import Unavailable, reason_of

A_YEAR = 31_536_000
# Bytes of a compressed page: a larger one is rendered each time.
LARGEST = 200_000
# Content types that are compressed already.
_COMPRESSED = ("application/pdf", "application/vnd.openxmlformats")
# Not with the weight 0, by which a client refuses it.
_GZIP = re.compile(r"(?:^|[ ,])gzip *(?:;(?! *q=0(?:\.0*)? *(?:,|$))|,|$)", re.IGNORECASE)
# The folders and settings that pages depend on, besides the data.
_SOURCES = ("projects", "reports", "pvematrix", "templates", "static", "locale")
_SETTINGS = ("API_ANSWERS_A_MINUTE", "PUBLISHER")


@cache
def release() -> str:
    """Return a digest of the code, templates, static files and settings that pages show."""
    shown = repr([getattr(settings, name) for name in _SETTINGS])
    # By the secret key: the cursors in cached answers are valid as long as it stays.
    digest = salted_hmac("pvematrix.page_cache.release", shown, algorithm="sha256")
    paths = [path for name in _SOURCES for path in (settings.BASE_DIR / name).rglob("*")]
    for path in sorted([*paths, settings.BASE_DIR / "requirements.txt"]):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


class Page:
    """A public page or file that is asked for; `key` is a digest of all that it depends on."""

    def __init__(
        self, request: HttpRequest, view: Any, address: dict[str, str], version: str
    ) -> None:
        query = view.asked_of(request)
        self.version = version
        self.never_changes = view.never_changes(query, **address)
        depends_on = (
            *(version, release(), timezone.now().date(), get_language()),
            *(request.scheme, request.get_host(), request.path, query),
        )
        self.key = hashlib.sha256(repr(depends_on).encode()).hexdigest()
        # Weak where the bytes depend on the compression, or on the second in which they are made.
        is_exact = (
            request.path.endswith(".csv") and not view.says_when and not accepts_gzip(request)
        )
        self.etag = f'{"" if is_exact else "W/"}"{self.key[:32]}"'
        # Those that have an address of their own are few: the others never displace them.
        self.cache = caches["queries" if address or query else "pages"]

    def describe(self, response: HttpResponseBase) -> HttpResponseBase:
        """Return the response with its tag, and with what browsers and proxies may do with it."""
        response.headers["ETag"] = self.etag
        if self.never_changes:
            patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
        else:
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
            # nginx caches nothing of age 0, unless this says that what it caches is stale at once.
            response.headers["X-Accel-Expires"] = "@1"
        return response

    def cached(self, request: HttpRequest) -> HttpResponse | None:
        stored = self.cache.get(self.key)
        if stored is None:
            return None
        status, headers, content = stored
        if _is_sent_compressed(request, headers):
            headers["Content-Encoding"] = "gzip"
        else:
            content = gzip.decompress(content)
        headers["Content-Length"] = str(len(content))
        return HttpResponse(content, status=status, headers=headers)


class PageCacheMiddleware:
    """Answers what has not changed, and tells browsers and proxies what they may cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        if not settings.DEBUG:
            release()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.PORTS and split_domain_port(request.get_host())[1] not in settings.PORTS:
            raise DisallowedHost(f"The host {request.get_host()!r} has another port.")
        page = None
        # An error of the address or the query is answered further in.
        with suppress(Resolver404, SuspiciousOperation):
            page = _page(request)
        response = self._public(request, page) if page else self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    def _public(self, request: HttpRequest, page: Page) -> HttpResponseBase:
        etags = parse_etags(request.headers.get("If-None-Match", ""))
        # A weak tag and a strong one are the same here (RFC 9110).
        if page.etag.removeprefix("W/") in {one.removeprefix("W/") for one in etags}:
            return page.describe(HttpResponseNotModified())
        response: Any = page.cached(request)
        if response is None:
            with reading_at(page.version):
                response = self.get_response(request)
            response = _whole(_begun(response))
            if response.status_code != 200 or not _is_for_everybody(request, response):
                return response
            # A stream is written again each time.
            if request.method == "GET" and not response.streaming:
                compressed = gzip.compress(response.content, 6, mtime=0)
                if len(compressed) <= LARGEST:
                    page.cache.set(page.key, (200, dict(response.headers), compressed))
                    if _is_sent_compressed(request, response.headers):
                        response.content = compressed
                        response.headers["Content-Encoding"] = "gzip"
                        response.headers["Content-Length"] = str(len(compressed))
        # "*" is any page: only now is it known that there is one.
        if etags == ["*"] and not response.streaming:
            return page.describe(HttpResponseNotModified())
        return page.describe(response)


def _is_sent_compressed(request: HttpRequest, headers: Mapping[str, str]) -> bool:
    return accepts_gzip(request) and not headers["Content-Type"].startswith(_COMPRESSED)


def _begun(response: Any) -> Any:
    """Return the response with the first piece of a stream: what fails there is a 503 or 500."""
    if response.streaming and not isinstance(response, FileResponse):
        pieces = iter(response.streaming_content)
        response.streaming_content = chain([next(pieces, b"")], pieces)
    return response


def _whole(response: Any) -> HttpResponseBase:
    """Return a made file with its bytes, if these are few: it is cached as pages are."""
    is_made = isinstance(response, FileResponse) and response.status_code == 200
    if not is_made or int(response.headers.get("Content-Length", LARGEST + 1)) > LARGEST:
        return response
    content = b"".join(response.streaming_content)
    # To close the response would end the request.
    response.file_to_stream.close()
    return HttpResponse(content, headers=response.headers)


def _page(request: HttpRequest) -> Page | None:
    view, _args, address = resolve(request.path_info)
    view_class = getattr(view, "view_class", type(view))
    reads = request.method in ("GET", "HEAD")
    if settings.DEBUG or not reads or not issubclass(view_class, Cached):
        return None
    # Mostly the only query: Django's own before it, which checks the connection, is not needed.
    connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs lack it
    try:
        version = data_version()
    except (DatabaseError, InterfaceError) as error:
        if reason_of(error) == Unavailable.SLOW:
            raise  # the view would wait as long again, in a transaction that has failed
        # The view connects again, or says why it cannot.
        connection.close_if_unusable_or_obsolete()
        return None
    return Page(request, view_class, address, version) if version else None


def _is_for_everybody(request: Any, response: Any) -> bool:
    """Return whether it has nothing of one reader: no session, message, cookie or token."""
    return not (
        response.cookies
        or request._messages.used
        or "cookie" in response.get("Vary", "").lower()
        or response.has_header("Cache-Control")
        or response.has_header("Content-Encoding")
    )


def accepts_gzip(request: HttpRequest) -> bool:
    # A part is one of the bytes that are not compressed.
    header = "" if "Range" in request.headers else request.headers.get("Accept-Encoding", "")
    return bool(_GZIP.search(header))


class CompressionMiddleware(GZipMiddleware):
    """Django's would compress workbooks again, and misread "gzip;q=0"; and it has no ranges."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        patch_vary_headers(response, ["Accept-Encoding"])
        is_compressed = response.headers.get("Content-Type", "").startswith(_COMPRESSED)
        if not is_compressed and accepts_gzip(request):
            return super().process_response(request, response)
        is_whole = response.status_code == 200 and not response.streaming
        is_exact = response.get("ETag", "W/")[0] == '"'
        return _in_part(request, response) if is_whole and is_exact else response


def _in_part(request: HttpRequest, response: Any) -> HttpResponseBase:
    """Return the part of a file that is asked for, or 416.

    The whole file if no part is asked for, one of another version, or several at once.
    """
    response.headers["Accept-Ranges"] = "bytes"
    # An edition's file has the date of its publication too.
    versions = (response["ETag"], response.get("Last-Modified"))
    if request.method != "GET" or request.headers.get("If-Range", versions[0]) not in versions:
        return response
    size = len(response.content)
    try:
        start, end = StaticFile.parse_byte_range(request.headers.get("Range", ""))
    except ValueError:
        return response
    start = max(start + size, 0) if start < 0 else start
    end = size - 1 if end is None else min(end, size - 1)
    if start > end:
        said = _("Range: not in this file. Allowed: bytes from 0 to %d.") % (size - 1)
        response.status_code, response.content = 416, f"{said}\n"
        response.headers["Content-Range"] = f"bytes */{size}"
        response.headers["Content-Type"] = "text/plain; charset=utf-8"
        del response["Content-Disposition"]
    else:
        response.status_code, response.content = 206, response.content[start : end + 1]
        response.headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    response.headers["Content-Length"] = str(len(response.content))
    return response
