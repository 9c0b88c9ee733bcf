import importlib

from django.db import migrations

load = importlib.import_module("dxportal.core.occasions.migrations.0002_standard_kinds").load


class Migration(migrations.Migration):
    """合同研修会 and 合同視察 for installations that had the standard kinds before."""

    dependencies = [("occasions", "0003_supporters")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
