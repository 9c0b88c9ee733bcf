"""Whether a signed-in person may go on: with a membership in force, and an admin with a second factor."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from dxportal.core.accounts.enums import Role

FREE_MARK = "membership_not_required"
SIGN_IN_PREFIXES = ("account_", "mfa_")
# All that somebody who still owes the second factor may reach: setting it up, proving the password, leaving, a mailed
# reset of the password, the session's clock on these pages, and the operators' probes. That a page is open to people who
# are not signed in opens nothing here: such a view reads ``request.user`` and would serve them as who they claim to be.
WITHOUT_SECOND_FACTOR = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_index",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "ui:keep_alive",
        "ui:who",
        "healthz",
        "readyz",
    }
)


def membership_not_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a view as open to a signed-in person without a membership in force."""
    setattr(view, FREE_MARK, True)
    return view


def is_free(request: HttpRequest, view: Callable[..., Any]) -> bool:
    """Whether a person without a membership may go there: pages for everybody, of signing in and out, marked ones."""
    match = request.resolver_match
    name = match.url_name or "" if match and not match.namespaces else ""
    return not getattr(view, "login_required", True) or hasattr(view, FREE_MARK) or name.startswith(SIGN_IN_PREFIXES)


def owes_second_factor(request: HttpRequest) -> bool:
    """Whether the person must set up a second factor before the page that they ask for."""
    user: Any = request.user
    match = request.resolver_match
    if match is not None and match.view_name in WITHOUT_SECOND_FACTOR:
        return False
    return user.acting is not None and not user.acting.has_totp and second_factor_required(user)


def second_factor_required(user: Any) -> bool:
    """Prefecture admins, outside the demo, whichever membership they act under."""
    if not settings.ADMIN_TOTP_REQUIRED:
        return False
    current = getattr(user, "current_memberships", None)
    if current is None:
        current = user.memberships.current()
    return any(membership.role == Role.PREFECTURE_ADMIN for membership in current)
