"""Word documents with footnotes: python-docx makes the rest, and has nothing for these."""

import re
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from ..citations import author
from ..text import date_in_words, in_xml

# A4, with margins on all sides, and a typeface that is everywhere, or has a twin of its width.
_HEIGHT, _WIDTH, _MARGIN, _TYPEFACE = 297, 210, 20, "Arial"
_POINTS, _POINTS_OF_NOTES = 9, 8
# Of a title among a file's properties, python-docx takes no more.
_MOST_OF_TITLE = 255

_NAMESPACE = nsdecls("w")
# What Word draws between the text and its footnotes, here and where one goes on overleaf. Both are
# footnotes themselves, and the settings of the document name them.
_SEPARATORS = {-1: "separator", 0: "continuationSeparator"}
_PART = f"<w:footnotes {_NAMESPACE}>%s</w:footnotes>"
_SEPARATOR = (
    '<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:before="0" w:after="0"/>'
    "</w:pPr><w:r><w:{kind}/></w:r></w:p></w:footnote>"
)
_MARK = '<w:r><w:rPr><w:rStyle w:val="{style}"/></w:rPr>{what}</w:r>'
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
    language = properties.language = get_language() or "en"
    section = document.sections[0]
    section.page_width, section.page_height = Mm(_WIDTH), Mm(_HEIGHT)
    for margin in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, margin, Mm(_MARGIN))
    normal: Any = document.styles["Normal"]
    if get_language_bidi():
        normal.element.get_or_add_pPr().append(OxmlElement("w:bidi"))
    normal.font.size = Pt(_POINTS)
    normal.paragraph_format.space_after = Pt(3)
    normal.paragraph_format.line_spacing = 1
    for stated in document.styles.element.iter(qn("w:lang")):
        stated.set(qn("w:bidi" if get_language_bidi() else "w:val"), language)
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{script}"), _TYPEFACE)
    head = _("%(site)s, %(day)s. Not an official United Nations document.")
    section.header.paragraphs[0].text = head % {
        "site": _("PVE matrix"),
        "day": date_in_words(moment),
    }
    foot = section.footer.paragraphs[0]
    for part in re.split("<(.+?)>", _("Page <PAGE> of <NUMPAGES>")):
        if part.isupper():
            _field(foot, part, "<w:r><w:t>1</w:t></w:r>")
        else:
            foot.add_run(part)
    document.add_heading(in_xml(title), level=0)
    return document


class Footnotes:
    """The footnotes of a document; one that is referred to again keeps its number.

    ECMA-376, part 1, 17.11: they are a part of their own, numbered in the order of their first
    references. A second reference is a field that repeats the number of the first (17.16.5.37).
    """

    def __init__(self, document: WordDocument):
        separators = (_SEPARATOR.format(number=n, kind=kind) for n, kind in _SEPARATORS.items())
        self._notes: Any = parse_xml(_PART % "".join(separators))
        self._numbers: dict[str, int] = {}
        name = PackURI("/word/footnotes.xml")
        package = document.part.package
        part = XmlPart(name, CONTENT_TYPE.WML_FOOTNOTES, self._notes, package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        settings: Any = document.settings.element
        properties = OxmlElement("w:footnotePr")
        for number in _SEPARATORS:
            properties.append(OxmlElement("w:footnote", attrs={qn("w:id"): str(number)}))
        settings.find(qn(_AFTER_FOOTNOTES)).addprevious(properties)
        styles = document.styles
        of_notes: Any = styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        of_notes.base_style = styles["Normal"]
        of_notes.font.size = Pt(_POINTS_OF_NOTES)
        of_marks: Any = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, True)
        of_marks.font.superscript = True
        self._text_style, self._mark_style = of_notes.style_id, of_marks.style_id

    def refer(self, paragraph: Paragraph, text: str) -> None:
        """Let the paragraph end in a reference to the footnote of this text."""
        number = self._numbers.get(text)
        if number is not None:
            shown = self._mark(f"<w:t>{number}</w:t>")
            _field(paragraph, f"NOTEREF _RefNote{number} \\f \\h", shown)
            return
        number = self._numbers[text] = len(self._numbers) + 1
        named = f'w:id="{number}" w:name="_RefNote{number}"'
        reference = self._mark(f'<w:footnoteReference w:id="{number}"/>')
        marked = f'<w:bookmarkStart {named}/>{reference}<w:bookmarkEnd w:id="{number}"/>'
        _append(paragraph, marked)
        note = parse_xml(
            f'<w:footnote {_NAMESPACE} w:id="{number}"><w:p><w:pPr><w:pStyle '
            f'w:val="{self._text_style}"/></w:pPr>{self._mark("<w:footnoteRef/>")}</w:p>'
            "</w:footnote>"
        )
        Paragraph(note[0], paragraph).add_run(f" {in_xml(text)}")
        self._notes.append(note)

    def _mark(self, what: str) -> str:
        return _MARK.format(style=self._mark_style, what=what)


def _field(paragraph: Paragraph, instruction: str, result: str) -> None:
    """Let the paragraph end in what Word computes; `result` is what it shows until then."""
    _append(paragraph, _FIELD.format(instruction=instruction, result=result))


def _append(paragraph: Paragraph, runs: str) -> None:
    paragraph._p.extend(list(parse_xml(f"<w:p {_NAMESPACE}>{runs}</w:p>")))
