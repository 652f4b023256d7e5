"""Each script of `make clients` is short, and says what it asks and what it has to print."""

import json
import re
from functools import partial

from .clients.__main__ import FOLDER, HEAD, NODE_MODULES, RUN_BY, Script, scripts
from .test_supply import pins, text

# It asks 120 questions by one client, and says which answers are not as they should be.
LONGER = {"fastmcp_questions.py": 28}


def test_there_are_many_and_each_is_short():
    names = [one.path.name for one in scripts()]
    others = {"__init__.py", "__main__.py", "package.json", "package-lock.json"}
    there = {one.name for one in FOLDER.iterdir()} - others - {"__pycache__", NODE_MODULES.name}
    assert there == {*names}
    assert len(names) >= 50
    assert len({one.program for one in scripts()}) >= 40
    for one in scripts():
        written = HEAD.sub("", one.path.read_text(encoding="utf-8"))
        lines = [line for line in written.splitlines() if line.strip()]
        assert len(lines) <= LONGER.get(one.path.name, 15), one.path.name


def test_what_each_has_to_print_is_written_next_to_it():
    assert {one.path.suffix for one in scripts()} == {*RUN_BY}
    expected = {one.path.stem: one.expects for one in scripts()}
    assert expected["pandas_csv"] == "5 of 223"
    assert expected["r_jsonlite"] == "range 0 27, 223 rows"
    without_number = {name for name, words in expected.items() if not re.search(r"\d", words)}
    assert without_number == {
        "great_expectations",
        "openapi_spec_validator",
        "pysdmx_structures",
        "pyshacl_catalogue",
    }


def test_the_programs_are_pinned():
    packages = {one.package for one in scripts() if one.registry == "PyPI"}
    assert packages == {*pins(text("requirements-clients.in"))}
    npm = json.loads(text("tests/clients/package.json"))["dependencies"]
    assert {one.package for one in scripts() if one.registry == "npm"} <= {*npm}
    locked = json.loads(text("tests/clients/package-lock.json"))["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in npm} == npm
    assert [name for name, package in locked.items() if name and "integrity" not in package] == []


def test_a_script_is_right_only_if_it_prints_what_is_expected(tmp_path, monkeypatch):
    script = tmp_path / "asks.sh"
    script.write_text('echo "223 projects at $SITE"; [ "$(ls)" = "" ]; echo Reason >&2')
    asks = partial(Script, script, "Program", "Debian", "no-such-package", "how many")
    assert asks("223").run("x") == ("not installed", "Debian: no-such-package")
    monkeypatch.setattr(Script, "version", lambda self: "1.0")
    assert asks("223 projects at x").run("x") == ("right", "")
    assert asks("224 projects at x").run("x") == ("wrong", "printed “223 projects at x”; Reason")
    script.write_text("echo 223 projects; exit 3")
    assert asks("223 projects").run("x") == ("wrong", "printed “223 projects”")
