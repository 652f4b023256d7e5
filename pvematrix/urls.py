from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from django.urls import URLPattern, include, path
from django.views.generic import RedirectView

from projects.elsewhere.views import ElsewhereData
from projects.languages import in_languages
from projects.pages import file, page
from projects.views import Export
from reports.records import DirectoryData
from reports.urls import programs
from reports.views import Suggestions

from .api.documentation import ForAssistants
from .desk.site import desk
from .login import ChoosePassword, Sessions
from .pages import PAGES, Robots, SitemapPart
from .second_factor import MakeRecoveryCodes, RemoveSecondFactor, SetUpSecondFactor

# Those of allauth's addresses that staff need, with allauth's names; the others are 404.
accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    page("password/choose/<uidb64>/<token>/", ChoosePassword, "account_choose_password"),
    # allauth redirects those without a password here: they use single sign-on.
    page("password/set/", RedirectView, "account_set_password", pattern_name="admin:index"),
    page("sessions/", Sessions, "usersessions_list"),
    path("2fa/", second_factor.index, name="mfa_index"),
    path("2fa/authenticate/", second_factor.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    page("2fa/totp/activate/", SetUpSecondFactor, "mfa_activate_totp"),
    page("2fa/totp/deactivate/", RemoveSecondFactor, "mfa_deactivate_totp"),
    path(
        "2fa/recovery-codes/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    page("2fa/recovery-codes/generate/", MakeRecoveryCodes, "mfa_generate_recovery_codes"),
    # Single sign-on; 404 until a server is set.
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]


def pages(*names: str) -> list[URLPattern]:
    shown = [one for one in PAGES if one.view and one.name in names]
    # The list finds all of them by name.
    found = {"project-list": {"pages": PAGES}}
    given = [(one, {**one.options, **found.get(one.name, {})}) for one in shown]
    return [page(one.route, one.view, one.name, **options) for one, options in given]


urlpatterns = [
    path("accounts/", include(accounts)),
    # Django's login has neither lockout nor second factor, its logout no log.
    path("admin/login/", account.login),
    path("admin/logout/", account.logout),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", desk.urls),
    path("api/", include("pvematrix.api.urls")),
    page("llms.txt", ForAssistants, "llms"),
    page("robots.txt", Robots, "robots"),
    page("sitemap.xml", SitemapPart, "sitemap"),
    page("sitemap-<section>.xml", SitemapPart, "sitemap-part"),
    *pages("api"),
    *programs,
    in_languages(
        *pages(*({one.name for one in PAGES} - {"api"})),
        file("projects/export", "csv|xlsx", Export, "export"),
        file("(?P<name>entities|countries)", "csv", DirectoryData, "resource-data"),
        file("suggestions", "json", Suggestions, "suggestions", pages=PAGES),
        file("elsewhere/export", "csv|xlsx", ElsewhereData, "elsewhere-data"),
        path("elsewhere/", include("projects.elsewhere.urls")),
        path("projects/", include("projects.urls")),
        path("", include("reports.urls")),
    ),
]
handler400 = "pvematrix.errors.bad_request"
handler429 = "pvematrix.attempts.locked_out"
handler500 = "pvematrix.errors.failed"
