"""Why the API does not answer, as data: RFC 9457, every wrong parameter by its name."""

import math

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from projects.asking.fields import Fault

from ..errors import problem


class Refused(Exception):
    """A query string with faults."""

    def __init__(self, faults: list[Fault]):
        super().__init__("; ".join(fault.sentence for fault in faults))
        self.faults = faults


class Throttled(Exception):
    """One address asked too often; `wait` are the seconds until it may ask again."""

    def __init__(self, wait: float):
        super().__init__(wait)
        self.wait = wait


def answer_to(error: Refused | Throttled | Http404, request: HttpRequest) -> JsonResponse:
    """Return the problem that an error is answered with."""
    if isinstance(error, Refused):
        errors = []
        for fault in error.faults:
            one = {"parameter": fault.parameter, "detail": fault.sentence}
            if fault.meant:
                one |= {"meant": fault.meant, "address": f"{request.path}?{fault.query}"}
            errors.append(one)
        return problem(400, " ".join(map(str, error.faults)), errors=errors)
    if isinstance(error, Throttled):
        seconds = math.ceil(error.wait)
        detail = _(
            "Your network asked more often than this site can answer everybody: try again in "
            "%d seconds. Answers that have not changed, and those that are kept, do not count."
        )
        return problem(429, detail % seconds, {"Retry-After": str(seconds)})
    return problem(404, " ".join(map(str, error.args)))
