"""In: fixtures of reports and documents, and what editors change of them.
Out: the records of reports with figures, documents with paragraphs, and statements.
May import: projects.
"""

from .columns import FIGURE_TABLE, STATEMENT_TABLE
from .document import PLACES, Document, Paragraph, known_documents, missing_from
from .figure import Figure, days_of_reports, published_figures
from .kinds import (
    LEARNED,
    Kind,
    Medium,
    Unit,
)
from .report import Category, Note, Report, Topic, validate_free_slug
from .statement import Statement
