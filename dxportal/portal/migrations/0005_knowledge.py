"""Cases and released topics as one table to search: views, which store nothing."""

import django.contrib.postgres.fields
import django.contrib.postgres.search
from django.db import migrations, models

# Columns as they are stored, so that the database looks words up in the index of either table.
VIEWS = """
CREATE VIEW portal_knowledge AS
    SELECT case_id AS key, vector, facets || '{sources:case}'::text[] AS facets, populations, kinds, prefectures, year
        FROM casestudies_caseindex
    UNION ALL
    SELECT key, vector, facets || '{sources:topic}'::text[], populations, kinds, prefectures, year
        FROM consultations_topicindex;
CREATE VIEW portal_knowledge_word AS
    SELECT word, reading, is_katakana, is_name FROM casestudies_indexedword
    UNION ALL
    SELECT word, reading, is_katakana, is_name FROM consultations_topicword;
"""
UNDO = "DROP VIEW portal_knowledge; DROP VIEW portal_knowledge_word;"


class Migration(migrations.Migration):
    dependencies = [
        ("casestudies", "0007_population_bands"),
        ("consultations", "0008_topic_index"),
        ("portal", "0004_brief"),
    ]

    operations = [
        migrations.CreateModel(
            name="Knowledge",
            fields=[
                ("key", models.BigIntegerField(primary_key=True, serialize=False)),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
                ("facets", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("populations", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("kinds", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("prefectures", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("year", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "verbose_name": "知見",
                "db_table": "portal_knowledge",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="KnowledgeWord",
            fields=[
                ("word", models.TextField(primary_key=True, serialize=False)),
                ("reading", models.TextField()),
                ("is_katakana", models.BooleanField()),
                ("is_name", models.BooleanField()),
            ],
            options={
                "verbose_name": "知見の語",
                "db_table": "portal_knowledge_word",
                "managed": False,
            },
        ),
        migrations.RunSQL(VIEWS, UNDO),
    ]
