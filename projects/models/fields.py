"""Model fields that behave the same on SQLite and PostgreSQL."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from ..citations import place_of
from ..text import Wording, fold, searchable, validate_link, validate_one_line, validate_plain_text

# A Gregorian date of year, month or day precision; the last two alternatives are 29 February of
# leap years. It works in both databases, for a constraint.
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

NOT_A_DATE = _("Write YYYY, YYYY-MM or YYYY-MM-DD, e.g. 2017-06.")


def several_lines(
    label: Wording | None, length: int, help_text: Wording = "", blank: bool = True, **kwargs: Any
) -> models.CharField:
    """Return a field for text without hidden characters."""
    known = {"validators": [validate_plain_text], **kwargs}
    return models.CharField(label, max_length=length, help_text=help_text, blank=blank, **known)


def one_line(
    label: Wording | None, length: int, help_text: Wording = "", blank: bool = True, **kwargs: Any
) -> models.CharField:
    return several_lines(label, length, help_text, blank, validators=[validate_one_line], **kwargs)


def optional(
    to: Any, label: Wording | None, related_name: str | None = None, help_text: Wording = ""
) -> models.ForeignKey:
    """Return a field for another record, or none; while it is named it cannot be deleted."""
    return models.ForeignKey(
        to,
        models.PROTECT,
        related_name=related_name,
        null=True,
        blank=True,
        verbose_name=label,
        help_text=help_text,
    )


class ByteOrdered(models.Field):
    """Makes a text field sort by code point, in any locale of the server."""

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class PartialDateField(ByteOrdered, models.CharField):
    """A date: YYYY, YYYY-MM or YYYY-MM-DD, or empty."""

    default_validators = [
        RegexValidator(
            PARTIAL_DATE,
            _("“%(value)s” is not a date: write YYYY, YYYY-MM or YYYY-MM-DD, e.g. 2017-06."),
        )
    ]


class WebAddressField(models.URLField):
    default_validators = [validate_link]

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})


class FoldedAttribute(DeferredAttribute):
    """Computes the text from its source fields whenever it is read, also when saving.

    Never change a source field by `QuerySet.update`, `bulk_update` or `save(update_fields=…)`.
    """

    field: "FoldedField"

    def __get__(self, instance: Any, cls: type | None = None) -> Any:
        if instance is None:
            return self
        return self.field.text_of(getattr(instance, source) for source in self.field.sources)

    def __set__(self, instance: Any, value: str) -> None:
        instance.__dict__[self.field.attname] = value


class FoldedField(ByteOrdered, models.TextField):
    """The folded text of other fields, for searching and sorting; `length` suits an index."""

    descriptor_class = FoldedAttribute

    def __init__(
        self, *args: Any, sources: Iterable[str] = (), length: int | None = None, **kwargs: Any
    ) -> None:
        self.sources = tuple(sources)
        self.length = length
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def text_of(self, texts: Iterable[str]) -> str:
        return fold(" ".join(texts))[: self.length]

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "sources": self.sources, "length": self.length}


class SearchableField(FoldedField):
    """The words of other fields, as `searchable` writes them."""

    def text_of(self, texts: Iterable[str]) -> str:
        return searchable(*texts)


class CitedDocumentField(FoldedField):
    """The document that another field cites, if it is a citation in its English form."""

    def text_of(self, texts: Iterable[str]) -> str:
        return place_of("".join(texts))[0]


class CitedParagraphsField(FoldedField):
    """The numbers of the paragraphs that it cites: "44, 45, 46, 52"."""

    def text_of(self, texts: Iterable[str]) -> str:
        return place_of("".join(texts))[1]
