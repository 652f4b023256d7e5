"""Error pages that Django's defaults would not answer well."""

from django.http import HttpResponseBadRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def bad_request(request, exception):
    """Return the 400 page without looking at the request's headers or body again.

    Django's own handler runs the CSRF check a second time and turns some bad requests into a 500.
    A file's address gets the message as data or plain text.
    """
    message = _("The address or the request is malformed.")
    if request.path.endswith(".json"):
        return JsonResponse({"errors": [message]}, status=400)
    if request.path.endswith((".csv", ".xlsx")):
        return HttpResponseBadRequest(f"{message}\n", content_type="text/plain; charset=utf-8")
    return HttpResponseBadRequest(render_to_string("400.html"))
