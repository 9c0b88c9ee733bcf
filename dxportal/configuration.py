"""What settings.py needs beyond reading a variable."""

import os
import socket
from urllib.parse import quote, unquote, urlsplit

import environ
import psutil
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


def origin(address: str) -> str:
    """``DXPORTAL_ORIGIN`` as scheme, host and port, without a final slash; ImproperlyConfigured says what is wrong."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ImproperlyConfigured(
            f"DXPORTAL_ORIGIN must be an address such as https://dx.pref.example.jp, not {address!r}."
        )
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ImproperlyConfigured(
            f"DXPORTAL_ORIGIN holds a path ({address}): the portal cannot live below a path of another site. "
            f"Give it a host name or a port of its own, such as https://dx.{parts.hostname}."
        )
    return f"{parts.scheme}://{parts.netloc}"


def own_hosts(address: str, listening: str) -> list[str]:
    """The names under which this machine is called in the demo: the origin's, the local ones, and where it listens.

    ``listening``: the address that the web server binds; on 0.0.0.0 colleagues come by any of the machine's own.
    """
    names = {urlsplit(address).hostname or "", "localhost", "127.0.0.1", "[::1]", listening}
    if listening == "0.0.0.0":  # noqa: S104 -- compared, not bound
        names |= {socket.gethostname(), socket.gethostname() + ".local"}
        addresses = (item.address for items in psutil.net_if_addrs().values() for item in items)
        names |= {item for item in addresses if item.count(".") == 3}
    return sorted(names - {"", "0.0.0.0"})  # noqa: S104 -- the same


def celery_broker(redis_url: str) -> str:
    """The same Redis in Celery's spelling: a socket is ``redis+socket://`` there and ``unix://`` elsewhere."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    return f"redis+socket://{quote(unquote(parts.path))}"
