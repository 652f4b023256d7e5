"""Upgrading: what the databases have that older code filled (tests/data/README.md)."""

import gzip
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from hashlib import sha256
from types import SimpleNamespace

import psycopg2
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from .conftest import ROOT, SECRET_KEY
from .database import template_file
from .pages import body, text_of, total_of
from .servers import manage, new_database, python

pytestmark = [pytest.mark.long, pytest.mark.postgresql]

DATA = ROOT / "tests" / "data"
# It encrypts the second factors of the dump.
KEY = "the-key-of-the-dumps-which-is-nobodys-and-protects-nothing-at-all"
PASSWORD = "correct horse battery staple"
TOTP_SECRET = "PVEMATRIXPVEMATRIXPVEMATRIX23456"
RECOVERY_CODE = "90088395"
# The rows that each table has after the upgrade, of the first dump and of the second; any other
# table has none.
COUNTS = {
    **{"auth_group": (5, 5), "auth_group_permissions": (183, 183), "auth_permission": (128, 128)},
    **{"auth_user": (3, 4), "auth_user_groups": (2, 3), "django_admin_log": (1, 33)},
    **{"django_content_type": (43, 43), "mfa_authenticator": (2, 2), "projects_batch": (8, 20)},
    **{"projects_batch_prepared_by": (2, 6), "projects_secondperson": (1, 1)},
    **{"projects_comment": (3, 4), "projects_contact": (1, 2), "projects_correction": (5, 9)},
    **{"projects_country": (248, 248), "projects_edition": (2, 3), "projects_entity": (17, 18)},
    **{"projects_evidence": (3, 4), "projects_evidencefile": (2, 2), "projects_mapping": (1, 2)},
    **{"projects_objection": (1, 3), "projects_project": (670, 929)},
    **{"projects_project_countries": (5, 19), "projects_project_entities": (44, 68)},
    **{"projects_quotation": (107, 135), "projects_revision": (51, 640)},
    **{"pvematrix_assistancerequest": (1, 1), "pvematrix_credential": (1, 1)},
    **{"pvematrix_expert": (1, 1), "reports_category": (16, 17), "reports_document": (19, 20)},
    **{"reports_figure": (20, 41), "reports_note": (10, 11), "reports_paragraph": (60, 61)},
    **{"reports_report": (2, 7), "reports_statement": (241, 297)},
    **{"reports_statement_entities": (101, 117)},
}
# The tables whose rows are elsewhere now, or nowhere.
REMOVED = {"projects_savedlist", "reports_plan"}
# Projects, and what is linked with them: some are of drafts now.
OF_PROJECTS = ("projects_project_countries", "projects_project_entities")
# Django adds rows to these; those of the dump stay, but for those of plans.
GROWING = ("auth_group_permissions", "auth_permission", "django_content_type")
# Columns that are computed from others: gone, or computed again, which check_integrity compares.
COMPUTED = ("combination", "search_text")
# Which migrations ran, and the number that moves with them.
OWN_STATE = ("django_migrations", "projects_dataversion", "sqlite_sequence")
GONE = "gone"
# What is compared of a plan, which is a statement of this kind.
PLAN = (
    *("code", "former_slug", "title", "summary", "source", "areas", "areas_basis", "projects"),
    *("place", "review", "kind", "quotation"),
)
# What becomes of the history of a plan; its first revision has no `old`.
OF_A_PLAN = {"content_type_id", "object_id", "key", "new"}

# The number of an edition's entries, and the SHA-256 of its CSV and of its quotations.
RECONSTRUCTION = (
    223,
    "ffb8275a202a79a84b2c30ba046927fc10b16fbc59fac25be46e0e9b498d8dc9",
    "f43fd9abf08a90e7c29d4ac583e5d86476b827158ffd87ec6989451b6707405b",
)

FIRST = SimpleNamespace(
    said="""\
Removed saved lists: 2. Their addresses:
  To date: /admin/projects/project/?columns=title,status
  Youth: /admin/projects/project/?priority_area__exact=youth&o=-3
Moved: the plan kenya-2016 is now the statement L16.
Moved: the plan igad-2018 is now the statement L17.
""",
    editions={
        "reconstruction-2017-12": RECONSTRUCTION,
        "november-2026": (
            221,
            "242ac7a682ea42e63956bdc8d025916f41d2d88d08706d4d112ca5eb5790cebd",
            "a9cc85b11008053f93db388651c31a8bf1809940fce1203e3048039b58d7fb8e",
        ),
    },
    edition_changes={"added": 2, "changed": 4},
    # By table and key: rows that are gone, and the new values of those that stay.
    changed={
        "auth_group_permissions": dict.fromkeys(
            (10, 40, 41, 42, 74, 75, 76, 121, 122, 123, 124), GONE
        ),
        "auth_permission": dict.fromkeys((46, 47, 48, 49), GONE),
        "django_content_type": {21: GONE},
        "projects_batch": {6: {"options": '{"table": "statements"}'}},
        "projects_correction": {
            3: {"reference": "L16", "column": "summary", "value": "Adopted on: 2016-09-07"}
        },
        # An undated page is placed at its event.
        "reports_report": {2: {"date": "2018-06"}},
    },
    # By revision: the code, and what the plan was then: summary, place and review.
    history={
        37: ("L16", "National plan.", "Kenya", "draft"),
        39: ("L16", "National plan.", "Kenya", "reviewed"),
        40: ("L16", "National plan; adopted (2016-09).", "Kenya", "changed"),
        42: ("L17", "Regional plan.", "IGAD", "draft"),
    },
    plans=[
        (
            *("L16", "kenya-2016", "=Strategy", "National plan; adopted (2016-09)."),
            *("A/74/677, para. 9", "", "", "", "Kenya", "changed", "plan", ""),
        ),
        (
            *("L17", "igad-2018", "Zonal strategy", "Regional plan."),
            *("A/74/677", "", "", "", "IGAD", "draft", "plan", ""),
        ),
    ],
    # Reports have what the shipped ones have.
    reports={
        "a-72-621": (False, "reviewed", "the Secretary-General’s report A/72/621"),
        "hlc-2018": (True, "reviewed", "the page of the High-level Conference"),
    },
    # What addresses answer to everybody: placeholders, drafts, plans.
    answers={
        "/projects/PVE-222/": (200, None),
        "/projects/PVE-223/": (200, None),
        "/projects/PVE-224/": (404, None),
        "/statements/L17/": (404, None),
        "/plans/igad-2018/changes/": (404, None),
        "/plans/kenya-2016/changes/": (301, "/statements/L16/changes/"),
        "/plans/kenya-2016/correct/": (301, "/statements/L16/correct/"),
        "/plans/kenya-2016/correct/3/": (301, "/statements/L16/correct/3/"),
        "/api/v1/plans/kenya-2016/": (301, "/api/v1/statements/L16/"),
    },
    # What pages say, to everybody and to a manager.
    public={
        "/projects/PVE-013/": ["Réseau “青年” 📗"],
        "/projects/PVE-001/changes/": ["NET-MED Youth II", "As its page spells it"],
        "/projects/PVE-223/changes/": ["Counted twice"],
        "/plans/": ["=Strategy"],
        "/statements/L16/": ["=Strategy", "Kenya", "National plan; adopted (2016-09)."],
        "/statements/L16/changes/": [
            "National plan. → National plan; adopted (2016-09).",
            "As its page has it",
        ],
        "/statements/L16/correct/3/": ["Staff will check the source."],
        "/statements/G900/": ["“We listened first.”"],
        "/projects/PVE-005/correct/1/": ["Staff will check the source."],
        "/projects/PVE-006/correct/4/": ["“The source does not say so”"],
        "/projects/PVE-002/correct/5/": ["the correction was made"],
        "/editions/": ["Entries described since the report."],
    },
    taken_over=[4],
    desk={
        "/admin/projects/revision/": ["The page was corrected"],
        # The addresses of the saved lists.
        "/admin/projects/project/?columns=title,status": [
            "Reference Title Status PVE-001 NET-MED Youth II"
        ],
        "/admin/projects/project/?priority_area__exact=youth&o=-3": ["0 of 28 selected"],
        "/admin/projects/project/13/comments/": ["The page has no year.Ask them."],
        "/admin/projects/project/12/review/": ["The page speaks of another phase."],
        "/admin/projects/batch/4/preview/": ["Not confirmed yet"],
        "/admin/projects/correction/3/change/": [
            "Correction 3 of L16",
            "Proposed: Adopted on: 2016-09-07",
        ],
        "/admin/reports/statement/?q=Zonal": ["L17 Zonal strategy Plan or strategy Draft"],
        "/admin/pvematrix/expert/": ["Example Expert"],
    },
    # A file of an entry; what the manager confirms; and undoes, with what is said of that.
    evidence=1,
    published=[],
    # Of placeholders that staff wrote about; and two that were deleted are there again.
    total=224,
    drafts={"PVE-014": "PVE-227"},
    moved_files=0,
    made=2,
    undone={6: "Undo of import 6 (plans.csv)"},
)
SECOND = SimpleNamespace(
    said="""\
Removed saved lists: 3. Their addresses:
  To date: /admin/projects/project/?columns=title,status
  To find: /admin/projects/project/?provenance__exact=counted
  Youth: /admin/projects/project/?o=-3&priority_area__exact=youth
Removed files of statements, plans or reports that waited: 1.
Moved: the plan kenya-2016 is now the statement L16.
Moved: the plan ecowas-2015 is now the statement L17.
Moved: the plan igad-2018 is now the statement L18.
""",
    editions={
        "reconstruction-2017-12": RECONSTRUCTION,
        "reconstruction-2026-11": (
            223,
            "eb06ed67b282f0ae482286eccdae5f019c2277d73208ef6b9cf8d896fe1bc37b",
            "594412ad2baea25e8f50f0cd23107b4d6e2535978a1e9254fa1a8d0e447aabb5",
        ),
        "november-2026": (
            221,
            "4188637a590ad9bb0243bb621a1bc34191a8417af3eedcaabfbb7731221629b9",
            "a212ddcf2f1a2e7e01119fc43e2d3e96269915f022166ba3eb7bfde3661ee225",
        ),
    },
    edition_changes={"added": 9, "removed": 1, "reclassified": 5, "changed": 2},
    changed={
        "auth_group_permissions": dict.fromkeys(
            (16, 52, 53, 54, 96, 97, 98, 154, 155, 156, 157), GONE
        ),
        "auth_permission": dict.fromkeys((55, 56, 57, 58), GONE),
        # What the desk's log says of plans stays, without a link.
        "django_admin_log": {pk: {"content_type_id": None} for pk in (21, 22, 23)},
        "django_content_type": {23: GONE},
        # The file of plans that waited.
        "projects_batch": {8: {"options": '{"table": "statements"}'}, 16: GONE},
        "projects_correction": {
            6: {"reference": "L16", "column": "summary", "value": "Adopted on: 2016-09-07"}
        },
    },
    history={
        142: ("L16", "National plan.", "Kenya", "draft"),
        143: ("L17", "Regional plan; in preparation.", "ECOWAS", "draft"),
        145: ("L16", "National plan.", "Kenya", "reviewed"),
        146: ("L17", "Regional plan; in preparation.", "ECOWAS", "reviewed"),
        147: ("L16", "National plan; adopted (2016-09).", "Kenya", "changed"),
        149: ("L18", "Regional plan.", "IGAD", "draft"),
    },
    plans=[
        (
            *("L16", "kenya-2016", "=Strategy", "National plan; adopted (2016-09)."),
            *("A/74/677, para. 9, https://example.org/kenya", "youth;gender", "inferred"),
            *("PVE-001;PVE-032;PVE-111", "Kenya", "changed", "plan", ""),
        ),
        (
            *("L17", "ecowas-2015", "Strategy of the region", "Regional plan; in preparation."),
            *("Its page", "", "", "", "ECOWAS", "reviewed", "plan", ""),
        ),
        (
            *("L18", "igad-2018", "Zonal strategy", "Regional plan."),
            *("A/74/677", "", "", "", "IGAD", "draft", "plan", ""),
        ),
    ],
    reports={
        "a-72-621": (False, "reviewed", "the Secretary-General’s report A/72/621"),
        "hlc-2018": (True, "reviewed", "the page of the High-level Conference"),
        "a-81-900": (False, "reviewed", ""),
        "a-82-1": (False, "draft", ""),
        "joint-appeal-2023": (False, "reviewed", ""),
        "mya-2019": (False, "reviewed", ""),
        "mya-2021": (False, "reviewed", ""),
    },
    answers={
        "/projects/PVE-221/": (200, None),
        "/projects/PVE-222/": (200, None),
        "/projects/PVE-223/": (200, None),
        "/projects/PVE-224/": (404, None),
        "/statements/L17/": (200, None),
        "/statements/L18/": (404, None),
        "/plans/igad-2018/changes/": (404, None),
        "/plans/kenya-2016/changes/": (301, "/statements/L16/changes/"),
        "/plans/kenya-2016/correct/": (301, "/statements/L16/correct/"),
        "/plans/kenya-2016/correct/6/": (301, "/statements/L16/correct/6/"),
        "/plans/ecowas-2015/changes/": (301, "/statements/L17/changes/"),
        "/api/v1/plans/kenya-2016/": (301, "/api/v1/statements/L16/"),
    },
    public={
        "/projects/PVE-001/": ["NET-MED Youth II", "Morocco"],
        "/projects/PVE-001/changes/": [
            "NET-MED Youth II",
            "As its page spells it",
            "Letter of 3 November 2026",
        ],
        "/projects/PVE-111/": ["Réseau “青年” 📗", "=1+1 is text.", "Kenya", "a national network"],
        "/projects/PVE-111/changes/": ["Identified", "a national “network”"],
        "/projects/PVE-114/changes/": ["PVE-040 takes the place of PVE-114. Identified"],
        "/projects/PVE-040/changes/": ["PVE-040 takes the place of PVE-114. Identified"],
        "/projects/PVE-005/": ["Youth Solidarity Fund", "Gender equality"],
        "/projects/PVE-005/changes/": [
            "PVE-152 takes the place of PVE-005. Its page speaks of women alone"
        ],
        "/projects/PVE-152/": ["Unidentified project"],
        "/projects/PVE-014/": ["Unidentified project"],
        "/projects/PVE-013/changes/": ["The page is gone"],
        # Confirmed by the paragraph that counts it alone.
        "/projects/PVE-225/": [
            "Counted, and confirmed by that",
            "Confirmed (source not named). Source: A/72/621, para. 24.",
        ],
        "/projects/PVE-030/": ["Unidentified project"],
        "/projects/PVE-034/": ["Unidentified project"],
        "/projects/PVE-035/changes/": ["It was another one"],
        "/projects/PVE-016/": ["Unidentified project"],
        "/projects/PVE-053/changes/": ["All of the list are in Kenya", "It was a pilot"],
        "/projects/PVE-122/": ["Radio for dialogue", "Kenya"],
        "/projects/PVE-018/": ["Prison reform", "Pillar I"],
        "/projects/PVE-017/": ["Councils that listen", "FFP"],
        "/projects/PVE-011/changes/": ["Phase three is over", "Ended a month earlier"],
        "/projects/PVE-222/": ["Unidentified project"],
        "/projects/PVE-221/changes/": ["Counted twice, too"],
        "/projects/PVE-223/changes/": ["Counted twice"],
        "/projects/PVE-003/changes/": ["Correction 8, reported from its page. Source: A/73/3"],
        "/projects/PVE-037/correct/1/": ["Staff will check the source."],
        "/projects/PVE-007/correct/7/": ["“The source does not say so”"],
        "/projects/PVE-003/correct/8/": ["the correction was made"],
        "/projects/PVE-044/correct/9/": ["“It is one of those that are only counted”"],
        "/plans/": ["=Strategy", "Strategy of the region", "ECOWAS"],
        "/statements/G900/": ["“We listened first.”"],
        "/statements/M01/": ["In other words."],
        "/editions/": ["Entries described since the report."],
        "/reports/a-81-900/": ["An invented report", "projects of an invented report"],
        "/entities/ITU/": ["International Telecommunication Union"],
        "/statements/L16/": [
            "=Strategy",
            "Kenya",
            "National plan; adopted (2016-09).",
            "A/74/677, para. 9, https://example.org/kenya",
            "PVE-001 PVE-032 PVE-111",
        ],
        "/statements/L16/changes/": [
            "National plan. → National plan; adopted (2016-09).",
            "As its page has it",
        ],
        "/statements/L16/correct/6/": ["Staff will check the source."],
        "/statements/L17/": ["Strategy of the region", "ECOWAS", "Regional plan; in preparation."],
        "/statements/L17/changes/": ["30 November 2026, 05:45 Added"],
    },
    # One was sent to somebody else: its matches are dropped, and it is to be sent again.
    taken_over=[15, 17, 18, 19, 20],
    desk={
        "/admin/reports/statement/84/review/": ["In which words?"],
        "/admin/projects/revision/": ["Heard of it since"],
        "/admin/projects/revision/?q=HLC": ["The page was corrected"],
        "/admin/projects/revision/?p=0&q=A/81/900": ["It was a trial"],
        "/admin/projects/project/36/comments/": [
            "The page has no year.Ask them.",
            "They say 2018.",
        ],
        "/admin/projects/project/111/comments/": ["Its year is in the letter."],
        "/admin/projects/project/38/evidence/": ["List.pdf"],
        "/admin/projects/project/41/evidence/": ["Letter.pdf"],
        "/admin/projects/project/12/review/": ["The page speaks of another phase."],
        "/admin/projects/project/31/review/": ["Which colleague?"],
        "/admin/projects/project/30/change/": ["Something in prisons"],
        "/admin/projects/project/?review__exact=draft": ["A draft"],
        "/admin/projects/project/?worklist=unnamed-source": [
            "0 of 3 selected",
            "PVE-013 Prisons without walls",
            "PVE-041 Courts on the radio",
            "PVE-225 Counted, and confirmed by that",
        ],
        "/admin/projects/correction/1/change/": ["reader@example.org"],
        "/admin/projects/correction/?state__exact=open": [
            "Correction 1 of PVE-037",
            "Correction 2 of PVE-040",
            "Correction 3 of PVE-221",
            "Correction 6 of L16",
        ],
        "/admin/projects/batch/": [
            "Basis: A/81/900",
            "It was a trial",
            "office.csv",
            "countries of 6 entries",
        ],
        "/admin/projects/batch/5/change/": [
            "example-editor sent it, and example-reviewer published it."
        ],
        "/admin/projects/batch/13/change/": ["Basis: A/81/900"],
        "/admin/projects/batch/15/preview/": [
            "Not confirmed yet",
            "From the letter",
            "Not confirmed either",
        ],
        "/admin/projects/batch/17/match/": [
            "Bridges of dialogue",
            "Not a project",
            "Quite new",
            "You chose it",
        ],
        "/admin/projects/batch/17/sheet/?all": ["Radio for all"],
        "/admin/projects/batch/18/match/": ["Ponts de dialogue", "sent.csv"],
        "/admin/projects/batch/19/match/": ["Entries"],
        "/admin/projects/batch/20/map/": ["Theatre", "Remarks"],
        "/admin/projects/batch/21/translate/": ["A Guild", "Sleeping"],
        "/admin/projects/batch/21/map/": ["Lists of the Office", "A guild’s list"],
        "/admin/reports/statement/?q=Ask": ["Ask twice"],
        "/admin/reports/report/": ["A/82/1", "A/81/900"],
        "/admin/reports/category/?q=pillar": ["measures"],
        "/admin/reports/note/?q=invented": ["A/81/900"],
        "/admin/pvematrix/expert/": ["Example Expert"],
        "/admin/pvematrix/assistancerequest/": ["Example Ministry"],
        "/admin/pvematrix/account/": [
            "example-root",
            "example-editor",
            "example-reviewer",
            "example-manager",
        ],
        "/admin/projects/project/?columns=title,status": [
            "Reference Title Status PVE-001 NET-MED Youth II"
        ],
        "/admin/projects/project/?provenance__exact=counted": ["All 226 selected"],
        "/admin/projects/project/?o=-3&priority_area__exact=youth": ["0 of 29 selected"],
        "/admin/projects/correction/6/change/": [
            "Correction 6 of L16",
            "Proposed: Adopted on: 2016-09-07",
        ],
        "/admin/reports/statement/?q=Zonal": ["L18 Zonal strategy Plan or strategy Draft"],
    },
    evidence=4,
    published=[],
    total=224,
    drafts={
        f"PVE-{number:03}": f"PVE-{draft}"
        for draft, number in enumerate(
            (16, 30, 31, 32, 33, 34, 42, 53, 54, 55, 56, 57, 58), start=248
        )
    },
    moved_files=0,
    # Two that were deleted, 21 of a basis that was undone, and one that no entry describes.
    made=25,
    undone={
        # Its entity is in an edition since: the code that filled the dump refused as well.
        5: "FFP is in use by now and stays.",
        8: "Undo of import 8 (plans.csv)",
    },
)
REGIONS_IN_WORDS = [
    *("{number} are in Africa", "{number} are in the Middle East and North Africa"),
    *("{number} are in Asia", "{number} are in Europe", "{number} are in the Americas"),
]
DUMPS = {"4ea42ed": FIRST, "8d06bd3d": SECOND}


def opened(url: str):
    """Return a connection to that database without the code under test."""
    if url.startswith("sqlite:"):
        return closing(sqlite3.connect(url.removeprefix("sqlite:///")))
    return closing(psycopg2.connect(url))


def rows(url: str, query: str) -> list[tuple]:
    with opened(url) as database:
        cursor = database.cursor()
        cursor.execute(query)
        return cursor.fetchall()


def restore(url: str, name: str) -> None:
    """Fill the empty database with the dump of that name that fits it."""
    if connection.vendor == "sqlite":
        with open(url.removeprefix("sqlite:///"), "wb") as file:
            file.write(gzip.decompress((DATA / f"{name}.sqlite3.gz").read_bytes()))
        return
    with opened(url) as database:
        dump = gzip.decompress((DATA / f"{name}.postgresql.sql.gz").read_bytes())
        database.cursor().execute(dump.decode())
        database.commit()


def contents(url: str) -> dict[str, dict]:
    """Return the rows of each table by their key, each the values by their column."""
    tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    if url.startswith("sqlite:"):
        tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
    found = {}
    with opened(url) as database:
        cursor = database.cursor()
        cursor.execute(tables)
        for table in {name for (name,) in cursor.fetchall()}.difference(OWN_STATE):
            cursor.execute(f"SELECT * FROM {table}")
            names = [one[0] for one in cursor.description]
            kept = (dict(zip(names, map(plain, row), strict=True)) for row in cursor.fetchall())
            # The few keys of another name come first.
            key = "id" if "id" in names else names[0]
            found[table] = {row[key]: row for row in kept}
    return found


def plain(value):
    """Return a value that is equal for the same value: bytes, and JSON as the text of it."""
    if isinstance(value, memoryview):
        return bytes(value)
    return json.dumps(value) if isinstance(value, dict | list) else value


def changes(before: dict, after: dict) -> dict[str, dict]:
    """Return by table and key which rows are gone, and the other values of those that stay.

    Of each column that the row had: what a column that was added says is not compared.
    """
    found = {}
    for table in before.keys() & after.keys():
        for key, row in before[table].items():
            now, other = after[table].get(key), GONE
            if now:
                kept = row.keys() - COMPUTED
                other = {name: now.get(name) for name in kept if now.get(name, GONE) != row[name]}
            if other:
                found.setdefault(table, {})[key] = other
    return found


def environment(url: str) -> dict[str, str]:
    own = {"SECRET_KEY": SECRET_KEY, "ALLOWED_HOSTS": "testserver", "HTTPS": "off"}
    own |= {"SECOND_FACTOR_KEYS": KEY, "STAFF_REGISTERS": "on"}
    return own | {"DATABASE_URL": url}


@pytest.fixture(scope="module", params=DUMPS)
def upgraded(request, tmp_path_factory):
    """A dump, migrated: its DATABASE_URL, what was said, and each table before and after."""
    dump = DUMPS[request.param]
    with new_database(tmp_path_factory.mktemp("upgraded")) as url:
        restore(url, request.param)
        before = contents(url)
        ended = manage("migrate", "--verbosity", "0", **environment(url))
        assert ended.returncode == 0, ended.stdout + ended.stderr
        # Read now: a login in a later test leaves rows.
        after = contents(url)
        yield SimpleNamespace(
            dump=dump, name=request.param, url=url, said=ended.stdout, before=before, after=after
        )


@pytest.fixture(scope="module")
def found(upgraded):
    """What pages say of it, opened by a process that has it as its database."""
    code = "import django, json; django.setup(); from tests.test_upgrade import *; "
    code += f"print(json.dumps(answers(DUMPS[{upgraded.name!r}])))"
    own = environment(upgraded.url) | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    ended = python("-c", code, **own)
    assert ended.returncode == 0, ended.stderr
    return SimpleNamespace(**json.loads(ended.stdout.splitlines()[-1]))


def answers(dump) -> dict:
    """What everybody sees, the checks print, staff see, and the checks print of what staff did."""
    found = public_pages(dump) | {"checks": checks()} | desk_pages(dump)
    return found | {"checks_later": checks()}


def public_pages(dump) -> dict:
    client = Client()
    files = ("/projects/export.csv?edition=%s", "/editions/%s/quotations.csv")
    changes = "/api/v1/editions/reconstruction-2017-12/changes/november-2026/?per_page=100"
    found = client.get(changes).json()["results"]
    answered = {address: client.get(address) for address in dump.answers}
    return {
        "total": total_of(client.get("/projects/?filled_in=yes").content.decode()),
        "answers": {
            address: (one.status_code, one.headers.get("Location"))
            for address, one in answered.items()
        },
        "public": {address: text_of(client, address) for address in dump.public},
        "files": {
            slug: [sha256(body(client.get(file % slug))).hexdigest() for file in files]
            for slug in dump.editions
        },
        "changes": Counter(one["change"] for one in found),
    }


# The tests' own hasher reads no password of the dump.
@override_settings(
    PASSWORD_HASHERS=["pvematrix.passwords.PasswordHasher"], STAFF_SECOND_FACTOR=True
)
def desk_pages(dump) -> dict:
    """What the manager sees after the password alone, and does after a code as well."""
    client, other = Client(), Client()
    page, halfway = "/admin/projects/revision/", []
    for one in (client, other):
        one.post(reverse("account_login"), {"login": "example-manager", "password": PASSWORD})
        halfway.append(one.get(page).status_code)
    code = format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30))
    client.post(reverse("mfa_authenticate"), {"code": code})
    other.post(reverse("mfa_authenticate"), {"code": RECOVERY_CODE})
    imports = "/admin/projects/batch"
    for pk in dump.taken_over:  # an editor's
        client.post(f"{imports}/{pk}/take-over/")
    desk = {address: text_of(client, address) for address in dump.desk}
    evidence = f"/admin/projects/project/evidence/{dump.evidence}/file/"
    for pk in dump.published:
        confirm(client, f"{imports}/{pk}/preview/")
    undone = {}
    for pk in dump.undone:
        answer = client.post(f"{imports}/{pk}/undo/", {"reason": "A trial"})
        undone[pk] = text_of(client, answer["Location"])
    return {
        "halfway": halfway,
        "by_recovery_code": other.get(page).status_code,
        "desk": desk,
        "evidence": body(client.get(evidence)).decode("latin-1"),
        "undone": undone,
    }


def confirm(client, page: str) -> None:
    """Confirm a file on the page that shows what it does, which has a digest of that."""
    html = client.get(page).content.decode()
    digest = re.search(r'name="digest" value="(\w+)"', html)[1]
    client.post(page, {"digest": digest, "reason": "A trial"})


def checks() -> str:
    """What the checks of a database print; each raises where something is left to do."""
    printed = io.StringIO()
    call_command("migrate", check_unapplied=True, stdout=printed)
    for command in ("verify_editions", "check_integrity"):
        call_command(command, stdout=printed)
    return printed.getvalue()


# What stays


def test_an_upgrade_changes_no_row_no_edition_and_no_page(upgraded, found, new_schema):
    """One test: a second worker that took a part of it would upgrade a database of its own."""
    assert schema(upgraded.url) == new_schema
    dump, before, after = upgraded.dump, upgraded.before, upgraded.after
    assert upgraded.said == dump.said
    assert before.keys() - after.keys() == REMOVED
    place = list(DUMPS).index(upgraded.name)
    counts = {table: count[place] for table, count in COUNTS.items()}
    assert {table: len(kept) for table, kept in after.items() if kept} == counts
    # Every other row is as it was.
    changed = changes(before, after)
    histories = changed.pop("projects_revision")
    assert drafts_of(before, after) == dump.drafts
    check_places(before, after, changed)
    # Notes cite with markers. Where the first dump comes from there were none.
    notes = changed.pop("reports_note", {})
    assert len(notes) == (10 if upgraded.name == "8d06bd3d" else 0)
    for change in notes.values():
        assert change.keys() == {"text"}
        # The example cites nothing: its words stay true once nothing is filled in.
        assert "{cite:A/72/621#" in change["text"] or "by the totals alone" in change["text"]
        assert not re.search(r"A/72/621, para|[Pp]aragraph [0-9]+[^}0-9]", change["text"])
    # What A/72/621 says of these was read again; its counts by region are of regional projects.
    statements = changed.pop("reports_statement", {})
    corrected = {"G45": {"kind", "category"}, "T07": {"caveat"}}
    if upgraded.name == "8d06bd3d":  # the titles of the first dump are other ones
        corrected |= {"G34": {"kind", "category", "title"}, "V08": {"title"}}
    found_of = {after["reports_statement"][pk]["code"]: {*one} for pk, one in statements.items()}
    assert found_of == corrected
    populations = [one["population"] for one in changed.pop("reports_figure", {}).values()]
    assert {*populations} <= {"regional projects related to preventing violent extremism"}
    assert len(populations) == (5 if upgraded.name == "8d06bd3d" else 0)
    # The words of its regions are whole clauses, which the first dump had no table for.
    words = [one["words"] for one in changed.pop("reports_category", {}).values()]
    assert words == (REGIONS_IN_WORDS if upgraded.name == "8d06bd3d" else [])
    assert {table: found for table, found in changed.items() if found} == dump.changed
    new = {
        table: len(kept.keys() - before[table].keys())
        for table, kept in after.items()
        if table in before and table not in (*GROWING, *OF_PROJECTS)
    }
    assert {table: count for table, count in new.items() if count} == {
        "reports_statement": len(dump.plans),
        # Each draft has one; and placeholders that are made for what nobody describes are rows.
        "projects_revision": len(dump.drafts) + dump.moved_files,
        "projects_project": len(dump.drafts) + dump.made,
    }
    # Plans are statements, with their history.
    statements, revisions = after["reports_statement"], after["projects_revision"]
    found_plans = [one for one in statements.values() if one["former_slug"]]
    assert {tuple(one[name] for name in PLAN) for one in found_plans} == set(dump.plans)
    assert histories.keys() == dump.history.keys()
    for pk, (code, *values) in dump.history.items():
        assert histories[pk].keys() - {"old"} == OF_A_PLAN
        one = revisions[pk]
        assert (one["key"], statements[one["object_id"]]["code"]) == (code, code)
        its = json.loads(one["new"])
        assert [its["summary"], its["place"], its["review"]] == values
    # Reports have what the shipped ones have.
    reports = after["reports_report"].values()
    columns = ("is_undated", "review", "called")
    assert {one["slug"]: tuple(one[name] for name in columns) for one in reports} == dump.reports
    basis = [one["slug"] for one in after["reports_document"].values() if one["is_the_report"]]
    assert basis == ["a-72-621"]
    # Editions keep their bytes, also of their zips.
    assert not any(one["has_links"] for one in after["projects_edition"].values())
    assert found.files == {slug: digests for slug, (_count, *digests) in dump.editions.items()}
    assert found.changes == dump.edition_changes
    for printed in (found.checks, found.checks_later):
        for slug, (count, digest, _quotations) in dump.editions.items():
            assert f"{slug}: unchanged, {count} projects, {digest}\n" in printed
        assert f"Editions verified: {len(dump.editions)}. Changed: 0.\nFaults: 0.\n" in printed
    # Everybody sees what is public.
    assert found.total == dump.total
    assert {address: tuple(one) for address, one in found.answers.items()} == dump.answers
    assert lacking(found.public, dump.public) == []
    assert "Zonal strategy" not in found.public["/plans/"]  # a draft
    assert "example-" not in found.public["/projects/PVE-001/changes/"]
    # Staff log in with either second factor, and undo what was done before.
    assert found.halfway == [302, 302]
    assert found.by_recovery_code == 200
    assert lacking(found.desk, dump.desk) == []
    assert found.evidence == "%PDF-1.7\nA letter \x00\xff\n%%EOF\n"
    for pk, words in dump.undone.items():
        assert words in found.undone[str(pk)]


REGIONS = ("in_africa", "in_mena", "in_asia", "in_europe", "in_americas")


def drafts_of(before: dict, after: dict) -> dict[str, str]:
    """Return the reference of each draft by that of the placeholder which it was written about."""
    made = after["projects_revision"].keys() - before["projects_revision"].keys()
    revisions = [after["projects_revision"][pk] for pk in made]
    added = (one for one in revisions if one["action"] == "added")
    return {re.search("PVE-[0-9]+", one["reason"])[0]: one["key"] for one in added}


def check_places(before: dict, after: dict, changed: dict) -> None:
    """Take out of `changed` what placeholders are now: bare, their facts with the drafts."""
    projects, was = after["projects_project"], before["projects_project"]
    placeholders = {pk for pk, one in projects.items() if one["provenance"] == "counted"}
    found = changed.get("projects_project", {})
    for pk in [*found]:
        assert found[pk] != GONE and "reference" not in found[pk]
        if pk in placeholders and not projects[pk]["edition_id"]:
            assert projects[pk]["summary"] == projects[pk]["link"] == ""
            assert projects[pk]["scope_basis"] in ("allocated", "")
            del found[pk]
            continue
        # What was filled in is derived again, and nothing else.
        bases = [one for one in ("scope", "regions") if was[pk][f"{one}_basis"] == "allocated"]
        derived = {"scope": {"scope", "scope_basis"}, "regions": {*REGIONS, "regions_basis"}}
        assert found[pk].keys() <= set().union(*(derived[one] for one in bases))
        assert projects[pk]["provenance"] != "counted"
        del found[pk]
    for table in ("projects_comment", "projects_evidence", "projects_quotation"):
        for pk in [*changed.get(table, {})]:
            other = changed[table].pop(pk)
            assert other.keys() <= {"project_id", "reference"}
            assert projects[other["project_id"]]["review"] == "draft"
    for table, column in {"projects_project_countries": "country_id"}.items() | {
        "projects_project_entities": "entity_id"
    }.items():
        gone = changed.pop(table, {})
        assert set(gone.values()) <= {GONE}
        moved = [before[table][pk][column] for pk in gone]
        made = after[table].keys() - before[table].keys()
        assert sorted(moved) == sorted(after[table][pk][column] for pk in made)
    for pk, other in [*changed.get("projects_correction", {}).items()]:
        if other.keys() == {"reference"}:
            del changed["projects_correction"][pk]
    # A sheet that waits keeps its file and its answers.
    for pk, other in [*changed.get("projects_batch", {}).items()]:
        if other != GONE and before["projects_batch"][pk]["sheet"]:
            assert other.keys() <= {"content", "digest", "options"}
            del changed["projects_batch"][pk]


def lacking(pages: dict, expected: dict) -> list:
    """Return the words that pages should say and do not, as where one does not answer."""
    return [
        (address, words)
        for address, said in expected.items()
        for words in said
        if words not in pages[address]
    ]


def test_an_older_database_is_refused_and_left_as_it_is(tmp_path):
    with new_database(tmp_path) as url:
        restore(url, "4ea42ed")
        with opened(url) as database:
            database.cursor().execute("DELETE FROM django_migrations WHERE name LIKE '0033%'")
            database.commit()
        before = contents(url)
        ended = manage("migrate", **environment(url))
        assert ended.returncode == 1
        assert "some of the replaced migrations are already applied" in ended.stderr
        assert contents(url) == before


# Two servers that start at once


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """A database that was empty when two servers started at once: its URL, and what they did."""
    start = "manage.py migrate --verbosity 0 && exec manage.py load_register"
    start = start.replace("manage.py", f"{sys.executable} manage.py")
    with new_database(tmp_path_factory.mktemp("started")) as url:
        both = [
            subprocess.Popen(
                ["sh", "-c", start],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], **environment(url)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for _server in range(2)
        ]
        said = [process.communicate()[0] for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        yield SimpleNamespace(url=url, said=said)


# One schema, however it was made


def schema(url: str) -> list[str]:
    """Return the tables, columns, indexes, constraints and triggers, a line each, sorted.

    With their definitions: what is only in the squashed migrations never reaches a database that
    counts as migrated, and what is only in those that they replace never reaches a new one.
    """
    if url.startswith("sqlite:"):
        lines = []
        for table, sql in rows(url, "SELECT tbl_name, sql FROM sqlite_master WHERE sql <> ''"):
            parts = [sql]
            if sql.startswith("CREATE TABLE"):
                start, end = sql.index("(") + 1, sql.rindex(")")
                parts = [sql[end:], *re.split(r', (?=(?:CONSTRAINT )?")', sql[start:end])]
            lines += [f"{table}: {part}" for part in parts]
        return sorted(lines)
    found = rows(
        url,
        """
        SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length,
            is_nullable, column_default, identity_generation, generation_expression)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', tgenabled, pg_get_triggerdef(oid))
        FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT concat_ws(' ', proname, prosrc)
        FROM pg_proc WHERE proname LIKE 'pvematrix%'
        UNION ALL SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
        UNION ALL SELECT extname FROM pg_extension
        """,
    )
    # A dump that was restored has its casts at other places.
    casts = r"::(?:character varying|text)(?:\[\])?|[()]"
    return sorted(re.sub(casts, "", line) for (line,) in found)


def test_two_that_start_at_once_take_turns_and_get_the_schema_of_any_other(started, new_schema):
    assert sorted("Published the edition" in one for one in started.said) == [False, True]
    assert rows(started.url, "SELECT count(*) FROM projects_edition") == [(2,)]
    assert rows(started.url, "SELECT count(*) FROM projects_project") == [(669,)]
    applied = rows(started.url, "SELECT app, name FROM django_migrations")
    assert len(applied) == len(set(applied))
    assert schema(started.url) == new_schema


@pytest.fixture
def new_schema(django_db_setup, tmp_path):
    """What migrations made of the database of these tests, which was empty."""
    if connection.vendor == "sqlite":
        return schema(f"sqlite:///{template_file()}")
    with new_database(tmp_path, filled=True) as url:
        return schema(url)
