"""Loads the fixtures into an empty database."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from projects.editions import publish
from projects.exclusive import one_at_a_time
from projects.models import Country, Edition, Entity, Project
from reports.models import Document, Report

# Whatever columns come later, the first edition is the same in every register.
FIRST_COLUMNS = (
    "reference title summary priority_area priority_area_basis scope scope_basis regions "
    "regions_basis countries entities status start_date end_date methodology link provenance "
    "source updated_at"
)


def first_edition(report: Report) -> Edition:
    return Edition(
        slug="reconstruction-2017-12",
        name="Reconstruction of A/72/621 (December 2017)",
        # The date of the report.
        date="2017-12",
        report=report.slug,
        columns=FIRST_COLUMNS.split(),
        quotation_columns=["reference", "field", "words", "document", "paragraphs"],
        note=(
            "A table of 223 entries made to fit the totals of A/72/621. The report only counts "
            "211 of them; 12 carry an activity that it describes, without saying whether that is "
            "one of the 223."
        ),
    )


class Command(BaseCommand):
    help = (
        "Load countries, entities, the reports, the text of A/72/621 and the 223 projects, and "
        "publish these as the first edition, all in one transaction, if the database has none of "
        "them yet; otherwise leave everything as it is."
    )

    @one_at_a_time
    @transaction.atomic
    def handle(self, *args, **options):
        for model in (Project, Edition, Report, Document, Entity, Country):
            if model._base_manager.exists():
                self.stdout.write(
                    f"The database already has {model._meta.verbose_name_plural}; kept as it is."
                )
                return
        call_command(
            "loaddata",
            "countries",
            "entities",
            "report",
            "projects",
            "quotations",
            "a-72-621",
            stdout=self.stdout,
            verbosity=options["verbosity"],
        )
        edition = publish(first_edition(Report.published.get(is_basis=True)))
        if options["verbosity"]:
            self.stdout.write(f"Published the edition “{edition}”, SHA-256 {edition.sha256}")
