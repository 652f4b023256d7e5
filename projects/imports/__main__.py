"""The process that reads one file: from standard input to kept lines on standard output.

Started by `sandbox.read_apart` alone, with what it needs to know as its one argument.
"""

import errno
import json
import os
import sys

import django
from django.conf import settings
from django.utils import translation

# openpyxl would load it to know its numbers, which no file holds; it is most of what starts.
sys.modules["numpy"] = None  # type: ignore[assignment]


def main(asked: dict) -> None:
    """Read the file; end with the status that says why it cannot be read."""
    settings.configure(IMPORT_LIMITS=asked["limits"], LOCALE_PATHS=asked["locale_paths"])
    django.setup()
    translation.activate(asked["language"])
    # Only now: these know the settings, and that there is no numpy.
    from .files import read_any, read_lines  # noqa: PLC0415
    from .lines import Refused, keep_lines  # noqa: PLC0415
    from .sandbox import Columns, Ended, bound  # noqa: PLC0415

    bound(asked["limits"])
    try:
        name, file = asked["name"], sys.stdin.buffer
        match asked["columns"]:
            case Columns.OURS:
                lines = read_lines(name, file, asked["names"])
            case columns:
                lines = read_any(name, file, mapped=columns == Columns.MAPPED)
        keep_lines(lines, sys.stdout.buffer)
        sys.stdout.flush()
    # At once: an ordinary end would need memory, and write what is left of the lines.
    except Refused as error:
        os.write(sys.stderr.fileno(), str(error).encode())
        os._exit(Ended.REFUSED)
    except MemoryError:
        os._exit(Ended.OUT_OF_MEMORY)
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        os._exit(Ended.TOO_MUCH_TO_KEEP)


main(json.loads(sys.argv[1]))
