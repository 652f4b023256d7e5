"""Imports of records: a batch that waits, its preview, its writing; `imports` undoes it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ..gate import MOST_AT_ONCE
from ..history import recording
from ..imports.batches import CHANGED_SINCE, finish, wait
from ..imports.lines import Refused
from ..models import Batch
from .csv_file import read_csv, reading_of
from .iati import read_iati
from .loading import Plan, plan_of, write
from .models import Record
from .problems import Problem
from .reading import Reading
from .table import cell

# What names such a batch among the others.
TABLE = "elsewhere"
EXTENSIONS = ("xml", "csv")


@dataclass
class Preview:
    """What a batch would do, what is wrong in its file, and the digest of what is shown."""

    plan: Plan
    problems: list[Problem] = field(default_factory=list)
    digest: str = ""
    # Whether it was sent to a second person already: then it goes on waiting.
    is_sent: bool = False

    @property
    def writes(self) -> int:
        return len(self.plan.new) + len(self.plan.changed)

    @property
    def differences(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """The records that change, by key, each with the columns that do: name, now, after."""
        return [
            (
                record.key,
                [
                    (name, cell(now), cell(after))
                    for name, now in asdict(record.reading).items()
                    if now != (after := getattr(reading, name)) and name != "sha256"
                ],
            )
            for record, reading in self.plan.changed
        ]

    @property
    def can_be_applied(self) -> bool:
        return self.writes > 0

    @property
    def waits(self) -> bool:
        """Whether a second person publishes it."""
        return self.is_sent or self.writes > MOST_AT_ONCE


def hold(name: str, content: bytes, said: dict[str, str], by: Any = None) -> Batch:
    """Keep what a file has as a batch that waits for confirmation; raises Refused.

    `said` are licence, attribution and address of the file, for what it does not say itself.
    """
    today = timezone.now().date().isoformat()
    kept: list[dict[str, Any]]
    if name.lower().endswith(".csv"):
        rows, problems = read_csv(content)
        kept = [dict(one) for one in rows]
    elif name.lower().endswith(".xml"):
        readings, problems = read_iati(content, today)
        kept = [asdict(one) for one in readings]
    else:
        raise Refused(_("A file of projects elsewhere is IATI (XML) or CSV."))
    if not kept and not problems:
        raise Refused(_("The file has no project."))
    faulty = [asdict(one) for one in problems]
    options = {"table": TABLE, "problems": faulty, "read_on": today, "said": said}
    return wait(name, options, by, content=json.dumps(kept, ensure_ascii=False).encode())


def preview(batch: Batch) -> Preview:
    """Return what confirming the batch would do now; it writes nothing."""
    kept, today = json.loads(bytes(batch.content) or "[]"), batch.state.read_on
    there = {one.key: one.reading for one in Record.objects.all()}
    readings = [
        reading_of(row, there.get(row["key"]), today) if "key" in row else Reading(**row)
        for row in kept
    ]
    readings = [_completed(one, there.get(one.key), batch.state.said) for one in readings]
    problems = [Problem(**one) for one in batch.state.problems]
    plan = plan_of(readings, is_whole=not any("key" in one for one in kept))
    text = _("It is in another data set: %s.")
    problems += [Problem(0, one.key, text % there[one.key].data_set) for one in plan.foreign]
    # What the file has, but cannot be read, is not gone.
    unread = {f"iati:{one.identifier}" for one in problems}
    plan.gone = [one for one in plan.gone if one.key not in unread]
    shown = Preview(plan, problems, is_sent=batch.state.waits)
    shown.digest = _digest(plan)
    return shown


def _completed(reading: Reading, stored: Reading | None, said: Mapping[str, str]) -> Reading:
    """Return a reading with what its file does not say: as it was said of the file, or is stored.

    What is stored is returned if only the day of reading it differs.
    """
    before = stored or reading
    links = reading.links or reading.read_at or ([said["address"]] if said.get("address") else [])
    completed = replace(
        reading,
        licence=reading.licence or said.get("licence") or before.licence,
        attribution=reading.attribution or said.get("attribution") or before.attribution,
        links=reading.links if reading.read_at else links or before.links,
    )
    is_same = stored and replace(completed, retrieved=stored.retrieved) == stored
    return stored if stored and is_same else completed


def _digest(plan: Plan) -> str:
    lines: Iterable[Any] = (
        *((one.key, "", one.as_json()) for one in plan.new),
        *((record.key, record.published, one.as_json()) for record, one in plan.changed),
    )
    return hashlib.sha256(json.dumps([*lines]).encode()).hexdigest()


def send(batch: Batch, digest: str, reason: str) -> None:
    """Let a batch wait for a second person; raises Refused if it would do something else now."""
    if preview(batch).digest != digest:
        raise Refused(CHANGED_SINCE)
    batch.state.sent_back = {}
    batch.state.waits = True
    batch.reason, batch.digest = reason, digest
    batch.keep("reason", "digest")


def apply(batch: Batch, digest: str, by: Any, reason: str) -> Batch:
    """Write what the preview with that digest showed, in one transaction.

    Raises ValidationError for a reason that is too long or no plain text, and Refused.
    """
    Batch._meta.get_field("reason").run_validators(reason)
    with recording(by=by, reason=reason or batch.file_name, batch=batch):
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if locked.applied_at:
            raise Refused(_("This import was confirmed already."))
        shown = preview(locked)
        if shown.digest != digest or not shown.writes:
            raise Refused(CHANGED_SINCE)
        write(shown.plan)
        locked.added, locked.changed = len(shown.plan.new), len(shown.plan.changed)
        finish(locked, reason, by)
    return locked
