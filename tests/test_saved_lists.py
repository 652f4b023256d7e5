"""The desk's list as somebody wants it: columns chosen, lists kept under a name and shared."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from projects.models import Entity, Project, SavedList

from .pages import queries_of, text_of
from .test_review import member

pytestmark = pytest.mark.usefixtures("register")

LIST = "/admin/projects/project/"
SAVE = f"{LIST}lists/save/"
QUERY = "columns=reference,status,title&entity=UNESCO&o=-3"


def headings(client, query: str) -> list[str]:
    html = client.get(f"{LIST}?{query}").content.decode()
    return re.findall(r'<th scope="col" class="[^"]*column-([a-z_]+)', html)


def references(client, query: str) -> list[str]:
    html = client.get(f"{LIST}?{query}").content.decode()
    return re.findall(r"field-reference[^>]*><a[^>]*>(PVE-\d+)<", html)


def keep(client, name="UNESCO, by title", query=QUERY, **extra):
    return client.post(SAVE, {"name": name, "query": query, **extra})


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


def test_every_column_that_can_be_chosen_is_shown():
    viewer = member("Viewers", "v")
    html = viewer.get(LIST).content.decode()
    names = re.findall(r'name="column" value="([a-z_]+)"', html)
    assert len(names) == 19
    assert {*headings(viewer, f"columns={','.join(names)}")} == {"reference", *names}


@pytest.mark.parametrize("name", ["password", "search_text", "delete", "x" * 300])
def test_an_unknown_column_is_named_with_those_that_are_allowed(name):
    response = member("Viewers", "v").get(f"{LIST}?columns=reference,{name}")
    assert response.status_code == 400
    html = response.content.decode()
    assert f"There is no column “{name[:40]}”. Allowed: title, review, " in html


@pytest.mark.postgresql
@pytest.mark.long
def test_a_list_is_saved_opened_from_the_desk_and_shared():
    viewer, other = member("Viewers", "v"), member("Editors", "ed")
    assert keep(viewer)["Location"] == f"{LIST}?{QUERY}"
    one = SavedList.objects.get()
    assert (one.name, one.query, one.is_shared) == ("UNESCO, by title", QUERY, False)
    for page in (LIST, "/admin/"):
        html = viewer.get(page).content.decode()
        assert f'<a href="{LIST}lists/{one.pk}/">UNESCO, by title</a>' in html
        assert "UNESCO, by title" not in text_of(other, page)
    assert other.get(f"{LIST}lists/{one.pk}/").status_code == 404
    opened = viewer.get(f"{LIST}lists/{one.pk}/")
    assert opened["Location"] == f"{LIST}?{QUERY}"
    assert references(viewer, QUERY) == ["PVE-004", "PVE-008", "PVE-001", "PVE-006"]
    assert (
        'aria-current="page">UNESCO, by title<' in viewer.get(opened["Location"]).content.decode()
    )
    # The same name again replaces it.
    keep(viewer, query="q=youth", is_shared="on")
    one.refresh_from_db()
    assert (one.query, one.is_shared) == ("q=youth", True)
    for page in (LIST, "/admin/"):
        assert "UNESCO, by title (v)" in text_of(other, page)
    assert other.get(f"{LIST}lists/{one.pk}/")["Location"] == f"{LIST}?q=youth"
    assert f"{LIST}lists/{one.pk}/delete/" not in other.get(LIST).content.decode()
    assert other.post(f"{LIST}lists/{one.pk}/delete/").status_code == 404
    assert viewer.get(f"{LIST}lists/{one.pk}/delete/").status_code == 405
    viewer.post(f"{LIST}lists/{one.pk}/delete/")
    assert not SavedList.objects.exists()


@pytest.mark.parametrize(
    ("name", "query", "problem"),
    [
        ("", QUERY, "This field is required."),
        ("a\nb", QUERY, "is a tab or a line break"),
        ("x", "columns=reference,secret", "There is no column “secret”"),
        ("x", "entities__name__regex=x", "The list has no such filter: entities__name__regex=x."),
        ("x", "number__lt=5", "The list has no such filter"),
        ("x", "entity=XYZ", "The list has no such filter: entity: XYZ."),
        ("x", "worklist=nothing", "The list has no such filter: worklist: nothing."),
        ("x", "q=" + "a+" * 11, "q: search for at most 200 characters and 10 words."),
        ("x", "q=" + "a" * 2000, "at most 2000 characters"),
    ],
)
def test_what_is_no_list_is_not_saved_and_nothing_typed_is_lost(name, query, problem):
    response = keep(member("Viewers", "v"), name, query)
    assert response.status_code == 400
    html = response.content.decode()
    assert problem in html
    assert f'value="{name}"' in html or not name or "\n" in name
    assert not SavedList.objects.exists()


def test_a_list_that_says_nothing_any_more_is_not_opened_as_if_it_did():
    viewer = member("Viewers", "v")
    Entity(acronym="ITU", name="International Telecommunication Union").save()
    keep(viewer, "ITU's", "entity=ITU")
    Entity.objects.get(acronym="ITU").delete()
    response = viewer.get(f"{LIST}lists/{SavedList.objects.get().pk}/", follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    said = "ITU&#x27;s: The list has no such filter: entity: ITU."
    assert said in response.content.decode()


def test_lists_are_limited_in_number_and_need_permission():
    viewer = member("Viewers", "v")
    by = User.objects.get(username="v")
    SavedList.objects.bulk_create(SavedList(name=f"List {n}", by=by) for n in range(50))
    assert "You have 50 lists already" in keep(viewer, "One more").content.decode()
    assert keep(viewer, "List 7", "q=youth").status_code == 302
    by.groups.clear()
    with transaction.atomic():
        assert keep(viewer, "List 7").status_code == 403
    assert viewer.get(f"{LIST}lists/{SavedList.objects.first().pk}/").status_code == 403
    assert "List 8" not in text_of(viewer, "/admin/")


def test_lists_and_columns_cost_the_same_however_many_there_are(make_project):
    viewer = member("Viewers", "v")
    by = User.objects.get(username="v")
    query = "columns=reference,title,entities_named,countries_named,source"

    def queries() -> list[int]:
        pages = (f"{LIST}?{query}", "/admin/")
        for page in pages:
            viewer.get(page)
        return [queries_of(viewer, page) for page in pages]

    SavedList.objects.create(name="First", by=by)
    before = queries()
    SavedList.objects.bulk_create(
        SavedList(name=f"List {n}", by=by, is_shared=True) for n in range(40)
    )
    for project in Project.published.filter(number__gt=200):
        project.entities.add(Entity.objects.get(acronym="UNDP"))
    assert queries() == before
