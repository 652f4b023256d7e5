"""The records of the register: projects, what they refer to, and what happens to them."""

from ..history import Revision
from .base import Frozen, this_second
from .batch import Batch
from .correction import Correction
from .directory import Country, Entity
from .edition import LIVE_SLUG, Edition
from .project import (
    CROSS_RULES,
    DATES_IN_ORDER,
    NUMBER_WAS_TAKEN,
    Project,
    ProjectSnapshot,
    had_numbers,
    highest_number,
    row_faults,
)
from .querysets import ProjectQuerySet
from .quotation import Quotation
