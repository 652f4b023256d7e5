"""Fills an empty database with some of everything that the register keeps.

It ran under the code of commit 0f7b048 and is kept as the record of how the dumps beside it were
made (README.md); later code calls things otherwise. The clock stands still between the steps, so
every run gives every database the same entries, history and SHA-256.
"""

# ruff: noqa: E402 - the clock stands still before the models are there

import secrets
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
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command

from projects import imports
from projects.corrections import Correction
from projects.editions import publish
from projects.history import Revision, recording
from projects.models import Country, Edition, Entity, Project
from projects.review import sign_off
from reports.models import Figure


@contextmanager
def later(by=None, reason=""):
    """Do something an hour after what came before, as that account and for that reason."""
    global moment
    moment += timedelta(hours=1)
    with recording(by=by, reason=reason):
        yield


def save(record, entities=None, countries=None, **values):
    """Save the record with these values, by the rules that a form would ask."""
    for name, value in values.items():
        setattr(record, name, value)
    record.full_clean()
    record.save()
    if entities is not None:
        record.entities.set(Entity.objects.filter(acronym__in=entities))
    if countries is not None:
        record.countries.set(Country.objects.filter(code__in=countries))


def entry(reference):
    return Project.live.get(reference=reference)


def review(reference):
    with later(manager):
        sign_off(entry(reference), manager, Revision.objects.latest("pk").pk)


def imported(name, lines, confirmed=True):
    with later():
        batch = imports.upload(name, "\n".join(lines).encode(), {"only": None}, editor)
    digest = imports.preview(batch).digest
    return imports.apply(batch, digest, editor, "A year’s list") if confirmed else batch


call_command("migrate", verbosity=0)
call_command("load_register", verbosity=0)

# Accounts: a superuser, an editor, a manager with a second factor, one who leaves; a fifth group.
root = User.objects.create_superuser("example-root", "root@example.org")
editor, manager, leaver = (
    User.objects.create_user(f"example-{name}", f"{name}@example.org", is_staff=True)
    for name in ("editor", "manager", "leaver")
)
editor.groups.add(Group.objects.get(name="Editors"))
manager.groups.add(Group.objects.get(name="Managers"))
manager.password = make_password("correct horse battery staple", "of-the-dumps")
manager.save()
TOTP.activate(manager, "PVEMATRIXPVEMATRIXPVEMATRIX23456")
with patch.object(secrets, "token_hex", return_value="0123456789" * 8):
    RecoveryCodes.activate(manager)
guests = Group.objects.create(name="Guests")
guests.permissions.set(Permission.objects.filter(codename__in=["view_project", "view_entity"]))

# The register: entries, an entity, a country, a figure.
with later(editor):
    save(Entity(), acronym="ITU", name="International Telecommunication Union", kind="agency")
with later(editor, "Letter of 3 November 2026"):
    links = {"entities": ["UNESCO", "ITU"], "countries": ["MAR", "TUN"]}
    save(entry("PVE-001"), **links, title="NET-MED Youth", status="completed", start_date="2014-02")
with later(editor, "Identified from its web page"):
    found = {"title": "Réseau “青年” 📗", "summary": "=1+1 is text.", "link": "https://example.org"}
    found |= {"provenance": "confirmed", "source": "A/73/1, para. 2", "scope": "national"}
    found |= {"scope_basis": "stated", "regions": ["africa"], "regions_basis": "stated"}
    save(entry("PVE-013"), entities=["UNDP"], countries=["KEN"], **found)
with later(leaver, "Phase three is over"):
    save(entry("PVE-011"), status="completed", end_date="2018-06")
leaver.delete()
review("PVE-001")
with later(root, "Its long name"):
    save(Country.objects.get(code="TUN"), name="Tunisia (Republic of)")
with later(manager, "Counted twice"):
    entry("PVE-223").delete()
with later(manager, "The page was corrected"):
    save(Figure.objects.get(report__symbol="HLC 2018", unit="countries"), value=85)
with later(editor, "Heard of it"):
    kind = {"priority_area": "youth", "priority_area_basis": "inferred", "provenance": "confirmed"}
    kind |= {"scope": "global", "scope_basis": "inferred", "source": "A/73/1, para. 3"}
    save(Project(review="draft"), entities=["ITU"], reference="PVE-224", title="A draft", **kind)

# Imports: one that stays and of which both rows are signed off, one undone, one that waits.
head = "reference,title,priority_area,priority_area_basis,scope,scope_basis,provenance,source"
new = ",An imported entry,gender,stated,global,stated,confirmed,A/73/2"
known = "PVE-014,Title from the import,governance,stated,national,allocated,counted,A/72/621"
imported("kept.csv", [head, new, known])
review("PVE-014")
review("PVE-225")
mistaken = imported("mistaken.csv", [head, new, known.replace("014", "017")])
imports.undo(mistaken, manager, "The wrong file")
imported("waiting.csv", ["reference,title", "PVE-016,Not confirmed yet"], confirmed=False)

# Corrections: open, declined, applied.
status = {"column": "status", "value": "ongoing", "source": "A/73/3"}
Correction.objects.create(reference="PVE-005", **status)
declined = Correction.objects.create(reference="PVE-006", **status)
declined.settle(Correction.State.DECLINED, editor, "The source does not say so")
applied = Correction.objects.create(reference="PVE-002", **status)
with later(editor, applied.credit):
    save(entry("PVE-002"), status="ongoing")
applied.settle(Correction.State.APPLIED, editor)

# A second edition, and what became of the register after it.
with later(manager):
    note = "Entries described since the report."
    publish(Edition(slug="november-2026", name="November 2026", date="2026-11-26", note=note))
with later(root, "Ended a month earlier"):
    save(entry("PVE-011"), end_date="2018-05")
with later(editor, "As its page spells it"):
    save(entry("PVE-001"), title="NET-MED Youth II", countries=["MAR"])
