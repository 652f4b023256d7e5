"""The site's settings for tests: plain static files, fast passwords, a database of their own."""

import os
import secrets
import tempfile

os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ["HTTPS"] = "off"
os.environ["DEBUG"] = "off"
# On in production; the tests of it switch it on.
os.environ["STAFF_SECOND_FACTOR"] = "off"
# Playwright's synchronous interface runs an event loop in the test's thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from pvematrix.settings import *  # noqa: F403
from pvematrix.settings import BASE_DIR, DATABASES

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# WhiteNoise warns of a folder that is not there; no test collects files into it. And it looks for a
# file when somebody asks for it: to list all of them takes longer than most pages, for each client.
STATIC_ROOT = BASE_DIR / "static"
WHITENOISE_AUTOREFRESH = True
PORTS = None  # a live server has any
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in real life: SQLite's memory databases lock whole tables against a server's
    # threads, and no time-out makes them wait. Each run has its own, which its workers inherit.
    os.environ.setdefault("TEST_FOLDER", tempfile.mkdtemp(prefix="pvematrix-tests-"))
    DATABASES["default"]["TEST"] = {"NAME": f"{os.environ['TEST_FOLDER']}/test.sqlite3"}
    # What is not sorted comes in another order than it does for users, as it may on PostgreSQL.
    # Nor does anything wait for the disk: what a test wrote outlives no failure of the machine.
    DATABASES["default"]["OPTIONS"]["init_command"] += (
        " PRAGMA reverse_unordered_selects=ON; PRAGMA synchronous=OFF;"
    )
