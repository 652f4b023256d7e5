"""What other people's bookmarks, scripts and spreadsheets rely on, literally.

docs/contract.md says it in words; its lines are tested here by addresses and commands alone. What
starts a server is in test_site.py; what the commands do besides, in the tests of their subjects.
"""

import csv
import io
import os
import re
import subprocess
from collections import Counter
from html import unescape
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from projects.history import unrecorded
from projects.models import Edition

from .conftest import ROOT
from .contract import PAGE, with_tables
from .declared import COLUMNS, FILTERS, VALUES
from .pages import (
    body,
    book_of,
    csv_lines,
    csv_rows,
    facet_of,
    objects,
    references_in,
    submit,
    text_of,
    total_of,
)

pytestmark = pytest.mark.usefixtures("register")

HTML, TEXT, CSV, JSON = "text/html", "text/plain", "text/csv", "application/json"
SVG = "image/svg+xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ATOM = "application/atom+xml"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LISTED = f"{FILTERS}, columns"
PANELLED = f"{LISTED}, open"
CROSS = f"{FILTERS}, rows, columns"
VERDICT = "All 17 totals agree with the report. They were used to build this table."
REPORTS = ["a-72-621", "joint-appeal-2023", "mya-2021", "mya-2019", "hlc-2018"]
DIMENSIONS = "priority_area, scope, region"
NONE = "no parameter"
LIST = "any, by the list"
STATEMENTS = "q, kind, priority_area, entity, theme, medium"
ELSEWHERE = "q, publisher, country, entity, donor, when, speaks_of_it, year"
# What is sent, which parameters are allowed (None: they are not looked at), what a refusal is sent
# as, and the addresses.
ADDRESSES = [
    (HTML, LIST, HTML, "/"),
    (HTML, LISTED, HTML, "/projects/PVE-001/ /projects/changes/"),
    (HTML, PANELLED, HTML, "/projects/"),
    (HTML, FILTERS, HTML, "/reports/priority-area/ /reports/scope/ /reports/region/"),
    (HTML, CROSS, HTML, "/reports/cross-table/"),
    (HTML, "a, b", HTML, "/reports/compare/"),
    (HTML, "page", HTML, "/projects/PVE-001/changes/"),
    (HTML, NONE, HTML, "/about/ /api/ /check/"),
    (HTML, "column", HTML, "/projects/PVE-001/correct/ /statements/E07/correct/"),
    (HTML, NONE, HTML, "/reports/ /reports/a-72-621/ /reports/hlc-2018/"),
    (HTML, NONE, HTML, "/reports/mya-2019/ /reports/mya-2021/ /reports/joint-appeal-2023/"),
    (HTML, "q", HTML, "/reports/a-72-621/text/"),
    (HTML, "read", HTML, "/reports/a-72-621/text/1/"),
    (HTML, f"{STATEMENTS}, page", HTML, "/statements/"),
    (HTML, NONE, HTML, "/report/ /entities/ /entities/UNESCO/ /statements/E07/"),
    (HTML, f"{ELSEWHERE}, sort, page", HTML, "/elsewhere/"),
    (HTML, NONE, HTML, "/elsewhere/undp/00094760/"),
    (CSV, f"{ELSEWHERE}, sort", TEXT, "/elsewhere/export.csv"),
    (XLSX, f"{ELSEWHERE}, sort", TEXT, "/elsewhere/export.xlsx"),
    (CSV, STATEMENTS, TEXT, "/statements.csv"),
    (XLSX, STATEMENTS, TEXT, "/statements.xlsx"),
    (JSON, NONE, JSON, "/datapackage.json"),
    (CSV, NONE, TEXT, "/figures.csv"),
    (CSV, FILTERS, TEXT, "/entities.csv /countries.csv"),
    (HTML, NONE, HTML, "/editions/ /editions/reconstruction-2017-12/"),
    (
        HTML,
        NONE,
        HTML,
        "/editions/reconstruction-2017-12/changes/live/ "
        "/editions/live/changes/reconstruction-2017-12/",
    ),
    (HTML, None, None, "/accounts/login/ /admin/login/"),
    (CSV, LISTED, TEXT, "/projects/export.csv"),
    (CSV, FILTERS, TEXT, "/reports/priority-area.csv /reports/scope.csv /reports/region.csv"),
    (XLSX, LISTED, TEXT, "/projects/export.xlsx"),
    (DOCX, FILTERS, TEXT, "/projects/export.docx"),
    (JSON, FILTERS, JSON, "/reports/priority-area.json /reports/scope.json /reports/region.json"),
    (CSV, CROSS, TEXT, "/reports/cross-table.csv"),
    (XLSX, CROSS, TEXT, "/reports/cross-table.xlsx"),
    (JSON, FILTERS, JSON, "/reports/scope/figure.json"),
    (JSON, "a, b", JSON, "/reports/compare/figure.json"),
    (JSON, CROSS, JSON, "/reports/cross-table.json"),
    (SVG, FILTERS, TEXT, "/reports/priority-area/picture.svg /reports/region/picture.svg"),
    (CSV, "a, b", TEXT, "/reports/compare.csv"),
    (CSV, NONE, HTML, "/editions/reconstruction-2017-12/quotations.csv"),
    (JSON, "q, edition", JSON, "/suggestions.json"),
    (ATOM, FILTERS, TEXT, "/projects/changes.atom"),
    (TEXT, None, None, "/robots.txt /healthz /readyz"),
    (TEXT, NONE, HTML, "/llms.txt"),
    ("application/xml", None, None, "/sitemap.xml"),
]
EACH = [(one, *row[:3]) for row in ADDRESSES for one in row[3].split()]
# What only the site itself asks for.
OWN = ("/healthz", "/readyz")
CHANGED = "/editions/reconstruction-2026-11/changes/live"
# Each may do what the one before it may, and this.
GROUPS = {
    "Viewers": "view_project view_country view_entity view_edition view_report view_figure "
    "view_category view_note view_revision view_batch view_correction view_quotation view_evidence "
    "view_document view_paragraph view_statement view_record view_judgement",
    "Editors": "add_project change_project add_entity change_entity import_projects "
    "change_correction add_quotation change_quotation delete_quotation "
    "add_statement change_statement add_comment add_evidence "
    "add_report change_report add_figure change_figure add_category change_category "
    "add_note change_note add_judgement change_judgement delete_judgement",
    "Reviewers": "review_project undo_batch delete_project delete_evidence",
    "Managers": "add_country change_country delete_country delete_entity choose_basis "
    "view_secondperson change_secondperson "
    "delete_report delete_figure delete_category delete_note publish_edition "
    "view_user add_user change_user view_group add_document change_document "
    "add_paragraph change_paragraph delete_statement "
    "view_expert add_expert change_expert delete_expert view_assistancerequest "
    "add_assistancerequest change_assistancerequest delete_assistancerequest",
}
# What files say of every number, in this order.
KNOWN = [
    *("state", "number", "comparator", "paragraphs", "sum_of", "low", "high", "why", "reading"),
    *("word_for_word_low", "word_for_word_high", "word_for_word_why"),
    *("in_matrix", "may_be", "others"),
    *("entries", "placeholders"),
]
# What test_api.py asks, after /api/v1/; the description has the same but itself.
API = [
    *("", "openapi.json", "projects/", "projects/<reference>/", "answers/", "answers/<slug>/"),
    *("answers/cross-table/", "entities/", "entities/<acronym>/", "countries/"),
    *("countries/<code>/", "statements/", "statements/<code>/", "paragraphs/", "reports/"),
    *("reports/<report>/", "editions/", "editions/<edition>/", "changes/"),
    *("elsewhere/", "elsewhere/<key>/", "check/"),
]
# Those whose values never change.
YEARS = ("year", "starts", "ends")
SLUGS = [name for name in VALUES if name not in ("entity", "country", *YEARS)]


def first_cells(heading: str) -> list[str]:
    """What stands first in each row of the first table of a section of docs/contract.md."""
    section = PAGE.read_text().partition(f"\n## {heading}\n")[2].partition("<!-- end -->")[0]
    return re.findall(r"`(.+?)`", " ".join(re.findall(r"^\| (`.+?`) \|", section, re.MULTILINE)))


def kind(response) -> str:
    return response["Content-Type"].partition(";")[0]


def table(client, query="") -> list[dict]:
    return csv_rows(client.get(f"/projects/export.csv{query}"))


def answer(client, query="") -> dict:
    return client.get(f"/api/v1/answers/{query}").json()


@pytest.fixture
def import_file(tmp_path):
    """Return a function that imports a file by the command, and returns what that said."""

    def run(content: str, *options: str) -> str:
        (tmp_path / "projects.csv").write_bytes(content.encode())
        said = io.StringIO()
        file = str(tmp_path / "projects.csv")
        call_command("import_projects", file, *options, stdout=said, stderr=said)
        return said.getvalue()

    return run


def test_the_tables_of_the_page_are_those_of_the_site(client):
    """With WRITE=1 they are written, to be read and committed; without, they are compared."""
    made = with_tables(PAGE.read_text(), client)
    if os.environ.get("WRITE"):
        PAGE.write_text(made)
    assert PAGE.read_text().splitlines() == made.splitlines()
    assert made.count("<!-- generated: ") == 6


def test_the_page_is_short():
    assert len(PAGE.read_text().split()) <= 4_500


def test_the_page_has_what_is_tested_here_and_nothing_else():
    assert ", ".join(first_cells("Filters")) == FILTERS
    assert first_cells("Table columns") == COLUMNS
    assert ", ".join(first_cells("Statements")) == STATEMENTS


def test_the_page_has_the_addresses_that_are_tested_here_and_no_others():
    known = {
        **{"<slug>": "(priority-area|scope|region)", "<reference>": "PVE-001"},
        **{"<document>": "a-72-621", "<acronym>": "UNESCO", "<code>": "E07"},
        **{"<edition>": "reconstruction-2017-12", "<report>": f"({'|'.join(REPORTS)})"},
        **{
            "<old>": "(reconstruction-2017-12|live)",
            "<new>": "(reconstruction-2017-12|live)",
            "<number>": "1",
            "<scheme>": "undp",
            "<identifier>": "00094760",
        },
    }
    tested = {one[0] for one in EACH}
    tested |= {"/projects/PVE-001/correct/1/", "/statements/E07/correct/1/"}
    # These are between the tables.
    tested -= {"/healthz", "/readyz", "/accounts/login/", "/admin/login/"}
    found = set()
    for address in first_cells("Pages") + first_cells("Files and data"):
        pattern = re.sub("<[a-z]+>", lambda name: known[name[0]], re.escape(address))
        matched = {one for one in tested if re.fullmatch(pattern, one)}
        assert matched, address
        found |= matched
    assert found == tested


# Commands


def make(*words: str) -> str:
    """What make would do if nothing had been done yet."""
    alone = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    command = ["make", "--always-make", "--dry-run", *words]
    return subprocess.run(
        command, cwd=ROOT, env=alone, capture_output=True, text=True, check=True
    ).stdout


def test_make_run_sets_everything_up():
    steps = ["-m venv .venv", "-r requirements.txt", "> .secret-key", "manage.py migrate"]
    steps += ["manage.py load_register", "manage.py collectstatic", "gunicorn pvematrix.wsgi"]
    told = make("run")
    places = [told.index(step) for step in steps]
    assert places == sorted(places)
    assert "DEBUG" not in told
    assert 'BIND="127.0.0.1:8010" exec .venv/bin/gunicorn' in make("PORT=8010", "run")
    assert ".secret-key" in (ROOT / ".gitignore").read_text().split()


def test_ci_skips_nothing_and_runs_both():
    """REQUIRE_ALL=1 makes a missing PostgreSQL, Chromium or gettext a failure."""
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert lines[-2:] == ["export REQUIRE_ALL=1 COVERAGE=1", "make test-all"]


@pytest.mark.parametrize(
    ("command", "status", "last"),
    [
        ("reconcile", 0, f"A/72/621: {VERDICT}"),
        ("reconcile:HLC 2018", 0, "HLC 2018: None of the 3 figures of HLC 2018 can be compared."),
        (
            "reconcile:X",
            2,
            "There is no report “X”. Reports: A/72/621, Joint Appeal 2023, MYA 2021, MYA 2019, "
            "HLC 2018.",
        ),
        ("verify_editions", 0, "Editions verified: 2. Changed: 0."),
        ("check_integrity", 0, "Faults: 0."),
        (
            "tidy",
            0,
            "Deleted: 0 expired sessions, 0 expired rows of the cache, 0 uploaded files never "
            "confirmed, 0 contacts.",
        ),
        ("move_data_version", 0, "The data version moved: every page and file is made again."),
        ("load_register", 0, "The database already has projects; kept as it is."),
        (
            "load_elsewhere",
            0,
            "Projects elsewhere: 0 added, 0 changed; 0 judgements added.",
        ),
        ("import_elsewhere:x.xml", 2, "x.xml: No such file or directory."),
        (
            "load_document:fixtures/a-72-621.json",
            1,
            "fixtures/a-72-621.json, record 1: “A/72/621” is here already; "
            "staff change it at the desk.",
        ),
    ],
)
def test_management_commands(capsys, command, status, last):
    ended = 0
    try:
        call_command(*command.split(":"))
    except SystemExit as stopped:
        ended = stopped.code
    except CommandError as stopped:
        ended = stopped.returncode
        print(stopped)
    assert (ended, capsys.readouterr().out.splitlines()[-1]) == (status, last)


def test_import_projects(import_file, client):
    row = "reference,title\nPVE-001,Another title\n"
    assert "Nothing was written (--dry-run)." in import_file(row, "--dry-run")
    assert "0 to change, 0 unchanged, 1 skipped" in import_file(row, "--new-only")
    noted = "reference,title,note\nPVE-001,Another title,x\n"
    with pytest.raises(SystemExit) as faulty:
        import_file(noted)
    with pytest.raises(CommandError) as unreadable:
        import_file("no table")
    assert (faulty.value.code, unreadable.value.returncode) == (1, 2)
    assert table(client)[0]["title"] == "Networks of Mediterranean Youth (NET-MED Youth)"
    options = ("--update-only", "--ignore-columns", "note", "--reason", "A letter")
    assert "0 to add, 1 to change, 0 unchanged, 0 skipped" in import_file(noted, *options)
    assert table(client)[0]["title"] == "Another title"
    assert "A letter" in text_of(client, "/projects/PVE-001/changes/")


# Addresses


@pytest.mark.parametrize(
    ("address", "sent", "allowed", "refused"), EACH, ids=[one[0] for one in EACH]
)
def test_addresses(client, address, sent, allowed, refused):
    response = client.get(address)
    assert (response.status_code, kind(response)) == (200, sent)
    content = body(response)
    assert content
    # What any site may read.
    is_open = (sent != HTML or address.endswith(".html")) and address not in OWN
    assert (response.get("Access-Control-Allow-Origin") == "*") is is_open
    head = client.head(address)
    assert (head.status_code, kind(head), body(head)) == (200, sent, b"")
    assert head.get("ETag") == response.get("ETag")
    assert head.get("Content-Length", str(len(content))) == str(len(content))
    assert client.options(address).status_code == 200
    if not address.endswith(("/login/", "/correct/", "/check/")):
        strict = type(client)(enforce_csrf_checks=True)
        for method in ("post", "put", "patch", "delete"):
            assert getattr(strict, method)(address).status_code == 405, method
    if allowed in (FILTERS, LISTED, LISTED, PANELLED, CROSS):
        every = "scope=national&edition=reconstruction-2017-12&sort=title&page=1&per_page=50"
        narrowed = client.get(f"{address.replace('PVE-001', 'PVE-007')}?{every}")
        assert (narrowed.status_code, bool(body(narrowed))) == (200, True)
        assert client.get(f"{address}?scope=galactic").status_code == 400
    wrong = client.get(f"{address}?scoep=national")
    if allowed == LIST:
        assert (wrong.status_code, wrong.url) == (301, "/projects/?scoep=national")
        return
    if allowed is None:
        assert wrong.status_code == 200
        return
    assert (wrong.status_code, kind(wrong)) == (400, refused)
    message = f"address: “scoep=national” is not a parameter. Allowed: {allowed}."
    meant = "Did you mean scope=national?" if "scope" in allowed else ""
    if refused == HTML:
        link = f' <a href="?scope=national">{meant}</a>' if meant else ""
        assert f"<li>{message}{link}</li>" in wrong.content.decode()
        return
    message = f"{message} {meant}".rstrip()
    if refused == TEXT:
        assert wrong.content.decode() == f"{message}\n"
    else:
        assert wrong.json() == {"errors": [message]}


@pytest.mark.parametrize(
    "address",
    [
        *(f"/projects/{reference}/" for reference in ("PVE-999", "PVE-01", "PVE-0001", "pve-001")),
        *("/projects/PVE-0000000000001/", "/projects/x/", "/projects/export.pdf"),
        *("/projects/PVE-999/changes/", "/projects/PVE-999/correct/"),
        *("/projects/PVE-001/correct/999/", "/projects/changes/?page=2"),
        *("/reports/nothing/", "/reports/status.json", "/reports/scope.xlsx"),
        *("/reports/hlc-2018/text/", "/reports/x/text/", "/entities/X/", "/statements.docx"),
        *("/statements/X1/", "/statements/?page=13", "/statements/X1/correct/"),
        *("/editions/x/", "/editions/live/", "/editions/reconstruction-2017-12/changes/x/"),
        *(f"{CHANGED}.xlsx", "/accounts/signup/", "/accounts/password/reset/"),
        "/accounts/oidc/sso/login/",  # until it is set up
    ],
)
def test_unknown_addresses_are_404_with_a_page_of_our_own(client, address):
    response = client.get(address)
    assert (response.status_code, kind(response)) == (404, HTML)
    assert "Page not found" in response.content.decode()


@pytest.mark.parametrize(
    ("address", "status", "to"),
    [
        ("/projects?scope=national", 301, "/projects/?scope=national"),
        ("/projects/PVE-001", 301, "/projects/PVE-001/"),
        ("/reports/scope", 301, "/reports/scope/"),
        ("/admin/", 302, "/admin/login/?next=/admin/"),
        ("/accounts/logout/", 302, "/accounts/login/"),
        ("/accounts/2fa/", 302, "/accounts/login/?next=/accounts/2fa/"),
        ("/accounts/password/change/", 302, "/accounts/login/?next=/accounts/password/change/"),
    ],
)
def test_addresses_that_lead_on(client, address, status, to):
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (status, to)


def test_who_has_it_already_gets_304(client):
    edition = "edition=reconstruction-2017-12"
    for address, kept in (
        ("/projects/", "public, max-age=0, must-revalidate"),
        ("/projects/export.csv", "public, max-age=0, must-revalidate"),
        (f"/projects/export.csv?{edition}&q=a", "public, max-age=0, must-revalidate"),
        (f"/projects/export.csv?{edition}", "public, max-age=31536000, immutable"),
        (f"/projects/export.csv?{edition}&scope=global", "public, max-age=0, must-revalidate"),
        ("/editions/reconstruction-2017-12/quotations.csv", "public, max-age=31536000, immutable"),
    ):
        response = client.get(address)
        body(response)
        assert response["Cache-Control"] == kept
        assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304
    none = ["/nothing/", "/editions/none/quotations.csv", "/projects/export.csv?edition=none"]
    for address in (*none, "/projects/?scope=galactic", "/accounts/login/"):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_a_form_is_written_to_with_its_token_only(client):
    strict = type(client)(enforce_csrf_checks=True)
    for address in ("/projects/PVE-001/correct/", "/statements/E07/correct/", "/accounts/login/"):
        for method in ("post", "put", "patch", "delete"):
            assert getattr(strict, method)(address).status_code == 403
    assert client.put("/projects/PVE-001/correct/").status_code == 405


def test_lists_of_statements_are_texts_in_their_file_and_arrays_in_the_api(client):
    rows = {row["code"]: row for row in csv_rows(client.get("/statements.csv"))}
    assert rows["G07"]["areas"] == "communities;governance"
    names = ("areas", "projects", "entities")
    kept = [rows["G26"][name] for name in names]
    assert kept == ["communities", "PVE-012", "CTC;CTED"]
    one = client.get("/api/v1/statements/G26/").json()
    assert [one[name] for name in names] == [["communities"], ["PVE-012"], ["CTC", "CTED"]]


def test_files_of_an_edition_have_its_date(client):
    edition = Edition.objects.get(slug="reconstruction-2017-12")
    published = f"{edition.published_at:%Y-%m-%dT%H:%M:%SZ}"
    data = client.get("/reports/scope.json?edition=reconstruction-2017-12").json()
    assert data["generated_at"] == published


def test_suggestions(client):
    typed = client.get("/suggestions.json?q=un+wom").json()
    assert typed["suggestions"][0] == {
        "kind": "Entity",
        "label": "UN-Women: United Nations Entity for Gender Equality and the Empowerment of Women",
        "address": "/projects/?entity=UN-Women",
    }
    found = {
        one["address"]: one["kind"]
        for query in ("afr", "natio", "about", "pve-1", "tech+against", "api")
        for one in client.get(f"/suggestions.json?q={query}").json()["suggestions"]
    }
    assert found["/projects/?region=africa"] == "Region"
    assert found["/projects/?scope=national"] == "Scope"
    assert found["/about/"] == found["/api/"] == "Page"
    assert found["/projects/PVE-001/"] == found["/projects/PVE-010/"] == "Project"
    frozen = client.get("/suggestions.json?q=afr&edition=reconstruction-2017-12").json()
    address = "/projects/?region=africa&edition=reconstruction-2017-12"
    assert frozen["suggestions"][0]["address"] == address
    for query in ("", "?q=", "?q=+", "?q=zzz"):
        assert client.get(f"/suggestions.json{query}").json() == {"suggestions": []}
    assert client.get("/suggestions.json?q=a%00").status_code == 400


def test_health(client):
    for address in ("/healthz", "/readyz"):
        assert client.get(address, headers={"host": "10.0.0.7"}).content == b"ok"


def test_a_correction(client):
    page = client.get("/projects/PVE-001/correct/").content.decode()
    # A basis follows from a source, and the register itself writes the reference and the time.
    own = ("reference", "updated_at", "priority_area_basis", "scope_basis", "regions_basis")
    assert re.findall(r'<option value="(\w+)"', page) == [one for one in COLUMNS if one not in own]
    assert client.get("/projects/PVE-001/correct/?column=reference").status_code == 400
    page = client.get("/projects/PVE-001/correct/?column=status").content.decode()
    assert re.findall(r'<option value="([\w-]+)"', page) == [
        *("planned", "ongoing", "completed", "not-stated")
    ]
    sent = {"column": "status", "value": "completed", "source": "A/73/1, para. 2"}
    for missing in sent:
        less = {name: value for name, value in sent.items() if name != missing}
        assert client.post("/projects/PVE-001/correct/", less).status_code == 400
    answers = [client.post("/projects/PVE-001/correct/", sent) for _time in range(6)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 302, 302, 429]
    thanks = answers[0]["Location"]
    assert re.fullmatch(r"/projects/PVE-001/correct/\d+/", thanks)
    assert f"number {thanks.split('/')[4]}." in text_of(client, thanks)
    assert client.get(f"{thanks}?page=1").status_code == 400


# Filters


@pytest.mark.parametrize(
    ("query", "total"),
    [
        *((f"?{name}={slug}", n) for name in SLUGS for slug, n in VALUES[name].items()),
        ("", 223),
        ("?edition=reconstruction-2017-12", 223),
        ("?edition=reconstruction-2017-12&scope=global", 82),
        ("?entity=not-stated", 211),
        ("?entity=UNESCO&entity=not-stated", 215),
        ("?entity=CTC&entity=CTED", 2),
        ("?scope=regional&scope=national", 141),
        ("?region=africa&region=mena&region=asia&region=europe&region=americas", 138),
        ("?scope=global&region=not-stated", 80),
        ("?scope=national&region=africa", 0),
        ("?q=YOUTH+med", 1),  # title
        ("?q=civic+skills", 1),  # methodology
        ("?q=Educational,+Scientific", 4),  # an entity's name
        ("?q=PVE-01", 0),  # no reference
        ("?q=PVE-042&scope=global", 0),  # a reference
        ("?q=PVE-041&q=PVE-042", 2),
        ("?q=%22civic+skills%22", 0),  # a phrase
        ("?q=%22Skills+development%22", 1),
        ("?q=net+med+youth", 1),  # hyphens fold
        ("?country=not-stated", 223),
        ("?year=2016&year=2018", 1),
        ("?starts=2013&starts=2017", 2),
        ("?ends=2017&ends=2022", 1),
        ("?q=%C3%89DUCATION", 5),  # ÉDUCATION
        ("?q=", 223),
        ("?q=youth" + "+youth" * 9, 2),
        ("?q=" + "a" * 200, 0),
        ("?sort=-title&per_page=100&page=2", 223),
    ],
)
def test_one_query_has_one_answer(client, query, total):
    filled_in = f"{query}&filled_in=yes" if query else "?filled_in=yes"
    assert total_of(client.get(f"/projects/{filled_in}").content.decode()) == total
    assert len(table(client, filled_in)) == total
    assert len(objects(client, filled_in.removeprefix("?"))) == total
    scope = client.get(f"/reports/scope.json{filled_in}").json()
    counted = sum(row["filled_in"] for row in scope["rows"])
    assert scope["total"]["filled_in"] == total
    # What is not stated is no row.
    assert counted == (0 if "?scope=not-stated" in query else total)


@pytest.mark.long
def test_a_count_is_what_the_list_would_show_with_that_value_alone(client):
    opened = "".join(f"&open={name}" for name in VALUES)
    page = client.get(f"/projects/?{opened}").content.decode()
    assert {name: facet_of(page, name) for name in VALUES} == VALUES
    page = client.get(f"/projects/?scope=national&priority_area=youth{opened}").content.decode()
    scopes = dict.fromkeys(("global", "regional", "national"), "0–27")
    assert facet_of(page, "scope") == {**scopes, "not-stated": 25}
    assert facet_of(page, "priority_area") == {
        **{"governance": "0–40", "education": "0–31", "dialogue": "0–29", "youth": "0–27"},
        **{"communications": "0–23", "gender": "0–22", "communities": "0–18", "other": "0–33"},
        "not-stated": 0,
    }
    # Of no placeholder a scope is stated.
    assert facet_of(page, "provenance") == {"counted": "?", "named": 0, "confirmed": 0}


@pytest.mark.long
def test_sorting(client):
    ends = {
        "reference": (["PVE-001", "PVE-002"], ["PVE-012", "PVE-011"]),
        # Compilation …, Counter-Terrorism …; Youth Solidarity …, Young Peacebuilders
        "title": (["PVE-009", "PVE-012"], ["PVE-005", "PVE-002"]),
        "priority_area": (["PVE-003", "PVE-004"], ["PVE-012", "PVE-011"]),  # education
        "scope": (["PVE-006", "PVE-010"], ["PVE-007", "PVE-002"]),  # global; national, regional
        "status": (["PVE-004", "PVE-006"], ["PVE-012", "PVE-010"]),  # ongoing; not stated
        # as shipped; corrected by the second edition
        "updated": (["PVE-002", "PVE-003"], ["PVE-012", "PVE-011"]),
    }
    for sort, (first, last) in ends.items():
        for query, expected in ((f"?sort={sort}", first), (f"?sort=-{sort}", last)):
            assert [row["reference"] for row in table(client, query)[:2]] == expected
            page = client.get(f"/projects/{query}").content.decode()
            assert re.findall(r">(PVE-\d+)<", page)[:2] == expected


@pytest.mark.parametrize(
    ("query", "rows", "first"),
    [
        ("?sort=-title", 12, "PVE-005"),
        ("?provenance=counted&page=2", 25, "PVE-038"),
        ("?provenance=counted&per_page=50", 50, "PVE-013"),
        ("?filled_in=yes&per_page=100&page=3", 23, "PVE-201"),
        ("?filled_in=yes&per_page=500", 223, "PVE-001"),
    ],
)
def test_rows_of_a_page(client, query, rows, first):
    found = references_in(client.get(f"/projects/{query}").content.decode())
    assert (len(found), found[0]) == (rows, first)


def test_placeholders_are_closed_groups_until_they_are_asked_for(client):
    html = client.get("/projects/").content.decode()
    assert re.findall(r'<li><a href="\?([^"]+)">(\d+ placeholders? [^<]+)</a>', html)[3:5] == [
        ("priority_area=youth&amp;provenance=counted", "24 placeholders on empowering youth"),
        (
            "priority_area=communications&amp;provenance=counted",
            "19 placeholders on strategic communications, the Internet and social media",
        ),
    ]
    group = client.get("/projects/?priority_area=youth&provenance=counted").content.decode()
    assert (len(references_in(group)), total_of(group)) == (24, 24)
    assert "<h1>Placeholders on empowering youth</h1>" in group
    assert "<title>24 placeholders on empowering youth · PVE matrix</title>" in group
    edition = client.get("/projects/?edition=reconstruction-2017-12").content.decode()
    assert ">24 placeholders on empowering youth</a>" in edition
    for query in ("scope=global", "filled_in=yes", "described=yes", "q=youth"):
        html = client.get(f"/projects/?{query}").content.decode()
        assert not re.search(r">\d+ placeholders? [^<]+</a>", html), query
    # Neither an order nor columns nor the size of a page opens them.
    for query in ("sort=title", "per_page=50", "columns=status"):
        html = client.get(f"/projects/?{query}").content.decode()
        assert (total_of(html), "24 placeholders on empowering youth" in html) == (12, True)


@pytest.mark.long
@pytest.mark.parametrize(
    ("query", "corner", "first"),
    [
        (
            "?rows=priority_area&columns=scope",
            "Priority area / Scope",
            [*["0–40 (not stated)"] * 3, "40 (para. 24)"],
        ),
        (
            "?rows=region",
            "Region / Scope",
            ["0 (by rule)", "0–61 (not stated)", "0–61 (not stated)", "61 (para. 25)"],
        ),
    ],
)
def test_cross_tables(client, query, corner, first):
    rows = client.get(f"/reports/cross-table.json{query}").json()["table"]
    assert rows[0][0] == corner
    assert rows[1][1 : len(first) + 1] == first
    lines = csv_lines(client.get(f"/reports/cross-table.csv{query}"))
    assert lines[: len(rows)] == [[str(cell) for cell in row] for row in rows]


def test_the_columns_of_the_list(client):
    def heads(query):
        html = client.get(f"/projects/{query}").content.decode()
        return re.findall(r'<th scope="col"[^>]*>(?:<a [^>]+>)?([^<]+?) ?<', html)

    usual = ["Reference", "Title", "Priority area", "Scope", "Entities", "One of the 223?"]
    assert heads("?sort=title") == heads("?per_page=50&columns=") == heads("") == usual
    assert heads("?sort=-updated") == [*usual[:-1], "Unchanged since", usual[-1]]
    assert heads("?filled_in=yes") == [*usual[:4], "Regions", "Entities"]
    # An edition that has no such column.
    assert heads("?edition=reconstruction-2017-12") == usual[:-1]
    # In the order of the table, whatever that of the address.
    several = "columns=status&columns=start_date&columns=scope_basis&columns=status"
    assert heads(f"?sort=-title&{several}") == [
        *("Reference", "Title", "Basis of the scope", "Status", "Start"),
    ]
    assert heads("?sort=-title&columns=title") == ["Reference", "Title"]
    assert len(heads("?sort=-title&columns=" + "&columns=".join(COLUMNS))) == len(COLUMNS)
    # A matter of layout: it counts nothing, and a file has it where it is asked for.
    html = client.get("/projects/?columns=status&scope=global").content.decode()
    assert total_of(html) == 2
    assert "<title>82 projects are global in scope (A/72/621, para. 25) ·" in html
    assert 'rel="canonical" href="http://testserver/projects/?scope=global">' in html
    assert 'href="/projects/export.csv?scope=global"' in html
    for address in ("/reports/region/", "/reports/scope/"):
        assert client.get(f"{address}?columns=status").status_code == 400
    said = f"columns: “statsu” is not allowed. Allowed: {', '.join(COLUMNS)}. Did you mean "
    assert f"{said}columns=status?" in unescape(
        re.sub("<[^>]+>", "", client.get("/projects/?columns=statsu").content.decode())
    )


# Refusals

ALLOWED = {
    **{name: ", ".join(VALUES[name]) for name in (*SLUGS, "entity")},
    "country": "an ISO 3166-1 alpha-3 code in capital letters, e.g. KEN, or not-stated",
    **dict.fromkeys(YEARS, "a year of four digits"),
    "edition": "reconstruction-2026-11, reconstruction-2017-12",
    "sort": "reference, -reference, title, -title, priority_area, -priority_area, scope, -scope, "
    "status, -status, updated, -updated, relevance",
    **dict.fromkeys(("filled_in", "described"), "yes"),
    "page": "a whole number from 1",
    "per_page": "25, 50, 100, 500",
}
WRONG = """
priority_area=x scope=galactic scope=%20 scope=Global region=x entity=unesco status=x provenance=x
country=ken country=XXX year=17 year=0000 year=x starts=17 ends=x
priority_area_basis=x scope_basis=x regions_basis=x
edition=x edition=live sort=colour sort=-relevance page=0 page=x page=%20 page=-1 page=²
page=99999999999999999999 per_page=10
"""
TWICE = ["edition=reconstruction-2017-12", "sort=title", "page=1", "per_page=25"]
WORDS = "Allowed: at most 200 characters and 10 words, no control characters."
LONG = f"q: “{'a' * 40}…” has 201 characters. {WORDS}"


def allowed(query: str, problem: str) -> str:
    name, _equals, value = query.partition("=")
    return f"{name}: {problem.replace('VALUE', unquote(value))}. Allowed: {ALLOWED[name]}."


@pytest.mark.parametrize(
    ("query", "said"),
    [
        *((query, allowed(query, "“VALUE” is not allowed")) for query in WRONG.split()),
        *((f"{q}&{q}", allowed(q, "given 2 times, allowed once")) for q in TWICE),
        ("scope=galactic&scope=x", "scope: “galactic” and “x” are not allowed. Allowed: global, "),
        ("scoep=national", f"address: “scoep=national” is not a parameter. Allowed: {FILTERS}"),
        (
            "scope=%00",
            "scope: “\\x00” is not allowed. Allowed: global, regional, national, not-stated.",
        ),
        ("status=%1b[31m%0A", "status: “\\x1b[31m\\n” is not allowed. Allowed: planned, ongoing, "),
        ("Q=%1b", "Did you mean q=\\x1b?"),
        ("entity=UNICEF", "entity: no project of this register names “UNICEF”. Allowed: CTC, CTED"),
        ("q=a%00b", f"q: character 2 is a control character (U+0000). {WORDS}"),
        ("q=%C2%85", f"q: character 1 is a control character (U+0085). {WORDS}"),
        ("q=%CC%81", "has no word to search for"),
        ("q=" + "%EF%B7%BA" * 4, f"has 13 words. {WORDS}"),  # one character folds to four words
        ("q=" + "a" * 201, LONG),
        ("q=a+b+c+d+e+f+g+h+i+j+k", f"q: “a b c d e f g h i j k…” has 11 words. {WORDS}"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_shown(client, query, said):
    page = client.get(f"/projects/?{query}")
    assert (page.status_code, kind(page)) == (400, HTML)
    assert said in page.content.decode()
    assert "PVE-" not in page.content.decode()
    file = client.get(f"/projects/export.csv?{query}")
    assert (file.status_code, kind(file)) == (400, TEXT)
    assert said in file.content.decode()
    data = client.get(f"/reports/scope.json?{query}")
    assert (data.status_code, kind(data)) == (400, JSON)
    assert list(data.json()) == ["errors"]
    assert said in data.json()["errors"][0]


@pytest.mark.parametrize(
    "address",
    [
        *("/statements/%00/", "/statements/%00/correct/", "/statements/%00/correct/1/"),
        *("/entities/%1b[31m/", "/api/v1/editions/%1b/"),
    ],
)
def test_an_address_with_a_control_character_is_refused_and_no_500(client, address):
    response = client.get(address)
    assert response.status_code == 400
    code = "U+0000" if "%00" in address else "U+001B"
    assert f"The address holds a control character ({code})." in response.content.decode()
    assert "\x1b" not in response.content.decode()


@pytest.mark.parametrize(
    ("query", "question", "mended"),
    [
        ("scoep=national", "scope=national", "scope=national"),
        ("scope=natoinal", "scope=national", "scope=national"),
        ("Scope=National&q=x", "scope=national", "scope=national&amp;q=x"),
        ("scope=national,regional", "scope=national scope=regional", None),
        ("entitiy=UN+Women", "entity=UN-Women", "entity=UN-Women"),
        ("priority-area=yuoth", "priority_area=youth", "priority_area=youth"),
    ],
)
def test_what_is_misspelt_is_answered_with_what_was_meant(client, query, question, mended):
    page = client.get(f"/projects/?{query}").content.decode()
    asked = f"Did you mean {question}?"
    link = mended or question.replace(" ", "&amp;")
    assert f'<a href="?{link}">{asked}</a></li>' in page
    assert client.get(f"/reports/scope.json?{query}").json()["errors"][0].endswith(f" {asked}")
    assert body(client.get(f"/projects/export.csv?{query}")).decode().endswith(f" {asked}\n")


FAR_OFF = (
    "scope=galactic scope=local scope=international scope=national,galactic sort=title,scope "
    "colour=red per_page=10 page=x scoep=galactic edition=live"
)


@pytest.mark.parametrize("query", FAR_OFF.split())
def test_nothing_is_guessed_where_nothing_is_near(client, query):
    assert "Did you mean" not in client.get(f"/projects/?{query}").content.decode()


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_an_empty_value_is_absent(client, name):
    data = answer(client, f"?scope=global&{name}=&{name}=")
    assert (data["answer"]["number"], data["filters"]) == (82, {"scope": ["global"]})


@pytest.mark.long
def test_what_other_programs_add_to_a_link_is_ignored(client):
    for added in (
        *("utm_source=x", "utm_medium=mail&utm_campaign=y", "UTM_Source=x", "fbclid=IwAR0_x"),
        *("gclid=x", "gbraid=x", "_gl=1*abc", "_ga=2.1", "msclkid=x", "twclid=x", "li_fat_id=x"),
        *("mc_cid=1&mc_eid=2", "igshid=x", "mkt_tok=x", "_hsenc=x&__hstc=y", "mtm_campaign=x"),
    ):
        page = client.get(f"/projects/?scope=global&{added}")
        assert total_of(page.content.decode()) == 2
        # And it is not passed on.
        assert added.partition("=")[0] not in page.content.decode()
        assert answer(client, f"?{added}")["filters"] == {}


def test_several_problems_are_all_named(client):
    assert client.get("/projects/?utm=x").status_code == 400
    assert client.get("/projects/?scoep=").status_code == 400
    assert client.get("/projects/export.csv?scope=galactic&x=1&page=0").content.decode() == (
        "scope: “galactic” is not allowed. Allowed: global, regional, national, not-stated.\n"
        "page: “0” is not allowed. Allowed: a whole number from 1.\n"
        f"address: “x=1” is not a parameter. Allowed: {LISTED}.\n"
    )


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("cross-table/?rows=country", f"rows: “country” is not allowed. Allowed: {DIMENSIONS}."),
        ("cross-table/?rows=scope&columns=scope", "columns: “scope” is already in the rows."),
        ("compare/?a=scope%3Dgalactic", "a: scope: “galactic” is not allowed. Allowed: global,"),
        ("compare/?b=scoep%3Dglobal", "b: address: “scoep=global” is not a parameter."),
    ],
)
def test_a_wrong_value_of_another_parameter_is_named(client, address, said):
    response = client.get(f"/reports/{address}")
    assert (response.status_code, kind(response)) == (400, HTML)
    assert said in response.content.decode()


def test_pages_beyond_the_last(client):
    response = client.get("/projects/?page=10&provenance=counted")
    assert response.status_code == 404
    assert 'href="?page=9&amp;provenance=counted"' in response.content.decode()
    assert client.get("/projects/?page=9&filled_in=yes").status_code == 200
    assert client.get("/projects/changes/?page=1").status_code == 200
    assert client.get("/projects/changes/?page=0").status_code == 400
    assert client.get("/statements/?page=12").status_code == 200
    assert client.get("/statements/?page=13").status_code == 404


# Files

# An address, and the name of its file; a second line goes on. Without a name it is shown.
FILES = """
/projects/export.csv pve-projects-DAY.csv
/projects/export.csv?edition=reconstruction-2017-12 pve-projects-reconstruction-2017-12.csv
/projects/export.xlsx?status=ongoing&region=mena&region=africa&sort=title
  pve-projects-DAY-region-africa-mena-status-ongoing.xlsx
/reports/scope.csv?region=mena&region=africa&priority_area=youth&page=1
  pve-scope-DAY-priority_area-youth-region-africa-mena.csv
/reports/cross-table.csv?scope=national&rows=region
  pve-cross-table-DAY-scope-national-rows-region.csv
/reports/compare.csv?a=scope%3Dnational&b=region%3Dafrica
  pve-comparison-DAY-a-scope-national-b-region-africa.csv
/projects/export.docx?scope=national pve-briefing-DAY-projects-national-in-scope.docx
/statements.xlsx?kind=lesson&kind=finding&q=youth
  pve-statements-DAY-q-youth-kind-finding-lesson.xlsx
/countries.csv?scope=national pve-countries-DAY-scope-national.csv
/reports/scope.json
"""


@pytest.mark.parametrize("file", FILES.strip().replace("\n  ", " ").splitlines())
def test_names_of_files(client, file):
    address, _space, name = file.partition(" ")
    response = client.head(address)
    assert body(response) == b""
    disposition = response.get("Content-Disposition", "shown")
    named = re.sub(r"\d{4}-\d\d-\d\d(?=[-.])", "DAY", disposition)
    assert named == (f'attachment; filename="{name}"' if name else "shown")


def test_csv_is_bom_comma_crlf(client):
    content = body(client.get("/projects/export.csv?q=net-med"))
    assert content.startswith(b"\xef\xbb\xbfreference,title,summary,")
    header, row, end = content.decode("utf-8-sig").split("\r\n")
    assert (header.split(","), end) == (COLUMNS, "")
    (cells,) = csv.reader([row])
    updated_at, in_matrix, licence, attribution = cells[18:22]
    assert row.startswith(
        "PVE-001,Networks of Mediterranean Youth (NET-MED Youth),"
        "Seeks to empower young people with skills and opportunities for civic engagement in 10 "
        "countries around the Mediterranean.,youth,inferred,regional,inferred,not-stated,not-stated"
        ",,UNESCO,not-stated,,,Skills development and civic engagement,,named,"
        '"A/72/621, para. 34",'
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", updated_at)
    assert (in_matrix, licence, attribution) == ("not-stated", "", "")


@pytest.mark.long
def test_formulas_are_defused_and_an_import_brings_them_back(import_file, client):
    texts = {
        **{"'=1": "=1", "''=1": "'=1", "'+1": "+1", "'-1": "-1", "'@a": "@a", "'|a": "|a"},
        **{"'%a": "%a", "'＝1": "＝1", "'＋1": "＋1", "'－1": "－1", "'＠a": "＠a", "'tis": "'tis"},
    }
    rows = (f"PVE-{number:03},{cell}\n" for number, cell in enumerate(texts, start=1))
    import_file("reference,title\n" + "".join(rows))
    assert [row["title"] for row in table(client)[:12]] == list(texts)
    book = book_of(client.get("/projects/export.xlsx"))
    shown = [(cell.value, cell.data_type) for cell in book["Projects"]["B"][1:13]]
    assert shown == [(text, "s") for text in texts.values()]
    file = body(client.get("/projects/export.csv"))
    told = import_file(file.decode())
    assert "0 to add, 0 to change, 223 unchanged, 0 skipped, 0 faults." in told
    assert body(client.get("/projects/export.csv")) == file


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?scope=national", ("published", 75, None, None, 0, 1, 0, None)),
        ("?edition=reconstruction-2017-12", ("published", 223, None, None, 0, 12, 0, None)),
        ("?entity=CTC&region=asia&q=asia", ("entries", None, None, None, 0, 1, 0, 1)),
        ("?entity=CTC&region=asia", ("described", None, 0, None, 0, 1, 0, None)),
        ("?region=africa&priority_area=youth", ("range", None, 0, 27, 0, 0, 0, None)),
        ("?region=africa&scope=global", ("range", None, 0, 0, 0, 0, 0, None)),
        ("?region=africa&provenance=counted", ("entries", None, None, None, 0, 0, 0, None)),
    ],
)
def test_the_api_says_how_the_number_is_known(client, query, expected):
    data = answer(client, query)
    names = ["state", "number", "low", "high", "in_matrix", "may_be", "others", "entries"]
    assert list(data["answer"]) == KNOWN
    assert tuple(data["answer"][name] for name in names) == expected
    assert data["edition"] == ("reconstruction-2017-12" if "edition" in query else "")
    # A page, which is about the report, need not name it.
    said = data["sentence"].removesuffix(" Report: A/72/621.")
    html = client.get(f"/projects/{query}").content.decode()
    assert f">{said}<" in unescape(re.sub("</?b>", "", html))


def test_workbooks(client):
    book = book_of(client.get("/projects/export.xlsx?scope=national"))
    assert book.sheetnames == ["Projects", "Codes", "Dictionary", "About"]
    assert [cell.value for cell in book["Codes"][1]] == COLUMNS
    assert book["Projects"].max_row == book["Codes"].max_row == 1 + 75
    shown, codes = ([cell.value for cell in book[name][76]] for name in ("Projects", "Codes"))
    assert (shown[5:7], codes[5:7]) == (["National", "Counted"], ["national", "counted-as"])
    book = book_of(client.get("/reports/cross-table.xlsx"))
    assert book.sheetnames == ["Table", "About", "Numbers"]
    assert [cell.value for cell in book["Numbers"][1]] == ["priority_area", "scope", *KNOWN]
    # All areas and their total, in each scope and in all.
    assert book["Numbers"].max_row == 1 + 9 * 4


def test_breakdowns_as_data(client):
    data = client.get("/reports/region.json").json()
    assert list(data) == ["sentence", "total", "unit", "rows", "edition", "generated_at"]
    assert (data["total"]["number"], data["unit"], data["edition"]) == (153, "mentions", "")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", data["generated_at"])
    assert [list(row) for row in data["rows"]] == [["slug", "label", *KNOWN]] * 5
    assert [(row["slug"], row["label"], row["number"]) for row in data["rows"]] == [
        ("africa", "Africa", 61),
        ("mena", "Middle East and North Africa", 55),
        ("asia", "Asia", 22),
        ("europe", "Europe", 12),
        ("americas", "Americas", 3),
    ]
    frozen = client.get(
        "/reports/region.json?edition=reconstruction-2017-12&priority_area=youth"
    ).json()
    assert frozen["edition"] == "reconstruction-2017-12"
    # Of the 27 on youth none need be in Africa, and as the report counts 61 there, all can be.
    first = frozen["rows"][0]
    assert (first["state"], first["low"], first["high"]) == ("range", 0, 27)
    lines = client.get("/reports/scope.csv").content.decode("utf-8-sig").splitlines()
    assert lines == [
        f"slug,label,{','.join(KNOWN)}",
        "global,Global,published,82,=,25,,,,,,,,,0,2,0,,",
        "regional,Regional,published,66,=,25,,,,,,,,,0,2,0,,",
        "national,National,published,75,=,25,,,,,,,,,0,1,0,,",
    ]


def test_a_cross_table_says_where_it_comes_from(client):
    text = body(client.get("/reports/cross-table.csv?rows=scope")).decode("utf-8-sig")
    rows, facts, numbers = text.split("\r\n\r\n")
    assert rows.endswith(
        "\r\nProjects,40 (para. 24),31 (para. 24),29 (para. 24),27 (para. 24),23 (para. 24),"
        "22 (para. 24),18 (para. 24),33 (para. 24),223 (paras. 22 and 24)"
    )
    known = dict(csv.reader(io.StringIO(facts, newline="")))
    names = ["Query", "Edition", "Date", "Source", "Licence", "Notes"]
    assert list(known) == names
    sentence = (
        "A/72/621 publishes no table of “Scope” by “Priority area”: each range is what its totals "
        "allow."
    )
    assert known["Query"] == f"223 projects (A/72/621, paras. 22 and 24). {sentence}"
    assert known["Notes"] == sentence
    lines = numbers.split("\r\n")
    assert lines[0] == f"scope,priority_area,{','.join(KNOWN)}"
    assert lines[1] == "global,governance,range,,,,,0,40,,,,,,0,0,0,,"
    assert lines[9] == "global,,published,82,=,25,,,,,,,,,0,2,0,,"
    assert len(lines) == 1 + 4 * 9 + 1
    data = client.get("/reports/cross-table.json").json()
    assert list(data) == [*names, "table", "numbers"]


@pytest.mark.long
def test_feed_and_logs_have_values_and_reasons_but_no_names(import_file, client, admin_client):
    for time in range(5):
        rows = (f"PVE-{number:03},Title {time}-{number}\n" for number in range(1, 13))
        import_file("reference,title\n" + "".join(rows), "--reason", "A letter")
    projects = apps.get_model("projects", "Project")._base_manager
    with unrecorded("the test sets the scene: it holds no place"):
        projects.filter(reference="PVE-012", edition=None).update(in_matrix="no", holds_place=False)
    pk = projects.get(reference="PVE-012", edition=None).pk
    address = f"/admin/projects/project/{pk}/delete/"
    submit(admin_client, address, {"post": "yes", "reason": "Counted twice"})
    feed = client.get("/projects/changes.atom").content.decode()
    assert feed.startswith('<?xml version="1.0" encoding="utf-8"?>\n<feed ')
    assert feed.count("<entry>") == 50
    assert "<title>PVE-011: Changed</title>" in feed
    assert "→ Title 4-11" in feed
    first, second, one = (
        text_of(client, f"/projects/{page}")
        for page in ("changes/", "changes/?page=2", "PVE-012/changes/")
    )
    assert (first.count("→ Title"), second.count("→ Title")) == (49, 11)
    for text in (feed, first, one):
        assert "Counted twice" in text
        assert "admin" not in text


def test_the_data_dictionary_on_about_is_the_list_of_columns(client):
    text = client.get("/about/").content.decode()
    assert re.findall(r"<th scope=\"row\"><code>(\w+)</code></th>", text) == COLUMNS


# Provenance, groups, data


def test_groups():
    may: set[str] = set()
    for name, added in GROUPS.items():
        may |= set(added.split())
        found = Group.objects.get(name=name).permissions.values_list("codename", flat=True)
        assert set(found) == may, name


def test_the_default_data(client):
    rows = objects(client, "filled_in=yes")
    assert [row["reference"] for row in (rows[0], rows[-1])] == ["PVE-001", "PVE-223"]
    assert Counter((row["scope"], len(row["regions"])) for row in rows) == {
        **{("global", 0): 82, ("regional", 1): 49, ("regional", 2): 15, ("national", 1): 74},
        **{("regional", 0): 2, ("national", 0): 1},
    }
    regions = Counter(region for row in rows for region in row["regions"])
    assert regions == {"africa": 61, "mena": 55, "asia": 22, "europe": 12, "americas": 3}
    assert apps.get_model("projects", "Country")._base_manager.count() == 248
