"""The description of the API: for programs and assistants, and a page made from it for people."""

import json
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from projects.asking import Asked
from projects.asking.links import Links
from projects.asking.published import shown
from projects.asking.selection import Selection
from projects.asking.sentences import sentence_about
from projects.pages import CONTENT_TYPES, QueryView
from projects.vocabulary import NOT_STATED, PriorityArea, Region

from .limits import policy
from .schema import description, examples, last_of, site_of
from .shapes import STATES
from .views import ApiView

QUOTE = gettext_lazy(
    "Give “sentence” word for word: it names the state. A range is no estimate: never give its "
    "middle, and never a filled-in value as a fact."
)


class OpenApi(ApiView):
    """The description of the API by OpenAPI 3.1."""

    def answer(self) -> HttpResponseBase:
        return self.json(description(self.request))


class ForAssistants(QueryView):
    """`/llms.txt`: what the register is, the states, the addresses of the API, and one answer."""

    def answer(self) -> HttpResponseBase:
        example = Asked.of(priority_area=[PriorityArea.YOUTH], region=[Region.AFRICA])
        context = {
            "site": site_of(self.request),
            "report": shown(),
            "states": STATES,
            "quote": QUOTE,
            "contents": reverse("api-contents"),
            "addresses": [
                (method.upper(), path, one["summary"])
                for path, methods in description(self.request)["paths"].items()
                for method, one in methods.items()
            ],
            "example": Links(example).suffix,
            "sentence": sentence_about(example, Selection(example).answer),
        }
        return render(self.request, "llms.txt", context, content_type=CONTENT_TYPES["txt"])


def _addresses(schema: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    parameters = schema["components"]["parameters"]
    by_tag: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        [method] = methods.values()
        content = method["responses"]["200"]["content"]["application/json"]
        examples = content["examples"].values()
        for each in examples:
            each["text"] = json.dumps(each["value"], ensure_ascii=False, indent=2)
        takes = [parameters[last_of(one)]["name"] for one in method.get("parameters", [])]
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
        question = next(one for one in examples() if one["operation"] == "answers")
        context = {
            "addresses": _addresses(schema),
            "question": question["address"],
            "unstated": NOT_STATED,
            "rows": f"{reverse('api-projects')}?described=yes",
            "answer": json.dumps(question["answer"], ensure_ascii=False),
            "policy": policy(),
            "site": site_of(self.request),
            "export": reverse("export", args=["csv"]),
        }
        return render(self.request, "api/documentation.html", context)
