"""Compression of answers, but for those that are compressed already, or have no content."""

from http import HTTPStatus

from django.middleware.gzip import GZipMiddleware

COMPRESSED = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)


class CompressionMiddleware(GZipMiddleware):
    """Django's, which would compress a workbook or a document a second time for nothing."""

    def process_response(self, request, response):
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            # Django's is that of an empty content; the one that is kept elsewhere has its own.
            del response["Content-Length"]
        if response.headers.get("Content-Type", "").startswith(COMPRESSED):
            return response
        return super().process_response(request, response)
