#!/bin/sh
# One dump of the database, or one every day: backup.sh FOLDER [daily]
# libpq's own variables name the database (PGHOST, PGUSER, PGDATABASE, PGPASSWORD or PGPASSWORD_FILE).
# BACKUP_AT: the hour and minute of the daily one (03:30); BACKUP_DAYS: how long dumps are kept (35).
set -eu
umask 077
folder=$1
if [ -n "${PGPASSWORD_FILE:-}" ]; then
    PGPASSWORD=$(cat "$PGPASSWORD_FILE")
    export PGPASSWORD
fi

# Chained, as the shell stops at no failure within a condition: a dump that failed must not get the name of a whole one.
dump() {
    name=dxportal-$(date +%Y%m%d-%H%M%S).dump
    # Under another name until it is whole and can be listed: what is called .dump can be restored.
    pg_dump --format=custom --file="$folder/$name.part" &&
        pg_restore --list "$folder/$name.part" >/dev/null &&
        mv "$folder/$name.part" "$folder/$name" &&
        (cd "$folder" && sha256sum "$name" >"$name.sha256") &&
        find "$folder" -name 'dxportal-*.dump*' -mtime "+${BACKUP_DAYS:-35}" -delete &&
        echo "backup: $folder/$name ($(wc -c <"$folder/$name") bytes)" &&
        return
    rm -f "$folder/$name.part"
    return 1
}

mkdir -p "$folder"
if [ "${2:-}" != daily ]; then
    dump
    exit 0
fi

# Until the next BACKUP_AT; a failed dump is tried again after ten minutes and leaves the last good ones alone.
trap 'kill "${!:-}" 2>/dev/null || :; exit 0' TERM INT
while :; do
    now=$(date +%s)
    next=$(date -d "${BACKUP_AT:-03:30}" +%s)
    [ "$next" -gt "$now" ] || next=$((next + 86400))
    sleep $((next - now)) &
    wait $!
    until dump; do
        echo "backup: failed; trying again in ten minutes" >&2
        sleep 600 &
        wait $!
    done
done
