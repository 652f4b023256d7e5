from django.db import migrations, models

OF_SCOPE = {
    "scope": ("global", "regional", "national"),
    "scope_basis": ("stated", "inferred", "allocated"),
}
CHOOSE_BASIS = "Give the basis of the scope; leave it empty when there is no scope."


def one_of(name, values):
    return models.CheckConstraint(
        condition=models.Q((f"{name}__in", [*values, ""])),
        name=f"project_{name}",
        violation_error_code=name,
        violation_error_message=f"Choose one of: {', '.join(values)}.",
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0040_saved_lists_removed")]

    operations = [
        migrations.RemoveIndex("project", "edition_area"),
        migrations.RemoveIndex("project", "edition_scope"),
        *(migrations.RemoveConstraint("project", f"project_{name}") for name in OF_SCOPE),
        migrations.AlterField(
            "project",
            "scope",
            models.CharField(
                "scope",
                max_length=10,
                blank=True,
                choices=[("global", "Global"), ("regional", "Regional"), ("national", "National")],
                error_messages={"invalid_choice": "Choose one of: global, regional, national."},
            ),
        ),
        migrations.AlterField(
            "project",
            "scope_basis",
            models.CharField(
                "basis of the scope",
                max_length=10,
                blank=True,
                choices=[
                    ("stated", "Stated"),
                    ("inferred", "Our reading"),
                    ("allocated", "Not stated"),
                ],
                error_messages={"invalid_choice": "Choose one of: stated, inferred, allocated."},
            ),
        ),
        *(migrations.AddConstraint("project", one_of(*one)) for one in OF_SCOPE.items()),
        migrations.AddConstraint(
            "project",
            models.CheckConstraint(
                condition=models.Q(scope="", scope_basis="")
                | (~models.Q(scope="") & ~models.Q(scope_basis="")),
                name="project_scope_basis_if_scope",
                violation_error_code="scope_basis",
                violation_error_message=CHOOSE_BASIS,
            ),
        ),
        # Those that are published have files with filled-in values; new ones do not.
        migrations.AddField(
            "edition", "has_filled_in", models.BooleanField(default=True, editable=False)
        ),
        migrations.AlterField(
            "edition", "has_filled_in", models.BooleanField(default=False, editable=False)
        ),
    ]
