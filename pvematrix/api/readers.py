"""What the API's addresses take: the contract's parameters, and how much is wanted."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

import django_filters
from django.core import signing
from django.utils.translation import gettext_lazy

from projects.asking import ProjectFilter
from projects.asking.asked import PAGE_SIZES
from projects.asking.fields import ChoiceField, QueryForm
from projects.asking.filters import Choice
from projects.listing import Columns, ColumnsField
from reports.library.statements import StatementQuery, TextQuery
from reports.queries import CrossTableFilter, EditionQuery

from . import shapes

# Programs take more at once than readers do.
SIZES = [(str(number), str(number)) for number in (*PAGE_SIZES, 500)]
# A title that is sorted by has 200 characters, of which JSON writes each in up to twelve.
LONGEST_CURSOR = 4000
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")


class CursorField(ChoiceField):
    """Where an answer goes on; it is opened where the rest of the query is known."""

    allowed = gettext_lazy("the cursor in the “next” of an answer to the same query")

    def valid_value(self, value):
        return 0 < len(value) <= LONGEST_CURSOR


class MomentField(ChoiceField):
    """A day or a second, in UTC."""

    allowed = gettext_lazy("a day or a second in UTC: 2026-11-25 or 2026-11-25T00:00:00Z")

    def valid_value(self, value):
        return bool(_MOMENT.fullmatch(value)) and moment(value) is not None


def moment(text: str) -> datetime | None:
    """Return the moment that a text names, None if there is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC)


class Cursor(django_filters.Filter):
    """The same, beside the register's filters."""

    field_class = CursorField


class Moment(django_filters.Filter):
    """The same, beside the register's filters."""

    field_class = MomentField


class Shaped(QueryForm):
    """Which keys the answer has; the first of its shape is always there."""

    shape: type[shapes.Shape]

    def __init__(self, data):
        super().__init__(data)
        self.fields["fields"] = ColumnsField(choices=shapes.keys(self.shape))


class Paged(Shaped):
    """Part of a long answer: how many, and where it goes on."""

    per_page = ChoiceField(choices=SIZES)
    cursor = CursorField()


class ProjectsQuery(ProjectFilter):
    """The register's filters; a cursor instead of the number of a page."""

    page = None  # type: ignore[assignment]  # so django-filter leaves one out
    per_page = Choice(choices=SIZES)
    cursor = Cursor()
    fields = Columns(choices=shapes.keys(shapes.Project))


class CrossTableQuery(CrossTableFilter):
    """The register's filters, and which two dimensions divide the projects."""

    view = percent = None  # type: ignore[assignment]  # so django-filter leaves one out
    layout = ("rows", "columns")  # type: ignore[assignment]  # a tuple of any length


class ChangesQuery(ProjectFilter):
    """The register's filters, and since when."""

    page = sort = None  # type: ignore[assignment]  # so django-filter leaves one out
    since = Moment()
    per_page = Choice(choices=SIZES)
    cursor = Cursor()
    fields = Columns(choices=shapes.keys(shapes.Change))


class RecordChangesQuery(Paged):
    """Since when, of what no filter of the register finds."""

    since = MomentField()


class StatementChangesQuery(RecordChangesQuery):
    shape = shapes.StatementChange


class PlanChangesQuery(RecordChangesQuery):
    shape = shapes.PlanChange


class ProjectQuery(Shaped, EditionQuery):
    shape = shapes.Project


class StatementsQuery(Paged, StatementQuery):
    shape = shapes.Statement


class OneStatementQuery(Shaped):
    shape = shapes.Statement


class PlansQuery(Paged):
    shape = shapes.Plan


class OnePlanQuery(Shaped):
    shape = shapes.Plan


class DocumentsQuery(Paged):
    shape = shapes.Document


class OneDocumentQuery(Shaped):
    shape = shapes.Document


class ParagraphsQuery(Paged, TextQuery):
    shape = shapes.Paragraph


class EntitiesQuery(Paged, EditionQuery):
    shape = shapes.Entity


class EntityQuery(Shaped, EditionQuery):
    shape = shapes.Entity


class CountriesQuery(Paged, EditionQuery):
    shape = shapes.Country


class CountryQuery(Shaped, EditionQuery):
    shape = shapes.Country


class ReportsQuery(Paged):
    shape = shapes.Report


class ReportQuery(Shaped, EditionQuery):
    shape = shapes.ReportWithFigures


class EditionsQuery(Paged):
    shape = shapes.Edition


class OneEditionQuery(Shaped):
    shape = shapes.Edition


class EditionChangesQuery(Paged):
    shape = shapes.EditionChange


def salt_of(path: str, pairs: Iterable[tuple[str, list[str]]]) -> str:
    """Return what a cursor is bound to: the address, and all that decides which rows it has."""
    shown = ("cursor", "fields", "per_page")
    asked = sorted((name, sorted(values)) for name, values in pairs if name not in shown)
    return f"{path} {asked}"


def cursor_of(place: list, salt: str) -> str:
    """Return the cursor that goes on behind a place."""
    return signing.Signer(salt=salt).sign_object(place)


def place_in(cursor: str, salt: str) -> list | None:
    """Return the place behind which a cursor goes on, None if it is not of this query."""
    try:
        return signing.Signer(salt=salt).unsign_object(cursor)
    except signing.BadSignature:
        return None
