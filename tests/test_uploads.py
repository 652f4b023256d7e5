"""What is posted: a file only where a page takes one, and no body larger than a form's."""

import pytest
from django.core.files import uploadhandler
from django.core.files.uploadedfile import SimpleUploadedFile

pytestmark = pytest.mark.usefixtures("register")

PAGES = ["/projects/PVE-001/correct/", "/accounts/login/", "/admin/projects/project/add/"]


@pytest.fixture
def nothing_is_stored(monkeypatch):
    """Fail where Django begins a file, in memory or on the disk."""
    for handler in ("MemoryFileUploadHandler", "TemporaryFileUploadHandler"):
        refused = lambda *_any, **_named: pytest.fail("a file was begun")  # noqa: E731
        monkeypatch.setattr(getattr(uploadhandler, handler), "new_file", refused)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_takes_no_file_refuses_one_before_it_is_stored(
    page, admin_client, client, nothing_is_stored
):
    visitor = admin_client if page.startswith("/admin/") else client
    file = SimpleUploadedFile("file.csv", b"x" * 900_000)
    response = visitor.post(page, {"value": "x", "file": file})
    assert response.status_code == 400
    assert "This page takes no file." in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_body_larger_than_a_form_is_refused_by_its_length(page, admin_client, nothing_is_stored):
    large = "x" * 1_000_001
    encoded = {"content_type": "application/x-www-form-urlencoded"}
    for form in ({"data": {"value": large}}, {"data": f"value={large}"} | encoded):
        response = admin_client.post(page, **form)
        assert response.status_code == 413
        assert "This page accepts at most 1000000 bytes." in response.content.decode()


def test_who_may_not_import_sends_no_file_either(client, nothing_is_stored):
    file = SimpleUploadedFile("file.csv", b"x" * 3_000_000)
    response = client.post("/admin/projects/batch/import/", {"file": file})
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")
