"""A CSV of the columns of our own files: what was exported, or written by hand, is read back."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from ..columns import SEPARATOR
from ..exports import restore_cell
from ..imports.lines import Refused
from ..models.fields import PARTIAL_DATE
from ..text import control_in
from .problems import Problem
from .profile import KINDS_OF_MONEY, SPEAKS_OF_IT
from .reading import KEY_LENGTH, PAGES, Amount, Named, Narrative, Reading
from .table import TABLE

_NEEDED = ("key", "title")
# The columns that follow from others, or that people judge: they are in files, and not read back.
LEFT_OUT = (
    *("other_identifiers", "parents", "second_hand", "outputs", "when", "flags"),
    *("judgement", "other", "reason", "sha256"),
)
_DATES = ("start", "end", "planned_start", "planned_end")
_KEY = re.compile(r"([-a-z0-9_]+):(\S.*)")
_MONEY = re.compile(
    rf"([0-9]{{4}}) ({'|'.join(KINDS_OF_MONEY)}) ([A-Z]{{3}}) (-?[0-9]+(?:\.[0-9]+)?)"
)
Row = dict[str, str]
_MOST_BYTES = 5_000_000


def several(cell: str) -> list[str]:
    return [one.strip() for one in cell.split(SEPARATOR) if one.strip()]


def read_csv(content: bytes) -> tuple[list[Row], list[Problem]]:
    """Return the rows of a CSV file in UTF-8 by column, and its problems; raises Refused.

    A row with a problem is not among them.
    """
    if len(content) > _MOST_BYTES:
        raise Refused(_("The file has more than %d MB.") % (_MOST_BYTES // 1_000_000))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = error.start + 1
        raise Refused(_("The file is not UTF-8: byte %d. Save it as CSV UTF-8.") % place) from None
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise Refused(_("The file is no CSV: %s.") % error) from None
    names = {name for row in rows[:1] for name in row if name}
    if unknown := sorted(names - {*TABLE.names}):
        columns = {"unknown": ", ".join(unknown), "allowed": ", ".join(TABLE.names)}
        raise Refused(_("Unknown columns: %(unknown)s. Allowed: %(allowed)s.") % columns)
    if not rows or not names.issuperset(_NEEDED):
        raise Refused(_("The file needs rows, and the columns %s.") % ", ".join(_NEEDED))
    good, problems = [], []
    read = [
        {name: restore_cell(cell or "").strip() for name, cell in cells.items() if name}
        for cells in rows
    ]
    often = Counter(row["key"] for row in read)
    for number, (row, cells) in enumerate(zip(read, rows, strict=True), start=1):
        wrong = list(_wrong(row, cells))
        if often[row["key"]] > 1:
            wrong.append(_("the key is in %d rows") % often[row["key"]])
        if wrong:
            problems.append(Problem(number, row["key"], f"{'; '.join(wrong)}."))
        else:
            good.append({name: row[name] for name in row if name not in LEFT_OUT})
    return good, problems


def _wrong(row: Row, cells: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong in a row, each with what is allowed."""
    if None in cells or None in cells.values():
        yield _("it has not as many cells as there are columns")
    if not _KEY.fullmatch(row["key"]):
        yield _("key “%s” is not as in “undp:00094760”") % row["key"]
    yield from _not_kept(row)
    if not row["title"]:
        yield _("it has no title")
    for name in _DATES:
        if row.get(name) and not re.match(PARTIAL_DATE, row[name]):
            cell = {"column": name, "value": row[name]}
            yield _("%(column)s “%(value)s” is not YYYY, YYYY-MM or YYYY-MM-DD") % cell
    if row.get("speaks_of_it", "") not in ("", *SPEAKS_OF_IT):
        yield _("speaks_of_it “%s” is not yes, partly or empty") % row["speaks_of_it"]
    if row.get("speaks_of_it") and not row.get("words", "a record has its own"):
        yield _("speaks_of_it “%s” needs the words") % row["speaks_of_it"]
    for amount in several(row.get("money", "")):
        if not _MONEY.fullmatch(amount):
            yield _("money “%s” is not as in “2017 budget USD 1200.50”") % amount


def _not_kept(row: Row) -> Iterator[str]:
    """Yield why the register cannot keep a text of a row."""
    for name in ("key", "data_set"):
        if len(row.get(name, "")) > KEY_LENGTH:
            known = {"column": name, "most": KEY_LENGTH}
            yield _("%(column)s has more than %(most)d characters") % known
    for name, cell in row.items():
        if (at := control_in(cell)) is not None:
            known = {"column": name, "code": f"U+{ord(cell[at]):04X}"}
            yield _("%(column)s has a control character, %(code)s") % known


def reading_of(row: Row, stored: Reading | None, today: str) -> Reading:
    """Return what a row says of a record: what it has no column for stays as it is stored."""
    key: Any = _KEY.fullmatch(row["key"])
    before = stored or Reading(key[1], key[2], key[1], [], retrieved=today)
    texts = [one.name for one in fields(Reading) if one.type is str]
    given: dict[str, Any] = {name: row[name] for name in texts if name in row}
    given |= {name: several(row[name]) for name in ("donors", "words") if name in row}
    if "money" in row:
        amounts = [_MONEY.fullmatch(one) for one in several(row["money"])]
        given["money"] = [
            Amount(year=amount[1], kind=amount[2], currency=amount[3], amount=amount[4])
            for amount in amounts
            if amount
        ]
    if "entities" in row:
        given["entities"] = _named(row["entities"], "", before.entities)
    if "countries" in row:
        codes = row.get("country_codes", "")
        given["countries"] = _named(row["countries"], codes, before.countries)
    for name, column in (("titles", "title"), ("descriptions", "description")):
        # A file has one narrative of several: the others stay, if it is the same.
        if column in row and row[column] != _first(getattr(before, name)):
            narrative = Narrative(lang=row.get(f"{column}_language", ""), text=row[column])
            given[name] = [narrative] if row[column] else []
    if "addresses" in row and several(row["addresses"]) != [*before.links, *before.read_at]:
        given |= {"links": [], "read_at": several(row["addresses"])}
    given["data_set"] = given.get("data_set") or before.data_set
    if not given.get("publisher", before.publisher) and given["data_set"] != PAGES:
        given["publisher"] = key[1]  # who has no other name
    given["sha256"] = before.sha256 or sha256(repr(sorted(row.items())).encode()).hexdigest()
    return replace(before, **given)


def _first(narratives: list[Narrative]) -> str:
    return narratives[0]["text"] if narratives else ""


def _named(cell: str, of_codes: str, before: list[Named]) -> list[Named]:
    """Return what a cell names, with the codes of the file if it has one for each, else as before.

    `of_codes` is the cell of the codes.
    """
    names, codes = several(cell), several(of_codes)
    if len(codes) != len(names):
        known = {one["name"]: one["code"] for one in before}
        codes = [known.get(name, "") for name in names]
    return [Named(name=name, code=code) for name, code in zip(names, codes, strict=True)]
