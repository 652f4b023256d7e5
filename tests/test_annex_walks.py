"""Three invented sheets as offices send them, taken in by somebody whose questions count.

A question is a value that the desk asks about, with a proposal or without. What each row means is
in `tests/data`.
"""

import csv
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.models import Batch, Project

from .annex import PUBLISHED, Walk, figures

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("register")]
DATA = Path(__file__).parent / "data"


class Officer(Walk):
    """Somebody who takes a sheet in and looks at each page; counts `questions`."""

    def __init__(self, client, name: str):
        super().__init__(client, name, (DATA / name).read_bytes())
        self.questions = []

    def answer(self, **answers: tuple[str, str]) -> None:
        """Answer what has no proposal, by its text; accept the proposals of each page, seen."""
        while self.step == "translate":
            page = self.page.content.decode()
            for form in self.readings:
                self.questions.append(form.written.text)
                assert not form.proposal or form.written.label in page.replace("&amp;", "&")
            asked = [form for form in self.readings if not form.proposal]
            said = {}
            for form in asked:
                field, value = answers[re.sub(r"\W", "_", form.written.text)]
                said[f"{form.prefix}-{field}"] = value
            self.translate(accept_all="yes", **said)

    def late(self) -> None:
        """Tick the rows that begin after the report, and that are in the matrix all the same."""
        late = [one.place for one in self.page.context["matching"].matches if one.is_late]
        self.post({f"in-matrix-{place}": "yes" for place in late})


def wrong(name: str) -> list[tuple[str, str, object, object]]:
    """What the register has otherwise than the rows of a sheet mean: title, column, both values."""
    found = []
    entries = {one.title: one for one in Project.live.exclude(provenance="counted")}
    with (DATA / f"{name}_truth.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    for row in rows:
        ours = entries[row["title"]].snapshot()
        for column, text in row.items():
            if column in ("regions", "countries", "entities"):
                is_right = sorted(ours[column]) == sorted(filter(None, text.split(";")))
            else:
                is_right = (ours[column] or "not-stated") == (text or "not-stated")
            if not is_right:
                found.append((row["title"], column, ours[column], text))
    return found


# Not what a row of the sheet says, but what is added for the day on which a matrix comes.
def said_by_rows(found: list[tuple]) -> list[tuple]:
    added = ("reference", "provenance", "source", "link")
    return [one for one in found if one[1] not in added and not one[1].endswith("_basis")]


def test_sheet_d_takes_three_questions_and_all_its_223_rows_are_right(admin_client):
    officer = Officer(admin_client, "annexD.xlsx")
    page = officer.page.context["page"]
    assert [form["lines"].value() for _name, form in page.headers] == ["5", "4", ""]
    repeated = [column.heading for column, form in page.rows if form["ditto"].value()]
    assert repeated == [
        "Entité chef de file (Lead entity)",
        "Domaine prioritaire (Plan of Action priority area)",
    ]
    officer.map()
    officer.answer()
    assert officer.questions == [
        "Mobilisation des communautés",
        "Asie centrale",
        "West Africa & Sahel",
    ]
    left_out = officer.page.context["left_out"]
    assert (len(left_out), len([one for one in left_out if "projets" in one.heading])) == (38, 31)
    officer.post({"leave": "doubles"})
    officer.late()
    assert officer.page.context["differences"] == []
    officer.match()
    officer.confirm()
    assert said_by_rows(wrong("annexD")) == []
    assert figures() == PUBLISHED


def test_sheet_e_is_read_as_windows_1252_and_its_60_rows_are_right(admin_client):
    officer = Officer(admin_client, "annexE.csv")
    (marks,) = officer.page.context["page"].guessed
    assert (marks.encoding, len(marks.examples)) == ("Windows-1252", 2)
    assert "Relación de proyectos" in officer.page.content.decode()
    # In 7 rows the end is before the start: the sheet is wrong there, so its ends are left out.
    officer.map(**{"column-9-is_of": ""})
    officer.answer(ONUDD=("entities", "UNODC"))
    assert officer.questions == ["ONUDD"]
    officer.match()
    officer.confirm()
    assert said_by_rows(wrong("annexE")) == []


def test_sheet_f_has_its_statuses_links_ends_and_regions(admin_client):
    officer = Officer(admin_client, "annexF.xlsx")
    page = officer.page.content.decode()
    assert "Completed: 10 rows" in " ".join(re.sub("<[^>]+>", " ", page).split())
    hidden = [one.heading for one, form in officer.page.context["page"].rows if one.is_hidden]
    assert hidden == ["Internal rating", "Comments"]
    officer.map()
    officer.answer(UNOCT_UNCCT_=("entities", "UNCCT"))
    assert officer.questions == ["UNOCT(UNCCT)"]
    officer.match()
    officer.confirm()
    assert wrong("annexF") == []


def test_a_corrected_file_replaces_the_former_and_keeps_the_answers(admin_client):
    sheet = [
        "Título del proyecto;Organismo;Ámbito prioritario;Alcance;Región",
        "Radio;Narnia;Juventud;Regional;África",
        "Escuelas;ACNUR;Juventud;Regional;Utopía",
    ]
    walk = Walk(admin_client, "x.csv", "\r\n".join(sheet).encode())
    walk.map()
    asked = {form.written.text: form.prefix for form in walk.readings}
    assert [*asked] == ["Utopía", "Narnia"]
    answers = {f"{asked['Narnia']}-entities": "UNDP", f"{asked['Utopía']}-regions": ["asia"]}
    walk.translate(**answers)
    walk.post({"leave-1": "yes"})
    # An answer is taken back as the word that it is about.
    walk.address = walk.address.replace("match/", "translate/?again=yes")
    walk.go(admin_client.get(walk.address))
    assert "What was said of values" in walk.page.content.decode()
    walk.post({"take_back": "entities:Narnia"})
    assert [form.written.text for form in walk.readings] == ["Narnia"]
    number = walk.address.split("/")[4]
    sheet[1:1] = ["Puentes;PNUD;Juventud;Regional;Utopía"]
    upload = f"/admin/projects/batch/import/?replaces={number}"
    assert "The file replaces “x.csv”." in admin_client.get(upload).content.decode()
    file = SimpleUploadedFile("y.csv", "\r\n".join([sheet[0], *sheet[1:]]).encode())
    walk.go(admin_client.post(upload, {"file": file}))
    # Nothing is asked but what was taken back; the row that was left out is another line now.
    assert [form.written.text for form in walk.readings] == ["Narnia"]
    walk.translate(**{f"{walk.readings[0].prefix}-entities": "UNDP"})
    assert walk.step == "match"
    titles = [one.values["title"] for one in walk.page.context["matching"].matches]
    assert titles == ["Puentes", "Radio"]
    assert [row.texts["title"] for _n, row in walk.page.context["left_out_by_choice"]] == [
        "Escuelas"
    ]
    assert not Batch.objects.filter(pk=number).exists()
