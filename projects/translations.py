"""The terms of other languages with their sources, and the texts of the pages with better ones.

Nothing in a catalogue changes while the site runs: the maintainer gets what readers suggest as
PO files, for `tests/translations.py`.
"""

import json
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from .asking.fields import QueryForm, WordsField
from .asking.selection import countries
from .corrections import ReportForm, Reporting
from .languages import folder_of, glossary
from .models import Correction, data_version, reading_at
from .pages import PublicView, QueryView, missing
from .text import fold, plain_newlines

# By what a glossary says of the source of a term.
STATUSES = {
    "official": gettext_lazy("official"),
    "agency": gettext_lazy("of an agency of the United Nations"),
    "member-state": gettext_lazy("of a Member State"),
    "cldr": gettext_lazy("Unicode CLDR"),
    "translation": gettext_lazy("translation by this register"),
}
MOST_TEXTS = 25
# What the reference of a correction begins with if it is of a text: "text:fr:1db313b6".
_OF_TEXT = "text:"
# What signed.txt says where no reviser has signed the texts of a language.
_NOBODY = "nobody yet"


@dataclass(frozen=True)
class PageText:
    """A text of the pages in a language; `forms` are those of a plural, or one."""

    language: str
    english: str
    plural: str  # the English one, empty where there is none
    context: str
    forms: tuple[str, ...]

    @property
    def key(self) -> str:
        """Return what names it where its words may change: eight digits of a hash."""
        return sha256(f"{self.context}\x04{self.english}".encode()).hexdigest()[:8]

    @property
    def reference(self) -> str:
        return f"{_OF_TEXT}{self.language}:{self.key}"

    @property
    def address(self) -> str:
        return reverse("text-correct", args=[self.key])

    @property
    def words(self) -> str:
        return "\n".join(self.forms)


@cache
def texts_in(language: str) -> dict[str, PageText]:
    """Return the texts of a language by key, as its compiled catalogue has them."""
    path = folder_of(language) / "LC_MESSAGES/django.mo"
    content = path.read_bytes() if path.exists() else b""
    found: dict[str, PageText] = {}
    # A table of places for the texts, and one for their translations: "The Format of GNU MO Files".
    number, *tables = struct.unpack_from("<3I", content, 8) if content else (0,)
    for place in range(number):
        known = []
        for table in tables:
            length, start = struct.unpack_from("<2I", content, table + 8 * place)
            known.append(content[start : start + length].decode())
        named, forms = known
        context, _four, texts = named.rpartition("\x04")
        english, _zero, plural = texts.partition("\x00")
        text = PageText(language, english, plural, context, tuple(forms.split("\x00")))
        found |= {text.key: text} if english else {}
    return found


@cache
def waiting_in(language: str) -> int:
    """Return how many texts are in English until a translator has read them again."""
    path = folder_of(language) / "LC_MESSAGES/django.po"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return len(re.findall(r"^#, .*\bfuzzy\b", text, re.MULTILINE))


@cache
def signed_in(language: str) -> str:
    """Return who signed the texts of a language; empty if nobody did."""
    path = folder_of(language) / "signed.txt"
    signed = path.read_text(encoding="utf-8").strip().removeprefix("signed: ")
    return "" if signed == _NOBODY else signed


def text_of(correction: Correction) -> PageText | None:
    """Return the text that a correction is of; None if it is of a record, or if it is gone."""
    if not is_of_text(correction):
        return None
    _text, language, key = correction.reference.split(":")
    return texts_in(language).get(key)


def is_of_text(correction: Correction) -> bool:
    return correction.reference.startswith(_OF_TEXT)


def as_po(corrections: Iterable[Correction]) -> str:
    """Return a PO file (GNU gettext) of the texts that were suggested, each with its source.

    A plural has as many forms as lines; where these are others, its present forms stay.
    """
    lines = ['msgid ""', 'msgstr "Content-Type: text/plain; charset=UTF-8\\n"', ""]
    for correction in corrections:
        if not (text := text_of(correction)):
            continue
        suggested = plain_newlines(correction.value).split("\n")
        said = " ".join(f"{correction}: {correction.value} ({correction.source})".split())
        lines += [f"#. {said}", *([f"msgctxt {_po(text.context)}"] if text.context else [])]
        lines += [f"msgid {_po(text.english)}"]
        if text.plural:
            forms = suggested if len(suggested) == len(text.forms) else text.forms
            lines += [f"msgid_plural {_po(text.plural)}"]
            lines += [f"msgstr[{place}] {_po(form)}" for place, form in enumerate(forms)]
        else:
            lines += [f"msgstr {_po(chr(10).join(suggested))}"]
        lines += [""]
    return "\n".join(lines)


def _po(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class TextQuery(QueryForm):
    q = WordsField(required=False, label=gettext_lazy("Words of the text"))


class Languages(QueryView):
    """The terms of the page's language with their sources; in English, the other languages."""

    reader_class = TextQuery

    def answer(self) -> HttpResponse:
        language = get_language() or settings.LANGUAGE_CODE
        queries = self.reader.cleaned_data["q"]
        words = fold(" ".join(queries)).split()
        texts = [
            text
            for text in texts_in(language).values()
            if words and all(word in fold(f"{text.english} {text.words}") for word in words)
        ]
        context = {
            "terms": [one | {"status": STATUSES[one["status"]]} for one in glossary(language)],
            "countries": countries().values(),
            "waiting": waiting_in(language),
            "number": len(texts_in(language)),
            "signed": signed_in(language) if texts_in(language) else "",
            "query": " ".join(queries),
            "texts": texts[:MOST_TEXTS],
            "others": len(texts[MOST_TEXTS:]),
        }
        return render(self.request, "projects/languages.html", context)


class SuggestionForm(ReportForm):
    """A better text for the pages."""

    class Meta(ReportForm.Meta):
        fields = ["value", "source"]
        labels = {"value": gettext_lazy("A better text"), "source": gettext_lazy("Why")}
        help_texts = {"source": gettext_lazy("A rule, or a document with these words")}

    def __init__(self, *args: Any, text: PageText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        self.initial["value"] = text.words

    def clean_value(self) -> str:
        value = plain_newlines(self.cleaned_data["value"])
        if value.strip() == self.text.words.strip():
            raise ValidationError(_("This is what it says now: write what it should say."))
        return value


class AboutText(PublicView):
    """A page about the text that its address names, in the language of the address."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        key = kwargs["key"]
        if key not in (known := texts_in(get_language() or settings.LANGUAGE_CODE)):
            raise missing(key)
        self.text = known[key]

    def page(self, status: int = 200, **shown: Any) -> HttpResponse:
        about = {"text": self.text, "log_days": settings.ACCESS_LOG_DAYS}
        return render(self.request, "projects/suggest.html", about | shown, status=status)


class Suggest(Reporting, AboutText):
    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        return self.form_page(SuggestionForm(text=self.text))

    def post(self, request: HttpRequest, key: str) -> HttpResponseBase:
        form = SuggestionForm(request.POST, text=self.text)
        form.instance.column = "text"
        return self.report(form, self.text.reference)

    def form_page(self, form: ReportForm, status: int = 200) -> HttpResponse:
        with reading_at(data_version()):
            return self.page(status, form=form)


@method_decorator(never_cache, name="dispatch")
class SuggestionReceived(AboutText, QueryView):
    def answer(self, key: str, number: str) -> HttpResponse:
        known = Correction.objects.filter(reference=self.text.reference, pk=number)
        if not (correction := known.first()):
            raise missing(number)
        return self.page(correction=correction)
