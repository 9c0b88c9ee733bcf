"""Whether a signed-in person may go on: with a membership in force, and an admin with a second factor."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from dxportal.core.accounts.enums import Role

FREE_MARK = "membership_not_required"
SIGN_IN_PREFIXES = ("account_", "mfa_")


def membership_not_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a view as open to a signed-in person without a membership in force or a second factor."""
    setattr(view, FREE_MARK, True)
    return view


def is_free(request: HttpRequest, view: Callable[..., Any]) -> bool:
    """Pages for everybody, those of signing in and out, and the marked ones."""
    match = request.resolver_match
    name = match.url_name or "" if match and not match.namespaces else ""
    return not getattr(view, "login_required", True) or hasattr(view, FREE_MARK) or name.startswith(SIGN_IN_PREFIXES)


def second_factor_required(user: Any) -> bool:
    """Prefecture admins, outside the demo, whichever membership they act under."""
    if not settings.ADMIN_TOTP_REQUIRED:
        return False
    current = getattr(user, "current_memberships", None)
    if current is None:
        current = user.memberships.current()
    return any(membership.role == Role.PREFECTURE_ADMIN for membership in current)
