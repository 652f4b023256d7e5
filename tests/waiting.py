"""Waiting for what another process does; nothing else in the tests waits by the clock."""

import time
from contextlib import suppress
from urllib.error import HTTPError
from urllib.request import urlopen


def until(condition, within: float = 30):
    """Return what the condition returns, once that is true; a server that is not there is not."""
    late = time.monotonic() + within
    while True:
        with suppress(OSError):
            if result := condition():
                return result
        assert time.monotonic() < late, f"not within {within} seconds"
        time.sleep(0.02)


def answers(address: str) -> bool:
    """Whether anything answers there, whatever it says."""
    try:
        urlopen(address, timeout=5).close()
    except HTTPError as answer:
        answer.close()
    return True
