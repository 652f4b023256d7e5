"""Word documents: read back as what they say, with footnotes that Word takes for footnotes."""

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from docx import Document

from projects.models import Country

from .pages import body

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TITLES = (
    "223 United Nations-supported projects on preventing violent extremism",
    "Described activities",
)
READING = (
    "Paragraph 25 says “of all the regional projects”; this register reads it as the regional and "
    "national ones."
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
def test_a_briefing_has_the_answer_what_is_described_and_what_is_not_stated(register, client):
    found = read(client, "/projects/export.docx")
    assert found.paragraphs[:3] == [
        "223 United Nations-supported projects on preventing violent extremism",
        "223 projects (A/72/621, paras. 22 and 24).[1]",
        "Figures of 1 December 2017.",
    ]
    assert found.paragraphs[3:] == [
        "What is not stated",
        "211 entries are placeholders: the report counts the projects, and does not describe them.",
        "Of 12 entries no source says whether they are in the matrix.",
        "A project can be counted in several regions; how many projects they are is not stated.",
        READING,
        "Described activities",
        "12 described activities match. 12 may be in the matrix. The matrix has the 223 projects "
        "that A/72/621 counts. Of those that may be in it, no source says whether they are.",
        "Of the activities above, what no source states, and of how many: Regions (9), Countries "
        "(12), Status (8), Start (10), End (11), Scope (7).",
        "Source",
        found.paragraphs[-1],
    ]
    numbers, activities = found.tables
    assert [*numbers[:3], *numbers[9:16], numbers[-1]] == [
        "All projects | Projects | How it is known",
        "Projects by priority area |  | ",
        "Strengthening good governance, human rights and the rule of law | 40 | para. 24",
        "Other areas | 33 | para. 24",
        "Projects by scope |  | ",
        "Global | 82 | para. 25",
        "Regional | 66 | para. 25",
        "National | 75 | para. 25",
        "Regional and national projects by region | Counts | ",
        "Africa | 61 | para. 25",
        "Total (with double counting) | 153 | para. 25",
    ]
    assert len(activities) == 1 + 12
    assert activities[:2] == [
        "Title | Entities | What is known | Source",
        "Networks of Mediterranean Youth (NET-MED Youth) / Seeks to empower young people with "
        "skills and opportunities for civic engagement in 10 countries around the Mediterranean. "
        "| UNESCO | Priority area: Empowering youth (our reading)[2] / Methodology: Skills "
        "development and civic engagement / Scope: Regional (our reading)[3] | A/72/621, para. 34",
    ]
    assert found.footnotes[1] == (
        "A/72/621, paras. 22, 24 and 25: A world against violence and violent extremism: report "
        "of the Secretary-General"
    )
    assert found.footnotes[2] == (
        "A/72/621, para. 34: “seeks to empower young people with skills and opportunities for "
        "civic engagement”"
    )
    assert len(found.footnotes) == 25
    # Two years come from the same words, whose number is repeated.
    (decade,) = [row for row in activities if row.startswith("International Decade")]
    assert decade.endswith("Start: 2013[13] / End: 2022[13] | A/72/621, para. 38")


def test_tables_have_a_head_on_each_page_and_rows_that_stay_whole(register, client):
    found = read(client, "/projects/export.docx")
    for table, title in zip(found.body.iter(f"{W}tbl"), TITLES, strict=True):
        heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in table.iter(f"{W}tr")]
        assert (heads[0], any(heads[1:])) == (True, False)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in table.iter(f"{W}tr"))
        properties = table.find(f"{W}tblPr")
        assert properties.find(f"{W}tblCaption").get(f"{W}val") == title
        widths = [int(one.get(f"{W}w")) for one in table.iter(f"{W}gridCol")]
        assert sum(widths) == pytest.approx(9638, abs=4)  # 170 mm


def test_a_range_has_its_report_and_its_reading(register, client):
    found = read(client, "/projects/export.docx?priority_area=youth&region=africa")
    assert found.paragraphs[:3] == [
        "Projects on empowering youth in Africa",
        "Projects on empowering youth in Africa: not stated; A/72/621's totals allow 0 to 27.[1]",
        "27 projects on empowering youth; 61 projects in Africa (A/72/621, paras. 24 and 25). How "
        "many are both is not stated.",
    ]
    # Neither an address nor a slug.
    assert not re.search(r"\?|[a-z]_[a-z]|not-stated|priority-area", "\n".join(found.paragraphs))
    assert found.paragraphs[4:9] == [
        "What is not stated",
        "How many projects match: the range is what the published totals allow, and no estimate.",
        READING,
        "Described activities",
        "No described activity matches by what is stated or by our reading.",
    ]
    # Of the area that is asked for there is one row.
    (numbers,) = found.tables
    assert numbers[:7] == [
        "Projects on empowering youth in Africa | Projects | How it is known",
        "Projects by priority area |  | ",
        "Empowering youth | 0–27 | not stated",
        "Projects by scope |  | ",
        "Global | 0 | by rule",
        "Regional | 0–27 | not stated",
        "National | 0–27 | not stated",
    ]
    assert found.footnotes[1].endswith("report of the Secretary-General")


def test_each_page_has_the_day_and_its_number_of_all(register, client):
    found = read(client, "/projects/export.docx?scope=national")
    section = found.document.sections[0]
    day = date_format(timezone.now(), "j F Y")
    (head,) = section.header.paragraphs
    assert head.text == f"PVE matrix, {day}. Not an official United Nations document."
    foot = found.part("word/footer1.xml")
    fields = [one.text for one in foot.iter(f"{W}instrText")]
    assert (text(foot[0]), fields) == ("Page 1 of 1", [" PAGE ", " NUMPAGES "])
    properties = found.document.core_properties
    assert (properties.title, properties.author) == ("Projects national in scope", "PVE matrix")
    assert properties.language == "en"


@pytest.mark.long
def test_of_an_edition_it_has_the_fingerprint_and_the_day(register, client):
    edition = client.get("/editions/reconstruction-2017-12/").content.decode()
    fingerprint = re.search("[0-9a-f]{64}", edition)[0]
    query = "edition=reconstruction-2017-12&priority_area=gender"
    response = client.get(f"/projects/export.docx?{query}")
    said = Read(body(response)).paragraphs
    assert said[1] == (
        "In the edition “Reconstruction of A/72/621 (December 2017)”: 22 projects on gender "
        "equality and empowering women (A/72/621, para. 24).[1]"
    )
    assert f"SHA-256 {fingerprint}. The figures come from" in said[-1]
    subject = "projects-on-gender-equality-and-empowering-women"
    name = f'"pve-briefing-reconstruction-2017-12-{subject}.docx"'
    assert response["Content-Disposition"].endswith(name)


def test_of_the_described_activities_it_has_as_many_as_have_room(make_project, client):
    for number in range(1, 15):
        make_project(f"PVE-{number:03d}", summary="All of it. " * 180)
    found = read(client, "/projects/export.docx")
    said = (
        "14 described activities match. There is no room here for 2 of them. "
        "14 may be in the matrix."
    )
    assert any(one.startswith(said) for one in found.paragraphs)
    _head, *rows = found.tables[1]
    assert len(rows) == 12
    # Of a long summary it has the beginning.
    assert {row.partition(" | ")[0].count("All of it.") for row in rows} == {27}


def test_it_asks_no_more_of_the_database_for_more_activities(
    register, client, django_assert_max_num_queries
):
    # Of one activity, of four and of twelve.
    for query, most in (("entity=UNODC", 20), ("entity=UNESCO", 20), ("", 20)):
        with django_assert_max_num_queries(most):
            body(client.get(f"/projects/export.docx?{query}"))


def test_texts_stay_texts(make_project, client):
    kosovo = Country.objects.create(code="XKX", name="Kosovo", note="In the context of a text.")
    names = {"title": "=1+1 <b>&amp;</b> \x07 rings", "methodology": "\ufffe <note>a</note>"}
    make_project(summary="One\ntwo", countries=[kosovo], **names)
    (row,) = read(client, "/projects/export.docx").tables[1][1:]
    assert row.startswith("=1+1 <b>&amp;</b> \ufffd rings / One two | ")
    assert "Methodology: \ufffd <note>a</note> / " in row
    assert "Kosovo (In the context of a text.)" in row


@pytest.mark.long
def test_footnotes_are_a_part_that_word_finds(register, client):
    found = read(client, "/projects/export.docx?priority_area=youth")
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


def test_a_briefing_in_arabic_runs_from_right_to_left_but_for_english_texts(register, client):
    found = read(client, "/ar/projects/export.docx?entity=UNODC")
    for table in found.body.iter(f"{W}tbl"):
        assert table.find(f"{W}tblPr/{W}bidiVisual") is not None
    styles = {one.get(f"{W}styleId"): one for one in found.part("word/styles.xml")}
    turned = {name: styles[name].find(f"{W}pPr/{W}bidi") for name in ("Normal", "TableEnglish")}
    assert {name: one.get(f"{W}val") for name, one in turned.items()} == {
        "Normal": None,
        "TableEnglish": "0",
    }
    english = [
        text(line)
        for line in found.body.iter(f"{W}p")
        if line.find(f"{W}pPr/{W}pStyle[@{W}val='TableEnglish']") is not None
    ]
    assert english[0] == "Education for Justice"
    # The label alone is bold, in Arabic too; the words of the source are not.
    bold = [text(run) for run in found.body.iter(f"{W}r") if run.find(f"{W}rPr/{W}bCs") is not None]
    assert "المنهجية: " in bold
    assert "Educational materials" not in bold


def test_a_briefing_in_chinese_names_its_language_and_a_typeface(register, client):
    found = read(client, "/zh/projects/export.docx?entity=UNODC")
    (defaults,) = found.part("word/styles.xml").iter(f"{W}rPrDefault")
    assert defaults.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia") == "SimHei"
    assert defaults.find(f"{W}rPr/{W}lang").get(f"{W}eastAsia") == "zh-CN"


def test_the_pages_link_to_the_documents(register, client):
    html = client.get("/projects/?scope=national&sort=title").content.decode()
    assert 'href="/projects/export.docx?scope=national&amp;sort=title">Briefing (Word)</a>' in html
    for address, query in (("/", ""), ("/reports/region/?scope=national", "?scope=national")):
        page = client.get(address).content.decode()
        assert f'href="/projects/export.docx{query}">Briefing (Word)</a>' in page
