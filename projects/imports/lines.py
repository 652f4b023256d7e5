"""The lines of a file: what they are, how a file is refused, how they are kept until confirmed."""

import gzip
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

# The header may stand below a title, not further down than this.
HEADER_WITHIN = 10
# Marks a cell that holds a formula, an error or a truth value; no text that is allowed begins so.
# Not one of those that count as white space: a cell of it alone is not empty.
FORMULA = "\x05"

# Means what the register has there already; no file that is read has it.
KEEP = "\x1e"
# The number of a line that begins a sheet, and has its name.
SHEET = 0
# The number of a line that ends a sheet, and has as JSON what there is besides the cells (`Marks`).
MARKS = -1


class Refused(Exception):
    """The file as a whole cannot be imported; the message says why and what is allowed."""

    def __init__(self, text: Any, **known: object) -> None:
        super().__init__(text % known if known else text)


# The number of a line in its file, and its cells.
Line = tuple[int, list[str]]


@dataclass
class Marks:
    """What a sheet has besides the texts of its cells; lines and columns are numbered from 1.

    `links` has addresses, and `colours` those of a line's cells, by lines. `encoding` is how the
    text was read if that is a guess, and `examples` the lines that show whether it is right.
    """

    hidden_columns: list[int] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    links: dict[str, dict[str, str]] = field(default_factory=dict)
    colours: dict[str, str] = field(default_factory=dict)
    encoding: str = ""
    examples: list[str] = field(default_factory=list)

    @property
    def line(self) -> Line:
        return MARKS, [json.dumps({name: one for name, one in vars(self).items() if one})]

    @classmethod
    def of(cls, line: Line) -> "Marks":
        return cls(**json.loads(line[1][0]))


def keep_lines(lines: Iterable[Line], file: IO[bytes]) -> None:
    """Write the lines to a file as `kept_lines` reads them: compressed, one after the other."""
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, mtime=0) as kept:
        for line in lines:
            kept.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def as_kept(lines: Iterable[Line]) -> bytes:
    """Return the lines as `keep_lines` writes them."""
    file = io.BytesIO()
    keep_lines(lines, file)
    return file.getvalue()


def kept_lines(content: bytes) -> Iterator[Line]:
    """Yield the lines that `keep_lines` wrote, holding one at a time."""
    with gzip.open(io.BytesIO(content)) as kept:
        for line in kept:
            number, cells = json.loads(line)
            yield number, cells


def too_many_bytes() -> Refused:
    most = settings.IMPORT_LIMITS["bytes"]
    return Refused(_("The file has more than the %d bytes that are allowed.") % most)


def broken() -> Refused:
    return Refused(_("The file is broken. Save it again, or send its table as CSV."))


def encrypted() -> Refused:
    return Refused(_("The file is encrypted. Save it without a password."))


def too_long() -> Refused:
    most = settings.IMPORT_LIMITS["rows"]
    return Refused(_("The file has more than the %d rows that are allowed.") % most)
