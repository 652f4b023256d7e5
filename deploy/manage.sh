#!/bin/sh
# manage.py as the site runs it, for root: /usr/local/sbin/pvematrix. For example: pvematrix createsuperuser
set -eua
. /etc/pvematrix/env
. /etc/pvematrix/backup.env
cd /srv/pvematrix
exec runuser -u pvematrix -- .venv/bin/python manage.py "$@"
