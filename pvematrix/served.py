"""What the code that a request passes through knows of it, besides what Django has."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass
class Served:
    """A request as it is served: one part writes what another reads later.

    `id` is for what is logged after it, `limit` the header RateLimit, `page` the page that is made
    for the cache, `slot` what is given back in the end, `applied` the correction that was saved.
    """

    id: str = ""
    limit: str = ""
    page: Any = None
    slot: ExitStack = field(default_factory=ExitStack)
    applied: int | None = None


def served(request: HttpRequest) -> Served:
    """Return what is known of a request, the same for all that ask."""
    return vars(request).setdefault("served", Served())
