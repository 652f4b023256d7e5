"""What the API's addresses share: they only read, refuse by name, and answer page by page."""

from collections.abc import Iterable
from functools import cached_property
from itertools import islice
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from projects.asking.fields import QueryForm
from projects.columns import SEPARATOR
from projects.history import RecordedModel
from projects.pages import QueryView

from ..errors import problem_response
from .limits import count
from .readers import Paged
from .shapes import SHAPES

Row = dict[str, Any]
# What every address takes but that of the check.
METHODS = "GET, HEAD, OPTIONS"
# A row, and its place in the order.
Placed = tuple[list, Row]


class ApiView(QueryView):
    """An address of the API: it reads its query string first, and answers in JSON.

    `shape` is that of the answer, or of its rows. The shape, for pages of rows `summary`, and the
    heading `tag` describe it, since docstrings are not translated.
    """

    shape: Any
    tag: Any = _("PVE matrix")
    methods = METHODS
    body = ""  # the shape of what is sent by POST

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if seconds := count(request):
            detail = _("Your network asks too often. Try again in %d seconds.") % seconds
            headers = {"Retry-After": str(seconds), "Allow": self.methods}
            return problem_response(429, detail, headers)
        try:
            response = super().get(request, *args, **kwargs)
        except Http404 as error:
            response = problem_response(404, " ".join(map(str, error.args)) or self.nothing())
        response["Allow"] = self.methods
        return response

    def http_method_not_allowed(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        detail = _('Method "%s" not allowed.') % request.method
        return problem_response(405, detail, {"Allow": self.methods})

    def nothing(self) -> str:
        """Return that nothing is at this address, and where the list of what there is."""
        place = next(iter(self.kwargs.values()), "")
        path = self.request.path.partition(f"/{place}/")[0] if place else ""
        known = self.request.build_absolute_uri(f"{path}/" if path else reverse("api-contents"))
        text = _("There is nothing at %(path)s. What there is: %(known)s")
        return text % {"path": self.request.get_full_path(), "known": known}

    def refuse(self) -> HttpResponse:
        errors = []
        for problem in self.reader.problems:
            one = {"parameter": problem.parameter, "detail": problem.sentence}
            if problem.meant:
                one |= {"meant": problem.meant, "address": f"{self.request.path}?{problem.query}"}
            errors.append(one)
        return problem_response(400, " ".join(self.reader.messages), errors=errors)

    @property
    def parameters(self) -> dict[str, list[str]]:
        return self.reader.form.cleaned_data

    def json(self, data: Row) -> JsonResponse:
        compact = {"ensure_ascii": False, "separators": (",", ":")}
        return JsonResponse(data, json_dumps_params=compact)

    def one(self, row: Row | None) -> JsonResponse:
        if row is None:
            raise Http404
        return self.json(row)


class ListView(ApiView):
    """An answer of any length, page by page: what follows a place in the order."""

    summary: Any
    # The place that the page follows, None for the first.
    place: list | None = None

    @cached_property
    def signer(self) -> signing.Signer:
        """The signer of cursors for this address and the parameters that choose the rows."""
        of_page = ("cursor", "per_page")
        pairs = self.request.GET.lists()
        asked = sorted((name, sorted(values)) for name, values in pairs if name not in of_page)
        return signing.Signer(salt=f"{self.request.path} {asked}")

    def read(self, query: QueryDict) -> Any:
        """Return the reader; a cursor of another query is a problem of its parameter."""
        reader = super().read(query)
        for cursor in reader.form.cleaned_data.get("cursor", ()) if reader.is_valid() else ():
            try:
                self.place = self.signer.unsign_object(cursor)
            except signing.BadSignature:
                problem = _("“%s…” is of another query, or was changed") % cursor[:20]
                reader.form.add_error("cursor", problem)
        return reader

    @property
    def size(self) -> int:
        return int((self.parameters["per_page"] or ["25"])[0])

    def page(self, found: Iterable[Placed], **head: Any) -> JsonResponse:
        """Return one page of rows, with `head` before them and the address of the next page."""
        rows = list(islice(found, self.size + 1))
        of_page = rows[: self.size]
        following = self._address(of_page[-1][0]) if len(rows) > self.size else None
        results = [row for _place, row in of_page]
        response = self.json({**head, "next": following, "results": results})
        links = {"first": self._address(None), **({"next": following} if following else {})}
        response.headers["Link"] = ", ".join(f'<{to}>; rel="{rel}"' for rel, to in links.items())
        return response

    def _address(self, place: list | None) -> str:
        query = self.request.GET.copy()
        query.pop("cursor", None)
        if place is not None:
            query["cursor"] = self.signer.sign_object(place)
        asked = f"?{query.urlencode()}" if query else ""
        return self.request.build_absolute_uri(f"{self.request.path}{asked}")


class Records(ListView):
    """Every record of `model`, in the order of these columns."""

    reader_class: Any = Paged
    model: Any
    order: tuple[str, ...] = ("slug",)

    def records(self) -> Any:
        return self.model._default_manager.all()

    def place_of(self, record: Any) -> list:
        return [getattr(record, name) for name in self.order]

    def row(self, record: Any) -> Row:
        """Return the keys of the shape: values that history stores, or attributes of that name."""
        stored = record.snapshot() if isinstance(record, RecordedModel) else {}
        row: Row = {}
        for name, schema in SHAPES[self.shape]["properties"].items():
            value = stored[name] if name in stored else getattr(record, name)
            if schema.get("type") == "array" and isinstance(value, str):
                value = [*filter(None, map(str.strip, value.split(SEPARATOR)))]
            row[name] = value
        return row

    def answer(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        places = [(self.place_of(one), one) for one in self.records()]
        places.sort(key=lambda one: one[0])
        rest = (one for one in places if self.place is None or one[0] > self.place)
        rows = ((place, self.row(one)) for place, one in rest)
        return self.page(rows, count=len(places))


class OneRecord(Records):
    """Mixed into the view of all records of a kind, to answer with one."""

    reader_class: Any = QueryForm

    def answer(self, **named: str) -> HttpResponseBase:
        found = self.records().filter(**named).first()
        return self.one(self.row(found) if found else None)


def one(records: type[Records], reader: type[QueryForm] = QueryForm) -> type[OneRecord]:
    """Return the view that answers with one of these records."""
    return type(f"One{records.shape}", (OneRecord, records), {"reader_class": reader})


class Contents(ApiView):
    shape = "Contents"
    RESOURCES = (
        *("projects", "statements", "paragraphs", "entities", "countries"),
        *("reports", "answers", "editions", "changes", "elsewhere"),
    )

    def answer(self) -> HttpResponseBase:
        absolute = self.request.build_absolute_uri
        resources = {name: absolute(reverse(f"api-{name}")) for name in self.RESOURCES}
        page, openapi = absolute(reverse("api")), absolute(reverse("api-openapi"))
        found = {"version": "v1", "documentation": page, "openapi": openapi}
        return self.json({**found, "resources": resources})


@method_decorator(csrf_exempt, name="dispatch")
class Unknown(ApiView):
    """Nothing: 404 for each method; a program that reads may have left out the last slash."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in ("GET", "HEAD") and not request.path.endswith("/"):
            return redirect(request.get_full_path(force_append_slash=True), permanent=True)
        return problem_response(404, self.nothing())
