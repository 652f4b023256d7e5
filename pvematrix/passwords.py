"""Passwords: how they are kept, how many are looked at at once, and which are refused."""

import re
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from .errors import PasswordsBusy

# In each process, of its four threads: a flood of logins leaves the others, and the memory.
AT_ONCE = BoundedSemaphore(2)
# What a password of this site's staff is made of when somebody guesses.
OWN_WORDS = {"pvematrix", "pve", "matrix", "register", "unoct", "oct", "united", "nations"}
# zxcvbn's scale is 0 to 4; 3 withstands 10 to the 8th guesses.
LEAST_SCORE = 3


@contextmanager
def one_of_few():
    """Look at a password inside; PasswordsBusy, at once, if enough others are looked at."""
    if not AT_ONCE.acquire(blocking=False):
        raise PasswordsBusy
    try:
        yield
    finally:
        AT_ONCE.release()


class PasswordHasher(Argon2PasswordHasher):
    """Django's, with the cost that OWASP's Password Storage Cheat Sheet names for Argon2id."""

    memory_cost = 19_456  # KiB
    time_cost = 2
    parallelism = 1


class StrengthValidator:
    """Refuses what is guessed early: common words, keyboard rows, dates, and this site's words."""

    def validate(self, password, user=None):
        names = ("username", "first_name", "last_name", "email")
        own = {word for name in names for word in re.findall(r"\w{3,}", getattr(user, name, ""))}
        longest_first = sorted(OWN_WORDS | own, key=len, reverse=True)
        # They count for nothing: what is left has to be strong by itself.
        rest = re.sub("|".join(map(re.escape, longest_first)), "", password, flags=re.IGNORECASE)
        # zxcvbn looks at no more, and takes longer and longer.
        if not rest or zxcvbn(rest[:72])["score"] < LEAST_SCORE:
            raise ValidationError(
                _("This password is easy to guess. Take several words that do not go together."),
                code="password_easy_to_guess",
            )

    def get_help_text(self):
        return _(
            "Your password cannot be easy to guess: several words that do not go together are "
            "good, names, dates and the words of this site are not."
        )
