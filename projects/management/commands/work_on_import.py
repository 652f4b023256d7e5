"""Does what a page of the desk began and cannot wait for: see projects.imports.background."""

import logging
import os
import resource

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.utils import translation

from projects.imports import background
from projects.imports.background import Task
from projects.imports.batches import apply, preview, undo
from projects.imports.lines import Refused
from projects.models import Batch

security = logging.getLogger("pvematrix.security")
# What it may take: seconds of computing, bytes of addresses.
SECONDS, MEMORY = 600, 1_000_000_000


class Command(BaseCommand):
    help = (
        "Preview, apply or undo an import that the desk began: the desk alone starts this. It says "
        "how far it is in an open file whose number it is given."
    )

    # The server made them when it started.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("task", type=Task, choices=[*Task])
        parser.add_argument("batch", type=int)
        parser.add_argument("--told-to", type=int, required=True, metavar="NUMBER")
        parser.add_argument("--by", type=int, required=True, metavar="ACCOUNT")
        parser.add_argument("--digest", default="")
        parser.add_argument("--reason", default="")
        parser.add_argument("--language", default="en")

    def handle(self, *args, task, by, told_to, **options):
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        os.nice(5)  # pages come first
        account = get_user_model().objects.get(pk=by)
        with (
            os.fdopen(told_to, "a") as file,
            translation.override(options["language"]),
            background.in_turn(),
        ):
            background.forget_old()
            try:
                self._work(task, options, account, lambda n: background.tell(file, done=n))
            except Refused as error:
                detail = f"{task.value} of import {options['batch']}: {error}"
                security.warning(
                    "import_refused", extra={"user": account.get_username(), "detail": detail}
                )
                background.tell(file, is_over=True, refused=str(error))
            else:
                background.tell(file, is_over=True)

    def _work(self, task, options, account, progress):
        batch = Batch.objects.get(pk=options["batch"])
        match task:
            case Task.PREVIEW:
                background.keep_preview(batch, preview(batch, progress))
            case Task.APPLY:
                apply(batch, options["digest"], account, options["reason"], progress)
            case Task.UNDO:
                undo(batch, account, options["reason"], progress)
