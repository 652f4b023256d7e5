"""Saved lists of the desk."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..text import validate_one_line


class SavedListQuerySet(models.QuerySet["SavedList"]):
    def offered_to(self, account) -> "SavedListQuerySet":
        """Return an account's own lists and those that others share, by name."""
        return self.filter(Q(by=account) | Q(is_shared=True)).select_related("by")


class SavedList(models.Model):
    name = models.CharField(_("name"), max_length=100, validators=[validate_one_line])
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(_("colleagues have it too"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = SavedListQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["by", "name"], name="saved_list_once")]

    def __str__(self) -> str:
        return self.name
