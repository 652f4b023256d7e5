"""Codes that other standards have for what the register names."""

import csv
from functools import cache
from pathlib import Path

_TABLES = Path(__file__).resolve().parent / "imports/tables"
# ISO 3166-1 alpha-2 codes by alpha-3, from Unicode's CLDR: `tests/test_countries.py` writes them.
ALPHA_2 = _TABLES / "alpha_2.csv"
# Of organizations: codes in IATI's lists, each with its source.
_IATI = _TABLES / "iati_codes.csv"


@cache
def _table(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {ours: theirs for ours, theirs, *_source in csv.reader(file)}


def alpha_2(code: str) -> str:
    """Return the ISO 3166-1 code of two letters by that of three, empty if it has none."""
    return _table(ALPHA_2).get(code, "")


def acronym_of(code: str) -> str:
    """Return the entity whose code in IATI's lists this is, by its acronym; empty if none."""
    return next((ours for ours, theirs in _table(_IATI).items() if theirs == code), "")


def iati_code(acronym: str) -> str:
    """Return an entity's code in IATI's lists, empty if it has none."""
    return _table(_IATI).get(acronym, "")
