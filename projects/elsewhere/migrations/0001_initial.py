from django.db import migrations, models

import projects.citations
import projects.models.base
import projects.text


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True, verbose_name='number')),
                ('data_set', models.CharField(max_length=200, verbose_name='data set')),
                ('published', models.TextField()),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('updated_at', models.DateTimeField(default=projects.models.base.this_second, editable=False)),
            ],
            options={
                'verbose_name': 'project elsewhere',
                'verbose_name_plural': 'projects elsewhere',
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='Judgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True, verbose_name='number')),
                ('kind', models.CharField(choices=[('not-known', 'Not known'), ('one-of', 'One of the projects that the report counts'), ('not-one-of', 'Not one of the projects that the report counts'), ('same', 'The same as another'), ('part', 'Part of another')], default='not-known', error_messages={'invalid_choice': 'Choose one of: not-known, one-of, not-one-of, same, part.'}, max_length=12, verbose_name='judgement')),
                ('other', models.CharField(blank=True, help_text='The reference of an entry, or the number of another record.', max_length=200, verbose_name='the other')),
                ('why', models.CharField(help_text='Public.', max_length=300, validators=[projects.text.validate_one_line, projects.citations.validate_markers], verbose_name='reason')),
                ('source', models.CharField(blank=True, help_text='Empty: our reading. Public.', max_length=300, validators=[projects.text.validate_one_line], verbose_name='source')),
                ('by_name', models.CharField(blank=True, max_length=150, verbose_name='by')),
                ('at', models.DateTimeField(default=projects.models.base.this_second, verbose_name='when')),
            ],
            options={
                'verbose_name': 'judgement of a project elsewhere',
                'verbose_name_plural': 'judgements of projects elsewhere',
                'ordering': ['key'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['not-known', 'one-of', 'not-one-of', 'same', 'part'])), name='judgement_kind', violation_error_code='kind', violation_error_message='Choose one of: not-known, one-of, not-one-of, same, part.'), models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='judgement_why', violation_error_code='why', violation_error_message='This field is required.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'one-of'), _negated=True), models.Q(('source', ''), _negated=True), _connector='OR'), name='judgement_source', violation_error_code='source', violation_error_message='A document has to say that it is one of them.'), models.CheckConstraint(condition=models.Q(('kind__in', ('one-of', 'same', 'part')), ('other', ''), _connector='XOR'), name='judgement_other', violation_error_code='other', violation_error_message='Say which one, for this judgement only.')],
            },
        ),
    ]
