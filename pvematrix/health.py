"""/healthz: the process runs. /readyz: the database answers and is migrated."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse


class HealthMiddleware:
    """Answers before host names and https are checked: a load balancer uses addresses and http."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == "/healthz":
            return _answer(request, True)
        if request.path == "/readyz":
            return _answer(request, is_ready())
        return self.get_response(request)


def _answer(request, well: bool) -> HttpResponse:
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, OPTIONS"})
    return HttpResponse(
        "ok" if well else "not ready",
        status=200 if well else 503,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


def is_ready() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False
