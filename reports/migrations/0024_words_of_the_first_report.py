from django.db import migrations

# Statements of the first report, by their codes: what was shipped, and what its words bear.
SHIPPED = {
    "G34": {
        # It “aims at” them; none is told.
        "kind": ("practice", "fact"),
        "category": ("", "communications"),
        "title": (
            "Adoption and sharing of good practices by the industry",
            "Tech Against Terrorism aims at the adoption and sharing of good practices",
        ),
    },
    # What it says would help, before it urges Member States to do so.
    "G45": {"kind": ("practice", "fact"), "category": ("", "community engagement")},
    "V08": {
        "title": (
            "Some 152 Member States called for more international cooperation",
            "Some 152 Member States called for more international cooperation against the scourge "
            "of terrorism",
        )
    },
    "T07": {
        "caveat": (
            "A/72/621, para. 26, speaks of sections III.B to G; section H is there as well.",
            "A/72/621, para. 26 names sections III.B to G as those of the areas that General "
            "Assembly resolution 70/109 highlighted; section III.H is not among them.",
        )
    },
}
NOTE = (
    "To document hate crimes is for authorities that States designate ({cite:A/72/621#para-49}): "
    "this register does not.",
    "It welcomes authorities that Member States have established or designated to document hate "
    "crimes ({cite:A/72/621#para-49}): this register documents none.",
)
OF_REGIONS = "regional projects related to preventing violent extremism"


def correct(apps, schema_editor):
    """Write what the report says, where nobody has written anything else."""
    of = {"document__symbol": "A/72/621", "code__in": SHIPPED}
    for one in apps.get_model("reports", "Statement")._base_manager.filter(**of):
        wrong = SHIPPED[one.code]
        if all(getattr(one, name) == old for name, (old, _new) in wrong.items()):
            for name, (_old, new) in wrong.items():
                setattr(one, name, new)
            one.save()  # with the words that a search finds
    for note in apps.get_model("reports", "Note")._base_manager.filter(text__contains=NOTE[0]):
        note.text = note.text.replace(*NOTE)
        note.save()
    figures = apps.get_model("reports", "Figure")._base_manager
    own = figures.filter(report__symbol="A/72/621", query__startswith="region=", population="")
    own.update(population=OF_REGIONS)


class Migration(migrations.Migration):
    dependencies = [("reports", "0023_headings")]

    operations = [migrations.RunPython(correct, migrations.RunPython.noop)]
