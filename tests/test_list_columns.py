"""The columns of the desk's list, chosen by its address."""

import re

import pytest

from projects.models import Entity, Project

from .pages import queries_of
from .test_review import member

pytestmark = pytest.mark.usefixtures("register")

LIST = "/admin/projects/project/"


def headings(client, query: str) -> list[str]:
    html = client.get(f"{LIST}?{query}").content.decode()
    return re.findall(r'<th scope="col" class="[^"]*column-([a-z_]+)', html)


def test_columns_are_chosen_one_by_one_and_the_order_stays_that_of_its_column():
    viewer = member("Viewers", "v")
    assert headings(viewer, "")[:3] == ["reference", "title", "review"]
    # Ordered by the title, the second column, and then by the area, the sixth.
    chosen = "column=status&column=title&column=source&o=-2.6&scope__exact=global&p=2"
    response = viewer.get(f"{LIST}?{chosen}")
    assert response["Location"] == (
        f"{LIST}?columns=reference,status,title,source&o=-3&scope__exact=global"
    )
    asked = response["Location"].partition("?")[2]
    assert headings(viewer, asked) == ["reference", "status", "title", "source"]
    html = viewer.get(response["Location"]).content.decode()
    assert 'name="columns" value="reference,status,title,source"' in html  # a search keeps them
    assert "?columns=reference%2Cstatus%2Ctitle%2Csource&amp;" in html  # and so does a filter


def test_an_older_address_has_the_column_of_areas():
    viewer = member("Viewers", "v")
    assert headings(viewer, "columns=title,priority_area") == ["reference", "title", "area"]
    html = viewer.get(f"{LIST}?columns=title,priority_area&o=-3").content.decode()
    areas = re.findall('class="field-area">([^<]*)<', html)
    assert (areas[0], areas[-1]) == ("Youth", "Other areas")


def test_every_column_that_can_be_chosen_is_shown():
    viewer = member("Viewers", "v")
    html = viewer.get(LIST).content.decode()
    names = re.findall(r'name="column" value="([a-z_]+)"', html)
    assert len(names) == 21
    assert {*headings(viewer, f"columns={','.join(names)}")} == {"reference", *names}


@pytest.mark.parametrize("name", ["password", "search_text", "delete", "x" * 300])
def test_an_unknown_column_is_named_with_those_that_are_allowed(name):
    response = member("Viewers", "v").get(f"{LIST}?columns=reference,{name}")
    assert response.status_code == 400
    html = response.content.decode()
    assert f"There is no column “{name[:40]}”. Allowed: title, review, " in html


def test_columns_cost_the_same_however_many_entities_there_are():
    viewer = member("Viewers", "v")
    query = "columns=reference,title,entities_named,countries_named,source"
    viewer.get(f"{LIST}?{query}")
    before = queries_of(viewer, f"{LIST}?{query}")
    for project in Project.published.filter(number__lte=12):
        project.entities.add(Entity.objects.get(acronym="UNDP"))
    assert queries_of(viewer, f"{LIST}?{query}") == before
