"""Editions: the register frozen under a name, verified, and compared with later ones."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .asking import Asked, Rows, Selection
from .asking.links import suffix_of
from .columns import PROJECT_TABLE, QUOTATION_TABLE, QUOTATIONS, ROWS_AT_ONCE, Table
from .exports import (
    Keyed,
    batched,
    in_blocks,
    keyed_rows,
    snapshot,
    write_csv,
    write_lines,
)
from .history import FieldChange, differences, recording, text_of, unrecorded
from .models import Country, Edition, Entity, Project, Quotation
from .text import number_of

# Kinds of changes, in the order of the pages.
ADDED, REMOVED, RECLASSIFIED, CHANGED = "added", "removed", "reclassified", "changed"
KINDS = {
    ADDED: _("Added"),
    REMOVED: _("Removed"),
    RECLASSIFIED: _("Reclassified"),
    CHANGED: _("Changed"),
}


def fingerprint(edition: Edition | None) -> str:
    """Return the SHA-256 of the canonical CSV, in default order; None is the live register."""
    return _sha256(write_csv(rows_of(edition), Asked.of(edition).table))


def rows_of(edition: Edition | None) -> Iterator[Keyed]:
    """Return the rows of the CSV; those of editions of before rows said only what is known stay."""
    asked = Asked.of(edition)
    if edition and edition.has_filled_in:
        return keyed_rows(Project.every.of_edition(edition), asked.table, filled_in=True)
    return in_blocks(Rows(Selection(asked)).of_file, asked.table)


def quotations_fingerprint(edition: Edition) -> str:
    """Return the SHA-256 of the edition's file of quotations, empty if it has none."""
    if not Quotation.objects.filter(project__edition=edition).exists():
        return ""
    return _sha256(write_quotations_csv(edition))


def _sha256(chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


@recording()
def publish(edition: Edition) -> Edition:
    """Save the new edition with a copy of the live register, in its own columns or today's."""
    edition.columns = edition.columns or PROJECT_TABLE.names
    edition.quotation_columns = edition.quotation_columns or QUOTATION_TABLE.names
    edition.save()
    # Locked, so that no acronym and no code changes.
    for directory in (Entity, Country):
        len(directory.objects.select_for_update().order_by("pk").values_list("pk"))
    # Locked, so that a row and its links are of one moment.
    live = Project.every.of_edition(None).select_for_update().iterator(chunk_size=ROWS_AT_ONCE)
    with unrecorded("the edition's own revision says what was published"):
        for some in batched(live):
            _copy(some, edition)
        edition.count = Project.every.of_edition(edition).count()
        edition.sha256 = fingerprint(edition)
        edition.quotations_sha256 = quotations_fingerprint(edition)
        Edition.objects.bulk_update([edition], ["count", "sha256", "quotations_sha256"])
    return edition


def _copy(projects: list[Project], edition: Edition) -> None:
    originals = [project.pk for project in projects]
    for project in projects:
        project.pk, project.edition = None, edition
    Project.every.bulk_create(projects)
    copies = dict(zip(originals, (project.pk for project in projects), strict=True))
    for links in (Project.entities.through, Project.countries.through):
        links_copied: list[Any] = list(links.objects.filter(project__in=originals))
        for link in links_copied:
            link.pk, link.project_id = None, copies[link.project_id]
        links.objects.bulk_create(links_copied, batch_size=ROWS_AT_ONCE)
    quotations = list(Quotation.objects.filter(project__in=originals))
    for quotation in quotations:
        quotation.pk, quotation.project_id = None, copies[quotation.project_id]
    Quotation.objects.bulk_create(quotations, batch_size=ROWS_AT_ONCE)


@dataclass(frozen=True)
class Change:
    """A changed project: `kind` is one of KINDS, `row` its cells, the old ones if removed.

    `fields` are the changed columns; of an added or removed project, all that are not empty.
    `edition` has the project, None for the live register.
    """

    kind: str
    row: dict[str, Any]
    fields: list[FieldChange]
    edition: Edition | None

    @property
    def listed_fields(self) -> list[FieldChange]:
        if self.kind not in (ADDED, REMOVED):
            return self.fields
        return [one for one in self.fields if one.column not in ("reference", "title")]

    @property
    def address(self) -> str:
        page = reverse("project-detail", args=[self.row["reference"]])
        return f"{page}{suffix_of(Asked.of(self.edition))}"


def changes(old: Edition | None, new: Edition | None) -> Generator[Change, None, None]:
    """Yield the changes from one edition to the other, by reference; None is the live register.

    Both are read in one snapshot, in constant memory. Columns that only one of them has are not
    compared, nor are placeholders: they say nothing of a project.
    """
    # Older editions have no quotations: they are not compared.
    quoted = all(one is None or one.quotations_sha256 for one in (old, new))
    tables = [Asked.of(one).table for one in (old, new)]
    table = tables[0].only(tables[1].kept).only(tables[0].kept)
    with snapshot():
        rows = (_numbered(one, table, quoted) for one in (old, new))
        for _number, versions in groupby(merge(*rows, key=itemgetter(0)), key=itemgetter(0)):
            there = {edition: cells for _number, edition, cells in versions}
            was, became = there.get(old, {}), there.get(new, {})
            if was == became:
                continue
            fields = differences(was, became, PROJECT_TABLE.names)
            kind = CHANGED if was and became else ADDED if became else REMOVED
            if kind == CHANGED and any(one.column in PROJECT_TABLE.classifying for one in fields):
                kind = RECLASSIFIED
            yield Change(kind, became or was, fields, new if became else old)


def _numbered(
    edition: Edition | None, table: Table, quoted: bool
) -> Iterator[tuple[int, Edition | None, dict[str, Any]]]:
    described = Project.every.of_edition(edition).described()
    for some in batched(keyed_rows(described.order_by("number"), table)):
        quotations = Quotation.objects.by_project([pk for pk, _row in some]) if quoted else {}
        for pk, row in some:
            named = zip(table.names, row, strict=True)
            cells: dict[str, Any] = {name: text_of(cell) for name, cell in named}
            if quoted:
                there = quotations.get(pk, [])
                cells[QUOTATIONS.name] = {one.field: one.with_place for one in there}
            yield number_of(cells["reference"]) or 0, edition, cells


def summarise(found: Iterable[Change], most: int) -> list[tuple[str | Promise, int, list[Change]]]:
    """Return each kind that occurs as (label, number of changes, at most `most` of them)."""
    counts: Counter[str] = Counter()
    first: dict[str, list[Change]] = defaultdict(list)
    for change in found:
        counts[change.kind] += 1
        if counts[change.kind] <= most:
            first[change.kind].append(change)
    return [(label, counts[kind], first[kind]) for kind, label in KINDS.items() if counts[kind]]


def write_quotations_csv(edition: Edition) -> Iterator[bytes]:
    """Yield a line per quotation, by the number of its project and the order of the fields."""

    def lines() -> Iterator[list[str]]:
        first, *names = edition.quotation_table.names
        yield [first, *names]
        keyed = Project.every.of_edition(edition).values_list("pk", "reference")
        for some in batched(keyed.iterator(chunk_size=ROWS_AT_ONCE)):
            quoted = Quotation.objects.by_project([pk for pk, _reference in some])
            for pk, reference in some:
                for one in quoted.get(pk, []):
                    yield [reference, *(getattr(one, name) for name in names)]

    return write_lines(lines())
