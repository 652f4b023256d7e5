from django.db import migrations, models


def basis(**more):
    return models.CharField(
        choices=[("stated", "Stated"), ("inferred", "Our reading"), ("allocated", "Not stated")],
        error_messages={"invalid_choice": "Choose one of: stated, inferred, allocated."},
        max_length=10,
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [("reports", "0015_later_counts")]
    operations = [
        migrations.AlterField("statement", name, basis(verbose_name=label, **more))
        for name, label, more in (
            ("areas_basis", "basis of the priority areas", {"blank": True}),
            ("basis", "basis", {"default": "inferred"}),
            ("entities_basis", "basis of the entities", {"default": "inferred"}),
            ("projects_basis", "basis of the projects", {"default": "inferred"}),
        )
    ]
