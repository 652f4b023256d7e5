"""The desk: Django's admin, with the work to be done on its first page."""

from functools import wraps

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy

from projects import models as register
from projects.history import Revision
from projects.models import data_version, reading_at
from reports import models as reports

from ..models import Account, AssistanceRequest, Expert
from . import statements
from .accounts import AuthenticatorAdmin, RoleAdmin, StaffAdmin, news_of
from .corrections import CorrectionAdmin
from .editions import EditionAdmin
from .home import waiting_for, work
from .imports import BatchAdmin
from .lists import refuse_impossible_addresses
from .persons import AssistanceRequestAdmin, ExpertAdmin
from .projects import CountryAdmin, EntityAdmin, ProjectAdmin
from .revisions import RevisionAdmin


class Desk(AdminSite):
    site_header = gettext_lazy("PVE matrix: the desk")
    site_title = gettext_lazy("PVE matrix")
    index_title = gettext_lazy("The desk")
    # The first page and the breadcrumbs link to everything; tables need the room.
    enable_nav_sidebar = False

    def admin_view(self, view, cacheable=False):
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def checked(request, *args, **kwargs):
            refuse_impossible_addresses(request)
            return guarded(request, *args, **kwargs)

        return checked

    def get_urls(self):
        # It would show all staff the address of any record, drafts included.
        return [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]

    def index(self, request, extra_context=None):
        sees = request.user.has_perm("projects.view_project")
        # Counts of the published register are cached until it changes.
        with reading_at(data_version()):
            desk = work() | waiting_for(request.user) if sees else {}
        desk["news"] = news_of(request.user)
        return super().index(request, desk | (extra_context or {}))


# Not Django's default site: allauth and others register models there.
TABLES = {
    register.Project: ProjectAdmin,
    register.Entity: EntityAdmin,
    register.Country: CountryAdmin,
    register.Edition: EditionAdmin,
    register.Batch: BatchAdmin,
    register.Correction: CorrectionAdmin,
    Revision: RevisionAdmin,
    reports.Report: statements.ReportAdmin,
    reports.Figure: statements.FigureAdmin,
    reports.Category: statements.CategoryAdmin,
    reports.Note: statements.NoteAdmin,
    reports.Document: statements.DocumentAdmin,
    reports.Paragraph: statements.ParagraphAdmin,
    reports.Statement: statements.StatementAdmin,
    reports.Plan: statements.PlanAdmin,
    Account: StaffAdmin,
    Group: RoleAdmin,
    Authenticator: AuthenticatorAdmin,
}
# Only with the setting STAFF_REGISTERS.
STAFF_REGISTERS = {Expert: ExpertAdmin, AssistanceRequest: AssistanceRequestAdmin}


def make_desk() -> Desk:
    made = Desk()
    # Records are deleted one by one, each with its reason.
    made.disable_action("delete_selected")
    tables = TABLES | (STAFF_REGISTERS if settings.STAFF_REGISTERS else {})
    for model, admin_class in tables.items():
        made.register(model, admin_class)
    return made


desk = make_desk()
