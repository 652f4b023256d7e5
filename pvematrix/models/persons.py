"""Two registers with personal data, for staff alone: the resource group, requests for assistance.

They have no revisions: the desk's log and the security log record that a change was made, when and
by whom, and nothing of what the record says. What is deleted is gone.
"""

import logging
from functools import partial
from typing import Any

from allauth.core import context
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from projects.models.base import RuledModel, chosen, one_of, rule
from projects.models.fields import FoldedField, one_line
from projects.text import REFERENCE, validate_plain_text

log = logging.getLogger("pvematrix.security")


class PersonalRecord(RuledModel):
    """A record on a person, named by its number, since logs have the name after a deletion."""

    name: models.CharField
    # With it a form detects that somebody else changed the record meanwhile.
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        event = "personal_record_added" if self._state.adding else "personal_record_changed"
        with transaction.atomic():
            super().save(*args, **kwargs)
            self._log(event)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            # First, since afterwards it has no number.
            self._log("personal_record_deleted")
            return super().delete(*args, **kwargs)

    def _log(self, event: str) -> None:
        extra = {"request": context.request, "detail": f"{self._meta.model_name} {self.pk}"}
        # On commit, since a rollback must leave no line.
        transaction.on_commit(partial(log.warning, event, extra=extra))


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
    search_text = FoldedField(sources=("name", "affiliation", "subjects", "languages"))

    class Meta:
        verbose_name_plural = _("resource group")
        ordering = ["name", "pk"]
        constraints = [
            rule("expert_name", "name", _("A name is needed."), ~Q(name="")),
            rule(
                "expert_consent",
                "consent_ends_on",
                _("The consent ends before it begins."),
                Q(consent_ends_on__gte=F("consented_on")),
            ),
        ]

    @property
    def has_ended(self) -> bool:
        return self.consent_ends_on < timezone.localdate()

    def clean(self) -> None:
        if self.consent_ends_on and self.has_ended:
            ended = _("This consent has ended. Nobody is kept here without one.")
            raise ValidationError({"consent_ends_on": ended})


class RequestState(models.TextChoices):
    OPEN = "open", _("Open")
    IN_PROGRESS = "in-progress", _("In progress")
    ANSWERED = "answered", _("Answered")
    DECLINED = "declined", _("Declined")


class AssistanceRequest(PersonalRecord):
    name = one_line(_("who asked"), 200, blank=False)
    asked_on = models.DateField(default=timezone.localdate)
    wanted = models.TextField(
        _("what was asked"), max_length=5000, validators=[validate_plain_text]
    )
    state = chosen(None, 20, RequestState, default=RequestState.OPEN)
    # A reference, since a project may be deleted while the request stays.
    project = models.CharField(
        max_length=20,
        blank=True,
        validators=[RegexValidator(REFERENCE, _("A reference, e.g. PVE-001."))],
        help_text=_("A reference, e.g. PVE-001."),
    )
    search_text = FoldedField(sources=("name", "wanted", "project"))

    class Meta:
        verbose_name = _("request for assistance")
        verbose_name_plural = _("requests for assistance")
        ordering = ["-asked_on", "-pk"]
        constraints = [
            one_of("assistance_state", "state", RequestState),
            rule("assistance_name", "name", _("A name is needed."), ~Q(name="")),
            rule("assistance_wanted", "wanted", _("Say what was asked."), ~Q(wanted="")),
        ]

    def clean(self) -> None:
        if self.project and not Project.live.filter(reference=self.project).exists():
            raise ValidationError({"project": _("There is no project %s.") % self.project})
