"""The base of the register's records: rules with their message at a field."""

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, FieldError, ValidationError
from django.db import models, router
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.db.models.sql import Query
from django.db.models.sql.constants import SINGLE
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ..history import RecordedModel

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NEEDED = _("This field is required.")


def this_second():
    """Return now, to the second, as exports have it."""
    return timezone.now().replace(microsecond=0)


class Frozen(Exception):
    """Raised by attempts to change an edition, or what one of its rows refers to."""


class RuledModel(models.Model):
    """Shows a broken rule at its field: a constraint whose error code is the field's name."""

    class Meta:
        abstract = True

    def get_constraints(self):
        # Django would need a query and a savepoint for each rule; `_broken_rules` asks for all.
        return [
            (model, [one for one in some if not isinstance(one, models.CheckConstraint)])
            for model, some in super().get_constraints()
        ]

    def validate_constraints(self, exclude=None):
        found = []
        try:
            super().validate_constraints(exclude)
        except ValidationError as error:
            found += [one for errors in error.error_dict.values() for one in errors]
        found += self._broken_rules(exclude)
        fields = {field.name for field in self._meta.get_fields()} - set(exclude or ())
        by_field: dict[str, list[ValidationError]] = {}
        for one in found:
            place = one.code if one.code in fields else NON_FIELD_ERRORS
            by_field.setdefault(place, []).append(one)
        if by_field:
            raise ValidationError(by_field)

    def _broken_rules(self, exclude) -> list[ValidationError]:
        """Ask the database, in one statement, which rules the values break."""
        record: Any = self
        query: Any = Query(None)
        for name, value in record._get_field_expression_map(self._meta, exclude).items():
            query.add_annotation(value, name, select=False)
        rules: list[models.CheckConstraint] = []
        for one in self._meta.constraints:
            if isinstance(one, models.CheckConstraint):
                # Unknown is not broken, as in the database.
                holds = Coalesce(one.condition, True, output_field=models.BooleanField())
                # A rule about an excluded field cannot be asked.
                with suppress(FieldError):
                    query.add_annotation(holds, f"_rule_{len(rules)}")
                    rules.append(one)
        if not rules:
            return []
        using = router.db_for_write(type(self), instance=self)
        answers = query.get_compiler(using).execute_sql(SINGLE)
        return [
            ValidationError(one.get_violation_error_message(), code=one.violation_error_code)
            for one, holds in zip(rules, answers, strict=True)
            if not holds
        ]


class RegisterModel(RuledModel, RecordedModel):
    class Meta:
        abstract = True


def rule(name: str, field: str, message: "StrOrPromise", condition: Q) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=condition, violation_error_code=field, violation_error_message=message
    )


def allowed_values(values: Iterable[str]):
    return format_lazy(_("Choose one of: {allowed}."), allowed=", ".join(values))


def chosen(label, length: int, vocabulary: type[models.TextChoices], **kwargs) -> models.CharField:
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
