"""The rows of a query: what a source describes, and one for each project that the report counts.

No row has a value that no source states, but for those of the filled-in table, which is asked for
by name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import translation

from ..citations import cited
from ..columns import PROJECT_TABLE, Table
from ..cube import BASES
from ..models import Project, ProjectQuerySet
from ..ranges import PUBLISHED_DIMENSIONS
from ..vocabulary import COUNTED_AS, NOT_STATED, InMatrix, Provenance
from .answer import Answer, State
from .answers import DESCRIBED_BY_SOURCE
from .phrases import phrases
from .selection import Selection

COUNTED_TITLE = re.compile(r"Project \d+ of \d+ \(.+\)")


@dataclass(frozen=True)
class CountedRow:
    """A row for one project that the report counts; nothing else about it is known.

    `number` follows the described ones; the answer says what is counted, and how many they are.
    """

    number: int
    answer: Answer

    def cells(self, table: Table) -> list[str | list[str]]:
        """Return the cells of a file, which are in English in all languages."""
        printed, conditions = self.answer.report, dict(self.answer.conditions)
        paragraphs = self.answer.paragraph or printed.paragraphs(*conditions)
        with translation.override(settings.LANGUAGE_CODE):
            what = phrases(self.answer.conditions)
            source = cited(printed.symbol, paragraphs)
        stated: dict[str, Any] = {
            "title": f"Project {self.number} of {self.answer.of_whole} ({what})",
            "provenance": Provenance.COUNTED.value,
            "source": source,
            "in_matrix": InMatrix.YES.value,
        }
        for dimension, values in conditions.items():
            # One of several values is not stated; no column has the year.
            column = PROJECT_TABLE.facets.get(dimension)
            if column and len(values) == 1:
                stated[column.name] = [*values] if column.several else values[0]
                if dimension in BASES:
                    stated[BASES[dimension]] = COUNTED_AS
        nothing = {one.name: one.nothing for one in table.columns}
        nothing |= {
            column.name: [NOT_STATED] if column.several else NOT_STATED
            for column in table.columns
            if column.shown
        }
        return [stated.get(name, nothing[name]) for name in table.names]


Block = ProjectQuerySet | list[CountedRow]


class Rows:
    """The rows of a selection in three blocks; sorting changes the first and the last of them.

    First the entries that hold a place among the report's projects, then a row for each other
    project that it counts, then the other entries.
    """

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.asked, self.answer = selection.asked, selection.answer

    @property
    def are_unknown(self) -> bool:
        """Whether the report's projects are asked for, and how many match is not known."""
        answer, asked = self.answer, self.asked
        is_unknown = self._of_report and bool(answer.conditions) and answer.of_whole is None
        return is_unknown and not (asked.filled_in or asked.described)

    @cached_property
    def described(self) -> ProjectQuerySet:
        return self.selection.rows.described()

    # Where there are none, which the cubes know, the database is not asked.
    @property
    def placed(self) -> ProjectQuerySet:
        found = self.described.filter(holds_place=True)
        return found if self.selection.placed else found.none()

    @property
    def others(self) -> ProjectQuerySet:
        """The described entries that hold no place."""
        found = self.described.exclude(holds_place=True)
        return found if self.answer.activities > self.selection.placed else found.none()

    @cached_property
    def counted(self) -> Block:
        """The placeholders, or where these are no answer a row for each project."""
        nothing = Project.every.none()
        if self.asked.described or self.are_unknown:
            return nothing
        facets = {facet for facet, _values in self.answer.conditions}
        if self._of_report and not facets <= {"priority_area"}:
            return [*self._counted()]
        listed = self.selection.rows.filter(provenance=Provenance.COUNTED).in_order("reference")
        if self.number_counted < self._placeholders:
            listed = listed.filter(pk__in=listed.values("pk")[: self.number_counted])
        return listed

    @property
    def _of_report(self) -> bool:
        return self.answer.state in (State.PUBLISHED, State.RANGE)

    @property
    def _placeholders(self) -> int:
        return self.selection.total - self.answer.activities

    def _number_placed(self, answer: Answer) -> int:
        """Return how many described entries hold a place and match."""
        if not dict(answer.conditions).keys() <= {*PUBLISHED_DIMENSIONS}:
            return self.selection.placed
        described = self.selection.answers.table.where(DESCRIBED_BY_SOURCE)
        return described.stated([{name: some} for name, some in answer.conditions]).sure

    def _counted(self) -> Iterator[CountedRow]:
        (facet, values), *others = self.answer.conditions
        # Of several scopes each is counted, one after the other.
        apart = [] if others or facet != "scope" else [{facet: [one]} for one in values]
        for part in apart or [{}]:
            answer = self.selection.answers.of(part)
            known = self._number_placed(answer)
            for number in range(known + 1, (answer.of_whole or 0) + 1):
                yield CountedRow(number, answer)

    @cached_property
    def number_counted(self) -> int:
        """How many projects have a row besides the described ones: no more than are counted."""
        if self.asked.described or self.are_unknown:
            return 0
        whole = self.answer.of_whole if self._of_report else None
        if whole is None:
            return self._placeholders
        left = max(0, whole - self._number_placed(self.answer))
        facets = {facet for facet, _values in self.answer.conditions}
        return min(left, self._placeholders) if facets <= {"priority_area"} else left

    @property
    def total(self) -> int:
        """The number of all rows."""
        if self.asked.filled_in:
            return self.selection.total
        return self.answer.activities + self.number_counted

    @property
    def of_report(self) -> int:
        """The number of rows that hold a place, or stand for one."""
        if self.asked.filled_in:
            return self.selection.rows.filter(holds_place=True).count()
        return self.selection.placed + self.number_counted

    @property
    def blocks(self) -> list[Block]:
        """All rows, e.g. for programs; the filled-in table is in no blocks."""
        if self.asked.filled_in:
            return [self.selection.rows]
        return [self.placed, self.counted, self.others]

    @property
    def sizes(self) -> list[int]:
        """How many rows each of the blocks has."""
        if self.asked.filled_in:
            return [self.selection.total]
        placed = self.selection.placed
        return [placed, self.number_counted, self.answer.activities - placed]

    @property
    def of_file(self) -> list[Block]:
        """The rows of a file: of a filter that the report answers, those that it counts."""
        answer, asked = self.answer, self.asked
        is_answered = answer.conditions and answer.state in (State.PUBLISHED, State.RANGE)
        leaves_out = is_answered and not (asked.filled_in or asked.described)
        return self.blocks[:2] if leaves_out else self.blocks

    def block_of(self, project: Project) -> ProjectQuerySet:
        """Return the entries that come before and after this one in the order of the rows."""
        if self.asked.filled_in:
            return self.selection.rows
        if project.is_counted:
            return self.selection.rows.filter(provenance=Provenance.COUNTED)
        is_placed = self.placed.filter(pk=project.pk).exists()
        return self.placed if is_placed else self.others
