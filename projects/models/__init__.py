"""The records of the register: projects, what they refer to, and what happens to them."""

from ..history.recorder import Batch, Revision
from .correction import Correction
from .project import (
    DATES_IN_ORDER,
    HAD,
    HIGHEST,
    LIVE,
    LIVE_SLUG,
    REFERENCE,
    Country,
    Edition,
    Entity,
    Frozen,
    Project,
    had_numbers,
    highest_number,
    row_faults,
    this_second,
)
