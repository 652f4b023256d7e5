"""Each script of `make clients` says what it asks and what it has to print."""

from .clients.__main__ import FOLDER, RUN_BY, scripts
from .test_supply import pins, text


def test_each_file_is_a_script_whose_program_is_pinned():
    there = {one.name for one in FOLDER.iterdir()} - {"__init__.py", "__main__.py", "__pycache__"}
    assert there == {one.path.name for one in scripts()}
    assert {one.path.suffix for one in scripts()} == {*RUN_BY}
    packages = {one.package for one in scripts() if one.registry == "PyPI"}
    assert packages == {*pins(text("requirements-clients.in"))}
