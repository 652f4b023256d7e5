"""The report's own text, and what it says: every word quoted is in it."""

import csv
import re
from itertools import groupby

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import models

from projects.history import Revision, unrecorded
from projects.models import Entity, Quotation
from reports.models import Document, Paragraph, Statement

from .conftest import ROOT
from .pages import csv_rows, text_of

pytestmark = pytest.mark.usefixtures("register")
FIXTURE = ROOT / "fixtures" / "a-72-621.json"
SENTENCES = ROOT / "tests" / "data" / "sentences.csv"
# A longer sentence is quoted alone, or by several.
MOST_WORDS = 60
LEFT_OUT = " […] "


def places(text: str) -> list[str]:
    return [one for one in text.replace(";", ", ").split(", ") if one]


def missing(quoted, texts) -> list[str]:
    """The pieces of quotations that are in none of the places named with them."""
    return [
        piece
        for quotation, where in quoted
        for piece in quotation.split(LEFT_OUT)
        if not any(piece in texts.get(place, "") for place in places(where))
    ]


def test_every_quotation_is_in_the_text_character_by_character():
    texts = dict(Paragraph.objects.values_list("number", "text"))
    said = Statement.published.exclude(quotation="").exclude(code="E26")
    said = said.values_list("quotation", "paragraphs")
    assert missing(said, texts) == []
    # The note of the title page is no paragraph.
    reissued = Statement.published.get(code="E26")
    assert reissued.cited == "A/72/621, title page"
    assert reissued.document.note.endswith(reissued.quotation)
    read = Quotation.objects.filter(document="A/72/621").values_list("words", "paragraphs")
    assert missing(read, texts) == []
    assert len(said) == 284
    # And every paragraph that is cited has a piece of it.
    for quotation, where in said:
        for place in places(where):
            assert any(piece in texts[place] for piece in quotation.split(LEFT_OUT)), quotation
    assert Statement.published.get(code="T01").cited == "A/72/621, paras. 27 and 28"


def sentences() -> dict[str, list[str]]:
    """The sentences of each paragraph, as tests/data/sentences.csv lists them."""
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {
        number: [row["words"] for row in group]
        for number, group in groupby(rows, key=lambda row: row["paragraph"])
    }
    assert sum(map(len, found.values())) == len(rows) == 175
    return found


def test_every_sentence_of_the_report_is_in_quotations_of_at_most_sixty_words():
    """A sentence ends at a full stop before a capital letter; that of “para.” ends none.

    Footnotes and their marks, and headings, are left out; the note of the title page is there.
    Each word is in a quotation of a statement or an entry, and no quotation is a whole paragraph of
    more than two sentences.
    """
    text_of = {
        one.number: re.sub("[¹²³⁴⁵⁶]", "", one.text)
        for one in Paragraph.objects.exclude(number__startswith="fn")
    }
    listed = sentences()
    (note,) = listed.pop("title page")
    assert note == Statement.published.get(code="E26").quotation
    assert {number: " ".join(found) for number, found in listed.items()} == text_of
    quoted = [*Statement.published.values_list("quotation", "paragraphs")]
    quoted += Quotation.objects.filter(project__edition=None).values_list("words", "paragraphs")
    quoted = [(re.sub("[¹²³⁴⁵⁶]", "", words), places(where)) for words, where in quoted]
    gaps = []
    for number, found in listed.items():
        text, covered = text_of[number], set()
        here = [words.split(LEFT_OUT) for words, where in quoted if number in where]
        for piece in {piece for pieces in here for piece in pieces if piece}:
            assert piece != text or len(found) <= 2, piece
            if len(piece.split()) <= MOST_WORDS or f"{piece.rstrip('.')}." in found:
                starts = [at.start() for at in re.finditer(re.escape(piece), text)]
                covered |= {at + n for at in starts for n in range(len(piece))}
        for words in found:
            at = range(text.index(words), text.index(words) + len(words))
            if any(text[n].isalnum() and n not in covered for n in at):
                gaps.append((number, words))
    assert gaps == []


def test_what_is_the_registers_reading_is_marked():
    """The report calls one thing experience, has areas besides figures, and names entities.

    It never says that an activity is an entry of the register.
    """
    stated = Statement.published.filter(basis="stated").values_list("code", flat=True)
    assert list(stated) == ["G01"]
    areas = Statement.published.filter(areas_basis="stated").values_list("code", flat=True)
    assert set(areas) == {*(f"M{n:02}" for n in range(1, 9)), "M11"}
    assert not Statement.published.exclude(projects_basis="inferred").exists()
    tagged = Statement.published.exclude(entities=None).prefetch_related("entities").distinct()
    for one in tagged:
        names = [[each.acronym, each.name, *each.aliases.split(";")] for each in one.entities.all()]
        has_all = all(any(name and name in one.quotation for name in each) for each in names)
        assert (one.entities_basis == "stated") == has_all, one.code
    assert Statement.published.filter(entities_basis="stated").count() == 44


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"quotation": "a practice of ours"}, "quotation", "is in none of these paragraphs"),
        ({"paragraphs": "99"}, "paragraphs", "A/72/621 has no paragraph 99."),
        ({"paragraphs": "para. 3"}, "paragraphs", "write numbers"),
        ({"paragraphs": ""}, "source", "Name the source, or the document and its paragraphs."),
        ({"areas": "sports", "areas_basis": "inferred"}, "areas", "is no priority area"),
        ({"areas_basis": ""}, "areas_basis", "Give the basis of the areas"),
        ({"projects": "PVE-1"}, "projects", "e.g. PVE-001;PVE-011"),
        ({"kind": "rumour"}, "kind", "Choose one of: practice, lesson,"),
        ({"kind": "detail"}, "parent", "Name the body or event that the detail belongs to."),
        ({"end_date": "2017"}, "end_date", "An end date needs a start date"),
    ],
)
def test_a_statement_that_its_source_does_not_bear_out_is_refused(changed, field, says):
    statement = Statement.published.get(code="G02")
    for name, value in changed.items():
        setattr(statement, name, value)
    with pytest.raises(ValidationError) as refused:
        statement.full_clean()
    assert says in " ".join(refused.value.message_dict[field])


def test_an_entity_that_a_statement_names_stays():
    with pytest.raises(models.ProtectedError, match="“DPI: Department of Public Information”"):
        Entity.objects.get(acronym="DPI").delete()


@pytest.fixture
def without_the_text(register):
    """A register as it was before the report's text was a part of it."""
    with unrecorded("the test sets the scene"):
        Statement.entities.through.objects.all().delete()
        Statement.live.filter(kind="detail").delete()
        Statement.live.update(parent=None)
        for model in (Statement, Paragraph, Document):
            model._base_manager.all().delete()


@pytest.mark.postgresql
@pytest.mark.long
def test_the_text_is_loaded_into_a_register_that_is_there(without_the_text, capsys):
    call_command("load_document", FIXTURE)
    assert capsys.readouterr().out == "Loaded 19 documents, 60 paragraphs, 292 statements.\n"
    assert Revision.objects.get(key="G34").reason == "Loaded from a-72-621.json"
    with pytest.raises(CommandError, match="record 1: “A/72/621” is here already"):
        call_command("load_document", FIXTURE)


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        ("[", 2, "record 1: Expecting value"),
        (
            '[{"model": "projects.country", "fields": {"code": "KEN"}}]',
            1,
            "only these are loaded: documents, paragraphs, statements.",
        ),
        (
            '[{"model": "reports.document", "fields": {"slug": "x", "symbol": "X"}},'
            ' {"model": "reports.paragraph", "fields": {"document": ["x"], "number": "1",'
            ' "position": 1, "text": "One."}},'
            ' {"model": "reports.statement", "fields": {"code": "X1", "kind": "practice",'
            ' "title": "T", "document": ["x"], "paragraphs": "1", "quotation": "Two."}}]',
            1,
            "record 3: “Two.” is in none of these paragraphs.",
        ),
    ],
)
def test_a_document_with_a_problem_is_refused_whole(tmp_path, content, status, says):
    file = tmp_path / "document.json"
    file.write_text(content)
    with pytest.raises(CommandError, match=r"document\.json") as refused:
        call_command("load_document", file)
    assert says in str(refused.value)
    assert refused.value.returncode == status
    assert not Document.objects.filter(slug="x").exists()


def test_a_plan_needs_no_quotation_and_is_found_as_every_statement(client):
    plan = Statement.live.create(
        **{"code": "L16", "kind": "plan", "title": "=Zephyr", "place": "Kenya"},
        **{"source": "A/74/677, para. 9, https://example.org/kenya", "areas": "youth;gender"},
        **{"areas_basis": "inferred", "projects": "PVE-001", "review": "reviewed"},
        **{"summary": "National plan; adopted (2016-09)."},
    )
    plan.full_clean()
    assert "=Zephyr" in text_of(client, "/statements/?kind=plan")
    assert "National plan; adopted (2016-09)." in text_of(client, "/statements/L16/")
    assert "=Zephyr" in text_of(client, "/projects/PVE-001/")
    page = client.get("/statements/L16/").content.decode()
    link = '<a href="https://example.org/kenya" rel="nofollow">https://example.org/kenya</a>'
    assert f"para. 9, {link}" in page
    (row,) = csv_rows(client.get("/statements.csv?q=kenya&kind=plan"))
    assert (row["code"], row["title"], row["quotation"]) == ("L16", "'=Zephyr", "")
    assert client.get("/api/v1/statements/?kind=plan&q=kenya").json()["count"] == 1
