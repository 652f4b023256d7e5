"""The triggers of the database that move the data version with every change of what is public.

They stand in the database, so that no road goes round them: a save, `bulk_update`, `loaddata`, an
import, SQL typed by hand. `migrate` puts them in place after the tables have their shape. A new
model stands in PUBLIC, or in NOT_PUBLIC with a reason: a test compares both with what there is.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models, transaction

from projects.vocabulary import Review

_OF_PUBLIC_PROJECT = (
    f"(SELECT review FROM projects_project WHERE id = {{row}}.project_id) <> '{Review.DRAFT}'"  # noqa: S608 - a slug of ours
)
_OF_PUBLIC_STATEMENT = (
    f"(SELECT review FROM reports_statement WHERE id = {{row}}.statement_id) <> '{Review.DRAFT}'"  # noqa: S608 - a slug of ours
)


@dataclass(frozen=True)
class Shown:
    """Which rows of a table everybody sees, and which columns of them nobody does.

    `condition` is SQL with {row} for the row's name; empty for all rows. So is `known`: what of the
    hidden columns everybody sees all the same.
    """

    condition: str = ""
    hidden: frozenset[str] = frozenset()
    known: str = ""


PUBLIC = {
    # A signing off is nothing that everybody sees; that an entry is counted no more is.
    "projects.Project": Shown(
        f"{{row}}.review <> '{Review.DRAFT}'",
        frozenset({"review"}),
        f"{{row}}.review = '{Review.SET_ASIDE}'",
    ),
    "projects.Project_entities": Shown(_OF_PUBLIC_PROJECT),
    "projects.Project_countries": Shown(_OF_PUBLIC_PROJECT),
    "projects.Quotation": Shown(_OF_PUBLIC_PROJECT),
    "projects.Revision": Shown("{row}.is_public", frozenset({"by_id", "by_name", "batch_id"})),
    "projects.Edition": Shown(),
    "projects.Entity": Shown(),
    "projects.Country": Shown(),
    "reports.Report": Shown(),
    "reports.Figure": Shown(),
    "reports.Document": Shown(),
    "reports.Paragraph": Shown(),
    "reports.Statement": Shown(f"{{row}}.review <> '{Review.DRAFT}'", frozenset({"review"})),
    "reports.Statement_entities": Shown(_OF_PUBLIC_STATEMENT),
    "reports.Plan": Shown(f"{{row}}.review <> '{Review.DRAFT}'", frozenset({"review"})),
}
NOT_PUBLIC = {
    "projects.DataVersion": "It is what moves.",
    "projects.Batch": "Staff see imports; what they change are projects.",
    "projects.Correction": "Staff see them, and who reported one sees it on a page not kept.",
    "projects.Contact": "Where who reported a correction can be asked: staff see it.",
    "projects.Mapping": "How staff read the columns of a sheet.",
    "projects.Objection": "What reviewers tell authors.",
    "projects.SavedList": "What of the desk's list staff look at again.",
    "projects.Comment": "What staff say of entries among themselves.",
    "projects.Evidence": "Staff see which files entries rest on.",
    "projects.EvidenceFile": "And what is in these files.",
    "pvematrix.Account": "Staff.",
    "pvematrix.Credential": "Staff.",
    "pvematrix.Expert": "Staff see the resource group, where the site keeps it.",
    "pvematrix.AssistanceRequest": "Staff see who asked for assistance, where the site keeps it.",
}
_OPERATIONS = ("INSERT", "UPDATE", "DELETE")
# On PostgreSQL a writer takes the first row that no other holds, and makes one if there is none.
# Once in a transaction is enough, until somebody reads the version in the same transaction.
_POSTGRESQL_MOVE = """
CREATE OR REPLACE FUNCTION pvematrix_move() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE projects_dataversion
        SET number = number + 1, at = clock_timestamp(), mark = random() * 9007199254740991
        WHERE id = (
            SELECT id FROM projects_dataversion ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
        );
    IF NOT FOUND THEN
        INSERT INTO projects_dataversion (number, at, mark)
            VALUES (1, clock_timestamp(), random() * 9007199254740991);
    END IF;
    PERFORM set_config('pvematrix.moved', pg_current_xact_id()::text, true);
END $$;
CREATE OR REPLACE FUNCTION pvematrix_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pvematrix_move();
    RETURN NULL;
END $$;
"""
_POSTGRESQL_TABLE = """
CREATE OR REPLACE FUNCTION pvematrix_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('pvematrix.moved', true) = pg_current_xact_id()::text THEN
        RETURN NULL;
    END IF;
    IF (
        CASE TG_OP WHEN 'INSERT' THEN {INSERT} WHEN 'DELETE' THEN {DELETE} ELSE {UPDATE} END
    ) THEN
        PERFORM pvematrix_move();
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW
    EXECUTE FUNCTION pvematrix_{table}();
CREATE TRIGGER {name}_emptied AFTER TRUNCATE ON {table} FOR EACH STATEMENT
    EXECUTE FUNCTION pvematrix_emptied();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}_emptied;
"""
# No conflict is left to be resolved: "OR REPLACE" of the statement outside would hold in here too.
_SQLITE_MOVE = """
    INSERT INTO projects_dataversion (number, at, mark)
        SELECT 0, '', 0 WHERE NOT EXISTS (SELECT 1 FROM projects_dataversion);
    UPDATE projects_dataversion SET number = number + 1,
        at = strftime('%Y-%m-%d %H:%M:%f', 'now'), mark = abs(random() % 9007199254740991);
"""


def put_in_place() -> None:
    """Put the triggers in place, unless exactly these are; then the data version moves, once."""
    if _present() == {name for name, _table, _sql in _wanted()}:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        take_away()
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_MOVE)
        for _name, _table, sql in _wanted():
            cursor.execute(sql)
        # What was written while they were not there has moved nothing.
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pvematrix_move()")
        else:
            for statement in filter(str.strip, _SQLITE_MOVE.split(";")):
                cursor.execute(statement)


def take_away() -> None:
    """Take the triggers away, and with them the version: nothing is kept while they are not there.

    SQLite makes a table anew to change it, and refuses where a trigger names it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        there = _of_database()
        for name, table in there.items():
            of_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{of_table}")
        if there:
            cursor.execute("DELETE FROM projects_dataversion")


def _present() -> set[str]:
    return {name for name in _of_database() if not name.endswith("_emptied")}


def _of_database() -> dict[str, str]:
    """Return the triggers that the database has for this, each with its table."""
    sql = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        sql = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name: table for name, table in cursor.fetchall() if name.startswith("moves_")}


def _wanted() -> Iterator[tuple[str, str, str]]:
    """Yield (name, table, SQL) of each trigger; a digest in the name stands for the SQL."""
    for label, shown in PUBLIC.items():
        model = apps.get_model(label)
        table, moves = model._meta.db_table, _moving(model, shown)
        if connection.vendor == "postgresql":
            parts = {"": _POSTGRESQL_TABLE.replace("{table}", table)}
            for operation, condition in moves.items():
                parts[""] = parts[""].replace(f"{{{operation}}}", condition)
        else:
            parts = {
                f"_{operation.lower()}": (
                    f"CREATE TRIGGER {{name}} AFTER {operation} ON {table} FOR EACH ROW"
                    f" WHEN {condition} BEGIN {_SQLITE_MOVE} END"
                )
                for operation, condition in moves.items()
            }
        for suffix, sql in parts.items():
            digest = hashlib.sha256((_POSTGRESQL_MOVE + sql).encode()).hexdigest()[:8]
            name = f"moves_{table}{suffix}_{digest}"
            yield name, table, sql.replace("{name}", name)


def _moving(model: type[models.Model], shown: Shown) -> dict[str, str]:
    """Return for each operation when it changes something that everybody sees, in SQL."""
    seen = {row: f"({shown.condition.format(row=row) or '1 = 1'})" for row in ("OLD", "NEW")}
    differ = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    columns = [
        field.column
        for field in model._meta.concrete_fields
        if not field.generated and field.column not in shown.hidden
    ]
    changed = " OR ".join(f"OLD.{column} {differ} NEW.{column}" for column in columns)
    other = f"{seen['OLD']} {differ} {seen['NEW']}"
    if shown.known:
        known = {row: f"({shown.known.format(row=row)})" for row in seen}
        other += f" OR {known['OLD']} {differ} {known['NEW']}"
    either = f"({seen['OLD']} OR {seen['NEW']})"
    update = f"({either} AND ({changed} OR {other}))"
    return {"INSERT": seen["NEW"], "UPDATE": update, "DELETE": seen["OLD"]}
