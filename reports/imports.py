"""Statements from a file: all of it, checked and recorded as one batch that can be undone.

What would happen is found out by doing it and taking it back, so that a preview cannot differ.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.columns import SEPARATOR
from projects.exports import restore_cell
from projects.history import Snapshot, recording
from projects.imports.cells import Fault
from projects.imports.lines import FORMULA, Line, Refused, kept_lines
from projects.imports.plan import ADDED, CHANGED, UNCHANGED
from projects.imports.sandbox import read_apart
from projects.models import Batch

from .models import Statement


@dataclass
class Imported:
    """What became of a file: how many rows of each kind, what is wrong, the batch if written."""

    counts: Counter = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    batch: Batch | None = None


class _TakenBack(Exception):
    """Ends the transaction without its writes."""


def import_statements(
    name: str, file: IO[bytes], by: Any = None, reason: str = "", dry_run: bool = False
) -> Imported:
    """Write the statements of an open file, and return what became of them.

    With a fault in it, or with `dry_run`, nothing is written. Raises Refused for a file that cannot
    be read, ValidationError for a reason that is too long or no plain text.
    """
    Batch._meta.get_field("reason").run_validators(reason)
    is_csv = not name.lower().endswith(".xlsx")
    lines = kept_lines(read_apart(name, file))
    columns = _columns(next(lines)[1])
    batch = Batch(kind=Batch.Kind.IMPORT, file_name=name[:200], reason=reason, by=by)
    batch.by_name = by.get_username() if by else ""
    done = Imported()
    try:
        with recording(by=by, reason=reason or batch.file_name, batch=batch):
            batch.save()
            _write(lines, columns, is_csv, done)
            if done.faults or dry_run or not done.counts[ADDED] + done.counts[CHANGED]:
                raise _TakenBack
            batch.added, batch.changed = done.counts[ADDED], done.counts[CHANGED]
            batch.applied_at = timezone.now()
            batch.save()
            done.batch = batch
    except _TakenBack:
        pass
    return done


def _columns(headings: list[str]) -> list[str]:
    columns = [heading.strip() for heading in headings]
    known = Statement.snapshot_columns()
    if unknown := [one for one in columns if one not in known]:
        raise Refused(
            _("Unknown columns: %(unknown)s. Allowed: %(allowed)s.")
            % {"unknown": ", ".join(unknown), "allowed": ", ".join(known)}
        )
    if twice := [one for one, times in Counter(columns).items() if times > 1]:
        raise Refused(_("Columns that occur twice: %s.") % ", ".join(twice))
    if "code" not in columns:
        raise Refused(_("There is no column “code”."))
    return columns


def _write(lines: Iterator[Line], columns: list[str], is_csv: bool, done: Imported) -> None:
    first: dict[str, int] = {}
    for row, cells in lines:
        values = dict.fromkeys(columns, "") | dict(zip(columns, cells, strict=False))
        if is_csv:
            values = {column: restore_cell(cell) for column, cell in values.items()}
        code = values["code"] = values["code"].strip()
        formulas = [column for column, cell in values.items() if cell.startswith(FORMULA)]
        if formulas:
            text = _("This cell holds a formula, an error or a truth value. Write a text instead.")
            done.faults += [Fault(row, column, "", text) for column in formulas]
        elif code in first:
            text = _("“%(code)s” stands in row %(first)d already.")
            done.faults.append(
                Fault(row, "code", code, text % {"code": code, "first": first[code]})
            )
        else:
            first[code] = row
            try:
                done.counts[_save(values)] += 1
            except ValidationError as error:
                done.faults += _faults(row, values, error)


def _save(values: dict[str, str]) -> str:
    """Save the statement of a row, and return what was done; raises ValidationError."""
    stored = Statement.objects.of_kinds().filter(code=values["code"]).first()
    record = stored or Statement()
    new: Snapshot = {name: _value(name, cell.strip()) for name, cell in values.items()}
    old = record.snapshot() if stored else None
    if old is not None and old == {**old, **new}:
        return UNCHANGED
    record.apply(new)
    record.full_clean()
    record.save()
    if "entities" in new:
        record.apply_links(new)
    return CHANGED if stored else ADDED


def _value(name: str, cell: str) -> Any:
    """Return what a cell means, as history keeps it."""
    if name == "entities":
        acronyms = filter(None, map(str.strip, cell.split(SEPARATOR)))
        return sorted(acronyms, key=str.casefold)
    column: Any = Statement._meta.get_field(name)
    if cell and column.get_internal_type() == "PositiveSmallIntegerField" and cell.isdecimal():
        return int(cell)
    return cell or column.get_default()


def _faults(row: int, values: dict[str, str], error: ValidationError) -> Iterator[Fault]:
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, messages in found.items():
        column = "" if name == NON_FIELD_ERRORS else name
        yield Fault(row, column, values.get(column, ""), " ".join(messages))
