from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0022_contact")]
    operations = [
        migrations.CreateModel(
            name="DataVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("mark", models.BigIntegerField()),
            ],
            options={"verbose_name": "data version", "default_permissions": ()},
        )
    ]
