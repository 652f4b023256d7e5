"""Registered plans of action, found by words and areas."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.asking.offers import MOST_SUGGESTIONS, Suggestion, is_named
from projects.models import cached

from ..models import STATEMENT_PAGES, Plan
from .search import finding
from .statements import StatementQuery


@cached
def registered_plans() -> list[Plan]:
    return list(Plan.published.select_related("country"))


def plans_found(queries: list[str], areas: Collection[str] = ()) -> list[Plan]:
    """Return the plans that the searches find and that cover one of the areas, if any are given."""
    is_found = finding(queries)
    return [
        plan
        for plan in registered_plans()
        if is_found(plan.searched) and (not areas or {*areas}.intersection(plan.area_list))
    ]


def plans_of_project(reference: str) -> list[Plan]:
    return [plan for plan in registered_plans() if reference in plan.references]


class PlanQuery(StatementQuery):
    everything = gettext_lazy("All plans")

    def __init__(self, data, kinds=STATEMENT_PAGES["plans"]):
        super().__init__(data, kinds)

    @property
    def records(self) -> list[Plan]:
        """The registered plans asked for; none with a facet that plans do not have."""
        if any(self.cleaned_data[name] for name in ("kind", "entity", "theme", "medium")):
            return []
        return plans_found(self.cleaned_data["q"], self.cleaned_data["priority_area"])


def suggested(typed: str) -> list[Suggestion]:
    named = [
        plan
        for plan in registered_plans()
        if any(is_named(typed, name) for name in (plan.title, plan.owner))
    ]
    return [
        Suggestion(_("Plan of action"), plan.title, plan.get_absolute_url())
        for plan in named[:MOST_SUGGESTIONS]
    ]
