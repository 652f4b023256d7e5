"""The check of a text by the API: its one address that takes POST. Nothing of it is stored."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from projects.asking.fields import QueryForm
from projects.languages import languages, prefix_of
from reports.check.verdicts import LONGEST, Checked
from reports.check.word import too_long

from ..errors import problem_response
from .views import ApiView

MOST_BYTES = 100_000


class Refused(Exception):
    """Why a body is not read: a status, and the reason in words."""


class CheckText(ApiView):
    shape = "CheckedText"
    body = "TextToCheck"  # what is sent
    tag = gettext_lazy("The report")
    http_method_names = ["post", "options"]
    methods = "POST, OPTIONS"
    reader_class = QueryForm

    def post(self, request: HttpRequest) -> HttpResponseBase:
        return self.get(request)

    @method_decorator(sensitive_variables())
    def answer(self) -> HttpResponse:
        try:
            text, language = self._sent()
        except Refused as refused:
            response = problem_response(*refused.args)
        else:
            with translation.override(language):
                found = {"language": prefix_of(language) or "en", **Checked(text).as_data()}
                response = self.json(found)
        response["Cache-Control"] = "no-store"
        return response

    def _sent(self) -> tuple[str, str]:
        """Return the text, and the code of its language."""
        kind = self.request.content_type
        if kind not in ("text/plain", "application/json"):
            raise Refused(415, _("Send text/plain, or application/json with “text”."))
        if int(self.request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise Refused(413, _("This address accepts at most %d bytes.") % MOST_BYTES)
        known = {prefix_of(code) or "en": code for code in languages()}
        try:
            sent = self.request.body.decode()
            data: Any = json.loads(sent) if kind == "application/json" else {"text": sent}
            text, language = data["text"], data.get("language", "en")
            text.encode()  # half a pair of surrogates is no text
            is_read = {*data} <= {"text", "language"} and isinstance(text, str)
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
            is_read = False
        if not is_read:
            raise Refused(400, _("Send UTF-8: a text, or JSON with “text” and maybe “language”."))
        if not isinstance(language, str) or language not in known:
            raise Refused(400, _("“language” is one of these: %s.") % ", ".join(known))
        if len(text) > LONGEST:
            raise Refused(413, too_long())
        return text, known[language]
