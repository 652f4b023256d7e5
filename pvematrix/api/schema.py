"""The API's description by OpenAPI 3.1, made of what reads the query strings and of the shapes."""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.forms import Field
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import get_resolver, reverse
from django.utils.encoding import force_str
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from projects.asking import FACET_LABELS
from projects.asking.answers import shown
from projects.asking.asked import country_choices
from projects.asking.fields import LONGEST_QUERY, ChoiceField, PageField, WordsField, YearField
from projects.asking.selection import directory, editions
from projects.models import LIVE_SLUG
from projects.text import ReferenceConverter
from reports.breakdowns import BREAKDOWNS
from reports.models import Statement

from .readers import CursorField, MomentField, NumberField
from .shapes import SHAPES, explained, reference

# Addresses and their answers by the register as it ships, which the tests request. `first` limits
# the lists of a long answer; `supposing` names what is made up.
EXAMPLES = json.loads(Path(__file__).with_name("examples.json").read_text(encoding="utf-8"))
# The site of the examples.
SITE = "https://pve.example.org"
SUPPOSED = {
    "registered": _("Supposing that staff registered this plan, which is made up."),
    "changed": _("Supposing that staff corrected a title; the correction is made up."),
}
MEANINGS = {
    "q": _("Words that must all occur; in quotes side by side. Several are OR."),
    "filled_in": _("yes: answers have “filled_in” too, an example that fits the totals"),
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
    "number": _("The number of the paragraph or footnote"),
    "medium": _("Whether its words say that it is online or offline"),
}
SLUG = "^[-a-zA-Z0-9_]+$"
CODE = "^[A-Z0-9]+$"
# The variable parts of addresses: their meaning, and the pattern or the values that they can have.
PLACES: dict[str, tuple[Any, str | list[str]]] = {
    "projects/{reference}": (_("A project’s reference"), f"^{ReferenceConverter.regex}$"),
    "answers/{slug}": (_("What the projects are divided by"), [*BREAKDOWNS]),
    "entities/{acronym}": (_("An entity’s acronym"), "^[A-Za-z0-9-]+$"),
    "countries/{code}": (_("A country’s code, ISO 3166-1 alpha-3"), CODE),
    "statements/{code}": (_("A statement’s code, e.g. E07"), CODE),
    "plans/{slug}": (_("A plan’s slug, e.g. kenya-2016"), SLUG),
    "documents/{slug}": (_("A document’s slug, e.g. a-74-677"), SLUG),
    "reports/{slug}": (_("A report’s slug, e.g. a-74-677"), SLUG),
    "editions/{slug}": (_("An edition’s slug, e.g. november-2026"), SLUG),
}
# Headers, the statuses that have them, and their meaning; Link only where there are pages.
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


def values_of(field: Field) -> dict[str, Any]:
    one: dict[str, Any] = {"type": "string"}
    if isinstance(field, WordsField):
        one |= {"maxLength": LONGEST_QUERY}
    elif isinstance(field, PageField):
        return {"type": "integer", "minimum": 1, "maximum": 999_999_999}
    elif isinstance(field, YearField):
        one |= {"pattern": "^(?!0000)[0-9]{4}$"}
    elif isinstance(field, NumberField):
        one |= {"pattern": "^(fn)?[1-9][0-9]{0,3}$"}
    elif isinstance(field, MomentField):
        one |= {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$"}
    elif not isinstance(field, CursorField):
        one |= {"enum": [force_str(value) for value, _label in field.choices]}  # type: ignore[attr-defined]  # all others have
    return one if isinstance(field, ChoiceField) else {"type": "array", "items": one}


def parameters_of(reader: Any) -> Iterator[dict[str, Any]]:
    for name, field in getattr(reader, "form", reader).fields.items():
        slugs = [value for value, _label in getattr(field, "choices", ())]
        meaning = MEANINGS.get(name) or explained(FACET_LABELS.get(name, name), slugs)
        values = values_of(field)
        if values["type"] == "array" and name not in MEANINGS:
            meaning = f"{str(meaning).removesuffix('.')}. {_('Several are OR.')}"
        yield {"in": "query", "name": name, "schema": values, "description": meaning}


def places_in(path: str) -> Iterator[dict[str, Any]]:
    one = (_("An edition’s slug, or live"), [*(edition.slug for edition in editions()), LIVE_SLUG])
    for place, (meaning, values) in {**PLACES, "editions/{old}": one, "changes/{new}": one}.items():
        if place in path:
            name = place.partition("{")[2].rstrip("}")
            schema = {"type": "string", "pattern" if isinstance(values, str) else "enum": values}
            known = {"in": "path", "name": name, "schema": schema, "description": meaning}
            yield {**known, "required": True}


def examples_of(operation: str) -> dict[str, Any]:
    found = {}
    for place, one in enumerate(EXAMPLES, start=1):
        if one["operation"] == operation:
            example = {"value": one["answer"], "summary": one["address"]}
            if first := one.get("first"):
                example["description"] = _("Shown are the first %d of the list.") % first
            if supposed := one.get("supposing"):
                example["description"] = SUPPOSED[supposed]
            found[f"Example{place}"] = example
    return found


def responses_of(view: Any, path: str, operation: str, in_pages: bool) -> dict[str, Any]:
    """Return what an address answers, by status."""
    answer = {"schema": reference(view.answers), "examples": examples_of(operation)}
    refusal = {"application/problem+json": {"schema": reference("Problem")}}
    statuses = {
        "200": ({"application/json": answer}, ""),
        "304": ({}, _("Nothing has changed since that ETag")),
        "400": (refusal, _("A parameter is wrong: each is named, with what is allowed")),
        "404": (refusal, _("There is no such thing")),
        "429": (refusal, _("One address asked too often: Retry-After says when")),
        "503": (refusal, _("Not at the moment: Retry-After says when")),
    }
    if "{" not in path:
        del statuses["404"]
    found = {}
    for status, (content, words) in statuses.items():
        headers = {
            name: {"schema": {"type": "string"}, "description": meaning}
            for name, (with_it, meaning) in HEADERS.items()
            if status in with_it and (name != "Link" or in_pages)
        }
        parts = {"headers": headers, "content": content}
        found[status] = {**{k: v for k, v in parts.items() if v}, "description": words}
    return found


def shared(one: dict[str, Any], known: dict[str, Any]) -> dict[str, str]:
    """Return a reference to a parameter; addresses share the description of an equal one."""
    found = next((name for name, other in known.items() if other == one), "")
    if not found:
        namesakes = sum(name.partition("-")[0] == one["name"] for name in known)
        found = f"{one['name']}-{namesakes + 1}" if namesakes else one["name"]
        known[found] = one
    return {"$ref": f"#/components/parameters/{found}"}


def described(path: str, view: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Return the description of one address: what its view reads and answers."""
    name = type(view).__name__
    operation = name[0].lower() + name[1:]
    parameters = [*places_in(path), *parameters_of(view.read(QueryDict()))]
    parameters.sort(key=lambda one: one["name"])
    in_pages = any(one["name"] == "cursor" for one in parameters)
    parts = {
        "operationId": operation,
        "description": view.details,
        "summary": view.summary,
        "parameters": [shared(one, known) for one in parameters],
        "tags": [view.tag],
        "responses": responses_of(view, path, operation, in_pages),
    }
    return {k: v for k, v in parts.items() if v}


def site_of(request) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def description(request) -> dict[str, Any]:
    """Return the description of the API as it is now: its values are those of the register."""
    statements = Statement.published.order_by("pk").values_list("kind", "code", "entities__acronym")
    slugs, acronyms = [one.slug for one in editions()], [one.acronym for one in directory()]
    report = shown()
    printed = report.figures.items()
    facts = (report["called"], report.symbol, report.date, *printed, report.other_areas)
    named = (*slugs, "", *acronyms, *country_choices(), *statements, *facts)
    return json.loads(_made(get_language(), named).replace(SITE, site_of(request)))


@lru_cache(maxsize=4)
def _made(_language: str | None, _named: tuple) -> str:
    """Return the description as JSON, once in a process for the names of the register in it."""
    resolver: Any = get_resolver("pvematrix.api.urls")
    views = {}
    for one in resolver.url_patterns[-1].url_patterns:
        if hasattr(one.callback.view_class, "shape"):
            (template, names), *_others = resolver.reverse_dict[one.name][0]
            path = template % {name: f"{{{name}}}" for name in names}
            views[reverse("api") + path] = one.callback.view_class()
    parameters: dict[str, Any] = {}
    # So that an address with a variable part comes before the others.
    paths = {
        path: {"get": described(path, views[path], parameters)}
        for path in sorted(views, key=lambda path: path.replace("{", " "))
    }
    found = {
        "openapi": "3.1.0",
        "info": {
            "title": "PVE matrix",
            "version": "1",
            "description": render_to_string("api/description.txt").strip(),
            "termsOfService": f"{SITE}{reverse('about')}#terms",
        },
        "paths": paths,
        "components": {"schemas": dict(sorted(SHAPES.items())), "parameters": parameters},
        "servers": [{"url": SITE}],
        "externalDocs": {"url": f"{SITE}{reverse('api')}"},
    }
    return json.dumps(found, cls=DjangoJSONEncoder)
