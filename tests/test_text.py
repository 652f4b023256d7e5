"""What text may hold: nothing hidden, one line where there is one; on every road alike."""

import sys
import unicodedata

import pytest
from django.core.exceptions import ValidationError

from projects.history import unrecorded
from projects.imports import previews
from projects.models import Correction, Project
from projects.text import is_link, validate_one_line, validate_plain_text

from .files import NEW, csv_of, upload
from .pages import submit
from .test_admin import form_of

# What looks like a format character to Unicode, but is seen, or without which some scripts cannot
# be written: signs of Arabic, Syriac and Kaithi numbers, and the two joiners.
NEEDED = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
NEEDED += "\u200c\u200d"
SEEN = "Character 2 is invisible (U+%s): remove it."


def test_no_format_character_is_plain_text_but_those_that_scripts_need():
    """Python's Unicode may be older than the characters that are refused, but not newer."""
    for place in range(sys.maxunicode + 1):
        character = chr(place)
        if unicodedata.category(character) in ("Cf", "Zl", "Zp") and character not in NEEDED:
            with pytest.raises(ValidationError) as refused:
                validate_plain_text(f"a{character}b")
            assert refused.value.messages == [SEEN % f"{place:04X}"]
    for text in ("می\u200cخواهم", "क्\u200dष", "👩\u200d🔬", "\u0601\u0661", "a\tb\nc", "é\u0301"):
        validate_plain_text(text)


@pytest.mark.parametrize("text", ["\u200d", " \u200c ", "\u3164", "\u2800\u2800", "\u115f\u1160"])
def test_a_text_without_visible_characters_is_empty(text):
    with pytest.raises(ValidationError, match="All characters of this text are invisible"):
        validate_plain_text(text)


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\tb"])
def test_one_line_is_one_line(text):
    validate_plain_text(text)
    with pytest.raises(ValidationError) as refused:
        validate_one_line(text)
    assert refused.value.messages == ["Character 2 is a tab or a line break: remove it."]


LINKS = [
    ("https://example.org/a?b=c@d#e", ""),
    ("http://example.org", ""),
    ("https://例え.jp/日本", ""),
    ("ftp://example.org/", "Enter a web address that begins with https:// or http://."),
    ("javascript:alert(1)", "Enter a web address that begins with https:// or http://."),
    ("https://un.org@evil.example/", "A web address names no user: remove what is before"),
    ("https://un.org:x@evil.example/", "A web address names no user: remove what is before"),
    ("https://example.org/\u202egpj.exe", "is invisible (U+202E)"),
    ("https://example.org/\u200bx", "is invisible (U+200B)"),
]


@pytest.mark.long
@pytest.mark.parametrize(("link", "message"), LINKS)
def test_a_link_is_one_that_a_reader_can_be_sent_to(register, admin_client, link, message):
    """At the desk and in an import alike, and in what is there already."""
    project = Project.published.get(reference="PVE-001")
    page = f"/admin/projects/project/{project.pk}/change/"
    at_the_desk = admin_client.post(page, form_of(project, link=link))
    shown = previews.preview(upload("x.csv", csv_of(NEW | {"link": link}), {}))
    assert is_link(link) == (not message)
    if not message:
        assert (at_the_desk.status_code, shown.problems) == (302, [])
        return
    assert message in at_the_desk.content.decode() or "Enter a valid URL" in (
        at_the_desk.content.decode()
    )
    assert [(f.column, message in f.message) for f in shown.problems] == [("link", True)]
    with unrecorded("a row from before this was refused"):
        Project.published.filter(pk=project.pk).update(link=link)
    html = admin_client.get("/projects/PVE-001/").content.decode()
    assert f'href="{link}"' not in html
    assert link in html


HIDDEN = [
    ("title", "Peace\u202egnidliub", "Character 6 is invisible (U+202E)"),
    ("title", "Peace\r\nbuilding", "is a tab or a line break"),
    ("source", "A/73/1\npara. 2", "Character 7 is a tab or a line break"),
    ("methodology", "Work\nshops", "Character 5 is a tab or a line break"),
    ("summary", "One\n\u200ftwo", "is invisible (U+200F)"),
]


@pytest.mark.postgresql
@pytest.mark.long
@pytest.mark.parametrize(("field", "text", "message"), HIDDEN)
def test_hidden_characters_are_refused_at_the_desk_and_in_an_import(
    register, admin_client, field, text, message
):
    project = Project.published.get(reference="PVE-001")
    page = f"/admin/projects/project/{project.pk}/change/"
    response = admin_client.post(page, form_of(project, **{field: text}))
    assert response.status_code == 200
    assert message in response.content.decode()
    (problem,) = previews.preview(upload("x.csv", csv_of(NEW | {field: text}), {})).problems
    assert (problem.row, problem.column) == (2, field)
    assert message in problem.message


def test_a_correction_hides_nothing(register, client):
    data = {"column": "title", "value": "Peace\u202e", "source": "A/73/1\nA/74/1"}
    response = submit(client, "/projects/PVE-001/correct/", data)
    assert response.status_code == 400
    assert "Character 6 is invisible (U+202E)" in response.content.decode()
    assert (
        submit(client, "/projects/PVE-001/correct/", data | {"value": "Peace"}).status_code == 302
    )
    # Its source becomes the reason of the change: one line.
    assert Correction.objects.get().credit.endswith("Source: A/73/1 A/74/1")
