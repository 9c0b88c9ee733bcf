"""The feed for calendar programs: its addresses, and what stands behind one."""

from typing import Any

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from dxportal.core.links import absolute
from dxportal.core.occasions.domain import feeds
from dxportal.core.occasions.domain.ical import calendar_text
from dxportal.core.occasions.forms.small import FeedForm
from dxportal.core.occasions.models import CalendarFeed
from dxportal.core.occasions.views.base import TOP
from dxportal.core.ui.pages import ActPage, Crumbs, ListPage, ScopedObject, crumbs

HEADING = "カレンダーの配信"
# By network address and only for wrong secrets: a whole prefecture may read its own from one address.
WRONG = {"calendar_feed": "60/m/ip"}


class FeedList(ListPage):
    model = CalendarFeed
    scope = "for_user"
    heading = HEADING
    template_name = "occasions/feeds/list.html"

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, HEADING)


class FeedAct(ActPage):
    def get_success_url(self) -> str:
        return reverse("occasions:feed_list")

    def crumbs(self) -> Crumbs:
        return crumbs(TOP, (HEADING, "occasions:feed_list"), self.heading)

    def show(self, feed: CalendarFeed, secret: str) -> HttpResponseBase:
        """The only page that ever shows the address: it is kept nowhere, so nothing can show it again."""
        address = absolute(reverse("occasions:feed", args=[secret]))
        context = {"heading": HEADING, "crumbs": self.crumbs(), "feed": feed, "address": address}
        return render(self.request, "occasions/feeds/address.html", context)


class FeedMake(FeedAct):
    heading = "配信の登録"
    button = "アドレスを作る"
    form_class = FeedForm

    def get_initial(self) -> dict[str, Any]:
        return {"scope": "all"}

    def act(self, form: FeedForm) -> HttpResponseBase:
        return self.show(*feeds.make(form.cleaned_data["scope"], user=self.user))


class FeedRenew(ScopedObject, FeedAct):
    model = CalendarFeed
    scope = "editable_by"
    name = "feed"
    heading = "アドレスを替える"
    button = "アドレスを替える"
    danger = True
    template_name = "occasions/feeds/renew.html"

    def act(self, form: None) -> HttpResponseBase:
        return self.show(*feeds.renew(self.object.pk, user=self.user))


class FeedEnd(ScopedObject, FeedAct):
    model = CalendarFeed
    scope = "editable_by"
    name = "feed"
    heading = "配信をやめる"
    button = "配信をやめる"
    danger = True
    template_name = "occasions/feeds/end.html"

    def act(self, form: None) -> str:
        feeds.end(self.object.pk, user=self.user)
        return "配信をやめました。これまでのアドレスからは何も読めません。"


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What the membership behind the secret may read now. A wrong one, an ended one and one of nobody are the same."""
    source = feeds.find(token)
    if source is None:
        if not ratelimit.consume(request, app="occasions", action="calendar_feed", config=WRONG, limit_get=True):
            return ratelimit.handler429(request)
        raise Http404
    events = feeds.events_of(source)
    etag = feeds.etag_of(events)
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        text = calendar_text(f"{HEADING}（{source.membership.organization}）", events)
        response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response["ETag"] = etag
    # Kept by the program itself and asked for again each time; by nothing between.
    patch_cache_control(response, private=True, no_cache=True)
    return response
