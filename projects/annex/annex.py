"""A sheet on its way into the register: mapped, translated, matched, then planned as any import.

The answers given on the way are stored in the batch's options; the last step writes the lines of a
file in the register's columns, which are imported like any other.
"""

import io
from collections.abc import Iterator
from dataclasses import asdict
from typing import IO, Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.functional import cached_property

from ..asking.answers import published
from ..cube import Combination
from ..evidence import known_documents, source_problem
from ..history import Revision
from ..imports.batches import hold, wait
from ..imports.cells import Reading as Tidied
from ..imports.lines import SHEET, keep_lines, kept_lines, too_long
from ..imports.sandbox import printable, read_apart
from ..models import Batch, Country, Mapping
from ..vocabulary import InMatrix, Review
from . import mapping, translation
from .mapping import Layout, Row, SheetColumn
from .matches import LEFT_OUT, Matching, entries
from .matching import match
from .translation import Reading, Readings, Translator, Written

# Options that matching fills, and that fall when something before it changes.
_OF_MATCHING = ("matched_at", "assigned", "set_aside", "moved")


def last_change() -> int:
    """Return the number of the newest change of anything: a matching holds until the next."""
    return Revision.objects.aggregate(last=Max("pk"))["last"] or 0


def upload(
    name: str, file: IO[bytes], options: dict[str, Any], by: Any = None, mapped: bool = False
) -> Batch:
    """Store an open file as a batch that waits; raises Refused.

    One of other columns than the register's, or that is to be `mapped` all the same, waits with its
    sheets.
    """
    name = printable(name)
    content = read_apart(name, file, __package__, mapped=mapped)
    number, _cells = next(kept_lines(content), (-1, []))
    if number == SHEET:
        return wait(name, options, by, sheet=content)
    return hold(name, content, {**options, "csv": not name.lower().endswith(".xlsx")}, by)


class Annex:
    """A sheet that was uploaded, with the answers given so far."""

    def __init__(self, batch: Batch):
        self.batch, self.options = batch, batch.options
        self.sheet = bytes(batch.sheet)

    @cached_property
    def layout(self) -> Layout:
        """What its columns mean: as somebody said, as the last sheet like it, or by their names."""
        if kept := self.options.get("layout"):
            return Layout(**kept)
        found = mapping.propose(self.sheet)
        headings = mapping.named(column.heading for column in self.columns_under(found))
        for one in Mapping.objects.order_by("-at"):
            known = Layout(**one.layout)
            if headings and headings == mapping.named(known.columns):
                self.options |= {"mapping": one.name, "readings": one.readings}
                known.headers = found.headers
                # Another sheet is another source, and perhaps of other projects.
                for name in ("source", "in_matrix"):
                    known.constants.pop(name, None)
                return known
        return found

    def columns_under(self, layout: Layout) -> list[SheetColumn]:
        return mapping.columns_of(self.sheet, layout.headers)

    def keep_layout(self, layout: Layout, name: str, by: Any, is_mapped: bool = True) -> None:
        """Store what the columns mean, for this sheet and, with a name, for the next.

        As long as somebody has to look at them again, it is not `is_mapped`. Raises Refused for
        more rows than a file may have, before anything is stored.
        """
        self.layout = layout
        if is_mapped and sum(1 for _row in self.rows()) > settings.IMPORT_LIMITS["rows"]:
            raise too_long()
        self.options |= {"layout": asdict(layout), "mapping": name, "is_mapped": is_mapped}
        self.options.setdefault("readings", {})
        self._forget_matching()
        self.batch.save(update_fields=["options"])
        if is_mapped:
            self._keep_mapping(by)

    @staticmethod
    def source_problem(layout: Layout) -> str:
        """Return why the source that is the same of all rows would confirm none, if it would."""
        said = layout.constants
        if {"source", "link"}.intersection(layout.columns.values()):
            return ""
        values = {name: said.get(name, "") for name in ("provenance", "source", "link")}
        return source_problem(None, values | {"review": Review.CHANGED}, known_documents(), False)

    def _keep_mapping(self, by: Any, is_there: bool = False) -> None:
        """Store it under the name given; only if it `is_there`, in case it was deleted."""
        if name := self.options.get("mapping"):
            kept = {"layout": self.options["layout"], "readings": self.options["readings"]}
            kept |= {"by": by, "by_name": by.get_username() if by else "", "at": timezone.now()}
            if is_there:
                Mapping.objects.filter(name=name).update(**kept)
            else:
                Mapping.objects.update_or_create(name=name, defaults=kept)

    def forget(self, kept: Mapping) -> None:
        """Delete a mapping for good; what was said of this sheet stays."""
        kept.delete()
        if self.options.get("mapping") == kept.name:
            self.options["mapping"] = ""
            self.batch.save(update_fields=["options"])

    def _forget_matching(self) -> None:
        for name in _OF_MATCHING:
            self.options.pop(name, None)
        self.batch.content, self.batch.digest = b"", ""
        self.batch.save(update_fields=["content", "digest"])

    def rows(self) -> Iterator[Row]:
        return (row for row in mapping.rows(self.sheet, self.layout) if row.has_name)

    def left_out(self) -> list[Row]:
        """Return the rows that do not, headings too: none of them becomes a project."""
        return [row for row in mapping.rows(self.sheet, self.layout) if not row.has_name]

    def tidied(self) -> Iterator[Tidied]:
        """Yield the texts that are read otherwise than they are written, or as nothing."""
        for row in self.rows():
            for column, text in row.tidied.items():
                yield Tidied(row.number, column, text, row.texts[column])

    @property
    def readings(self) -> Readings:
        """What was said of values so far, for this sheet or for the last one like it."""
        return self.options.get("readings", {})

    def translator(self) -> Translator:
        return Translator(self.readings)

    def to_translate(self, with_known: bool = False) -> list[Written]:
        """Return the different values that nobody has translated yet.

        Those that nobody can know come first. `with_known` asks for all, in an order that stays
        while they are gone through page by page.
        """
        translator, found = self.translator(), []
        texts = [*translation.different(self.rows())]
        if self.reads_regions and all(one[1] in self.readings.get(one[0], {}) for one in texts):
            texts += translation.doubtful(self.rows(), self.readings)
        for column, text, count in texts:
            known = self.readings.get(column, {}).get(text)
            if known is None or not translator.knows(known):
                found.append(translator.written(column, text, count))
            elif with_known:
                found.append(Written(column, text, count, known))
        return found if with_known else sorted(found, key=lambda one: not one.is_asked)

    def keep_readings(self, readings: list[tuple[Written, Reading]], by: Any) -> None:
        for written, reading in readings:
            self.options["readings"].setdefault(written.column, {})[written.text] = reading
        self._forget_matching()
        self.batch.save(update_fields=["options"])
        self._keep_mapping(by, is_there=True)

    @property
    def chosen(self) -> dict[int, str]:
        """The references that somebody chose, by the places of rows; empty for a new entry."""
        kept = self.options.get("chosen", {})
        return {place: kept[row.key] for place, row in enumerate(self.rows()) if row.key in kept}

    @property
    def left_out_by_choice(self) -> list[tuple[int, Row]]:
        chosen = self.chosen
        return [one for one in enumerate(self.rows()) if chosen.get(one[0]) == LEFT_OUT]

    def named(self) -> dict[int, str]:
        given = (row.texts.get("reference", "").upper() for row in self.rows())
        return {**dict(enumerate(given)), **self.chosen}

    def match(self) -> Matching:
        """Return which rows are about which entries, as the register is now; raises Refused."""
        return match(
            (
                (row, translation.values_of(row, self.readings, self.reads_regions))
                for row in self.rows()
            ),
            entries(),
            published(),
            self.chosen,
            self.is_of_matrix and bool(self.options.get("is_complete")),
        )

    @property
    def is_of_matrix(self) -> bool:
        """Whether its rows are those of the matrix that the report counts, not other projects."""
        return self.layout.constants.get("in_matrix") == InMatrix.YES

    @property
    def reads_regions(self) -> bool:
        """Whether the region of a national row without one is read from its countries."""
        return bool(self.options.get("reads_regions", True))

    def keep_choices(self, chosen: dict[int, str | None], is_complete: bool) -> None:
        """Store what was chosen for rows; None takes an earlier choice back."""
        kept = self.options.get("chosen", {})
        kept |= {row.key: chosen[n] for n, row in enumerate(self.rows()) if n in chosen}
        self.options["chosen"] = {row: one for row, one in kept.items() if one is not None}
        self.options["is_complete"] = is_complete
        self._forget_matching()
        self.batch.save(update_fields=["options"])

    def keep_matching(self, found: Matching) -> None:
        lines = io.BytesIO()
        keep_lines(found.lines(self.batch.file_name), lines)
        self.batch.content = lines.getvalue()
        coming = self.translator().new_entities
        self.options |= {
            "entities": {key: name for key, name in coming.items() if key in found.entities},
            "aliases": translation.aliases(self.rows(), self.readings),
            "csv": False,
            "rows": len(found.matches) + len(found.reassigned) + len(found.set_aside),
            "matched_at": last_change(),
            "moved": found.moved(),
            "assigned": [entry.reference for entry in found.reassigned],
            "set_aside": [entry.reference for entry in found.set_aside],
            "countries": sorted(
                found.countries - {*Country.objects.values_list("code", flat=True)}
            ),
        }
        self.batch.save(update_fields=["content", "options"])

    @property
    def is_matched(self) -> bool:
        return bool(self.batch.content) and self.options.get("matched_at") == last_change()

    @property
    def moved(self) -> list[Combination] | None:
        """What its publication moves, as `Matching.moved`; None if it is not matched."""
        return (
            [Combination(*one) for one in self.options.get("moved", ())]
            if self.is_matched
            else None
        )
