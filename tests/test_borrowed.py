"""What the product takes from its libraries although they promise nothing of it.

Each is here, with the version that has it and the module that uses it. Look here first when you
change a version.
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
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from docx import Document
from openpyxl.worksheet import _read_only


@pytest.mark.parametrize(
    ("library", "known"),
    [
        *(("Django", "5.2."), ("django-allauth", "65.22."), ("openpyxl", "3.1.")),
        ("python-docx", "1.2."),
    ],
)
def test_the_versions_are_those_that_were_read(library, known):
    assert version(library).startswith(known)


def test_messages_say_whether_they_were_read():
    """pvematrix/page_cache.py: a page with a message is nobody else's."""
    assert "self.used = True" in getsource(BaseStorage.__iter__)


def test_a_connection_says_whether_it_was_checked():
    """pvematrix/page_cache.py: without a query for that before the only query of most pages."""
    assert connection.health_check_done in (True, False)
    assert "self.health_check_done" in getsource(BaseDatabaseWrapper.close_if_health_check_failed)


def test_the_table_of_the_cache_is_written_by_one_method():
    """pvematrix/cache.py: a locked database is no full cache."""
    for method in (DatabaseCache.set, DatabaseCache.add, DatabaseCache.touch):
        assert "self._base_set(" in getsource(method)


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


def test_a_sheet_knows_its_part_of_the_archive():
    """projects/imports/workbook.py: openpyxl reads no merged cells of a sheet that streams."""
    assert "self._worksheet_path = worksheet_path" in getsource(_read_only.ReadOnlyWorksheet)


def test_paragraphs_of_word_are_xml():
    """projects/exports/word.py adds runs."""
    document = Document()
    paragraph = document.add_paragraph()
    assert paragraph._p.tag.endswith("}p")
    table = document.add_table(1, 1)
    assert table._tbl.tblPr[-1].tag.endswith("}tblLook")
    assert table.rows[0]._tr.get_or_add_trPr().tag.endswith("}trPr")
