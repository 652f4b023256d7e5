"""Passwords: their hashes, the semaphore of their checks, and which ones are refused."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from .errors import Busy, Unavailable

# Of a worker's eight threads, so that a flood of logins leaves the others, and memory.
PASSWORD_CHECKS = BoundedSemaphore(2)
# Words that somebody would guess on this site.
OWN_WORDS = {"pvematrix", "pve", "matrix", "register", "unoct", "oct", "united", "nations"}
# zxcvbn's scale is 0 to 4; 3 withstands 10 to the 8th guesses.
LEAST_SCORE = 3


@contextmanager
def password_check() -> Iterator[None]:
    """Check a password inside; raises Busy at once if too many are checked."""
    if not PASSWORD_CHECKS.acquire(blocking=False):
        raise Busy(Unavailable.PASSWORDS)
    try:
        yield
    finally:
        PASSWORD_CHECKS.release()


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with the cost of OWASP's Password Storage Cheat Sheet."""

    memory_cost = 19_456  # KiB
    time_cost = 2
    parallelism = 1


class StrengthValidator:
    """Refuses passwords that are easy to guess: common words, dates, this site's words."""

    def validate(self, password: str, user: Any = None) -> None:
        names = ("username", "first_name", "last_name", "email")
        own = {word for name in names for word in re.findall(r"\w{3,}", getattr(user, name, ""))}
        longest_first = sorted(OWN_WORDS | own, key=len, reverse=True)
        # Without these words the rest has to be strong.
        rest = re.sub("|".join(map(re.escape, longest_first)), "", password, flags=re.IGNORECASE)
        # zxcvbn reads no more, and becomes slow.
        if not rest or zxcvbn(rest[:72])["score"] < LEAST_SCORE:
            raise ValidationError(
                _("This password is easy to guess."),
                code="password_easy_to_guess",
            )

    def get_help_text(self) -> str:
        return _("Choose several unrelated words. Use no names, dates or words of this site.")
