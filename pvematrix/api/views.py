"""What the API's addresses share: they only read, refuse by name, and answer page by page."""

from collections.abc import Iterable
from functools import cached_property
from itertools import islice
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from rest_framework.views import APIView

from projects.asking.fields import Fault, QueryForm, sentence_of
from projects.asking.links import parameters_of
from projects.asking.words import sentence_about
from projects.pages import PublicView

from . import shapes
from .readers import cursor_of, place_in, salt_of
from .refusals import Refused

Row = dict[str, Any]
# A row, and where it stands in its order.
Placed = tuple[list, Row]


class ApiView(PublicView, APIView):
    """An address of the API: it reads its query string before all else, and answers by JSON.

    `answers` is the shape of the answer, `tag` the part of the description that it belongs to, and
    `summary` with `details` what stands there of it: translators get no docstrings. What it says is
    of the data version, and kept like a page.
    """

    of_data_version = True
    is_kept = True
    http_method_names = ["get", "head", "options"]
    reader_class: Any = QueryForm
    answers: Any
    summary: Any = ""
    details: Any = ""
    tag: Any = gettext_lazy("Register")

    def get(self, request, *args, **kwargs):
        self.reader = self.reader_class(request.GET)
        if not self.reader.is_valid():
            raise Refused(self.reader.faults)
        return self.answer(*args, **kwargs)

    def answer(self, *args, **kwargs) -> HttpResponse:
        raise NotImplementedError

    def options(self, request, *args, **kwargs):
        return View.options(self, request)

    def check_throttles(self, request):
        if request.method != "OPTIONS":
            super().check_throttles(request)

    @property
    def given(self) -> dict[str, list[str]]:
        """What was asked for, by parameter."""
        return getattr(self.reader, "form", self.reader).cleaned_data

    def wants(self, name: str) -> bool:
        """Return whether the answer is to have a key."""
        return not self.given["fields"] or name in self.given["fields"]

    def shaped(self, row: Row) -> Row:
        """Return the row with the keys that are wanted; the first names it, and stays."""
        wanted = {next(iter(row)), *self.given["fields"]}
        return {k: v for k, v in row.items() if k in wanted} if self.given["fields"] else row

    def json(self, data: Row) -> JsonResponse:
        """Return data as UTF-8, in as few bytes as it takes."""
        compact = {"ensure_ascii": False, "separators": (",", ":")}
        return JsonResponse(data, json_dumps_params=compact)

    def one(self, row: Row | None, missing: str) -> JsonResponse:
        """Return the row; Http404 with what is missing if there is none."""
        if row is None:
            raise Http404(missing)
        return self.json(self.shaped(row))


class ListView(ApiView):
    """An answer of any length, page by page: behind a place, whatever stands there now."""

    @cached_property
    def salt(self) -> str:
        """What a cursor of this answer is bound to."""
        return salt_of(self.request.path, self.request.GET.lists())

    @cached_property
    def place(self) -> list | None:
        """The place behind which the page begins, None for the first; Refused if not of this."""
        given = self.given["cursor"]
        if not given:
            return None
        found = place_in(given[0], self.salt)
        if found is None:
            fields = getattr(self.reader, "form", self.reader).fields
            fault = _("“%s…” is of another query, or was changed") % given[0][:20]
            raise Refused([Fault(sentence_of("cursor", fault, fields), parameter="cursor")])
        return found

    @property
    def size(self) -> int:
        """How many rows a page has."""
        return int((self.given["per_page"] or ["25"])[0])

    def page(self, found: Iterable[Placed], **head) -> JsonResponse:
        """Return so many of the rows, `head` before them, and where they go on."""
        rows = list(islice(found, self.size + 1))
        shown = rows[: self.size]
        following = self._address(shown[-1][0]) if len(rows) > self.size else None
        results = [self.shaped(row) for _place, row in shown]
        response = self.json({**head, "next": following, "results": results})
        links = {"first": self._address(None), **({"next": following} if following else {})}
        response.headers["Link"] = ", ".join(f'<{to}>; rel="{rel}"' for rel, to in links.items())
        return response

    def page_of(self, found: list[Placed]) -> JsonResponse:
        """Return a page of what is all at hand, in the order of its places."""
        place = self.place
        rest = (one for one in found if place is None or one[0] > place)
        return self.page(rest, count=len(found))

    def _address(self, place: list | None) -> str:
        query = self.request.GET.copy()
        query.pop("cursor", None)
        if place is not None:
            query["cursor"] = cursor_of(place, self.salt)
        asked = f"?{query.urlencode()}" if query else ""
        return self.request.build_absolute_uri(f"{self.request.path}{asked}")


def asked_for(selection) -> Row:
    """Return how many projects are asked for and how that is known, as answers of them have it."""
    asked, answer = selection.asked, selection.answer
    return {
        "answer": {"state": answer.state, **answer.as_data()},
        "sentence": sentence_about(asked, answer),
        "filters": parameters_of(asked.narrowing),
        "edition": asked.edition.slug if asked.edition else "",
    }


class Contents(ApiView):
    summary = gettext_lazy("What there is, and where.")
    answers = shapes.Contents
    RESOURCES = (
        *("projects", "statements", "plans", "documents", "entities", "countries"),
        *("reports", "answers", "editions", "changes", "statement-changes", "plan-changes"),
    )

    def answer(self):
        def at(name: str) -> str:
            return self.request.build_absolute_uri(reverse(name))

        return self.json(
            {
                "version": "v1",
                "documentation": at("api"),
                "openapi": at("api-openapi"),
                "resources": {name: at(f"api-{name}") for name in self.RESOURCES},
            }
        )


class Unknown(ApiView):
    """An address that is none."""

    schema = None

    def get(self, request, *args, **kwargs):
        there = _("There is nothing at %(path)s. What there is: %(contents)s")
        contents = request.build_absolute_uri(reverse("api-contents"))
        raise Http404(there % {"path": request.path, "contents": contents})
