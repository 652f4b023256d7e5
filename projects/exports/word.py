"""Word documents with footnotes: python-docx makes the rest, and has nothing for these."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from ..citations import author
from ..text import date_in_words, in_xml

# A4, with margins on all sides.
_HEIGHT, _WIDTH, _MARGIN = 297, 210, 20
# Of a title among a file's properties, python-docx takes no more.
_MOST_OF_TITLE = 255

_NAMESPACE = nsdecls("w")
_FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
# Of the settings in python-docx's template, the one that follows footnotes in the schema's order.
_AFTER_FOOTNOTES = "w:compat"


def new_document(title: str, moment: datetime) -> WordDocument:
    """Return a document of A4 pages with its title, in the language and direction that is set.

    `moment` is the time of its figures. Each page has the register's name and the day at its head,
    and at its foot its number and that of all pages.
    """
    document = Document()
    for relation in [*document.part.package.rels.values()]:
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:  # of python-docx's template
            document.part.package.rels.pop(relation.rId)
    properties = document.core_properties
    properties.title, properties.author = in_xml(title)[:_MOST_OF_TITLE], author()
    properties.comments = ""
    properties.created = properties.modified = moment.replace(tzinfo=None)  # UTC, without an offset
    properties.language = get_language() or "en"
    section = document.sections[0]
    section.page_width, section.page_height = Mm(_WIDTH), Mm(_HEIGHT)
    for margin in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, margin, Mm(_MARGIN))
    styles: Any = document.styles.element
    styles[:] = _parsed("word_styles")
    head = _("%(site)s, %(day)s. Not an official United Nations document.")
    names = {"site": _("PVE matrix"), "day": date_in_words(moment)}
    section.header.paragraphs[0].text = head % names
    foot = section.footer.paragraphs[0]
    for part in re.split("<(.+?)>", _("Page <PAGE> of <NUMPAGES>")):
        if part.isupper():
            _field(foot, part, "<w:r><w:t>1</w:t></w:r>")
        else:
            foot.add_run(part)
    document.add_heading(in_xml(title), level=0)
    return document


def _parsed(template: str) -> Any:
    """Return the root of a part of Word that is a template."""
    return parse_xml(render_to_string(f"projects/{template}.xml"))


def add_table(
    document: WordDocument,
    title: str,
    widths: Sequence[float],
    rows: Sequence[Sequence[Any]],
    write: Callable[[Any, Any], None],
) -> None:
    """Add a table of `widths` in mm, whose first row is its head and is on each page that it takes.

    `write` fills a cell. No row is divided between pages. `title` is what the table shows, for
    readers who do not see it.
    """
    table: Any = document.add_table(len(rows), len(widths), "Table Grid")
    table.autofit, table.table_direction = False, True if get_language_bidi() else None
    caption = OxmlElement("w:tblCaption", attrs={qn("w:val"): in_xml(title)})
    table._tbl.tblPr.append(caption)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row, contents in zip(table.rows, rows, strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, content, width in zip(row.cells, contents, widths, strict=True):
            cell.width = Mm(width)
            write(cell, content)
    table.rows[0]._tr.trPr.append(OxmlElement("w:tblHeader"))


class Footnotes:
    """The footnotes of a document; one that is referred to again keeps its number.

    ECMA-376, part 1, 17.11: they are a part of their own, numbered in the order of their first
    references. A second reference is a field that repeats the number of the first (17.16.5.37).
    """

    def __init__(self, document: WordDocument) -> None:
        self._notes = _parsed("word_footnotes")
        self._numbers: dict[str, int] = {}
        name = PackURI("/word/footnotes.xml")
        package = document.part.package
        part = XmlPart(name, CONTENT_TYPE.WML_FOOTNOTES, self._notes, package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        settings: Any = document.settings.element
        properties = OxmlElement("w:footnotePr")
        for separator in self._notes:
            number = {qn("w:id"): separator.get(qn("w:id"))}
            properties.append(OxmlElement("w:footnote", attrs=number))
        settings.find(qn(_AFTER_FOOTNOTES)).addprevious(properties)

    def refer(self, paragraph: Paragraph, text: str) -> None:
        """Let the paragraph end in a reference to the footnote of this text."""
        number = self._numbers.get(text)
        if number is not None:
            shown = _mark(f"<w:t>{number}</w:t>")
            _field(paragraph, f"NOTEREF _RefNote{number} \\f \\h", shown)
            return
        number = self._numbers[text] = len(self._numbers) + 1
        named = f'w:id="{number}" w:name="_RefNote{number}"'
        reference = _mark(f'<w:footnoteReference w:id="{number}"/>')
        marked = f'<w:bookmarkStart {named}/>{reference}<w:bookmarkEnd w:id="{number}"/>'
        _append(paragraph, marked)
        note = parse_xml(
            f'<w:footnote {_NAMESPACE} w:id="{number}"><w:p><w:pPr><w:pStyle w:val="footnotetext"/>'
            f"</w:pPr>{_mark('<w:footnoteRef/>')}</w:p></w:footnote>"
        )
        Paragraph(note[0], paragraph).add_run(f" {in_xml(text)}")
        self._notes.append(note)


def _mark(what: str) -> str:
    return f'<w:r><w:rPr><w:rStyle w:val="footnotereference"/></w:rPr>{what}</w:r>'


def _field(paragraph: Paragraph, instruction: str, result: str) -> None:
    """Let the paragraph end in what Word computes; `result` is what it shows until then."""
    _append(paragraph, _FIELD.format(instruction=instruction, result=result))


def _append(paragraph: Paragraph, runs: str) -> None:
    paragraph._p.extend(list(parse_xml(f"<w:p {_NAMESPACE}>{runs}</w:p>")))
