"""The code stays small enough for one person to know it."""

import ast
import io
import subprocess
import tokenize
import tomllib
from collections import Counter

from .conftest import ROOT

# Net lines of the product, without tests, and lines of migrations. A change that needs more says
# here why. Plans became statements by 200 lines of migrations; that a scope can be blank
# took 70. Rows that say only what is known took 334 net lines. Placeholders that are derived took
# 234 lines of migrations. A text for each kind of question and number took 300 net lines, what
# sources and notes cite 99 of migrations. Three kinds of entries took 300 net lines and 190 of
# migrations, sources of their own 150 net lines, the second person 200 and 100 of migrations. That
# what leaves a page has an author and its report took 60 net lines, words of a report 90 of
# migrations. That all that a report prints is published, in its own readings and words, took 350
# net lines and 140 of migrations, its figures pasted as a table 140 net lines. Projects elsewhere,
# a part of their own that nothing which counts imports, took 2,200 net lines and 150 of migrations:
# their records and pages 1,050, reading IATI and CSV 440, charts 280, the desk 290. The merge
# of two entries took 240 net lines and 40 of migrations. Sheets as offices send them took 550: what
# a sheet has besides texts 210, words and periods of six languages 130, the desk 210; that what is
# stored of a batch is declared took 40.
# Searches that are understood, years of start and end, figures that state their largest number and
# a page of what the report does not say took 370 together; 240 were deleted for them.
# Operations for assistants took 200, files of links and print set-up 40, for which as many were
# deleted; turns of those who wait for a slot took 45, and what is said of a wrong passphrase, of
# `lang` given twice and of the lock file 15. That an edition says whether its zip has files of
# links took 15 lines of migrations. An edition in one file took 150 net lines,
# and pictures measured by their fonts 40. Forms of words and typing errors in six languages took
# 30 for searches. The check of a text took 880: how a draft is read 350, what is said of its
# numbers and quotations 320, Word files 90, its page and its address in the API 120. A
# sentence of the report in plainer words took 30 of migrations. Texts that readers suggest took
# 150, names of entities in each language 40. Types of all arguments and results took 150: a long
# signature has a line for each.
NET, MIGRATIONS = 25_545, 950
ROOM = 1.02
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
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in set(listed.splitlines()) - NOT_COUNTED:
        text = (ROOT / name).read_text(encoding="utf-8")
        if "/migrations/" in name:
            found["migrations"] += text.count("\n")
        elif not name.startswith("tests/"):
            found["net"] += net_lines(text)
    lines, most = (found["net"], found["migrations"]), (int(NET * ROOM), MIGRATIONS)
    assert all(number <= bound for number, bound in zip(lines, most, strict=True)), (
        f"{lines} net lines and lines of migrations, at most {most} are allowed. Delete some, or "
        "raise NET or MIGRATIONS in tests/test_size.py by what you added, with the reason there."
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
