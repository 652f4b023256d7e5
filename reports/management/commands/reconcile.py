"""Prints a report's figures next to the register's counts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects.citations import cited
from reports.models import Report
from reports.reconciliation import Reconciled, all_agree, reconcile, verdict


class Command(BaseCommand):
    help = (
        "Compare the register with a published report, figure by figure. "
        "Exits 1 when a figure differs, 2 when there is no such report."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "symbol",
            nargs="?",
            help="document symbol; default: the newest report that the register is kept equal to",
        )

    def handle(self, *args: Any, symbol: str | None, **options: Any) -> None:
        reports = Report.published.with_figures()
        report = reports.filter(symbol=symbol).first() if symbol else Report.published.basis()
        if report is None:
            symbols = ", ".join(reports.values_list("symbol", flat=True)) or "none"
            raise CommandError(
                f"There is no report “{symbol or ''}”. Reports: {symbols}.", returncode=2
            )
        comparisons = reconcile(report)
        for comparison in comparisons:
            self._line(comparison)
        self.stdout.write(f"\n{report.symbol}: {verdict(report, comparisons)}")
        if not comparisons or all_agree(comparisons) is False:
            raise SystemExit(1)

    def _line(self, comparison: Reconciled) -> None:
        figure = comparison.figure
        published = f"{figure.comparator if figure.comparator != '=' else ''}{figure.value:,}"
        register = "–" if comparison.register is None else comparison.register
        self.stdout.write(
            f"{cited('', figure.paragraph):<17} {comparison.label:<76} published {published:>4}   "
            f"register {register:>4}   {comparison.state}"
        )
