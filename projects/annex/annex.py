"""A sheet on its way into the register: mapped, translated, matched, then planned as any import.

The answers given on the way are stored in the state of the batch; the last step writes the lines of
a file in the register's columns, which are imported like any other.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from ..asking.published import published
from ..columns import PROJECT_TABLE
from ..history import Revision, signed
from ..imports.cells import Reading as Tidied
from ..imports.items import judge
from ..imports.lines import FORMULA, as_kept, too_long
from ..imports.meanings import SPEAKS_OF, Reading, Written, is_read
from ..imports.plan import NOTHING
from ..imports.reading import Translator
from ..models import Batch
from ..models import Mapping as KeptMapping
from ..vocabulary import InMatrix
from . import mapping, sheet_rows
from .mapping import Layout, SheetColumn
from .matches import LEFT_OUT, Matching, entries, values_of
from .matching import match
from .questions import asked, doubtful, sections_in
from .sheet import Sheet, sheets_of
from .sheet_rows import Row


def last_change() -> int:
    """Return the number of the newest change of anything: a matching holds until the next."""
    return Revision.objects.aggregate(last=Max("pk"))["last"] or 0


class Annex:
    """A sheet that was uploaded, with the answers given so far."""

    def __init__(self, batch: Batch) -> None:
        self.batch, self.state = batch, batch.state
        self.sheet = bytes(batch.sheet) or mapping.as_sheet(bytes(batch.content))

    @cached_property
    def sheets(self) -> list[Sheet]:
        return sheets_of(self.sheet)

    @cached_property
    def layout(self) -> Layout:
        """What its columns mean: as somebody said, as the last sheet like it, or by their names."""
        if not self.batch.sheet:
            return mapping.of_register(self.sheet)
        if self.state.layout:
            return Layout(**self.state.layout)
        proposed = mapping.propose(self.sheets)
        proposed.sections, proposed.headings = self.sections_under(proposed)
        headings = mapping.named(column.heading for column in self.columns_under(proposed))
        for mapping_kept in KeptMapping.objects.order_by("-at"):
            kept = Layout(**mapping_kept.layout)
            if headings and headings == mapping.named(kept.columns):
                self.state.read_by, self.state.readings = mapping_kept.name, mapping_kept.readings
                kept.headers, kept.headings = proposed.headers, proposed.headings
                # Another sheet is another source, and perhaps of other projects.
                for name in ("source", "in_matrix"):
                    kept.constants.pop(name, None)
                return kept
        return proposed

    def choose_headings(self, number: int, line: int) -> None:
        """Store that the headings of a sheet, by its number, are in a line of it."""
        layout = self.layout
        if number < len(self.sheets):
            layout.headers[self.sheets[number].name] = [line, line]
            layout.columns = mapping.columns_called(self.sheets, layout.headers)
            self.keep_layout(layout, self.state.mapping, None, is_mapped=False)

    def columns_under(self, layout: Layout) -> list[SheetColumn]:
        return mapping.columns_of(self.sheets, layout.headers)

    def sections_under(self, layout: Layout) -> tuple[str, list[str]]:
        texts = mapping.sections_of(self.sheets, layout)
        return sections_in(texts, self.translator)

    def keep_layout(self, layout: Layout, name: str, by: Any, is_mapped: bool = True) -> None:
        """Store what the columns mean, for this sheet and, with a name, for the next.

        As long as somebody has to look at them again, it is not `is_mapped`. Raises Refused for
        more rows than a file may have, before anything is stored.
        """
        _column, layout.headings = self.sections_under(layout)
        self.layout = layout
        self._read_again()
        if is_mapped and sum(1 for _row in self.rows()) > settings.IMPORT_LIMITS["rows"]:
            raise too_long()
        self.state.layout, self.state.mapping = asdict(layout), name
        self.state.is_mapped = is_mapped
        self._forget_matching()
        if is_mapped:
            self._keep_mapping(by)

    def take_over(self, former: "Annex") -> None:
        """Keep what was said of a former state of the file: the columns, the words, the rows.

        Cells and choices go with the title of their row, where that is one row's in both, a cell
        only if the sheet has the same in it. The columns are shown again where they are others,
        were not answered yet, or have something to look at.
        """
        for name in ("mapping", "read_by", "readings", "reads_regions", "is_complete"):
            setattr(self.state, name, getattr(former.state, name))
        layout, proposed = former.layout, mapping.propose(self.sheets)
        sheets_before, kept = {one.name for one in former.sheets}, layout.headers
        layout.headers = {
            sheet.name: proposed.headers.get(sheet.name) or kept[sheet.name]
            for sheet in self.sheets
            if sheet.name in (proposed.headers if sheet.name not in sheets_before else kept)
        }
        _column, layout.headings = self.sections_under(layout)
        self.layout = layout
        self.state.layout = asdict(layout)
        there = mapping.named(one.heading for one in self.columns_under(layout))
        marked = any(one.marks.encoding or one.unread for one in self.sheets)
        same = there == mapping.named(layout.columns) and proposed.day_first == layout.day_first
        self.state.is_mapped = former.state.is_mapped and same and not marked
        rows = _by_title(self)
        for title, was in _by_title(former).items():
            if row := rows.get(title):
                texts = former.state.cells.get(was.key, {})
                same_text = {
                    column: text
                    for column, text in texts.items()
                    if was.was.get(column, was.texts.get(column)) == row.texts.get(column)
                }
                self.state.cells |= {row.key: same_text} if same_text else {}
                if was.key in former.state.chosen:
                    self.state.chosen[row.key] = former.state.chosen[was.key]
        self._read_again()
        self.batch.keep()

    def _keep_mapping(self, by: Any, is_there: bool = False) -> None:
        """Store it under the name given; only if it `is_there`, in case it was deleted."""
        if name := self.state.mapping:
            kept: dict[str, Any] = {"layout": self.state.layout, "readings": self.state.readings}
            kept |= {**signed(by), "at": timezone.now()}
            if is_there:
                KeptMapping.objects.filter(name=name).update(**kept)
            else:
                KeptMapping.objects.update_or_create(name=name, defaults=kept)

    def forget(self, kept: KeptMapping) -> None:
        """Delete a mapping for good; what was said of this sheet stays."""
        kept.delete()
        if self.state.mapping == kept.name:
            self.state.mapping = ""
            self.batch.keep()

    def _forget_matching(self) -> None:
        self.state.matched_at, self.state.set_aside = None, []
        self.batch.content, self.batch.digest = b"", ""
        self.batch.keep("content", "digest")

    @cached_property
    def lines(self) -> list[Row]:
        """The lines of the sheet, headings too, with what somebody wrote in its cells."""
        found = [*sheet_rows.rows(self.sheets, self.layout)]
        written = self.state.cells
        for row in found:
            for column, text in written.get(row.key, {}).items():
                if text != row.texts.get(column, ""):
                    row.was[column] = row.texts.get(column, "")
                    row.texts[column] = text
        return found

    def _read_again(self) -> None:
        for read in ("lines", "_texts"):
            self.__dict__.pop(read, None)

    def keep_cells(self, cells: Mapping[tuple[int, str], str]) -> int:
        """Store texts for cells, by places of lines and our columns; return how many are others."""
        kept, changed = self.state.cells, 0
        for (place, column), text in cells.items():
            row = self.lines[place] if place < len(self.lines) else None
            if row and not row.heading and text != row.texts.get(column, ""):
                kept.setdefault(row.key, {})[column] = text
                changed += 1
        self._read_again()
        self._forget_matching()
        return changed

    def problems(self) -> dict[int, dict[str, str]]:
        """Return what is wrong with the cells of lines, by their places and our columns.

        Each is judged as a new entry, which needs the most values.
        """
        problems = {}
        of_bases = {basis: column for column, basis in PROJECT_TABLE.bases.items()}
        for place, row in enumerate(self.lines):
            wrong = {
                column: _("Not known: %s") % "; ".join(part for _column, part in read.unknown)
                for column, text in row.texts.items()
                if is_read(column, text) and (read := self.translator.written(column, text)).unknown
            }
            values = {**NOTHING, **values_of(row, self.translator, self.state.reads_regions)}
            values |= {basis: "" for basis, column in of_bases.items() if not values[column]}
            if not row.heading:
                for problem in judge(row.number, None, values, {"reference", "link", *wrong}):
                    column = of_bases.get(problem.column, problem.column)
                    wrong.setdefault(column, problem.message)
                if wrong:
                    problems[place] = wrong
        return problems

    def rows(self) -> Iterator[Row]:
        return (row for row in self.lines if row.has_name)

    def left_out(self) -> list[Row]:
        """Return the rows that do not, headings too: none of them becomes a project."""
        return [row for row in self.lines if not row.has_name]

    def tidied(self) -> Iterator[Tidied]:
        """Yield the texts that are read otherwise than the sheet has them, or as nothing."""
        for row in self.rows():
            for column, text in (row.tidied | row.was).items():
                yield Tidied(row.number, column, text, row.texts[column])

    @cached_property
    def translator(self) -> Translator:
        """It knows what was said of values so far, for this sheet or for the last one like it."""
        return Translator(self.state.readings)

    @cached_property
    def _texts(self) -> list[tuple[tuple[str, str], int]]:
        """The different texts by column, in the order of those, and how often each is there."""
        found = Counter(
            (column, text)
            for row in self.rows()
            for column, text in row.texts.items()
            if is_read(column, text) and not text.startswith(FORMULA)
        )
        return sorted(found.items(), key=lambda one: [*SPEAKS_OF].index(one[0][0]))

    def values(self) -> list[Written]:
        """Return the different texts of the sheet, with what each is read as."""
        return [self.translator.written(*one, count) for one, count in self._texts]

    def to_answer(self) -> list[Written]:
        """Return what is asked of the sheet's values, each part of them once.

        What region a doubtful country is in is asked once all else is known.
        """
        found = asked(self.values(), self.translator)
        if not found and self.batch.sheet and self.state.reads_regions:
            found = [*doubtful(self.rows(), self.translator)]
            found = asked(found, self.translator)
        return found

    def keep_readings(self, readings: list[tuple[Written, Reading]], by: Any) -> None:
        said = self.state.readings
        for written, reading in readings:
            said.setdefault(written.column, {})[written.text] = reading
        self.__dict__.pop("translator", None)
        if self.batch.sheet:
            self._forget_matching()
            self._keep_mapping(by, is_there=True)
        self.batch.keep()

    @property
    def said(self) -> list[Written]:
        """What somebody said of texts, each as it can be taken back."""
        return [
            Written(column, text, 0, reading)
            for column, texts in self.state.readings.items()
            for text, reading in texts.items()
        ]

    def take_back(self, column: str, text: str, by: Any) -> None:
        """Forget what was said of a text: it is asked about again."""
        if text in self.state.readings.get(column, {}):
            del self.state.readings[column][text]
            self.keep_readings([], by)

    @property
    def chosen(self) -> dict[int, str]:
        """The references that somebody chose, by the places of rows; empty for a new entry."""
        kept = self.state.chosen
        return {place: kept[row.key] for place, row in enumerate(self.rows()) if row.key in kept}

    @property
    def left_out_by_choice(self) -> list[tuple[int, Row]]:
        chosen = self.chosen
        return [one for one in enumerate(self.rows()) if chosen.get(one[0]) == LEFT_OUT]

    def named(self) -> dict[int, str]:
        given = (row.texts.get("reference", "").upper() for row in self.rows())
        return {**dict(enumerate(given)), **self.chosen}

    def match(self) -> Matching:
        """Return which rows are about which entries, as the register is now."""
        by_country = self.state.reads_regions
        rows = ((row, values_of(row, self.translator, by_country)) for row in self.rows())
        is_complete = self.is_of_matrix and self.state.is_complete
        return match(rows, entries(), published().date, self.chosen, is_complete)

    @property
    def is_of_matrix(self) -> bool:
        """Whether its rows are those of the matrix that the report counts, not other projects."""
        return self.layout.constants.get("in_matrix") == InMatrix.YES

    def keep_choices(self, chosen: dict[int, str | None], is_complete: bool) -> None:
        """Store what was chosen for rows; None takes an earlier choice back."""
        kept: dict[str, str | None] = {**self.state.chosen}
        kept |= {row.key: chosen[n] for n, row in enumerate(self.rows()) if n in chosen}
        self.state.chosen = {row: one for row, one in kept.items() if one is not None}
        self.state.is_complete = is_complete
        self._forget_matching()

    def keep_matching(self, found: Matching) -> None:
        self.batch.content = as_kept(found.lines(self.batch.file_name))
        self.state.rows = len(found.matches) + len(found.set_aside)
        self.state.matched_at = last_change()
        self.state.set_aside = [entry.reference for entry in found.set_aside]
        self.batch.keep("content")

    @property
    def is_matched(self) -> bool:
        return bool(self.batch.content) and self.state.matched_at == last_change()


def _by_title(annex: Annex) -> dict[str, Row]:
    """Return rows by their titles as the sheet has them, if one row has it."""
    titles = [row.was.get("title", row.texts.get("title", "")) for row in annex.lines]
    times = Counter(titles)
    return {one: row for one, row in zip(titles, annex.lines, strict=True) if times[one] == 1}
