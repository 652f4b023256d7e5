"""The register as it stood at 0f7b048: six migrations in one. What came after has its own."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import projects.history.recorder
import projects.models.base
import projects.models.fields
import projects.text


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("projects", "0001_initial"),
        ("projects", "0002_editions"),
        ("projects", "0003_history"),
        ("projects", "0004_review"),
        ("projects", "0005_corrections"),
        ("projects", "0006_plain_links"),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("import", "Import"), ("undo", "Undo")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=200, verbose_name="file")),
                ("content", models.BinaryField(blank=True, default=bytes)),
                ("options", models.JSONField(blank=True, default=dict)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("added", models.PositiveIntegerField(default=0, verbose_name="added")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("deleted", models.PositiveIntegerField(default=0, verbose_name="deleted")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="reason",
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=150, verbose_name="by")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="applied")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="projects.batch",
                        verbose_name="undoes",
                    ),
                ),
            ],
            options={
                "verbose_name": "batch",
                "verbose_name_plural": "batches",
                "ordering": ["-pk"],
                "permissions": [
                    ("import_projects", "Can import projects"),
                    ("undo_batch", "Can undo an import"),
                ],
                "default_permissions": ["view"],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=40, verbose_name="project")),
                (
                    "column",
                    models.CharField(
                        choices=[
                            ("title", "title"),
                            ("summary", "summary"),
                            ("priority_area", "priority_area"),
                            ("scope", "scope"),
                            ("regions", "regions"),
                            ("countries", "countries"),
                            ("entities", "entities"),
                            ("status", "status"),
                            ("start_date", "start_date"),
                            ("end_date", "end_date"),
                            ("methodology", "methodology"),
                            ("link", "link"),
                            ("provenance", "provenance"),
                            ("source", "source"),
                        ],
                        max_length=30,
                        verbose_name="field",
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        max_length=2000,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="proposed value",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        max_length=500,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="source",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="reported"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("applied", "Applied"),
                            ("declined", "Declined"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="answer")),
                ("handled_at", models.DateTimeField(blank=True, null=True, verbose_name="handled")),
                (
                    "handled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handled by",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["-pk"],
                "default_permissions": ["view", "change"],
            },
        ),
        migrations.CreateModel(
            name="Country",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="ISO 3166-1 alpha-3, e.g. KEN.",
                        max_length=3,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}\\Z", "Three capital letters, e.g. KEN."
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "m49",
                    models.CharField(
                        help_text="Three digits of the United Nations standard M49, e.g. 404.",
                        max_length=3,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9]{3}\\Z", "Three digits, e.g. 404."
                            )
                        ],
                        verbose_name="M49 code",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="The English name in the United Nations standard M49.",
                        max_length=200,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="name",
                    ),
                ),
                (
                    "search_text",
                    projects.models.fields.FoldedField(
                        editable=False, length=None, sources=("code", "name")
                    ),
                ),
            ],
            options={
                "verbose_name": "country",
                "verbose_name_plural": "countries",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Z]{3}\\Z")),
                        name="country_code",
                        violation_error_code="code",
                        violation_error_message="Three capital letters.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("m49__regex", "^[0-9]{3}\\Z")),
                        name="country_m49",
                        violation_error_code="m49",
                        violation_error_message="Three digits.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="Stands in web addresses, e.g. 2026-december. It never changes.",
                        unique=True,
                        verbose_name="slug",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="How the edition is cited, e.g. A/72/621, December 2017.",
                        max_length=100,
                        unique=True,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="name",
                    ),
                ),
                (
                    "date",
                    projects.models.fields.PartialDateField(
                        help_text="When its figures held: 2017, 2017-12 or 2017-12-01.",
                        max_length=10,
                        verbose_name="date",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        help_text="What the edition rests on, and what changed since the one before.",
                        max_length=2000,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="note",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        default=projects.models.base.this_second,
                        editable=False,
                        verbose_name="published",
                    ),
                ),
                (
                    "count",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="projects"),
                ),
                (
                    "sha256",
                    models.CharField(
                        blank=True, editable=False, max_length=64, verbose_name="SHA-256"
                    ),
                ),
            ],
            options={
                "verbose_name": "edition",
                "verbose_name_plural": "editions",
                "ordering": ["-date", "-published_at", "-pk"],
                "permissions": [("publish_edition", "Can publish an edition")],
                "default_permissions": ["view"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("slug", "live"), _negated=True),
                        name="edition_slug",
                        violation_error_code="slug",
                        violation_error_message="“live” means the register as it is now: choose another.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "^\\s*\\Z"), _negated=True),
                        name="edition_name",
                        violation_error_code="name",
                        violation_error_message="A name is needed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "date__regex",
                                "^(?!0000)([0-9]{4}|[0-9]{4}-(0[1-9]|1[0-2])|[0-9]{4}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|[0-9]{4}-(0[469]|11)-(0[1-9]|[12][0-9]|30)|[0-9]{4}-02-(0[1-9]|1[0-9]|2[0-8])|[0-9]{2}(0[48]|[2468][048]|[13579][26])-02-29|([02468][048]|[13579][26])00-02-29)\\Z",
                            )
                        ),
                        name="edition_date",
                        violation_error_code="date",
                        violation_error_message="This is not a date: write YYYY, YYYY-MM or YYYY-MM-DD, e.g. 2017-06.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "acronym",
                    models.CharField(
                        help_text="Letters, digits and hyphens, e.g. UN-Women. It stands in web addresses: changing it breaks bookmarks.",
                        max_length=30,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9]+(-[A-Za-z0-9]+)*\\Z",
                                "Letters, digits and single hyphens only, e.g. UN-Women.",
                            )
                        ],
                        verbose_name="acronym",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=300,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="name",
                    ),
                ),
                (
                    "aliases",
                    models.CharField(
                        blank=True,
                        help_text="Other acronyms and names in use, separated by semicolons.",
                        max_length=500,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="other names",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        help_text="For example: office, programme, specialized agency, working group.",
                        max_length=60,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="kind",
                    ),
                ),
                (
                    "search_text",
                    projects.models.fields.FoldedField(
                        editable=False, length=None, sources=("acronym", "name")
                    ),
                ),
            ],
            options={
                "verbose_name": "entity",
                "verbose_name_plural": "entities",
                "ordering": ["search_text"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("acronym__regex", "^[A-Za-z0-9]+(-[A-Za-z0-9]+)*\\Z"),
                            models.Q(("acronym__iexact", "not-stated"), _negated=True),
                        ),
                        name="entity_acronym",
                        violation_error_code="acronym",
                        violation_error_message="Letters, digits and single hyphens only; “not-stated” is reserved.",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("acronym"),
                        name="entity_acronym_once",
                        violation_error_code="acronym",
                        violation_error_message="Another entity has this acronym, capitals aside.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="entity_name",
                        violation_error_code="name",
                        violation_error_message="A name is needed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        help_text="PVE- and three to twelve digits, e.g. PVE-224. It never changes.",
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^PVE-[0-9]{3,12}\\Z",
                                "PVE- and three to twelve digits, e.g. PVE-224.",
                            )
                        ],
                        verbose_name="reference",
                    ),
                ),
                (
                    "number",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.text.Substr("reference", 5),
                            models.BigIntegerField(),
                        ),
                        output_field=models.BigIntegerField(),
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        max_length=300,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="title",
                    ),
                ),
                (
                    "summary",
                    models.CharField(
                        blank=True,
                        help_text="What the project does, as far as the source says. Leave empty if it does not.",
                        max_length=4000,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="summary",
                    ),
                ),
                (
                    "priority_area",
                    models.CharField(
                        choices=[
                            (
                                "governance",
                                "Strengthening good governance, human rights and the rule of law",
                            ),
                            (
                                "education",
                                "Education, skills development and employment facilitation",
                            ),
                            ("dialogue", "Dialogue and conflict prevention"),
                            ("youth", "Empowering youth"),
                            (
                                "communications",
                                "Strategic communications, the Internet and social media",
                            ),
                            ("gender", "Gender equality and empowering women"),
                            ("communities", "Engaging communities"),
                            ("other", "Other areas"),
                        ],
                        error_messages={
                            "invalid_choice": "Choose one of: governance, education, dialogue, youth, communications, gender, communities, other."
                        },
                        max_length=20,
                        verbose_name="priority area",
                    ),
                ),
                (
                    "priority_area_basis",
                    models.CharField(
                        choices=[
                            ("stated", "Stated"),
                            ("inferred", "Inferred"),
                            ("allocated", "Allocated"),
                        ],
                        error_messages={
                            "invalid_choice": "Choose one of: stated, inferred, allocated."
                        },
                        help_text="Does the source state it, did you infer it, or was it allocated?",
                        max_length=10,
                        verbose_name="basis of the priority area",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("global", "Global"),
                            ("regional", "Regional"),
                            ("national", "National"),
                        ],
                        error_messages={
                            "invalid_choice": "Choose one of: global, regional, national."
                        },
                        max_length=10,
                        verbose_name="scope",
                    ),
                ),
                (
                    "scope_basis",
                    models.CharField(
                        choices=[
                            ("stated", "Stated"),
                            ("inferred", "Inferred"),
                            ("allocated", "Allocated"),
                        ],
                        error_messages={
                            "invalid_choice": "Choose one of: stated, inferred, allocated."
                        },
                        max_length=10,
                        verbose_name="basis of the scope",
                    ),
                ),
                ("in_africa", models.BooleanField(default=False, verbose_name="Africa")),
                (
                    "in_mena",
                    models.BooleanField(default=False, verbose_name="Middle East and North Africa"),
                ),
                ("in_asia", models.BooleanField(default=False, verbose_name="Asia")),
                ("in_europe", models.BooleanField(default=False, verbose_name="Europe")),
                ("in_americas", models.BooleanField(default=False, verbose_name="Americas")),
                (
                    "regions_basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stated", "Stated"),
                            ("inferred", "Inferred"),
                            ("allocated", "Allocated"),
                        ],
                        error_messages={
                            "invalid_choice": "Choose one of: stated, inferred, allocated."
                        },
                        help_text="Leave empty for a global project: it has no region.",
                        max_length=10,
                        verbose_name="basis of the regions",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("ongoing", "Ongoing"),
                            ("completed", "Completed"),
                            ("not-stated", "Not stated"),
                        ],
                        default="not-stated",
                        error_messages={
                            "invalid_choice": "Choose one of: planned, ongoing, completed, not-stated."
                        },
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "start_date",
                    projects.models.fields.PartialDateField(
                        blank=True,
                        help_text="As precise as the source: 2017, 2017-06 or 2017-06-24.",
                        max_length=10,
                        verbose_name="start date",
                    ),
                ),
                (
                    "end_date",
                    projects.models.fields.PartialDateField(
                        blank=True,
                        help_text="As precise as the source: 2017, 2017-06 or 2017-06-24.",
                        max_length=10,
                        verbose_name="end date",
                    ),
                ),
                (
                    "methodology",
                    models.CharField(
                        blank=True,
                        help_text="How the project works, e.g. “Capacity-building workshops”.",
                        max_length=500,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="methodology",
                    ),
                ),
                (
                    "link",
                    models.URLField(
                        blank=True,
                        help_text="A page about the project, starting with https://.",
                        max_length=500,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="link",
                    ),
                ),
                (
                    "provenance",
                    models.CharField(
                        choices=[
                            ("counted", "Counted"),
                            ("named", "Named"),
                            ("confirmed", "Confirmed"),
                        ],
                        error_messages={
                            "invalid_choice": "Choose one of: counted, named, confirmed."
                        },
                        help_text="Counted: the report only counts it. Named: the report describes an activity that fits. Confirmed: you confirm the entry from the source that you cite below.",
                        max_length=10,
                        verbose_name="provenance",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="Document symbol and paragraphs, e.g. A/72/621, para. 34.",
                        max_length=300,
                        validators=[projects.text.validate_plain_text],
                        verbose_name="source",
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        default=projects.models.base.this_second,
                        editable=False,
                        verbose_name="last changed",
                    ),
                ),
                (
                    "review",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("changed", "Changed since review"),
                            ("reviewed", "Reviewed"),
                        ],
                        default="draft",
                        editable=False,
                        error_messages={
                            "invalid_choice": "Choose one of: draft, changed, reviewed."
                        },
                        max_length=10,
                        verbose_name="review",
                    ),
                ),
                (
                    "search_text",
                    projects.models.fields.FoldedField(
                        editable=False,
                        length=None,
                        sources=("reference", "title", "summary", "methodology"),
                    ),
                ),
                (
                    "title_sort",
                    projects.models.fields.FoldedField(
                        editable=False, length=200, sources=("title",)
                    ),
                ),
                (
                    "combination",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Concat(
                            models.F("priority_area"),
                            models.Value("|"),
                            models.F("scope"),
                            models.Value("|"),
                            models.F("status"),
                            models.Value("|"),
                            models.F("provenance"),
                            models.Value("|"),
                            models.F("priority_area_basis"),
                            models.Value("|"),
                            models.F("scope_basis"),
                            models.Value("|"),
                            models.F("regions_basis"),
                            models.Value("|"),
                            models.Case(
                                models.When(in_africa=True, then=models.Value("1")),
                                default=models.Value("0"),
                            ),
                            models.Case(
                                models.When(in_mena=True, then=models.Value("1")),
                                default=models.Value("0"),
                            ),
                            models.Case(
                                models.When(in_asia=True, then=models.Value("1")),
                                default=models.Value("0"),
                            ),
                            models.Case(
                                models.When(in_europe=True, then=models.Value("1")),
                                default=models.Value("0"),
                            ),
                            models.Case(
                                models.When(in_americas=True, then=models.Value("1")),
                                default=models.Value("0"),
                            ),
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "countries",
                    projects.history.recorder.RecordedManyToManyField(
                        blank=True, to="projects.country", verbose_name="countries"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.edition",
                        verbose_name="edition",
                    ),
                ),
                (
                    "entities",
                    projects.history.recorder.RecordedManyToManyField(
                        blank=True, to="projects.entity", verbose_name="entities"
                    ),
                ),
            ],
            options={
                "verbose_name": "project",
                "verbose_name_plural": "projects",
                "ordering": ["number"],
                "permissions": [("review_project", "Can publish drafts and sign changes off")],
                "indexes": [
                    models.Index(
                        fields=["edition", "number", "id", "review"], name="edition_number"
                    ),
                    models.Index(
                        fields=["edition", "combination", "review"], name="edition_combination"
                    ),
                    models.Index(fields=["edition", "title_sort", "number"], name="edition_title"),
                    models.Index(fields=["edition", "updated_at", "number"], name="edition_update"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "reference"), name="edition_reference"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("edition", None)),
                        fields=("reference",),
                        name="project_reference_once",
                        violation_error_code="reference",
                        violation_error_message="Another project has this reference.",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.comparison.Cast(
                            django.db.models.functions.text.Substr("reference", 5),
                            models.BigIntegerField(),
                        ),
                        condition=models.Q(("edition", None)),
                        name="project_number",
                        violation_error_code="reference",
                        violation_error_message="Another project has this number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reference__regex", "^PVE-[0-9]{3,12}\\Z")),
                        name="project_reference",
                        violation_error_code="reference",
                        violation_error_message="PVE- and three to twelve digits, e.g. PVE-224.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title__regex", "^\\s*\\Z"), _negated=True),
                        name="project_title",
                        violation_error_code="title",
                        violation_error_message="A title is needed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="project_source",
                        violation_error_code="source",
                        violation_error_message="A source is needed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "priority_area__in",
                                [
                                    "governance",
                                    "education",
                                    "dialogue",
                                    "youth",
                                    "communications",
                                    "gender",
                                    "communities",
                                    "other",
                                ],
                            )
                        ),
                        name="project_priority_area",
                        violation_error_code="priority_area",
                        violation_error_message="Choose one of: governance, education, dialogue, youth, communications, gender, communities, other.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("priority_area_basis__in", ["stated", "inferred", "allocated"])
                        ),
                        name="project_priority_area_basis",
                        violation_error_code="priority_area_basis",
                        violation_error_message="Choose one of: stated, inferred, allocated.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["global", "regional", "national"])),
                        name="project_scope",
                        violation_error_code="scope",
                        violation_error_message="Choose one of: global, regional, national.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scope_basis__in", ["stated", "inferred", "allocated"])
                        ),
                        name="project_scope_basis",
                        violation_error_code="scope_basis",
                        violation_error_message="Choose one of: stated, inferred, allocated.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("regions_basis__in", ["stated", "inferred", "allocated", ""])
                        ),
                        name="project_regions_basis",
                        violation_error_code="regions_basis",
                        violation_error_message="Choose one of: stated, inferred, allocated.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["planned", "ongoing", "completed", "not-stated"])
                        ),
                        name="project_status",
                        violation_error_code="status",
                        violation_error_message="Choose one of: planned, ongoing, completed, not-stated.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("provenance__in", ["counted", "named", "confirmed"])),
                        name="project_provenance",
                        violation_error_code="provenance",
                        violation_error_message="Choose one of: counted, named, confirmed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("review__in", ["draft", "changed", "reviewed"])),
                        name="project_review",
                        violation_error_code="review",
                        violation_error_message="Choose one of: draft, changed, reviewed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("start_date", ""),
                            (
                                "start_date__regex",
                                "^(?!0000)([0-9]{4}|[0-9]{4}-(0[1-9]|1[0-2])|[0-9]{4}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|[0-9]{4}-(0[469]|11)-(0[1-9]|[12][0-9]|30)|[0-9]{4}-02-(0[1-9]|1[0-9]|2[0-8])|[0-9]{2}(0[48]|[2468][048]|[13579][26])-02-29|([02468][048]|[13579][26])00-02-29)\\Z",
                            ),
                            _connector="OR",
                        ),
                        name="project_start_date",
                        violation_error_code="start_date",
                        violation_error_message="This is not a date: write YYYY, YYYY-MM or YYYY-MM-DD, e.g. 2017-06.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("end_date", ""),
                            (
                                "end_date__regex",
                                "^(?!0000)([0-9]{4}|[0-9]{4}-(0[1-9]|1[0-2])|[0-9]{4}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|[0-9]{4}-(0[469]|11)-(0[1-9]|[12][0-9]|30)|[0-9]{4}-02-(0[1-9]|1[0-9]|2[0-8])|[0-9]{2}(0[48]|[2468][048]|[13579][26])-02-29|([02468][048]|[13579][26])00-02-29)\\Z",
                            ),
                            _connector="OR",
                        ),
                        name="project_end_date",
                        violation_error_code="end_date",
                        violation_error_message="This is not a date: write YYYY, YYYY-MM or YYYY-MM-DD, e.g. 2017-06.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("scope", "global"), _negated=True),
                            models.Q(
                                ("in_africa", False),
                                ("in_americas", False),
                                ("in_asia", False),
                                ("in_europe", False),
                                ("in_mena", False),
                            ),
                            _connector="OR",
                        ),
                        name="project_global_no_region",
                        violation_error_code="scope",
                        violation_error_message="A global project has no region: clear the regions or change the scope.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scope", "global"),
                            models.Q(
                                ("in_africa", False),
                                ("in_americas", False),
                                ("in_asia", False),
                                ("in_europe", False),
                                ("in_mena", False),
                                _negated=True,
                            ),
                            _connector="OR",
                        ),
                        name="project_region_needed",
                        violation_error_code="scope",
                        violation_error_message="A regional or national project needs at least one region.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("in_africa", False),
                                ("in_americas", False),
                                ("in_asia", False),
                                ("in_europe", False),
                                ("in_mena", False),
                                ("regions_basis", ""),
                            ),
                            models.Q(
                                models.Q(
                                    ("in_africa", False),
                                    ("in_americas", False),
                                    ("in_asia", False),
                                    ("in_europe", False),
                                    ("in_mena", False),
                                    _negated=True,
                                ),
                                models.Q(("regions_basis", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="project_regions_basis_if_regions",
                        violation_error_code="regions_basis",
                        violation_error_message="Give the basis of the regions; leave it empty when there is no region.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("start_date", ""),
                            ("end_date", ""),
                            ("end_date__gte", models.F("start_date")),
                            ("start_date__startswith", models.F("end_date")),
                            _connector="OR",
                        ),
                        name="project_dates_in_order",
                        violation_error_code="end_date",
                        violation_error_message="The end date is before the start date.",
                    ),
                ],
            },
            managers=[
                ("published", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(max_length=40, verbose_name="kind of record")),
                ("object_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=100, verbose_name="record")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("added", "Added"),
                            ("changed", "Changed"),
                            ("deleted", "Deleted"),
                        ],
                        max_length=10,
                        verbose_name="action",
                    ),
                ),
                ("old", models.JSONField(null=True, verbose_name="before")),
                ("new", models.JSONField(null=True, verbose_name="after")),
                (
                    "at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                ("by_name", models.CharField(blank=True, max_length=150, verbose_name="by")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("is_public", models.BooleanField(default=True)),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="projects.batch",
                        verbose_name="batch",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "revision",
                "verbose_name_plural": "revisions",
                "ordering": ["-pk"],
                "default_permissions": ["view"],
                "indexes": [
                    models.Index(fields=["model", "object_id", "id"], name="revision_by_record"),
                    models.Index(fields=["model", "is_public", "id"], name="revision_public"),
                ],
            },
        ),
    ]
