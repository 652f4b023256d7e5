"""Public pages by the version of the data: each has its ETag, and what is asked for is kept.

What everybody sees depends on the address, the data version, the code, the language and the date,
and on nothing else; a page that looks at a session or a cookie is not kept. So a request that has
the page already, and one for a page that is kept, cost one query: that for the version.
"""

import gzip
import hashlib
import pickle
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from threading import Event, Lock
from typing import Any

import brotli
from csp.decorators import csp_exempt
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpResponse, HttpResponseNotModified, QueryDict
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control, patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_exempt

from projects.asking.fields import as_it_set_out
from projects.models import Edition, at_hand, data_version, reading_at

from . import kept_files
from .compression import accepts

# Bytes of a page, compressed in both ways: a larger one is made each time.
LARGEST = 200_000
A_YEAR = 31_536_000
# Brotli's takes as long as gzip's and saves a tenth to a sixth of it; what saves more takes ten
# times as long (docs/performance.md).
_BROTLI_QUALITY, _GZIP_LEVEL = 5, 6
# Seconds that a request waits for another one that makes the same page.
WAIT = 10
# What a page is made of besides the data, and the settings that show.
_SOURCES = ("projects", "reports", "pvematrix", "templates", "static", "locale", "requirements.txt")
_SETTINGS = (
    *("API_ANSWERS_A_MINUTE", "FORMAT_MODULE_PATH", "IATI_REPORTING_ORG", "LANGUAGE_CODE"),
    *("PUBLISHED_FIGURES", "STATIC_URL", "TIME_ZONE"),
)


@cache
def release() -> str:
    """Return a digest of the code, the templates, the static files and the settings that show."""
    digest = hashlib.sha256(repr([getattr(settings, name) for name in _SETTINGS]).encode())
    # The cursors in kept answers hold as long as the key that signed them.
    digest.update(salted_hmac("pvematrix.page_cache.release", "").digest())
    for source in _SOURCES:
        place = settings.BASE_DIR / source
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass
class KeptPage:
    """A page as it is kept: its content by Brotli, and by gzip for those who do not take that."""

    response: HttpResponse
    gzip: bytes


@dataclass
class Flight:
    """A page that one request is making while others wait for it."""

    landed: Event = field(default_factory=Event)
    kept: bytes = b""


@dataclass
class Wanted:
    """What a request wants to know: `key` stands for all that it depends on.

    `shelf` is where such a page is kept, empty where none is; `never_changes` is said of a file
    that has the same bytes for ever. A file is kept under `file_key`. `flight` is there while this
    request makes the page.
    """

    key: str
    shelf: str
    never_changes: bool
    file_key: str = ""
    flight: Flight | None = None

    @property
    def etag(self) -> str:
        """The tag of all that have this key: weak, since the bytes depend on the compression."""
        return f"W/{quote_etag(self.key[:32])}"

    def is_one_of(self, tags: list[str]) -> bool:
        """Return whether its tag is among these; that it is weak makes no difference (RFC 9110)."""
        return self.etag in tags or self.etag.removeprefix("W/") in tags

    def describe(self, response):
        """Return the response with its tag, and with what browsers and proxies may do with it."""
        response.headers["ETag"] = self.etag
        if self.never_changes:
            patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
        else:
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
            # nginx keeps nothing of age 0, unless it is told that what it keeps is old at once.
            response.headers["X-Accel-Expires"] = "@1"
        patch_vary_headers(response, ["Accept-Encoding"])
        return response


# What this process is making now, by key.
_flights: dict[str, Flight] = {}
_lock = Lock()


class PageCacheMiddleware:
    """Answers what has not changed; tells browsers and proxies what they may keep, and what not.

    Views of which `of_data_version` is true depend on nothing that the version does not stand for;
    those of which `is_kept` is true as well are pages, not files of any length.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        if not settings.DEBUG:
            release()

    def __call__(self, request):
        response = self._answered(request)
        # "*" is whatever there is, and only now it is known that there is something.
        if request.headers.get("If-None-Match", "").strip() == "*" and _is_there(response):
            return _unchanged_of(request, response)
        return response

    def _answered(self, request):
        request.wanted = version = None
        # What is wrong with the address or the query is answered further in.
        with suppress(Resolver404, SuspiciousOperation):
            version, response = self._known(request)
            if response is not None:
                return response
        try:
            with reading_at(version):
                response = self.get_response(request)
            if request.wanted and response.status_code == 200 and _is_of_nobody(request, response):
                response = self._keep(request, request.wanted.describe(response))
        finally:
            self._land(request.wanted)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    def _known(self, request) -> tuple[str | None, Any]:
        """Return the version that a public page is of, and the answer, if it needs not be made.

        Before sessions, accounts and messages: what is kept looked at none of them.
        """
        view, _args, kwargs = resolve(request.path_info)
        shown = getattr(view, "view_class", view)
        if request.method not in ("GET", "HEAD") or not getattr(shown, "of_data_version", False):
            return None, None
        _take_off(request, getattr(shown, "reader_class", None))
        version = None if settings.DEBUG else _version()
        if version is None:
            return None, None
        key, is_kept = _key(request, version), getattr(shown, "is_kept", False)
        shelf = "queries" if kwargs or request.GET else "pages"
        wanted = Wanted(key, shelf if is_kept else "", _never_changes(shown, request, kwargs))
        if not is_kept and request.method == "GET":
            with reading_at(version):
                wanted.file_key = _key(request, _editions()) if wanted.never_changes else key
        if wanted.is_one_of(parse_etags(request.headers.get("If-None-Match", ""))):
            of_frame = getattr(shown, "is_framed", False)
            same = _unchanged_in_frame(request) if of_frame else _unchanged(request)
            return version, wanted.describe(same)
        if wanted.file_key and (file := caches["files"].get(wanted.file_key)):
            return version, wanted.describe(kept_files.sent(request, file))
        kept = caches[shelf].get(key) if is_kept else None
        if kept is None and is_kept and request.method == "GET":
            kept = self._made_by_another(wanted)
        if kept is None:
            request.wanted = wanted
            return version, None
        return version, _for(request, kept)

    def _made_by_another(self, wanted: Wanted) -> KeptPage | None:
        """Return the page that another request is making now; None if this one is to make it."""
        with _lock:
            flight = _flights.get(wanted.key)
            if flight is None:
                wanted.flight = _flights[wanted.key] = Flight()
                return None
        flight.landed.wait(WAIT)
        return pickle.loads(flight.kept) if flight.kept else None  # noqa: S301 - our own, a moment old

    def _land(self, wanted: Wanted | None) -> None:
        if wanted and wanted.flight:
            with _lock:
                del _flights[wanted.key]
            wanted.flight.landed.set()

    def _keep(self, request, response):
        """Return the response; keep it if it is a page that was asked for before."""
        wanted = request.wanted
        if wanted.file_key and response.streaming:
            if wanted.never_changes or not caches["asked"].add(wanted.key, True):
                return kept_files.keep(request, response, wanted.file_key)
            return response
        if wanted.flight is None or response.streaming:
            return response
        packed = gzip.compress(response.content, _GZIP_LEVEL, mtime=0)
        content = brotli.compress(response.content, quality=_BROTLI_QUALITY)
        if len(packed) + len(content) > LARGEST:
            return response
        response.content = content
        page = KeptPage(response, packed)
        wanted.flight.kept = pickle.dumps(page)
        # What was asked for once may never be again: a flood of such addresses fills nothing.
        if wanted.shelf == "pages" or not caches["asked"].add(wanted.key, True):
            caches[wanted.shelf].set(wanted.key, page)
        return _for(request, page)


def _version() -> str | None:
    """Return the data version; None while the database does not say it.

    It is most often the only query, so that it stands for Django's own check, by a query before the
    first, of whether the connection still is one.
    """
    is_old = connection.connection is not None and not connection.in_atomic_block
    if is_old:
        connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs lack it
    with suppress(DatabaseError, InterfaceError):
        return data_version()
    if is_old:
        connection.close()
        with suppress(DatabaseError, InterfaceError):
            return data_version()
    return None  # the view meets it as well, and there it is answered


@at_hand
def _editions() -> str:
    """Return what stands for the data of all editions, which lie in this database.

    The folder of files outlives it: another one, or a backup, may have other rows by the same slug.
    """
    sealed = Edition.objects.order_by("slug").values_list("slug", "sha256", "quotations_sha256")
    return repr([*sealed])


def _take_off(request, reader: Any) -> None:
    """Take off the query string what asks for nothing.

    That is what other programs added, which may be a reader's own, and what is empty.
    """
    known = getattr(reader, "base_filters", None) or getattr(reader, "base_fields", {})
    if not request.META.get("QUERY_STRING"):
        return
    query = as_it_set_out(request.GET)
    for name, values in query.lists():
        query.setlist(name, [one for one in values if one or name not in known])
    request.META["QUERY_STRING"] = query.urlencode()
    request.GET = QueryDict(request.META["QUERY_STRING"])


def _key(request, version: str) -> str:
    """Return what stands for all that the answer depends on, whatever the order it is asked in.

    Searches are shown as they were asked for, other values in an order of their own.
    """
    asked = [
        (name, values if name == "q" else sorted(values))
        for name, values in sorted(request.GET.lists())
    ]
    depends_on = (
        version,
        release(),
        timezone.now().date(),
        get_language(),
        request.scheme,
        request.get_host(),
        request.path,
        asked,
    )
    return hashlib.sha256(repr(depends_on).encode()).hexdigest()


def _unchanged(_request) -> HttpResponse:
    return HttpResponseNotModified()


# A browser takes over what a 304 says; it has what the page itself said of frames.
_unchanged_in_frame = xframe_options_exempt(csp_exempt()(_unchanged))


def _is_there(response) -> bool:
    """Return whether this is a page of the version; what is made while it is sent is not yet."""
    made = response.status_code == 200 and not response.streaming
    return made and response.has_header("ETag")


def _unchanged_of(request, response) -> HttpResponseBase:
    """Return the 304 that says of a response that there is one, instead of it."""
    of_frame = getattr(response, "xframe_options_exempt", False)
    same = _unchanged_in_frame(request) if of_frame else _unchanged(request)
    for name in ("ETag", "Cache-Control", "Vary", "X-Accel-Expires"):
        if response.has_header(name):
            same.headers[name] = response.headers[name]
    return same


def _never_changes(view: Any, request, kwargs: dict[str, Any]) -> bool:
    says = getattr(view, "never_changes", None)
    return bool(says and says(request.GET, **kwargs))


def _is_of_nobody(request, response) -> bool:
    """Return whether nothing in it is for one reader: no session, cookie, message or token."""
    return not (
        request.session.accessed
        or response.cookies
        or request._messages.used
        or request._messages.added_new
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        or "cookie" in response.get("Vary", "").lower()
        or response.has_header("Cache-Control")
        or response.has_header("Content-Encoding")
    )


def _for(request, page: KeptPage) -> HttpResponse:
    """Return a page that was kept as the client takes it."""
    response = page.response
    if accepts(request, "br"):
        response.headers["Content-Encoding"] = "br"
    elif accepts(request, "gzip"):
        response.content = page.gzip
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.content = gzip.decompress(page.gzip)
    response.headers["Content-Length"] = str(len(response.content))
    return response
