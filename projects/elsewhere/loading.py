"""Putting records that were read into the database: what is new, changed and gone."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..history import recording
from ..models import this_second
from .models import Record
from .reading import Reading


@dataclass
class Plan:
    """What readings would change: those that are new, those that changed, and gone records.

    A record is gone if its data set was read and does not have it any more; it stays. `foreign`
    readings have the number of a record of another data set, and are not taken.
    """

    new: list[Reading] = field(default_factory=list)
    changed: list[tuple[Record, Reading]] = field(default_factory=list)
    same: int = 0
    gone: list[Record] = field(default_factory=list)
    foreign: list[Reading] = field(default_factory=list)


def plan_of(readings: Iterable[Reading], is_whole: bool = True) -> Plan:
    """Return what readings would change; nothing is written.

    `is_whole`: what a data set has is all there, so that what is not there is gone.
    """
    there = {one.key: one for one in Record.objects.all()}
    plan, read, data_sets = Plan(), set[str](), set[str]()
    for reading in readings:
        read.add(reading.key)
        data_sets.add(reading.data_set)
        record = there.get(reading.key)
        if record is None:
            plan.new.append(reading)
        elif record.data_set != reading.data_set:
            plan.foreign.append(reading)
        elif record.published != reading.as_json():
            plan.changed.append((record, reading))
        else:
            plan.same += 1
    if is_whole:
        others = (one for key, one in there.items() if key not in read)
        plan.gone = [one for one in others if one.data_set in data_sets]
    return plan


def write(plan: Plan) -> None:
    """Write a plan's new and changed records, in the recording that is open or a new one."""
    with recording():
        for reading in plan.new:
            Record.of(reading).save()
        for record, reading in plan.changed:
            record.published, record.sha256 = reading.as_json(), reading.sha256
            record.data_set, record.updated_at = reading.data_set, this_second()
            record.save()
