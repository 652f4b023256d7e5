"""The pages on which anybody reports a correction and reads the decision."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from .asking.fields import ChoiceField, QueryForm
from .corrections import CorrectionForm, cells_of, choices_of, proposed_value
from .models import Correction, Project
from .pages import PublicView, QueryView


@dataclass(frozen=True)
class Subject:
    """A kind of record that anybody can correct: `records` are public, `missing` is a message."""

    records: Callable[[], Any]
    back: Promise
    missing: Promise

    def find(self, key: str) -> Any:
        records = self.records()
        record = records.filter(**{records.model.identifier: key}).first()
        if record is None:
            raise Http404(str(self.missing) % key)
        return record

    def about(self, record: Any) -> dict[str, Any]:
        return {
            "record": record,
            "address": getattr(record, "own_address", "") or record.get_absolute_url(),
            "back": self.back,
            # The page "about" explains only these columns.
            "explained": isinstance(record, Project),
        }


PROJECTS = Subject(
    records=Project.live.with_page,
    back=gettext_lazy("Back to the project"),
    missing=gettext_lazy("There is no project %s."),
)


class FieldQuery(QueryForm):
    column = ChoiceField()


class Correct(PublicView):
    http_method_names = ["get", "head", "options", "post"]
    of = PROJECTS

    def dispatch(self, request, key):
        self.record = self.of.find(key)
        return super().dispatch(request, key)

    def get(self, request, key):
        reader = FieldQuery(request.GET)
        reader.fields["column"].choices = choices_of(self.record.table)
        if not reader.is_valid():
            faults = {"faults": reader.faults}
            return render(request, "projects/refused.html", faults, status=400)
        named = "".join(reader.cleaned_data["column"])
        return self.page(CorrectionForm(record=self.record, column=named))

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
        return redirect(f"{request.path}{correction.pk}/")

    def page(self, form, status=200):
        table, cells = self.record.table, cells_of(self.record)
        columns = [table.by_name[name] for name in table.correctable]
        context = self.of.about(self.record) | {
            "form": form,
            "present": [(column, column.words(cells[column.name])) for column in columns],
            "log_days": settings.ACCESS_LOG_DAYS,
        }
        return render(self.request, "projects/correct.html", context, status=status)


@method_decorator(never_cache, name="dispatch")
class CorrectionReceived(QueryView):
    of = PROJECTS

    def answer(self, key, number):
        record = self.of.find(key)
        correction = Correction.objects.filter(reference=key, pk=number).first()
        if correction is None:
            known = {"reference": key, "number": number}
            raise Http404(_("There is no correction %(number)s of %(reference)s.") % known)
        column = record.table.by_name[correction.column]
        context = self.of.about(record) | {
            "correction": correction,
            "column": column,
            "words": column.words(cells_of(record)[column.name]),
            "proposed": proposed_value(column, correction.value),
        }
        return render(self.request, "projects/correct.html", context)
