"""Quotations: the words that a value was read from, kept, shown and dumped like everything else."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from projects.history import Revision, recording, restore
from projects.imports import batches as imports
from projects.models import Project, Quotation

from .files import upload
from .pages import text_of
from .test_admin import form_of

pytestmark = pytest.mark.usefixtures("register")

# What is quoted for PVE-010.
FIELDS = ["title", "priority_area", "scope", "start_date"]


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"field": "regions"}, "field", "The project already has words for this field."),
        ({"paragraphs": "§ 4"}, "paragraphs", "Numbers, e.g. 34 or 44, 45."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(values, field, message):
    known = {"field": "title", "words": "Words", "document": "A/1", "paragraphs": "4"}
    quotation = Quotation(project=Project.live.get(reference="PVE-012"), **known | values)
    with pytest.raises(ValidationError) as error:
        quotation.full_clean()
    assert message in " ".join(error.value.message_dict[field])


@pytest.mark.postgresql
@pytest.mark.parametrize("values", [{"field": "summary"}, {"words": " "}, {"document": ""}])
def test_the_database_refuses_it_too(values):
    project = Project.live.get(reference="PVE-012")
    known = {"field": "title", "words": "Words", "document": "A/1"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Quotation(project=project, **known | values).save()


def test_a_page_shows_the_words_next_to_what_was_read_from_them(client):
    text = text_of(client, "/projects/PVE-004/")
    assert (
        "Status Ongoing, as at 1 December 2017 "
        "Stated: “is leading capacity-building workshops” para. 34 Not known Scope, Regions, "
    ) in text
    assert "The title is the register’s; the source gives no name." in text
    text = text_of(client, "/projects/PVE-002/")
    assert "Scope Regional Stated: “at the regional level” " in text
    assert "Source: A/72/621, para. 34." in text


def place_of(data, words) -> str:
    """The prefix of the form's line that has these words."""
    return next(key.removesuffix("-words") for key, value in data.items() if value == words)


def test_the_form_of_a_project_keeps_them_with_its_reason(editor):
    project = Project.live.get(reference="PVE-010")
    assert project.review == "reviewed"
    address = f"/admin/projects/project/{project.pk}/change/"
    assert "worldwide" in editor.get(address).content.decode()
    data = form_of(project)
    place = place_of(data, "worldwide")
    data[f"{place}-words"] = "technology industry\r\n worldwide"
    assert editor.post(address, data).status_code == 302
    quotation = Quotation.objects.get_by_natural_key("PVE-010", "scope")
    assert quotation.words == "technology industry worldwide"
    revision = Revision.objects.of(project).get()
    assert (revision.key, revision.by_name, revision.reason) == ("PVE-010", "editor", "For a test")
    assert {change.column: (change.old, change.new) for change in revision.changes} == {
        "quotations.scope": (
            "“worldwide” (A/72/621, para. 42)",
            "“technology industry worldwide” (A/72/621, para. 42)",
        ),
        "review": ("reviewed", "changed"),
    }


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "paragraphs", "document", "status"),
    [
        ("in all the world", "42", "A/72/621", 200),
        ("worldwide […] in no partnership", "42", "A/72/621", 200),
        ("launched in partnership […] industry worldwide", "42", "A/72/621", 302),
        ("in all the world", "", "A/72/621", 302),
        ("in all the world", "42", "A/74/677", 302),
    ],
)
def test_words_are_in_their_paragraph_if_its_text_is_here(
    editor, words, paragraphs, document, status
):
    project = Project.live.get(reference="PVE-010")
    data = form_of(project)
    place = place_of(data, "worldwide")
    changed = {"words": words, "paragraphs": paragraphs, "document": document}
    data |= {f"{place}-{name}": value for name, value in changed.items()}
    response = editor.post(f"/admin/projects/project/{project.pk}/change/", data)
    assert response.status_code == status
    if status == 200:
        assert "is in none of these paragraphs." in response.content.decode()


@pytest.mark.long
@pytest.mark.parametrize(
    "change", [{"words": "worldwide"}, {"words": "the world"}, {"DELETE": "on"}]
)
def test_a_form_that_was_opened_before_a_change_does_not_undo_it(editor, change):
    project = Project.live.get(reference="PVE-010")
    address = f"/admin/projects/project/{project.pk}/change/"
    data = form_of(project)
    place = place_of(data, "worldwide")
    quotation = Quotation.objects.get_by_natural_key("PVE-010", "scope")
    quotation.words = "by the industry worldwide"
    quotation.save()
    data |= {f"{place}-{name}": value for name, value in change.items()}
    response = editor.post(address, data)
    assert "Somebody has changed it since you opened this page." in response.content.decode()
    quotation.refresh_from_db()
    assert quotation.words == "by the industry worldwide"
    assert editor.post(address, form_of(project) | {f"{place}-DELETE": "on"}).status_code == 302
    assert not Quotation.objects.filter(pk=quotation.pk).exists()


def test_a_version_is_restored_with_its_words():
    project = Project.published.get(reference="PVE-010")
    before = project.snapshot()
    Quotation.objects.get_by_natural_key("PVE-010", "scope").delete()
    with recording():
        other = Quotation.objects.get_by_natural_key("PVE-010", "priority_area")
        other.words = "Something else"
        other.save()
    assert [*project.quoted] == ["title", "priority_area", "start_date"]
    restore(Project, project.pk, before)
    assert project.snapshot()["quotations"] == before["quotations"]


words = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=40
)


@pytest.mark.long
@given(words=words, document=words, paragraphs=st.sampled_from(["", "34", "44, 45"]))
def test_words_with_their_place_say_all_of_a_quotation(words, document, paragraphs):
    known = {"field": "scope", "words": words, "document": document, "paragraphs": paragraphs}
    quotation = Quotation(**known)
    try:
        quotation.clean_fields(exclude=["project"])
    except ValidationError:
        return
    assert Quotation.of(None, "scope", quotation.with_place).as_data == known


# Files


def uploaded(text: str):
    batch = upload("x.csv", text.encode(), {"ignored": []})
    return batch, imports.preview(batch)


@pytest.mark.postgresql
@pytest.mark.long
def test_an_import_brings_words_and_is_undone_with_them():
    cell = 'scope: “in the “whole” world” (A/73/1, paras. 1 and 2)\r\ntitle: ""New"" (A/73/1)'
    head = "reference,title,priority_area,priority_area_basis,scope,scope_basis,provenance,source"
    row = ",New,youth,stated,global,stated,confirmed,A/73/1"
    other = "PVE-010,Changed,other,inferred,global,inferred,named,A/72/621,scope: “the world” (A/1)"
    batch, shown = uploaded(f'{head},Quotations\r\n{row},"{cell}"\r\n{other}\r\n')
    assert (shown.problems, shown.counts["added"], shown.counts["changed"]) == ([], 1, 1)
    changed = {change.column: change.new for change in shown.first["changed"][0].changes}
    assert (changed["quotations.scope"], changed["quotations.title"]) == ("“the world” (A/1)", "")
    before = Project.live.get(reference="PVE-010").snapshot()["quotations"]
    assert len(before) == 4
    imports.apply(batch, shown.digest)
    project = Project.live.get(reference="PVE-224")
    assert [one.as_data for one in project.quoted.values()] == [
        {"field": "title", "words": "New", "document": "A/73/1", "paragraphs": ""},
        {
            "field": "scope",
            "words": "in the “whole” world",
            "document": "A/73/1",
            "paragraphs": "1, 2",
        },
    ]
    other = Project.live.get(reference="PVE-010")
    assert (other.review, other.snapshot()["quotations"]) == (
        *("changed", {"scope": "“the world” (A/1)"}),
    )
    imports.undo(batch)
    assert not Project.live.filter(reference="PVE-224").exists()
    assert other.snapshot()["quotations"] == before


@pytest.mark.long
def test_what_is_wrong_in_a_cell_is_said_line_by_line():
    cell = "the world\nsummary: “x” (A/1)\nscope: “x” (A/1)\nscope: “y” (A/1)\n"
    cell += f"title: “{'x' * 1001}” (A/1)\nregions: “ ” (A/1)\nstatus: is under way\n"
    cell += "start_date: “2013” (A/1, paras. 3–5)"
    _batch, shown = uploaded(f'reference,title,quotations\r\nPVE-010,X,"{cell}"\r\n')
    fields = "Fields: title, priority_area, scope, regions, status, start_date, end_date."
    assert [(one.row, one.column, one.value[:10], one.message) for one in shown.problems] == [
        (2, "quotations", "the world", f"Start the line with a field and a colon. {fields}"),
        (2, "quotations", "summary: “", f"Start the line with a field and a colon. {fields}"),
        (2, "quotations", "scope: “y”", "The field “scope” is quoted on another line already."),
        (
            *(2, "quotations", "title: “xx"),
            "Ensure this value has at most 1000 characters (it has 1001).",
        ),
        (2, "quotations", "regions: “", "This field cannot be blank."),
        (2, "quotations", "status: is", "Not a quotation: “words” (document, para. N)."),
        (2, "quotations", "start_date", "Document symbol, e.g. A/74/677."),
    ]
