#!/bin/sh
# Runs once, in an empty volume, as PostgreSQL's superuser: the site gets a role that owns its database
# and nothing else, the standby one that replicates and nothing else. Without its password, where there
# is no standby, nobody can be that role. Afterwards the superuser has no password, so that only this
# container itself can be it.
set -eu
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=password="$POSTGRES_PASSWORD" \
    --set=replication="${REPLICATION_PASSWORD:-}" --dbname=postgres <<'SQL'
CREATE ROLE pvematrix LOGIN PASSWORD :'password';
CREATE ROLE replication LOGIN REPLICATION PASSWORD :'replication';
REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO replication;
CREATE DATABASE pvematrix OWNER pvematrix;
REVOKE CONNECT, TEMPORARY ON DATABASE pvematrix FROM PUBLIC;
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
