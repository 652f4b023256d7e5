"""Which entities and projects a statement is tagged with has a basis, as its areas have.

Both are a reading. What ships says that the report states the entities of which its words have the
names: so it is said here of what came with an earlier release.
"""

from django.db import migrations, models

BASES = [
    ("stated", "Stated"),
    ("inferred", "Read from the text"),
    ("allocated", "Assigned to fit the totals"),
]
ALLOWED = "Choose one of: stated, inferred, allocated."


def of(links: str) -> list:
    basis = f"{links}_basis"
    return [
        migrations.AddField(
            model_name="statement",
            name=basis,
            field=models.CharField(
                choices=BASES,
                default="inferred",
                error_messages={"invalid_choice": ALLOWED},
                max_length=10,
                verbose_name=f"basis of the {links}",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q((f"{basis}__in", [value for value, _label in BASES])),
                name=f"statement_{basis}",
                violation_error_code=basis,
                violation_error_message=ALLOWED,
            ),
        ),
    ]


def is_named(entity, words: str) -> bool:
    names = [entity.acronym, entity.name, *filter(None, entity.aliases.split(";"))]
    return any(name in words for name in names)


def say_what_is_stated(apps, _editor):
    statements = apps.get_model("reports", "Statement")._default_manager
    for one in statements.filter(document__symbol="A/72/621").prefetch_related("entities"):
        entities = one.entities.all()
        if entities and all(is_named(entity, one.quotation) for entity in entities):
            statements.filter(pk=one.pk).update(entities_basis="stated")


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0033_count_indexes"),
        ("reports", "0012_plans_in_order"),
    ]

    operations = [
        *of("entities"),
        *of("projects"),
        migrations.RunPython(say_what_is_stated, migrations.RunPython.noop),
    ]
