"""What is sent twice is done once: a double click, a second tab, a form sent again.

Every POST is asked, whatever its view, but for ``ITSELF`` and what ``counts_itself``. Of equal ones that are sent at once the second waits and is led
to where the first led. Views that say ``once = True`` make something: the form's name counts there for a week, and its
claim lies in the transaction of the act itself. See docs/decisions/0013-who-acts-is-in-the-form.md.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.contrib import messages
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import salted_hmac

from dxportal.core.accounts.models import SentForm
from dxportal.core.ui.frame.form_marks import ONCE

KEPT = dt.timedelta(days=7)
# How long after the first is done another click on the same button of the same page counts as the same act. Longer, it
# may be meant: kept, dropped, and kept again from a page that the browser had still open.
DOUBLE_CLICK = dt.timedelta(seconds=10)
FOUND = 302
TWICE = "この内容は、すでに受け付けています。二重には登録していません。"
# What is sent as often as it is meant: signing in and out and proving who one is (each session by itself), the switch,
# the session's clock. A view with a rule of its own (autosave, whose revision tells a second sending) says so by
# ``counts_itself``.
ITSELF = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "accounts:demo_sign_in",
        "accounts:switch",
        "ui:keep_alive",
    }
)
# The row of an earlier sending is taken over only where it ended before this one began (%(before)s; never where the form
# has a name of its own). Old rows go along; what others are at is passed over.
CLAIM = """
WITH old AS (
    DELETE FROM accounts_sentform WHERE key IN (
        SELECT key FROM accounts_sentform WHERE at < %(old)s AND key <> %(key)s LIMIT 100 FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO accounts_sentform (key, location, at) VALUES (%(key)s, %(location)s, %(now)s)
ON CONFLICT (key) DO UPDATE SET location = EXCLUDED.location, at = EXCLUDED.at WHERE accounts_sentform.at < %(before)s
RETURNING key
"""


COUNTS = "counts_itself"


def counts_itself(view: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a view that tells a second sending by itself."""
    setattr(view, COUNTS, True)
    return view


class OnceMiddleware:
    """Stands around all views that change something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        match = request.resolver_match
        if request.method != "POST" or getattr(view, COUNTS, False) or (match and match.view_name in ITSELF):
            return None
        makes = getattr(getattr(view, "view_class", view), "once", False) and request.user.is_authenticated
        return (act_once if makes else act_in_turn)(request, lambda: view(request, *args, **kwargs))


def act_once(request: HttpRequest, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What ``act`` answers; where the same form has made its thing already, the way there."""
    sent = SentForm(key=key_of(request))
    with transaction.atomic():
        if not claim(sent, None if request.POST.get(ONCE) else arrival(request)):
            return lead_on(request, SentForm.objects.get(pk=sent.pk))
        response = act()
        if is_done(request, response):
            sent.location, sent.at = response["Location"], timezone.now()
            sent.save(force_update=True)
        else:  # asked again: nothing was made
            sent.delete()
    return response


def act_in_turn(request: HttpRequest, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What ``act`` answers, in transactions of its own; for whoever waited meanwhile with the same, where it led."""
    since = arrival(request) - (DOUBLE_CLICK if request.POST.get(ONCE) else dt.timedelta())
    sent = SentForm(key=key_of(request))
    with turn(sent.key):
        earlier = SentForm.objects.filter(pk=sent.pk, at__gte=since).first()
        if earlier is not None:
            return lead_on(request, earlier)
        response = act()
        if is_done(request, response):
            sent.location = response["Location"]
            claim(sent, dt.datetime.max.replace(tzinfo=dt.UTC))
    return response


def arrival(request: HttpRequest) -> dt.datetime:
    """When it reached the portal: of two that came at once the second may get this far when the first is done."""
    return getattr(request, "arrived", None) or timezone.now()


@contextmanager
def turn(key: str) -> Iterator[None]:
    """One after another. Not a row's lock: an act whose mail goes out after its commit must be free to commit."""
    number = int(key[:15], 16)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [number])
    try:
        yield
    finally:
        # A connection that broke has let go of the lock with its session.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def lead_on(request: HttpRequest, sent: SentForm) -> HttpResponse:
    messages.info(request, TWICE)
    return redirect(sent.location)


def is_done(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Led on, and not with a refusal."""
    queued = getattr(messages.get_messages(request), "_queued_messages", ())
    return response.status_code == FOUND and not any(message.level >= messages.ERROR for message in queued)


def claim(sent: SentForm, before: dt.datetime | None) -> bool:
    """False where a form of this key has made its thing; waits for one that is about to."""
    now = timezone.now()
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "key": sent.key,
            "location": sent.location,
            "now": now,
            "old": now - KEPT,
            "before": before or never,
        }
        cursor.execute(CLAIM, values)
        return cursor.fetchone() is not None


def key_of(request: HttpRequest) -> str:
    """Who sends what where. A form has a name of its own, so that equal content of another page is another thing.

    Without the name (no page of ours), equal content that is sent while the first is still under way is the same thing.
    """
    acting = getattr(request.user, "acting", None)
    typed = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    files = [(name, file.name, digest_of(file)) for name, files in request.FILES.lists() for file in files]
    who = [request.user.pk, acting.pk if acting else 0]
    content = json.dumps([*who, request.get_full_path(), typed, files])
    # Keyed: a password may be among what was typed, and a plain digest of it could be tried out.
    return salted_hmac("once", content.encode(errors="surrogatepass"), algorithm="sha256").hexdigest()


def digest_of(file: Any) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
