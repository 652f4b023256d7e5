"""Waiting for what another process does; nothing else in the tests waits by the clock."""

import time
from contextlib import suppress


def until(condition, within: float = 30):
    """Return what the condition returns, once that is true; a server that is not there is not."""
    late = time.monotonic() + within
    while True:
        with suppress(OSError):
            if result := condition():
                return result
        assert time.monotonic() < late, f"not within {within} seconds"
        time.sleep(0.02)
