from django.db import migrations, models


def fill(apps, schema_editor):
    """Say of the entries that are only counted, in editions too, that they are in the matrix.

    The files of editions do not have the column: their bytes stay.
    """
    is_guarded = schema_editor.connection.vendor == "postgresql"
    if is_guarded:
        schema_editor.execute("ALTER TABLE projects_project DISABLE TRIGGER frozen_update")
    counted = apps.get_model("projects", "Project")._base_manager.filter(provenance="counted")
    counted.update(in_matrix="yes")
    if is_guarded:
        schema_editor.execute("ALTER TABLE projects_project ENABLE TRIGGER frozen_update")


class Migration(migrations.Migration):
    dependencies = [("projects", "0036_combination_computed_in_queries")]
    operations = [
        migrations.AddField(
            "project",
            "in_matrix",
            models.CharField(
                choices=[("yes", "Yes"), ("no", "No"), ("not-stated", "Not stated")],
                default="not-stated",
                error_messages={"invalid_choice": "Choose one of: yes, no, not-stated."},
                help_text="Whether a source says that the project is one that the report counts",
                max_length=10,
                verbose_name="in the matrix",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            "project",
            models.CheckConstraint(
                condition=models.Q(in_matrix__in=["yes", "no", "not-stated"]),
                name="project_in_matrix",
                violation_error_code="in_matrix",
                violation_error_message="Choose one of: yes, no, not-stated.",
            ),
        ),
    ]
