"""Records from JSON files as in fixtures/, each checked and recorded."""

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.serializers import deserialize
from django.core.serializers.base import DeserializationError
from django.db.models import Model

from projects.history import recording

from .models import Report


def load(
    file: Path, models: Collection[type[Model]], reason: str, missing: bool = False
) -> Counter[type[Model]]:
    """Save all records of a file, or none; return how many of each model.

    With `missing` what is here stays as it is, reports with all their parts. Raises CommandError:
    1 where a record is wrong or here already, 2 where the file is not readable.
    """
    counts: Counter[type[Model]] = Counter()
    here = {*Report.live.values_list("pk", flat=True)} if missing else set()
    try:
        text = file.read_text(encoding="utf-8")
        with recording(reason=reason or f"Loaded from {file.name}"):
            for deserialized in deserialize("json", text):
                record = deserialized.object
                if missing and (record.pk or getattr(record, "report_id", None) in here):
                    continue
                _save(deserialized, models)
                counts[type(record)] += 1
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file}: {error}", returncode=2) from error
    except DeserializationError as error:
        why = error.__cause__ or error
        raise CommandError(f"{file}, record {counts.total() + 1}: {why}", returncode=2) from error
    except ValidationError as error:
        problems = " ".join(error.messages)
        raise CommandError(f"{file}, record {counts.total() + 1}: {problems}") from error
    return counts


def _save(deserialized: Any, models: Collection[type[Model]]) -> None:
    record = deserialized.object
    if type(record) not in models:
        allowed = ", ".join(str(one._meta.verbose_name_plural) for one in models)
        raise ValidationError(
            "%(model)s: only these are loaded: %(allowed)s.",
            params={"model": record._meta.label, "allowed": allowed},
        )
    if record.pk:
        raise ValidationError(
            "“%(record)s” is here already; staff change it at the desk.",
            params={"record": record},
        )
    if isinstance(record, Report) and Report.live.filter(is_basis=True).exists():
        record.is_basis = False
    record.full_clean()
    record.save()
    for name, linked in (deserialized.m2m_data or {}).items():
        getattr(record, name).set(linked)
