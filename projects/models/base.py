"""The base of the register's records: rules with their message at a field."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import chain
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ..history import RecordedModel
from ..text import Wording

NEEDED = _("This field is required.")


def this_second() -> datetime:
    """Return now, to the second, as exports have it."""
    return timezone.now().replace(microsecond=0)


class Frozen(Exception):
    """Raised by attempts to change an edition, or what one of its rows refers to."""


class RuledModel(models.Model):
    """Shows a broken rule at its field: a constraint whose error code is the field's name."""

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        try:
            super().validate_constraints(exclude)
        except ValidationError as error:
            fields = {field.name for field in self._meta.get_fields()} - set(exclude or ())
            by_field: dict[str, list[ValidationError]] = {}
            for one in chain.from_iterable(error.error_dict.values()):
                place = one.code if one.code in fields else NON_FIELD_ERRORS
                by_field.setdefault(place, []).append(one)
            raise ValidationError(by_field) from None


class RegisterModel(RuledModel, RecordedModel):
    class Meta:
        abstract = True


def rule(name: str, field: str, message: Wording, condition: Q) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=condition, violation_error_code=field, violation_error_message=message
    )


def allowed_values(values: Iterable[str]) -> Wording:
    return format_lazy(_("Choose one of: {allowed}."), allowed=", ".join(values))


def chosen(
    label: Wording | None, length: int, vocabulary: type[models.TextChoices], **kwargs: Any
) -> models.CharField:
    return models.CharField(
        label,
        max_length=length,
        choices=vocabulary.choices,
        error_messages={"invalid_choice": allowed_values(vocabulary.values)},
        **kwargs,
    )


def one_of(
    name: str, field: str, vocabulary: type[models.TextChoices], blank: bool = False
) -> models.CheckConstraint:
    """Return the rule that the field has a value of the vocabulary, or none if `blank`."""
    allowed = [*vocabulary.values, ""] if blank else vocabulary.values
    return rule(name, field, allowed_values(vocabulary.values), Q(**{f"{field}__in": allowed}))
