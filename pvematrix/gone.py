"""Addresses that were removed: each answers 410 and names what replaces it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import re_path
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from projects.languages import in_language, is_translated
from projects.pages import ReadOnlyView

from .errors import as_data

# By address, a regular expression whose named groups the replacement may repeat.
GONE = {
    r"projects/export\.iati\.xml": "/projects/export.csv",
    r"projects/export\.json": "/api/v1/projects/",
    r"(?P<name>entities|countries|statements)\.json": "/api/v1/{name}/",
    r"figures\.json": "/api/v1/reports/",
    r"plans\.(?:csv|json|xlsx)": "/statements.csv?kind=plan",
    r"events\.ics": "/events/",
    r"statements/changes\.atom": "/statements/changes/",
}


# What is in no other language.
OF_API = {
    r"api/v1/plans/": "/api/v1/statements/?kind=plan",
    r"api/v1/(?:plans|statements)/changes/": "/statements/changes/",
}


class Gone(ReadOnlyView):
    instead = ""

    def get(self, request: HttpRequest, **named: str) -> HttpResponse:
        address = self.instead.format(**named)
        if is_translated(address):
            address = in_language(address, get_language() or "")
        message = _("This was removed. Use %s instead.") % address
        response: HttpResponse = as_data(request, 410, message) or render(
            request, "410.html", {"advice": message, "way_out": address}, status=410
        )
        response.headers["Link"] = f'<{address}>; rel="successor-version"'
        return response


addresses, of_api = (
    [re_path(rf"^{address}\Z", Gone.as_view(instead=instead)) for address, instead in one.items()]
    for one in (GONE, OF_API)
)
