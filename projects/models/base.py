"""The base of the register's records: rules with their message at a field, and folded text."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ..history import RecordedModel
from .fields import FoldedField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def this_second():
    """Return now, to the second, as exports have it."""
    return timezone.now().replace(microsecond=0)


class Frozen(Exception):
    """Raised by attempts to change an edition, or what one of its rows refers to."""


class RuledModel(models.Model):
    """Shows a broken rule at the field that it names.

    A rule is a constraint of the database whose error code is the field's name:

        rule("entity_name", "name", _("A name is needed."), ~Q(name=""))
    """

    class Meta:
        abstract = True

    def validate_constraints(self, exclude=None):
        try:
            super().validate_constraints(exclude)
        except ValidationError as error:
            fields = {field.name for field in self._meta.get_fields()} - set(exclude or ())
            by_field: dict[str, list[ValidationError]] = {}
            for fault in (fault for faults in error.error_dict.values() for fault in faults):
                place = fault.code if fault.code in fields else "__all__"
                by_field.setdefault(place, []).append(fault)
            raise ValidationError(by_field) from None


class RegisterModel(RuledModel, RecordedModel):
    """A recorded model that saves its folded text with every change."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if kwargs.get("update_fields") is not None:
            folded = {f.name for f in self._meta.fields if isinstance(f, FoldedField)}
            kwargs["update_fields"] = folded.union(kwargs["update_fields"])
        super().save(*args, **kwargs)


def rule(name: str, field: str, message: "StrOrPromise", condition: Q) -> models.CheckConstraint:
    """Return a constraint with a message at the field."""
    return models.CheckConstraint(
        name=name, condition=condition, violation_error_code=field, violation_error_message=message
    )


def _allowed(vocabulary: type[models.TextChoices]):
    return format_lazy(_("Choose one of: {allowed}."), allowed=", ".join(vocabulary.values))


def chosen(label, length: int, vocabulary: type[models.TextChoices], **kwargs) -> models.CharField:
    """Return a field for one value of a vocabulary."""
    return models.CharField(
        label,
        max_length=length,
        choices=vocabulary.choices,
        error_messages={"invalid_choice": _allowed(vocabulary)},
        **kwargs,
    )


def one_of(
    name: str, field: str, vocabulary: type[models.TextChoices], blank: bool = False
) -> models.CheckConstraint:
    """Return the rule that the field has a value of the vocabulary, or none if `blank`."""
    allowed = [*vocabulary.values, ""] if blank else vocabulary.values
    return rule(name, field, _allowed(vocabulary), Q(**{f"{field}__in": allowed}))
