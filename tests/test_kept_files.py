"""Files that are kept as they were sent: the same bytes, and nothing that broke off."""

import gzip
import hashlib
import json

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.history import unrecorded
from projects.models import Edition, Project
from pvematrix import kept_files

from .pages import body

pytestmark = pytest.mark.usefixtures("register")

OF_AN_EDITION = "/projects/export.csv?edition=reconstruction-2017-12"
GZIP = {"Accept-Encoding": "gzip"}


def queries(client, address, **headers) -> tuple[int, bytes]:
    with CaptureQueriesContext(connection) as captured:
        content = body(client.get(address, headers=headers))
    return len(captured), content


@pytest.mark.parametrize("first", [{}, GZIP])
def test_an_editions_file_is_made_once(client, first):
    made = client.get(OF_AN_EDITION, headers=first)
    content = body(made)
    content = gzip.decompress(content) if first else content
    edition = Edition.objects.get()
    assert hashlib.sha256(content).hexdigest() == edition.sha256
    with unrecorded("a test: the edition is as it was"):
        Project.live.filter(reference="PVE-009").update(title="Zebra")
    # Whether the editions are still those that it is of is looked up once for each data version.
    assert queries(client, OF_AN_EDITION) == (2, content)
    assert queries(client, OF_AN_EDITION) == (1, content)
    kept = client.get(OF_AN_EDITION, headers=GZIP)
    assert (kept["Content-Encoding"], gzip.decompress(body(kept))) == ("gzip", content)
    assert kept["Cache-Control"] == "public, max-age=31536000, immutable"
    assert kept["Vary"] == made["Vary"] and "Accept-Encoding" in kept["Vary"]
    assert kept["Content-Disposition"] == made["Content-Disposition"]


@pytest.mark.long
@pytest.mark.parametrize("kind", ["csv", "json", "xlsx", "docx"])
def test_a_file_of_the_register_is_kept_when_it_is_asked_for_again(client, kind):
    address = f"/projects/export.{kind}?scope=global"
    assert queries(client, address)[0] > 1
    _number, second = queries(client, address)
    assert queries(client, address) == (1, second)
    with unrecorded("a test"):
        Project.live.filter(reference="PVE-001").update(title="Zebra")
    number, changed = queries(client, address)
    assert number > 1
    if kind == "json":
        assert json.loads(changed)["count"] == json.loads(second)["count"] == 82


@pytest.mark.skipif(connection.vendor == "postgresql", reason="It lets nobody change an edition")
def test_what_is_kept_of_an_edition_is_of_this_database(client):
    """The folder outlives the database: where the slug means other rows, the file is another."""
    body(client.get(OF_AN_EDITION))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE projects_edition SET sha256 = 'x'")
    assert queries(client, OF_AN_EDITION)[0] > 2


def test_what_breaks_off_or_is_too_long_is_not_kept(client, monkeypatch):
    response = client.get(OF_AN_EDITION)
    next(iter(response.streaming_content))
    del response
    assert queries(client, OF_AN_EDITION)[0] > 1
    caches["files"].clear()
    monkeypatch.setattr(kept_files, "LARGEST", 1000)
    body(client.get(OF_AN_EDITION))
    assert queries(client, OF_AN_EDITION)[0] > 1


def test_a_folder_that_others_write_to_is_not_used(client, tmp_path, settings):
    tmp_path.chmod(0o777)
    settings.CACHES = settings.CACHES | {"files": settings.CACHES["files"] | {"LOCATION": tmp_path}}
    body(client.get(OF_AN_EDITION))
    assert queries(client, OF_AN_EDITION)[0] > 1
    assert [*tmp_path.iterdir()] == []
