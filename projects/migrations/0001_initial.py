"""The register's tables as Django writes them, and what PostgreSQL alone has."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.manager
import django.utils.timezone
from django.conf import settings
from django.db import ProgrammingError, migrations, models, transaction

import projects.models.base
import projects.models.fields
import projects.models.quotation
import projects.text

# On PostgreSQL the database itself refuses to change what an edition has. Rows can be added: a
# publication does it, and so does loading a dump; verify_editions finds what else was added.
FROZEN = """
CREATE FUNCTION pvematrix_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Row % of % belongs to a published edition: it never changes.', OLD.id, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION pvematrix_frozen_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM projects_project WHERE id = OLD.project_id AND edition_id IS NOT NULL) THEN
        RAISE EXCEPTION 'A link of project % belongs to a published edition: it never changes.', OLD.project_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE DELETE ON projects_project FOR EACH ROW
    WHEN (OLD.edition_id IS NOT NULL) EXECUTE FUNCTION pvematrix_frozen();
CREATE TRIGGER frozen_update BEFORE UPDATE ON projects_project FOR EACH ROW
    WHEN (OLD.edition_id IS NOT NULL OR NEW.edition_id IS NOT NULL) EXECUTE FUNCTION pvematrix_frozen();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON projects_edition FOR EACH ROW
    WHEN (OLD.sha256 <> '') EXECUTE FUNCTION pvematrix_frozen();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON projects_project_entities FOR EACH ROW
    EXECUTE FUNCTION pvematrix_frozen_link();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON projects_project_countries FOR EACH ROW
    EXECUTE FUNCTION pvematrix_frozen_link();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON projects_quotation FOR EACH ROW
    EXECUTE FUNCTION pvematrix_frozen_link();
"""
# Totals of years, entities and countries are read from these. SQLite would use one of them for the
# cube, and take ten times as long.
COUNTS = """
CREATE INDEX IF NOT EXISTS edition_dates ON projects_project (edition_id, start_date, end_date, review);
CREATE STATISTICS IF NOT EXISTS project_years
    ON (substring(start_date, 1, 4)), (substring(end_date, 1, 4)) FROM projects_project;
CREATE INDEX IF NOT EXISTS beside_register ON projects_project (id)
    WHERE edition_id IS NOT NULL OR review::text IN ('draft', 'set-aside');
"""
# Words are found by this, wherever they are in a text: by three letters in a row.
EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
WORDS = (
    "CREATE INDEX IF NOT EXISTS project_words ON projects_project"
    " USING gin (search_text gin_trgm_ops)"
)
NOT_MADE = """
  pg_trgm is not there, and this role may not add it: {reason}
  Searches work all the same, by reading every entry, which is slow from some ten thousand on.
  Let the database's owner, or a superuser, run in it once:
    {extension};
    {index};
"""


def for_postgresql(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    # Without parameters, so that RAISE keeps its own signs.
    schema_editor.execute(FROZEN + COUNTS, params=None)
    try:
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
            if cursor.fetchone() is None:
                raise ProgrammingError("the server does not have it")
            cursor.execute(EXTENSION)
    except ProgrammingError as error:
        reason = str(error).strip().splitlines()[0]
        print(NOT_MADE.format(reason=reason, extension=EXTENSION, index=WORDS))
        return
    schema_editor.execute(WORDS)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=50, verbose_name='reference')),
                ('column', models.CharField(max_length=30, verbose_name='field')),
                ('value', models.CharField(max_length=2000, validators=[projects.text.validate_plain_text])),
                ('source', models.CharField(max_length=500, validators=[projects.text.validate_plain_text], verbose_name='source')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='when')),
                ('state', models.CharField(choices=[('open', 'Open'), ('applied', 'Applied'), ('declined', 'Declined')], default='open', max_length=10, verbose_name='state')),
                ('answer', models.CharField(blank=True, max_length=300, validators=[projects.text.validate_one_line])),
                ('handled_at', models.DateTimeField(blank=True, null=True)),
                ('handled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'default_permissions': ['view', 'change'],
            },
        ),
        migrations.CreateModel(
            name='DataVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField()),
                ('mark', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'data version',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='EvidenceFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('content', models.BinaryField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SecondPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(default='second-person', max_length=20, unique=True)),
                ('reviews', models.BooleanField(default=True, verbose_name='a second person reviews')),
                ('since', projects.models.fields.PartialDateField(blank=True, max_length=10, verbose_name='one suffices since')),
                ('why', models.CharField(blank=True, help_text='Public, on the page about the data', max_length=300, validators=[projects.text.validate_one_line], verbose_name='why one suffices')),
            ],
            options={
                'verbose_name': 'second person',
                'verbose_name_plural': 'second person',
                'default_permissions': ['view', 'change'],
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('import', 'Import'), ('undo', 'Undo')], max_length=10)),
                ('file_name', models.CharField(blank=True, max_length=200, verbose_name='file')),
                ('content', models.BinaryField(blank=True, default=bytes)),
                ('sheet', models.BinaryField(blank=True, default=bytes)),
                ('options', models.JSONField(blank=True, default=dict)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('added', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('deleted', models.PositiveIntegerField(default=0)),
                ('reason', models.CharField(blank=True, max_length=300, validators=[projects.text.validate_one_line], verbose_name='reason')),
                ('by_name', models.CharField(blank=True, max_length=150, verbose_name='by')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('prepared_by', models.ManyToManyField(editable=False, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prepared by')),
                ('undoes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='projects.batch')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-pk'],
                'permissions': [('import_projects', 'Can import projects'), ('undo_batch', 'Can undo an import')],
                'default_permissions': ['view'],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('correction', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='projects.correction')),
                ('words', models.CharField(max_length=200, validators=[projects.text.validate_one_line])),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Country',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='Three capital letters, e.g. KEN.', max_length=3, unique=True, verbose_name='code')),
                ('m49', models.CharField(blank=True, help_text='Three digits, e.g. 404.', max_length=3, verbose_name='M49 code')),
                ('name', models.CharField(max_length=200, validators=[projects.text.validate_one_line], verbose_name='name')),
                ('note', models.CharField(blank=True, max_length=300, validators=[projects.text.validate_one_line], verbose_name='footnote')),
                ('search_text', projects.models.fields.FoldedField(editable=False, length=None, sources=('code', 'name'))),
            ],
            options={
                'verbose_name': 'country',
                'verbose_name_plural': 'countries',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[A-Z]{3}\\Z')), name='country_code', violation_error_code='code', violation_error_message='Three capital letters, e.g. KEN.'), models.CheckConstraint(condition=models.Q(('m49', ''), ('m49__regex', '^[0-9]{3}\\Z'), _connector='OR'), name='country_m49', violation_error_code='m49', violation_error_message='Three digits, e.g. 404.'), models.UniqueConstraint(condition=models.Q(('m49', ''), _negated=True), fields=('m49',), name='country_m49_once', violation_error_code='m49', violation_error_message='Another country has this code.')],
            },
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='In web addresses, e.g. 2026-december. It never changes.', unique=True, verbose_name='slug')),
                ('name', models.CharField(max_length=100, unique=True, validators=[projects.text.validate_one_line], verbose_name='name')),
                ('date', projects.models.fields.PartialDateField(help_text='YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source', max_length=10, verbose_name='date')),
                ('note', models.CharField(help_text='Its sources, and what changed since the edition before.', max_length=2000, validators=[projects.text.validate_plain_text], verbose_name='note')),
                ('published_at', models.DateTimeField(default=projects.models.base.this_second, editable=False, verbose_name='published')),
                ('count', models.PositiveIntegerField(default=0, editable=False, verbose_name='projects')),
                ('sha256', models.CharField(blank=True, editable=False, max_length=64, verbose_name='SHA-256')),
                ('quotations_sha256', models.CharField(blank=True, editable=False, max_length=64, verbose_name='SHA-256 of its quotations')),
                ('columns', models.JSONField(default=list, editable=False)),
                ('quotation_columns', models.JSONField(default=list, editable=False)),
                ('report', models.CharField(blank=True, editable=False, max_length=50)),
                ('has_filled_in', models.BooleanField(default=False, editable=False)),
            ],
            options={
                'ordering': ['-date', '-published_at', '-pk'],
                'permissions': [('publish_edition', 'Can publish an edition')],
                'default_permissions': ['view'],
                'constraints': [models.CheckConstraint(condition=models.Q(('slug', 'live'), _negated=True), name='edition_slug', violation_error_code='slug', violation_error_message='“live” is reserved for the current register.'), models.CheckConstraint(condition=models.Q(('name__regex', '^\\s*\\Z'), _negated=True), name='edition_name', violation_error_code='name', violation_error_message='This field is required.'), models.CheckConstraint(condition=models.Q(('date__regex', '^(?!0000)([0-9]{4}|[0-9]{4}-(0[1-9]|1[0-2])|[0-9]{4}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|[0-9]{4}-(0[469]|11)-(0[1-9]|[12][0-9]|30)|[0-9]{4}-02-(0[1-9]|1[0-9]|2[0-8])|[0-9]{2}(0[48]|[2468][048]|[13579][26])-02-29|([02468][048]|[13579][26])00-02-29)\\Z')), name='edition_date', violation_error_code='date', violation_error_message='Write YYYY, YYYY-MM or YYYY-MM-DD, e.g. 2017-06.')],
            },
        ),
        migrations.CreateModel(
            name='Entity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('acronym', models.CharField(help_text='In web addresses: changing it breaks bookmarks.', max_length=30, unique=True, verbose_name='acronym')),
                ('acronym_from', models.CharField(blank=True, choices=[('report', 'The report uses it'), ('in-use', 'In general use'), ('register', 'Code of this register')], error_messages={'invalid_choice': 'Choose one of: report, in-use, register.'}, max_length=10, verbose_name='where the acronym comes from')),
                ('name', models.CharField(max_length=300, validators=[projects.text.validate_one_line], verbose_name='name')),
                ('aliases', models.CharField(blank=True, help_text='Separated by semicolons.', max_length=500, validators=[projects.text.validate_one_line], verbose_name='other names')),
                ('kind', models.CharField(blank=True, max_length=60, validators=[projects.text.validate_one_line], verbose_name='kind')),
                ('search_text', projects.models.fields.FoldedField(editable=False, length=None, sources=('acronym', 'name'))),
            ],
            options={
                'verbose_name': 'entity',
                'verbose_name_plural': 'entities',
                'ordering': ['search_text'],
                'constraints': [models.CheckConstraint(condition=models.Q(('acronym__regex', '^[A-Za-z0-9]+(-[A-Za-z0-9]+)*\\Z'), models.Q(('acronym__iexact', 'not-stated'), _negated=True)), name='entity_acronym', violation_error_code='acronym', violation_error_message='Letters, digits and single hyphens, e.g. UN-Women; not “not-stated”.'), models.UniqueConstraint(django.db.models.functions.text.Lower('acronym'), name='entity_acronym_once', violation_error_code='acronym', violation_error_message='Another entity has this acronym.'), models.CheckConstraint(condition=models.Q(('acronym_from__in', ['report', 'in-use', 'register', ''])), name='entity_acronym_from', violation_error_code='acronym_from', violation_error_message='Choose one of: report, in-use, register.'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='entity_name', violation_error_code='name', violation_error_message='This field is required.')],
            },
        ),
        migrations.CreateModel(
            name='Mapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='The same name again replaces it.', max_length=100, unique=True, validators=[projects.text.validate_one_line], verbose_name='name')),
                ('layout', models.JSONField(default=dict)),
                ('readings', models.JSONField(blank=True, default=dict)),
                ('by_name', models.CharField(blank=True, max_length=150, verbose_name='by')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'ordering': ['name'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(help_text='PVE- and three to twelve digits, e.g. PVE-224.', max_length=40, validators=[django.core.validators.RegexValidator('^PVE-[0-9]{3,12}\\Z', 'PVE- and three to twelve digits, e.g. PVE-224.')], verbose_name='reference')),
                ('number', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Cast(django.db.models.functions.text.Substr('reference', 5), models.BigIntegerField()), output_field=models.BigIntegerField())),
                ('title', models.CharField(max_length=300, validators=[projects.text.validate_one_line], verbose_name='title')),
                ('summary', models.CharField(blank=True, help_text='What the project does, as far as the source says', max_length=4000, validators=[projects.text.validate_plain_text], verbose_name='summary')),
                ('priority_area', models.CharField(blank=True, choices=[('governance', 'Strengthening good governance, human rights and the rule of law'), ('education', 'Education, skills development and employment facilitation'), ('dialogue', 'Dialogue and conflict prevention'), ('youth', 'Empowering youth'), ('communications', 'Strategic communications, the Internet and social media'), ('gender', 'Gender equality and empowering women'), ('communities', 'Engaging communities'), ('other', 'Other areas')], error_messages={'invalid_choice': 'Choose one of: governance, education, dialogue, youth, communications, gender, communities, other.'}, max_length=20, verbose_name='priority area')),
                ('priority_area_basis', models.CharField(blank=True, choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, max_length=10, verbose_name='basis of the priority area')),
                ('scope', models.CharField(blank=True, choices=[('global', 'Global'), ('regional', 'Regional'), ('national', 'National')], error_messages={'invalid_choice': 'Choose one of: global, regional, national.'}, max_length=10, verbose_name='scope')),
                ('scope_basis', models.CharField(blank=True, choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, max_length=10, verbose_name='basis of the scope')),
                ('in_africa', models.BooleanField(default=False, verbose_name='Africa')),
                ('in_mena', models.BooleanField(default=False, verbose_name='Middle East and North Africa')),
                ('in_asia', models.BooleanField(default=False, verbose_name='Asia')),
                ('in_europe', models.BooleanField(default=False, verbose_name='Europe')),
                ('in_americas', models.BooleanField(default=False, verbose_name='Americas')),
                ('regions_basis', models.CharField(blank=True, choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, max_length=10, verbose_name='basis of the regions')),
                ('status', models.CharField(choices=[('planned', 'Planned'), ('ongoing', 'Ongoing'), ('completed', 'Completed'), ('not-stated', 'Not stated')], default='not-stated', error_messages={'invalid_choice': 'Choose one of: planned, ongoing, completed, not-stated.'}, max_length=10, verbose_name='status')),
                ('start_date', projects.models.fields.PartialDateField(blank=True, help_text='YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source', max_length=10, verbose_name='start date')),
                ('end_date', projects.models.fields.PartialDateField(blank=True, help_text='YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source', max_length=10, verbose_name='end date')),
                ('methodology', models.CharField(blank=True, help_text='How the project works', max_length=500, validators=[projects.text.validate_one_line], verbose_name='methodology')),
                ('link', projects.models.fields.WebAddressField(blank=True, help_text='A page about the project', max_length=500, verbose_name='link')),
                ('provenance', models.CharField(choices=[('counted', 'Counted, not described'), ('named', 'Described'), ('confirmed', 'Confirmed')], error_messages={'invalid_choice': 'Choose one of: counted, named, confirmed.'}, help_text='Confirmed: you confirm the entry from the source that you cite.', max_length=10, verbose_name='provenance')),
                ('source', models.CharField(help_text='Document symbol and paragraphs', max_length=300, validators=[projects.text.validate_one_line], verbose_name='source')),
                ('in_matrix', models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('not-stated', 'Not stated')], default='not-stated', error_messages={'invalid_choice': 'Choose one of: yes, no, not-stated.'}, help_text='Whether a source says that the project is one that the report counts', max_length=10, verbose_name='in the matrix')),
                ('licence', models.CharField(blank=True, help_text='Of the source’s data, e.g. CC BY 4.0', max_length=100, validators=[projects.text.validate_one_line], verbose_name='licence')),
                ('attribution', models.CharField(blank=True, help_text='Whom that licence wants to be named', max_length=300, validators=[projects.text.validate_one_line], verbose_name='attribution')),
                ('report', models.CharField(blank=True, editable=False, max_length=50, verbose_name='report')),
                ('holds_place', models.BooleanField(default=False, editable=False)),
                ('is_of_other_report', models.BooleanField(default=False, editable=False)),
                ('updated_at', models.DateTimeField(default=projects.models.base.this_second, editable=False, verbose_name='last changed')),
                ('review', models.CharField(choices=[('draft', 'Draft'), ('changed', 'Changed since review'), ('reviewed', 'Reviewed'), ('set-aside', 'Set aside')], default='draft', editable=False, error_messages={'invalid_choice': 'Choose one of: draft, changed, reviewed, set-aside.'}, max_length=10)),
                ('search_text', projects.models.fields.SearchableField(editable=False, length=None, sources=('title', 'summary', 'methodology'))),
                ('cited_document', projects.models.fields.CitedDocumentField(editable=False, length=None, sources=('source',))),
                ('cited_paragraphs', projects.models.fields.CitedParagraphsField(editable=False, length=None, sources=('source',))),
                ('title_sort', projects.models.fields.FoldedField(editable=False, length=200, sources=('title',))),
                ('countries', models.ManyToManyField(blank=True, to='projects.country', verbose_name='countries')),
                ('edition', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.edition', verbose_name='edition')),
                ('entities', models.ManyToManyField(blank=True, to='projects.entity', verbose_name='entities')),
                ('merged_into', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='projects.project', verbose_name='merged into')),
            ],
            options={
                'verbose_name': 'project',
                'verbose_name_plural': 'projects',
                'ordering': ['number'],
                'permissions': [('review_project', 'Can review drafts and changes')],
            },
            managers=[
                ('published', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=40, verbose_name='reference')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('by_name', models.CharField(max_length=150, verbose_name='by')),
                ('name', models.CharField(max_length=150, validators=[projects.text.validate_one_line], verbose_name='file')),
                ('size', models.PositiveIntegerField()),
                ('page', models.CharField(blank=True, max_length=40, validators=[projects.text.validate_one_line])),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.evidencefile', to_field='sha256', verbose_name='SHA-256')),
                ('project', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.project', verbose_name='project')),
            ],
            options={
                'verbose_name': 'evidence',
                'verbose_name_plural': 'evidence',
                'ordering': ['pk'],
                'default_permissions': ['view', 'add', 'delete'],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=40, verbose_name='reference')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('by_name', models.CharField(max_length=150, verbose_name='by')),
                ('text', models.CharField(max_length=1000, validators=[projects.text.validate_plain_text])),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('project', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.project', verbose_name='project')),
            ],
            options={
                'ordering': ['-pk'],
                'default_permissions': ['add'],
            },
        ),
        migrations.CreateModel(
            name='Quotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(choices=[('title', 'title'), ('priority_area', 'priority area'), ('scope', 'scope'), ('regions', 'regions'), ('status', 'status'), ('start_date', 'start date'), ('end_date', 'end date')], max_length=20, verbose_name='field')),
                ('words', models.CharField(help_text='Exactly as the source has them, without quotation marks.', max_length=1000, validators=[projects.text.validate_plain_text], verbose_name='words')),
                ('document', models.CharField(default=projects.models.quotation.symbol_of_report, help_text='Document symbol, e.g. A/74/677.', max_length=100, validators=[projects.text.validate_one_line, django.core.validators.RegexValidator('[“”"\\n]|, paras?\\. [0-9]', 'Document symbol, e.g. A/74/677.', inverse_match=True)], verbose_name='document')),
                ('paragraphs', models.CharField(blank=True, help_text='Numbers, e.g. 34 or 44, 45.', max_length=20, validators=[django.core.validators.RegexValidator('^[0-9]+(, [0-9]+)*\\Z', 'Numbers, e.g. 34 or 44, 45.')], verbose_name='paragraphs')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quotations', to='projects.project', verbose_name='project')),
            ],
            options={
                'ordering': ['project', 'field'],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.BigIntegerField()),
                ('key', models.CharField(max_length=100, verbose_name='reference')),
                ('action', models.CharField(choices=[('added', 'Added'), ('changed', 'Changed'), ('deleted', 'Deleted')], max_length=10)),
                ('old', models.JSONField(null=True)),
                ('new', models.JSONField(null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('by_name', models.CharField(blank=True, max_length=150, verbose_name='by')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('is_public', models.BooleanField(default=True)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='projects.batch', verbose_name='import')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype', verbose_name='kind of record')),
            ],
            options={
                'ordering': ['-pk'],
                'default_permissions': ['view'],
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sentence', models.CharField(max_length=300, validators=[projects.text.validate_one_line])),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('by_name', models.CharField(max_length=150, verbose_name='by')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('revision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='projects.revision')),
            ],
            options={
                'ordering': ['-pk'],
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['edition', 'number', 'id', 'review'], name='edition_number'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['edition', 'title_sort', 'number', 'id', 'review'], name='edition_title'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['edition', 'updated_at', 'number', 'id', 'review'], name='edition_update'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(models.F('edition'), models.Case(models.When(status='planned', then=models.Value(0)), models.When(status='ongoing', then=models.Value(1)), models.When(status='completed', then=models.Value(2)), models.When(status='not-stated', then=models.Value(3)), default=None, output_field=models.SmallIntegerField()), models.F('number'), models.F('id'), models.F('review'), models.F('status'), name='edition_status'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.UniqueConstraint(fields=('edition', 'reference'), name='edition_reference'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Cast(django.db.models.functions.text.Substr('reference', 5), models.BigIntegerField()), condition=models.Q(('edition', None)), name='project_number', violation_error_code='reference', violation_error_message='Another project has this number.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('reference__regex', '^PVE-[0-9]{3,12}\\Z')), name='project_reference', violation_error_code='reference', violation_error_message='PVE- and three to twelve digits, e.g. PVE-224.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('title__regex', '^\\s*\\Z'), _negated=True), name='project_title', violation_error_code='title', violation_error_message='This field is required.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='project_source', violation_error_code='source', violation_error_message='This field is required.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('priority_area__in', ['governance', 'education', 'dialogue', 'youth', 'communications', 'gender', 'communities', 'other', ''])), name='project_priority_area', violation_error_code='priority_area', violation_error_message='Choose one of: governance, education, dialogue, youth, communications, gender, communities, other.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['global', 'regional', 'national', ''])), name='project_scope', violation_error_code='scope', violation_error_message='Choose one of: global, regional, national.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['planned', 'ongoing', 'completed', 'not-stated'])), name='project_status', violation_error_code='status', violation_error_message='Choose one of: planned, ongoing, completed, not-stated.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('provenance__in', ['counted', 'named', 'confirmed'])), name='project_provenance', violation_error_code='provenance', violation_error_message='Choose one of: counted, named, confirmed.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('in_matrix__in', ['yes', 'no', 'not-stated'])), name='project_in_matrix', violation_error_code='in_matrix', violation_error_message='Choose one of: yes, no, not-stated.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('priority_area_basis__in', ['stated', 'inferred', 'allocated', ''])), name='project_priority_area_basis', violation_error_code='priority_area_basis', violation_error_message='Choose one of: stated, inferred, allocated.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('scope_basis__in', ['stated', 'inferred', 'allocated', ''])), name='project_scope_basis', violation_error_code='scope_basis', violation_error_message='Choose one of: stated, inferred, allocated.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('regions_basis__in', ['stated', 'inferred', 'allocated', ''])), name='project_regions_basis', violation_error_code='regions_basis', violation_error_message='Choose one of: stated, inferred, allocated.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('review__in', ['draft', 'changed', 'reviewed', 'set-aside'])), name='project_review', violation_error_code='review', violation_error_message='Choose one of: draft, changed, reviewed, set-aside.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('edition', None), ('review', 'set-aside'), models.Q(('merged_into', models.F('id')), _negated=True)), _connector='OR'), name='project_merged_into', violation_error_code='merged_into', violation_error_message='Only an entry that is set aside is merged into another.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('start_date', ''), ('start_date__regex', '^(?!0000)([0-9]{4}|[0-9]{4}-(0[1-9]|1[0-2])|[0-9]{4}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|[0-9]{4}-(0[469]|11)-(0[1-9]|[12][0-9]|30)|[0-9]{4}-02-(0[1-9]|1[0-9]|2[0-8])|[0-9]{2}(0[48]|[2468][048]|[13579][26])-02-29|([02468][048]|[13579][26])00-02-29)\\Z'), _connector='OR'), name='project_start_date', violation_error_code='start_date', violation_error_message='Write YYYY, YYYY-MM or YYYY-MM-DD, e.g. 2017-06.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('end_date', ''), ('end_date__regex', '^(?!0000)([0-9]{4}|[0-9]{4}-(0[1-9]|1[0-2])|[0-9]{4}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|[0-9]{4}-(0[469]|11)-(0[1-9]|[12][0-9]|30)|[0-9]{4}-02-(0[1-9]|1[0-9]|2[0-8])|[0-9]{2}(0[48]|[2468][048]|[13579][26])-02-29|([02468][048]|[13579][26])00-02-29)\\Z'), _connector='OR'), name='project_end_date', violation_error_code='end_date', violation_error_message='Write YYYY, YYYY-MM or YYYY-MM-DD, e.g. 2017-06.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scope', 'global'), _negated=True), models.Q(('in_africa', False), ('in_americas', False), ('in_asia', False), ('in_europe', False), ('in_mena', False)), _connector='OR'), name='project_global_no_region', violation_error_code='scope', violation_error_message='A global project has no region: clear the regions or change the scope.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('priority_area', ''), ('priority_area_basis', '')), models.Q(models.Q(('priority_area', ''), _negated=True), models.Q(('priority_area_basis', ''), _negated=True)), _connector='OR'), name='project_priority_area_basis_if_area', violation_error_code='priority_area_basis', violation_error_message='Give the basis of the priority area; leave it empty when there is no area.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scope', ''), ('scope_basis', '')), models.Q(models.Q(('scope', ''), _negated=True), models.Q(('scope_basis', ''), _negated=True)), _connector='OR'), name='project_scope_basis_if_scope', violation_error_code='scope_basis', violation_error_message='Give the basis of the scope; leave it empty when there is no scope.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('in_africa', False), ('in_americas', False), ('in_asia', False), ('in_europe', False), ('in_mena', False), ('regions_basis', '')), models.Q(models.Q(('in_africa', False), ('in_americas', False), ('in_asia', False), ('in_europe', False), ('in_mena', False), _negated=True), models.Q(('regions_basis', ''), _negated=True)), _connector='OR'), name='project_regions_basis_if_regions', violation_error_code='regions_basis', violation_error_message='Give the basis of the regions; leave it empty when there is no region.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('start_date', ''), ('end_date', ''), ('end_date__gte', models.F('start_date')), ('start_date__startswith', models.F('end_date')), _connector='OR'), name='project_dates_in_order', violation_error_code='end_date', violation_error_message='The end date is before the start date.'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.UniqueConstraint(fields=('project', 'file'), name='evidence_once'),
        ),
        migrations.AddConstraint(
            model_name='quotation',
            constraint=models.CheckConstraint(condition=models.Q(('field__in', ['title', 'priority_area', 'scope', 'regions', 'status', 'start_date', 'end_date'])), name='quotation_field', violation_error_code='field', violation_error_message='Choose one of: title, priority_area, scope, regions, status, start_date, end_date.'),
        ),
        migrations.AddConstraint(
            model_name='quotation',
            constraint=models.CheckConstraint(condition=models.Q(('words__regex', '^\\s*\\Z'), _negated=True), name='quotation_words', violation_error_code='words', violation_error_message='This field is required.'),
        ),
        migrations.AddConstraint(
            model_name='quotation',
            constraint=models.CheckConstraint(condition=models.Q(('document', ''), _negated=True), name='quotation_document', violation_error_code='document', violation_error_message='This field is required.'),
        ),
        migrations.AddConstraint(
            model_name='quotation',
            constraint=models.UniqueConstraint(fields=('project', 'field'), name='quotation_once', violation_error_code='field', violation_error_message='The project already has words for this field.'),
        ),
        migrations.AddIndex(
            model_name='revision',
            index=models.Index(fields=['content_type', 'object_id', 'id'], name='revision_by_record'),
        ),
        migrations.AddIndex(
            model_name='revision',
            index=models.Index(fields=['content_type', 'is_public', 'id'], name='revision_public'),
        ),
        migrations.RunPython(for_postgresql, migrations.RunPython.noop),
    ]
