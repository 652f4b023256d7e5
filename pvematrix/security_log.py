"""The security log: one line of JSON on standard output for each event.

To log an event, from any package:

    logging.getLogger("pvematrix.security").warning(
        "import_refused", extra={"request": request, "detail": "column “scoep” is unknown"}
    )

and the line is, for example:

    {"time": "2026-11-25T09:30:00Z", "level": "WARNING", "event": "import_refused",
     "user": "editor", "address": "10.0.0.7", "path": "/admin/projects/batch/import/",
     "request": "0b9f3c52d7a14e6f8c5d1e2f3a4b5c6d",
     "detail": "column \\u201cscoep\\u201d is unknown"}

The events: login_succeeded, login_failed, lockout, slowed, logout, permission_refused,
import_refused, file_refused, file_given, second_factor_unreadable; personal_record_added,
personal_record_changed, personal_record_deleted and personal_data_exported, with numbers of
records alone; account_added, account_changed, account_deleted, password_changed,
second_factor_changed and recovery_codes_changed, each with the account and its values, old -> new,
in "detail". "user" is the account that is logged in, or that of extra={"user": …}. "detail" is
optional, and a command has no request. Never pass a password, a code, a token or a file's content.
"""

import json
import logging
from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied

LONGEST, LONGEST_DETAIL = 200, 2000


class SecurityFormatter(logging.Formatter):
    """Writes ASCII only: a visitor's text can neither break the line nor hide in it."""

    def format(self, record):
        request = getattr(record, "request", None)
        facts = {
            "time": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "level": record.levelname,
            "event": record.getMessage(),
            "user": getattr(record, "user", None) or _name_of(request),
            "address": _address_of(request) if request else "",
            "path": request.path if request else "",
            "request": getattr(request, "id", "-"),
        }
        shown = {name: str(fact)[:LONGEST] for name, fact in facts.items()}
        if hasattr(record, "detail"):
            shown["detail"] = str(record.detail)[:LONGEST_DETAIL]
        return json.dumps(shown)


def _name_of(request) -> str:
    return request.user.get_username() if hasattr(request, "user") else ""


def _address_of(request) -> str:
    # allauth's models are not loaded yet when Django sets up logging.
    from allauth.account.adapter import get_adapter  # noqa: PLC0415 - see above

    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:  # a request without an address
        return ""
