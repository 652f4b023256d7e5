"""The base classes of public pages: they only read, and first check the query string."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, re_path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from .asking import Asked, Links, Panel, ProjectFilter, Selection, Words
from .asking.fields import QueryForm, without_tracking
from .asking.published import showing
from .asking.reference import citation, register_name, sourced
from .asking.selection import editions
from .citations import labelled
from .models import Edition

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# These files have the second in which they were made: the next has another length.
MADE_EACH_TIME = ("docx", "xlsx")
# Rows. A file of at most these is written at once, and has a length; a larger one is streamed.
MOST_WHOLE = 2_000


def page(
    address: str, view: Any, name: str, given: dict[str, str] | None = None, **options: Any
) -> URLPattern:
    """Return an address with its view; `given` are arguments that others have in the address."""
    return path(address, view.as_view(**options), given, name=name)


def file(address: str, extensions: str, view: Any, name: str, **options: Any) -> URLPattern:
    """Return the address of files that differ in their extension alone."""
    found = rf"^{address}\.(?P<extension>{extensions})\Z"
    return re_path(found, view.as_view(**options), name=name)


def missing(key: str) -> Http404:
    return Http404(_("“%s” does not exist.") % key)


def record_or_404(records: QuerySet, **named: str) -> Any:
    """Return the record with that name; the Http404 says which does not exist."""
    one = records.filter(**named).first()
    if one is None:
        raise missing(*named.values())
    return one


def redirect_to_merged(request: HttpRequest, entry: Any) -> HttpResponse:
    """Redirect to the same address of the entry that this one was merged into."""
    old, new = entry.reference, entry.merged_into.reference
    return redirect(request.get_full_path().replace(old, new, 1))


class WholeField(BoundField):
    """A field without `maxlength`: a browser would cut off a long text; the form reports it."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        return super().build_widget_attrs(attrs, widget) | {"maxlength": False}


class FormRenderer(DjangoTemplates):
    bound_field_class = WholeField


class PublicView(View):
    """A public page; parameters that other programs add to links are removed."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # The stubs want the immutable one that Django made.
        request.GET = without_tracking(request.GET)  # type: ignore[assignment]


class Cached:
    """A view whose answers depend on the data version, the address, the language and the day alone.

    Its pages are cached; files, which are streams, are not, but have an ETag too.
    """

    # Whether its CSV has the minute in which it was made.
    says_when = False

    reader_class: Any = QueryForm

    @classmethod
    def asked_of(cls, request: HttpRequest) -> dict[str, list[str]]:
        """Return the parameters for the cache: sorted but for searches, no empty or added ones."""
        known = getattr(cls.reader_class, "base_filters", None) or cls.reader_class.base_fields
        asked = {
            name: [one for one in values if one or name not in known]
            for name, values in sorted(without_tracking(request.GET).lists())
        }
        return {n: values if n == "q" else sorted(values) for n, values in asked.items() if values}

    @staticmethod
    def never_changes(query: dict[str, list[str]], **address: str) -> bool:
        """Return whether the answer to this query and address is permanent."""
        return False


# Exempt, so that a POST gets 405, not a CSRF error.
@method_decorator(csrf_exempt, name="dispatch")
class ReadOnlyView(Cached, PublicView):
    http_method_names = ["get", "head", "options"]


class QueryView(ReadOnlyView):
    """Reads its query string; `answer` gets a valid one. By default it refuses all parameters."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.reader = self.read(request.GET)
        if not self.reader.is_valid():
            return self.refuse()
        with showing(self.edition):
            return self.answer(*args, **kwargs)

    @property
    def edition(self) -> Edition | None:
        """The edition that is asked for."""
        asked = getattr(self.reader, "asked", None)
        return asked.edition if asked else getattr(self.reader, "edition_asked", None)

    def read(self, query: QueryDict) -> Any:
        return self.reader_class(query)

    def answer(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        raise NotImplementedError

    def cited(
        self,
        sentence: str,
        query: str = "",
        asked: Asked | None = None,
        symbols: Sequence[str] = (),
    ) -> dict[str, str]:
        """Return what a figure that no filter narrows, of these reports, gives away in words."""
        address = self.request.build_absolute_uri(f"?{query}" if query else self.request.path)
        leaving = sourced(sentence, asked, symbols)
        of_page = {"page_address": address, "sentence": sentence, "printed_sentence": leaving}
        return of_page | {"citation": citation(asked or Asked(), address, leaving)}

    def refuse(self) -> HttpResponse:
        """Return a 400 that names every wrong parameter, its value and what is allowed."""
        problems = {
            "problems": self.reader.problems,
            "page_address": self.request.build_absolute_uri(),
        }
        return render(self.request, "projects/refused.html", problems, status=400)

    def file_of(self, pieces: Iterable[bytes], rows: int, extension: str) -> HttpResponseBase:
        """Return a file of that many rows, whole or as a stream; HEAD reads no stream."""
        kind = CONTENT_TYPES[extension]
        if rows <= MOST_WHOLE:
            return HttpResponse(b"".join(pieces), content_type=kind)
        sent = () if self.request.method == "HEAD" else pieces
        return StreamingHttpResponse(sent, content_type=kind)


class RefusedAsText(QueryView):
    """Refuses a file's query string as text or data; `extension` is part of the address."""

    def head(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = self.get(*args, **kwargs)
        if self.kwargs.get("extension") in MADE_EACH_TIME:
            del response["Content-Length"]
        return response

    def refuse(self) -> HttpResponse:
        if self.kwargs["extension"] == "json":
            return JsonResponse({"errors": self.reader.messages}, status=400)
        text = "\n".join(self.reader.messages) + "\n"
        return HttpResponse(text, status=400, content_type=CONTENT_TYPES["txt"])


class FilteredView(QueryView):
    reader_class = ProjectFilter

    @property
    def asked(self) -> Asked:
        return self.reader.asked

    @property
    def selection(self) -> Selection:
        return self.reader.selection

    def context(
        self, subject: str = "", of_register: bool = True, sentence: str = "", source: str = ""
    ) -> dict[str, Any]:
        """Return the templates' context; `of_register`: the page shows the selection.

        `sentence` is about what it shows, if that is not the number of all projects asked for;
        `source` is that of its one record.
        """
        links, words = Links(self.asked), Words(self.selection)
        address = self.request.build_absolute_uri(f"{self.request.path}{links.suffix}")
        canonical = self.request.build_absolute_uri(f"{self.request.path}{links.filter_suffix}")
        sentence = sourced(sentence or words.sentence, self.asked) if of_register else ""
        newest = next(iter(editions()), None)
        if newest == self.asked.edition:  # it is shown already
            newest = None
        pinned = f"{self.request.path}?{links.of(newest)}" if newest else ""
        return {
            "asked": self.asked,
            "selection": self.selection,
            "links": links,
            "words": words,
            "panel": Panel(self.selection),
            "citation": citation(self.asked, address, sentence or source, subject),
            "source_in_words": source,
            "page_address": address,
            # The same in any order, page and layout.
            "canonical": canonical,
            "printed_sentence": sentence,
            "cited_as": " · ".join(filter(None, [subject, words.heading if of_register else ""]))
            or register_name(),
            "printed_title": labelled(subject, sentence) if subject and sentence else sentence,
            "newest_edition": newest,
            "no_edition": not editions(),
            "newest_query": links.of(newest) if newest else "",
            "pinned_address": self.request.build_absolute_uri(pinned) if pinned else "",
        }


class FilteredData(RefusedAsText, FilteredView):
    """A file of a filtered view."""
