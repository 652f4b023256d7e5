"""Compression of answers, but for those that are compressed already, or have no content."""

import re
from http import HTTPStatus

from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

# The weight of what a client does not take.
_REFUSED = re.compile(r"q\s*=\s*0(\.0*)?")
COMPRESSED = (
    "application/pdf",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)


def accepts(request, coding: str) -> bool:
    """Return whether the client takes a coding of content, "br" for example, by name."""
    for one in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _semicolon, weight = one.partition(";")
        if name.strip() == coding:
            return not _REFUSED.fullmatch(weight.strip())
    return False


class CompressionMiddleware(GZipMiddleware):
    """Django’s, which would compress workbooks, documents and PDFs a second time for nothing."""

    def process_response(self, request, response):
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            # Django's is that of an empty content; the one that is kept elsewhere has its own.
            del response["Content-Length"]
        if response.headers.get("Content-Type", "").startswith(COMPRESSED):
            return response
        if not accepts(request, "gzip"):
            # Django's would take "gzip;q=0" for consent.
            patch_vary_headers(response, ["Accept-Encoding"])
            return response
        return super().process_response(request, response)
