#!/bin/sh
# PgBouncer reads who may come in from a file; the password is known to the environment alone.
umask 077
printf '"placard" "%s"\n' "$POSTGRES_PASSWORD" > /tmp/pgbouncer-users.txt
unset POSTGRES_PASSWORD
exec pgbouncer /etc/pgbouncer/pgbouncer.ini
