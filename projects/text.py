"""Text as it is compared and kept: folded, without control characters, with plain line breaks."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def fold(text: str) -> str:
    """Return text without case and accents, the form in which search and sorting compare.

    Compatibility decomposition, combining marks dropped, Unicode case folding: "École" and
    "ECOLE" give "ecole". It is done in Python because SQLite lowers ASCII only and PostgreSQL's
    answer depends on the server's locale.
    """
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


# The categories Cc and Cs of Unicode, control characters and halves of surrogate pairs, and the two
# code points that XML 1.0 excludes besides.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CONTROL_IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def is_control(character: str) -> bool:
    """Return whether this is a control character or another that no text has."""
    return bool(_CONTROL.match(character))


def control_in(text: str) -> int | None:
    """Return the place of the first control character but tab and line breaks, None without."""
    found = _CONTROL_IN_TEXT.search(text)
    return found.start() if found else None


def validate_plain_text(value: str) -> None:
    """Raise ValidationError for control characters other than tab and line breaks.

    PostgreSQL refuses NUL; neither a workbook nor a feed can carry the others.
    """
    place = control_in(value)
    if place is not None:
        raise ValidationError(
            _("Character %(position)s is a control character (U+%(code)s); remove it."),
            params={"position": place + 1, "code": f"{ord(value[place]):04X}"},
        )


def plain_newlines(text: str) -> str:
    """Return the text with line feeds for line breaks: browsers send two characters for one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def letters_and_digits(text: str) -> str:
    """Return what is left of a folded text without spaces and signs: "UN-Women" gives "unwomen"."""
    return "".join(c for c in fold(text) if c.isalnum())
