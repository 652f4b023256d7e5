"""Paragraphs that write themselves: literal text in the situations that occur."""

import re

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from projects.history import unrecorded
from projects.models import Project

from .pages import text_of

SOURCE = "pvematrix, register of United Nations projects on preventing violent extremism"
OPENING = (
    "The matrix provides a snapshot of the methodology and geographical location of the %s ongoing "
    "and recently completed United Nations-supported projects on preventing violent extremism "
    "around the world."
)
NARROWED = (
    "Of the United Nations-supported projects on preventing violent extremism in the matrix, %s "
    "counted here: %s."
)
RANGES = (
    "A range is what the totals of A/72/621 allow, and “at least” stands where nothing follows "
    "from them: the number itself is not known."
)


def draft(client, query="") -> tuple[list[str], str]:
    """The paragraphs, and the footnote below them."""
    response = client.get(f"/reports/draft.txt{query}")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    *paragraphs, footnote = response.content.decode().removesuffix("\n").split("\n\n")
    assert paragraphs[-1].endswith("¹")
    paragraphs[-1] = paragraphs[-1].removesuffix("¹")
    return paragraphs, footnote


def test_as_published(register, client):
    paragraphs, footnote = draft(client)
    assert paragraphs == [
        f"{OPENING % 223} By priority area of the Plan of Action, they are as follows: 40 "
        "projects focus on strengthening good governance, human rights and the rule of law; 31 "
        "projects seek to improve education, skills development and employment facilitation; 29 "
        "projects aim to foster dialogue and conflict prevention; 27 projects focus on empowering "
        "youth; 23 projects cover strategic communications, the Internet and social media; 22 "
        "projects seek to increase gender equality and empower women; and 18 projects relate to "
        "engaging communities. In addition, there are 33 projects that focus on other areas "
        "related to the prevention of violent extremism, including the development of national or "
        "regional plans of action.",
        "With respect to the geographic spread of these projects, 82 are global in scope, 66 are "
        "aimed at the regional level and 75 at the national level. Of the 141 regional and "
        "national projects, 61 are in Africa, 55 in the Middle East and North Africa, 22 in Asia, "
        "12 in Europe and 3 in the Americas; projects in more than one region are counted in each.",
    ]
    assert footnote == (
        f"¹ {SOURCE}, current register. 223 projects, published in A/72/621, paras. 22 and 24. "
        f"http://testserver/reports/draft/. Accessed on {date_format(timezone.now(), 'j F Y')}."
    )
    html = client.get("/reports/draft/?against=a-72-621").content.decode()
    assert "<ins>" not in html
    assert "<del>" not in html
    assert "A/72/621 gives 17 of the 17 figures that such a draft has." in html


def test_one_project_moved(register, client):
    project = Project.published.get(reference="PVE-109")
    project.priority_area = "gender"
    project.save()
    (areas, _spread), _footnote = draft(client)
    assert "27 projects" not in areas
    assert (
        "26 projects focus on empowering youth; 23 projects cover strategic communications, the "
        "Internet and social media; 23 projects seek to increase gender equality"
    ) in areas
    html = client.get("/reports/draft/?against=a-72-621").content.decode()
    assert re.findall(r"<ins>(\d+)</ins> <del>(\d+)</del>", html) == [("26", "27"), ("23", "22")]
    assert "<del>" not in client.get("/reports/draft/").content.decode()
    assert "Underlined: differs from A/72/621" in text_of(
        client, "/reports/draft/?against=a-72-621"
    )


def test_a_figure_that_counts_something_else_is_not_compared(register, client):
    html = client.get("/reports/draft/?against=hlc-2018").content.decode()
    assert "<del>" not in html
    text = text_of(client, "/reports/draft/?against=hlc-2018")
    assert "HLC 2018 gives 0 of the 17 figures that such a draft has." in text
    assert (
        "Figures of it that are not compared: all: exactly 16 entities; all: more than 270 "
        "projects; all: exactly 84 countries."
    ) in text


@pytest.mark.parametrize(
    ("query", "first", "second"),
    [
        (
            "?region=africa",
            f"{NARROWED % ('61 are', 'in Africa')} By priority area of the Plan of Action, they "
            "are as follows: 0 to 40 projects focus on strengthening good governance, human "
            "rights and the rule of law; 0 to 31 projects seek to improve education, ",
            "With respect to the geographic spread of these projects, none are global in scope, 0 "
            "to 61 are aimed at the regional level and 0 to 61 at the national level. Of the 61 "
            "regional and national projects, 61 are in Africa, 0 to 55 in the Middle East and "
            "North Africa, 0 to 22 in Asia, 0 to 12 in Europe and 0 to 3 in the Americas; projects "
            "in more than one region are counted in each.",
        ),
        (
            "?priority_area=youth&region=africa",
            NARROWED % ("0 to 27 are", "Empowering youth, in Africa"),
            "With respect to the geographic spread of these projects, none are global in scope, 0 "
            "to 27 are aimed at the regional level and 0 to 27 at the national level. Of the 0 to "
            "27 regional and national projects, 0 to 27 are in Africa, 0 to 27 in the Middle East "
            "and North Africa, 0 to 22 in Asia, 0 to 12 in Europe and 0 to 3 in the Americas; "
            "projects in more than one region are counted in each.",
        ),
        (
            "?entity=UNESCO",
            f"{NARROWED % ('four are', 'UNESCO')} By priority area of the Plan of Action, "
            "they are as follows: one project seeks to improve education, skills development "
            "and employment facilitation; one project aims to foster dialogue and conflict "
            "prevention; one project focuses on empowering youth; and one project covers strategic "
            "communications, the Internet and social media. No project was recorded on good "
            "governance, human rights and the rule of law; gender equality and empowering women; "
            "or engaging communities.",
            "With respect to the geographic spread of these projects, at least one is global in "
            "scope, at least two are aimed at the regional level and an unknown number at the "
            "national level. Of the regional and national projects (at least two), at least one is "
            "in the Middle East and North Africa; projects in more than one region are counted in "
            "each.",
        ),
        # What is known of a part is known of the whole.
        (
            "?region=africa&region=not-stated",
            f"{NARROWED % ('at least 61 are', 'in Africa or in no stated region')} By priority ",
            "With respect to the geographic spread of these projects, none are global in scope, at "
            "least two are aimed at the regional level and at least one at the national level. Of "
            "the regional and national projects (at least 61), 61 are in Africa, 0 to 55 in the "
            "Middle East and North Africa, 0 to 22 in Asia, 0 to 12 in Europe and 0 to 3 in the "
            "Americas; projects in more than one region are counted in each.",
        ),
        # Whether a number is in words follows what is written, not what the rows add up to.
        (
            "?scope=regional&status=not-stated",
            f"{NARROWED % ('at least three are', 'regional in scope, with status “Not stated”')} ",
            "Of the regional and national projects (at least three), an unknown number are in "
            "Africa, at least two in the Middle East and North Africa, at least one in Asia, an "
            "unknown number in Europe and an unknown number in the Americas; projects in more than "
            "one region are counted in each.",
        ),
        # A single project whose region is not known.
        (
            "?q=PVE-109",
            NARROWED % ("one is", "matching “PVE-109”"),
            "With respect to the geographic spread of these projects, an unknown number are global "
            "in scope, an unknown number are aimed at the regional level and an unknown number at "
            "the national level. Of the regional and national projects, an unknown number are in "
            "the Middle East and North Africa and an unknown number in Europe; projects in more "
            "than one region are counted in each.",
        ),
    ],
)
def test_a_draft_of_what_is_filtered_gives_ranges(register, client, query, first, second):
    (areas, spread), footnote = draft(client, query)
    assert areas.startswith(first)
    assert spread == second
    assert footnote.endswith(RANGES)
    assert f"http://testserver/reports/draft/{query}. " in footnote


def test_what_is_asked_for_is_not_broken_down_again(register, client):
    (only,), _footnote = draft(client, "?priority_area=youth&scope=global")
    assert only == NARROWED % ("0 to 27 are", "Empowering youth, global in scope")
    (first, second), _footnote = draft(client, "?scope=national")
    assert first.startswith(NARROWED % ("75 are", "national in scope"))
    assert second.startswith("Of the 75 regional and national projects, 0 to 61 are in Africa, ")


def test_a_filtered_draft_is_compared_where_the_other_has_the_figure(register, client):
    with unrecorded("the test sets the scene"):
        Project.published.filter(reference="PVE-109").update(in_africa=True)
    html = client.get("/reports/draft/?region=africa&against=a-72-621").content.decode()
    assert re.findall("<ins>(.+?)</ins> <del>(.+?)</del>", html) == [("62", "61")] * 2
    assert "A/72/621 gives 2 of the 17 figures" in html


def test_an_area_that_is_empty(register, client):
    with unrecorded("the test sets the scene"):
        Project.published.filter(priority_area="communities").delete()
    (first, _spread), _footnote = draft(client)
    assert first.startswith(OPENING % 205)
    assert (
        "and 22 projects seek to increase gender equality and empower women. No project was "
        "recorded on engaging communities. In addition, there are 33 projects that focus on other "
        "areas"
    ) in first


def test_no_project_and_a_single_one(make_project, client):
    paragraphs, _footnote = draft(client)
    assert paragraphs == ["The matrix has no project on preventing violent extremism."]
    make_project(scope="national", regions=["africa"])
    paragraphs, _footnote = draft(client)
    assert paragraphs == [
        "The matrix provides a snapshot of the methodology and geographical location of one "
        "ongoing or recently completed United Nations-supported project on preventing violent "
        "extremism around the world. By priority area of the Plan of Action, they are as "
        "follows: one project focuses on empowering youth. No project was recorded on good "
        "governance, human rights and the rule of law; education, skills development and "
        "employment; dialogue and conflict prevention; strategic communications, the Internet and "
        "social media; gender equality and empowering women; or engaging communities.",
        "With respect to the geographic spread of these projects, none are global in scope, none "
        "are aimed at the regional level and one at the national level. The regional or national "
        "project is in Africa.",
    ]
