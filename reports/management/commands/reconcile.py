"""Prints a report's figures beside the register's counts."""

from django.core.management.base import BaseCommand, CommandError

from projects.models import Project
from reports.models import Report
from reports.reconciliation import all_agree, literal_reading, reconcile, verdict


class Command(BaseCommand):
    help = (
        "Compare the register with a published report, figure by figure. "
        "Exits 1 when a figure differs, 2 when there is no such report."
    )

    def add_arguments(self, parser):
        parser.add_argument("symbol", nargs="?", help="document symbol; default: the newest report")

    def handle(self, *args, symbol, **options):
        report = Report.objects.filter(symbol=symbol).first() if symbol else None
        report = report or (None if symbol else Report.objects.newest())
        if report is None:
            known = ", ".join(Report.objects.values_list("symbol", flat=True)) or "none"
            raise CommandError(
                f"There is no report “{symbol or ''}”. Reports: {known}.", returncode=2
            )
        cube = Project.objects.cube()
        comparisons = reconcile(report.figures.all(), cube)
        for comparison in comparisons:
            self._line(comparison)
        literal = literal_reading(report.figures.all(), cube)
        if literal:
            self.stdout.write("\nRead literally, of the regional projects alone:")
        for comparison in literal:
            self._line(comparison)
        self.stdout.write(f"\n{report.symbol}: {verdict(comparisons)}.")
        if not all_agree(comparisons):
            raise SystemExit(1)

    def _line(self, comparison):
        figure = comparison.figure
        self.stdout.write(
            f"para. {figure.paragraph:<7} {figure.label:<66} published {figure.value:>4}   "
            f"register {comparison.register:>4}   {comparison.state}"
        )
