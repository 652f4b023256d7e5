"""Guides, comments and texts are in plain words: none of a list, and no sentence over 25 words."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import ROOT

# What has a plainer word: fix, next to, n, anyone who, path, cached, configured, remove, install …
UNWANTED = re.compile(
    r"""\b(?:mend(?:s|ed|ing)?|anew|beside|so\ many|of\ (?:which|whom)|whoever|whatever\ is|dear|
    stands?\ (?:in|on|at)|roads?|shelf|told|tell(?:s|ing)?\ apart|leads?\ to|at\ (?:hand|stake)|
    (?:takes?|taken|taking|took)\ (?:it\ |them\ )?(?:off|away)|puts?\ in\ place|by\ itself|in\ turn|
    sa(?:y|ys|id|ying)\ so(?!\ far)|nobody’s\ business|faults?|for\ ever|one’s\ own|lest|thereof|
    wherein|hence)\b""",
    re.IGNORECASE | re.VERBOSE,
)
MOST_WORDS = 25
# What stays as it is, and why.
ALLOWED = {"What is asked, and of whom": "the name of a page: its two questions"}


def problems(text: str) -> Iterator[str]:
    """Yield what is wrong with a text: an unwanted word, or a sentence that is too long."""
    text = re.sub(r"%\(\w+\)[sd]|<[^>]+>", "…", text.replace("'", "’"))
    for one in ALLOWED:
        text = text.replace(one, "…")
    yield from (f"“{found[0]}” in: {text.strip()}" for found in UNWANTED.finditer(text))
    text = re.sub(r"\b(para|p|e\.g|i\.e)\.", r"\1", re.sub(r"!?\[(.*?)\]\(.*?\)", r"\1", text))
    for sentence in re.split(r"(?<=[.?!])[”\")*]*\s+|\n\s*\n", text):
        words = [word for word in sentence.split() if re.search(r"\w", word)]
        if len(words) > MOST_WORDS:
            yield f"{len(words)} words: {' '.join(words)}"


def prose(page: str) -> Iterator[str]:
    """Yield the paragraphs, items and cells of a page of Markdown, without its code."""
    page = re.sub(r"^ *```.*?^ *```$", "", page, flags=re.DOTALL | re.MULTILINE)
    page = re.sub(r"`[^`]*`(?: `[^`]*`)*", "…", page)
    for block in re.split(r"\n\s*\n|\n(?= *(?:[-*|#]|\d+\.) )", page):
        yield from re.split(r"[|;]", block) if block.lstrip().startswith("|") else [block]


# How each kind of file writes docstrings and comments.
EXPLAINED = {
    ".py": re.compile(r'"""(.*?)"""|(?:^ *|  )# (.*?)$', re.DOTALL | re.MULTILINE),
    ".js": re.compile(r"/\*(.*?)\*/|(?:^ *|  )// (.*?)$", re.DOTALL | re.MULTILINE),
    ".css": re.compile(r"/\*(.*?)(\*)/", re.DOTALL),
    ".html": re.compile(r"\{#(.*?)(#)\}"),
}


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("docs/*.md"), ROOT / "README.md"]), ids=lambda path: path.name
)
def test_guides_have_plain_words_and_short_sentences(path: Path):
    blocks = prose(path.read_text(encoding="utf-8"))
    assert "\n".join(one for block in blocks for one in problems(block)) == ""


def test_comments_and_docstrings_have_plain_words():
    found = []
    for folder in ("projects", "reports", "pvematrix", "templates", "static/js", "static/css"):
        for path in sorted((ROOT / folder).rglob("*.*")):
            if path.suffix in EXPLAINED and path.parent.name != "migrations":
                parts = EXPLAINED[path.suffix].findall(path.read_text(encoding="utf-8"))
                text = " ".join(" ".join(map(" ".join, parts)).split()).replace("'", "’")
                for one in UNWANTED.finditer(text):
                    around = text[max(one.start() - 60, 0) : one.end() + 20]
                    found.append(f"{path.name}: {one[0]!r} in {around!r}")
    assert "\n".join(found) == ""
