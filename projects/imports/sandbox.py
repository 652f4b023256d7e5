"""Reading a file in a process of its own, whose time and memory are bounded.

What a file may hold is bounded before it is parsed; what makes a parser slow or large all the same
costs that process, and the file is refused. The process is `python -m projects.imports`: it has
no database, none of the site's secrets, and gives its memory back by ending.
"""

import json
import logging
import resource
import signal
import subprocess
import sys
import tempfile
from enum import IntEnum
from threading import Lock
from typing import IO

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .lines import Refused, broken

log = logging.getLogger(__name__)
BUSY = gettext_lazy("The server is busy. Try again in a minute.")
# How much longer than computing it may take, on a machine that has other things to do.
TIMES_AS_LONG = 4
# A PDF computes for longer, and the proxy in front waits 60 seconds for an answer.
_LONGEST_OF_PDF = 55
# One file at a time, so that several take no more memory than one.
_reading = Lock()


class Ended(IntEnum):
    """The exit status of the process; below 0 it is the signal that ended it."""

    WELL = 0
    REFUSED = 3  # the message is the last line on its standard error
    OUT_OF_MEMORY = 4
    TOO_MUCH_TO_KEEP = 5
    OUT_OF_TIME = -signal.SIGXCPU
    KILLED = -signal.SIGKILL  # by a machine that has no more memory


def read_apart(name: str, file: IO[bytes], mapped: bool | None) -> bytes:
    """Return the lines of an open file as `lines.kept_lines` takes them; raises Refused.

    `mapped`: whether the columns of any sheet are mapped, None where only the register's may be.
    """
    limits, is_pdf = settings.IMPORT_LIMITS, name.lower().endswith(".pdf")
    if is_pdf:
        limits = limits | {"seconds": limits["pdf_seconds"]}
    asked = {
        "name": name,
        "mapped": mapped,
        "language": get_language() or settings.LANGUAGE_CODE,
        "limits": limits,
        "locale_paths": [str(path) for path in settings.LOCALE_PATHS],
    }
    longest = _LONGEST_OF_PDF if is_pdf else limits["seconds"] * TIMES_AS_LONG
    if not _reading.acquire(timeout=settings.IMPORT_LIMITS["seconds"]):
        raise Refused(BUSY)
    try:
        with tempfile.TemporaryFile() as kept:
            done = subprocess.run(  # noqa: S603 - no shell, and no program of the sender's
                [sys.executable, "-m", __package__, json.dumps(asked)],
                stdin=file,
                stdout=kept,
                stderr=subprocess.PIPE,
                cwd=settings.BASE_DIR,
                env={},
                timeout=longest,
                check=False,
            )
            kept.seek(0)
            content = kept.read()
    except subprocess.TimeoutExpired:
        raise Refused(BUSY) from None
    finally:
        _reading.release()
    said = done.stderr.decode(errors="replace").strip()
    match done.returncode:
        case Ended.WELL:
            return content
        case Ended.REFUSED:
            # What libraries warn of comes before it, with paths of this machine.
            raise Refused(said.splitlines()[-1])
        case Ended.OUT_OF_TIME:
            text = _("Reading the file takes more than %d seconds. Send only its table, as CSV.")
            raise Refused(text % limits["seconds"])
        case Ended.OUT_OF_MEMORY | Ended.KILLED:
            raise _too_large(limits["memory"])
        case Ended.TOO_MUCH_TO_KEEP:
            raise _too_large(_most_kept(limits))
    log.error("Reading %r ended with %d: %s", name, done.returncode, said)
    raise broken()


def _too_large(most: int) -> Refused:
    text = _("Reading the file takes more than %d bytes. Send only its table, as CSV.")
    return Refused(text % most)


def _most_kept(limits: dict[str, int]) -> int:
    # A table of texts shrinks to much less than half of its file.
    return limits["bytes"] // 2


def bound(limits: dict[str, int]) -> None:
    """Bound what this process can take from now on: computing, memory, and what it writes."""
    seconds = limits["seconds"]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_most_kept(limits),) * 2)
    # Elsewhere an address space cannot be bounded.
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (limits["memory"],) * 2)
