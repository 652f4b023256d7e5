"""References of projects, "PVE-001": what one looks like, which number it carries, its address."""

import re

REFERENCE = r"^PVE-[0-9]{3,12}\Z"
# Where the number begins; the database takes it from there too, counting from 1.
NUMBER_STARTS = len("PVE-")


def number_of(reference: str) -> int | None:
    """Return the number that a reference carries, None for a text that is no reference."""
    return int(reference[NUMBER_STARTS:]) if re.match(REFERENCE, reference) else None


def reference_of(number: int) -> str:
    """Return the reference that carries a number, with at least three digits."""
    return f"PVE-{number:03}"


class ReferenceConverter:
    """A reference within an address; anything else is no such address."""

    regex = "PVE-[0-9]{3,12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
