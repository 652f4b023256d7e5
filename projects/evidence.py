"""Evidence: sources that can be looked up, and the files attached to entries."""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .history import Revision, Snapshot, recording
from .models import Evidence, EvidenceFile, Project
from .review import state_when_brought_back
from .text import is_link
from .vocabulary import Provenance, Review

LARGEST = 20_000_000
LONGEST_NAME = 150
# A PDF is never parsed: only its first bytes and its end are checked.
_BEGINS = re.compile(rb"%PDF-[12]\.[0-9]")
_ENDS, _LAST = b"%%EOF", 1024
_LINK = re.compile(r"https?://\S+")
# Paragraph numbers by a document's symbol; none for a document without text.
Documents = Mapping[str, Collection[str]]


# The app of reports, which this one does not know, puts its own functions here when it is ready:
# the second gives the date of each report, by its symbol.
read_documents: Callable[[], Documents] = dict
read_days: Callable[[], Mapping[str, str]] = dict


def known_documents() -> Documents:
    return read_documents()


def source_problem(
    old: Mapping[str, Any] | None, new: Mapping[str, Any], documents: Documents, has_file: bool
) -> str:
    """Return why an entry with these values is not confirmed by its source, empty if it is.

    A source is a paragraph of a known document, an address, or an attached file. Drafts, and
    entries that were confirmed before with the same source and link, are not checked. `old` is None
    for a new entry.
    """
    if new["provenance"] != Provenance.CONFIRMED or new["review"] == Review.DRAFT:
        return ""
    if old and all(old[name] == new[name] for name in ("provenance", "source", "link")):
        return ""
    parts = new["source"].split(";")
    if has_file or is_link(new["link"]) or any(_is_known(part, documents) for part in parts):
        return ""
    return _(
        "A confirmed entry needs a source: a paragraph of a document in the register, an https:// "
        "address, or an attached file."
    )


def refuse_to_publish(project: Project) -> None:
    """Raise ValidationError for a confirmed draft without such a source."""
    values = {**project.snapshot(), "review": Review.REVIEWED}
    has_file = Evidence.objects.filter(project=project).exists()
    if problem := source_problem(None, values, known_documents(), has_file):
        raise ValidationError(f"{project.reference}: {problem}")


def problem_of_restoring(revision: Revision, snapshot: Snapshot) -> str:
    """Return why a former version would not be confirmed; the last of a deleted entry may be."""
    key = revision.object_id
    now = Project.live.filter(pk=key).values("provenance", "source", "link", "review").first()
    last = revision.of_its_record.last()
    stood = now or (last.old if last else None)
    state = now["review"] if now else state_when_brought_back(snapshot)
    values = {**(stood or {}), **snapshot, "review": state}
    has_file = Evidence.objects.filter(project=key).exists()
    return source_problem(stood, values, known_documents(), has_file)


def _is_known(part: str, documents: Documents) -> bool:
    if any(is_link(found.rstrip(".,;:)]”\"'")) for found in _LINK.findall(part)):
        return True
    for symbol, numbers in documents.items():
        place = rf"(?<![\w/]){re.escape(symbol)}, (?:paras?\. ([0-9]+)|footnotes? ([0-9]+))"
        for paragraph, note in re.findall(place, part):
            if not numbers or (paragraph or f"fn{note}") in numbers:
                return True
    return False


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
            by=by,
            by_name=by.get_username(),
        )


def detach(evidence: Evidence, by: Any, reason: str) -> None:
    """Remove a file from its entry; its bytes are deleted with the last entry that has it.

    Raises ValidationError if a confirmed entry would have no source left.
    """
    with recording(by=by, reason=reason):
        list(EvidenceFile.objects.select_for_update().filter(sha256=evidence.file_id).values("pk"))
        project = Project.live.select_for_update().filter(pk=evidence.project_id).first()
        others = Evidence.objects.filter(project=evidence.project_id).exclude(pk=evidence.pk)
        if project and source_problem(None, project.snapshot(), known_documents(), others.exists()):
            raise ValidationError(
                _("%s is confirmed by this file: name another source first.") % project.reference
            )
        evidence.delete()
        if not Evidence.objects.filter(file__sha256=evidence.file_id).exists():
            EvidenceFile.objects.filter(sha256=evidence.file_id).delete()


def attached(keys: Collection[int]) -> dict[int, list[Evidence]]:
    """Return the files attached to entries by these primary keys, without their bytes."""
    found: dict[int, list[Evidence]] = {key: [] for key in keys}
    for one in Evidence.objects.filter(project__in=keys):
        found[one.project_id].append(one)
    return found
