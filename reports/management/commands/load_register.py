"""Loads the fixtures into an empty database."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from projects.models import Country, Entity, Project
from reports.models import Report


class Command(BaseCommand):
    help = (
        "Load countries, entities, the report and the 223 projects, all in one transaction, "
        "if the database has none of them yet; otherwise leave everything as it is."
    )

    def handle(self, *args, **options):
        for model in (Project, Report, Entity, Country):
            if model.objects.exists():
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
            stdout=self.stdout,
            verbosity=options["verbosity"],
        )
