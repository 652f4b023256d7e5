"""Statements, plans and reports from a file: previewed, written as a whole, undone as a whole.

Files, waiting batches and previews are those of the imports of projects. A preview writes the rows
and rolls back, so that it cannot differ, and a row may refer to one above it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import get_permission_codename
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import IntegerField
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from projects.columns import SEPARATOR
from projects.exports import restore_cell
from projects.history import find, recording
from projects.imports.batches import (
    CHANGED_SINCE,
    ITEMS_SHOWN,
    Preview,
    add_to_digest,
    confirming,
    refuse_unknown,
    wait,
)
from projects.imports.cells import NO_TEXT, Problem, Values
from projects.imports.lines import FORMULA, KeptTable, Refused, too_long
from projects.imports.plan import ADDED, CHANGED, UNCHANGED, Item
from projects.imports.sandbox import read_apart
from projects.imports.template import template_of
from projects.models import Batch
from projects.text import printable

from .models import Document, Figure, Kind, Plan, Report, Statement
from .models.columns import PLAN_TABLE, REPORT_TABLE, STATEMENT_TABLE
from .models.statement import next_code

# By their names in the options of batches; a report is added with its figures, one a row.
MODELS: dict[str, Any] = {"statements": Statement, "plans": Plan, "reports": Figure}
TABLES = {"statements": STATEMENT_TABLE, "plans": PLAN_TABLE, "reports": REPORT_TABLE}
# Of a report's fields whose columns have other names.
REPORT_COLUMNS = {"slug": "report", "date": "report_date", "link": "address"}


class _RolledBack(Exception):
    """Ends the transaction without its writes."""


def table_of(batch: Batch) -> str:
    return str(batch.options.get("table", ""))


def may(by: Any, table: str, kind: str) -> bool:
    """Return whether somebody, or a command (None), may write rows of that kind."""
    opts = MODELS[table]._meta
    action = {ADDED: "add", CHANGED: "change"}[kind]
    right = f"{opts.app_label}.{get_permission_codename(action, opts)}"
    return by is None or bool(by.has_perm(right))


def refusal(by: Any, table: str, counts: Mapping[str, int]) -> str:
    """Return why somebody may not write these numbers of rows, empty if they may."""
    texts = {
        ADDED: _("The file adds %(kind)s, but you have no right to add them."),
        CHANGED: _("The file changes %(kind)s, and you may not change any."),
    }
    known = {"kind": MODELS[table]._meta.verbose_name_plural}
    lacking = [one for one in texts if counts.get(one) and not may(by, table, one)]
    return " ".join(texts[one] % known for one in lacking)


def upload(table: str, name: str, file: IO[bytes], by: Any = None, most: int = 0) -> Batch:
    """Store an open file as a batch that waits for confirmation; raises Refused.

    `table` is one of MODELS; `most` limits the rows further than any file's limit, 0 does not.
    """
    name = printable(name)
    content = read_apart(name, file, names=TABLES[table].names)
    options = {"table": table, "csv": not name.lower().endswith(".xlsx")}
    rows = rows_of(content, options)
    count = sum(1 for _line in rows.lines())
    if not count:
        raise Refused(_("There is no row below the header."))
    if most and count > most:
        raise too_long(most)
    return wait(name, options, by, content=content)


def template(table: str) -> bytes:
    """Return a workbook to fill in: an empty table with drop-downs, and instructions."""
    words = render_to_string("reports/sheet.txt", {"table": table})
    title, *lines = filter(None, words.splitlines())
    return template_of(TABLES[table], title, lines)


def rows_of(content: bytes, options: dict[str, Any]) -> "Rows":
    return (FigureRows if options["table"] == "reports" else Rows)(content, options)


def plan_of(batch: Batch) -> "Rows":
    return rows_of(bytes(batch.content), batch.options)


def preview(batch: Batch, most: int = ITEMS_SHOWN) -> Preview:
    """Return what confirming the batch would do, with at most `most` items of each kind."""
    shown, digest = Preview(), hashlib.sha256()
    rows = plan_of(batch)
    shown.unknown = rows.unknown
    with suppress(_RolledBack), recording():
        for item in rows.items():
            shown.counts[item.kind] += 1
            shown.problems += item.problems
            if item.kind in shown.first:
                add_to_digest(digest, item)
                if not item.problems and len(shown.first[item.kind]) < most:
                    shown.first[item.kind].append(item)
            if len(shown.problems) >= settings.IMPORT_LIMITS["problems"]:
                shown.more_problems = True
                break
        raise _RolledBack
    shown.digest = digest.hexdigest()
    return shown


def apply(batch: Batch, digest: str, by: Any = None, reason: str = "") -> Batch:
    """Write what the preview with that digest showed, in one transaction; return the batch.

    Raises ValidationError for the reason; Refused, without writing, if it was confirmed before,
    would give another result by now, or `by` has no right to it.
    """
    with confirming(batch, digest, by, reason) as (locked, _recorder, found):
        rows = plan_of(locked)
        refuse_unknown(rows.unknown)
        counts: Counter = Counter()
        for item in rows.items():
            if item.problems:
                raise Refused(CHANGED_SINCE)
            counts[item.kind] += 1
            if item.kind != UNCHANGED:
                add_to_digest(found, item)
        if denied := refusal(by, table_of(locked), counts):
            raise Refused(denied)
        locked.added, locked.changed = counts[ADDED], counts[CHANGED]
        return locked


class Rows(KeptTable):
    def __init__(self, content: bytes, options: dict[str, Any]):
        self.is_csv, self.model = bool(options.get("csv")), MODELS[options["table"]]
        self.table = TABLES[options["table"]]
        self.key = self.table.identifier
        super().__init__(content, options, self.table.column_of, self.key)

    def read(self) -> Iterator[tuple[int, dict[str, str], list[Problem]]]:
        """Yield the cells of each row by their columns, and those that are no texts."""
        for row, cells in self.lines():
            # Cells below an empty heading have no column.
            read = zip(self.columns, cells, strict=False)
            values = dict.fromkeys(filter(None, self.columns), "")
            values |= {name: cell for name, cell in read if name}
            if self.is_csv:
                values = {name: restore_cell(cell) for name, cell in values.items()}
            problems = [
                Problem(row, name, cell.removeprefix(FORMULA), str(NO_TEXT))
                for name, cell in values.items()
                if cell.startswith(FORMULA)
            ]
            yield row, values, problems

    def items(self) -> Iterator[Item]:
        """Write each row, and yield what that did; a row with an error writes nothing."""
        first: dict[str, int] = {}
        for row, values, problems in self.read():
            key = values[self.key].strip()
            values[self.key] = key or self._free_key(values)
            if key and key in first:
                text = _("“%(key)s” is in row %(first)d already.")
                problems.append(
                    Problem(row, self.key, key, text % {"key": key, "first": first[key]})
                )
            item = self._refused(row, values, problems) if problems else self._save(row, values)
            if key or not item.problems:
                first.setdefault(values[self.key], row)
            yield item

    def _free_key(self, values: dict[str, str]) -> str:
        kind = self._value("kind", values.get("kind", "")) if self.model is Statement else ""
        return next_code(Kind(kind)) if kind in Kind.values else ""

    def _stored(self, key: str) -> Any:
        others = [field.name for field in self.model._meta.fields if field.many_to_one]
        return self.model.live.select_related(*others).filter(**{self.key: key}).first()

    def _item(self, row: int, kind: str, key: str, **more: Any) -> Item:
        what = {"pk": None, "old": None, "new": {}} | more
        return Item(row, kind, key, columns=self.table.names, **what)

    def _refused(self, row: int, values: dict[str, str], problems: Iterable[Problem]) -> Item:
        key = values[self.key]
        kind = CHANGED if self._stored(key) else ADDED
        return self._item(row, kind, key, new=dict(values), problems=tuple(problems))

    def _save(self, row: int, values: dict[str, str]) -> Item:
        key = values[self.key]
        stored = self._stored(key)
        record = stored or self.model()
        given = {name: self._value(name, cell) for name, cell in values.items()}
        old: Values | None = dict(stored.snapshot()) if stored else None
        if old is not None and old == {**old, **given}:
            return self._item(row, UNCHANGED, key, pk=record.pk, old=old, new=old)
        problems: list[Problem] = []
        linked: dict[str, list[Any]] = {}
        for name, value in given.items():
            try:
                if self.table.by_name[name].linked_by:
                    others: Any = self.model._meta.get_field(name).related_model
                    linked[name] = [find(others, one) for one in value]
                else:
                    record.apply({name: value})
            except ValidationError as error:
                problems.append(Problem(row, name, values[name], " ".join(error.messages)))
        problems += _wrong(record, row, values, [problem.column for problem in problems])
        if problems:
            return self._refused(row, values, problems)
        record.save()
        for name, records in linked.items():
            getattr(record, name).set(records)
        new = dict(self.model.live.get(pk=record.pk).snapshot())
        pk, kind = (stored.pk, CHANGED) if stored else (None, ADDED)
        return self._item(row, kind, key, pk=pk, old=old, new=new)

    def _value(self, name: str, cell: str) -> Any:
        column = self.table.by_name[name]
        cell = cell.strip()
        if not all(part.strip() in column.labels for part in cell.split(SEPARATOR)):
            # It may have labels.
            cell = SEPARATOR.join(column.slugs_of(cell) or []) or cell
        if column.several:
            parts = [*filter(None, map(str.strip, cell.split(SEPARATOR)))]
            return sorted(parts, key=str.casefold) if column.linked_by else SEPARATOR.join(parts)
        field: Any = self.model._meta.get_field(name)
        if cell and field.related_model is Document:
            # A document is named by its symbol as well.
            named = Document.objects.filter(symbol__iexact=cell).values_list("slug", flat=True)
            return named.first() or cell
        if cell.isdecimal() and len(cell) < 19 and isinstance(field, IntegerField):
            return int(cell)
        return cell or field.get_default()


class FigureRows(Rows):
    """Figures, each in a row; the first row of a report adds it."""

    def items(self) -> Iterator[Item]:
        reports: dict[str, tuple[Report, dict[str, str]]] = {}
        for row, read, problems in self.read():
            values = {name: read.get(name, "").strip() for name in self.table.kept}
            key = values[self.key]
            if key not in reports:
                same = {name: values[name] for name in ("symbol", "title", "publisher")}
                of_report = {name: values[column] for name, column in REPORT_COLUMNS.items()}
                report = Report(**same, **of_report, population=values["population"])
                report.is_undated = values["undated"] == "yes"
                reports[key] = report, values
                problems.extend(_wrong(report, row, values, ["population"], REPORT_COLUMNS))
                if not problems:
                    report.save()
            problems.extend(self._figure(*reports[key], row, values))
            new = {name: value for name, value in values.items() if value}
            yield self._item(row, ADDED, key, new=new, problems=tuple(problems))

    def _figure(
        self, report: Report, first: dict[str, str], row: int, values: dict[str, str]
    ) -> list[Problem]:
        """Save the figure if nothing is wrong with it; return what is."""
        differ = _("The first row of this report says otherwise: “%s”.")
        problems = [
            Problem(row, name, values[name], differ % first[name])
            for name in ("symbol", "title", "publisher", "report_date", "undated")
            if values[name] not in ("", first[name])
        ]
        if not values["population"]:
            problems.append(Problem(row, "population", "", _("Say what it counts.")))
        figure = Figure(report=report)
        for name in {*values}.intersection(Figure.snapshot_columns()) - {"report"}:
            setattr(figure, name, self._value(name, values[name]))
        if figure.population == report.population:
            figure.population = ""
        if figure.address == report.link:
            figure.address = ""
        problems += _wrong(figure, row, values, ["report"])
        if report.pk and not problems:
            figure.save()
        return problems


def _wrong(
    record: Any, row: int, values: dict[str, str], exclude: list[str], columns: Any = ()
) -> list[Problem]:
    """Return what is wrong with a record, by `columns` of its fields where these differ."""
    named = {NON_FIELD_ERRORS: "", **dict(columns)}
    try:
        record.full_clean(exclude=exclude)
    except ValidationError as error:
        found = {named.get(name, name): " ".join(said) for name, said in error.message_dict.items()}
        return [Problem(row, name, values.get(name, ""), said) for name, said in found.items()]
    return []
