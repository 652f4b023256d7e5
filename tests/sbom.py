"""Writes the bill of materials: each package of the product with version, hashes and licence.

What is installed has to be what is pinned, since a licence is read from the package itself. So
nothing is asked of a network, and the same packages give the same bytes.
"""

import json
import re
from contextlib import suppress
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

ROOT = Path(__file__).resolve().parent.parent
_PIN = re.compile(
    r"^([a-z0-9._-]+)(?:\[[a-z,-]+\])?==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$",
    re.MULTILINE,
)
_APPROVED = "License :: OSI Approved :: "


def bill() -> dict[str, Any]:
    """Return it in CycloneDX 1.6."""
    pinned = _PIN.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "pvematrix"}},
        "components": [_component(*one) for one in pinned],
    }


def _component(name: str, version: str, hashes: str) -> dict[str, Any]:
    installed = distribution(name)
    if installed.version != version:
        raise SystemExit(f"{name} {version} is pinned, but {installed.version} is installed.")
    files = {
        "type": "distribution",
        "url": f"https://pypi.org/project/{name}/{version}/",
        "hashes": [
            {"alg": "SHA-256", "content": one} for one in re.findall("[0-9a-f]{64}", hashes)
        ],
    }
    return {
        "type": "library",
        "bom-ref": f"{name}=={version}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "licenses": _licences(installed),
        "externalReferences": [files],
    }


def _licences(installed: Distribution) -> list[dict[str, Any]]:
    """Return the SPDX expression that a package declares, or what else it says of its licence."""
    said = installed.metadata
    free = said.get("License", "")
    for text in (said.get("License-Expression", ""), free):
        with suppress(InvalidLicenseExpression):
            return [{"expression": canonicalize_license_expression(text)}]
    classified = [one for one in said.get_all("Classifier", []) if one.startswith(_APPROVED)]
    names = [one.removeprefix(_APPROVED) for one in classified] or free.splitlines()[:1]
    if names:
        return [{"license": {"name": name}} for name in names]
    files = [one for one in installed.files or [] if one.name.upper().startswith("LICEN")]
    texts = [{"content": one.read_text(encoding="utf-8")} for one in files]
    return [{"license": {"name": "License file", "text": text}} for text in texts]


if __name__ == "__main__":
    file = ROOT / "sbom.cdx.json"
    file.write_text(json.dumps(bill(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{file.name} is written")
