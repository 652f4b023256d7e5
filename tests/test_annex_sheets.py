"""Three invented sheets of an annex as people send them: nothing in them is true."""

import csv
from pathlib import Path

import pytest

from projects.imports.reading import Translator

from .annex import Walk

pytestmark = pytest.mark.long
SHEETS = Path(__file__).parent / "data"
ACCEPT = "Accept the proposals of this page"
# What a person says of the values of sheet A that have no proposal: an area that is not said is of
# the others.
ANSWERS = {
    "N/A": ("priority_area", "other"),
    "OSAPG": ("nothing", "on"),
    "UN DPI": ("nothing", "on"),
}


def matched(client, name: str) -> Walk:
    """The page of the entries, and the `questions` answered, all proposals of a page as one."""
    walk = Walk(client, name, (SHEETS / name).read_bytes())
    walk.map(keep_as="Draft annex")
    walk.questions = []
    while walk.step == "translate" and len(walk.questions) < 9:
        asked = [form for form in walk.readings if not form.proposal]
        walk.questions += [*(form.written.text for form in asked), ACCEPT]
        said = [(form.prefix, *ANSWERS[form.written.text]) for form in asked]
        answers = {f"{prefix}-{name}": value for prefix, name, value in said}
        walk.translate(accept_all="yes", **answers)
    assert walk.step == "match"
    return walk


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(("name", "certainly"), [("annexA", 100), ("annexB", 89)])
def test_no_value_of_such_a_sheet_is_shown_as_certain_and_wrong(name, certainly):
    with (SHEETS / f"{name}_truth.csv").open(encoding="utf-8", newline="") as file:
        truth = [*csv.DictReader(file)]
    translator, certain = Translator(), 0
    for one in truth:
        written = translator.written(one["column"], one["text"])
        found = written.reading.get(one["column"], "")
        said = {*found} if isinstance(found, list) else {found}
        if not written.unknown:
            certain += 1
            assert said == {*one["value"].split(";")}, one["text"]
    assert certain == certainly
