#!/usr/bin/env bash
# with_postgresql.sh COMMAND...: runs the command with DATABASE_URL at a PostgreSQL of its own, made
# for this run from the machine's binaries and removed after it. A DATABASE_URL that is set is used.
set -euo pipefail

if [ -n "${DATABASE_URL:-}" ]; then exec "$@"; fi

# PostgreSQL 15, which compose.yaml runs, if it is there; else the newest.
initdb=$(ls -1 /usr/lib/postgresql/15/bin/initdb 2>/dev/null || true)
[ -n "$initdb" ] || initdb=$(ls -1 /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1 || true)
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
cd_home "${as[@]}" "$bin/initdb" -D "$home/data" -U pvematrix -A trust -E UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US >/dev/null
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cd_home "${as[@]}" "$bin/pg_ctl" -D "$home/data" -s -w -l "$home/log" \
    -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$home -c fsync=off" start
DATABASE_URL="postgres://pvematrix@127.0.0.1:$port/postgres" "$@"
