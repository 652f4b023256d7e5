"""gunicorn's settings, read from the working directory. Put a buffering proxy in front of it."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Threads, so that a long download does not keep a worker from answering others.
worker_class = "gthread"
threads = 4
timeout = 60
# A link with many filters may be long; gunicorn would answer with a page of its own from 4,094.
limit_request_line = 8190
accesslog = "-"
# Otherwise it opens a control socket under $HOME, which a container's user may not have.
control_socket_disable = True
