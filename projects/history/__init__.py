"""In: records that are saved or deleted, with who did it and why.
Out: revisions, the data version, and records as they were; it knows none of their models.
May import: text, columns.
"""

from .data_version import DataVersion, cached, data_version, move_data_version, reading_at
from .models import (
    OF_SAME_RECORD,
    Action,
    FieldChange,
    Revision,
    RevisionQuerySet,
    Snapshot,
    account,
    differences,
    signed,
    text_of,
)
from .recorder import (
    NO_LINKS,
    Links,
    NotRecorded,
    Recorded,
    RecordedManager,
    RecordedModel,
    RecordedQuerySet,
    Recorder,
    derivations,
    find,
    loading,
    open_recorder,
    recorded_by_caller,
    recording,
    unrecorded,
)
from .restoring import restore
