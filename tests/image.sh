#!/usr/bin/env bash
# Builds the Dockerfile on a base made from Debian's packages, runs the image read-only as its user next
# to PostgreSQL 17, and asks it for what only an image can get wrong. Prints a table; ends with 1 if a
# line of it is wrong. Needs root, a network, buildah with netavark, and mmdebstrap.
set -euo pipefail
cd "$(dirname "$0")/.."

not_run() { echo "Not run: $1."; [ "${REQUIRE_ALL:-}" != 1 ]; exit; }
[ "$(id -u)" = 0 ] || not_run "only root can make a base image"
for program in buildah mmdebstrap netavark unshare curl; do
    # buildah finds netavark, without which no command runs in an image, in these folders.
    PATH=$PATH:/usr/local/libexec/podman:/usr/local/lib/podman:/usr/libexec/podman:/usr/lib/podman \
        command -v "$program" >/dev/null ||
        not_run "this machine has no $program (Debian: apt-get install buildah mmdebstrap netavark curl)"
done
# Everything is mounted in a namespace of its own, which takes the mounts with it.
[ "${IN_NAMESPACE:-}" = 1 ] || IN_NAMESPACE=1 exec unshare --mount bash "$0"

work=$(mktemp -d)
export TMPDIR=$work BUILDAH_ISOLATION=chroot CONTAINERS_CONF_OVERRIDE=$work/containers.conf
# Ask for no more open files and processes than this machine allows.
echo "containers.default_ulimits = [\"nofile=$(ulimit -n):$(ulimit -n)\", \"nproc=$(ulimit -u):$(ulimit -u)\"]" \
    >"$CONTAINERS_CONF_OVERRIDE"
buildah() { command buildah --root "$work/images" --runroot "$work/run" "$@"; }
stop() {
    [ -z "${site:-}" ] || { kill -- "-$site" && wait "$site"; } 2>/dev/null || true
    [ ! -d "${server:-}/tmp/data" ] || inside "$server" postgres /usr/lib/postgresql/17/bin/pg_ctl -D /tmp/data -m immediate -s stop || true
    # The mounts of this script and of buildah, the last first: a folder with one is not removed.
    awk -v under="$work/" 'index($2, under) == 1 { print $2 }' /proc/mounts | tac | xargs -r -n 1 umount --lazy || true
    cd / && rm -rf --one-file-system "$work"
}
trap stop EXIT
wrong=0
line() { printf '| %-44s | %-12s |\n' "$1" "$2"; }
check() { # NAME EXPECTED FOUND
    if [ -n "$2" ] && [ "$2" = "$3" ]; then line "$1" "$3"; else line "$1" "$3, not $2"; wrong=1; fi
}
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# COMMAND in the file system ROOT as USER, with the variables given and no others.
inside() {
    local root=$1 user=$2; shift 2
    chroot --userspec="$user" "$root" /usr/bin/env -i HOME=/tmp PATH="$path" "$@"
}
# A file system of a container as Docker mounts it: to read, with /tmp in memory.
mounted() {
    local root=$work/root-$2
    mkdir "$root"
    mount --bind "$(buildah mount "$1")" "$root"
    mount -o remount,bind,ro "$root"
    mount -t tmpfs -o size=512m tmpfs "$root/tmp"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    echo "$root"
}

# The base: what the name in the Dockerfile stands for, as far as Debian's packages have it.
name=$(sed -n 's/^FROM \([^@ ]*\).*/\1/p' Dockerfile)
path=/usr/local/python/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# Debian's slim image has no pages of documentation and languages.
mmdebstrap --quiet --variant=minbase --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --include=ca-certificates,passwd,python3.13,python3.13-venv trixie "$work/base.tar"
base=$(buildah from scratch)
buildah add --quiet "$base" "$work/base.tar" / >/dev/null
rm "$work/base.tar"
buildah run "$base" -- python3.13 -m venv /usr/local/python
buildah config --env PATH="$path" "$base"
buildah commit --quiet "$base" "docker.io/library/$name" >/dev/null
bare=$(du -sm "$(buildah mount "$base")" | cut -f 1)

# This machine's certificates, since it may reach PyPI through a proxy of its own.
certificates=(--volume /etc/ssl/certs:/etc/ssl/certs:ro)
sed 's/@sha256:[0-9a-f]*//' Dockerfile | buildah build --quiet --pull=never --format docker --network host \
    "${certificates[@]}" --tag pvematrix --file - . >"$work/built" 2>&1 || { tail -n 20 "$work/built"; exit 1; }
container=$(buildah from --pull=never pvematrix)
image=$(mounted "$container" image)
line "what" "found"
line "--------------------------------------------" "------------"
size=$(du -sm --one-file-system "$image" | cut -f 1)
check "image, at most 700 MB (its base: $bare MB)" yes "$([ "$size" -le 700 ] && echo yes || echo "$size MB")"
user=$(buildah inspect --format '{{.OCIv1.Config.User}}' "$container")
check "user" 10001 "$user"
check "pg_dump and pg_restore" 17 "$(inside "$image" "$user" pg_restore --version | awk '{print int($3)}')"

# PostgreSQL 17 of the same packages, with the roles of compose.yaml.
second=$(buildah from --pull=never "docker.io/library/$name")
buildah run --network host "$second" -- sh -c \
    'export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-17 >/dev/null 2>&1'
server=$(mounted "$second" postgresql)
port=$(free_port) password=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
database=/usr/lib/postgresql/17/bin
inside "$server" postgres "$database/initdb" -D /tmp/data -U postgres --auth-local=trust --auth-host=scram-sha-256 -E UTF8 >/dev/null
inside "$server" postgres "$database/pg_ctl" -D /tmp/data -s -w -l /tmp/log \
    -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=/tmp" start
cp deploy/postgresql.sh "$server/tmp/roles.sh"
as_superuser=(PGHOST=/tmp PGPORT="$port" PGUSER=postgres)
inside "$server" postgres "${as_superuser[@]}" POSTGRES_PASSWORD="$password" sh /tmp/roles.sh
ask() { inside "$server" postgres "${as_superuser[@]}" psql -AtX -d "$1" -c "$2"; }

# The site as compose.yaml runs it.
at=$(free_port)
own=(SECRET_KEY="$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')" ALLOWED_HOSTS=127.0.0.1
    HTTPS=off BIND="127.0.0.1:$at" BACKUP_PASSPHRASE="a passphrase of this test")
url=postgres://pvematrix:$password@127.0.0.1:$port
manage() { (cd / && chroot --userspec="$user" "$image" /usr/bin/env -i -C /srv/pvematrix HOME=/tmp PATH="$path" "${own[@]}" "$@"); }
mapfile -t start < <(buildah inspect --format '{{range .OCIv1.Config.Cmd}}{{println .}}{{end}}' "$container" | sed '/^$/d')
set -m # a process group of its own
manage DATABASE_URL="$url/pvematrix" "${start[@]}" >"$work/log" 2>&1 &
site=$!
set +m
for _try in $(seq 120); do
    curl --silent --fail "http://127.0.0.1:$at/readyz" >/dev/null && break
    kill -0 -- "-$site" 2>/dev/null || break
    sleep 1
done
status() { curl --silent --output "$work/answer" --write-out '%{http_code}' "http://127.0.0.1:$at$1"; }
check "/readyz" 200 "$(status /readyz)"
check "/projects/" 200 "$(status /projects/)"
check "/projects/export.csv" 200 "$(status /projects/export.csv)"
live="FROM projects_project WHERE edition_id IS NULL"
check "... its lines" "$(ask pvematrix "SELECT count(*) + 1 $live")" "$(wc -l <"$work/answer" | tr -d ' ')"
check "/projects/export.xlsx" 200 "$(status /projects/export.xlsx)"
check "/projects/export.docx?scope=global" 200 "$(status '/projects/export.docx?scope=global')"
check "a static file" 200 "$(status /static/css/tokens.css)"
check "the root can be written" no "$(manage touch /srv/pvematrix/x 2>/dev/null && echo yes || echo no)"
check "the site's role is a superuser" f "$(ask pvematrix "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication FROM pg_roles WHERE rolname = 'pvematrix'")"

# The nightly backup, and the way back.
mkdir "$image/tmp/backups" && chown "$user" "$image/tmp/backups"
manage DATABASE_URL="$url/pvematrix" python manage.py backup /tmp/backups >"$work/said" 2>&1 || cat "$work/said"
file=$(basename "$(ls "$image"/tmp/backups/*.tar.gpg)")
check "an encrypted backup" yes "$([ -s "$image/tmp/backups/$file" ] && echo yes || echo no)"
ask postgres "CREATE DATABASE restored OWNER pvematrix" >/dev/null
restored=0
manage DATABASE_URL="$url/restored" python manage.py restore "/tmp/backups/$file" >"$work/said" 2>&1 || restored=$?
check "restored and checked" 0 "$restored"
[ "$restored" = 0 ] || cat "$work/said"
all="SELECT count(*) FROM projects_project"
check "... its projects, editions' too" "$(ask pvematrix "$all")" "$(ask restored "$all")"
[ "$wrong" = 0 ] || tail -n 30 "$work/log"
exit "$wrong"
