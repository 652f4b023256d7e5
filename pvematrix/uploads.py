"""Uploaded files are refused, but for views that accept them."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler


class UnwantedFile(SuspiciousOperation):
    """A file came to a page that takes none."""


class RefusedUploadHandler(FileUploadHandler):
    """Refuses a request at its first file, and one that is too large before it is read.

    A view that accepts files sets `request.upload_handlers` first, and limits them itself.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("A multipart body is larger than is allowed.")

    def new_file(self, *args, **kwargs):
        raise UnwantedFile("A file was sent to a page that takes none.")

    def receive_data_chunk(self, raw_data, start):
        """Not called: no file begins."""

    def file_complete(self, file_size):
        """Not called: no file begins."""
