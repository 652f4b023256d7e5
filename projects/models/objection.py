"""Objections: a reviewer's reasons for sending a change back to its author."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..history import Revision
from ..text import validate_one_line
from .fields import account


class Objection(models.Model):
    """A reviewer's sentence on a revision, for staff only.

    With the next revision of the record the entry waits for review again.
    """

    revision = models.OneToOneField(Revision, models.CASCADE, verbose_name=_("revision"))
    sentence = models.CharField(_("sentence"), max_length=300, validators=[validate_one_line])
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = account(_("by"))
    # Stays when the account goes.
    by_name = models.CharField(_("by"), max_length=150)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.revision.key}: {self.sentence}"
