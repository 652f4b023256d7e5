"""Plans become statements of the kind “plan”, with their history and the corrections of them."""

from django.db import migrations, models

import projects.text

LEVELS = {"national_plan": "National plan", "regional_plan": "Regional plan"}
STATUSES = {"in-preparation": "in preparation", "adopted": "adopted", "ended": "ended"}
# The column that has what a column of plans had, where it is not one of the same name.
COLUMNS = {
    **{"country": "place", "organization": "place", "source": "source", "link": "source"},
    **{"level": "summary", "status": "summary", "adopted_on": "summary"},
}
# The codes of the statements that ship, which an older register may lack, end with L15.
LAST_SHIPPED = 15
EMPTY = {
    **{"category": "", "quotation": "", "document": None, "paragraphs": "", "mentioned_in": ""},
    **{"basis": "inferred", "entities_basis": "inferred", "projects_basis": "inferred"},
    **{"about": None, "parent": None, "position": 0, "addressee": "", "date": "", "end_date": ""},
    **{"timing": "", "figure": "", "unit": "", "base": "", "size": "", "caveat": ""},
    "answered_by": None,
}


def statement_of(plan, code, countries):
    """Return the values of the statement that a plan with these values is."""
    status = STATUSES.get(plan["status"], "")
    day = f"({plan['adopted_on']})" if plan["adopted_on"] else ""
    state = " ".join(filter(None, [status, day]))
    return EMPTY | {
        "code": code,
        "kind": "plan",
        "title": plan["title"],
        "summary": f"{'; '.join(filter(None, [LEVELS[plan['level']], state]))}.",
        "source": ", ".join(filter(None, [plan["source"], plan["link"]])),
        "areas": plan["areas"],
        "areas_basis": "inferred" if plan["areas"] else "",
        "projects": plan["projects"],
        "place": plan["organization"] or countries.get(plan["country"], plan["country"] or ""),
    }


def in_history(plan, code, countries):
    """Return the snapshot of the statement for that of a plan, None for none."""
    if plan is None:
        return None
    review = {"review": plan["review"]} if "review" in plan else {}
    return statement_of(plan, code, countries) | {"entities": []} | review


def keep_keys(apps, schema_editor):
    """Let no new statement get the key of a deleted one, whose history names it.

    SQLite makes a table again to alter it, and then counts from the highest key that is left.
    """
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "UPDATE sqlite_sequence SET seq = max(seq, coalesce((SELECT max(object_id) "
            "FROM projects_revision JOIN django_content_type ON content_type_id = "
            "django_content_type.id WHERE app_label = 'reports' AND model = 'statement'), 0)) "
            "WHERE name = 'reports_statement'"
        )


def move(apps, schema_editor):
    model = {name: apps.get_model("reports", name) for name in ("Plan", "Statement")}
    of_register = ("Revision", "Correction", "Country", "Batch")
    model |= {name: apps.get_model("projects", name) for name in of_register}
    types = apps.get_model("contenttypes", "ContentType")
    waiting = model["Batch"]._base_manager.filter(
        applied_at=None, options__table__in=["statements", "plans", "reports"]
    )
    if count := waiting.delete()[1].get("projects.Batch"):
        print(f"Removed files of statements, plans or reports that waited: {count}.")
    model["Batch"]._base_manager.filter(options__table="plans").update(
        options={"table": "statements"}
    )
    type_of = {
        name: types.objects.filter(app_label="reports", model=name).first()
        for name in ("plan", "statement")
    }
    if type_of["plan"] is None:
        return
    countries = dict(model["Country"]._base_manager.values_list("code", "name"))
    revisions = model["Revision"]._base_manager.filter(content_type=type_of["plan"]).order_by("pk")
    plans = {one.pk: one for one in model["Plan"]._base_manager.order_by("pk")}
    had = model["Revision"]._base_manager.filter(
        content_type=type_of["statement"], key__startswith="L"
    )
    codes = {
        *model["Statement"]
        ._base_manager.filter(code__startswith="L")
        .values_list("code", flat=True),
        *had.order_by().values_list("key", flat=True),
    }
    number = max(LAST_SHIPPED, *(int(one[1:]) for one in codes if one[1:].isdecimal()))
    for pk in dict.fromkeys([*plans, *revisions.values_list("object_id", flat=True)]):
        number += 1
        code, plan = f"L{number:02}", plans.get(pk)
        of_it = list(revisions.filter(object_id=pk))
        # Of a deleted one, what it was last.
        values = (
            {
                **{name: getattr(plan, name) for name in ("title", "level", "organization")},
                **{name: getattr(plan, name) for name in ("status", "adopted_on", "areas")},
                **{name: getattr(plan, name) for name in ("projects", "source", "link")},
                **{"country": plan.country and plan.country.code, "review": plan.review},
                "slug": plan.slug,
            }
            if plan
            else of_it[-1].old
        )
        named = statement_of(values, code, countries)
        for name in ("document", "about", "parent", "answered_by"):
            del named[name]
        made = model["Statement"](**named, former_slug=values["slug"])
        made.review = values.get("review", "reviewed")
        made.save()
        for one in of_it:
            one.old, one.new = (in_history(side, code, countries) for side in (one.old, one.new))
            one.content_type, one.object_id, one.key = type_of["statement"], made.pk, code
            one.save()
        for one in model["Correction"]._base_manager.filter(reference=values["slug"]):
            if one.column in COLUMNS:
                one.value = f"{one.column.replace('_', ' ').capitalize()}: {one.value}"[:2000]
            one.reference, one.column = code, COLUMNS.get(one.column, one.column)
            one.save()
        if plan is None:
            made.delete()
            print(f"Moved: the history of the deleted plan {values['slug']} is that of {code}.")
        else:
            print(f"Moved: the plan {values['slug']} is now the statement {code}.")
    # With the permissions of plans, which groups may have.
    type_of["plan"].delete()


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("projects", "0040_saved_lists_removed"),
        ("reports", "0015_facts_needs_and_counts"),
    ]

    operations = [
        migrations.RemoveConstraint("statement", "statement_quotation"),
        migrations.AddField(
            "statement",
            "former_slug",
            models.CharField(blank=True, editable=False, max_length=50, default=""),
            preserve_default=False,
        ),
        migrations.AlterField(
            "statement",
            "place",
            models.CharField(
                blank=True,
                max_length=200,
                validators=[projects.text.validate_one_line],
                verbose_name="place",
            ),
        ),
        migrations.AlterField(
            "statement",
            "source",
            models.CharField(
                blank=True,
                help_text="Without a document: symbol, title or address, and the place",
                max_length=900,
                validators=[projects.text.validate_one_line],
                verbose_name="source",
            ),
        ),
        migrations.AddConstraint(
            "statement",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quotation", ""), _negated=True),
                    ("kind__in", ["theme", "plan"]),
                    _connector="OR",
                ),
                name="statement_quotation",
                violation_error_code="quotation",
                violation_error_message="Quote the words; only a theme or a plan has none.",
            ),
        ),
        migrations.RunPython(keep_keys, migrations.RunPython.noop),
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
