"""Made-up annexes: sheets of 223 projects with the published totals, with a sheet's problems."""

import csv
import io
import json
import subprocess
import warnings
from random import Random
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from projects.columns import PROJECT_TABLE
from projects.imports import sandbox
from projects.imports.files import read_any
from projects.imports.lines import Refused, keep_lines
from projects.models import Batch, Project
from reports.models import Report
from reports.reconciliation import reconcile

from .files import csv_of

AREAS = {
    "Strengthening good governance, human rights and the rule of law": 40,
    "Education, skills development and employment facilitation": 31,
    "Dialogue and conflict prevention": 29,
    "Empowering youth": 27,
    "Strategic communications, the Internet and social media": 23,
    "Gender equality and empowering women": 22,
    "Engaging communities": 18,
    "Other areas": 33,
}
REGIONS = {
    "Africa": 61,
    "Middle East and North Africa": 55,
    "Asia": 22,
    "Europe": 12,
    "Americas": 3,
}
# The figures that the report prints: of all projects, by area, scope and region.
PUBLISHED = [223, 40, 31, 29, 27, 23, 22, 18, 33, 82, 66, 75, 61, 55, 22, 12, 3]
# What a sheet writes for a status, and for entities; each is read without a question.
STATUSES = ("Ongoing", "on-going", "In progress", "Completed", "not started", "")
ENTITIES = ("UNESCO", "UN Women", "UNOCT", "UNDP; UNODC", "")
VERBS = ("Strengthening", "Supporting", "Building", "Preparing", "Assessing", "Renewing")
THINGS = ("prison reform", "school curricula", "radio dialogue", "local councils", "border posts")
PLACES = ("in the north", "in the south", "along the coast", "in the capital", "in the valleys")


def matrix(random: Random, described: int = 12) -> list[dict]:
    """223 made-up projects with exactly the published totals; some are the described entries."""
    areas = [area for area, count in AREAS.items() for _n in range(count)]
    scopes = ["Global"] * 82 + ["Regional"] * 66 + ["National"] * 75
    random.shuffle(areas)
    random.shuffle(scopes)
    left = [region for region, count in REGIONS.items() for _n in range(count)]
    random.shuffle(left)
    rows = [
        {"area": area, "scope": scope, "regions": [] if scope == "Global" else [left.pop()]}
        for area, scope in zip(areas, scopes, strict=True)
    ]
    wide = [row for row in rows if row["scope"] == "Regional"]
    while left:
        region = left.pop()
        random.choice([row for row in wide if region not in row["regions"]])["regions"].append(
            region
        )
    names = [f"{verb} {thing} {place}" for verb in VERBS for thing in THINGS for place in PLACES]
    for number, row in enumerate(rows):
        row["title"] = f"{names[number % len(names)]}: contract {1000 + 7919 * number % 100_003}"
        row["entities"] = random.choice(ENTITIES)
        row["status"] = random.choice(STATUSES)
    known = list(
        Project.published.exclude(provenance="counted").prefetch_related("entities").order_by("pk")
    )
    for row, project in zip(
        random.sample(rows, described), random.sample(known, described), strict=True
    ):
        row["title"] = project.title
        row["entities"] = "; ".join(one.acronym for one in project.entities.all())
    return rows


@pytest.fixture(autouse=True)
def read_here(request, monkeypatch):
    """Read files in this process: to start one takes half a second, for a PDF a whole one.

    In tests marked `apart` the process reads them, which also says how any other error ends.
    """
    if "apart" in request.keywords:
        return

    def run(command, stdin, stdout, **_options):
        try:
            with warnings.catch_warnings(action="ignore"):
                asked = json.loads(command[-1])
                keep_lines(read_any(asked["name"], stdin, asked["mapped"]), stdout)
        except Refused as error:
            said = " ".join(str(error).split()).encode()
            return subprocess.CompletedProcess(command, sandbox.Ended.REFUSED, stderr=said)
        return subprocess.CompletedProcess(command, sandbox.Ended.WELL, stderr=b"")

    monkeypatch.setattr(sandbox, "subprocess", SimpleNamespace(**{**vars(subprocess), "run": run}))


HEADINGS = ("No.", "Project title", "Lead entity", "Priority area", "Scope", "Region", "Status")


def csv_sheet(rows: list[dict]) -> bytes:
    """A plain CSV file of these projects, with headings that are not the register's."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for number, row in enumerate(rows, start=1):
        regions = "; ".join(row["regions"])
        cells = (row["title"], row["entities"], row["area"], row["scope"], regions, row["status"])
        writer.writerow([number, *cells])
    return text.getvalue().encode()


def faulty(rows: list[dict]) -> None:
    """Write some of it as sheets do: countries and places with the scope, pillars, new entities."""
    scopes = {"National": ["National (Kenya)", "National (The Gambia)", "Country: Tanzania"]}
    scopes["National"].append("National: Kosovo (UNSCR 1244)")
    scopes["Regional"] = ["Regional: Sahel", "Sub-regional"]
    scopes["Global"] = ["GLOBAL", "Worldwide"]
    for row in rows:
        if left := scopes[row["scope"]]:
            row["written"] = left.pop(0)
        if row["area"] == "Dialogue and conflict prevention":
            row["pillar"] = "Pillar I"
    plain = [row for row in rows if row["entities"] == "UNESCO"]
    for row, text in zip(plain, ("AoC", "UNESCO / GCERF", "UN Women, UNESCO"), strict=False):
        row["entities"] = text


def workbook(rows: list[dict]) -> bytes:
    """A workbook as an annex is: a title, two lines of headings, merged cells for the areas."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Annex"
    sheet.append(["Draft matrix of projects to prevent violent extremism (made up)"])
    sheet.merge_cells("A1:F1")
    sheet.append([])
    sheet.append(["Priority area", "Project", None, "Geography", None, "State"])
    sheet.append([None, "Project title", "Implementing entities", "Scope", "Region(s)", None])
    for merged in ("A3:A4", "B3:C3", "D3:E3", "F3:F4"):
        sheet.merge_cells(merged)
    for area in AREAS:
        first = sheet.max_row + 1
        of_area = [row for row in rows if row["area"] == area]
        for row in of_area:
            scope, regions = row.get("written", row["scope"]), " / ".join(row["regions"])
            sheet.append(
                [
                    row.get("pillar", area),
                    row["title"],
                    row["entities"],
                    scope,
                    regions,
                    row["status"],
                ]
            )
        for line in range(first + 1, sheet.max_row + 1):
            sheet[f"A{line}"] = None
        if of_area:
            sheet.merge_cells(f"A{first}:A{sheet.max_row}")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def fields_of(*forms) -> dict:
    """What a browser sends of these forms, as they are shown."""
    sent = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is True:
                sent[field.html_name] = "on"
            elif value is not None and value is not False:  # 0 is sent
                sent[field.html_name] = value
    return sent


class Walk:
    """Somebody at the desk who takes a sheet into the register, page by page."""

    def __init__(self, client, name: str, content: bytes, **uploaded):
        self.client = client
        file = SimpleUploadedFile(name, content)
        self.go(client.post("/admin/projects/batch/import/", {"file": file, **uploaded}))

    def go(self, response) -> None:
        """Follow an answer to the page where it leads."""
        hops = 0
        while response.status_code == 302 and hops < 5:
            self.address, hops = response["Location"], hops + 1
            response = self.client.get(self.address)
        self.page = response

    @property
    def step(self) -> str:
        """The last part of the address: map, translate, match, preview."""
        return self.address.rstrip("/").rpartition("/")[2]

    def post(self, sent: dict) -> None:
        """Send a form to the page that is open."""
        self.go(self.client.post(self.address, sent))

    def map(self, **said) -> None:
        """Say what the columns are: as proposed, but for what is said and what is needed."""
        page = self.page.context["page"]
        forms = [page.form, *page.columns, *(form for _name, form in page.headers)]
        known = {f"all-{basis}": "stated" for basis in PROJECT_TABLE.bases.values()}
        known["all-in_matrix"] = "yes"
        known["all-source"] = "Draft annex, https://x.org/2017"
        self.post(fields_of(*forms) | known | said)

    @property
    def readings(self) -> list:
        """The forms of the values that are asked about: those without a proposal first."""
        columns = [*self.page.context["columns"], *self.page.context["proposed"]]
        return [form for _label, forms in columns for form in forms]

    def translate(self, **said) -> None:
        """Say what values mean, if any are asked about: by column and text, else as shown."""
        if self.step.startswith("translate") or "again" in self.address:
            self.post(fields_of(*self.readings) | said)

    def match(self, **said) -> None:
        """Go on to the preview, with the matches as they are but for what is said."""
        self.post({"go_on": "yes"} | said)

    def send(self) -> Batch:
        """Import what the preview shows, or send it to a reviewer, or publish it."""
        digest = self.page.context["preview"].digest
        self.post({"digest": digest, "reason": "The annex came"})
        return Batch.objects.get(pk=self.address.split("/")[4])

    def confirm(self) -> Batch:
        """Import what the preview shows; somebody else publishes what is public of it."""
        batch = self.send()
        if batch.digest:
            mine, self.client = self.client, Client()
            other, _made = User.objects.get_or_create(
                username="publisher", is_staff=True, is_superuser=True
            )
            self.client.force_login(other)
            self.go(self.client.get(self.address))
            batch, self.client = self.send(), mine
        return batch


def walked(client, content: bytes, name: str = "x.csv", **uploaded) -> Walk:
    """Somebody on the page of the entries of a sheet, with all as proposed before."""
    walk = Walk(client, name, content, **uploaded)
    walk.map()
    if walk.step == "translate":
        walk.translate()
    return walk


def importer(client, *codenames: str):
    """The client, of somebody who may import projects, and what else is named."""
    user = User.objects.create_user("importer", password="x", is_staff=True)
    known = ("import_projects", *codenames)
    user.user_permissions.set(Permission.objects.filter(codename__in=known))
    client.force_login(user)
    return client


def figures() -> list[int | None]:
    """The register's counts beside the report's seventeen figures."""
    return [one.register for one in reconcile(Report.published.basis())]


def rows_of(*projects: dict) -> bytes:
    """A CSV sheet of these projects; what they do not say is empty."""
    head = [one for one in HEADINGS if one != "No."] + ["Country"]
    return csv_of(*(dict.fromkeys(head, "") | one for one in projects))


NEW = {
    "Project title": "Radio for dialogue",
    "Lead entity": "UNESCO",
    "Priority area": "Empowering youth",
    "Scope": "National",
    "Region": "Africa",
}
