"""The description of the API: OpenAPI for programs, and a page made from it for people."""

import json
from typing import Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from projects.asking.fields import ChoiceField, QueryForm
from projects.pages import QueryView

from .assistants import for_assistants
from .limits import policy
from .schema import EXAMPLES, description, last_of, site_of
from .shapes import OPEN
from .views import ApiView


class OpenApi(ApiView):
    # A keyword of Python is no name of an attribute.
    reader_class = type(
        "DescriptionQuery", (QueryForm,), {"for": ChoiceField(choices=[("assistants", "")])}
    )

    def answer(self):
        found = for_assistants if self.reader.cleaned_data["for"] else description
        return self.json(found(self.request))


def _code(name: str) -> SafeString:
    return format_html("<code>{}</code>", name)


def _values(schema: dict[str, Any]) -> tuple[str, str]:
    """Return what a value can be, as code, and the shape that it has, if any."""
    if "$ref" in schema:
        return _code(last_of(schema)), last_of(schema)
    kind = schema.get("type", "")
    if kind in ("array", "object"):
        inner, anchor = _values(schema.get("items") or schema["additionalProperties"])
        return format_html("[{}]" if kind == "array" else "{{…: {}}}", inner), anchor
    kinds = kind if isinstance(kind, list) else [schema.get("format", kind)]
    if known := schema.get("enum") or schema.get(OPEN):
        kinds = [*(one or '""' for one in known), *kinds[1:]]
    if found := schema.get("externalDocs"):
        return format_html('<a href="{0}"><code>{0}</code></a>', found["url"]), ""
    return format_html_join(" | ", "{}", ((_code(one),) for one in kinds)), ""


def _addresses(schema: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    parameters = schema["components"]["parameters"]
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        one = methods["get"]
        content = one["responses"]["200"]["content"]["application/json"]
        anchors = [last_of(each) for each in one.get("parameters", [])]
        examples = content["examples"].values()
        for each in examples:
            each["text"] = json.dumps(each["value"], ensure_ascii=False, indent=2)
        takes = [(parameters[anchor]["name"], anchor) for anchor in anchors]
        more = {"path": path, "takes": takes, "answer": last_of(content["schema"])}
        found.setdefault(one["tags"][0], []).append({**one, **more, "examples": examples})
    return found


class Documentation(QueryView):
    def answer(self):
        schema = description(self.request)
        parts = {name: sorted(one.items()) for name, one in schema["components"].items()}
        shapes = [
            (name, one, [(key, each, *_values(each)) for key, each in one["properties"].items()])
            for name, one in parts["schemas"]
        ]
        question = next(one for one in EXAMPLES if one["operation"] == "answers")
        context = {
            "addresses": _addresses(schema),
            "question": question["address"],
            "answer": json.dumps(question["answer"], ensure_ascii=False),
            "parameters": [
                (anchor, one, _values(one["schema"])[0]) for anchor, one in parts["parameters"]
            ],
            "shapes": shapes,
            "policy": policy(),
            "site": site_of(self.request),
            "export": reverse("export", args=["csv"]),
        }
        return render(self.request, "api/documentation.html", context)
