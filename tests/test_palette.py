"""Colours stand once: in the stylesheet's tokens, and the same in the charts."""

import re

import pytest

from projects.asking.answer import State
from reports import images
from reports.breakdowns import Bar

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


def dark(name: str) -> str:
    blocks = TOKENS.findall(without_comments(ROOT / "static/css/tokens.css"))
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", blocks[1])).get(name) or token(name)


def luminance(colour: str) -> float:
    if len(colour) == len("#fff"):
        colour = "#" + "".join(2 * sign for sign in colour[1:])
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour: str, other: str) -> float:
    dim, bright = sorted(map(luminance, (colour, other)))
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("scheme", [token, dark])
def test_what_colours_data_is_seen_on_the_ground_and_told_apart_in_grey(scheme):
    for name in ("--published", "--described", "--range"):
        assert contrast(scheme(name), scheme("--paper")) >= 3, name
    assert contrast(scheme("--published"), scheme("--described")) >= 2
    assert contrast(scheme("--published"), scheme("--on-strong")) >= 4.5


def test_the_charts_have_the_colours_of_their_legends():
    for state in ("published", "described", "entries"):
        assert images.PAINTS[state][0] == token(f"--{state}")
    assert images.PAINTS["range"] == ("#ffffff", token("--range"))


def test_pictures_have_the_colours_of_the_page():
    named = {
        "--published": images.PUBLISHED,
        "--described": images.DESCRIBED,
        "--range": images.OUTLINE,
        "--ink": images.INK,
        "--quiet": images.QUIET,
        "--un-blue": images.RULE,
    }
    assert {name: token(name) for name in named} == named


def test_the_second_of_two_has_the_hue_of_the_first_and_is_lighter():
    def bar(state: State, side: int) -> Bar:
        return Bar(state, 0, 5, ("", "5"), "", "", side=side)

    blue = token("--published")
    assert images.painted(bar(State.PUBLISHED, 0)) == (blue, blue, 1)
    assert images.painted(bar(State.PUBLISHED, 1)) == (blue, blue, 0.4)
    assert images.painted(bar(State.RANGE, 1)) == ("#ffffff", token("--range"), 1)
