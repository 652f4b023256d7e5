"""Error pages that Django's defaults would not answer well."""

from django.http import HttpResponseBadRequest
from django.template.loader import render_to_string


def bad_request(request, exception):
    """Return the 400 page without looking at the request again.

    Django's own handler runs the CSRF check a second time and turns some bad requests into a 500.
    """
    return HttpResponseBadRequest(render_to_string("400.html"))
