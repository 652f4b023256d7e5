"""The tables of docs/contract.md, as what is declared and the running site have them.

Addresses come from the URLconf, what they answer from the first sentence of a view's docstring,
their parameters and values from what a refusal says is allowed, columns from the tables of columns,
commands from their help.
"""

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from projects.columns import PROJECT_TABLE, Table
from pvematrix.api.shapes import SHAPES

PAGE = Path(__file__).parent.parent / "docs/contract.md"
# A table in the page: its name, and what is written between the two comments.
BETWEEN = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
# What a variable part is called here where the URLconf has a word that says less.
CALLED = {
    "/projects/<key>": "/projects/<reference>",
    "/statements/<key>": "/statements/<code>",
    "/editions/<slug>": "/editions/<edition>",
    "/reports/<slug>/text": "/reports/<document>/text",
}
# By the name of an address, for those whose text is that of another.
CALLED_BY_NAME = {
    **dict.fromkeys(("report-detail", "report-feed", "api-report"), ("slug", "report")),
}
# One of each variable part.
SAMPLES = {
    **{"reference": "PVE-001", "code": "E07", "edition": "reconstruction-2017-12"},
    **{"report": "hlc-2018", "document": "a-72-621", "slug": "scope", "acronym": "UNESCO"},
    **{"old": "reconstruction-2017-12", "new": "reconstruction-2026-11", "number": "1"},
    **{"scheme": "undp", "identifier": "00094760", "key": "undp:00094760"},
}
# The variable part of a country has the name of a statement's.
OF_COUNTRY = "/api/v1/countries/<code>/"
# Not in a table: what only staff ask for.
LEFT_OUT = re.compile(r"admin/|accounts/|sitemap-|api/v1/\[")
# Sets of parameters that several addresses have, by what the tables call them.
SETS = {
    "filters": "/reports/<slug>/",
    "of statements": "/statements.csv",
    "of projects elsewhere": "/elsewhere/export.csv",
}


def patterns_of(patterns: Iterable, base: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        address = base + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns_of(one.url_patterns, address)
        elif one.name and not LEFT_OUT.match(address.lstrip("^")):
            yield address, one


# An innermost group of a pattern whose values are a closed list of files.
CLOSED = re.compile(r"\((?:\?P<(?:extension|name)>|\?:)([\w|.\\]+)\)")


def expanded(pattern: str) -> list[str]:
    """Return a pattern once for each value of its closed lists."""
    found = CLOSED.search(pattern)
    if not found or "\\w" in found[1]:
        return [pattern]
    before, after = pattern[: found.start()], pattern[found.end() :]
    return [one for value in found[1].split("|") for one in expanded(before + value + after)]


def addresses_of(pattern: str, name: str) -> list[str]:
    """Return the addresses of a pattern, with `<word>` for a variable part."""
    # A path has its `.`; a regular expression has it escaped.
    found = []
    for one in expanded(pattern):
        address = simplify_regex(re.sub(r"<\w+:(\w+)>", r"<\1>", one)).replace("\\", "")
        for old, new in CALLED.items():
            address = address.replace(old, new)
        if name in CALLED_BY_NAME:
            old, new = CALLED_BY_NAME[name]
            address = address.replace(f"<{old}>", f"<{new}>")
        found.append(address)
    return found


def sampled(address: str) -> str:
    """Return an address with one value for each variable part."""
    samples = SAMPLES | ({"code": "KEN"} if address == OF_COUNTRY else {})
    return re.sub(r"<(\w+)>", lambda part: samples[part[1]], address)


def messages(client: Client, address: str, query: str) -> list[str]:
    """Return what a query string is refused with, a problem each; none where it is not."""
    response = client.get(f"{address}?{query}")
    if response.status_code != 400:
        return []
    text = response.content.decode()
    if "json" in response["Content-Type"]:
        errors = json.loads(text)["errors"]
        return [one["detail"] if isinstance(one, dict) else one for one in errors]
    if "html" in response["Content-Type"]:
        return [unescape(one) for one in re.findall(r"<li>(.+?)(?: <a .*)?</li>", text)]
    return text.splitlines()


def allowed(message: str) -> str:
    """Return what a refusal says is allowed."""
    said = re.sub(r" Did you mean .*", "", message).partition("Allowed: ")[2]
    return said.removesuffix(".")


def in_code(values: str) -> str:
    """Return values as code if they are a list of slugs, else the sentence that they are."""
    return code(values) if re.fullmatch(r"[\w:-]+(, [\w:-]+)*", values) else values


class Site:
    """What the running site says of its addresses."""

    def __init__(self, client: Client):
        self.client = client
        found = patterns_of(get_resolver().url_patterns)
        # The addresses of a pattern, and its view.
        self.patterns = [(addresses_of(text, one.name), one.callback) for text, one in found]
        self.addresses = [one for many, _view in self.patterns for one in many]
        self.parameters = {one: self._parameters(one) for one in self.addresses}

    def _parameters(self, address: str) -> list[str]:
        """Return the parameters of an address in their order; none where any are ignored."""
        problems = messages(self.client, sampled(address), "none-such=1")
        said = next((allowed(one) for one in problems if one.startswith("address: ")), "")
        return [] if said in ("", "no parameter") else said.split(", ")

    def values(self, address: str, parameter: str) -> str:
        """Return what a parameter may be; empty for a query string in another."""
        problems = messages(self.client, sampled(address), f"{parameter}=%1b&{parameter}=%1b")
        return next((allowed(one) for one in problems if one.startswith(f"{parameter}: ")), "")

    def of_set(self, name: str) -> list[str]:
        return self.parameters[SETS[name]]

    def set_of(self, parameters: list[str]) -> str:
        """Return the name of the set that an address has, all but two of it at the most."""
        lacking = {name: len({*self.of_set(name)} - {*parameters}) for name in SETS}
        return next((name for name, count in lacking.items() if count <= 2), "")

    def in_short(self, parameters: list[str]) -> str:
        """Return the parameters of an address, with the name of a set in place of its own."""
        name = self.set_of(parameters)
        known = self.of_set(name) if name else []
        but = ", ".join(code(one) for one in known if one not in parameters)
        more = [code(one) for one in parameters if one not in known]
        short = [f"{name} but {but}" if but else name] if name else []
        return ", ".join([*short, *more]) or "none"

    def rows_of_addresses(self, kind: str) -> Iterator[list[str]]:
        for addresses, view in sorted(self.patterns, key=itemgetter(0)):
            if kind_of(addresses[0]) != kind:
                continue
            cells = [" ".join(map(code, addresses)), about(view)]
            if kind == "files":
                cells += self.file(addresses)
            yield [*cells, self.in_short(self.parameters[addresses[0]])]

    def file(self, addresses: list[str]) -> list[str]:
        """Return the types that files are sent as, and what they are called.

        `<day>` and the variable parts of the address stand for what differs.
        """
        sent = [self.client.head(sampled(one)) for one in addresses]
        types = dict.fromkeys(one["Content-Type"].partition(";")[0] for one in sent)
        name = sent[0].get("Content-Disposition", "").partition("filename=")[2].strip('"')
        name = re.sub(r"\d{4}-\d\d-\d\d(?=[-.])", "<day>", name)
        for part in re.findall(r"<(\w+)>", addresses[0]):
            name = name.replace(SAMPLES[part], f"<{part}>", 1)
        if len(addresses) > 1:
            name = re.sub(r"\.\w+$", "", name)
        return [" ".join(map(code, types)), code(name) if name else ""]

    def rows_of_parameters(self, name: str) -> Iterator[list[str]]:
        for parameter in self.of_set(name):
            yield [code(parameter), in_code(self.values(SETS[name], parameter))]


def code(text: str) -> str:
    return f"`{text}`"


def about(view: Any) -> str:
    """Return what an address answers: of the API what its description says, else a docstring."""
    declared = getattr(view, "view_class", type(view))
    if shape := getattr(declared, "shape", ""):
        return str(SHAPES[shape]["description"]).removesuffix(".")
    text = " ".join((declared.__doc__ or "").split())
    return re.split(r"(?<=[.])\s", text)[0].removesuffix(".")


def kind_of(address: str) -> str:
    if address.startswith("/api/v1/"):
        return "api"
    return "pages" if address.endswith("/") else "files"


def rows_of_columns(table: Table) -> Iterator[list[str]]:
    for one in table.columns:
        yield [code(one.name), str(one.meaning), in_code(", ".join(one.labels)) or str(one.allowed)]


def rows_of_commands() -> Iterator[list[str]]:
    """Yield our management commands with their arguments, but those that are Django's too."""
    for name, app in sorted(get_commands().items()):
        ours = app in ("projects", "projects.elsewhere", "reports", "pvematrix")
        if not ours or name in ("dumpdata", "loaddata", "migrate"):
            continue
        command = load_command_class(app, name)
        of_all = {one.dest for one in BaseCommand().create_parser("", "")._actions}
        words = [name]
        for one in command.create_parser("", name)._actions:
            if one.dest in of_all:
                continue
            value = "" if one.nargs == 0 else one.metavar or one.dest.upper()
            text = " ".join([*one.option_strings[:1], *([value] if value else [])])
            words.append(text if one.required else f"[{text}]")
        said = re.split(r"(?<=[.])\s", " ".join(command.help.split()))[0]
        yield [code(" ".join(words)), said.removesuffix(".")]


def tables(client: Client) -> dict[str, str]:
    """Return each generated table of the page by its name, in Markdown."""
    site = Site(client)
    values, columns = ["parameter", "allowed"], ["column", "holds", "allowed"]
    made = {
        "commands": (["command", "does"], rows_of_commands()),
        "pages": (["address", "answers", "parameters"], site.rows_of_addresses("pages")),
        "files": (
            ["address", "answers", "sent as", "name", "parameters"],
            site.rows_of_addresses("files"),
        ),
        "filters": (values, site.rows_of_parameters("filters")),
        "parameters-of-statements": (values, site.rows_of_parameters("of statements")),
        "columns": (columns, rows_of_columns(PROJECT_TABLE)),
    }
    return {name: in_markdown(headings, rows) for name, (headings, rows) in made.items()}


def in_markdown(headings: list[str], rows: Iterable[list[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    cells = [[one.replace("|", "\\|") for one in row] for row in lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)


def with_tables(page: str, client: Client) -> str:
    """Return the page with its tables made again; raises KeyError for a name that is no table's."""
    made = tables(client)
    return BETWEEN.sub(lambda found: f"{found[1]}\n{made[found[2]]}\n{found[3]}", page)
