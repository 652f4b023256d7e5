"""The index that PostgreSQL finds words by, wherever they stand: of each three letters in a row."""

from django.db import ProgrammingError, migrations, transaction

EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
INDEX = (
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


def make(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
            if cursor.fetchone() is None:
                raise ProgrammingError("the server does not have it")
            cursor.execute(EXTENSION)
    except ProgrammingError as error:
        reason = str(error).strip().splitlines()[0]
        print(NOT_MADE.format(reason=reason, extension=EXTENSION, index=INDEX))  # noqa: T201 - what migrate says
        return
    schema_editor.execute(INDEX)


def take_away(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS project_words")


class Migration(migrations.Migration):
    dependencies = [("projects", "0030_order_indexes")]
    operations = [migrations.RunPython(make, take_away)]
