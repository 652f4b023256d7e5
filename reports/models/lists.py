"""Fields with several values in one text: priority areas, references of projects."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from projects.columns import SEPARATOR
from projects.vocabulary import PriorityArea


def validate_areas(value: str) -> None:
    wrong = [one for one in value.split(SEPARATOR) if one not in PriorityArea.values]
    if wrong:
        raise ValidationError(
            _("“%(wrong)s” is no priority area. Allowed, separated by semicolons: %(allowed)s."),
            params={"wrong": SEPARATOR.join(wrong), "allowed": ", ".join(PriorityArea.values)},
        )


def areas_field() -> models.CharField:
    return models.CharField(
        _("priority areas"),
        max_length=120,
        blank=True,
        validators=[validate_areas],
        help_text=format_lazy(
            _("Any of {areas}, separated by semicolons."), areas=", ".join(PriorityArea.values)
        ),
    )


def projects_field() -> models.CharField:
    return models.CharField(
        _("projects"),
        max_length=300,
        blank=True,
        validators=[
            RegexValidator(
                r"^PVE-[0-9]{3,12}(;PVE-[0-9]{3,12})*\Z",
                _("References separated by semicolons, e.g. PVE-001;PVE-011."),
            )
        ],
        help_text=_("References separated by semicolons, e.g. PVE-001;PVE-011."),
    )


class WithLists:
    """A record with both fields, and what they list."""

    areas: Any
    projects: Any

    @property
    def area_list(self) -> list[PriorityArea]:
        return [PriorityArea(one) for one in filter(None, self.areas.split(SEPARATOR))]

    @property
    def references(self) -> list[str]:
        return [*filter(None, self.projects.split(SEPARATOR))]
