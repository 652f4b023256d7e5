"""Each script of `make clients` says what it asks and what it has to print."""

from functools import partial

from .clients.__main__ import FOLDER, RUN_BY, Script, scripts
from .test_supply import pins, text


def test_each_file_is_a_script_whose_program_is_pinned():
    there = {one.name for one in FOLDER.iterdir()} - {"__init__.py", "__main__.py", "__pycache__"}
    assert there == {one.path.name for one in scripts()}
    assert {one.path.suffix for one in scripts()} == {*RUN_BY}
    packages = {one.package for one in scripts() if one.registry == "PyPI"}
    assert packages == {*pins(text("requirements-clients.in"))}


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
