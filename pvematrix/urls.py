from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from reports.illustrations import Card
from reports.views import Suggestions

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
    path(
        "password/choose/<uidb64>/<token>/",
        ChoosePassword.as_view(),
        name="account_choose_password",
    ),
    # allauth redirects those without a password here: they use single sign-on.
    path(
        "password/set/",
        RedirectView.as_view(pattern_name="admin:index"),
        name="account_set_password",
    ),
    path("sessions/", Sessions.as_view(), name="usersessions_list"),
    path("2fa/", second_factor.index, name="mfa_index"),
    path("2fa/authenticate/", second_factor.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", SetUpSecondFactor.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", RemoveSecondFactor.as_view(), name="mfa_deactivate_totp"),
    path(
        "2fa/recovery-codes/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/generate/",
        MakeRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    # Single sign-on; 404 until a server is set.
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]
urlpatterns = [
    path("accounts/", include(accounts)),
    # Django's login has neither lockout nor second factor, its logout no log.
    path("admin/login/", account.login),
    path("admin/logout/", account.logout),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", desk.urls),
    *(path(p.address, p.view.as_view(**p.options), name=p.name) for p in PAGES if p.view),
    re_path(
        r"^suggestions\.(?P<extension>json)\Z",
        Suggestions.as_view(pages=PAGES),
        name="suggestions",
    ),
    path("cards/<slug:slug>.png", Card.as_view(pages=PAGES), name="card"),
    path("api/", include("pvematrix.api.urls")),
    path("projects/", include("projects.urls")),
    path("robots.txt", Robots.as_view(), name="robots"),
    path("sitemap.xml", SitemapPart.as_view(), name="sitemap"),
    path("sitemap-<section>.xml", SitemapPart.as_view(), name="sitemap-part"),
    path("", include("reports.urls")),
]
handler400 = "pvematrix.errors.bad_request"
handler429 = "pvematrix.attempts.locked_out"
handler500 = "pvematrix.errors.failed"
