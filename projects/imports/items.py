"""What a row of a file would do to a project, and every rule that its values break."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..columns import PROJECT_TABLE, QUOTATIONS
from ..exports import keyed_rows
from ..history import FieldChange, text_of
from ..models import NUMBER_WAS_TAKEN, Evidence, Project, Quotation, had_numbers, row_problems
from ..review import assigned_by_hand
from ..text import number_of
from ..vocabulary import NOT_COUNTED, Basis
from .cells import Problem, Reading, Values
from .names import outside

ADDED, CHANGED, UNCHANGED, SKIPPED = "added", "changed", "unchanged", "skipped"
# Columns that cannot be judged when another of them could not be read.
JUDGED_TOGETHER = (
    {"scope", "scope_basis", "regions", "regions_basis"},
    {"start_date", "end_date"},
)


@dataclass(frozen=True)
class Item:
    """What a row of the file would do: `kind` is added, changed, unchanged or skipped.

    `is_unknown` says that it would add a project under a reference that the register lacks.
    """

    row: int
    kind: str
    reference: str
    pk: int | None
    old: Values | None
    new: Values
    problems: tuple[Problem, ...] = ()
    readings: tuple[Reading, ...] = ()
    is_unknown: bool = False

    @property
    def changes(self) -> list[FieldChange]:
        found = Project.differences(self.old, self.new)
        was, becomes = (self.old or self.new).get("review"), self.new.get("review")
        tells = was != becomes and not {was, becomes}.isdisjoint(NOT_COUNTED)
        return [change for change in found if tells or change.column != "review"]

    @property
    def ours(self) -> list[str]:
        """The labels of what becomes our reading."""
        was = self.old or {}
        return [
            str(PROJECT_TABLE.by_name[name].label)
            for name, basis in PROJECT_TABLE.bases.items()
            if self.new.get(basis) == Basis.INFERRED and self.new[name] != was.get(name)
        ]

    @property
    def outside(self) -> list[str]:
        """The countries, by code, that are in none of its regions, if the row changes these."""
        place = ("countries", "regions")
        if self.old and all(self.old[name] == self.new[name] for name in place):
            return []
        return outside(*(self.new[name] for name in place))


@dataclass(frozen=True)
class Known:
    """What the register has of the projects that some lines name.

    `rows` are (primary key, values) by reference; `written` is a number's reference as the
    register writes it; `deleted` are numbers that public projects had; `files` are the names of
    what is attached, by primary key.
    """

    rows: Mapping[str, tuple[int, Values]]
    written: Mapping[int | None, str]
    deleted: frozenset[int]
    files: Mapping[Any, list[str]]


NO_PLACEHOLDER = gettext_lazy("Only the register's own placeholders are counted: write confirmed.")


def judge(row: int, old: Values | None, new: Values, faulty: set[str]) -> list[Problem]:
    """Return a problem for every rule that the values of a changed row break.

    What could not be read is `faulty`: it is not judged again, alone or with other columns.
    """
    problems = [*_wrong_values(row, old, new, faulty)]
    faulty = faulty | {problem.column for problem in problems}
    for basis, message in assigned_by_hand(old, new, PROJECT_TABLE.bases):
        chosen = next(name for name, known in PROJECT_TABLE.bases.items() if known == basis)
        if not faulty & {chosen, basis}:
            faulty.add(basis)
            problems.append(Problem(row, basis, new[basis], str(message)))
    for name, message in row_problems(new):
        if not any(name in together and together & faulty for together in JUDGED_TOGETHER):
            problems.append(Problem(row, name, text_of(new[name]), message))
    return problems


def _wrong_values(
    row: int, old: Values | None, new: Values, unread: Collection[str]
) -> Iterator[Problem]:
    for name in PROJECT_TABLE.kept:
        # A slug is one of its vocabulary, or it would not have been read.
        is_slug = PROJECT_TABLE.by_name[name].vocabulary and new[name]
        if is_slug or PROJECT_TABLE.by_name[name].several or name in unread:
            continue
        if old is not None and old[name] == new[name]:
            continue
        try:
            column: Any = Project._meta.get_field(name)
            column.clean(new[name], None)
        except ValidationError as error:
            yield Problem(row, name, text_of(new[name]), " ".join(error.messages))


def known_projects(numbers: set[int]) -> Known:
    there = Project.live.filter(number__in=numbers)
    columns = ("reference", "review", "report", "merged_into__reference")
    internal = {
        reference: {"review": review, "report": report, "merged_into": into or ""}
        for reference, review, report, into in there.values_list(*columns)
    }
    kept = PROJECT_TABLE.kept
    quoted = Quotation.objects.by_project(there.values("pk"))
    rows = {}
    for pk, cells in keyed_rows(there, PROJECT_TABLE, filled_in=True):
        values = dict(zip(PROJECT_TABLE.names, cells, strict=True))
        reference = str(values["reference"])
        not_in_table = {
            QUOTATIONS.name: {one.field: one.with_place for one in quoted.get(pk, [])},
            **internal[reference],
        }
        stored = {name: values[name] for name in kept} | not_in_table
        rows[reference] = (pk, dict(Project.known(stored)))
    written = {number_of(reference): reference for reference in internal}
    deleted = had_numbers().filter(number__in=numbers).values_list("number", flat=True)
    files = Evidence.objects.by_project([pk for pk, _values in rows.values()])
    names = {pk: [one.document for one in some] for pk, some in files.items()}
    return Known(rows, written, frozenset(deleted), names)


def merged_problem(row: int, values: Values) -> Problem:
    message = _("It was merged into %s: change that entry.") % values["merged_into"]
    return Problem(row, "reference", values["reference"], message)


def reference_problem(
    item: Item, given: str, first_lines: Mapping[str | int, int], register: Known
) -> Problem | None:
    number = number_of(given)
    if not given:
        if number_of(item.reference) is not None:
            return None
        message = _("No number is left above those in the file. Write a reference.")
        return Problem(item.row, "reference", "", message)
    if first := first_lines.get(key_of_project(given)):
        message = _("“%(key)s” is in row %(first)d already.") % {"key": given, "first": first}
    elif number in register.written and item.old is None:
        message = _("The reference of this project is written %s.") % register.written[number]
    elif number in register.deleted and item.kind == ADDED:
        message = str(NUMBER_WAS_TAKEN)
    elif item.kind == CHANGED and item.new["merged_into"]:
        return merged_problem(item.row, item.new)
    else:
        return None
    return Problem(item.row, "reference", given, message)


def key_of_project(reference: str) -> str | int:
    """Return what two lines on one project share, however its zeros are written."""
    number = number_of(reference)
    return reference if number is None else number


def numbers_of(references: Iterable[str]) -> set[int]:
    return {number for one in references if (number := number_of(one)) is not None}
