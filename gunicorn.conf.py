"""gunicorn's settings, read from the working directory. It needs a buffering proxy in front."""

import gc
import os
import socket
import sys
import time
from contextlib import suppress
from importlib import import_module
from typing import Any

from django.db import connection, connections
from gunicorn.http.errors import LimitRequestLine
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import TConn, ThreadWorker

from pvematrix.health import is_ready

_TOO_LONG = (
    b'{"type": "about:blank", "title": "URI Too Long", "status": 414, "detail": "The address is '
    b'longer than 8,190 characters. Ask for less at once."}'
)


# Seconds that the head of a request may take, as in deploy/nginx.conf.
HEAD = 10.0


class Worker(ThreadWorker):
    """Hangs up on who sends the head of a request too slowly, since that keeps a thread waiting.

    Answers with data where an address is too long to be read: nobody knows what it asks for.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Until when each head has to be there.
        self.reading: dict[TConn, float] = {}

    def handle(self, conn: TConn) -> Any:
        self.reading[conn] = time.monotonic() + HEAD
        try:
            return super().handle(conn)
        finally:
            self.reading.pop(conn, None)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        self.reading.pop(conn, None)
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Run by the main thread about once a second."""
        super().murder_pending()
        for conn, end in [*self.reading.items()]:
            if end < time.monotonic():
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> Any:
        if not isinstance(exc, LimitRequestLine):
            return super().handle_error(req, client, addr, exc)
        head = (
            f"HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nAccess-Control-Allow-Origin: *\r\n"
            f"Content-Type: application/problem+json\r\nContent-Length: {len(_TOO_LONG)}\r\n\r\n"
        )
        return write_nonblock(client, head.encode() + _TOO_LONG)


# pandas brings OpenBLAS, which nothing here uses: it need not start a thread per core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Threads, so that a worker answers others during a long download.
worker_class = Worker
# More than can compute at once: most wait for the database. pvematrix/capacity.py limits their use.
threads = 8
# The next ones wait where any worker can take them, in the order in which they came. No connection
# is kept open: its next request would pass them.
worker_connections = 16
keepalive = 0
# Seconds, 0.005 by default: next to a thread that computes, a page waits so long after each query.
sys.setswitchinterval(0.001)
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
