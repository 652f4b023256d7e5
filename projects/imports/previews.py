"""What confirming a batch that waits would do: counts, the first of each kind, all problems."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from ..columns import PROJECT_TABLE, QUOTATIONS
from ..gate import MOST_AT_ONCE
from ..models import Batch, Project
from ..places import Entry, Moved, basis_report, entry_of, moved_totals
from ..review import is_public_change
from ..text import letters_and_digits
from ..vocabulary import Review
from .cells import Problem, Reading
from .items import ADDED, CHANGED, SKIPPED, UNCHANGED, Item
from .plan import DeskChanges, Plan

# How many items of each kind a page shows in full.
ITEMS_SHOWN = 25
# The most values of a column shown that were read otherwise than written.
EXAMPLES_SHOWN = 50


@dataclass
class Preview:
    """What a waiting batch would do: counts, the first of each kind, all problems, a digest."""

    counts: dict[str, int] = field(
        default_factory=lambda: {ADDED: 0, CHANGED: 0, UNCHANGED: 0, SKIPPED: 0}
    )
    first: dict[str, list[Item]] = field(default_factory=lambda: {ADDED: [], CHANGED: []})
    # How often each (value, what it was read as) occurs, by column.
    readings: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    # References that the register lacks, as long as nobody said that these projects are new.
    unknown_references: list[str] = field(default_factory=list)
    digest: str = ""
    # Entries with a country that is in none of their regions, as "PVE-001: KEN, UGA".
    outside: list[str] = field(default_factory=list)
    # Rows that would be added, and another entry or row of the same title and an entity of theirs.
    doubles: list[tuple[int, str]] = field(default_factory=list)
    # The published totals that the import moves.
    moved: list[Moved] = field(default_factory=list)
    # How many rows are or become public, how many are drafts, whether a second person publishes.
    public: int = 0
    drafts: int = 0
    waits: bool = False
    # Whether it makes another report the basis, which has no rows.
    is_of_basis: bool = False
    # Whether there are more problems than are looked for; nothing was counted after that.
    more_problems: bool = False

    @property
    def lacks_nothing(self) -> bool:
        """Whether nothing is wrong or unanswered."""
        return not (self.problems or self.unknown or self.unknown_references)

    @property
    def can_be_applied(self) -> bool:
        """Whether it lacks nothing, and there is something to do."""
        return self.lacks_nothing and (self.writes > 0 or self.is_of_basis)

    @property
    def writes(self) -> int:
        return self.counts[ADDED] + self.counts[CHANGED]

    def add_readings(self, readings: Iterable[Reading]) -> None:
        for one in readings:
            self.readings.setdefault(one.column, Counter())[one.value, one.read_as] += 1

    @property
    def read_otherwise(self) -> list[tuple[str, list[tuple[str, str, int]]]]:
        """By column, as "Entities: 3", the first values with what they were read as."""
        return [
            (
                f"{PROJECT_TABLE.by_name.get(name, QUOTATIONS).label}: {found.total()}",
                [(*pair, count) for pair, count in islice(found.items(), EXAMPLES_SHOWN)],
            )
            for name, found in self.readings.items()
        ]

    @property
    def different_problems(self) -> list[tuple[Problem, list[int]]]:
        """The first of each problem of a column, and the rows that have it."""
        rows: dict[Problem, list[int]] = defaultdict(list)
        for one in self.problems:
            rows[replace(one, row=0)].append(one.row)
        return list(rows.items())


def plan_of(batch: Batch) -> Plan | DeskChanges:
    if batch.state.changes is not None:
        return DeskChanges(batch.state.changes)
    return Plan(bytes(batch.content), batch.state, batch.file_name)


def preview(batch: Batch, tidied: Iterable[Reading] = ()) -> Preview:
    """Return what confirming the batch would do; `tidied` was read otherwise before it."""
    plan, shown, digest = plan_of(batch), Preview(), hashlib.sha256()
    shown.add_readings(tidied)
    shown.unknown = plan.unknown
    was, becomes, (slug, _printed) = list[Entry](), list[Entry](), basis_report()
    shown.is_of_basis = batch.state.basis is not None
    # What waited once goes on waiting: when it is published, it is reviewed.
    shown.waits = batch.state.changes is not None or batch.state.waits
    named: dict[str, set[str]] = {"entities": set(), "countries": set()}
    added: list[Item] = []
    for item in plan.items():
        shown.counts[item.kind] += 1
        shown.problems += item.problems
        if len(shown.problems) >= settings.IMPORT_LIMITS["problems"]:
            shown.more_problems = True
            break
        shown.add_readings(item.readings)
        if item.is_unknown and not plan.adds_unknown:
            shown.unknown_references.append(item.reference)
        if item.kind == ADDED and not batch.sheet:
            added.append(item)
        if item.kind in shown.first:
            add_to_digest(digest, item)
            pair = (entry_of(one, slug) if one else None for one in (item.old, item.new))
            for side, entry in zip((was, becomes), pair, strict=True):
                side.extend([entry] if entry else [])
            for name, some in named.items():
                some.update(item.new[name])
            shown.public += is_public_change(item.old, item.new)
            shown.drafts += item.new["review"] == Review.DRAFT
            if outside := item.outside:
                shown.outside.append(f"{item.reference}: {', '.join(outside)}")
            if len(shown.first[item.kind]) < ITEMS_SHOWN:
                shown.first[item.kind].append(item)
    _keep_coming(batch, plan, named)
    shown.doubles = _doubles(added) if added else []
    shown.waits |= {*was} != {*becomes} or shown.public > MOST_AT_ONCE
    shown.moved = moved_totals(was, becomes)
    shown.digest = digest.hexdigest()
    return shown


def _doubles(added: list[Item]) -> list[tuple[int, str]]:
    """Return the rows whose title another entry or row has, and an entity of theirs or none."""
    there: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    entries = Project.live.described().exclude(reference__in=[one.reference for one in added])
    for reference, title, entity in entries.values_list("reference", "title", "entities__acronym"):
        there[letters_and_digits(title)][reference].update({entity} - {None})
    doubles = []
    for item in added:
        ours, title = {*item.new["entities"]}, letters_and_digits(item.new["title"])
        for other, theirs in there[title].items() if title else ():
            if ours & theirs or not ours or not theirs:
                doubles.append((item.row, other))
                break
        there[title][_("row %d") % item.row] = ours
    return doubles


def _keep_coming(batch: Batch, plan: Plan | DeskChanges, named: Mapping[str, set[str]]) -> None:
    """Keep which of the entities and countries named come into the directories with the batch."""
    there, translator = plan.reader.directories, plan.reader.translator
    coming = sorted(named["entities"] - there["entities"])
    entities = {one: translator.new_entities[one] for one in coming}
    countries = sorted(named["countries"] - there["countries"])
    if (batch.state.entities, batch.state.countries) != (entities, countries):
        batch.state.entities, batch.state.countries = entities, countries
        batch.keep()


def add_to_digest(digest: Any, item: Item) -> None:
    digest.update(json.dumps([item.reference, item.old, item.new]).encode())
