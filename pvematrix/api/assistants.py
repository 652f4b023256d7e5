"""The API in four operations, for assistants that answer people: no filled-in value is in them."""

from typing import Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from projects.asking import Asked
from projects.asking.answers import shown
from projects.asking.links import Links
from projects.asking.selection import Selection
from projects.asking.words import sentence_about
from projects.pages import CONTENT_TYPES, QueryView
from projects.vocabulary import PriorityArea, Provenance, Region
from reports.models import Document

from .schema import description, last_of, site_of
from .shapes import BY_ONE, HOW_MANY, STATES

FACETS = ["priority_area", "scope", "region", "entity", "country", "status", "year"]
QUOTE = gettext_lazy(
    "Give “sentence” word for word: it names the state. A range is no estimate: never give its "
    "middle, and never a filled-in value as a fact."
)
# The address, the parameters and the meaning of each operation. What depends on filled-in values
# is left out: of projects scope, regions and placeholders.
OPERATIONS: dict[str, tuple[str, list[str], Any]] = {
    "answer": ("answers/", FACETS, HOW_MANY),
    "breakdown": ("answers/{slug}/", ["slug", *FACETS], BY_ONE),
    "search": (
        "projects/",
        ["q", "priority_area", "entity", "country", "status", "year", "provenance", "fields"],
        gettext_lazy(
            "Described activities, with the words that each value was read from. The report does "
            "not say whether they are among the projects that it counts."
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
    info = {**whole["info"], "description": f"{STATES}. {QUOTE}"}
    return {**{name: whole[name] for name in ("openapi", "servers")}, "info": info, "paths": paths}


class ForAssistants(QueryView):
    """`/llms.txt`: what the register is, the states, the four addresses, and one answer."""

    def answer(self):
        example = Asked.of(priority_area=[PriorityArea.YOUTH], region=[Region.AFRICA])
        selection = Selection(example)
        context = {
            "site": site_of(self.request),
            "report": shown(),
            "states": STATES,
            "quote": QUOTE,
            "contents": reverse("api-contents"),
            "operations": [(name, one[0], one[2]) for name, one in OPERATIONS.items()],
            "example": Links(example).suffix,
            "sentence": sentence_about(example, selection.answer),
        }
        return render(self.request, "llms.txt", context, content_type=CONTENT_TYPES["txt"])
