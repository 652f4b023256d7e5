"""Loads a document, its text and its statements into a register that does not have them."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers import deserialize
from django.core.serializers.base import DeserializationError
from django.db.models import Model

from projects.history import recording
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
        parser.add_argument("--reason", default="", help="kept with every change")

    def handle(self, *args: Any, file: Path, reason: str, **options: Any) -> None:
        counts: Counter[type[Model]] = Counter()
        try:
            text = file.read_text(encoding="utf-8")
            with recording(reason=reason or f"Loaded from {file.name}"):
                for deserialized in deserialize("json", text):
                    _save(deserialized)
                    counts[type(deserialized.object)] += 1
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}", returncode=2) from error
        except DeserializationError as error:
            why = error.__cause__ or error
            text = f"{file}, record {counts.total() + 1}: {why}"
            raise CommandError(text, returncode=2) from error
        except ValidationError as error:
            problems = " ".join(error.messages)
            raise CommandError(f"{file}, record {counts.total() + 1}: {problems}") from error
        loaded = [f"{counts[model]} {model._meta.verbose_name_plural}" for model in MODELS]
        self.stdout.write(f"Loaded {', '.join(loaded)}.")


def _save(deserialized: Any) -> None:
    record = deserialized.object
    if type(record) not in MODELS:
        allowed = ", ".join(str(one._meta.verbose_name_plural) for one in MODELS)
        raise ValidationError(f"{record._meta.label}: only these are loaded: {allowed}.")
    if record.pk:
        raise ValidationError(f"“{record}” is here already; staff change it at the desk.")
    record.full_clean()
    record.save()
    for name, linked in (deserialized.m2m_data or {}).items():
        getattr(record, name).set(linked)
