"""Browsers in which a person has signed in before: failures elsewhere, by whoever knows the address, don't lock them out.

A signed cookie of half a year holds for each person who signed in there (the last few) a mark of the address and a
number of the browser. It opens nothing: failures in a known browser are counted for it alone, by the same limit.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "dxportal_device"
SALT = "dxportal.device"
LASTS = 180 * 24 * 60 * 60  # seconds
PEOPLE = 5


def known_browser(request: HttpRequest, email: str) -> str:
    """The browser's number if the person of this address has signed in in it, else ""."""
    return _read(request).get(_mark(email), "")


def remember_browser(request: HttpRequest, response: HttpResponse, user: Any) -> None:
    """After a whole sign-in, second factor included, or with the mailed link of a new password. A number that the browser
    has stays: so do its failures."""
    people = _read(request)
    number = people.pop(_mark(user.email), "") or secrets.token_urlsafe(12)
    kept = dict(list(people.items())[-(PEOPLE - 1) :]) | {_mark(user.email): number}
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=SALT),
        max_age=LASTS,
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )


def _read(request: HttpRequest) -> dict[str, str]:
    try:
        people = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return {}
    return people if isinstance(people, dict) else {}


def _mark(email: str) -> str:
    return salted_hmac(SALT, email.casefold(), algorithm="sha256").hexdigest()[:24]
