"""Programs in pages of other sites may read the API and the files, but nothing of staff."""

import re
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .errors import ACCOUNTS, API, DESK

_OPEN = re.compile(rf"{API.rstrip('/')}|(?!{DESK}|{ACCOUNTS}).*\.[a-z]+\Z")


def for_any_site(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return a middleware; django-cors-headers would add Vary: Origin, and split every cache."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name in ("Allow-Origin", "Allow-Headers", "Expose-Headers"):
            if _OPEN.match(request.path):
                response.headers[f"Access-Control-{name}"] = "*"
        return response

    return answer
