"""Loads a document, its text and its statements into a register that does not have them."""

from collections import Counter
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers import deserialize
from django.core.serializers.base import DeserializationError, DeserializedObject

from projects.history import recording
from reports.models import Document, Paragraph, Statement

MODELS = (Document, Paragraph, Statement)


class Command(BaseCommand):
    help = (
        "Load documents, their paragraphs and statements from a JSON file as in fixtures/: all of "
        "it, checked and recorded, or nothing. Every quotation must stand in the paragraphs that "
        "it names. Exits 1 when a record has a fault, 2 when the "
        "file is not readable."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--missing",
            action="store_true",
            help="leave what is here already as it is, and load the rest",
        )
        parser.add_argument("--reason", default="", help="kept with every change")

    def handle(self, *args, file, missing, reason, **options):
        counts: Counter = Counter()
        try:
            text = file.read_text(encoding="utf-8")
            with recording(reason=reason or f"Loaded from {file.name}"):
                for found in deserialize("json", text):
                    if missing and found.object.pk:
                        continue
                    self._save(found)
                    counts[type(found.object)] += 1
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}", returncode=2) from error
        except DeserializationError as error:
            why = error.__cause__ or error
            raise CommandError(
                f"{file}, record {counts.total() + 1}: {why}", returncode=2
            ) from error
        except ValidationError as error:
            problems = " ".join(error.messages)
            raise CommandError(f"{file}, record {counts.total() + 1}: {problems}") from error
        loaded = [f"{counts[model]} {model._meta.verbose_name_plural}" for model in MODELS]
        self.stdout.write(f"Loaded {', '.join(loaded)}.")

    def _save(self, found: DeserializedObject) -> None:
        record = found.object
        if not isinstance(record, MODELS):
            raise ValidationError(
                "%(model)s: only documents, paragraphs and statements are loaded.",
                params={"model": record._meta.label},
            )
        if record.pk:
            raise ValidationError(
                "“%(record)s” is here already; staff change it at the desk.",
                params={"record": record},
            )
        record.full_clean()
        record.save()
        for name, linked in (found.m2m_data or {}).items():
            getattr(record, name).set(linked)
