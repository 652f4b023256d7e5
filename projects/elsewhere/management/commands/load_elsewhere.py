"""Loads the projects elsewhere that ship, and what is judged of them."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from projects.elsewhere.loading import plan_of
from projects.elsewhere.models import Judgement, Record
from projects.elsewhere.reading import Reading
from projects.history import RecordedModel, Revision, unrecorded
from projects.imports.names import rows_of
from projects.locks import start_alone

FOLDER = settings.BASE_DIR / "fixtures" / "elsewhere"


class Command(BaseCommand):
    help = (
        "Load the projects of other publishers that ship, and the judgements that ship with them. "
        "What staff imported or judged since, or deleted, stays as it is."
    )
    # `migrate`, which runs before it at every start, made them.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        start_alone()
        with unrecorded("what ships is in no revision, so that what staff did can be told apart"):
            with (FOLDER / "records.jsonl").open(encoding="utf-8") as lines:
                plan = plan_of(map(Reading.of_json, lines))
            of_staff = self._touched(Record)
            new = [one for one in plan.new if one.key not in of_staff]
            changed = [one for record, one in plan.changed if record.key not in of_staff]
            Record.objects.bulk_create(
                [Record.of(one) for one in (*new, *changed)],
                update_conflicts=True,
                unique_fields=["key"],
                update_fields=["data_set", "published", "sha256", "updated_at"],
            )
            judged = self._judge()
        if verbosity:
            self.stdout.write(
                f"Projects elsewhere: {len(new)} added, {len(changed)} changed; "
                f"{judged} judgements added."
            )

    def _touched(self, model: type[RecordedModel]) -> set[str]:
        """Return the keys of the records that staff added, changed or deleted."""
        return set(Revision.objects.of_model(model).order_by().values_list("key", flat=True))

    def _judge(self) -> int:
        """Add the judgements that were never there; return how many these are."""
        shipped = [Judgement(**one) for one in rows_of("judgements", FOLDER)]
        there = {*Judgement.objects.values_list("key", flat=True), *self._touched(Judgement)}
        new = [one for one in shipped if one.key not in there]
        for one in new:
            one.full_clean()
        Judgement.objects.bulk_create(new)
        return len(new)
