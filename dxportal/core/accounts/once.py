"""A form that makes something makes it once, however often it is sent.

For views that say ``once = True``. The claim lies in PostgreSQL, in the transaction of the act itself: whoever comes
second waits for the first and is led to what that one made. See docs/decisions/0013-who-acts-is-in-the-form.md.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from dxportal.core.accounts.models import SentForm
from dxportal.core.ui.frame.form_marks import ONCE

KEPT = dt.timedelta(days=7)
FOUND = 302
TWICE = "この内容は、すでに受け付けています。二重には登録していません。"
# The row of an earlier sending is taken over only where it ended before this one began (%(before)s; never where the form
# has a name of its own). Old rows go along; what others are at is passed over.
CLAIM = """
WITH old AS (
    DELETE FROM accounts_sentform WHERE key IN (
        SELECT key FROM accounts_sentform WHERE at < %(old)s AND key <> %(key)s LIMIT 100 FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO accounts_sentform (key, location, at) VALUES (%(key)s, '', %(now)s)
ON CONFLICT (key) DO UPDATE SET location = '', at = EXCLUDED.at WHERE accounts_sentform.at < %(before)s
RETURNING key
"""


class OnceMiddleware:
    """Stands around the views that make something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        makes = getattr(getattr(view, "view_class", view), "once", False)
        if not makes or request.method != "POST" or not request.user.is_authenticated:
            return None
        return act_once(request, lambda: view(request, *args, **kwargs))


def act_once(request: HttpRequest, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What ``act`` answers; where the same form has made its thing already, the way there."""
    started = timezone.now()
    sent = SentForm(key=key_of(request))
    with transaction.atomic():
        if not claim(sent, None if request.POST.get(ONCE) else started):
            messages.info(request, TWICE)
            return redirect(SentForm.objects.get(pk=sent.pk).location)
        response = act()
        if response.status_code == FOUND:
            sent.location, sent.at = response["Location"], timezone.now()
            sent.save(force_update=True)
        else:  # asked again: nothing was made
            sent.delete()
    return response


def claim(sent: SentForm, before: dt.datetime | None) -> bool:
    """False where a form of this key has made its thing; waits for one that is about to."""
    now = timezone.now()
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"key": sent.key, "now": now, "old": now - KEPT, "before": before or never})
        return cursor.fetchone() is not None


def key_of(request: HttpRequest) -> str:
    """Who sends what where. A form has a name of its own, so that equal content of another page is another thing.

    Without the name (no page of ours), equal content that is sent while the first is still under way is the same thing.
    """
    user: Any = request.user
    typed = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    files = [(name, file.name, file.size) for name, files in request.FILES.lists() for file in files]
    acting = user.acting.pk if user.acting else 0
    content = json.dumps([user.pk, acting, request.get_full_path(), typed, files])
    return hashlib.sha256(content.encode(errors="surrogatepass")).hexdigest()
