"""Imports at the desk: a file is taken, or refused, and what waits is written once confirmed."""

import logging
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from projects.imports import batches
from projects.imports.lines import Refused, too_many_bytes
from projects.models import Batch

from .forms import SAY_WHAT, Extra, takes_file
from .lists import ListedLookupsAdmin, ReadOnly, done, refused, require

security = logging.getLogger("pvematrix.security")


class ImportsAdmin(ReadOnly, ListedLookupsAdmin):
    """Takes the files of those who may import, and does what waits once it is confirmed."""

    upload_form: type[forms.Form]
    # Shows the page to choose a file; holds a file, and returns the address of what follows; sends
    # a batch to a second person, and returns whether it waits for one; writes a batch.
    upload_page: Any
    hold: Any
    send: Any
    write: Any

    def changelist_view(self, request: HttpRequest, extra_context: Extra = None) -> HttpResponse:
        extra = {"may_import": self.has_import_permission(request)}
        return super().changelist_view(request, extra | (extra_context or {}))

    def _log_refusal(self, request: HttpRequest, name: str, error: Refused) -> None:
        security.warning("import_refused", extra={"request": request, "detail": f"{name}: {error}"})

    # Exempt only until it is known whether the user may import: `_upload` checks the token.
    @method_decorator(csrf_exempt)
    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file of those who may import, if it is not too large, before anything is read."""
        require(self.has_import_permission(request))
        if not takes_file(request, settings.IMPORT_LIMITS["bytes"]):
            error = too_many_bytes()
            self._log_refusal(request, "", error)
            messages.error(request, str(error))
            return self.upload_page(request, self.upload_form(), 413)
        return self._upload(request)

    @method_decorator(csrf_protect)
    def _upload(self, request: HttpRequest) -> HttpResponse:
        """Redirect a file to what follows; a refused file is named, with the reason."""
        form = self.upload_form(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                return redirect(*self.hold(request, **form.cleaned_data))
            except Refused as error:
                self._log_refusal(request, form.cleaned_data["file"].name, error)
                form.add_error("file", str(error))
        return self.upload_page(request, form, 400 if form.errors else 200)

    def confirmation(self, batch: Batch, form: Any, shown: Any, publishes: bool) -> dict[str, Any]:
        """Return the context of the page on which a batch is confirmed, sent, or published."""
        sends = shown.waits and not publishes
        return {
            "batch": batch,
            "form": form,
            "preview": shown,
            "publishes": publishes,
            "sends": sends,
            "is_sent": sends and bool(batch.digest),
            "may_confirm": shown.can_be_applied or publishes,
        }

    def apply(
        self, request: HttpRequest, batch: Batch, reason: str, publishes: bool
    ) -> HttpResponse:
        """Write what the preview showed, send it to a second person, or back to its author."""
        digest = request.POST.get("digest", "")
        if publishes and "send_back" in request.POST:
            if reason == batch.reason:
                return refused(request, SAY_WHAT, request.path)
            batches.send_back(batch, request.user, reason)
            return done(request, _("%s is sent back.") % batch.file_name, "admin:index")
        try:
            if not publishes and self.send(request, batch, digest, reason):
                return redirect(request.path)
            self.write(request, batch, digest, reason)
        except Refused as error:
            self._log_refusal(request, batch.file_name, error)
            return refused(request, str(error), request.path)
        return done(request, _("The import is done."), "admin:projects_batch_change", batch.pk)
