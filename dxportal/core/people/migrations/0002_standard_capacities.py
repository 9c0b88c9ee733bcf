from django.db import migrations

from dxportal.core.people.enums import STANDARD_CAPACITIES


def load(apps, schema_editor):
    """Those that are missing; the room's ``load_capacities`` does the same where a database was emptied."""
    capacities = apps.get_model("people", "Capacity")._default_manager
    for order, (code, name, has_field) in enumerate(STANDARD_CAPACITIES, 1):
        values = {"name": name, "has_field": has_field, "order": order}
        capacities.get_or_create(code=code, prefecture=None, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
