"""Two registers with personal data, for staff alone: the resource group, requests for assistance.

They have no revisions, and logs name a record by its number alone: what is deleted is gone.
"""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.fields import one_line
from projects.text import REFERENCE, validate_plain_text


class PersonalRecord(models.Model):
    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Expert(PersonalRecord):
    """A member of the resource group that the report speaks of, until the consent ends."""

    name = one_line(None, 200, blank=False)
    affiliation = one_line(None, 300)
    subjects = one_line(None, 500)
    languages = one_line(None, 200)
    consented_on = models.DateField()
    consent_ends_on = models.DateField(
        help_text=_("The record is deleted in the night after this day.")
    )

    class Meta:
        verbose_name_plural = _("resource group")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="expert_consent",
                condition=Q(consent_ends_on__gte=F("consented_on")),
                violation_error_message=_("The consent ends before it begins."),
            )
        ]


class AssistanceRequest(PersonalRecord):
    class State(models.TextChoices):
        OPEN = "open", _("Open")
        IN_PROGRESS = "in-progress", _("In progress")
        ANSWERED = "answered", _("Answered")
        DECLINED = "declined", _("Declined")

    name = one_line(_("who asked"), 200, blank=False)
    asked_on = models.DateField(default=timezone.localdate)
    wanted = models.TextField(
        _("what was asked"), max_length=5000, validators=[validate_plain_text]
    )
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    # A reference, since a project may be deleted while the request stays.
    project = models.CharField(
        max_length=20,
        blank=True,
        validators=[RegexValidator(REFERENCE, _("A reference, e.g. PVE-001."))],
        help_text=_("A reference, e.g. PVE-001."),
    )

    class Meta:
        verbose_name = _("request for assistance")
        verbose_name_plural = _("requests for assistance")
        ordering = ["-asked_on", "-pk"]
