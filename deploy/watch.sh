#!/bin/sh
# Prints a line for each thing to act on, and ends with 1 if there is one: /usr/local/sbin/pvematrix-watch.
# Run it every five minutes, as root. docs/public-site.md says what to do.
set -u
ended=0
act() {
    echo "$1"
    ended=1
}

# Of the last five minutes, from the access log: the ninth word of a line is the status.
answers() {
    journalctl --unit=pvematrix --since=-5min --output=cat |
        awk -v status="$1" '$9 ~ "^" status "$" { count++ } END { print count + 0 }'
}

curl --fail --silent --output /dev/null --max-time 5 http://127.0.0.1:8000/readyz ||
    act "readyz: the site or its database does not answer"
errors=$(answers 500)
[ "$errors" -eq 0 ] || act "500: $errors in five minutes"
refused=$(answers 503)
[ "$refused" -lt 20 ] || act "503: $refused in five minutes"
for folder in /var/lib/postgresql /var/backups/pvematrix; do
    used=$(df --output=pcent "$folder" | tr -dc 0-9)
    [ "$used" -lt 80 ] || act "disk: $folder is $used % full"
done
[ -n "$(find /var/backups/pvematrix -name '*.gpg' -mmin -1560)" ] ||
    act "backup: the newest is older than 26 hours"
openssl x509 -noout -checkend 1209600 -in /etc/ssl/pvematrix/fullchain.pem >/dev/null ||
    act "certificate: it ends within 14 days"
lag="SELECT count(*) FROM pg_stat_replication WHERE replay_lag > '60 s'"
[ "$(runuser -u postgres -- psql --no-align --tuples-only --command="$lag")" = 0 ] ||
    act "standby: it is more than 60 seconds behind, or the primary does not answer"
systemctl is-failed --quiet pvematrix-backup && act "backup: the last run failed"
exit "$ended"
