from django.db import migrations


def say_of_which_matrix(apps, schema_editor):
    """Say of entries that are not in the matrix that it is the one of the basis report."""
    reports = apps.get_model("reports", "Report")._base_manager
    public = reports.exclude(review__in=("draft", "set-aside"))
    basis = public.filter(is_basis=True).order_by("-date", "symbol").first()
    if basis:
        rows = apps.get_model("projects", "Project")._base_manager
        rows.filter(edition=None, in_matrix="no", report="").update(report=basis.slug)


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0019_citations_of_notes"),
        ("projects", "0044_three_kinds_of_entries"),
    ]

    operations = [migrations.RunPython(say_of_which_matrix, migrations.RunPython.noop)]
