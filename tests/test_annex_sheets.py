"""Three invented sheets of an annex as people send them: nothing in them is true."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from projects.models import Batch
from projects.vocabulary import Region

from .annex import Walk, figures

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("solved_here")]
SHEETS = Path(__file__).parent / "data"
# What a person knows of the words of sheet A: by column, the value by a part of the text.
AREAS = {
    **{"governance": "governance", "dialogue": "dialogue", "women": "gender", "youth": "youth"},
    **{"educ": "education", "comm": "communications"},
}
SCOPES = {"naci": "national", "national": "national", "mondial": "global", "global": "global"}
SCOPES |= {"rég": "regional", "region": "regional", "multi": "regional"}
REGIONS = {
    **{"afrique du nord": "mena", "north africa": "mena", "mena": "mena", "afrique": "africa"},
    **{"sahel": "africa", "africa": "africa", "asi": "asia", "europ": "europe"},
    **{"améri": "americas", "americ": "americas"},
}
COUNTRIES = {"FYROM": "MKD", "DRC": "COD"}


def found(text: str, known: dict[str, str]) -> list[str]:
    """The values that parts of a text mean, each part once: the first names come first."""
    values = []
    for part, value in known.items():
        if part in text:
            text = text.replace(part, "")
            values.append(value)
    return values


def answers(form) -> dict:
    """What a person says of a value that is asked about."""
    text, column = form.written.text.lower().strip(), form.written.column
    said: dict = {"nothing": "on"}
    if column == "priority_area":
        said["priority_area"] = next(iter(found(text, AREAS)), "other")
    elif column == "region_of":
        said["regions"] = ["mena"] if text == "lby" else ["africa"]
    elif column == "status":
        said["status"] = "completed" if text == "finalizado" else "ongoing"
    elif column in ("scope", "regions"):
        regions = {*found(text, REGIONS)}
        said["regions"] = [one.value for one in Region if one in regions]
        if scope := found(text, SCOPES) if column == "scope" else []:
            said["scope"] = scope[0]
            said["regions"] = said["regions"] if scope[0] == "regional" else []
    codes = [code for name, code in COUNTRIES.items() if name in form.written.text]
    return said | ({"countries": codes[0]} if codes else {})


def matched(client, name: str) -> Walk:
    walk = Walk(client, name, (SHEETS / name).read_bytes())
    walk.map(sections="scope", keep_as="Draft annex")
    rounds = 0
    while walk.step == "translate" and rounds < 5:
        rounds += 1
        walk.translate(
            **{
                f"{form.prefix}-{name}": value
                for form in walk.readings
                # An area that is not said is of the others.
                if form.written.is_asked or form.written.text == "N/A"
                for name, value in answers(form).items()
            }
        )
    assert walk.step == "match"
    return walk


def doubles(walk: Walk) -> list[int]:
    return [one.place for one in walk.page.context["matching"].matches if one.double]


@pytest.mark.usefixtures("register")
def test_sheet_a_has_all_seventeen_figures_without_the_row_that_is_there_twice(admin_client):
    walk = matched(admin_client, "annexA.xlsx")
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
