"""What a plan is called differs from what projects and statements are: small letters."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0010_review")]

    operations = [
        migrations.AlterField(
            model_name="plan",
            name="slug",
            field=models.CharField(
                help_text="Names the plan in addresses. It never changes.",
                max_length=50,
                unique=True,
                validators=[
                    django.core.validators.RegexValidator(
                        r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
                        "Small letters, digits and single hyphens, e.g. kenya-2016.",
                    )
                ],
                verbose_name="slug",
            ),
        ),
    ]
