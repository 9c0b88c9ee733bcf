"""Names only: tables and columns stay as they are. Content types follow their models, so that what points at them holds."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STEPS = [("computed", "算定"), ("hearing", "ヒアリング調整"), ("proposed", "案"), ("published", "決定・公表")]
RENAMED = (
    ("transition", "responsetransition"),
    ("classificationmove", "classificationtransition"),
    ("scorecard", "storedscorecard"),
)


def rename_content_types(apps, schema_editor, pairs=RENAMED):
    types = apps.get_model("contenttypes", "ContentType").objects.using(schema_editor.connection.alias)
    for old, new in pairs:
        if not types.filter(app_label="assessments", model=new).exists():
            types.filter(app_label="assessments", model=old).update(model=new)


def restore_content_types(apps, schema_editor):
    rename_content_types(apps, schema_editor, [(new, old) for old, new in RENAMED])


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Transition", "ResponseTransition"),
                migrations.AlterModelTable("ResponseTransition", "assessments_transition"),
                migrations.RenameModel("ClassificationMove", "ClassificationTransition"),
                migrations.AlterModelTable("ClassificationTransition", "assessments_classificationmove"),
                migrations.RenameModel("ScoreCard", "StoredScoreCard"),
                migrations.AlterModelTable("StoredScoreCard", "assessments_scorecard"),
                migrations.RenameField("ClassificationTransition", "from_step", "from_state"),
                migrations.RenameField("ClassificationTransition", "to_step", "to_state"),
                *(
                    migrations.AlterField(
                        "ClassificationTransition",
                        name,
                        models.CharField(label, max_length=10, choices=STEPS, db_column=column),
                    )
                    for name, label, column in (
                        ("from_state", "前の段階", "from_step"),
                        ("to_state", "後の段階", "to_step"),
                    )
                ),
                migrations.AlterField(
                    "ClassificationTransition",
                    "by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        django.db.models.deletion.SET_NULL,
                        null=True,
                        related_name="+",
                        verbose_name="行った人",
                    ),
                ),
                migrations.AlterField(
                    "ClassificationTransition",
                    "classification",
                    models.ForeignKey(
                        "assessments.classification", django.db.models.deletion.CASCADE, related_name="transitions"
                    ),
                ),
            ]
        ),
        migrations.RunPython(rename_content_types, restore_content_types),
    ]
