"""Accounts and registers of persons, the groups of staff, the table of the cache."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models

import projects.text
from pvematrix.desk.groups import make_groups


def make_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def groups(apps, schema_editor):
    make_groups(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('elsewhere', '0001_initial'),
        ('projects', '0001_initial'),
        ('reports', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AssistanceRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, validators=[projects.text.validate_one_line], verbose_name='who asked')),
                ('asked_on', models.DateField(default=django.utils.timezone.localdate)),
                ('wanted', models.TextField(max_length=5000, validators=[projects.text.validate_plain_text], verbose_name='what was asked')),
                ('state', models.CharField(choices=[('open', 'Open'), ('in-progress', 'In progress'), ('answered', 'Answered'), ('declined', 'Declined')], default='open', max_length=20)),
                ('project', models.CharField(blank=True, help_text='A reference, e.g. PVE-001.', max_length=20, validators=[django.core.validators.RegexValidator('^PVE-[0-9]{3,12}\\Z', 'A reference, e.g. PVE-001.')])),
            ],
            options={
                'verbose_name': 'request for assistance',
                'verbose_name_plural': 'requests for assistance',
                'ordering': ['-asked_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to=settings.AUTH_USER_MODEL)),
                ('password_set_at', models.DateTimeField()),
                ('is_temporary', models.BooleanField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': (),
                'indexes': [],
                'constraints': [],
            },
            bases=('auth.user', models.Model),
        ),
        migrations.CreateModel(
            name='Expert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, validators=[projects.text.validate_one_line])),
                ('affiliation', models.CharField(blank=True, max_length=300, validators=[projects.text.validate_one_line])),
                ('subjects', models.CharField(blank=True, max_length=500, validators=[projects.text.validate_one_line])),
                ('languages', models.CharField(blank=True, max_length=200, validators=[projects.text.validate_one_line])),
                ('consented_on', models.DateField()),
                ('consent_ends_on', models.DateField(help_text='The record is deleted in the night after this day.')),
            ],
            options={
                'verbose_name_plural': 'resource group',
                'ordering': ['name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('consent_ends_on__gte', models.F('consented_on'))), name='expert_consent', violation_error_message='The consent ends before it begins.')],
            },
        ),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
        migrations.RunPython(groups, migrations.RunPython.noop),
    ]
