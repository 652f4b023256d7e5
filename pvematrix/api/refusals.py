"""Why the API does not answer, as data: RFC 9457, every wrong parameter by its name."""

import math

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions

from projects.asking.fields import Fault

from ..errors import problem


class Refused(exceptions.APIException):
    status_code = 400

    def __init__(self, faults: list[Fault]):
        super().__init__("; ".join(fault.sentence for fault in faults))
        self.faults = faults


def answer_to(error, context):
    """Return the problem that an error of the reader's is answered with; None for one of ours."""
    if isinstance(error, Refused):
        path = context["request"].path
        errors = [
            {
                "parameter": fault.parameter,
                "detail": fault.sentence,
                **(
                    {"meant": fault.meant, "address": f"{path}?{fault.query}"}
                    if fault.meant
                    else {}
                ),
            }
            for fault in error.faults
        ]
        return problem(400, " ".join(map(str, error.faults)), errors=errors)
    if isinstance(error, exceptions.Throttled):
        seconds = math.ceil(error.wait or 1)
        detail = _(
            "Your network asked more often than this site can answer everybody: try again in "
            "%d seconds. Answers that have not changed, and those that are kept, do not count."
        )
        return problem(429, detail % seconds, {"Retry-After": str(seconds)})
    if isinstance(error, Http404):
        return problem(404, " ".join(map(str, error.args)))
    if isinstance(error, exceptions.APIException):
        return problem(error.status_code, str(error.detail))
    return None
