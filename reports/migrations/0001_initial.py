import django.core.validators
import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

import projects.citations
import projects.models.fields
import projects.text
import reports.models.kinds
import reports.models.report


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='Part of the web address; it never changes.', max_length=80, unique=True, verbose_name='slug')),
                ('symbol', models.CharField(blank=True, max_length=50, validators=[projects.text.validate_one_line], verbose_name='symbol')),
                ('title', models.CharField(blank=True, max_length=300, validators=[projects.text.validate_one_line], verbose_name='title')),
                ('kind', models.CharField(blank=True, max_length=100, validators=[projects.text.validate_one_line], verbose_name='kind')),
                ('date', projects.models.fields.PartialDateField(blank=True, max_length=10, verbose_name='date')),
                ('address', models.CharField(blank=True, help_text='As the source prints it, errors included.', max_length=300, validators=[projects.text.validate_one_line], verbose_name='address')),
                ('note', models.TextField(blank=True, validators=[projects.text.validate_plain_text], verbose_name='note')),
                ('is_the_report', models.BooleanField(default=False, help_text='Pages call this document “the report”.', verbose_name='the report')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': ['slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(('symbol', ''), ('title', ''), _negated=True), name='document_named', violation_error_code='title', violation_error_message='A document has a symbol or a title.'), models.UniqueConstraint(condition=models.Q(('is_the_report', True)), fields=('is_the_report',), name='document_the_report', violation_error_code='is_the_report', violation_error_message='Another document is already marked as the report.'), models.UniqueConstraint(condition=models.Q(('symbol', ''), _negated=True), fields=('symbol',), name='document_symbol_once', violation_error_code='symbol', violation_error_message='Another document has this symbol.')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('symbol', models.CharField(help_text='Its symbol, e.g. A/74/677, or a short name', max_length=50, unique=True, validators=[projects.text.validate_one_line], verbose_name='symbol')),
                ('slug', models.SlugField(help_text='Part of the web address; it never changes.', unique=True, validators=[reports.models.report.validate_free_slug], verbose_name='slug')),
                ('title', models.CharField(max_length=300, validators=[projects.text.validate_one_line], verbose_name='title')),
                ('publisher', models.CharField(blank=True, max_length=200, validators=[projects.text.validate_one_line], verbose_name='publisher')),
                ('date', projects.models.fields.PartialDateField(help_text='As precise as the source: 2017, 2017-06 or 2017-06-24.', max_length=10, verbose_name='date')),
                ('is_undated', models.BooleanField(default=False, help_text='The document has no date; the date is that of its event.', verbose_name='undated')),
                ('called', models.CharField(blank=True, help_text='Its name in sentences; if empty, its symbol.', max_length=100, validators=[projects.text.validate_one_line], verbose_name='called')),
                ('link', projects.models.fields.WebAddressField(blank=True, max_length=500, verbose_name='link')),
                ('population', models.CharField(help_text='What is counted, in words', max_length=300, validators=[projects.text.validate_one_line], verbose_name='population')),
                ('language', models.CharField(default='en', help_text='A code, e.g. en or fr.', max_length=10, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[A-Za-z]{2,4})?\\Z', 'A code, e.g. en or fr.')], verbose_name='language')),
                ('heading', models.CharField(blank=True, help_text='What it counts, in short, with {number}; if empty, the number and the population.', max_length=200, validators=[projects.text.validate_one_line], verbose_name='heading')),
                ('regions_are_of', models.CharField(choices=[('regional-and-national', 'Regional and national projects'), ('regional', 'Regional projects alone'), ('national', 'National projects alone')], default='regional-and-national', help_text='The projects that its numbers by region are of.', max_length=30, verbose_name='its regions count')),
                ('regions_read_as', models.CharField(blank=True, choices=[('regional-and-national', 'Regional and national projects'), ('regional', 'Regional projects alone'), ('national', 'National projects alone')], help_text='If its text can be read in another way, as a note explains.', max_length=30, verbose_name='or, read otherwise')),
                ('is_basis', models.BooleanField(default=False, help_text='The overview compares the register with this report, and an edit that would change a figure asks first.', verbose_name='the register must agree with it')),
                ('review', models.CharField(choices=[('draft', 'Draft'), ('changed', 'Changed since review'), ('reviewed', 'Reviewed'), ('set-aside', 'Set aside')], default='draft', editable=False, error_messages={'invalid_choice': 'Choose one of: draft, changed, reviewed, set-aside.'}, max_length=10)),
            ],
            options={
                'verbose_name': 'report',
                'verbose_name_plural': 'reports',
                'ordering': ['-date'],
                'permissions': [('choose_basis', 'Can choose the basis, and change published reports')],
                'constraints': [models.CheckConstraint(condition=models.Q(('review__in', ['draft', 'changed', 'reviewed', 'set-aside'])), name='report_review', violation_error_code='review', violation_error_message='Choose one of: draft, changed, reviewed, set-aside.'), models.CheckConstraint(condition=models.Q(('regions_are_of__in', ['regional-and-national', 'regional', 'national'])), name='report_regions_are_of', violation_error_code='regions_are_of', violation_error_message='Choose one of: regional-and-national, regional, national.'), models.CheckConstraint(condition=models.Q(('regions_read_as__in', ['regional-and-national', 'regional', 'national', ''])), name='report_regions_read_as', violation_error_code='regions_read_as', violation_error_message='Choose one of: regional-and-national, regional, national.')],
            },
            managers=[
                ('published', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Paragraph',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(help_text='A number, e.g. 24; a footnote: fn4.', max_length=10, validators=[django.core.validators.RegexValidator('^(fn)?[0-9]+\\Z', 'A number, e.g. 24; a footnote: fn4.')], verbose_name='number')),
                ('position', models.PositiveSmallIntegerField(help_text='Its place in the order, from 1', verbose_name='position')),
                ('part', models.CharField(blank=True, max_length=10, validators=[projects.text.validate_one_line], verbose_name='part')),
                ('part_heading', models.CharField(blank=True, max_length=300, validators=[projects.text.validate_one_line], verbose_name='heading of the part')),
                ('section', models.CharField(blank=True, max_length=10, validators=[projects.text.validate_one_line], verbose_name='section')),
                ('section_heading', models.CharField(blank=True, max_length=300, validators=[projects.text.validate_one_line], verbose_name='heading of the section')),
                ('text', models.TextField(validators=[projects.text.validate_plain_text], verbose_name='text')),
                ('carried_by', models.CharField(blank=True, help_text='Of a footnote: the paragraph that has its mark.', max_length=10, verbose_name='carried by')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paragraphs', to='reports.document', verbose_name='document')),
            ],
            options={
                'verbose_name': 'paragraph',
                'verbose_name_plural': 'paragraphs',
                'ordering': ['document', 'position'],
                'constraints': [models.UniqueConstraint(fields=('document', 'number'), name='paragraph_once'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='paragraph_text'), models.CheckConstraint(condition=models.Q(models.Q(('number__startswith', 'fn'), models.Q(('carried_by', ''), _negated=True)), models.Q(models.Q(('number__startswith', 'fn'), _negated=True), ('carried_by', '')), _connector='OR'), name='paragraph_carried', violation_error_code='carried_by', violation_error_message='Only a footnote is carried by a paragraph.')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(choices=[('origin', 'Where the figures come from'), ('readings', 'Two readings of its counts by region'), ('status', 'What cannot be compared'), ('example', 'An example of a range'), ('reading', 'How its counts by region are read, in a sentence'), ('table', 'How the table of entries was made'), ('omissions', 'What is not built, and why'), ('library', 'What its practices and lessons are'), ('bodies', 'What it says of the bodies that it names'), ('conclusions', 'What may not be concluded')], max_length=20, verbose_name='topic')),
                ('language', models.CharField(default='en', help_text='A code, e.g. en or fr.', max_length=10, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[A-Za-z]{2,4})?\\Z', 'A code, e.g. en or fr.')], verbose_name='language')),
                ('text', models.TextField(help_text='A citation is written so: {cite:A/74/677#para-8}.', validators=[projects.text.validate_plain_text, projects.citations.validate_markers], verbose_name='text')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='reports.report', verbose_name='report')),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes on reports',
                'ordering': ['report', 'topic', 'language'],
                'constraints': [models.CheckConstraint(condition=models.Q(('topic__in', ['origin', 'readings', 'status', 'example', 'reading', 'table', 'omissions', 'library', 'bodies', 'conclusions'])), name='note_topic', violation_error_code='topic', violation_error_message='Choose one of: origin, readings, status, example, reading, table, omissions, library, bodies, conclusions.'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='note_text'), models.UniqueConstraint(fields=('report', 'topic', 'language'), name='note_once')],
            },
        ),
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Its place in the order, from 1', verbose_name='position')),
                ('paragraph', models.CharField(blank=True, help_text='Numbers of paragraphs, e.g. 22, 24', max_length=20, validators=[django.core.validators.RegexValidator('^[0-9]+(, [0-9]+)*\\Z', 'Numbers of paragraphs, e.g. 22, 24')], verbose_name='paragraphs')),
                ('query', models.CharField(blank=True, help_text='A query string, e.g. scope=national; empty for all projects', max_length=500, verbose_name='filter')),
                ('category', models.CharField(blank=True, help_text='Of a classification of the report’s own, e.g. pillar=measures', max_length=100, validators=[projects.text.validate_one_line], verbose_name='category')),
                ('unit', models.CharField(choices=[('projects', 'projects'), ('mentions', 'counts by region'), ('entities', 'entities'), ('countries', 'countries'), ('initiatives', 'initiatives'), ('usd-requested', 'US dollars requested'), ('per-cent', 'per cent')], error_messages={'invalid_choice': 'Choose one of: projects, mentions, entities, countries, initiatives, usd-requested, per-cent.'}, max_length=20, verbose_name='unit')),
                ('comparator', models.CharField(choices=[('=', 'exactly'), ('≥', 'at least'), ('>', 'more than'), ('≈', 'about')], default='=', max_length=1, verbose_name='comparator')),
                ('value', models.PositiveBigIntegerField(verbose_name='published figure')),
                ('date', projects.models.fields.PartialDateField(blank=True, help_text='Date of the figure, if the document says', max_length=10, verbose_name='date')),
                ('population', models.CharField(blank=True, help_text='Only if it differs from that of the report', max_length=300, validators=[projects.text.validate_one_line], verbose_name='population')),
                ('words', models.CharField(blank=True, help_text='Words of the source', max_length=500, validators=[projects.text.validate_one_line], verbose_name='words')),
                ('address', projects.models.fields.WebAddressField(blank=True, help_text='The web address where it was read, if not the report’s', max_length=500, verbose_name='address')),
                ('how_seen', models.CharField(blank=True, help_text='Where the words were read: page, or a copy of it', max_length=200, validators=[projects.text.validate_one_line], verbose_name='how seen')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='figures', to='reports.report', verbose_name='report')),
            ],
            options={
                'verbose_name': 'figure',
                'verbose_name_plural': 'figures',
                'ordering': ['report', 'position'],
                'constraints': [models.UniqueConstraint(fields=('report', 'query', 'category', 'unit'), name='figure_once'), models.CheckConstraint(condition=models.Q(('unit__in', ['projects', 'mentions', 'entities', 'countries', 'initiatives', 'usd-requested', 'per-cent'])), name='figure_unit'), models.CheckConstraint(condition=models.Q(models.Q(('unit', 'per-cent'), _negated=True), ('value__lte', 100), _connector='OR'), name='figure_per_cent', violation_error_code='value', violation_error_message='A share is at most 100 per cent.'), models.CheckConstraint(condition=models.Q(('comparator__in', ['=', '≥', '>', '≈'])), name='figure_comparator')],
            },
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('classification', models.SlugField(help_text='For example priority_area, scope, region or pillar.', verbose_name='classification')),
                ('slug', models.SlugField(verbose_name='slug')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Its place in the order, from 1', verbose_name='position')),
                ('label', models.CharField(max_length=200, validators=[projects.text.validate_one_line], verbose_name='label')),
                ('meaning', models.CharField(blank=True, help_text='What it is about, e.g. empowering youth.', max_length=500, validators=[projects.text.validate_one_line], verbose_name='meaning')),
                ('language', models.CharField(default='en', help_text='A code, e.g. en or fr.', max_length=10, validators=[django.core.validators.RegexValidator('^[a-z]{2,3}(-[A-Za-z]{2,4})?\\Z', 'A code, e.g. en or fr.')], verbose_name='language')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='categories', to='reports.report', verbose_name='report')),
            ],
            options={
                'verbose_name': 'value of a classification',
                'verbose_name_plural': 'values of classifications',
                'ordering': ['report', 'classification', 'position'],
                'constraints': [models.UniqueConstraint(fields=('report', 'classification', 'slug', 'language'), name='category_once')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True, validators=[django.core.validators.RegexValidator('^[A-Z]+[0-9]+\\Z', 'Capital letters and a number, e.g. G48')], verbose_name='code')),
                ('kind', models.CharField(choices=[('practice', 'Practice'), ('lesson', 'Lesson'), ('experience', 'Experience'), ('driver', 'Driver'), ('finding', 'Figure of a study'), ('count', 'Number of projects'), ('fact', 'Fact or position'), ('need', 'Need'), ('measure', 'Measure or recommendation'), ('plan', 'Plan or strategy'), ('event', 'Event'), ('observance', 'Observance'), ('body', 'Body'), ('document', 'Document'), ('theme', 'Theme'), ('step', 'Step of a project'), ('detail', 'Detail of a body or event')], error_messages={'invalid_choice': 'Choose one of: practice, lesson, experience, driver, finding, count, fact, need, measure, plan, event, observance, body, document, theme, step, detail.'}, max_length=12, verbose_name='kind')),
                ('category', models.CharField(blank=True, help_text='More exactly than the kind, e.g. working group', max_length=100, validators=[projects.text.validate_one_line], verbose_name='category')),
                ('title', models.CharField(max_length=300, validators=[projects.text.validate_one_line], verbose_name='title')),
                ('summary', models.CharField(blank=True, max_length=500, validators=[projects.text.validate_one_line], verbose_name='summary')),
                ('quotation', models.TextField(blank=True, help_text='The words of the source, character by character; “[…]” where words are left out', validators=[projects.text.validate_one_line], verbose_name='quotation')),
                ('paragraphs', models.CharField(blank=True, help_text='Numbers of paragraphs, a footnote with fn, e.g. 11, fn2', max_length=100, validators=[django.core.validators.RegexValidator('^(?:fn)?[0-9]+(?:, (?:fn)?[0-9]+)*\\Z', '“%(value)s” names no paragraphs: write numbers, a footnote with fn, e.g. 11, fn2.')], verbose_name='paragraphs')),
                ('mentioned_in', models.CharField(blank=True, help_text='All paragraphs that mention it, if there are more', max_length=150, validators=[django.core.validators.RegexValidator('^(?:fn)?[0-9]+(?:, (?:fn)?[0-9]+)*\\Z', '“%(value)s” names no paragraphs: write numbers, a footnote with fn, e.g. 11, fn2.')], verbose_name='mentioned in')),
                ('source', models.CharField(blank=True, help_text='Without a document: symbol, title or address, and the place', max_length=900, validators=[projects.text.validate_one_line], verbose_name='source')),
                ('basis', models.CharField(choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], default='inferred', error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, max_length=10, verbose_name='basis')),
                ('areas', models.CharField(blank=True, help_text='Any of governance, education, dialogue, youth, communications, gender, communities, other, separated by semicolons.', max_length=120, validators=[reports.models.kinds.validate_areas], verbose_name='priority areas')),
                ('areas_basis', models.CharField(blank=True, choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, max_length=10, verbose_name='basis of the priority areas')),
                ('entities_basis', models.CharField(choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], default='inferred', error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, max_length=10, verbose_name='basis of the entities')),
                ('projects', models.CharField(blank=True, help_text='References separated by semicolons, e.g. PVE-001;PVE-011', max_length=300, validators=[django.core.validators.RegexValidator('^PVE-[0-9]{3,12}(;PVE-[0-9]{3,12})*\\Z', 'References separated by semicolons, e.g. PVE-001;PVE-011')], verbose_name='projects')),
                ('projects_basis', models.CharField(choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], default='inferred', error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, max_length=10, verbose_name='basis of the projects')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('addressee', models.CharField(blank=True, max_length=150, validators=[projects.text.validate_one_line], verbose_name='addressee')),
                ('date', projects.models.fields.PartialDateField(blank=True, max_length=10, verbose_name='date')),
                ('end_date', projects.models.fields.PartialDateField(blank=True, max_length=10, verbose_name='end date')),
                ('timing', models.CharField(blank=True, help_text='At the date of the document, e.g. past, planned', max_length=60, validators=[projects.text.validate_one_line], verbose_name='timing')),
                ('place', models.CharField(blank=True, max_length=200, validators=[projects.text.validate_one_line], verbose_name='place')),
                ('figure', models.CharField(blank=True, help_text='As printed, e.g. some 80', max_length=60, validators=[projects.text.validate_one_line], verbose_name='figure')),
                ('unit', models.CharField(blank=True, max_length=60, validators=[projects.text.validate_one_line], verbose_name='unit')),
                ('base', models.CharField(blank=True, help_text='Who or what', max_length=150, validators=[projects.text.validate_one_line], verbose_name='base')),
                ('size', models.CharField(blank=True, help_text='How many were asked', max_length=100, validators=[projects.text.validate_one_line], verbose_name='n')),
                ('caveat', models.CharField(blank=True, max_length=500, validators=[projects.text.validate_one_line], verbose_name='caveat')),
                ('review', models.CharField(choices=[('draft', 'Draft'), ('changed', 'Changed since review'), ('reviewed', 'Reviewed'), ('set-aside', 'Set aside')], default='draft', editable=False, error_messages={'invalid_choice': 'Choose one of: draft, changed, reviewed, set-aside.'}, max_length=10)),
                ('search_text', projects.models.fields.FoldedField(editable=False, length=None, sources=('title', 'summary', 'quotation', 'category', 'base'))),
                ('about', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statements_about', to='reports.document', verbose_name='about the document')),
                ('answered_by', models.ForeignKey(blank=True, help_text='The edition published for a report that is due', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='projects.edition', verbose_name='answered by the edition')),
                ('document', models.ForeignKey(blank=True, help_text='The document that says it, if the register has it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='reports.document', verbose_name='document')),
                ('entities', models.ManyToManyField(blank=True, related_name='statements', to='projects.entity', verbose_name='entities')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='reports.statement', verbose_name='part of')),
            ],
            options={
                'verbose_name': 'statement',
                'verbose_name_plural': 'statements',
                'ordering': ['kind', 'position', 'code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['practice', 'lesson', 'experience', 'driver', 'finding', 'count', 'fact', 'need', 'measure', 'plan', 'event', 'observance', 'body', 'document', 'theme', 'step', 'detail'])), name='statement_kind', violation_error_code='kind', violation_error_message='Choose one of: practice, lesson, experience, driver, finding, count, fact, need, measure, plan, event, observance, body, document, theme, step, detail.'), models.CheckConstraint(condition=models.Q(('review__in', ['draft', 'changed', 'reviewed', 'set-aside'])), name='statement_review', violation_error_code='review', violation_error_message='Choose one of: draft, changed, reviewed, set-aside.'), models.CheckConstraint(condition=models.Q(('basis__in', ['stated', 'inferred', 'allocated'])), name='statement_basis', violation_error_code='basis', violation_error_message='Choose one of: stated, inferred, allocated.'), models.CheckConstraint(condition=models.Q(('areas_basis__in', ['stated', 'inferred', 'allocated', ''])), name='statement_areas_basis', violation_error_code='areas_basis', violation_error_message='Choose one of: stated, inferred, allocated.'), models.CheckConstraint(condition=models.Q(('entities_basis__in', ['stated', 'inferred', 'allocated'])), name='statement_entities_basis', violation_error_code='entities_basis', violation_error_message='Choose one of: stated, inferred, allocated.'), models.CheckConstraint(condition=models.Q(('projects_basis__in', ['stated', 'inferred', 'allocated'])), name='statement_projects_basis', violation_error_code='projects_basis', violation_error_message='Choose one of: stated, inferred, allocated.'), models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='statement_title', violation_error_code='title', violation_error_message='A title is needed.'), models.CheckConstraint(condition=models.Q(models.Q(('quotation', ''), _negated=True), ('kind__in', ['theme', 'plan']), _connector='OR'), name='statement_quotation', violation_error_code='quotation', violation_error_message='Quote the words; only a theme or a plan has none.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'detail'), _negated=True), ('parent__isnull', False), _connector='OR'), name='statement_detail', violation_error_code='parent', violation_error_message='Name the body or event that the detail belongs to.'), models.CheckConstraint(condition=models.Q(('answered_by__isnull', True), ('kind', 'event'), _connector='OR'), name='statement_answered', violation_error_code='answered_by', violation_error_message='Only an event is answered by an edition.'), models.CheckConstraint(condition=models.Q(models.Q(('source', ''), _negated=True), models.Q(('document__isnull', False), models.Q(('paragraphs', ''), _negated=True)), _connector='OR'), name='statement_source', violation_error_code='source', violation_error_message='Name the source, or the document and its paragraphs.'), models.CheckConstraint(condition=models.Q(models.Q(('areas', ''), ('areas_basis', '')), models.Q(models.Q(('areas', ''), _negated=True), models.Q(('areas_basis', ''), _negated=True)), _connector='OR'), name='statement_areas_known', violation_error_code='areas_basis', violation_error_message='Give the basis of the areas if there are any.'), models.CheckConstraint(condition=models.Q(('end_date', ''), models.Q(models.Q(('date', ''), _negated=True), ('end_date__gte', models.F('date'))), _connector='OR'), name='statement_dates', violation_error_code='end_date', violation_error_message='An end date needs a start date, and is not before it.')],
            },
            managers=[
                ('published', django.db.models.manager.Manager()),
            ],
        ),
    ]
