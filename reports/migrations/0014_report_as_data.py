"""What reports count, as Django writes it; of an existing database, filled as a new one is."""

import json

import django.core.validators
import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models

import projects.models.fields
import projects.text
import reports.models.report

NEW = {
    "reports.report": "publisher is_undated called population language words words_of_one",
    "reports.figure": "population words address how_seen",
}


def fill(apps, schema_editor):
    """Give an existing database what the shipped reports have in the new columns and tables."""
    def records(model):
        return apps.get_model(model)._base_manager.using(schema_editor.connection.alias)

    # Until now nothing of a report was a draft.
    records("reports.report").update(review="reviewed")
    # Of the page, only the year of its conference was known.
    records("reports.report").filter(slug="hlc-2018", date="2018").update(date="2018-06")
    records("reports.document").filter(symbol="A/72/621").update(is_the_report=True)
    there = dict(records("reports.report").values_list("symbol", "pk"))
    file = settings.BASE_DIR / "fixtures" / "report.json"
    for record in json.loads(file.read_text(encoding="utf-8")):
        model, fields = record["model"], record["fields"]
        pk = there.get(fields.get("symbol") or fields["report"][0])
        if pk is None:
            continue
        if model not in NEW:
            # A later column is filled by the migration that adds it.
            there_now = {one.name for one in apps.get_model(model)._meta.get_fields()} - {"report"}
            own = {name: value for name, value in fields.items() if name in there_now}
            records(model).create(report_id=pk, **own)
            continue
        same = {"pk": pk}
        if model == "reports.figure":
            names = ("query", "unit", "value")
            same = {"report": pk, **{name: fields[name] for name in names}}
        values = {name: fields[name] for name in NEW[model].split() if name in fields}
        records(model).filter(**same).update(**values)


class Migration(migrations.Migration):

    dependencies = [
        # The last name that the squashed one replaces: Django refuses a database that is older.
        ('reports', '0013_bases_of_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('classification', models.SlugField(help_text='For example priority_area, scope, region or pillar.', verbose_name='classification')),
                ('slug', models.SlugField(verbose_name='slug')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Its place in the order, from 1', verbose_name='position')),
                ('label', models.CharField(max_length=200, validators=[projects.text.validate_one_line], verbose_name='label')),
                ('words', models.CharField(blank=True, help_text='The words of its total, with {number} in place of the number.', max_length=500, validators=[projects.text.validate_one_line], verbose_name='words')),
                ('words_of_one', models.CharField(blank=True, max_length=500, validators=[projects.text.validate_one_line], verbose_name='words for one')),
                ('meaning', models.CharField(blank=True, help_text='What it is about, e.g. empowering youth.', max_length=500, validators=[projects.text.validate_one_line], verbose_name='meaning')),
                ('language', models.CharField(default='en', help_text='A code, e.g. en or fr.', max_length=10, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[A-Za-z]{2,4})?\\Z', 'A code, e.g. en or fr.')], verbose_name='language')),
            ],
            options={
                'verbose_name': 'value of a classification',
                'verbose_name_plural': 'values of classifications',
                'ordering': ['report', 'classification', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(choices=[('origin', 'Where the figures come from'), ('readings', 'Two readings of its counts by region'), ('status', 'What cannot be compared'), ('example', 'An example of a range'), ('reading', 'How its counts by region are read, in a sentence'), ('table', 'How the table of entries was made'), ('omissions', 'What is not built, and why'), ('library', 'What its practices and lessons are'), ('bodies', 'What it says of the bodies that it names'), ('conclusions', 'What may not be concluded')], max_length=20, verbose_name='topic')),
                ('language', models.CharField(default='en', help_text='A code, e.g. en or fr.', max_length=10, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[A-Za-z]{2,4})?\\Z', 'A code, e.g. en or fr.')], verbose_name='language')),
                ('text', models.TextField(validators=[projects.text.validate_plain_text], verbose_name='text')),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes on reports',
                'ordering': ['report', 'topic', 'language'],
            },
        ),
        migrations.AlterModelOptions(
            name='report',
            options={'ordering': ['-date'], 'permissions': [('choose_basis', 'Can choose the basis, and change published reports')], 'verbose_name': 'report', 'verbose_name_plural': 'reports'},
        ),
        migrations.AlterModelManagers(
            name='report',
            managers=[
                ('published', django.db.models.manager.Manager()),
            ],
        ),
        migrations.RemoveConstraint('figure', 'figure_once'),
        migrations.RemoveConstraint('figure', 'figure_unit'),
        migrations.AddField('document', 'is_the_report', models.BooleanField(default=False, help_text='Pages call this document “the report”.', verbose_name='the report')),
        migrations.AddField('figure', 'address', projects.models.fields.WebAddressField(blank=True, help_text='The web address where it was read, if not the report’s', max_length=500, verbose_name='address')),
        migrations.AddField('figure', 'category', models.CharField(blank=True, help_text='Of a classification of the report’s own, e.g. pillar=measures', max_length=100, validators=[projects.text.validate_one_line], verbose_name='category')),
        migrations.AddField('figure', 'how_seen', models.CharField(blank=True, help_text='Where the words were read: page, or a copy of it', max_length=200, validators=[projects.text.validate_one_line], verbose_name='how seen')),
        migrations.AddField('figure', 'population', models.CharField(blank=True, help_text='Only if it differs from that of the report', max_length=300, validators=[projects.text.validate_one_line], verbose_name='population')),
        migrations.AddField('figure', 'words', models.CharField(blank=True, help_text='Words of the source', max_length=500, validators=[projects.text.validate_one_line], verbose_name='words')),
        migrations.AddField('report', 'called', models.CharField(blank=True, help_text='Its name in sentences; if empty, its symbol.', max_length=100, validators=[projects.text.validate_one_line], verbose_name='called')),
        migrations.AddField('report', 'is_undated', models.BooleanField(default=False, help_text='The document has no date; the date is that of its event.', verbose_name='undated')),
        migrations.AddField('report', 'language', models.CharField(default='en', help_text='A code, e.g. en or fr.', max_length=10, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[A-Za-z]{2,4})?\\Z', 'A code, e.g. en or fr.')], verbose_name='language')),
        migrations.AddField('report', 'population', models.CharField(default='', help_text='What is counted, in words', max_length=300, validators=[projects.text.validate_one_line], verbose_name='population'), preserve_default=False),
        migrations.AddField('report', 'publisher', models.CharField(blank=True, max_length=200, validators=[projects.text.validate_one_line], verbose_name='publisher')),
        migrations.AddField('report', 'review', models.CharField(choices=[('draft', 'Draft'), ('changed', 'Changed since review'), ('reviewed', 'Reviewed'), ('set-aside', 'Set aside')], default='draft', editable=False, error_messages={'invalid_choice': 'Choose one of: draft, changed, reviewed, set-aside.'}, max_length=10)),
        migrations.AddField('report', 'words', models.CharField(blank=True, help_text='The words of its total, with {number} in place of the number.', max_length=500, validators=[projects.text.validate_one_line], verbose_name='words')),
        migrations.AddField('report', 'words_of_one', models.CharField(blank=True, max_length=500, validators=[projects.text.validate_one_line], verbose_name='words for one')),
        migrations.AlterField('document', 'slug', models.SlugField(help_text='Part of the web address; it never changes.', max_length=80, unique=True, verbose_name='slug')),
        migrations.AlterField('document', 'symbol', models.CharField(blank=True, max_length=50, validators=[projects.text.validate_one_line], verbose_name='symbol')),
        migrations.AlterField('figure', 'unit', models.CharField(choices=[('projects', 'projects'), ('mentions', 'counts by region'), ('entities', 'entities'), ('countries', 'countries'), ('initiatives', 'initiatives'), ('usd-requested', 'US dollars requested'), ('per-cent', 'per cent')], error_messages={'invalid_choice': 'Choose one of: projects, mentions, entities, countries, initiatives, usd-requested, per-cent.'}, max_length=20, verbose_name='unit')),
        migrations.AlterField('figure', 'value', models.PositiveBigIntegerField(verbose_name='published figure')),
        migrations.AlterField('report', 'date', projects.models.fields.PartialDateField(help_text='As precise as the source: 2017, 2017-06 or 2017-06-24.', max_length=10, verbose_name='date')),
        migrations.AlterField('report', 'slug', models.SlugField(help_text='Part of the web address; it never changes.', unique=True, validators=[reports.models.report.validate_free_slug], verbose_name='slug')),
        migrations.AlterField('report', 'symbol', models.CharField(help_text='Its symbol, e.g. A/74/677, or a short name', max_length=50, unique=True, validators=[projects.text.validate_one_line], verbose_name='symbol')),
        migrations.AlterField('statement', 'areas_basis', models.CharField(choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, blank=True, max_length=10, verbose_name='basis of the priority areas')),
        migrations.AlterField('statement', 'basis', models.CharField(choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, default='inferred', max_length=10, verbose_name='basis')),
        migrations.AlterField('statement', 'entities_basis', models.CharField(choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, default='inferred', max_length=10, verbose_name='basis of the entities')),
        migrations.AlterField('statement', 'projects_basis', models.CharField(choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, default='inferred', max_length=10, verbose_name='basis of the projects')),
        migrations.AddConstraint('document', models.UniqueConstraint(condition=models.Q(('is_the_report', True)), fields=('is_the_report',), name='document_the_report', violation_error_code='is_the_report', violation_error_message='Another document is already marked as the report.')),
        migrations.AddConstraint('figure', models.UniqueConstraint(fields=('report', 'query', 'category', 'unit'), name='figure_once')),
        migrations.AddConstraint('figure', models.CheckConstraint(condition=models.Q(('unit__in', ['projects', 'mentions', 'entities', 'countries', 'initiatives', 'usd-requested', 'per-cent'])), name='figure_unit')),
        migrations.AddConstraint('figure', models.CheckConstraint(condition=models.Q(models.Q(('unit', 'per-cent'), _negated=True), ('value__lte', 100), _connector='OR'), name='figure_per_cent', violation_error_code='value', violation_error_message='A share is at most 100 per cent.')),
        migrations.AddConstraint('report', models.CheckConstraint(condition=models.Q(('review__in', ['draft', 'changed', 'reviewed', 'set-aside'])), name='report_review', violation_error_code='review', violation_error_message='Choose one of: draft, changed, reviewed, set-aside.')),
        migrations.AddField('category', 'report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='categories', to='reports.report', verbose_name='report')),
        migrations.AddField('note', 'report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='reports.report', verbose_name='report')),
        migrations.AddConstraint('category', models.UniqueConstraint(fields=('report', 'classification', 'slug', 'language'), name='category_once')),
        migrations.AddConstraint('note', models.CheckConstraint(condition=models.Q(('topic__in', ['origin', 'readings', 'status', 'example', 'reading', 'table', 'omissions', 'library', 'bodies', 'conclusions'])), name='note_topic', violation_error_code='topic', violation_error_message='Choose one of: origin, readings, status, example, reading, table, omissions, library, bodies, conclusions.')),
        migrations.AddConstraint('note', models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_text')),
        migrations.AddConstraint('note', models.UniqueConstraint(fields=('report', 'topic', 'language'), name='note_once')),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
