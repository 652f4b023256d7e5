"""What the product takes from its libraries although they promise nothing of it.

Look here first when you change a version. What login takes is compared below; behind the rest are
tests of what it is for:

- messages say whether they were read, and a connection whether it was checked: page_cache.py
- the table of the cache is written by one method: pvematrix/cache.py
- a sheet that streams knows its part of the archive: projects/imports/workbook.py
- paragraphs and tables of Word are XML: projects/exports/word.py
"""

from importlib.metadata import version
from inspect import getsource, signature

import pytest
from allauth.account.internal import decorators
from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal import ratelimit
from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.middleware import SessionMiddleware


@pytest.mark.parametrize(
    ("library", "known"),
    [
        *(("Django", "5.2."), ("django-allauth", "65.22."), ("openpyxl", "3.1.")),
        ("python-docx", "1.2."),
    ],
)
def test_the_versions_are_those_that_were_read(library, known):
    assert version(library).startswith(known)


def test_a_session_that_is_not_stored_says_why():
    """pvematrix/login.py reads the database's error two causes up."""
    assert "except DatabaseError:" in getsource(SessionStore.save)
    assert "raise UpdateError" in getsource(SessionStore.save)
    assert "except UpdateError:" in getsource(SessionMiddleware.process_response)


def test_what_login_takes_from_allauth_is_there():
    """pvematrix/attempts.py, login.py, second_factor.py and api/limits.py."""
    assert list(signature(record_authentication).parameters)[:3] == ["request", "user", "method"]
    assert "request._login_stage = " in getsource(decorators)
    assert list(signature(TOTP._get_used_cache_key).parameters) == ["self", "code"]
    assert "self._get_used_cache_key(code)" in getsource(TOTP._mark_code_used)
    assert list(signature(validate_totp_code).parameters) == ["secret", "code"]
    assert {"request", "app", "action", "key"} <= {*signature(ratelimit.consume).parameters}
    assert list(signature(ratelimit.get_ip).parameters) == ["request"]
    assert UserSession._meta.get_field("user_agent").max_length == HTTP_USER_AGENT_MAX_LENGTH
    assert {"usage", "rollback"} <= {*dir(ratelimit.RateLimitUsage(usage=[]))}
