"""The API described: for programs by OpenAPI, for people by a page that is made of the same."""

import json
from dataclasses import dataclass
from typing import Any

from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from projects.pages import QueryView

from .limits import WINDOW, policy
from .recipes import recipes
from .schema import SUPPOSED, WHAT_V1_KEEPS, description, site_of
from .views import ApiView

# A list of values that is longer is told by the first of them.
MOST_VALUES = 40


class OpenApi(ApiView):
    """The description of the API by OpenAPI 3.1."""

    schema = None

    def answer(self):
        return self.json(description(self.request))


@dataclass(frozen=True)
class Key:
    """A parameter, or a key of an answer; `anchor` leads to the shape of its value, if any."""

    name: str
    meaning: str
    values: str
    anchor: str = ""


@dataclass(frozen=True)
class Example:
    """An address with what it answers; `note` says why that is not so here, or not all."""

    address: str
    answer: str
    note: str

    @property
    def is_supposed(self) -> bool:
        """Whether the address answers this only where something were so."""
        return self.note in {str(one) for one in SUPPOSED.values()}


@dataclass(frozen=True)
class Address:
    """An address of the API with what it takes and answers."""

    path: str
    name: str
    summary: str
    description: str
    parameters: list[tuple[str, str]]
    answer: str
    examples: list[Example]


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]


def _code(name: str) -> SafeString:
    """Return what programs read, which is the same in every language."""
    return format_html("<code>{}</code>", name)


def _values(schema: dict[str, Any]) -> tuple[str, str]:
    """Return what may stand there, in words, and the shape that it leads to, if any."""
    if "$ref" in schema:
        return _code(_last(schema["$ref"])), _last(schema["$ref"])
    kind = schema.get("type", "")
    if kind == "array":
        inner, anchor = _values(schema["items"])
        return format_html(_("any number of: {}"), inner), anchor
    if "enum" in schema:
        known = [_code(one) if one != "" else _("empty") for one in schema["enum"]]
        more = len(known) - MOST_VALUES
        shown = format_html_join(", ", "{}", ((one,) for one in known[:MOST_VALUES]))
        if more > 0:
            shown = format_html(_("{values} and {more} more"), values=shown, more=more)
        return shown, ""
    if kind == "object":
        inner, anchor = _values(schema["additionalProperties"])
        return format_html(_("by name: {}"), inner), anchor
    if "allOf" in schema or "oneOf" in schema:
        return _values((schema.get("allOf") or schema["oneOf"])[0])
    kinds = kind if isinstance(kind, list) else [kind]
    words = {
        "string": _("text"),
        "integer": _("whole number"),
        "boolean": _("true or false"),
        "null": _code("null"),
    }
    said = format_html_join(_(" or "), "{}", ((words[one],) for one in kinds))
    return {"date-time": _("moment in UTC"), "uri": _("address")}.get(
        schema.get("format", ""), said
    ), ""


def _addresses(schema: dict[str, Any]) -> dict[str, list[Address]]:
    """Return the addresses by what they are about."""
    parameters = schema["components"]["parameters"]
    found: dict[str, list[Address]] = {}
    for path, methods in schema["paths"].items():
        one = methods["get"]
        content = one["responses"]["200"]["content"]["application/json"]
        names = [_last(each["$ref"]) for each in one.get("parameters", [])]
        address = Address(
            path,
            one["operationId"],
            one["summary"],
            one.get("description", ""),
            [(parameters[name]["name"], name) for name in names],
            _last(content["schema"]["$ref"]),
            [
                Example(
                    each["summary"],
                    json.dumps(each["value"], ensure_ascii=False, indent=2),
                    each.get("description", ""),
                )
                for each in content.get("examples", {}).values()
            ],
        )
        found.setdefault(one["tags"][0], []).append(address)
    return found


def _parameters(schema: dict[str, Any]) -> list[tuple[str, Key]]:
    """Return every parameter by its anchor."""
    return [
        (anchor, Key(one["name"], one.get("description", ""), _values(one["schema"])[0]))
        for anchor, one in sorted(schema["components"]["parameters"].items())
    ]


def _shapes(schema: dict[str, Any]) -> list[tuple[str, str, list[Key]]]:
    """Return every shape: its name, what it is, its keys."""
    return [
        (
            name,
            one.get("description", ""),
            [
                Key(key, value.get("description", ""), *_values(value))
                for key, value in one["properties"].items()
            ],
        )
        for name, one in sorted(schema["components"]["schemas"].items())
    ]


class Documentation(QueryView):
    """What the API answers, address by address, with examples."""

    def answer(self):
        schema = description(self.request)
        context = {
            "addresses": _addresses(schema),
            "parameters": _parameters(schema),
            "shapes": _shapes(schema),
            "policy": policy(),
            "window": WINDOW,
            "keeps": WHAT_V1_KEEPS,
            "recipes": recipes(site_of(self.request)),
        }
        return render(self.request, "api/documentation.html", context)
