"""Restores a record, also a deleted one, as one of its versions has it."""

from typing import Any

from .models import Snapshot
from .recorder import RecordedModel, recording


def restore(model: type[RecordedModel], object_id: int, snapshot: Snapshot) -> Any:
    """Restore a record, also a deleted one, to a snapshot; return it.

    Raises ValidationError if its values are no longer allowed.
    """
    with recording():
        stored = model._base_manager.select_for_update().filter(pk=object_id).first()
        record = stored or model()
        record.pk = object_id
        record.apply(snapshot)
        record.full_clean()
        record.save()
        record.apply_links(snapshot)
        return record
