"""Writes the fixtures of projects and quotations from the report's figures and its words."""

import csv
import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from projects.ranges import PUBLISHED_DIMENSIONS, Totals
from projects.text import cited
from projects.vocabulary import REGION_COLUMNS, Review
from reports.reconstruction import reconstruct

FIXTURES = settings.BASE_DIR / "fixtures"


class Command(BaseCommand):
    help = (
        "Build the projects that a report counts, from its figures and from the activities that it "
        "describes, and write them as a fixture. Without --report it is the one that the register "
        "is kept equal to, and the words that these were read from are written too. The same "
        "figures always give the same bytes."
    )

    def add_arguments(self, parser):
        parser.add_argument("--report", default="", help="the symbol of a report in the figures")
        parser.add_argument("--figures", default=FIXTURES / "report.json")
        parser.add_argument("--named", default=FIXTURES / "named_projects.csv")
        parser.add_argument("--output", default=FIXTURES / "projects.json")
        parser.add_argument("--quotations", default=FIXTURES / "quotations.json")

    def handle(self, *args, report, figures, named, output, **options):
        try:
            records = json.loads(Path(figures).read_text(encoding="utf-8"))
            source, totals = _published(records, report)
            projects = reconstruct(source, totals, _lines(named))
        except (KeyError, ValueError) as error:
            raise CommandError(f"{figures}: {error} Nothing was written.") from error
        if not report:
            quotations = options["quotations"]
            symbol, _comma, _paragraph = source.partition(",")
            lines = _lines(FIXTURES / "described_evidence.csv")
            _write(quotations, [_quotation(symbol, line) for line in lines])
            self.stdout.write(f"{len(lines)} quotations written to {quotations}")
        records = [_record(project) for project in projects]
        _write(output, records)
        self.stdout.write(f"{len(records)} projects written to {output}")


def _published(records: list[dict], symbol: str) -> tuple[str, Totals]:
    for record in records:
        fields = record["fields"]
        is_wanted = fields.get("symbol") == symbol if symbol else fields.get("is_basis")
        if record["model"] == "reports.report" and is_wanted:
            symbol = fields["symbol"]
            break
    else:
        raise ValueError(f"It has no report “{symbol}”.")
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
