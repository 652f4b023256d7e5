"""Another report as the basis: every page and file speaks of it, and undoing leaves no trace."""

import io
import json
import re
import zipfile
from copy import copy

import pytest
from django.core.management import call_command

from projects.annex.matching import match
from projects.annex.sheet_rows import Row
from projects.imports.batches import undo
from projects.imports.lines import Refused
from projects.models import Batch, Project
from reports.basis import make_basis
from reports.models import Report
from reports.reconciliation import all_agree, reconcile

from .conftest import ROOT, member, publish_waiting
from .pages import body, text_of
from .test_contract import EACH

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("register")]
SECOND, THIRD = (ROOT / "tests" / "data" / f"{one}_report.json" for one in ("second", "third"))
API = [one["address"] for one in json.loads((ROOT / "pvematrix/api/examples.json").read_text())]
OF_EDITION = ("/projects/", "/reports/scope/", "/reports/region.json")
ADDRESSES = [
    *dict.fromkeys([*(one[0] for one in EACH), *API]),
    *(f"{address}?edition=reconstruction-2017-12" for address in OF_EDITION),
]
# Pages, files and answers that name the report that the register is kept equal to.
SHOWING = [
    *("/", "/projects/", "/reports/", "/about/", "/reports/priority-area/", "/reports/scope/"),
    *("/reports/cross-table/", "/reports/cross-table.csv"),
    *("/reports/scope/figure.json", "/projects/export.xlsx", "/datapackage.json", "/figures.csv"),
    *("/projects/PVE-001/", "/reports/compare/", "/reports/priority-area/picture.svg"),
]


# What moves with the version or the hour.
MOVING = {"Expires", "ETag", "Content-Length", "Last-Modified", "RateLimit", "X-Request-ID"}


def text_at(client, address: str) -> str:
    """What is there, unpacked, as text, below its status and headers."""
    response = client.get(address)
    head = {name: value for name, value in response.items() if name not in MOVING}
    content = body(response)
    if content.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        content = b"\n".join(archive.read(name) for name in archive.namelist())
    # Charts escape the slash.
    text = content.decode("utf-8", "replace").replace("\\u002f", "/")
    return f"{response.status_code} {sorted(head.items())}{BELOW}{text}"


BELOW = "\n--- below ---\n"
# What only says when it was made, and what is named by the editions that ship.
MOMENTS = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|\+00:00| UTC)?|\d{8}T\d{6}Z"
    r'|csrfmiddlewaretoken" value="\w+"'
)
LATEST = re.compile(
    r'\s*<section[^>]*aria-labelledby="h-changes".*?</section>\s*|\n\s*\n\s*', re.DOTALL
)
EDITIONS = re.compile(
    r"Reconstruction of A/72/621(, corrected \(November 2026\)| \(December 2017\))"
)
# Logs of changes, and feeds of them.
LOGS = re.compile(
    r"^(/api/v1)?/projects/changes|/PVE-001/changes/|changes\.atom|sitemap|/api/v1/changes"
)
# Where the first report is cited: its own pages, text and statements, editions, and lists of all.
CITING = re.compile(
    r"^/(report/|reports/$|reports/(a-72-621|hlc|mya|joint)|statements"
    r"|entities|editions|figures|api/$|api/v1/(editions|reports|paragraphs"
    r"|statements|entities|changes))|edition="
)
CITED = re.compile(
    r"A/72/621\u2069?(, pars?\.|, paras?\.|، الفقرة)\s(?!2[245]\b)[^.;)]*|What A/72/621 says"
    r"|(paragraphs|experiences) of A/72/621|expériences du document A/72/621"
    r"|والتجارب (?:الواردة )?في A/72/621"
    r'|"document": ?"A/72/621"'
    # The status of an entry is as at the day of the report that the entry cites.
    r"|Ongoing, as at 1 December 2017"
    # A project elsewhere began on it: 00108403 of UNDP.
    r"|(?:1 December 2017|2017-12-01)(?s:.{1,60}?)(?:30 June 2019|2019-06-30)"
)
FROZEN = re.compile(r"edition=|^/editions/.*/card\.png")
OF_THE_FIRST = re.compile(
    r"72/621|\b223\b|[Pp]aragraphs? 2[45]\b|(?<!\d)1 December 2017|2017-12-01"
)


def everything(client, addresses=ADDRESSES) -> dict[str, str]:
    found = {address: text_at(client, address) for address in addresses if not LOGS.search(address)}
    return {address: LATEST.sub("\n", MOMENTS.sub("", text)) for address, text in found.items()}


def below(text: str) -> str:
    return text.partition(BELOW)[2]


# The third report's pages and files, in three languages: what names it, and the logs.
OF_THE_THIRD = [
    *SHOWING,
    *(
        f"/{one}{address}"
        for one in ("fr", "ar")
        for address in SHOWING
        if "package" not in address
    ),
    *("/sitemap-pages.xml", "/llms.txt"),
]
LOGGED = [
    *("/projects/changes/", "/projects/PVE-001/changes/"),
    *("/projects/PVE-051/changes/", "/projects/changes.atom", "/api/v1/changes/"),
]


def about_the_first(address: str, text: str) -> list[str]:
    """What a page says of the first report without citing it."""
    # The one file has the statements, which cite it as on their own pages.
    text = re.sub(r'<section id="statements".*?</section>', "", text, flags=re.DOTALL)
    # Where a mark of a picture is says nothing either.
    text = re.sub(r'(href|action|src|data-words|value|\b[xy]|width|height)="[^"]*"', "", text)
    text = re.sub(r"<option.*?</option>|</?a[^>]*>", "", text)
    text = CITED.sub("", EDITIONS.sub("", text))
    address = re.sub(r"^/(fr|ar)(?=/)", "", address)
    return [] if CITING.search(address) else OF_THE_FIRST.findall(text)


def test_every_page_speaks_of_another_basis_and_undoing_leaves_no_trace(client):
    # What names the basis, all data, and what never changes.
    watched = [*SHOWING, *API, *filter(FROZEN.search, ADDRESSES)]
    before = everything(client, dict.fromkeys(watched))
    call_command("loaddata", SECOND, verbosity=0)
    batch = make_basis("a-90-1", reason="To try it")
    # A revision of the two reports; placeholders have none.
    assert [one.key for one in batch.revisions.order_by("pk")] == ["A/72/621", "A/90/1"]

    found = everything(client)
    assert {a: said for a, text in found.items() if (said := about_the_first(a, text))} == {}
    for address in SHOWING:
        assert "A/90/1" in found[address], address
    assert "223 United Nations-supported" in before["/"]
    assert "100 invented projects of an invented report" in found["/"]
    assert "15 June 2030" in found["/"]
    assert "A/90/1, para. 8" in re.sub("<[^>]*>", "", found["/reports/priority-area/"])
    said = "It stood for a project that A/72/621 counts; the register now shows A/90/1."
    assert said in text_of(client, "/projects/PVE-052/")
    # What is noted of the first report is said only where its text is read.
    assert "211 of the entries" in before["/about/"]
    assert "211 of the entries" not in found["/about/"]
    assert "this is no copy of it" in text_of(client, "/statements/?kind=lesson")
    # Regions are not counted: nothing of them is published, and the totals bound them.
    assert "A/90/1 does not count this." in found["/reports/region/"]
    for row in json.loads(below(found["/reports/region.json"]))["rows"]:
        assert (row["state"], row["number"], row["low"], row["high"]) == ("range", None, 0, 59)
    for address in filter(FROZEN.search, before):
        assert found[address] == before[address], address

    undo(batch, reason="It was a trial")
    Report.published.get(slug="a-90-1").delete()
    after = everything(client, before)
    assert [address for address in before if after[address] != before[address]] == []


def test_a_report_of_another_kind_is_spoken_of_in_each_language_and_undone_without_trace(client):
    before = everything(client, OF_THE_THIRD) | {one: text_at(client, one) for one in LOGGED}
    call_command("loaddata", THIRD, verbosity=0)
    batch = make_basis("s-2031-9", reason="To try it")
    found = {address: text_at(client, address) for address in OF_THE_THIRD}
    assert {a: text[:3] for a, text in found.items() if text[:3] not in ("200", "409")} == {}
    said = {a: about_the_first(a, text) for a, text in found.items()}
    assert {a: some for a, some in said.items() if some} == {}
    for address in OF_THE_THIRD[: 3 * len(SHOWING) - 2]:
        assert "S/2031/9" in found[address], address
    undo(batch, reason="It was a trial")
    Report.published.get(slug="s-2031-9").delete()
    after = everything(client, OF_THE_THIRD) | {one: text_at(client, one) for one in LOGGED}
    assert [address for address in before if after[address] != before[address]] == []


def test_an_entry_outside_the_table_takes_no_place_of_the_new_report():
    call_command("loaddata", SECOND, verbosity=0)
    added = copy(Project.published.get(reference="PVE-001"))
    added.pk, added.reference, added.number = None, "PVE-224", 224
    added.save()
    make_basis("a-90-1")
    assert Project.published.filter(holds_place=True, provenance="counted").count() == 100
    assert Project.published.count() == 113 and all_agree(reconcile(Report.published.basis()))


def test_a_manager_makes_it_the_basis_at_the_desk(editor):
    call_command("loaddata", SECOND, verbosity=0)
    report = Report.published.get(slug="a-90-1")
    page = f"/admin/reports/report/{report.pk}/basis/"
    assert editor.get(page).status_code == 403
    manager = member("Managers", "manager")
    assert page in manager.get(f"/admin/reports/report/{report.pk}/change/").content.decode()
    assert "Placeholders of this report replace the 211 present ones." in text_of(manager, page)
    assert "Enter a reason." in refused(manager, page, {})
    preview = manager.post(page, {"reason": "The next report"})["Location"]
    batch = Batch.objects.get()
    assert (batch.reason, batch.by_name, batch.added) == ("The next report", "manager", 0)
    assert (batch.file_name, batch.applied_at) == ("Basis: A/90/1", None)
    assert Report.published.basis().slug == "a-72-621"
    publish_waiting(preview)
    assert Report.published.basis() == report
    new = Project.published.filter(provenance="counted").order_by("number")
    assert [new.first().reference, new.last().reference] == ["PVE-224", "PVE-323"]
    assert new.first().source == "A/90/1, para. 8" and not new.exclude(in_africa=False).exists()
    aside = Project.live.filter(review="set-aside", provenance="counted").count()
    assert (aside, Project.published.count()) == (211, 112)
    assert "The register is kept equal to A/90/1 already." in refused(
        manager, page, {"reason": "x"}
    )


def refused(client, page: str, data: dict) -> str:
    return client.post(page, data, follow=True).content.decode()


def test_totals_that_do_not_add_up_leave_a_placeholder_without_a_scope():
    call_command("loaddata", SECOND, verbosity=0)
    report = Report.published.get(slug="a-90-1")
    figure = report.figures.get(query="scope=global")
    figure.value = 40
    figure.save()
    make_basis(report.slug)
    made = Project.published.filter(provenance="counted", report="a-90-1")
    assert (made.count(), made.filter(scope="").count()) == (100, 1)


def test_a_report_that_does_not_count_all_areas_is_no_basis():
    call_command("loaddata", SECOND, verbosity=0)
    report = Report.published.get(slug="a-90-1")
    report.figures.get(query="priority_area=youth").delete()
    with pytest.raises(Refused, match="it does not count all areas and scopes"):
        make_basis(report.slug)
    assert (Project.published.count(), Batch.objects.count()) == (223, 0)


# A report that is dated by its year alone

FEEDS = ("/projects/changes.atom",)
# A day or a month of the report's year, in numbers or in words.
INVENTED = re.compile(r"2031-\d\d|[A-Z][a-z]+ 2031\b")


@pytest.fixture
def third(register):
    call_command("loaddata", THIRD, verbosity=0)
    make_basis("s-2031-9")


def test_a_date_may_be_a_year_and_no_day_of_it_is_invented(third, client):
    # The catalogue of every address that scripts use, and the feeds.
    for address in dict.fromkeys([*ADDRESSES, *FEEDS]):
        status, _rest, below = text_at(client, address).partition(BELOW)
        assert status[:3] in ("200", "404", "410"), address
        found = [] if address in FEEDS else INVENTED.findall(below)
        assert not found, (address, found)
    # Atom has no years.
    for address in FEEDS:
        assert "<updated>2031-01-01T00:00:00+00:00</updated>" in text_at(client, address)
    (data,) = re.findall(
        r'<script[^>]*ld\+json"[^>]*>(.*?)</script>', client.get("/").content.decode()
    )
    known = json.loads(data)
    assert (known["isBasedOn"]["datePublished"], known["temporalCoverage"]) == ("2031", "2031")
    assert "Figures of 2031." in client.get("/reports/compare/").content.decode()


@pytest.mark.parametrize(
    ("begins", "date", "is_late"),
    [
        ("2031-06", "2031", False),
        ("2031", "2031-06", False),
        ("2031-07", "2031-06", True),
    ],
)
def test_what_begins_within_the_year_of_a_report_is_not_after_it(begins, date, is_late):
    values = {"title": "A", "start_date": begins, "in_matrix": "yes"}
    found = match([(Row("A", 1, {}), values)], [], date, {}, False)
    assert [one.is_late for one in found.matches] == [is_late]
