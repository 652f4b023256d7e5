"""What takes longer than a page may, done by a process of its own that says how far it is.

It says so in a file for each batch, which every worker of the machine can read, and holds a lock on
that file. However the process ends, the lock is gone with it: nothing seems to go on that does not.
What it has written, the database alone says.
"""

import fcntl
import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Thread
from typing import IO, Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from ..models import Batch
from .annex import last_change
from .batches import Preview

log = logging.getLogger(__name__)
# Seconds: how long what a preview found is kept, and how long the file of a process that ended.
_KEPT = 60 * 60
_OLD = 24 * 60 * 60
# How often a file is asked for, and seconds between.
_ATTEMPTS, _A_MOMENT = 20, 0.05


class Task(StrEnum):
    """What is done to a batch."""

    PREVIEW = "preview"
    APPLY = "apply"
    UNDO = "undo"


@dataclass(frozen=True)
class State:
    """How far a task is: rows done of all. What is not going on and not over has broken off.

    `refused` says why nothing was done.
    """

    task: Task
    done: int = 0
    total: int = 0
    is_going_on: bool = False
    is_over: bool = False
    refused: str = ""


def is_long(rows: int) -> bool:
    """Return whether so many rows take longer than a page may."""
    return rows > settings.IMPORT_ROWS_AT_ONCE


def rows_of(batch: Batch) -> int:
    """Return how many rows a task on the batch goes through."""
    return batch.added + batch.changed if batch.applied_at else batch.options.get("rows", 0)


def begin(batch: Batch, task: Task, by: Any, digest: str = "", reason: str = "") -> None:
    """Begin a task on a batch, unless one on it is going on already: that is the one to look at."""
    with _file_of(batch.pk).open("a") as file:
        # Somebody who looks whether it is held holds it for a moment.
        for _attempt in range(_ATTEMPTS):
            if _locked(file, fcntl.LOCK_EX):
                break
            time.sleep(_A_MOMENT)
        else:
            return
        file.truncate(0)
        tell(file, task=task, total=rows_of(batch))
        command = [sys.executable, "-m", "django", "work_on_import", task.value, str(batch.pk)]
        command += [f"--told-to={file.fileno()}", f"--by={by.pk}", f"--digest={digest}"]
        command += [f"--reason={reason}", f"--language={get_language()}"]
        try:
            process = subprocess.Popen(  # noqa: S603 - no shell, and a program of ours
                command,
                # The lock is the open file's: the process has it from its first moment on.
                pass_fds=[file.fileno()],
                stdin=subprocess.DEVNULL,
                cwd=settings.BASE_DIR,
                # It goes on when the worker that began it is replaced.
                start_new_session=True,
            )
        except OSError:
            # No memory, or no process left: then it has broken off.
            log.exception("Work on import %d could not begin", batch.pk)
            return
    Thread(target=process.wait, daemon=True).start()


def state_of(pk: int) -> State | None:
    """Return how far the last task on a batch is; None if there was none for a day."""
    try:
        with _file_of(pk).open() as file:
            is_going_on = not _locked(file, fcntl.LOCK_SH)
            # One who looks while it is written sees the line before.
            lines = [line for line in file if line.endswith("\n")]
    except FileNotFoundError:
        return None
    said: dict[str, Any] = {}
    for line in lines:
        said |= json.loads(line)
    if not said:
        return None
    return State(**{**said, "task": Task(said["task"])}, is_going_on=is_going_on)


def tell(file: IO[str], **said: Any) -> None:
    """Say more of a task's state."""
    file.write(json.dumps(said) + "\n")
    file.flush()


@contextmanager
def in_turn() -> Iterator[None]:
    """Wait until no other task is going on: so that several take no more memory than one."""
    with (_folder() / "turn").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def keep_preview(batch: Batch, shown: Preview) -> None:
    """Keep what a preview of the batch found, for the page that shows it."""
    cache.set(_key_of(batch), (_of_now(batch), shown), _KEPT)


def kept_preview(batch: Batch) -> Preview | None:
    """Return what a preview found of batch and register as they are now; None if none did."""
    made_of, shown = cache.get(_key_of(batch), (None, None))
    return shown if made_of == _of_now(batch) else None


def _key_of(batch: Batch) -> str:
    return f"preview-{batch.pk}"


def _of_now(batch: Batch) -> tuple[dict, int, str]:
    # Faults are sentences.
    return batch.options, last_change(), get_language() or ""


def _locked(file: IO[str], kind: int) -> bool:
    """Return whether nobody else holds the file; if so it is held until it is closed."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _file_of(pk: int) -> Path:
    return _folder() / f"{pk}.jsonl"


def _folder() -> Path:
    """Return the folder of these files: of this database, under a name that nobody can guess."""
    database = "/".join(str(connection.settings_dict[name]) for name in ("HOST", "PORT", "NAME"))
    name = salted_hmac(__name__, database, algorithm="sha256").hexdigest()[:32]
    folder = Path(tempfile.gettempdir()) / f"pvematrix-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def forget_old() -> None:
    """Delete the files of tasks that ended more than a day ago."""
    for file in _folder().glob("*.jsonl"):
        if file.stat().st_mtime < time.time() - _OLD:
            file.unlink(missing_ok=True)
