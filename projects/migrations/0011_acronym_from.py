"""Where an entity’s acronym comes from: the report prints three of sixteen."""

from django.db import migrations, models

# What A/72/621 prints, and what is a code of ours; the others are in general use.
KNOWN = {
    "report": ["UNDP", "UNESCO", "UN-Women"],
    "register": ["CTITF-WGC", "CTITF-WGG", "HLAG-PVE", "OGPRtoP"],
    "in-use": ["CTC", "CTED", "CTITF", "DPI", "OCT", "OHCHR", "UNAOC", "UNCCT", "UNODC"],
}


def say_where_from(apps, schema_editor):
    """Say it of the entities that shipped; of those that staff added they know it themselves."""
    entities = apps.get_model("projects", "Entity").objects.using(schema_editor.connection.alias)
    for source, acronyms in KNOWN.items():
        entities.filter(acronym__in=acronyms).update(acronym_from=source)


class Migration(migrations.Migration):
    dependencies = [("projects", "0010_quotation")]

    operations = [
        migrations.AddField(
            model_name="entity",
            name="acronym_from",
            field=models.CharField(
                blank=True,
                choices=[
                    ("report", "The report uses it"),
                    ("in-use", "In general use"),
                    ("register", "Code of this register"),
                ],
                error_messages={"invalid_choice": "Choose one of: report, in-use, register."},
                help_text="Does the report use it, is it in general use, or is it ours? Empty: unknown.",
                max_length=10,
                verbose_name="where the acronym comes from",
            ),
        ),
        migrations.AddConstraint(
            model_name="entity",
            constraint=models.CheckConstraint(
                condition=models.Q(("acronym_from__in", ["report", "in-use", "register", ""])),
                name="entity_acronym_from",
                violation_error_code="acronym_from",
                violation_error_message="Choose one of: report, in-use, register.",
            ),
        ),
        migrations.RunPython(say_where_from, migrations.RunPython.noop),
    ]
