"""What is said about the register: reports with their figures, documents, statements, plans."""

from .document import PLACES, Document, Paragraph, missing_from
from .plan import Plan
from .report import (
    NO_REPORT,
    Comparator,
    Figure,
    Report,
    Unit,
    published_figures,
    validate_free_slug,
)
from .statement import Kind, Medium, Statement
