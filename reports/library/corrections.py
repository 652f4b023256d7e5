"""Corrections of statements and plans: the same form and receipt as of projects."""

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.correcting import Correct, CorrectionReceived, OfProject

from ..models import Plan, Statement


class OfStatement(OfProject):
    """Corrections of statements that everybody sees."""

    received = "statement-correction-received"
    back = gettext_lazy("Back to the statement")

    def find(self, key):
        one = Statement.published.of_kinds().filter(code=key).first()
        if one is None:
            raise Http404(_("There is no statement “%s”.") % key)
        return one

    def about(self, record):
        return super().about(record) | {"address": record.own_address}


class CorrectStatement(OfStatement, Correct):
    """Report a correction of one statement."""


class StatementCorrectionReceived(OfStatement, CorrectionReceived):
    """Thanks for a correction of a statement, and what was decided."""


class OfPlan(OfProject):
    """Corrections of plans that everybody sees."""

    received = "plan-correction-received"
    back = gettext_lazy("Back to the plan")

    def find(self, key):
        plan = Plan.published.select_related("country").filter(slug=key).first()
        if plan is None:
            raise Http404(_("There is no plan “%s”.") % key)
        return plan


class CorrectPlan(OfPlan, Correct):
    """Report a correction of one plan."""


class PlanCorrectionReceived(OfPlan, CorrectionReceived):
    """Thanks for a correction of a plan, and what was decided."""
