"""The page that checks a text, and stores nothing of it: a download sends it again."""

from typing import Any

from django import forms
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from projects.asking.fields import QueryForm
from projects.models import data_version, reading_at
from projects.pages import PublicView
from projects.text import plain_newlines

from ..files import as_download, download
from .verdicts import LONGEST, Checked
from .word import MOST_BYTES, text_of, too_long, with_comments

# Of a request: the file, and a text of as many bytes as it can have, with the form around them.
MOST_SENT = 2_000_000


class CheckForm(forms.Form):
    """A text, pasted or as a Word document."""

    text = forms.CharField(
        required=False,
        strip=False,
        label=gettext_lazy("Your text"),
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
    )
    file = forms.FileField(
        required=False,
        allow_empty_file=True,
        label=gettext_lazy("Or a Word document"),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )

    def clean_text(self) -> str:
        text = plain_newlines(self.cleaned_data["text"])
        if len(text) > LONGEST:
            raise ValidationError(too_long())
        return text

    def clean(self) -> dict[str, Any]:
        data: Any = super().clean()
        if file := data.get("file"):
            data["text"] = text_of(file.read())
        if not self.errors and not data["text"].strip():
            raise ValidationError(_("Paste a text, or choose a Word document."))
        return data


class Check(PublicView):
    """Which numbers and quotations of a pasted text or a Word file hold."""

    http_method_names = ["get", "head", "options", "post"]

    @method_decorator(csrf_exempt)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # The token is in the form, which is read by these handlers: they are set before.
        if request.method == "POST":
            if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_SENT:
                raise RequestDataTooBig("A file and its form are larger than is allowed.")
            request.upload_handlers = [MemoryFileUploadHandler(request)]
        return self.protected(request, *args, **kwargs)

    @method_decorator([never_cache, csrf_protect, sensitive_post_parameters()])
    def protected(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # No page of a form is cached, but what all pages say of the register is.
        with reading_at(data_version()):
            return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        reader = QueryForm(request.GET)
        if not reader.is_valid():
            problems = {"problems": reader.problems}
            return render(request, "projects/refused.html", problems, status=400)
        return self.page(CheckForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = CheckForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=400)
        checked = Checked(form.cleaned_data["text"])
        match request.POST.get("as"):
            case "docx":
                return download(with_comments(checked.pieces), "check", "docx")
            case "json":
                ascii_only = {"ensure_ascii": False, "indent": 1}
                data = {"language": get_language(), **checked.as_data()}
                return as_download(
                    JsonResponse(data, json_dumps_params=ascii_only), "check", "json"
                )
        # A file is sent once: downloads and the next check send its text.
        return self.page(CheckForm(initial={"text": checked.text}), checked=checked)

    def page(self, form: CheckForm, status: int = 200, **shown: Any) -> HttpResponse:
        known = {"form": form, "most": LONGEST, "most_bytes": MOST_BYTES // 1_000_000, **shown}
        return render(self.request, "reports/check.html", known, status=status)
