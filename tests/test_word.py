"""Word documents: read back as what they say, with footnotes that Word takes for footnotes."""

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest
from django.utils import timezone, translation
from docx import Document
from docx.enum.section import WD_ORIENT

from projects.exports import Footnotes, new_document
from projects.models import Country

from .pages import body
from .test_draft import REFUSAL, SOURCE, draft

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMES = (
    "Reference | Title | Entities | Scope | Regions | Countries | Status | Start | End | Provenance"
)
ASSIGNED = (
    "No source says it. The register fills it in so that the totals in paragraphs 24 and 25 add "
    "up; it says nothing about this project."
)
COUNTED = "The report counts this project but does not describe it. Source: A/72/621, para. 24."
DESCRIBED = (
    "The report describes this activity in another section. It does not say whether it is one of "
    "the 223 projects. Source: A/72/621, para. 34."
)


class Read:
    """A document as its reader sees it, from the parts of its archive."""

    def __init__(self, content: bytes):
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        self.document = Document(io.BytesIO(content))
        self.body = self.part("word/document.xml")

    def part(self, name: str):
        return ElementTree.fromstring(self.archive.read(name))

    @property
    def footnotes(self) -> dict[int, str]:
        """The texts of the footnotes by their numbers, without the two that are lines."""
        return {
            int(note.get(f"{W}id")): text(note)
            for note in self.part("word/footnotes.xml")
            if note.get(f"{W}type") is None
        }

    @property
    def paragraphs(self) -> list[str]:
        """What stands outside of tables; a reference to a footnote as [1]."""
        return [text(one) for one in self.body.find(f"{W}body").findall(f"{W}p")]

    @property
    def tables(self) -> list[list[str]]:
        """The rows of each table, as "cell | cell"; lines within a cell are kept apart by /."""
        return [
            [
                " | ".join(" / ".join(map(text, cell.iter(f"{W}p"))) for cell in row.iter(f"{W}tc"))
                for row in table.iter(f"{W}tr")
            ]
            for table in self.body.iter(f"{W}tbl")
        ]


def text(element) -> str:
    """What an element says; a reference to a footnote, or its number repeated, as [1]."""
    said = ""
    for one in element:
        if one.tag == f"{W}footnoteReference":
            said += one.get(f"{W}id")
        else:
            said += (one.text or "") if one.tag == f"{W}t" else text(one)
    if element.find(f"{W}rPr/{W}rStyle") is not None and said:
        said = f"[{said}]"
    return said.strip() if element.tag in (f"{W}p", f"{W}footnote") else said


def read(client, address: str) -> Read:
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, WORD)
    return Read(body(response))


@pytest.mark.long
def test_the_whole_register_is_an_annex(register, client):
    found = read(client, "/projects/export.docx")
    title, query, count, edition, date, source, allocation, licence = found.paragraphs[:8]
    assert title == "All projects"
    assert query == "Query: 223 projects (¶ 22, 24)."
    assert count == "Entries: 223"
    assert edition == "Edition: None: the current register"
    assert date.startswith(f"Date: {timezone.now():%Y-%m-%d} ")
    assert source.startswith("Source: A/72/621, paras. 22, 24 and 25, and the paragraphs that")
    assert "says nothing about the project" in allocation
    assert "grants no licence to the data" in licence
    assert len(found.paragraphs[8:]) == 8
    assert found.paragraphs[11] == "27 projects on empowering youth (¶ 24)."
    assert [rows[0] for rows in found.tables] == [NAMES] * 8
    assert [len(rows) - 1 for rows in found.tables] == [40, 31, 29, 27, 23, 22, 18, 33]
    assert found.tables[0][2:3] == [
        "PVE-014 | Unidentified project 2 of 40 | Not stated | Not stated (counted under "
        "National)[1] | Not stated (counted under Africa)[1] | Not stated | Not stated | "
        "Not stated | Not stated | Counted, not described[2]",
    ]
    assert found.tables[3][1] == (
        "PVE-001 | Networks of Mediterranean Youth (NET-MED Youth) / Summary: Seeks to empower "
        "young people with skills and opportunities for civic engagement in 10 countries around "
        "the Mediterranean. / Methodology: Skills development and civic engagement | UNESCO | "
        "Regional | Middle East and North Africa | Not stated | Not stated | Not stated | "
        "Not stated | Described[7]"
    )
    # Counted entries have one footnote, described ones theirs.
    notes = found.footnotes
    assert list(notes) == [*range(1, 15)]
    assert (notes[1], notes[2]) == (ASSIGNED, COUNTED)
    quoted = "(A/72/621, para. 34)"
    assert notes[7] == (
        f"PVE-001: {DESCRIBED} Title: “Networks of Mediterranean Youth (NET-MED Youth)” {quoted}. "
        "Priority area: “seeks to empower young people with skills and opportunities for civic "
        f"engagement” {quoted}. Scope: “in 10 countries around the Mediterranean” {quoted}. "
        f"Regions: “around the Mediterranean” {quoted}."
    )
    rows = [row for table in found.tables for row in table]
    assert sum(row.endswith("Counted, not described[2]") for row in rows) == 211
    theirs = [re.search(r"^(PVE-\d+) .*Described\[(\d+)\]$", row) for row in rows]
    described = {int(one[2]): one[1] for one in theirs if one}
    assert list(described) == [*range(3, 15)]
    assert {number: notes[number][:7] for number in described} == described


def test_it_is_landscape_and_each_page_has_the_names_of_the_columns(register, client):
    found = read(client, "/projects/export.docx?scope=national")
    section = found.document.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    for table in found.document.tables:
        whole = [row._tr.xpath("w:trPr/w:cantSplit") != [] for row in table.rows]
        heads = [row._tr.xpath("w:trPr/w:tblHeader") != [] for row in table.rows]
        assert whole == [True] * len(table.rows)
        assert heads == [True] + [False] * (len(table.rows) - 1)
    properties = found.document.core_properties
    assert (properties.title, properties.author) == ("National in scope", "pvematrix")
    assert properties.language == "en"
    assert "PAGE" in found.archive.read("word/footer1.xml").decode()


def test_it_has_what_the_list_has_in_its_order_and_its_words(register, client):
    query = "?region=africa&priority_area=youth&sort=-reference"
    found = read(client, f"/projects/export.docx{query}")
    said = "0–27 (not stated)."
    assert found.paragraphs[:3] == ["Empowering youth, in Africa", f"Query: {said}", "Entries: 6"]
    assert found.paragraphs[8:] == [said]
    (rows,) = found.tables
    references = [row[:7] for row in rows[1:]]
    assert len(references) == 6
    assert references == sorted(references, reverse=True)
    assert said in client.get(f"/projects/{query}").content.decode()


@pytest.mark.long
def test_of_an_edition_it_has_the_fingerprint_and_the_day(register, client):
    edition = client.get("/editions/reconstruction-2017-12/").content.decode()
    fingerprint = re.search("[0-9a-f]{64}", edition)[0]
    found = read(
        client, "/projects/export.docx?edition=reconstruction-2017-12&priority_area=gender"
    )
    title, query, count, version, *_more = found.paragraphs
    assert title == "Gender equality and empowering women"
    assert query.endswith("”: 22 projects on gender equality and empowering women (¶ 24).")
    assert count == "Entries: 22"
    assert version.endswith(f", SHA-256 {fingerprint}")
    response = client.get("/projects/export.docx?edition=reconstruction-2017-12")
    body(response)
    assert response["Content-Disposition"].endswith('"pve-projects-reconstruction-2017-12.docx"')


def test_what_documents_say_of_a_country_is_a_footnote_once(make_project, client):
    note = "References to Kosovo shall be understood to be in the context of a resolution."
    kosovo = Country.objects.create(code="XKX", name="Kosovo", note=note)
    kenya = Country.objects.get(code="KEN")
    make_project("PVE-001", countries=[kenya, kosovo], scope="national", regions=["europe"])
    make_project("PVE-002", countries=[kosovo], scope="national", regions=["europe"])
    found = read(client, "/projects/export.docx")
    first, second = (row.split(" | ")[5] for row in found.tables[0][1:])
    assert (first, second) == ("Kenya, Kosovo[1]", "Kosovo[1]")
    assert found.footnotes == {
        **{1: note, 2: f"PVE-001: {DESCRIBED}", 3: f"PVE-002: {DESCRIBED}"},
    }


def test_an_area_that_was_assigned_is_marked_in_the_row(make_project, client):
    make_project(priority_area_basis="allocated", status="ongoing", start_date="2017-06")
    found = read(client, "/projects/export.docx")
    assert found.tables == [
        [
            NAMES,
            "PVE-001 | A project / Priority area: Not stated (counted under Empowering youth)[1] "
            "| Not stated | Global | Worldwide | Not stated | Ongoing | June 2017 | Not stated | "
            "Described[2]",
        ]
    ]


def test_texts_stay_texts(make_project, client):
    make_project(title="=1+1 <b>&amp;</b> \x07 rings", summary="One\ntwo", methodology="\ufffe")
    found = read(client, "/projects/export.docx")
    title, *others = found.document.tables[0].rows[1].cells[1].text.split("\n")
    assert title == "=1+1 <b>&amp;</b> \ufffd rings"
    assert others == ["Summary: One", "two", "Methodology: \ufffd"]


def test_a_long_question_is_the_title_in_full(register, client):
    query = f"priority_area=governance&region=mena&q={'a' * 200}"
    found = read(client, f"/projects/export.docx?{query}")
    title = (
        "Strengthening good governance, human rights and the rule of law, in the Middle East and "
        f"North Africa, matching “{'a' * 200}”"
    )
    assert found.paragraphs[0] == title
    assert found.document.core_properties.title == title[:255]


@pytest.mark.long
def test_what_is_too_long_is_refused_with_what_to_do(many_projects, client):
    many_projects(1001)
    for response in (client.get("/projects/export.docx"), client.head("/projects/export.docx")):
        assert response.status_code == 400
        assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert client.get("/projects/export.docx").content.decode() == (
        "There are 1001 projects; a Word document takes 1000. Narrow the list, or take the CSV or "
        "the XLSX.\n"
    )
    assert len(read(client, "/projects/export.docx?region=africa").tables[0]) == 1 + 500


@pytest.mark.long
@pytest.mark.parametrize(
    "address", ["/projects/export.docx?priority_area=youth", "/reports/draft.docx"]
)
def test_footnotes_are_a_part_that_word_finds(register, client, address):
    found = read(client, address)
    assert found.archive.testzip() is None
    for name in found.archive.namelist():
        if name.endswith((".xml", ".rels")):
            found.part(name)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    types = found.part("[Content_Types].xml")
    kinds = {one.get("PartName"): one.get("ContentType") for one in types}
    assert kinds["/word/footnotes.xml"] == kind
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    relations = found.part("word/_rels/document.xml.rels")
    assert [one.get("Target") for one in relations if one.get("Type") == kind] == ["footnotes.xml"]
    notes = found.part("word/footnotes.xml")
    lines = [(one.get(f"{W}id"), one.get(f"{W}type")) for one in notes][:2]
    assert lines == [("-1", "separator"), ("0", "continuationSeparator")]
    settings = found.part("word/settings.xml").find(f"{W}footnotePr")
    assert [one.get(f"{W}id") for one in settings] == ["-1", "0"]
    # Each is referred to once, in the order of their numbers; further references repeat it.
    referred = [int(one.get(f"{W}id")) for one in found.body.iter(f"{W}footnoteReference")]
    assert referred == list(found.footnotes)
    marks = {one.get(f"{W}name") for one in found.body.iter(f"{W}bookmarkStart")}
    fields = {one.text for one in found.body.iter(f"{W}instrText")}
    assert {re.fullmatch(r" NOTEREF (\w+) \\f \\h ", one)[1] for one in fields} <= marks
    styles = {one.get(f"{W}styleId") for one in found.part("word/styles.xml").iter(f"{W}style")}
    used = {one.get(f"{W}val") for one in notes.iter() if one.tag.endswith("Style")}
    assert used == {"footnotetext", "footnotereference"}
    assert used <= styles


@pytest.mark.parametrize("query", ["", "?region=africa", "?region=asia&against=a-72-621"])
def test_the_draft_has_the_paragraphs_and_the_footnote_of_its_text(register, client, query):
    paragraphs, footnote = draft(client, query)
    found = read(client, f"/reports/draft.docx{query}")
    assert found.paragraphs == ["Text for your report", *paragraphs[:-1], f"{paragraphs[-1]}[1]"]
    assert found.footnotes == {1: footnote.removeprefix("¹ ")}
    assert found.footnotes[1].startswith(f"{SOURCE}, current register. ")
    assert found.document.sections[0].orientation == WD_ORIENT.PORTRAIT


def test_a_draft_of_what_no_report_counts_is_one_sentence(register, client):
    found = read(client, "/reports/draft.docx?entity=UNESCO")
    assert found.paragraphs == ["Text for your report", REFUSAL]


def test_a_document_turns_with_the_direction_of_writing():
    with translation.override("ar"):
        document = new_document("Title", timezone.now())
        Footnotes(document).refer(document.add_paragraph("Text"), "Note")
    (language,) = document.styles.element.xpath("w:docDefaults//w:lang")
    assert language.get(f"{W}bidi") == "ar"
    (properties,) = document.styles["Normal"].element.xpath("w:pPr")
    assert [one.tag.removeprefix(W) for one in properties] == ["bidi", "spacing"]
    assert document.core_properties.language == "ar"


def test_the_pages_link_to_the_documents(register, client):
    html = client.get("/projects/?scope=national&sort=title&page=2").content.decode()
    assert 'href="/projects/export.docx?scope=national&amp;sort=title">Word</a>' in html
    html = client.get("/reports/draft/?scope=national").content.decode()
    assert 'href="/reports/draft.docx?scope=national">Word</a>' in html
