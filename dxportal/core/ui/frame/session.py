"""The idle limit: a session ends SESSION_COOKIE_AGE seconds after the last activity, with a warning before."""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest

TOUCHED = "touched_at"
TOUCH_EVERY = 300


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
