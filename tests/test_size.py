"""The code stays small enough for one person to know it."""

import ast
import io
import subprocess
import tokenize
import tomllib
from collections import Counter

from .conftest import ROOT

# Net lines of the product, and lines of migrations, templates and tests. A change that needs more
# says here why.
MOST = {"net": 22_900, "migrations": 950, "templates": 5_900, "tests": 33_000}
NOT_COUNTED = {"gunicorn.conf.py", "manage.py"}
NO_CODE = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT),
    *(tokenize.ENCODING, tokenize.ENDMARKER),
}


def net_lines(text: str) -> int:
    """The lines but blank ones, comments, docstrings and imports; a long one counts as several."""
    lines = {
        number
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in NO_CODE
        for number in range(token.start[0], token.end[0] + 1)
    }
    for node in ast.walk(ast.parse(text)):
        left_out = None
        if isinstance(node, ast.Import | ast.ImportFrom):
            left_out = node
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            left_out = node.body[0] if ast.get_docstring(node) else None
        if left_out:
            lines -= {*range(left_out.lineno, left_out.end_lineno + 1)}
    rows = text.split("\n")
    return sum(1 + (len(rows[number - 1]) - 1) // 100 for number in lines)


def test_the_code_stays_within_its_size():
    found = Counter()
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py", "templates"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in set(listed.splitlines()) - NOT_COUNTED:
        text = (ROOT / name).read_text(encoding="utf-8")
        if "/migrations/" in name:
            found["migrations"] += text.count("\n")
        elif name.startswith("templates/"):
            found["templates"] += text.count("\n")
        elif name.startswith("tests/"):
            found["tests"] += text.count("\n")
        else:
            found["net"] += net_lines(text)
    assert all(found[kind] <= most for kind, most in MOST.items()), (
        f"{dict(found)}, at most {MOST} are allowed. Delete some, or raise the bound in "
        "tests/test_size.py by what you added, with the reason there."
    )


def test_net_lines_are_those_of_code():
    long = "x" * 100
    code = f"""'''A docstring
of two lines.'''

import os  # a reason

# A comment.
names = [
    "a",
]


def one():
    '''Another.'''
    return "{long}"
"""
    # Three of the list, that of the function, and two of more than a hundred characters.
    assert net_lines(code) == 6


def test_lint_finds_lines_of_more_than_a_hundred_characters():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
    assert settings["line-length"] == 100
    assert "E" in settings["lint"]["select"]
    assert not [one for one in settings["lint"]["ignore"] if one.startswith("E")]


# What only staff load; Plotly is another's.
OF_STAFF = {"desk.css", "account.css", "drafts.js", "names.js", "review.js", "sending.js"}
OF_STAFF |= {"search.js", "sheet.js"}


def test_the_styles_and_scripts_of_the_public_pages_stay_small():
    for kind, most in {"css": 950, "js": 900}.items():
        lines = [
            line
            for path in (ROOT / "static" / kind).iterdir()
            if path.name not in OF_STAFF
            for line in path.read_text(encoding="utf-8").splitlines()
        ]
        assert len(lines) <= most, kind
        assert [line for line in lines if len(line) > 100] == []
