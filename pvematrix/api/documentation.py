"""The description of the API: for programs and assistants, and a page made from it for people."""

import json
from typing import Any

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
from projects.models.conditions import YEARS
from projects.pages import CONTENT_TYPES, QueryView
from projects.vocabulary import NOT_STATED, PriorityArea, Provenance, Region
from reports.models import Document

from .limits import policy
from .schema import EXAMPLES, description, last_of, site_of
from .shapes import BY_ONE, HOW_MANY, OPEN, STATES
from .views import ApiView

FACETS = ["priority_area", "scope", "region", "entity", "country", "status", "year"]
QUOTE = gettext_lazy(
    "Give “sentence” word for word: it names the state. A range is no estimate: never give its "
    "middle, and never a filled-in value as a fact."
)
ELSEWHERE = gettext_lazy(
    "Projects elsewhere, which other publishers describe, are in none of these answers: no source "
    "says which of them the report counts."
)
# The address, the parameters and the meaning of each operation: of projects without placeholders.
OPERATIONS: dict[str, tuple[str, list[str], Any]] = {
    "answer": ("answers/", FACETS, HOW_MANY),
    "breakdown": ("answers/{slug}/", ["slug", *FACETS], BY_ONE),
    "search": (
        "projects/",
        ["q", "priority_area", "entity", "country", "status", *YEARS, "provenance", "fields"],
        gettext_lazy(
            "Described activities, with the words that each value was read from. A source "
            "may say whether the report counts them. If the words of “q” are a question, "
            "“recognized” has its answer."
        ),
    ),
    "source": (
        "documents/{slug}/paragraphs/",
        ["slug", "number", "q"],
        gettext_lazy(
            "The report’s own words: the paragraphs that an answer names, or that a search finds."
        ),
    ),
}
# What a search of described activities may ask for; each has to be asked for.
OF_SEARCH = {
    "provenance": [Provenance.NAMED, Provenance.CONFIRMED],
    "fields": [
        *("title", "summary", "priority_area", "entities", "countries", "status"),
        *("start_date", "end_date", "source", "quotations"),
    ],
}


def for_assistants(request) -> dict[str, Any]:
    """Return the description of the four operations, as OpenAPI, without shared parts."""
    whole = description(request)
    texts = [one.slug for one in Document.objects.with_text()]
    allowed: dict[str, Any] = {"search": OF_SEARCH, "source": {"slug": texts}}
    paths = {}
    for name, (address, wanted, meaning) in OPERATIONS.items():
        path = f"{reverse('api-contents')}{address}"
        parameters = {}
        for one in whole["paths"][path]["get"]["parameters"]:
            known = whole["components"]["parameters"][last_of(one)]
            if values := allowed.get(name, {}).get(known["name"]):
                schema: dict[str, Any] = {"type": "string", "enum": values}
                if known["schema"]["type"] == "array":
                    schema = {"type": "array", "items": schema, "minItems": 1}
                known = {**known, "schema": schema, "required": True}
            parameters[known["name"]] = known
        content = {"application/json": {"schema": {"type": "object"}}}
        paths[path] = {
            "get": {
                "operationId": name,
                "description": f"{meaning} {QUOTE}",
                "parameters": [parameters[one] for one in wanted],
                "responses": {"200": {"description": str(STATES), "content": content}},
            }
        }
    info = {**whole["info"], "description": f"{STATES}. {QUOTE} {ELSEWHERE}"}
    return {**{name: whole[name] for name in ("openapi", "servers")}, "info": info, "paths": paths}


class OpenApi(ApiView):
    # A keyword of Python is no name of an attribute.
    reader_class = type(
        "DescriptionQuery", (QueryForm,), {"for": ChoiceField(choices=[("assistants", "")])}
    )

    def answer(self):
        found = for_assistants if self.reader.cleaned_data["for"] else description
        return self.json(found(self.request))


class ForAssistants(QueryView):
    """`/llms.txt`: what the register is, the states, the four addresses, and one answer."""

    def answer(self):
        example = Asked.of(priority_area=[PriorityArea.YOUTH], region=[Region.AFRICA])
        context = {
            "site": site_of(self.request),
            "report": shown(),
            "states": STATES,
            "quote": QUOTE,
            "contents": reverse("api-contents"),
            "operations": [(name, one[0], one[2]) for name, one in OPERATIONS.items()],
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
    if known := schema.get("enum") or schema.get(OPEN):
        kinds = [*(one or '""' for one in known), *kinds[1:]]
    if found := schema.get("externalDocs"):
        return format_html('<a href="{0}"><code>{0}</code></a>', found["url"]), ""
    return format_html_join(" | ", "<code>{}</code>", ((one,) for one in kinds)), ""


def _addresses(schema: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    parameters = schema["components"]["parameters"]
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        one = methods["get"]
        content = one["responses"]["200"]["content"]["application/json"]
        examples = content["examples"].values()
        for each in examples:
            each["text"] = json.dumps(each["value"], ensure_ascii=False, indent=2)
        anchors = map(last_of, one.get("parameters", []))
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
            "unstated": NOT_STATED,
            "rows": f"{reverse('api-projects')}?described=yes",
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
