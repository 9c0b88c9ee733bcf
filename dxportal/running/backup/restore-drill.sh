#!/bin/sh
# Shows that a dump can be restored: restore-drill.sh [DUMP]
# Without DUMP it makes one and compares every table of the restored copy with the live database as of that moment, row
# for row by checksum. With DUMP it restores that file and counts its rows. The copy is a database of its own, which is
# dropped at the end; the live one is only read. libpq's own variables name the database.
set -eu
umask 077
if [ -n "${PGPASSWORD_FILE:-}" ]; then
    PGPASSWORD=$(cat "$PGPASSWORD_FILE")
    export PGPASSWORD
fi
# How values are written must not depend on what somebody set for one of the two databases.
export PGTZ=UTC PGDATESTYLE=ISO PGOPTIONS="-c extra_float_digits=3 -c intervalstyle=postgres -c bytea_output=hex"
copy=dxportal_drill_$$
work=$(mktemp -d)
holder=

end() {
    [ -z "$holder" ] || kill "$holder" 2>/dev/null || true
    dropdb --if-exists --force "$copy" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap end EXIT
trap 'exit 1' TERM INT

# A line a table: name, rows, sum of the rows' checksums. A sum doesn't depend on the order, so nothing is sorted.
checksums() {
    psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 "$@" <<'SQL'
SELECT format(
    'SELECT %L, count(*), coalesce(sum((''x'' || left(md5(t::text), 15))::bit(60)::bigint::numeric), 0) FROM %I.%I AS t',
    table_schema || '.' || table_name, table_schema, table_name
)
FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
ORDER BY table_schema, table_name
\gexec
SQL
}

createdb "$copy"
if [ $# -gt 0 ]; then
    if [ -f "$1.sha256" ]; then
        (cd "$(dirname "$1")" && sha256sum --check --quiet "$(basename "$1").sha256")
    fi
    pg_restore --exit-on-error --no-owner --dbname="$copy" "$1"
    checksums --dbname="$copy" >"$work/restored"
    awk -F '|' '{ rows += $2 } END { printf "restore drill: %d tables, %d rows restored\n", NR, rows }' "$work/restored"
    exit 0
fi

# Dump and checksums read one snapshot of the live database, held open here: what is saved meanwhile is in neither.
mkfifo "$work/in" "$work/out"
psql --no-psqlrc --quiet --tuples-only --no-align <"$work/in" >"$work/out" &
holder=$!
exec 3>"$work/in" 4<"$work/out"
echo 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot();' >&3
read -r snapshot <&4
pg_dump --format=custom --snapshot="$snapshot" --file="$work/dump"
printf "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT '%s';\n" "$snapshot" >"$work/begin"
checksums --file="$work/begin" --file=- >"$work/live"
pg_restore --exit-on-error --no-owner --dbname="$copy" "$work/dump"
checksums --dbname="$copy" >"$work/restored"
if ! diff "$work/live" "$work/restored" >"$work/differences"; then
    echo "restore drill: FAILED, these tables differ (< live, > restored):" >&2
    cat "$work/differences" >&2
    exit 1
fi
awk -F '|' '{ rows += $2 } END { printf "restore drill: %d tables, %d rows, all equal\n", NR, rows }' "$work/restored"
