from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0039_searchable_words'),
        ('reports', '0014_report_as_data'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='statement',
            name='statement_kind',
        ),
        migrations.AlterField(
            model_name='statement',
            name='kind',
            field=models.CharField(choices=[('practice', 'Practice'), ('lesson', 'Lesson'), ('experience', 'Experience'), ('driver', 'Driver'), ('finding', 'Figure of a study'), ('count', 'Number of projects'), ('fact', 'Fact or position'), ('need', 'Need'), ('measure', 'Measure or recommendation'), ('plan', 'Plan or strategy'), ('event', 'Event'), ('observance', 'Observance'), ('body', 'Body'), ('document', 'Document'), ('theme', 'Theme'), ('step', 'Step of a project'), ('detail', 'Detail of a body or event')], error_messages={'invalid_choice': 'Choose one of: practice, lesson, experience, driver, finding, count, fact, need, measure, plan, event, observance, body, document, theme, step, detail.'}, max_length=12, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['practice', 'lesson', 'experience', 'driver', 'finding', 'count', 'fact', 'need', 'measure', 'plan', 'event', 'observance', 'body', 'document', 'theme', 'step', 'detail'])), name='statement_kind', violation_error_code='kind', violation_error_message='Choose one of: practice, lesson, experience, driver, finding, count, fact, need, measure, plan, event, observance, body, document, theme, step, detail.'),
        ),
    ]
