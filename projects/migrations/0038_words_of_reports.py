import django.core.validators
from django.db import migrations, models

import projects.models.fields
import projects.models.quotation
import projects.text


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0037_in_matrix'),
    ]

    operations = [
        migrations.AlterField('edition', 'date', projects.models.fields.PartialDateField(help_text='When its figures held: 2018, 2018-06 or 2018-06-28.', max_length=10, verbose_name='date')),
        migrations.AlterField('project', 'provenance', models.CharField(choices=[('counted', 'Counted, not described'), ('named', 'Described'), ('confirmed', 'Confirmed')], error_messages={'invalid_choice': 'Choose one of: counted, named, confirmed.'}, help_text='Counted, not described: the report counts it and says no more. Described: the report describes the activity, and does not say whether it is one of these. Confirmed: you confirm the entry from the source that you cite below.', max_length=10, verbose_name='provenance')),
        migrations.AlterField('project', 'source', models.CharField(help_text='Document symbol and paragraphs, e.g. A/74/677, para. N.', max_length=300, validators=[projects.text.validate_one_line], verbose_name='source')),
        migrations.AlterField('quotation', 'document', models.CharField(default=projects.models.quotation.symbol_of_report, help_text='Document symbol, e.g. A/74/677.', max_length=100, validators=[projects.text.validate_one_line, django.core.validators.RegexValidator('[“”"\\n]|, paras?\\. [0-9]', 'Without quotation marks. Paragraphs stand beside it, one by one: 44, 45.', inverse_match=True)], verbose_name='document')),
        migrations.AlterField('project', 'priority_area_basis', models.CharField(choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, help_text='Does the source state it, is it your reading, or was it filled in to fit the totals?', max_length=10, verbose_name='basis of the priority area')),
        migrations.AlterField('project', 'scope_basis', models.CharField(choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, max_length=10, verbose_name='basis of the scope')),
        migrations.AlterField('project', 'regions_basis', models.CharField(choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, blank=True, help_text='Leave empty where there is no region.', max_length=10, verbose_name='basis of the regions')),
        # Equal references have equal numbers, which are unique.
        migrations.RemoveConstraint('project', 'project_reference_once'),
        # A report may count its projects by area and scope only.
        migrations.RemoveConstraint('project', 'project_region_needed'),
    ]
