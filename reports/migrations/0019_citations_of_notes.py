import re

from django.db import migrations, models

import projects.citations
import projects.text

_LIST = r"([0-9]+(?:(?:, | and )[0-9]+)*)"


def with_markers(text, symbol):
    """Return a note in English with a marker for each citation."""

    def places(found):
        return ",".join(re.findall("[0-9]+", found))

    text = re.sub(
        rf"([AES]/[0-9]+/[0-9]+), paras?\. {_LIST}",
        lambda found: f"{{cite:{found[1]}#para-{places(found[2])}}}",
        text,
    )
    text = re.sub(r"([AES]/[0-9]+/[0-9]+), footnote ([0-9]+)", r"{cite:\1#fn-\2}", text)
    text = re.sub(r"([Pp]aragraph) ([0-9]+)", rf"{{cite:{symbol}#para-\2|\1 \2}}", text)
    return re.sub(
        rf"paragraphs {_LIST}", lambda found: f"{{cite:{symbol}#para-{places(found[1])}}}", text
    )


def write_markers(apps, schema_editor):
    """Write markers into the notes that nobody has edited: their history says what the others are.

    So a note of the fixture keeps its translations, which are found by its text.
    """
    edited = apps.get_model("projects", "Revision").objects.filter(
        content_type__app_label="reports", content_type__model="note"
    )
    notes = apps.get_model("reports", "Note")._base_manager.filter(language="en")
    for note in notes.exclude(pk__in=edited.values("object_id")):
        marked = with_markers(note.text, note.report.symbol)
        if marked != note.text and "{cite:" not in note.text:
            type(note)._base_manager.filter(pk=note.pk).update(text=marked)


class Migration(migrations.Migration):
    dependencies = [("reports", "0018_places"), ("projects", "0043_what_sources_cite")]

    operations = [
        migrations.AlterField(
            "note",
            "text",
            models.TextField(
                help_text="A citation is written so: {cite:A/74/677#para-8}.",
                validators=[
                    projects.text.validate_plain_text,
                    projects.citations.validate_markers,
                ],
                verbose_name="text",
            ),
        ),
        migrations.RunPython(write_markers, migrations.RunPython.noop),
    ]
