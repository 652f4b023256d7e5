"""References of projects, "PVE-001"."""

import re

from django.urls import register_converter
from django.urls.converters import StringConverter

REFERENCE = r"^PVE-[0-9]{3,12}\Z"
NUMBER_STARTS = len("PVE-")


def number_of(reference: str) -> int | None:
    """Return a reference's number, None for a text that is no reference."""
    return int(reference[NUMBER_STARTS:]) if re.match(REFERENCE, reference) else None


def reference_of(number: int) -> str:
    return f"PVE-{number:03}"


class ReferenceConverter(StringConverter):
    regex = "PVE-[0-9]{3,12}"


register_converter(ReferenceConverter, "reference")
