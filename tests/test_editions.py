"""Editions: the register frozen under a name."""

import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from threading import Thread

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects import editions
from projects.columns import PROJECT_TABLE, QUOTATION_TABLE, Column, Table
from projects.editions import changes, fingerprint, publish
from projects.history import recording, unrecorded
from projects.models import Country, Edition, Entity, Frozen, Project, Quotation
from reports.editions import two_editions
from reports.management.commands.load_register import SECOND
from reports.models import Figure, Report

from .conftest import describe, saved, without_triggers
from .pages import body, csv_lines, csv_rows, objects, text_of, total_of

# The first edition, as a page and in a query.
FIRST, IN_FIRST = "/editions/reconstruction-2017-12/", "edition=reconstruction-2017-12"
NAME = "Reconstruction of A/72/621 (December 2017)"
# The second, which the register begins with.
LATER = f"/editions/{SECOND}/"
LATER_NAME = "Reconstruction of A/72/621, corrected (November 2026)"
YOUTH = "Networks of Mediterranean Youth (NET-MED Youth)"
QUOTED = "f43fd9abf08a90e7c29d4ac583e5d86476b827158ffd87ec6989451b6707405b"
SHIPPED = "ffb8275a202a79a84b2c30ba046927fc10b16fbc59fac25be46e0e9b498d8dc9"
LATER_SHIPPED = "eb06ed67b282f0ae482286eccdae5f019c2277d73208ef6b9cf8d896fe1bc37b"
LATER_QUOTED = "594412ad2baea25e8f50f0cd23107b4d6e2535978a1e9254fa1a8d0e447aabb5"
ROWS_CHANGED = f"CHANGED. Published as {SHIPPED}, now "
WORDS_CHANGED = f"QUOTATIONS CHANGED. Published as {QUOTED}, now "


def sha256(client, address: str) -> str:
    return hashlib.sha256(body(client.get(address))).hexdigest()


def changes_of(old: str, new: str) -> list[dict]:
    return [
        {"reference": one.row["reference"], "change": one.kind, "fields": [*map(vars, one.fields)]}
        for one in changes(*two_editions(old, new))
    ]


def published(slug="second", **values) -> Edition:
    defaults = {"name": f"Edition {slug}", "date": "2026-11", "note": "For a test."}
    return publish(Edition(slug=slug, **(defaults | values)))


@pytest.fixture
def second(register):
    """The shipped register after one retitled, one reclassified, one removed and one new project.

    Published as the edition "second"; then one more project is removed from the current register.
    """
    kenya = Country.objects.get(code="KEN")
    known = {"scope": "national", "provenance": "confirmed", "source": "A/73/1, para. 2"}
    saved("PVE-224", ["UNDP"], [kenya], ["asia"], title="A new project", **known)
    youth = Project.published.get(reference="PVE-001")
    youth.title = "NET-MED Youth, second phase"
    youth.save()
    moved = Project.published.get(reference="PVE-005")
    moved.priority_area, moved.priority_area_basis = "gender", "inferred"
    moved.save()
    Project.published.get(reference="PVE-011").delete()
    edition = published()
    Project.published.get(reference="PVE-012").delete()
    return edition


# What ships


def test_the_register_ships_with_its_two_editions(register, client):
    later, first = Edition.objects.all()
    assert (first.slug, first.name) == ("reconstruction-2017-12", NAME)
    assert later.name == LATER_NAME
    assert (later.date, later.count, later.report) == ("2017-12", 223, "a-72-621")
    assert (later.sha256, later.quotations_sha256) == (LATER_SHIPPED, LATER_QUOTED)
    corrected = changes_of("reconstruction-2017-12", "reconstruction-2026-11")
    assert {one["reference"]: one["change"] for one in corrected} == {
        **dict.fromkeys(("PVE-001", "PVE-004", "PVE-012"), "reclassified"),
        **dict.fromkeys(("PVE-010", "PVE-011"), "changed"),
    }
    assert changes_of("reconstruction-2026-11", "live") == []
    assert (first.date, first.count, first.report) == ("2017-12", 223, "a-72-621")
    assert (first.sha256, first.quotations_sha256) == (SHIPPED, QUOTED)
    text = text_of(client, "/editions/")
    assert f"{NAME} December 2017 223" in text
    text = text_of(client, FIRST)
    assert f"SHA-256 {SHIPPED}" in text
    assert f"SHA-256 of its quotations {QUOTED}" in text
    assert "A/72/621 All 17 totals agree with the report." in text
    lines = csv_lines(client.get(f"{FIRST}quotations.csv"))
    assert len(lines) == 36
    assert lines[:2] == [
        ["reference", "field", "words", "document", "paragraphs"],
        ["PVE-001", "title", YOUTH, "A/72/621", "34"],
    ]


# Columns


@pytest.fixture
def one_more_column(register, monkeypatch):
    """A column that the table of projects has from now on, and one of quotations."""
    more = (
        (PROJECT_TABLE, Column("review", "How far its review is", "draft, reviewed")),
        (QUOTATION_TABLE, Column("place", "Document and paragraph", "Text")),
    )
    for table, column in more:
        identifier, *others = table.columns
        longer = replace(table, columns=(identifier, column, *others))
        monkeypatch.setitem(vars(table), "columns", longer.columns)
        for name, kept in vars(Table).items():
            if isinstance(kept, cached_property):
                monkeypatch.setitem(vars(table), name, getattr(longer, name))


def test_a_column_that_is_added_changes_no_edition_but_the_next(one_more_column, client, capsys):
    assert sha256(client, f"/projects/export.csv?{IN_FIRST}") == SHIPPED
    assert sha256(client, f"{FIRST}quotations.csv") == QUOTED
    call_command("verify_editions")
    assert capsys.readouterr().out == (
        f"reconstruction-2017-12: unchanged, 223 projects, {SHIPPED}\n"
        f"reconstruction-2026-11: unchanged, 223 projects, {LATER_SHIPPED}\n"
        "Editions verified: 2. Changed: 0.\n"
    )

    live = body(client.get("/projects/export.csv"))
    published()
    assert body(client.get("/projects/export.csv?edition=second")) == live
    assert live.startswith(b"\xef\xbb\xbfreference,review,title,")
    assert b"\r\nPVE-001,reviewed," in live
    quoted = body(client.get("/editions/second/quotations.csv"))
    assert b'\r\nPVE-001,"A/72/621, para. 34",title,' in quoted
    assert changes_of("reconstruction-2026-11", "second") == []


def test_an_edition_answers_with_the_columns_of_its_day(register, client):
    """The first edition has no column of the matrix; the second has."""
    opened = "open=scope&open=year"
    first = client.get(f"/projects/?{IN_FIRST}&{opened}").content.decode()
    # The edition lacks it: it is left out.
    lacking = client.get(f"/projects/?{IN_FIRST}&open=in_matrix").content.decode()
    assert 'name="in_matrix"' not in lacking and 'value="in_matrix"' not in lacking
    second = client.get(f"/projects/?edition={SECOND}&open=in_matrix").content.decode()
    assert 'name="in_matrix"' in second and 'name="in_matrix"' not in first
    assert 'name="scope"' in first and 'name="year"' in first
    rows = {
        query: client.get(f"/api/v1/projects/?{query}").json()["results"][0]
        for query in (IN_FIRST, f"edition={SECOND}")
    }
    assert "in_matrix" not in rows[IN_FIRST]
    assert rows[f"edition={SECOND}"]["in_matrix"] == "not-stated"


@pytest.mark.parametrize("address", ["/projects/", "/api/v1/answers/"])
def test_a_filter_by_a_column_that_an_edition_lacks_is_refused(register, client, address):
    refused = client.get(f"{address}?{IN_FIRST}&in_matrix=yes")
    assert refused.status_code == 400
    assert (
        "in_matrix: the edition “Reconstruction of A/72/621 (December 2017)” has no such column."
    ) in refused.content.decode()
    assert client.get(f"{address}?edition={SECOND}&in_matrix=yes").status_code == 200


# Quotations


@pytest.mark.long
def test_its_pages_and_its_rows_go_on_quoting_what_the_register_changed(register, client):
    quotation = Quotation.objects.get_by_natural_key("PVE-010", "scope")
    quotation.words = "the world"
    quotation.save()
    words = "Scope Global Our reading: “worldwide”"
    assert words in text_of(client, f"/projects/PVE-010/?{IN_FIRST}")
    assert words not in text_of(client, "/projects/PVE-010/")
    row = client.get(f"/api/v1/projects/PVE-010/?{IN_FIRST}").json()
    assert row["quotations"][2]["words"] == "worldwide"
    text = text_of(client, f"{LATER}changes/live/")
    assert "1 Changed" in text
    was, now = "“worldwide” (A/72/621, para. 42)", "“the world” (A/72/621, para. 42)"
    assert f"quotations.scope: {was} → {now}" in text
    second = published()
    assert second.quotations_sha256 != QUOTED
    assert "PVE-010" not in text_of(client, "/editions/second/changes/live/")
    call_command("verify_editions")


# Frozen


@pytest.mark.postgresql
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_an_acronym_that_changes_while_an_edition_is_published_is_refused(register, monkeypatch):
    unodc = Entity.objects.get(acronym="UNODC")
    renamed = []

    def rename():
        try:
            entity = Entity.objects.get(pk=unodc.pk)
            entity.acronym = "ODC"
            with recording():
                Entity.objects.select_for_update().get(pk=unodc.pk)
                entity.full_clean()
                entity.save()
            renamed.append(entity)
        except (ValidationError, Frozen, OperationalError):
            pass
        connection.close()

    thread = Thread(target=rename)

    def fingerprint_while_somebody_writes(edition):
        found = fingerprint(edition)
        thread.start()
        thread.join(1)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(editions, "fingerprint", fingerprint_while_somebody_writes)
        edition = published()
    thread.join()
    assert (renamed, fingerprint(edition)) == ([], edition.sha256)
    call_command("verify_editions")


def test_an_editions_verdict_is_its_own(register, client):
    assert "All 17 totals agree with the report." in text_of(client, "/reports/a-72-621/")
    describe(34, priority_area="other")
    assert "15 of 17 totals agree with the report" in text_of(client, "/reports/a-72-621/")
    assert "All 17 totals agree with the report." in text_of(client, FIRST)


def test_live_edits_leave_an_edition_as_it_was(second, client):
    text = text_of(client, f"/projects/PVE-001/?{IN_FIRST}")
    assert "Networks of Mediterranean Youth (NET-MED Youth)" in text
    assert "second phase" not in text
    assert "NET-MED Youth, second phase" in text_of(client, "/projects/PVE-001/")
    assert sha256(client, f"/projects/export.csv?{IN_FIRST}") == SHIPPED
    for query, total in ((f"{IN_FIRST}&", 223), ("edition=second&", 224), ("", 224)):
        page = client.get(f"/projects/?{query}filled_in=yes").content.decode()
        assert total_of(page) == total


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (lambda rows, _: rows.filter(reference="PVE-001").update(title="x"), ROWS_CHANGED),
        (
            lambda rows, _: Project.entities.through.objects.filter(project__in=rows).delete(),
            ROWS_CHANGED,
        ),
        (lambda _, words: words.filter(field="scope").update(words="x"), WORDS_CHANGED),
        (lambda _, words: words._raw_delete("default"), f"{WORDS_CHANGED}none\n"),
    ],
)
def test_a_tampered_edition_is_detected(register, tamper, said, capsys):
    edition = Edition.objects.get(slug="reconstruction-2017-12")
    with without_triggers():
        rows = Project._base_manager.filter(edition=edition)
        tamper(rows, Quotation._base_manager.filter(project__edition=edition))
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_editions")
    assert stopped.value.code == 1
    printed = capsys.readouterr().out
    assert f"reconstruction-2017-12: {said}" in printed
    assert "Editions verified: 2. Changed: 1." in printed


@pytest.mark.postgresql
def test_what_an_edition_refers_to_keeps_its_name_and_stays(register):
    unesco = Entity.objects.get(acronym="UNESCO")
    with pytest.raises(ProtectedError):
        unesco.delete()
    unesco.acronym = "UN-ESCO"
    with pytest.raises(ValidationError, match="“UNESCO” is in a published edition"):
        unesco.full_clean()
    unesco.acronym, unesco.name = "UNESCO", "A corrected name"
    unesco.full_clean()
    unused = Country.objects.get(code="KEN")
    unused.delete()


@pytest.mark.postgresql
def test_a_reference_is_unique_in_the_live_register(register):
    project = Project.published.get(reference="PVE-001")
    project.pk = None
    refused = pytest.raises(IntegrityError)
    with refused, transaction.atomic(), unrecorded("the test sets the scene"):
        Project.every.bulk_create([project])
    with pytest.raises(ValidationError, match="Another project has this number"):
        project.full_clean()


@pytest.mark.parametrize("values", [{"slug": "live"}, {"date": "2017-13"}, {"name": " "}])
def test_an_edition_needs_a_slug_a_name_and_a_date_that_mean_something(register, values):
    edition = Edition(**({"slug": "x", "name": "X", "date": "2026", "note": "n"} | values))
    with pytest.raises(ValidationError):
        edition.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        edition.save()


# The same views of an edition


def test_an_edition_says_that_it_is_frozen_and_whether_a_newer_one_exists(second, client):
    for address in (
        f"/projects/?{IN_FIRST}&scope=national",
        f"/projects/PVE-001/?{IN_FIRST}",
        f"/reports/scope/?{IN_FIRST}",
        f"/reports/cross-table/?{IN_FIRST}",
    ):
        text = text_of(client, address)
        assert f"Edition “{NAME}”, published here on" in text
        assert "This view of the newest edition" in text
    html = client.get(f"/projects/?{IN_FIRST}&scope=national").content.decode()
    assert 'href="?scope=national&amp;edition=second"' in html
    assert 'href="?scope=national">This view of the current register' in html
    sentence = "75 projects are national in scope (A/72/621, para. 25)."
    assert f"In the edition “{NAME}”: {sentence}" in html
    newest = text_of(client, "/projects/?edition=second")
    assert "Edition “Edition second”, published here on" in newest
    assert "This view of the newest edition" not in newest
    assert "published here on" not in text_of(client, "/projects/")


def test_an_edition_is_kept_by_every_link_of_its_pages(second, client):
    html = client.get("/projects/?edition=second&scope=national").content.decode()
    assert 'name="edition" value="second"' in html
    main = html[html.index("<main") : html.index("</main>")]
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="([^"#]+)"', main)}
    left = {link for link in links if "edition=second" not in link and "edition%3D" not in link}
    # Entities are of the directory, paragraphs of the report: neither is in an edition. The files
    # of a citation are in the page.
    known = ("/entities/", "/reports/a-72-621/text/", "data:")
    left = {link for link in left if not link.startswith(known)}
    assert left == {"?scope=national", "/editions/second/"}
    html = client.get("/reports/scope/?edition=second").content.decode()
    assert '<input type="hidden" name="edition" value="second">' in html
    assert 'name="edition"' not in client.get("/reports/scope/").content.decode()
    html = client.get("/projects/PVE-060/?edition=second").content.decode()
    assert "describe this project" not in html


def test_cite_this_view(second, client):
    text = text_of(client, f"/projects/?scope=national&{IN_FIRST}")
    assert (
        "PVE matrix. Register of United Nations projects on preventing violent extremism. "
        f"In the edition “{NAME}”: 75 projects are national in scope (A/72/621, para. 25). "
        "http://testserver/projects/?scope=national&edition=reconstruction-2017-12 "
        f"(SHA-256 {SHIPPED}). Accessed on"
    ) in text
    live = text_of(client, "/projects/?scope=national")
    assert (
        "violent extremism, current register. 75 projects are national in scope (A/72/621, "
        "para. 25). http://testserver/"
    ) in live
    assert "It shows the edition “Edition second”, whose figures may differ from these." in live


def test_files_name_the_edition(second, client):
    response = client.get(f"/reports/cross-table.csv?{IN_FIRST}")
    assert f'Edition,"{NAME}, SHA-256 {SHIPPED}"' in body(response).decode()
    response = client.get("/reports/cross-table.csv")
    assert "Edition,The current register" in body(response).decode()
    figure = client.get(f"/reports/scope/figure.json?{IN_FIRST}").json()
    source = f"Source: A/72/621, para. 25; PVE matrix, edition “{NAME}”"
    assert figure["layout"]["meta"]["source"] == source


def test_a_wrong_edition_is_named(register, client):
    response = client.get(f"{FIRST}changes/x/")
    assert response.status_code == 404
    named = (
        "There is no edition “x”. Editions: reconstruction-2026-11, reconstruction-2017-12, live"
    )
    assert named in response.content.decode()


def test_a_figure_of_a_report_is_of_the_live_register(register):
    figure = Figure(report=Report.published.basis(), query=IN_FIRST, unit="projects", value=223)
    with pytest.raises(ValidationError, match="Leave the edition out"):
        figure.clean()


# What changed


@pytest.mark.postgresql
def test_changes_between_editions(second, client):
    text = text_of(client, f"{LATER}changes/second/")
    assert "1 Added1 Removed1 Reclassified1 Changed" in text
    assert "PVE-224 A new project priority_area: youth" in text
    # Placeholders say nothing of a project: one is left over more, one less.
    assert "Unidentified project" not in text
    assert "title: Networks of Mediterranean Youth (NET-MED Youth) → NET-MED Youth, second" in text
    html = client.get(f"{LATER}changes/second/").content.decode()
    assert 'href="/projects/PVE-224/?edition=second"' in html
    found = changes_of("reconstruction-2026-11", "second")
    assert [(one["reference"], one["change"]) for one in found] == [
        *(("PVE-001", "changed"), ("PVE-005", "reclassified"), ("PVE-011", "removed")),
        ("PVE-224", "added"),
    ]
    assert {"column": "countries", "old": "", "new": "KEN"} in found[3]["fields"]
    assert changes_of("second", "second") == []
    Project.published.get(reference="PVE-224").delete()
    text = text_of(client, "/editions/second/changes/live/")
    assert "2 Removed" in text
    assert "PVE-012" in text
    assert "PVE-224" in text
    assert "2 Added" in text_of(client, "/editions/live/changes/second/")
    for edition in (LATER, "/editions/second/"):
        html = client.get(edition).content.decode()
        assert f'href="{LATER}changes/second/' in html
        assert "/editions/second/changes/reconstruction-2026-11/" not in html


# Publishing


@pytest.fixture
def publisher(register, client):
    """A member of staff with the one permission; logged in."""
    user = User.objects.create_user("publisher", password="x", is_staff=True)
    for codename in ("publish_edition", "view_edition"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    return client


FORM = {"name": "Second", "slug": "second", "date": "2026-11", "note": "First corrections"}


@pytest.mark.postgresql
@pytest.mark.long
def test_publishing_shows_the_checklist_and_freezes(publisher):
    Project.published.get(reference="PVE-012").delete()
    done = Project.published.get(reference="PVE-001")
    done.status, done.end_date, done.review = "completed", "2999", "changed"
    done.save()
    text = text_of(publisher, "/admin/projects/edition/add/")
    # A placeholder more is left over.
    assert "The edition has 223 projects. It never changes" in text
    assert "Note: A/72/621" not in text
    assert "Changed since review: PVE-001." in text
    look = publisher.post("/admin/projects/edition/add/", FORM).content.decode()
    assert not Edition.objects.filter(slug="second").exists()
    assert "The edition has 223 projects. It never changes" in look
    assert f"Changes since “{LATER_NAME}”" in look
    assert "<summary>Removed: 1</summary>" in look
    assert "<summary>Changed: 1</summary>" in look
    # The person who looks at it publishes what they saw, with the names that await review.
    read = {"names": "yes"}
    Project.published.get(reference="PVE-011").delete()
    seen = dict(re.findall(r'<input type="hidden" name="(shown)" value="([0-9]+)"', look)) | read
    look = publisher.post("/admin/projects/edition/add/", FORM | seen).content.decode()
    assert "The register changed meanwhile. Look again." in look
    assert "<summary>Removed: 2</summary>" in look
    seen = dict(re.findall(r'<input type="hidden" name="(shown)" value="([0-9]+)"', look)) | read
    response = publisher.post("/admin/projects/edition/add/", FORM | seen)
    assert response.status_code == 302
    assert response["Location"] == "/editions/second/"
    edition = Edition.objects.get(slug="second")
    assert (edition.count, edition.note) == (223, "First corrections")
    call_command("verify_editions")
    row = f"/admin/projects/edition/{edition.pk}/"
    assert edition.sha256 in publisher.get(f"{row}change/").content.decode()
    assert publisher.post(f"{row}change/", FORM).status_code == 403
    assert publisher.post(f"{row}delete/", {"post": "yes"}).status_code == 403


@pytest.mark.long
def test_an_edition_is_of_no_day_to_come(publisher):
    today = timezone.now().date()
    for day, refused in (
        (str(today), False),
        (f"{today:%Y-%m}", False),
        (str(today + timedelta(days=1)), True),
    ):
        response = publisher.post("/admin/projects/edition/add/", FORM | {"date": day})
        said = f"The latest date is today, {today}."
        assert (said in response.content.decode()) is refused, day
        assert ("Compared with" in response.content.decode()) is not refused, day


def test_nothing_is_published_without_a_note_or_against_an_error(publisher):
    text = text_of(publisher, "/admin/projects/edition/add/")
    assert f"Note: Nothing changed since “{LATER_NAME}”." in text
    response = publisher.post("/admin/projects/edition/add/", FORM | {"note": " "})
    assert "This field is required." in response.content.decode()
    with unrecorded("the test sets the scene"):
        Project.published.all().delete()
    response = publisher.post("/admin/projects/edition/add/", FORM)
    assert "The register has no projects." in response.content.decode()
    assert Edition.objects.count() == 2


def test_not_even_a_superuser_changes_or_deletes_an_edition(register, admin_client):
    edition = Edition.objects.get(slug="reconstruction-2017-12")
    row = f"/admin/projects/edition/{edition.pk}/"
    assert admin_client.post(f"{row}change/", FORM).status_code == 403
    assert admin_client.post(f"{row}delete/", {"post": "yes"}).status_code == 403
    frozen = Project.every.get(edition=edition, reference="PVE-001")
    address = f"/admin/projects/project/{frozen.pk}/change/"
    assert admin_client.get(address).status_code == 302  # no such entry at the desk
    unesco = Entity.objects.get(acronym="UNESCO")
    address = f"/admin/projects/entity/{unesco.pk}/delete/"
    admin_client.post(address, {"post": "yes", "reason": "Not needed"})
    assert Entity.objects.filter(acronym="UNESCO").exists()


# Cost


@pytest.mark.postgresql
@pytest.mark.long
def test_queries_do_not_grow_with_rows(many_projects, client):
    most = {
        # The first page at a data version: two more count the register for its description.
        "/editions/": 3,
        "/editions/few/": 7,
        "/editions/few/changes/live/": 11,
        "/projects/?edition=few": 12,
    }

    def count(page) -> int:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(page)
            assert response.status_code == 200
            body(response)
        return len(captured)

    many_projects(50)
    published("few")
    few = {address: count(address) for address in most}
    many_projects(450, start=2000)
    published("many")
    for address, number in few.items():
        # One of them asks for the data version.
        assert count(address.replace("few", "many")) == number <= most[address] + 1, address


# What an edition says of what no source states


@pytest.mark.postgresql
def test_a_new_edition_says_only_what_is_known_and_keeps_its_filled_in_values(second, client):
    address = "/projects/export.csv?edition=second"
    content = body(client.get(address))
    assert hashlib.sha256(content).hexdigest() == second.sha256
    rows = csv_rows(client.get(address))
    assert {row["scope_basis"] for row in rows} == {"stated", "inferred", "not-stated"}
    # What no report counts comes last.
    assert [row["reference"] for row in (rows[0], rows[-1])] == ["PVE-001", "PVE-224"]
    assert "with filled-in values" not in text_of(client, "/editions/second/")
    filled_in = csv_rows(client.get(f"{address}&filled_in=yes"))
    assert sum(row["scope_basis"] == "allocated" for row in filled_in) > 200
    assert "allocated" not in content.decode()
    # A total of the report that is corrected later moves no row.
    with recording(reason="A correction"):
        figure = Figure.objects.get(report__slug="a-72-621", query="", unit="projects")
        figure.value = 230
        figure.save()
    assert hashlib.sha256(body(client.get(address))).hexdigest() == second.sha256
    call_command("verify_editions")


def test_an_edition_from_before_keeps_its_files_and_follows_the_rule_in_all_else(client, register):
    assert "with filled-in values, as published" in text_of(client, FIRST)
    assert b",allocated," in body(client.get(f"/projects/export.csv?{IN_FIRST}"))
    for query in ("scope=national", "sort=title", "columns=scope"):
        file = body(client.get(f"/projects/export.csv?{IN_FIRST}&{query}"))
        assert b"allocated" not in file, query
    rows = objects(client, f"{IN_FIRST}&scope=national")
    assert (len(rows), rows[-1]["title"]) == (75, "Project 75 of 75 (national in scope)")
    page = client.get(f"/api/v1/projects/?{IN_FIRST}&scope=national").json()
    assert (page["rows"], page["rows_of_report"]) == (75, 75)
    assert "allocated" not in str(client.get(f"/api/v1/projects/?{IN_FIRST}&per_page=500").json())
