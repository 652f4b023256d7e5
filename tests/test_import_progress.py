"""Imports that take longer than a page may: how far they are, and what becomes of them."""

import csv
import io
import os
import signal
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from projects.history import Revision
from projects.imports import background, sandbox
from projects.imports.background import Task
from projects.imports.batches import apply, preview
from projects.models import Batch, Project

from .files import csv_of, upload
from .pages import text_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("long_from_21"),
    pytest.mark.long,
]

ROWS = [{"reference": f"PVE-{n:03}", "methodology": "By file"} for n in range(1, 51)]


@pytest.fixture
def long_from_21(register, settings, monkeypatch, tmp_path):
    """Processes of their own from 21 rows on, that find this test's database and settings."""
    settings.IMPORT_ROWS_AT_ONCE = 20
    values = connection.settings_dict
    url = f"sqlite:///{values['NAME']}"
    if connection.vendor == "postgresql":
        url = f"postgres://{values['USER']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
    monkeypatch.setenv("DATABASE_URL", url)


@pytest.fixture
def desk(client):
    """Somebody who may import and undo."""
    user = User.objects.create_user("importer", password="x", is_staff=True)
    for codename in ("import_projects", "undo_batch", "view_batch"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    return client


def sent(client, *rows: dict) -> str:
    """The address of the preview of a file of these rows."""
    file = io.BytesIO(csv_of(*rows))
    file.name = "annex.csv"
    return client.post("/admin/projects/batch/import/", {"file": file})["Location"]


def is_going_on(client, address: str) -> bool:
    return client.get(address, headers={"accept": "application/json"}).json()["isGoingOn"]


def ended(client, response):
    """What the progress page that this leads to leads to, once nothing goes on any more."""
    address = response["Location"]
    assert address.endswith("/progress/")
    for _attempt in range(600):
        if not is_going_on(client, address):
            return client.get(address)
        time.sleep(0.1)
    return pytest.fail("it goes on for a minute")


def confirmed(client, preview: str, reason="By file"):
    digest = client.get(preview).context["preview"].digest
    return client.post(preview, {"digest": digest, "reason": reason})


def process_of(batch: int, task: bytes) -> int:
    """The number of the process that does this to a batch."""
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        words = one.read_bytes().split(b"\0")
        if words[4:6] == [task, str(batch).encode()]:
            return int(one.parent.name)
    return pytest.fail("nothing works on it")


def number_in(address: str) -> int:
    return int(address.split("/")[4])


def test_a_long_file_is_previewed_imported_and_undone_by_a_process_of_its_own(desk):
    page = sent(desk, *ROWS)
    looked = ended(desk, desk.get(page))
    assert looked["Location"] == page
    assert desk.get(page).context["preview"].counts == {
        "added": 0,
        "changed": 50,
        "unchanged": 0,
        "skipped": 0,
    }
    assert "50 projects to change" in text_of(desk, page)
    done = ended(desk, confirmed(desk, page, reason="It’s here; --by=1"))
    assert done["Location"] == page.replace("preview", "change")
    assert "The import is done." in desk.get(done["Location"]).content.decode()
    assert Project.live.filter(methodology="By file").count() == 50
    said = Revision.objects.filter(key="PVE-007").latest("pk")
    assert (said.reason, said.by_name) == ("It’s here; --by=1", "importer")
    undoing = desk.post(page.replace("preview", "undo"), {"reason": "Wrong file"})
    undone = ended(desk, undoing)
    batch = Batch.objects.get(kind="undo")
    assert undone["Location"] == f"/admin/projects/batch/{batch.pk}/change/"
    assert (batch.changed, batch.deleted, batch.by_name) == (50, 0, "importer")
    assert not Project.live.filter(methodology="By file").exists()
    again = ended(desk, desk.post(page.replace("preview", "undo"), {"reason": "Again"}))
    assert "This import was undone already." in desk.get(again["Location"]).content.decode()


def test_faults_of_a_long_file_are_all_listed(desk):
    page = sent(desk, *(row | {"link": "ftp://x"} for row in ROWS))
    faults = page.replace("preview/", "faults.csv")
    assert desk.get(faults)["Location"] == page
    ended(desk, desk.get(page))
    assert "50 faults: nothing can be imported" in text_of(desk, page)
    lines = desk.get(faults).content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(lines, newline="")))) == 51


def test_a_short_file_needs_no_page_more(desk):
    page = sent(desk, *ROWS[:20])
    assert desk.get(page).status_code == 200
    assert confirmed(desk, page)["Location"] == page.replace("preview", "change")


def test_while_it_goes_on_the_page_says_how_far_it_is(desk):
    page = sent(desk, *ROWS)
    progress = page.replace("preview", "progress")
    with background.in_turn():
        assert desk.get(page)["Location"] == progress
        text = text_of(desk, progress)
        assert "Looking through “annex.csv”" in text
        assert "0 of 50 rows" in text
        html = desk.get(progress).content.decode()
        assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in html
        data = desk.get(progress, headers={"accept": "application/json"}).json()
        assert data == {"done": 0, "text": "0 of 50 rows", "isGoingOn": True}
        # Whoever comes again sees the same, and nothing begins anew.
        first = process_of(number_in(page), b"preview")
        assert desk.get(page)["Location"] == progress
        assert process_of(number_in(page), b"preview") == first
        with CaptureQueriesContext(connection) as captured:
            desk.get(progress)
        assert len(captured) <= 8
    assert ended(desk, desk.get(page))["Location"] == page


def test_numbers_are_grouped_and_the_last_word_counts(desk):
    batch = Batch.objects.get(pk=number_in(sent(desk, *ROWS)))
    with background._file_of(batch.pk).open("a") as file:
        background.tell(file, task=Task.APPLY, total=50_000)
        background.tell(file, done=12_300)
        file.write('{"done": 14')
        file.flush()
        data = desk.get(
            f"/admin/projects/batch/{batch.pk}/progress/", headers={"accept": "application/json"}
        ).json()
    assert data == {"done": 12300, "text": "12,300 of 50,000 rows", "isGoingOn": False}


def test_a_process_that_is_killed_is_told_as_stopped_and_nothing_is_written(desk):
    page = sent(desk, *ROWS)
    ended(desk, desk.get(page))
    with background.in_turn():
        going = confirmed(desk, page)
        assert is_going_on(desk, going["Location"])
        os.kill(process_of(number_in(page), b"apply"), signal.SIGKILL)
        for _attempt in range(100):
            if not is_going_on(desk, going["Location"]):
                break
            time.sleep(0.05)
    text = text_of(desk, going["Location"])
    assert "The work on “annex.csv” stopped" in text
    assert "It ended before it was done, so nothing was written." in text
    assert not Project.live.filter(methodology="By file").exists()
    # The preview is there still, and can be confirmed again.
    assert ended(desk, confirmed(desk, page))["Location"] == page.replace("preview", "change")
    assert Project.live.filter(methodology="By file").count() == 50


def test_one_that_ended_before_it_could_say_so_is_told_as_done(desk):
    batch = upload("x.csv", csv_of(*ROWS), {"only": None, "ignored": []})
    apply(batch, preview(batch).digest)
    with background._file_of(batch.pk).open("a") as file:
        background.tell(file, task=Task.APPLY, total=50)
    page = f"/admin/projects/batch/{batch.pk}/progress/"
    assert desk.get(page)["Location"] == f"/admin/projects/batch/{batch.pk}/change/"


def test_a_register_that_changes_before_its_turn_refuses_it(desk, lines):
    page = sent(desk, *ROWS)
    ended(desk, desk.get(page))
    with background.in_turn():
        going = confirmed(desk, page)
        project = Project.published.get(reference="PVE-001")
        project.methodology = "Edited meanwhile"
        project.save()
    back = ended(desk, going)
    assert back["Location"] == page
    # What was shown is out of date, so that it is looked through again.
    shown = desk.get(ended(desk, desk.get(page))["Location"])
    assert "The register changed since the preview: nothing was written" in shown.content.decode()
    assert Project.published.get(reference="PVE-001").methodology == "Edited meanwhile"
    assert not Project.live.filter(methodology="By file").exists()
    assert ended(desk, confirmed(desk, page))["Location"] == page.replace("preview", "change")


def test_a_preview_out_of_date_is_not_confirmed(desk):
    page = sent(desk, *ROWS)
    ended(desk, desk.get(page))
    digest = desk.get(page).context["preview"].digest
    refused = desk.post(page, {"digest": "\0other", "reason": "x"})
    assert refused["Location"] == page
    Project.published.get(reference="PVE-200").delete()
    again = ended(desk, desk.post(page, {"digest": digest, "reason": "x"}))
    assert again["Location"] == page
    assert "The register changed since the preview" in desk.get(page).content.decode()
    assert not Project.live.filter(methodology="By file").exists()


def test_progress_takes_a_permission_and_leads_on_where_nothing_goes_on(desk, client):
    page = sent(desk, *ROWS[:3])
    progress = page.replace("preview", "progress")
    assert desk.get(progress)["Location"] == page
    assert desk.get("/admin/projects/batch/999999/progress/").status_code == 404
    client.force_login(User.objects.create_user("viewer", password="x", is_staff=True))
    assert client.get(progress).status_code == 403


def test_the_page_that_sends_by_itself_is_told_where_to_go(desk):
    file = io.BytesIO(csv_of(*ROWS))
    file.name = "annex.csv"
    address = "/admin/projects/batch/import/"
    answer = desk.post(address, {"file": file}, headers={"accept": "application/json"})
    assert answer.json() == {
        "next": f"/admin/projects/batch/{Batch.objects.latest('pk').pk}/preview/"
    }
    file = io.BytesIO(b"\x7fELF")
    file.name = "program.exe"
    answer = desk.post(address, {"file": file}, headers={"accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/html; charset=utf-8")


# In the browser


def import_page(at_the_desk, tmp_path, name="annex.csv"):
    """The page to import a file, with one of 50 rows chosen."""
    (tmp_path / name).write_bytes(csv_of(*ROWS))
    page = at_the_desk("/admin/projects/batch/import/")
    page.get_by_label("File").set_input_files(tmp_path / name)
    return page


def test_the_browser_shows_how_far_it_is_and_goes_on_by_itself(at_the_desk, tmp_path):
    page = import_page(at_the_desk, tmp_path)
    heading = page.get_by_role("heading", level=1)
    with background.in_turn():
        with sandbox._reading:
            page.get_by_role("button", name="Show what would change").dblclick()
            expect(page.get_by_text("All of it is sent, and being read.")).to_be_visible(
                timeout=60_000
            )
            expect(page.get_by_role("progressbar", name="How much of it is sent")).to_be_visible(
                timeout=60_000
            )
        expect(heading).to_have_text("Looking through “annex.csv”", timeout=60_000)
        expect(page.get_by_role("progressbar", name="0 of 50 rows")).to_be_visible(timeout=60_000)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert Axe().run(page).response["violations"] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_text("50 projects to change")).to_be_visible(timeout=60_000)
    # Sent twice by an impatient hand, it arrived once.
    assert Batch.objects.count() == 1
    page.get_by_label("Reason").fill("By file")
    page.get_by_role("button", name="Import").dblclick()
    expect(page.get_by_text("The import is done.")).to_be_visible(timeout=60_000)
    assert Project.live.filter(methodology="By file").count() == 50


def test_with_scripts_off_the_page_refreshes_itself(at_the_desk, tmp_path, live_server):
    there = at_the_desk("/admin/").context
    plain = there.browser.new_context(
        java_script_enabled=False, storage_state=there.storage_state()
    )
    page = plain.new_page()
    (tmp_path / "annex.csv").write_bytes(csv_of(*ROWS))
    page.goto(f"{live_server.url}/admin/projects/batch/import/")
    page.get_by_label("File").set_input_files(tmp_path / "annex.csv")
    with background.in_turn():
        page.get_by_role("button", name="Show what would change").click()
        expect(page.get_by_text("0 of 50 rows")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("50 projects to change")).to_be_visible(timeout=60_000)
    plain.close()


def test_a_file_that_is_refused_is_told_on_the_page_and_another_can_be_sent(
    at_the_desk,
    tmp_path,
):
    page = import_page(at_the_desk, tmp_path, "annex.exe")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_text("Allowed extensions are: csv, tsv, txt, xlsx, pdf.")).to_be_visible(
        timeout=60_000
    )
    expect(page.locator("main")).to_be_focused()
    (tmp_path / "annex.csv").write_bytes(csv_of(*ROWS[:2]))
    page.get_by_label("File").set_input_files(tmp_path / "annex.csv")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_text("2 projects to change")).to_be_visible(timeout=60_000)
