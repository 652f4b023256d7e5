"""Staff login: lockout, one answer for all, second factor, single sign-on, sessions, log."""

import base64
import hashlib
import hmac
import io
import json
import logging
import re
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.history import Revision
from pvematrix.login import SingleSignOnAdapter
from pvematrix.logs import SecurityFormatter

from .conftest import SECRET_KEY
from .pages import text_of
from .servers import manage

LOGIN = "/accounts/login/"
# Open to the same people as any page of the desk (login_states.txt), and quickly made.
DESK = "/admin/jsi18n/"
CODE = "/accounts/2fa/authenticate/"
ACTIVATE = "/accounts/2fa/totp/activate/"
CODES = "/accounts/2fa/recovery-codes/"
SESSIONS = "/accounts/sessions/"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
)
WRONG = "The username and/or password you specified are not correct."
LOCKED = "Wait 15 minutes, then try again."


class CountingHasher(PBKDF2PasswordHasher):
    iterations = 1
    made = 0

    def encode(self, *arguments, **options):
        type(self).made += 1
        return super().encode(*arguments, **options)


def code_of(secret: str, steps: int = 0) -> str:
    """What an authenticator app shows (RFC 6238), its clock so many half minutes off the test's."""
    counter = struct.pack(">Q", int(totp.time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root", "root@example.org", "right")


@pytest.fixture
def enter(client):
    """Return a function that sends the login form."""

    def send(name="root", password="right", **headers):
        return client.post(LOGIN, {"login": name, "password": password}, **headers)

    return send


@pytest.fixture
def two_factors(root, client, enter, settings):
    """Set up the second factor; return its key and the recovery codes, the user logged out."""
    settings.STAFF_SECOND_FACTOR = True
    enter()
    secret = begin(client)
    # The one before: each works once, and the tests need that of now.
    page = client.post(ACTIVATE, {"code": code_of(secret, -1)}, follow=True)
    codes = page.context["unused_codes"]
    client.post("/accounts/logout/")
    return secret, codes


def confirm_password(client, address=ACTIVATE):
    return client.post(f"/accounts/reauthenticate/?next={address}", {"password": "right"})


def begin(client) -> str:
    """Open the page that sets the second factor up; return its key."""
    confirm_password(client)
    return client.get(ACTIVATE).context["form"].secret


# The answer


def test_the_desk_sends_to_the_login_and_the_login_to_the_desk(root, client):
    response = client.get("/admin/projects/project/", follow=True)
    assert "Log in with" not in response.content.decode()  # single sign-on is off by default
    assert response.redirect_chain == [("/admin/login/?next=/admin/projects/project/", 302)]
    assert 'name="next" value="/admin/projects/project/"' in response.content.decode()
    form = {"login": "root", "password": "right", "next": "/admin/projects/project/"}
    response = client.post(LOGIN, form)
    assert (response.status_code, response["Location"]) == (302, "/admin/projects/project/")
    assert client.get("/admin/projects/project/").status_code == 200
    assert client.get("/admin/login/")["Location"] == "/admin/"
    # Another site is no place to go.
    assert Client().post(LOGIN, form | {"next": "https://evil.example/"})["Location"] == "/admin/"


def test_every_failure_gets_the_same_answer(root, enter, client):
    User.objects.create_user("gone", password="right", is_staff=True, is_active=False)
    User.objects.create_user("visitor", password="right")
    pages = set()
    for name, password in [
        ("root", "wrong"),
        ("nobody", "wrong"),
        ("gone", "wrong"),
        ("gone", "right"),
        ("visitor", "wrong"),
    ]:
        response = enter(name, password)
        assert response.status_code == 200
        html = response.content.decode().replace(f'value="{name}"', "")
        html = html.replace(str(response.context["csrf_token"]), "")
        assert WRONG in html
        pages.add(html)
    assert len(pages) == 1
    assert client.get(DESK).status_code == 302


def test_who_is_not_staff_and_knows_the_password_reads_why_the_login_fails(db, enter, client):
    User.objects.create_user("visitor", password="right")
    html = enter("visitor", "right").content.decode()
    assert "This account has no access to the desk. Ask a manager." in html
    assert WRONG not in html
    assert client.get(DESK).status_code == 302


@pytest.mark.parametrize("name", ["root", "nobody"])
def test_unknown_accounts_cost_as_many_hashes_and_queries(root, enter, settings, name):
    settings.PASSWORD_HASHERS = ["tests.test_login.CountingHasher"]
    root.set_password("right")
    root.save()
    CountingHasher.made = 0
    with CaptureQueriesContext(connection) as captured:
        enter(name, "wrong")
    assert CountingHasher.made == 1
    users = [query for query in captured if "auth_user" in query["sql"]]
    assert len(users) == 1


def test_who_is_no_longer_staff_is_out_at_once(root, client, enter):
    enter()
    assert client.get(DESK).status_code == 200
    User.objects.update(is_staff=False)
    assert client.get(DESK).status_code == 302


# Lockout


def test_five_failures_close_an_account_to_an_address_for_15_minutes_whether_it_exists(
    root, client, enter, monkeypatch
):
    now, pages = time.time(), set()
    for name, status in (("root", 302), ("nobody", 200)):
        monkeypatch.setattr("time.time", lambda: now)
        for _attempt in range(5):
            assert enter(name, "wrong", REMOTE_ADDR="10.0.0.1").status_code == 200
        response = enter(name, "right", REMOTE_ADDR="10.0.0.1")
        assert (response.status_code, response["Retry-After"]) == (429, "900")
        assert LOCKED in response.content.decode()
        pages.add(response.content)
        assert enter(f" {name.upper()}", "right", REMOTE_ADDR="10.0.0.1").status_code == 429
        # It is open from elsewhere, as to its owner.
        assert enter(name, "right", REMOTE_ADDR="10.0.0.2").status_code == status
        client.post("/accounts/logout/")
        monkeypatch.setattr("time.time", lambda: now + 14 * 60)
        assert enter(name, "right", REMOTE_ADDR="10.0.0.1").status_code == 429
        monkeypatch.setattr("time.time", lambda: now + 15 * 60 + 1)
        assert enter(name, "right", REMOTE_ADDR="10.0.0.1").status_code == status
        client.post("/accounts/logout/")
    assert len(pages) == 1


@pytest.mark.parametrize("name", ["root", "nobody"])
def test_an_account_under_attack_from_many_addresses_slows_down(
    root, client, enter, lines, monkeypatch, name
):
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now)
    for n in range(20):
        assert enter(name, "wrong", REMOTE_ADDR=f"10.0.1.{n}").status_code == 200
    # One is looked at, the next in half a minute.
    assert enter(name, "wrong", REMOTE_ADDR="10.0.1.100").status_code == 200
    lines()
    response = enter(name, "right", REMOTE_ADDR="10.0.1.101")
    assert (response.status_code, response["Retry-After"]) == (429, "30")
    assert "Wait 30 seconds, then try again." in response.content.decode()
    assert [(line["event"], line["user"]) for line in lines()] == [("slowed", name)]
    # Waiting costs none of one's own five.
    for _attempt in range(6):
        enter(name, "right", REMOTE_ADDR="10.0.1.101")
    monkeypatch.setattr("time.time", lambda: now + 31)
    assert enter(name, "right", REMOTE_ADDR="10.0.1.101").status_code == (
        302 if name == "root" else 200
    )


@pytest.mark.long
def test_where_its_owner_logged_in_lately_an_account_under_attack_is_as_fast_as_ever(
    root, client, enter
):
    assert enter(REMOTE_ADDR="10.0.0.9").status_code == 302
    client.post("/accounts/logout/")
    for n in range(22):
        enter(password="wrong", REMOTE_ADDR=f"10.0.1.{n}")
    assert enter(REMOTE_ADDR="10.0.1.200").status_code == 429
    for _time in range(3):
        assert enter(REMOTE_ADDR="10.0.0.9").status_code == 302
        client.post("/accounts/logout/")
    # Not for guessing, though.
    for _attempt in range(5):
        assert enter(password="wrong", REMOTE_ADDR="10.0.0.9").status_code == 200
    assert enter(REMOTE_ADDR="10.0.0.9").status_code == 429


@pytest.mark.postgresql
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_many_attempts_at_once_five_are_looked_at(root):
    """Counting comes before looking: threads that start together get no more than one by one."""

    def attempt(_number):
        try:
            return Client().post(LOGIN, {"login": "root", "password": "wrong"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = [*pool.map(attempt, range(16))]
    assert answers.count(200) <= 5
    assert set(answers) <= {200, 429, 503}


def test_an_address_is_locked_after_twenty_failures(root, enter):
    for n in range(20):
        assert enter(f"name{n}", "wrong", REMOTE_ADDR="10.0.0.7").status_code == 200
    assert enter(REMOTE_ADDR="10.0.0.7").status_code == 429
    assert enter(REMOTE_ADDR="10.0.0.8").status_code == 302


def test_the_proxys_word_counts_only_behind_a_proxy(root, enter, settings, lines):
    spoofed = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 2.2.2.2"}
    enter(password="wrong", **spoofed)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    enter(password="wrong", **spoofed)
    assert [line["address"] for line in lines()] == ["10.0.0.1", "2.2.2.2"]


def test_failures_are_counted_where_all_processes_see_them(root, enter):
    with CaptureQueriesContext(connection) as captured:
        enter(password="wrong")
    assert any('INSERT INTO "cache"' in query["sql"] for query in captured)


# Second factor


@pytest.mark.long
def test_the_desk_stays_closed_until_the_second_factor_is_set_up(root, client, enter, settings):
    settings.STAFF_SECOND_FACTOR = True
    enter()
    assert client.get("/admin/nothing/")["Location"] == f"{ACTIVATE}?next=%2Fadmin%2Fnothing%2F"
    assert client.post("/admin/projects/entity/add/", {"acronym": "X"}).status_code == 302
    assert client.get("/projects/").status_code == 200
    # The password was given a moment ago: it is not asked for twice.
    assert client.get(ACTIVATE).status_code == 200
    # A session that somebody left open is not enough to set it up.
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 301
    session.save()
    assert client.get(ACTIVATE)["Location"].startswith("/accounts/reauthenticate/")
    assert confirm_password(client)["Location"] == ACTIVATE
    page = client.get(ACTIVATE)
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    secret = page.context["form"].secret
    assert client.post(ACTIVATE, {"code": "000000"}).status_code == 200
    assert client.get(DESK).status_code == 302
    response = client.post(ACTIVATE, {"code": code_of(secret)})
    assert response["Location"] == CODES
    assert client.get(DESK).status_code == 200


def test_setting_it_up_ends_the_sessions_of_before(root, client, enter, settings):
    settings.STAFF_SECOND_FACTOR = True
    other = User.objects.create_superuser("other", password="right")
    of_another, older = Client(), Client()
    of_another.force_login(other)
    older.post(LOGIN, {"login": "root", "password": "right"})
    enter()
    client.post(ACTIVATE, {"code": code_of(begin(client))})
    assert client.get(DESK).status_code == 200
    assert older.get("/accounts/2fa/")["Location"] == "/accounts/login/?next=/accounts/2fa/"
    assert of_another.get("/accounts/2fa/").status_code == 200


def test_a_session_that_did_not_give_it_gives_it_first(two_factors, client, settings):
    """One that began where no sessions end: in a copy of the database, for example."""
    secret, _codes = two_factors
    settings.STAFF_SECOND_FACTOR = False  # who has one gives it, asked for or not
    client.force_login(User.objects.get(username="root"))
    again = "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Fprojects%2Fproject%2F%3Fq%3Dyouth"
    assert client.get("/admin/projects/project/?q=youth")["Location"] == again
    assert client.post(again, {"code": "000000"}).status_code == 200
    response = client.post(again, {"code": code_of(secret)})
    assert response["Location"] == "/admin/projects/project/?q=youth"
    assert client.get(DESK).status_code == 200
    assert client.get("/accounts/password/change/").status_code == 200


def test_recovery_codes_are_shown_once(two_factors, client, enter):
    secret, codes = two_factors
    assert len(set(codes)) == 10
    assert all(len(code) == 8 for code in codes)
    enter()
    client.post(CODE, {"code": codes[0]})
    client.post(f"/accounts/2fa/reauthenticate/?next={CODES}", {"code": code_of(secret)})
    html = client.get(CODES).content.decode()
    assert "9 unused codes are left." in html
    assert not any(code in html for code in codes)


def test_a_code_works_once(two_factors, client, enter, monkeypatch):
    secret, codes = two_factors
    now = time.time()
    # Whatever its clock tells: a code of now is taken for half a minute more.
    for code, later in ((codes[3], 0), (code_of(secret), 0), (code_of(secret), 31)):
        monkeypatch.setattr("time.time", lambda now=now + later: now)
        enter()
        first = client.post(CODE, {"code": code}).status_code
        assert first == (200 if later else 302)
        client.post("/accounts/logout/")
        enter()
        response = client.post(CODE, {"code": code})
        assert response.status_code == 200
        assert "Incorrect code." in response.content.decode()


def test_guessing_codes_is_locked_out_too_but_not_from_where_the_owner_is(
    two_factors, client, enter, lines
):
    secret, _codes = two_factors
    other = Client(REMOTE_ADDR="10.0.0.1")
    other.post(LOGIN, {"login": "root", "password": "right"})
    lines()
    for _attempt in range(5):
        assert other.post(CODE, {"code": "000000"}).status_code == 200
    response = other.post(CODE, {"code": code_of(secret)})
    assert response.status_code == 429
    assert LOCKED in response.content.decode()
    assert [(line["event"], line["user"]) for line in lines()] == [
        *[("login_failed", "root")] * 5,
        ("lockout", "root"),
    ]
    enter()
    assert client.post(CODE, {"code": code_of(secret)}).status_code == 302


@pytest.mark.long
def test_a_change_of_it_asks_for_a_code_and_ends_other_sessions(two_factors, client, enter):
    secret, codes = two_factors
    elsewhere = Client()
    for one, code in ((elsewhere, codes[1]), (client, codes[0])):
        one.post(LOGIN, {"login": "root", "password": "right"})
        one.post(CODE, {"code": code})
        assert one.get(DESK).status_code == 200
    # The password does not do.
    assert confirm_password(client)["Location"].startswith("/accounts/2fa/reauthenticate/")
    client.post("/accounts/2fa/reauthenticate/", {"code": code_of(secret)})
    page = client.post(CODES + "generate/", follow=True)
    assert not set(page.context["unused_codes"]) & set(codes)
    assert elsewhere.get(DESK).status_code == 302
    elsewhere.post(LOGIN, {"login": "root", "password": "right"})
    assert elsewhere.post(CODE, {"code": codes[2]}).status_code == 200  # replaced
    elsewhere.post(CODE, {"code": page.context["unused_codes"][0]})
    assert elsewhere.get(DESK).status_code == 200
    client.post("/accounts/2fa/totp/deactivate/")
    assert client.get("/admin/")["Location"].startswith(ACTIVATE)
    assert elsewhere.get("/admin/")["Location"].startswith("/admin/login/")


def test_an_administrator_takes_a_lost_second_factor_away(two_factors, admin_client, settings):
    settings.STAFF_SECOND_FACTOR = False
    secret, _codes = two_factors
    listed = admin_client.get("/admin/mfa/authenticator/").content.decode()
    assert "root" in listed
    pk = User.objects.get(username="root").authenticator_set.get(type="totp").pk
    opened = admin_client.get(f"/admin/mfa/authenticator/{pk}/change/")
    assert secret not in opened.content.decode()
    at_work = Client()
    at_work.force_login(User.objects.get(username="root"))
    admin_client.post(f"/admin/mfa/authenticator/{pk}/delete/", {"post": "yes"})
    # The recovery codes go with it, and who may have had it is out.
    assert not User.objects.get(username="root").authenticator_set.exists()
    assert at_work.get("/accounts/2fa/").status_code == 302
    assert admin_client.get(DESK).status_code == 200


def test_the_desk_takes_nobodys_own_away_without_a_code(two_factors, client, enter):
    secret, _codes = two_factors
    enter()
    client.post(CODE, {"code": code_of(secret)})
    own = User.objects.get(username="root").authenticator_set
    for factor in own.all():
        page = f"/admin/mfa/authenticator/{factor.pk}/delete/"
        assert client.post(page, {"post": "yes"}).status_code == 403
    chosen = {
        "action": "delete_selected",
        "_selected_action": [factor.pk for factor in own.all()],
        "post": "yes",
    }
    client.post("/admin/mfa/authenticator/", chosen)
    assert own.count() == 2


# Its keys in the database


def test_the_database_alone_opens_no_second_factor(two_factors, root):
    secret, codes = two_factors
    factors = [factor.data for factor in root.authenticator_set.all()]
    stored = str(factors)
    assert secret not in stored
    assert not any(code in stored for code in codes)
    # Recovery codes come from a seed, which is in neither form there.
    tokens = [data.get("secret") or data["seed"] for data in factors]
    assert all(token.startswith("gAAAA") for token in tokens)


def test_a_lost_key_is_said_not_a_500(two_factors, root, client, enter, settings, lines):
    secret, _codes = two_factors
    settings.SECOND_FACTOR_KEYS = ["another-key-" * 5]
    enter()
    lines()
    response = client.post(CODE, {"code": code_of(secret)})
    assert response.status_code == 503
    assert "Your second factor cannot be read" in response.content.decode()
    assert [line["event"] for line in lines()] == ["second_factor_unreadable"]
    with pytest.raises(CommandError, match="None of SECOND_FACTOR_KEYS reads these"):
        call_command("reencrypt_second_factors", stdout=io.StringIO())


# Addresses


# Sessions


@pytest.fixture
def wait(monkeypatch):
    """Stop Django's clock, and return a function that moves it."""
    now = timezone.now()

    def move(**time):
        nonlocal now
        now += timedelta(**time)

    monkeypatch.setattr(timezone, "now", lambda: now)
    return move


@pytest.mark.long
def test_a_session_ends_after_an_idle_hour_and_after_twelve_in_any_case(root, client, enter, wait):
    enter()
    wait(minutes=61)
    assert client.get(DESK).status_code == 302
    enter()
    for _step in range(12):
        wait(minutes=58)
        assert client.get(DESK).status_code == 200
    wait(minutes=25)
    assert client.get(DESK).status_code == 302


def test_a_session_is_written_at_most_once_a_minute(root, client, enter, wait):
    enter()

    def writes() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/admin/")
        return sum('UPDATE "django_session"' in query["sql"] for query in captured)

    assert writes() == 0
    # The clock goes on by itself, too.
    wait(seconds=30)
    assert writes() == 0
    wait(seconds=31)
    assert writes() == 1


def test_a_locked_database_is_no_deleted_session(root, client, enter, wait, monkeypatch):
    """A page that was only to prolong the session is answered; what has to be stored waits."""
    enter()
    wait(minutes=2)
    monkeypatch.setattr(Session, "save", Mock(side_effect=OperationalError("database is locked")))
    assert client.get(DESK).status_code == 200
    refused = client.post("/accounts/reauthenticate/", {"password": "right"})
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert "logged out" not in refused.content.decode()


@pytest.fixture
def elsewhere(root):
    """Another browser in which root is logged in."""
    other = Client(REMOTE_ADDR="10.0.0.9", HTTP_USER_AGENT=PHONE)
    other.post(LOGIN, {"login": "root", "password": "right"})
    return other


def test_staff_see_where_they_are_logged_in_and_end_one_session_or_all_others(
    root, client, enter, elsewhere, lines, wait, django_capture_on_commit_callbacks
):
    third = Client()
    third.post(LOGIN, {"login": "root", "password": "right"})
    of_another = Client()
    of_another.force_login(User.objects.create_superuser("other", password="right"))
    enter()
    wait(minutes=2)
    begun = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
    UserSession.objects.filter(user_agent=PHONE).update(created_at=begun)
    elsewhere.get(DESK, REMOTE_ADDR="10.0.0.10")
    page = text_of(client, SESSIONS)
    known = f"Browser {PHONE} Address 10.0.0.10 Begun 28 November 2026, 09:30 UTC Last seen "
    assert known in page
    assert "Browser — (this one) Address 127.0.0.1" in page
    pk = UserSession.objects.get(user_agent=PHONE).pk
    lines()
    with django_capture_on_commit_callbacks(execute=True):
        ended = client.post(SESSIONS, {"session": pk}, follow=True)
    assert "Logged out there." in ended.content.decode()
    assert elsewhere.get(DESK).status_code == 302
    assert [third.get(DESK).status_code, client.get(DESK).status_code] == [200, 200]
    again = client.post(SESSIONS, {"session": pk}).content.decode()
    assert "This session has ended already." in again
    with django_capture_on_commit_callbacks(execute=True):
        client.post(SESSIONS)
    assert third.get(DESK).status_code == 302
    assert [of_another.get(DESK).status_code, client.get(DESK).status_code] == [200, 200]
    assert "There is no other session." in text_of(client, SESSIONS)
    assert [(line["event"], line["user"], line["detail"]) for line in lines()] == [
        ("sessions_ended", "root", "root: 1")
    ] * 2


def test_nobody_ends_anothers_session_and_ending_asks_for_the_password_again(
    root, client, enter, elsewhere
):
    own = UserSession.objects.get(user=root)
    other = Client()
    User.objects.create_superuser("other", password="right")
    other.post(LOGIN, {"login": "other", "password": "right"})
    assert other.post(SESSIONS, {"session": own.pk}).status_code == 200
    assert elsewhere.get(DESK).status_code == 200
    enter()
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 301
    session.save()
    asked = client.post(SESSIONS, {"session": own.pk})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert elsewhere.get(DESK).status_code == 200
    # Then it does what was asked for.
    assert confirm_password(client, SESSIONS)["Location"] == SESSIONS
    assert elsewhere.get(DESK).status_code == 302


def test_the_public_gets_no_session_and_asks_for_none(register, client, root):
    asked = []
    for log_in in (False, True):
        if log_in:
            client.force_login(root)
        for address in ("/", "/projects/", "/about/"):
            caches["pages"].clear()
            with CaptureQueriesContext(connection) as captured:
                response = client.get(address)
            assert not response.cookies
            assert "Cookie" not in response.get("Vary", "")
            asked += [query["sql"] for query in captured]
    assert not [sql for sql in asked if "session" in sql]


@pytest.mark.long
def test_settings_of_login_come_from_the_environment():
    """By the cookies' names browsers refuse what another site under the same domain would set."""
    code = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, "
        "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_DOMAIN, "
        "s.CSRF_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH, s.CSRF_COOKIE_PATH); "
        "print(s.CONTENT_SECURITY_POLICY['DIRECTIVES']['form-action'], "
        "s.SOCIALACCOUNT_PROVIDERS, s.STAFF_SECOND_FACTOR, s.ALLAUTH_TRUSTED_PROXY_COUNT)"
    )
    own = {"SECRET_KEY": SECRET_KEY, "ALLOWED_HOSTS": "a.example"}
    sign_on = {
        "OIDC_SERVER_URL": "https://id.example.org/realms/un",
        "OIDC_CLIENT_ID": "pve",
        "OIDC_CLIENT_SECRET": "s3cret",
    }
    https = manage("shell", "-v", "0", "-c", code, **own, **sign_on, BEHIND_PROXY="on").stdout
    cookies, rest = https.split("\n", 1)
    assert cookies == "__Host-sessionid __Host-csrftoken True True None None / /"
    assert "\"'self'\", 'https://id.example.org/']" in rest
    assert "'name': 'single sign-on'" in rest
    assert "'server_url': 'https://id.example.org/realms/un'" in rest
    assert rest.endswith("True 1\n")
    # Browsers would take neither cookie over plain http, on your own machine.
    http = manage("shell", "-v", "0", "-c", code, **own, HTTPS="off").stdout.split()
    assert http[:2] == ["sessionid", "csrftoken"]


# The log


def test_each_event_is_one_line(root, client, enter, lines):
    enter(password="hunter2")
    enter()
    client.post("/accounts/logout/")
    for _attempt in range(6):
        enter("nobody", "hunter2", REMOTE_ADDR="10.0.0.7")
    login = {"address": "127.0.0.1", "path": "/accounts/login/"}
    failed = {"level": "WARNING", "event": "login_failed"}
    assert lines() == [
        failed | {"user": "root"} | login,
        {"level": "INFO", "event": "login_succeeded", "user": "root"} | login,
        {"level": "INFO", "event": "logout", "user": "root"}
        | login
        | {"path": "/accounts/logout/"},
        *[failed | {"user": "nobody"} | login | {"address": "10.0.0.7"}] * 5,
        {"level": "WARNING", "event": "lockout", "user": "nobody"}
        | login
        | {"address": "10.0.0.7"},
    ]


def test_a_refused_permission_is_one_line(root, client, lines):
    User.objects.create_user("viewer", password="right", is_staff=True)
    client.post(LOGIN, {"login": "viewer", "password": "right"})
    lines()
    assert client.get("/admin/projects/project/add/?title=secret").status_code == 403
    assert lines() == [
        {
            "level": "WARNING",
            "event": "permission_refused",
            "user": "viewer",
            "address": "127.0.0.1",
            "path": "/admin/projects/project/add/",
        }
    ]


def test_a_change_of_the_second_factor_is_logged_recorded_and_shown(
    root, client, enter, settings, lines, django_capture_on_commit_callbacks
):
    settings.STAFF_SECOND_FACTOR = True
    enter()
    secret = begin(client)
    lines()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ACTIVATE, {"code": code_of(secret, -1)})
    client.post("/accounts/2fa/reauthenticate/", {"code": code_of(secret)})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(CODES + "generate/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/deactivate/")
    told = lines()
    at = r"[\d-]{10}T[\d:.]+Z"
    expected = [
        ("recovery_codes_changed", f"root: recovery_codes_since: - -> {at}"),
        ("second_factor_changed", f"root: second_factor_since: - -> {at}"),
        ("recovery_codes_changed", f"root: recovery_codes_since: {at} -> {at}"),
        ("recovery_codes_changed", f"root: recovery_codes_since: {at} -> -"),
        ("second_factor_changed", f"root: second_factor_since: {at} -> -"),
    ]
    for line, (event, detail) in zip(told, expected, strict=True):
        assert line["event"] == event
        assert re.fullmatch(detail, line["detail"])
    assert {line["user"] for line in told} == {"root"}
    assert secret not in str(told)
    kept = Revision.objects.of(root)
    assert [revision.by_name for revision in kept] == ["root"] * 3
    assert secret not in str([(one.old, one.new) for one in kept])
    settings.STAFF_SECOND_FACTOR = False
    desk = text_of(client, "/admin/")
    assert "Your account changed in the last 30 days" in desk
    assert desk.count("Second factor since:") == 2
    assert desk.count("Recovery codes since:") == 3


def test_a_name_cannot_break_the_line(root, enter, lines):
    enter('x\n{"event": "login_succeeded"}\r\u2028\x1b[2J' + "y" * 100, "hunter2")
    (line,) = lines()
    assert line["event"] == "login_failed"
    assert line["user"].startswith('x\n{"event"')
    record = logging.makeLogRecord({"msg": "login_failed", "user": "é\n\u2028" + "y" * 300})
    record.request = Mock(path="/", META={"REMOTE_ADDR": "10.0.0.7"}, headers={})
    text = SecurityFormatter().format(record)
    assert json.loads(text)["address"] == "10.0.0.7"
    assert text.isascii() and text.isprintable()
    assert len(json.loads(text)["user"]) == 200


def test_the_log_has_no_secret(two_factors, client, enter, lines, caplog):
    secret, codes = two_factors
    lines()
    enter(password="hunter2")
    enter()
    client.post(CODE, {"code": "987654"})
    client.post(CODE, {"code": codes[0]})
    logged = lines()
    assert [line["event"] for line in logged] == ["login_failed", "login_failed", "login_succeeded"]
    text = str(logged) + caplog.text
    assert not any(word in text for word in ("hunter2", "right", "987654", codes[0], secret))


# Single sign-on


@pytest.fixture
def sign_on(client, settings, monkeypatch):
    """Return a function that logs in by a server that tells these facts of the visitor."""
    base = "https://id.example.org"
    app = {"provider_id": "sso", "name": "One UN", "client_id": "pve", "secret": "s3cret"}
    app["settings"] = {"server_url": base}
    given = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": given | {"APPS": [app]}}
    facts, nonce = {}, {}
    answers = {
        f"{base}/.well-known/openid-configuration": {
            "issuer": base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "userinfo_endpoint": f"{base}/userinfo",
            "jwks_uri": f"{base}/keys",
        },
        f"{base}/userinfo": facts,
    }

    def answer(data):
        response = Mock(status_code=200, headers={"content-type": "application/json"})
        response.json.return_value = data
        return response

    def request(method, url, **options):
        assert (method, url) == ("POST", f"{base}/token")
        claims = {"iss": base, "aud": "pve", "sub": "7", "iat": time.time()} | nonce
        token = jwt.encode(claims | {"exp": time.time() + 60}, "k" * 32, "HS256")
        return answer({"access_token": "t0ken", "token_type": "Bearer", "id_token": token})

    @contextmanager
    def session(self):
        yield Mock(get=lambda url, **_options: answer(answers[url]), request=request)

    monkeypatch.setattr(SingleSignOnAdapter, "get_requests_session", session)

    def log_in(query="", change=lambda nonce: nonce, **told):
        facts.clear()
        nonce.clear()
        facts.update({"sub": "7"} | told)
        response = client.post(f"/accounts/oidc/sso/login/{query}")
        assert response["Location"].startswith(f"{base}/authorize?")
        asked = parse_qs(urlsplit(response["Location"]).query)
        assert asked["code_challenge_method"] == ["S256"]
        nonce.update(change({"nonce": asked["nonce"][0]}))
        callback = {"code": "c0de", "state": asked["state"][0]}
        return client.get("/accounts/oidc/sso/login/callback/", callback)

    return log_in


def test_staff_log_in_by_their_verified_address(root, client, sign_on, lines):
    assert client.get("/accounts/oidc/sso/login/").status_code == 200  # asks to confirm
    html = client.get(LOGIN).content.decode()
    assert "Log in with One UN" in html
    assert 'action="/accounts/oidc/sso/login/"' in html
    response = sign_on(email="Root@Example.org", email_verified=True)
    assert response["Location"] == "/admin/"
    assert client.get(DESK).status_code == 200
    assert [(line["event"], line["user"]) for line in lines()] == [("login_succeeded", "root")]
    for query in ("?process=connect", "?process=redirect&next=/about/"):
        sign_on(query, email="root@example.org", email_verified=True)
        assert client.get(DESK).status_code == 200
    root.refresh_from_db()
    assert root.check_password("right")
    assert not root.socialaccount_set.exists()


def test_single_sign_on_asks_for_the_second_factor_too(two_factors, client, sign_on):
    assert sign_on(email="root@example.org", email_verified=True)["Location"] == CODE
    assert client.get(DESK).status_code == 302
    client.post(CODE, {"code": code_of(two_factors[0])})
    assert client.get(DESK).status_code == 200


def test_an_answer_to_another_login_is_refused(root, client, sign_on, lines):
    known, sent = {"email": "root@example.org", "email_verified": True}, []
    for change in (lambda nonce: {}, lambda nonce: {"nonce": None}, lambda nonce: {"nonce": "x"}):
        assert sign_on(change=change, **known)["Location"] == LOGIN
        page = text_of(client, LOGIN)
        assert "Single sign-on did not succeed. Try again, or ask" in page
        assert client.get(DESK).status_code == 302
        (line,) = lines()
        assert line["event"] == "login_failed"
        assert line["detail"] == "single sign-on: the nonce is not that of this login"

    def first(nonce):
        sent.append(nonce)
        return sent[0]

    # A parameter of the address does not choose it, and the next login has another.
    chosen = "?auth_params=nonce%3Dx"
    assert sign_on(chosen, change=first, **known)["Location"] == "/admin/"
    client.post("/accounts/logout/")
    assert sign_on(chosen, change=first, **known)["Location"] == LOGIN
    assert [len(one["nonce"]) for one in sent] == [32, 32]


def test_others_are_refused_and_no_account_is_made(root, client, sign_on, lines):
    staff = {"password": "right", "is_staff": True}
    User.objects.create_user("gone", "gone@example.org", is_active=False, **staff)
    User.objects.create_user("visitor", "visitor@example.org")
    User.objects.create_user("one", "twice@example.org", **staff)
    User.objects.create_user("two", "twice@example.org", **staff)
    User.objects.create_user("without", "", **staff)
    for told in (
        {"email": "root@example.org", "email_verified": "false"},
        {"email": "root@example.org"},
        {"email": "nobody@example.org", "email_verified": True},
        {"email": "gone@example.org", "email_verified": True},
        {"email": "visitor@example.org", "email_verified": True},
        {"email": "twice@example.org", "email_verified": True},
        {"email": "", "email_verified": True},
        {},
    ):
        assert sign_on(**told)["Location"] == LOGIN
        assert "Single sign-on did not succeed." in text_of(client, LOGIN)
        assert client.get(DESK).status_code == 302
        assert User.objects.count() == 6
        (line,) = lines()
        assert (line["event"], line["detail"]) == ("login_failed", "no staff has this address")


def test_a_server_out_of_reach_is_said_not_a_500(db, client, sign_on, monkeypatch, lines):
    @contextmanager
    def session(self):
        yield Mock(get=Mock(side_effect=requests.ConnectionError("with a t0ken")))

    monkeypatch.setattr(SingleSignOnAdapter, "get_requests_session", session)
    assert client.post("/accounts/oidc/sso/login/")["Location"] == LOGIN
    assert [line["detail"] for line in lines()] == ["single sign-on: ConnectionError"]


def test_a_cancelled_single_sign_on_returns_to_the_login(db, client, sign_on):
    response = client.post("/accounts/oidc/sso/login/")
    state = parse_qs(urlsplit(response["Location"]).query)["state"][0]
    query = {"error": "access_denied", "state": state}
    assert client.get("/accounts/oidc/sso/login/callback/", query)["Location"] == LOGIN
    assert client.get("/accounts/oidc/sso/login/callback/?code=x")["Location"] == LOGIN
