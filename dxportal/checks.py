"""Checks of our own: what production must not start with. ``wsgi`` and the Celery worker run them at their start."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register, run_checks
from django.core.exceptions import ImproperlyConfigured

TAG = "dxportal"
SECRET_LENGTH = 50
UNSAFE_MAIL = ("console", "dummy", "locmem", "filebased")


@register(TAG)
def check_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Nothing to say outside production."""
    return list(production_faults()) if settings.PRODUCTION else []


def production_faults() -> Iterator[CheckMessage]:
    """Every setting that production must not start with."""
    if settings.DEBUG:
        yield Error("DEBUG is on.", hint="Remove DEBUG: its error pages show settings.", id="dxportal.E001")
    secret = settings.SECRET_KEY
    well_known = secret.startswith(("insecure", "django-insecure"))
    if len(secret) < SECRET_LENGTH or len(set(secret)) < 10 or well_known:
        yield Error(
            "SECRET_KEY is short or well known.",
            hint=f"Make one of {SECRET_LENGTH} or more random characters: openssl rand -base64 48",
            id="dxportal.E002",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield Error("ALLOWED_HOSTS allows any host.", hint="Name the portal's host names.", id="dxportal.E003")
    if not settings.ORIGIN.startswith("https://"):
        yield Error(
            "DXPORTAL_ORIGIN is not an https address.",
            hint="Session cookies must not travel in the clear: give the https address that people use.",
            id="dxportal.E004",
        )
    if any(name in settings.EMAIL_BACKEND for name in UNSAFE_MAIL):
        yield Error(
            "EMAIL_URL does not send mail.",
            hint="Invitations and password resets would be lost: smtp+tls://user:password@host:587",
            id="dxportal.E005",
        )
    if settings.SECURE_SSL_REDIRECT and not settings.SECURE_PROXY_SSL_HEADER:
        yield Error(
            "TRUSTED_PROXIES is 0, so no request ever counts as HTTPS.",
            hint="Every page would redirect to itself: say how many proxies stand before the web server.",
            id="dxportal.E006",
        )


def refuse_unsafe_start() -> None:
    """Raises ImproperlyConfigured with every error and its hint; for entry points that are no management command."""
    errors = [each for each in run_checks(tags=[TAG]) if each.is_serious()]
    if errors:
        lines = [f"  {each.id}: {each.msg} {each.hint}" for each in errors]
        raise ImproperlyConfigured("\n".join(["The portal does not start with these settings:", *lines]))
