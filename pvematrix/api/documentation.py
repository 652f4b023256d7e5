"""The description of the API: OpenAPI for programs, and a page made from it for people."""

import json
from itertools import chain
from typing import Any

from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from projects.asking.fields import ChoiceField, QueryForm
from projects.pages import QueryView

from .assistants import for_assistants
from .limits import policy
from .schema import SUPPOSED, description, site_of
from .views import ApiView

# The page shows the first values of a longer list.
MOST_VALUES = 40


class OpenApi(ApiView):
    # A keyword of Python is no name of an attribute.
    reader_class = type(
        "DescriptionQuery", (QueryForm,), {"for": ChoiceField(choices=[("assistants", "")])}
    )

    def answer(self):
        found = for_assistants if self.reader.cleaned_data["for"] else description
        return self.json(found(self.request))


def _last(one: dict[str, str]) -> str:
    return one["$ref"].rpartition("/")[2]


def _code(name: str) -> SafeString:
    return format_html("<code>{}</code>", name)


def _values(schema: dict[str, Any]) -> tuple[str, str]:
    if "$ref" in schema:
        return _code(_last(schema)), _last(schema)
    kind = schema.get("type", "")
    if kind == "array":
        inner, anchor = _values(schema["items"])
        return format_html(_("any number of: {}"), inner), anchor
    if "enum" in schema:
        known = [_code(one or "null") if one != "" else _("empty") for one in schema["enum"]]
        more = len(known) - MOST_VALUES
        values = format_html_join(", ", "{}", ((one,) for one in known[:MOST_VALUES]))
        if more > 0:
            values = format_html(_("{values} and {more} more"), values=values, more=more)
        return values, ""
    if kind == "object":
        inner, anchor = _values(schema["additionalProperties"])
        return format_html(_("by name: {}"), inner), anchor
    if "allOf" in schema or "oneOf" in schema:
        return _values((schema.get("allOf") or schema["oneOf"])[0])
    words = {
        "string": _("text"),
        "integer": _("whole number"),
        "boolean": _("true or false"),
        "null": _code("null"),
    }
    kinds = kind if isinstance(kind, list) else [kind]
    names = format_html_join(_(" or "), "{}", ((words[one],) for one in kinds))
    formats = {"date-time": _("moment in UTC"), "uri": _("address")}
    return formats.get(schema.get("format", ""), names), ""


def _addresses(schema: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    parameters = schema["components"]["parameters"]
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        one = methods["get"]
        content = one["responses"]["200"]["content"]["application/json"]
        anchors = [_last(each) for each in one.get("parameters", [])]
        examples = content.get("examples", {}).values()
        for each in examples:
            each["text"] = json.dumps(each["value"], ensure_ascii=False, indent=2)
        takes = [(parameters[anchor]["name"], anchor) for anchor in anchors]
        more = {"path": path, "takes": takes, "answer": _last(content["schema"])}
        found.setdefault(one["tags"][0], []).append({**one, **more, "examples": examples})
    return found


class Documentation(QueryView):
    def answer(self):
        schema = description(self.request)
        parts = {name: sorted(one.items()) for name, one in schema["components"].items()}
        shapes = []
        for name, one in parts["schemas"]:
            keys = [(key, each, *_values(each)) for key, each in one["properties"].items()]
            shapes.append((name, one, keys))
        addresses = _addresses(schema)
        answers = next(one for one in chain(*addresses.values()) if one["operationId"] == "answers")
        question = next(iter(answers["examples"]))
        context = {
            "addresses": addresses,
            "question": question,
            "answer": json.dumps(question["value"], ensure_ascii=False),
            "parameters": [
                (anchor, one, _values(one["schema"])[0]) for anchor, one in parts["parameters"]
            ],
            "shapes": shapes,
            "supposed": [str(one) for one in SUPPOSED.values()],
            "policy": policy(),
            "site": site_of(self.request),
        }
        return render(self.request, "api/documentation.html", context)
