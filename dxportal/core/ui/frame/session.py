"""The session on the page: its idle limit with a warning before, and pages that nobody else sees after signing out."""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.crypto import salted_hmac

TOUCHED = "touched_at"
TOUCH_EVERY = 300
# Pages that show a secret once; a reset or an invitation has it in its address.
SECRETS = ("mfa_", "account_reset_password_from_key", "accounts:invitation", "occasions:feed_")


def touch(request: HttpRequest, *, now: float) -> None:
    """Starts the idle time again; the session middleware writes it."""
    request.session[TOUCHED] = int(now)


def seconds_left(request: HttpRequest, *, now: float) -> int:
    """Until the end of the session, from its last recorded activity."""
    touched = request.session.get(TOUCHED, now)
    return max(0, round(touched + settings.SESSION_COOKIE_AGE - now))


def touch_at_sign_in(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """The session is written at sign-in anyway: the first page then needs no write of its own."""
    touch(request, now=time.time())


class SlidingSessionMiddleware:
    """Every page and every save counts as activity; a fragment that a page fetches by itself does not.

    The session row is written at most once in five minutes.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        by_hand = request.method == "POST" or "HX-Request" not in request.headers
        if by_hand and request.user.is_authenticated and time.time() - request.session.get(TOUCHED, 0) > TOUCH_EVERY:
            touch(request, now=time.time())
        return self.get_response(request)


def who(request: HttpRequest) -> str:
    """A name for the person and the membership that a page was drawn for, meaningless elsewhere; "" if signed out."""
    user: Any = request.user
    if not user.is_authenticated:
        return ""
    acting = getattr(user, "acting", None)
    return salted_hmac("dxportal.who", f"{user.pk}:{acting.pk if acting else 0}").hexdigest()[:20]


class PrivatePagesMiddleware:
    """No cache keeps a signed-in person's pages for anybody else; secrets are kept by none at all.

    ``no-store`` everywhere would also empty the forms of whoever goes back: what a browser still shows by itself is
    hidden by ``returning.js`` until the portal has said that the same person is still there.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match is not None and match.view_name.startswith(SECRETS):
            add_never_cache_headers(response)
        elif request.user.is_authenticated and "no-store" not in response.get("Cache-Control", ""):
            patch_cache_control(response, private=True, no_cache=True)
        return response
