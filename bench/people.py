"""Signed-in sessions without the sign-in page."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.middleware.csrf import _get_new_csrf_string
from django.utils.module_loading import import_string

from dxportal.core.accounts.models import User


def cookies(user: User) -> tuple[str, str]:
    """The Cookie header of a person's session, and its CSRF token."""
    store: SessionBase = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    token = _get_new_csrf_string()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}; {settings.CSRF_COOKIE_NAME}={token}", token
