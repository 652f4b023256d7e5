"""Model fields whose values mean the same on SQLite and PostgreSQL."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

# A Gregorian date of year, month or day precision; the last two alternatives are 29 February of
# the leap years. Written for both engines' regular expressions, so that a constraint can hold it.
PARTIAL_DATE = (
    r"^(?!0000)("
    r"[0-9]{4}"
    r"|[0-9]{4}-(0[1-9]|1[0-2])"
    r"|[0-9]{4}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    r"|[0-9]{4}-(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|[0-9]{4}-02-(0[1-9]|1[0-9]|2[0-8])"
    r"|[0-9]{2}(0[48]|[2468][048]|[13579][26])-02-29"
    r"|([02468][048]|[13579][26])00-02-29"
    r")\Z"
)


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


class ByteOrdered:
    """Makes a text field sort by code point on every database, whatever the server's locale."""

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class PartialDateField(ByteOrdered, models.CharField):
    """A date as precise as its source: YYYY, YYYY-MM or YYYY-MM-DD; empty when not stated."""

    default_validators = [
        RegexValidator(
            PARTIAL_DATE,
            _("“%(value)s” is not a date: write YYYY, YYYY-MM or YYYY-MM-DD, e.g. 2017-06."),
        )
    ]


class FoldedAttribute(DeferredAttribute):
    """Computes the folded text from its source fields whenever the attribute is read.

    Saving, bulk_create and loaddata all read the attribute and so store what it is then. Only
    `QuerySet.update` and `bulk_update` go round it: never change a source field through them.
    """

    def __get__(self, instance, cls=None):
        if instance is None:
            return self
        text = " ".join(getattr(instance, source) for source in self.field.sources)
        return fold(text)[: self.field.length]

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class FoldedField(ByteOrdered, models.TextField):
    """The folded text of other fields of the same row, kept for searching and sorting.

    `length` cuts it to what an index entry can hold.
    """

    descriptor_class = FoldedAttribute

    def __init__(self, *args, sources=(), length=None, **kwargs):
        self.sources = tuple(sources)
        self.length = length
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "sources": self.sources, "length": self.length}
