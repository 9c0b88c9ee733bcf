from django.db import migrations

from dxportal.core.occasions.enums import STANDARD_KINDS


def load(apps, schema_editor):
    """Those that are missing; the room's ``load_kinds`` does the same where a database was emptied."""
    kinds = apps.get_model("occasions", "OccasionKind")._default_manager
    for order, (code, name, book) in enumerate(STANDARD_KINDS, 1):
        kinds.get_or_create(code=code, prefecture=None, defaults={"name": name, "book": book, "order": order})


class Migration(migrations.Migration):
    dependencies = [("occasions", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
