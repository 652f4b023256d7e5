"""Mappings: how to read sheets of one kind, saved under a name."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..text import validate_one_line
from .fields import account


class Mapping(models.Model):
    """`layout` is that of `imports.mapping`; `readings` are values by column and written text."""

    name = models.CharField(
        _("name"),
        max_length=100,
        unique=True,
        validators=[validate_one_line],
        help_text=_("For example: annex of the Office. The same name again replaces it."),
    )
    layout = models.JSONField(default=dict)
    readings = models.JSONField(default=dict, blank=True)
    by = account(_("by"))
    by_name = models.CharField(_("by"), max_length=150, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        ordering = ["name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
