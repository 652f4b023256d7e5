"""The lines of a file that waits for confirmation: one after the other, not all as one text."""

import gzip
import json
import zlib

from django.db import migrations


def waiting(apps):
    return apps.get_model("projects", "Batch").objects.filter(kind="import", applied_at=None)


def one_after_the_other(apps, schema_editor):
    for batch in waiting(apps):
        lines = json.loads(zlib.decompress(bytes(batch.content)))
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        batch.content = gzip.compress(text.encode(), compresslevel=1)
        batch.save(update_fields=["content"])


def as_one_text(apps, schema_editor):
    for batch in waiting(apps):
        text = gzip.decompress(bytes(batch.content)).decode()
        lines = [json.loads(line) for line in text.split("\n") if line]
        batch.content = zlib.compress(json.dumps(lines, ensure_ascii=False).encode(), level=1)
        batch.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [("projects", "0015_quotations_of_editions")]

    operations = [migrations.RunPython(one_after_the_other, as_one_text)]
