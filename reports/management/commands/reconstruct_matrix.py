"""Writes the fixtures of projects and quotations from the report's figures and its words."""

import csv
import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from projects.vocabulary import REGION_COLUMNS, Review
from reports.reconstruction import reconstruct

SYMBOL = "A/72/621"
FIXTURES = settings.BASE_DIR / "fixtures"


class Command(BaseCommand):
    help = (
        "Build the projects that A/72/621 counts, from fixtures/report.json and "
        "fixtures/named_projects.csv, and write them to fixtures/projects.json; and the words that "
        "these were read from, from fixtures/described_evidence.csv to fixtures/quotations.json. "
        "The same figures always give the same bytes."
    )

    def add_arguments(self, parser):
        parser.add_argument("--figures", default=FIXTURES / "report.json")
        parser.add_argument("--output", default=FIXTURES / "projects.json")
        parser.add_argument("--quotations", default=FIXTURES / "quotations.json")

    def handle(self, *args, figures, output, quotations, **options):
        published: dict[str, dict[str, int]] = {}
        with open(figures, encoding="utf-8") as file:
            for record in json.load(file):
                if record["model"] == "reports.figure":
                    fields = record["fields"]
                    dimension, _equals, slug = fields["query"].partition("=")
                    if fields["report"] == [SYMBOL]:
                        published.setdefault(dimension, {})[slug] = fields["value"]
        try:
            projects = reconstruct(
                published[""][""],
                published["priority_area"],
                published["scope"],
                published["region"],
                _lines("named_projects.csv"),
            )
        except ValueError as error:
            raise CommandError(f"{figures}: {error} Nothing was written.") from error
        quoted = [_quotation(line) for line in _lines("described_evidence.csv")]
        _write(quotations, quoted)
        self.stdout.write(f"{len(quoted)} quotations written to {quotations}")
        records = [_record(project) for project in projects]
        _write(output, records)
        self.stdout.write(f"{len(records)} projects written to {output}")


def _lines(name: str) -> list[dict[str, str]]:
    with open(FIXTURES / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path, records: list[dict]) -> None:
    with open(path, "w", encoding="utf-8") as file:
        json.dump(records, file, indent=2, ensure_ascii=False)
        file.write("\n")


def _quotation(line: dict[str, str]) -> dict:
    fields = {"project": [line["reference"]], "field": line["field"], "words": line["words"]}
    fields |= {"document": SYMBOL, "paragraphs": line["paragraph"]}
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
