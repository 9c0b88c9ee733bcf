"""A run is written whole or not at all, so no other state was ever stored. The column stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_names")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "ClassificationRun",
                    "state",
                    models.CharField("状態", max_length=10, choices=[("complete", "算定済")], default="complete"),
                )
            ]
        )
    ]
