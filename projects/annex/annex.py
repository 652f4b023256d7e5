"""A sheet on its way into the register: mapped, translated, matched, then planned as any import.

The answers given on the way are stored in the batch's options; the last step writes the lines of a
file in the register's columns, which are imported like any other.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.functional import cached_property

from ..asking.answers import published
from ..columns import PROJECT_TABLE, QUOTATIONS
from ..cube import Combination
from ..evidence import known_documents, source_problem
from ..history import Revision
from ..imports.cells import Reading as Tidied
from ..imports.lines import FORMULA, keep_lines, too_long
from ..imports.names import cluster_key, regions_of_countries
from ..imports.reading import (
    KIND,
    OF_SECTIONS,
    REGION_OF,
    SPEAKS_OF,
    Reading,
    Readings,
    Translator,
    Written,
    in_order,
    is_read,
)
from ..models import Batch, Mapping
from ..vocabulary import Basis, InMatrix, Review, Scope
from . import mapping
from .mapping import LACKS_REGION, Layout, Row, SheetColumn
from .matches import LEFT_OUT, Matching, entries
from .matching import match

# Options that matching fills, and that fall when something before it changes.
_OF_MATCHING = ("matched_at", "assigned", "set_aside", "moved")


def last_change() -> int:
    """Return the number of the newest change of anything: a matching holds until the next."""
    return Revision.objects.aggregate(last=Max("pk"))["last"] or 0


class Annex:
    """A sheet that was uploaded, with the answers given so far."""

    def __init__(self, batch: Batch):
        self.batch, self.options = batch, batch.options
        self.sheet = bytes(batch.sheet) or mapping.as_sheet(bytes(batch.content))

    @cached_property
    def layout(self) -> Layout:
        """What its columns mean: as somebody said, as the last sheet like it, or by their names."""
        if not self.batch.sheet:
            return mapping.of_register(self.sheet)
        if kept := self.options.get("layout"):
            return Layout(**kept)
        found = mapping.propose(self.sheet)
        found.sections, found.headings = self.sections_under(found)
        headings = mapping.named(column.heading for column in self.columns_under(found))
        for one in Mapping.objects.order_by("-at"):
            known = Layout(**one.layout)
            if headings and headings == mapping.named(known.columns):
                self.options |= {"read_by": one.name, "readings": one.readings}
                known.headers, known.headings = found.headers, found.headings
                # Another sheet is another source, and perhaps of other projects.
                for name in ("source", "in_matrix"):
                    known.constants.pop(name, None)
                return known
        return found

    def columns_under(self, layout: Layout) -> list[SheetColumn]:
        return mapping.columns_of(self.sheet, layout.headers)

    def sections_under(self, layout: Layout) -> tuple[str, list[str]]:
        texts = mapping.sections_of(self.sheet, layout)
        return sections_in(texts, self.translator)

    def keep_layout(self, layout: Layout, name: str, by: Any, is_mapped: bool = True) -> None:
        """Store what the columns mean, for this sheet and, with a name, for the next.

        As long as somebody has to look at them again, it is not `is_mapped`. Raises Refused for
        more rows than a file may have, before anything is stored.
        """
        _column, layout.headings = self.sections_under(layout)
        self.layout = layout
        for read in ("_lines", "_texts"):
            self.__dict__.pop(read, None)
        if is_mapped and sum(1 for _row in self.rows()) > settings.IMPORT_LIMITS["rows"]:
            raise too_long()
        self.options |= {"layout": asdict(layout), "mapping": name, "is_mapped": is_mapped}
        self.options.setdefault("readings", {})
        self._forget_matching()
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
        self.batch.save(update_fields=["content", "digest", "options"])

    @cached_property
    def _lines(self) -> list[Row]:
        return [*mapping.rows(self.sheet, self.layout)]

    def rows(self) -> Iterator[Row]:
        return (row for row in self._lines if row.has_name)

    def left_out(self) -> list[Row]:
        """Return the rows that do not, headings too: none of them becomes a project."""
        return [row for row in self._lines if not row.has_name]

    def tidied(self) -> Iterator[Tidied]:
        """Yield the texts that are read otherwise than they are written, or as nothing."""
        for row in self.rows():
            for column, text in row.tidied.items():
                yield Tidied(row.number, column, text, row.texts[column])

    @property
    def readings(self) -> Readings:
        """What was said of values so far, for this sheet or for the last one like it."""
        return self.options.get("readings", {})

    @cached_property
    def translator(self) -> Translator:
        return Translator(self.readings)

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
        if not found and self.batch.sheet and self.reads_regions:
            found = [*doubtful(self.rows(), self.translator)]
            found = asked(found, self.translator)
        return found

    def keep_readings(self, readings: list[tuple[Written, Reading]], by: Any) -> None:
        said = self.options.setdefault("readings", {})
        for written, reading in readings:
            said.setdefault(written.column, {})[written.text] = reading
        del self.translator
        if self.batch.sheet:
            self._forget_matching()
            self._keep_mapping(by, is_there=True)
        self.batch.save(update_fields=["options"])

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
            ((row, values_of(row, self.translator, self.reads_regions)) for row in self.rows()),
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

    def keep_matching(self, found: Matching) -> None:
        lines = io.BytesIO()
        keep_lines(found.lines(self.batch.file_name), lines)
        self.batch.content = lines.getvalue()
        self.options |= {
            "aliases": self.translator.aliases,
            "csv": False,
            "rows": len(found.matches) + len(found.reassigned) + len(found.set_aside),
            "matched_at": last_change(),
            "moved": found.moved(),
            "assigned": [entry.reference for entry in found.reassigned],
            "set_aside": [entry.reference for entry in found.set_aside],
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


def asked(written: Iterable[Written], translator: Translator) -> list[Written]:
    """Return what is asked about, each once: first what has no proposal, then the likeliest."""
    clusters: dict[tuple[str, str], Counter[str]] = {}
    for one in written:
        for column, text in one.unknown:
            clusters.setdefault((column, cluster_key(text)), Counter())[text] += one.count
    found = []
    for (column, _key), spelled in clusters.items():
        spellings = [text for text, _count in spelled.most_common()]
        found.append(translator.asked(column, spellings[0], spelled.total(), spellings))
    return sorted(found, key=lambda one: (bool(one.reading), -one.likeness))


def sections_in(texts: list[str], translator: Translator) -> tuple[str, list[str]]:
    """Return the column that headings of sections speak of, if most do, and all that are known."""
    found = {
        column: [one for one in texts if translator.written(column, one).reading.get(column)]
        for column in OF_SECTIONS
    }
    column = max(found, key=lambda one: len(found[one]))
    known = {text for some in found.values() for text in some}
    speaks = bool(known) and len(found[column]) * 2 > len(texts)
    headings = [one for one in texts if one in known or (speaks and KIND.search(one))]
    return column if speaks else "", headings


def doubtful(rows: Iterable[Row], translator: Translator) -> Iterator[Written]:
    """Yield each country that may have to say a row's region, and about which nobody said it."""
    counts: Counter[str] = Counter()
    for row in rows:
        values = values_of(row, translator)
        if values.get(LACKS_REGION):
            counts.update(values["countries"])
    known = regions_of_countries().keys() | translator.readings.get(REGION_OF, {}).keys()
    for code in sorted(counts.keys() - known):
        yield Written(REGION_OF, code, counts[code], {}, [(REGION_OF, code)])


def values_of(row: Row, translator: Translator, by_country: bool = False) -> dict[str, Any]:
    """Return the values of a row: its texts, and what those in columns translated are read as.

    Lists that several texts give are joined. A column without a value is left out. What is our
    reading is known so, whatever the sheet says of all its values, and quotes the words. So are
    the regions of a national row that has none, if they are to be read `by_country`.
    """
    values: dict[str, Any] = {}
    ours: dict[str, str] = {}
    place = ""
    for column, text in row.texts.items():
        if text and not is_read(column, text):
            values[column] = text
            continue
        reading = translator.written(column, text).reading if text else {}
        for name, value in reading.items():
            if name not in SPEAKS_OF[column]:
                continue
            if isinstance(value, list):
                values[name] = in_order(name, [*values.get(name, []), *value])
            elif value:
                values.setdefault(name, value)
            if name == "countries" and value:
                place = " ".join(text.split())
            if value and reading.get("is_ours") and name in PROJECT_TABLE.bases:
                ours[name] = " ".join(text.split())
    if values.get("scope") == Scope.NATIONAL and place and not values.get("regions"):
        values[LACKS_REGION] = True
        said = translator.readings.get(REGION_OF, {})
        known = regions_of_countries() | {
            code: one.get("regions", []) for code, one in said.items()
        }
        regions = {region for code in values["countries"] for region in known.get(code, ())}
        if by_country and regions:
            values["regions"], ours["regions"] = in_order("regions", regions), place
    values |= {PROJECT_TABLE.bases[name]: Basis.INFERRED.value for name in ours}
    values[QUOTATIONS.name] = ours
    return {name: value for name, value in values.items() if value}
