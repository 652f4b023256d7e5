"""Compression of answers by gzip, but for compressed formats."""

from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

_COMPRESSED = ("application/pdf", "application/zip", "application/vnd.openxmlformats")


def accepts_gzip(request) -> bool:
    for coding in request.headers.get("Accept-Encoding", "").lower().replace(" ", "").split(","):
        name, _parameter, weight = coding.partition(";q=")
        if name == "gzip":
            return not weight or weight.strip("0.") != ""
    return False


class CompressionMiddleware(GZipMiddleware):
    """Django's would compress workbooks again, and misread "gzip;q=0"."""

    def process_response(self, request, response):
        if response.headers.get("Content-Type", "").startswith(_COMPRESSED):
            return response
        if not accepts_gzip(request):
            patch_vary_headers(response, ["Accept-Encoding"])
            return response
        return super().process_response(request, response)
