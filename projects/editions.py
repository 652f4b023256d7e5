"""Editions: the register frozen under a name, verified, and compared with what came after."""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext_lazy as _

from .columns import CLASSIFIED_BY, COMPARED, NAMES
from .exports.rows import defuse, rows, write_csv
from .history.recorder import FieldChange, differences, recording, text_of
from .models import Country, Edition, Entity, Project

_BATCH = 2000
# What a change can be, in the order in which pages show them.
KINDS = {
    "added": _("Added"),
    "removed": _("Removed"),
    "reclassified": _("Reclassified"),
    "changed": _("Changed otherwise"),
}


def fingerprint(edition: Edition) -> str:
    """Return the SHA-256 of the edition's canonical CSV, which is its export in default order."""
    digest = hashlib.sha256()
    for chunk in write_csv(Project.every.of_edition(edition)):
        digest.update(chunk)
    return digest.hexdigest()


@recording()
def publish(edition: Edition) -> Edition:
    """Save the new edition with a copy of the live register, its size and its fingerprint."""
    edition.save()
    # From here on nobody gives an entity another acronym, or a country another code.
    for directory in (Entity, Country):
        len(directory.objects.select_for_update().order_by("pk").values_list("pk"))
    # Locked, so that no row changes between its own copy and that of its entities and countries.
    live = Project.objects.of_edition(None).select_for_update().iterator(chunk_size=_BATCH)
    while batch := list(islice(live, _BATCH)):
        _copy(batch, edition)
    edition.count = Project.every.of_edition(edition).count()
    edition.sha256 = fingerprint(edition)
    Edition.objects.filter(pk=edition.pk).update(count=edition.count, sha256=edition.sha256)
    return edition


def _copy(projects: list[Project], edition: Edition) -> None:
    originals = [project.pk for project in projects]
    for project in projects:
        project.pk, project.edition = None, edition
    Project.every.bulk_create(projects)
    copies = dict(zip(originals, (project.pk for project in projects), strict=True))
    for links in (Project.entities.through, Project.countries.through):
        found = list(links.objects.filter(project__in=originals))
        for link in found:
            link.pk, link.project_id = None, copies[link.project_id]
        links.objects.bulk_create(found, batch_size=_BATCH)


@dataclass(frozen=True)
class Change:
    """What became of one project: `kind` is of KINDS, `row` its cells, the old ones if removed.

    `fields` are the columns that changed; of an added or removed project, all that are not empty.
    """

    kind: str
    row: dict[str, str]
    fields: list[FieldChange]


def changes(old: Edition | None, new: Edition | None) -> Iterator[Change]:
    """Yield what changed from one edition to the other, in order of reference; None is live.

    Both are read side by side, in constant memory.
    """
    before, after = (_numbered(Project.every.of_edition(one)) for one in (old, new))
    nobody = (float("inf"), {})
    was, became = next(before, nobody), next(after, nobody)
    while was is not nobody or became is not nobody:
        if was[0] < became[0]:
            yield _change("removed", was[1], {})
        elif became[0] < was[0]:
            yield _change("added", {}, became[1])
        elif was != became:
            yield _change("changed", was[1], became[1])
        number = min(was[0], became[0])
        if was[0] == number:
            was = next(before, nobody)
        if became[0] == number:
            became = next(after, nobody)


def _numbered(projects) -> Iterator[tuple[float, dict[str, str]]]:
    for row in rows(projects):
        cells = {
            name: text_of(cell) for name, cell in zip(NAMES, row, strict=True) if name in COMPARED
        }
        yield int(row[0].removeprefix("PVE-")), cells


def _change(kind: str, old: dict[str, str], new: dict[str, str]) -> Change:
    fields = differences(old, new)
    if kind == "changed" and any(field.column in CLASSIFIED_BY for field in fields):
        kind = "reclassified"
    return Change(kind, new or old, fields)


@dataclass
class Summary:
    """How many changes there are of each kind, and the first of them, by kind."""

    counts: dict[str, int]
    first: dict[str, list[Change]]

    @property
    def total(self) -> int:
        """All changes, in projects."""
        return sum(self.counts.values())

    @property
    def sections(self) -> list[tuple[str, int, list[Change]]]:
        """The kinds that occur, as (label, count, first changes)."""
        return [
            (label, self.counts[kind], self.first[kind])
            for kind, label in KINDS.items()
            if self.counts[kind]
        ]


def summarise(found: Iterable[Change], most: int) -> Summary:
    """Return how many changes there are of each kind, and at most so many of each in full."""
    counted: Counter[str] = Counter()
    first: dict[str, list[Change]] = {kind: [] for kind in KINDS}
    for change in found:
        counted[change.kind] += 1
        if counted[change.kind] <= most:
            first[change.kind].append(change)
    return Summary({kind: counted[kind] for kind in KINDS}, first)


def write_changes_csv(found: Iterable[Change]) -> Iterator[bytes]:
    """Yield a line per changed column: kind, reference, title, column, old and new value."""
    yield "\ufeffchange,reference,title,column,old,new\r\n".encode()
    for change in found:
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows(
            [
                change.kind,
                change.row["reference"],
                defuse(change.row["title"]),
                field.column,
                defuse(field.old),
                defuse(field.new),
            ]
            for field in change.fields
        )
        yield buffer.getvalue().encode()


def write_changes_json(old: str, new: str, found: Iterable[Change]) -> Iterator[bytes]:
    """Yield {"from", "to", "changes": [{"change", "row", "fields"}], "counts"} as JSON."""
    yield f'{{"from": {json.dumps(old)}, "to": {json.dumps(new)}, "changes": ['.encode()
    counted = dict.fromkeys(KINDS, 0)
    separator = "\n"
    for change in found:
        counted[change.kind] += 1
        fields = [{"column": f.column, "old": f.old, "new": f.new} for f in change.fields]
        line = {"change": change.kind, "row": change.row, "fields": fields}
        yield (separator + json.dumps(line, ensure_ascii=False)).encode()
        separator = ",\n"
    yield f'\n], "counts": {json.dumps(counted)}}}\n'.encode()
