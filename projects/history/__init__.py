"""Every change of a recorded model is kept; this package knows none of these models."""

from .models import Action, FieldChange, Revision, RevisionQuerySet, Snapshot, differences, text_of
from .recorder import (
    NotRecorded,
    RecordedManager,
    RecordedManyToManyField,
    RecordedModel,
    RecordedQuerySet,
    Recorder,
    find,
    loading,
    recording,
    restore,
    unrecorded,
)
