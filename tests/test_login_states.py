"""What every address for staff answers in every state of a login, as a table.

The states: nobody; password, of an account without second factor; given, the same with a password
that somebody else gave; halfway, between password and code; before, a session that has not given
the second factor which its account has; factor, all of it given; expired, that after its time. The
answers: where it leads, or its status.
"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from pvematrix import urls
from pvematrix.models import Credential

from .conftest import ROOT
from .test_login import ACTIVATE, CODE, LOGIN, begin, code_of
from .test_permissions import addresses, pages  # noqa: F401 - a fixture

STATES = ["nobody", "password", "given", "halfway", "before", "factor", "expired"]
TABLE = ROOT / "tests" / "login_states.txt"
# Where an answer leads, by the beginning of the address.
LEADS = {
    "/accounts/login/": "login",
    "/admin/login/": "login",
    "/accounts/reauthenticate/": "password",
    "/accounts/2fa/authenticate/": "code",
    "/accounts/2fa/reauthenticate/": "code",
    "/accounts/2fa/totp/activate/": "set-up",
    "/accounts/password/change/": "change",
}


def of_accounts() -> dict[str, str]:
    """Every named address under /accounts/, from Django's own list of them."""
    found = {}
    for name, entries in get_resolver().reverse_dict.lists():
        pattern, parameters = entries[0][0][0]
        if isinstance(name, str) and pattern.startswith("accounts/"):
            found[name] = "/" + pattern % dict.fromkeys(parameters, "sso")
    return found


@pytest.fixture
def sessions(register, settings) -> dict[str, str]:
    """The key of a session in each state."""
    settings.STAFF_SECOND_FACTOR = True
    for name in ("without", "given", "with"):
        User.objects.create_superuser(name, password="right")
    given = User.objects.get(username="given")
    Credential.objects.create(user=given, password_set_at=timezone.now(), is_temporary=True)
    keys = {"nobody": ""}

    def enter(name: str) -> Client:
        client = Client()
        client.post(LOGIN, {"login": name, "password": "right"})
        return client

    keys["password"] = enter("without").session.session_key
    keys["given"] = enter("given").session.session_key
    owner = enter("with")
    secret = begin(owner)
    owner.post(ACTIVATE, {"code": code_of(secret, -1)})
    owner.post("/accounts/logout/")
    keys["halfway"] = enter("with").session.session_key
    for state, step in (("factor", 0), ("expired", 1)):
        client = enter("with")
        client.post(CODE, {"code": code_of(secret, step)})
        client.get("/admin/")
        keys[state] = client.session.session_key
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(session_key=keys["expired"]).update(expire_date=past)
    before = Client()
    before.force_login(User.objects.get(username="with"))
    keys["before"] = before.session.session_key
    return keys


def answer(client: Client, method: str, address: str, key: str) -> str:
    """What a session gets there; nothing of what the request does stays."""
    client.cookies.clear()
    if key:
        client.cookies["sessionid"] = key
    with transaction.atomic():
        response = getattr(client, method)(address)
        transaction.set_rollback(True)
    if response.status_code != 302:
        return str(response.status_code)
    leads = [word for start, word in LEADS.items() if response["Location"].startswith(start)]
    return leads[0] if leads else "302"


def table(sessions, places: dict[str, str]) -> list[list[str]]:
    """A row per address and method: its name, and the answer in each state."""
    client = Client()  # one, for each makes the whole chain of middleware
    return [
        [name, method, *(answer(client, method, address, sessions[state]) for state in STATES)]
        for name, address in places.items()
        for method in ("get", "post")
    ]


@pytest.mark.long
def test_every_address_for_staff_answers_every_state_of_login_as_the_table_says(sessions, pages):  # noqa: F811
    head, *expected = TABLE.read_text().splitlines()
    assert head.split() == ["address", "method", *STATES]
    places = dict(sorted(of_accounts().items())) | dict(sorted(addresses(pages).items()))
    # Each has a name, and single sign-on two.
    assert len(of_accounts()) == len(urls.accounts) + 1
    assert table(sessions, places) == [line.split() for line in expected]
