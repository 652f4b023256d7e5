"""Colours stand once: in the stylesheet's tokens, and the same in the charts."""

import re

import pytest

from reports import cards, images

from .conftest import ROOT

SHEETS = sorted((ROOT / "static/css").glob("*.css"))
TOKENS = re.compile(r":root[^{]*{.*?}", re.DOTALL)


def without_comments(path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def token(name: str) -> str:
    """What a custom property of the site stands for in the end."""
    block = TOKENS.search(without_comments(ROOT / "static/css/tokens.css"))[0]
    value = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block))[name]
    other = re.fullmatch(r"var\((--[\w-]+)\)", value)
    return token(other[1]) if other else value


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_colour_is_named_before_it_is_used(path):
    rules = TOKENS.sub("", without_comments(path))
    declared = " ".join(re.findall(r"{([^{}]*)}", rules))
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\([^)]*\)", declared)


def test_every_token_is_there_and_used():
    sheets = [without_comments(path) for path in SHEETS if path.name != "desk.css"]
    css = "".join(sheets)
    made = set(re.findall(r"(--[\w-]+):", css))
    used = set(re.findall(r"var\((--[\w-]+)\)", css))
    assert made == used


@pytest.mark.parametrize("state", ["published", "described", "entries"])
def test_the_charts_have_the_colours_of_their_legends(state):
    assert images.PAINTS[state][0] == token(f"--{state}")


def test_pictures_have_the_colours_of_the_page():
    sides = ("--side-a", "--side-b", "--elsewhere", "--elsewhere-too")
    assert tuple(map(token, sides)) == images.SIDES
    assert (
        token("--ink"),
        token("--quiet"),
        token("--un-blue"),
    ) == (images.INK, images.QUIET, images.RULE)
    assert cards.SQUARES["counted"] == (token("--squares"), token("--squares"))
    assert cards.SQUARES["named"] == (token("--described"), token("--link"))


def test_a_range_is_outlined_in_chart_and_legend():
    assert images.PAINTS["range"] == ("#ffffff", token("--range"))
