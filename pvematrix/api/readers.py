"""The parameters of the API's addresses: those of the contract, page size and cursor."""

from django.utils.translation import gettext_lazy

from projects.asking import ProjectFilter
from projects.asking.asked import PAGE_SIZES
from projects.asking.fields import YEAR, ChoiceField, FacetField, Matching, QueryForm
from projects.asking.filters import taking
from projects.elsewhere.queries import ElsewhereQuery
from reports import queries
from reports.library.statements import StatementQuery, TextQuery
from reports.models import Document

# A title has 200 characters in the sort key, and JSON writes each in up to twelve.
LONGEST_CURSOR = 4000
# The days that there are, and the seconds of them, as the description has them too.
_DAY = (
    f"{YEAR}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9]{2}(0[48]|[2468][048]|[13579][26])"
    "|(0[48]|[2468][048]|[13579][26])00)-02-29"
)


class CursorField(ChoiceField):
    """The place of the next page; the view checks its signature."""

    allowed = gettext_lazy("the cursor in the “next” of an answer to the same query")

    def valid_value(self, value: str) -> bool:
        return 0 < len(value) <= LONGEST_CURSOR


class MomentField(Matching, ChoiceField):
    allowed = gettext_lazy("a day or a second in UTC: 2026-11-25 or 2026-11-25T00:00:00Z")
    pattern = f"({_DAY})(T([01][0-9]|2[0-3])(:[0-5][0-9]){{2}}Z)?"


class NumberField(Matching, FacetField):
    allowed = gettext_lazy("the number of a paragraph or a footnote, e.g. 24 or fn3")
    pattern = "(fn)?[1-9][0-9]{0,3}"
    example = ("24",)


class Paged(QueryForm):
    per_page = ChoiceField(choices=[(str(number), str(number)) for number in PAGE_SIZES])
    cursor = CursorField()


class DirectoryQuery(Paged, queries.EditionQuery):
    pass


class StatementsQuery(Paged, StatementQuery):
    pass


class ParagraphsQuery(Paged, TextQuery):
    document = FacetField(choices=lambda: [(one.slug, "") for one in Document.objects.with_text()])
    number = NumberField()


class ElsewhereRecords(Paged, ElsewhereQuery):
    pass


class ProjectsQuery(ProjectFilter):
    page = None  # so django-filter leaves it out
    cursor = taking(CursorField)


class ChangesQuery(ProjectFilter):
    page = sort = None  # django-filter leaves one out
    since = taking(MomentField)
    cursor = taking(CursorField)
