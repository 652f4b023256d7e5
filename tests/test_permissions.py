"""Who may do what at the desk: every address, GET and POST, for every group, as a table."""

import io

import pytest
from django.contrib.auth.models import Group, User
from django.template.base import Template
from django.test import Client
from django.urls import get_resolver

from projects.elsewhere.imports import hold
from projects.elsewhere.models import Judgement, Record
from projects.evidence import attach
from projects.history import Revision
from projects.imports import batches as imports
from projects.models import Correction, Country, Edition, Entity, Project, SecondPerson
from reports.models import Category, Document, Figure, Note, Paragraph, Report, Statement

from .conftest import ROOT
from .files import as_sheet, upload

GROUPS = ["nobody", "no group", "Viewers", "Editors", "Reviewers", "Managers"]
TABLE = ROOT / "tests" / "permissions.txt"


@pytest.fixture
def pages(register, monkeypatch):
    """An address of every kind that the desk has, by the name that its pattern has."""
    # A status takes no page, workbook or figure, and these most of the time. What is rendered
    # is not empty: a workbook takes its title from it.
    monkeypatch.setattr(Template, "render", lambda *_given: "-")
    monkeypatch.setattr("pvematrix.desk.batches.import_template", lambda *_given: b"")
    monkeypatch.setattr("pvematrix.desk.affected_figures._sentences", lambda *_given: [])
    country = Country.objects.get(code="KEN")
    project = Project.published.get(reference="PVE-001")
    project.title = "Changed"
    project.save()
    waiting = upload("x.csv", b"reference,title\r\nPVE-002,X\r\n", {"ignored": []})
    batch = upload("y.csv", b"reference,title\r\nPVE-003,Y\r\n", {"ignored": []})
    imports.apply(batch, imports.preview(batch).digest)
    sheet = upload("z.csv", b"Project,Lead entity\r\nX,UNDP\r\n", {}, read=as_sheet)
    correction = Correction.objects.create(
        reference="PVE-004", column="title", value="x", source="y"
    )
    user = User.objects.create_user("somebody")
    pdf = io.BytesIO(b"%PDF-1.7 %%EOF")
    evidence = attach(Project.published.get(reference="PVE-005"), "x.pdf", pdf, "", user)
    return {
        "projects_project": project.pk,
        "projects_country": country.pk,
        "projects_secondperson": SecondPerson.objects.get().pk,
        "projects_entity": Entity.objects.get(acronym="UNDP").pk,
        "projects_edition": Edition.objects.get(slug="reconstruction-2017-12").pk,
        "projects_revision": Revision.objects.get(key="PVE-001").pk,
        "projects_batch": batch.pk,
        "projects_evidence": evidence.pk,
        "waiting": waiting.pk,
        "sheet": sheet.pk,
        "projects_correction": correction.pk,
        "reports_report": Report.published.get(symbol="HLC 2018").pk,
        "reports_figure": Figure.objects.first().pk,
        "reports_category": Category.objects.first().pk,
        "reports_note": Note.objects.first().pk,
        "reports_document": Document.objects.get(slug="a-72-621").pk,
        "reports_paragraph": Paragraph.objects.get(number="24").pk,
        "reports_statement": Statement.published.get(code="G34").pk,
        "auth_user": user.pk,
        "elsewhere_record": Record.objects.first().pk,
        "elsewhere_judgement": Judgement.objects.first().pk,
        "elsewhere": hold("x.csv", b"key,title\r\ntest:1,X\r\n", {}).pk,
        "pvematrix_account": user.pk,
        "auth_group": Group.objects.get(name="Viewers").pk,
    }


# Pages of an import that nobody confirmed yet.
WAITING = ("_preview", "_changes", "_faults", "_take_over", "_batch_discard")


def addresses(pages) -> dict[str, str]:
    """Every named address of the desk, from Django's own list of them."""
    resolver = get_resolver().namespace_dict["admin"][1]
    found = {}
    for name, entries in resolver.reverse_dict.lists():
        if not isinstance(name, str):
            continue
        pattern, parameters = entries[0][0][0]
        model = "_".join(name.split("_")[:2])
        key = "waiting" if name.endswith(WAITING) else model
        key = "elsewhere" if name == "elsewhere_record_preview" else key
        if name.endswith(("_batch_map", "_batch_translate", "_batch_sheet", "_batch_match")):
            key = "sheet"
        values = dict.fromkeys(parameters, pages.get(key, "projects"))
        found[name] = "/admin/" + pattern % values
    return found


def account(group: str) -> User | None:
    """Somebody of that group; None is not logged in."""
    if group == "nobody":
        return None
    user = User.objects.create_user(group, password="x", is_staff=True)
    if group != "no group":
        user.groups.add(Group.objects.get(name=group))
    return user


def table(places: dict[str, str]) -> list[list[str]]:
    """A row per address and method: its name, and the status for each group."""
    clients = {account(group): Client() for group in GROUPS}
    rows = []
    for name, address in sorted(places.items()):
        for method in ("get", "post"):
            row = [name, method]
            for user, client in clients.items():
                cookie = client.cookies.get("sessionid")
                if user and not (cookie and cookie.value):  # one of the addresses logs out
                    client.force_login(user)
                row.append(str(getattr(client, method)(address).status_code))
            rows.append(row)
    return rows


@pytest.mark.long
def test_every_address_of_the_desk_answers_every_group_as_the_table_says(pages):
    head, *expected = TABLE.read_text().splitlines()
    assert head.split() == ["address", "method", "nobody", "none", *GROUPS[2:]]
    assert table(addresses(pages)) == [line.split() for line in expected]
