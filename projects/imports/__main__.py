"""The process that reads one file: from standard input to kept lines on standard output.

Started by `sandbox.read_apart` alone, with what it needs to know as its one argument.
"""

import errno
import json
import os
import sys
from typing import Any

import django
from django.conf import settings
from django.utils import translation

# openpyxl would load it to know its numbers, which no file holds; it is most of what starts.
sys.modules["numpy"] = None  # type: ignore[assignment]


def main(asked: dict[str, Any]) -> None:
    """Read the file; end with the status that says why it cannot be read."""
    settings.configure(IMPORT_LIMITS=asked["limits"], LOCALE_PATHS=asked["locale_paths"])
    django.setup()
    translation.activate(asked["language"])
    # Only now: these know the settings, and that there is no numpy.
    from .files import read_any  # noqa: PLC0415 - needs the settings
    from .lines import Refused, keep_lines  # noqa: PLC0415 - needs the settings
    from .sandbox import Ended, bound  # noqa: PLC0415 - needs the settings

    bound(asked["limits"])
    try:
        keep_lines(read_any(asked["name"], sys.stdin.buffer, asked["mapped"]), sys.stdout.buffer)
        sys.stdout.flush()
    # At once: an ordinary end would need memory, and write what is left of the lines.
    except Refused as error:
        os.write(sys.stderr.fileno(), f"\n{' '.join(str(error).split())}".encode())
        os._exit(Ended.REFUSED)
    except MemoryError:
        os._exit(Ended.OUT_OF_MEMORY)
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        os._exit(Ended.TOO_MUCH_TO_KEEP)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
