"""What a request leaves in the database, told so that two runs of it can be compared."""

import json
import re
from collections import Counter
from typing import Any

from django.apps import apps
from django.db import connection, models
from psycopg import sql

# No effects: what a claim, a session or a limit leaves behind.
ASIDE = {"django_session", "dxportal_cache", "django_migrations", "accounts_sentform"}
RANDOM = {"token_digest", "secret_digest", "password", "secret", "key_hash"}
# Keys of another app's rows, which no constraint holds.
SOFT_KEYS = {("consultations_topiclink", "case"): "casestudies_case"}
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(?:[+-]\d\d:?\d\d|Z)?")
KEY = re.compile(r'("\w+_id":) \d+')  # in what a job is to do: what was made has another key in each run
DIGESTS = "SELECT {}, count(*), coalesce(bit_xor(('x' || left(md5(line::text), 16))::bit(64)::bigint), 0) FROM {} line"

Rows = dict[str, dict[str, Any]]


class Ledger:
    """All rows of all tables as they were, and the difference that something made to them."""

    def __init__(self) -> None:
        kinds = apps.get_models(include_auto_created=True)
        self.models = {kind._meta.db_table: kind for kind in kinds if not kind._meta.proxy and kind._meta.managed}
        self.tables = sorted(set(connection.introspection.table_names()) & set(self.models) - ASIDE)
        self.digests = self.read_digests()
        self.rows: dict[str, Rows] = {table: self.read(table) for table in self.tables}

    def renew(self) -> None:
        for table in self.changed(now := self.read_digests()):
            self.rows[table] = self.read(table)
        self.digests = now

    def changed(self, now: dict[str, tuple]) -> list[str]:
        return [table for table in self.tables if now[table] != self.digests[table]]

    def effect(self) -> dict[str, Any]:
        """Table → rows added, taken away, changed; without what differs between any two runs (times, new keys)."""
        effect = {}
        for table in self.changed(self.read_digests()):
            before, now = self.rows[table], self.read(table)
            added = Counter(self.plain(table, row) for key, row in now.items() if key not in before)
            gone = sorted(before.keys() - now.keys())
            other = {key: self.plain(table, row) for key, row in now.items() if key in before and before[key] != row}
            effect[table] = {"added": dict(added), "gone": gone, "changed": other}
        return effect

    def read_digests(self) -> dict[str, tuple]:
        parts = [sql.SQL(DIGESTS).format(table, sql.Identifier(table)) for table in self.tables]
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(" UNION ALL ").join(parts))
            return {table: rest for table, *rest in cursor.fetchall()}

    def read(self, table: str) -> Rows:
        key = self.models[table]._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT to_jsonb(line)::text FROM {} line").format(sql.Identifier(table)))
            rows = [json.loads(text) for (text,) in cursor.fetchall()]
        return {str(row[key]): row for row in rows}

    def plain(self, table: str, row: dict[str, Any]) -> str:
        kind = self.models[table]
        fields = {field.column: field for field in kind._meta.concrete_fields}
        return json.dumps({column: self.value(kind, fields[column], row[column]) for column in sorted(fields)})

    def value(self, kind: type[models.Model], field: models.Field, value: Any) -> Any:
        if value is None:
            return None
        if field.name in RANDOM or isinstance(field, models.DateTimeField):
            return field.name
        target = self.points_to(kind, field)
        if target in self.rows:
            return value if str(value) in self.rows[target] else "new"
        if isinstance(value, str | dict | list):
            text = UUID.sub("uuid", json.dumps(value, ensure_ascii=False))
            return KEY.sub(r"\1 key", MOMENT.sub("moment", text))
        return value

    def points_to(self, kind: type[models.Model], field: models.Field) -> str:
        """The table whose key the column holds: another's, its own, or in a history that of the thing itself."""
        if (kind._meta.db_table, field.column) in SOFT_KEYS:
            return SOFT_KEYS[kind._meta.db_table, field.column]
        if field.remote_field:
            return field.remote_field.model._meta.db_table
        if field.primary_key:
            return kind._meta.db_table
        names = {other.name: other for other in kind._meta.concrete_fields}
        if field.name == "id" and "pgh_obj" in names:
            return names["pgh_obj"].remote_field.model._meta.db_table
        return ""
