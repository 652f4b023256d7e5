"""What the product is made of: every package pinned by hash, containers with little to lose."""

import re

import pytest

from .conftest import ROOT
from .sbom import bill

FILES = (
    *("requirements", "requirements-dev", "requirements-tools", "requirements-bench"),
    "requirements-clients",
)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pins(written: str) -> dict[str, str]:
    """Return versions by name as names are compared: small, with hyphens, without extras."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[a-z0-9,-]+\])?==([^\s\\]+)", written, re.MULTILINE)
    return {re.sub(r"[._-]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_pinned_by_hash(name):
    written = text(f"{name}.txt")
    packages = re.split(r"\n(?=[a-z0-9])", written)[1:]
    assert len(packages) > 25
    for package in packages:
        assert re.match(
            r"[a-z0-9._-]+(\[[a-z0-9,-]+\])?==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", package
        ), package
    chosen = pins(text(f"{name}.in"))
    assert chosen
    assert chosen.items() <= pins(written).items(), "run make requirements"


def test_tests_run_with_the_versions_of_the_product():
    assert pins(text("requirements.txt")).items() <= pins(text("requirements-dev.txt")).items()


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile", "docs/operators.md"])
def test_nothing_is_installed_without_its_hash(name):
    for line in text(name).splitlines():
        if "pip install" in line and "\\" not in line:
            assert "--require-hashes" in line, line


def test_one_postgresql_everywhere():
    """The image has the client of the server's version, which the release of Debian decides."""
    for name in ("compose.yaml", "compose.scale.yaml"):
        assert "image: postgres:17\n" in re.sub(r"@sha256:[0-9a-f]+", "", text(name))
    assert re.match(r"FROM python:3\.13-slim-trixie(@sha256:[0-9a-f]{64})?\n", text("Dockerfile"))
    assert " postgresql-client-17 " in text("Dockerfile")
    assert "PostgreSQL 17" in text("docs/operators.md")


def test_containers_have_no_more_than_they_need():
    for setting in ("read_only: true", "cap_drop: [ALL]", "mem_limit: ", "tmpfs: ", "pids_limit: "):
        assert text("compose.yaml").count(f"    {setting}") == 2, setting


def test_the_site_gets_no_secret_that_it_does_not_read():
    web = text("compose.yaml").partition("  web:\n")[2].partition("  db:\n")[0]
    assert "env_file" not in text("compose.yaml") + text("compose.scale.yaml")
    given = set(re.findall(r"^      ([A-Z_]+):", web, re.MULTILINE))
    known = set(re.findall(r"^([A-Z_]+)=", text(".env.example"), re.MULTILINE))
    assert known - given == {
        *("BACKUP_PASSPHRASE", "POSTGRES_PASSWORD", "REPLICATION_PASSWORD", "VALKEY_PASSWORD"),
        *("DEBUG", "STATIC_ROOT"),
    }
    assert given <= known
    # What may read all databases has a password of its own.
    standby = text("compose.scale.yaml").partition("  standby:\n")[2].partition("  valkey:\n")[0]
    assert "PGPASSWORD: ${REPLICATION_PASSWORD:?set it in .env}" in standby
    assert "POSTGRES_PASSWORD" not in standby


def test_the_inventory_of_secrets_names_each_that_the_site_reads():
    inventory = text("docs/operators.md").partition("## Change of keys")[2].partition("\n## ")[0]
    read = re.findall(
        r"^(\w*(?:KEYS?|SECRET|PASSPHRASE|_URL))=", text(".env.example"), re.MULTILINE
    )
    assert len(read) == 7
    assert [one for one in read if one not in inventory] == ["OIDC_SERVER_URL"]


def test_so_have_those_that_come_when_one_machine_is_not_enough():
    """The site's and the primary's are those of compose.yaml, with more said about them."""
    written = text("compose.scale.yaml")
    services = ("read_only: true", "cap_drop: [ALL]", "mem_limit: ", "tmpfs: ", "pids_limit: ")
    for setting in (*services, 'security_opt: ["no-new-privileges:true"]', "image: "):
        assert written.count(f"    {setting}") == 3, setting
    assert "./deploy/nginx.conf:" in written
    # Only the proxy can be reached from outside.
    assert re.findall(r"^    ports: (.+)$", written, re.MULTILINE) == [
        '["80:80", "443:443"]',
        "!reset []",
    ]


def test_the_bill_of_materials_has_versions_hashes_and_licences():
    """Read from what is installed: no network."""
    found = {one["name"]: one for one in bill()["components"]}
    assert {name: one["version"] for name, one in found.items()} == pins(text("requirements.txt"))
    assert [name for name, one in found.items() if not one["licenses"]] == []
    hashes = [one["externalReferences"][0]["hashes"] for one in found.values()]
    assert sum(map(len, hashes)) == text("requirements.txt").count("--hash=sha256:")
    assert found["plotly"]["licenses"] == [{"expression": "MIT"}]
    assert found["cryptography"]["licenses"] == [{"expression": "Apache-2.0 OR BSD-3-Clause"}]
    # What is no SPDX expression is given as it is declared, and else as the package's file.
    assert found["django-filter"]["licenses"] == [{"license": {"name": "BSD License"}}]
