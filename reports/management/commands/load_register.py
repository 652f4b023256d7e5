"""Loads the fixtures into an empty database."""

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from projects.editions import publish
from projects.exclusive import exclusively
from projects.models import Country, Edition, Entity, Project
from projects.text import day_in_words
from reports.linked_data import description_of
from reports.models import Document, Report, published_figures

# Whatever columns come later, the first edition is the same in every register.
FIRST_COLUMNS = (
    "reference title summary priority_area priority_area_basis scope scope_basis regions "
    "regions_basis countries entities status start_date end_date methodology link provenance "
    "source updated_at"
)


def first_edition(report: Report) -> Edition:
    month = report.date[:7]
    return Edition(
        slug=f"reconstruction-{month}",
        name=f"Reconstruction of {report.symbol} ({day_in_words(month)})",
        date=month,
        report=report.slug,
        columns=FIRST_COLUMNS.split(),
        quotation_columns=["reference", "field", "words", "document", "paragraphs"],
        note=description_of(Project.published.cube(), published_figures()),
    )


class Command(BaseCommand):
    help = (
        "Load countries, entities, the reports, the text of the one that is the basis and the "
        "table made to fit its totals, and publish it as the first edition, in one transaction, "
        "if the database has none of them yet; otherwise leave everything as it is."
    )

    @exclusively()
    @transaction.atomic
    def handle(self, *args, **options):
        for model in (Project, Edition, Report, Document, Entity, Country):
            if model._base_manager.exists():
                self.stdout.write(
                    f"The database already has {model._meta.verbose_name_plural}; kept as it is."
                )
                return
        known = {"stdout": self.stdout, "verbosity": options["verbosity"]}
        fixtures = ("countries", "entities", "report", "projects", "quotations")
        call_command("loaddata", *fixtures, **known)
        report = Report.published.get(is_basis=True)
        call_command("loaddata", report.slug, **known)
        edition = publish(first_edition(report))
        if options["verbosity"]:
            self.stdout.write(f"Published the edition “{edition}”, SHA-256 {edition.sha256}")
