"""The process that reads one sheet with any columns, as `projects.imports` reads the register's."""

import json
import sys
from collections.abc import Iterator
from typing import IO, Any

from ..imports.__main__ import main


def read(asked: dict[str, Any], file: IO[bytes]) -> Iterator[Any]:
    from .sheets import read_any  # noqa: PLC0415 - only now are there settings

    return read_any(asked["name"], file, asked["mapped"])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), read)
