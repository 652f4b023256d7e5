"""Text as the register compares and stores it, and lists, dates and quotation marks in words."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.urls import register_converter
from django.urls.converters import StringConverter
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_bidi, gettext, pgettext
from django.utils.translation import gettext_lazy as _

# A text, or one that is translated where it is shown.
if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Wording
else:
    Wording = str | Promise


def fold(text: str) -> str:
    """Return text without case and accents, for searching and sorting: "École" gives "ecole".

    In Python, because SQLite lowers ASCII only and PostgreSQL depends on the server's locale.
    """
    if text.isascii():  # the common case, faster
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text)
    # A list takes less time than a generator here.
    return "".join([c for c in decomposed if not unicodedata.combining(c)]).casefold()


# Unicode's categories Cc and Cs, control characters and surrogates, and the two other code points
# that XML 1.0 excludes.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CONTROL_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def control_in(text: str) -> int | None:
    """Return the index of the first control character but tab and line breaks, or None."""
    found = _CONTROL_IN_TEXT.search(text)
    return found.start() if found else None


def with_escapes(text: str) -> str:
    """Return the text with an escape, e.g. \\x1b, for each control character."""
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def in_xml(text: str) -> str:
    """Return the text with U+FFFD for each character that XML does not allow."""
    return _CONTROL_IN_TEXT.sub("\ufffd", text)


# Unicode's category Cf and separators of lines and paragraphs: signs that are invisible or reorder
# what follows. Not U+200C and U+200D, which some scripts need, nor the visible signs of Arabic and
# Syriac numbers.
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
# Those that come with copied words: soft hyphens, and signs without width.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
# Invisible alone: white space, the two joiners, and letters that are blanks.
_NOTHING_TO_SEE = re.compile(r"[\s\u200c\u200d\u115f\u1160\u2800\u3164\uffa0]+")
_LINE_BREAK = re.compile("[\t\r\n]")
EMPTY_LINE = re.compile(r"\n\s*\n")


class _Letters(dict):
    """A table for `str.translate`: a space for what is no letter, mark or digit."""

    def __missing__(self, code: int) -> str:
        is_kept = unicodedata.category(chr(code))[0] in "LMN"
        self[code] = chr(code) if is_kept else " "
        return self[code]


LETTERS = _Letters(_UNSEEN)


def words_of(text: str) -> str:
    """Return the folded words of a text with a space between them: "UN-Women" is "un women"."""
    return " ".join(fold(text).translate(LETTERS).split())


# Of folded words: the ending of a Russian case, with or without a consonant, what Arabic puts
# before a word, and its feminine.
_CASE = re.compile(
    "(?<=[а-я]{3})[аеиоуыэюяь]+(?:го|му|ми|[мхв])$|(?<=[а-я]{2})[аеиоуыэюяь]+$"
    r"|^(?:[وف]?(?:[بلك]?ال|لل)(?=\w{3}))?(?:[بلو](?=\w{4}))?|(?<=[\u0621-\u064a]{3})ه$"
)


def singular(word: str) -> str:
    """Return a folded word without an English plural."""
    if len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def stem(word: str) -> str:
    """Return a folded word without its plural, its Russian case or its Arabic article."""
    return singular(word) if word.isascii() else _CASE.sub("", word)


def searchable(*texts: str) -> str:
    """Return texts as searches read them: a line of words for each paragraph.

    There is a space before and after each word, so that " rights " is a whole word, and " rights"
    the beginning of one. A phrase does not go on in the next line.
    """
    lines = (words_of(one) for text in texts for one in EMPTY_LINE.split(text))
    return "".join(f" {line} \n" for line in lines)


def validate_plain_text(value: str) -> None:
    """Raise ValidationError for invisible text, and for control and format characters.

    Tab and line breaks are allowed. PostgreSQL refuses NUL, workbooks and feeds the other control
    characters; format characters hide in a text or reverse it.
    """
    if value.strip() and _NOTHING_TO_SEE.fullmatch(value):
        raise ValidationError(_("All characters of this text are invisible."))
    invisible = _("Character %(position)s is invisible (U+%(code)s): remove it.")
    _refuse(_CONTROL_IN_TEXT, value, invisible)
    _refuse(_HIDDEN, value, invisible)


def validate_one_line(value: str) -> None:
    """Raise ValidationError as for plain text, and for tabs and line breaks."""
    validate_plain_text(value)
    _refuse(_LINE_BREAK, value, _("Character %(position)s is a tab or a line break: remove it."))


def _refuse(characters: re.Pattern, value: str, message: Wording) -> None:
    if found := characters.search(value):
        place = {"position": found.start() + 1, "code": f"{ord(found[0]):04X}"}
        raise ValidationError(message, params=place)


_web_address = URLValidator(
    schemes=["https", "http"],
    message=_("Enter a web address that begins with https:// or http://."),
)


def validate_link(value: str) -> None:
    """Raise ValidationError for what is no http(s) address, or has a user before an @."""
    validate_one_line(value)
    _web_address(value)
    if "@" in urlsplit(value).netloc:
        raise ValidationError(_("A web address names no user: remove what is before the @."))


def with_scheme(address: str) -> str:
    """Return a web address, one that begins with www. with https:// before it."""
    return f"https://{address}" if address.lower().startswith("www.") else address


def is_link(value: str) -> bool:
    try:
        validate_link(value)
    except ValidationError:
        return False
    return True


def printable(text: str) -> str:
    """Return the text in one line for a terminal or a log, with escapes."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


def without_unseen(text: str) -> str:
    """Return the text without the invisible signs that copied words have."""
    return text if text.isascii() else text.translate(_UNSEEN)


def plain_newlines(text: str) -> str:
    """Return the text with a line feed for each line break; browsers send two characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def letters_and_digits(text: str) -> str:
    """Return a folded text without spaces and signs: "UN-Women" gives "unwomen"."""
    return "".join(filter(str.isalnum, fold(text)))


def all_of(texts: Iterable[Any]) -> str:
    """Return texts as a list, as the reader's language writes it: "A, B and C"."""
    between = pgettext("in a list that ends with and", "%(first)s, %(last)s")
    return _listed(texts, gettext("%(first)s and %(last)s"), between)


def any_of(texts: Iterable[Any]) -> str:
    """Return texts as alternatives: "A, B or C"."""
    between = pgettext("in a list that ends with or", "%(first)s, %(last)s")
    return _listed(texts, gettext("%(first)s or %(last)s"), between)


def in_a_row(texts: Iterable[Any]) -> str:
    """Return texts with the language's commas: "A, B, C"."""
    between = gettext("%(first)s, %(last)s")
    return _listed(texts, between, between)


def followed_by(first: Any, last: Any) -> str:
    """Return a thing and what it is known by, with a comma: "61, described"."""
    text = pgettext("a document and its place, a number and its basis", "%(first)s, %(last)s")
    return text % {"first": first, "last": last}


def with_basis(number: Any, basis: Any) -> str:
    """Return a number and how it is known: "27 (published)"."""
    return gettext("%(number)s (%(known)s)") % {"number": number, "known": basis}


def percent(share: float, decimals: int = 0) -> str:
    """Return a share as per cent, whole ones if nothing else is asked for: "34 %"."""
    return gettext("%(share)s %%") % {"share": f"{share:.{decimals}f}"}


def separated(texts: Iterable[Any]) -> str:
    """Return texts that may have commas, with the language's semicolons."""
    between = gettext("%(first)s; %(last)s")
    return _listed(texts, between, between)


def _listed(texts: Iterable[Any], last: str, between: str) -> str:
    listed, *others = [str(one) for one in texts] or [""]
    for place, one in enumerate(others, start=1):
        text = _before_vowels(last, one) if place == len(others) else between
        listed = text % {"first": listed, "last": one}
    return listed


def _before_vowels(text: str, name: str) -> str:
    """Return "e" for the Spanish "y", and "u" for "o", before a name that begins with its sound."""
    if get_language() == "es":
        for word, other, sound in (("y", "e", "h?i(?!e)"), ("o", "u", "h?o")):
            if re.match(sound, fold(name)):
                return text.replace(f" {word} ", f" {other} ")
    return text


def left_to_right(text: Any) -> str:
    """Return a range of numbers, which is read from left to right in Arabic too."""
    return f"\u2066{text}\u2069" if get_language_bidi() else str(text)


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def quoted(text: Any) -> str:
    """Return a text in the quotation marks of the reader's language."""
    return gettext("“%s”") % isolated(text)


def isolated(text: Any) -> str:
    """Return a symbol or a Latin name whose order no Arabic around it changes."""
    text = str(text)
    is_arabic = unicodedata.bidirectional(text[:1] or "A") == "AL"
    return f"\u2068{text}\u2069" if get_language_bidi() and not is_arabic else text


def day_in_words(day: str) -> str:
    """Return a date (YYYY, YYYY-MM or YYYY-MM-DD) in words."""
    known = parse_date(f"{day}-01-01"[:10]) if len(day) in (4, 7, 10) else None
    if not known:
        return day
    return date_format(known, "Y") if len(day) == 4 else date_in_words(known, len(day) == 7)


# Arabic has two names of each month in the documents of the United Nations: so these are texts.
MONTHS = (
    *(_("January"), _("February"), _("March"), _("April"), _("May"), _("June")),
    *(_("July"), _("August"), _("September"), _("October"), _("November"), _("December")),
)


def date_in_words(day: date, is_month: bool = False) -> str:
    """Return a day, or its month, as documents of the United Nations have it in the language."""
    if is_month:
        return date_format(day, pgettext("format of a month", "F Y"))
    if day.day == 1:
        return date_format(day, pgettext("format of the first of a month", "j F Y"))
    return date_format(day, pgettext("format of a day", "j F Y"))


# References of projects, "PVE-001".
REFERENCE = r"^PVE-[0-9]{3,12}\Z"
NUMBER_STARTS = len("PVE-")


def number_of(reference: str) -> int | None:
    """Return a reference's number, None for a text that is no reference."""
    return int(reference[NUMBER_STARTS:]) if re.match(REFERENCE, reference) else None


def reference_of(number: int) -> str:
    return f"PVE-{number:03}"


class ReferenceConverter(StringConverter):
    regex = "PVE-[0-9]{3,12}"


register_converter(ReferenceConverter, "reference")
