from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..history import account
from .fields import one_line, several_lines


class Correction(models.Model):
    """A correction that somebody reported; with an empty `value` the field should be empty."""

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("Open")
        APPLIED = "applied", gettext_lazy("Applied")
        DECLINED = "declined", gettext_lazy("Declined")

    reference = models.CharField(gettext_lazy("reference"), max_length=50)
    column = models.CharField(gettext_lazy("field"), max_length=30)
    value = several_lines(None, 2000, blank=False)
    source = several_lines(gettext_lazy("source"), 500, blank=False)
    at = models.DateTimeField(gettext_lazy("when"), default=timezone.now, editable=False)
    state = models.CharField(
        gettext_lazy("state"), max_length=10, choices=State.choices, default=State.OPEN
    )
    answer = one_line(None, 300)
    handled_by = account(None, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ["view", "change"]

    def __str__(self) -> str:
        known = {"number": self.pk, "reference": self.reference}
        return _("Correction %(number)d of %(reference)s") % known

    @property
    def credit(self) -> str:
        """The reason, in the history, of a change that applies it."""
        credit = _("Correction %(number)d, reported from its page. Source: %(source)s")
        return (credit % {"number": self.pk, "source": " ".join(self.source.split())})[:300]

    def credited(self, reason: str) -> str:
        """Return the reason of a change that applies it, which names it."""
        return reason if self.credit in reason else f"{self.credit} {reason}"[:300].strip()

    def settle(self, state: State, by: Any, answer: str = "") -> bool:
        """Record the decision and delete the contact; return whether it was still open."""
        with transaction.atomic():
            still_open = Correction.objects.filter(pk=self.pk, state=self.State.OPEN)
            decided = {"state": state, "handled_by": by, "answer": answer}
            settled = still_open.update(**decided, handled_at=timezone.now())
            Contact.objects.filter(correction=self.pk).delete()
        return bool(settled)


class Contact(models.Model):
    """How to contact the person who reported a correction; deleted with the decision."""

    correction = models.OneToOneField(Correction, models.CASCADE, primary_key=True)
    words = one_line(None, 200, blank=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.words
