"""Three invented sheets of an annex as people send them: nothing in them is true."""

import csv
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from projects.imports.reading import Translator
from projects.models import Batch

from .annex import Walk, figures

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("solved_here")]
SHEETS = Path(__file__).parent / "data"
# What a person says of the values of sheet A that have no proposal: an area that is not said is of
# the others.
ANSWERS = {"N/A": ("priority_area", "other"), "UN DPI": ("nothing", "on")}


def matched(client, name: str) -> Walk:
    """The page of the entries, and the `questions` answered, all proposals of a page as one."""
    walk = Walk(client, name, (SHEETS / name).read_bytes())
    walk.map(keep_as="Draft annex")
    walk.questions = []
    while walk.step == "translate" and len(walk.questions) < 9:
        asked = [form for form in walk.readings if not form.proposal]
        walk.questions += [*(form.written.text for form in asked), "Accept all proposals"]
        said = [(form.prefix, *ANSWERS[form.written.text]) for form in asked]
        answers = {f"{prefix}-{name}": value for prefix, name, value in said}
        walk.translate(accept_all="yes", **answers)
    assert walk.step == "match"
    return walk


def doubles(walk: Walk) -> list[int]:
    return [one.place for one in walk.page.context["matching"].matches if one.double]


@pytest.mark.usefixtures("register")
def test_sheet_a_has_all_seventeen_figures_without_the_row_that_is_there_twice(admin_client):
    walk = matched(admin_client, "annexA.xlsx")
    # The second time which regions Libya, Mauritania and Somalia are in.
    assert walk.questions == ["N/A", "UN DPI", "Accept all proposals", "Accept all proposals"]
    walk.post({"is_complete": "yes", f"leave-{doubles(walk)[-1]}": "yes"})
    assert walk.page.context["differing"] == []
    walk.match(is_complete="yes")
    preview = walk.page.context["preview"]
    assert (preview.problems, walk.page.context["differing"]) == ([], [])
    walk.confirm()
    assert figures() == [223, 40, 31, 29, 27, 23, 22, 18, 33, 82, 66, 75, 61, 55, 22, 12, 3]


@pytest.mark.usefixtures("register")
def test_sheet_b_says_what_it_has_too_much_of(admin_client):
    walk = matched(admin_client, "annexB.xlsx")
    page = " ".join(walk.page.content.decode().split())
    governance = "5 Strengthening good governance, human rights and the rule of law"
    said = f"The sheet has 230 projects, 7 more than A/72/621: {governance}; 2 Other areas."
    ways = ("Import it as it is: ", "Leave rows out: ", "All as new drafts: ")
    assert [page.partition(said)[2].count(way) for way in ways] == [1, 1, 1]


def test_sheet_c_takes_seven_clicks_of_its_sender_and_two_of_a_reviewer(client, at_the_desk):
    page = at_the_desk("/admin/projects/batch/import/")
    client.force_login(User.objects.get(username="chief"))
    matched(client, "annexA.xlsx")
    Batch.objects.all().delete()
    clicks = ["File"]

    def click(name: str, role: str = "button") -> None:
        clicks.append(name)
        page.get_by_role(role, name=name).click()

    page.get_by_label("File").set_input_files(SHEETS / "annexC.xlsx")
    click("Show what would change")
    click("the matrix that A/72/621 counts", "radio")
    # Typed: what only a person can say of this sheet.
    page.get_by_label("Source").fill("Draft annex, https://x.org/2017")
    click("Go on to the values")
    # Every answer is known, so that the entries follow at once.
    click("It has every project", "checkbox")
    click("Go on to the preview")
    expect(page.get_by_text("Once it is published: All 17 totals agree")).to_be_visible()
    page.get_by_label("Reason").fill("The annex came")
    click("Send to a reviewer")
    expect(page.get_by_text("It waits for a reviewer")).to_be_visible()
    assert len(clicks) == 7
    page = at_the_desk("/admin/", name="another")
    click("annexC.xlsx", "link")
    click("Publish")
    expect(page.get_by_text("All 17 totals agree with the report.")).to_be_visible()
    assert figures() == [223, 40, 31, 29, 27, 23, 22, 18, 33, 82, 66, 75, 61, 55, 22, 12, 3]
    assert len(clicks) == 9


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(("name", "certainly"), [("annexA", 97), ("annexB", 86)])
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
