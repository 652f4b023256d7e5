"""Word documents of the check: the text of one that is sent, and a text with comments."""

import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO
from typing import IO, Any
from xml.etree import ElementTree

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from projects.asking import Asked
from projects.asking.reference import moment_of
from projects.citations import labelled, sentences
from projects.exports import new_document, saved
from projects.text import in_xml

from .findings import Finding
from .verdicts import LONGEST

# Bytes of a file, and of all its parts; elements of its text.
MOST_BYTES, MOST_UNPACKED, MOST_ELEMENTS = 1_000_000, 10_000_000, 200_000
_PIECE = 65_536
_TEXT = "word/document.xml"
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, ElementTree.ParseError, EOFError),
    *(LookupError, NotImplementedError, RuntimeError, ValueError),
)


class _Words:
    """Takes the words of paragraphs as they are read; nothing else of the document is built."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.length = self.elements = self.other_versions = 0
        self.is_text = False

    def doctype(self, *_declaration: object) -> None:
        raise ValidationError(_("The file has a DOCTYPE, which no Word document has."))

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise ValidationError(_("The file has too many parts. Paste the text instead."))
        name = tag.rpartition("}")[2]
        # What is drawn is there twice, for older programs.
        self.other_versions += name == "Fallback"
        self.is_text = name == "t" and "wordprocessingml" in tag and not self.other_versions
        if name in ("tab", "br", "cr"):
            self.text.append(" ")

    def data(self, text: str) -> None:
        if self.is_text:
            self.text.append(text)
            self.length += len(text)
            if self.length > LONGEST:
                raise ValidationError(too_long())

    def end(self, tag: str) -> None:
        name = tag.rpartition("}")[2]
        self.is_text = False
        self.other_versions -= name == "Fallback"
        if name == "p":
            self.text.append("\n")

    def close(self) -> str:
        return "".join(self.text).strip("\n")


def too_long() -> str:
    return _("The text has more than %d characters.") % LONGEST


def text_of(content: bytes) -> str:
    """Return the text of a Word document; a ValidationError says why there is none.

    It is read in memory, one part of it, as far as it may be long.
    """
    if len(content) > MOST_BYTES:
        raise ValidationError(_("The file has more than %d bytes.") % MOST_BYTES)
    words: Any = _Words()
    try:
        with zipfile.ZipFile(BytesIO(content)) as file:
            if sum(one.file_size for one in file.infolist()) > MOST_UNPACKED:
                raise ValidationError(
                    _("Unpacked, the file has more than %d bytes.") % MOST_UNPACKED
                )
            # The class refuses a DOCTYPE, without which there are no entities.
            parser = ElementTree.XMLParser(target=words)  # noqa: S314 - entities cannot be declared
            with file.open(_TEXT) as part:
                left = MOST_UNPACKED
                while piece := part.read(min(_PIECE, left)):
                    parser.feed(piece)
                    left -= len(piece)
            parser.close()
            return words.close()
    except _UNREADABLE:
        raise ValidationError(_("This is no Word document (.docx).")) from None


def with_comments(pieces: Iterable[tuple[str, Finding | None]]) -> IO[bytes]:
    """Return a text as a Word document, with a comment at each statement."""
    document = new_document(_("Check a text"), moment_of(Asked()))
    paragraph = document.add_paragraph()
    for text, finding in pieces:
        first, *others = in_xml(text).split("\n")
        run = paragraph.add_run(first)
        for line in others:
            paragraph = document.add_paragraph()
            run = paragraph.add_run(line)
        if finding:
            said = sentences([finding.reason, finding.instead])
            comment = labelled(finding.mark.label, said)
            document.add_comment(run, in_xml(comment), author=_("PVE matrix"), initials="PVE")
    return saved(document)
