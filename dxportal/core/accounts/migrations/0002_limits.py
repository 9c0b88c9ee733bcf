from django.db import migrations

CREATE = """
CREATE TABLE IF NOT EXISTS dxportal_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX IF NOT EXISTS dxportal_cache_expires ON dxportal_cache (expires);
"""


class Migration(migrations.Migration):
    """The table of the default cache, as ``createcachetable`` makes it: limits on sign-in must outlive Redis."""

    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE dxportal_cache")]
