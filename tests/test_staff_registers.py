"""The resource group and requests for assistance: off unless set, for some alone, gone for good.

The module is also the site's addresses with the setting on: they are made once, at the start.
"""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from projects.history import Revision
from projects.models import data_version
from pvematrix import urls as site_urls
from pvematrix.desk.site import make_desk
from pvematrix.models import AssistanceRequest, Expert

from .conftest import SECRET_KEY
from .servers import manage
from .test_login_states import sessions  # noqa: F401 - a fixture
from .test_login_states import table as states_table
from .test_permissions import account, addresses, table

with override_settings(STAFF_REGISTERS=True):
    desk = make_desk()
urlpatterns = [
    path("admin/", desk.urls) if str(one.pattern) == "admin/" else one
    for one in site_urls.urlpatterns
]
handler400, handler429 = site_urls.handler400, site_urls.handler429

EXPERTS, REQUESTS = "/admin/pvematrix/expert/", "/admin/pvematrix/assistancerequest/"
PAGES = ("add", "change", "changelist", "delete", "history")
# What each group is answered; both registers, all pages and both methods alike.
PERMISSIONS = ["302", "403", "403", "403", "403", "200"]
# What each state of a login is answered; both registers and both methods alike.
STATES = ["login", "set-up", "change", "login", "code", "200", "login"]


@pytest.fixture
def on(settings):
    """A site that keeps both registers."""
    settings.STAFF_REGISTERS = True
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def manager(db) -> Client:
    client = Client()
    client.force_login(account("Managers"))
    return client


def expert(**values) -> Expert:
    today = timezone.localdate()
    return Expert.objects.create(
        **{"name": "Zoë Doe", "affiliation": "University of X", "subjects": "education"}
        | {"languages": "English; French", "consented_on": today}
        | {"consent_ends_on": today + timedelta(days=365)}
        | values
    )


def asked(**values) -> AssistanceRequest:
    return AssistanceRequest.objects.create(
        **{"name": "Zoe Doe", "asked_on": date(2026, 3, 1), "wanted": "A workshop"} | values
    )


def saw(response) -> str:
    return response.content.decode()


# Off, and on


def test_without_the_setting_they_have_no_address_and_the_desk_does_not_speak_of_them(admin_client):
    for address in (EXPERTS, REQUESTS, f"{EXPERTS}add/", f"{REQUESTS}1/change/"):
        assert admin_client.get(address).status_code == 404
    page = saw(admin_client.get("/admin/"))
    assert "Resource group" not in page
    assert "Requests for assistance" not in page


@pytest.mark.long
def test_the_environment_switches_them_on():
    own = {"SECRET_KEY": SECRET_KEY, "ALLOWED_HOSTS": "a.example", "STAFF_REGISTERS": "on"}
    code = "from pvematrix.desk.site import desk; from pvematrix.models import Expert as E"
    ended = manage("shell", "-v", "0", "-c", f"{code}; print(desk.is_registered(E))", **own)
    assert ended.stdout.strip() == "True"


def test_both_are_empty_and_on_the_desk_of_those_who_may(on, register, manager):
    assert (Expert.objects.count(), AssistanceRequest.objects.count()) == (0, 0)
    page = saw(manager.get("/admin/"))
    assert EXPERTS in page
    assert REQUESTS in page


@pytest.mark.postgresql
def test_the_list_is_searched_and_deletes_one_at_a_time(on, manager):
    expert()
    assert "Zoë Doe" in saw(manager.get(f"{EXPERTS}?q=DOE"))
    assert "Zoë Doe" not in saw(manager.get(f"{EXPERTS}?q=nobody"))
    assert "delete_selected" not in saw(manager.get(EXPERTS))
    # A browser keeps drafts where the page has a place to offer them again.
    assert 'id="drafts"' not in saw(manager.get(f"{EXPERTS}add/"))
    assert 'id="drafts"' in saw(manager.get("/admin/projects/project/add/"))


# Who may


def of_registers(pages) -> dict[str, str]:
    starts = ("pvematrix_expert", "pvematrix_assistancerequest")
    return {name: one for name, one in addresses(pages).items() if name.startswith(starts)}


@pytest.fixture
def pages(on, db):
    return {"pvematrix_expert": expert().pk, "pvematrix_assistancerequest": asked().pk}


@pytest.mark.long
def test_every_address_answers_every_group_as_the_table_says(pages):
    assert table(of_registers(pages)) == [
        [f"{model}_{page}", method, *PERMISSIONS]
        for model in ("pvematrix_assistancerequest", "pvematrix_expert")
        for page in PAGES
        for method in ("get", "post")
    ]


@pytest.mark.long
def test_every_address_answers_every_state_of_login_as_the_table_says(pages, sessions):  # noqa: F811
    found = states_table(sessions, dict(sorted(of_registers(pages).items())))
    assert len(found) == 20
    for name, method, *states in found:
        assert states == STATES, (name, method)


def test_each_register_has_permissions_of_its_own(on, register):
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_expert"))
    client = Client()
    client.force_login(reader)
    assert "University of X" in saw(client.get(f"{EXPERTS}{expert().pk}/change/"))
    assert client.get(REQUESTS).status_code == 403


# Written


def test_a_person_is_added_with_a_consent_and_its_end(on, register, manager):
    values = {"name": "Zoë Doe", "consented_on": "2026-01-01"}
    assert "This field is required." in saw(manager.post(f"{EXPERTS}add/", values))
    early = {"consented_on": "2126-01-02", "consent_ends_on": "2126-01-01"}
    answer = manager.post(f"{EXPERTS}add/", values | early)
    assert "The consent ends before it begins." in saw(answer)
    assert not Expert.objects.exists()
    manager.post(f"{EXPERTS}add/", values | {"consent_ends_on": "2126-01-01"})
    one = Expert.objects.get()
    assert (one.consented_on, one.consent_ends_on) == (date(2026, 1, 1), date(2126, 1, 1))


def test_a_request_names_a_project_by_its_reference(on, register, manager):
    values = {"name": "A ministry", "asked_on": "2026-03-01", "wanted": "X", "state": "open"}
    answer = manager.post(f"{REQUESTS}add/", values | {"project": "x"})
    assert "A reference, e.g. PVE-001." in saw(answer)
    manager.post(f"{REQUESTS}add/", values | {"project": "PVE-001"})
    assert AssistanceRequest.objects.get().project == "PVE-001"


# Kept, and gone


def rows_with(text: str) -> list[str]:
    """The tables in which some row has the text in some column."""
    found = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {table}")
            if any(text in str(row) for row in cursor.fetchall()):
                found.append(table)
    return found


def test_of_a_change_only_the_fact_is_logged_and_delete_means_gone(on, register, manager):
    revisions, version = Revision.objects.count(), data_version()
    values = {"name": "Xylophon Quux", "affiliation": "Plugh", "consented_on": "2026-01-01"}
    manager.post(f"{EXPERTS}add/", values | {"consent_ends_on": "2126-01-01"})
    one = Expert.objects.get()
    changed = values | {"affiliation": "Plover", "consent_ends_on": "2126-01-01"}
    manager.post(f"{EXPERTS}{one.pk}/change/", changed)
    assert rows_with("Plover") == ["pvematrix_expert"]
    assert rows_with("Plugh") == []
    answer = manager.get(f"{EXPERTS}{one.pk}/delete/")
    assert f"Delete “expert {one.pk}” (Xylophon Quux)? This cannot be undone." in saw(answer)
    assert 'name="reason"' not in saw(answer)
    manager.post(f"{EXPERTS}{one.pk}/delete/", {"post": "yes"})
    for word in ("Quux", "quux", "Plugh", "Plover", "plover"):
        assert rows_with(word) == []
    kept = LogEntry.objects.order_by("pk").values_list("object_repr", "action_flag")
    assert list(kept) == [(f"expert {one.pk}", flag) for flag in (1, 2, 3)]
    assert Revision.objects.count() == revisions
    assert data_version() == version


def test_the_security_log_tells_what_was_deleted(on, register, manager, lines):
    lines()
    pk = expert().pk
    manager.post(f"{EXPERTS}{pk}/delete/", {"post": "yes"})
    told = [(line["event"], line["detail"], line["user"]) for line in lines()]
    assert told == [("personal_record_deleted", f"expert {pk}", "Managers")]


@pytest.mark.parametrize("is_on", [True, False])
def test_tidy_deletes_who_no_longer_consents_and_reports_it(settings, register, capsys, is_on):
    settings.STAFF_REGISTERS = is_on
    today = timezone.localdate()
    expert(name="Ended", consented_on=date(2020, 1, 1), consent_ends_on=today - timedelta(days=1))
    expert(name="Last day", consented_on=date(2020, 1, 1), consent_ends_on=today)
    call_command("tidy")
    assert "Deleted: 1 experts whose consent has ended.\n" in capsys.readouterr().out
    assert [one.name for one in Expert.objects.all()] == ["Last day"]
    call_command("tidy")
    assert ("0 experts" in capsys.readouterr().out) is is_on


# The public


@pytest.mark.long
def test_nothing_of_them_is_public(on, register, client):
    expert(name="Xylophon Quux")
    asked(name="Plugh Plover", wanted="Frobnicate", project="PVE-001")
    for address in (
        *("/", "/about/", "/entities/", "/entities/global-resource-group/", "/statements/"),
        *("/projects/PVE-001/", "/projects/PVE-001.json", "/projects/?q=quux", "/statements.csv"),
    ):
        answer = client.get(address)
        text = (b"".join(answer) if answer.streaming else answer.content).decode()
        for word in ("Quux", "Plover", "Frobnicate", "resource group of experts"):
            assert word not in text, address
