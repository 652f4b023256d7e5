"""gunicorn's settings, read from the working directory. It needs a buffering proxy in front."""

import gc
import os
import sys
from importlib import import_module
from typing import Any

from django.db import connection, connections

from pvematrix.health import is_ready

# pandas brings OpenBLAS, which nothing here uses: it need not start a thread per core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Threads, so that a worker answers others during a long download. More than can compute at once:
# most wait for the database.
worker_class = "gthread"
threads = 8
# The next ones wait where any worker can take them, in the order in which they came. No connection
# is kept open: its next request would pass them.
worker_connections = 16
keepalive = 0
# Seconds, 0.005 by default: next to a thread that computes, a page waits so long after each query.
sys.setswitchinterval(0.001)
# Seconds after which a worker that does not answer its master is replaced.
timeout = 60
# gunicorn believes no header about the scheme, the address or the script name, not even from this
# machine. The settings read the proxy's, with BEHIND_PROXY only.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
# A link with many filters may be long: the most that gunicorn reads.
limit_request_line = 8190
accesslog = "-"
# gunicorn's own, then microseconds and the number of the request.
access_log_format = (
    '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s %({x-request-id}o)s'
)
logger_class = "pvematrix.logs.AccessLog"
# Otherwise it opens a control socket under $HOME, which a container's user may not have.
control_socket_disable = True
# The workers share the memory of what is loaded before the fork: Django, and plotly, which views
# import only when a chart is asked for. pandas is loaded with the first file of a two-way table.
preload_app = True


def when_ready(server: Any) -> None:
    """Import plotly in the master, and exclude its objects from garbage collection."""
    # Not at the top, since it needs the application.
    import_module("reports.charts")
    # A connection must not be shared by processes.
    connections.close_all()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Open SQLite's files of readers, which then stay open as long as the worker lives."""
    if connection.vendor == "sqlite":
        is_ready()
