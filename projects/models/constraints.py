"""The indexes and constraints of the table of projects."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Substr
from django.utils.translation import gettext_lazy as _

from ..columns import PROJECT_TABLE
from ..cube import COMBINED_COLUMNS, VOCABULARIES
from ..text import NUMBER_STARTS, REFERENCE
from ..vocabulary import Review
from .base import NEEDED, one_of, rule
from .conditions import LIVE, STATUS_ORDER
from .fields import NOT_A_DATE, PARTIAL_DATE
from .rules import CROSS_RULES

MAY_BE_BLANK = ("priority_area", "scope", *PROJECT_TABLE.bases.values())
A_REFERENCE = _("PVE- and three to twelve digits, e.g. PVE-224.")
INDEXES = [
    # With "review", so that counting does not read the rows.
    models.Index(fields=["edition", "number", "id", "review"], name="edition_number"),
    models.Index(fields=["edition", "title_sort", "number", "id", "review"], name="edition_title"),
    models.Index(fields=["edition", "updated_at", "number", "id", "review"], name="edition_update"),
    # For an index-only scan PostgreSQL needs the columns of expressions too.
    models.Index(
        *("edition", STATUS_ORDER, "number", "id", "review", "status"),
        name="edition_status",
    ),
]
CONSTRAINTS = [
    models.UniqueConstraint(fields=["edition", "reference"], name="edition_reference"),
    # Not on the field "number": forms do not check fields that they cannot edit.
    models.UniqueConstraint(
        Cast(Substr("reference", NUMBER_STARTS + 1), models.BigIntegerField()),
        condition=LIVE,
        name="project_number",
        violation_error_code="reference",
        violation_error_message=_("Another project has this number."),
    ),
    rule("project_reference", "reference", A_REFERENCE, Q(reference__regex=REFERENCE)),
    rule("project_title", "title", NEEDED, ~Q(title__regex=r"^\s*\Z")),
    rule("project_source", "source", NEEDED, ~Q(source="")),
    *(
        one_of(f"project_{name}", name, VOCABULARIES[name], blank=name in MAY_BE_BLANK)
        for name in COMBINED_COLUMNS
    ),
    one_of("project_review", "review", Review),
    rule(
        "project_merged_into",
        "merged_into",
        _("Only an entry that is set aside is merged into another."),
        Q(merged_into=None) | LIVE & Q(review=Review.SET_ASIDE) & ~Q(merged_into=F("id")),
    ),
    *(
        rule(
            f"project_{name}",
            name,
            NOT_A_DATE,
            Q(**{name: ""}) | Q(**{f"{name}__regex": PARTIAL_DATE}),
        )
        for name in ("start_date", "end_date")
    ),
    *(constraint for constraint, _is_broken in CROSS_RULES),
]
