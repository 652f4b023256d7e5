"""The lines of a file: what they are, how a file is refused, how they are kept until confirmed."""

import gzip
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

# The header may stand below a title, not further down than this.
HEADER_WITHIN = 10
# Marks a cell that holds a formula, an error or a truth value; no text that is allowed begins so.
FORMULA = "\x1d"

# Means what the register has there already; no file that is read has it.
KEEP = "\x1e"
# The number of a line that begins a sheet, and has its name.
SHEET = 0


class Refused(Exception):
    """The file as a whole cannot be imported; the message says why and what is allowed."""

    def __init__(self, text: Any, **known: object):
        super().__init__(text % known if known else text)


# The number of a line in its file, and its cells.
Line = tuple[int, list[str]]


def keep_lines(lines: Iterable[Line], file: IO[bytes]) -> None:
    """Write the lines to a file as `kept_lines` reads them: compressed, one after the other."""
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, mtime=0) as kept:
        for line in lines:
            kept.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def kept_lines(content: bytes) -> Iterator[Line]:
    """Yield the lines that `keep_lines` wrote, holding one at a time."""
    with gzip.open(io.BytesIO(content)) as kept:
        for line in kept:
            number, cells = json.loads(line)
            yield number, cells


class KeptTable:
    """The headings and rows of a kept file; raises Refused for its columns."""

    def __init__(
        self, content: bytes, options: Mapping[str, Any], name_of: Callable[[str], str], key: str
    ):
        self.content, self.options = content, options
        _row, self.headings = next(kept_lines(content))
        self.columns = [name_of(heading) for heading in self.headings]
        times = Counter(filter(None, self.columns))
        if twice := sorted(name for name in times if times[name] > 1):
            raise Refused(_("Columns that occur twice: %s.") % ", ".join(twice))
        if key not in self.columns:
            raise Refused(_("There is no column “%s”.") % key)

    @property
    def unknown(self) -> list[str]:
        """The headings that name no column and were not ignored on purpose."""
        named = zip(self.headings, self.columns, strict=True)
        found = [heading for heading, column in named if heading.strip() and not column]
        return [heading for heading in found if heading not in self.options.get("ignored", [])]

    def lines(self) -> Iterator[Line]:
        return islice(kept_lines(self.content), 1, None)


def too_many_bytes() -> Refused:
    most = settings.IMPORT_LIMITS["bytes"]
    return Refused(_("The file has more than the %d bytes that are allowed.") % most)


def broken() -> Refused:
    return Refused(_("The file is broken. Save it again, or send its table as CSV."))


def encrypted() -> Refused:
    return Refused(_("The file is encrypted. Save it without a password."))


def too_long(most: int = 0) -> Refused:
    most = most or settings.IMPORT_LIMITS["rows"]
    return Refused(_("The file has more than the %d rows that are allowed.") % most)
