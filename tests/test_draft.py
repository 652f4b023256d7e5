"""Paragraphs that write themselves: literal text in the situations that occur."""

import re

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from projects.history import unrecorded
from projects.models import Project
from reports.draft import NUMBER_WORDS

from .pages import text_of


def draft(client) -> list[str]:
    """The two paragraphs without their ends, which are checked here."""
    response = client.get("/reports/draft.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    end = (
        f" (Register of {date_format(timezone.now(), 'j F Y')}, live; "
        "http://testserver/reports/draft/)"
    )
    paragraphs = response.content.decode().rstrip("\n").split("\n\n")
    assert all(paragraph.endswith(end) for paragraph in paragraphs)
    return [paragraph.removesuffix(end) for paragraph in paragraphs]


def test_as_published(register, client):
    assert draft(client) == [
        "The mapping of United Nations activities includes 223 projects on preventing violent "
        "extremism. By priority area of the Plan of Action, 40 projects are on strengthening good "
        "governance, human rights and the rule of law; 31 on education, skills development and "
        "employment facilitation; 29 on dialogue and conflict prevention; 27 on empowering youth; "
        "23 on strategic communications, the Internet and social media; 22 on gender equality and "
        "empowering women; and 18 on engaging communities. In addition, there are 33 projects in "
        "other areas.",
        "With respect to geographic spread, 82 projects are global in scope; 75 are national in "
        "scope; and 66 are regional in scope. The regional or national projects, 141 in all, make "
        "153 mentions of a region: 61 in Africa; 55 in the Middle East and North Africa; 22 in "
        "Asia; 12 in Europe; and 3 in the Americas; a project in two regions is counted under "
        "both.",
    ]
    html = client.get("/reports/draft/?against=a-72-621").content.decode()
    assert "<ins>" not in html
    assert "<del>" not in html


def test_one_project_moved(register, client):
    project = Project.published.get(reference="PVE-109")
    project.priority_area = "gender"
    project.save()
    assert (
        "27 on" not in draft(client)[0]
        and "26 on empowering youth; 23 on strategic communications, the Internet and social "
        "media; 23 on gender equality"
        in draft(client)[0]
    )
    html = client.get("/reports/draft/?against=a-72-621").content.decode()
    assert re.findall(r"<ins>(\d+)</ins> <del>(\d+)</del>", html) == [("26", "27"), ("23", "22")]
    assert "<del>" not in client.get("/reports/draft/").content.decode()
    assert "No figure here differs from one that HLC 2018 gives exactly." in text_of(
        client, "/reports/draft/?against=hlc-2018"
    )
    assert "Underlined: differs from A/72/621" in text_of(
        client, "/reports/draft/?against=a-72-621"
    )


def test_an_area_that_is_empty(register, client):
    with unrecorded("the test sets the scene"):
        Project.published.filter(priority_area="communities").delete()
    first, _spread = draft(client)
    assert first.startswith("The mapping of United Nations activities includes 205 projects")
    assert (
        "and 22 on gender equality and empowering women. There is no project on engaging "
        "communities. In addition, there are 33 projects in other areas."
    ) in first
    assert "engaging communities;" not in first


def test_a_single_project(make_project, client):
    make_project(scope="national", regions=["africa"])
    assert draft(client) == [
        "The mapping of United Nations activities includes one project on preventing violent "
        "extremism. By priority area of the Plan of Action, one project is on empowering youth. "
        "There is no project on strengthening good governance, human rights and the rule of law; "
        "or on education, skills development and employment facilitation; or on dialogue and "
        "conflict prevention; or on strategic communications, the Internet and social media; or "
        "on gender equality and empowering women; or on engaging communities.",
        "With respect to geographic spread, one project is national in scope. The regional or "
        "national project makes one mention of a region: one in Africa.",
    ]


def test_270_projects(register, make_project, client):
    # make_project empties the register: 8 areas of youth and gender only, to 270.
    for number in range(1, 264):
        make_project(f"PVE-{number:03}")
    for number in range(264, 271):
        make_project(f"PVE-{number:03}", priority_area="gender", regions=["asia", "europe"])
    first, second = draft(client)
    assert first.startswith(
        "The mapping of United Nations activities includes 270 projects on preventing violent "
        "extremism. By priority area of the Plan of Action, 263 projects are on empowering youth; "
        "and 7 on gender equality and empowering women. There is no project on"
    )
    assert second == (
        "With respect to geographic spread, 263 projects are global in scope; and 7 are regional "
        "in scope. The regional or national projects, 7 in all, make 14 mentions of a region: "
        "seven in Asia; and seven in Europe; a project in two regions is counted under both."
    )


def test_an_empty_register_is_said_to_be_empty(make_project, client):
    assert draft(client) == [
        "The mapping of United Nations activities includes no projects on preventing violent "
        "extremism.",
        "With respect to geographic spread, there is no project.",
    ]


@pytest.mark.parametrize(("number", "word"), [(0, "no"), (1, "one"), (9, "nine")])
def test_numbers_under_ten_have_words(number, word):
    assert str(NUMBER_WORDS[number]) == word
    assert len(NUMBER_WORDS) == 10


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "against=x",
            "against: “x” is not allowed. Allowed: nothing, hlc-2018, a-72-621, "
            "edition:reconstruction-2017-12.",
        ),
        ("scope=national", "“scope=national” is not a parameter. Allowed: edition, against."),
    ],
)
def test_a_wrong_parameter_is_named(register, client, query, said):
    response = client.get(f"/reports/draft/?{query}")
    assert response.status_code == 400
    assert said in response.content.decode()
