"""The picture of the house in docs/developers.md: its floors, and the modules of four ways.

With WRITE=1 it is written, to be read and committed; without, it is compared.
"""

import os
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client

from projects.models import Project

from .annex import Walk, importer
from .conftest import ROOT
from .test_admin import form_of
from .test_architecture import APPS, FLOORS
from .test_desk import page_of

SHEET = b"""Project title,Lead entity,Priority area,Scope,Region,Status
%s boats,UNDP,Empowering youth,National,Africa,Ongoing
"""


@pytest.fixture
def entered(monkeypatch):
    """Return a context whose list has the product's modules that requests enter, each once."""
    asked, lists = Client.request, []

    def note(frame, event, _arg):
        module = frame.f_globals.get("__name__", "")
        # A module that is only imported is not entered.
        is_call = event == "call" and frame.f_code.co_name != "<module>"
        if is_call and module.split(".")[0] in APPS and module not in lists[-1]:
            lists[-1].append(module)

    def request(client, **sent):
        if lists:
            sys.setprofile(note)
        try:
            response = asked(client, **sent)
            if response.streaming:
                b"".join(response)
        finally:
            sys.setprofile(None)
        return response

    @contextmanager
    def record() -> Iterator[list[str]]:
        lists.append([])
        yield lists[-1]
        lists.clear()

    monkeypatch.setattr(Client, "request", request)
    return record


def lines_of(name: str, words: list[str]) -> list[str]:
    """Return words below each other, after their name."""
    wrapped = textwrap.wrap(" ".join(words), 108, break_long_words=False)
    return [f"{name if n == 0 else '':10}{line}" for n, line in enumerate(wrapped)]


def shortened(modules: list[str]) -> list[str]:
    """Return names without the folder of the one before."""
    folders = ["", *(module.rpartition(".")[0] for module in modules)]
    return [
        module.removeprefix(folder) if folder == own else module
        for module, folder, own in zip(modules, folders[:-1], folders[1:], strict=True)
    ]


def test_the_picture_has_the_floors_and_the_modules_of_each_way(editor, entered):
    project = Project.live.get(reference="PVE-001")
    visitor, staff = Client(), importer(Client())

    def ask(number: int) -> None:
        query = {"region": ["asia", "africa"][number], "sort": "title"}
        assert visitor.get("/projects/", query).status_code == 200

    def save(number: int) -> None:
        sent = form_of(project, summary=f"Boats {number}")
        assert editor.post(page_of("PVE-001"), sent).status_code == 302

    def take_in(number: int) -> None:
        walk = Walk(staff, "x.csv", SHEET % str(number).encode())
        walk.map()
        walk.match()
        walk.confirm()
        assert Project.published.get(title=f"{number} boats").review == "reviewed"

    def download(number: int) -> None:
        query = {"region": ["asia", "africa"][number], "q": "prisons"}
        assert visitor.get("/projects/export.csv", query).status_code == 200

    ways = {}
    for name, go in {"page": ask, "save": save, "sheet": take_in, "file": download}.items():
        # The first time is not the usual one: templates are compiled, and tables are read.
        for number in (0, 1):
            with entered() as ways[name]:
                go(number)
    floors = {
        app: " > ".join(", ".join(sorted(floor)) for floor in reversed(FLOORS[app])).split()
        for app in APPS
    }
    named = floors | {way: shortened(modules) for way, modules in ways.items()}
    picture = "\n".join("\n".join(lines_of(name, words)) for name, words in named.items())
    guide = ROOT / "docs/developers.md"
    developers = guide.read_text(encoding="utf-8")
    if os.environ.get("WRITE"):
        before, text, after = developers.partition("```text\n")
        developers = before + text + picture + after[after.index("\n```") :]
        guide.write_text(developers, encoding="utf-8")
    assert f"```text\n{picture}\n```" in developers, picture
    section = developers.partition("## The house in one picture")[2].partition("\n## ")[0]
    assert section.count("\n") <= 60
