"""The pages by which anybody reports a correction, and reads what became of it."""

from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .corrections import CorrectionForm, FieldQuery, present_value, present_values, proposed_value
from .models import Correction, Project
from .pages import PublicView, QueryView


class OfProject:
    """Whose corrections the pages are about: projects; other apps have others."""

    # The page that says what became of one.
    received = "correction-received"
    back: str | Promise = gettext_lazy("Back to the project")

    def find(self, key: str) -> Any:
        """Return the record of that key which everybody sees; Http404 if there is none."""
        project = Project.live.with_page().filter(reference=key).first()
        if project is None:
            raise Http404(_("There is no project %s.") % key)
        return project

    def about(self, record: Any) -> dict[str, Any]:
        """Return what every page says of the record."""
        return {
            "record": record,
            "address": record.get_absolute_url(),
            "back": self.back,
            # Whether the page "about" has its columns.
            "explained": isinstance(record, Project),
        }


class Correct(OfProject, PublicView):
    """Report a correction of one record; so many an hour and a day from one address."""

    http_method_names = ["get", "head", "options", "post"]

    def dispatch(self, request, key):
        self.record = self.find(key)
        return super().dispatch(request, key)

    def get(self, request, key):
        reader = FieldQuery(request.GET, self.record.table)
        if not reader.is_valid():
            faults = {"faults": reader.faults}
            return render(request, "projects/refused.html", faults, status=400)
        return self.page(CorrectionForm(record=self.record, column=reader.column))

    def post(self, request, key):
        form = CorrectionForm(request.POST, record=self.record)
        if not form.is_valid():
            return self.page(form, status=400)
        if not ratelimit.consume(request, action="correction"):
            message = _("Too many corrections were reported from your network. Try again later.")
            form.add_error(None, message)
            return self.page(form, status=429)
        form.instance.reference = key
        with transaction.atomic():
            correction = form.save()
        # So that reloading the page does not send it again.
        return redirect(self.received, key, correction.pk)

    def page(self, form, status=200):
        context = self.about(self.record) | {
            "form": form,
            "present": present_values(self.record),
            "log_days": settings.ACCESS_LOG_DAYS,
        }
        return render(self.request, "projects/correct.html", context, status=status)


class CorrectionReceived(OfProject, QueryView):
    """Thanks for a correction, with its number, and what was decided."""

    of_data_version = False

    def answer(self, key, number):
        record = self.find(key)
        correction = Correction.objects.filter(reference=key, pk=number).first()
        if correction is None:
            known = {"reference": key, "number": number}
            raise Http404(_("There is no correction %(number)s of %(reference)s.") % known)
        column = record.table.by_name[correction.column]
        context = self.about(record) | {
            "correction": correction,
            "column": column,
            "words": present_value(record, column),
            "proposed": proposed_value(column, correction.value),
        }
        return render(self.request, "projects/correct.html", context)
