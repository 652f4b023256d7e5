"""How the first edition was made: projects from the report's figures and from its own words.

`fixtures/projects.json` and `quotations.json` are frozen; a test compares them with what this
writes. `python -m tests.reconstruction` writes them.
"""

import csv
import json
from pathlib import Path

from projects.ranges import PUBLISHED_DIMENSIONS, Totals
from projects.text import cited
from projects.vocabulary import (
    REGION_COLUMNS,
    InMatrix,
    Provenance,
    Region,
    Review,
    Status,
)
from reports.reconstruction import placeholders

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


def write_fixtures(projects: Path, quotations: Path, figures: Path = FIXTURES / "report.json"):
    """Write the projects that the report counts, and the words that entries were read from.

    Raises ValueError for figures that do not add up; then nothing is written.
    """
    source, totals = _published(json.loads(figures.read_text(encoding="utf-8")))
    made = reconstruct(source, totals, _lines(FIXTURES / "named_projects.csv"))
    symbol, _comma, _paragraph = source.partition(",")
    lines = _lines(FIXTURES / "described_evidence.csv")
    _write(quotations, [_quotation(symbol, line) for line in lines])
    _write(projects, [_record(one) for one in made])


def reconstruct(source: str, totals: Totals, named: list[dict]) -> list[dict]:
    """Return the projects as dictionaries of field values, those named first.

    `source` is where a report counts by area, `named` are rows like those of named_projects.csv.
    Raises ValueError for totals that do not add up.
    """
    symbol, _comma, _paragraph = source.partition(",")
    described = [_described(symbol, row) for row in named]
    projects = [*described, *placeholders(source, totals, described)]
    for number, project in enumerate(projects, start=1):
        project["reference"] = f"PVE-{number:03d}"
    return projects


def _described(symbol: str, row: dict) -> dict:
    project = row | {
        "regions": [region for region in Region.values if region in row["regions"].split(";")],
        "entities": row["entities"].split(";"),
        "status": row["status"] or Status.NOT_STATED.value,
        "provenance": Provenance.NAMED.value,
        "in_matrix": InMatrix.NOT_STATED.value,
        "source": cited(symbol, row["paragraphs"]),
    }
    del project["paragraphs"]
    return project


def _published(records: list[dict]) -> tuple[str, Totals]:
    (symbol,) = (one["fields"]["symbol"] for one in records if one["fields"].get("is_basis"))
    found: dict[str, dict[str, int]] = {"priority_area": {}, "scope": {}, "region": {}}
    paragraph = ""
    for record in records:
        fields = record["fields"]
        if record["model"] == "reports.figure" and fields["report"] == [symbol]:
            dimension, _equals, slug = fields["query"].partition("=")
            found.setdefault(dimension, {})[slug] = fields["value"]
            paragraph = fields["paragraph"] if dimension == "priority_area" else paragraph
    dimensions = (found[one] for one in PUBLISHED_DIMENSIONS)
    return cited(symbol, paragraph), Totals(found[""][""], *dimensions)


def _lines(path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path, records: list[dict]) -> None:
    text = json.dumps(records, indent=2, ensure_ascii=False)
    Path(path).write_text(f"{text}\n", encoding="utf-8")


def _quotation(symbol: str, line: dict[str, str]) -> dict:
    fields = {"project": [line["reference"]], "field": line["field"], "words": line["words"]}
    fields |= {"document": symbol, "paragraphs": line["paragraph"]}
    return {"model": "projects.quotation", "fields": fields}


# The day of the reconstruction. Given, so that the register that ships has the same rows, and its
# first edition the same fingerprint, wherever it is loaded.
RECONSTRUCTED = "2026-11-25T00:00:00Z"


def _record(project: dict) -> dict:
    fields = {"reference": project["reference"], **project}
    regions = fields.pop("regions")
    fields |= {column: region in regions for region, column in REGION_COLUMNS.items()}
    fields["updated_at"] = RECONSTRUCTED
    fields["review"] = Review.REVIEWED.value
    fields["entities"] = [[acronym] for acronym in project.get("entities", [])]
    return {"model": "projects.project", "fields": fields}


if __name__ == "__main__":
    write_fixtures(FIXTURES / "projects.json", FIXTURES / "quotations.json")
