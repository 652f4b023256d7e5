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


# A colour for each meaning, and what else is drawn or written on it.
DATA = {"--published", "--described", "--elsewhere", "--range", "--entries", "--hue"}
NO_DATA = {"--ink", "--paper", "--on-strong"}


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


def test_nothing_else_colours_data():
    for path in SHEETS:
        if path.name in ("desk.css", "account.css"):
            continue
        for selector, rules in re.findall(r"([^{}]+){([^{}]*)}", without_comments(path)):
            for value in re.findall(r"(?<![\w-])fill:\s*([^;]+);", rules):
                used = set(re.findall(r"--[\w-]+", value))
                # The pointer lights up what it is over, and a picture's letters are quiet.
                is_known = selector.strip().endswith((".press", '"#51626f"]'))
                assert used <= DATA | NO_DATA or is_known, selector
            if "swatch" in selector:
                assert set(re.findall(r"--[a-z][\w-]+", rules)) <= {
                    *(DATA | NO_DATA),
                    *("--edge", "--s1"),
                }, selector


@pytest.mark.parametrize("scheme", [token, dark])
def test_what_colours_data_is_seen_on_the_ground_and_told_apart_in_grey(scheme):
    for name in ("--published", "--described", "--elsewhere", "--range"):
        assert contrast(scheme(name), scheme("--paper")) >= 3, name
    assert contrast(scheme("--published"), scheme("--described")) >= 2
    assert contrast(scheme("--published"), scheme("--on-strong")) >= 4.5


@pytest.mark.parametrize("state", ["published", "described", "entries"])
def test_the_charts_have_the_colours_of_their_legends(state):
    assert images.PAINTS[state][0] == token(f"--{state}")


def test_pictures_have_the_colours_of_the_page():
    named = {
        "--published": images.PUBLISHED,
        "--described": images.DESCRIBED,
        "--elsewhere": images.OF_ELSEWHERE,
        "--range": images.OUTLINE,
        "--ink": images.INK,
        "--quiet": images.QUIET,
        "--un-blue": images.RULE,
    }
    assert {name: token(name) for name in named} == named


def test_a_range_is_outlined_in_chart_and_legend():
    assert images.PAINTS["range"] == ("#ffffff", token("--range"))


def test_the_second_of_two_has_the_hue_of_the_first_and_is_lighter():
    def bar(state: State, side: int) -> Bar:
        return Bar(state, 0, 5, ("", "5"), "", "", side=side)

    blue, purple = (token(name) for name in ("--published", "--elsewhere"))
    assert images.painted(bar(State.PUBLISHED, 0)) == (blue, blue, 1)
    assert images.painted(bar(State.PUBLISHED, 1)) == (blue, blue, 0.4)
    assert images.painted(bar(State.ENTRIES, 2)) == (purple, purple, 1)
    assert images.painted(bar(State.ENTRIES, 3)) == (purple, purple, 0.4)
    assert images.painted(bar(State.RANGE, 1)) == ("#ffffff", token("--range"), 1)


# As wide as a button, or as high as a line of buttons, and a space; a sheet, and one of paper.
OTHER_SPACES = {"calc(1.5rem + var(--s2))", "calc(2.25rem + var(--s2))", "3rem", "4rem", "14mm"}
SPACES = {"var(--s1)", "var(--s2)", "var(--s3)", "var(--s4)", "var(--s5)", "0", "auto", "inherit"}
# Between squares, and around labels in lines.
HAIRLINES = {"1px", "2px", "3px"}


def test_spaces_are_of_one_scale():
    """8, 16, 32 and 48 pixels, and 4 within a part."""
    scale = re.findall(r"--s\d: ([^;]+);", without_comments(ROOT / "static/css/tokens.css"))
    assert scale == ["0.25rem", "0.5rem", "1rem", "2rem", "3rem"]
    wrong = []
    for path in SHEETS:
        if path.name in ("desk.css", "account.css"):
            continue
        spaces = r"(?<![\w-])(?:[a-z]+-)*(?:margin|padding|gap)[a-z-]*:\s*([^;]+);"
        rules = re.findall(spaces, without_comments(path))
        for rule in rules:
            for value in re.findall(r"[a-z]+\((?:[^()]|\([^()]*\))*\)|[^\s()]+", rule):
                is_known = value in SPACES | HAIRLINES | OTHER_SPACES
                if not is_known and value != "calc(-1 * var(--s3))":
                    wrong.append((path.name, rule))
    assert wrong == []
