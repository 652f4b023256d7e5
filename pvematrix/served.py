"""What the code that a request passes through knows of it, besides what Django has."""

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass
class Served:
    """A request as it is served: one part writes what another reads later.

    `id` is for what is logged after it, `limit` the header RateLimit, `applied` the correction that
    was saved.
    """

    id: str = ""
    limit: str = ""
    applied: int | None = None


def served(request: HttpRequest) -> Served:
    """Return what is known of a request, the same for all that ask."""
    return vars(request).setdefault("served", Served())
