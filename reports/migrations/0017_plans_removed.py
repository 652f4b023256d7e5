from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0016_plans_as_statements")]

    operations = [migrations.DeleteModel("Plan")]
