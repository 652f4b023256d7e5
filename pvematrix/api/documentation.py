"""The description of the API: for programs and assistants, and a page made from it for people."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy

from projects.asking import Asked
from projects.asking.fields import ChoiceField, QueryForm
from projects.asking.links import Links
from projects.asking.published import shown
from projects.asking.selection import Selection
from projects.asking.sentences import sentence_about
from projects.pages import CONTENT_TYPES, QueryView
from projects.vocabulary import NOT_STATED, PriorityArea, Region

from .assistants import LACKS
from .json_schema import OPEN
from .limits import policy
from .schema import description, examples, last_of, site_of
from .shapes import STATES
from .views import ApiView

QUOTE = gettext_lazy(
    "Give “sentence” word for word: it names the state. A range is no estimate: never give its "
    "middle, and never a filled-in value as a fact."
)
# Of the operations whose answers are words.
OF_WORDS = ("source", "statements")
WORDS = gettext_lazy("Give “text” and “quotation” word for word, with the paragraph.")
ELSEWHERE = gettext_lazy(
    "Projects elsewhere, which other publishers describe, are in none of these answers: no source "
    "says which of them the report counts."
)


def operations(whole: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the name, the address and the description of each operation for assistants."""
    start = f"{reverse('api-contents')}assistants/"
    for path, methods in whole["paths"].items():
        if path.startswith(start):
            yield path.removeprefix(start).rstrip("/"), path, methods["get"]


def for_assistants(request: HttpRequest) -> dict[str, Any]:
    """Return the description of the operations for assistants, as OpenAPI, without shared parts."""
    whole = description(request)
    parameters, paths = whole["components"]["parameters"], {}
    for described in parameters.values():
        described["schema"].get("items", {}).pop("externalDocs", None)
    for name, path, described in operations(whole):
        content = {"application/json": {"schema": {"type": "object"}}}
        # What has no number has no state.
        quote, states = (WORDS, "") if name in OF_WORDS else (QUOTE, str(STATES))
        paths[path] = {
            "get": {
                "operationId": name,
                "description": f"{described['description']} {quote}",
                "parameters": [parameters[last_of(each)] for each in described["parameters"]],
                "responses": {"200": {"description": states, "content": content}},
            }
        }
    about = {name: whole["info"][name] for name in ("title", "version")}
    about["description"] = f"{STATES}. {QUOTE} {LACKS} {ELSEWHERE}"
    return {"openapi": whole["openapi"], "servers": whole["servers"], "info": about, "paths": paths}


class OpenApi(ApiView):
    """The description of the API by OpenAPI 3.1."""

    # A keyword of Python is no name of an attribute.
    reader_class = type(
        "DescriptionQuery", (QueryForm,), {"for": ChoiceField(choices=[("assistants", "")])}
    )

    def answer(self) -> HttpResponseBase:
        found = for_assistants if self.reader.cleaned_data["for"] else description
        return self.json(found(self.request))


class ForAssistants(QueryView):
    """`/llms.txt`: what the register is, the states, the five operations, and one answer."""

    def answer(self) -> HttpResponseBase:
        example = Asked.of(priority_area=[PriorityArea.YOUTH], region=[Region.AFRICA])
        context = {
            "site": site_of(self.request),
            "report": shown(),
            "states": STATES,
            "quote": QUOTE,
            "contents": reverse("api-contents"),
            "operations": operations(description(self.request)),
            "example": Links(example).suffix,
            "sentence": sentence_about(example, Selection(example).answer),
        }
        return render(self.request, "llms.txt", context, content_type=CONTENT_TYPES["txt"])


def _values(schema: dict[str, Any]) -> tuple[str, str]:
    """Return what a value can be, as code, and the shape that it has, if any."""
    if "$ref" in schema:
        return format_html("<code>{}</code>", last_of(schema)), last_of(schema)
    kind = schema.get("type", "")
    if kind in ("array", "object"):
        inner, anchor = _values(schema.get("items") or schema["additionalProperties"])
        return format_html("[{}]" if kind == "array" else "{{…: {}}}", inner), anchor
    kinds = kind if isinstance(kind, list) else [schema.get("format", kind)]
    if allowed := schema.get("enum") or schema.get(OPEN):
        kinds = [*(one or '""' for one in allowed), *kinds[1:]]
    if values := schema.get("externalDocs"):
        return format_html('<a href="{0}"><code>{0}</code></a>', values["url"]), ""
    return format_html_join(" | ", "<code>{}</code>", ((one,) for one in kinds)), ""


def _addresses(schema: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    parameters = schema["components"]["parameters"]
    by_tag: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        [method] = methods.values()
        content = method["responses"]["200"]["content"]["application/json"]
        examples = content["examples"].values()
        for each in examples:
            each["text"] = json.dumps(each["value"], ensure_ascii=False, indent=2)
        anchors = map(last_of, method.get("parameters", []))
        takes = [(parameters[anchor]["name"], anchor) for anchor in anchors]
        more = {"path": path, "takes": takes, "examples": examples}
        more["answer"] = last_of(content["schema"])
        if sent := method.get("requestBody"):
            more["sent"] = last_of(sent["content"]["application/json"]["schema"])
        by_tag.setdefault(method["tags"][0], []).append(method | more)
    return by_tag


class Documentation(QueryView):
    """What the API answers, for people, with examples."""

    def answer(self) -> HttpResponseBase:
        schema = description(self.request)
        parts = {name: sorted(one.items()) for name, one in schema["components"].items()}
        shapes = [
            (name, obj, [(key, each, *_values(each)) for key, each in obj["properties"].items()])
            for name, obj in parts["schemas"]
        ]
        question = next(one for one in examples() if one["operation"] == "answers")
        context = {
            "addresses": _addresses(schema),
            "question": question["address"],
            "unstated": NOT_STATED,
            "rows": f"{reverse('api-projects')}?described=yes",
            "answer": json.dumps(question["answer"], ensure_ascii=False),
            "parameters": [
                (anchor, item, _values(item["schema"])[0]) for anchor, item in parts["parameters"]
            ],
            "shapes": shapes,
            "policy": policy(),
            "site": site_of(self.request),
            "export": reverse("export", args=["csv"]),
        }
        return render(self.request, "api/documentation.html", context)
