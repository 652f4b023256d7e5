"""Reports with their figures, documents, statements, plans."""

from .columns import FIGURE_TABLE, PLAN_TABLE, REPORT_TABLE, STATEMENT_TABLE
from .document import PLACES, Document, Paragraph, known_documents, missing_from
from .kinds import REPEATED, STATEMENT_PAGES, Kind, Level, Medium, PlanStatus
from .plan import Plan
from .report import (
    NO_REPORT,
    Category,
    Comparator,
    Figure,
    Flag,
    Note,
    Report,
    Topic,
    Unit,
    days_of_reports,
    published_figures,
    validate_free_slug,
)
from .statement import Statement
