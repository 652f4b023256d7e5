"""Accounts of staff: every change is kept, logged and told; nobody overwrites another's unseen."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client

from projects.history import Revision

from .conftest import member
from .pages import submit, text_of
from .test_login import DESK, LOGIN

pytestmark = pytest.mark.usefixtures("register")

CHANGE = "/accounts/password/change/"
ADD = "/admin/pvematrix/account/add/"
GIVEN, OWN = "borrowed umbrella canal", "tangerine lamp violet"


@pytest.fixture
def manager():
    return member("Managers", "manager")


@pytest.fixture
def bob():
    return User.objects.create_user("bob", "bob@example.org", GIVEN, is_staff=True)


def page_of(user) -> str:
    return f"/admin/pvematrix/account/{user.pk}/change/"


def form_of(client, user, **changes) -> dict:
    """What the browser would send for an account's form, as it shows it."""
    form = client.get(page_of(user)).context["adminform"].form
    data = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if name in ("groups", "user_permissions"):
            data[name] = [one.pk for one in value]
        elif value not in (None, False) and name != "password":
            data[name] = "on" if value is True else value
    return {name: value for name, value in (data | changes).items() if value is not None}


# History


def test_a_change_of_an_account_is_recorded_and_outlives_who_made_it(manager, bob, admin_client):
    editors = Group.objects.get(name="Editors")
    data = form_of(manager, bob, email="b@example.org", groups=[editors.pk], reason="New post")
    del data["is_active"]
    assert manager.post(page_of(bob), data).status_code == 302
    User.objects.get(username="manager").delete()
    revision = Revision.objects.of(bob).get()
    assert (revision.by, revision.by_name, revision.reason) == (None, "manager", "New post")
    assert [(one.column, one.old, one.new) for one in revision.changes] == [
        ("email", "bob@example.org", "b@example.org"),
        ("groups", "", "Editors"),
        ("is_active", "True", "False"),
    ]
    history = text_of(admin_client, f"/admin/pvematrix/account/{bob.pk}/history/")
    assert "Email address: bob@example.org → b@example.org" in history


@pytest.mark.postgresql
def test_an_account_that_is_deleted_stays_in_the_history(bob, admin_client):
    page = f"/admin/pvematrix/account/{bob.pk}/delete/"
    submit(admin_client, page, {"post": "yes", "reason": "Made by mistake"})
    assert not User.objects.filter(username="bob").exists()
    revision = Revision.objects.get(key="bob")
    assert (revision.action, revision.by_name) == ("deleted", "admin")
    assert revision.old["email"] == "bob@example.org"


@pytest.mark.postgresql
def test_no_password_is_in_the_history_or_the_log(
    manager, admin_client, lines, django_capture_on_commit_callbacks
):
    form = {"username": "carol", "role": Group.objects.get(name="Editors").pk}
    with django_capture_on_commit_callbacks(execute=True):
        link = manager.post(ADD, form).context["link"]
    carol = User.objects.get(username="carol")
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(
            f"/admin/pvematrix/account/{carol.pk}/password/",
            {"usable_password": "true", "password1": OWN, "password2": OWN},
        )
    added, changed = Revision.objects.of(carol)
    assert (added.action, added.by_name, added.new["groups"]) == ("added", "manager", ["Editors"])
    assert {one.column for one in changed.changes} == {"password_set_at", "password_is_temporary"}
    told = lines()
    assert [(line["event"], line["user"]) for line in told] == [
        ("password_link_made", "manager"),
        ("account_added", "manager"),
        ("password_changed", "admin"),
    ]
    everything = str([(one.old, one.new) for one in (added, changed)]) + str(told)
    carol.refresh_from_db()
    assert not any(
        secret in everything
        for secret in (link.split("/")[-2], OWN, carol.password, "argon2", "md5")
    )


def test_each_change_is_a_line_of_the_security_log_and_its_owner_sees_it(
    admin_client, bob, lines, client, django_capture_on_commit_callbacks
):
    data = form_of(admin_client, bob, email="b@example.org", is_superuser="on")
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(page_of(bob), data)
    assert lines() == [
        {
            "level": "WARNING",
            "event": "account_changed",
            "user": "admin",
            "address": "127.0.0.1",
            "path": page_of(bob),
            "detail": ("bob: email: bob@example.org -> b@example.org; is_superuser: False -> True"),
        }
    ]
    client.force_login(bob)
    desk = text_of(client, "/admin/")
    assert "Your account changed in the last 30 days" in desk
    assert "admin Email address: bob@example.org → b@example.org" in desk
    assert "Your account changed" not in text_of(admin_client, "/admin/")


def test_a_closed_account_is_out_at_the_next_request_and_its_sessions_do_not_come_back(
    admin_client, bob, lines, django_capture_on_commit_callbacks
):
    at_work = Client()
    at_work.post(LOGIN, {"login": "bob", "password": GIVEN})
    lines()
    closed = form_of(admin_client, bob, is_active=None)
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(page_of(bob), closed)
    assert at_work.get(DESK)["Location"].startswith("/admin/login/")
    assert [(line["event"], line["detail"]) for line in lines()] == [
        ("sessions_ended", "bob: 1"),
        ("account_changed", "bob: is_active: True -> False"),
    ]
    admin_client.post(page_of(bob), form_of(admin_client, bob, is_active="on"))
    assert User.objects.get(username="bob").is_active
    assert at_work.get(DESK).status_code == 302


@pytest.mark.postgresql
def test_only_who_may_see_accounts_sees_their_history(manager, bob, admin_client):
    admin_client.post(page_of(bob), form_of(admin_client, bob, email="secret@example.org"))
    revision = Revision.objects.of(bob).get()
    viewer = member("Viewers", "viewer")
    for address in ("", f"{revision.pk}/change/"):
        page = f"/admin/projects/revision/{address}"
        assert "secret@example.org" not in viewer.get(page, follow=True).content.decode()
    assert "bob" not in text_of(viewer, "/admin/projects/revision/")
    assert "secret@example.org" in text_of(manager, page)
    assert "secret@example.org" not in text_of(Client(), "/projects/changes/")


def test_former_rights_are_not_restored(admin_client, bob):
    admin_client.post(page_of(bob), form_of(admin_client, bob, is_superuser="on"))
    revision = Revision.objects.of(bob).get()
    page = f"/admin/projects/revision/{revision.pk}/"
    assert "Version:" not in text_of(admin_client, f"{page}change/")
    data = {"reason": "x", "side": "old", "seen": revision.pk}
    assert admin_client.post(f"{page}restore/", data).status_code == 403


# Two at one account


def test_the_second_of_two_managers_sees_what_the_first_did(manager, bob, admin_client):
    first = form_of(manager, bob, reason="He left")
    del first["is_active"]
    second = form_of(admin_client, bob, first_name="Robert", last_name="Jones")
    assert manager.post(page_of(bob), first).status_code == 302
    response = admin_client.post(page_of(bob), second)
    assert response.status_code == 409
    # A number that no page showed is no excuse.
    assert admin_client.post(page_of(bob), second | {"seen": 999_999_999}).status_code == 409
    (conflict,) = response.context["conflicts"]
    assert (conflict.column, conflict.theirs, conflict.mine) == ("is_active", "False", "True")
    bob.refresh_from_db()
    assert not bob.is_active
    kept = dict(response.context["carried"]) | {
        "seen": response.context["last"].pk,
        "merged": "is_active",
        "keep-is_active": "theirs",
    }
    assert admin_client.post(page_of(bob), kept).status_code == 302
    bob.refresh_from_db()
    assert (bob.is_active, bob.first_name) == (False, "Robert")


# Passwords that somebody else gave


def test_a_password_that_somebody_gave_is_changed_first(bob, manager, client):
    form = {"usable_password": "true", "password1": GIVEN, "password2": GIVEN}
    assert manager.post(f"/admin/pvematrix/account/{bob.pk}/password/", form).status_code == 302
    client.post("/accounts/login/", {"login": "bob", "password": GIVEN})
    assert client.get("/admin/")["Location"] == f"{CHANGE}?next=%2Fadmin%2F"
    assert "Somebody else knows your password. Choose your own." in text_of(client, CHANGE)
    same = {"oldpassword": GIVEN, "password1": GIVEN, "password2": GIVEN}
    page = client.post(CHANGE, same).content.decode()
    assert "This is your present password. Choose another." in page
    response = client.post(CHANGE, same | {"password1": OWN, "password2": OWN})
    assert response["Location"] == "/admin/"
    assert client.get(DESK).status_code == 200
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": "bob", "password": OWN})
    assert client.get(DESK).status_code == 200
    given, chosen = Revision.objects.of(bob)
    assert (given.by_name, chosen.by_name) == ("manager", "bob")
    assert ("password_is_temporary", "True", "False") in [
        (one.column, one.old, one.new) for one in chosen.changes
    ]


# One page, and a link


def choose(link: str, password: str = OWN):
    """What a browser does with a link that was handed over: the page, then the form."""
    client = Client()
    page = client.get(link, follow=True)
    if page.status_code != 200:
        return page
    address = page.redirect_chain[-1][0]
    data = {"new_password1": password, "new_password2": password}
    return client.post(address, data, follow=True)


def test_one_page_makes_an_account_and_its_owner_chooses_the_password(manager):
    page = manager.get(ADD)
    assert "Editors: also write, comment, attach files" in page.content.decode()
    data = {
        "username": "carol",
        "first_name": "Carol",
        "email": "carol@example.org",
        "role": Group.objects.get(name="Editors").pk,
    }
    page = manager.post(ADD, data)
    link = page.context["link"]
    assert link.startswith("http://testserver/accounts/password/choose/")
    assert "Hand this link to the owner of carol in a way that you trust:" in page.content.decode()
    carol = User.objects.get(username="carol")
    assert (carol.is_staff, carol.is_superuser, carol.has_usable_password()) == (True, False, False)
    assert [group.name for group in carol.groups.all()] == ["Editors"]
    page = choose(link)
    assert page.redirect_chain[-1][0] == "/accounts/login/"
    assert "Your password is set. Log in with it." in page.content.decode()
    client = Client()
    page = client.post("/accounts/login/", {"login": "carol", "password": OWN}, follow=True)
    assert page.redirect_chain[-1][0] == "/admin/"
    changed = Revision.objects.of(carol)[1]
    assert (changed.by_name, changed.new["password_is_temporary"]) == ("carol", False)


def link_to(client, user) -> str:
    """Make a link with which its owner chooses the account's password."""
    return client.post(f"/admin/pvematrix/account/{user.pk}/link/").context["link"]


def test_a_link_works_once_for_a_day_and_not_after_a_login(manager, bob, monkeypatch):
    first = link_to(manager, bob)
    assert choose(first).status_code == 200
    used = choose(first)
    assert used.status_code == 404
    assert "This link was used, is older than a day" in used.content.decode()
    second = link_to(manager, bob)
    client = Client()
    client.post("/accounts/login/", {"login": "bob", "password": OWN})
    assert choose(second).status_code == 404
    third, now = link_to(manager, bob), datetime.now()
    for age, status in [(timedelta(hours=24, seconds=2), 404), (timedelta(hours=23), 200)]:
        # Django's own clock of its links, which it keeps apart for this.
        later = now + age
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _self, at=later: at)
        assert choose(third).status_code == status


def test_a_chosen_password_ends_the_sessions_that_the_old_one_began(manager, bob):
    other = Client()
    other.force_login(bob)
    # Refused: the old one still works.
    assert choose(link_to(manager, bob), "12345678").status_code == 200
    bob.refresh_from_db()
    assert bob.check_password(GIVEN)
    assert other.get(DESK).status_code == 200
    choose(link_to(manager, bob))
    assert other.get(DESK).status_code == 302


def test_nobody_makes_a_link_to_an_account_with_more_rights(manager, admin_user):
    assert manager.post(f"/admin/pvematrix/account/{admin_user.pk}/link/").status_code == 403


def test_a_closed_account_gets_no_link_and_a_link_opens_none(manager, bob):
    link = link_to(manager, bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert choose(link).status_code == 404
    answer = manager.post(f"/admin/pvematrix/account/{bob.pk}/link/", follow=True)
    assert "This account is closed. Make it active first." in answer.content.decode()
