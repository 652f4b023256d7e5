"""CORS and CORP: other sites may read the API and the public files; no page uses a device."""

import re

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from .errors import ACCOUNTS, API, CHECK, DESK

# Addresses with an extension, but for the desk and logins, and what programs look for.
_FILE = re.compile(rf"(?!{DESK}|{ACCOUNTS})/(.*\.[a-z]+|\.well-known/.+)")
_ANY_SITE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Accept-Ranges, Content-Disposition, Content-Range, Deprecation, ETag, Link, RateLimit, "
        "RateLimit-Policy, Retry-After, Sunset"
    ),
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Range, Range",
    "Access-Control-Max-Age": "86400",
}
# The one address that takes POST: a text.
_PREFLIGHT_OF_CHECK = {
    **_PREFLIGHT,
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type",
}
# What no page of the site needs, and nothing that is embedded in one gets.
_DEVICES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
PERMISSIONS = ", ".join(f"{name}=()" for name in _DEVICES)


class OtherSitesMiddleware(MiddlewareMixin):
    """Lets other sites read answers that are the same for everybody and no pages.

    Outside of the page cache, so that cached answers, 304 and refusals have the headers too.
    django-cors-headers is for lists of origins and credentials; here is one rule.
    """

    def process_request(self, request: HttpRequest) -> None:
        # A browser sends the cookies of this site with a text from another one: nobody reads them.
        if request.path == CHECK:
            request.COOKIES = {}

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        # WhiteNoise lets every site read the static files, which use no device.
        if request.path.startswith(settings.STATIC_URL):
            return response
        # Without its last slash an address is redirected.
        is_open = f"{request.path}/".startswith(API) or _FILE.fullmatch(request.path)
        of_somebody = response.cookies or "cookie" in response.get("Vary", "").lower()
        is_public = is_open and not of_somebody
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers["Cross-Origin-Resource-Policy"] = (
            "cross-origin" if is_public else "same-origin"
        )
        is_check = request.path == CHECK
        if is_public and (is_check or request.method in ("GET", "HEAD", "OPTIONS")):
            preflight = _PREFLIGHT_OF_CHECK if is_check else _PREFLIGHT
            more = preflight if request.method == "OPTIONS" else {}
            for name, value in {**_ANY_SITE, **more}.items():
                response.headers[name] = value
        return response
