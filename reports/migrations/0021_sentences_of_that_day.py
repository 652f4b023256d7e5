from django.db import migrations

# Of the notes as they were shipped: what is no more true once no placeholder is left.
TRUE_THEN = {
    "This register is a table of 223 entries": "This register began as a table of 223 entries",
    "reading. Where the counts that are over stand is": (
        "reading. As long as it has placeholders, where the counts that are over stand is"
    ),
    "So 0 to 27 are possible": "So, by the totals alone, 0 to 27 are possible",
}


def write(apps, schema_editor):
    """Write what stays true into the notes that nobody has edited."""
    edited = apps.get_model("projects", "Revision").objects.filter(
        content_type__app_label="reports", content_type__model="note"
    )
    notes = apps.get_model("reports", "Note")._base_manager.filter(language="en")
    for note in notes.exclude(pk__in=edited.values("object_id")):
        text = note.text
        for old, new in TRUE_THEN.items():
            text = text.replace(old, new)
        if text != note.text:
            type(note)._base_manager.filter(pk=note.pk).update(text=text)


class Migration(migrations.Migration):
    dependencies = [("reports", "0020_matrix_of_no")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
