"""What settings.py needs beyond reading a variable."""

import os
from urllib.parse import quote, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

REQUIRED = {
    "SECRET_KEY": "a secret of 50 or more random characters",
    "DATABASE_URL": "postgres://user:password@host:5432/name",
    "REDIS_URL": "redis://:password@host:6379/0",
    "ALLOWED_HOSTS": "the host names of the portal, separated by commas",
    "DXPORTAL_ORIGIN": "the address that people use, such as https://dx.pref.example.jp",
    "EMAIL_URL": "smtp+tls://user:password@host:587",
}


class Secrets(FileAwareMapping):
    """The environment, where ``NAME_FILE`` names a file with the value of ``NAME``; its last line break is no part."""

    def __getitem__(self, key: str) -> str:
        try:
            return super().__getitem__(key).rstrip("\r\n")
        except OSError as error:
            raise ImproperlyConfigured(f"{key}_FILE names a file that cannot be read: {error.strerror}.") from error


class Environment(environ.Env):
    ENVIRON = Secrets()


def missing_settings() -> str:
    """One message that names every setting that production needs and does not have; empty when all are there."""
    missing = [name for name in REQUIRED if not (os.environ.get(name) or os.environ.get(f"{name}_FILE"))]
    if not missing:
        return ""
    lines = [f"  {name}: {REQUIRED[name]}" for name in missing]
    return "\n".join(
        [
            "The portal does not start in production without these settings (each also as NAME_FILE):",
            *lines,
            "See docs/configuration.md. To try the portal on this machine: make demo (it sets DXPORTAL_ENV=demo).",
        ]
    )


def celery_broker(redis_url: str) -> str:
    """The same Redis in Celery's spelling: a socket is ``redis+socket://`` there and ``unix://`` elsewhere."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    return f"redis+socket://{quote(unquote(parts.path))}"
