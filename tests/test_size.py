"""The code stays small enough for one person to know it."""

import subprocess
import tomllib

from .conftest import ROOT

# A feature that needs more lines finds them elsewhere, or changes a number here and says why.
MOST = {"product": 31_622, "migrations": 1_300}
TESTS_PER_PRODUCT = 0.95
MOST_MODULES = 201
NOT_COUNTED = {"gunicorn.conf.py", "manage.py"}


def sizes() -> dict[str, list[int]]:
    """Return how many lines every file of Python has that git knows, by what it belongs to."""
    found: dict[str, list[int]] = {"product": [], "tests": [], "migrations": []}
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in set(listed.splitlines()) - NOT_COUNTED:
        part = "tests" if name.startswith("tests/") else "product"
        if "/migrations/" in name:
            part = "migrations"
        found[part].append((ROOT / name).read_bytes().count(b"\n"))
    return found


def test_the_code_stays_within_its_size():
    found = sizes()
    lines = {part: sum(files) for part, files in found.items()}
    assert {part: lines[part] for part, most in MOST.items() if lines[part] > most} == {}
    assert lines["tests"] <= TESTS_PER_PRODUCT * lines["product"]
    assert len(found["product"]) <= MOST_MODULES


def test_lint_finds_lines_of_more_than_a_hundred_characters():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
    assert settings["line-length"] == 100
    assert "E" in settings["lint"]["select"]
    assert not [one for one in settings["lint"]["ignore"] if one.startswith("E")]


# What only staff load; Plotly is another's.
OF_STAFF = {"desk.css", "account.css", "drafts.js", "names.js", "review.js", "sending.js"}
OF_STAFF |= {"search.js", "sheet.js", "unsaved.js"}


def test_the_styles_and_scripts_of_the_public_pages_stay_small():
    for kind in ("css", "js"):
        lines = [
            line
            for path in (ROOT / "static" / kind).iterdir()
            if path.name not in OF_STAFF
            for line in path.read_text(encoding="utf-8").splitlines()
        ]
        assert len(lines) <= 900, kind
        assert [line for line in lines if len(line) > 100] == []
