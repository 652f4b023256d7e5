"""Text as it is compared and kept: folded, without control characters, with plain line breaks."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import get_text_list
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


def cited(document: str, paragraphs: str) -> str:
    """Return where a document says something, e.g. "A/72/621, paras. 44–46 and 52".

    `paragraphs` has the numbers, whatever stands between them; without any it is the document.
    """
    runs: list[list[int]] = []
    for number in map(int, re.findall("[0-9]+", paragraphs)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    if not runs:
        return document
    words: list[Any] = []
    for run in runs:
        words += [f"{run[0]}–{run[-1]}"] if len(run) > 2 else map(str, run)
    known = {"document": document, "paragraphs": get_text_list(words, _("and"))}
    if len(runs) == len(runs[0]) == 1:
        return _("%(document)s, para. %(paragraphs)s") % known
    return _("%(document)s, paras. %(paragraphs)s") % known


def day_in_words(day: str) -> str:
    """Return a date as a reader writes it, as precise as it is: 2017, 2017-12 or 2017-12-01."""
    formats = {4: "Y", 7: "F Y", 10: "j F Y"}
    known = parse_date(f"{day}-01-01"[:10]) if len(day) in formats else None
    return date_format(known, formats[len(day)]) if known else day
