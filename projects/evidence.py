"""Evidence: sources that can be looked up, and the files attached to entries."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .asking import published
from .columns import PROJECT_TABLE
from .history import Revision, Snapshot, recording, signed
from .models import SYSTEMATIC_TITLE, Evidence, EvidenceFile, Project, cached
from .review import state_when_brought_back
from .text import is_link, letters_and_digits
from .vocabulary import Basis, Provenance, Review

LARGEST = 20_000_000
LONGEST_NAME = 150
# A PDF is never parsed: only its first bytes and its end are checked.
_BEGINS = re.compile(rb"%PDF-[12]\.[0-9]")
_ENDS, _LAST = b"%%EOF", 1024
_LINK = re.compile(r"https?://\S+")
_PLACES = r"para\. [0-9]+|paras\. [0-9]+(?:(?:–|, | and )[0-9]+)*|footnotes? [0-9]+"
# How a source ends that is an attached file, which the public does not see.
KEPT = "kept by the office"
OWN_SOURCE = gettext_lazy(
    "A confirmed entry needs a source of its own: a paragraph that does more than count it, an "
    "https:// address, or an attached file."
)
COUNTS_ONLY = gettext_lazy(
    "The paragraph that counts a project states nothing of it: cite another."
)
# Paragraph numbers by a document's symbol; none for a document without text.
Documents = Mapping[str, Collection[str]]


# The app of reports, which this one does not know, puts its own functions here when it is ready:
# the second gives the date of each report, by its symbol.
read_documents: Callable[[], Documents] = dict
read_days: Callable[[], Mapping[str, str]] = dict


@dataclass(frozen=True)
class Sources:
    """What entries can cite: documents, the report that is the basis, and where that only counts.

    A source of an entry's own is a paragraph of a known document, an address, or the name of a file
    that is attached; not the basis as a whole, nor the paragraphs that print its totals.
    """

    documents: Documents
    basis: str = ""
    counting: Collection[str] = ()

    def are_own(self, source: str, link: str, files: Collection[str] | None = None) -> bool:
        """Return whether one of the sources is the entry's own; without `files` all are trusted."""
        return self._is_address(link) or any(self._is_own(one, files) for one in _parts(source))

    def only_count(self, source: str, link: str) -> bool:
        """Return whether no source says more of the entry than how many projects there are."""
        return not self.are_own(source, link) and all(map(self._counts, _parts(source)))

    def describe(self, source: str) -> bool:
        """Return whether a source is a paragraph of the basis that does more than count."""
        cited = (found for part in _parts(source) for found in self._cited(part))
        return any(symbol == self.basis and not one <= {*self.counting} for symbol, one in cited)

    def lack(self, title: str, source: str, link: str) -> bool:
        """Return whether a confirmed entry has no title or no source of its own."""
        return bool(SYSTEMATIC_TITLE.search(title)) or not self.are_own(source, link)

    @cached_property
    def _citations(self) -> re.Pattern:
        symbols = "|".join(map(re.escape, self.documents)) or "(?!)"
        return re.compile(rf"(?<![\w/])({symbols}), ({_PLACES})")

    def _is_address(self, text: str) -> bool:
        return is_link(text) and not (self.basis and self.basis in text)

    def _cited(self, part: str) -> Iterator[tuple[str, set[str]]]:
        for symbol, places in self._citations.findall(part):
            sign = "fn" if places.startswith("footnote") else ""
            yield symbol, {f"{sign}{number}" for number in re.findall("[0-9]+", places)}

    def _counts(self, part: str) -> bool:
        cited = self._cited(part)
        return any(symbol == self.basis and one <= {*self.counting} for symbol, one in cited)

    def _is_own(self, part: str, files: Collection[str] | None) -> bool:
        if any(self._is_address(found.rstrip(".,;:)]”\"'")) for found in _LINK.findall(part)):
            return True
        for symbol, cited in self._cited(part):
            describing = cited - {*self.counting} if symbol == self.basis else cited
            if describing & ({*self.documents[symbol]} or describing):
                return True
        said = letters_and_digits(part)
        named = said.removesuffix(letters_and_digits(KEPT))
        if named in ("", said):
            return False
        return files is None or any(named.startswith(letters_and_digits(one)) for one in files)


@cached
def known_sources() -> Sources:
    printed = published.read_published("")
    numbers = (one.paragraph.split(", ") for one in printed.numbers.values())
    return Sources(read_documents(), printed.symbol, frozenset(chain.from_iterable(numbers)))


def source_problems(
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any],
    sources: Sources,
    files: Collection[str],
) -> Iterator[tuple[str, str]]:
    """Yield (column, message) where an entry is confirmed, or a value stated, without a source.

    `old` is None for a new entry, `files` are the names of what is attached. Drafts are not
    checked, nor what stood before with the same source.
    """
    if new["review"] == Review.DRAFT or new["provenance"] == Provenance.COUNTED:
        return
    stored = old if old and old.get("review") != Review.DRAFT else {}
    changed = {name for name in new if name not in stored or stored[name] != new[name]}
    source, link = new["source"], new["link"]
    of_source = {"provenance", "source", "link"}
    if new["provenance"] == Provenance.CONFIRMED:
        if changed & {*of_source, "title"} and SYSTEMATIC_TITLE.search(new["title"]):
            yield "title", _("A confirmed entry needs a title: this is that of a placeholder.")
        if changed & of_source and not sources.are_own(source, link, files):
            yield "source", to_name(next(iter(files))) if files else str(OWN_SOURCE)
            return
    says = changed & {"source", "link", *PROJECT_TABLE.classifying}
    if says and _stated(new) and sources.only_count(source, link):
        yield "source", str(COUNTS_ONLY)


def _stated(values: Mapping[str, Any]) -> bool:
    """Return whether any value is one that pages call stated: those without a basis are."""
    return any(
        (value := values.get(one.name))
        and value != one.default
        and values.get(PROJECT_TABLE.bases.get(one.name, ""), Basis.STATED) == Basis.STATED
        for one in PROJECT_TABLE.facts
    )


def to_name(file: str) -> str:
    return _("Name the attached file in the source: “%s”.") % f"{file}, {KEPT}"


def refuse_to_publish(project: Project) -> None:
    """Raise ValidationError for a draft that would not have a source of its own."""
    if said := _said(project.pk, None, {**project.snapshot(), "review": Review.REVIEWED}):
        raise ValidationError(f"{project.reference}: {said}")


def problem_of_restoring(revision: Revision, snapshot: Snapshot) -> str:
    """Return why a former version would not have its source; the last of a deleted entry may be."""
    key = revision.object_id
    now = Project.live.filter(pk=key).first()
    last = revision.of_its_record.last()
    stood = now.snapshot() if now else last.old if last else None
    state = now.review if now else state_when_brought_back(snapshot)
    return _said(key, stood, {**(stood or {}), **snapshot, "review": state})


def _said(key: int, old: Snapshot | None, new: Snapshot) -> str:
    found = source_problems(old, new, known_sources(), names_of(key))
    return " ".join(message for _column, message in found)


def names_of(key: int | None) -> list[str]:
    """Return the names of the documents that are attached to an entry by its primary key."""
    return [one.document for one in Evidence.objects.by_project([key])[key]] if key else []


def _parts(source: str) -> list[str]:
    return [part for part in source.split(";") if part.strip()]


def validate_pdf(content: bytes) -> None:
    if len(content) > LARGEST:
        raise ValidationError(_("The file is larger than 20 MB."))
    if not _BEGINS.match(content):
        raise ValidationError(_("This is not a PDF."))
    if _ENDS not in content[-_LAST:]:
        raise ValidationError(_("The PDF is incomplete. Save it again."))


def name_of(sent: str) -> str:
    """Return a file's name in one line, without hidden characters, with .pdf."""
    shown = "".join(sign for sign in sent if sign.isprintable() and sign not in "/\\").strip()
    stem = shown[:-4] if shown.lower().endswith(".pdf") else shown
    return f"{stem[: LONGEST_NAME - 4].strip('. ') or 'file'}.pdf"


def attach(project: Project, name: str, file: IO[bytes], page: str, by: Any) -> Evidence:
    """Attach a PDF; raises ValidationError if it is none, or attached to the entry already."""
    content = file.read(LARGEST + 1)
    validate_pdf(content)
    digest = hashlib.sha256(content).hexdigest()
    with recording(by=by):
        # Locked, so that nobody attaches it twice.
        stored = EvidenceFile.objects.select_for_update().defer("content")
        stored.get_or_create(sha256=digest, defaults={"content": content})
        there = Evidence.objects.filter(project=project, file__sha256=digest).first()
        if there is not None:
            text = _("This file is already attached to %(reference)s as “%(name)s”.")
            raise ValidationError(text % {"reference": project.reference, "name": there.name})
        return Evidence.objects.create(
            project=project,
            reference=project.reference,
            file_id=digest,
            name=name_of(name),
            size=len(content),
            page=page,
            **signed(by),
        )


def detach(evidence: Evidence, by: Any, reason: str) -> None:
    """Remove a file from its entry; its bytes are deleted with the last entry that has it.

    Raises ValidationError if a confirmed entry would have no source left.
    """
    with recording(by=by, reason=reason):
        list(EvidenceFile.objects.select_for_update().filter(sha256=evidence.file_id).values("pk"))
        project = Project.live.select_for_update().filter(pk=evidence.project_id).first()
        others = Evidence.objects.filter(project=evidence.project_id).exclude(pk=evidence.pk)
        names = [one.document for one in others]
        if project and project.provenance == Provenance.CONFIRMED and not project.is_draft:
            sources = known_sources()
            if not sources.are_own(project.source, project.link, names):
                text = _("%s is confirmed by this file: name another source first.")
                raise ValidationError(text % project.reference)
        evidence.delete()
        if not Evidence.objects.filter(file__sha256=evidence.file_id).exists():
            EvidenceFile.objects.filter(sha256=evidence.file_id).delete()
