"""The search index's columns, and the database's own guard that no case is committed with a stale index row."""

import django.contrib.postgres.fields
from django.db import migrations, models

# Content of a case as the index sees it: everything but who may see it and the bookkeeping.
CASE_CHANGES = """
CREATE FUNCTION casestudies_case_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    beside text[] := '{revision,updated_at,created_at,published_at,state,audience,author_id,prefecture_id,organization_id}';
BEGIN
    IF NEW.revision = OLD.revision AND (to_jsonb(NEW) - beside) IS DISTINCT FROM (to_jsonb(OLD) - beside) THEN
        NEW.revision := OLD.revision + 1;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER casestudies_case_changed BEFORE UPDATE ON casestudies_case
    FOR EACH ROW EXECUTE FUNCTION casestudies_case_changed();
"""

PARTS = (
    "casestudies_caseplace",
    "casestudies_casefigure",
    "casestudies_caselink",
    "casestudies_case_areas",
    "casestudies_case_terms",
)

PART_FUNCTIONS = """
CREATE FUNCTION casestudies_part_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casestudies_case SET revision = revision + 1 WHERE id IN (SELECT case_id FROM fresh);
    RETURN NULL;
END $$;
CREATE FUNCTION casestudies_part_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casestudies_case SET revision = revision + 1 WHERE id IN (SELECT case_id FROM gone);
    RETURN NULL;
END $$;
CREATE FUNCTION casestudies_part_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casestudies_case SET revision = revision + 1
        WHERE id IN (SELECT case_id FROM fresh UNION SELECT case_id FROM gone);
    RETURN NULL;
END $$;
"""

PART_TRIGGERS = """
CREATE TRIGGER casestudies_part_inserted AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION casestudies_part_inserted();
CREATE TRIGGER casestudies_part_deleted AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION casestudies_part_deleted();
CREATE TRIGGER casestudies_part_updated AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS gone NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION casestudies_part_updated();
"""

# Names of areas, terms and documents are words of their cases.
NAMES = """
CREATE FUNCTION casestudies_area_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casestudies_case SET revision = revision + 1
        WHERE id IN (SELECT case_id FROM casestudies_case_areas WHERE area_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER casestudies_area_renamed AFTER UPDATE ON taxonomy_area FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.code IS DISTINCT FROM NEW.code)
    EXECUTE FUNCTION casestudies_area_renamed();
CREATE FUNCTION casestudies_term_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casestudies_case SET revision = revision + 1
        WHERE field_id = NEW.id OR id IN (SELECT case_id FROM casestudies_case_terms WHERE term_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER casestudies_term_renamed AFTER UPDATE ON taxonomy_term FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.code IS DISTINCT FROM NEW.code)
    EXECUTE FUNCTION casestudies_term_renamed();
CREATE FUNCTION casestudies_document_recoded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE casestudies_case SET revision = revision + 1 WHERE document_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER casestudies_document_recoded AFTER UPDATE ON casestudies_casedocument FOR EACH ROW
    WHEN (OLD.code IS DISTINCT FROM NEW.code) EXECUTE FUNCTION casestudies_document_recoded();
"""

GUARD = """
CREATE FUNCTION casestudies_index_is_fresh() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    subject bigint;
    wanted integer;
BEGIN
    IF TG_TABLE_NAME = 'casestudies_case' THEN
        subject := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        subject := OLD.case_id;
    ELSE
        subject := NEW.case_id;
    END IF;
    SELECT revision INTO wanted FROM casestudies_case WHERE id = subject;
    IF FOUND AND NOT EXISTS (
        SELECT FROM casestudies_caseindex WHERE case_id = subject AND revision = wanted
    ) THEN
        RAISE EXCEPTION 'case % has no index row of revision %: call casestudies.domain.index.write', subject, wanted
            USING ERRCODE = 'integrity_constraint_violation', TABLE = 'casestudies_caseindex';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER casestudies_index_is_made AFTER INSERT ON casestudies_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION casestudies_index_is_fresh();
CREATE CONSTRAINT TRIGGER casestudies_index_is_fresh AFTER UPDATE ON casestudies_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.revision IS DISTINCT FROM NEW.revision)
    EXECUTE FUNCTION casestudies_index_is_fresh();
CREATE CONSTRAINT TRIGGER casestudies_case_index_is_fresh AFTER INSERT OR UPDATE OR DELETE ON casestudies_caseindex
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION casestudies_index_is_fresh();
"""


def _drop(part: str) -> str:
    return "\n".join(
        f"DROP TRIGGER {name} ON {part};"
        for name in ("casestudies_part_inserted", "casestudies_part_deleted", "casestudies_part_updated")
    )


UNDO = (
    """
DROP TRIGGER casestudies_index_is_made ON casestudies_case;
DROP TRIGGER casestudies_index_is_fresh ON casestudies_case;
DROP TRIGGER casestudies_case_index_is_fresh ON casestudies_caseindex;
DROP TRIGGER casestudies_case_changed ON casestudies_case;
DROP TRIGGER casestudies_area_renamed ON taxonomy_area;
DROP TRIGGER casestudies_term_renamed ON taxonomy_term;
DROP TRIGGER casestudies_document_recoded ON casestudies_casedocument;
"""
    + "\n".join(map(_drop, PARTS))
    + """
DROP FUNCTION casestudies_index_is_fresh, casestudies_case_changed, casestudies_area_renamed, casestudies_term_renamed,
    casestudies_document_recoded, casestudies_part_inserted, casestudies_part_deleted, casestudies_part_updated;
"""
)


class Migration(migrations.Migration):
    dependencies = [("casestudies", "0003_uptakes_taken_back"), ("taxonomy", "__first__")]

    operations = [
        migrations.AddField(
            "caseindex",
            "facets",
            django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
        ),
        migrations.AddField(
            "caseindex",
            "populations",
            django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None),
        ),
        migrations.AddField(
            "caseindex",
            "kinds",
            django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
        ),
        migrations.AddField(
            "caseindex",
            "prefectures",
            django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
        ),
        migrations.AddField("caseindex", "year", models.PositiveSmallIntegerField(null=True)),
        migrations.CreateModel(
            name="IndexedWord",
            fields=[
                ("word", models.TextField(primary_key=True, serialize=False)),
                ("reading", models.TextField()),
                ("is_katakana", models.BooleanField(default=False)),
                ("is_name", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "索引の語",
                "indexes": [
                    models.Index(fields=["reading"], name="indexed_word_reading"),
                    models.Index(
                        condition=models.Q(("is_katakana", True)), fields=["word"], name="indexed_word_katakana"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            CASE_CHANGES + PART_FUNCTIONS + "".join(PART_TRIGGERS.format(table=one) for one in PARTS) + NAMES + GUARD,
            UNDO,
        ),
    ]
