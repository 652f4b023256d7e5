"""On PostgreSQL the database itself refuses to change what an edition holds.

Rows can be added: publishing does it, and so does loading a dump. What was added behind the
application's back shows when the edition is verified.
"""

from django.db import migrations

FUNCTION = """
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
"""
TRIGGERS = """
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
"""
AWAY = """
DROP TRIGGER frozen ON projects_project;
DROP TRIGGER frozen_update ON projects_project;
DROP TRIGGER frozen ON projects_edition;
DROP TRIGGER frozen ON projects_project_entities;
DROP TRIGGER frozen ON projects_project_countries;
DROP FUNCTION pvematrix_frozen();
DROP FUNCTION pvematrix_frozen_link();
"""


def freeze(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # Without parameters, so that the signs for RAISE's own are left alone.
        schema_editor.execute(FUNCTION, params=None)
        schema_editor.execute(TRIGGERS, params=None)


def thaw(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(AWAY, params=None)


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_revision_content_type")]
    operations = [migrations.RunPython(freeze, thaw)]
