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
        migrations.AlterField('edition', 'date', projects.models.fields.PartialDateField(help_text='YYYY, YYYY-MM or YYYY-MM-DD, as precise as the source', max_length=10, verbose_name='date')),
        migrations.AlterField('project', 'provenance', models.CharField(choices=[('counted', 'Counted, not described'), ('named', 'Described'), ('confirmed', 'Confirmed')], error_messages={'invalid_choice': 'Choose one of: counted, named, confirmed.'}, help_text='Confirmed: you confirm the entry from the source that you cite.', max_length=10, verbose_name='provenance')),
        migrations.AlterField('project', 'source', models.CharField(help_text='Document symbol and paragraphs', max_length=300, validators=[projects.text.validate_one_line], verbose_name='source')),
        migrations.AlterField('quotation', 'document', models.CharField(default=projects.models.quotation.symbol_of_report, help_text='Document symbol, e.g. A/74/677.', max_length=100, validators=[projects.text.validate_one_line, django.core.validators.RegexValidator('[“”"\\n]|, paras?\\. [0-9]', 'Document symbol, e.g. A/74/677.', inverse_match=True)], verbose_name='document')),
        migrations.AlterField('project', 'priority_area_basis', models.CharField(choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, max_length=10, verbose_name='basis of the priority area')),
        migrations.AlterField('project', 'scope_basis', models.CharField(choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, max_length=10, verbose_name='basis of the scope')),
        migrations.AlterField('project', 'regions_basis', models.CharField(blank=True, choices=[('stated', 'Stated'), ('inferred', 'Our reading'), ('allocated', 'Not stated')], error_messages={'invalid_choice': 'Choose one of: stated, inferred, allocated.'}, max_length=10, verbose_name='basis of the regions')),
        # Equal references have equal numbers, which are unique.
        migrations.RemoveConstraint('project', 'project_reference_once'),
        # A report may count its projects by area and scope only.
        migrations.RemoveConstraint('project', 'project_region_needed'),
    ]
