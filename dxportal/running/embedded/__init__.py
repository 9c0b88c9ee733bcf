"""PostgreSQL and Valkey from wheels: the servers when no ``DATABASE_URL`` / ``REDIS_URL`` is set.

Asking where they are (``database``, ``redis_url``) starts nothing; ``ensure`` starts them, shared with every other
process of this data folder, and they stop with the last of these processes.
"""

from dxportal.running.embedded.errors import EmbeddedError
from dxportal.running.embedded.places import home
from dxportal.running.embedded.service import database, ensure, needed, redis_url, release, running

__all__ = ("EmbeddedError", "database", "ensure", "home", "needed", "redis_url", "release", "running")
