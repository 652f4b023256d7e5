#!/usr/bin/env bash
# with_postgresql.sh COMMAND...: runs the command with DATABASE_URL at a PostgreSQL of its own, created
# for this run from the machine's binaries and removed after it, with the roles of compose.yaml. A
# DATABASE_URL that is set is used.
set -euo pipefail

if [ -n "${DATABASE_URL:-}" ]; then exec "$@"; fi

initdb=$(ls -1 /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1 || true)
[ -n "$initdb" ] || initdb=$(command -v initdb || true)
if [ -z "$initdb" ]; then
    echo "Skipped: no PostgreSQL on this machine (Debian: apt-get install postgresql)."
    if [ "${REQUIRE_ALL:-}" = 1 ]; then exit 1; fi
    exit 0
fi
bin=$(dirname "$initdb")
home=$(mktemp -d)
# PostgreSQL refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
    chown nobody "$home"
    as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi
cd_home() { (cd "$home" && "$@"); }
stop() {
    cd_home "${as[@]}" "$bin/pg_ctl" -D "$home/data" -m immediate -s stop || true
    rm -rf "$home"
}
trap stop EXIT
cd_home "${as[@]}" "$bin/initdb" -D "$home/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US >/dev/null
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cd_home "${as[@]}" "$bin/pg_ctl" -D "$home/data" -s -w -l "$home/log" \
    -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$home -c fsync=off" start
as_superuser=(env PGHOST=127.0.0.1 "PGPORT=$port" PGUSER=postgres "PATH=$bin:$PATH")
"${as_superuser[@]}" POSTGRES_PASSWORD=unused deploy/postgresql.sh
# Tests create databases, from one that is not their own, and switch triggers off. They drop one
# although autovacuum, which is another role's, may be at work in it.
"${as_superuser[@]}" psql -qX -d postgres -c "ALTER ROLE pvematrix CREATEDB" \
    -c "GRANT CONNECT ON DATABASE postgres TO pvematrix" \
    -c "GRANT pg_signal_backend TO pvematrix" \
    -c "GRANT SET ON PARAMETER session_replication_role TO pvematrix"
DATABASE_URL="postgres://pvematrix@127.0.0.1:$port/pvematrix" "$@"
