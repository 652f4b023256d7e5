"""/healthz: the process runs. /readyz: the database answers and is migrated."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin


class HealthMiddleware(MiddlewareMixin):
    """Answers before host names and https are checked: a load balancer uses addresses and http."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if request.path not in ("/healthz", "/readyz"):
            return None
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD, OPTIONS"})
        is_well = request.path == "/healthz" or is_ready()
        return HttpResponse(
            "ok" if is_well else "not ready",
            status=200 if is_well else 503,
            content_type="text/plain; charset=utf-8",
            headers={"Cache-Control": "no-store"},
        )


def is_ready() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False
