"""Settings, all from the environment; .env.example lists every variable with its meaning."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from .log_settings import logging_from

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "only-for-development" if DEBUG else "")
ALLOWED_HOSTS = env(
    "ALLOWED_HOSTS", cast=[str.strip], default=["localhost", "127.0.0.1"] if DEBUG else []
)


def refuse_weak(name: str, key: str) -> None:
    """Raise ImproperlyConfigured for a key that others could know or guess."""
    if len(key) >= 50 and len(set(key)) >= 10 and not key.startswith("django-insecure-"):
        return
    problem = "is too weak: it is short, or of few characters" if key else "is not set"
    raise ImproperlyConfigured(
        f"{name} {problem}. Set it to 50 or more random characters, for example the output of: "
        "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    )


if not DEBUG:
    refuse_weak("SECRET_KEY", SECRET_KEY)
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is not set. Set it to the host names that the site answers to, separated "
        "by commas, for example: pve.example.org"
    )
if "*" in ALLOWED_HOSTS and not DEBUG:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS has *, which lets anybody make links of the site lead elsewhere. Name the "
        "hosts that the site answers to, for example: pve.example.org"
    )

# The ports that a Host header may name, so that one page has few addresses; None: any.
PORTS = None if DEBUG else {"", "80", "443", env.str("BIND", "127.0.0.1:8000").rpartition(":")[2]}

# HTTPS=off is for local use: plain http, no redirect, cookies without "secure".
HTTPS = env.bool("HTTPS", not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# These apply to every other site under the same name, for a year, so they are off by default.
SECURE_HSTS_PRELOAD = HTTPS and env.str("HSTS_SUBDOMAINS", "off") == "preload"
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD or (
    HTTPS and env.bool("HSTS_SUBDOMAINS", False)
)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    # Browsers accept these from this host only, not from other sites under the same name.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The last address in X-Forwarded-For is the one that the proxy saw.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS", cast=[str.strip], default=[])

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "pvematrix",
    "projects",
    "projects.elsewhere",
    "reports",
]
MIDDLEWARE = [
    "pvematrix.logs.RequestIdMiddleware",
    "pvematrix.health.HealthMiddleware",
    # These add headers of one request: outside of the page cache.
    "pvematrix.cors.for_any_site",
    "pvematrix.api.limits.RateLimitMiddleware",
    # Outside of those that can refuse a request, so that their pages have the policy too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pvematrix.page_cache.CompressionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "projects.languages.LanguageMiddleware",
    # Cached pages are the same for everybody, without session and account.
    "pvematrix.page_cache.PageCacheMiddleware",
    "pvematrix.login.StaffSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pvematrix.errors.ErrorMiddleware",
    "pvematrix.login.StaffMiddleware",
]
ROOT_URLCONF = "pvematrix.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["projects.templatetags.citations"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reports.library.context.of_the_report",
            ],
        },
    }
]
FORM_RENDERER = "projects.pages.FormRenderer"

# Milliseconds that a statement may take on PostgreSQL.
STATEMENT_TIMEOUT_MS = env.int("STATEMENT_TIMEOUT_MS", 10_000)
DATABASES = {"default": env.db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'pvematrix.sqlite3'}")}
if DATABASES["default"].get("PASSWORD") == "change-me" and not DEBUG:
    raise ImproperlyConfigured(
        "DATABASE_URL has the password of the example, which everybody can read. Choose one of "
        "your own, and set POSTGRES_PASSWORD to the same where compose.yaml runs the database."
    )
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Permanent, since on a full disk a new connection could not create the files that readers need.
    DATABASES["default"] |= {"CONN_MAX_AGE": None}
    # Readers do not wait. A writer waits for another, but not for a whole import: after `timeout`
    # seconds the answer is 503 with Retry-After.
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 3,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            "PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    options = {
        # Seconds, and milliseconds: to notice soon that the server does not answer.
        "connect_timeout": 2,
        "keepalives_idle": 1,
        "keepalives_interval": 1,
        "keepalives_count": 2,
        "tcp_user_timeout": 2000,
        # A page behind a table lock fails after 2 s, or 4 for two, instead of stalling the whole
        # site. Compiling a query takes longer than running it.
        "options": f"-c jit=off -c lock_timeout=2000 -c statement_timeout={STATEMENT_TIMEOUT_MS}",
    }
# The URL's options, sslmode for example, have precedence.
DATABASES["default"]["OPTIONS"] = options | DATABASES["default"].get("OPTIONS", {})
# Only imports accept files.
FILE_UPLOAD_HANDLERS = ["pvematrix.errors.RefusedUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# Limits of a file to import, which the messages name.
IMPORT_LIMITS = {
    "bytes": 40_000_000,
    "rows": 10_000,
    # Lines of a sheet, empty ones too.
    "lines": 60_000,
    "columns": 60,
    # A workbook's take twenty times as long to read as those of a text.
    "cells": 300_000,
    "cell": 32_767,
    "unpacked": 150_000_000,
    "parts": 200,
    "problems": 10_000,
    # For reading it: CPU seconds, and bytes of memory.
    "seconds": 10,
    "memory": 300_000_000,
    # For a PDF.
    "pages": 100,
    "pdf_seconds": 40,
}
# The pages of records that their own app has no pages for.
ABSOLUTE_URL_OVERRIDES = {
    "projects.edition": lambda edition: reverse("edition-detail", args=[edition.slug])
}
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

PASSWORD_HASHERS = [
    "pvematrix.passwords.PasswordHasher",
    # For old hashes; the next login replaces them.
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "pvematrix.passwords.StrengthValidator"},
]

# allauth counts failed attempts in the cache, which all processes must share: a table, with room
# for more entries than anybody can cause, so that none is displaced.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "pvematrix.cache.SharedCache",
        "KEY_FUNCTION": "pvematrix.cache.sealed_key",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60  # seconds; for links to choose a password
# Public pages. Those of queries and projects are many: their own cache keeps them from displacing
# the others. In each process, or with CACHE_URL in a Redis or Valkey that all share.
CACHE_URL = env.str("CACHE_URL", "")
A_DAY = 24 * 60 * 60
IN_PROCESS = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "TIMEOUT": A_DAY}
ON_SERVER = {
    "BACKEND": "pvematrix.cache.ServerCache",
    "LOCATION": CACHE_URL,
    "TIMEOUT": A_DAY,
    "OPTIONS": {
        "serializer": "pvematrix.cache.PageSerializer",
        # Seconds that a page waits twice if the server does not answer.
        "socket_timeout": 0.1,
        "socket_connect_timeout": 0.1,
    },
}
for name, entries in (("pages", 100), ("queries", 400)):
    own = IN_PROCESS | {"LOCATION": name, "OPTIONS": {"MAX_ENTRIES": entries}}
    CACHES[name] = ON_SERVER | {"KEY_PREFIX": f"pvematrix-{name}"} if CACHE_URL else own
# The API's rate limit, for all processes in the table. SQLite has one writer, so that there each
# process counts alone.
CACHES["limits"] = CACHES["default"] | {"KEY_PREFIX": "limits"}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    CACHES["limits"] = IN_PROCESS | {"LOCATION": "limits", "OPTIONS": {"MAX_ENTRIES": 10_000}}
# Who publishes the register, in data and in citations: an address and a name.
PUBLISHER = env.str("PUBLISHER", "")
if PUBLISHER and not re.fullmatch(r"https?://\S+ \S.*", PUBLISHER):
    raise ImproperlyConfigured(
        "PUBLISHER is not an organization’s address and name, for example: "
        "https://www.undp.org United Nations Development Programme"
    )
# Answers that are not cached, for one address; 0: no limit.
API_ANSWERS_A_MINUTE = env.int("API_ANSWERS_A_MINUTE", 300)
AUTHENTICATION_BACKENDS = ["pvematrix.login.StaffBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "pvematrix.login.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"  # no mail server is needed
# See pvematrix.attempts.
LOCKOUT_MINUTES = 15
SLOWED_SECONDS = 30
ACCOUNT_RATE_LIMITS = {
    # Reported corrections from one address. Not in all, or somebody with several addresses could
    # close the form to everybody.
    "correction": "5/h/ip,20/d/ip",
    "login_failed": f"20/{LOCKOUT_MINUTES}m/ip,5/{LOCKOUT_MINUTES}m/key",
    "account_failed": f"20/{LOCKOUT_MINUTES}m/key",
    "account_slowed": f"1/{SLOWED_SECONDS}s/key",
    # Counted with the other attempts.
    "reauthenticate": "",
}
# Days that the server's logs are stored, for the form of corrections; 0: not stated.
ACCESS_LOG_DAYS = env.int("ACCESS_LOG_DAYS", 0)
# Registers with personal data, for staff alone: the resource group, requests for assistance.
STAFF_REGISTERS = env.bool("STAFF_REGISTERS", False)

ACCOUNT_FORMS = {"change_password": "pvematrix.login.PasswordForm"}
SESSION_COOKIE_AGE = 60 * 60  # seconds idle
SESSION_LONGEST = 12 * 60 * 60  # seconds in all
ACCOUNT_SESSION_REMEMBER = True  # no "remember me": both limits apply to everybody
# Whether staff must set up a second factor before they can open the desk.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", not DEBUG)
# The first of these encrypts their keys, any decrypts them.
SECOND_FACTOR_KEYS = env.list("SECOND_FACTOR_KEYS", default=[]) or [SECRET_KEY]
if not DEBUG:
    for key in SECOND_FACTOR_KEYS:
        refuse_weak("SECOND_FACTOR_KEYS", key)
MFA_ADAPTER = "pvematrix.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "pvematrix.second_factor.LoginCodeForm",
    "reauthenticate": "pvematrix.second_factor.ReauthenticationCodeForm",
    "activate_totp": "pvematrix.second_factor.FirstCodeForm",
}
MFA_TOTP_ISSUER = "PVE matrix"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
SOCIALACCOUNT_ADAPTER = "pvematrix.login.SingleSignOnAdapter"
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", "")
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "openid_connect": {
        "provider_class": "pvematrix.login.SingleSignOnProvider",
        "OAUTH_PKCE_ENABLED": True,
    }
}
if OIDC_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "sso",
            "name": "single sign-on",
            "client_id": env.str("OIDC_CLIENT_ID"),
            "secret": env.str("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": OIDC_SERVER_URL},
        }
    ]

LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = ["pvematrix.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
# The official languages of the United Nations, by their own names; one is on when it has its
# catalogue (locale/README.md).
_OFFICIAL = {
    "ar": ("ar", "العربية"),
    "zh_Hans": ("zh-hans", "中文"),
    "en": ("en", "English"),
    "fr": ("fr", "Français"),
    "ru": ("ru", "Русский"),
    "es": ("es", "Español"),
}
LANGUAGES = [
    language
    for folder, language in _OFFICIAL.items()
    if folder == "en" or (LOCALE_PATHS[0] / folder / "LC_MESSAGES/django.mo").exists()
]
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", "") or BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# plotly.js sets empty inline style sheets, whose hash this is, and makes PNG downloads from data:
# and blob: images.
CONTENT_SECURITY_POLICY = {
    # A policy is of pages; on each small file it would be a third of what is sent.
    "EXCLUDE_URL_PREFIXES": [f"/{STATIC_URL}"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        # The form that starts single sign-on is answered with a redirect to its server.
        "form-action": [SELF, *([urljoin(OIDC_SERVER_URL, "/")] if OIDC_SERVER_URL else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
LOGGING = logging_from(env.str("LOG_LEVEL", "INFO"))
