"""The plan of an import: what each row of a file means, what it would do, what is wrong with it.

It is read off in constant memory, so that it can be made as often as it is needed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice, zip_longest
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from ..asking.rows import COUNTED_TITLE
from ..columns import PROJECT_TABLE, QUOTATIONS, ROWS_AT_ONCE
from ..cube import BASES, is_stated
from ..evidence import Sources, known_sources, source_problems
from ..exports import batched
from ..history import text_of
from ..models import SYSTEMATIC_TITLE, Project, highest_number, is_placeholder
from ..models.batch import AnnexState
from ..places import basis_report, report_after
from ..review import state_after
from ..text import letters_and_digits, reference_of
from ..vocabulary import NOT_STATED, Basis, InMatrix, Review
from .cells import CellReader, Problem, ReadRow, Values, reference_in, words_in
from .items import (
    ADDED,
    CHANGED,
    NO_PLACEHOLDER,
    SKIPPED,
    UNCHANGED,
    Item,
    judge,
    key_of_project,
    known_projects,
    merged_problem,
    numbers_of,
    reference_problem,
)
from .lines import KEEP, Line, Refused, kept_lines
from .merging import problem_of_merging


def lock(references: Iterable[str]) -> None:
    """Let nobody else change these projects until the transaction ends.

    In the order of their numbers, as everybody locks them: so nobody waits for each other.
    """
    numbers = sorted(numbers_of(references))
    for start in range(0, len(numbers), ROWS_AT_ONCE):
        some = Project.live.filter(number__in=numbers[start : start + ROWS_AT_ONCE])
        len(some.order_by("number").select_for_update().values_list("pk"))


class DeskChanges:
    """What a page of the desk would do, as the plan of a batch that has its `changes`."""

    unknown: list[str] = []
    adds_unknown = True

    def __init__(self, changes: list[dict[str, Any]]) -> None:
        self.changes = [*changes, *_merged_before(changes)]
        self.references = [one["new"]["reference"] for one in self.changes]
        self.reader = CellReader(False)

    def items(self) -> Iterator[Item]:
        """Yield each entry with what the page changed of it, as it is now."""
        register, sources = known_projects(numbers_of(self.references)), known_sources()
        for reference, change in zip(self.references, self.changes, strict=True):
            pk, old = register.rows.get(reference, (change["pk"], None))
            before, wanted = change["old"] or {}, change["new"]
            changed = {name: value for name, value in wanted.items() if before.get(name) != value}
            new = {**(old or {}), **changed}
            state = old["review"] if old else Review.SET_ASIDE
            new["review"] = Review.REVIEWED.value if state == Review.SET_ASIDE else state
            was, into = before.get("merged_into", ""), changed.get("merged_into", "")
            if into:
                new["review"] = Review.SET_ASIDE.value
            kind = ADDED if old is None else CHANGED if old != new else UNCHANGED
            problems = judge(0, old, new, set())
            _pk, stays = register.rows.get(into, (None, None))
            if old and old["merged_into"] not in (was, into):
                problems.append(merged_problem(0, old))
            elif old and stays and not old["merged_into"]:
                said = problem_of_merging(old, stays, sources)
                problems += [Problem(0, "merged_into", into, said)] if said else []
            for name, problem in source_problems(old, new, sources, register.files.get(pk, ())):
                problems.append(Problem(0, name, new[name], problem))
            if before and not old:
                gone = _("It has been deleted meanwhile.")
                problems.append(Problem(0, "reference", reference, gone))
            yield Item(0, kind, reference, pk, old, new, tuple(problems))


def _merged_before(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the changes of what was merged into entries that are merged now: it follows them."""
    pairs = ((one["new"]["reference"], one["new"].get("merged_into")) for one in changes)
    merges = {reference: into for reference, into in pairs if into}
    found = Project.live.filter(merged_into__reference__in=merges)
    rows = [(one.pk, one.snapshot()) for one in found]
    return [
        {"pk": pk, "old": old, "new": {**old, "merged_into": merges[old["merged_into"]]}}
        for pk, old in rows
    ]


class Plan:
    """What the rows of a kept file would do; raises Refused for its columns."""

    def __init__(self, content: bytes, state: AnnexState, file_name: str = "") -> None:
        self.content, self.state, self.file_name = content, state, file_name
        _row, self.headings = next(kept_lines(content))
        self.columns = [_column_of(heading) for heading in self.headings]
        times = Counter(filter(None, self.columns))
        if twice := sorted(name for name in times if times[name] > 1):
            raise Refused(_("Columns that occur twice: %s.") % ", ".join(twice))
        if PROJECT_TABLE.identifier not in self.columns:
            raise Refused(_("There is no column “%s”.") % PROJECT_TABLE.identifier)
        self.reader = CellReader(state.csv, state.readings)
        # Entries that a sheet says there are not.
        self.set_aside = frozenset(state.set_aside)
        self.is_of_sheet = state.matched_at is not None

    @property
    def unknown(self) -> list[str]:
        """The headings that name no column and were not ignored on purpose."""
        named = zip(self.headings, self.columns, strict=True)
        found = [heading for heading, column in named if heading.strip() and not column]
        return [heading for heading in found if heading not in self.state.ignored]

    def lines(self) -> Iterator[Line]:
        return islice(kept_lines(self.content), 1, None)

    @property
    def adds_unknown(self) -> bool:
        """Whether somebody said that references which the register lacks are of new projects."""
        return self.state.add_unknown or self.state.only == ADDED

    @cached_property
    def references(self) -> list[str]:
        """The reference of every line, empty for a new project."""
        place = self.columns.index("reference")
        return [reference_in("".join(cells[place : place + 1])) for _row, cells in self.lines()]

    def items(self) -> Iterator[Item]:
        """Yield what each row would do, in the order of the file."""
        first_lines: dict[str | int, int] = {}
        highest = max([highest_number(), *numbers_of(self.references)])
        lines = zip(self.lines(), self.references, strict=True)
        for some in batched(lines):
            register = known_projects(numbers_of(reference for _line, reference in some))
            for (row, cells), written in some:
                given = written
                pk, old = register.rows.get(given, (None, None))
                read = self._read(row, cells, old)
                if old and is_placeholder(old):
                    if _without_place(read.values) == _without_place(old):
                        yield Item(row, UNCHANGED, given, pk, old, old)
                        continue
                    # What is said of a placeholder is said of a project with a number of its own.
                    given, pk, old = "", None, None
                    read = self._read(row, cells, None)
                    read.note("reference", written, _("a new project"))
                if not given and COUNTED_TITLE.fullmatch(read.values["title"]):
                    # It counts one of the report's projects, and is no entry.
                    yield Item(row, SKIPPED, "", None, None, read.values)
                    continue
                reference = given
                if not given:
                    highest += 1
                    reference = reference_of(highest)
                read.values["reference"] = reference
                # One that is given here is judged here.
                judged = set() if given else {"reference"}
                item = self._item(read, pk, old, judged, register.files.get(pk, []))
                problem = reference_problem(item, given, first_lines, register)
                first_lines.setdefault(key_of_project(given), row)
                if problem:
                    yield replace(item, problems=(*item.problems, problem))
                else:
                    # One that the register lacks may be mistyped.
                    yield replace(item, is_unknown=bool(given) and item.kind == ADDED)

    @cached_property
    def slug(self) -> str:
        """The slug of the report that the register is kept equal to."""
        return basis_report()[0]

    @cached_property
    def sources(self) -> Sources:
        return known_sources()

    def _item(
        self, read: ReadRow, pk: int | None, old: Values | None, judged: set[str], files: list[str]
    ) -> Item:
        new, problems = read.values, list(read.problems)
        new["report"] = report_after(old, new["in_matrix"], pk, self.slug)
        only = self.state.only
        if self.is_of_sheet:
            new["review"] = self._state(old, new)
        elif old is not None:
            new["review"] = old["review"]
        if old is None:
            kind = SKIPPED if only == CHANGED else ADDED
        elif old == new:
            kind = UNCHANGED
        else:
            kind = SKIPPED if only == ADDED else CHANGED
            # What a second person publishes is reviewed.
            if not (self.is_of_sheet or self.state.waits):
                new["review"] = state_after(old, new).value
        if kind in (ADDED, CHANGED):
            faulty = judged | {problem.column for problem in problems}
            problems += judge(read.row, old, new, faulty)
            for name, problem in source_problems(old, new, self.sources, files):
                if not faulty & {name, "source", "link", "provenance"}:
                    problems.append(Problem(read.row, name, new[name], problem))
            if is_placeholder(new):
                problems.append(
                    Problem(read.row, "provenance", new["provenance"], str(NO_PLACEHOLDER))
                )
        # What is refused is not understood.
        refused = {problem.column for problem in problems}
        readings = tuple(one for one in read.readings if one.column not in refused)
        return Item(read.row, kind, new["reference"], pk, old, new, tuple(problems), readings)

    def _state(self, old: Values | None, new: Values) -> str:
        """Return the state of an entry once a reviewer publishes the sheet.

        One that was set aside is back, and one of the matrix is no draft; others stay drafts, and
        what waits for review waits.
        """
        if new["reference"] in self.set_aside:
            return Review.SET_ASIDE.value
        state: str = old["review"] if old else Review.DRAFT.value
        published = state == Review.DRAFT and new["in_matrix"] == InMatrix.YES
        back = state == Review.SET_ASIDE
        return Review.REVIEWED.value if published or back else state

    def _read(self, row: int, cells: list[str], old: Values | None) -> ReadRow:
        read = ReadRow(row, dict(old) if old else dict(NOTHING))
        for name, text in zip_longest(self.columns, cells, fillvalue=""):
            column = _READ.get(name)
            if column and text != KEEP:
                value = self.reader.read(read, column, text, old and old[name])
                # A sheet that is our reading does not take back the words quoted before.
                adds = self.is_of_sheet and old and column is QUOTATIONS
                read.values[name] = {**read.values[name], **value} if adds else value
        if not self.is_of_sheet:
            self._leave_unstated(read, old)
        for name, text in read.ours.items():
            read.values[PROJECT_TABLE.bases[name]] = Basis.INFERRED.value
            said_in = (read.values["source"], self.file_name)
            quoted = read.values[QUOTATIONS.name]
            read.values[QUOTATIONS.name] = {**quoted, name: words_in(text, *said_in)}
        for heading, text in zip_longest(self.headings, cells, fillvalue=""):
            if text.strip() and not heading.strip():
                read.refuse("", text, _("There is no heading above this cell."))
        return read

    def _leave_unstated(self, read: ReadRow, old: Values | None) -> None:
        """Read as nothing what a file says that no source states, filled-in values too."""
        values = read.values
        for dimension, basis in BASES.items():
            column = PROJECT_TABLE.facets[dimension]
            name, value, known_by = column.name, values[column.name], values[basis]
            if column.several and NOT_STATED in value[1:]:
                read.refuse(name, text_of(value), _("“not-stated” is alone in its cell."))
            if NOT_STATED in (value, *value):
                value = column.nothing
            if known_by == Basis.ALLOCATED and dimension != "priority_area":
                if basis in self.columns:
                    read.note(basis, known_by, NOT_STATED)
                value, known_by = column.nothing, ""
            if known_by == NOT_STATED:
                known_by = ""
            if old and not (value or known_by) and not is_stated(dimension, old):
                value, known_by = old[name], old[basis]
            values |= {name: value, basis: known_by}


def _column_of(heading: str) -> str:
    optional = QUOTATIONS.name if letters_and_digits(heading) == QUOTATIONS.name else ""
    return PROJECT_TABLE.column_of(heading) or optional


# The columns that are read.
_READ = {
    **{name: PROJECT_TABLE.by_name[name] for name in PROJECT_TABLE.kept},
    QUOTATIONS.name: QUOTATIONS,
}
# The values of a project about which nothing is said.
NOTHING: Values = {
    **{name: column.nothing for name, column in _READ.items()},
    QUOTATIONS.name: {},
    "review": Review.DRAFT.value,
    "report": "",
    "merged_into": "",
}


def _without_place(values: Values) -> Values:
    """Return the values without those of a placeholder that the totals may change."""
    systematic = bool(SYSTEMATIC_TITLE.search(values["title"]))
    return {**values, "title": "" if systematic else values["title"]}
