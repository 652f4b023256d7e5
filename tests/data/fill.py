"""Fills an empty database with some of everything that the register keeps.

It ran under the code of commit 4ea42ed and is the record of how the dumps next to it were made
(README.md); later code has other names. The clock stands still between the steps, so every run
gives every database the same entries, history and SHA-256.
"""

# ruff: noqa: E402, I001 - the clock stands still before the models are there; old modules

import secrets
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import django
from django.utils import timezone

moment = datetime(2026, 11, 25, 9, tzinfo=UTC)
timezone.now = lambda: moment  # before any model takes it as a default
django.setup()

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from projects import evidence, review
from projects.editions import publish
from projects.history import Revision, recording
from projects.imports import batches
from projects.imports.annex import Annex
from projects.imports.sandbox import Columns
from projects.models import (
    Comment,
    Contact,
    Correction,
    Country,
    Edition,
    Entity,
    Objection,
    Project,
    Quotation,
    SavedList,
)
from pvematrix.models import Account, AssistanceRequest, Expert
from reports import imports
from reports.models import Document, Figure, Plan, Statement


@contextmanager
def later(by=None, reason=""):
    """Do something an hour after what came before, by that account and for that reason."""
    global moment
    moment += timedelta(hours=1)
    with recording(by=by, reason=reason):
        yield


def save(record, entities=None, countries=None, **values):
    """Save the record with these values, by the rules of a form, and return it."""
    for name, value in values.items():
        setattr(record, name, value)
    record.full_clean()
    record.save()
    if entities is not None:
        record.entities.set(Entity.objects.filter(acronym__in=entities))
    if countries is not None:
        record.countries.set(Country.objects.filter(code__in=countries))
    return record


def entry(reference):
    return Project.live.get(reference=reference)


def sign_off(record):
    with later():
        review.sign_off(record, manager, Revision.objects.latest("pk").pk)


def send_back(record, sentence):
    with later():
        revision = review.revision_to_send_back(record, manager, Revision.objects.latest("pk").pk)
        said = {"by": manager, "by_name": manager.get_username()}
        Objection.objects.create(revision=revision, sentence=sentence, **said)


def file_of(content):
    """Return an open file, as an upload has it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it closes with the process
    file.write(content.encode() if isinstance(content, str) else content)
    file.seek(0)
    return file


def imported(name, lines, table="", is_confirmed=True):
    """Upload a file of projects, or of that other table, and confirm it."""
    file = file_of("\n".join(lines))
    with later():
        if table:
            batch = imports.upload(table, name, file, editor)
        else:
            batch = batches.upload(name, file, {"only": None}, editor)
    if not is_confirmed:
        return batch
    reader = imports if table else batches
    return reader.apply(batch, reader.preview(batch).digest, editor, "A year’s list")


def comment(by, reference, text):
    with later():
        project, name = entry(reference), by.get_username()
        Comment.objects.create(project=project, reference=reference, by=by, by_name=name, text=text)


def reported(reference, column, value, contact="", **decided):
    """Report a correction and return it; `decided` says what became of it."""
    known = {"reference": reference, "column": column, "value": value, "source": "A/73/3"}
    correction = Correction.objects.create(**known)
    if contact:
        Contact.objects.create(correction=correction, words=contact)
    if decided:
        correction.settle(by=editor, **decided)
    return correction


call_command("migrate", verbosity=0)
call_command("load_register", verbosity=0)

# Accounts: a superuser, an editor, a manager with a second factor, one who leaves; a fifth group.
with later():
    root = Account.objects.create_superuser("example-root", "root@example.org")
    editor, manager, leaver = (
        Account.objects.create_user(f"example-{name}", f"{name}@example.org", is_staff=True)
        for name in ("editor", "manager", "leaver")
    )
with later(root, "Two of the staff"), editor.changing(root), manager.changing(root):
    editor.groups.add(Group.objects.get(name="Editors"))
    manager.groups.add(Group.objects.get(name="Managers"))
    manager.password = make_password("correct horse battery staple", "salt-of-the-dumps")
    manager.save()
with later(manager), manager.changing(manager):
    manager.credential.is_temporary = False
    manager.credential.save()
    TOTP.activate(manager, "PVEMATRIXPVEMATRIXPVEMATRIX23456")
    with patch.object(secrets, "token_hex", return_value="0123456789" * 8):
        RecoveryCodes.activate(manager)
guests = Group.objects.create(name="Guests")
guests.permissions.set(Permission.objects.filter(codename__in=["view_project", "view_entity"]))

# The register: entries, quotations, an entity, a country, a figure, a document.
with later(editor):
    acronym = {"acronym": "ITU", "acronym_from": "in-use", "aliases": "UIT"}
    save(Entity(), **acronym, name="International Telecommunication Union", kind="agency")
with later(editor, "Letter of 3 November 2026"):
    links = {"entities": ["UNESCO", "ITU"], "countries": ["MAR", "TUN"]}
    save(entry("PVE-001"), **links, title="NET-MED Youth", status="completed", start_date="2014-02")
with later(editor, "Identified from its web page"):
    found = {"title": "Réseau “青年” 📗", "summary": "=1+1 is text.", "link": "https://example.org"}
    found |= {"provenance": "confirmed", "source": "A/73/1, para. 2", "scope": "national"}
    found |= {"scope_basis": "stated", "regions": ["africa"], "regions_basis": "stated"}
    confirmed = save(entry("PVE-013"), entities=["UNDP"], countries=["KEN"], **found)
    words = {"field": "scope", "words": "a national “network”", "document": "A/73/1"}
    save(Quotation(project=confirmed, paragraphs="2, 3", **words))
with later(leaver, "Phase three is over"):
    save(entry("PVE-011"), status="completed", end_date="2018-06")
with later(root):
    leaver.delete()
sign_off(entry("PVE-001"))
with later(root, "Its long name"):
    save(Country.objects.get(code="TUN"), name="Tunisia (Republic of)")
with later(manager, "Counted twice"):
    entry("PVE-223").delete()
with later(manager, "The page was corrected"):
    save(Figure.objects.get(report__symbol="HLC 2018", unit="countries"), value=85)
with later(manager):
    save(Document.objects.get(symbol="A/70/674"), date="2015-12-24")
with later(editor, "Heard of it"):
    kind = {"priority_area": "youth", "priority_area_basis": "inferred", "provenance": "confirmed"}
    kind |= {"scope": "global", "scope_basis": "inferred", "source": "A/73/1, para. 3"}
    save(Project(review="draft"), entities=["ITU"], reference="PVE-224", title="A draft", **kind)
with later(editor, "Is in no list"):
    save(entry("PVE-222"), review="set-aside")
with later(editor):
    save(entry("PVE-012"), status="ongoing")
send_back(entry("PVE-012"), "The page speaks of another phase.")

# Comments and evidence: one file of two entries, one taken away again, one of an entry now deleted.
comment(editor, "PVE-013", "The page has no year.\nAsk them.")
comment(manager, "PVE-013", "They say 2018.")
comment(editor, "PVE-221", "Is it one?")
pdf = b"%PDF-1.7\nA letter \x00\xff\n%%EOF\n"
letter = evidence.attach(entry("PVE-013"), "Letter.pdf", file_of(pdf), "12", editor)
evidence.attach_known(entry("PVE-224"), letter, "", editor)
other = pdf.replace(b"letter", b"list")
mistaken = evidence.attach(entry("PVE-013"), "List.pdf", file_of(other), "", editor)
evidence.take_away(mistaken, editor, "Not ours")
evidence.attach(entry("PVE-221"), "List.pdf", file_of(other), "", editor)
with later(manager, "Counted twice, too"):
    entry("PVE-221").delete()

# Saved lists, one that colleagues have as well.
SavedList.objects.create(by=editor, name="Youth", query="priority_area__exact=youth&o=-3")
SavedList.objects.create(by=manager, name="To date", query="columns=title,status", is_shared=True)

# Imports: one that stays and whose rows are signed off, one undone, two that wait, one of these a
# sheet with columns of its own.
head = "reference,title,priority_area,priority_area_basis,scope,scope_basis,provenance,source"
new = ",An imported entry,gender,stated,global,stated,confirmed,https://example.org/list"
known = "PVE-014,Title from the import,governance,stated,national,allocated,counted,A/72/621"
imported("kept.csv", [head, new, known])
sign_off(entry("PVE-014"))
sign_off(entry("PVE-225"))
batch = imported("mistaken.csv", [head, new, known.replace("014", "017")])
with later():
    batches.undo(batch, manager, "The wrong file")
imported("waiting.csv", ["reference,title", "PVE-016,Not confirmed yet"], is_confirmed=False)
sheet = file_of("Project title,Lead entity,Status\nRadio for all,UN Women,Half done\n")
with later():
    annex = Annex(batches.upload("sheet.csv", sheet, {}, editor, Columns.ANY))
    layout = annex.layout
    layout.constants = {"source": "A/74/5"}
    annex.keep_layout(layout, "Lists of the Office", editor)
    read = [(one, ["ongoing"]) for one in annex.to_translate() if one.text == "Half done"]
    annex.keep_readings(read, editor)

# Statements and plans: one of each by hand, others from files; a file of statements undone.
with later(editor, "From a letter"):
    told = {"kind": "practice", "title": "Listen first", "quotation": "We listened first."}
    told |= {"source": "Letter of 3 November 2026", "areas": "youth;gender"}
    save(Statement(code="G900", **told, areas_basis="inferred"), entities=["ITU"])
    place = {"country": Country.objects.get(code="KEN"), "level": "national_plan"}
    save(Plan(slug="kenya-2016", title="=Strategy", source="A/74/677, para. 9", **place))
sign_off(Statement.live.get(code="G900"))
sign_off(Plan.live.get(slug="kenya-2016"))
with later(editor, "As its page has it"):
    save(Plan.live.get(slug="kenya-2016"), status="adopted", adopted_on="2016-09")
    save(Statement.live.get(code="M01"), summary="In other words.")
head = "slug,title,level,organization,source"
imported("plans.csv", [head, "igad-2018,Zonal strategy,regional_plan,IGAD,A/74/677"], "plans")
head = "code,kind,title,quotation,source"
lines = [head, "G901,lesson,Ask twice,“Ask twice.”,A/74/1"]
batch = imported("statements.csv", lines, "statements")
with later():
    batches.undo(batch, manager, "Not from there")

# Corrections: open ones of each kind of record, one declined, one applied.
reported("PVE-005", "status", "ongoing", contact="reader@example.org")
reported("G48", "title", "A better title")
reported("kenya-2016", "adopted_on", "2016-09-07")
answer = "The source does not say so"
reported("PVE-006", "status", "ongoing", state=Correction.State.DECLINED, answer=answer)
applied = reported("PVE-002", "status", "ongoing")
with later(editor, applied.credit):
    save(entry("PVE-002"), status="ongoing")
applied.settle(Correction.State.APPLIED, editor)

# The registers of persons, and the desk's log of them.
ends = {"consented_on": moment.date(), "consent_ends_on": moment.date() + timedelta(days=9999)}
expert = save(Expert(), name="Example Expert", subjects="Radio", languages="fr; ar", **ends)
asked = {"name": "Example Ministry", "asked_on": moment.date(), "wanted": "A workshop.\nSoon."}
save(AssistanceRequest(), **asked, state="in-progress", project="PVE-013")
LogEntry.objects.log_actions(manager.pk, [expert], 1, change_message="Added.", single_object=True)

# A second edition, an event that it answers, and what became of the register after it.
with later(manager):
    note = "Entries described since the report."
    publish(Edition(slug="november-2026", name="November 2026", date="2026-11-27", note=note))
with later(manager, "It is the report that was due"):
    published = Edition.objects.get(slug="november-2026")
    save(Statement.live.get(code="E22"), answered_by=published)
with later(root, "Ended a month earlier"):
    save(entry("PVE-011"), end_date="2018-05")
with later(editor, "As its page spells it"):
    save(entry("PVE-001"), title="NET-MED Youth II", countries=["MAR"])
    save(entry("PVE-013").quotations.get(field="scope"), words="a national network")
