import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A log is read after the account is gone: from now on with the name, earlier moves get that of the account.
NAMES = """
UPDATE casestudies_casetransition t SET by_name = u.name FROM accounts_user u WHERE u.id = t.by_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("casestudies", "0004_search_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="casetransition",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="行った人",
            ),
        ),
        migrations.AddField(
            model_name="casetransition",
            name="by_name",
            field=models.CharField(default="", max_length=100, verbose_name="氏名"),
        ),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
    ]
