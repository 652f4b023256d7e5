"""In: values of forms, files and fixtures.
Out: the records of the register, their rules, and their reads by name.
May import: text, languages, citations, vocabulary, columns, cube, history, review.
"""

from ..history import DataVersion, Revision, cached, data_version, reading_at
from .attachments import Comment, Evidence, EvidenceFile
from .base import Frozen, this_second
from .batch import Batch, Mapping, SecondPerson
from .correction import Contact, Correction
from .directory import Country, Entity
from .edition import LIVE_SLUG, Edition
from .project import (
    NUMBER_WAS_TAKEN,
    SYSTEMATIC_TITLE,
    Project,
    had_numbers,
    highest_number,
    is_placeholder,
)
from .querysets import Counting, LinkCubes, ProjectQuerySet
from .quotation import Quotation
from .reviewed import Objection
from .rules import row_problems
