"""Every change of a recorded model is kept; this package knows none of these models."""

from .models import Action, FieldChange, Revision, Snapshot, differences, text_of
from .recorder import (
    NotRecorded,
    RecordedManyToManyField,
    RecordedModel,
    RecordedQuerySet,
    Recorder,
    find,
    recording,
    restore,
    unrecorded,
)
