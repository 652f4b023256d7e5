"""Text as it is compared and kept: folded, with nothing hidden in it, with plain line breaks."""

import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
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
    if text.isascii():  # most is, and has nothing to decompose
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


# What stands between words like a space: hyphen-minus, hyphen and en dash, since NFKD makes hyphens
# of the other ones, and the end of a line.
LIKE_SPACES = "-‐–\n"
_SPACES = str.maketrans(LIKE_SPACES, " " * len(LIKE_SPACES))


def spaced(text: str) -> str:
    """Return the text with a space for each hyphen and line break.

    So "UN-Women" and "UN Women" are one, and a phrase goes on in the next line.
    """
    return text.translate(_SPACES)


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


def with_escapes(text: str) -> str:
    """Return the text with an escape, e.g. \\x1b, for each control character."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def in_xml(text: str) -> str:
    """Return the text with U+FFFD for each character that XML does not carry."""
    return _CONTROL_IN_TEXT.sub("\ufffd", text)


# The category Cf of Unicode, and its separators of lines and paragraphs: signs that nobody sees, or
# that show what follows in another order. Not U+200C and U+200D, without which some scripts cannot
# be written, and not the signs of Arabic and Syriac numbers, which are seen.
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
# Those of them that come with words that were copied: soft hyphens, and signs without width.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
# What shows nothing by itself: white space, the two joiners, and letters that are blanks.
_NOTHING_TO_SEE = re.compile(r"[\s\u200c\u200d\u115f\u1160\u2800\u3164\uffa0]+")
_LINE_BREAK = re.compile("[\t\r\n]")


def validate_plain_text(value: str) -> None:
    """Raise ValidationError for what is not seen: control and format characters, or all of it.

    Tab and line breaks are allowed. PostgreSQL refuses NUL; neither a workbook nor a feed can carry
    the other control characters; format characters hide in a text, or turn it round.
    """
    if value.strip() and _NOTHING_TO_SEE.fullmatch(value):
        raise ValidationError(_("Nothing of this text can be seen."))
    _refuse(
        _CONTROL_IN_TEXT,
        value,
        _("Character %(position)s is a control character (U+%(code)s); remove it."),
    )
    _refuse(
        _HIDDEN,
        value,
        _(
            "Character %(position)s is invisible or changes the direction of the text "
            "(U+%(code)s); remove it."
        ),
    )


def validate_one_line(value: str) -> None:
    """Raise ValidationError for what is no plain text, and for tabs and line breaks."""
    validate_plain_text(value)
    _refuse(
        _LINE_BREAK,
        value,
        _("Character %(position)s is a tab or a line break (U+%(code)s); write it in one line."),
    )


def _refuse(characters: re.Pattern, value: str, message) -> None:
    if found := characters.search(value):
        place = {"position": found.start() + 1, "code": f"{ord(found[0]):04X}"}
        raise ValidationError(message, params=place)


_web_address = URLValidator(
    schemes=["https", "http"],
    message=_("Enter a web address that begins with https:// or http://."),
)


def validate_link(value: str) -> None:
    """Raise ValidationError for what is no web address that a reader can be sent to.

    It begins with https:// or http://, and names no user: what stands before an @ looks like the
    site that a link leads to.
    """
    validate_one_line(value)
    _web_address(value)
    if "@" in urlsplit(value).netloc:
        raise ValidationError(_("A web address names no user: remove what stands before the @."))


def with_scheme(address: str) -> str:
    """Return a web address with https:// before it, if it begins with www."""
    return f"https://{address}" if address.lower().startswith("www.") else address


def is_link(value: str) -> bool:
    """Return whether this is a web address that a reader can be sent to."""
    try:
        validate_link(value)
    except ValidationError:
        return False
    return True


def printable(text: str) -> str:
    """Return the text in one line as a terminal or a log can show it: the rest as escapes."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


def without_unseen(text: str) -> str:
    """Return the text without soft hyphens and signs without width, which copying brings along."""
    return text if text.isascii() else text.translate(_UNSEEN)


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
