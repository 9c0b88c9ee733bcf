"""The index of released topics, and the database's own guard that none is committed released without its row."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# Asked when the transaction ends, so that topic and row may come in either order.
GUARD = """
CREATE FUNCTION consultations_topic_is_indexed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM consultations_topic t WHERE t.id = NEW.id AND t.state = 'released' AND NOT EXISTS (
            SELECT FROM consultations_topicindex i
            WHERE i.topic_id = t.id AND i.digest = md5(t.summary_title || E'\\n' || t.summary)
        )
    ) THEN
        RAISE EXCEPTION 'released topic % has no index row of its summary: call consultations.domain.topics.index.write', NEW.id
            USING ERRCODE = 'integrity_constraint_violation', TABLE = 'consultations_topicindex';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER consultations_topic_is_indexed AFTER INSERT OR UPDATE ON consultations_topic
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'released')
    EXECUTE FUNCTION consultations_topic_is_indexed();
"""
UNDO = """
DROP TRIGGER consultations_topic_is_indexed ON consultations_topic;
DROP FUNCTION consultations_topic_is_indexed;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0007_skipped_months"),
    ]

    operations = [
        migrations.CreateModel(
            name="TopicIndex",
            fields=[
                (
                    "topic",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="index",
                        serialize=False,
                        to="consultations.topic",
                    ),
                ),
                ("key", models.BigIntegerField(unique=True)),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
                (
                    "facets",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                (
                    "populations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                (
                    "prefectures",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("year", models.PositiveSmallIntegerField(null=True)),
                ("digest", models.CharField(max_length=32)),
            ],
            options={
                "verbose_name": "論点の索引",
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["vector"], name="topic_index_vector")],
            },
        ),
        migrations.CreateModel(
            name="TopicWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.TextField()),
                ("reading", models.TextField()),
                ("is_katakana", models.BooleanField(default=False)),
                ("is_name", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "論点の索引の語",
                "indexes": [
                    models.Index(fields=["reading"], name="topic_word_reading"),
                    models.Index(
                        condition=models.Q(("is_katakana", True)), fields=["word"], name="topic_word_katakana"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("word", "is_name"), name="topic_word_once")],
            },
        ),
        migrations.RunSQL(GUARD, UNDO),
    ]
