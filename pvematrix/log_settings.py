"""What the log has, and in which form: Django's own lines, and those of the security log."""

import logging
from typing import Any


def is_not_logged_elsewhere(record: logging.LogRecord) -> bool:
    """Return whether the record is not Django's line on what the security log or errors.py logs."""
    is_logged = getattr(record, "status_code", 0) in (403, 429, 503)
    return record.name != "django.request" or not is_logged


def without_traceback(record: logging.LogRecord) -> bool:
    """Remove the traceback of a malformed request, since no code has to be fixed."""
    if getattr(record, "status_code", None) in (400, 413):
        record.exc_info = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def logging_from(level: str) -> dict[str, Any]:
    """Return the setting LOGGING; `level` is the least that is logged."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "once": {"()": "django.utils.log.CallbackFilter", "callback": is_not_logged_elsewhere},
            "short": {"()": "django.utils.log.CallbackFilter", "callback": without_traceback},
            "numbered": {"()": "pvematrix.logs.RequestIdFilter"},
            "redacted": {"()": "pvematrix.logs.RedactionFilter"},
        },
        "formatters": {
            "plain": {"format": "%(asctime)s %(levelname)s %(request_id)s %(name)s: %(message)s"},
            "security": {"()": "pvematrix.logs.SecurityFormatter"},
        },
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "plain",
                "filters": ["once", "short", "numbered", "redacted"],
            },
            "security": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "security",
            },
        },
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            # Its own handlers would print a second time, or mail.
            "django": {"handlers": [], "level": "NOTSET", "propagate": True},
            # At DEBUG it logs what a page is made of: a text that is checked, too.
            "django.template": {"level": "INFO"},
            # Logged at every LOG_LEVEL.
            "pvematrix.security": {"handlers": ["security"], "level": "INFO", "propagate": False},
        },
    }
