"""Fills an empty database with some of everything that the register keeps.

It ran under the code of commit 8d06bd3d and is the record of how the dumps next to it were made
(README.md); later code has other names. What staff do at the desk is done by its pages, so that the
product itself stored it. The clock stands still between the steps, so every run gives every
database the same entries, history and SHA-256.
"""

# ruff: noqa: E402 - the clock stands still before the models are there

import csv
import io
import re
import secrets
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch

import django
from django.utils import timezone

moment = datetime(2026, 11, 29, 11, tzinfo=UTC)
timezone.now = lambda: moment  # before any model takes it as a default
django.setup()

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings, setup_test_environment

from projects.columns import PROJECT_TABLE
from projects.history import Revision, recording
from projects.models import (
    Batch,
    Contact,
    Correction,
    Country,
    Edition,
    Entity,
    Evidence,
    Project,
    Quotation,
)
from pvematrix.models import Account, AssistanceRequest, Expert
from reports.models import Document, Figure, Paragraph, Plan, Report, Statement

PROJECT = "/admin/projects/project/"
IMPORT = "/admin/projects/batch/"


# The clock, and who works


def time_passes():
    global moment
    moment += timedelta(minutes=15)


@contextmanager
def later(by=None, reason=""):
    """Do something a while after what came before, by that account and for that reason."""
    time_passes()
    with recording(by=by, reason=reason):
        yield


@contextmanager
def at_desk(account):
    """Let an account work at the desk, a while after what came before, and log out."""
    time_passes()
    desk = Client()
    desk.force_login(account)
    here = SimpleNamespace(session=desk.session)
    record_authentication(here, account, "mfa")
    here.session.save()
    yield desk
    account.end_sessions()


# Records


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


def keys(*acronyms):
    """Return the keys of these entities."""
    return [Entity.objects.get(acronym=one).pk for one in acronyms]


def last_seen(record):
    return Revision.objects.of(record).values_list("pk", flat=True).last() or 0


# The pages of the desk


def page_of(record, page="change"):
    meta = record._meta
    return f"/admin/{meta.app_label}/{meta.model_name}/{record.pk}/{page}/"


def led_on(answer):
    """Return where an accepted form leads; one that is refused ends the script, with its errors."""
    if answer.status_code == 302 and not answer["Location"].startswith("/accounts/"):
        return answer["Location"]
    shown = answer.context or {}
    said = shown["errors"] if "errors" in shown else getattr(shown.get("form"), "errors", "")
    raise SystemExit(f"{answer.request['PATH_INFO']}: {answer.status_code} {said}")


def sent_by(*forms):
    """Return what a browser sends of these forms, as they are shown."""
    sent = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is True:
                sent[field.html_name] = "on"
            elif value is not None and value is not False:  # 0 is sent
                sent[field.html_name] = value
    return sent


def filled_in(desk, page):
    """Return what a browser sends of a record's form and of the parts that are there."""
    shown = desk.get(page).context
    sent = sent_by(shown["adminform"].form)
    for inline in shown["inline_admin_formsets"]:
        parts = inline.formset
        sent |= sent_by(parts.management_form, *parts.initial_forms)
        sent[f"{parts.prefix}-TOTAL_FORMS"] = len(parts.initial_forms)
    return sent


def submit(desk, page, **said):
    """Send a record's form with what is said, and return where that leads."""
    return led_on(desk.post(page, filled_in(desk, page) | said))


def edit(account, reference, query="", **said):
    with at_desk(account) as desk:
        return submit(desk, f"{page_of(entry(reference))}{query}", **said)


def swap(account, reference, **said):
    """Save an entry in another place, whose old one the first that is offered takes over."""
    with at_desk(account) as desk:
        page = page_of(entry(reference))
        sent = filled_in(desk, page) | said
        offered = desk.post(page, sent).context["adminform"].form.fields["swap_with"]
        return led_on(desk.post(page, sent | {"swap_with": offered.widget.choices[0][0]}))


def identify(account, **known):
    """Find the place of a project as the page for it does, take the first, return its entry."""
    with at_desk(account) as desk:
        place = desk.post(f"{PROJECT}identify/", known).context["places"][0]
        sent = {}
        for name, value in place.data:
            sent.setdefault(name, []).append(value)
        led_on(desk.post(f"{page_of(place.project)}?identify=1", sent | {"_review": "yes"}))
    return place.project.reference


def review(account, record, **decided):
    """Approve what waits of a record, or send it back with a sentence."""
    with at_desk(account) as desk:
        sent = {f"seen-{record.pk}": last_seen(record)}
        led_on(desk.post(page_of(record, "review"), sent | (decided or {"approve": "yes"})))


def send_back(account, record, sentence):
    review(account, record, object="yes", sentence=sentence)


def delete(account, reference, reason):
    with at_desk(account) as desk:
        record = entry(reference)
        sent = {"post": "yes", "reason": reason, "seen": last_seen(record)}
        led_on(desk.post(page_of(record, "delete"), sent))


def comment(account, reference, text):
    with at_desk(account) as desk:
        sent = {"text": text, "page": "change"}
        led_on(desk.post(page_of(entry(reference), "comments"), sent))


def attach(account, reference, name, content, page=""):
    with at_desk(account) as desk:
        sent = {"file": SimpleUploadedFile(name, content), "page": page}
        led_on(desk.post(page_of(entry(reference), "evidence"), sent))


def reported(reference, column, value, contact=""):
    """Report a correction and return it."""
    time_passes()
    known = {"reference": reference, "column": column, "value": value, "source": "A/73/3"}
    correction = Correction.objects.create(**known)
    if contact:
        Contact.objects.create(correction=correction, words=contact)
    return correction


# Files and sheets


def upload(desk, name, lines, table=""):
    """Upload a file of projects, or of that other table, and return the address of its pages."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    file = SimpleUploadedFile(name, text.getvalue().encode())
    address = f"{IMPORT}import/{table}/" if table else f"{IMPORT}import/"
    return re.match(r"/admin/projects/batch/\d+/", led_on(desk.post(address, {"file": file})))[0]


def confirm(desk, pages, reason):
    """Confirm what the preview of a file shows; of a sheet, send it to a reviewer or publish it."""
    preview = f"{pages}preview/"
    shown = desk.get(preview).context["preview"]
    assert shown.can_be_applied, shown.problems
    led_on(desk.post(preview, {"digest": shown.digest, "reason": reason}))
    return Batch.objects.get(pk=pages.split("/")[4])


def imported(account, name, lines, table="", reason="A year’s list"):
    with at_desk(account) as desk:
        batch = confirm(desk, upload(desk, name, lines, table), reason)
    assert batch.applied_at, name
    return batch


def undo(account, batch, reason):
    with at_desk(account) as desk:
        led_on(desk.post(f"{IMPORT}{batch.pk}/undo/", {"reason": reason}))
    assert Batch.objects.filter(undoes=batch).exists()


def map_columns(desk, pages, **said):
    """Say what the columns of a sheet are: as proposed, but for what is said and needed."""
    page = desk.get(f"{pages}map/").context["page"]
    known = {f"all-{basis}": "stated" for basis in PROJECT_TABLE.bases.values()}
    known |= {"all-in_matrix": "yes", "all-source": "Annex, https://example.org/annex"}
    sent = sent_by(page.form, *page.columns, *(form for _name, form in page.headers))
    return led_on(desk.post(f"{pages}map/", sent | known | said))


def say(desk, pages, meanings, **how):
    """Say what texts of a sheet mean: what a text is read as, by column, or a proposal if none."""
    page = desk.get(f"{pages}translate/").context
    forms = [form for _label, some in (*page["columns"], *page["proposed"]) for form in some]
    sent = sent_by(*forms)
    for form in forms:
        said = meanings.get(form.written.text, {"accept": "on"} if form.proposal else {})
        sent |= {f"{form.prefix}-{name}": value for name, value in said.items()}
    return led_on(desk.post(f"{pages}translate/", sent | how))


def match(desk, pages, **said):
    """Go on to the preview with the entries that were found for rows, but for what is said."""
    return led_on(desk.post(f"{pages}match/", said | {"go_on": "yes"}))


def step(address):
    return address.rstrip("/").rpartition("/")[2]


setup_test_environment()
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# No static files are collected, and only the manager has a second factor.
storages = settings.STORAGES | {"staticfiles": plain}
override_settings(STORAGES=storages, STAFF_SECOND_FACTOR=False).enable()
call_command("migrate", verbosity=0)
call_command("load_register", verbosity=0)

# Accounts: a superuser, an editor, a reviewer, a manager with a second factor, one who leaves; a
# fifth group.
with later():
    root = Account.objects.create_superuser("example-root", "root@example.org")
    editor, reviewer, manager, leaver = (
        Account.objects.create_user(f"example-{name}", f"{name}@example.org", is_staff=True)
        for name in ("editor", "reviewer", "manager", "leaver")
    )
with later(root, "Four of the staff"):
    for account in (editor, reviewer, manager, leaver):
        with account.changing(root):
            name = "editor" if account == leaver else account.username.removeprefix("example-")
            account.groups.add(Group.objects.get(name=f"{name.capitalize()}s"))
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

# The directories, a figure, documents.
with later(editor):
    acronym = {"acronym": "ITU", "acronym_from": "in-use", "aliases": "UIT"}
    save(Entity(), **acronym, name="International Telecommunication Union", kind="agency")
with later(root, "Its long name"):
    save(Country.objects.get(code="TUN"), name="Tunisia (Republic of)")
with later(manager, "The page was corrected"):
    save(Figure.objects.get(report__symbol="HLC 2018", unit="countries"), value=85)
with later(manager):
    save(Document.objects.get(symbol="A/70/674"), date="2015-12-24")
with later(manager, "It came out"):
    known = {"slug": "a-74-677", "symbol": "A/74/677", "title": "An invented document"}
    text = "Kenya adopted a strategy in September 2016. It names young people."
    document = save(Document(), **known, date="2019-11-27")
    save(Paragraph(), document=document, number="9", position=1, text=text)

# Entries that the report describes: changed, signed off, sent back, set aside, one by an account
# that is deleted since, one moved to another area with a placeholder that takes its place.
with later(editor, "Letter of 3 November 2026"):
    links = {"entities": ["UNESCO", "ITU"], "countries": ["MAR", "TUN"]}
    save(entry("PVE-001"), **links, title="NET-MED Youth", status="completed", start_date="2014-02")
review(reviewer, entry("PVE-001"))
edit(leaver, "PVE-011", status="completed", end_date="2018-06", reason="Phase three is over")
with later(root):
    leaver.delete()
edit(editor, "PVE-012", status="ongoing", end_date="2017-12")
send_back(reviewer, entry("PVE-012"), "The page speaks of another phase.")
with later(editor, "Is in no list"):
    save(entry("PVE-010"), review="set-aside")
moved = {"priority_area": "gender", "priority_area_basis": "inferred"}
swap(editor, "PVE-005", **moved, reason="Its page speaks of women alone")

# Placeholders that became entries: one in its place, one in another, whose old place a placeholder
# took over; one whose link is gone since, so that only the paragraph that counts it is left; one
# that only a file confirms.
known = {"in_matrix": "yes", "basis": "stated", "priority_area": "youth", "scope": "national"}
found = {"title": "Réseau “青年” 📗", "summary": "=1+1 is text.", "source": "A/70/674, para. 2"}
found |= {"link": "https://example.org/youth", "start_date": "2016"}
found |= {"entities": keys("UNDP"), "countries": [Country.objects.get(code="KEN").pk]}
in_place = identify(editor, **known, **found, regions=["in_africa"])
review(reviewer, entry(in_place))
with later(editor, "Its words"):
    words = {"field": "scope", "words": "a national “network”", "document": "A/70/674"}
    save(Quotation(project=entry(in_place), paragraphs="2, 3", **words))
found = {"title": "Youth clubs of the islands", "source": "https://example.org/2017, p. 3"}
swapped = identify(editor, **known, **found, regions=["in_europe"])
review(reviewer, entry(swapped))
known = {"in_matrix": "yes", "basis": "inferred", "priority_area": "governance", "scope": "global"}
found = {"title": "Prisons without walls", "source": "Its page", "link": "https://example.org/gone"}
without_link = identify(editor, **known, **found)
edit(editor, without_link, source="A/72/621, para. 24", link="", reason="The page is gone")
pdf = b"%PDF-1.7\nA letter \x00\xff\n%%EOF\n"
attach(editor, "PVE-041", "Letter.pdf", pdf, "12")
said = {"title": "Courts on the radio", "provenance": "confirmed", "in_matrix": "yes"}
edit(editor, "PVE-041", **said, reason="The letter describes it")

# Placeholders that carry a fact and are placeholders still; one carried one; one was moved to
# another area with another that takes its place; one was sent back, one set aside.
edit(editor, "PVE-030", title="Something in prisons", summary="Heard of at a meeting.\nIn May.")
edit(editor, "PVE-031", status="ongoing", start_date="2016-05", reason="A colleague says so")
send_back(reviewer, entry("PVE-031"), "Which colleague?")
edit(editor, "PVE-032", entities=keys("UNDP", "UNODC"), link="https://example.org/perhaps")
review(reviewer, entry("PVE-032"))
edit(editor, "PVE-033", methodology="Workshops", end_date="2019")
with later(editor, "It may be this one"):
    words = {"field": "status", "words": "is being carried out", "document": "A/70/674"}
    save(Quotation(project=entry("PVE-034"), paragraphs="4", **words))
edit(editor, "PVE-035", status="completed")
edit(editor, "PVE-035", status="not-stated", reason="It was another one")
review(reviewer, entry("PVE-035"))
moved = {"priority_area": "dialogue", "priority_area_basis": "stated"}
swap(editor, "PVE-014", **moved, reason="Counted there by mistake")
with later(editor, "Is in no list"):
    save(entry("PVE-222"), review="set-aside")

# What is attached to placeholders alone: comments, files, open corrections. One is deleted with
# all of them, one without any.
comment(editor, "PVE-036", "The page has no year.\nAsk them.")
comment(manager, "PVE-036", "They say 2018.")
other = pdf.replace(b"letter", b"list")
attach(editor, "PVE-038", "List.pdf", other, "3")
reported("PVE-037", "status", "ongoing", contact="reader@example.org")
reported("PVE-040", "title", "The project of the islands")
comment(editor, "PVE-221", "Is it one?")
attach(editor, "PVE-221", "List.pdf", other)
reported("PVE-221", "summary", "It was never begun.")
delete(reviewer, "PVE-221", "Counted twice, too")
delete(manager, "PVE-223", "Counted twice")
comment(editor, in_place, "Its year is in the letter.")
attach(editor, in_place, "Letter.pdf", pdf, "2")
attach(editor, in_place, "Mistaken.pdf", pdf.replace(b"letter", b"slip"))
with at_desk(editor) as desk:
    mistaken = Evidence.objects.get(name="Mistaken.pdf")
    led_on(desk.post(f"{PROJECT}evidence/{mistaken.pk}/take-away/", {"reason": "Not ours"}))

# New entries: a draft, which is of no matrix, and one that only the report's paragraph confirms.
new = {"entities": keys("ITU"), "provenance": "confirmed", "scope": "global"}
new |= {"priority_area": "youth", "priority_area_basis": "inferred", "scope_basis": "inferred"}
with at_desk(editor) as desk:
    said = {"title": "A draft", "in_matrix": "no", "source": "A/73/1, para. 3"}
    submit(desk, f"{PROJECT}add/", **new, **said, reason="Heard of it")
with at_desk(editor) as desk:
    said = {"title": "Counted, and confirmed by that", "in_matrix": "yes"}
    said |= {"source": "A/72/621, para. 24", "priority_area": "other"}
    submit(desk, f"{PROJECT}add/", **new | said, reason="It is the one of other areas")
by_count = Project.live.get(title=said["title"])
review(reviewer, by_count)

# A country set for several placeholders at once.
with at_desk(editor) as desk:
    chosen = [entry(f"PVE-{number:03d}").pk for number in range(53, 59)]
    sent = {"action": "set_values", "_selected_action": chosen, "set": "yes", "countries": "Kenya"}
    preview = led_on(desk.post(PROJECT, sent))
    in_bulk = confirm(desk, preview.removesuffix("preview/"), "All of the list are in Kenya")

# Saved lists: one's own, one that colleagues have as well, and one of placeholders.
lists = {
    editor: {"name": "Youth", "query": "o=-3&priority_area__exact=youth"},
    manager: {"name": "To date", "query": "columns=title,status", "is_shared": "on"},
    reviewer: {"name": "To find", "query": "provenance__exact=counted", "is_shared": "on"},
}
for account, asked in lists.items():
    with at_desk(account) as desk:
        led_on(desk.post(f"{PROJECT}lists/save/", asked))

# Imports of files in the register's columns: one that stays, one undone.
head = "reference,title,priority_area,priority_area_basis,scope,scope_basis,provenance,source"
head = [*head.split(","), "in_matrix"]
list_of = "https://example.org/list"
new = ["", "An imported entry", "gender", "stated", "global", "stated", "confirmed", list_of, "no"]
known = ["governance", "stated", "global", "allocated", "counted", "A/72/621, para. 24", "yes"]
kept = imported(editor, "kept.csv", [head, new, ["PVE-016", "Title from the import", *known]])
review(reviewer, Project.live.get(title="An imported entry"))
batch = imported(editor, "mistaken.csv", [head, new, ["PVE-019", "Title taken back", *known]])
undo(manager, batch, "The wrong file")

# Sheets with columns of their own. One was sent, sent back, sent again and published, with a new
# entity and a mapping that is kept.
HEAD = ["Project title", "Lead entity", "Priority area", "Scope", "Region", "Country", "Status"]
YOUTH, GOVERNANCE = "Empowering youth", "Good governance"
radio = ["Radio for dialogue", "UNESCO", YOUTH, "National", "", "Kenya", "Half done"]
rows = [
    radio,
    ["Prison reform", "The Alliance", "Pillar I", "Regional", "Africa", "", "Completed"],
    ["Young Peacebuilders", "UNAOC", YOUTH, "Regional", "Asia", "", "Ongoing"],
    ["Councils that listen", "Fund for Places", GOVERNANCE, "National", "Europe", "", ""],
]
meanings = {
    "Half done": {"status": "ongoing"},
    "The Alliance": {"entities": "UNAOC"},
    "Pillar I": {"priority_area": "governance"},
    "Fund for Places": {"new_acronym": "FFP", "new_name": "Fund for Places"},
}
with at_desk(editor) as desk:
    office = upload(desk, "office.csv", [HEAD, *rows])
    map_columns(desk, office, keep_as="Lists of the Office")
    say(desk, office, meanings)
    match(desk, office)
    confirm(desk, office, "The list of the Office")
with at_desk(reviewer) as desk:
    sent = {"send_back": "yes", "reason": "Say which year."}
    led_on(desk.post(f"{office}preview/", sent))
with at_desk(editor) as desk:
    confirm(desk, office, "The list of the Office, of 2016")
with at_desk(reviewer) as desk:
    office = confirm(desk, office, "The list of the Office, of 2016")
assert office.applied_at

# One that was said to be complete, so that what it lacks was set aside, and undone.
rows = [
    ["A pilot", "Example Trust", "Gender equality", "National", "Africa", "Mali", "Planned"],
    ["Schools without fear", "UNESCO", "Education", "Global", "", "", "Ongoing"],
]
meanings = {"Example Trust": {"new_acronym": "ET", "new_name": "Example Trust"}}
with at_desk(editor) as desk:
    pilot = upload(desk, "pilot.csv", [HEAD, *rows])
    map_columns(desk, pilot)
    say(desk, pilot, meanings)
    match(desk, pilot, is_complete="yes")
    confirm(desk, pilot, "The pilot")
with at_desk(reviewer) as desk:
    pilot = confirm(desk, pilot, "The pilot")
undo(manager, pilot, "It was a pilot")

# Statements and plans: by hand, published and changed since; others from files, drafts; a file of
# statements undone.
with at_desk(editor) as desk:
    told = {"code": "G900", "title": "Listen first", "quotation": "We listened first."}
    told |= {"source": "Letter of 3 November 2026", "areas": "youth;gender"}
    told |= {"areas_basis": "inferred", "entities": keys("ITU"), "projects": "PVE-001;PVE-030"}
    page = "/admin/reports/statement/add/?kind=practice"
    submit(desk, page, **told, reason="From a letter")
with at_desk(editor) as desk:
    place = {"country": Country.objects.get(code="KEN").pk, "level": "national_plan"}
    place |= {"areas": "youth;gender", "projects": f"PVE-001;PVE-032;{in_place}"}
    place |= {"source": "A/74/677, para. 9", "link": "https://example.org/kenya"}
    submit(desk, "/admin/reports/plan/add/", slug="kenya-2016", title="=Strategy", **place)
with at_desk(editor) as desk:
    place = {"organization": "ECOWAS", "level": "regional_plan", "status": "in-preparation"}
    place |= {"source": "Its page", "title": "Strategy of the region"}
    submit(desk, "/admin/reports/plan/add/", slug="ecowas-2015", **place)
review(reviewer, Statement.live.get(code="G900"))
review(reviewer, Plan.live.get(slug="kenya-2016"))
review(reviewer, Plan.live.get(slug="ecowas-2015"))
with at_desk(editor) as desk:
    said = {"status": "adopted", "adopted_on": "2016-09", "reason": "As its page has it"}
    submit(desk, page_of(Plan.live.get(slug="kenya-2016")), **said)
with at_desk(editor) as desk:
    said = {"summary": "In other words.", "reason": "As its page has it"}
    submit(desk, page_of(Statement.live.get(code="M01")), **said)
send_back(reviewer, Statement.live.get(code="M01"), "In which words?")
head = ["slug", "title", "level", "organization", "source"]
plans = [head, ["igad-2018", "Zonal strategy", "regional_plan", "IGAD", "A/74/677"]]
imported(editor, "plans.csv", plans, "plans")
head = ["code", "kind", "title", "quotation", "source"]
statements = [head, ["G901", "lesson", "Ask twice", "“Ask twice.”", "A/74/1"]]
imported(editor, "statements.csv", statements, "statements")
statements = [head, ["G902", "lesson", "Never ask", "“Never.”", "A/74/1"]]
batch = imported(editor, "not-ours.csv", statements, "statements")
undo(manager, batch, "Not from there")

# Reports: a draft from a file; one of staff's own, with figures, a value of a classification and a
# note, which was the basis for a while.
head = ["report", "symbol", "title", "report_date", "value", "unit", "population", "address"]
rows = [
    ["a-82-1", "A/82/1", "An invented draft", "2027-01", value, unit, "invented projects", list_of]
    for value, unit in (("60", "projects"), ("12", "countries"))
]
imported(editor, "reports.csv", [head, *rows], "reports")
figures = {
    **{"": 40, "scope=global": 16, "scope=regional": 13, "scope=national": 11},
    **{"priority_area=governance": 6, "priority_area=education": 5, "priority_area=dialogue": 4},
    **{"priority_area=youth": 6, "priority_area=communications": 6, "priority_area=gender": 5},
    **{"priority_area=communities": 4, "priority_area=other": 4},
}
with at_desk(editor) as desk:
    own = {"slug": "a-81-900", "symbol": "A/81/900", "title": "An invented report"}
    own |= {"date": "2026-10-01", "population": "projects of an invented report"}
    own |= {"words": "The invented report counts {number} projects.", "language": "en"}
    own["figures-TOTAL_FORMS"] = len(figures)
    for place, (query, value) in enumerate(figures.items()):
        figure = {"query": query, "value": value, "unit": "projects", "comparator": "="}
        figure |= {"paragraph": "8" if query else "7", "how_seen": "invented"}
        own |= {f"figures-{place}-{name}": one for name, one in figure.items()}
    submit(desk, "/admin/reports/report/add/", **own, reason="From its text")
own = Report.live.get(slug="a-81-900")
with at_desk(editor) as desk:
    value = {"classification": "pillar", "slug": "measures", "label": "Measures", "position": 1}
    submit(desk, "/admin/reports/category/add/", report=own.pk, **value)
with at_desk(editor) as desk:
    note = {"topic": "origin", "text": "Staff invented it.\n\nNobody counted."}
    submit(desk, "/admin/reports/note/add/", report=own.pk, **note)
review(reviewer, own)
with at_desk(manager) as desk:
    led_on(desk.post(page_of(own, "basis"), {"reason": "To try the next report"}))
    basis = Batch.objects.get(file_name="Basis: A/81/900")
assert Report.published.basis() == own
undo(manager, basis, "It was a trial")
assert Report.published.basis().symbol == "A/72/621"

# Corrections: open ones of each kind of record, one declined, one applied.
reported("PVE-006", "status", "ongoing", contact="other-reader@example.org")
reported("G48", "title", "A better title")
reported("kenya-2016", "adopted_on", "2016-09-07")
declined = reported("PVE-007", "status", "ongoing", contact="third-reader@example.org")
with at_desk(reviewer) as desk:
    submit(desk, page_of(declined), answer="The source does not say so")
applied = reported("PVE-003", "status", "ongoing")
edit(editor, "PVE-003", query=f"?correction={applied.pk}")
declined = reported("PVE-044", "countries", "MAR")
with at_desk(reviewer) as desk:
    submit(desk, page_of(declined), answer="It is one of those that are only counted")

# The registers of persons, and the desk's log of them.
ends = {"consented_on": moment.date(), "consent_ends_on": moment.date() + timedelta(days=9999)}
expert = save(Expert(), name="Example Expert", subjects="Radio", languages="fr; ar", **ends)
asked = {"name": "Example Ministry", "asked_on": moment.date(), "wanted": "A workshop.\nSoon."}
save(AssistanceRequest(), **asked, state="in-progress", project="PVE-036")
LogEntry.objects.log_actions(manager.pk, [expert], 1, change_message="Added.", single_object=True)

# An edition of staff's own, an event that it answers, and what became of the register after it.
with at_desk(manager) as desk:
    said = {"slug": "november-2026", "name": "November 2026", "date": "2026-11-29"}
    said["note"] = "Entries described since the report."
    page = "/admin/projects/edition/add/"
    shown = desk.post(page, said).context["shown"]
    led_on(desk.post(page, said | {"shown": shown}))
with later(manager, "It is the report that was due"):
    published = Edition.objects.get(slug="november-2026")
    save(Statement.live.get(code="E22"), answered_by=published)
with later(root, "Ended a month earlier"):
    save(entry("PVE-011"), end_date="2018-05")
with later(editor, "As its page spells it"):
    save(entry("PVE-001"), title="NET-MED Youth II", countries=["MAR"])
    save(entry(in_place).quotations.get(field="scope"), words="a national network")
known = {"in_matrix": "yes", "basis": "stated", "priority_area": "communities", "scope": "global"}
found = {"title": "Elders at one table", "source": "https://example.org/elders"}
after_edition = identify(editor, **known, **found)
edit(editor, "PVE-042", status="planned", reason="Heard of it since")

# Files that wait, after which nothing changes: one in the register's columns; sheets that are
# matched, sent, sent back, mapped in part, and answered in part.
head = ["reference", "title", "summary", "countries"]
with at_desk(editor) as desk:
    lines = [head, ["PVE-043", "Not confirmed yet", "From the letter", "KEN"]]
    lines += [["PVE-002", "Young Peacebuilders", "Not confirmed either", ""]]
    waiting = upload(desk, "waiting.csv", lines)
    assert desk.get(f"{waiting}preview/").context["preview"].writes == 2
with at_desk(editor) as desk:
    lines = [["slug", "title", "level", "organization", "source"]]
    lines += [["asean-2018", "A plan that waits", "regional_plan", "ASEAN", "Its page"]]
    upload(desk, "waiting-plans.csv", lines, "plans")
rows = [
    ["Radio for all", "UNESCO", YOUTH, "National", "Africa", "Kenya", "Half done"],
    ["Halls of learning", "The Trust", "Education", "Regional", "Asia", "", "Completed"],
    ["Ponts de dialogue", "UNDP", "Dialogue", "Global", "", "", "Planned"],
    ["Not a project", "UNDP", "Dialogue", "Global", "", "", ""],
    ["Quite new", "UNDP", "Gender equality", "Global", "", "", ""],
    ["NET-MED Youth II", "UNESCO", YOUTH, "Regional", "Middle East and North Africa", "", ""],
]
meanings = {"The Trust": {"new_acronym": "TT", "new_name": "The Trust"}}
with at_desk(editor) as desk:
    matched = upload(desk, "matched.csv", [HEAD, *rows])
    map_columns(desk, matched, **{"all-source": "A/74/5, https://example.org/matched"})
    say(desk, matched, meanings)
    led_on(desk.post(f"{matched}sheet/", {"cell-2-title": "Bridges of dialogue"}))
    chosen = {"entry-1": "PVE-060", "leave-3": "yes", "was-4": "PVE-152", "entry-4": ""}
    at = match(desk, matched, **chosen)
    assert step(at) == "preview" and desk.get(at).status_code == 200
with at_desk(editor) as desk:
    sent_on = upload(desk, "sent.csv", [HEAD, [*radio[:6], "Ongoing"], rows[2]])
    map_columns(desk, sent_on)
    match(desk, sent_on)
    assert confirm(desk, sent_on, "Please publish it").digest
with at_desk(editor) as desk:
    back = upload(desk, "sent-back.csv", [HEAD, ["Sports", "UNDP", YOUTH, "Global", "", "", ""]])
    map_columns(desk, back)
    match(desk, back)
    assert confirm(desk, back, "Please publish it too").digest
with at_desk(reviewer) as desk:
    sent = {"send_back": "yes", "reason": "Name the page."}
    led_on(desk.post(f"{back}preview/", sent))
with at_desk(editor) as desk:
    lines = [["A list of projects"], ["Title", "Who", "Where", "Remarks"]]
    lines += [["Theatre", "UNESCO", "Mali", "x"], ["Chess", "", "", ""]]
    in_part = upload(desk, "mapped-in-part.csv", lines)
    assert step(map_columns(desk, in_part, **{"sheet-0-lines": "2"})) == "map"
with at_desk(manager) as desk:
    rows = [["Films", "A Guild", "Pillar II", "Sahel", "Sahel", "", "Sleeping"]]
    by_part = upload(desk, "answered-in-part.csv", [HEAD, *rows])
    map_columns(desk, by_part, keep_as="A guild’s list")
    answered = {"Pillar II": {"priority_area": "dialogue"}}
    assert step(say(desk, by_part, answered, accept_all="yes")) == "translate"
