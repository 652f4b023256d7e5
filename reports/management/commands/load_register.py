"""Loads the fixtures into an empty database, and publishes the editions that ship."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from projects import places
from projects.editions import publish
from projects.history import unrecorded
from projects.locks import start_alone
from projects.models import Country, Edition, Entity, Project, Quotation
from projects.text import day_in_words
from reports.models import (
    Document,
    Report,
    published_figures,
)
from reports.overview import description_of

# Whatever columns come later, the editions that ship are the same in every register.
FIRST_COLUMNS = (
    "reference title summary priority_area priority_area_basis scope scope_basis regions "
    "regions_basis countries entities status start_date end_date methodology link provenance "
    "source updated_at"
)
SECOND = "reconstruction-2026-11"
READ_AGAIN = (
    " Since the first edition five activities were corrected, to say no more than the report."
)


def first_edition(report: Report) -> Edition:
    month = report.date[:7]
    return Edition(
        slug=f"reconstruction-{month}",
        name=f"Reconstruction of {report.symbol} ({day_in_words(month)})",
        date=month,
        report=report.slug,
        has_filled_in=True,
        columns=FIRST_COLUMNS.split(),
        quotation_columns=["reference", "field", "words", "document", "paragraphs"],
        note=description_of(Project.published.cubes(), published_figures()),
    )


class Command(BaseCommand):
    help = (
        "Load countries, entities, the reports, the text of the one that is the basis and the "
        "table made to fit its totals. Publish it as the first edition and, corrected, as the "
        "second. All of it is one transaction; a database that has any of them stays as it is."
    )
    # `migrate`, which runs before it at every start, made them.
    requires_system_checks: list[str] = []

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        start_alone()
        for model in (Project, Edition, Report, Document, Entity, Country):
            if model._base_manager.exists():
                self.stdout.write(
                    f"The database already has {model._meta.verbose_name_plural}; kept as it is."
                )
                return
        streams = {"stdout": self.stdout, "verbosity": options["verbosity"]}
        fixtures = ("countries", "entities", "report", "projects", "quotations", "second_person")
        call_command("loaddata", *fixtures, **streams)
        report = Report.published.get(is_basis=True)
        call_command("loaddata", report.slug, **streams)
        of_matrix = {"report": report.slug, "holds_place": True}
        with unrecorded("the fixture's rows are those of the report's matrix"):
            Project.live.update(**of_matrix)
        first, second = first_edition(report), first_edition(report)
        publish(first)
        with unrecorded("the fixture has those that are left"):
            Quotation.objects.filter(project__edition=None).delete()
        call_command("loaddata", "corrected", **streams)
        with unrecorded("the same of the corrected ones"):
            Project.live.update(**of_matrix)
        second.slug, second.columns = SECOND, [*first.columns, "in_matrix"]
        second.name = f"Reconstruction of {report.symbol}, corrected (November 2026)"
        second.note += READ_AGAIN
        for edition in (first, publish(second)):
            if options["verbosity"]:
                self.stdout.write(f"Published the edition “{edition}”, SHA-256 {edition.sha256}")
        places.update()
