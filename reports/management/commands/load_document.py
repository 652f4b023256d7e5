"""Loads a document, its text and its statements into a register that does not have them."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reports.loading import load
from reports.models import Document, Paragraph, Statement

MODELS = (Document, Paragraph, Statement)


class Command(BaseCommand):
    help = (
        "Load documents, their paragraphs and statements from a JSON file as in fixtures/: all of "
        "it, checked and recorded, or nothing. Every quotation must be in the paragraphs that "
        "it names. Exits 1 when a record has an error, 2 when the file is not readable."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--missing",
            action="store_true",
            help="leave what is here already as it is, and load the rest",
        )
        parser.add_argument("--reason", default="", help="kept with every change")

    def handle(self, *args: Any, file: Path, missing: bool, reason: str, **options: Any) -> None:
        counts = load(file, MODELS, reason, missing)
        loaded = [f"{counts[model]} {model._meta.verbose_name_plural}" for model in MODELS]
        self.stdout.write(f"Loaded {', '.join(loaded)}.")
