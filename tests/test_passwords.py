"""Passwords: which are refused, how they are kept, and how many are looked at at once."""

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from pvematrix import settings as production
from pvematrix.passwords import PASSWORD_CHECKS

CHANGE = "/accounts/password/change/"
GIVEN, OWN = "borrowed umbrella canal", "tangerine lamp violet"


@pytest.fixture
def bob(db):
    return User.objects.create_user("bob", "bob@example.org", GIVEN, is_staff=True)


@pytest.mark.parametrize(
    "password",
    [
        "abcdefghijklmno",
        "pvematrix",
        "pvematrix2026!!",
        "password1234567",
        "UnitedNations2017",
        "bob-margaret-bob",
        "short-7Q!",
    ],
)
def test_a_password_that_is_guessed_early_is_refused(password):
    bob = User(username="bob", first_name="Margaret", email="bob@example.org")
    with pytest.raises(ValidationError):
        validate_password(password, bob)


@pytest.mark.parametrize("password", [GIVEN, OWN, "x7!kQ2#vR9@m", "käse über alles wetter" * 20])
def test_a_password_of_several_words_or_of_chance_is_taken(password):
    validate_password(password, User(username="bob"))


@pytest.fixture
def real_passwords(settings):
    """Passwords as they are kept in production, and not as the other tests keep them."""
    settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS


def test_a_password_is_hashed_by_argon2_and_an_older_one_at_its_next_login(
    db, real_passwords, client
):
    old = make_password(GIVEN, hasher="pbkdf2_sha256")
    dora = User.objects.create(username="dora", password=old, is_staff=True)
    client.post("/accounts/login/", {"login": "dora", "password": GIVEN})
    assert client.get("/admin/").status_code == 200
    dora.refresh_from_db()
    assert dora.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert dora.check_password(GIVEN)


def test_when_many_log_in_at_once_one_more_has_to_wait(bob, real_passwords, client):
    form = {"login": "bob", "password": "wrong"}
    with PASSWORD_CHECKS, PASSWORD_CHECKS:
        for _attempt in range(6):
            response = client.post("/accounts/login/", form)
            assert (response.status_code, response["Retry-After"]) == (503, "5")
    page = response.content.decode()
    assert "The site is busy" in page
    assert "Your password was not checked." in page
    # None of these counted, and the next is looked at.
    assert client.post("/accounts/login/", form).status_code == 200


def test_a_password_of_a_list_of_leaked_ones_is_refused_though_it_looks_strong(bob, client):
    client.force_login(bob)
    for password, says in (
        ("Qwerty12345!", "This password is easy to guess."),
        ("doomsayer.2.7mords.vv", "This password is too common."),
    ):
        form = {"oldpassword": GIVEN, "password1": password, "password2": password}
        assert says in client.post(CHANGE, form).content.decode()
