"""The API's description by OpenAPI 3.1, made of what reads the query strings and of the shapes."""

import json
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.forms import Field
from django.http import QueryDict
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from projects.asking import FACET_LABELS
from projects.asking.fields import (
    LONGEST_QUERY,
    ChoiceField,
    PageField,
    WordsField,
    YearField,
)
from projects.models import LIVE_SLUG, Edition
from projects.references import ReferenceConverter
from reports.breakdowns import BREAKDOWNS

from . import shapes
from .readers import CursorField, MomentField

# Addresses with their answers by the register as it ships; the tests ask them. Of a long answer
# only the `first` of each list are there; what nothing shipped would show is `supposing` something.
EXAMPLES = json.loads(Path(__file__).with_name("examples.json").read_text(encoding="utf-8"))
# The site that answers in them.
SITE = "https://pve.example.org"
SUPPOSED = {
    "registered": _("Supposing that staff registered this plan, which is made up."),
    "changed": _("Supposing that staff corrected a title; the correction is made up."),
}
PROBLEM = "application/problem+json"
WHAT_V1_KEEPS = _(
    "v1 keeps its addresses, parameters, keys and their meanings, types and errors. New addresses, "
    "parameters, keys and values of vocabularies may come: ignore what you do not know. Anything "
    "else becomes a v2 beside it. What is to go is announced here and by the headers Deprecation "
    "(RFC 9745) and Sunset (RFC 8594) at least twelve months ahead, and then answers 410. At "
    "present nothing is to go."
)
MEANINGS = {
    "q": _("Words that must all occur; in quotes side by side. Several are OR."),
    "edition": _("An edition’s slug; without it the register as it is now"),
    "sort": _("The order; - in front: descending. Without it that of the references"),
    "page": _("A page of the list with the same parameters; of no matter here"),
    "per_page": _("How many rows an answer has; 25 if not given"),
    "cursor": _("From the “next” of the answer before, for the rows that follow"),
    "fields": _("The keys that are wanted, any number; the first is always there"),
    "since": _("A day or a second in UTC: only what changed then or later"),
    "rows": _("The dimension of the rows"),
    "columns": _("The dimension of the columns"),
    "kind": _("What the statement is about"),
    "theme": _("The code of a theme of the report"),
    "medium": _("Whether its words say that it is online or offline"),
}
SLUG = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}
CODE = {"type": "string", "pattern": "^[A-Z0-9]+$"}
# What stands within an address, behind what it is of.
PLACES: dict[str, tuple[Any, dict[str, Any]]] = {
    "projects/{reference}": (
        _("A project’s reference"),
        {"type": "string", "pattern": f"^{ReferenceConverter.regex}$"},
    ),
    "answers/{slug}": (
        _("What the projects are divided by"),
        {"type": "string", "enum": [*BREAKDOWNS]},
    ),
    "entities/{acronym}": (
        _("An entity’s acronym"),
        {"type": "string", "pattern": "^[A-Za-z0-9-]+$"},
    ),
    "countries/{code}": (_("A country’s code, ISO 3166-1 alpha-3"), CODE),
    "statements/{code}": (_("A statement’s code, e.g. E07"), CODE),
    "plans/{slug}": (_("A plan’s slug, e.g. kenya-2016"), SLUG),
    "documents/{slug}": (_("A document’s slug, e.g. a-72-621"), SLUG),
    "reports/{slug}": (_("A report’s slug, e.g. a-72-621"), SLUG),
    "editions/{slug}": (_("An edition’s slug, e.g. reconstruction-2017-12"), SLUG),
}
# What answers of some statuses say in their headers; Link where they come in pages.
HEADERS: dict[str, tuple[list[str], Any]] = {
    "ETag": (["200"], _("Send it back in If-None-Match: 304 while nothing has changed")),
    "Link": (["200"], _("The addresses of the first page and of the next, by RFC 8288")),
    "RateLimit-Policy": (
        ["200", "429"],
        _("How many answers, q, one network may ask for within w seconds"),
    ),
    "RateLimit": (
        ["200", "429"],
        _("How many are left, r, for t seconds; not of answers that are kept"),
    ),
    "Retry-After": (["429", "503"], _("After how many seconds to ask again")),
}
REPEATED = _("Several are OR.")


def values_of(field: Field) -> dict[str, Any]:
    """Return what a parameter may be given, as a schema."""
    one: dict[str, Any] = {"type": "string"}
    if isinstance(field, WordsField):
        one |= {"maxLength": LONGEST_QUERY}
    elif isinstance(field, PageField):
        return {"type": "integer", "minimum": 1, "maximum": 999_999_999}
    elif isinstance(field, YearField):
        one |= {"pattern": "^(?!0000)[0-9]{4}$"}
    elif isinstance(field, MomentField):
        one |= {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$"}
    elif not isinstance(field, CursorField):
        one |= {"enum": [force_str(value) for value, _label in field.choices]}  # type: ignore[attr-defined]  # all others have
    return one if isinstance(field, ChoiceField) else {"type": "array", "items": one}


def query_parameters(reader: Any) -> list[OpenApiParameter]:
    """Return the parameters that a reader of query strings knows."""
    found = []
    for name, field in getattr(reader, "form", reader).fields.items():
        meaning = str(MEANINGS.get(name) or FACET_LABELS.get(name, name))
        values = values_of(field)
        if values["type"] == "array" and name not in MEANINGS:
            meaning = f"{meaning}. {REPEATED}"
        found.append(OpenApiParameter(name, values, OpenApiParameter.QUERY, description=meaning))
    return found


class ApiSchema(AutoSchema):
    def get_operation_id(self):
        return self.view.__class__.__name__[0].lower() + self.view.__class__.__name__[1:]

    def get_tags(self):
        return [str(self.view.tag)]

    def get_summary(self):
        return str(self.view.summary)

    def get_description(self):
        return str(self.view.details)

    def get_override_parameters(self):
        places = [
            OpenApiParameter(
                place.partition("{")[2].rstrip("}"),
                values,
                OpenApiParameter.PATH,
                description=str(meaning),
            )
            for place, (meaning, values) in self._places().items()
            if place in self.path
        ]
        asked = query_parameters(self.view.read(QueryDict()))
        in_pages = any(one.name == "cursor" for one in asked)
        headers = [
            OpenApiParameter(
                name, str, OpenApiParameter.HEADER, response=statuses, description=str(meaning)
            )
            for name, (statuses, meaning) in HEADERS.items()
            if name != "Link" or in_pages
        ]
        return [*places, *asked, *headers]

    def _places(self) -> dict[str, tuple[Any, dict[str, Any]]]:
        slugs = [*Edition.objects.values_list("slug", flat=True), LIVE_SLUG]
        one = (_("An edition’s slug, or live"), {"type": "string", "enum": slugs})
        return {**PLACES, "editions/{old}": one, "changes/{new}": one}

    def get_examples(self):
        return [
            OpenApiExample(
                f"example {place}",
                one["answer"],
                summary=one["address"],
                description=_is_not_all(one),
                response_only=True,
                status_codes=["200"],
            )
            for place, one in enumerate(EXAMPLES, start=1)
            if one["operation"] == self.get_operation_id()
        ]

    def get_request_serializer(self):
        return None

    def get_response_serializers(self):
        def refused(why) -> OpenApiResponse:
            return OpenApiResponse(shapes.Problem, str(why))

        found: dict[Any, Any] = {200: self.view.answers}
        found[304] = OpenApiResponse(None, _("Nothing has changed since that ETag"))
        found[400, PROBLEM] = refused(
            _("A parameter is wrong: each is named, with what is allowed")
        )
        if "{" in self.path:
            found[404, PROBLEM] = refused(_("There is no such thing"))
        found[429, PROBLEM] = refused(_("One address asked too often: Retry-After says when"))
        found[503, PROBLEM] = refused(_("Not at the moment: Retry-After says when"))
        return found


def _is_not_all(example: dict[str, Any]) -> str:
    """Return in words why this address may answer something else, empty if it does not."""
    if first := example.get("first"):
        return str(_("Shown are the first %d of the list.") % first)
    return str(SUPPOSED.get(example.get("supposing", ""), ""))


def share_parameters(result, generator, request, public):
    """Let a parameter that several addresses take stand once, and be referred to."""
    known: dict[str, str] = {}
    shared: dict[str, Any] = {}
    for path in result["paths"].values():
        for operation in path.values():
            parameters = operation.get("parameters", [])
            for place, one in enumerate(parameters):
                text = json.dumps(one, sort_keys=True)
                if text not in known:
                    taken = sum(name.partition("-")[0] == one["name"] for name in shared)
                    known[text] = f"{one['name']}-{taken + 1}" if taken else one["name"]
                    shared[known[text]] = one
                parameters[place] = {"$ref": f"#/components/parameters/{known[text]}"}
    result["components"]["parameters"] = shared
    return result


def site_of(request) -> str:
    """Return where the site is that is asked, without a slash behind it."""
    return request.build_absolute_uri("/").rstrip("/")


def description(request) -> dict[str, Any]:
    """Return the description of the API as it is now: its values are those of the register."""
    found = SchemaGenerator().get_schema(request=None, public=True)
    site = site_of(request)
    found["servers"] = [{"url": site}]
    info = found["info"]
    info["description"] = f"{info['description']}\n\n{WHAT_V1_KEEPS}"
    info["termsOfService"] = request.build_absolute_uri(f"{reverse('about')}#terms")
    found["externalDocs"] = {"url": request.build_absolute_uri(reverse("api"))}
    text = json.dumps(found, cls=DjangoJSONEncoder).replace(SITE, site)
    return json.loads(text, object_hook=_without_marks)


def _without_marks(one: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the description without what drf-spectacular notes for itself."""
    one.pop("x-spec-enum-id", None)
    return one
