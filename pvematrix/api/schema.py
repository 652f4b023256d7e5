"""The API's description by OpenAPI 3.1, made of what reads the query strings and of the shapes."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.forms import Field
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.urls import get_resolver, reverse
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _

from projects.asking import FACET_LABELS
from projects.asking.fields import LONGEST_QUERY, ChoiceField, PageField, WordsField
from projects.text import ReferenceConverter
from reports.breakdowns import BREAKDOWNS
from reports.data_package import publisher
from reports.models import STATEMENT_TABLE

from .json_schema import explained, reference
from .readers import CursorField
from .shapes import EDITION, SHAPES

# A text to check.
_EXAMPLE_TEXT = "27 projects focus on empowering youth."
# The site of the examples.
SITE = "https://pve.example.org"
DIMENSION = _("A dimension of the table")
MEANINGS = {
    "q": _("Words that must all occur; in quotes, next to each other. Several are OR."),
    "filled_in": _("yes: numbers have “filled_in” too"),
    "edition": EDITION,
    "sort": _("The order, descending with -; by reference if not given"),
    "document": _("Whose text"),
    "page": _("Has no effect here"),
    "per_page": _("Rows in an answer; the least if not given"),
    "cursor": _("From “next” of the answer before"),
    "since": _("Only changes from this day or second in UTC on"),
    "rows": DIMENSION,
    "columns": DIMENSION,
    "kind": STATEMENT_TABLE.by_name["kind"].meaning,
    "theme": _("The code of a theme of the report"),
    "number": _("The number of a paragraph or footnote"),
    "medium": _("Whether its words say that it is online or offline"),
    "publisher": _("Who publishes the data, or “pages”"),
    "donor": _("Who gives money, as published"),
    "when": _("What follows from its dates, seen from the day of the report"),
    "speaks_of_it": _("Whether its own words speak of violent extremism: our reading"),
}
SLUG = "^[-a-zA-Z0-9_]+$"
CODE = "^[A-Z0-9]+$"
# The variable parts of addresses: their pattern or values.
PLACES: dict[str, str | list[str]] = {
    "projects/{reference}": f"^{ReferenceConverter.regex}$",
    "answers/{slug}": [*BREAKDOWNS],
    "entities/{acronym}": "^[A-Za-z0-9-]+$",
    "countries/{code}": CODE,
    "statements/{code}": CODE,
    "reports/{slug}": SLUG,
    "elsewhere/{key}": "^[-a-zA-Z0-9_]+:.+$",
    "editions/{slug}": SLUG,
}
# What the values of a field are, if it does not list them.
OF_FIELDS: dict[type[Field], dict[str, Any]] = {
    WordsField: {"maxLength": LONGEST_QUERY, "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$"},
    PageField: {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    CursorField: {},
}
# Parameters whose values are data: their pattern, and the address that has the values.
OF_DATA = {
    "country": ("^([A-Z]{3}|not-stated)$", "countries/"),
    "entity": ("^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", "entities/"),
    "edition": (SLUG, "editions/"),
    "theme": (CODE, "statements/?kind=theme"),
}
# Headers, and their meaning.
HEADERS: dict[str, Any] = {
    "ETag": _("For If-None-Match: 304 while nothing has changed"),
    "Link": _("The first page and the next, by RFC 8288"),
    "RateLimit-Policy": _("One network may ask for q answers within w seconds"),
    "RateLimit": _("r answers are left for t seconds"),
    "Retry-After": _("Seconds to wait"),
}
LIMITS = ("RateLimit-Policy", "RateLimit")
# What is answered instead of a record or of rows, with its headers.
REFUSALS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "304": (_("Nothing has changed"), ("ETag",)),
    "400": (_("A parameter is wrong"), ()),
    "404": (_("Nothing is there"), ()),
    "413": (_("The text is too long"), ()),
    "414": (_("The address is too long"), ()),
    "415": (_("The text is sent as another type"), ()),
    "429": (_("Your network asks too often"), (*LIMITS, "Retry-After")),
    "503": (_("The register is not available at the moment"), ("Retry-After",)),
}


def values_of(name: str, field: Any) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if pattern := getattr(field, "pattern", ""):
        schema |= {"pattern": f"^{pattern}$"}
    elif type(field) in OF_FIELDS:
        schema |= OF_FIELDS[type(field)]
    elif name in OF_DATA:
        pattern, address = OF_DATA[name]
        values = {"url": f"{SITE}{reverse('api-contents')}{address}"}
        schema |= {"pattern": pattern, "externalDocs": values}
    else:
        schema |= {"enum": [force_str(value) for value, _label in field.choices]}
    return schema if isinstance(field, ChoiceField) else {"type": "array", "items": schema}


def parameters_of(reader: Any) -> Iterator[dict[str, Any]]:
    for name, field in reader.form.fields.items():
        values = values_of(name, field)
        meaning = MEANINGS.get(name)
        if not meaning:
            slugs = values.get("items", values).get("enum", ())
            meaning = explained(FACET_LABELS.get(name, name), slugs)
        one = {"in": "query", "name": name, "schema": values, "description": meaning}
        yield one | ({"example": field.example} if hasattr(field, "example") else {})


def places_in(path: str) -> Iterator[dict[str, Any]]:
    for place, values in PLACES.items():
        if place in path:
            start, _brace, name = place.rstrip("}").partition("{")
            # As in an address of the examples, which all work.
            found = (re.search(f"/{start}([^/?]+)/", one["address"]) for one in examples())
            example = next(one[1] for one in found if one)
            schema = {"type": "string", "pattern" if isinstance(values, str) else "enum": values}
            known = {"in": "path", "name": name, "schema": schema, "required": True}
            yield {**known, "description": _("e.g. %s") % example, "example": example}


def examples_of(operation: str) -> dict[str, Any]:
    found = {}
    for place, one in enumerate(examples(), start=1):
        if one["operation"] == operation:
            example = {"value": one["answer"], "summary": one["address"]}
            if first := one.get("first"):
                example["description"] = _("The first %d of the list.") % first
            found[f"Example{place}"] = example
    return found


def response(about: Any, headers: Iterable[str], **content: Any) -> dict[str, Any]:
    linked = {name: reference(name, "headers") for name in headers}
    return {"description": about, "headers": linked, **content}


def shared(one: dict[str, Any], known: dict[str, Any]) -> dict[str, str]:
    """Return a reference to a parameter; addresses share the description of an equal one."""
    found = next((name for name, other in known.items() if other == one), "")
    if not found:
        namesakes = sum(name.partition("-")[0] == one["name"] for name in known)
        found = f"{one['name']}-{namesakes + 1}" if namesakes else one["name"]
        known[found] = one
    return reference(found, "parameters")


def described(path: str, view: Any, declared: dict[str, Any]) -> dict[str, Any]:
    """Return the description of one address: what its view reads and answers."""
    name = type(view).__name__
    operation = name[0].lower() + name[1:]
    parameters = [*places_in(path), *parameters_of(view.read(QueryDict()))]
    parameters.sort(key=lambda one: one["name"])
    meaning = SHAPES[view.shape]["description"]
    in_pages = any(one["name"] == "cursor" for one in parameters)
    shape = reference(f"{view.shape}Page" if in_pages else view.shape)
    content = {"application/json": {"schema": shape, "examples": examples_of(operation)}}
    headers = ["ETag", *LIMITS, *(["Link"] if in_pages else [])]
    body: dict[str, Any] = {}
    if view.body:
        headers.remove("ETag")
        # Programs that are made of this description send JSON alone: some know no text/plain.
        sent = {"schema": reference(view.body), "example": {"text": _EXAMPLE_TEXT}}
        also = _("Or the text alone, as text/plain.")
        body = {"description": also, "content": {"application/json": sent}, "required": True}
    left_out = {"404": "{" not in path, "304": body, "413": not body, "415": not body}
    refused = [status for status in REFUSALS if not left_out.get(status)]
    parts = {
        "operationId": operation,
        "summary": view.summary if in_pages else meaning,
        "description": meaning,
        "parameters": [shared(one, declared) for one in parameters],
        "tags": [view.tag],
        "requestBody": body,
        "responses": {
            "200": response("", headers, content=content),
            **{status: reference(status, "responses") for status in refused},
        },
    }
    return {k: v for k, v in parts.items() if v}


def last_of(one: dict[str, str]) -> str:
    """Return the name of what a reference refers to."""
    return one["$ref"].rpartition("/")[2]


@cache
def examples() -> list[dict[str, Any]]:
    """Return addresses and their answers by the register as it ships, which the tests request.

    `first` limits the lists of a long answer.
    """
    return json.loads(Path(__file__).with_name("examples.json").read_text(encoding="utf-8"))


def site_of(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def description(request: HttpRequest) -> dict[str, Any]:
    """Return the description of the API, with every text in the language of the request."""
    resolver: Any = get_resolver("pvematrix.api.urls")
    views = {}
    for pattern in resolver.url_patterns[0].url_patterns:
        if hasattr(pattern.callback.view_class, "shape"):
            (template, names), *_others = resolver.reverse_dict[pattern.name][0]
            path = template % {name: f"{{{name}}}" for name in names}
            views[reverse("api") + path] = pattern.callback.view_class()
    parameters: dict[str, Any] = {}
    # So that an address with a variable part comes before the others.
    paths = {
        path: {"post" if views[path].body else "get": described(path, views[path], parameters)}
        for path in sorted(views, key=lambda path: path.replace("{", " "))
    }
    about, owner = f"{SITE}{reverse('about')}", publisher()
    review = f"{about}#review"
    text = {"type": "string"}
    headers = {name: {"schema": text, "description": one} for name, one in HEADERS.items()}
    problem = {"content": {"application/problem+json": {"schema": reference("Problem")}}}
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "PVE matrix",
            "version": "1",
            "description": render_to_string("api/description.txt").strip(),
            "termsOfService": f"{about}#terms",
            "contact": {"name": owner["name"], "url": owner["url"]} if owner else {"url": review},
            "license": {"name": _("No licence is granted"), "url": f"{about}#terms"},
        },
        "paths": paths,
        "components": {
            "schemas": dict(sorted(SHAPES.items())),
            "parameters": parameters,
            "headers": headers,
            "responses": {
                status: response(about, headers, **({} if status == "304" else problem))
                for status, (about, headers) in REFUSALS.items()
            },
        },
        "security": [],
        "servers": [{"url": SITE}],
        "tags": [{"name": tag} for tag in {view.tag: "" for view in views.values()}],
        "externalDocs": {"url": f"{SITE}{reverse('api')}"},
    }
    made = json.dumps(document, cls=DjangoJSONEncoder)
    return json.loads(made.replace(SITE, site_of(request)))
